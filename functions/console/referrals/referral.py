"""One referral: what became of each child's, everything that happened, and what is held."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from functions.console.asking import cursor
from functions.console.door.request import Page
from functions.console.door.roles import AUDITORS, MANAGERS, ROLE_NAMES, TAKERS
from functions.console.door.visit import Visit
from functions.console.referrals.facts import facts, versions, warnings
from functions.console.referrals.phone_call import open_calls
from functions.console.referrals.seen import ABOVE, SeenReferral, child_asked, look
from functions.console.referrals.timeline import Timeline, timeline
from functions.console.shown.parts import Fact, Link, Tag, Tone
from functions.console.shown.referral import Hold, Printed, Referral, Seal, SealBadge
from functions.console.words.acted import done_words
from functions.console.words.moments import counted, lasting
from functions.domain.measures.facts import Case
from functions.domain.measures.holds import holds_of
from functions.domain.measures.received import referrer
from functions.domain.wording.outcomes import LABELS
from functions.domain.wording.uk_time import uk_date_and_time
from functions.story.named import upper
from functions.story.vocabulary import HOLDS
from schemas.codes import HoldTrigger, RaStatus

A_PAGE = 100
"""Entries of a referral on one page; on paper, and in a file, are all of them."""
NOT_CHECKED = SealBadge(
    seal=Seal.NOT_CHECKED,
    text="Each entry is linked to the one before it. Nobody has compared them with a sealed copy yet.",
)


def referral(visit: Visit) -> Page:
    """Shows a referral by its reference, one child of it at a time; reading it is on record first."""
    seen = look(visit.parameters["ref"], visit)
    return Page("referral", seen.ref, _shown(seen, child_asked(seen, visit), visit), above=ABOVE)


def _shown(seen: SeenReferral, child: int, visit: Visit) -> Referral:
    """The same in words; on paper without what leads on from it."""
    case, role = seen.cases.get(child), visit.session.role
    printed = _printed(seen, visit) if visit.request.asked("print") else None
    history = timeline(seen.rows, seen.names) if printed else _page_of_it(seen, visit)
    return Referral(
        reference=seen.ref,
        about=f"Referral, child {child} of {len(seen.cases)}" if len(seen.cases) > 1 else "Referral",
        panel=tuple(_panel(seen, child, case)) if case else (),
        warnings=tuple(warnings(seen, child, case)) if case else (),
        holds=tuple(_holds(seen, child)),
        happened=history.entries,
        seal=NOT_CHECKED,
        facts=tuple(facts(seen, child, case)) if case else (),
        versions=tuple(versions(seen, child)),
        children=tuple(_other_child(seen, other) for other in seen.cases if other != child),
        record_call=_record_call(seen, visit) if role in MANAGERS and not printed else None,
        chronology=None if printed or not seen.pseudonym(child) else _chronology(seen, child),
        opened_by=_opened_by(seen) if role in AUDITORS and not printed else None,
        print_view=None if printed else _print_view(seen, child),
        download=_download(seen) if role in TAKERS and not printed else None,
        older=_older(seen, child, history, visit),
        newest=_newest(seen, child) if visit.request.asked("from") and not printed else None,
        printed=printed,
        done=done_words(visit),
    )


def _other_child(seen: SeenReferral, other: int) -> Link:
    """Says already here that something of the child is held: else only the child's own page would."""
    held = " - Held" if _open(seen, other) else ""
    return Link(text=f"Child {other}{held}", path=f"{seen.path}?child={other}")


def _page_of_it(seen: SeenReferral, visit: Visit) -> Timeline:
    """The newest entries, or those that an address goes on with."""
    start = visit.request.asked("from")
    before = cursor.entry_read(start, seen.ref, visit.session) if start else None
    return timeline(seen.rows, seen.names, before=before, most=A_PAGE)


def _older(seen: SeenReferral, child: int, history: Timeline, visit: Visit) -> Link | None:
    if history.goes_on is None:
        return None
    start = cursor.entry_told(seen.ref, history.goes_on, visit.session)
    return Link(text="Older entries", path=f"{seen.path}?{urlencode({'child': child, 'from': start})}")


def _newest(seen: SeenReferral, child: int) -> Link:
    return Link(text="Newest entries", path=f"{seen.path}?child={child}")


