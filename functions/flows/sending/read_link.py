"""The token of a message's read link: opaque, the same at every try, gone with the referral's key."""

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.vault import DataKey

_PURPOSE = "read and confirmed"


def read_token(key: DataKey, delivery: DeliveryKey) -> str:
    """128 bits as hex, from the delivery's key under the referral's data key (delivery section 10)."""
    return key.fingerprint(f"{_PURPOSE}|{delivery.text}".encode())
