"""The police say how their form stands: put on the bus, for the intake to record it as any source's word.

What a statement sets off (the row, the check of the form, the task) takes the referral's data key, its forms
and its clocks. This function answers strangers and has none of those: it may put one sort of event on the
bus, from one source, and no other. The event's id follows from the link and what is said, so that a double
click, or a reader who tries again after a reply that was lost, has it recorded once.
"""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from functions.adapters.ledger.confirming import Link
from functions.adapters.ledger.keys import DeliveryKey
from functions.domain.form_statement import Statement
from functions.domain.refusals import Refusal
from functions.flows.acknowledging.confirm import (
    NO_SUCH_LINK,
    WRITE_SECONDS,
    Opened,
    found,
    has_ended,
    refuse,
)
from functions.flows.acknowledging.desk import ConfirmDesk
from functions.flows.acknowledging.facts import STATEMENT
from functions.log_lines import FORM_STATED, log
from schemas.codes import EventType, RefusalReason, Series
from schemas.lifecycle import STATUS_PAGE, RaStatusChanged

OF_STATEMENTS: Final = UUID("9b1d4f60-7a25-5e3c-8f14-c2d07be95a36")
"""The name space of their events' ids."""
LINK_ENDED: Final = Refusal("token", RefusalReason.LINK_ENDED)


def open_form(token: str, request: str, desk: ConfirmDesk) -> Opened | None:
    """The reminder behind a link that works; None for any other, and for any other message's.

    That nobody gave out such a link is put on record.
    """
    opened = _reminder(token, request, desk)
    return None if opened is None or has_ended(opened, desk.now()) else opened


def answer_form(token: str, request: str, desk: ConfirmDesk) -> Opened | None:
    """As `open_form`, for somebody who has said something: that it came too late is put on record, too."""
    opened = _reminder(token, request, desk)
    if opened is None or not has_ended(opened, desk.now()):
        return opened
    refuse(LINK_ENDED, request, desk, about=opened.read, given=STATEMENT)
    return None


def pass_on(said: Statement, opened: Opened, desk: ConfirmDesk) -> None:
    """Passes on what the police say of their form.

    Raises RetryError if the bus did not take it in time.
    """
    key, event = opened.read.key, _event(said, opened.link, opened.read.key, desk.now())
    desk.patience.persist(lambda: desk.bus.put(event), limit_seconds=WRITE_SECONDS)
    log(
        FORM_STATED,
        event=str(event.event_id),
        delivery=opened.read.delivery["message_id"],
        referral=key.ref,
        child=key.child,
        agency=key.agency_id,
        channel=key.channel.value,
        statement=said.statement.value,
    )


def _reminder(token: str, request: str, desk: ConfirmDesk) -> Opened | None:
    opened = found(token, desk)
    if opened is not None and opened.read.key.series is Series.RA_REMINDER:
        return opened
    refuse(NO_SUCH_LINK, request, desk, given=STATEMENT)
    return None


def _event(said: Statement, link: Link, key: DeliveryKey, now: datetime) -> RaStatusChanged:
    what = "|".join((said.statement.value, str(said.done_at), str(said.policy_id)))
    return RaStatusChanged(
        schema_version="1.0",
        event_id=uuid5(OF_STATEMENTS, f"{link.token_sha256}|{what}"),
        event_type=EventType.RA_STATUS_CHANGED,
        source=STATUS_PAGE,
        source_seq=None,
        occurred_at=now,
        referral_ref=key.ref,
        child_index=key.child,
        statement=said.statement,
        done_at=said.done_at,
        policy_id=said.policy_id,
    )
