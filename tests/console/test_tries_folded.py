"""Tries that ended alike stand together in a referral's history: of each message by itself, none lost."""

from functions.adapters.ledger.store import Item
from functions.console.referrals.timeline import timeline

NAMES = {"north-police": "North Police", "north-probation": "North Probation"}


def a_try(number: int, agency: str, attempt: int, error: str = "E_TIMEOUT", day: int = 24) -> Item:
    return {
        "sk": f"E#{number:08d}",
        "at": f"2026-11-{day}T10:{number:02d}:00.000Z",
        "type": "ATTEMPT_CLOSED",
        "result": "FAILED",
        "agency": agency,
        "chan": "webhook",
        "child": 1,
        "dver": 1,
        "nonce": "0",
        "attempt": attempt,
        "message_id": f"msg-{agency}",
        "error": error,
        "actor": "mash-outcomes",
    }


def in_turns(tries: int) -> list[Item]:
    """Two systems that are down."""
    agencies = [agency for _ in range(tries) for agency in NAMES]
    return [a_try(number, agency, 1 + (number - 1) // 2) for number, agency in enumerate(agencies, 1)]


def test_tries_of_two_systems_that_take_turns_are_one_entry_each() -> None:
    found = timeline(in_turns(5), NAMES).entries
    assert [(one.title, len(one.each)) for one in found] == [
        ("Tried 5 times to reach North Probation: no answer came in time", 5),
        ("Tried 5 times to reach North Police: no answer came in time", 5),
    ]


def test_a_run_is_never_torn_from_page_to_page() -> None:
    """Else a try between two of another message would be lost, or shown twice."""
    first = timeline(in_turns(5), NAMES, most=1)
    assert [len(one.each) for one in first.entries] == [5, 5]
    assert first.goes_on is None


def test_what_came_after_a_run_stands_before_it_and_the_next_page_begins_with_the_run() -> None:
    after = {**a_try(11, "north-police", 6), "result": "SUCCESS"}
    rows = [*in_turns(5), after]
    first = timeline(rows, NAMES, most=2)
    assert [one.title for one in first.entries] == ["Delivered to North Police"]
    assert first.goes_on == 11
    assert [len(one.each) for one in timeline(rows, NAMES, before=11, most=2).entries] == [5, 5]


def test_one_try_is_as_it_was() -> None:
    (one,) = timeline([a_try(1, "north-police", 1)], NAMES).entries
    assert (one.title, one.each) == ("Try 1 to North Police failed", ())


def test_tries_of_two_days_say_both() -> None:
    rows = [a_try(1, "north-police", 1), a_try(2, "north-police", 2, day=25)]
    (one,) = timeline(rows, NAMES).entries
    assert one.at == "Between 24 November 2026 at 10:01am and 25 November 2026 at 10:02am"
    assert [each.title for each in one.each] == [
        "Try 2 to North Police failed",
        "Try 1 to North Police failed",
    ]
