"""A referrer whose outcome is held has the acknowledgement, like everybody (domain section 6.3): the very
same bytes, in whatever order the two came, and nothing else until a person has acted."""

from typing import Any, TypeAlias

import pytest

from functions.adapters.ledger.store import Item
from functions.domain.delivery import Answer
from functions.domain.series import REFERRER_WAITS
from schemas.codes import AttemptResult, Channel, ErrorWord, FindingCode, Series
from tests.flows.accounts import reckoned
from tests.flows.lives import REF, a_phone_call, an_acknowledgement
from tests.flows.sweeps import rows_of
from tests.flows.test_holds_never_show import HOLDS, LINK, POLICE, PROBATION, nothing, unchecked
from tests.world import World, a_decision, a_receipt, a_revision, a_world, change_agency

ACKNOWLEDGED = f"U{Series.ACKNOWLEDGEMENT}"
STAFF_LINK = [{"code": "STAFF_LINK", "agency_id": POLICE}]
EVERY_HOLD = {name: (before, holds) for name, (before, _, holds) in HOLDS.items()} | {
    "STAFF_LINK": (nothing, STAFF_LINK)
}
each_hold = pytest.mark.parametrize("hold", EVERY_HOLD)


def referred_and_acknowledged(world: World) -> None:
    world.take(a_receipt())
    world.take(an_acknowledgement())
    world.send_due()


def decided(world: World, **changes: Any) -> None:
    """A decision, and five hours after it, in which whatever was to leave has left."""
    world.take(a_decision(**changes))
    world.send_due()
    world.later(hours=5)
    world.send_due()


def heard(world: World) -> list[tuple[str, bytes]]:
    """What has left for the referrer by either channel, in its order, but for what is random in it."""
    sent = [one for door in world.doors.values() for one in door.sent if one[0].agency_id == POLICE]
    return [(str(pins.message_id), LINK.sub(rb"/\1/...", body)) for pins, body in sent]


def held_world(world: World, hold: str) -> None:
    """Acknowledged, then decided and held for that reason."""
    meanwhile, holds = EVERY_HOLD[hold]
    referred_and_acknowledged(world)
    meanwhile(world)
    decided(world, hold_codes=holds)


def heard_as_ever() -> list[tuple[str, bytes]]:
    with a_world() as world:
        referred_and_acknowledged(world)
        decided(world)
        return heard(world)


@pytest.mark.usefixtures("_no_real_account")
@each_hold
def test_a_held_referrer_has_the_acknowledgement_that_everybody_has_and_the_outcome_waits(hold: str) -> None:
    acknowledgement, _ = heard_as_ever()
    with a_world() as world:
        held_world(world, hold)
        assert heard(world) == [acknowledgement]
        assert world.delivery(POLICE, Channel.WEBHOOK, nonce=ACKNOWLEDGED)["st"] == "SENT"
        waiting = world.delivery(POLICE, Channel.WEBHOOK)
        assert (waiting["st"], waiting["attempt"], "due_pk" in waiting) == ("PENDING", 0, False)
        assert hold in waiting["held"]


@pytest.mark.usefixtures("_no_real_account")
@pytest.mark.parametrize("hold", HOLDS)
def test_released_it_reads_what_everybody_reads_after_the_acknowledgement(hold: str) -> None:
    as_ever = heard_as_ever()
    assert len(as_ever) == len(("acknowledgement", "outcome"))
    with a_world() as world:
        held_world(world, hold)
        _, act, _ = HOLDS[hold]
        act(world)
        world.send_due()
        assert heard(world) == as_ever


# --- in whatever order the two come


SENSITIVE = [{"code": "SENSITIVE"}]


def checked_anew(world: World) -> None:
    """Its address may be sent to again; what was held for that waits for a person all the same."""
    change_agency(world, POLICE, checked_url=f"https://{POLICE}.example/outcomes")
    change_agency(world, PROBATION, verified_at="2026-11-24")


def acknowledged_and_not_sent(world: World) -> None:
    world.take(a_receipt())
    world.take(an_acknowledgement())


def held_before_it_left(world: World, hold: str) -> None:
    meanwhile, holds = EVERY_HOLD[hold]
    acknowledged_and_not_sent(world)
    meanwhile(world)
    world.take(a_decision(hold_codes=holds))
    checked_anew(world)


def held_before_it_came(world: World, hold: str) -> None:
    meanwhile, holds = EVERY_HOLD[hold]
    world.take(a_receipt())
    meanwhile(world)
    world.take(a_decision(hold_codes=holds))
    checked_anew(world)
    world.take(an_acknowledgement("north-probation"))


EITHER_ORDER = {"before it left": held_before_it_left, "before it came": held_before_it_came}
in_either_order = pytest.mark.parametrize("order", EITHER_ORDER)


def child(world: World) -> Item:
    return world.intake_desk.intake.referral(REF).children[1]


