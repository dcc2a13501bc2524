"""How every item is addressed (audit section 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from functions.domain.clock import uk_day
from functions.domain.life_clocks.clock import Which
from functions.domain.record import uid
from functions.domain.series import REPEATED, is_of_an_update, line_of, series_of
from functions.log_lines import KEY_UNREADABLE, log
from schemas.codes import ActReason, Channel, ClockKind, Series, TaskKind, TaskRole

HEAD = "HEAD"
KEY = "KEY"
EVENT = "EVT"
LANE = "LANE"
ENTRY_PREFIX = "E#"
FORM_PREFIX = "RAFORM#"
DELIVERY_PREFIX = "N#"
NOTICE_PREFIX = "M#"
CHILD_PREFIX = "CHILD#"
TASK_PREFIX = "TASK#"
JOIN_PREFIX = "J#"
EARLY_PREFIX = "EARLY#"
CLOCK_PREFIX = "CLOCK#"
ENDPOINT = "EP#webhook"
"""The sort key of an agency's endpoint: its breaker and its pause. Each of its slots stands beside it."""
CANARY = "CANARY"
"""The sort key of what is known of an endpoint's canary events, and of when the next one is due."""
EGRESS = "EGRESS"
"""The partition that says, in its HEAD, whether our own way out is at fault."""
READ_LINK = "TOKEN"
SIGN_IN = "SIGNIN"
SESSION = "SESSION"
SUPPRESSED = "SUPPRESS"
PROGRESS = "PROGRESS"
COUNTED = "CP"
"""The sort key of how much of a referral is counted."""
LIVE, FINAL = "ALL", "FINAL"
"""The sort keys of a day's counts: as each row moves them, and as the nightly recount found them."""
HEARD = "AGG#HEARD"
"""The partition that says, under the live counts' sort key, which types of event have ever come."""
ALIAS = "ALIAS"
"""The sort key of the item that says which agency another name stands for: G#<other name>/ALIAS."""
HUB = "HUB"
"""The partition of the hub's own directory, whose HEAD also lists the registry's agencies."""
ALL_DECISIONS = "K#decisions"
"""The partition of what is asked of people about all decisions together."""
FEED = "RAFEED"
DUE_SHARDS = 8
UNREGISTERED = "unknown"
CONFIRMATIONS = "/confirmations"
"""Whose the refusals of the confirmation API are: strangers make them many, and no account reads them.

No source can have this name: it begins with a letter (`schemas.base.SourceName`).
"""


def referral(ref: str) -> str:
    return f"R#{ref}"


def enquiry(ref: str) -> str:
    """What probation asked is no referral: a partition of its own kind, which no count of referrals reads."""
    return f"Q#{ref}"


def ref_of(partition: str) -> str | None:
    """The reference of the referral, or of the enquiry, whose partition this is, if it is one's."""
    kind, _, ref = partition.partition("#")
    return ref if kind in _CASES else None


_CASES = ("R", "Q")


def referral_of(item: Mapping[str, Any]) -> str:
    """The reference of the referral, or of the enquiry, that an item belongs to."""
    pk = str(item["pk"])
    return ref_of(pk) or pk


def is_of_a_referral(item: Mapping[str, Any]) -> bool:
    """Or of an enquiry."""
    return ref_of(str(item["pk"])) is not None


def agency(agency_id: str) -> str:
    return f"G#{agency_id}"


def source(name: str) -> str:
    """What is asked of people about a system that sends us events."""
    return f"S#{name}"


def is_of_an_agency(item: Mapping[str, Any]) -> bool:
    return str(item["pk"]).startswith(agency(""))


def is_of_a_source(item: Mapping[str, Any]) -> bool:
    return str(item["pk"]).startswith(source(""))


def owner_of(item: Mapping[str, Any]) -> str:
    """The referral, the agency or the source whose partition an item stands in, by its plain name; or
    `decisions`."""
    return name_in(str(item["pk"]))


def name_in(partition: str) -> str:
    """The plain name of the referral, the agency or the source whose partition this is."""
    return partition.partition("#")[2]


def agency_id_of(head: Mapping[str, Any]) -> str:
    """The agency whose HEAD item this is."""
    return str(head["pk"]).removeprefix(agency(""))


def agency_month(agency_id: str, at: datetime) -> str:
    """The partition of the trail's index by agency in which a row of that moment stands."""
    return f"A#{agency_id}#{at:%Y-%m}"


def unlinked_form(form_id: str) -> str:
    return f"FORM#{form_id}"


def marker(event_id: UUID | str) -> str:
    return f"EVT#{event_id}"


