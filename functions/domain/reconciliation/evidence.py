"""What the tables say of one partition, and a finding: what two of their accounts disagree about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from functions.domain.series import FORM_SETTLED, REFERRER_WAITS, line_of, newest_in, replaced_by, series_of
from functions.domain.withdrawal import WITHDRAWN, is_withdrawn
from functions.domain.withholding import WITHHELD, withheld_as
from schemas.codes import ClockEnd, DeliveryState, FindingCode, Receipt, Series, TaskState

ENDED = frozenset({DeliveryState.SUPERSEDED, DeliveryState.CANCELLED})
"""A delivery that need not go any more."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One disagreement: in which partition, and about which row, delivery, task or source."""

    code: FindingCode
    partition: str
    what: str


@dataclass(frozen=True, slots=True, order=True)
class Which:
    """One delivery, as rows name it. Words that no release knows are kept as they are: they agree with
    nothing."""

    ref: str
    child: int
    dver: int
    agency_id: str
    channel: str
    nonce: str = ""

    @property
    def series(self) -> Series | None:
        """The series of an update; None for a decision's message, and for a word that no release knows."""
        try:
            return series_of(self.nonce)
        except ValueError:
            return None

    @property
    def line(self) -> str | None:
        """What a newer message takes its place in; None for a decision's."""
        return line_of(self.nonce, self.agency_id)

    def __str__(self) -> str:
        named = f"{self.child:02d}#{self.dver:04d}#{self.agency_id}#{self.channel}"
        return f"{named}#{self.nonce}" if self.nonce else named


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the trail: where it stands and all that it says."""

    name: str
    seq: int
    said: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return str(self.said.get("type"))

    @property
    def uid(self) -> str:
        return str(self.said.get("uid"))

    @property
    def at(self) -> str:
        return str(self.said.get("at"))

    @property
    def child(self) -> int:
        return int(self.said.get("child", 0))

    @property
    def dver(self) -> int:
        return int(self.said.get("dver", 0))

    def delivery(self, ref: str) -> Which | None:
        """The delivery that the row is about, if it is about one."""
        if "chan" not in self.said:
            return None
        said = self.said
        return Which(ref, self.child, self.dver, str(said.get("agency")), said["chan"], said.get("nonce", ""))


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery as the state has it; `called_for` names the task that its people's clock opened.

    `is_confirmed`: somebody there has read it, or heard it by telephone. `own` is its reader's referral and
    child, where the message stands with another referral's. `origin` is the nonce of the message that this
    one repeats, or its own; `is_resent` says that one repeats it.
    """

    which: Which
    name: str
    state: str
    held: frozenset[str] = frozenset()
    is_due: bool = False
    due_at: datetime | None = None
    is_watched: bool = False
    lease_until: datetime | None = None
    receipt: str | None = None
    is_confirmed: bool = False
    """Its reader has confirmed it, or was told by telephone."""
    is_resent: bool = False
    origin: str = ""
    called_for: str | None = None
    own: tuple[str, int] | None = None

    @property
    def reader(self) -> tuple[int, int, str, str]:
        """The same for whatever tells this agency this version: every channel, and what was sent again."""
        return self.which.child, self.which.dver, self.which.agency_id, self.origin

    @property
    def is_told(self) -> bool:
        """Whether it is known to have arrived; a mail service's acceptance is not that."""
        return self.is_confirmed or self.receipt in (Receipt.DELIVERED, Receipt.COMPLAINED)

    @property
    def is_handed_over(self) -> bool:
        """Whether its channel took it, and nothing is known of its coming back."""
        accepted = self.state == DeliveryState.SENT and self.receipt != Receipt.BOUNCED
        return accepted or self.is_told


@dataclass(frozen=True, slots=True)
class Child:
    """A child's newest version and what holds everybody's messages about it.

    `newest` are the newest numbers of its lines of updates.
    """

    dver: int
    held: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    """The referrals in which it stands as a duplicate."""
    newest: Mapping[str, int] = field(default_factory=dict)
    withdrawn: int = 0
    """The version that was sent in error, until a newer one is decided."""
    withheld: Mapping[str, str] = field(default_factory=dict)
    """From whom its newest version is withheld, and as what."""
    form_settled: int = 0
    """The number of the message that said that its police form is complete, or not needed."""
    referrer_waits: str = ""
    """Who referred it and is not told its outcome before a person releases that."""
    is_undecided: bool = False
    """Whether it was received, and nothing is decided yet, or only that more information is needed."""

    def has_newer(self, which: Which) -> bool:
        """Whether something took the place of what `which` tells, or it counts no more."""
        line, number, child = which.line if which.series else None, which.dver, self._as_the_state_says
        return is_withdrawn(child, line, number) or replaced_by(line, number, child) is not None

    @property
    def _as_the_state_says(self) -> Mapping[str, Any]:
        newest = {newest_in(line): number for line, number in self.newest.items()}
        of_all = {newest_in(None): self.dver, FORM_SETTLED: self.form_settled, WITHDRAWN: self.withdrawn}
        return newest | of_all | {REFERRER_WAITS: self.referrer_waits}


@dataclass(frozen=True, slots=True)
class TaskSeen:
    """A person's task as the state has it."""

    kind: str
    child: int
    agency_id: str | None
    about: str | None
    state: str
    is_due: bool
    is_listed: bool

    @property
    def is_open(self) -> bool:
        return self.state != TaskState.DONE


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """A clock that waits for something, as the state has it."""

    kind: str
    child: int
    is_due: bool
    end: str | None

    @property
    def waits(self) -> bool:
        """Whether it runs, or has fired and its task stands for it."""
        return self.is_due if self.end is None else self.end == ClockEnd.FIRED


@dataclass(frozen=True, slots=True)
class Evidence:
    """One partition: its rows, `tip` where its head says that they end, and what hangs on them.

    `notices` are the frozen notices' uids by child, version and nonce. `ref` is empty for a partition that is
    no referral's.
    """

    partition: str
    ref: str
    rows: tuple[Row, ...]
    tip: tuple[int, str] | None
    deliveries: Mapping[Which, Delivery] = field(default_factory=dict)
    children: Mapping[int, Child] = field(default_factory=dict)
    tasks: Mapping[str, TaskSeen] = field(default_factory=dict)
    clocks: Mapping[str, ClockSeen] = field(default_factory=dict)
    notices: Mapping[tuple[int, int, str], str] = field(default_factory=dict)
    left: frozenset[tuple[str, int]] = frozenset()
    """Duplicates that are none any more, by their own referral and child."""
    unreadable: tuple[str, ...] = ()

    def finding(self, code: FindingCode, what: object) -> Finding:
        return Finding(code, self.partition, str(what))

    def is_withheld(self, delivery: Delivery) -> bool:
        """Whether somebody decided that its reader is not told what it tells, though it may have left."""
        known = self.children.get(delivery.which.child)
        state = {WITHHELD: known.withheld} if known else {}
        return withheld_as(state, delivery.which.line, delivery.which.agency_id) is not None

    def is_replaced(self, delivery: Delivery) -> bool:
        """Whether nobody need wait for it: it was ended, a newer version is decided, its reader's referral
        left."""
        newest = self.children.get(delivery.which.child)
        outdated = newest is not None and newest.has_newer(delivery.which)
        return delivery.state in ENDED or outdated or delivery.own in self.left
