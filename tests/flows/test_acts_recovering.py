"""All that an endpoint has not taken since a moment goes again, however much, and however often one asks."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.adapters.errors import BusyError
from functions.adapters.ledger.store import Change, Item, Store
from functions.adapters.registry.endpoint_rows import EndpointRows
from functions.domain.delivery import Answer
from functions.domain.tasks import endpoint_task
from functions.flows.acting.order import NotPossibleError
from functions.flows.acting.recover import MOST_AT_ONCE, Became, Found, Outage, find, recover, trouble_began
from schemas.codes import (
    ActReason,
    AgencyType,
    AttemptResult,
    CanaryResult,
    Channel,
    DeliveryState,
    ErrorWord,
    PauseCause,
)
from tests.stage_tables import stage_tables, store_over
from tests.world import (
    MORNING,
    World,
    a_decision,
    a_registry,
    a_revision,
    a_world,
    an_agency,
    an_event_id,
    change_agency,
    is_whole,
)

POLICE, PROBATION = "north-police", "north-probation"
BUSY = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
FOR_GOOD = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_HTTP, http_status=500)


def refs(count: int) -> list[str]:
    return [f"NS-26-{number:06d}" for number in range(count)]


def decide(world: World, ref: str, **changes: Any) -> None:
    event_id = an_event_id(ref, *changes.items())
    world.take(a_decision(referral_ref=ref, event_id=event_id, involved_agencies=[], **changes))


def found(
    world: World, since: datetime = MORNING, until: datetime | None = None, most: int = MOST_AT_ONCE
) -> Found:
    return find(Outage(POLICE, since, until), world.act_desk, most=most)


def recovered(world: World, what: Found | None = None) -> Counter[Became]:
    order = world.order(ActReason.ENDPOINT_MENDED)
    return Counter(one.became for one in recover(what or found(world), order, world.act_desk))


def message(world: World, ref: str, **which: Any) -> Item:
    return world.delivery(POLICE, Channel.WEBHOOK, ref=ref, **which)


def change(world: World, ref: str, **attributes: Any) -> None:
    item = message(world, ref)
    part = world.store.update("x", "state", (item["pk"], item["sk"]), change=Change(attributes))
    world.store.write([part])


def live(world: World) -> list[Item]:
    """Every message to the police's system, without those that were sent again."""
    return [
        item
        for item in world.all_items("state")
        if item.get("chan") == Channel.WEBHOOK and item["agency"] == POLICE and "resent" not in item
    ]


def closed(world: World) -> list[Item]:
    return [row for row in world.all_items("audit") if row["type"] == "ATTEMPT_CLOSED"]


def resent(world: World) -> list[Item]:
    return [row for row in world.all_items("audit") if row["type"] == "RESENT"]


TOLD, FAILED, PARKED, RETRY, PUT_OFF, HELD = refs(6)


@pytest.fixture
def outage(world: World) -> World:
    """One message of each sort, after one that was told before it all began."""
    decide(world, TOLD)
    world.send_due()
    world.later(minutes=1)
    decide(world, FAILED)
    world.police.answers = [FOR_GOOD]
    world.send_due()
    decide(world, PARKED)
    change_agency(world, POLICE, status="INACTIVE")
    world.send_due()
    change_agency(world, POLICE, status="ACTIVE")
    decide(world, RETRY)
    world.police.answers = [BUSY, BUSY]
    world.send_due()
    world.later(seconds=10)
    world.send_due()
    decide(world, PUT_OFF)
    world.health.pause(POLICE, PauseCause.BY_HAND, by="x", now=world.now)
    world.send_due()
    world.health.resume(POLICE, by="x", reason="x", request="x", now=world.now)
    decide(world, HELD, hold_codes=[{"code": "SENSITIVE"}])
    return world


