"""Exactly what one message said: made once more from its frozen notice by its own template version, and shown
only where its hash is the one that the trail announced."""

import json
from dataclasses import dataclass

from functions.adapters.errors import UnreadableError
from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.adapters.payload import payload_sha256
from functions.adapters.render import EmailParts, UnknownTemplateError, body_sha256, render_email
from functions.adapters.webhook import webhook_body
from functions.domain.read_link import carries_link
from functions.flows.desk import CheckDesk
from functions.flows.planning.deliveries import pins_of
from functions.flows.planning.notices import thawed
from functions.flows.sending.read_link import read_token

HIDDEN = "..."
"""In place of a link's token: with it anybody could confirm in the agency's name."""


class CannotShowError(Exception):
    """The message says why what was sent cannot be shown."""


@dataclass(frozen=True, slots=True)
class AsSent:
    """An e-mail's parts or a webhook's body, all but the token of its link."""

    email: EmailParts | None = None
    body: str | None = None
    is_shortened: bool = False
    """Whether it has such a link, of which `HIDDEN` stands here for the token."""


def as_sent(seen: Item, referral: Referral, announced: str | None, desk: CheckDesk) -> AsSent:
    """What the message of that delivery says; `announced` is the hash in its newest STARTED row, None before.

    Raises CannotShowError, BusyError.
    """
    key = DeliveryKey.of(seen)
    notice_item = referral.notices.get(key.notice_sk)
    wrapped = desk.intake.wrapped_key(keys.referral(referral.ref))
    if notice_item is None or wrapped is None:
        raise CannotShowError("Its content is not kept any more.")
    try:
        data_key = desk.vault.unwrap(key.pk, wrapped)
        plain = data_key.open(notice_item["cipher"], bound_to=f"{key.pk}|{notice_item['uid']}")
        notice, pins = thawed(plain, key), pins_of(seen)
        token = read_token(data_key, key) if carries_link(notice, pins) else None
        if key.channel.is_email:
            parts = render_email(notice, pins, token)
            _require_same(body_sha256(parts), announced)
            return AsSent(email=_without(token, parts), is_shortened=token is not None)
        sent = webhook_body(notice, pins, token)
    except (UnreadableError, UnknownTemplateError) as exc:
        raise CannotShowError("What it was made from cannot be read.") from exc
    _require_same(payload_sha256(sent), announced)
    laid_out = json.dumps(json.loads(sent), indent=2, ensure_ascii=False)
    shown = laid_out.replace(token, HIDDEN) if token else laid_out
    return AsSent(body=shown, is_shortened=token is not None)


def _require_same(made: str, announced: str | None) -> None:
    """Of a message that was tried: it would no longer be what the trail says was sent."""
    if announced is not None and made != announced:
        raise CannotShowError(
            "What we would show is not what the record says was sent, so we do not show it. "
            "Ring the service desk."
        )


def _without(token: str | None, parts: EmailParts) -> EmailParts:
    if token is None:
        return parts
    return EmailParts(
        subject=parts.subject,
        text=parts.text.replace(token, HIDDEN),
        html=parts.html.replace(token, HIDDEN),
    )
