"""The link to the police form's page: on reminders alone, and older reminders keep their words and bytes."""

import hashlib
import json

import pytest

from functions.adapters.render import body_sha256, render_email, template_sha256
from functions.adapters.webhook import webhook_body
from functions.domain.form_link import carries_form_link, form_link
from functions.domain.wording import UPDATE_TEMPLATE_VERSION
from schemas.codes import Channel, Level, NoticeReason, RaStatus
from schemas.notice import FrozenUpdate, Pins
from tests.adapters.drafts_police_form import DRAFTS, reminder
from tests.notices import A_TOKEN, CONFIRM_BASE, a_notice, pins

A_FORM_LINK = f"{CONFIRM_BASE}/police-form/{A_TOKEN}"
BY_PHONE = "If it is done, call the duty manager on 01632 960 100."
NOTICE = {"level": Level.NOTICE, "notice_reason": NoticeReason.MAILBOX_NOT_MANAGED}
OLDER = reminder(2, RaStatus.ABSENT, template_version="u1")


def posted(update: FrozenUpdate, recipient: Pins, token: str | None = A_TOKEN) -> bytes:
    return webhook_body(update, recipient.model_copy(update={"channel": Channel.WEBHOOK}), token)


@pytest.mark.parametrize("name", DRAFTS)
def test_a_reminder_has_it_and_what_says_that_the_form_is_settled_has_not(name: str) -> None:
    update, recipient = DRAFTS[name]
    link = A_FORM_LINK if name.startswith("reminder") else None
    assert form_link(update, recipient, A_TOKEN) == link
    email, data = render_email(update, recipient, A_TOKEN), json.loads(posted(update, recipient))["data"]
    assert (A_FORM_LINK in email.text) == (f'href="{A_FORM_LINK}"' in email.html) == (link is not None)
    assert data["police_form_url"] == link
    assert BY_PHONE not in email.text


def test_in_a_webhook_the_address_stands_in_the_sentence_too() -> None:
    update, recipient = reminder(1, RaStatus.ABSENT)
    said = json.loads(posted(update, recipient))["data"]["news"]["text"]
    assert said[-1] == f"If it is done, or not needed, say so here: {A_FORM_LINK}"


def test_a_notice_has_it_and_says_no_more_than_its_sentence_of_the_form_does() -> None:
    update, recipient = reminder(2, RaStatus.ABSENT, **NOTICE)
    assert A_FORM_LINK in render_email(update, recipient, A_TOKEN).text
    assert json.loads(posted(update, recipient))["data"]["news"] is None


def test_without_a_page_a_reminder_asks_for_a_call() -> None:
    update, recipient = reminder(2, RaStatus.ABSENT)
    update = update.model_copy(update={"confirm_base": None})
    assert not carries_form_link(update, recipient)
    email = render_email(update, recipient, A_TOKEN)
    assert BY_PHONE in " ".join(email.text.split())
    assert "police-form/" not in email.text + email.html


def test_without_a_token_there_is_nothing_to_open() -> None:
    update, recipient = reminder(2, RaStatus.ABSENT)
    assert form_link(update, recipient, None) is None
    assert json.loads(posted(update, recipient, None))["data"]["police_form_url"] is None


def test_no_decision_has_it() -> None:
    assert form_link(a_notice(), pins(), A_TOKEN) is None


def test_the_newest_version_is_the_one_whose_reminders_have_it() -> None:
    assert UPDATE_TEMPLATE_VERSION == "u2"


def test_an_older_reminder_is_sent_again_with_the_bytes_that_it_had() -> None:
    """Written down from the release that sent them: a STARTED row has this hash."""
    assert "police_form_url" not in json.loads(posted(*OLDER))["data"]
    assert template_sha256("u1") == "38663f740ecedd3a3617b47ee9a265dacdbcbc75f0b4004d47fbe7812b0d68e0"
    assert (
        body_sha256(render_email(*OLDER, A_TOKEN))
        == "91e65ff5f6f4b35d85c585327ecc75ebea65cc5bc1abc0916c469273e47e69ef"
    )
    assert (
        hashlib.sha256(posted(*OLDER)).hexdigest()
        == "2fe3c9a0f53ac97103e014a9f146705e5bfcb0d21a3f4c6c513f5d002ed0506f"
    )
