"""What a reader is shown always rises, whichever way their referral becomes or stops being a duplicate."""

import pytest

from functions.adapters.ledger import keys
from functions.flows.acting.order import NotPossibleError, Which
from functions.flows.acting.resend import send_again, what_would_go
from schemas.codes import ActReason, Channel
from tests.flows.test_duplicates import (
    COPY,
    NURSE,
    ORIGINAL,
    SCHOOL,
    THIRD,
    involving,
    open_tasks,
    own_decision,
    posts,
    sent_to,
    shared,
    the_agencies,
)
from tests.world import Wire, World, a_decision, a_duplicate, a_registry, a_revision, an_event_id, is_whole

SAME_REFERRER: Wire = {"referring_agency": {"agency_id": "north-police", "own_ref": "43261124/0999"}}
S47J: Wire = {"primary_outcome": "S47J", "strategy_discussion_at": "2026-11-24T08:30:00Z"}


@pytest.fixture
def decided(world: World) -> World:
    """The original is decided and told."""
    world.apply(a_registry(*the_agencies()))
    told(world, a_decision())
    return world


@pytest.fixture
def thrice(decided: World) -> World:
    """The original is decided, and told, three times."""
    told(decided, a_revision(2), a_revision(3, primary_outcome="NFA"))
    return decided


def told(world: World, *events: Wire) -> None:
    for event in events:
        world.take(event)
        world.send_due()
        world.later(minutes=10)


def numbers(world: World, ref: str = COPY, agency: str = "north-police") -> list[tuple[int, int | None, str]]:
    """What each message under that reference shows of itself, of the one it replaces, and of the outcome."""
    said = [data["decision"] for data in posts(world, agency) if data["referral_ref"] == ref]
    return [(one["decision_seq"], one["supersedes"], one["outcome"]) for one in said]


def states(world: World, agency: str) -> list[str]:
    """Of what was made for an agency under the duplicate's reference."""
    return [item["st"] for item in shared(world) if item["agency"] == agency]


def keys_of(world: World, ref: str) -> list[tuple[int, int | None]]:
    items = world.store.partition("state", keys.referral(ref), "N#")
    return [(item["dver"], item.get("shown_seq")) for item in items if item["agency"] == "north-police"]


def test_a_reader_is_shown_a_rising_number_however_often_theirs_becomes_a_duplicate(thrice: World) -> None:
    """A receiver ignores what is lower: the newest decision must never be."""
    told(
        thrice,
        a_duplicate(**SAME_REFERRER),
        own_decision(2, **SAME_REFERRER, **S47J),
        a_duplicate(seq=3, **SAME_REFERRER),
        a_revision(4, primary_outcome="EHF"),
        own_decision(4, **SAME_REFERRER, **S47J),
        own_decision(5, **SAME_REFERRER),
        a_revision(5, primary_outcome="S17"),
    )
    assert numbers(thrice) == [
        (3, None, "NFA"),
        (4, 3, "S47J"),
        (5, 4, "NFA"),
        (6, 5, "EHF"),
        (7, 6, "S47J"),
        (8, 7, "NFA"),
    ]
    assert [shown for shown, _, _ in numbers(thrice, ORIGINAL)] == [1, 2, 3, 4, 5]
    assert is_whole(thrice.rows())
    assert is_whole(thrice.rows(COPY))


def test_the_ledger_keeps_the_decisions_own_version_beside_what_is_shown(thrice: World) -> None:
    told(
        thrice,
        a_duplicate(**SAME_REFERRER),
        own_decision(2, **SAME_REFERRER),
        own_decision(9, **SAME_REFERRER),
    )
    assert keys_of(thrice, COPY) == [(2, 4), (9, None)]
    started = [row for row in thrice.rows(COPY) if row["type"] == "ATTEMPT_STARTED"]
    assert [(row["dver"], row.get("shown_seq")) for row in started] == [(2, 4), (9, None)]
    assert [shown for shown, _, _ in numbers(thrice)] == [3, 4, 9]


