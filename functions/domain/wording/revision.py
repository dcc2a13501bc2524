"""How a changed decision is said, so that nobody takes the new message for the old one."""

from datetime import datetime
from typing import Final

from functions.domain.wording.outcomes import FIXED_TOLD
from functions.domain.wording.situation import name_of, words_in
from functions.domain.wording.uk_time import uk_date, uk_date_and_time
from schemas.codes import Outcome
from schemas.notice import FrozenNotice, Pins

HAS_CHANGED: Final = "Our decision has changed"
_PARTS_HAVE_CHANGED: Final = "Parts of our decision have changed"
_MAY_HAVE_REACHED_YOU: Final = "An earlier message from us may have reached you."
_USE_THIS: Final = "Please use this message and not the earlier one."


def revised_heading(pins: Pins, main: Outcome) -> str:
    """True of the change: a decision may be made at last, keep its outcome, or be taken back."""
    before = pins.told_before.outcome if pins.told_before else None
    if before is main:
        return "We still need to know more" if main is Outcome.INF else _PARTS_HAVE_CHANGED
    return "We have now made a decision" if before is Outcome.INF else HAS_CHANGED


def revised_opening(
    notice: FrozenNotice, pins: Pins, main: Outcome, same_concern: tuple[str, ...]
) -> tuple[str, ...]:
    """Draft 4: what we told them and when, what holds now, and when we looked again."""
    return (
        f"{_what_we_told(notice, pins)} {_what_holds_now(notice, pins, main)} {_USE_THIS}",
        *same_concern,
        f"{_on_this_day(main)} {uk_date_and_time(notice.decided_at)}.",
    )


def _on_this_day(main: Outcome) -> str:
    """Where there is no decision yet, none is dated."""
    return "We looked again on" if main is Outcome.INF else "We made this decision on"


def _what_we_told(notice: FrozenNotice, pins: Pins) -> str:
    before = pins.told_before
    if before is None or before.told_at is None:
        return _MAY_HAVE_REACHED_YOU
    when = _told_when(before.told_at, notice.decided_at)
    return f"We told you on {when} that {_what(notice, pins, before.outcome)}."


def _told_when(told_at: datetime, decided_at: datetime) -> str:
    """With the time where both happened on one day: the date alone would not say which is newer."""
    same_day = uk_date(told_at) == uk_date(decided_at)
    return uk_date_and_time(told_at) if same_day else uk_date(told_at)


def _what(notice: FrozenNotice, pins: Pins, outcome: Outcome | None) -> str:
    if outcome is None or outcome is Outcome.DUP:
        return "there was an outcome"
    return FIXED_TOLD.get(outcome) or words_in(notice, pins, outcome).told


def _what_holds_now(notice: FrozenNotice, pins: Pins, main: Outcome) -> str:
    before = pins.told_before.outcome if pins.told_before else None
    if main is Outcome.INF:
        return _no_decision_now(before)
    both = {before, main}
    now = name_of(notice, pins, main, apart=both == {Outcome.S47S, Outcome.S47J})
    if before is Outcome.INF:
        return f"We have now made our decision. The decision is: {now}."
    if before is main:
        return f"We have looked again and changed parts of our decision. The outcome is still: {now}."
    return f"We have looked again and changed our decision. The decision is now: {now}."


def _no_decision_now(before: Outcome | None) -> str:
    if before is Outcome.INF:
        return "We have looked again. We still need to know more before we can decide."
    return (
        "We have looked again. Our earlier decision no longer stands."
        " We need to know more before we can decide."
    )
