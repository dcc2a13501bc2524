"""The link by which a reader says that they have read a message: its address, its token's shape and hash."""

import re
from hashlib import sha256

from functions.domain.wording import links_to_the_page
from schemas.notice import Frozen, Pins

PATH = "read"
"""Where the page stands below its base: the API has this route."""
_TOKEN = re.compile(r"[0-9a-f]{32}")


def carries_link(notice: Frozen, pins: Pins) -> bool:
    """Whether the message is to carry a link: not an older template's, nor that of a notice that knew no
    page."""
    return notice.confirm_base is not None and links_to_the_page(pins.template_version)


def read_link(notice: Frozen, token: str | None) -> str | None:
    """The page's address for this reader, below the base that was frozen with the notice."""
    if token is None or notice.confirm_base is None:
        return None
    return f"{notice.confirm_base}/{PATH}/{token}"


def is_token(text: str) -> bool:
    """Whether it could be one of ours at all; nothing else is looked for."""
    return _TOKEN.fullmatch(text) is not None


def hashed(token: str) -> str:
    """What the tables keep: whoever reads them cannot confirm in an agency's name."""
    return sha256(token.encode()).hexdigest()
