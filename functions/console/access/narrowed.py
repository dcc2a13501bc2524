"""What a question was narrowed to, in words: the trail has codes, ids and days."""

import re
from collections.abc import Callable, Iterator, Mapping

from functions.adapters.ledger import keys
from functions.adapters.ledger.reading import CAME_TO
from functions.console.agencies.page import TYPES
from functions.console.asking.periods import month_words
from functions.console.messages.asked import KINDS
from functions.console.referrals.page import TOLD_CHOICES
from functions.console.words.messages import STATUSES, WAYS
from functions.console.worklist.page import ROLE_WORDS
from functions.domain.typed import day_typed
from functions.domain.wording.outcomes import LABELS
from functions.domain.wording.uk_time import uk_day as uk_day_words
from functions.story.named import lower
from functions.story.vocabulary import FORMS, TASK_NAMES

SOME = "some"
SHOWN = {SOME: "Referrals, messages, files, acts and refusals"}
"""What one person's day is narrowed to in this log itself."""
_A_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


def in_words(filters: Mapping[str, str]) -> Iterator[str]:
    """Each of them; a name or a code that is another release's stands as the trail has it."""
    if "since" in filters or "until" in filters:
        yield days_in_words(filters.get("since", ""), filters.get("until", ""))
    yield from (words(filters[name]) for name, words in _WORDS.items() if name in filters)
    known = {"since", "until", *_WORDS}
    yield from (f"{name} {value}" for name, value in sorted(filters.items()) if name not in known)


def days_in_words(since: str, until: str) -> str:
    """`October 2026`, `1 October 2026 to 24 November 2026`, `since 1 October 2026`."""
    if not (since and until):
        return f"since {_day(since)}" if since else f"until {_day(until)}"
    return _day(since) if since == until else f"{_day(since)} to {_day(until)}"


def _day(said: str) -> str:
    """A day or a month; of anything else what it says."""
    if _A_MONTH.fullmatch(said):
        return month_words(said)
    day = day_typed(said)
    return uk_day_words(day) if day else said


def _one_of(label: str, words: Mapping[str, str]) -> Callable[[str], str]:
    """`told: not told yet`; of several codes, a space between two, any."""

    def said(codes: str) -> str:
        return f"{label}: {' or '.join(_within(words.get(code, code)) for code in codes.split())}"

    return said


def _within(words: str) -> str:
    """As they stand within a sentence: neither `MASH manager` nor a code begins smaller there."""
    return lower(words) if words[1:2].islower() else words


def _named(label: str) -> Callable[[str], str]:
    def said(name: str) -> str:
        return f"{label} {name}"

    return said


def _task(sort_key: str) -> str:
    """`task: told and not read, child 1`, and not what else tells it apart."""
    kind, _, rest = sort_key.removeprefix(keys.TASK_PREFIX).partition("#")
    child = rest.partition("#")[0].lstrip("0")
    return f"task: {_TASKS.get(kind, kind)}{f', child {child}' if child else ''}"


_TASKS: Mapping[str, str] = {kind.value: words for kind, words in TASK_NAMES.items()}
_WORDS: Mapping[str, Callable[[str], str]] = {
    "ref": str,
    CAME_TO: "all of it {}".format,
    "of": keys.name_in,
    "child": _named("child"),
    "task": _task,
    "day": _day,
    "month": _day,
    "reader": _named("of"),
    "only": _one_of("only", SHOWN),
    "decided": lambda day: f"decided from {_day(day)}",
    "told": _one_of("referrer", TOLD_CHOICES),
    "form": _one_of("police form", {code.value: words for code, words in FORMS.items()}),
    "outcome": _one_of("outcome", {code.value: words for code, words in LABELS.items()}),
    "status": _one_of("status", {code: tag.text for code, tag in STATUSES.items()}),
    "kind": _one_of("kind", {**KINDS, **_TASKS}),
    "way": _one_of("sent by", {code.value: words for code, words in WAYS.items()}),
    "role": _one_of("for", ROLE_WORDS),
    "type": _one_of("agencies", TYPES),
    "agency": _named("agency"),
    "source": _named("system"),
    "page": _named("page"),
    "event": _named("event"),
}
"""By the filter's name, in the order in which they are said."""
