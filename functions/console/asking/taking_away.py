"""A file that somebody takes away: why they take it, the row that says so first, and then the file."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from functions.adapters.ledger.reading import Export
from functions.console.asking.reasons import why_field
from functions.console.door.request import Download
from functions.console.door.visit import Visit
from functions.console.shown.form import Form, Hidden
from functions.domain.measures.published import harmless
from schemas.codes import ExportPurpose, ReadPurpose

NO_REASON = "Say what you need the file for: choose one"
TAKEN_FOR: Mapping[str, str] = {
    ReadPurpose.CASE_WORK: "To work on these cases",
    ReadPurpose.OVERSIGHT: "To see how well agencies are told",
    ReadPurpose.INSPECTION: "An inspector or an auditor asked for it",
}
FIGURES_ARE_FOR: Mapping[str, str] = {
    ExportPurpose.PARTNERSHIP_BOARD: "The partnership board",
    ExportPurpose.INSPECTION: "An inspection",
    ExportPurpose.SERVICE_REVIEW: "Reviewing how this service works",
    ExportPurpose.SHARED_DATA_SET: "The data set that hubs share",
}
EFFECTS = (
    "That you took it, why, and a fingerprint of the file go into the record first.",
    "Whoever has the file must handle it as this page says at its top and foot.",
)


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """As any spreadsheet reads it: with the mark of its encoding, every cell in quotes, none a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def why_form(path: str, button: str, hidden: Iterable[Hidden], visit: Visit, error: str | None) -> Form:
    """What the file is needed for; `hidden` says which rows it has."""
    return Form(
        id="take",
        path=path,
        fields=(why_field("What do you need it for?", TAKEN_FOR, visit.typed.get("reason"), error),),
        button=button,
        hidden=tuple(hidden),
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """What is in a file: of what, of which days if of any, how many rows, and what it was narrowed to."""

    what: str
    since: str | None
    until: str | None
    rows: int
    filters: Mapping[str, str] = field(default_factory=dict)


def taken_away(
    taken: Taken, file: Download, visit: Visit, *, purpose: ExportPurpose | None = None
) -> Download:
    """The file, once the EXPORT row stands; its purpose is what `why_form` asked, if nothing else is given.

    Raises BusyError, ContendedError.
    """
    why, digest = purpose or ReadPurpose(visit.request.said("reason")), sha256(file.content).hexdigest()
    export = Export(taken.what, why, taken.since, taken.until, taken.rows, digest, filters=taken.filters)
    visit.desk.patience.persist(
        lambda: visit.desk.asked.hand_out(
            export, reader=visit.actor, request=visit.request.request_id, now=visit.now
        )
    )
    visit.acted()
    return file
