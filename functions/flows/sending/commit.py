"""Ending an attempt of which the mail service may have told already: it can be faster than our own commit.

claim |---- send ----|------ commit, state by the answer -------|
                | receipt: the facet moves, the state is left to the commit
"""

from collections.abc import Callable

from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.store import ConditionsFailedError, Item
from functions.adapters.ledger.waiting import Claim, Waiting
from functions.domain.delivery import Answer, Next
from functions.domain.receipts import settled
from functions.flows.sending.facts import closed
from schemas.codes import DeliveryState, Receipt

Commit = Callable[[Fact, Next, Receipt | None], None]
"""Writes the CLOSED row and what it says comes next, if nothing more is known of the message than this."""


def known_of(item: Item) -> Receipt | None:
    """What the mail service has said of a delivery's message, if anything."""
    return Receipt(item["rcpt"]) if "rcpt" in item else None


def committed(waiting: Waiting, claim: Claim, answer: Answer, then: Next, commit: Commit) -> Next:
    """Commits the attempt, and says what became of the delivery: what the mail service said outweighs
    `then`.

    Raises ConditionsFailedError if the claim is no longer ours.
    """
    known: Receipt | None = None
    while True:
        try:
            commit(closed(waiting, claim.owner, claim.attempt, answer, then), then, known)
        except ConditionsFailedError as exc:
            came = _said_meanwhile(exc, claim)
            if came is None or came is known:
                raise
            known, then = came, Next(settled(came), None)
        else:
            return then


def _said_meanwhile(refused: ConditionsFailedError, claim: Claim) -> Receipt | None:
    """What was said of an attempt that is still ours; None if it is not."""
    item = refused.found.get("delivery", {})
    is_ours = item.get("owner") == claim.owner and item.get("st") == DeliveryState.SENDING
    return known_of(item) if is_ours else None
