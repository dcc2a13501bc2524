"""A child's police form is checked again, though no form has come: somebody said something of it, or its feed
is back."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Final

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.lifecycle import TakenEvent
from functions.adapters.ledger.records import Arrival, Referral
from functions.adapters.ledger.store import ConditionsFailedError
from functions.domain.life_clocks.clock import Which
from functions.flows.desk import IntakeDesk
from functions.flows.intake.facts import check_fact
from functions.flows.intake.waits import hastened
from functions.flows.planning.police_form import check_of, learnt_of_form
from functions.log_lines import RA_CHECKED, log
from schemas.codes import RaStatus
from schemas.risk_assessment import PoliceCheck

MOST_AT_ONCE: Final = 50
"""Children whom one heartbeat has looked at again: a quarter of what its function has the time for."""


def rechecked(
    taken: TakenEvent, checks: Mapping[int, PoliceCheck], referral: Referral, arrival: Arrival
) -> TakenEvent:
    """What is recorded of an event, with the checks that it started."""
    cause = taken.facts[0].cause
    learnt = {child: learnt_of_form(child, form, referral) for child, form in checks.items()}
    return replace(
        taken,
        facts=[
            *taken.facts,
            *(_fact(cause, child, form, referral, arrival) for child, form in checks.items()),
        ],
        children={**taken.children, **learnt},
    )


def recheck_unknown(cause: str, arrival: Arrival, desk: IntakeDesk) -> None:
    """The feed speaks: the children of which nothing could be known, and whose form is still chased, by their
    manager too, are looked at again, one by one.

    So many at most; the next heartbeat goes on with the others, and with what ended halfway. Nobody else's
    referral is read: a manager has a chase for as long as its form is missing.
    """
    unknown = desk.due.chases_of(RaStatus.UNKNOWN)
    for key in islice(unknown, MOST_AT_ONCE):
        desk.patience.persist(partial(_recheck, key.ref, key.which, cause, arrival, desk))


def _recheck(ref: str, which: Which, cause: str, arrival: Arrival, desk: IntakeDesk) -> None:
    referral, child = desk.intake.referral(ref), which.child
    wrapped = desk.intake.wrapped_key(referral.pk)
    if wrapped is None or referral.children[child].get("ra") != RaStatus.UNKNOWN:
        return
    form = check_of(referral, child, desk.vault.unwrap(referral.pk, wrapped), desk, arrival.at)
    if form.status is RaStatus.UNKNOWN:
        return
    taken = TakenEvent(
        facts=[_fact(cause, child, form, referral, arrival)],
        children={child: learnt_of_form(child, form, referral)},
        clocks=hastened({child: form}, (), referral, arrival.at),
    )
    try:
        desk.lifecycle.take(referral, taken, arrival)
    except ConditionsFailedError as exc:
        raise ContendedError("the referral changed while its form was checked again") from exc
    log(RA_CHECKED, referral=ref, child=child, status=form.status.value, rule_set=form.rule_set_version)


def _fact(cause: str, child: int, form: PoliceCheck, referral: Referral, arrival: Arrival) -> Fact:
    return check_fact(cause, child, referral.newest(child) or None, form, arrival)
