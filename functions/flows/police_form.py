"""The police forms and the feed as the tables keep them, opened for the check."""

from collections.abc import Iterable
from datetime import datetime

from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.adapters.vault import DataKey
from functions.domain.completeness import NEVER_HEARD, FeedState
from schemas.risk_assessment import RaFormMetadata
from schemas.risk_codes import FeedStatus


def feed_state(signs_of_life: Iterable[Item]) -> FeedState:
    """The newest heartbeat of any police feed."""
    newest = max(signs_of_life, key=lambda item: str(item["last_heartbeat_at"]), default=None)
    if newest is None:
        return NEVER_HEARD
    return FeedState(
        last_heartbeat_at=datetime.fromisoformat(newest["last_heartbeat_at"]),
        status=FeedStatus(newest["feed_status"]),
    )


def open_forms(referral: Referral, key: DataKey) -> list[RaFormMetadata]:
    """The newest form of each child, each form once. Raises UnreadableError if one does not open."""
    distinct = {item["uid"]: item for item in referral.forms.values()}
    return [
        RaFormMetadata.model_validate_json(
            key.open(item["cipher"], bound_to=f"{item['audit_pk']}|{item['uid']}")
        )
        for item in distinct.values()
    ]
