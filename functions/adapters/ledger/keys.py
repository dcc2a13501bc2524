"""How every item is addressed (audit section 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from functions.domain.record import uid
from functions.log_lines import KEY_UNREADABLE, log
from schemas.codes import Channel

HEAD = "HEAD"
KEY = "KEY"
EVENT = "EVT"
LANE = "LANE"
FORM_PREFIX = "RAFORM#"
DELIVERY_PREFIX = "N#"
CHILD_PREFIX = "CHILD#"
FEED = "RAFEED"
DUE_SHARDS = 8
UNREGISTERED = "unknown"


def referral(ref: str) -> str:
    return f"R#{ref}"


def agency(agency_id: str) -> str:
    return f"G#{agency_id}"


def agency_id_of(head: Mapping[str, Any]) -> str:
    """The agency whose HEAD item this is."""
    return str(head["pk"]).removeprefix(agency(""))


def unlinked_form(form_id: str) -> str:
    return f"FORM#{form_id}"


def marker(event_id: UUID | str) -> str:
    return f"EVT#{event_id}"


def lane(ref: str, child: int, agency_id: str) -> str:
    return f"LANE#{ref}#{child:02d}#{agency_id}"


def rejected(at: datetime, source: str) -> str:
    return f"X#{at:%Y-%m-%d}#{source}"


def without_referral(at: datetime, source: str) -> str:
    return f"F#{at:%Y-%m-%d}#{source}"


def read_by(at: datetime, staff: str) -> str:
    return f"L#{at:%Y-%m-%d}#{staff}"


def entry(seq: int) -> str:
    return f"E#{seq:06d}"


def child(index: int) -> str:
    return f"{CHILD_PREFIX}{index:02d}"


def form(child_index: int) -> str:
    return f"{FORM_PREFIX}{child_index:02d}"


def notice(child_index: int, seq: int) -> str:
    return f"M#{child_index:02d}#{seq:04d}"


@dataclass(frozen=True, slots=True)
class DeliveryKey:
    """One delivery: referral, child, decision version, agency and channel."""

    ref: str
    child: int
    seq: int
    agency_id: str
    channel: Channel

    @property
    def pk(self) -> str:
        return referral(self.ref)

    @property
    def sk(self) -> str:
        return f"{DELIVERY_PREFIX}{self.child:02d}#{self.seq:04d}#{self.agency_id}#{self.channel}"

    @property
    def text(self) -> str:
        return f"{self.pk}|{self.sk}"

    @property
    def due_shard(self) -> str:
        """Spreads the due index over eight partitions, by the key alone."""
        return due_shard(sha256(self.text.encode()).digest()[0] % DUE_SHARDS)

    @classmethod
    def parse(cls, pk: str, sk: str) -> "DeliveryKey":
        """Raises ValueError when `pk` and `sk` are not a delivery's."""
        kind, ref = pk.split("#", 1)
        prefix, child_index, seq, agency_id, channel = sk.split("#")
        if (kind, f"{prefix}#") != ("R", DELIVERY_PREFIX):
            raise ValueError("not a delivery's key")
        return cls(ref, int(child_index), int(seq), agency_id, Channel(channel))


def readable_delivery(pk: str, sk: str) -> DeliveryKey | None:
    """The delivery of a key, or None, said in the log, for one that another release wrote.

    One such key must not keep every other delivery from being sent.
    """
    try:
        return DeliveryKey.parse(pk, sk)
    except ValueError:
        log(KEY_UNREADABLE, delivery=uid("KEY", pk, sk))
        return None


def new_delivery(image: Mapping[str, Any]) -> DeliveryKey | None:
    """The delivery in a stream record's new image, if it is one and nothing holds it."""
    if "due_pk" not in image:
        return None
    return readable_delivery(image["pk"]["S"], image["sk"]["S"])


def due_shard(number: int) -> str:
    return f"DUE#{number}"


ALIAS = "ALIAS"
"""The sort key of the item that says which agency another name stands for: G#<other name>/ALIAS."""
HUB = "HUB"
"""The partition of the hub's own directory, whose HEAD also lists the registry's agencies."""
