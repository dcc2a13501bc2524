"""One child's checklist: what the force's form answers, as codes, and what is missing from it at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus

from pydantic import ValidationError

from functions.adapters.ledger.store import Item
from functions.console.door.request import Answer, Page
from functions.console.door.visit import NotHereError, Visit
from functions.console.police_desk.answers import Mistakes, Typed, answers_of, mistakes_in, typed_of
from functions.console.police_desk.fields import fields_of
from functions.console.police_desk.on_record import on_record, status_tag
from functions.console.police_desk.page import checklist_path
from functions.console.police_desk.questions import (
    ASKED,
    OTHER_CHILDREN,
    OTHER_UNBORN,
    PARTS,
    QUESTIONS,
    TITLES,
    Kind,
)
from functions.console.shown.form import Hidden
from functions.console.shown.parts import Fact, Link, Tag, Tone
from functions.console.shown.police_desk import Checklist, Part, Rule
from functions.console.words.acted import leads_back
from functions.console.words.moments import short
from functions.domain.completeness import RULES, is_shell
from functions.domain.completeness.forms import answers_for
from functions.domain.completeness.rules import mandatory, mandatory_if_high
from functions.domain.life_clocks.police_form import SETTLED
from functions.domain.wording.police_rules import RULE_WORDS
from functions.flows.form_desk.outstanding import Owed, owed_by
from functions.flows.form_desk.record import form_of, found_in, pass_on
from functions.flows.planning.police_form import owing_force
from schemas.risk_assessment import PoliceCheck, RaFormMetadata, RaPolicy, RaRule

ABOVE = (Link(text="Police desk", path="/police-desk"),)
STARTED_FROM, AS_IT_IS = "started-from", "as-it-is"
"""Which form somebody started from, and of which missing rules the page has told them."""
FIRST_FIELD = "form_basis"
KEPT = frozenset({STARTED_FROM, OTHER_CHILDREN, OTHER_UNBORN}) | {
    name
    for question in QUESTIONS
    if question.kind in (Kind.CHOICE, Kind.GRADE, Kind.NUMBER, Kind.MOMENT)
    for name in question.fields
}
"""What is kept for whoever has to sign in again: what is chosen, counted or a moment. Where a line takes
more, somebody may have typed a name, and a session's row is sealed with no referral's key."""
TYPE_AGAIN = (
    "You were signed out meanwhile. What you chose, counted and dated is as you left it. References, staff "
    "ids and codes that you typed were not kept: below are those of the form that we have. Type yours again."
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The checklist as it is about to be shown."""

    owed: Owed
    rows: Sequence[Item]
    typed: Typed
    seen: str
    check: PoliceCheck
    """Of what was typed; before that, of what we hold."""
    mistakes: Mistakes = field(default_factory=dict)
    told: str = ""
    """Which rules fail by what was typed, where it may be sent as it is."""
    notice: str | None = None


def checklist(visit: Visit) -> Page:
    """What we hold, to be completed; a form that is not outstanding any more is not there."""
    owed = _owed(visit)
    if not owed.is_chased:
        raise _not_there(visit)
    rows = visit.read(owed.ref)
    typed = {**_held(owed), **visit.typed}
    started_from = visit.typed.get(STARTED_FROM, owed.newest)
    notice = TYPE_AGAIN if visit.typed else None
    return _page(Sheet(owed, rows, typed, started_from, owed.check, notice=notice), visit)


def record_form(visit: Visit) -> Answer:
    """Puts the form on the bus: at once if nothing is missing, else once somebody was told what is."""
    owed = _owed(visit)
    rows = visit.read(owed.ref)
    typed = {name: visit.request.said(name) for question in QUESTIONS for name in question.fields}
    seen = visit.request.said(STARTED_FROM)
    sheet = Sheet(owed, rows, typed, seen, owed.check)
    if seen != owed.newest and (owed.is_chased or _came_meanwhile(sheet, visit)):
        return _page(_overtaken(sheet, visit), visit, HTTPStatus.CONFLICT)
    if not owed.is_chased:
        raise NotHereError("form")
    form, mistakes = _form(typed, owed, visit)
    if form is None:
        return _page(replace(sheet, mistakes=mistakes), visit, HTTPStatus.BAD_REQUEST)
    return _checked(form, sheet, visit)


def _checked(form: RaFormMetadata, sheet: Sheet, visit: Visit) -> Answer:
    owed = sheet.owed
    check = found_in(form, owed, visit.desk.releases.ra_policy, visit.now)
    missing = ",".join(check.failed_rules)
    if missing and visit.request.said(AS_IT_IS) != missing:
        told = replace(sheet, check=check, told=missing)
        return _page(told, visit)
    visit.note("FORM_GIVEN", 1, {"ref": owed.ref, "child": str(owed.child), "event": str(form.event_id)})
    pass_on(form, owed.child, visit.desk.bus, visit.desk.patience)
    return leads_back("/police-desk", "form-as-it-is" if missing else "form", visit)


NOT_YET = "Not sent yet: something is missing, as listed below. Complete it, or send the form as it is."


