"""One referral as somebody finds it by its reference: its entries, and what they come to for each child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.console.door.visit import NotHereError, Visit
from functions.console.shown.parts import Link
from functions.domain.measures.facts import AsOf, Case, facts_of
from functions.domain.measures.received import children_of
from functions.domain.reconciliation.evidence import Row

ABOVE = (Link(text="Overview", path="/"), Link(text="Referrals", path="/referrals"))


@dataclass(frozen=True, slots=True)
class SeenReferral:
    """A referral's entries, what they come to for each child, and what agencies are called."""

    ref: str
    rows: Sequence[Item]
    cases: Mapping[int, Case]
    names: Mapping[str, str]
    as_of: AsOf

    @property
    def path(self) -> str:
        """Its page."""
        return f"/referrals/{quote(self.ref, safe='')}"

    def pseudonym(self, child: int) -> str | None:
        """What the hub calls the child, where it told us."""
        return self.cases[child].received.pseudonym if child in self.cases else None

    def of_the_same(self, pseudonym: str | None) -> list[int]:
        """The children whom the hub calls that."""
        return [child for child, case in self.cases.items() if case.received.pseudonym == pseudonym]

    @property
    def read(self) -> list[Row]:
        """The entries as the rules read them."""
        return [Row(item["sk"], keys.seq_of(item["sk"]), item) for item in self.rows]


def look(ref: str, visit: Visit) -> SeenReferral:
    """Raises NotHereError where no referral has this reference."""
    rows = visit.read(ref)
    agencies = visit.desk.reads.directory.all()
    as_of = AsOf(visit.now, visit.desk.clocks, {entry.agency_id: entry.type for entry in agencies})
    return _seen(ref, rows, {one.agency_id: one.name for one in agencies}, as_of)


def look_further(ref: str, seen: SeenReferral, visit: Visit) -> SeenReferral:
    """Another referral, by the same agencies. Raises NotHereError."""
    return _seen(ref, visit.read(ref), seen.names, seen.as_of)


def _seen(ref: str, rows: Sequence[Item], names: Mapping[str, str], as_of: AsOf) -> SeenReferral:
    read = [Row(item["sk"], keys.seq_of(item["sk"]), item) for item in rows]
    of_children = zip(children_of(read), facts_of(read, ref, as_of).cases, strict=True)
    return SeenReferral(ref, rows, dict(of_children), names, as_of)


def child_asked(seen: SeenReferral, visit: Visit) -> int:
    """The child that the address names, or the first; 0 where none is known. Raises NotHereError for a number
    that no child has."""
    asked, children = visit.request.asked("child"), {str(number): number for number in seen.cases}
    if children and asked.isdigit() and asked not in children:
        raise NotHereError(asked)
    return children.get(asked, min(seen.cases, default=0))