def _record_call(seen: SeenReferral, visit: Visit) -> Link | None:
    """None where no call is open: its page could only say so."""
    if not open_calls(visit.desk.acts.check.intake.case(seen.ref)):
        return None
    return Link(text="Record a phone call", path=f"{seen.path}/call")


def _chronology(seen: SeenReferral, child: int) -> Link:
    return Link(text="Chronology of this child", path=f"{seen.path}/chronology?child={child}")


def _opened_by(seen: SeenReferral) -> Link:
    return Link(text="Who opened this record", path=f"/access?ref={quote(seen.ref, safe='')}")


def _print_view(seen: SeenReferral, child: int) -> Link:
    return Link(text="Print this record", path=f"{seen.path}?child={child}&print=1")


def _download(seen: SeenReferral) -> Link:
    return Link(text="Download (CSV)", path=f"{seen.path}/download")


def _printed(seen: SeenReferral, visit: Visit) -> Printed:
    """Who prints and when stands on the paper, and that they do in the record."""
    visit.note("PRINT_REFERRAL", len(seen.rows), {"ref": seen.ref})
    return Printed(
        by=f"{visit.session.name}, {ROLE_NAMES[visit.session.role]}", at=uk_date_and_time(visit.now)
    )


def _panel(seen: SeenReferral, child: int, case: Case) -> Iterator[Fact]:
    decided = case.decided
    outcome = LABELS[decided.outcome] if decided else "Not decided yet"
    yield Fact(label="Outcome", tag=Tag(text=upper(outcome), tone=Tone.PLAN if decided else Tone.QUIET))
    yield Fact(
        label="Referrer told", tag=told_tag(case, is_held=bool(list(_open(seen, child)))), text=_after(case)
    )
    yield Fact(label="Police risk assessment", tag=form_tag(case))
    by = referrer(seen.read, child)
    whom = (
        seen.names.get(by, by)
        if by
        else ("Not an agency" if case.received.is_professional is False else "Not said")
    )
    yield Fact(label="Referred by", text=whom)


def told_tag(case: Case, *, is_held: bool) -> Tag:
    """Told, by notice only, held or not told yet: a notice is not the outcome."""
    if case.told.newest:
        return Tag(text="Told", tone=Tone.GOOD)
    if is_held:
        return Tag(text="Held", tone=Tone.WARN)
    if case.told.newest_by_notice:
        return Tag(text="Notice only", tone=Tone.WARN)
    if case.received.is_professional is False:
        return Tag(text="No agency referred", tone=Tone.QUIET)
    return Tag(text="Not told yet", tone=Tone.BAD if case.decided else Tone.QUIET)


def form_tag(case: Case) -> Tag:
    """The newest check's answer, as people at the MASH read it (console section 0)."""
    if case.check is None:
        return Tag(text="Not checked yet", tone=Tone.QUIET)
    missing = counted(len(case.check.failed), "item")
    return {
        RaStatus.COMPLETE: Tag(text="Complete", tone=Tone.GOOD),
        RaStatus.INCORRECT: Tag(text=f"Not complete: {missing} missing", tone=Tone.BAD),
        RaStatus.ABSENT: Tag(text="Not received", tone=Tone.BAD),
        RaStatus.NOT_REQUIRED: Tag(text="Not needed", tone=Tone.QUIET),
        RaStatus.UNKNOWN: Tag(text="Not known", tone=Tone.WARN),
    }[RaStatus(case.check.status)]


def _after(case: Case) -> str:
    return f"after {lasting(case.told.took)}" if case.told.newest and case.told.took is not None else ""


def _open(seen: SeenReferral, child: int) -> list[str]:
    """The triggers of what is still held about the child."""
    still = (one for one in holds_of(seen.read) if one.child == child and one.ended_at is None)
    return sorted({trigger for one in still for trigger in one.triggers})


def _holds(seen: SeenReferral, child: int) -> Iterator[Hold]:
    for trigger in _open(seen, child):
        words = HOLDS[HoldTrigger(trigger)]
        yield Hold(
            trigger=upper(words),
            text="Nothing that it concerns is sent until a manager releases it.",
            review=Link(text="Review the hold", path=f"/worklist?ref={quote(seen.ref, safe='')}"),
        )
