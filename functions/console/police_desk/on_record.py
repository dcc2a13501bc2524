"""A police form that we hold, as the police desk sees it: where from, when it came, and what it lacks."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from functions.adapters.errors import UnreadableError
from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.console.door.visit import Visit
from functions.console.shown.parts import Fact, Tag, Tone
from functions.console.shown.police_desk import FormOnRecord
from functions.console.words.moments import counted, short
from functions.domain.wording.police_rules import RULE_WORDS
from functions.flows.form_desk.outstanding import Owed
from functions.flows.form_desk.record import found_in
from schemas.codes import AuditKind, RaStatus
from schemas.risk_assessment import PoliceCheck, RaFormMetadata
from schemas.risk_codes import FormSource

FROM: Mapping[FormSource, str] = {
    FormSource.FEED: "Police feed",
    FormSource.CSV: "A sheet",
    FormSource.DESK_CHECK: "Police desk",
}


def status_tag(check: PoliceCheck) -> Tag:
    """How a form stands, as the police read it (console section 0)."""
    missing = counted(len(check.failed_rules), "item")
    return {
        RaStatus.COMPLETE: Tag(text="Complete", tone=Tone.GOOD),
        RaStatus.INCORRECT: Tag(text=f"Not complete: {missing} missing", tone=Tone.WARN),
        RaStatus.ABSENT: Tag(text="Not received", tone=Tone.BAD),
        RaStatus.NOT_REQUIRED: Tag(text="Not needed", tone=Tone.QUIET),
        RaStatus.UNKNOWN: Tag(text="Not known", tone=Tone.WARN),
    }[check.status]


def on_record(owed: Owed, rows: Sequence[Item], seen: str, visit: Visit) -> tuple[FormOnRecord, ...]:
    """The form that we hold; beside it the one that somebody started from, where that was another."""
    is_newer = seen != owed.newest
    newest = _shown(owed, rows, owed.newest, "The newer form" if is_newer else "The form we hold", visit)
    before = _shown(owed, rows, seen, "The form you started from", visit) if is_newer else ()
    return (*newest, *before)


def _shown(
    owed: Owed, rows: Sequence[Item], uid: str, heading: str, visit: Visit
) -> tuple[FormOnRecord, ...]:
    """Nothing where there is no such form, or where it does not open any more."""
    row = next((one for one in rows if one["type"] == AuditKind.RA_FORM and one["uid"] == uid), None)
    form = _opened(row, owed, visit) if row else None
    if row is None or form is None:
        return ()
    check = found_in(form, owed, visit.desk.releases.ra_policy, visit.now)
    facts = (
        Fact(label="From", text=FROM[form.form_source]),
        Fact(label="Came", text=short(datetime.fromisoformat(row["at"]), visit.now)),
        Fact(label="Check", tag=status_tag(check)),
    )
    missing = tuple(f"{rule} {RULE_WORDS[rule]}" for rule in check.failed_rules)
    return (FormOnRecord(heading=heading, facts=facts, missing=missing),)


def _opened(row: Item, owed: Owed, visit: Visit) -> RaFormMetadata | None:
    desk, pk = visit.desk.releases, keys.referral(owed.ref)
    wrapped = desk.intake.wrapped_key(pk)
    if wrapped is None:
        return None
    try:
        plain = desk.vault.unwrap(pk, wrapped).open(row["cipher"], bound_to=f"{pk}|{row['uid']}")
    except UnreadableError:
        return None
    return RaFormMetadata.model_validate_json(plain)
