"""Every word an agency reads, made from codes; text, HTML and webhook all come from here."""

from typing import Final

from schemas.codes import Series

LABELS_VERSION: Final = "1"
"""Frozen into each notice: the wording it was decided under. Change a released sentence, and this goes up."""

TEMPLATE_VERSION: Final = "3"
"""Pinned into each delivery; every released version is kept, so that a retry has the same bytes."""


UPDATE_TEMPLATE_VERSION: Final = "u2"
"""The same for what is told beside the decisions."""


def template_version(series: Series | None) -> str:
    """What a delivery made now pins."""
    return UPDATE_TEMPLATE_VERSION if series else TEMPLATE_VERSION


def links_to_the_page(template_version: str) -> bool:
    """Whether messages of this version carry the link by which their reader says that they have read it."""
    return template_version != "1"


def links_to_the_form_page(template_version: str) -> bool:
    """Whether reminders of this version carry the link by which the police say how their form stands; the
    first asked for a call."""
    return template_version not in {"1", "2", "3", "u1"}


def says_what_level_one_may(template_version: str) -> bool:
    """Whether webhooks of this version say at level 1 what the e-mail says there; older ones said nothing."""
    return template_version not in {"1", "2"}
