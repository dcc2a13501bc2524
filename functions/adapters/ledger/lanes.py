"""The lane of one agency and child: an older outcome never follows a newer one (invariant I6)."""

from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Change, Condition, Part, Store
from schemas.codes import Channel


def take(store: Store, key: DeliveryKey, until: datetime, now: datetime) -> Part:
    """The part of a claim that takes the lane for the delivery's version.

    A version check alone is not enough: the older HTTP call may still be running when the newer one is sent.
    """
    mine = _busy(key.channel)
    others = [_busy(channel) for channel in Channel if channel is not key.channel]
    mine_free = f"(attribute_not_exists(#{mine}) OR #{mine} < :now)"
    others_free = " AND ".join(f"(attribute_not_exists(#{other}) OR #{other} < :now)" for other in others)
    same_version = "(attribute_not_exists(#ver) OR #ver = :dver)"
    newer_version = f"(#ver < :dver AND {others_free})"
    return store.update(
        "lane",
        store.state,
        _address(key),
        change=Change({"ver": key.seq, mine: at_text(until)}),
        condition=Condition(
            f"{mine_free} AND ({same_version} OR {newer_version})", {"now": at_text(now), "dver": key.seq}
        ),
    )


def free(store: Store, key: DeliveryKey, lease: datetime) -> Part:
    """The part of a commit that frees the lane if it is still ours.

    A lease that somebody took over after its end is left to them.
    """
    mine = _busy(key.channel)
    return store.update(
        "lane",
        store.state,
        _address(key),
        change=Change({}, remove=(mine,)),
        condition=Condition(f"#{mine} = :lease", {"lease": at_text(lease)}),
    )


def _address(key: DeliveryKey) -> tuple[str, str]:
    return keys.lane(key.ref, key.child, key.agency_id, key.line), keys.LANE


def _busy(channel: Channel) -> str:
    return f"busy_{channel.value}"
