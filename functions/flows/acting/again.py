"""Whether a message may go again as it stands, and how; and what to do where it may not."""

from datetime import datetime
from enum import Enum, auto

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import Entry
from functions.domain.clock import uk_day
from functions.domain.series import Replacement, replaced_by
from functions.domain.shown import shown
from functions.domain.withholding import withheld_as
from functions.domain.wording.uk_time import uk_date
from functions.domain.wording.updates.names import numbered
from functions.flows.acting.order import ActDesk, NotPossibleError, obstacles_of
from functions.flows.planning.deliveries import pins_of
from schemas.codes import Addressee, Channel, DeliveryState


class How(Enum):
    """As a new message, with an id of its own; or the same one, before its time."""

    ANEW = auto()
    AT_ONCE = auto()


_ENDED = (DeliveryState.SENT, DeliveryState.FAILED)
_WAITING = (DeliveryState.PENDING, DeliveryState.RETRY)


def how_again(referral: Referral, seen: Item, now: datetime, *, by_email: bool) -> How:
    """How the message would go again. Raises NotPossibleError with what to do instead."""
    _require_current(referral, seen)
    if "held" in seen:
        raise NotPossibleError(
            f"It is held, so nobody may be told yet: `mash tasks` says who decides, `mash release "
            f"{referral.ref}` ends a hold.",
            on_a_page="It is held, so nobody may be told yet: whoever has the hold's task decides.",
        )
    if by_email:
        _require_a_webhook_alone(referral, seen)
    state = DeliveryState(seen["st"])
    if state in _ENDED:
        return How.ANEW
    if state is DeliveryState.PARKED or state in _WAITING:
        if by_email:
            return How.ANEW
        if state in _WAITING and seen["due_at"] <= at_text(now):
            raise NotPossibleError("It is due already: it goes with the next sweep, within a minute.")
        return How.AT_ONCE
    raise NotPossibleError(_WHY_NOT[state].format(ref=referral.ref), on_a_page=_WHY_NOT_ON_A_PAGE.get(state))


_WHY_NOT = {
    DeliveryState.SENDING: "It is being sent at this moment: look again in a minute.",
    DeliveryState.QUARANTINE: (
        "Nobody knows yet whether that e-mail left. Unless the mail service says so within ten minutes, it "
        "is sent again by itself."
    ),
    DeliveryState.SUPERSEDED: "Something newer took its place (`mash trail {ref}`): send that one again.",
    DeliveryState.CANCELLED: (
        "A person stopped it (`mash trail {ref}` says who and why). Call the agency, or have the decision "
        "sent as a new version."
    ),
}
_WHY_NOT_ON_A_PAGE = {
    DeliveryState.SUPERSEDED: "Something newer took its place: send that one again, from its own page.",
    DeliveryState.CANCELLED: (
        "A person stopped it; the referral's page says who and why. Call the agency, or have the decision "
        "sent as a new version."
    ),
}


def _require_current(referral: Referral, seen: Item) -> None:
    """Raises NotPossibleError for what its reader must not get again, because something took its place."""
    key = DeliveryKey.of(seen)
    if referral.is_withdrawn(seen):
        raise NotPossibleError(
            f"The decision that it tells was sent in error (`mash trail {referral.ref}`): nobody is told it "
            "again.",
            on_a_page="The decision that it tells was sent in error: nobody is told it again.",
        )
    if withheld_as(referral.children.get(key.child, {}), key.line, key.agency_id):
        raise NotPossibleError(
            f"What it tells is withheld from {key.agency_id} since (`mash trail {referral.ref}` says who "
            "decided that): it is not told again.",
            on_a_page=(
                f"What it tells is withheld from {key.agency_id} since; the referral's page says who decided "
                "that. It is not told again."
            ),
        )
    if (by := replaced_by(key.line, key.seq, referral.children.get(key.child, {}))) is not None:
        raise NotPossibleError(_what_to_do_instead(key, by))
    if "resent" in seen:
        raise NotPossibleError(
            f"It was sent again already: `mash trail {referral.ref}` says when.",
            on_a_page="It was sent again already; the referral's page says when, and by whom.",
        )
    if _is_overtaken(referral, seen):
        raise NotPossibleError(
            "Its reader was told anew since, in a message that takes its place: send that one again."
        )
    if _has_left(referral, seen):
        raise NotPossibleError(
            f"{seen['duplicate']['referral_ref']} is decided for itself by now: send what was decided there."
        )


def _what_to_do_instead(key: DeliveryKey, by: Replacement) -> str:
    """For a message whose place something took: a newer one of its own kind, or what says more."""
    series = key.series
    if by.series is series:
        told = numbered(series, key.seq)
        stands, newer = (told, f"number {by.number}") if series else (f"about {told}", f"version {by.number}")
        return (
            f"It is {stands}, and {newer} took its place: nobody is told the older one again. Send the newer "
            "one, or call the agency."
        )
    if by.series is None:
        return (
            f"Child {key.child} is decided by now: nobody is told again what was to be heard until then. "
            "Send what was decided."
        )
    return f"The police form for child {key.child} is settled by now: nobody is reminded of it again."


