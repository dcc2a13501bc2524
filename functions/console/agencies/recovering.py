"""Sending again everything that an agency has not taken since a moment: how much that is first, then why."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.registry.entry import Entry
from functions.console.agencies.endpoint_acts import ABOVE, agency_of
from functions.console.agencies.words import next_try
from functions.console.asking.reasons import reason_field
from functions.console.door.problems import changed, not_possible
from functions.console.door.request import Answer, Page
from functions.console.door.visit import NotHereError, Visit
from functions.console.shown.acts import Act
from functions.console.shown.form import Form, Hidden
from functions.console.shown.parts import Fact, Link
from functions.console.shown.problems import Changed
from functions.console.words.acted import leads_back
from functions.console.words.messages import STATUSES
from functions.console.words.moments import counted, short
from functions.domain.by_hand import TO_RECOVER
from functions.domain.typed import number_typed
from functions.flows.acting.order import ActDesk, Order
from functions.flows.acting.recover import Became, Found, Outage, find, recover, trouble_began
from functions.flows.orders import OrderRefusedError
from schemas.base import instant_text
from schemas.codes import ActReason, Channel

TITLE = "Send everything waiting"
MOST_HERE = 50
"""Messages that one request sends again: each is an act of its own, with its row."""
SECONDS = 15.0
"""After so long a request begins none more: API Gateway waits for 29."""
SPANS: Mapping[str, timedelta] = {
    "24": timedelta(hours=24),
    "72": timedelta(hours=72),
    "168": timedelta(days=7),
}
"""What may be asked for instead, in hours."""


def recovery(visit: Visit) -> Page:
    """How much has not arrived, and the form that sends it."""
    entry = _agency(visit)
    visit.note("AGENCY_RECOVER", 1, {"agency": entry.agency_id})
    return _page(entry, _posted(visit) or _asked(entry, visit), visit, error=None)


def recovered(visit: Visit) -> Answer:
    """Sends as much of it as one request can, the oldest first."""
    entry = _agency(visit)
    visit.note("AGENCY_RECOVER", 1, {"agency": entry.agency_id})
    since, reason = _posted(visit), visit.request.said("reason")
    if since is None:
        return _page(entry, _asked(entry, visit), visit, error=None)
    if reason not in TO_RECOVER:
        return _page(entry, since, visit, error="Say why: choose one")
    here = Link(text=f"Back to {entry.name}", path=f"/agencies/{entry.agency_id}")
    try:
        found = _found(entry, since, visit.desk.acts)
        if visit.request.said("seen") != _seen(found):
            return changed((_what_changed(visit, found),), (), here)
        order = Order(visit.actor, ActReason(reason), visit.request.request_id)
        is_all = _send(found, order, visit)
    except OrderRefusedError as exc:
        return not_possible(exc.on_a_page, here)
    visit.acted()
    return leads_back(f"/agencies/{entry.agency_id}", "recovered" if is_all else "some-recovered", visit)


def recovery_link(entry: Entry) -> Link:
    return Link(text=TITLE, path=f"/agencies/{entry.agency_id}/recover")


def _send(found: Found, order: Order, visit: Visit) -> bool:
    """Whether nothing is left."""
    monotonic = visit.desk.patience.monotonic
    ends, done = monotonic() + SECONDS, 0
    for one in recover(found, order, visit.desk.acts):
        done += one.became is not Became.LEFT
        if monotonic() > ends:
            break
    return done == len(found.items) and not found.more


def _agency(visit: Visit) -> Entry:
    """Raises NotHereError where nothing is sent to it."""
    entry = agency_of(visit)
    if not entry.channels:
        raise NotHereError("agency")
    return entry


def _asked(entry: Entry, visit: Visit) -> datetime:
    """Since when: so many hours as the address says, or since its trouble began, or for a day."""
    if span := SPANS.get(visit.request.asked("hours")):
        return visit.now - span
    return _began(entry, visit) or visit.now - SPANS["24"]


def _began(entry: Entry, visit: Visit) -> datetime | None:
    began = trouble_began(entry.agency_id, visit.desk.acts)
    return max(began, visit.now - SPANS["168"]) if began else None


def _posted(visit: Visit) -> datetime | None:
    """The moment that the page counted from; None of what no page of ours says."""
    try:
        since = datetime.fromisoformat(visit.said("since"))
    except ValueError:
        return None
    is_ours = since.tzinfo is not None and visit.now - SPANS["168"] - timedelta(hours=1) < since <= visit.now
    return since if is_ours else None


def _found(entry: Entry, since: datetime, desk: ActDesk) -> Found:
    """Raises NotPossibleError."""
    outage = Outage(entry.agency_id, since, by_email=Channel.WEBHOOK not in entry.channels)
    return find(outage, desk, most=MOST_HERE)


def _count(found: Found) -> int:
    return len(found.items) + found.more


def _seen(found: Found) -> str:
    """What a person agrees to: how many have not arrived, and which of them go now, by a hash of their keys.

    One may arrive while another fails: as many as before, and not the same.
    """
    keys = "\n".join(sorted(DeliveryKey.of(item).text for item in found.items))
    return f"{_count(found)}-{sha256(keys.encode()).hexdigest()}"


def _what_changed(visit: Visit, found: Found) -> Changed:
    said, _, hashed = visit.request.said("seen").partition("-")
    seen, number = number_typed(said), _count(found)
    was = counted(seen, "message") if seen is not None and hashed else "Not known"
    now = counted(number, "message")
    return Changed(what="Not arrived", was=was, now=f"{now}, not all the same" if seen == number else now)


def _page(entry: Entry, since: datetime, visit: Visit, *, error: str | None) -> Page:
    found = _found(entry, since, visit.desk.acts)
    obstacles = visit.desk.reads.directory.obstacles([entry])[entry.agency_id]
    paused = obstacles.pause
    may = bool(found.items) and paused is None
    shown = Act(
        about=entry.name,
        title=TITLE,
        facts=tuple(_facts(entry, found, since, visit)),
        effects=tuple(_effects(found, obstacles.rests_until, visit.now)) if may else (),
        form=_form(entry, found, since, visit, error) if may else None,
        back=Link(text=f"Back to {entry.name}", path=f"/agencies/{entry.agency_id}"),
        not_allowed="Their system is paused: resume it first." if paused else None if may else NOTHING,
    )
    status = HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK
    above = (*ABOVE, Link(text=entry.name, path=f"/agencies/{entry.agency_id}"))
    return Page("act", TITLE, shown, status, above=above, is_wrong=error is not None)


NOTHING = "Nothing that was sent since then has still to arrive."


def _facts(entry: Entry, found: Found, since: datetime, visit: Visit) -> Iterator[Fact]:
    yield Fact(label="Since", text=short(since, visit.now))
    yield Fact(label="Not arrived", text=counted(_count(found), "message"))
    for state, number in found.by_state.items():
        yield Fact(label=STATUSES[state].text, text=counted(number, "message"))
    for hours, span in SPANS.items():
        words = f"The last {f'{span.days} days' if span.days > 1 else f'{hours} hours'}"
        yield Fact(
            label="Look at", link=Link(text=words, path=f"/agencies/{entry.agency_id}/recover?hours={hours}")
        )


def _effects(found: Found, rests_until: datetime | None, now: datetime) -> Iterator[str]:
    if rests_until:
        tried = next_try(rests_until, now)
        yield f"Their system is not answering. {tried}. Nothing else leaves before it has answered that."
    yield "What still waits is due now, as the same message."
    yield "What failed will go as a new message, with the same reference and decision version."
    yield "What a newer message has replaced will not go."
    if found.more:
        yield f"The oldest {len(found.items)} will go now: {found.more:,} are left for the next time."


def _form(entry: Entry, found: Found, since: datetime, visit: Visit, error: str | None) -> Form:
    number = len(found.items)
    return Form(
        id="recover",
        path=f"/agencies/{entry.agency_id}/recover",
        fields=(reason_field("Why are they sent again?", TO_RECOVER, visit, error),),
        button=f"Send {counted(number, 'message')}",
        hidden=(
            Hidden(name="since", value=instant_text(since)),
            Hidden(name="seen", value=_seen(found)),
        ),
        is_warning=True,
    )
