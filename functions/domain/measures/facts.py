"""All that one referral's rows give to the figures: its children, messages, holds, and what followed.

Everything here is worked out from the rows alone, so that the same rows always give the same facts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from functions.domain.measures.afterwards import Challenge, Closure, challenges_of, closures_of
from functions.domain.measures.decided import Decided, decided
from functions.domain.measures.decisions import finals
from functions.domain.measures.holds import Hold, holds_of
from functions.domain.measures.messages import Message, messages_of
from functions.domain.measures.received import (
    Check,
    Received,
    check_of,
    children_of,
    received,
    referrer,
    within_a_working_day,
)
from functions.domain.measures.said import events
from functions.domain.measures.told import Told, told
from functions.domain.reconciliation.evidence import Row
from schemas.clocks import ClockPolicy
from schemas.codes import AgencyType, AuditKind, EventType


@dataclass(frozen=True, slots=True)
class AsOf:
    """The moment of which the figures are, the hub's clocks, and what sort of agency each one is."""

    now: datetime
    clocks: ClockPolicy
    agency_types: Mapping[str, AgencyType]


@dataclass(frozen=True, slots=True)
class Case:
    """One child on one referral: what most figures count. None says that no event has told."""

    ref: str
    received: Received
    check: Check | None
    decided: Decided | None
    told: Told
    told_in_a_working_day: bool
    triggers: frozenset[str]
    disclosures: frozenset[str]
    is_challenged: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was free to go: to whom, when it arrived if it did, and whether it failed, which is not
    there within a working day, or unread past its limit."""

    at: datetime
    failed: bool
    agency_id: str
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """A hold, and for how long it has been open if it still is."""

    at: datetime
    open_for: timedelta | None


@dataclass(frozen=True, slots=True)
class Followed:
    """A decision, and whether its child was referred again in the 12 months after it."""

    at: datetime
    is_known: bool
    """Whether the child has a pseudonym, and the 12 months are over."""
    is_nfa: bool
    came_back: bool


@dataclass(frozen=True, slots=True)
class Address:
    """An agency's mailbox in the registry, today; of another month nobody knows."""

    at: datetime
    is_stale: bool | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What figures count; those of several referrals add up."""

    cases: tuple[Case, ...] = ()
    sent: tuple[Sent, ...] = ()
    holds: tuple[Held, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    closures: tuple[Closure, ...] = ()
    followed: tuple[Followed, ...] = ()
    addresses: tuple[Address, ...] = ()
    heard: frozenset[str] = field(default_factory=frozenset)
    """Which types of event have come at all: of one that never came nothing is known, not even none."""


def facts_of(rows: Sequence[Row], ref: str, as_of: AsOf) -> Facts:
    """One referral's."""
    messages, holds = messages_of(rows, ref), holds_of(rows)
    return Facts(
        cases=tuple(_case(rows, ref, child, messages, as_of) for child in children_of(rows)),
        sent=tuple(_sent(messages, holds, as_of)),
        holds=tuple(Held(one.held_at, _open_for(one, as_of)) for one in holds),
        challenges=challenges_of(rows),
        closures=closures_of(rows, ref, messages),
        heard=frozenset(row.said["event_type"] for row in rows if row.kind == AuditKind.LIFECYCLE),
    )


def _case(rows: Sequence[Row], ref: str, child: int, messages: Sequence[Message], as_of: AsOf) -> Case:
    came, final = received(rows, child, as_of.clocks), finals(rows, child)
    heard = told(final, rows, messages, referrer(rows, child), as_of.agency_types)
    own_holds = (row for row in rows if row.kind == AuditKind.HELD and row.child == child)
    return Case(
        ref=ref,
        received=came,
        check=check_of(rows, child),
        decided=decided(final, rows, came, as_of.clocks),
        told=heard,
        told_in_a_working_day=heard.first_at is not None
        and heard.first_at <= within_a_working_day(came.at, as_of.clocks),
        triggers=frozenset(trigger for row in own_holds for trigger in row.said["triggers"]),
        disclosures=frozenset(row.said["disclosure"] for row in events(rows, EventType.WITHHELD, child)),
        is_challenged=any(True for _ in events(rows, EventType.CHALLENGE_RAISED, child)),
    )


def _sent(messages: Iterable[Message], holds: Sequence[Hold], as_of: AsOf) -> Iterator[Sent]:
    for one in messages:
        free_at = _free_at(one, holds)
        if free_at is not None and (one.told_at or not one.is_over):
            due_at = within_a_working_day(free_at, as_of.clocks)
            failed = (one.told_at or as_of.now) > due_at or one.was_unread
            yield Sent(free_at, failed, one.about.agency_id, one.told_at)


def _free_at(message: Message, holds: Sequence[Hold]) -> datetime | None:
    """When nothing held it back any more; None while something does."""
    about, told_at = message.about, message.told_at
    held = [one for one in holds if one.holds_back(about.child, about.agency_id)]
    if told_at is None and any(one.ended_at is None for one in held):
        return None
    ends = (one.ended_at for one in held if one.ended_at and one.ended_at <= (told_at or one.ended_at))
    return max((message.planned_at, *ends))


def _open_for(hold: Hold, as_of: AsOf) -> timedelta | None:
    return None if hold.ended_at else as_of.now - hold.held_at
