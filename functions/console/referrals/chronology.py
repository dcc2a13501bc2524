"""A child's chronology over every referral of that child: by the pseudonym that the hub gave, and no name.

Each referral that goes into it is read, and its reading is on record, as if it had been opened by itself.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.console.door.request import Page
from functions.console.door.visit import NotHereError, Visit
from functions.console.referrals.seen import ABOVE, SeenReferral, child_asked, look, look_further
from functions.console.referrals.timeline import by_whom, is_bad, title
from functions.console.shown.chronology import Chronology
from functions.console.shown.parts import Fact, Link
from functions.console.shown.referral import Happened
from functions.console.words.moments import counted
from functions.console.words.on_a_page import on_a_page
from functions.domain.measures.decisions import finals
from functions.domain.measures.received import concerns
from functions.domain.wording.outcomes import LABELS
from functions.domain.wording.uk_time import uk_date, uk_date_and_time
from functions.story.named import upper
from functions.story.telling import sentence
from schemas.codes import AuditKind, Outcome

MOST = 20
"""Referrals of one child that are read for one page, the newest."""
_TELLS = frozenset({AuditKind.DECISION, AuditKind.LIFECYCLE})
NO_PSEUDONYM = (
    "Other referrals of this child are not known: the case system gave no pseudonym for the child, so this is"
    " of this referral alone."
)
LEFT_OUT = f"Only the newest {MOST} referrals of this child are shown."


def chronology(visit: Visit) -> Page:
    """What was decided of the child that the address names, and what became of it.

    Raises NotHereError where no child is known yet: a police form may come before its referral.
    """
    seen = look(visit.parameters["ref"], visit)
    if not seen.cases:
        raise NotHereError("child")
    child = child_asked(seen, visit)
    pseudonym = seen.pseudonym(child)
    known = visit.desk.reads.work.same_child(pseudonym) if pseudonym else []
    others = [look_further(ref, seen, visit) for ref in known[-MOST:] if ref != seen.ref]
    same = [(seen, child), *((one, number) for one in others for number in one.of_the_same(pseudonym))]
    entries = sorted(
        ((row, one) for one, number in same for row in _of_the_child(one.rows, number)),
        key=lambda entry: (str(entry[0]["at"]), keys.seq_of(entry[0]["sk"])),
        reverse=True,
    )
    shown = Chronology(
        reference=seen.ref,
        about=f"{seen.ref}, child {child}",
        panel=tuple(_panel(same, counted(len({seen.ref, *known}), "referral"), is_all=len(known) <= MOST)),
        happened=tuple(_happened(row, one) for row, one in entries),
        notice=NO_PSEUDONYM if pseudonym is None else LEFT_OUT if len(known) > MOST else None,
        back=Link(text="Back to the referral", path=f"{seen.path}?child={child}"),
    )
    return Page("chronology", "Chronology", shown, above=(*ABOVE, Link(text=seen.ref, path=seen.path)))


def _of_the_child(rows: Sequence[Item], child: int) -> Iterator[Item]:
    """Its decisions and what became of them; what an event says of another child is not in it."""
    for row in rows:
        if row["type"] in _TELLS and concerns(row, child):
            yield row


def _panel(same: Sequence[tuple[SeenReferral, int]], number_of_all: str, *, is_all: bool) -> Iterator[Fact]:
    """The newest outcome is the last decision that was made, on whichever referral; a revision is one."""
    yield Fact(label="Referrals of this child", text=number_of_all)
    first = min(one.cases[number].received.at for one, number in same)
    yield Fact(label="First received" if is_all else "First received, of those shown", text=uk_date(first))
    made = [final for one, number in same for final in finals(one.read, number)]
    newest = max(made, key=lambda final: final.at, default=None)
    outcome = upper(LABELS[Outcome(newest.row.said["outcome"])]) if newest else "Not decided yet"
    yield Fact(label="Newest outcome", text=outcome)


def _happened(row: Item, seen: SeenReferral) -> Happened:
    return Happened(
        title=title(row, seen.names),
        by=by_whom(row, seen.names),
        at=uk_date_and_time(datetime.fromisoformat(row["at"])),
        lines=(on_a_page(sentence(row), seen.names),),
        links=(Link(text=seen.ref, path=seen.path),),
        is_bad=is_bad(row),
    )
