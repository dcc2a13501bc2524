"""The account of a run: everything that went in against everything that the trail and the sinks show.

    what was sent ──────────┐
    the trail's rows ───────┼──> every input in exactly one bucket, every due message delivered,
    the deliveries ─────────┤    no message that the trail does not know, every link of the trail whole
    what the sinks received ┘

Nothing here is measured by the service itself: the sinks are other programs and compute their own hashes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from functions.adapters.ledger.everything import Row
from functions.cli.bus import Sent
from functions.cli.due_messages import Evidence, Notification, due_messages, recipients, which
from functions.domain.record import GENESIS, commitment
from schemas.codes import AuditKind, Bucket, CanaryResult, DeliveryState

TAKEN_IN = frozenset(
    {
        AuditKind.DECISION,
        AuditKind.DECISION_STALE,
        AuditKind.EVENT_DUPLICATE,
        AuditKind.LIFECYCLE,
        AuditKind.RA_FORM,
    }
)
"""Rows of which each event that is not refused causes exactly one, under its own id."""

SETTLED = frozenset(
    {
        DeliveryState.SENT,
        DeliveryState.FAILED,
        DeliveryState.SUPERSEDED,
        DeliveryState.CANCELLED,
        DeliveryState.PARKED,
    }
)


@dataclass(frozen=True, slots=True)
class Account:
    """The result; `clean` says whether anybody must look into it."""

    decisions_in: int
    recorded: int
    buckets: Mapping[Bucket, int]
    notifications: Sequence[Notification]
    audit_entries: int
    unaccounted: int
    unknown_messages: int
    broken_links: int
    canaries_taken: int
    """They tell nothing: no input, no message, nothing to be accounted for."""

    @property
    def clean(self) -> bool:
        """Whether nothing is missing, open, undelivered, unverified, unknown or broken."""
        return (
            not (self.unaccounted or self.buckets[Bucket.OPEN] or self.unknown_messages or self.broken_links)
            and all(notification.done for notification in self.notifications)
            and all(n.verified is not False or n.replaced_by is not None for n in self.notifications)
        )

    def as_json(self) -> dict[str, object]:
        """The report that `mash demo --report` writes."""
        return {
            "decisions_in": self.decisions_in,
            "recorded": self.recorded,
            **{bucket.value: self.buckets[bucket] for bucket in Bucket},
            "unaccounted": self.unaccounted,
            "unknown_messages": self.unknown_messages,
            "broken_links": self.broken_links,
            "audit_entries": self.audit_entries,
            "canaries_taken": self.canaries_taken,
            "notifications": [notification.as_json() for notification in self.notifications],
        }


def account(evidence: Evidence) -> Account:
    """Reckons up `evidence`."""
    notifications = due_messages(evidence)
    found = (_bucket(row, notifications, evidence) for row in evidence.rows)
    buckets = Counter(bucket for bucket in found if bucket is not None)
    recorded = sum(1 for row in evidence.rows if _is_recorded(row))
    refused_feed = _refused(evidence) & {s.arrival_id for s in evidence.sent if not s.is_a_decision}
    return Account(
        decisions_in=sum(1 for s in evidence.sent if s.is_a_decision) + len(refused_feed),
        recorded=recorded,
        buckets=buckets,
        notifications=notifications,
        audit_entries=len(evidence.rows),
        unaccounted=unaccounted(evidence.sent, evidence.rows),
        unknown_messages=_unknown_messages(evidence),
        broken_links=broken_links(evidence.rows),
        canaries_taken=sum(1 for r in evidence.rows if r.item.get("result") == CanaryResult.CANARY_OK),
    )


def _refused(evidence: Evidence) -> set[str]:
    return {row.item["cause"] for row in evidence.rows if row.refuses_an_event}


def _is_recorded(row: Row) -> bool:
    """What is no decision: arrivals, forms, heartbeats, what happens beside decisions; and what came twice of
    these: a decision's duplicate names its child."""
    kind = row.item["type"]
    return (
        kind == AuditKind.RA_FORM
        or (kind == AuditKind.LIFECYCLE and not _is_no_input(row))
        or (kind == AuditKind.EVENT_DUPLICATE and "child" not in row.item)
    )


def _is_no_input(row: Row) -> bool:
    """The original's own row about a decision that has its row elsewhere, or that of an event that had waited
    and had one when it came: not a second input."""
    again = "duplicate" in row.item or "waited_since" in row.item
    return row.item["type"] == AuditKind.LIFECYCLE and again


