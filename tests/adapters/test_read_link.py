"""The link to confirm by, on every new message; and older versions of a message, which keep their bytes."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from functions.adapters.payload import render_webhook
from functions.adapters.render import body_sha256, render_email, template_sha256
from functions.adapters.webhook import WebhookDoor
from functions.domain.read_link import carries_link, hashed, is_token, read_link
from functions.domain.wording import TEMPLATE_VERSION
from schemas.codes import AgencyType, Channel, Level, NoticeReason, Outcome, RaStatus
from schemas.notice import FrozenNotice, Pins
from tests.adapters.entries import MAILBOX, an_entry
from tests.adapters.hostile import Listener, answering
from tests.adapters.test_email import FakeSes, a_door
from tests.adapters.test_webhook import a_shelf
from tests.notices import A_READ_LINK, A_TOKEN, CONFIRM_BASE, a_notice, a_police_check, pins

NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
FIRST = pins(template_version="1")
SECOND = pins(template_version="2")
OF_A_NOTICE = pins(level=Level.NOTICE, notice_reason=NoticeReason.PHONE_ONLY)


def test_the_newest_version_is_the_one_that_says_at_level_one_what_it_may() -> None:
    assert TEMPLATE_VERSION == "3"


def test_the_first_versions_templates_and_bytes_are_what_they_were_when_it_was_released() -> None:
    """Whatever is still to be sent again under them must have the hash that its STARTED row holds."""
    assert template_sha256("1") == "16e75980500125dad750b1fe02d5aab653c31b9f51549cf3d7a1c0d87d8c19bd"
    told_without_a_page = a_notice(confirm_base=None)
    for notice, token in ((told_without_a_page, None), (a_notice(), A_TOKEN)):
        email, body = render_email(notice, FIRST, token), render_webhook(notice, FIRST, token)
        assert body_sha256(email) == "33cf874191e740bf1f30e27ed52befa9791ded27c7704cf7399392dc4d0ab8d6"
        assert (
            hashlib.sha256(body).hexdigest()
            == "483c3697350f993e6561ffef0023e29e8ba471715a5bef9ab884bebc8d7bd143"
        )


def test_the_second_versions_templates_and_bytes_are_what_they_were_when_it_was_released() -> None:
    """Its webhook said nothing at level 1, and had no key to say it by; its e-mails are the third's too."""
    assert template_sha256("2") == template_sha256("3")
    assert template_sha256("2") == "9145b933d3fe97fb283213e850b7c10b4ea7d6f7ee03f1699151976e9984b95e"
    email = render_email(a_notice(), SECOND, A_TOKEN)
    assert body_sha256(email) == "b730d10a4c796dfa1a2cc0368ec65f7f8781f453dd54712ad46635429482d44a"


@pytest.mark.parametrize(
    ("notice", "recipient", "sha256"),
    [
        (a_notice(), SECOND, "cb4213050874f4f607e839f4a1ec75f83b7ebe1cdc4011202ec9ee0860263f49"),
        (
            a_notice(outcome=Outcome.EMP, police_form=a_police_check(RaStatus.INCORRECT)),
            SECOND.model_copy(update={"level": Level.NOTICE}),
            "8eb4d44acb210eff812e96eb3630dad40bbbc55369fa03f5945ca19e90324fba",
        ),
        (
            a_notice(),
            OF_A_NOTICE.model_copy(update={"template_version": "2", "agency_type": AgencyType.GP}),
            "c5bb4a524c58b7d38a826cfc7cd7a9266c93b387a860179ffdd693afbea8c1a8",
        ),
    ],
    ids=["in full", "fixed sentence", "notice only"],
)
def test_a_webhook_of_the_second_version_is_retried_with_the_bytes_that_it_had(
    notice: FrozenNotice, recipient: Pins, sha256: str
) -> None:
    """Written down from the release that sent them: a STARTED row has this hash."""
    assert hashlib.sha256(render_webhook(notice, recipient, A_TOKEN)).hexdigest() == sha256


