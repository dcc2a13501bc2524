"""Each clause of taking in alone: with only that one false, nothing is written."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.intake import Intake, parts_needed
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import (
    AcceptedDecision,
    Arrival,
    Elsewhere,
    KeptForm,
    NewDelivery,
    NewNotice,
    ReceivedReferral,
    Referral,
    Sealed,
)
from functions.adapters.ledger.store import MOST_PARTS, Change, ConditionsFailedError, Item
from schemas.codes import AuditKind, Channel
from tests.notices import pins
from tests.world import MORNING, World, a_decision, an_event_id, is_whole

REF = "NS-26-7KQ4ZP"
PK = keys.referral(REF)
FORM = keys.unlinked_form("NP-RA-000417")
POLICE = DeliveryKey(REF, 1, 1, "north-police", Channel.WEBHOOK)
POLICE_AGAIN = DeliveryKey(REF, 1, 2, "north-police", Channel.WEBHOOK)
ARRIVAL = Arrival(bus_id="bus-second", at=MORNING, source="mash.case-system")
SEALED = Sealed("a uid", b"sealed")


def everything(world: World) -> list[list[Item]]:
    return [world.all_items(table) for table in ("audit", "state", "keys")]


def intake(world: World) -> Intake:
    return Intake(world.store, world.chain)


def put(world: World, pk: str, sk: str, **attributes: Any) -> None:
    """Makes one item stand, or one that stands say something else, as another writer might have."""
    table = "keys" if sk == keys.KEY else "state"
    world.store.write([world.store.update("x", table, (pk, sk), change=Change({"by": "other"} | attributes))])


def refused(world: World, write: Callable[[], None]) -> dict[str, Item]:
    """What stood in the way of `write`, which must have written nothing."""
    before = everything(world)
    with pytest.raises(ConditionsFailedError) as caught:
        write()
    assert everything(world) == before
    return dict(caught.value.found)


# --- a decision


def a_second_version(new_key: bytes | None = None) -> AcceptedDecision:
    return AcceptedDecision(
        event_id="second",
        child=1,
        seq=2,
        facts=[Fact(AuditKind.DECISION, SEALED.uid, "mash.case-system", "second", {"child": 1, "dver": 2})],
        child_state={"outcome": "S17"},
        notices=(NewNotice(keys.notice(1, 2), SEALED),),
        deliveries=(
            NewDelivery(POLICE_AGAIN, pins(), endpoint_version=1, held=(), watched_after_seconds=1800),
        ),
        tasks=(),
        done_tasks=(),
        fingerprint="print",
        new_key=new_key,
    )


IN_THE_WAY: dict[str, tuple[str, tuple[str, str], dict[str, Any]]] = {
    "its event was taken in": ("event", (keys.marker("second"), keys.EVENT), {}),
    "its version is the child's already": ("child", (PK, keys.child(1)), {"dver": 2}),
    "the child has a newer version": ("child", (PK, keys.child(1)), {"dver": 3}),
    "its notice stands": (f"notice {keys.notice(1, 2)}", (PK, keys.notice(1, 2)), {}),
    "its delivery stands": (f"delivery {POLICE_AGAIN.sk}", (PK, POLICE_AGAIN.sk), {}),
    "an older delivery is being sent": (f"supersede {POLICE.sk}", (PK, POLICE.sk), {"st": "SENDING"}),
    "an older delivery failed once": (f"supersede {POLICE.sk}", (PK, POLICE.sk), {"st": "RETRY"}),
}


@pytest.mark.parametrize(("part", "place", "stands"), IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_a_decision_with_one_clause_false_names_it_and_writes_nothing(
    decided: World, part: str, place: tuple[str, str], stands: dict[str, Any]
) -> None:
    known = intake(decided).referral(REF)
    put(decided, *place, **stands)
    found = refused(decided, lambda: intake(decided).accept(known, a_second_version(), ARRIVAL))
    assert list(found) == [part]
    assert stands.items() <= found[part].items()


def test_a_second_key_for_one_referral_is_never_written(decided: World) -> None:
    known = intake(decided).referral(REF)
    found = refused(decided, lambda: intake(decided).accept(known, a_second_version(b"other"), ARRIVAL))
    assert list(found) == ["key"]


def test_a_newer_version_supersedes_what_is_still_unsent(decided: World) -> None:
    intake(decided).accept(intake(decided).referral(REF), a_second_version(), ARRIVAL)
    (child,) = intake(decided).referral(REF).children.values()
    assert (child["dver"], child["outcome"]) == (2, "S17")
    older = decided.delivery("north-police", Channel.WEBHOOK)
    assert older["st"] == "SUPERSEDED"
    assert not {"due_at", "due_pk", "due_sk"} & set(older)
    assert decided.delivery("north-police", Channel.WEBHOOK, seq=2)["st"] == "PENDING"
    assert decided.kinds()[2:] == ["DECISION", "SUPERSEDED", "SUPERSEDED"]


def test_a_siblings_version_is_its_own(decided: World) -> None:
    put(decided, PK, keys.child(2), dver=9)
    intake(decided).accept(intake(decided).referral(REF), a_second_version(), ARRIVAL)
    children = intake(decided).referral(REF).children
    assert {child: item["dver"] for child, item in children.items()} == {1: 2, 2: 9}


# --- what a decision ends, and how much fits


def a_task(world: World, sk: str = "TASK#RELEASE_CHILD#01", **attributes: Any) -> str:
    put(world, PK, sk, child=1, kind="RELEASE_CHILD", st="OPEN", due_at="now", **attributes)
    return sk


def test_a_task_that_somebody_did_meanwhile_is_not_ended_again(decided: World) -> None:
    sk = a_task(decided)
    known = intake(decided).referral(REF)
    put(decided, PK, sk, st="DONE")
    new = replace(a_second_version(), done_tasks=(sk,))
    found = refused(decided, lambda: intake(decided).accept(known, new, ARRIVAL))
    assert list(found) == [f"done {sk}"]


def test_a_task_that_is_as_it_was_read_is_ended_and_in_no_index(decided: World) -> None:
    sk = a_task(decided, work_pk="W", work_sk="w", due_pk="DUE#0", due_sk="d")
    new = replace(a_second_version(), done_tasks=(sk,))
    intake(decided).accept(intake(decided).referral(REF), new, ARRIVAL)
    task = decided.store.get("state", PK, sk)
    assert task is not None
    assert task["st"] == "DONE"
    assert not {"work_pk", "work_sk", "due_pk", "due_sk"} & set(task)


@pytest.mark.parametrize(("tasks", "ended", "superseded"), [(0, 0, 2), (1, 1, 1), (3, 3, 0), (9, 4, 0)])
def test_tasks_are_ended_and_then_messages_replaced_as_far_as_there_is_room(
    decided: World, tasks: int, ended: int, superseded: int
) -> None:
    """A transaction of 100: what is left of it after the decision itself is four."""
    sks = [a_task(decided, f"TASK#RELEASE_AGENCY#01#agency-{number}") for number in range(tasks)]
    filler = [fact(AuditKind.TASK, f"row {number}") for number in range(90 - 1)]
    new = a_second_version()
    new = replace(new, facts=[*new.facts, *filler], done_tasks=sks)
    assert parts_needed(new) == MOST_PARTS - 4
    intake(decided).accept(intake(decided).referral(REF), new, ARRIVAL)
    states = [decided.store.get("state", PK, sk) for sk in sks]
    assert sum(1 for task in states if task and task["st"] == "DONE") == ended
    assert decided.kinds().count("SUPERSEDED") == superseded


def fact(kind: AuditKind, uid: str) -> Fact:
    return Fact(kind, uid, "mash.case-system", "second", {})


# --- a duplicate, which joins or leaves another referral


OTHER = "NS-26-0THER1"
OTHER_PK = keys.referral(OTHER)
JOIN_SK = keys.join(REF, 1)
JOIN = {"sk": JOIN_SK, "ref": REF, "left": False}
SHARED = DeliveryKey(OTHER, 1, 1, "north-police", Channel.WEBHOOK, "Dnonce")


@pytest.fixture
def both(decided: World) -> World:
    """Beside the worked example the referral that it is a duplicate of, decided and not yet told."""
    decided.take(a_decision(event_id=an_event_id("other"), referral_ref=OTHER))
    return decided


def there(world: World, **changes: Any) -> Elsewhere:
    values: dict[str, Any] = {
        "referral": intake(world).referral(OTHER),
        "facts": [fact(AuditKind.LIFECYCLE, "joined")],
        "joins": [JOIN],
        "child": 1,
        "at_version": 1,
        "notices": [NewNotice(SHARED.notice_sk, SEALED)],
        "deliveries": [NewDelivery(SHARED, pins(), endpoint_version=1, held=(), watched_after_seconds=1800)],
    }
    return Elsewhere(**{**values, **changes})


def joins(world: World, *elsewhere: Elsewhere) -> None:
    known = intake(world).referral(REF)
    intake(world).accept(known, replace(a_second_version(), elsewhere=elsewhere), ARRIVAL)


JOINING_IN_THE_WAY: dict[str, tuple[str, tuple[str, str], dict[str, Any]]] = {
    "the original was decided anew": ("original", (OTHER_PK, keys.child(1)), {"dver": 2}),
    "its notice stands": (f"notice {SHARED.notice_sk}", (OTHER_PK, SHARED.notice_sk), {}),
    "its delivery stands": (f"delivery {SHARED.sk}", (OTHER_PK, SHARED.sk), {}),
}


@pytest.mark.parametrize(("part", "place", "stands"), JOINING_IN_THE_WAY.values(), ids=JOINING_IN_THE_WAY)
def test_a_join_with_one_clause_false_names_it_and_writes_nothing_in_either_referral(
    both: World, part: str, place: tuple[str, str], stands: dict[str, Any]
) -> None:
    original = there(both)
    put(both, *place, **stands)
    found = refused(both, lambda: joins(both, original))
    assert list(found) == [part]


def test_a_join_of_an_undecided_child_is_not_written_once_it_is_decided(both: World) -> None:
    found = refused(both, lambda: joins(both, there(both, at_version=0)))
    assert list(found) == ["original"]


def test_a_join_after_any_other_row_of_the_original_is_read_again(both: World) -> None:
    """Its chain's head is what two decisions at once meet at; nothing else of the original need differ."""
    original = there(both)
    both.take(a_decision(event_id=an_event_id("sibling"), referral_ref=OTHER, child_index=2))
    before = everything(both)
    with pytest.raises(ContendedError):
        joins(both, original)
    assert everything(both) == before


