"""Every word an agency reads, made from codes; text, HTML and webhook all come from here."""

from typing import Final

LABELS_VERSION: Final = "1"
"""Frozen into each notice: the wording it was decided under. Change a released sentence, and this goes up."""

TEMPLATE_VERSION: Final = "2"
"""Pinned into each delivery; every released version is kept, so that a retry has the same bytes."""


def links_to_the_page(template_version: str) -> bool:
    """Whether messages of this version carry the link by which their reader says that they have read it."""
    return template_version != "1"