def test_each_row_of_a_recovery_has_an_identity_of_its_own(outage: World) -> None:
    """Its messages stand in many referrals, under the same sort key in each."""
    recovered(outage)
    uids = {row["uid"] for row in resent(outage)}
    assert len(uids) == len(resent(outage)) > 1


def test_everything_that_the_endpoint_did_not_take_is_found_and_counted_by_state(outage: World) -> None:
    what = found(outage)
    assert what.by_state == {
        DeliveryState.FAILED: 1,
        DeliveryState.PARKED: 1,
        DeliveryState.RETRY: 1,
        DeliveryState.PENDING: 1,
    }
    assert [item["pk"] for item in what.items] == [f"R#{ref}" for ref in (FAILED, PARKED, RETRY, PUT_OFF)]
    assert (what.agency_id, what.more) == (POLICE, 0)


def fail(world: World) -> datetime:
    task = endpoint_task(world.now, world.clocks)
    assert world.health.open(POLICE, until=world.now + timedelta(minutes=2), task=task, now=world.now)
    return world.now


def pause_and_resume(world: World) -> datetime:
    paused_at = world.now
    assert world.health.pause(POLICE, PauseCause.BY_HAND, by="x", now=world.now)
    world.later(hours=1)
    assert world.health.resume(POLICE, by="x", reason="x", request="x", now=world.now)
    world.later(hours=1)
    return paused_at


def take_a_canary(world: World) -> None:
    rows = EndpointRows(world.store, world.chain)
    rows.append(POLICE, {"result": CanaryResult.CANARY_OK}, by="x", now=world.now, beside=[])
    world.later(hours=1)


def test_a_trouble_began_when_the_endpoint_failed_though_somebody_paused_and_resumed_it_since(
    world: World,
) -> None:
    assert trouble_began(POLICE, world.act_desk) is None
    failed_at = fail(world)
    world.later(hours=3)
    pause_and_resume(world)
    assert trouble_began(POLICE, world.act_desk) == failed_at
    take_a_canary(world)
    assert trouble_began(POLICE, world.act_desk) == failed_at


@pytest.mark.parametrize("ended", ["by its breaker", "by a canary"])
def test_a_trouble_that_ended_is_no_part_of_the_next(world: World, ended: str) -> None:
    fail(world)
    world.later(hours=3)
    if ended == "by its breaker":
        assert world.health.close(POLICE, now=world.now)
        world.later(hours=3)
    else:
        pause_and_resume(world)
        take_a_canary(world)
    paused_at = pause_and_resume(world)
    assert trouble_began(POLICE, world.act_desk) == paused_at


def test_looking_changes_nothing(outage: World) -> None:
    before = [outage.all_items(table) for table in ("audit", "state", "keys")]
    found(outage)
    assert [outage.all_items(table) for table in ("audit", "state", "keys")] == before


def test_what_waits_goes_at_once_and_what_failed_as_a_new_message_each_with_its_row(outage: World) -> None:
    assert recovered(outage) == {Became.SENT_AGAIN: 4}
    rows = {row["pk"].removeprefix("R#"): row for row in resent(outage)}
    assert {ref: (row["was"], row["state"]) for ref, row in rows.items()} == {
        FAILED: ("FAILED", "PENDING"),
        PARKED: ("PARKED", "RETRY"),
        RETRY: ("RETRY", "RETRY"),
        PUT_OFF: ("PENDING", "PENDING"),
    }
    assert {(row["actor"], row["reason"]) for row in rows.values()} == {("mash-manager", "ENDPOINT_MENDED")}
    assert len({row["cause"] for row in rows.values()}) == 1
    for _ in range(5):  # one first, to see whether it answers
        outage.send_due()
    last = [
        item for item in outage.all_items("state") if item.get("chan") == "webhook" and "resent" not in item
    ]
    assert Counter(item["st"] for item in last) == {"SENT": 5, "PENDING": 1}
    assert all(is_whole(outage.rows(ref)) for ref in refs(6))


