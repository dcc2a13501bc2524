"""Reading what SES says of an e-mail (its events on EventBridge): ids, codes and times, and no address."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.domain.receipts import MailReceipt
from functions.domain.refusals import WHOLE_EVENT, Refusal, RefusedError
from schemas.codes import Receipt, ReceiptCause, RefusalReason

SOURCE = "aws.ses"
_MESSAGE_ID = re.compile(r"msg_[0-9a-f]{32}")
_ATTEMPT = re.compile(r"[1-9][0-9]?")
_PROVIDER_ID = re.compile(r"[0-9A-Za-z@.-]{8,80}")

_CAME_BACK = {
    "General": ReceiptCause.REFUSED_FOR_GOOD,
    "NoEmail": ReceiptCause.MAILBOX_UNKNOWN,
    "Suppressed": ReceiptCause.SUPPRESSED_BY_PROVIDER,
    "OnAccountSuppressionList": ReceiptCause.SUPPRESSED_BY_PROVIDER,
    "UnsubscribedRecipient": ReceiptCause.UNSUBSCRIBED,
}
_CAME_BACK_FOR_NOW = {
    "General": ReceiptCause.REFUSED_FOR_NOW,
    "MailboxFull": ReceiptCause.MAILBOX_FULL,
    "MessageTooLarge": ReceiptCause.MESSAGE_TOO_LARGE,
    "ContentRejected": ReceiptCause.CONTENT_REFUSED,
    "AttachmentRejected": ReceiptCause.CONTENT_REFUSED,
    "CustomTimeoutExceeded": ReceiptCause.TAKES_TOO_LONG,
}
_WAITS = {
    "General": ReceiptCause.REFUSED_FOR_NOW,
    "MailboxFull": ReceiptCause.MAILBOX_FULL,
    "SpamDetected": ReceiptCause.LOOKS_LIKE_SPAM,
    "RecipientServerError": ReceiptCause.MAIL_SYSTEM_FAILING,
    "TransientCommunicationFailure": ReceiptCause.NO_CONNECTION,
    "InternalFailure": ReceiptCause.PROVIDER_FAILING,
    "IPFailure": ReceiptCause.PROVIDER_FAILING,
    "BYOIPHostNameLookupUnavailable": ReceiptCause.PROVIDER_FAILING,
    "SendingDeferral": ReceiptCause.PROVIDER_FAILING,
}

_SECTIONS = {
    "Send": "",
    "Delivery": "delivery",
    "DeliveryDelay": "deliveryDelay",
    "Bounce": "bounce",
    "Complaint": "complaint",
    "Reject": "",
    "Rendering Failure": "",
}
"""Where each kind of event says more; of those that have no place, nothing more is read."""

_Section = Mapping[str, Any]
_Meaning = tuple[Receipt, ReceiptCause | None, bool]
"""The receipt, its cause, and whether SES gave the message up."""


def read_receipt(body: str) -> MailReceipt:
    """The receipt in a queue message; raises RefusedError naming the field that is not SES's, or not ours.

    Other fields than those read here, recipients among them, are never looked at.
    """
    event = _object(_parsed(body), "event")
    if event.get("source") != SOURCE:
        raise _no_receipt("source")
    detail = _object(event.get("detail"), "detail")
    mail = _object(detail.get("mail"), "mail")
    tags = _object(mail.get("tags"), "tags")
    kind = detail.get("eventType")
    if not isinstance(kind, str) or kind not in _SECTIONS:
        raise _no_receipt("event_type")
    name = _SECTIONS[kind]
    section = _object(detail.get(name), name) if name else {}
    receipt, cause, gave_up = _meaning(kind, section)
    return MailReceipt(
        message_id=_tag(tags, "message_id", _MESSAGE_ID),
        attempt=int(_tag(tags, "attempt", _ATTEMPT)),
        receipt=receipt,
        at=_moment(section.get("timestamp") or mail.get("timestamp")),
        cause=cause,
        gave_up=gave_up,
        provider_id=_provider_id(mail.get("messageId")),
    )


_PLAIN: Mapping[str, _Meaning] = {
    "Send": (Receipt.ACCEPTED, None, False),
    "Delivery": (Receipt.DELIVERED, None, False),
    "Reject": (Receipt.BOUNCED, ReceiptCause.PROVIDER_REJECTED, True),
    "Rendering Failure": (Receipt.BOUNCED, ReceiptCause.NOT_RENDERED, True),
}


def _meaning(kind: str, section: _Section) -> _Meaning:
    match kind:
        case "DeliveryDelay":
            return Receipt.DELAYED, _code(_WAITS, section.get("delayType")), False
        case "Bounce":
            return _bounce(section)
        case "Complaint":
            return _complaint(section)
        case _:
            return _PLAIN[kind]


def _bounce(section: _Section) -> _Meaning:
    """A transient bounce is SES's last word too, after hours of tries; but the address may be right."""
    subtype = section.get("bounceSubType")
    if section.get("bounceType") == "Permanent":
        cause = _code(_CAME_BACK, subtype, ReceiptCause.REFUSED_FOR_GOOD)
        return Receipt.BOUNCED, cause, True
    return Receipt.DELAYED, _code(_CAME_BACK_FOR_NOW, subtype), True


def _complaint(section: _Section) -> _Meaning:
    """With this subtype SES did not even try: the address had complained before."""
    if section.get("complaintSubType") == "OnAccountSuppressionList":
        return Receipt.BOUNCED, ReceiptCause.SUPPRESSED_BY_PROVIDER, True
    return Receipt.COMPLAINED, ReceiptCause.MARKED_AS_SPAM, True


def _code(
    known: Mapping[str, ReceiptCause],
    said: object,
    otherwise: ReceiptCause = ReceiptCause.NOT_STATED,
) -> ReceiptCause:
    """SES's word as our code; a new word of SES's must lose no receipt."""
    return known.get(said, otherwise) if isinstance(said, str) else otherwise


def _parsed(body: str) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise RefusedError(Refusal(WHOLE_EVENT, RefusalReason.NOT_JSON)) from exc


def _object(value: object, field: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _no_receipt(field)
    return value


def _tag(tags: _Section, name: str, form: re.Pattern[str]) -> str:
    """SES gives each tag as a list of its values; ours have one."""
    match tags.get(name):
        case [str(value)] if form.fullmatch(value):
            return value
    raise _no_receipt(f"tags.{name}")


def _moment(said: object) -> datetime:
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _no_receipt("timestamp")
    return moment


def _provider_id(said: object) -> str | None:
    return said if isinstance(said, str) and _PROVIDER_ID.fullmatch(said) else None


def _no_receipt(field: str) -> RefusedError:
    return RefusedError(Refusal(field, RefusalReason.NOT_A_RECEIPT))
