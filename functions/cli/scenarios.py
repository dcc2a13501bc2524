"""The demo's stories: which event files go in, in which order, and what each is there to show."""

from dataclasses import dataclass

from schemas.codes import ActReason, ReaderRole, ReleaseReason, TaskKind

FAILING_ENDPOINT, SILENT_ENDPOINT = "west-police", "northshire-hospital"
FAILURES = {FAILING_ENDPOINT: 1, SILENT_ENDPOINT: 4}
"""Whose system answers its first so many webhooks with 503: once, and for so long that
an e-mail takes the webhook's place."""
BAD_DAYS = tuple(f"{agency}=fails:{times}" for agency, times in FAILURES.items())
TRAIL_OF = "NS-26-2HW7LC"
"""The referral whose trail is told at the end: the one that is followed from its arrival to its plan."""
CHANGED = "NS-26-3HC6ZA"
"""The referral that was decided, told, changed and told again."""
EMERGENCY, STAFF_LINK, ALLEGATION = "NS-26-6NY3KF", "NS-26-6WB3KJ", "NS-26-9CD8HT"
"""The referrals that a manager releases."""

CAME_BACK = "NS-26-3FW9TK"
"""The referral whose e-mail comes back."""


@dataclass(frozen=True, slots=True)
class Release:
    """A manager ends a hold in the middle of a story."""

    ref: str
    reason: ReleaseReason
    agency: str | None = None
    allegation: bool = False

    @property
    def words(self) -> str:
        """As the command line would be asked to."""
        what = " --allegation" if self.allegation else f" --agency {self.agency}" if self.agency else ""
        return f"mash release {self.ref}{what} --reason {self.reason}"


@dataclass(frozen=True, slots=True)
class Bounce:
    """An e-mail that has left comes back: a receipt in the mail service's own shape."""

    ref: str
    agency: str

    @property
    def words(self) -> str:
        return "simulated receipt: the emulator's mail service gives none"


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody has rung the agency that no message has reached."""

    ref: str
    agency: str
    task: TaskKind = TaskKind.CALL_UNTOLD
    reason: ActReason = ActReason.TOLD_BY_PHONE

    @property
    def words(self) -> str:
        return f"mash done {self.ref} --task {self.task} --agency {self.agency} --reason {self.reason}"


@dataclass(frozen=True, slots=True)
class Confirm:
    """A reader opens the link in the newest e-mail to their agency, and says that they have read it."""

    ref: str
    agency: str
    role: ReaderRole

    @property
    def words(self) -> str:
        return f"{self.agency} opens the link in its e-mail about {self.ref}"


Act = Release | Bounce | Call | Confirm
Step = tuple[str, ...] | Act
"""Files that go in together, or what somebody does; the next step waits until this one has been taken in."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story."""

    title: str
    steps: tuple[Step, ...]
    shows: str
    in_full: bool = False
    """Whether the messages and the rows themselves are printed too."""