def test_running_it_again_finds_only_what_is_left(outage: World) -> None:
    what = found(outage)
    order = outage.order(ActReason.ENDPOINT_MENDED)
    first_two = recover(what, order, outage.act_desk)
    assert [next(first_two).became for _ in range(2)] == [Became.SENT_AGAIN] * 2
    left = found(outage)
    assert [item["pk"] for item in left.items] == [f"R#{ref}" for ref in (RETRY, PUT_OFF)]
    recovered(outage, left)
    assert found(outage).items == []
    assert recovered(outage) == {}
    assert len(resent(outage)) == 4


def test_what_goes_on_by_itself_meanwhile_is_not_sent_again(outage: World) -> None:
    what = found(outage)
    outage.later(minutes=2)
    outage.send_due()  # what is to be tried again is
    came = recovered(outage, what)
    assert came == {Became.SENT_AGAIN: 3, Became.WENT_ON: 1}
    assert RETRY not in {row["pk"].removeprefix("R#") for row in resent(outage)}


def test_one_that_others_are_writing_to_all_the_while_is_left_and_keeps_no_other_from_it(
    outage: World,
) -> None:
    what = found(outage)

    class Busy(Store):
        def write(self, parts: Any) -> None:
            if any(PARKED in str(part.action) for part in parts):
                raise BusyError("throttled")
            super().write(parts)

    outage.use(Busy)
    assert recovered(outage, what) == {Became.SENT_AGAIN: 3, Became.LEFT: 1}
    outage.use(Store)
    assert [item["pk"] for item in found(outage).items] == [f"R#{PARKED}"]


# --- since when, and whose


def test_what_ended_before_or_after_the_outage_is_left_out(outage: World) -> None:
    after = found(outage, since=MORNING + timedelta(minutes=1, seconds=5))
    assert FAILED not in {item["pk"].removeprefix("R#") for item in after.items}
    until = found(outage, until=MORNING + timedelta(minutes=1))
    assert {item["pk"].removeprefix("R#") for item in until.items} == {FAILED, PARKED, RETRY}
    decide(outage, "NS-26-900000")
    assert len(found(outage).items) == 4


def test_what_failed_earlier_is_not_found_because_a_sibling_waits(world: World) -> None:
    decide(world, FAILED)
    world.police.answers = [FOR_GOOD]
    world.send_due()
    world.later(hours=1)
    world.take(a_decision(referral_ref=FAILED, event_id=an_event_id("sibling"), child_index=2))
    world.health.pause(POLICE, PauseCause.BY_HAND, by="x", now=world.now)
    world.send_due()
    assert [item["child"] for item in found(world, since=world.now).items] == [2]
    assert [item["child"] for item in found(world).items] == [1, 2]


def test_an_outage_may_last_from_one_month_into_the_one_after_next(world: World) -> None:
    decide(world, FAILED)
    world.police.answers = [FOR_GOOD]
    world.send_due()
    world.later(days=60)
    decide(world, PARKED)
    world.police.answers = [FOR_GOOD]
    world.send_due()
    assert world.now.month == 1
    assert found(world).by_state == {DeliveryState.FAILED: 2}


def test_other_agencies_other_channels_and_older_versions_are_nobodys_business_here(world: World) -> None:
    gp = an_agency("north-gp", AgencyType.GP, Channel.WEBHOOK)
    world.apply(a_registry(gp))
    both = {"involved_agencies": [{"agency_id": PROBATION, "own_ref": "PR-55120", "holds_plan_role": True}]}
    world.take(a_decision(**both | {"referring_agency": {"agency_id": "north-gp", "own_ref": "GP-1234"}}))
    world.police.answers = [FOR_GOOD, FOR_GOOD]
    world.mailbox.answers = [FOR_GOOD]
    world.send_due()
    decide(world, FAILED)
    world.send_due()
    world.take(a_revision(referral_ref=FAILED, event_id=an_event_id("revised")))
    assert found(world).items == []