def test_an_ordinary_message_pins_no_number_of_its_own(thrice: World) -> None:
    assert keys_of(thrice, ORIGINAL) == [(1, None), (2, None), (3, None)]


def test_nothing_is_left_for_a_person_where_the_number_rises_by_itself(thrice: World) -> None:
    told(
        thrice,
        a_duplicate(**SAME_REFERRER),
        own_decision(2, **SAME_REFERRER, event_type="DECISION_REVISED", supersedes=1),
    )
    assert open_tasks(thrice, COPY) == set()


def test_what_was_never_sent_is_not_what_the_next_one_replaces(thrice: World) -> None:
    """Twice decided anew before anything could leave: both count on from what they were really told."""
    told(thrice, a_duplicate(**SAME_REFERRER))
    thrice.take(own_decision(2, **SAME_REFERRER))
    thrice.take(own_decision(3, **SAME_REFERRER, **S47J))
    thrice.send_due()
    assert numbers(thrice) == [(3, None, "NFA"), (4, 3, "S47J")]


def test_a_held_message_shows_its_number_when_it_is_released(thrice: World) -> None:
    told(thrice, a_duplicate(**SAME_REFERRER))
    thrice.take(own_decision(2, **SAME_REFERRER, **S47J, hold_codes=[{"code": "SENSITIVE"}]))
    assert thrice.send_due() == 0
    thrice.release(COPY)
    told(thrice, own_decision(3, **SAME_REFERRER))
    assert [shown for shown, _, _ in numbers(thrice)] == [3, 4]
    assert numbers(thrice)[-1][1] == 3


def test_a_hold_that_a_newer_version_takes_over_shows_the_newer_one_alone(thrice: World) -> None:
    told(thrice, a_duplicate(**SAME_REFERRER))
    thrice.take(own_decision(2, **SAME_REFERRER, **S47J, hold_codes=[{"code": "SENSITIVE"}]))
    thrice.take(own_decision(3, **SAME_REFERRER))
    thrice.release(COPY)
    thrice.send_due()
    assert numbers(thrice) == [(3, None, "NFA"), (4, 3, "NFA")]


def test_both_channels_of_an_agency_show_one_number(thrice: World) -> None:
    both = {"channels": (Channel.WEBHOOK, Channel.EMAIL)}
    thrice.apply(a_registry(*the_agencies(school=both)))
    told(thrice, a_duplicate(), own_decision())
    items = thrice.store.partition("state", keys.referral(COPY), "N#")
    assert {(item["chan"], item["shown_seq"]) for item in items} == {("webhook", 4), ("email", 4)}


def test_what_is_sent_again_shows_the_number_it_showed(thrice: World) -> None:
    told(thrice, a_duplicate(**SAME_REFERRER), own_decision(2, **SAME_REFERRER))
    agreed = what_would_go(Which(COPY, agency_id="north-police"), thrice.act_desk, by_email=False)
    send_again(agreed, thrice.order(ActReason.NOT_RECEIVED), thrice.act_desk)
    thrice.send_due()
    assert numbers(thrice)[1:] == [(4, 3, "NFA"), (4, 3, "NFA")]


# --- a duplicate again


def test_whoever_comes_back_is_told_the_same_version_once_more(decided: World) -> None:
    """They were told of their own decision since, and that holds no more."""
    told(decided, a_duplicate(), own_decision(), a_duplicate(seq=3), own_decision(4), a_duplicate(seq=5))
    assert [outcome for *_, outcome in numbers(decided, agency=SCHOOL)] == [
        "S47J",
        "NFA",
        "S47J",
        "NFA",
        "S47J",
    ]
    counted = [shown for shown, _, _ in numbers(decided, agency=SCHOOL)]
    assert counted == sorted(set(counted))
    assert len({pins.message_id for pins in sent_to(decided, SCHOOL)}) == 5
    assert is_whole(decided.rows())


def test_whoever_comes_back_having_heard_nothing_else_is_not_told_twice(decided: World) -> None:
    told(decided, a_duplicate())
    decided.take(own_decision())
    told(decided, a_duplicate(seq=3))
    assert numbers(decided, agency=SCHOOL) == [(1, None, "S47J")]
    told(decided, a_revision())
    assert [(supersedes, outcome) for _, supersedes, outcome in numbers(decided, agency=SCHOOL)][1:] == [
        (1, "S17")
    ]


