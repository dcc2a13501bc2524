"""A contact is received, day or night; some become referrals, and are told again as such."""

from schemas.codes import ReferralKind
from tests.simulation.year.lives import Life, text
from tests.world import Wire, a_receipt, an_event_id

NEVER_TOLD = 0.01
"""The case system tells of the decision alone: it stands for itself."""
BECOMES_A_REFERRAL = 0.3


def received(life: Life) -> None:
    """The arrival reaches us minutes after it was written down, at night a little later."""
    if life.draws.share(NEVER_TOLD):
        return
    at = life.draws.after(life.contact.received_at, 0.02, 0.5)
    life.tell(at, _arrival(life, ReferralKind.CONTACT) | {"occurred_at": text(at)})
    if life.draws.share(BECOMES_A_REFERRAL):
        later = life.draws.after(at, 0.5, 6)
        life.tell(later, _arrival(life, ReferralKind.REFERRAL) | {"occurred_at": text(later)})


def _arrival(life: Life, kind: ReferralKind) -> Wire:
    contact = life.contact
    return a_receipt(
        ref=contact.ref,
        event_id=an_event_id("received", contact.ref, kind),
        source_seq=None,
        kind=kind.value,
        received_at=text(contact.received_at),
        rag=contact.rag.value if life.draws.share(0.8) else None,
        source_code=contact.source.value,
        referring_agency=contact.agency
        and {"agency_id": contact.agency, "own_ref": contact.own_ref(contact.agency)},
        children=[
            {"child_index": one.index, "unborn": one.unborn, "child_pseudonym": one.pseudonym}
            for one in contact.children
        ],
    )
