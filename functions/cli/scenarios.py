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
        "The letter's own case: a police neglect referral, a joint section 47 enquiry",
        (("heartbeat.feed-ok.json", "form.neglect-complete.json"), ("decision.neglect-joint.json",)),
        "Police are told by webhook, probation by e-mail; both carry the police check.",
        in_full=True,
    ),
    Scenario(
        "A probation referral; the police form came, but parts of it are not answered",
        (("form.neglect-unanswered.json",), ("decision.probation-incorrect-form.json",)),
        "INCORRECT, with the rules that are not met. It is told at once all the same.",
    ),
    Scenario(
        "A health referral without any police form",
        (("decision.health-no-form.json",),),
        "The police feed works, but sent no form: ABSENT. The school's mailbox is not managed: notice only.",
    ),
    Scenario(
        "Two siblings, two outcomes, the same version number; the police form lists only one of them",
        (("form.one-sibling.json",), ("decision.sibling-one.json", "decision.sibling-two.json")),
        "Both outcomes are told. A form about one child does not complete the other.",
    ),
    Scenario(
        "The same event comes again",
        (("decision.neglect-joint.json",),),
        "It is recorded as a duplicate; nobody is told twice.",
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
        "Each is refused with the field at fault, its raw bytes kept for the operator; nothing is sent.",
    ),
    Scenario(
        "A police system that fails once",
        (("decision.endpoint-fails-once.json",),),
        "The first try is answered 503; the due index brings it back, with the same id and the same bytes.",
    ),
    Scenario(
        "What is not sent, and why",
        (
            ("decision.emergency-held.json", "decision.public-referrer.json", "decision.newer-version.json"),
            ("decision.older-version.json",),
        ),
        "Emergency protection waits for a person; a member of the public is called by staff; an older "
        "decision that comes late is recorded only.",
    ),
    Scenario(
        "The police feed reports that it is failing",
        (("heartbeat.feed-failing.json",), ("decision.feed-failing.json",)),
        "Nobody can say whether there is a form: UNKNOWN, and told at once all the same.",
    ),
)