@pytest.mark.parametrize("recipient", [pins(), OF_A_NOTICE], ids=["in full", "notice only"])
def test_every_message_has_the_link_once_in_the_text_and_as_a_button_and_in_letters_in_the_html(
    recipient: object,
) -> None:
    mail = render_email(a_notice(), recipient, A_TOKEN)  # type: ignore[arg-type]
    assert mail.text.splitlines().count(A_READ_LINK) == 1
    assert mail.html.count(f'href="{A_READ_LINK}"') == 2
    assert ">Tell us you have read this</a>" in mail.html
    assert f">{A_READ_LINK.replace('.', '.<wbr>')}</a>" in mail.html
    body = json.loads(render_webhook(a_notice(), recipient, A_TOKEN))  # type: ignore[arg-type]
    assert body["data"]["confirm_url"] == A_READ_LINK


def test_a_notice_that_knew_no_page_has_no_link_and_no_words_about_one() -> None:
    notice = FrozenNotice.model_validate_json(
        a_notice().model_dump_json(exclude={"confirm_base"})  # as an earlier release sealed it
    )
    mail = render_email(notice, pins(), A_TOKEN)
    assert "/read/" not in mail.text + mail.html
    assert "you have read this" not in (mail.text + mail.html).lower()
    assert json.loads(render_webhook(notice, pins(), A_TOKEN))["data"]["confirm_url"] is None
    assert not carries_link(notice, pins())


@pytest.mark.parametrize(("version", "carried"), [("1", False), ("2", True), ("3", True)])
def test_a_token_is_made_only_for_a_message_that_shows_it(version: str, *, carried: bool) -> None:
    assert carries_link(a_notice(), pins(template_version=version)) is carried


def test_the_e_mail_that_leaves_has_its_own_link() -> None:
    ses = FakeSes()
    message = a_door(ses).ready(
        an_entry(address=MAILBOX), a_notice(), pins(channel=Channel.EMAIL), token=A_TOKEN, attempt=1, now=NOW
    )
    message.send_once()
    (asked,) = ses.asked
    body = asked["Content"]["Simple"]["Body"]
    assert A_READ_LINK in body["Text"]["Data"]
    assert A_READ_LINK in body["Html"]["Data"]
    parts = render_email(a_notice(), pins(channel=Channel.EMAIL), A_TOKEN)
    assert message.body_sha256 == body_sha256(parts)


def test_the_webhook_that_leaves_has_its_own_link() -> None:
    with Listener(answering(204)) as listener:
        door = WebhookDoor(a_shelf(), (listener.origin,))
        entry = an_entry(url=f"{listener.origin}/outcomes")
        door.ready(entry, a_notice(), pins(), token=A_TOKEN, attempt=1, now=NOW).send_once()
        _, _, body = listener.requests[0].partition(b"\r\n\r\n")
    assert json.loads(body)["data"]["confirm_url"] == A_READ_LINK


def test_the_link_is_below_the_base_that_was_frozen_wherever_that_is() -> None:
    on_a_laptop = a_notice(confirm_base="https://127.0.0.1:4566/_aws/execute-api/a1b2c3/prod")
    assert read_link(on_a_laptop, A_TOKEN) == (
        f"https://127.0.0.1:4566/_aws/execute-api/a1b2c3/prod/read/{A_TOKEN}"
    )
    assert read_link(a_notice(), A_TOKEN) == f"{CONFIRM_BASE}/read/{A_TOKEN}"
    assert read_link(a_notice(), None) is None


@pytest.mark.parametrize(
    ("text", "could_be"),
    [
        (A_TOKEN, True),
        (A_TOKEN.upper(), False),
        (A_TOKEN[:-1], False),
        (A_TOKEN + "0", False),
        (A_TOKEN + "\n", False),
        (f"{A_TOKEN[:-1]}g", False),
        (f"{A_TOKEN[:-1]}\N{ARABIC-INDIC DIGIT ONE}", False),
        ("", False),
        ("../confirmations", False),
    ],
)
def test_only_32_hexadecimal_letters_could_be_a_token(text: str, *, could_be: bool) -> None:
    assert is_token(text) is could_be


def test_a_token_is_kept_by_its_hash_alone() -> None:
    assert hashed(A_TOKEN) == hashlib.sha256(A_TOKEN.encode()).hexdigest()
