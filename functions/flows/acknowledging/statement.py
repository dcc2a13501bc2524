"""The police say how their form stands: put on the bus, for the intake to record it as any source's word.

What a statement sets off (the row, the check of the form, the task) takes the referral's data key, its forms
and its clocks. This function answers strangers and has none of those: it may put one sort of event on the
bus, from one source, and no other. The event's id follows from the link and what is said: it is noted on the
link before it goes, and once the bus has it, so that the same said again is no work for anybody, and no more
goes by one link than may, however many come at once.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from functions.adapters.ledger.confirming import Readable
from functions.adapters.ledger.statements import FormLink
from functions.domain.form_statement import Statement, is_put_on_record
from functions.domain.refusals import Refusal
from functions.flows.acknowledging.confirm import (
    NO_SUCH_LINK,
    WRITE_SECONDS,
    found,
    has_ended,
    refuse,
)
from functions.flows.acknowledging.desk import ConfirmDesk
from functions.flows.acknowledging.facts import STATEMENT, refused_fact
from functions.log_lines import CONFIRMATION_REFUSED, FORM_STATED, log
from schemas.codes import EventType, RefusalReason, Series
from schemas.lifecycle import STATUS_PAGE, RaStatusChanged

OF_STATEMENTS: Final = UUID("9b1d4f60-7a25-5e3c-8f14-c2d07be95a36")
"""The name space of their events' ids."""
LINK_ENDED: Final = Refusal("token", RefusalReason.LINK_ENDED)
NOT_WANTED: Final = Refusal("token", RefusalReason.FORM_NOT_WANTED)
TOO_MANY: Final = Refusal("token", RefusalReason.TOO_MANY_STATEMENTS)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One whose link was opened: the message, the link as it stands, and whether its time is over."""

    read: Readable
    form: FormLink
    has_ended: bool


def open_form(token: str, request: str, desk: ConfirmDesk) -> Reminder | None:
    """The reminder behind a link; None for a link of no message, and for any other message's.

    That nobody gave out such a link is put on record.
    """
    opened = found(token, desk)
    if opened is None or opened.read.key.series is not Series.RA_REMINDER:
        refuse(NO_SUCH_LINK, request, desk, given=STATEMENT)
        return None
    return Reminder(opened.read, desk.statements.look(opened.link), has_ended(opened, desk.now()))


def turn_away(refusal: Refusal, reminder: Reminder, request: str, desk: ConfirmDesk) -> None:
    """Puts on record that something was said by a link that takes it no more.

    Each time is counted on the link; a row says so the first time and at each tenfold, for whoever has a link
    must not make rows without end.
    """

    def once() -> None:
        seen = desk.statements.look(reminder.form.link)
        times = seen.refusals.get(refusal.reason, 0) + 1
        fact = refused_fact(refusal, request, about=reminder.read, given=STATEMENT, times=times)
        row = fact if is_put_on_record(times) else None
        desk.statements.refuse(seen, refusal.reason, row, desk.now())

    desk.patience.persist(once, limit_seconds=WRITE_SECONDS)
    agency = reminder.read.key.agency_id
    log(CONFIRMATION_REFUSED, field=refusal.field, reason=refusal.reason.value, agency=agency)


def pass_on(said: Statement, reminder: Reminder, desk: ConfirmDesk) -> bool:
    """Passes on what the police say of their form, once however often they say it; False where their link has
    taken all that one may.

    Raises RetryError if the tables or the bus did not take it in time.
    """
    event = _event(said, reminder, desk.now())
    event_id = str(event.event_id)
    noted = _noted(event_id, reminder, desk)
    if event_id not in noted.said:
        return False
    if not noted.said[event_id]:
        desk.patience.persist(lambda: desk.bus.put(event), limit_seconds=WRITE_SECONDS)
        _gone(event_id, reminder, desk)
        _say(event, reminder)
    return True


def _noted(event_id: str, reminder: Reminder, desk: ConfirmDesk) -> FormLink:
    """The link with the statement on it, as far as there is room."""

    def once() -> FormLink:
        seen = desk.statements.look(reminder.form.link)
        if event_id in seen.said or seen.is_used_up:
            return seen
        return desk.statements.note(seen, event_id, is_passed_on=False)

    return desk.patience.persist(once, limit_seconds=WRITE_SECONDS)


def _gone(event_id: str, reminder: Reminder, desk: ConfirmDesk) -> None:
    def once() -> None:
        desk.statements.note(desk.statements.look(reminder.form.link), event_id, is_passed_on=True)

    desk.patience.persist(once, limit_seconds=WRITE_SECONDS)


def _say(event: RaStatusChanged, reminder: Reminder) -> None:
    key = reminder.read.key
    log(
        FORM_STATED,
        event=str(event.event_id),
        delivery=event.reminder_id,
        referral=key.ref,
        child=key.child,
        agency=key.agency_id,
        channel=key.channel.value,
        statement=event.statement.value,
    )


def _event(said: Statement, reminder: Reminder, now: datetime) -> RaStatusChanged:
    what, key = "|".join((said.statement.value, str(said.done_at), str(said.policy_id))), reminder.read.key
    return RaStatusChanged(
        schema_version="1.0",
        event_id=uuid5(OF_STATEMENTS, f"{reminder.form.link.token_sha256}|{what}"),
        event_type=EventType.RA_STATUS_CHANGED,
        source=STATUS_PAGE,
        source_seq=None,
        occurred_at=now,
        referral_ref=key.ref,
        child_index=key.child,
        statement=said.statement,
        done_at=said.done_at,
        policy_id=said.policy_id,
        reminder_id=reminder.read.delivery["message_id"],
    )
