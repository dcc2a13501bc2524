"""What the claim's condition asks of a child is what the domain says of it: one rule, in two languages."""

from itertools import product
from typing import Any

import pytest

from functions.adapters.ledger.items import still_newest
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Change, ConditionsFailedError
from functions.domain.series import FORM_SETTLED, REFERRER_WAITS, newest_in, nonce_of, replaced_by
from schemas.codes import Channel, Series
from tests.stage_tables import in_memory

NUMBER = 3
CHILD = ("REF#NS-26-7KQ4ZP", "CHILD#01")
LINES = (None, *Series)
NEWEST, DECIDED, SETTLED = (NUMBER, NUMBER + 1), (None, 1), (None, 0, 2)
WAITS = (None, "", "north-police")


def told_in(line: Series | None) -> DeliveryKey:
    nonce = nonce_of(line) if line else ""
    return DeliveryKey("NS-26-7KQ4ZP", 1, NUMBER, "north-police", Channel.WEBHOOK, nonce)


def is_claimable(key: DeliveryKey, child: dict[str, Any]) -> bool:
    store = in_memory()
    store.write([store.update("child", "state", CHILD, change=Change(child))])
    try:
        store.write([store.check("child", "state", CHILD, still_newest(key))])
    except ConditionsFailedError:
        return False
    return True


@pytest.mark.parametrize("line", LINES)
def test_a_message_is_claimed_as_long_as_nothing_took_its_place(line: Series | None) -> None:
    key = told_in(line)
    for newest, decided, settled, waits in product(NEWEST, DECIDED, SETTLED, WAITS):
        said = {"dver": decided, FORM_SETTLED: settled, REFERRER_WAITS: waits}
        said |= {newest_in(key.line): newest}
        child = {name: value for name, value in said.items() if value is not None}
        replaced = replaced_by(key.line, NUMBER, child)
        assert is_claimable(key, child) is (replaced is None), child
