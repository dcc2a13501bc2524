"""One request of somebody who is signed in: what they asked, and the record of their reading it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from functions.adapters.ledger.reading import CAME_TO
from functions.adapters.ledger.sessions import Session
from functions.adapters.ledger.store import Item
from functions.console.desk import ConsoleDesk
from functions.console.door.request import Request, Values
from schemas.codes import ConsoleRole, ReadPurpose

_PURPOSES: Mapping[ConsoleRole, ReadPurpose] = {
    ConsoleRole.AUDITOR: ReadPurpose.INSPECTION,
    ConsoleRole.POLICE_DESK: ReadPurpose.FORM_DESK,
}


def came_to(refs: Iterable[str]) -> Mapping[str, str]:
    """What a list's filters add where all of it is about one referral."""
    shown = set(refs)
    return {CAME_TO: shown.pop()} if len(shown) == 1 else {}


class NotHereError(Exception):
    """There is no such thing, or none that this person may know of: the same page for both."""


@dataclass(slots=True)
class Visit:
    """Nothing is shown before it is on record: `note`, `read` and acts write first, and the door asks whether
    one did before it lets an answer out (audit section 8)."""

    desk: ConsoleDesk
    session: Session
    request: Request
    parameters: Mapping[str, str]
    now: datetime
    resumed: Values = field(default_factory=dict)
    """The fields of this page's form as they were when this person's session ended; shown once."""
    is_on_record: bool = field(default=False, init=False)

    @property
    def typed(self) -> Mapping[str, str]:
        """What this person had typed then, by field."""
        return {name: values[-1] for name, values in self.resumed.items() if values}

    @property
    def given(self) -> Values:
        """What the address says, what a form says instead, and before both what one said that was sent after
        its session had ended: a page has its filters by whichever way somebody came to it."""
        return {**self.request.query, **self.request.form, **self.resumed}

    def said(self, name: str) -> str:
        """The last value of that name among them; empty where there is none."""
        return (self.given.get(name) or ("",))[-1].strip()

    @property
    def actor(self) -> str:
        """As the trail names them."""
        return self.session.staff

    def note(self, asked: str, rows: int, filters: Mapping[str, str] | None = None) -> None:
        """Puts on record what is about to be shown of many referrals, or of none.

        `asked` is a code for the page; `filters` are codes, days, and ids of what there is: nothing erases a
        row of the trail, and what there is not may be anything that somebody typed. Raises BusyError,
        ContendedError.
        """
        self.desk.patience.persist(
            lambda: self.desk.asked.note(
                reader=self.actor,
                asked=asked,
                rows=rows,
                request=self.request.request_id,
                now=self.now,
                purpose=self._purpose(ReadPurpose.OVERSIGHT),
                filters=filters,
            )
        )
        self.is_on_record = True

    def knows(self, ref: str) -> bool:
        """Whether anything was ever taken in under this reference: no other goes on record."""
        return bool(ref) and bool(self.desk.releases.intake.case(ref).head)

    def read(self, ref: str) -> list[Item]:
        """A referral's rows in order, once it is on record that they are read.

        Raises NotHereError where there are none, BusyError, ContendedError.
        """
        rows = self.desk.patience.persist(
            lambda: self.desk.trail.read(
                ref,
                reader=self.actor,
                purpose=self._purpose(ReadPurpose.CASE_WORK),
                request=self.request.request_id,
                now=self.now,
            )
        )
        self.is_on_record = True
        if not rows:
            raise NotHereError(ref)
        return rows

    def acted(self) -> None:
        """An act of theirs has written its own rows."""
        self.is_on_record = True

    def _purpose(self, of_the_page: ReadPurpose) -> ReadPurpose:
        """Whoever inspects, or keeps the police's desk, does nothing else here."""
        return _PURPOSES.get(self.session.role, of_the_page)
