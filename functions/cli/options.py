"""Options that several verbs of `mash` share."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click
from click.core import ParameterSource

from functions.cli.outputs import Where
from functions.domain.bank_holidays import FIRST_DAY
from functions.domain.clock import uk_day
from functions.domain.measures.counts import month_of
from functions.flows.acting.order import THE_DECISION
from schemas.codes import ActReason, Channel, Series

F = TypeVar("F", bound=Callable[..., object])

FILE = click.Path(dir_okay=False, path_type=Path)

with_yes = click.option("--yes", is_flag=True, help="Do it without asking.")
with_json = click.option("--json", "wants_json", is_flag=True, help="One JSON object instead of words.")
with_wait = click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=15.0,
    show_default=True,
    help="Seconds to wait for the verdicts.",
)
of_child = click.option("--child", type=click.IntRange(1, 99), help="Needed where several children fit.")
by_channel = click.option(
    "--channel",
    type=click.Choice([channel.value for channel in Channel]),
    help="The message by this channel alone; fallback is the e-mail that took a webhook's place.",
)
by_subject = click.option(
    "--about",
    type=click.Choice([THE_DECISION, *(series.value for series in Series)]),
    help="Only what tells the decision, or an update of this series.",
)
of_message = click.option(
    "--message", metavar="ID", help="How the message's id begins, where nothing else tells."
)


def with_stack(verb: Callable[..., None]) -> Callable[..., None]:
    """`--outputs` and `--deployed`, which the verb gets as one `where`; what is typed goes before what the
    environment names."""

    @click.option(
        "--outputs",
        type=FILE,
        envvar="MASH_OUTPUTS",
        show_envvar=True,
        help="What `mash up` wrote; without it, the stack that runs now.",
    )
    @click.option(
        "--deployed",
        type=FILE,
        envvar="MASH_DEPLOYED",
        show_envvar=True,
        help="What `make deploy` wrote (build/deployed.json): act on that stage, as whoever your AWS "
        "credentials are.",
    )
    @click.pass_context
    @wraps(verb)
    def with_where(
        ctx: click.Context, /, *given: object, outputs: Path | None, deployed: Path | None, **options: object
    ) -> None:
        found = {"outputs": outputs, "deployed": deployed}
        typed = {name: path for name, path in found.items() if _is_typed(ctx, name)}
        verb(*given, where=Where(**(typed or found)), **options)

    return with_where


def _is_typed(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE


def with_reason(reasons: Iterable[ActReason]) -> Callable[[F], F]:
    """`--reason`, one of the codes that fit; there is no free text, so no name can get into the trail."""
    codes = list(dict.fromkeys(reason.value for reason in reasons))
    return click.option("--reason", type=click.Choice(codes), required=True, help="Why.")


class BegunDay(click.ParamType[date]):
    """A UK day of which something can be known: one that has not begun would look as if all were well."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Raises UsageError for a text that is no day, and for a day to come."""
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day: write 2026-11-24.", param, ctx)
        if day > (today := uk_day(datetime.now(UTC))):
            self.fail(f"{day} has not begun: today is {today} in the UK.", param, ctx)
        return day


class BegunMonth(click.ParamType[str]):
    """A month in the UK of which something can be known, as `2026-11`."""

    name = "month"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Raises UsageError for no month, one to come, and one before any known bank holiday."""
        month = str(value)
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
            self.fail(f"{value!r} is no month: write 2026-11.", param, ctx)
        if month > (this := month_of(datetime.now(UTC))):
            self.fail(f"{month} has not begun: it is {this} in the UK.", param, ctx)
        if month < (first := f"{FIRST_DAY:%Y-%m}"):
            self.fail(f"{month} is before {first}, from when bank holidays are known.", param, ctx)
        return month


class Instant(click.ParamType[datetime]):
    """A moment with its time zone."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Raises UsageError for a text that could mean two moments."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no moment: write 2026-11-24T06:12Z.", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} names no time zone: end it with Z, or +01:00 in summer.", param, ctx)
        return moment


of_day = click.option("--day", type=BegunDay(), help="A UK day, YYYY-MM-DD; without it, today so far.")


def named_day(day: date | None) -> date:
    """The day of `--day`, or today in the UK."""
    return day or uk_day(datetime.now(UTC))