def _bucket(row: Row, notifications: Sequence[Notification], evidence: Evidence) -> Bucket | None:
    match row.item["type"]:
        case AuditKind.REJECTED if row.refuses_an_event:
            return Bucket.REFUSED
        case AuditKind.DECISION_STALE:
            return Bucket.STALE
        case AuditKind.EVENT_DUPLICATE if "child" in row.item:
            return Bucket.DUPLICATE
        case AuditKind.DECISION:
            return _bucket_of_decision(row, notifications, evidence)
    return None


def _bucket_of_decision(row: Row, notifications: Sequence[Notification], evidence: Evidence) -> Bucket:
    keys = set(recipients(row))
    ends = {one.key: _end_of(one, notifications) for one in notifications if one.key in keys}
    for end in (Bucket.OPEN, Bucket.TOLD):
        if end in ends.values():
            return end
    if keys:
        return Bucket.HELD if keys - ends.keys() else Bucket.NOBODY_TO_TELL
    if row.item.get("joined"):
        return Bucket.OPEN  # a duplicate whose original is not decided yet
    return Bucket.TOLD if _is_read_in_the_system(row, evidence) else Bucket.NOBODY_TO_TELL


def _end_of(due: Notification, notifications: Sequence[Notification]) -> Bucket:
    """What a person stopped is due no more, unless another message tells its reader the same."""
    if not (due.is_stopped or due.is_sent_again):
        return Bucket.TOLD if due.done else Bucket.OPEN
    beside = [one for one in notifications if _reader(one) == _reader(due)]
    standing = [one for one in beside if not (one.is_stopped or one.is_sent_again)]
    if any(one.done for one in standing):
        return Bucket.TOLD
    stopped = any(one.is_stopped for one in beside)
    return Bucket.NOBODY_TO_TELL if stopped and not standing else Bucket.OPEN


def _reader(due: Notification) -> tuple[str, int, int, str, str]:
    key = due.key
    return key.ref, key.child, key.seq, key.agency_id, key.origin


def _is_read_in_the_system(decision: Row, evidence: Evidence) -> bool:
    """Whether somebody reads the decision in the hub's own case system, so that no message was due."""
    return any(
        row.item["type"] == AuditKind.SUPPRESSED_IN_SYSTEM and which(row) == which(decision)
        for row in evidence.rows
    )


def unaccounted(sent: Sequence[Sent], rows: Sequence[Row]) -> int:
    """How many inputs are in no bucket or in two, and how many rows no input explains.

    Inputs and rows are matched by event id, a refusal by the id of its arrival, so that one input lost and
    another counted twice do not cancel out.
    """
    expected: Counter[str] = Counter(identity(s) for s in sent)
    refusals: dict[str, str] = {s.arrival_id: identity(s) for s in sent}
    found: Counter[str] = Counter()
    for row in rows:
        match row.item["type"]:
            case AuditKind.REJECTED if row.refuses_an_event:
                arrival = str(row.item["cause"])
                found[refusals.get(arrival, arrival)] += 1
            case kind if kind in TAKEN_IN and not _is_no_input(row):
                found[str(row.item["cause"])] += 1
    return sum(abs(expected[name] - found[name]) for name in expected | found)


def identity(sent: Sent) -> str:
    """By what the trail knows an input: its event id, or that of its arrival if it has none."""
    return (sent.entry.event_id or sent.arrival_id).lower()


def _unknown_messages(evidence: Evidence) -> int:
    """Messages that a sink received and no STARTED row announced: sent behind the trail's back."""
    announced = {
        row.item["body_sha256"] for row in evidence.rows if row.item["type"] == AuditKind.ATTEMPT_STARTED
    }
    received = [*(mail.sha256 for mail in evidence.mails), *(receipt.sha256 for receipt in evidence.receipts)]
    return sum(1 for sha256 in received if sha256 not in announced)


def broken_links(rows: Sequence[Row]) -> int:
    """Rows that do not follow the one before: a number left out, or a commitment that is another's."""
    broken = 0
    for _, partition in groupby(rows, key=lambda row: row.partition):
        before = GENESIS
        for number, row in enumerate(partition, 1):
            broken += row.seq != number or row.item["prev"] != before
            before = commitment(row.item)
    return broken
