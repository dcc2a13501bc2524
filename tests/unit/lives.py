"""A referral's life as both tables would keep it, told step by step, for the rules that compare them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.domain.reconciliation.arrivals import Arrived
from functions.domain.reconciliation.evidence import (
    Child,
    ClockSeen,
    Delivery,
    Evidence,
    Row,
    TaskSeen,
    Which,
)
from functions.domain.record import GENESIS, commitment
from schemas.base import instant_text
from schemas.codes import AuditKind, FindingCode

REF, OTHER = "NS-26-7KQ4ZP", "NS-26-D0PL1C"
BEGAN = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)


def linked(rows: list[dict[str, Any]], ref: str = REF) -> tuple[Row, ...]:
    """`rows` as a partition keeps them: numbered, each with the commitment of the one before."""
    found, before = [], GENESIS
    for seq, said in enumerate(rows, 1):
        whole = {"pk": f"R#{ref}", "sk": f"E#{seq:06d}", "prev": before, **said}
        found.append(Row(whole["sk"], seq, whole))
        before = commitment(whole)
    return tuple(found)


@dataclass
class Life:
    """One referral, to which things happen in order; `now` goes on with each."""

    ref: str = REF
    now: datetime = BEGAN
    said: list[dict[str, Any]] = field(default_factory=list)
    deliveries: dict[Which, Delivery] = field(default_factory=dict)
    children: dict[int, Child] = field(default_factory=dict)
    tasks: dict[str, TaskSeen] = field(default_factory=dict)
    clocks: dict[str, ClockSeen] = field(default_factory=dict)
    notices: dict[tuple[int, int, str], str] = field(default_factory=dict)
    left: set[tuple[str, int]] = field(default_factory=set)

    def row(self, kind: AuditKind, **said: Any) -> str:
        """One more row; its uid."""
        self.now += timedelta(seconds=1)
        uid = f"uid-{self.ref}-{len(self.said) + 1}"
        self.said.append({"type": kind.value, "uid": uid, "at": instant_text(self.now), **said})
        return uid

    def decided(
        self, *recipients: str, child: int = 1, dver: int = 1, held: tuple[str, ...] = (), **said: Any
    ) -> list[Which]:
        """A decision for `recipients`, each `agency#channel#level[#nonce]`, and a delivery for each."""
        about = {"child": child, "dver": dver}
        uid = self.row(AuditKind.DECISION, **about, recipients=list(recipients), cipher="c", **said)
        self.children[child] = Child(dver, frozenset(held))
        self.notices[child, dver, ""] = uid
        if "told_as" in said:
            return []
        return [self.planned(text, uid, held=held, **about) for text in recipients]

    def planned(self, text: str, uid: str, *, child: int = 1, dver: int = 1, **has: Any) -> Which:
        """The delivery that a row lists, as it is created."""
        agency, channel, _, *nonce = text.split("#")
        which = Which(self.ref, child, dver, agency, channel, *nonce)
        self.notices.setdefault((child, dver, which.nonce), uid)
        free = not has.get("held")
        held = frozenset(has.pop("held", ()))
        origin = which.nonce.partition("+")[0]
        values: dict[str, Any] = {"held": held, "is_due": free, "is_watched": free, "origin": origin, **has}
        self.deliveries[which] = Delivery(which, f"N#{which}", "PENDING", **values)
        return which

    def about(self, which: Which) -> dict[str, Any]:
        """How a row names a delivery."""
        named = {"child": which.child, "dver": which.dver, "agency": which.agency_id, "chan": which.channel}
        return named | ({"nonce": which.nonce} if which.nonce else {})

    def becomes(self, which: Which, **changes: Any) -> None:
        """What the state says of it from now on."""
        self.deliveries[which] = replace(self.deliveries[which], **changes)

    def started(self, which: Which, attempt: int = 1, ra: str = "COMPLETE") -> None:
        """An attempt begins."""
        self.row(AuditKind.ATTEMPT_STARTED, **self.about(which), attempt=attempt, ra=ra)
        lease = self.now + timedelta(seconds=40)
        self.becomes(which, state="SENDING", is_due=True, due_at=lease, lease_until=lease)

    def closed(self, which: Which, state: str, attempt: int = 1, **said: Any) -> None:
        """It ends, and leaves the delivery in `state`."""
        proof = {"provider_id": "ses-1"} if state == "SENT" else {}
        told = {"attempt": attempt, "state": state, **proof, **said}
        self.row(AuditKind.ATTEMPT_CLOSED, **self.about(which), **told)
        goes_on = state in {"RETRY", "QUARANTINE", "PENDING"}
        self.becomes(which, state=state, is_due=goes_on, due_at=None, lease_until=None)

    def sent(self, which: Which, attempt: int = 1) -> None:
        """Begun and taken at once."""
        self.started(which, attempt)
        self.closed(which, "SENT", attempt)

    def task(self, kind: str, child: int = 1, agency: str | None = None, **has: Any) -> str:
        """An open task; its name."""
        name = "#".join(filter(None, (f"TASK#{kind}#{child:02d}", agency, has.get("about"))))
        values: dict[str, Any] = {"about": None, "state": "OPEN", "is_due": True, "is_listed": True, **has}
        self.tasks[name] = TaskSeen(kind=kind, child=child, agency_id=agency, **values)
        return name

    def clock(self, kind: str, child: int = 1, *, is_due: bool = True, end: str | None = None) -> str:
        """A clock that waits for something, or has ended; its name."""
        name = f"CLOCK#{kind}#{child:02d}"
        self.clocks[name] = ClockSeen(kind, child, is_due, end)
        return name

    def held_row(self, *triggers: str, child: int = 1, dver: int = 1, agency: str | None = None) -> None:
        """The HELD row of the decision before it, and its task."""
        kind = "RELEASE_AGENCY" if agency else "RELEASE_CHILD"
        named = {"held_agency": agency} if agency else {}
        self.row(AuditKind.HELD, child=child, dver=dver, triggers=list(triggers), task=kind, **named)
        self.task(kind, child, agency)

    def evidence(self) -> Evidence:
        """Both tables as they stand."""
        rows = linked(self.said, self.ref)
        tip = (rows[-1].seq, commitment(rows[-1].said)) if rows else None
        return Evidence(
            partition=f"R#{self.ref}",
            ref=self.ref,
            rows=rows,
            tip=tip,
            deliveries=dict(self.deliveries),
            children=dict(self.children),
            tasks=dict(self.tasks),
            clocks=dict(self.clocks),
            notices=dict(self.notices),
            left=frozenset(self.left),
        )


def told() -> Life:
    """The usual: two agencies, both told."""
    life = Life()
    for which in life.decided("north-police#webhook#3", "north-probation#email#2"):
        life.sent(which)
    return life


def arrived(evidence: Evidence) -> list[Arrived]:
    """What the day's index lists of a partition."""
    kinds = {"DECISION", "EVENT_DUPLICATE", "DECISION_STALE", "REJECTED", "LIFECYCLE", "RA_FORM"}
    return [
        Arrived(
            uid=row.uid,
            partition=evidence.partition,
            at=datetime.fromisoformat(row.at),
            kind=row.kind,
            source="mash.case-system",
            names_a_child="child" in row.said,
            is_told_elsewhere="duplicate" in row.said,
        )
        for row in evidence.rows
        if row.kind in kinds
    ]


