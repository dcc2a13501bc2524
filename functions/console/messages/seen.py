"""One message as somebody finds it by its id: how it stands, its own entries of the trail, and its agency."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.adapters.registry.entry import Entry
from functions.console.door.problems import not_possible
from functions.console.door.request import Page, Request
from functions.console.door.visit import NotHereError, Visit
from functions.console.shown.form import Hidden
from functions.console.shown.parts import Link
from functions.console.shown.problems import Changed
from functions.console.words.messages import STATUSES, about, held_for
from functions.console.words.on_a_page import on_a_page
from functions.flows.orders import OrderRefusedError
from schemas.codes import AuditKind, DeliveryState, HoldTrigger

_LABELS = {"state": "Status", "tries": "Tries so far", "held": "Held for"}


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message as it stands, and its own entries of the trail."""

    item: Item
    referral: Referral
    rows: Sequence[Item]
    agency: Entry | None
    now: datetime

    @property
    def key(self) -> DeliveryKey:
        return DeliveryKey.of(self.item)

    @property
    def title(self) -> str:
        """`Outcome to North Probation`."""
        return f"{about(self.key)} to {self.agency_name}"

    @property
    def path(self) -> str:
        """Its page."""
        return path_of(self.item["message_id"])

    @property
    def to_page(self) -> Link:
        return Link(text="Back to the message", path=self.path)

    @property
    def names(self) -> Mapping[str, str]:
        """What its agency is called."""
        return {self.key.agency_id: self.agency_name}

    @property
    def agency_name(self) -> str:
        return self.agency.name if self.agency else self.key.agency_id

    @property
    def newest_start(self) -> Item | None:
        """The entry that stands before the newest try: what was to be said, and by which keys."""
        return next((row for row in reversed(self.rows) if row["type"] == AuditKind.ATTEMPT_STARTED), None)

    @property
    def closed(self) -> list[Item]:
        return [row for row in self.rows if row["type"] == AuditKind.ATTEMPT_CLOSED]

    @property
    def stopped(self) -> Item | None:
        """The entry that says who stopped it and why; None of what was not stopped."""
        return next((row for row in self.rows if row["type"] == AuditKind.CANCELLED), None)

    @property
    def stands(self) -> tuple[Hidden, ...]:
        """How it stands, to go along with a form: a person decides about that, not about what it became."""
        return tuple(Hidden(name=f"was_{name}", value=value) for name, value in _standing(self.item).items())

    def changed_since(self, request: Request) -> Iterator[Changed]:
        """What has become of it since the form was shown."""
        for name, now in _standing(self.item).items():
            if (was := request.said(f"was_{name}")) != now:
                yield Changed(what=_LABELS[name], was=_in_words(name, was), now=_in_words(name, now))

    def refused(self, refusal: OrderRefusedError) -> Page:
        """The page of an act that was not done."""
        return not_possible(on_a_page(refusal.on_a_page, self.names), self.to_page)


def path_of(message_id: str) -> str:
    """A message's page."""
    return f"/messages/{quote(message_id, safe='')}"


def look(visit: Visit) -> SeenMessage:
    """The message that the address names, once it is on record that its referral is read.

    Raises NotHereError where no message has this id.
    """
    acts = visit.desk.acts
    found = acts.finding.message(visit.parameters["message_id"])
    if found is None:
        visit.note("MESSAGE", 0)
        raise NotHereError("message")
    rows = visit.read(found.ref)
    referral = acts.check.intake.case(found.ref)
    item = next((one for one in referral.messages if one["sk"] == found.sk), None)
    if item is None:
        raise NotHereError("message")
    own = [row for row in rows if row.get("message_id") == item["message_id"]]
    return SeenMessage(item, referral, own, acts.entry_of(found.agency_id), visit.now)


def _standing(item: Item) -> dict[str, str]:
    return {
        "state": item["st"],
        "tries": str(item["attempt"]),
        "held": " ".join(sorted(item.get("held", ()))),
    }


def _in_words(name: str, value: str) -> str:
    """What was handed in may be anything."""
    match name:
        case "state" if value in set(DeliveryState):
            return STATUSES[value].text
        case "tries" if value.isdecimal():
            return value
        case "held" if not value:
            return "Not held"
        case "held" if set(value.split()) <= set(HoldTrigger):
            return held_for({"held": value.split()})
    return "Not known"
