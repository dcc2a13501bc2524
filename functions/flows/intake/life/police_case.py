"""The police have opened or closed an investigation: whoever works under the child's live plan hears that one
has ended."""

from functions.adapters.registry.directory import Directory
from functions.domain.bounds import MOST_INVESTIGATIONS
from functions.domain.refusals import Refusal, RefusedError
from functions.domain.series import matters_in
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.happening import Happening, once_decided, telling
from functions.flows.intake.life.news import News
from functions.flows.updates.make import Occasion
from functions.flows.updates.parts import live_parts, with_a_part
from schemas.codes import AgencyType, InvestigationStatus, RefusalReason, Series
from schemas.lifecycle import PoliceInvestigationStatusChanged
from schemas.notice import UpdateFacts

_UNNAMED = ""
"""All investigations that the police do not name are one."""


def investigation_changed(
    event: PoliceInvestigationStatusChanged, occasion: Occasion, desk: IntakeDesk
) -> News:
    """That one was opened is recorded alone; a closure of the same one that comes late after it is told to
    nobody. Raises RefusedError for more of them than any child is part of."""
    which = occasion.thread(event.police_occurrence_ref or _UNNAMED)
    known = matters_in(Series.POLICE_CASE, occasion.referral.children.get(event.child_index, {}))
    if which not in known and len(known) >= MOST_INVESTIGATIONS:
        raise RefusedError(Refusal("police_occurrence_ref", RefusalReason.TOO_MANY))
    what = Happening(Series.POLICE_CASE, event.child_index, "changed_at", event.changed_at, which)
    if event.status is InvestigationStatus.OPEN:
        return once_decided(what, occasion, News)
    return once_decided(what, occasion, lambda: _ended(what, occasion, desk))


def _ended(what: Happening, occasion: Occasion, desk: IntakeDesk) -> News:
    referral = occasion.referral
    parts = live_parts(referral.children[what.child])
    hearers = with_a_part(parts, referral, what.child, desk.directory)
    force = _force_behind(occasion.arrival.source, desk.directory)
    facts = UpdateFacts(happened_at=what.at)
    return telling(what.about, hearers.without(force), facts, occasion, desk)


def _force_behind(source: str, directory: Directory) -> str:
    """The police force that a source is named after, by any of its names: `north-police.ra-feed` speaks for
    north-police. Of another source nobody knows, and no force is left out for it."""
    name = source.partition(".")[0]
    entry = directory.look_up([name]).entries.get(name)
    return entry.agency_id if entry is not None and entry.type is AgencyType.POLICE else ""
