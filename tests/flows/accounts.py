"""A world of many stories in one day, and the tools that account for it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.ledger.store import Item, to_item
from functions.domain.clock import uk_day
from functions.domain.delivery import Answer
from functions.domain.reconciliation.account import Scope
from functions.domain.reconciliation.tally import Tally
from functions.flows.acting.cancel import cancel, what_would_stop
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.order import Which
from functions.flows.acting.resend import send_again, what_would_go
from functions.flows.reconciling.keep_account import ReconcileDesk
from functions.flows.reconciling.reckon import Tables, reckon
from schemas.agency import Agency, Mailbox
from schemas.codes import ActReason, AgencyType, AttemptResult, Channel, ErrorWord, PauseCause, TaskKind
from tests.forms import a_complete_form_event, a_heartbeat_event
from tests.mail_events import said
from tests.readers import pressed, token_for
from tests.world import (
    Wire,
    World,
    a_decision,
    a_duplicate,
    a_receipt,
    a_registry,
    a_revision,
    an_agency,
    an_event_id,
    change_agency,
)

TOLD, REVISED, HELD, LINKED = "NS-26-7KQ4ZP", "NS-26-REV1S0", "NS-26-HE1D00", "NS-26-L1NKED"
ALLEGED, FALLEN, FAILED, PARKED = "NS-26-A11EGA", "NS-26-FA11BK", "NS-26-FA11ED", "NS-26-PARKED"
NOBODY, IN_SYSTEM = "NS-26-N0B0DY", "NS-26-1NSYST"
AGAIN, STOPPED, PHONED, CAME_BACK = "NS-26-AGA1N0", "NS-26-ST0PPD", "NS-26-PH0NED", "NS-26-CAMEBK"
COPY, WAITING, ORIGINAL = "NS-26-D0PL1C", "NS-26-WA1T1N", "NS-26-N0THER"
FOR_GOOD = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)
PUBLIC: Wire = {"referring_agency": None, "involved_agencies": []}


def agencies() -> list[Agency]:
    """A school with a lead, one that works in the hub's system, one that leaves, one whose endpoint fails."""
    lead = Mailbox(address="lead@hill-school.secure.example", verified_at=date(2026, 11, 2))
    return [
        an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL, safeguarding_lead=lead),
        an_agency("adult-care", AgencyType.LA_SOCIAL_CARE, Channel.EMAIL, in_case_system=True),
        an_agency("west-police", AgencyType.POLICE, Channel.WEBHOOK),
        an_agency("hill-gp", AgencyType.GP, Channel.EMAIL),
        an_agency("hill-nurse", AgencyType.SCHOOL_NURSING, Channel.EMAIL),
    ]


def told_by(agency: str, own_ref: str = "REF-88") -> Wire:
    """One agency alone."""
    return {"referring_agency": {"agency_id": agency, "own_ref": own_ref}, "involved_agencies": []}


def decided(ref: str, **changes: Any) -> Wire:
    """A decision that counts nothing: no story here is about a sender's numbers."""
    values = {"referral_ref": ref, "event_id": an_event_id(ref), "source_seq": None, **changes}
    return a_decision(**values)


def live_through_a_day(world: World) -> None:
    """Every way in which an event can end, and what people and clocks make of them."""
    world.apply(a_registry(*agencies()))
    for door in world.doors.values():
        door.otherwise = Answer(AttemptResult.SUCCESS, provider_id="ses-1", response_sha256="0" * 64)
    for event in _morning():
        world.take(event)
        world.later(seconds=1)
    world.take({**decided("NS-26-WR0NG0"), "primary_outcome": "NONSENSE"})
    _what_goes_wrong(world)
    _what_people_do(world)
    _what_readers_and_the_mail_service_say(world)
    for event in _afternoon():
        world.take(event)
        world.later(seconds=1)
    for _ in range(6):
        world.send_due()
        world.later(minutes=20)


def _morning() -> Iterator[Wire]:
    yield a_receipt(1, 2, source_seq=None)
    yield a_complete_form_event(source_seq=None)
    yield a_heartbeat_event(event_id=an_event_id("beat"), source_seq=None)
    yield decided(TOLD)
    yield decided(TOLD)
    yield decided(REVISED)
    yield decided(HELD, primary_outcome="EMP", child_index=1)
    link = {"code": "STAFF_LINK", "agency_id": "hill-school"}
    yield decided(LINKED, hold_codes=[link], **told_by("hill-school"))
    yield decided(ALLEGED, additional_outcomes=["LAD"])
    yield decided(NOBODY, **PUBLIC)
    yield decided(IN_SYSTEM, **told_by("adult-care"))
    yield a_duplicate(ORIGINAL, WAITING, source_seq=None, **told_by("hill-gp"))


