"""What a message says as its page shows it: its own lines above it, then an e-mail's preview or a body."""

from collections.abc import Iterator

from functions.console.door.visit import Visit
from functions.console.messages.as_sent import HIDDEN, AsSent, CannotShowError, as_sent
from functions.console.messages.seen import SeenMessage
from functions.console.shown.message import Email, Webhook
from functions.console.shown.parts import Fact, Unavailable
from schemas.codes import Addressee

NOT_KEPT = "v1,… (shortened: signatures are not kept)"

LEFT_OUT = Fact(
    label="Left out here",
    text=f"The secret part of its link, for which {HIDDEN} stands: whoever has it could confirm for them",
)


def sent_as_shown(seen: SeenMessage, visit: Visit) -> Email | Webhook | Unavailable:
    """All of it but the token of its link; or why it cannot be shown."""
    try:
        sent = _as_sent(seen, visit)
    except CannotShowError as exc:
        return Unavailable(reason=str(exc))
    left_out = [LEFT_OUT] if sent.is_shortened else []
    if sent.email is None:
        return Webhook(headers=(*_webhook_headers(seen), *left_out), body=sent.body or "")
    headers = (
        Fact(label="From", text=visit.desk.senders.from_address),
        Fact(label="To", text=_mailbox(seen)),
        Fact(label="Subject", text=sent.email.subject),
        *left_out,
    )
    return Email(headers=headers, preview=f"{seen.path}/preview", text=sent.email.text)


def preview_of(seen: SeenMessage, visit: Visit) -> str | None:
    """An e-mail's HTML; None of what is no e-mail, or cannot be shown."""
    try:
        sent = _as_sent(seen, visit)
    except CannotShowError:
        return None
    return sent.email.html if sent.email else None


def _as_sent(seen: SeenMessage, visit: Visit) -> AsSent:
    announced = seen.newest_start["body_sha256"] if seen.newest_start else None
    return as_sent(seen.item, seen.referral, announced, visit.desk.acts.check)


def _webhook_headers(seen: SeenMessage) -> Iterator[Fact]:
    """As far as they are known: a signature is made at each try, and the trail keeps by which keys alone."""
    yield Fact(label="To", text=_host(seen))
    yield Fact(label="webhook-id", text=seen.item["message_id"])
    yield Fact(label="webhook-timestamp", text="The second of each try, counted from 1 January 1970")
    keys = ", ".join(seen.newest_start["key_ids"]) if seen.newest_start else ""
    yield Fact(label="webhook-signature", text=f"{NOT_KEPT}, by key {keys}" if keys else NOT_KEPT)


def _host(seen: SeenMessage) -> str:
    """Of an endpoint its host alone."""
    if seen.agency is None or seen.agency.url is None:
        return "Their system"
    return seen.agency.url.split("/")[2]


def _mailbox(seen: SeenMessage) -> str:
    addressee = Addressee(seen.item.get("addressee", Addressee.ROLE_MAILBOX))
    address = seen.agency.address_for(addressee) if seen.agency else None
    return address or "Their agreed mailbox"