def acknowledgement(world: World) -> str:
    return str(world.delivery(POLICE, Channel.WEBHOOK, nonce=ACKNOWLEDGED)["st"])


Heard: TypeAlias = list[tuple[str, bytes]]


@pytest.fixture
def as_ever(_no_real_account: None) -> Heard:
    """The acknowledgement and the outcome, as a referrer hears them of whose child nothing is held."""
    return heard_as_ever()


def left_alone(world: World) -> list[FindingCode]:
    """What nobody watches, or stands otherwise than its rows say; a door of the tests gives no proof, and its
    sources leave numbers out."""
    of_the_tests = {FindingCode.SENT_WITHOUT_PROOF, FindingCode.SOURCE_GAP}
    return [one.code for one in reckoned(world).findings if one.code not in of_the_tests]


def only_the_acknowledgement_left(world: World, as_ever: Heard) -> None:
    world.send_due()
    world.later(hours=5)
    world.send_due()
    assert heard(world) == as_ever[:1]
    assert acknowledgement(world) == "SENT"
    assert world.delivery(POLICE, Channel.WEBHOOK)["attempt"] == 0
    assert left_alone(world) == []


@each_hold
def test_an_acknowledgement_that_had_not_left_goes_though_the_outcome_is_held(
    as_ever: Heard, world: World, hold: str
) -> None:
    held_before_it_left(world, hold)
    assert rows_of(world, "SUPERSEDED") == []
    only_the_acknowledgement_left(world, as_ever)


@each_hold
def test_one_that_comes_after_the_held_outcome_is_made_and_goes_and_no_partner_is_asked(
    as_ever: Heard, world: World, hold: str
) -> None:
    held_before_it_came(world, hold)
    only_the_acknowledgement_left(world, as_ever)
    row = next(row for row in rows_of(world, "LIFECYCLE") if row["event_type"] == "ACKNOWLEDGED")
    assert (row["already_decided"], row["outcome_held"]) == ([1], [1])
    assert [row["series"] for row in rows_of(world, "UPDATE")] == [Series.ACKNOWLEDGEMENT]


@in_either_order
@pytest.mark.parametrize("hold", HOLDS)
def test_released_it_hears_the_outcome_and_no_acknowledgement_again(
    as_ever: Heard, world: World, order: str, hold: str
) -> None:
    EITHER_ORDER[order](world, hold)
    only_the_acknowledgement_left(world, as_ever)
    _, act, _ = HOLDS[hold]
    act(world)
    world.take(an_acknowledgement(acknowledged_at="2026-11-24T11:00:00Z"))
    world.send_due()
    assert heard(world) == as_ever


@in_either_order
@pytest.mark.parametrize("hold", HOLDS)
def test_one_that_has_not_left_at_the_release_gives_way_to_the_outcome(
    as_ever: Heard, world: World, order: str, hold: str
) -> None:
    EITHER_ORDER[order](world, hold)
    _, act, _ = HOLDS[hold]
    act(world)
    world.send_due()
    assert heard(world) == as_ever[1:]
    assert acknowledgement(world) == "SUPERSEDED"
    assert left_alone(world) == []


@pytest.mark.parametrize("hold", HOLDS)
def test_after_the_release_no_acknowledgement_is_made(world: World, hold: str) -> None:
    before, act, holds = HOLDS[hold]
    world.take(a_receipt())
    before(world)
    world.take(a_decision(hold_codes=holds))
    act(world)
    world.take(an_acknowledgement())
    assert rows_of(world, "UPDATE") == []


# --- who is told the outcome has it instead


def test_a_decision_that_holds_nothing_for_the_referrer_takes_its_place(world: World) -> None:
    acknowledged_and_not_sent(world)
    world.take(a_decision(hold_codes=[{"code": "STAFF_LINK", "agency_id": PROBATION}]))
    world.take(an_acknowledgement(acknowledged_at="2026-11-24T11:00:00Z"))
    assert acknowledgement(world) == "SUPERSEDED"
    assert len(rows_of(world, "UPDATE")) == 1
    world.send_due()
    assert [pins.message_type for pins, _ in world.police.sent] == ["OUTCOME"]


def test_no_acknowledgement_follows_such_a_decision(world: World) -> None:
    world.take(a_receipt())
    world.take(a_decision(hold_codes=[{"code": "STAFF_LINK", "agency_id": PROBATION}]))
    world.take(an_acknowledgement())
    assert rows_of(world, "UPDATE") == []


def test_a_held_allegation_beside_what_is_told_holds_nothing_back(world: World) -> None:
    acknowledged_and_not_sent(world)
    world.take(a_decision(additional_outcomes=["LAD"], hold_codes=[{"code": "LADO"}]))
    assert acknowledgement(world) == "SUPERSEDED"


