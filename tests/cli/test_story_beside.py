"""What happens beside the decisions, in plain words: each event, who is told of it, and messages about it."""

from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.delivery import message_id
from functions.domain.wording.updates.names import SUBJECTS, numbered
from functions.story import vocabulary
from functions.story.happened import HAPPENED
from functions.story.tasks import task_words
from functions.story.telling import NOT_OURS, sentence
from schemas import codes
from schemas.codes import AuditKind, EventType, Series, TaskKind
from tests.cli.rows_beside import AT, OWN_FIELDS, an_update, beside
from tests.cli.test_story import ROWS

ON = "27 November 2026 at 10:20am"
OF_THEIR_OWN_KIND = {
    "REFERRAL_RECEIVED",
    "DECIDED",
    "DECISION_REVISED",
    "RA_FORM_METADATA",
    "RA_FEED_HEARTBEAT",
}
"""Events whose rows have said what they are since the first release."""

SAID: dict[str, tuple[str, str]] = {
    "ACKNOWLEDGED": (
        f"The MASH acknowledged this referral on {ON}. Nobody is asked what they know.",
        (
            f"The MASH acknowledged this referral on {ON}, red. Asked what they know, by 27 November 2026 at "
            "12:00pm: north-probation about child 1, hill-school about child 2. Nobody hears or is asked "
            "about child 3, decided already. Nobody is asked about child 4, decided already; whoever "
            "referred hears this all the same, as the outcome is held."
        ),
    ),
    "MILESTONE_ASSESSMENT_COMPLETE": (
        f"The assessment of child 1 ended on {ON}. It led to: child in need plan (CIN_PLAN).",
        f"The assessment of child 1 ended on {ON}. It led to: child in need plan (CIN_PLAN).",
    ),
    "MILESTONE_S47_OUTCOME": (
        (
            f"The section 47 enquiry about child 1 ended on {ON}. It led to: a child protection conference "
            "(ICPC)."
        ),
        (
            f"The section 47 enquiry about child 1 ended on {ON}. It led to: a child protection conference "
            "(ICPC)."
        ),
    ),
    "MILESTONE_ICPC_OUTCOME": (
        (
            f"The child protection conference about child 1 was held on {ON}. It led to: child protection "
            "plan (CP_PLAN)."
        ),
        (
            f"The child protection conference about child 1 was held on {ON}. It led to: child protection "
            "plan (CP_PLAN)."
        ),
    ),
    "PLAN_STATUS_CHANGED": (
        f"The plan of child 1 since {ON}: child protection plan (CP_PLAN).",
        (
            f"The plan of child 1 since {ON}: child protection plan (CP_PLAN). It is led by the lead child "
            "protection practitioner, team ASSESSMENT_2. Part in it: north-police, hill-school."
        ),
    ),
    "CASE_CLOSED": (
        f"The case of child 1 was closed on {ON}.",
        f"The case of child 1 was closed on {ON}.",
    ),
    "POLICE_INVESTIGATION_STATUS_CHANGED": (
        (
            f"The police investigation that child 1 is part of, since {ON}: it has ended, with a charge "
            "(CLOSED_CHARGED)."
        ),
        (
            f"The police investigation that child 1 is part of, since {ON}: it has ended, with a charge "
            "(CLOSED_CHARGED), occurrence 43261124/0917."
        ),
    ),
    "RA_STATUS_CHANGED": (
        "The police say that their form for child 1 was done; its check alone says its status.",
        f"The police say that their form for child 1 was done on {ON}; its check alone says its status.",
    ),
    "TRANSFER_ACCEPTED": (
        f"SOUTHSHIRE took over child 1 on {ON}.",
        f"SOUTHSHIRE took over child 1 on {ON}.",
    ),
    "CHALLENGE_RAISED": (
        f"harbour-dental disagreed with the decision for child 1 on {ON} (challenge CH-2026-0107).",
        f"harbour-dental disagreed with the decision for child 1 on {ON} (challenge CH-2026-0107).",
    ),
    **{
        f"CHALLENGE_STAGE_{stage}": (
            f"Challenge CH-2026-0107 about child 1 reached stage {stage} on {ON}.",
            f"Challenge CH-2026-0107 about child 1 reached stage {stage} on {ON}.",
        )
        for stage in (2, 3, 4)
    },
    "CHALLENGE_RESOLVED": (
        f"Challenge CH-2026-0107 about child 1 was settled on {ON}: the decision is changed (REVISED).",
        f"Challenge CH-2026-0107 about child 1 was settled on {ON}: the decision is changed (REVISED).",
    ),
    "RELEASED": (
        (
            f"The MASH manager ended a hold in the case system on {ON} (child 1, version 2): telling it puts "
            "nobody at risk."
        ),
        (
            f"The MASH manager ended a hold for hill-school alone in the case system on {ON} (child 1, "
            "version 2): telling it puts nobody at risk."
        ),
    ),
    "WITHHELD": (
        (
            f"The MASH manager decided on {ON} to withhold (child 1, version 2): sharing it would do more "
            "harm than good (WITHHELD_DETRIMENT). The reasons are recorded as DD-2026-0031."
        ),
        (
            f"The MASH manager decided on {ON} to withhold from hill-school (child 1, version 2): sharing it "
            "would do more harm than good (WITHHELD_DETRIMENT). The reasons are recorded as DD-2026-0031."
        ),
    ),
    "PHONE_CONFIRMED": (
        (
            f"north-probation was told by telephone on {ON} (child 1, version 2), and confirmed it: "
            "practitioner who works with the child."
        ),
        (
            f"north-probation was told by telephone on {ON} (child 1, version 2), and confirmed it: "
            "practitioner who works with the child."
        ),
    ),
    "WITHDRAWN_IN_ERROR": (
        f"The decision (child 1, version 2) was withdrawn on {ON}: made in error.",
        f"The decision (child 1, version 2) was withdrawn on {ON}: made in error.",
    ),
    "PROBATION_ENQUIRY": (
        f"north-probation made an enquiry, which arrived on {ON}. It is not answered yet.",
        (
            f"north-probation made an enquiry, which arrived on {ON}. Answered on 27 November 2026 at "
            "12:15pm: something is known, which is told by telephone (KNOWN_CALL_US)."
        ),
    ),
}


