"""What the sender is told of each event: a line for people, and the same with the bucket for programs."""

from typing import Any

import pytest

from functions.adapters.ledger.everything import Row
from functions.adapters.ledger.store import Item
from functions.cli.verdicts import Verdict, verdicts
from functions.domain.record import uid
from tests.cli.runs import AMBULANCE, HELD_REF, POLICE, REF, chained, decision, sent, started

EVENT_ID = "0d0f2c9e-8a53-4a0e-9f0e-6a1f2f0b7c11"
ARRIVAL = "bus-1"
BOTH = ("north-police#webhook#3", "north-probation#email#3")


def judged(row: Item, *beside: Item, ref: str = REF) -> Verdict:
    """The verdict of an event whose own row is `row`, beside what followed."""
    kind = "RA_FEED_HEARTBEAT" if row["type"] == "LIFECYCLE" else row["type"]
    facts = [kind, ARRIVAL] if kind == "REJECTED" else [kind, EVENT_ID, ARRIVAL]
    own = {**row, "uid": uid(*facts, *([""] if kind == "DECISION_STALE" else []))}
    others = [{"uid": f"of another row {number}", **item} for number, item in enumerate(beside)]
    (verdict,) = verdicts([sent(EVENT_ID, ARRIVAL)], chained(f"R#{ref}", own, *others))
    return verdict


def hold(*triggers: str, **whose: str) -> Item:
    return {"type": "HELD", "cause": EVENT_ID, "child": 1, "dver": 1, "triggers": list(triggers), **whose}


def closed(agency: str, channel: str, result: str = "SUCCESS") -> Item:
    return {
        "type": "ATTEMPT_CLOSED", "cause": "N", "agency": agency, "chan": channel, "child": 1, "dver": 1,
        "result": result,
    }  # fmt: skip


def superseded(agency: str, channel: str) -> Item:
    return {
        "type": "SUPERSEDED", "cause": "e-2", "agency": agency, "chan": channel, "child": 1, "dver": 1,
        "by": 2,
    }  # fmt: skip


def stopped(agency: str, channel: str, reason: str = "NOT_SAFE_TO_TELL") -> Item:
    return {
        "type": "CANCELLED", "cause": "act", "agency": agency, "chan": channel, "child": 1, "dver": 1,
        "reason": reason,
    }  # fmt: skip


def test_what_a_person_stopped_was_told_to_nobody_and_leaves_the_rest_to_decide() -> None:
    both = stopped("north-police", "webhook"), stopped("north-probation", "email")
    assert judged(decision(EVENT_ID, *BOTH), *both).as_json()["bucket"] == "nobody_to_tell"
    one = judged(decision(EVENT_ID, *BOTH), both[0], closed("north-probation", "email"))
    assert (one.as_json()["bucket"], one.as_json()["recipients"]) == (
        "told",
        [{"agency": "north-probation", "channel": "email", "level": 3, "held": False, "told": True}],
    )


def test_what_a_notice_to_a_lead_replaced_is_not_open() -> None:
    row = stopped("north-police", "webhook", "STAFF_LINK")
    verdict = judged(decision(EVENT_ID, BOTH[0]), row)
    assert verdict.as_json()["bucket"] == "told"


JOINT = "for child 1: Section 47 enquiry, joint with police (S47J)"


def held_for(why: str, then: str = "the rest is told") -> str:
    return f"accepted {JOINT}; held for a person: {why}; {then}"


