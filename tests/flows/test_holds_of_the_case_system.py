"""Holds that the case system ends: released like a person's order."""

from collections.abc import Sequence
from typing import Any

import pytest

from functions.adapters.ledger.store import Item, Part, Store
from schemas.agency import Mailbox
from schemas.codes import AgencyType, Channel
from tests.flows.accounts import reckoned
from tests.flows.lives import a_release, a_withholding
from tests.flows.sweeps import rows_of
from tests.flows.test_releasing import held_in_all
from tests.world import (
    LosesAReply,
    World,
    a_decision,
    a_registry,
    a_revision,
    an_agency,
    change_agency,
)

SENSITIVE = {"code": "SENSITIVE", "agency_id": None}


def held(world: World, **changes: Any) -> None:
    """The worked example, held for everybody."""
    world.take(a_decision(**{"hold_codes": [SENSITIVE], **changes}))


def last(world: World) -> Item:
    return rows_of(world, "LIFECYCLE")[-1]


# --- released


def test_a_hold_that_ended_there_ends_here(world: World) -> None:
    held(world)
    assert world.send_due() == 0
    world.take(a_release("SAFE_TO_TELL"))
    assert world.kinds()[-2:] == ["LIFECYCLE", "RELEASED"]
    row = world.rows()[-1]
    assert (row["actor"], row["reason"], row["triggers"]) == (
        "mash.case-system:MASH_MANAGER",
        "SAFE_TO_TELL",
        ["SENSITIVE"],
    )
    assert row["cause"] == world.rows()[-2]["cause"]
    assert world.tasks()["RELEASE_CHILD#01"]["st"] == "DONE"
    assert world.send_due() == 2


def test_a_hold_of_one_agency_alone_ends_for_its_lead(world: World) -> None:
    lead = Mailbox(address="lead@hill-school.secure.example", verified_at=world.now.date())
    world.apply(
        a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL, safeguarding_lead=lead))
    )
    link = {"code": "STAFF_LINK", "agency_id": "hill-school"}
    referrer = {"agency_id": "hill-school", "own_ref": "HS/204"}
    held(world, hold_codes=[link], referring_agency=referrer)
    world.take(a_release("SAFE_TO_TELL", agency_id="hill-school"))
    assert world.kinds()[-3:] == ["LIFECYCLE", "RELEASED", "CANCELLED"]
    world.send_due()
    assert "hill-school" in {pins.agency_id for pins, _ in world.mailbox.mails}


def test_an_allegation_ends_by_the_one_reason_that_fits_it(world: World) -> None:
    held(world, hold_codes=[], additional_outcomes=["LAD"])
    world.send_due()
    world.take(a_release("AGREED_WITH_DESIGNATED_OFFICER"))
    assert world.rows()[-1]["task"] == "RELEASE_ALLEGATION"
    assert world.tasks()["RELEASE_ALLEGATION#01"]["st"] == "DONE"


@pytest.mark.parametrize(
    ("decision", "release", "code"),
    [
        ({"hold_codes": []}, {}, "NOTHING_HELD"),
        (
            {"primary_outcome": "EMP", "strategy_discussion_at": None},
            {"reason": "SAFE_TO_TELL"},
            "REASON_DOES_NOT_FIT",
        ),
        ({}, {"agency_id": "north-probation"}, "NOTHING_HELD"),
        (
            {"hold_codes": [{"code": "STAFF_LINK", "agency_id": "north-probation"}]},
            {"agency_id": "north-probation"},
            "NO_SAFEGUARDING_LEAD",
        ),
    ],
)
def test_what_cannot_be_released_is_a_row_and_the_managers_to_look_at(
    world: World, decision: dict[str, Any], release: dict[str, Any], code: str
) -> None:
    held(world, **decision)
    before = {name: task["st"] for name, task in world.tasks().items()}
    world.take(a_release(**{"reason": "TOLD_BY_PHONE_FIRST", **release}))
    assert last(world)["not_releasable"] == code
    assert rows_of(world, "RELEASED") == []
    new = {name: task for name, task in world.tasks().items() if name not in before}
    assert [(task["kind"], task["role"]) for task in new.values()] == [("CHECK_RELEASE", "MASH_MANAGER")]
    assert {name: task["st"] for name, task in world.tasks().items() if name in before} == before


