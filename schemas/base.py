"""What every contract shares: frozen, closed to unknown fields, instants in UTC, ids by pattern."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)


class Contract(BaseModel):
    """A promise to a partner or to another function: immutable, and closed to fields it does not name.

    Strict, so that JSON `"1"` is no integer and `1` no boolean: a lenient reader hides a sender's mistake.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        hide_input_in_errors=True,
        ser_json_bytes="base64",
        val_json_bytes="base64",
    )


class ContradictionError(ValueError):
    """A field that is right by itself and wrong beside the others; `field` is the one to mend."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field


def instant_text(moment: datetime) -> str:
    """`moment` as UTC text with a trailing Z; whole seconds carry no fraction, others carry milliseconds."""
    timespec = "milliseconds" if moment.microsecond else "seconds"
    return moment.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


def _in_utc(moment: datetime) -> datetime:
    try:
        in_utc = moment.astimezone(UTC)
    except OverflowError as exc:  # the calendar's first or last hours, in a zone where they fall outside it
        raise ValueError("a moment that UTC cannot tell") from exc
    if in_utc.year not in LIFETIMES:
        raise ValueError("a moment outside any child's lifetime")
    return in_utc


LIFETIMES = range(2000, 2100)
"""Years that a moment may fall in; one outside them is a slip that no message could tell sensibly."""


def _compiles_and_ends(pattern: str) -> str:
    """A regular expression whose time cannot explode: no group is repeated, so no repetition nests, and few
    repetitions stand in a row, so that a long near miss is not tried in every way."""
    try:
        re.compile(pattern)
    except re.error as exc:
        raise ValueError("not a regular expression") from exc
    if re.search(r"\)[*+{]", pattern):
        raise ValueError("a repeated group; repeat single characters or sets of them")
    if len(_REPETITION.findall(pattern)) > MOST_REPETITIONS:
        raise ValueError(f"more than {MOST_REPETITIONS} repetitions of no fixed number")
    return pattern


MOST_REPETITIONS = 4
_REPETITION = re.compile(r"(?<!\()[*+?]|\{\d*,\d*\}")
"""`*`, `+`, `?` and `{m,n}`; not the `?` that opens a group's option."""


SafePattern = Annotated[str, Field(max_length=80), AfterValidator(_compiles_and_ends)]

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written_as_a_moment(value: object) -> object:
    """Text in the one form that the published schema has; a lenient reader would take digits for a date."""
    if not isinstance(value, str):
        return value
    if not _MOMENT.fullmatch(value):
        raise ValueError("not a moment such as 2026-11-24T15:02:00Z")
    return datetime.fromisoformat(value)


def _written_as_a_day(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not _DAY.fullmatch(value):
        raise ValueError("not a day such as 2026-11-24")
    return date.fromisoformat(value)


def _in_a_lifetime(day: date) -> date:
    if day.year not in LIFETIMES:
        raise ValueError("a day outside any child's lifetime")
    return day


Day = Annotated[date, BeforeValidator(_written_as_a_day), AfterValidator(_in_a_lifetime)]
"""A day of the calendar, as the UK counts it."""

Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_written_as_a_moment),
    AfterValidator(_in_utc),
    PlainSerializer(instant_text, return_type=str, when_used="json"),
]
"""A moment with its zone stated; a naive datetime is refused, because nobody can say when it was."""

ReferralRef = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{3,17}$")]
"""The MASH's own reference: random, issued by the hub, no name or date in it (domain rule 3)."""

AgencyId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
AgencyName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{1,39}$"), AfterValidator(str.lower)
]
"""An agency as a sender names it: its id, or one of the registry's aliases for it, in any case."""
RegistryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{1,39}$")]
"""A team or local authority as the hub's directory lists it; never a name typed by hand."""

SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.-]{2,63}$")]
OpaqueId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$")]
MessageId = Annotated[str, StringConstraints(pattern=r"^msg_[0-9a-f]{32}$")]
RecordId = Annotated[
    str,
    StringConstraints(
        pattern=r"^([0-9]|[A-Za-z][A-Za-z._:/-]*[0-9])[A-Za-z0-9._:/-]*$",
        max_length=64,
    ),
]
"""An opaque id of a record in somebody else's system; it carries a digit, so that a name is refused."""