def lane(ref: str, child: int, agency_id: str, line: str | None = None) -> str:
    """Decisions have one lane, each line of updates another: neither is older or newer than the other."""
    return "#".join(("LANE", ref, f"{child:02d}", agency_id, *((line,) if line else ())))


def slot(number: int) -> str:
    """One place for an attempt in flight at an agency's endpoint."""
    return f"{ENDPOINT}#SLOT#{number}"


def token(token_sha256: str) -> str:
    """A read link, by the hash of its token: who reads the table cannot confirm in anybody's name."""
    return f"TOKEN#{token_sha256}"


def sign_in(state_sha256: str) -> str:
    """A sign-in on its way, by the hash of what the issuer hands back."""
    return f"SIGNIN#{state_sha256}"


def session(id_sha256: str) -> str:
    """Somebody who is signed in, by the hash of what their browser holds."""
    return f"SESSION#{id_sha256}"


def suppressed(address: str) -> str:
    """An address that bounced, by its hash: no address stands in a key."""
    return f"SUPPRESS#{sha256(address.casefold().encode()).hexdigest()}"


def rejected(at: datetime, source: str) -> str:
    return f"X#{at:%Y-%m-%d}#{source}"


def without_referral(at: datetime, source: str) -> str:
    return f"F#{at:%Y-%m-%d}#{source}"


def read_by(at: date, staff: str) -> str:
    return f"L#{at:%Y-%m-%d}#{staff}"


def day(on: date) -> str:
    """What arrived on one day in the UK, in both tables' indexes; and where that day's account is kept."""
    return f"D#{on:%Y-%m-%d}"


def refused_after_waiting(on: date) -> str:
    """What was kept for its time and refused when that came, on one day in the UK."""
    return f"LATE#{on:%Y-%m-%d}"


def progress(on: date) -> str:
    """How far the account of a day has come."""
    return f"RECON#{on:%Y-%m-%d}"


def day_counters(day_text: str) -> str:
    """The counts of one day in the UK: as they stand, and as the trail gave them in the night."""
    return f"AGG#D#{day_text}"


def counted(ref: str) -> str:
    """What the counts have of one referral, and up to which of its rows."""
    return f"AGG#R#{ref}"


def ref_in(partition: str) -> str | None:
    """The reference of the referral whose partition this is, if it is a referral's."""
    prefix = referral("")
    return partition.removeprefix(prefix) if partition.startswith(prefix) else None


def of_its_day(at: datetime, at_as_text: str, name: str) -> dict[str, str]:
    """What puts an arrival into the index of its day, in order of time."""
    return {"dpk": day(uk_day(at)), "dsk": f"{at_as_text}#{name}"}


def of_its_refusals(at: datetime, at_as_text: str, name: str) -> dict[str, str]:
    """What puts an event that is refused after it waited into the same index, beside its day's arrivals."""
    return {"dpk": refused_after_waiting(uk_day(at)), "dsk": f"{at_as_text}#{name}"}


def readings_of(ref: str) -> str:
    """The partition of the trail's index by agency in which the readings of one referral, or enquiry, stand:
    none of an agency's begins so."""
    return referral(ref)


def of_its_readings(ref: str, at_as_text: str, name: str) -> dict[str, str]:
    """What puts a reading that shows one referral into that index, in order of time."""
    return {"gpk": readings_of(ref), "gsk": f"{at_as_text}#{name}"}


def entry(seq: int) -> str:
    return f"{ENTRY_PREFIX}{seq:06d}"


def seq_of(entry_sk: str) -> int:
    """The number of the row whose sort key this is."""
    return int(entry_sk.removeprefix(ENTRY_PREFIX))


def place_of(row: Mapping[str, Any]) -> tuple[str, int]:
    """The partition in which a row stands, and its number there."""
    return row["pk"], seq_of(row["sk"])


def of_row(where: str) -> dict[str, str]:
    """The keys of the row that stands at `R#NS-26-7KQ4ZP E#000003`, as `mash trail --json` spells them."""
    pk, _, sk = where.partition(" ")
    return {"pk": pk, "sk": sk}


def child(index: int) -> str:
    return f"{CHILD_PREFIX}{index:02d}"


def form(child_index: int) -> str:
    return f"{FORM_PREFIX}{child_index:02d}"


def notice(child_index: int, seq: int, nonce: str = "") -> str:
    return f"{NOTICE_PREFIX}{child_index:02d}#{seq:04d}{_tail(nonce)}"