def test_an_address_that_is_not_verified_is_released_by_no_event(world: World) -> None:
    change_agency(world, "north-probation", verified_at=None)
    held(world, hold_codes=[])
    world.take(a_release("ADDRESS_VERIFIED", agency_id="north-probation"))
    assert last(world)["not_releasable"] == "ADDRESS_NOT_VERIFIED"


def test_an_agency_that_has_left_the_registry_is_not_released(world: World) -> None:
    held(world, hold_codes=[{"code": "STAFF_LINK", "agency_id": "north-probation"}])
    change_agency(world, "north-probation", status="INACTIVE")
    world.take(a_release("SAFE_TO_TELL", agency_id="north-probation"))
    assert last(world)["not_releasable"] == "NOT_IN_REGISTRY"


def test_what_was_released_of_an_older_version_releases_no_newer_one(world: World) -> None:
    held(world)
    world.take(a_revision(hold_codes=[SENSITIVE]))
    world.take(a_release("SAFE_TO_TELL"))
    assert last(world)["not_releasable"] == "NEWER_DECISION"
    assert world.send_due() == 0


def test_a_release_of_what_nobody_knows_yet_waits_for_it_and_for_a_person(world: World) -> None:
    world.take(a_release("SAFE_TO_TELL"))
    assert last(world)["waits_for"] == "DECISION"
    held(world)
    assert last(world)["not_releasable"] == "CAME_BEFORE_DECISION"
    assert world.send_due() == 0


@pytest.mark.parametrize(
    "event", [a_release(agency_id="nobody-knows"), a_withholding(agency_id="nobody-knows")]
)
def test_an_agency_that_nobody_knows_is_refused_by_the_field(world: World, event: dict[str, Any]) -> None:
    held(world)
    world.take(event)
    (refused,) = world.refused()
    assert (refused["field"], refused["reason"]) == ("agency_id", "UNKNOWN_AGENCY")


def test_a_redelivery_and_a_lost_answer_release_once(world: World) -> None:
    held(world)
    world.use(LosesAReply)
    world.take(a_release("SAFE_TO_TELL"), bus_id="bus-00000001")
    world.use(Store)
    world.take(a_release("SAFE_TO_TELL"), bus_id="bus-00000001")
    world.take(a_release("SAFE_TO_TELL"), bus_id="bus-00000002")
    assert world.kinds()[-3:] == ["LIFECYCLE", "RELEASED", "EVENT_DUPLICATE"]
    assert "CHECK_RELEASE#01" not in world.tasks()


class EndsAfterOneWrite(Store):
    """One write gets through, and then the process ends."""

    writes = 0

    def write(self, parts: Sequence[Part]) -> None:
        self.writes += 1
        if self.writes > 1:
            raise RuntimeError("the process ends")
        super().write(parts)


def test_a_release_in_parts_that_was_cut_short_goes_on_where_it_was(world: World) -> None:
    """A crash between two parts leaves the rest held; the event comes again, its row stands with the last."""
    held(world, referring_agency=None)
    held_in_all(world, 120)
    world.use(EndsAfterOneWrite)
    with pytest.raises(RuntimeError):
        world.take(a_release("SAFE_TO_TELL"), bus_id="bus-00000001")
    assert (len(rows_of(world, "RELEASED")), rows_of(world, "LIFECYCLE")) == (1, [])
    world.use(Store)
    world.take(a_release("SAFE_TO_TELL"), bus_id="bus-00000001")
    assert len(rows_of(world, "RELEASED")) == 2
    assert last(world)["event_type"] == "RELEASED"
    assert world.tasks()["RELEASE_CHILD#01"]["st"] == "DONE"
    assert (
        len([item for item in world.all_items("state") if "due_pk" in item and "message_id" in item]) == 120
    )


@pytest.mark.parametrize(("number", "transactions"), [(90, 1), (91, 2)])
def test_the_event_has_its_room_beside_the_messages(world: World, number: int, transactions: int) -> None:
    held(world, referring_agency=None)
    held_in_all(world, number)
    world.take(a_release("SAFE_TO_TELL"))
    assert len(rows_of(world, "RELEASED")) == transactions
    assert len(rows_of(world, "LIFECYCLE")) == 1


def test_both_accounts_of_the_day_agree(world: World) -> None:
    held(world)
    world.take(a_release("ADDRESS_VERIFIED"))
    world.take(a_release("SAFE_TO_TELL", released_at="2026-11-24T15:40:00Z"))
    assert reckoned(world).findings == ()