def test_whoever_left_before_anything_was_sent_is_told_when_they_come_back(decided: World) -> None:
    decided.take(a_duplicate())
    decided.take(own_decision())
    decided.take(a_duplicate(seq=3))
    decided.send_due()
    assert [outcome for *_, outcome in numbers(decided, agency=SCHOOL)] == ["S47J"]
    assert sorted(item["st"] for item in shared(decided)) == ["SENT", "SUPERSEDED"]


def test_one_that_joined_through_another_is_told_each_change_of_it(decided: World) -> None:
    nurse = {"agency_id": NURSE, "own_ref": "REF-88"}
    told(decided, a_duplicate(), a_duplicate(of=COPY, ref=THIRD, referring_agency=nurse))
    told(decided, own_decision(), a_duplicate(seq=3), own_decision(4))
    assert [pins.message_type for pins in sent_to(decided, NURSE)] == ["OUTCOME", *["OUTCOME_REVISED"] * 3]
    before = [pins.told_before.decision_seq for pins in sent_to(decided, NURSE) if pins.told_before]
    assert before == [1, 2, 3]


def test_what_they_were_told_two_originals_ago_still_counts(thrice: World) -> None:
    """The original in between is never decided, so nothing of theirs stands there."""
    told(
        thrice,
        a_duplicate(**SAME_REFERRER),
        a_duplicate(of="NS-26-NOBODY", seq=2, **SAME_REFERRER),
        a_decision(event_id=an_event_id(3), referral_ref=THIRD, primary_outcome="EHF"),
        a_duplicate(of=THIRD, seq=3, referring_agency=None, source_code="1A"),
    )
    assert numbers(thrice) == [(3, None, "NFA"), (4, 3, "EHF")]


def test_whoever_could_not_be_told_in_between_goes_on_from_what_they_had(thrice: World) -> None:
    told(thrice, a_duplicate())
    thrice.apply(a_registry(*the_agencies(school={"channels": ()})))
    told(thrice, own_decision(2))
    thrice.apply(a_registry(*the_agencies()))
    told(thrice, own_decision(3, **S47J))
    assert numbers(thrice, agency=SCHOOL) == [(3, None, "NFA"), (4, 3, "S47J")]


def test_an_older_telling_of_the_same_version_is_not_sent_again(decided: World) -> None:
    told(decided, a_duplicate(), own_decision(), a_duplicate(seq=3))
    older, newer = sorted(shared(decided), key=lambda item: str(item["created_at"]))

    def would_go(message: str) -> str:
        which = Which(ORIGINAL, agency_id=SCHOOL, message=message)
        return what_would_go(which, decided.act_desk, by_email=False).key.sk

    assert would_go(newer["message_id"]) == newer["sk"]
    with pytest.raises(NotPossibleError, match="told anew since"):
        would_go(older["message_id"])


def test_whom_a_later_version_of_the_duplicate_names_no_more_is_told_nothing_of_it_any_more(
    decided: World,
) -> None:
    """Still a duplicate of the same: what was not sent yet is not, as where any decision leaves one out."""
    decided.take(a_duplicate(involved_agencies=involving(NURSE)))
    assert states(decided, NURSE) == ["PENDING"]
    decided.take(a_duplicate(seq=2))
    assert states(decided, NURSE) == ["SUPERSEDED"]
    decided.send_due()
    told(decided, a_revision(2))
    assert sent_to(decided, NURSE) == []
    assert len(sent_to(decided, SCHOOL)) == 2
    assert is_whole(decided.rows(ORIGINAL))


def test_whoever_was_told_of_it_stays_though_it_is_named_no_more(decided: World) -> None:
    told(decided, a_duplicate(involved_agencies=involving(NURSE)), a_duplicate(seq=2), a_revision(2))
    assert len(sent_to(decided, NURSE)) == 2
