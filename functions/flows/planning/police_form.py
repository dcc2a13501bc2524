"""The police forms and the feed as the tables keep them, opened for the check, and the check itself."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from functions.adapters.errors import UnreadableError
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import ACTIVE, Directory, Entry
from functions.adapters.vault import DataKey
from functions.domain.completeness import NEVER_HEARD, FeedState, ReferredChild, check, of_no_referral
from functions.domain.life_clocks.police_form import SETTLED, form_is_due
from functions.domain.series import FORM_SETTLED
from functions.flows.desk import CheckDesk
from schemas.clocks import ClockPolicy
from schemas.codes import CinSource, Rag, Series
from schemas.risk_assessment import PoliceCheck, RaFormMetadata
from schemas.risk_codes import FeedStatus

NO_CHILD = 0
"""In the place of a child's number, where there is none: an enquiry's."""


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
    """The newest form of each child, each form once.

    One that does not open, its key destroyed, is as good as none: no decision waits for it.
    """
    distinct = {item["uid"]: item for item in referral.forms.values()}
    return [form for item in distinct.values() for form in _opened(item, key)]


def _opened(item: Item, key: DataKey) -> Iterator[RaFormMetadata]:
    try:
        plain = key.open(item["cipher"], bound_to=f"{item['audit_pk']}|{item['uid']}")
    except UnreadableError:
        return
    yield RaFormMetadata.model_validate_json(plain)


def referred(referral: Referral, child: int, policy: ClockPolicy) -> ReferredChild:
    """A child as the state keeps it, decided or only received."""
    item = referral.children[child]
    decided_at = datetime.fromisoformat(item["decided_at"]) if "decided_at" in item else None
    first = datetime.fromisoformat(item["first_decided_at"]) if "first_decided_at" in item else decided_at
    return ReferredChild(
        referral_ref=referral.ref,
        child_index=child,
        unborn=item["unborn"],
        source_code=CinSource(item["source_code"]),
        decided_at=decided_at,
        due_at=form_is_due(
            datetime.fromisoformat(item["received_at"]),
            Rag(item["rag"]) if item.get("rag") else None,
            first,
            policy,
        ),
    )


def check_of(referral: Referral, child: int, key: DataKey, desk: CheckDesk, now: datetime) -> PoliceCheck:
    """The check of one known child, as it stands at `now`; what is about no child is no referral either."""
    if child == NO_CHILD:
        return of_no_referral(now)
    feed = feed_state(desk.intake.feed())
    return check(referred(referral, child, desk.clocks), open_forms(referral, key), feed, desk.ra_policy, now)


def learnt_of_form(child: int, result: PoliceCheck, referral: Referral) -> dict[str, Any]:
    """How the form stands; where nobody need be reminded any more, no reminder that waits may leave."""
    learnt: dict[str, Any] = {"ra": result.status.value}
    if result.status in SETTLED and referral.newest(child, Series.RA_REMINDER):
        learnt[FORM_SETTLED] = referral.newest(child, Series.RA_STATUS) + 1
    return learnt


def owing_force(directory: Directory) -> Entry | None:
    """The force that owes the hub its forms, by the role that the registry names for last reminders; None
    where no agency has one."""
    owing = (one for one in directory.all() if one.status == ACTIVE and one.escalation_address)
    return next(owing, None)
