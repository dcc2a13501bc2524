"""What the police say by a reminder's link: whether anybody waits for the form, what was said by the link so
far, and how often it was turned away."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain, Fact
from functions.adapters.ledger.confirming import Link
from functions.adapters.ledger.store import Change, Condition, ConditionsFailedError, Part, Store
from functions.domain.form_statement import MOST_BY_ONE_LINK
from functions.domain.life_clocks.clock import Which
from functions.domain.life_clocks.police_form import is_wanted
from schemas.codes import ClockEnd, ClockKind, RaStatus, RefusalReason


@dataclass(frozen=True, slots=True)
class FormLink:
    """A reminder's link as it stands; `uses` are the times at which that was changed."""

    link: Link
    is_wanted: bool
    said: Mapping[str, bool] = field(default_factory=dict)
    """Each statement by its event's id, and whether the bus has taken it."""
    refusals: Mapping[str, int] = field(default_factory=dict)
    uses: int = 0

    @property
    def is_used_up(self) -> bool:
        return len(self.said) >= MOST_BY_ONE_LINK


class Statements:
    """Reads reminders' links, and counts on each what is said by it."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def look(self, link: Link) -> FormLink:
        """The link, and whether anybody waits for the form, at one moment."""
        state, key = self._store.state, link.key
        token_at = (state, *_address(link))
        child_at = (state, key.pk, keys.child(key.child))
        clock_at = (state, key.pk, keys.clock(Which(ClockKind.POLICE_FORM, key.child)))
        found = self._store.get_many([token_at, child_at, clock_at])
        token, child, clock = (found.get(place, {}) for place in (token_at, child_at, clock_at))
        status = RaStatus(child["ra"]) if "ra" in child else None
        end = ClockEnd(clock["ended_by"]) if "ended_by" in clock else None
        return FormLink(
            link,
            is_wanted(status, end),
            token.get("said", {}),
            token.get("refusals", {}),
            token.get("uses", 0),
        )

    def note(self, seen: FormLink, event_id: str, *, is_passed_on: bool) -> FormLink:
        """Writes a statement down on its link, before it goes and once it is gone; the link as it is then.

        Raises ContendedError if the link was used since it was seen.
        """
        said = {**seen.said, event_id: is_passed_on}
        self._write([self._used(seen, said=said)])
        return replace(seen, said=said, uses=seen.uses + 1)

    def refuse(self, seen: FormLink, reason: RefusalReason, fact: Fact | None, at: datetime) -> None:
        """Counts on the link that it was turned away, with a row among the refusals of the day if it has
        one.

        Raises ContendedError if the link was used since it was seen, or another row was first.
        """
        refusals = {**seen.refusals, reason.value: seen.refusals.get(reason, 0) + 1}
        row: list[Part] = []
        if fact is not None:
            partition = keys.rejected(at, keys.CONFIRMATIONS)
            row = self._chain.append(partition, self._chain.tip(partition), [fact], at)
        self._write([*row, self._used(seen, refusals=refusals)])

    def _used(self, seen: FormLink, **known: Mapping[str, bool] | Mapping[str, int]) -> Part:
        """What is known of the link now, if it is still as it was seen: one that the table has deleted
        meanwhile does not come back."""
        unused = Condition("attribute_exists(#ends_at) AND attribute_not_exists(#uses)", {})
        as_seen = Condition("#uses = :seen_uses", {"seen_uses": seen.uses}) if seen.uses else unused
        return self._store.update(
            "token",
            self._store.state,
            _address(seen.link),
            change=Change({"uses": seen.uses + 1, **known}),
            condition=as_seen,
        )

    def _write(self, parts: list[Part]) -> None:
        try:
            self._store.write(parts)
        except ConditionsFailedError as exc:
            raise ContendedError("the link was used meanwhile") from exc


def _address(link: Link) -> tuple[str, str]:
    return keys.token(link.token_sha256), keys.READ_LINK
