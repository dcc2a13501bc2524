"""North police as the directory hands it to a door."""

from functions.adapters.registry.directory import ACTIVE, Entry
from schemas.codes import AgencyType, Channel

MAILBOX = "mash@north-police.secure.example"


def an_entry(*, address: str | None = None, url: str | None = None) -> Entry:
    """Reached at `address`, at `url`, or at neither."""
    return Entry(
        agency_id="north-police",
        version=1,
        status=ACTIVE,
        type=AgencyType.POLICE,
        name="North Police",
        channels=(Channel.EMAIL, Channel.WEBHOOK),
        own_ref_pattern=".*",
        address=address,
        mailbox_raised=False,
        url=url,
    )