def test_a_join_says_so_in_both_trails_and_again_is_the_same_join(both: World) -> None:
    joins(both, there(both))
    kept = both.store.get("state", OTHER_PK, JOIN_SK)
    assert kept is not None
    assert (kept["ref"], kept["left"]) == (REF, False)
    assert both.kinds()[2] == "DECISION"
    assert both.kinds(OTHER)[-1] == "LIFECYCLE"
    assert is_whole(both.rows(OTHER))
    again = there(both, joins=[{**JOIN, "left": True}], notices=(), deliveries=())
    third = replace(a_second_version(), event_id="third", seq=3, notices=(), deliveries=(), elsewhere=[again])
    intake(both).accept(intake(both).referral(REF), third, replace(ARRIVAL, bus_id="bus-third"))
    ended = both.store.get("state", OTHER_PK, JOIN_SK)
    assert ended is not None
    assert (ended["ref"], ended["left"]) == (REF, True)


@pytest.mark.parametrize("state", ["SENDING", "RETRY"])
def test_an_unsent_message_of_a_duplicate_that_moved_meanwhile_is_not_replaced(
    both: World, state: str
) -> None:
    unsent = both.delivery("north-police", Channel.WEBHOOK, ref=OTHER)
    leaving = there(both, child=None, joins=[], notices=(), deliveries=(), unsent=[unsent])
    put(both, OTHER_PK, unsent["sk"], st=state)
    found = refused(both, lambda: joins(both, leaving))
    assert list(found) == [f"supersede {unsent['sk']}"]