@pytest.mark.parametrize("event_type", sorted(set(EventType) - OF_THEIR_OWN_KIND))
def test_every_event_has_its_sentence_with_little_said_and_with_much(event_type: str) -> None:
    in_short, in_full = SAID[event_type]
    assert sentence(beside(event_type)) == in_short
    assert sentence(beside(event_type, in_full=True)) == in_full


def test_every_type_of_event_is_told_of() -> None:
    assert set(HAPPENED) == set(EventType) - OF_THEIR_OWN_KIND
    assert set(OWN_FIELDS) == set(SAID) == set(HAPPENED)


def test_what_the_police_say_by_a_link_is_told_with_the_reminder_that_had_it() -> None:
    row = beside("RA_STATUS_CHANGED", statement="DONE", reminder=2, reminded="north-police", chan="webhook")
    assert sentence(row) == (
        "The police say, by the link of reminder 2 to north-police, that their form for child 1 was done; "
        "its check alone says its status."
    )


def test_a_form_that_is_not_needed_names_the_policy() -> None:
    row = beside("RA_STATUS_CHANGED", statement="NOT_NEEDED", policy_id="POLICY-1")
    assert sentence(row) == (
        "The police say that their form for child 1 is not needed, by policy POLICY-1; its check alone says "
        "its status."
    )


def test_a_plan_in_which_no_agency_has_a_part_says_so() -> None:
    words = sentence(beside("PLAN_STATUS_CHANGED", plan_status="NOT_DISCLOSED", plan_agencies=[]))
    assert words.endswith(": not disclosed (NOT_DISCLOSED). Part in it: no agency.")


