"""What is said where no outcome may be written: that there is one, why it is not here, and whom to ring."""

from datetime import datetime
from typing import Final

from functions.domain.wording.told import is_revised
from functions.domain.wording.uk_time import uk_date_and_time
from schemas.codes import NoticeReason, Role, Series
from schemas.notice import Frozen, FrozenNotice, FrozenUpdate, Pins

_NOTICE_REASONS: Final[dict[NoticeReason, str]] = {
    NoticeReason.MAILBOX_NOT_MANAGED: "because we cannot be sure your mailbox is secure",
    NoticeReason.PHONE_ONLY: "because we share it by phone only",
    NoticeReason.WHICH_CHILD: "because we must confirm which child",
}
_SAYS_SINCE_WHEN: Final = frozenset({Series.STALE_PLAN, Series.JOINT_CASE})
_WE_CALL_BACK: Final = (
    "Ask for the duty manager. We will call you back on your agency's main number before we share anything."
)


def there_is_an_outcome(notice: FrozenNotice, pins: Pins, where: str) -> tuple[str, ...]:
    """Draft 7's paragraphs; `where` is what the reader has before them, such as "this email".

    Of a changed decision nothing of either version is said: the same words whatever has changed.
    """
    about, not_here = _about(pins), _not_here(pins, where)
    if not is_revised(pins):
        return (f"We have made a decision {about}. {not_here}",)
    changed_on = f"We changed it on {uk_date_and_time(notice.decided_at)}."
    return (
        f"We have changed our decision {about}. {not_here}",
        f"{changed_on} Any earlier message from us about it is out of date.",
    )


def there_is_news(update: FrozenUpdate, pins: Pins, where: str) -> tuple[str, ...]:
    """The same of an update: that there is one since when, and never what it is about.

    Of a reminder nothing has happened: the time since when is part of what it says.
    """
    at = update.occurred_at if update.series in _SAYS_SINCE_WHEN else update.facts.happened_at
    asked = update.series is Series.PROBATION_ENQUIRY
    about = "about an enquiry you made to us" if asked else _about(pins)
    since = f"It dates from {uk_date_and_time(at)}."
    return (f"We have something to tell you {about}. {since} {_not_here(pins, where)}",)


def _about(pins: Pins) -> str:
    return "about a referral you made to us" if pins.role is Role.REFERRER else "about a referral"


def _not_here(pins: Pins, where: str) -> str:
    because = _NOTICE_REASONS[pins.notice_reason or NoticeReason.PHONE_ONLY]
    return f"We are not putting it in {where}, {because}."


def how_to_hear_it(notice: Frozen, reference: str, *, by: datetime | None = None) -> tuple[str, ...]:
    """Draft 7's steps; `reference` is what the reader knows it by, such as "the reference above".

    `by` is there where something is asked of the reader that cannot wait for any time.
    """
    due = f" by {uk_date_and_time(by)}" if by else ""
    return (f"Call the MASH on {notice.contact.duty_phone}{due} and give {reference}.", _WE_CALL_BACK)
