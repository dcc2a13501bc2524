"""The MASH has seen the contact; of urgent ones partners are asked what they know."""

from schemas.codes import Rag
from tests.simulation.year.county import PARTNERS
from tests.simulation.year.lives import Life, text

NEVER = 0.03
LATE = 0.05
UPGRADED = 0.04
ASKS = {Rag.RED: 0.6, Rag.AMBER: 0.35, Rag.GREEN: 0.0}


def acknowledged(life: Life) -> None:
    """Mostly within the working day that it has; now and then late, or never."""
    draws, contact = life.draws, life.contact
    if draws.share(NEVER):
        return
    late = draws.share(LATE)
    at = draws.in_office(contact.received_at, *((26, 90) if late else (0.6, 5)))
    if contact.rag is Rag.RED and not late:
        at = draws.after(contact.received_at, 0.55, 2)
    if contact.rag is not Rag.RED and draws.share(UPGRADED):
        contact.rag = Rag.RED if draws.share(0.3) else Rag.AMBER
    life.happens(
        at,
        "ACKNOWLEDGED",
        acknowledged_at=text(at),
        rag=contact.rag.value if draws.share(0.9) else None,
        asked_to_contribute=_asked(life),
        contribute_by=text(draws.after(at, 2, 26)) if draws.share(0.2) else None,
    )


def _asked(life: Life) -> list[dict[str, object]]:
    draws, contact = life.draws, life.contact
    if not draws.share(ASKS[contact.rag]):
        return []
    agencies = [one for one in draws.some(PARTNERS, 3) if one != contact.agency]
    return [
        {"agency_id": agency, "child_index": child.index, "own_ref": contact.own_ref(agency)}
        for child in contact.children
        for agency in agencies
    ]