@pytest.mark.parametrize(
    ("waits_for", "words"),
    [
        ("REFERRAL", "its referral"),
        ("DECISION", "the child's decision"),
        ("CHALLENGE", "its challenge"),
    ],
)
@pytest.mark.parametrize("event_type", sorted(HAPPENED))
def test_what_came_too_early_says_what_it_waits_for(event_type: str, waits_for: str, words: str) -> None:
    row = beside(event_type)
    assert sentence(row | {"waits_for": waits_for}) == (
        f"{sentence(row)} That came before {words}, and is kept until that comes."
    )


@pytest.mark.parametrize("event_type", sorted(HAPPENED))
def test_what_was_taken_up_says_since_when_it_had_waited(event_type: str) -> None:
    row = beside(event_type)
    assert sentence(row | {"waited_since": AT}) == (
        f"{sentence(row)} It had come before its time, on {ON}, and was kept until now."
    )


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("stale", "What is known already is newer, so nobody is told of it."),
        ("nobody", "There is nobody to tell of it by a message."),
    ],
)
def test_what_is_told_to_nobody_says_why(why: str, words: str) -> None:
    row = beside("CASE_CLOSED")
    assert sentence(row | {why: True}) == f"{sentence(row)} {words}"


@pytest.mark.parametrize(
    ("event_type", "said", "words"),
    [
        ("RELEASED", {"not_releasable": "NOTHING_HELD"}, "It could not be ended here (NOTHING_HELD)."),
        ("WITHHELD", {"may_have_left": True}, "Some of it may have left before."),
        (
            "WITHHELD",
            {"before_decision": True},
            "It came, or says it was done, before that was decided, so nothing was stopped for it.",
        ),
        (
            "WITHHELD",
            {"agreed_before": True},
            "It says it was done before that was decided: whether it was meant is to be looked at.",
        ),
        (
            "PHONE_CONFIRMED",
            {"rung_first": True},
            "What is held for that call still waits for its release.",
        ),
        (
            "PHONE_CONFIRMED",
            {"still_held": True},
            "It is held here all the same, so that nothing of it counts as told.",
        ),
    ],
)
def test_what_could_not_be_done_here_is_said(event_type: str, said: dict[str, Any], words: str) -> None:
    row = beside(event_type)
    assert sentence(row | said) == f"{sentence(row)} {words}"


@pytest.mark.parametrize("event_type", sorted(HAPPENED))
def test_what_turned_out_wrong_says_which_field_and_where_its_copy_is(event_type: str) -> None:
    """Such a row has nothing of the event but its type."""
    row = {
        "type": "LIFECYCLE", "event_type": event_type, "waited_since": AT, "refused_copy": "2026-11-27/1",
        "field": "agency_id", "reason": "UNKNOWN_AGENCY",
    }  # fmt: skip
    words = sentence(row)
    assert words.startswith(
        f"An event ({event_type}) that had come before its time, on {ON}, was refused: field agency_id, "
        "unknown agency (UNKNOWN_AGENCY). "
    )
    assert words.endswith(" Its copy is kept as 2026-11-27/1.")


def test_an_event_that_opens_a_task_says_who_must_act() -> None:
    task: dict[str, Any] = {
        "task": "CALL_AGENCY",
        "role": "MASH_DUTY_WORKER",
        "due_at": AT,
        "task_agency": "hill-school",
    }
    assert sentence(beside("CASE_CLOSED", **task)).endswith(
        f"(hill-school). The MASH duty worker must act by {ON}."
    )


# --- who is told


def test_an_update_says_who_is_told_how_much_and_with_which_police_form() -> None:
    assert sentence(an_update()) == (
        "To be told about the plan (child 1, number 2): north-police by webhook (the news and any plan), "
        "hill-school by e-mail (notice only); police form complete (COMPLETE)."
    )


def test_an_update_says_who_gets_no_message_and_why() -> None:
    row = an_update(recipients=[], in_system=["north-care"], kept_from=["hill-school", "hill-dental"])
    assert sentence(row) == (
        "To be told about the plan (child 1, number 2): nobody by a message; police form complete "
        "(COMPLETE). north-care reads it in the hub's own case system. No message may go to hill-school, "
        "hill-dental now: a person finds a way to tell them."
    )
    assert "north-care, hill-care read it" in sentence(an_update(in_system=["north-care", "hill-care"]))


