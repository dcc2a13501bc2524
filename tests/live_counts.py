"""The live counters of a stage's tables, brought up to every row as the trail's stream would have them."""

from collections import Counter
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.ledger.store import Store
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import Directory
from functions.flows.measuring.live import CountDesk, count_up_to
from schemas.clocks import ClockPolicy


def count_live(store: Store, clocks: ClockPolicy, now: datetime) -> None:
    """Counts each referral once, as it stands."""
    desk = CountDesk(
        Counters(store),
        Partitions(store),
        Directory(store, Chain(store, salt=lambda: "0" * 32)),
        clocks,
        Patience(lambda: 0.0, lambda _: None, lambda: 0.0, 1),
        lambda: now,
    )
    pages = store.client.get_paginator("scan").paginate(TableName=store.audit)
    rows = Counter(item["pk"]["S"] for page in pages for item in page["Items"])
    as_of = desk.as_of()
    for partition, newest in sorted(rows.items()):
        if ref := keys.ref_in(partition):
            count_up_to(newest, ref, as_of, desk)