def task(kind: TaskKind, child_index: int, *told_apart_by: str | None) -> str:
    """A task's sort key: a newer one of the same kind, child and agency takes the older one's place."""
    return TASK_PREFIX + "#".join((kind, f"{child_index:02d}", *filter(None, told_apart_by)))


def early(event_id: str) -> str:
    """An event that came before its time, in its referral's partition."""
    return f"{EARLY_PREFIX}{event_id}"


def clock(which: Which) -> str:
    """A clock that waits for something, in its referral's partition; of child 00 where it is about no one
    child."""
    return CLOCK_PREFIX + "#".join((which.kind, f"{which.child:02d}", *filter(None, (which.about,))))


def clock_prefix(kind: ClockKind) -> str:
    """How the sort keys of the clocks of that kind begin."""
    return f"{CLOCK_PREFIX}{kind}#"


def join(ref: str, child_index: int) -> str:
    """A duplicate, waiting in the original's partition for whatever is decided there."""
    return f"{JOIN_PREFIX}{ref}#{child_index:02d}"


def duplicate_nonce(ref: str, child_index: int, *, again: str = "") -> str:
    """Tells a duplicate's messages apart from the original's own, the same for every version.

    `again` says which decision made it a duplicate once more of a version that it was told before: that is
    another message.
    """
    return f"D{sha256(f'{ref}#{child_index:02d}{again}'.encode()).hexdigest()[:8]}"


def repeat_nonce(nonce: str, request: str) -> str:
    """Tells a message that is sent again apart from every other one; it begins with the first one's nonce, so
    that what was told by either was told."""
    return f"{nonce.partition(REPEATED)[0]}{REPEATED}S{sha256(request.encode()).hexdigest()[:8]}"


def _tail(nonce: str) -> str:
    return f"#{nonce}" if nonce else ""


def _case(ref: str, series: Series | None) -> str:
    """Where a delivery stands: an answer to an enquiry with the enquiry, all others with their referral."""
    return enquiry(ref) if series is Series.PROBATION_ENQUIRY else referral(ref)


@dataclass(frozen=True, slots=True)
class DeliveryKey:
    """One delivery: referral, child, decision version, agency and channel; of an enquiry, child 0.

    `nonce` tells further ones of the same version apart: a duplicate's, a part released later, a resend.
    """

    ref: str
    child: int
    seq: int
    agency_id: str
    channel: Channel
    nonce: str = ""

    @property
    def pk(self) -> str:
        return _case(self.ref, self.series)

    @property
    def sk(self) -> str:
        which = f"{self.child:02d}#{self.seq:04d}#{self.agency_id}#{self.channel}"
        return f"{DELIVERY_PREFIX}{which}{_tail(self.nonce)}"

    @property
    def notice_sk(self) -> str:
        """The notice it is rendered from: a delivery with a nonce has one of its own."""
        return notice(self.child, self.seq, self.nonce)

    @property
    def origin(self) -> str:
        """The nonce of the message that this one repeats; its own where it repeats none."""
        return self.nonce.partition(REPEATED)[0]

    @property
    def series(self) -> Series | None:
        """The series of an update, whose `seq` counts the series; None for a decision's message."""
        return series_of(self.nonce)

    @property
    def line(self) -> str | None:
        """What a newer message of the same child takes its place in; None for a decision's message."""
        return line_of(self.nonce, self.agency_id)

    @property
    def all_channels_sk(self) -> str:
        """How the sort keys of the agency's deliveries of this version begin, whatever their channel."""
        return f"{DELIVERY_PREFIX}{self.child:02d}#{self.seq:04d}#{self.agency_id}#"

    @property
    def text(self) -> str:
        return f"{self.pk}|{self.sk}"

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> "DeliveryKey":
        """The key of a delivery's item."""
        return cls.parse(item["pk"], item["sk"])

    @classmethod
    def parse(cls, pk: str, sk: str) -> "DeliveryKey":
        """Raises ValueError when `pk` and `sk` are not a delivery's."""
        prefix, child_index, seq, agency_id, channel, *nonce = sk.split("#")
        if f"{prefix}#" != DELIVERY_PREFIX or len(nonce) > 1:
            raise ValueError("not a delivery's key")
        key = cls(ref_of(pk) or "", int(child_index), int(seq), agency_id, Channel(channel), *nonce)
        if key.pk != pk:
            raise ValueError("not a delivery's partition")
        return key


@dataclass(frozen=True, slots=True)
class CanaryKey:
    """The canary of one agency's endpoint."""

    agency_id: str
    channel = Channel.WEBHOOK

    @property
    def pk(self) -> str:
        return agency(self.agency_id)

    @property
    def sk(self) -> str:
        return CANARY

    @property
    def text(self) -> str:
        return f"{self.pk}|{self.sk}"