def _what_goes_wrong(world: World) -> None:
    world.take(decided(PARKED, **told_by("hill-gp")))
    change_agency(world, "hill-gp", status="INACTIVE")
    world.send_due()
    world.later(seconds=1)
    for ref in (FAILED, AGAIN, PHONED):
        world.take(decided(ref, **told_by("north-probation", "PR-1")))
        world.mailbox.answers = [FOR_GOOD]
        world.send_due()
        world.later(seconds=1)
    world.health.pause("west-police", PauseCause.BY_HAND, by="duty-engineer", now=world.now)
    world.take(decided(FALLEN, **told_by("west-police", "WP-2")))
    world.send_due()


def _what_people_do(world: World) -> None:
    world.release(LINKED, agency="hill-school")
    world.release(ALLEGED, allegation=True)
    acts = world.act_desk
    again = what_would_go(Which(AGAIN, agency_id="north-probation"), acts, by_email=False)
    send_again(again, world.order(ActReason.NOT_RECEIVED), acts)
    world.send_due()
    call = WhichTask(TaskKind.CALL_UNTOLD, PHONED)
    done(call, world.order(ActReason.TOLD_BY_PHONE), acts)
    world.take(decided(STOPPED, **told_by("north-probation", "PR-2")))
    stopped = what_would_stop(Which(STOPPED, agency_id="north-probation"), acts)
    cancel(stopped, world.order(ActReason.WRONG_RECIPIENT), acts)


def _what_readers_and_the_mail_service_say(world: World) -> None:
    """One message read, one delivered, one that came back; and what tells of nothing of ours."""
    pressed(world, token_for(world, "north-probation", Channel.EMAIL))
    pressed(world, "0" * 32)
    world.take(decided(CAME_BACK, **told_by("hill-nurse")))
    world.send_due()
    for ref, agency, kind in ((TOLD, "north-probation", "delivered"), (CAME_BACK, "hill-nurse", "came-back")):
        (mail,) = items(world, ref, f"N#01#0001#{agency}")
        world.hear(said(kind, message_id=mail["message_id"]))
    world.hear(said("delivered", message_id="msg_" + "0" * 32, at="2026-11-24T12:00:00.000Z"))


def _afternoon() -> Iterator[Wire]:
    yield a_revision(referral_ref=REVISED, source_seq=None)
    yield decided(REVISED, event_id=an_event_id("stale"))
    yield a_duplicate(TOLD, COPY, source_seq=None, **told_by("hill-school"))


def tables(world: World) -> Tables:
    """Both tables, as the reconciliation reads them."""
    return Tables(Days(world.store, world.chain), Partitions(world.store))


def reckoned(world: World, day: date | None = None) -> Tally:
    """The account of a day, up to now."""
    scope = Scope(day or uk_day(world.now), world.now, world.now)
    return reckon(scope, tables(world), has_time=lambda: True).tally


def desk(world: World) -> ReconcileDesk:
    """The deployed function's tools."""
    return ReconcileDesk(tables(world), world.patience, lambda: world.now, world.serial)


def always() -> bool:
    """There is time."""
    return True


class Damaged:
    """The tables with something wrong, past every rule of ours; put right again afterwards."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._before: list[tuple[str, Item]] = []
        self._added: list[tuple[str, Item]] = []

    def take_away(self, table: str, item: Item) -> None:
        """As if it had never been, or somebody had deleted it."""
        self._before.append((table, item))
        self._delete(table, item)

    def change(self, table: str, item: Item, **changes: Any) -> None:
        """Attributes set, or gone where they are None."""
        self._before.append((table, item))
        kept = {name: value for name, value in {**item, **changes}.items() if value is not None}
        self._put(table, kept)

    def add(self, table: str, item: Item) -> None:
        """Something that nobody asked for."""
        self._added.append((table, item))
        self._put(table, item)

    def put_right(self) -> None:
        """As it was."""
        for table, item in self._added:
            self._delete(table, item)
        for table, item in reversed(self._before):
            self._put(table, item)

    def _put(self, table: str, item: Item) -> None:
        self._world.store.client.put_item(TableName=table, Item=to_item(item))

    def _delete(self, table: str, item: Item) -> None:
        key = to_item({"pk": item["pk"], "sk": item["sk"]})
        self._world.store.client.delete_item(TableName=table, Key=key)


def items(world: World, ref: str, prefix: str = "") -> list[Item]:
    """A referral's state."""
    return world.store.partition("state", keys.referral(ref), prefix)


def row(world: World, ref: str, kind: str, number: int = 0) -> Item:
    """A referral's first row of a kind, or a later one."""
    return [one for one in world.rows(ref) if one["type"] == kind][number]