def test_a_question_that_somebody_answered_meanwhile_is_not_closed_again(both: World) -> None:
    sk = "TASK#CHECK_DUPLICATE#01"
    put(both, OTHER_PK, sk, child=1, kind="CHECK_DUPLICATE", st="OPEN", due_at="now")
    original = there(both, done_tasks=[sk])
    put(both, OTHER_PK, sk, st="DONE")
    found = refused(both, lambda: joins(both, original))
    assert list(found) == [f"done {sk}"]


# --- a referral's arrival


def an_arrival(*children: int, new_key: bytes | None = None) -> ReceivedReferral:
    return ReceivedReferral(
        event_id="second",
        facts=[fact(AuditKind.LIFECYCLE, "received")],
        head={"kind": "REFERRAL"},
        children={child: {"pseudonym": "a" * 32} for child in children},
        fingerprint="print",
        new_key=new_key,
    )


ARRIVAL_IN_THE_WAY: dict[str, tuple[str, tuple[str, str], dict[str, Any]]] = {
    "its event was taken in": ("event", (keys.marker("second"), keys.EVENT), {}),
    "a decided child was decided anew": ("child 1", (PK, keys.child(1)), {"dver": 2}),
    "an undecided child was decided": ("child 2", (PK, keys.child(2)), {"dver": 1}),
    "its key stands": ("key", (PK, keys.KEY), {}),
}


@pytest.mark.parametrize(("part", "place", "stands"), ARRIVAL_IN_THE_WAY.values(), ids=ARRIVAL_IN_THE_WAY)
def test_an_arrival_with_one_clause_false_names_it_and_writes_nothing(
    decided: World, part: str, place: tuple[str, str], stands: dict[str, Any]
) -> None:
    known = intake(decided).referral(REF)
    put(decided, *place, **stands)
    new = an_arrival(1, 2, new_key=b"other" if part == "key" else None)
    found = refused(decided, lambda: intake(decided).arrive(known, new, ARRIVAL))
    assert list(found) == [part]


