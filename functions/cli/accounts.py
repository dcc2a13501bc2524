"""The account of a run: everything that went in against everything that the trail and the sinks show.

    what was sent ──────────┐
    the trail's rows ───────┼──> every input in exactly one bucket, every due message delivered,
    the deliveries ─────────┤    no message that the trail does not know, every link of the trail whole
    what the sinks received ┘

Nothing here is measured by the service itself: the sinks are other programs and compute their own hashes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from functions.adapters.ledger.everything import Row
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.cli.bus import Sent
from functions.cli.sinks import Mail, Receipt
from functions.domain.record import GENESIS, commitment
from schemas.codes import AuditKind, Channel, DeliveryState


class Bucket(StrEnum):
    """How one decision event ended (delivery section 14); every one ends in exactly one of these."""

    TOLD = "told"
    HELD = "held"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    STALE = "stale"
    NOBODY_TO_TELL = "nobody_to_tell"
    OPEN = "open"


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
class Evidence:
    """All that an account is made from."""

    sent: Sequence[Sent]
    rows: Sequence[Row]
    deliveries: Mapping[DeliveryKey, Item]
    mails: Sequence[Mail]
    receipts: Sequence[Receipt]
    mailboxes: Mapping[str, str]
    """The registry's address of each agency that is told by e-mail."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One due message to one agency, and whether the independent sink has it."""

    key: DeliveryKey
    outcome: str
    ra_status: str
    level: int
    attempts: int
    delivered: bool
    verified: bool | None
    replaced_by: str | None

    @property
    def done(self) -> bool:
        return self.delivered or self.replaced_by is not None

    def as_json(self) -> dict[str, object]:
        """As the report lists it."""
        listed: dict[str, object] = {
            "referral_ref": self.key.ref,
            "child_index": self.key.child,
            "decision_seq": self.key.seq,
            "agency": self.key.agency_id,
            "channel": self.key.channel.value,
            "outcome": self.outcome,
            "ra_status": self.ra_status,
            "level": self.level,
            "attempts": self.attempts,
            "delivered": self.delivered,
        }
        if self.verified is not None:
            listed["verified"] = self.verified
        if self.replaced_by is not None:
            listed["replaced_by"] = self.replaced_by
        return listed


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
            "notifications": [notification.as_json() for notification in self.notifications],
        }


def account(evidence: Evidence) -> Account:
    """Reckons up `evidence`."""
    notifications = _notifications(evidence)
    found = (_bucket(row, notifications) for row in evidence.rows)
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
    )


def _refused(evidence: Evidence) -> set[str]:
    return {row.item["cause"] for row in evidence.rows if row.item["type"] == AuditKind.REJECTED}


def _is_recorded(row: Row) -> bool:
    """Forms and heartbeats, and those that came twice: a decision's duplicate names its child."""
    kind = row.item["type"]
    return kind in {AuditKind.RA_FORM, AuditKind.LIFECYCLE} or (
        kind == AuditKind.EVENT_DUPLICATE and "child" not in row.item
    )


def _bucket(row: Row, notifications: Sequence[Notification]) -> Bucket | None:
    match row.item["type"]:
        case AuditKind.REJECTED:
            return Bucket.REFUSED
        case AuditKind.DECISION_STALE:
            return Bucket.STALE
        case AuditKind.EVENT_DUPLICATE if "child" in row.item:
            return Bucket.DUPLICATE
        case AuditKind.DECISION:
            return _bucket_of_decision(row, notifications)
    return None


def _bucket_of_decision(row: Row, notifications: Sequence[Notification]) -> Bucket:
    keys = _recipients(row)
    due = [notification for notification in notifications if notification.key in keys]
    if due:
        return Bucket.TOLD if all(notification.done for notification in due) else Bucket.OPEN
    return Bucket.HELD if keys else Bucket.NOBODY_TO_TELL


