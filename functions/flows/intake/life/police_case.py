"""The police have opened or closed an investigation: whoever works under the child's live plan hears that one
has ended."""

from collections.abc import Mapping
from typing import Any

from functions.adapters.registry.directory import Directory
from functions.domain.bounds import MOST_INVESTIGATIONS
from functions.domain.refusals import Refusal, RefusedError
from functions.domain.series import matters_in
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.happening import Happening, once_decided, refuse_unlisted, telling
from functions.flows.intake.life.news import News
from functions.flows.updates.make import Occasion
from functions.flows.updates.parts import live_parts, with_a_part
from schemas.codes import AgencyType, InvestigationStatus, RefusalReason, Series
from schemas.lifecycle import PoliceInvestigationStatusChanged
from schemas.notice import UpdateFacts

_UNNAMED = ""
"""All investigations that the police do not name are one."""
_NAMED_BY = "namers"
"""What a child calls how many investigations each source was the first to name."""


def investigation_changed(
    event: PoliceInvestigationStatusChanged, occasion: Occasion, desk: IntakeDesk
) -> News:
    """That one was opened is recorded alone; a closure of the same one that comes late after it is told to
    nobody. Raises RefusedError for a child that the referral does not list, or where its source names more of
    them than any child is part of."""
    which = occasion.thread(event.police_occurrence_ref or _UNNAMED)
    refuse_unlisted(event.child_index, occasion.referral)
    named = _named(which, event.child_index, occasion)
    what = Happening(Series.POLICE_CASE, event.child_index, "changed_at", event.changed_at, which)
    if event.status is InvestigationStatus.OPEN:
        return once_decided(what, occasion, lambda: News(children={what.child: named}))
    return once_decided(what, occasion, lambda: _ended(what, named, occasion, desk))


def _named(which: str, child: int, occasion: Occasion) -> dict[str, Any]:
    """What the child learns of who names its investigations; nothing of one that was named before."""
    state, source = occasion.referral.children.get(child, {}), occasion.arrival.source
    if which in matters_in(Series.POLICE_CASE, state):
        return {}
    named = state.get(_NAMED_BY, {})
    if named.get(source, 0) >= MOST_INVESTIGATIONS:
        raise RefusedError(Refusal("police_occurrence_ref", RefusalReason.TOO_MANY))
    return {_NAMED_BY: {**named, source: named.get(source, 0) + 1}}


def _ended(what: Happening, named: Mapping[str, Any], occasion: Occasion, desk: IntakeDesk) -> News:
    referral = occasion.referral
    parts = live_parts(referral.children[what.child])
    hearers = with_a_part(parts, referral, what.child, desk.directory)
    force = _force_behind(occasion.arrival.source, desk.directory)
    facts = UpdateFacts(happened_at=what.at)
    return telling(what.about, hearers.without(force), facts, occasion, desk, learnt=named)


def _force_behind(source: str, directory: Directory) -> str:
    """The police force that a source is named after, by any of its names: `north-police.ra-feed` speaks for
    north-police. Of another source nobody knows, and no force is left out for it."""
    name = source.partition(".")[0]
    entry = directory.look_up([name]).entries.get(name)
    return entry.agency_id if entry is not None and entry.type is AgencyType.POLICE else ""
