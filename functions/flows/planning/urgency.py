"""How urgent it is to tell anybody of a child, as the child's item says."""

from functions.adapters.ledger.store import Item
from functions.domain.series import UNTIL_DECIDED
from functions.domain.watch import Urgency
from schemas.codes import Outcome, Rag, Series


def urgency_of(child: Item, series: Series | None = None) -> Urgency:
    """By the newest decision: what an older one said no longer hurries anybody.

    Before it, the referral's colour says how long a request may wait. That a decision does not count is as
    urgent as the decision; no other update wakes anybody.
    """
    rag = Rag(child["rag"]) if child.get("rag") else None
    is_the_decisions = series in (None, Series.WITHDRAWAL)
    if is_the_decisions and "outcome" in child:
        outcomes = map(Outcome, (child["outcome"], *child.get("additional", ())))
        return Urgency(frozenset(outcomes), rag)
    before_it = series is None or series in UNTIL_DECIDED
    return Urgency(frozenset(), rag if before_it else None)
