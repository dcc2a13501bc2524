"""The demo's stories: which event files go in, in which order, and what each is there to show."""

from dataclasses import dataclass

FAILING_ENDPOINT = "west-police"
"""The agency whose first webhook the local receiver answers with 503."""
TRAIL_OF = "NS-26-2GT9WE"
"""The referral whose trail is told at the end: the one with the endpoint that fails once."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story. Files of a step go in together; the next step waits until they are taken in."""

    title: str
    steps: tuple[tuple[str, ...], ...]
    shows: str
    in_full: bool = False
    """Whether the messages and the rows themselves are printed too."""


SCENARIOS = (
    Scenario(
        "The letter's own case: police refer a neglected child; social care and police enquire together",
        (("heartbeat.feed-ok.json", "form.neglect-complete.json"), ("decision.neglect-joint.json",)),
        "Police are told by webhook, probation by e-mail; both read what the check of the form found.",
        in_full=True,
    ),
    Scenario(
        "A probation referral; the police form came, but not every question is answered",
        (("form.neglect-unanswered.json",), ("decision.probation-incorrect-form.json",)),
        "The form is not correct, and the police read what is wrong with it. Everybody is told all the same.",
    ),
    Scenario(
        "A health visitor's referral; the police sent no form",
        (("decision.health-no-form.json",),),
        "The message goes and says so. The school's mailbox is not a secure one, so it is asked to call.",
    ),
    Scenario(
        "Two siblings, two outcomes; the police form is about one of them only",
        (("form.one-sibling.json",), ("decision.sibling-one.json", "decision.sibling-two.json")),
        "Both outcomes are told. A form about one child does not complete the other's.",
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
        "What is not sent, and why",
        (
            ("decision.emergency-held.json", "decision.public-referrer.json", "decision.newer-version.json"),
            ("decision.older-version.json",),
        ),
        "Emergency protection waits for a person; a member of the public gets a staff call; a decision that "
        "a newer one has replaced is only written down.",
    ),
    Scenario(
        "The police say that their feed is failing",
        (("heartbeat.feed-failing.json",), ("decision.feed-failing.json",)),
        "Nobody can say if there is a form. The message goes at once and says so.",
    ),
)
