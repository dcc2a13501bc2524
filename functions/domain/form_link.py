"""The link by which the police say how their form stands: on each reminder, and on nothing else."""

from functions.domain.wording import links_to_the_form_page
from schemas.codes import Series
from schemas.notice import Frozen, FrozenUpdate, Pins

PATH = "police-form"
"""Where the page stands below its base: the API has this route."""


def carries_form_link(notice: Frozen, pins: Pins) -> bool:
    """Whether it is a reminder of the form that names the page: not an older template's, nor that of a notice
    that knew no page."""
    return (
        isinstance(notice, FrozenUpdate)
        and notice.series is Series.RA_REMINDER
        and notice.confirm_base is not None
        and links_to_the_form_page(pins.template_version)
    )


def form_link(notice: Frozen, pins: Pins, token: str | None) -> str | None:
    """The page's address for this reminder, by the token of its read link.

    One token for two pages: both links stand in the one message, so that whoever has either has both, and
    what ends the one ends the other. A page looks at what message its token is for: no other message's
    opens the form, and neither page shows an outcome.
    """
    if token is None or not carries_form_link(notice, pins):
        return None
    return f"{notice.confirm_base}/{PATH}/{token}"