@pytest.mark.parametrize(
    ("verdict", "bucket", "words"),
    [
        (judged(decision(EVENT_ID, *BOTH)), "open", f"accepted {JOINT}"),
        (
            judged(decision(EVENT_ID, *BOTH), started(POLICE, "hash"), closed("north-police", "webhook")),
            "open",
            f"accepted {JOINT}",
        ),
        (
            judged(
                decision(EVENT_ID, *BOTH),
                closed("north-police", "webhook", "FAILED"),
                closed("north-police", "webhook"),
                superseded("north-probation", "email"),
            ),
            "told",
            f"accepted {JOINT}",
        ),
        (
            judged(decision(EVENT_ID, *BOTH), hold("EMERGENCY", "SENSITIVE")),
            "held",
            held_for("emergency protection (EMERGENCY), sensitive (SENSITIVE)", "nobody is told yet"),
        ),
        (
            judged(decision(EVENT_ID, *BOTH), hold("STAFF_LINK", held_agency="north-police")),
            "open",
            held_for("link to one of the agency's staff (STAFF_LINK)"),
        ),
        (
            judged(decision(EVENT_ID, *BOTH), hold("LADO", outcome="LAD")),
            "open",
            held_for("allegation against a person in a position of trust (LADO)"),
        ),
        (
            judged(decision(EVENT_ID)),
            "nobody_to_tell",
            f"recorded {JOINT}; nobody may be told automatically",
        ),
        (
            judged({"type": "REJECTED", "cause": ARRIVAL, "field": "decided_at", "reason": "MISSING"}),
            "refused",
            "refused: field decided_at, missing (MISSING). Give this field; it is required.",
        ),
        (
            judged({"type": "EVENT_DUPLICATE", "cause": EVENT_ID, "child": 1, "dver": 1}),
            "duplicate",
            "a duplicate: recorded, nothing is sent",
        ),
        (
            judged({"type": "DECISION_STALE", "cause": EVENT_ID, "child": 1, "dver": 1, "newest": 2}),
            "stale",
            "older than version 2 of this child: recorded, nothing is sent",
        ),
        (
            judged({"type": "RA_FORM", "cause": EVENT_ID, "children": [1, 2], "newest_for": [1, 2]}),
            "recorded",
            "police form recorded, for children 1 and 2",
        ),
        (
            judged({"type": "RA_FORM", "cause": EVENT_ID, "children": [1, 2], "newest_for": [2]}),
            "recorded",
            "police form recorded, for children 1 and 2; not newer than the one kept for child 1",
        ),
        (
            judged({"type": "LIFECYCLE", "cause": EVENT_ID, "feed_status": "ok"}),
            "recorded",
            "police feed: ok",
        ),
    ],
    ids=[
        "on its way", "one of two told", "told or replaced", "held", "held for one agency",
        "an allegation held beside", "nobody to tell", "refused", "duplicate", "stale", "form", "form of old",
        "heartbeat",
    ],
)  # fmt: skip
def test_an_event_ends_in_a_bucket_and_in_plain_words(verdict: Verdict, bucket: str, words: str) -> None:
    assert (verdict.as_json()["bucket"], verdict.words) == (bucket, words)


def test_a_program_reads_whom_it_is_for_and_what_is_held() -> None:
    told = judged(
        decision(EVENT_ID, *BOTH),
        hold("STAFF_LINK", held_agency="north-probation"),
        closed("north-police", "webhook"),
    ).as_json()
    assert told == {
        "entry": "bus-1.json", "arrival_id": ARRIVAL, "event_id": EVENT_ID, "referral_ref": None,
        "verdict": "DECISION", "bucket": "told", "child": 1, "outcome": "S47J",
        "recipients": [
            {"agency": "north-police", "channel": "webhook", "level": 3, "held": False, "told": True},
            {"agency": "north-probation", "channel": "email", "level": 3, "held": True, "told": False},
        ],
        "held": ["STAFF_LINK"], "field": None, "reason": None, "advice": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "advice"),
    [
        (
            judged({"type": "REJECTED", "cause": ARRIVAL, "field": "x", "reason": "UNKNOWN_FIELD"}),
            "Remove this field; the contract does not know it.",
        ),
        (
            judged(decision(EVENT_ID, "northshire-ambulance#email#1"), hold("EMERGENCY"), ref=HELD_REF),
            "A person must release it first.",
        ),
        (judged(decision(EVENT_ID)), "Staff call where a call is due."),
        (judged(decision(EVENT_ID, *BOTH)), None),
    ],
    ids=["refused", "held", "nobody to tell", "on its way"],
)
def test_a_sender_is_told_what_to_do(verdict: Verdict, advice: str | None) -> None:
    assert verdict.as_json()["advice"] == advice


def test_an_event_without_a_row_has_no_verdict_and_says_how_to_ask_again() -> None:
    (verdict,) = verdicts([sent(EVENT_ID, ARRIVAL)], [])
    assert (verdict.as_json()["verdict"], verdict.as_json()["bucket"]) == (None, None)
    assert verdict.words.startswith("sent (bus-1), but not in the trail yet. Ask again")


def test_anothers_decision_and_its_holds_are_not_ours() -> None:
    """An older version's rows, and another referral's, stand beside the ones that count."""
    older: list[dict[str, Any]] = [
        {**hold("EMERGENCY"), "dver": 0},
        {**closed("north-police", "webhook"), "child": 2},
    ]
    verdict = judged(decision(EVENT_ID, *BOTH), *older)
    elsewhere = Row(AMBULANCE.pk, 1, {"uid": "x", **hold("EMERGENCY")})
    assert verdict.row is not None
    (again,) = verdicts([verdict.sent], [verdict.row, elsewhere])
    for one in (verdict, again):
        assert (one.as_json()["bucket"], one.as_json()["held"]) == ("open", [])
