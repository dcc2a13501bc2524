"""A hold is ended in the case system, where somebody tells it after all or decides that it is not told."""

from collections.abc import Mapping
from datetime import datetime

from schemas.codes import Disclosure, Outcome, ReleaseReason
from tests.simulation.year.contacts import Child, Version
from tests.simulation.year.lives import Life, text

RELEASED, WITHHELD, WITHHELD_UNASKED = 0.3, 0.15, 0.002
_DISCLOSURES: Mapping[Disclosure, float] = {
    Disclosure.WITHHELD_DETRIMENT: 60,
    Disclosure.WITHHELD_NOT_FACILITATIVE: 20,
    Disclosure.PARTIAL: 20,
}


def settled(life: Life) -> None:
    """What becomes of each version that is held; the others wait for the hub's own people."""
    draws = life.draws
    for child in life.contact.children:
        for version in child.versions:
            at, held = draws.after(version.at, 0.05, 0.9), version.held_from is not None
            if held and draws.share(RELEASED):
                _released(life, child, version, at)
            elif draws.share(WITHHELD if held else WITHHELD_UNASKED):
                _withheld(life, child, version, at)


def _released(life: Life, child: Child, version: Version, at: datetime) -> None:
    reason = ReleaseReason.TOLD_BY_PHONE_FIRST
    if Outcome.LAD in version.outcomes:
        reason = ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER
    life.happens(
        at,
        "RELEASED",
        child_index=child.index,
        decision_seq=version.seq,
        agency_id=version.held_from or None,
        reason=reason.value,
        released_by="MASH_MANAGER",
        released_at=text(at),
    )


def _withheld(life: Life, child: Child, version: Version, at: datetime) -> None:
    life.happens(
        at,
        "WITHHELD",
        child_index=child.index,
        decision_seq=version.seq,
        agency_id=version.held_from or None,
        disclosure=life.draws.weighted(_DISCLOSURES).value,
        decided_by="MASH_MANAGER",
        rationale_ref=f"RAT-{life.contact.number:06d}-{child.index}",
        withheld_at=text(at),
    )