def _owed(visit: Visit) -> Owed:
    """The child's form; raises NotHereError for any other child's.

    Which referral somebody tried is on record as well: of one who looks for a child that their force may not
    know of, that is all there is to ask about.
    """
    ref, child = visit.parameters["ref"], visit.parameters["child"]
    desk = visit.desk.releases
    number = int(child) if child.isascii() and child.isdigit() else 0
    owed = owed_by(owing_force(desk.directory), ref, number, desk)
    if owed is None:
        raise _not_there(visit)
    return owed


def _not_there(visit: Visit) -> NotHereError:
    ref = visit.parameters["ref"]
    visit.note("FORM_NOT_THERE", 0, {"ref": ref} if visit.knows(ref) else None)
    return NotHereError("form")


def _held(owed: Owed) -> Typed:
    form = owed.form
    return typed_of(form, answers_for(form, owed.child), owed.others) if form else {}


def _form(typed: Typed, owed: Owed, visit: Visit) -> tuple[RaFormMetadata | None, Mistakes]:
    wire, mistakes = answers_of(typed, owed)
    try:
        form = form_of(wire, owed, visit.now)
    except ValidationError as exc:
        return None, mistakes | mistakes_in(exc)
    if not mistakes and is_shell(form):
        mistakes = {FIRST_FIELD: "Answer something more than who and which: this is an empty form"}
    return (None if mistakes else form), mistakes


def _newest_row(sheet: Sheet) -> Item | None:
    return next((row for row in sheet.rows if row.get("uid") == sheet.owed.newest), None)


def _came_meanwhile(sheet: Sheet, visit: Visit) -> bool:
    """Whether the newest form came since this person signed in: no form of theirs can be older."""
    row = _newest_row(sheet)
    return row is not None and datetime.fromisoformat(row["at"]) >= visit.session.opened_at


def _overtaken(sheet: Sheet, visit: Visit) -> Sheet:
    """A newer form came: both are shown, and what was typed stays, to be sent after all or not."""
    row = _newest_row(sheet)
    when = f": {short(datetime.fromisoformat(row['at']), visit.now)}" if row else ""
    what = (
        "It is complete: nothing more is needed."
        if sheet.owed.check.status in SETTLED
        else "Compare the two; what you chose is below."
    )
    notice = f"A newer form arrived{when}. Yours was not saved. {what}"
    return replace(sheet, notice=notice)


def _page(sheet: Sheet, visit: Visit, status: HTTPStatus = HTTPStatus.OK) -> Page:
    owed = sheet.owed
    force, due = owing_force(visit.desk.releases.directory), owed.referred.due_at
    shown = Checklist(
        reference=owed.ref,
        about=f"Police risk assessment, child {owed.child}",
        panel=(
            Fact(label="Form", tag=status_tag(owed.check)),
            Fact(label="Due", text=short(due, visit.now) if due else "Not known"),
            Fact(label="Force", text=force.name if force else ""),
        ),
        on_record=on_record(owed, sheet.rows, sheet.seen, visit),
        parts=tuple(_parts(sheet, visit.desk.releases.ra_policy)),
        path=checklist_path(owed.ref, owed.child),
        hidden=(
            Hidden(name=STARTED_FROM, value=sheet.seen if status is HTTPStatus.OK else owed.newest),
            *((Hidden(name=AS_IT_IS, value=sheet.told),) if sheet.told else ()),
        ),
        notice=NOT_YET if sheet.told else sheet.notice,
        button="Send it as it is" if sheet.told else "Save this form",
    )
    return Page("checklist", owed.ref, shown, status, above=ABOVE, is_wrong=bool(sheet.mistakes))


def _parts(sheet: Sheet, policy: RaPolicy) -> Iterator[Part]:
    """Where there is no form yet nothing was checked, and nothing is said to be missing or there."""
    rules = {rule.code: rule for rule in _rules(sheet, policy)}
    is_checked = bool(sheet.owed.form or sheet.told)
    for heading, some in PARTS.items():
        own = tuple(rules[rule.value] for rule in some)
        missing = sum(rule.is_missing for rule in own)
        is_bad = Tag(text=f"{missing} missing", tone=Tone.WARN)
        state = is_bad if missing else Tag(text="Nothing missing", tone=Tone.GOOD)
        yield Part(heading=heading, rules=own, state=state if is_checked else None)


def _rules(sheet: Sheet, policy: RaPolicy) -> Iterator[Rule]:
    is_high = sheet.typed.get("risk_grade") in policy.high_grades
    decides = {rule.name: rule.decides_status for rule in RULES}
    for rule, asked in ASKED.items():
        yield Rule(
            code=rule.value,
            words=TITLES[rule],
            is_mandatory=decides[rule] is mandatory or (decides[rule] is mandatory_if_high and is_high),
            fields=tuple(
                one for question in asked for one in fields_of(question, sheet.typed, sheet.mistakes, policy)
            ),
            missing=_missing(rule, sheet),
            is_missing=rule in sheet.check.failed_rules,
        )


def _missing(rule: RaRule, sheet: Sheet) -> str | None:
    """Of what was typed once it was looked at; before that, of the form we hold."""
    if rule in sheet.check.failed_rules:
        where = "what you chose" if sheet.told else "the form we hold"
        return f"Missing from {where}: {RULE_WORDS[rule]}"
    return "Not met: it does not make the form incomplete" if rule in sheet.check.advisory_rules else None
