"""How urgent it is to tell anybody of a child's decision, as the child's item says."""

from functions.adapters.ledger.store import Item
from functions.domain.watch import Urgency
from schemas.codes import Outcome, Rag


def urgency_of(child: Item) -> Urgency:
    """By the newest decision: what an older one said no longer hurries anybody."""
    outcomes = map(Outcome, (child["outcome"], *child.get("additional", ())))
    return Urgency(frozenset(outcomes), Rag(child["rag"]) if child.get("rag") else None)