def is_update(sk: str) -> bool:
    """Whether a delivery's sort key is that of one which tells something beside the decisions."""
    *_, nonce = sk.split("#")
    return sk.startswith(DELIVERY_PREFIX) and is_of_an_update(nonce)


def queued(pk: str, sk: str) -> DeliveryKey | CanaryKey:
    """What a sender's message names; raises ValueError when it is neither a delivery's key nor a canary's."""
    if sk == CANARY and pk.startswith(agency("")):
        return CanaryKey(pk.removeprefix(agency("")))
    return DeliveryKey.parse(pk, sk)


def which(key: DeliveryKey) -> dict[str, str | int]:
    """Which delivery a row of its referral is about, beside the agency."""
    about: dict[str, str | int] = {"child": key.child, "dver": key.seq, "chan": key.channel.value}
    return about | ({"nonce": key.nonce} if key.nonce else {})


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
    if "due_pk" not in image or not image["sk"]["S"].startswith(DELIVERY_PREFIX):
        return None
    return readable_delivery(image["pk"]["S"], image["sk"]["S"])


def new_row(key: Mapping[str, Any]) -> tuple[str, int] | None:
    """The referral and the number of the row whose key a stream record of the trail has, if it is one's."""
    ref = ref_in(key["pk"]["S"])
    return None if ref is None else (ref, seq_of(key["sk"]["S"]))


def due_shard(number: int) -> str:
    return f"DUE#{number}"


def shard_of(text: str) -> str:
    """The due index's partition of an item, by its key alone: they spread over eight."""
    return due_shard(_shard(text))


def _shard(text: str) -> int:
    return sha256(text.encode()).digest()[0] % DUE_SHARDS


def watch_shard(text: str) -> str:
    """The watch index's partition of a delivery, by its key alone."""
    return watch_shard_of(_shard(text))


def watch_shard_of(number: int) -> str:
    return f"WATCH#{number}"


CHASES_OF_MANAGERS = "W#CHASES"
"""The work index's partition of the chases for police forms that have come to their manager: nothing of them
is due, and they are looked at again when the feed is back."""


def task_queue(role: TaskRole) -> str:
    """The work index's partition of one role's open tasks."""
    return f"W#TASK#{role}"


def same_child(pseudonym: str) -> str:
    """The work index's partition of one child's referrals, by the pseudonym that the hub gave the child."""
    return f"W#CHILD#{pseudonym}"


def graded_forms(month: str) -> str:
    """The work index's partition of one month's sample, as far as people have graded it."""
    return f"W#GRADED#{month}"


def graded_form(at: str, grade: ActReason, task: Mapping[str, Any]) -> str:
    """Its sort key there: when, and how; the index keeps no more of a task than every task has."""
    return f"{at}#{grade}#{task['pk']}#{task['sk']}"


def grade_of(task: Mapping[str, Any]) -> tuple[str, ActReason]:
    """When a form was graded, and how."""
    at, grade, _ = task["work_sk"].split("#", 2)
    return at, ActReason(grade)


@dataclass(frozen=True, slots=True)
class TaskKey:
    """One task for a person."""

    pk: str
    sk: str

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> "TaskKey":
        """The key of a task as it stands in the table or in an index."""
        return cls(item["pk"], item["sk"])

    @property
    def text(self) -> str:
        return f"{self.pk}|{self.sk}"


@dataclass(frozen=True, slots=True)
class ClockKey:
    """One clock of a referral that waits for something."""

    ref: str
    which: Which

    @property
    def pk(self) -> str:
        return referral(self.ref)

    @property
    def sk(self) -> str:
        return clock(self.which)

    @property
    def text(self) -> str:
        return f"{self.pk}|{self.sk}"

    @classmethod
    def parse(cls, pk: str, sk: str) -> "ClockKey":
        """Raises ValueError when `pk` and `sk` are not a clock's."""
        ref, (prefix, kind, child_index, *about) = ref_in(pk), sk.split("#")
        if ref is None or f"{prefix}#" != CLOCK_PREFIX or len(about) > 1:
            raise ValueError("not a clock's key")
        return cls(ref, Which(ClockKind(kind), int(child_index), *about))


def readable_clock(pk: str, sk: str) -> ClockKey | None:
    """The clock of a key, or None, said in the log, for one that another release wrote."""
    try:
        return ClockKey.parse(pk, sk)
    except ValueError:
        log(KEY_UNREADABLE, delivery=uid("KEY", pk, sk))
        return None
