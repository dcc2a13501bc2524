"""Each message that was due, by the trail's own rows, and whether an independent sink has it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from functions.adapters.ledger.everything import Row
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.cli.bus import Sent
from functions.cli.sinks import Mail, Receipt
from functions.domain.series import series_of_line
from functions.domain.wording.updates.names import SUBJECTS
from functions.story.named import series_in
from schemas.codes import ActReason, AuditKind, Channel, HoldTrigger, Series
from schemas.codes import Receipt as MailReceipt

STOPPED = "nothing: a person stopped it"
SENT_AGAIN = "the same message, sent again"


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that an account is made from."""

    sent: Sequence[Sent]
    rows: Sequence[Row]
    deliveries: Mapping[DeliveryKey, Item]
    mails: Sequence[Mail]
    receipts: Sequence[Receipt]
    mailboxes: Mapping[str, Sequence[str]]
    """The registry's addresses of each agency that may be told by e-mail: its role mailbox and its lead's."""


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
    came_back: bool = False
    """Whether the mail service said so: then nobody there has it, whatever a mailbox shows here."""
    shown_as: str | None = None
    """The reader's own reference, where the message stands with another referral's."""

    @property
    def about(self) -> str:
        """What an update is about, `the plan`; nothing of a decision."""
        return SUBJECTS[self.key.series] if self.key.series else ""

    @property
    def is_stopped(self) -> bool:
        """Whether a person stopped it, and nobody there has it."""
        return self.replaced_by == STOPPED and not self.delivered

    @property
    def is_sent_again(self) -> bool:
        """Whether it tells nobody, and another message stands in its place."""
        return self.replaced_by == SENT_AGAIN and not self.delivered

    @property
    def done(self) -> bool:
        return self.delivered or self.replaced_by is not None

    def as_json(self) -> dict[str, object]:
        """As the report lists it."""
        listed: dict[str, object] = {
            "referral_ref": self.key.ref,
            "child_index": self.key.child,
            **numbered_as(self.key),
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
        if self.came_back:
            listed["came_back"] = True
        if self.replaced_by is not None:
            listed["replaced_by"] = self.replaced_by
        return listed


def numbered_as(key: DeliveryKey) -> dict[str, object]:
    """For programs: a decision's messages have its version, an update's the number in its series."""
    return {"decision_seq": key.seq} if key.series is None else {"series": key.series, "number": key.seq}


def due_messages(evidence: Evidence) -> list[Notification]:
    """Every message that was due, by the rows that planned it; a held one is not, until it is released."""
    started = _by_delivery(evidence.rows, AuditKind.ATTEMPT_STARTED)
    superseded = _by_delivery(evidence.rows, AuditKind.SUPERSEDED)
    cancelled = _by_delivery(evidence.rows, AuditKind.CANCELLED)
    again = {
        key: [row for row in rows if row.get("takes_over")]
        for key, rows in _by_delivery(evidence.rows, AuditKind.RESENT).items()
    }
    came_back = _by_delivery(evidence.rows, AuditKind.RECEIPT)
    phoned = _told_by_telephone(evidence.rows)
    checks = {
        (row.item["cause"], row.item["child"]): row.item["ra"]
        for row in evidence.rows
        if row.item["type"] == AuditKind.RA_CHECK
    }
    return [
        _notification(
            key,
            planned=row.item,
            level=level,
            ra_status=str(checks.get((row.item["cause"], row.item["child"]), row.item.get("ra", ""))),
            attempts=started.get(key, []),
            ended=[
                *superseded.get(key, []),
                *cancelled.get(key, []),
                *again.get(key, []),
                *phoned.get(_called_about(key), []),
            ],
            came_back=any(row["receipt"] == MailReceipt.BOUNCED for row in came_back.get(key, [])),
            evidence=evidence,
        )
        for row in evidence.rows
        if row.item["type"] in PLANS
        for key, level in sorted(recipients(row).items(), key=lambda planned: planned[0].text)
        if "held" not in evidence.deliveries.get(key, {})
    ]


PLANS = frozenset(
    {
        AuditKind.DECISION,
        AuditKind.UPDATE,
        AuditKind.RELEASED,
        AuditKind.RESENT,
        AuditKind.CLOCK_FIRED,
    }
)
"""Rows that say whom they create messages for: a decision, an update beside it, a release that makes one of
its own, a message that a person had sent again, and a clock that put an e-mail in a failing webhook's
place."""

Told = tuple[str, int | None, int | None, Series | None]
"""A decision: its referral's partition, child and version; or an update, by its number in its series."""


def which(row: Row) -> Told:
    """Which decision or update a row is about."""
    return row.partition, row.item.get("child"), row.item.get("dver"), series_in(row.item)


def told_in(key: DeliveryKey) -> Told:
    """The decision or update that a message tells."""
    return key.pk, key.child, key.seq, key.series


def recipients(planned: Row) -> dict[DeliveryKey, int]:
    """Whom the row says that it is for, and at which level; a duplicate's stand with its original's."""
    item = planned.item
    if item["type"] == AuditKind.CLOCK_FIRED:
        return _instead(planned)
    told_as = item.get("told_as", {})
    ref = told_as.get("ref", planned.referral_ref or "")
    child, seq = told_as.get("child", item["child"]), told_as.get("dver", item["dver"])
    found: dict[DeliveryKey, int] = {}
    for listed in item.get("recipients", ()):
        agency, channel, level, *nonce = listed.split("#")
        found[DeliveryKey(ref, child, seq, agency, Channel(channel), *nonce)] = int(level)
    return found


def _instead(fired: Row) -> dict[DeliveryKey, int]:
    """The e-mail that takes a webhook's place, if it was that clock: the same delivery by another channel."""
    item = fired.item
    if "instead" not in item:
        return {}
    key = DeliveryKey(
        fired.referral_ref or "",
        item["child"],
        item["dver"],
        item["agency"],
        Channel.FALLBACK,
        item.get("nonce", ""),
    )
    return {key: int(item["level"])}


Called = tuple[str | None, int, int, str, str | None]


def _told_by_telephone(rows: Iterable[Row]) -> Mapping[Called, list[Item]]:
    """The calls that somebody has made, by referral, child, number and agency, and by the update they were
    about."""
    found: defaultdict[Called, list[Item]] = defaultdict(list)
    for row in rows:
        item = row.item
        if item["type"] == AuditKind.TASK and item.get("done") and item["reason"] == ActReason.TOLD_BY_PHONE:
            whom = item.get("task_agency", "")
            found[row.referral_ref, item["child"], item["dver"], whom, _line_of(item)].append(item)
    return found


def _called_about(key: DeliveryKey) -> Called:
    return key.ref, key.child, key.seq, key.agency_id, key.line


def _line_of(call: Item) -> str | None:
    """The updates that a call was about; one about a duplicate's message is a decision's."""
    about = call.get("about")
    return about if series_of_line(about or "") else None


def _by_delivery(rows: Iterable[Row], kind: AuditKind) -> Mapping[DeliveryKey, list[Item]]:
    found: defaultdict[DeliveryKey, list[Item]] = defaultdict(list)
    for row in rows:
        if row.item["type"] == kind and row.referral_ref is not None:
            item = row.item
            key = DeliveryKey(
                row.referral_ref,
                item["child"],
                item["dver"],
                item["agency"],
                Channel(item["chan"]),
                item.get("nonce", ""),
            )
            found[key].append(item)
    return found


def _notification(
    key: DeliveryKey,
    *,
    planned: Item,
    level: int,
    ra_status: str,
    attempts: Sequence[Item],
    ended: Sequence[Item],
    came_back: bool,
    evidence: Evidence,
) -> Notification:
    hashes = {attempt["body_sha256"] for attempt in attempts}
    return Notification(
        key=key,
        outcome=attempts[-1].get("outcome", "") if attempts else planned.get("outcome", ""),
        ra_status=attempts[-1]["ra"] if attempts else ra_status,
        level=level,
        attempts=len(attempts),
        delivered=not came_back and _has_arrived(key, hashes, evidence),
        verified=_is_verified(key, hashes, evidence) if key.channel is Channel.WEBHOOK else None,
        replaced_by=_replacement(ended[-1]) if ended else None,
        came_back=came_back,
        shown_as=attempts[-1].get("shown_as") if attempts else None,
    )


def _replacement(ended: Item) -> str:
    """What took the message's place: a newer version, the same one sent again, a notice to one lead for a
    shared mailbox, a call; or nothing, where a person stopped it."""
    if "by" in ended:
        return f"{'number' if 'by_series' in ended else 'decision_seq'} {ended['by']}"
    if ended["type"] == AuditKind.TASK:
        return "a telephone call"
    if ended["type"] == AuditKind.RESENT:
        return SENT_AGAIN
    if ended["reason"] == HoldTrigger.STAFF_LINK:
        return "a notice to the safeguarding lead"
    return STOPPED


def _has_arrived(key: DeliveryKey, hashes: set[str], evidence: Evidence) -> bool:
    """Whether the right sink took, for the right agency, bytes that a STARTED row announced."""
    if key.channel is Channel.WEBHOOK:
        return any(receipt.sha256 in hashes for receipt in _accepted(key, evidence))
    known = evidence.mailboxes.get(key.agency_id, ())
    return any(mail.sha256 in hashes and set(mail.to) <= set(known) for mail in evidence.mails)


def _is_verified(key: DeliveryKey, hashes: set[str], evidence: Evidence) -> bool:
    taken = [receipt.verified for receipt in _accepted(key, evidence) if receipt.sha256 in hashes]
    return bool(taken) and all(taken)


def _accepted(key: DeliveryKey, evidence: Evidence) -> Iterable[Receipt]:
    return (receipt for receipt in evidence.receipts if receipt.accepted and receipt.agency == key.agency_id)