OF_A_CLOCK = frozenset({FindingCode.CLOCK_NOT_DUE, FindingCode.CLOCK_MISSING})
"""What is found of clocks alone."""
Damage = Callable[[Evidence], Evidence]


def without_row(number: int) -> Damage:
    """One row taken out of the middle; the others stay as they are."""
    return lambda found: replace(found, rows=tuple(row for row in found.rows if row.seq != number))


def with_row(number: int, **said: Any) -> Damage:
    """One row that says something else, and all that follow linked anew: only what it says is wrong."""

    def damage(found: Evidence) -> Evidence:
        kept = [_plain(row) | (said if row.seq == number else {}) for row in found.rows]
        rows = linked([{name: value for name, value in row.items() if value is not None} for row in kept])
        return replace(found, rows=rows, tip=(rows[-1].seq, commitment(rows[-1].said)))

    return damage


def relinked_without(number: int) -> Damage:
    """One row never written: the chain is whole, and what the row said is missing."""

    def damage(found: Evidence) -> Evidence:
        rows = linked([_plain(row) for row in found.rows if row.seq != number], found.ref)
        return replace(found, rows=rows, tip=(rows[-1].seq, commitment(rows[-1].said)) if rows else None)

    return damage


def _plain(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.said.items() if name not in {"pk", "sk", "prev"}}


def with_delivery(agency: str, **changes: Any) -> Damage:
    """Each delivery of an agency in another state than it was left in."""
    return lambda found: replace(
        found,
        deliveries={
            which: replace(item, **changes) if which.agency_id == agency else item
            for which, item in found.deliveries.items()
        },
    )


def without_delivery(agency: str) -> Damage:
    """An agency's deliveries are gone."""
    return lambda found: replace(
        found,
        deliveries={which: item for which, item in found.deliveries.items() if which.agency_id != agency},
    )


def without_task(name: str) -> Damage:
    """A task is gone."""
    return lambda found: replace(
        found, tasks={other: task for other, task in found.tasks.items() if other != name}
    )


def without_clock(name: str) -> Damage:
    """A clock is gone."""
    return lambda found: replace(
        found, clocks={other: clock for other, clock in found.clocks.items() if other != name}
    )


def without_notice(child: int, dver: int) -> Damage:
    """A decision's notice is gone."""
    return lambda found: replace(
        found, notices={key: uid for key, uid in found.notices.items() if key != (child, dver, "")}
    )
