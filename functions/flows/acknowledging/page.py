"""The page that a read link opens: what it shows in each state, and what a browser may do with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

from functions.adapters.ledger.confirming import Readable
from functions.adapters.render import render_page, style_hash
from functions.adapters.rest_api import Response
from functions.domain.wording.reader_roles import READER_ROLES
from functions.domain.wording.uk_time import uk_date_and_time
from schemas.codes import AgencyType
from schemas.notice import HubContact

STYLE = "confirm"


class State(StrEnum):
    """What there is to say."""

    READY = "READY"
    CHOOSE_A_ROLE = "CHOOSE_A_ROLE"
    THANK_YOU = "THANK_YOU"
    ALREADY = "ALREADY"
    LINK_ENDED = "LINK_ENDED"
    NOT_RECORDED = "NOT_RECORDED"


STATUSES = {
    State.CHOOSE_A_ROLE: HTTPStatus.BAD_REQUEST,
    State.LINK_ENDED: HTTPStatus.NOT_FOUND,
    State.NOT_RECORDED: HTTPStatus.SERVICE_UNAVAILABLE,
}
TITLES = {
    State.READY: "Tell us you have read this message",
    State.CHOOSE_A_ROLE: "Tell us you have read this message",
    State.THANK_YOU: "Thank you",
    State.ALREADY: "Already recorded",
    State.LINK_ENDED: "This link no longer works",
    State.NOT_RECORDED: "Sorry, there is a problem",
}


@dataclass(frozen=True, slots=True)
class Page:
    """All that the template shows: the reference and the agency, and never what was decided."""

    state: State
    hub: HubContact
    referral_ref: str | None
    agency: str | None
    confirmed_at: str | None
    for_police: bool

    @property
    def title(self) -> str:
        return TITLES[self.state]

    @property
    def is_form(self) -> bool:
        return self.state in (State.READY, State.CHOOSE_A_ROLE)

    @property
    def is_wrong(self) -> bool:
        return self.state is State.CHOOSE_A_ROLE

    @property
    def roles(self) -> Iterator[tuple[str, str]]:
        """Each role's code and words."""
        return ((role.value, words) for role, words in READER_ROLES.items())


def page(state: State, hub: HubContact, read: Readable | None = None, at: datetime | None = None) -> Response:
    """The answer in `state`, about the message where the link is one of ours, confirmed `at`."""
    shown = Page(
        state=state,
        hub=hub,
        referral_ref=read.shown_as if read else None,
        agency=read.agency_name if read else None,
        confirmed_at=uk_date_and_time(at) if at else None,
        for_police=read is not None and read.agency.get("agency_type") == AgencyType.POLICE,
    )
    body = render_page("confirm", page=shown)
    return Response(STATUSES.get(state, HTTPStatus.OK), body, page_headers())


def page_headers() -> Mapping[str, str]:
    """Nothing of the address may leave the page, be found, kept or shown inside another."""
    policy = (
        "default-src 'none'",
        f"style-src '{style_hash(STYLE)}'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "; ".join(policy),
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "strict-transport-security": "max-age=31536000",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "x-robots-tag": "noindex, nofollow, noarchive",
    }
