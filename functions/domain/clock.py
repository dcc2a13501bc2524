"""How time is counted: by office hours and working days in London, or by elapsed hours; told in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from functions.domain.bank_holidays import BANK_HOLIDAYS, FIRST_DAY, HORIZON, VERSION
from schemas.clocks import ClockPolicy

# Two clocks start at one receipt. Hours elapse day and night, whatever the wall clock does; working days
# wait for the office to open and keep its local time:
#
#   Sat 24 Oct 2026      Sun 25 Oct                     Mon 26 Oct    Tue 27 Oct
#   23:30 BST ·········· 02:30 GMT ···· 22:30 GMT ····· 09:00 GMT ··· 09:00 GMT
#   received             + 4 hours      + 24 hours      effective     due, 1 working day
#                        (01:00 to 02:00 passed twice)  start

_LONDON: Final = ZoneInfo("Europe/London")
_SATURDAY: Final = 5
_NEXT_DAY: Final = timedelta(days=1)
_WARN_BEFORE_THE_HORIZON: Final = timedelta(days=120)


class HorizonError(ValueError):
    """A day outside the bank-holiday data: whether people work on it is never guessed."""

    def __init__(self, day: date) -> None:
        super().__init__(
            f"no telling whether {day} is a working day: bank holidays {VERSION} run from {FIRST_DAY} to the "
            f"horizon, {HORIZON}; ship newer data"
        )


def uk_day(moment: datetime) -> date:
    """The day that people in the UK have at `moment`."""
    return moment.astimezone(_LONDON).date()


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no bank holiday; a council's closure days are working days."""
    if not FIRST_DAY <= day <= HORIZON:
        raise HorizonError(day)
    return day.weekday() < _SATURDAY and day not in BANK_HOLIDAYS


def holidays_end_soon(moment: datetime) -> bool:
    """Whether newer data must be shipped within four months; gov.uk adds a year each November."""
    return uk_day(moment) + _WARN_BEFORE_THE_HORIZON > HORIZON


def in_office_hours(moment: datetime, policy: ClockPolicy) -> bool:
    """On a working day, from opening on and before closing: 17:00 sharp is out of hours."""
    local = moment.astimezone(_LONDON)
    return is_working_day(local.date()) and (
        time.fromisoformat(policy.office_opens) <= local.time() < time.fromisoformat(policy.office_closes)
    )


def effective_start(received_at: datetime, policy: ClockPolicy) -> datetime:
    """`received_at` itself in office hours, else when the office next opens.

    For an early morning that is the same day: a referral of 07:00 does not wait until tomorrow.
    """
    if in_office_hours(received_at, policy):
        return received_at.astimezone(UTC)
    local, opens = received_at.astimezone(_LONDON), time.fromisoformat(policy.office_opens)
    day = local.date() if local.time() < opens else local.date() + _NEXT_DAY
    return local_moment(_working_day_from(day), opens)


def working_days_later(start: datetime, days: int, policy: ClockPolicy) -> datetime:
    """The local time of the effective start, `days` working days after it."""
    begun = effective_start(start, policy).astimezone(_LONDON)
    day = begun.date()
    for _ in range(days):
        day = _working_day_from(day + _NEXT_DAY)
    return local_moment(day, begun.time())


def working_hours_later(start: datetime, hours: int, policy: ClockPolicy) -> datetime:
    """`hours` of open office after the effective start; what does not fit into a day goes on in the next.

    No clocks change while an office is open, so local hours are hours.
    """
    at, left = effective_start(start, policy).astimezone(_LONDON), timedelta(hours=hours)
    opens, closes = time.fromisoformat(policy.office_opens), time.fromisoformat(policy.office_closes)
    while left > (room := datetime.combine(at.date(), closes, _LONDON) - at):
        left -= room
        at = datetime.combine(_working_day_from(at.date() + _NEXT_DAY), opens, _LONDON)
    return (at + left).astimezone(UTC)


def hours_later(start: datetime, hours: int) -> datetime:
    """Elapsed hours, counted in UTC: two London times an hour apart may be two hours apart, or none."""
    return start.astimezone(UTC) + timedelta(hours=hours)


def local_moment(day: date, at: time) -> datetime:
    """The moment at which London's clocks show `at` on `day`.

    Clocks change on Sundays, when nothing falls due, so a due time exists and exists once. Were one to fall
    there all the same: of a time shown twice the first counts, because sooner is safer; one that is skipped
    counts as an hour later, which is how far the clocks jump.
    """
    return datetime.combine(day, at, _LONDON).astimezone(UTC)


def _working_day_from(day: date) -> date:
    """`day`, or the first working day after it."""
    while not is_working_day(day):
        day += _NEXT_DAY
    return day