def _has_left(referral: Referral, seen: Item) -> bool:
    """Whether the reader's own referral is a duplicate of this one no more."""
    own = seen.get("duplicate")
    if own is None:
        return False
    sk = keys.join(own["referral_ref"], own["child_index"])
    return any(join["sk"] == sk and join.get("left", False) for join in referral.joins)


def _is_overtaken(referral: Referral, seen: Item) -> bool:
    """Whether the same version was told once more, to a reader whose referral left and came back."""
    return any(
        _number(item) > _number(seen)
        for item in referral.alike(seen)
        if (item["agency"], item["dver"]) == (seen["agency"], seen["dver"])
        and _known_as(item) == _known_as(seen)
    )


def _number(item: Item) -> int:
    return shown(int(item["dver"]), pins_of(item))


def _known_as(item: Item) -> tuple[str, int] | None:
    own = item.get("duplicate")
    return (own["referral_ref"], own["child_index"]) if own else None


def _require_a_webhook_alone(referral: Referral, seen: Item) -> None:
    """Raises NotPossibleError unless an e-mail in this message's place is still to be sent."""
    if seen["chan"] != Channel.WEBHOOK:
        raise NotPossibleError(
            "It is an e-mail already: leave out --by-email.", "by_email", on_a_page="It is an e-mail already."
        )
    key = DeliveryKey.of(seen)
    instead = [
        item
        for item in referral.alike(seen)
        if (item["dver"], item["agency"], item["chan"]) == (key.seq, key.agency_id, Channel.FALLBACK)
        and DeliveryKey.of(item).origin == key.origin
    ]
    if instead:
        raise NotPossibleError(
            "An e-mail in its place was made already: send that one again, with --channel fallback.",
            "channel",
            on_a_page="An e-mail in its place was made already: send that one again, from its own page.",
        )


def require_reachable(seen: Item, channel: Channel, desk: ActDesk) -> Entry:
    """The agency, if a message by this channel can leave for it now. Raises NotPossibleError."""
    if channel is Channel.WEBHOOK:
        return require_open(seen["agency"], desk)
    entry = _active(seen["agency"], desk)
    if channel is Channel.FALLBACK and Channel.EMAIL in entry.channels:
        raise NotPossibleError(
            f"{entry.agency_id} has an e-mail of its own: send that, with --channel email.",
            "channel",
            on_a_page=f"{entry.agency_id} has an e-mail of its own: send that again, from its own page.",
        )
    addressee = Addressee(seen.get("addressee", Addressee.ROLE_MAILBOX))
    if entry.address_for(addressee) is None:
        raise NotPossibleError(f"The registry lists no mailbox of {entry.agency_id}: call the agency.")
    if not entry.is_verified(channel, addressee, uk_day(desk.check.now())):
        raise _not_verified("mailbox", entry)
    if since := obstacles_of(entry, desk).came_back.get(addressee):
        raise NotPossibleError(
            f"Mail to {entry.agency_id} came back on {uk_date(since)}: call the agency, or have its address "
            "verified anew first (`mash agencies check` says how).",
            on_a_page=(
                f"Mail to {entry.agency_id} came back on {uk_date(since)}: call the agency, and have two "
                "people put the right address into the registry first."
            ),
        )
    return entry


def require_open(agency_id: str, desk: ActDesk) -> Entry:
    """The agency, if its endpoint may be sent to. Raises NotPossibleError."""
    entry = _active(agency_id, desk)
    if entry.url is None:
        raise NotPossibleError(f"The registry lists no endpoint of {agency_id}: call the agency.")
    if not entry.is_verified(Channel.WEBHOOK, Addressee.ROLE_MAILBOX, uk_day(desk.check.now())):
        raise _not_verified("endpoint", entry)
    if (pause := desk.health.pause_of(agency_id)) is not None:
        raise NotPossibleError(
            f"{agency_id}'s endpoint is paused ({pause.cause}). `mash resume {agency_id}` ends that; "
            "`mash resend --by-email` sends a single message round it.",
            on_a_page=(
                f"{agency_id}'s system is paused. Its own page says why, and can end that; by email a single "
                "message goes round it."
            ),
        )
    return entry


def _active(agency_id: str, desk: ActDesk) -> Entry:
    entry = desk.entry_of(agency_id)
    if entry is None or entry.agency_id != agency_id:
        raise NotPossibleError(f"{agency_id} is not in the registry any more: call the agency.")
    return entry


def _not_verified(where: str, entry: Entry) -> NotPossibleError:
    return NotPossibleError(
        f"The {where} of {entry.agency_id} is not verified: `mash agencies check` says what to do.",
        on_a_page=f"The {where} of {entry.agency_id} is not verified: call the agency.",
    )