def test_an_update_says_that_what_was_held_gives_way_to_it() -> None:
    told = sentence(an_update(ended=["TASK#RELEASE_AGENCY#01#hill-school"]))
    assert told.endswith("What was held gives way to it, and is nobody's task any more.")


@pytest.mark.parametrize("series", Series)
def test_every_series_has_a_subject_of_its_own(series: Series) -> None:
    assert f"To be told about {SUBJECTS[series]} (" in sentence(an_update(series=series.value))
    assert list(SUBJECTS.values()).count(SUBJECTS[series]) == 1


def test_what_is_about_no_child_names_none() -> None:
    row = an_update(series="PROBATION_ENQUIRY", child=0, dver=1, recipients=[])
    assert sentence(row).startswith("To be told about probation's enquiry (number 1): ")


# --- messages about them

MESSAGE: dict[str, Any] = {
    "pk": "R#NS-26-7KQ4ZP", "agency": "north-police", "chan": "webhook", "child": 1, "dver": 2,
    "nonce": "UPLAN", "message_id": "msg_1f0e4a57c96b41d08e3f5a7b9c2d4e6f", "actor": "mash-manager",
}  # fmt: skip
NEW = message_id("R#NS-26-7KQ4ZP|N#01#0002#north-police#fallback#UPLAN+S0a")[:12]
WHICH = "(child 1, about the plan, number 2, msg_1f0e4a57)"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            {"type": "ATTEMPT_STARTED", "level": 3, "ra": "ABSENT", "attempt": 1},
            (
                f"Sending the webhook to north-police {WHICH}, try 1: the news and any plan; police form not "
                "received (ABSENT)."
            ),
        ),
        (
            {"type": "SUPERSEDED", "by": 3, "by_series": "PLAN"},
            f"The webhook to north-police {WHICH} was not sent: number 3 replaced it.",
        ),
        (
            {"type": "SUPERSEDED", "by": 1},
            f"The webhook to north-police {WHICH} was not sent: version 1 replaced it.",
        ),
        (
            {"type": "RESENT", "reason": "AGENCY_ASKED", "recipients": ["north-police#fallback#1#UPLAN+S0a"]},
            (
                f"north-police is told by e-mail in place of the webhook {WHICH}, as the new message "
                f"{NEW} (notice only). mash-manager gave the reason: the agency asked for it."
            ),
        ),
        (
            {"type": "HELD", "triggers": ["UNVERIFIED_ADDRESS"], "held_agency": "north-police"},
            (
                "Held until a person releases it to north-police (child 1, about the plan, number 2): an "
                "address that is not verified (UNVERIFIED_ADDRESS). It was not sent."
            ),
        ),
        (
            {"type": "CLOCK_FIRED", "watch": "CALL", "task": "CALL_UNTOLD", "about": "PLAN"},
            (
                f"Nothing shows that the webhook to north-police {WHICH} arrived. For a person to do: call "
                "the agency: nothing shows that a message has reached it, about the plan."
            ),
        ),
    ],
)
def test_a_message_is_named_by_what_it_tells(row: dict[str, Any], words: str) -> None:
    assert sentence(MESSAGE | row) == words


def test_a_hold_of_a_new_update_is_named_by_its_series() -> None:
    row = {
        "type": "HELD",
        "triggers": ["UNVERIFIED_ADDRESS"],
        "child": 1,
        "dver": 2,
        "series": "CONTRIBUTION",
    }
    assert "(child 1, about what the agency knows, number 2)" in sentence(row)


def test_a_release_while_nothing_is_decided_names_no_version() -> None:
    row = {
        "type": "RELEASED", "triggers": ["UNVERIFIED_ADDRESS"], "child": 1, "dver": 0,
        "actor": "mash-manager", "reason": "ADDRESS_VERIFIED", "held_agency": "hill-nurse",
    }  # fmt: skip
    assert sentence(row).startswith("Released to hill-nurse (child 1): an address that is not verified")


def test_a_number_of_a_series_is_no_version() -> None:
    assert numbered(None, 2) == "version 2"
    assert numbered(Series.PLAN, 2) == "about the plan, number 2"


