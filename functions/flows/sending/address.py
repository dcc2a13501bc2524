"""The mailbox that an e-mail goes to, unless mail to it came back."""

from functions.adapters.errors import SuppressedAddressError
from functions.adapters.ledger import keys
from functions.adapters.ledger.sending import Sending
from functions.adapters.ledger.waiting import Waiting
from functions.adapters.registry.directory import Entry
from schemas.notice import Pins


def address_that_takes_mail(waiting: Waiting, agency: Entry, pins: Pins, sending: Sending) -> str | None:
    """An e-mail's address as the key under which a bounce would suppress it; None for a webhook.

    Raises SuppressedAddressError: mail to it came back, and nobody has verified it since. A person calls the
    agency then; nothing is forwarded to another mailbox (domain section 6.2).
    """
    address = agency.address_for(pins.addressee)
    if not waiting.key.channel.is_email or address is None:
        return None
    suppression = sending.suppression(address)
    if suppression is not None and suppression.counts(agency.verified_on(pins.addressee)):
        raise SuppressedAddressError(agency.agency_id)
    return keys.suppressed(address)
