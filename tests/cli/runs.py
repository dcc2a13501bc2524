"""A finished run as plain data: what was sent, what the trail says, what the sinks hold."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from functions.adapters.ledger.everything import Row
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.cli.bus import Entry, Sent
from functions.cli.due_messages import Evidence
from functions.cli.sinks import Mail, Receipt
from functions.domain.record import GENESIS, commitment
from schemas.codes import Channel

REF, HELD_REF, PUBLIC_REF = "NS-26-7KQ4ZP", "NS-26-6NY3KF", "NS-26-1ZE8SH"
POLICE = DeliveryKey(REF, 1, 1, "north-police", Channel.WEBHOOK)
PROBATION = DeliveryKey(REF, 1, 1, "north-probation", Channel.EMAIL)
AMBULANCE = DeliveryKey(HELD_REF, 1, 1, "northshire-ambulance", Channel.EMAIL)
MAILBOX = "mash@probation.secure.example"
NOWHERE = Path("nowhere")
AT = "2026-11-24T15:02:30.000Z"


def sent(event_id: str | None, arrival: str, event_type: str = "DECIDED") -> Sent:
    detail = None if event_id is None else {"event_id": event_id, "event_type": event_type}
    return Sent(Entry(f"{arrival}.json", json.dumps(detail), detail), arrival)


def chained(partition: str, *items: Item) -> list[Row]:
    """`items` as rows of one partition, each linked to the one before."""
    rows, before = [], GENESIS
    for seq, item in enumerate(items, 1):
        whole = {"at": AT, "actor": "mash-outcomes", "prev": before, **item}
        rows.append(Row(partition, seq, whole))
        before = commitment(whole)
    return rows


def decision(event_id: str, *recipients: str, outcome: str = "S47J") -> Item:
    return {
        "type": "DECISION", "cause": event_id, "event_id": event_id, "child": 1, "dver": 1,
        "outcome": outcome, "additional": [], "recipients": list(recipients), "flags": [],
    }  # fmt: skip


def check(event_id: str, ra: str = "COMPLETE") -> Item:
    return {
        "type": "RA_CHECK", "cause": event_id, "child": 1, "dver": 1, "ra": ra, "failed": [], "advisory": [],
        "rules": "2026-11", "stale": False, "after_decision": False,
    }  # fmt: skip


def started(key: DeliveryKey, sha256: str, attempt: int = 1) -> Item:
    return {
        "type": "ATTEMPT_STARTED", "cause": key.sk, "agency": key.agency_id, "chan": key.channel.value,
        "child": key.child, "dver": key.seq, "attempt": attempt, "message_id": "msg_" + "0" * 32, "level": 3,
        "outcome": "S47J", "ra": "COMPLETE", "body_sha256": sha256,
    }  # fmt: skip


def told() -> list[Item]:
    """The letter's own case, from decision to both messages."""
    return [
        decision("e-1", "north-police#webhook#3", "north-probation#email#3"),
        check("e-1"),
        started(POLICE, "hash-of-webhook"),
        started(PROBATION, "hash-of-mail"),
    ]


def stale(event_id: str) -> Item:
    """An older decision that came late."""
    about = {"child": 1, "dver": 0, "newest": 1}
    return {"type": "DECISION_STALE", "cause": event_id, "event_id": event_id, **about}


def receipt(**changes: Any) -> Receipt:
    whole = Receipt("north-police", "msg_1", 204, True, False, "hash-of-webhook", NOWHERE)  # noqa: FBT003
    return replace(whole, **changes)


def mail(**changes: Any) -> Mail:
    whole = Mail((MAILBOX,), "OFFICIAL-SENSITIVE: NS-26-7KQ4ZP", "hash-of-mail", NOWHERE, NOWHERE)
    return replace(whole, **changes)


def a_run() -> Evidence:
    """One of everything: told, held, nobody to tell, duplicate, stale, refused, and a form beside them."""
    return Evidence(
        sent=[
            sent("e-1", "bus-1"),
            sent("e-1", "bus-2"),
            sent("e-2", "bus-3"),
            sent("e-3", "bus-4"),
            sent("e-4", "bus-5"),
            sent(None, "queue-6"),
            sent("e-7", "bus-7", "RA_FORM_METADATA"),
        ],
        rows=[
            *chained(
                f"R#{REF}",
                {"type": "RA_FORM", "cause": "e-7", "form_version": 1, "children": [1]},
                *told(),
                {"type": "EVENT_DUPLICATE", "cause": "e-1", "event_id": "e-1", "child": 1, "dver": 1},
                stale("e-4"),
            ),
            *chained(
                f"R#{HELD_REF}",
                decision("e-2", "northshire-ambulance#email#1", outcome="EMP"),
                check("e-2", "ABSENT"),
                {"type": "HELD", "cause": "e-2", "child": 1, "dver": 1, "triggers": ["EMERGENCY"]},
            ),
            *chained(f"R#{PUBLIC_REF}", decision("e-3", outcome="NFA"), check("e-3", "ABSENT")),
            *chained(
                "X#2026-11-24#unknown",
                {
                    "type": "REJECTED",
                    "cause": "queue-6",
                    "field": "event",
                    "reason": "NOT_JSON",
                    "kept_as": "2026-11-24/queue-6",
                },
            ),
        ],
        deliveries={
            POLICE: {"st": "SENT"},
            PROBATION: {"st": "SENT"},
            AMBULANCE: {"st": "PENDING", "held": ["EMERGENCY"]},
        },
        mails=[mail()],
        receipts=[receipt()],
        mailboxes={"north-probation": (MAILBOX,)},
    )  # fmt: skip


def with_rows(evidence: Evidence, keep: Callable[[Row], bool]) -> Evidence:
    """`evidence` with only the rows that `keep` wants."""
    return replace(evidence, rows=[row for row in evidence.rows if keep(row)])


def relinked(rows: Sequence[Row], at: int, **changes: Any) -> list[Row]:
    """`rows` with one of them altered after the fact, as nobody may."""
    altered = list(rows)
    altered[at] = replace(rows[at], item={**rows[at].item, **changes})
    return altered
