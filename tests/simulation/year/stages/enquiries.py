"""Probation asks what is known of somebody, which is no referral; it is answered at once, later, or never."""

from hashlib import sha256

from schemas.codes import EnquiryAnswer
from tests.simulation.year.lives import Life, text

ASKED, AT_ONCE, NEVER = 0.04, 0.3, 0.03
PROBATION = "north-probation"


def enquired(life: Life) -> None:
    """As many as so many in a hundred contacts, at any time of theirs."""
    draws, number = life.draws, life.contact.number
    if not draws.share(ASKED):
        return
    at = draws.in_office(life.contact.received_at, 0.5, 30)
    own = sha256(f"{life.contact.ref}#enquiry".encode()).hexdigest()[:8].upper()
    about = {
        "referral_ref": f"NS-{at:%y}-{own}",
        "agency_id": PROBATION,
        "own_ref": f"PR-{number:06d}",
        "received_at": text(at),
    }
    answered_at = draws.in_office(at, 0.2, 20)
    answer = draws.one_of(tuple(EnquiryAnswer)).value
    if not draws.share(AT_ONCE):
        life.happens(at, "PROBATION_ENQUIRY", **about, answered_at=None, answer=None)
        if draws.share(NEVER):
            return
    life.happens(answered_at, "PROBATION_ENQUIRY", **about, answered_at=text(answered_at), answer=answer)
