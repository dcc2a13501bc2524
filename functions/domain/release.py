"""Whether a person must release a decision first; knows nothing of the police check, so it cannot gate
on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.codes import HoldCode, HoldTrigger, Outcome
from schemas.decision import HoldRequest, NamedAgency

ON_ONE_RECIPIENT = frozenset(
    {HoldTrigger.STAFF_LINK, HoldTrigger.REFERRER_IS_FAMILY, HoldTrigger.UNVERIFIED_ADDRESS}
)
OF_AN_OUTCOME = frozenset({HoldTrigger.EMERGENCY, HoldTrigger.LADO})
"""Holds that come with an outcome, and go when a newer version has another one."""


def told_together(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """What one message tells: an allegation (LAD) beside other outcomes goes by itself."""
    return tuple(outcome for outcome in outcomes if outcome is not Outcome.LAD) or tuple(outcomes)


@dataclass(frozen=True, slots=True)
class OpenHolds:
    """What an earlier version of this child's decision is still held for, because nobody has acted yet."""

    on_child: tuple[HoldTrigger, ...] = ()
    on_agency: Mapping[str, tuple[HoldTrigger, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may go now: `sent` outcomes, unless `on_child` holds all of them or `on_agency` holds one
    recipient's."""

    sent: tuple[Outcome, ...]
    on_child: tuple[HoldTrigger, ...]
    on_agency: dict[str, tuple[HoldTrigger, ...]]
    allegation_beside: bool


def judge(
    outcomes: Sequence[Outcome],
    holds: Sequence[HoldRequest],
    referrer: NamedAgency | None,
    still_open: OpenHolds | None = None,
) -> Verdict:
    """Go or hold, by the safety triggers of domain section 6.3 alone.

    An allegation (LAD) beside other outcomes is taken out and held by itself: it never holds the section 47.
    A hold about the child or a recipient ends by a person's act: `still_open` outlives a newer version.
    """
    before = still_open or OpenHolds()
    sent = told_together(outcomes)
    allegation_beside_others = Outcome.LAD in outcomes and Outcome.LAD not in sent
    asked = {HoldTrigger(hold.code) for hold in holds}
    on_child = (asked - ON_ONE_RECIPIENT) | (set(before.on_child) - OF_AN_OUTCOME)
    if allegation_beside_others:
        on_child -= {HoldTrigger.LADO}
    elif Outcome.LAD in outcomes:
        on_child |= {HoldTrigger.LADO}
    if Outcome.EMP in outcomes:
        on_child |= {HoldTrigger.EMERGENCY}
    return Verdict(
        sent=sent,
        on_child=tuple(sorted(on_child)),
        on_agency=_on_agency(holds, referrer, before),
        allegation_beside=allegation_beside_others,
    )


def _on_agency(
    holds: Iterable[HoldRequest], referrer: NamedAgency | None, before: OpenHolds
) -> dict[str, tuple[HoldTrigger, ...]]:
    # Whether an address is verified is asked anew each time: it is no decision of a person's.
    held = {
        agency: set(triggers) - {HoldTrigger.UNVERIFIED_ADDRESS}
        for agency, triggers in before.on_agency.items()
    }
    for hold in holds:
        if hold.code is HoldCode.STAFF_LINK and hold.agency_id is not None:
            held.setdefault(hold.agency_id, set()).add(HoldTrigger.STAFF_LINK)
        if hold.code is HoldCode.REFERRER_IS_FAMILY and referrer is not None:
            held.setdefault(referrer.agency_id, set()).add(HoldTrigger.REFERRER_IS_FAMILY)
    return {agency: tuple(sorted(triggers)) for agency, triggers in held.items() if triggers}
