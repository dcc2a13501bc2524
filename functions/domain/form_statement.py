"""What somebody at the police answers on the form's page: judged field by field, and said as the event says
it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from functions.domain.clock import local_moment
from schemas.codes import RaStatement

MOST_BY_ONE_LINK: Final = 5
"""Different statements. A force says how its form stands once, and corrects a slip or two; whoever has more
to say is heard by telephone. Each is a row, a check and a count anew, which nobody may make without end,
whether the link is the force's or went astray. Each of the three reminders has a link of its own."""
FIRST_YEAR: Final = 2000
MOST_KEPT: Final = 40
"""Characters of an answer; no answer of the form is longer."""
_LONDON: Final = ZoneInfo("Europe/London")
_YEAR: Final = re.compile(r"[0-9]{4}")
_DAY_OR_MONTH: Final = re.compile(r"[0-9]{1,2}")
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])")


class Field(StrEnum):
    """The form's questions, by the id of the field that a mistake leads to."""

    STATEMENT = "statement"
    DATE = "day"
    TIME = "time"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with the answer to one question, in words that name it."""

    field: Field
    says: str


NO_STATEMENT: Final = Mistake(Field.STATEMENT, "Choose if the form is done or not needed")
NO_DATE: Final = Mistake(Field.DATE, "Enter the date on which the form was done")
NO_SUCH_DATE: Final = Mistake(Field.DATE, "Enter a real date, for example 24 11 2026")
DATE_TOO_EARLY: Final = Mistake(Field.DATE, f"The date must be in {FIRST_YEAR} or later")
DATE_AHEAD: Final = Mistake(Field.DATE, "The date must be today or in the past")
NO_TIME: Final = Mistake(Field.TIME, "Enter the time at which the form was done")
NO_SUCH_TIME: Final = Mistake(Field.TIME, "Enter the time on the 24-hour clock, for example 14:30")
TIME_AHEAD: Final = Mistake(Field.TIME, "The time must not be in the future")
TIME_SKIPPED: Final = Mistake(
    Field.TIME, "There was no such time on that date, because the clocks went forward"
)
NO_POLICY: Final = Mistake(Field.POLICY, "Choose the policy that says the form is not needed")


@dataclass(frozen=True, slots=True)
class Answers:
    """As they were typed, so that they are there again beside what is wrong with them."""

    statement: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    time: str = ""
    policy: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, Sequence[str]]) -> "Answers":
        """A question that is answered twice is not answered."""
        return cls(**{name: _the_one(fields.get(name, ())) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said: that the form was done, and when, or by which policy it is not needed."""

    statement: RaStatement
    done_at: datetime | None = None
    policy_id: str | None = None


def is_put_on_record(times: int) -> bool:
    """Whether what happens so many times has a row of its own: the first time, and at each tenfold."""
    return str(times).rstrip("0") == "1"


def judged(answers: Answers, policies: Sequence[str], now: datetime) -> Statement | tuple[Mistake, ...]:
    """What is said, or all that is wrong, in the order of the form; `policies` are those of the hub."""
    match answers.statement:
        case RaStatement.DONE:
            return _done(answers, now)
        case RaStatement.NOT_NEEDED if policies:
            if answers.policy not in policies:
                return (NO_POLICY,)
            return Statement(RaStatement.NOT_NEEDED, policy_id=answers.policy)
    return (NO_STATEMENT,)


def _done(answers: Answers, now: datetime) -> Statement | tuple[Mistake, ...]:
    today = now.astimezone(_LONDON).date()
    day, at = _day(answers, today), _time(answers)
    if isinstance(day, Mistake) or isinstance(at, Mistake):
        return tuple(_wrong(day, at))
    moment = local_moment(day, at)
    if moment.astimezone(_LONDON).time() != at:
        return (TIME_SKIPPED,)
    return (TIME_AHEAD,) if moment > now else Statement(RaStatement.DONE, done_at=moment)


def _wrong(*read: object) -> Iterator[Mistake]:
    return (one for one in read if isinstance(one, Mistake))


def _day(answers: Answers, today: date) -> date | Mistake:
    day = _date_of(answers)
    if isinstance(day, Mistake):
        return day
    if day.year < FIRST_YEAR:
        return DATE_TOO_EARLY
    return DATE_AHEAD if day > today else day


def _date_of(answers: Answers) -> date | Mistake:
    if not (answers.day or answers.month or answers.year):
        return NO_DATE
    small = (answers.day, answers.month)
    if not all(map(_DAY_OR_MONTH.fullmatch, small)) or not _YEAR.fullmatch(answers.year):
        return NO_SUCH_DATE
    try:
        return date(int(answers.year), int(answers.month), int(answers.day))
    except ValueError:
        return NO_SUCH_DATE


def _time(answers: Answers) -> time | Mistake:
    if not answers.time:
        return NO_TIME
    read = _TIME.fullmatch(answers.time)
    return time(int(read[1]), int(read[2])) if read else NO_SUCH_TIME


def _the_one(given: Sequence[str]) -> str:
    return given[0].strip()[:MOST_KEPT] if len(given) == 1 else ""