SCENARIOS = (
    Scenario(
        "The letter's own case: police refer a neglected child; social care and police enquire together",
        (("form.neglect-complete.json",), ("decision.neglect-joint.json",)),
        "Police are told by webhook, probation by e-mail; both read what the check of the form found.",
        in_full=True,
    ),
    Scenario(
        "The police system has not been heard of yet, and there is no form",
        (("decision.feed-silent.json",),),
        "Nobody can say if there is a form. The message goes at once and says so.",
    ),
    Scenario(
        "The feed is heard; a probation referral under an old name, and its form is not fully answered",
        (
            ("heartbeat.feed-ok.json", "form.neglect-unanswered.json"),
            ("decision.probation-incorrect-form.json",),
        ),
        "NPS routes once, to the Probation Service. The police read what is wrong with the form.",
    ),
    Scenario(
        "A health visitor's referral; the police sent no form",
        (("decision.health-no-form.json",),),
        "The message goes and says so. The school's mailbox is not a secure one, so it is asked to call.",
    ),
    Scenario(
        "A referral from its arrival to a changed decision",
        (
            ("referral.received.json",),
            ("decision.early-help-first.json",),
            ("decision.changed-to-enquiry.json",),
        ),
        "Early help first, then a section 47 enquiry. Whoever was told the first is told the second, the "
        "school too, which the second does not name.",
    ),
    Scenario(
        "Read, and confirmed",
        (Confirm(CHANGED, "north-health-visiting", ReaderRole.DUTY_WORKER),),
        "Mail filters open links too, so opening one confirms nothing: whoever has read the message says so "
        "with a button. Where nobody does, a person calls.",
    ),
    Scenario(
        "Two siblings, two outcomes; the police form is about one of them only",
        (("form.one-sibling.json",), ("decision.sibling-one.json", "decision.sibling-two.json")),
        "Both outcomes are told. A form about one child does not complete the other's.",
    ),
    Scenario(
        "Police and a school refer the same child",
        (("decision.two-referrers.json",), ("decision.duplicate.json",)),
        "The school's referral is a duplicate: it is told the outcome of the other, under its own reference.",
    ),
    Scenario(
        "A child who is not born yet",
        (("decision.unborn.json",),),
        "Midwifery is told without being named. Only health visiting and midwifery may read the due date.",
    ),
    Scenario(
        "A dentist's referral that goes no further",
        (("decision.dentist.json",),),
        "Not a finding of no concern; suggested support with its telephone numbers, and thanks.",
    ),
    Scenario(
        "Passed to another council; a plan that comes from there; a child accommodated",
        (
            ("decision.transfer.json", "decision.transfer-in.json", "decision.accommodated.json"),
            ("transfer.accepted.json",),
        ),
        "The receiving council by name, never a placement; the school's mailbox gets a notice only. Once the "
        "other council has taken the child on, everybody who was told of the transfer hears that too.",
    ),
    Scenario(
        "One agency leads; the form is not needed, by the agreed policy",
        (("decision.one-agency-leads.json",),),
        "Adult mental health leads and reads what to watch for; the housing association is asked to call.",
    ),
    Scenario(
        "An agency that reads outcomes in the hub's own case system; more information is needed",
        (("decision.read-in-system.json", "decision.more-information.json"),),
        "Nothing is sent twice to those who can see it; the ambulance service and probation are asked.",
    ),
    Scenario(
        "The same decision comes again",
        (("decision.neglect-joint.json",),),
        "It is written down as a duplicate; nobody is told twice.",
    ),
    Scenario(
        "Events that cannot be right",
        (
            (
                "malformed.unknown-code.json",
                "malformed.naive-time.json",
                "malformed.unknown-field.json",
                "malformed.unknown-agency.json",
                "malformed.wrong-version.json",
                "malformed.not-handled.json",
                "malformed.not-json.json",
            ),
        ),
        "Each is refused with the field at fault and what to do; it is kept for the operator and not sent.",
    ),
    Scenario(
        "A police system that does not take the message the first time",
        (("decision.endpoint-fails-once.json",),),
        "The same message goes again until it is taken. Its number stays the same, so it counts once.",
    ),
    Scenario(
        "A hospital system that does not answer for too long",
        (("decision.endpoint-fails-for-long.json",),),
        "An e-mail to the mailbox agreed for such a day takes the webhook's place. The webhook goes on being "
        "tried, and arrives later.",
    ),
    Scenario(
        "An e-mail that comes back",
        (
            ("decision.email-comes-back.json",),
            Bounce(CAME_BACK, "northshire-fire"),
            Call(CAME_BACK, "northshire-fire"),
        ),
        "Nothing more goes to that address: somebody rings the agency now, and somebody else finds the right "
        "address.",
    ),
    Scenario(
        "Held for a person, and released",
        (
            (
                "decision.emergency-held.json",
                "decision.staff-link.json",
                "decision.allegation-beside.json",
            ),
            Release(EMERGENCY, ReleaseReason.TOLD_BY_PHONE_FIRST),
            Release(STAFF_LINK, ReleaseReason.SAFE_TO_TELL, agency="oakfield-school"),
            Release(ALLEGATION, ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER, allegation=True),
        ),
        "The whole child, one recipient, an allegation beside an enquiry: each waits for a manager. The "
        "school where staff are linked is told through its safeguarding lead alone.",
    ),
    Scenario(
        "What is not sent, and why",
        (
            ("decision.public-referrer.json", "decision.newer-version.json"),
            ("decision.older-version.json",),
        ),
        "A member of the public gets a staff call; a decision that a newer one has replaced is only written "
        "down.",
    ),
    Scenario(
        "The whole life of one referral, in one day: from its arrival to its plan",
        (
            ("referral.one-child.json",),
            ("acknowledged.one-child.json",),
            ("form.one-child-unanswered.json",),
            ("decision.one-child.json",),
            ("challenge.raised.json",),
            ("challenge.upheld.json",),
            ("decision.revised-one-child.json",),
            ("form.one-child-complete.json",),
            ("enquiry.ended.json",),
            ("conference.held.json",),
            ("plan.first.json",),
            ("police-case.ended.json",),
            ("plan.changed.json",),
        ),
        "The police are reminded of the form, partners are asked before the decision, the police disagree "
        "with it and are heard, the form is completed, their case ends, the plan changes: each time those "
        "who may know are told, and nobody else.",
    ),
    Scenario(
        "Held, and nobody has acted yet; the police say that their feed is failing",
        (("heartbeat.feed-failing.json",), ("decision.feed-failing.json", "decision.still-held.json")),
        "The one outcome goes at once, marked not known. The other waits, with a clock.",
    ),
)
