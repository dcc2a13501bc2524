"""Whether a person must release a decision first; knows nothing of the police check, so it cannot gate
on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.codes import HoldCode, Outcome
from schemas.decision import HoldRequest, NamedAgency

ON_ONE_RECIPIENT = frozenset({HoldCode.STAFF_LINK, HoldCode.REFERRER_IS_FAMILY})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may go now: `sent` outcomes, unless `on_child` holds all of them or `on_agency` holds one
    recipient's."""

    sent: tuple[Outcome, ...]
    on_child: tuple[HoldCode, ...]
    on_agency: dict[str, tuple[HoldCode, ...]]
    allegation_beside: bool


def judge(outcomes: Sequence[Outcome], holds: Sequence[HoldRequest], referrer: NamedAgency | None) -> Verdict:
    """Go or hold, by the safety triggers of domain section 6.3 alone.

    An allegation (LAD) beside other outcomes is taken out and held by itself: it never holds the section 47.
    """
    others = tuple(outcome for outcome in outcomes if outcome is not Outcome.LAD)
    allegation_beside_others = Outcome.LAD in outcomes and bool(others)
    on_child = {hold.code for hold in holds} - ON_ONE_RECIPIENT
    if allegation_beside_others:
        on_child -= {HoldCode.LADO}
    elif Outcome.LAD in outcomes:
        on_child |= {HoldCode.LADO}
    if Outcome.EMP in outcomes:
        on_child |= {HoldCode.EMERGENCY}
    return Verdict(
        sent=others or tuple(outcomes),
        on_child=tuple(sorted(on_child)),
        on_agency=_on_agency(holds, referrer),
        allegation_beside=allegation_beside_others,
    )


def _on_agency(holds: Sequence[HoldRequest], referrer: NamedAgency | None) -> dict[str, tuple[HoldCode, ...]]:
    held: dict[str, set[HoldCode]] = {}
    for hold in holds:
        if hold.code is HoldCode.STAFF_LINK and hold.agency_id is not None:
            held.setdefault(hold.agency_id, set()).add(hold.code)
        if hold.code is HoldCode.REFERRER_IS_FAMILY and referrer is not None:
            held.setdefault(referrer.agency_id, set()).add(hold.code)
    return {agency: tuple(sorted(codes)) for agency, codes in held.items()}