def _recipients(decision: Row) -> set[DeliveryKey]:
    """Whom the decision's own row says that it is for."""
    named = (recipient.split("#") for recipient in decision.item["recipients"])
    ref, child, seq = decision.referral_ref or "", decision.item["child"], decision.item["dver"]
    return {DeliveryKey(ref, child, seq, agency, Channel(channel)) for agency, channel, _level in named}


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
            case AuditKind.REJECTED:
                arrival = str(row.item["cause"])
                found[refusals.get(arrival, arrival)] += 1
            case kind if kind in TAKEN_IN:
                found[str(row.item["cause"])] += 1
    return sum(abs(expected[name] - found[name]) for name in expected | found)


def identity(sent: Sent) -> str:
    """By what the trail knows an input: its event id, or that of its arrival if it has none."""
    return (sent.entry.event_id or sent.arrival_id).lower()


def _notifications(evidence: Evidence) -> list[Notification]:
    """Every message that was due, by the decisions' own rows; a held one is not."""
    started = _by_delivery(evidence.rows, AuditKind.ATTEMPT_STARTED)
    superseded = _by_delivery(evidence.rows, AuditKind.SUPERSEDED)
    checks = {
        (row.item["cause"], row.item["child"]): row.item["ra"]
        for row in evidence.rows
        if row.item["type"] == AuditKind.RA_CHECK
    }
    return [
        _notification(
            key,
            decision=row.item,
            ra_status=checks[row.item["event_id"], row.item["child"]],
            attempts=started.get(key, []),
            superseded=superseded.get(key, []),
            evidence=evidence,
        )
        for row in evidence.rows
        if row.item["type"] == AuditKind.DECISION
        for key in sorted(_recipients(row), key=lambda key: key.text)
        if "held" not in evidence.deliveries.get(key, {})
    ]


def _by_delivery(rows: Iterable[Row], kind: AuditKind) -> Mapping[DeliveryKey, list[Item]]:
    found: defaultdict[DeliveryKey, list[Item]] = defaultdict(list)
    for row in rows:
        if row.item["type"] == kind and row.referral_ref is not None:
            item = row.item
            key = DeliveryKey(
                row.referral_ref, item["child"], item["dver"], item["agency"], Channel(item["chan"])
            )
            found[key].append(item)
    return found


def _notification(
    key: DeliveryKey,
    *,
    decision: Item,
    ra_status: str,
    attempts: Sequence[Item],
    superseded: Sequence[Item],
    evidence: Evidence,
) -> Notification:
    hashes = {attempt["body_sha256"] for attempt in attempts}
    level = next(
        int(level)
        for agency, channel, level in (recipient.split("#") for recipient in decision["recipients"])
        if (agency, channel) == (key.agency_id, key.channel)
    )
    return Notification(
        key=key,
        outcome=attempts[-1]["outcome"] if attempts else decision["outcome"],
        ra_status=attempts[-1]["ra"] if attempts else ra_status,
        level=level,
        attempts=len(attempts),
        delivered=_has_arrived(key, hashes, evidence),
        verified=_is_verified(key, hashes, evidence) if key.channel is Channel.WEBHOOK else None,
        replaced_by=f"decision_seq {superseded[-1]['by']}" if superseded else None,
    )


def _has_arrived(key: DeliveryKey, hashes: set[str], evidence: Evidence) -> bool:
    """Whether the right sink took, for the right agency, bytes that a STARTED row announced."""
    if key.channel is Channel.WEBHOOK:
        return any(receipt.sha256 in hashes for receipt in _accepted(key, evidence))
    mailbox = evidence.mailboxes.get(key.agency_id)
    return any(mail.sha256 in hashes and mail.to == (mailbox,) for mail in evidence.mails)


def _is_verified(key: DeliveryKey, hashes: set[str], evidence: Evidence) -> bool:
    taken = [receipt.verified for receipt in _accepted(key, evidence) if receipt.sha256 in hashes]
    return bool(taken) and all(taken)


def _accepted(key: DeliveryKey, evidence: Evidence) -> Iterable[Receipt]:
    return (receipt for receipt in evidence.receipts if receipt.accepted and receipt.agency == key.agency_id)


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
