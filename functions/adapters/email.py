"""Handing one e-mail to SES, once, and what SES's answer means."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, HTTPClientError

from functions.adapters.departure import TooLateError
from functions.adapters.door import ReadyMessage
from functions.adapters.errors import NoAddressError, UnreadableError
from functions.adapters.registry.directory import Entry
from functions.adapters.render import (
    EmailParts,
    body_sha256,
    render_email,
    template_sha256,
)
from functions.domain.delivery import Answer
from functions.domain.wording.own_referral import own_referral
from schemas.codes import AttemptResult, Channel, ErrorWord

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import MessageHeaderTypeDef, SendEmailRequestTypeDef

    from schemas.notice import Frozen, Pins

_WHY = {
    "BadRequestException": ErrorWord.E_PROVIDER,
    "MessageRejected": ErrorWord.E_PROVIDER,
    "InternalServiceErrorException": ErrorWord.E_PROVIDER,
    "ThrottlingException": ErrorWord.E_THROTTLED,
    "TooManyRequestsException": ErrorWord.E_THROTTLED,
    # SES v2 says this once a day's messages are sent, and the two above where they leave too fast.
    "LimitExceededException": ErrorWord.E_QUOTA,
    # From here on something is wrong with us, and not with the message.
    "SendingPausedException": ErrorWord.E_MAIL_PAUSED,
    "AccountSuspendedException": ErrorWord.E_MAIL_SUSPENDED,
    "AccessDeniedException": ErrorWord.E_MAIL_DENIED,
    "MailFromDomainNotVerifiedException": ErrorWord.E_MAIL_UNVERIFIED,
    "NotFoundException": ErrorWord.E_MAIL_NOT_SET_UP,
}
_NEVER = frozenset({"BadRequestException", "MessageRejected"})
_KEEPS_OUT = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
"""AWS keeps out whoever it does not know, or no longer, under a dozen codes; each comes with one of these."""


class EmailDoor:
    """Sends through one configuration set, which demands TLS; SES has no idempotency token, so never
    twice."""

    channel = Channel.EMAIL

    def __init__(self, ses: "SESV2Client", *, from_address: str, configuration_set: str) -> None:
        self._ses = ses
        self._from_address = from_address
        self._configuration_set = configuration_set

    def ready(
        self,
        agency: Entry,
        notice: "Frozen",
        pins: "Pins",
        *,
        token: str | None,
        attempt: int,
        now: "datetime",
    ) -> ReadyMessage:
        """The e-mail rendered from its pinned template; `attempt` goes into SES's tags, `now` nowhere."""
        del now
        address = agency.address_for(pins.addressee)
        if address is None:
            raise NoAddressError(agency.agency_id)
        try:
            parts = render_email(notice, pins, token)
        except LookupError as exc:
            raise UnreadableError("its template or wording is not in this release") from exc
        request = self._request(address, parts, notice, pins, attempt)
        return ReadyMessage(
            body_sha256=body_sha256(parts),
            template=f"email-{pins.template_version}",
            template_sha256=template_sha256(pins.template_version),
            key_ids=(),
            send_once=lambda: self._send(request),
        )

    def _request(
        self, address: str, parts: EmailParts, notice: "Frozen", pins: "Pins", attempt: int
    ) -> "SendEmailRequestTypeDef":
        request: SendEmailRequestTypeDef = {
            "FromEmailAddress": self._from_address,
            "Destination": {"ToAddresses": [address]},
            "ConfigurationSetName": self._configuration_set,
            "EmailTags": [
                {"Name": "message_id", "Value": pins.message_id},
                {"Name": "attempt", "Value": str(attempt)},
            ],
            "Content": {
                "Simple": {
                    "Subject": {"Data": parts.subject, "Charset": "UTF-8"},
                    "Body": {
                        "Text": {"Data": parts.text, "Charset": "UTF-8"},
                        "Html": {"Data": parts.html, "Charset": "UTF-8"},
                    },
                    "Headers": _headers(notice, pins),
                }
            },
        }
        if notice.contact.reply_to is not None:
            request["ReplyToAddresses"] = [notice.contact.reply_to]
        return request

    def _send(self, request: "SendEmailRequestTypeDef") -> Answer:
        try:
            accepted = self._ses.send_email(**request)
        except ClientError as exc:
            return _refused(exc)
        except (EndpointConnectionError, ConnectTimeoutError):
            return Answer(AttemptResult.FAILED, error=ErrorWord.E_CONNECTION)
        except HTTPClientError as exc:
            if isinstance(exc.kwargs.get("error"), TooLateError):
                return Answer(AttemptResult.FAILED, error=ErrorWord.E_TIMEOUT)
            # Cut or timed out after the request left: SES may have accepted it.
            return Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_TIMEOUT)
        if provider_id := dict(accepted).get("MessageId"):
            return Answer(AttemptResult.SUCCESS, provider_id=str(provider_id))
        return Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_PROVIDER)  # a success that was cut short


def _headers(notice: "Frozen", pins: "Pins") -> "list[MessageHeaderTypeDef]":
    """Marks the message, keeps out-of-office replies away, and threads one referral's messages together."""
    domain = notice.contact.publisher_url.removeprefix("https://").split("/")[0]
    return [
        {"Name": "X-Protective-Marking", "Value": notice.contact.marking},
        {"Name": "Auto-Submitted", "Value": "auto-generated"},
        {"Name": "X-Auto-Response-Suppress", "Value": "All"},
        {"Name": "References", "Value": f"<{own_referral(notice, pins).ref.lower()}@{domain}>"},
    ]


def _refused(error: ClientError) -> Answer:
    """SES's error as an answer; whatever it refused it did not accept, but a failure inside it may have.

    Raising a code that nobody has read about would leave the attempt open and call it "lease expired" later.
    """
    code = error.response["Error"]["Code"]
    if (why := _WHY.get(code)) is not None:
        return Answer(AttemptResult.FAILED, retryable=code not in _NEVER, error=why)
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    if status in _KEEPS_OUT:
        return Answer(AttemptResult.FAILED, error=ErrorWord.E_MAIL_DENIED, http_status=status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_PROVIDER, http_status=status)
    return Answer(AttemptResult.FAILED, error=ErrorWord.E_PROVIDER, http_status=status)
