"""Exactly what was sent, in the console: shown only if it is that, and never the token of its link."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from functions.adapters.ledger.store import Change, Item
from functions.domain.delivery import Answer
from schemas.codes import AttemptResult, AuditKind, Channel, ErrorWord
from tests.console.office import Office, Reply
from tests.world import World, a_decision, a_world, change_agency

POLICE, PROBATION = "north-police", "north-probation"
LINK = re.compile(r"https://[a-z.]+/read/([0-9a-f]{32})")
NOT_THAT = "What we would show is not what the record says was sent, so we do not show it."


@pytest.fixture
def world() -> Iterator[World]:
    """A webhook and an e-mail have gone, each with a link to say that it was read."""
    with a_world() as one:
        one.take(a_decision())
        one.send_due()
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def webhook(world: World) -> Item:
    return world.delivery(POLICE, Channel.WEBHOOK)


def email(world: World) -> Item:
    return world.delivery(PROBATION, Channel.EMAIL)


def shown(office: Office, item: Item, more: str = "") -> Reply:
    return office.signed_in().get(f"/messages/{item['message_id']}{more}")


def change(world: World, item: Item, table: str = "state", **attributes: Any) -> None:
    part = world.store.update("x", table, (item["pk"], item["sk"]), change=Change(attributes))
    world.store.write([part])


def token_in(sent: bytes) -> str:
    found = LINK.search(sent.decode())
    assert found
    return found[1]


def test_a_webhook_is_shown_with_its_headers_and_its_body(office: Office, world: World) -> None:
    (started,) = [
        row
        for row in world.rows()
        if row["type"] == AuditKind.ATTEMPT_STARTED and row["chan"] == Channel.WEBHOOK
    ]
    change(world, started, "audit", key_ids=["1f0e4a57-1", "1f0e4a57-2"])
    text = shown(office, webhook(world)).text()
    assert "Exactly what we sent To north-police.example webhook-id msg_" in text
    assert "webhook-timestamp The second of each try, counted from 1 January 1970" in text
    assert (
        "webhook-signature v1,… (shortened: signatures are not kept), by key 1f0e4a57-1, 1f0e4a57-2" in text
    )
    assert '"type": "uk.mash.outcome.v1"' in text


def test_the_body_is_what_left_but_for_the_links_token(office: Office, world: World) -> None:
    ((_, sent),) = world.police.sent
    token = token_in(sent)
    reply = shown(office, webhook(world))
    assert token not in reply.body
    assert "https://outcomes.northshire.example/read/..." in reply.text()
    assert "Left out here The secret part of its link, for which ... stands" in reply.text()


def test_an_email_is_shown_as_it_went_but_for_the_links_token(office: Office, world: World) -> None:
    ((_, parts),) = world.mailbox.mails
    token = token_in(parts.text.encode())
    page, frame = shown(office, email(world)), shown(office, email(world), "/preview")
    assert frame.body == parts.html.replace(token, "...")
    assert token not in page.body + frame.body
    assert "Left out here The secret part of its link, for which ... stands" in page.text()
    text = page.text()
    assert "From outcomes@mash.northshire.example To mash@north-probation.secure.example Subject" in text
    assert " ".join(parts.text.replace(token, "...").split()) in text


def test_an_emails_html_stands_in_a_frame_in_which_nothing_runs(office: Office, world: World) -> None:
    path = f"/messages/{email(world)['message_id']}/preview"
    page, frame = shown(office, email(world)), shown(office, email(world), "/preview")
    assert f'src="{office.base}{path}" sandbox=""' in page.body
    assert frame.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )


def test_a_webhook_has_no_preview(office: Office, world: World) -> None:
    assert shown(office, webhook(world), "/preview").status == 404


@pytest.mark.parametrize("which", [webhook, email])
def test_what_would_no_longer_be_what_was_sent_is_not_shown(office: Office, world: World, which: Any) -> None:
    change(world, which(world), own_ref="TAMPERED/1")
    page = shown(office, which(world))
    assert NOT_THAT in page.text()
    assert "TAMPERED" not in page.body
    assert shown(office, which(world), "/preview").status == 404


def test_a_notice_that_was_tampered_with_is_not_shown(office: Office, world: World) -> None:
    (notice,) = [item for item in world.all_items("state") if item["sk"].startswith("M#")]
    cipher = bytes(notice["cipher"])
    change(world, notice, cipher=cipher[:-1] + bytes([cipher[-1] ^ 1]))
    assert "What it was made from cannot be read." in shown(office, email(world)).text()


def test_what_a_retention_rule_has_ended_is_not_shown(office: Office, world: World) -> None:
    for item in world.all_items("keys"):
        world.store.client.delete_item(
            TableName="keys", Key={name: {"S": item[name]} for name in ("pk", "sk") if name in item}
        )
    assert "Its content is not kept any more." in shown(office, email(world)).text()


def test_what_was_not_tried_yet_says_so(office: Office, world: World) -> None:
    world.take(a_decision(**OTHER))
    item = world.delivery(POLICE, Channel.WEBHOOK, ref="NS-26-4AGA1N")
    text = shown(office, item).text()
    assert "Not tried yet." in text
    assert "Exactly what we are sending" in text


OTHER = {
    "event_id": "5b0f2c9e-8a53-4a0e-9f0e-6a1f2f0b7c23",
    "referral_ref": "NS-26-4AGA1N",
    "source_seq": 4184,
}


def test_a_try_that_has_not_ended_is_said_to_be_made(office: Office, world: World) -> None:
    seen: list[str] = []
    world.take(a_decision(**OTHER))

    def look() -> None:
        item = world.delivery(POLICE, Channel.WEBHOOK, ref="NS-26-4AGA1N")
        seen.append(shown(office, item).text())

    world.police.while_sending = look
    world.police.answers = [Answer(AttemptResult.FAILED, error=ErrorWord.E_TLS)]
    world.send_due()
    assert "It is being sent Nothing has come of it yet" in seen[0]


def test_of_an_agency_that_is_gone_no_address_is_invented(office: Office, world: World) -> None:
    change_agency(world, POLICE, status="INACTIVE")
    change_agency(world, PROBATION, status="INACTIVE")
    assert "To Their system webhook-id" in shown(office, webhook(world)).text()
    assert "To Their agreed mailbox Subject" in shown(office, email(world)).text()