# --- many


@pytest.fixture
def in_small_pages() -> Iterator[World]:
    """Each query answers three items at a time, as a large one does by the megabyte."""
    with a_world(lambda: store_over(stage_tables(largest_page=3))) as world:
        yield world


def test_a_recovery_over_several_pages_with_retries_between_loses_nothing_and_doubles_nothing(
    in_small_pages: World,
) -> None:
    """Twenty messages; a third failed, the others wait for their next try, and some make it meanwhile."""
    world = in_small_pages
    for number, ref in enumerate(refs(20)):
        decide(world, ref)
        world.police.answers = [FOR_GOOD if number % 3 == 0 else BUSY]
        world.send_due()
        close_the_breaker(world)
    what = found(world)
    assert len(what.items) == 20
    went_on = 0
    for place, _ in enumerate(recover(what, world.order(ActReason.ENDPOINT_MENDED), world.act_desk)):
        if place % 5 == 0:
            world.later(seconds=20)
            went_on += world.send_due()
    for _ in range(6):
        world.later(minutes=2)
        world.send_due()
    assert went_on > 0
    assert Counter(item["st"] for item in live(world)) == {"SENT": 20}
    assert Counter(row["result"] for row in closed(world) if row["result"] == "SUCCESS") == {"SUCCESS": 20}
    assert found(world).items == []
    assert all(is_whole(world.rows(ref)) for ref in refs(20))


def close_the_breaker(world: World) -> None:
    """As after each probe that was answered: this story is not about the breaker."""
    closed_now = Change({"breaker": "CLOSED"}, remove=("open_until", "probe_until"))
    world.store.write([world.store.update("x", "state", (f"G#{POLICE}", "EP#webhook"), change=closed_now)])


def test_one_run_takes_so_many_and_says_how_many_are_left(outage: World) -> None:
    what = found(outage, most=3)
    assert (len(what.items), what.more) == (3, 1)
    recovered(outage, what)
    left = found(outage, most=3)
    assert (len(left.items), left.more) == (1, 0)


# --- what is refused


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (
            lambda world: world.health.pause(POLICE, PauseCause.GONE, by="x", now=world.now),
            "north-police's endpoint is paused (GONE). `mash resume north-police` ends that",
        ),
        (
            lambda world: change_agency(world, POLICE, checked_url=None),
            "The endpoint of north-police is not verified: `mash agencies check` says what to do.",
        ),
    ],
    ids=["paused", "not checked"],
)
def test_nothing_is_recovered_at_an_endpoint_that_cannot_be_sent_to(
    outage: World, prepare: Callable[[World], object], said: str
) -> None:
    what = found(outage)
    prepare(outage)
    with pytest.raises(NotPossibleError) as caught:
        recovered(outage, what)
    assert str(caught.value).startswith(said)
    assert resent(outage) == []


@pytest.mark.parametrize(
    ("since", "until"),
    [(timedelta(hours=1), timedelta(hours=2)), (timedelta(), timedelta(seconds=-1))],
    ids=["to come", "ends before it begins"],
)
def test_an_outage_is_something_that_has_been(world: World, since: timedelta, until: timedelta) -> None:
    with pytest.raises(NotPossibleError, match="Say a moment that has passed with --since"):
        found(world, since=MORNING + since, until=MORNING + until)


def test_a_reason_for_another_act_is_none_for_this(outage: World) -> None:
    with pytest.raises(NotPossibleError, match="WRONG_RECIPIENT is no reason to recover"):
        recover(found(outage), outage.order(ActReason.WRONG_RECIPIENT), outage.act_desk)
    assert resent(outage) == []


def test_an_agency_without_a_webhook_has_nothing_to_recover(world: World) -> None:
    with pytest.raises(NotPossibleError, match="nobody is no active agency with a webhook"):
        find(Outage("nobody", MORNING, MORNING), world.act_desk, most=1)