def test_a_newer_decision_that_is_not_held_takes_its_place(world: World) -> None:
    acknowledged_and_not_sent(world)
    world.take(a_decision(hold_codes=[{"code": "EMERGENCY"}]))
    assert acknowledgement(world) == "PENDING"
    world.take(a_revision())
    assert acknowledgement(world) == "SUPERSEDED"
    assert REFERRER_WAITS not in child(world)


def test_once_told_it_hears_none_though_the_next_decision_is_held(world: World) -> None:
    world.take(a_receipt())
    world.take(a_decision())
    world.send_due()
    world.take(a_revision(hold_codes=SENSITIVE))
    world.take(an_acknowledgement())
    assert rows_of(world, "UPDATE") == []


def test_what_partners_are_asked_gives_way_to_a_held_decision_as_well(world: World) -> None:
    world.take(a_receipt())
    world.take(an_acknowledgement("north-probation"))
    world.take(a_decision(hold_codes=SENSITIVE))
    assert [row["nonce"] for row in rows_of(world, "SUPERSEDED")] == [f"U{Series.CONTRIBUTION}"]
    world.send_due()
    assert world.mailbox.mails == []


def test_told_by_telephone_first_it_hears_no_acknowledgement_after_that(world: World) -> None:
    acknowledged_and_not_sent(world)
    world.take(a_decision(hold_codes=[{"code": "EMERGENCY"}]))
    world.take(a_phone_call(POLICE))
    world.take(an_acknowledgement(acknowledged_at="2026-11-24T11:00:00Z"))
    world.send_due()
    assert acknowledgement(world) == "SUPERSEDED"
    assert heard(world) == []


def test_told_by_telephone_first_none_is_made(world: World) -> None:
    world.take(a_receipt())
    world.take(a_decision(hold_codes=[{"code": "EMERGENCY"}]))
    world.take(a_phone_call(POLICE))
    world.take(an_acknowledgement())
    assert rows_of(world, "UPDATE") == []


# --- once, and to nobody whose address is not known


def test_it_is_made_once_however_often_it_is_stated(world: World) -> None:
    world.take(a_receipt())
    world.take(a_decision(hold_codes=SENSITIVE))
    for _ in range(2):
        world.take(an_acknowledgement())
    world.take(an_acknowledgement(acknowledged_at="2026-11-24T11:00:00Z"))
    world.send_due()
    assert len(rows_of(world, "UPDATE")) == len(heard(world)) == 1


def test_one_that_failed_once_is_tried_again_though_the_outcome_is_held_by_now(world: World) -> None:
    acknowledged_and_not_sent(world)
    world.police.answers = [Answer(AttemptResult.FAILED, error=ErrorWord.E_CONNECTION)]
    world.send_due()
    assert acknowledgement(world) == "RETRY"
    world.take(a_decision(hold_codes=SENSITIVE))
    world.later(hours=1)
    world.send_due()
    assert acknowledgement(world) == "SENT"


def test_one_that_came_before_its_referral_is_taken_up_though_the_outcome_is_held_by_then(
    as_ever: Heard, world: World
) -> None:
    world.take(an_acknowledgement())
    world.take(a_decision(hold_codes=SENSITIVE))
    world.take(a_receipt())
    world.send_due()
    assert heard(world) == as_ever[:1]


def test_the_decisions_own_words_change_none_of_its_words(as_ever: Heard, world: World) -> None:
    """When the referral came, and how urgent it is, are as its arrival and its acknowledgement say."""
    world.take(a_receipt())
    world.take(a_decision(hold_codes=SENSITIVE, received_at="2026-11-23T16:10:00Z", rag="GREEN"))
    world.take(an_acknowledgement())
    world.send_due()
    assert heard(world) == as_ever[:1]
    assert child(world)["rag"] == "GREEN"


def test_each_child_has_its_own(world: World) -> None:
    world.take(a_receipt(1, 2, 3))
    world.take(a_decision(hold_codes=SENSITIVE))
    world.take(a_decision(event_id="2d1c0b2a-1111-4222-8333-944455556666", child_index=2, source_seq=None))
    world.take(an_acknowledgement())
    assert [row["child"] for row in rows_of(world, "UPDATE")] == [1, 3]
    row = next(row for row in rows_of(world, "LIFECYCLE") if row["event_type"] == "ACKNOWLEDGED")
    assert (row["already_decided"], row["outcome_held"]) == ([1, 2], [1])


def test_held_for_its_address_it_stays_somebodys_task_when_the_outcome_is_held_for_another_reason(
    as_ever: Heard, world: World
) -> None:
    world.take(a_receipt())
    unchecked(world)
    world.take(an_acknowledgement())
    checked_anew(world)
    world.take(a_decision(hold_codes=SENSITIVE))
    assert world.tasks()[f"RELEASE_AGENCY#01#{POLICE}"]["st"] == "OPEN"
    world.release(agency=POLICE)
    only_the_acknowledgement_left(world, as_ever)
