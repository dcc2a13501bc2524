"""The police desk: the forms that its force still owes, and what is missing from each."""

from itertools import islice
from urllib.parse import quote

from functions.adapters.ledger import keys
from functions.console.door.request import Page
from functions.console.door.visit import Visit, came_to
from functions.console.police_desk.on_record import status_tag
from functions.console.shown.form import Chip, Filters, Line
from functions.console.shown.listing import Around
from functions.console.shown.parts import Link
from functions.console.shown.police_desk import FormLine, PoliceDesk
from functions.console.words.acted import done_words
from functions.console.words.moments import counted, short
from functions.domain.wording.police_rules import rules_in_words
from functions.flows.form_desk.outstanding import Owed, chased, owed_for
from functions.flows.planning.police_form import owing_force

A_PAGE = 25
"""Each line is one read of its referral, and a form to open where there is one."""
MOST_LOOKED_AT = 100
"""By one page, for as many as it has: those that the force may not know of take none of its places."""
LONGEST_REFERENCE = 40


def police_desk(visit: Visit) -> Page:
    """As many as a page has, the soonest due first; any other is found by its reference."""
    ref = visit.request.asked("ref")[:LONGEST_REFERENCE]
    tasks = [task for task in chased(visit.desk.reads.work) if ref in ("", keys.owner_of(task))]
    found = list(islice(owed_for(tasks[:MOST_LOOKED_AT], visit.desk.releases), A_PAGE + 1))
    owed = sorted(found[:A_PAGE], key=_soonest_due)
    is_known = bool(ref) and (bool(owed) or visit.knows(ref))
    visit.note("POLICE_DESK", len(owed), {"ref": ref} if is_known else came_to(one.ref for one in owed))
    force = owing_force(visit.desk.releases.directory)
    lines = tuple(_line(one, force.name if force else "", visit) for one in owed)
    shown = PoliceDesk(
        around=_around(len(lines), ref, notice=_notice(len(found), gave_up=len(tasks) > MOST_LOOKED_AT)),
        lines=lines,
        done=done_words(visit),
    )
    return Page("police_desk", "Police desk", shown)


def checklist_path(ref: str, child: int) -> str:
    """The page of one child's checklist."""
    return f"/police-desk/{quote(ref, safe='')}/{child}"


def _soonest_due(owed: Owed) -> tuple[str, str, int]:
    return (owed.referred.due_at.isoformat() if owed.referred.due_at else "", owed.ref, owed.child)


def _line(owed: Owed, force: str, visit: Visit) -> FormLine:
    due = owed.referred.due_at
    is_late = due is not None and due < visit.now
    return FormLine(
        reference=Link(text=owed.ref, path=checklist_path(owed.ref, owed.child)),
        about=f"Child {owed.child}",
        force=force,
        due=short(due, visit.now) if due else "Not known",
        due_detail="Overdue" if is_late else "",
        status=status_tag(owed.check),
        missing=rules_in_words(owed.check.failed_rules),
    )


def _notice(found: int, *, gave_up: bool) -> str | None:
    """Counts what is to be seen alone: how many others there are is nothing for the desk to know."""
    if found > A_PAGE:
        return f"Showing the {A_PAGE} soonest due. Find any other by its reference."
    return "Not all were looked at. Find any other by its reference." if gave_up else None


def _around(found: int, ref: str, *, notice: str | None) -> Around:
    return Around(
        heading=counted(found, "form"),
        filters=Filters(
            path="/police-desk",
            fields=(Line(name="ref", question="Reference", value=ref, width=20),),
            chips=(Chip(text=ref, path="/police-desk"),) if ref else (),
        ),
        empty="No forms outstanding." if not ref else "No form is outstanding under this reference.",
        clear="/police-desk",
        notice=notice,
    )
