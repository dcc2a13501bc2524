"""Nobody arranges in advance what becomes of a decision that is not made yet: that it is released, withheld,
taken back, or called told."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Change, Item
from functions.flows.intake.life.of_a_version import ACTS_FROM
from schemas.codes import AgencyType, Channel
from tests.flows.accounts import reckoned
from tests.flows.heard import child
from tests.flows.lives import a_phone_call, a_release, a_withdrawal, a_withholding
from tests.flows.sweeps import REF, rows_of
from tests.world import (
    MORNING,
    Wire,
    World,
    a_decision,
    a_receipt,
    a_registry,
    a_revision,
    an_agency,
)

DECIDED = "2026-11-24T15:02:00Z"
BEFORE = "2026-11-24T15:01:59.999Z"
MORNING_OF_IT, A_DAY_BEFORE = "2026-11-24T09:00:00Z", "2026-11-23T15:02:00Z"
A_DAY_LATER, LATER_STILL = "2026-11-25T15:02:30Z", "2026-11-25T15:02:31Z"
SENSITIVE = [{"code": "SENSITIVE", "agency_id": None}]

ACTS: Mapping[str, Callable[..., Wire]] = {
    "released_at": a_release,
    "withheld_at": a_withholding,
    "withdrawn_at": a_withdrawal,
    "phoned_at": a_phone_call,
}
"""Each act upon a version, by the field that says when it was done."""
each_act = pytest.mark.parametrize("field", ACTS)
but_withholding = pytest.mark.parametrize("field", [field for field in ACTS if field != "withheld_at"])
"""Of what is withheld nothing is refused because it was agreed before."""


def an_act(field: str, at: str, **changes: Any) -> Wire:
    return ACTS[field](**{field: at, **changes})


def last(world: World) -> Item:
    return rows_of(world, "LIFECYCLE")[-1]


def is_kept(world: World, copy: str) -> bool:
    return bool(world.s3.head_object(Bucket=world.bucket, Key=copy))


def as_it_was(world: World) -> tuple[list[Item], list[Item]]:
    """The referral, and its rows."""
    return world.store.partition("state", keys.referral(REF)), world.rows()


# --- once the decision is here


@pytest.mark.parametrize(
    ("field", "at", "reason"),
    [
        *(
            (field, at, "BEFORE_DECISION")
            for field in ACTS
            if field != "withheld_at"
            for at in (BEFORE, MORNING_OF_IT)
        ),
        *((field, LATER_STILL, "IN_THE_FUTURE") for field in ACTS),
    ],
)
@pytest.mark.parametrize("holds", [[], SENSITIVE], ids=["not held", "held"])
def test_what_cannot_have_been_done_then_is_refused_by_its_field_and_changes_nothing(
    world: World, field: str, at: str, reason: str, holds: list[Any]
) -> None:
    world.take(a_decision(hold_codes=holds))
    before = as_it_was(world)
    world.take(an_act(field, at))
    (refused,) = world.refused()
    assert (refused["field"], refused["reason"]) == (field, reason)
    assert is_kept(world, refused["kept_as"])
    assert as_it_was(world) == before


@each_act
@pytest.mark.parametrize("at", [DECIDED, A_DAY_LATER])
def test_from_its_decision_until_a_day_ahead_it_is_done(world: World, field: str, at: str) -> None:
    world.take(a_decision(hold_codes=SENSITIVE if field == "released_at" else []))
    world.take(an_act(field, at))
    assert world.refused() == []
    assert "CHECK_RELEASE#01" not in world.tasks()
    assert was_done(world, field)


def was_done(world: World, field: str) -> bool:
    """Whether the act that says when in `field` took effect."""
    match field:
        case "released_at":
            return rows_of(world, "RELEASED") != []
        case "phoned_at":
            return "phoned_at" in world.delivery("north-probation", Channel.EMAIL)
    return {row["agency"] for row in rows_of(world, "CANCELLED")} == {"north-police", "north-probation"}


@each_act
def test_a_decision_that_says_it_is_made_tomorrow_can_be_acted_on_once_it_is_here(
    world: World, field: str
) -> None:
    """A slip in its moment must not keep anybody from holding it back, or from taking it back."""
    holds = SENSITIVE if field == "released_at" else []
    world.take(a_decision(decided_at="2026-11-25T15:02:00Z", hold_codes=holds))
    world.take(an_act(field, "2026-11-24T15:02:30Z"))
    assert was_done(world, field)


@but_withholding
def test_a_child_that_an_earlier_release_decided_has_the_decisions_own_moment(
    world: World, field: str
) -> None:
    world.take(a_decision())
    address = (keys.referral(REF), keys.child(1))
    world.store.write([world.store.update("child", "state", address, change=Change({}, remove=(ACTS_FROM,)))])
    world.take(an_act(field, BEFORE))
    assert [row["reason"] for row in world.refused()] == ["BEFORE_DECISION"]
    world.take(an_act(field, DECIDED))
    assert len(world.refused()) == 1


@pytest.mark.parametrize(("at", "refused"), [(BEFORE, 1), (DECIDED, 0)])
def test_a_call_about_an_older_version_is_compared_with_that_one(world: World, at: str, refused: int) -> None:
    world.take(a_decision())
    world.later(hours=2)
    world.take(a_revision())
    world.take(a_phone_call(phoned_at=at))
    assert len(world.refused()) == refused


@pytest.mark.parametrize("channels", [(Channel.EMAIL,), ()], ids=["by a message", "by a call alone"])
def test_an_older_version_that_says_it_is_made_tomorrow_was_told_by_a_call_once_it_was_here(
    world: World, channels: tuple[Channel, ...]
) -> None:
    """A slip in its moment does not outlive it: who was told it is known by the next one, too."""
    world.apply(a_registry(an_agency("hill-nurse", AgencyType.SCHOOL_NURSING, *channels)))
    nurse = {"agency_id": "hill-nurse", "own_ref": "SN-1001", "holds_plan_role": False}
    alone: dict[str, Any] = {"involved_agencies": [nurse], "referring_agency": None}
    world.take(a_decision(decided_at="2026-11-25T15:02:00Z", **alone))
    world.later(hours=2)
    world.take(a_revision(**alone))
    world.take(a_phone_call("hill-nurse", phoned_at="2026-11-24T17:02:10Z"))
    assert world.refused() == []
    assert last(world)["event_type"] == "PHONE_CONFIRMED"


def test_a_call_about_a_version_that_never_came_is_recorded(world: World) -> None:
    """A hub may begin with the second; who was told the first, and when, nobody here can say."""
    world.later(hours=2)
    world.take(a_revision())
    world.take(a_phone_call(phoned_at="2026-11-24T10:00:00Z"))
    assert world.refused() == []
    assert last(world)["event_type"] == "PHONE_CONFIRMED"


# --- withheld with a moment before the decision: never refused


def test_what_was_agreed_within_the_day_before_is_withheld_and_the_manager_looks_all_the_same(
    world: World,
) -> None:
    """The manager agreed to it at 14:50, and the decision was recorded at 15:02."""
    world.take(a_decision())
    world.take(a_withholding(withheld_at="2026-11-24T14:50:00Z"))
    assert world.refused() == []
    assert was_done(world, "withheld_at")
    assert last(world)["agreed_before"] is True
    task = world.tasks()["CHECK_WITHHELD#01"]
    assert (task["role"], task["st"], task["due_at"]) == ("MASH_MANAGER", "OPEN", "2026-11-24T16:02:30.000Z")
    assert world.send_due() == 0


def test_the_day_before_is_as_long_as_a_day(world: World) -> None:
    world.take(a_decision())
    world.take(a_withholding(withheld_at=A_DAY_BEFORE))
    assert was_done(world, "withheld_at")


@pytest.mark.parametrize("at", ["2026-11-23T15:01:59.999Z", "2026-11-02T10:00:00Z"])
def test_what_says_it_was_withheld_longer_before_stops_nothing_and_the_manager_looks(
    world: World, at: str
) -> None:
    world.take(a_decision())
    world.take(a_withholding(withheld_at=at))
    assert world.refused() == []
    assert last(world)["before_decision"] is True
    assert world.tasks()["CHECK_WITHHELD#01"]["st"] == "OPEN"
    assert world.send_due() == 2


def test_what_was_agreed_before_and_may_have_left_says_both(world: World) -> None:
    world.take(a_decision())
    world.send_due()
    world.take(a_withholding(withheld_at="2026-11-24T14:50:00Z"))
    assert (last(world)["agreed_before"], last(world)["may_have_left"]) == (True, True)
    assert world.tasks()["CHECK_WITHHELD#01"]["st"] == "OPEN"


def test_what_was_agreed_before_and_overtook_its_decision_is_withheld(world: World) -> None:
    world.take(a_withholding(withheld_at="2026-11-24T14:50:00Z"))
    world.later(seconds=2)
    world.take(a_decision())
    assert was_done(world, "withheld_at")
    assert (last(world)["agreed_before"], world.tasks()["CHECK_WITHHELD#01"]["st"]) == (True, "OPEN")


# --- before the decision is made


def arranged(world: World, field: str, at: str, **decision: Any) -> None:
    """The act came an hour before anybody decided anything."""
    world.now = MORNING - timedelta(hours=1)
    world.take(a_receipt())
    world.take(an_act(field, at))
    assert last(world)["waits_for"] == "DECISION"
    world.now = MORNING
    world.take(a_decision(**decision))
    assert last(world)["waited_since"] == "2026-11-24T14:02:30.000Z"


when_it_says = pytest.mark.parametrize(
    "at", ["2026-11-24T14:02:00Z", "2026-11-24T15:30:00Z"], ids=["honestly", "dated after it"]
)


@each_act
def test_what_lies_more_than_a_day_ahead_is_refused_before_its_decision_as_after_it(
    world: World, field: str
) -> None:
    world.take(an_act(field, LATER_STILL))
    (refused,) = world.refused()
    assert (refused["field"], refused["reason"]) == (field, "IN_THE_FUTURE")
    assert world.rows() == []


@when_it_says
def test_a_release_arranged_in_advance_releases_nothing_and_is_the_managers_to_look_at(
    world: World, at: str
) -> None:
    arranged(world, "released_at", at, hold_codes=SENSITIVE)
    assert last(world)["not_releasable"] == "CAME_BEFORE_DECISION"
    assert rows_of(world, "RELEASED") == []
    tasks = world.tasks()
    assert (tasks["CHECK_RELEASE#01"]["role"], tasks["CHECK_RELEASE#01"]["st"]) == ("MASH_MANAGER", "OPEN")
    assert tasks["RELEASE_CHILD#01"]["st"] == "OPEN"
    assert world.send_due() == 0


@when_it_says
def test_what_somebody_arranged_to_withhold_is_told_and_the_manager_looks_within_the_hour(
    world: World, at: str
) -> None:
    """Silence about a child is the danger that nobody would notice: a hold in the decision itself keeps it
    back visibly, an event from before it does not."""
    arranged(world, "withheld_at", at)
    assert last(world)["before_decision"] is True
    assert (rows_of(world, "CANCELLED"), "withheld" in child(world)) == ([], False)
    task = world.tasks()["CHECK_WITHHELD#01"]
    assert (task["role"], task["due_at"]) == ("MASH_MANAGER", "2026-11-24T16:02:30.000Z")
    assert world.send_due() == 2


def test_what_is_held_as_well_stays_held(world: World) -> None:
    arranged(world, "withheld_at", "2026-11-24T15:30:00Z", hold_codes=SENSITIVE)
    assert world.tasks()["RELEASE_CHILD#01"]["st"] == "OPEN"
    assert world.send_due() == 0


@when_it_says
@pytest.mark.parametrize("field", ["withdrawn_at", "phoned_at"])
def test_what_nobody_can_have_done_yet_is_refused_and_the_decision_is_told(
    world: World, field: str, at: str
) -> None:
    arranged(world, field, at)
    refused = last(world)
    assert (refused["field"], refused["reason"]) == (field, "BEFORE_DECISION")
    assert is_kept(world, refused["refused_copy"])
    assert [clock["ended_by"] for clock in early_clocks(world)] == ["ANSWERED"]
    assert "withdrawn" not in child(world)
    assert "phoned_at" not in world.delivery("north-probation", Channel.EMAIL)
    assert world.send_due() == 2


def early_clocks(world: World) -> list[Item]:
    return world.store.partition("state", keys.referral(REF), f"{keys.CLOCK_PREFIX}EARLY")


@each_act
def test_it_is_a_version_that_counts_and_not_the_child(world: World, field: str) -> None:
    """The first was decided long before; what the second says nobody knew."""
    world.take(a_decision(decided_at="2026-11-24T12:00:00Z", strategy_discussion_at=None))
    world.take({**an_act(field, "2026-11-24T17:00:00Z"), "decision_seq": 2})
    world.later(hours=2)
    world.take(a_revision(hold_codes=SENSITIVE if field == "released_at" else []))
    assert not {"released", "withdrawn", "withheld"} & child(world).keys()
    assert rows_of(world, "RELEASED") == []
    if field in ("withdrawn_at", "phoned_at"):
        assert last(world)["reason"] == "BEFORE_DECISION"


# --- put on the bus in the wrong order


@pytest.mark.parametrize("field", ["withheld_at", "withdrawn_at", "phoned_at"])
def test_what_was_done_after_the_decision_and_only_came_before_it_is_done(world: World, field: str) -> None:
    world.take(an_act(field, "2026-11-24T15:02:20Z"))
    world.later(seconds=2)
    world.take(a_decision())
    assert last(world)["waited_since"] == "2026-11-24T15:02:30.000Z"
    assert world.refused() == []
    assert was_done(world, field)


@but_withholding
def test_one_that_says_it_was_done_before_is_refused_when_its_decision_comes(
    world: World, field: str
) -> None:
    world.take(an_act(field, BEFORE))
    world.later(seconds=2)
    world.take(a_decision(hold_codes=SENSITIVE))
    assert (last(world)["field"], last(world)["reason"]) == (field, "BEFORE_DECISION")
    assert world.tasks()["RELEASE_CHILD#01"]["st"] == "OPEN"


def test_a_release_that_came_before_its_decision_never_releases_by_itself(world: World) -> None:
    """Whoever ends a hold has seen what is held: which of the two was sent first nobody can tell here."""
    world.take(a_release())
    world.later(seconds=2)
    world.take(a_decision(hold_codes=SENSITIVE))
    assert last(world)["not_releasable"] == "CAME_BEFORE_DECISION"
    assert world.tasks()["CHECK_RELEASE#01"]["st"] == "OPEN"
    assert world.send_due() == 0
    world.release()
    assert world.send_due() == 2


@each_act
def test_both_accounts_of_the_day_agree_on_what_was_arranged(world: World, field: str) -> None:
    arranged(world, field, "2026-11-24T15:30:00Z", hold_codes=SENSITIVE)
    assert reckoned(world).findings == ()
