"""Gaps in a decision that are shown to the MASH and never keep an outcome from being told."""

from collections.abc import Iterator

from functions.domain.divergence import reason_is_missing
from functions.domain.wording.outcomes import EXPECTS_REASON, EXPECTS_SUPPORT
from schemas.codes import Outcome, QualityFlag
from schemas.decision import Decision

_STRATEGY_DISCUSSION_EXPECTED = frozenset({Outcome.S47S, Outcome.S47J})


def gaps(decision: Decision) -> Iterator[QualityFlag]:
    """What the decision should have said (domain sections 2 and 3)."""
    outcomes = set(decision.outcomes)
    if outcomes & EXPECTS_REASON and not decision.reason_codes:
        yield QualityFlag.REASON_MISSING
    if outcomes & EXPECTS_SUPPORT and not decision.support_codes:
        yield QualityFlag.SUPPORT_MISSING
    if outcomes & _STRATEGY_DISCUSSION_EXPECTED and decision.strategy_discussion_at is None:
        yield QualityFlag.STRATEGY_DISCUSSION_MISSING
    if Outcome.OPN in outcomes and decision.response_change is None:
        yield QualityFlag.RESPONSE_CHANGE_MISSING
    if Outcome.TRF in outcomes and decision.receiving_la is None:
        yield QualityFlag.RECEIVING_LA_MISSING
    if reason_is_missing(decision):
        yield QualityFlag.DIVERGENCE_REASON_MISSING