# --- tasks about them


def test_a_task_is_about_an_update_or_about_a_duplicate() -> None:
    assert task_words("CALL_UNREAD", "hill-school", "PLAN").endswith("(hill-school), about the plan")
    assert task_words("CALL_AGENCY", None, "NS-26-D0PL1C#01").endswith(", about NS-26-D0PL1C, child 1")
    assert "about" not in task_words("CALL_REFERRER", None, "POLICE_MANAGER")


def test_a_task_about_a_challenge_names_it_and_a_call_about_one_says_that_it_is() -> None:
    assert task_words("CHECK_CHALLENGE", None, "CH-2026-0107").endswith(" (CH-2026-0107)")
    assert task_words("CALL_UNTOLD", "hill-school", "CHALLENGE__bd925d84").endswith(
        "(hill-school), about the challenge"
    )


def test_a_task_that_is_overdue_says_what_it_is_about() -> None:
    row = {
        "type": "CLOCK_FIRED",
        "task": "CHECK_NOT_TOLD",
        "role": "MASH_MANAGER",
        "child": 1,
        "about": "PLAN",
    }
    assert sentence(row) == (
        "Not recorded as done in time for child 1: find a way to tell those agencies that may have no "
        "message now (the trail names them), about the plan. An alarm was raised for the MASH manager."
    )


@pytest.mark.parametrize("kind", TaskKind)
def test_every_kind_of_task_has_its_words(kind: TaskKind) -> None:
    assert vocabulary.TASK_WORDS[kind]


@pytest.mark.parametrize(
    ("words", "vocabulary_of"),
    [
        (vocabulary.S47_RESULTS, codes.S47Result),
        (vocabulary.INVESTIGATIONS, codes.InvestigationStatus),
        (vocabulary.CHALLENGE_RESULTS, codes.ChallengeResult),
        (vocabulary.DISCLOSURES, codes.Disclosure),
        (vocabulary.ENQUIRY_ANSWERS, codes.EnquiryAnswer),
        (vocabulary.OF_UPDATES, codes.Level),
    ],
)
def test_every_code_has_its_words(words: dict[object, str], vocabulary_of: type[StrEnum | IntEnum]) -> None:
    assert set(words) == set(vocabulary_of)
    assert len(set(words.values())) == len(words)


# --- rows of other releases


def every_row() -> list[dict[str, Any]]:
    of_each_kind = [{"type": kind.value, **row} for kind, (row, _) in ROWS.items()]
    return [*of_each_kind, an_update(), *(beside(name, in_full=True) for name in OWN_FIELDS)]


@pytest.mark.parametrize("row", every_row(), ids=lambda row: f"{row['type']} {row.get('event_type', '')}")
@given(data=st.data())
def test_a_row_that_lacks_anything_or_has_other_codes_is_still_told(
    row: dict[str, Any], data: st.DataObject
) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(row))))
    other: dict[str, Any] = data.draw(
        st.dictionaries(st.sampled_from(sorted(row)), st.sampled_from(["WHO_KNOWS", 7, None, []]))
    )
    changed = {name: value for name, value in row.items() if name in kept} | other
    assert sentence(changed)


@pytest.mark.parametrize("row", every_row(), ids=lambda row: f"{row['type']} {row.get('event_type', '')}")
def test_a_row_of_this_release_has_words_of_its_own(row: dict[str, Any]) -> None:
    assert sentence(row) != NOT_OURS.format(kind=row["type"])


@pytest.mark.parametrize("kind", [*AuditKind, "SEALED", None])
def test_a_row_of_another_release_says_that_it_is_there(kind: str | None) -> None:
    row = {"type": kind} if kind else {}
    no_fields_needed = kind == AuditKind.EVENT_DUPLICATE
    assert (sentence(row) == NOT_OURS.format(kind=kind or "of no kind")) != no_fields_needed


def test_an_event_of_a_type_to_come_says_that_it_is_there() -> None:
    assert sentence({"type": "LIFECYCLE", "event_type": "MOVED_HOUSE", "child": 1}) == NOT_OURS.format(
        kind="LIFECYCLE"
    )