def test_an_arrival_leaves_what_is_decided_of_a_child(decided: World) -> None:
    before = decided.store.get("state", PK, keys.child(1))
    intake(decided).arrive(intake(decided).referral(REF), an_arrival(1, 2), ARRIVAL)
    assert decided.store.get("state", PK, keys.child(1)) == {**(before or {}), "pseudonym": "a" * 32}
    assert decided.store.get("state", PK, keys.child(2)) is not None
    assert intake(decided).referral(REF).head["kind"] == "REFERRAL"


# --- a police form


def a_form(rank: str, event_id: str, *, new_key: bytes | None = None) -> KeptForm:
    sealed = replace(SEALED, uid=f"form {rank}")
    return KeptForm(
        event_id=event_id,
        children=(1,),
        attributes={"rank": rank, "form_version": 2},
        sealed=sealed,
        facts=[Fact(AuditKind.RA_FORM, sealed.uid, "north-police.ra-feed", event_id, {})],
        fingerprint="print",
        new_key=new_key,
    )


def keep(world: World, known: Referral, form: KeptForm, arrival: Arrival = ARRIVAL) -> None:
    intake(world).keep_form(FORM, known, form, arrival)


FORM_IN_THE_WAY: dict[str, tuple[str, tuple[str, str], dict[str, Any]]] = {
    "a newer version is kept": ("form 1", (FORM, keys.form(1)), {"rank": "3"}),
    "a version of its own rank is kept": ("form 1", (FORM, keys.form(1)), {"rank": "2"}),
    "its event was taken in": ("event", (keys.marker("second"), keys.EVENT), {}),
    "its key stands": ("key", (FORM, keys.KEY), {}),
}


@pytest.mark.parametrize(("part", "place", "stands"), FORM_IN_THE_WAY.values(), ids=FORM_IN_THE_WAY)
def test_a_form_with_one_clause_false_names_it_and_writes_nothing(
    decided: World, part: str, place: tuple[str, str], stands: dict[str, Any]
) -> None:
    known = intake(decided).unlinked_form("NP-RA-000417", ARRIVAL)
    put(decided, *place, **stands)
    found = refused(decided, lambda: keep(decided, known, a_form("2", "second", new_key=b"key")))
    assert list(found) == [part]
    assert stands.items() <= found[part].items()


@pytest.mark.parametrize("stands", [None, "1"], ids=["nothing kept", "an older version kept"])
def test_a_newer_form_takes_the_place_of_an_older_one(decided: World, stands: str | None) -> None:
    known = intake(decided).unlinked_form("NP-RA-000417", ARRIVAL)
    if stands is not None:
        put(decided, FORM, keys.form(1), rank=stands)
    keep(decided, known, a_form("2", "second"))
    kept = decided.store.get("state", FORM, keys.form(1))
    assert kept is not None
    assert (kept["rank"], kept["uid"]) == ("2", "form 2")


def test_of_two_unlinked_versions_at_once_the_newer_one_stays(decided: World) -> None:
    """Recorded in partitions of their own, so that no chain stands between them: only the rank does."""
    other_feed = replace(ARRIVAL, source="police.ra-feed", bus_id="bus-third")
    older_knew = intake(decided).unlinked_form("NP-RA-000417", ARRIVAL)
    newer_knew = intake(decided).unlinked_form("NP-RA-000417", other_feed)
    assert older_knew.pk != newer_knew.pk
    keep(decided, newer_knew, a_form("3", "third"), other_feed)
    found = refused(decided, lambda: keep(decided, older_knew, a_form("2", "second")))
    assert list(found) == ["form 1"]
    assert (found["form 1"]["rank"], found["form 1"]["uid"]) == ("3", "form 3")


# --- what is only noted


def a_note(kind: AuditKind) -> Fact:
    return Fact(kind, "a note", "mash.case-system", "second", {})


def test_one_arrival_is_noted_once_whether_duplicate_stale_or_heartbeat(decided: World) -> None:
    known = intake(decided).referral(REF)
    duplicate, stale = a_note(AuditKind.EVENT_DUPLICATE), a_note(AuditKind.DECISION_STALE)
    heartbeat = a_note(AuditKind.LIFECYCLE)
    put(decided, keys.marker(f"bus-{ARRIVAL.bus_id}"), keys.EVENT)
    put(decided, keys.marker("second"), keys.EVENT)
    writes: list[Callable[[], None]] = [
        lambda: intake(decided).note_duplicate(known, duplicate, ARRIVAL),
        lambda: intake(decided).note_stale(known, stale, ARRIVAL, event_id="second", fingerprint="print"),
        lambda: intake(decided).heard_from_feed("second", "ok", heartbeat, ARRIVAL, "print"),
    ]
    assert [list(refused(decided, write)) for write in writes] == [["event"]] * 3
