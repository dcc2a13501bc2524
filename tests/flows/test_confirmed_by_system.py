"""An agency's own system confirms by a signed post: its own messages, with its own secret, once."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from svix.webhooks import Webhook

from functions.adapters.ledger.store import Item
from functions.adapters.signing import SigningSecret
from functions.domain.delivery import Answer
from functions.flows.acknowledging.answer import Route, answer
from functions.flows.acting.cancel import cancel, what_would_stop
from functions.flows.acting.order import Which
from schemas.codes import ActReason, AttemptResult, Channel, ErrorWord, ReaderRole
from tests.flows.test_taking_in import interleaved
from tests.readers import (
    A_STRANGERS_SECRET,
    POLICE_SECRET,
    PROBATION_SECRET,
    a_request,
    confirm_desk,
    confirmation,
    keep_secrets,
    opened,
    posted,
    problem,
    signed,
    token_for,
)
from tests.world import World, a_decision, a_revision, is_whole

README = Path(__file__).parents[2] / "README.md"
CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
UNKNOWN_ID = "msg_" + "5bad" * 8
FAILED = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)


@pytest.fixture
def told(world: World) -> World:
    """The worked example, told; police and probation have a secret each."""
    keep_secrets("north-police", POLICE_SECRET)
    keep_secrets("north-probation", PROBATION_SECRET)
    world.take(a_decision())
    assert world.send_due() == 2
    return world


def police(world: World) -> Item:
    return world.delivery("north-police", Channel.WEBHOOK)


def message_id(world: World) -> str:
    return str(police(world)["message_id"])


def results(world: World) -> list[str]:
    return [row["result"] for row in world.rows() if row["type"] == "ACK"]


def test_a_signed_post_is_one_row_and_stops_the_clock(told: World) -> None:
    told.later(minutes=10)
    response = posted(told, signed(told, confirmation(message_id(told)), POLICE_SECRET))
    assert (response.status, response.body) == (204, "")
    row = told.rows()[-1]
    said = {name: row[name] for name in ("type", "agency", "chan", "message_id", "result", "role", "method")}
    assert said == {
        "type": "ACK",
        "agency": "north-police",
        "chan": "webhook",
        "message_id": message_id(told),
        "result": "CONFIRMED",
        "role": "OFFICER_IN_CASE",
        "method": "SIGNED_POST",
    }
    assert (police(told)["acked_at"], police(told)["ack_role"]) == (row["at"], "OFFICER_IN_CASE")
    assert "watch" not in police(told)
    told.later(days=2)
    told.send_due()
    assert "CALL_UNREAD#01#north-police" not in told.tasks()
    assert is_whole(told.rows())


def test_the_post_ends_the_call_that_was_opened_because_nobody_had_confirmed(told: World) -> None:
    told.later(hours=4)
    told.send_due()
    assert told.tasks()["CALL_UNREAD#01#north-police"]["st"] == "OPEN"
    posted(told, signed(told, confirmation(message_id(told)), POLICE_SECRET))
    assert told.tasks()["CALL_UNREAD#01#north-police"]["st"] == "DONE"


@pytest.mark.parametrize("role", ReaderRole)
def test_every_role_of_the_list_is_taken(told: World, role: ReaderRole) -> None:
    request = signed(told, confirmation(message_id(told), role.value), POLICE_SECRET)
    assert posted(told, request).status == 204
    assert police(told)["ack_role"] == role.value


def test_what_an_independent_library_signs_is_taken(told: World) -> None:
    body, second = confirmation(message_id(told)), told.now
    headers = {
        "webhook-id": "msg_2b7f0c92ad3e41860b6d",
        "webhook-timestamp": str(int(second.timestamp())),
        "webhook-signature": Webhook(POLICE_SECRET.whsec).sign(
            "msg_2b7f0c92ad3e41860b6d", second, body.decode()
        ),
    }
    request = a_request(told, "POST", Route.CONFIRMATIONS, headers=headers, body=body)
    assert posted(told, request).status == 204


def test_what_the_readme_shows_is_taken(told: World) -> None:
    blocks = CODE.findall(README.read_text(encoding="utf-8"))
    (shown,) = [block for block in blocks if "def confirmation(" in block]
    namespace: dict[str, Any] = {}
    exec(shown, namespace)  # noqa: S102 - our own words, as a partner would copy them
    with time_machine.travel(told.now):
        body, headers = namespace["confirmation"](message_id(told), "DUTY_WORKER", POLICE_SECRET.whsec)
    request = a_request(told, "POST", Route.CONFIRMATIONS, headers=headers, body=body)
    assert posted(told, request).status == 204
    assert police(told)["ack_role"] == "DUTY_WORKER"


def test_the_same_post_again_is_recorded_as_that_and_answered_alike(told: World) -> None:
    request = signed(told, confirmation(message_id(told)), POLICE_SECRET)
    first = posted(told, request)
    again = posted(told, replace(request, request_id=told.serial()))
    assert first == again
    assert results(told) == ["CONFIRMED", "ALREADY"]


def test_a_message_confirmed_by_a_post_is_recorded_for_whoever_opens_its_link(told: World) -> None:
    posted(told, signed(told, confirmation(message_id(told)), POLICE_SECRET))
    shown = opened(told, token_for(told, "north-police", Channel.WEBHOOK))
    assert "<h1>Already recorded</h1>" in shown.body


def test_during_a_rotation_either_secret_will_do(world: World) -> None:
    keep_secrets("north-police", PROBATION_SECRET, POLICE_SECRET)
    world.take(a_decision())
    world.send_due()
    for secret in (PROBATION_SECRET, POLICE_SECRET):
        assert posted(world, signed(world, confirmation(message_id(world)), secret)).status == 204
    assert results(world) == ["CONFIRMED", "ALREADY"]


def test_an_email_is_confirmed_by_its_agencys_system_too(told: World) -> None:
    probation = told.delivery("north-probation", Channel.EMAIL)
    request = signed(told, confirmation(probation["message_id"], "DUTY_WORKER"), PROBATION_SECRET)
    assert posted(told, request).status == 204
    assert told.delivery("north-probation", Channel.EMAIL)["ack_role"] == "DUTY_WORKER"


# --- who may not


def refusal(world: World) -> Item:
    (row,) = world.refused()
    assert row["input"] == "CONFIRMATION"
    return row


def test_another_agencys_signature_is_refused_and_on_record(told: World) -> None:
    response = posted(told, signed(told, confirmation(message_id(told)), PROBATION_SECRET))
    assert response.status == 401
    assert problem(response)["field"] == "webhook-signature"
    row = refusal(told)
    assert row["pk"] == "X#2026-11-24#/confirmations"
    assert (row["field"], row["reason"]) == ("webhook-signature", "BAD_SIGNATURE")
    assert row["message_id"] == message_id(told)
    assert not {"agency", "gpk", "gsk"} & row.keys(), "a stranger fills the index of an agency"
    assert "acked_at" not in police(told)
    assert results(told) == []


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_clock_ten_minutes_off_is_refused(told: World, minutes: int) -> None:
    at = told.now + timedelta(minutes=minutes)
    request = signed(told, confirmation(message_id(told)), POLICE_SECRET, at=at)
    assert posted(told, request).status == 401
    assert results(told) == []


def test_a_post_that_somebody_kept_is_refused_six_minutes_later(told: World) -> None:
    request = signed(told, confirmation(message_id(told)), POLICE_SECRET)
    told.later(minutes=6)
    assert posted(told, request).status == 401
    assert results(told) == []


def test_a_tampered_body_is_refused(told: World) -> None:
    request = signed(told, confirmation(message_id(told), "ADMINISTRATOR"), POLICE_SECRET)
    tampered = replace(request, body=request.body.replace(b"ADMINISTRATOR", b"MANAGER"))
    assert posted(told, tampered).status == 401


FORGED: dict[str, dict[str, str]] = {
    "no headers": {"webhook-id": "", "webhook-timestamp": "", "webhook-signature": ""},
    "no version": {"webhook-signature": "AAAA"},
    "no signature": {"webhook-signature": "v1,"},
    "no base64": {"webhook-signature": "v1,\u00e9\u00e9\u00e9"},
    "half a character": {"webhook-signature": "v1,\ud800"},
    "a great many": {"webhook-signature": " ".join(["v1,AAAA"] * 2000)},
    "a year with a fraction": {"webhook-timestamp": "1795532662.5"},
    "a time of another script": {
        "webhook-timestamp": "\u0661\u0667\u0669\u0665\u0665\u0663\u0662\u0666\u0666\u0662"
    },
    "the end of time": {"webhook-timestamp": "9999999999"},
    "an id with a dot": {"webhook-id": "msg_2b7f0c92.ad3e41860b6d"},
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
def test_a_malformed_signature_is_refused_and_never_an_error(told: World, headers: dict[str, str]) -> None:
    request = signed(told, confirmation(message_id(told)), POLICE_SECRET)
    response = posted(told, replace(request, headers={**request.headers, **headers}))
    assert response.status == 401
    assert refusal(told)["reason"] == "BAD_SIGNATURE"
    assert "acked_at" not in police(told)


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_refused(told: World, missing: str) -> None:
    request = signed(told, confirmation(message_id(told)), POLICE_SECRET)
    headers = {name: value for name, value in request.headers.items() if name != missing}
    assert posted(told, replace(request, headers=headers)).status == 401


def test_an_agency_without_a_secret_confirms_nothing_this_way(world: World) -> None:
    world.take(a_decision())
    world.send_due()
    assert posted(world, signed(world, confirmation(message_id(world)), POLICE_SECRET)).status == 401


def test_a_message_of_our_own_sent_back_is_no_confirmation(told: World) -> None:
    """It bears a signature by the very secret that the agency signs with."""
    (body,) = [body for pins, body in told.police.sent if pins.agency_id == "north-police"]
    response = posted(told, signed(told, body, POLICE_SECRET))
    assert response.status == 400
    assert results(told) == []


def test_refusals_that_come_at_once_under_one_id_are_each_recorded(told: World) -> None:
    """None is another's lost reply: they say different things, or are about different messages."""
    ids = (UNKNOWN_ID, message_id(told), told.delivery("north-probation", Channel.EMAIL)["message_id"])
    unknown, polices, probations = (
        replace(signed(told, confirmation(each), A_STRANGERS_SECRET), request_id="one") for each in ids
    )

    def meanwhile() -> None:
        posted(told, polices)

    interleaved(told, meanwhile)
    posted(told, unknown)
    interleaved(told, meanwhile)
    posted(told, probations)
    assert [row.get("message_id") for row in told.refused()] == [ids[1], None, ids[1], ids[2]]


# --- what cannot be read, or is about nothing


MALFORMED: list[tuple[bytes, str]] = [
    (b"", "body"),
    (b"not json", "body"),
    (b"[]", "body"),
    (b"null", "body"),
    (b'"msg"', "body"),
    (b"\xff\xfe", "body"),
    (b'{"id": "' + b"[" * 50_000, "body"),
    (b"{}", "id"),
    (b'{"role": "MANAGER"}', "id"),
    (b'{"id": "42", "role": "MANAGER"}', "id"),
    (b'{"id": 42, "role": "MANAGER"}', "id"),
    (b'{"id": "msg_8C6F0E1C2A4B4D0F9A7E3B5C1D2E4F60", "role": "MANAGER"}', "id"),
    (confirmation(UNKNOWN_ID, "oliver-canary"), "role"),
    (confirmation(UNKNOWN_ID, ""), "role"),
    (json.dumps({"id": UNKNOWN_ID}).encode(), "role"),
    (confirmation(UNKNOWN_ID, name="oliver-canary"), "(unnamed)"),
    (confirmation(UNKNOWN_ID, oliver_canary_born_march_2019=1), "(unnamed)"),
    (json.dumps({"id": UNKNOWN_ID, "role": "MANAGER", "Oliver Canary": 1}).encode(), "(unnamed)"),
]


@pytest.mark.parametrize(("body", "field"), MALFORMED, ids=range(len(MALFORMED)))
def test_a_body_that_is_no_confirmation_is_refused_by_field_and_nothing_of_it_repeated(
    told: World, body: bytes, field: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = posted(told, replace(signed(told, b"{}", POLICE_SECRET), body=body))
    assert response.status == 400
    assert problem(response)["field"] == field
    assert "anary" not in response.body
    row = told.refused()[-1]
    assert (row["input"], row["field"]) == ("CONFIRMATION", field)
    assert "anary" not in str((told.all_items("audit"), [vars(line) for line in caplog.records]))
    assert results(told) == []


def test_a_message_that_nobody_was_sent_is_unknown_to_the_trail_alone(told: World) -> None:
    assert posted(told, signed(told, confirmation(UNKNOWN_ID), POLICE_SECRET)).status == 401
    assert (refusal(told)["field"], refusal(told)["reason"]) == ("id", "UNKNOWN_MESSAGE")
    assert UNKNOWN_ID not in str(told.all_items("audit"))


@pytest.mark.parametrize("secret", [POLICE_SECRET, PROBATION_SECRET], ids=["its own", "another's"])
def test_a_message_that_is_held_is_unknown_like_one_that_never_was(
    world: World, secret: SigningSecret
) -> None:
    """Whoever waits could work out the id, and must not learn that anything waits."""
    keep_secrets("north-police", POLICE_SECRET)
    world.take(a_decision(primary_outcome="EMP"))
    held = posted(world, signed(world, confirmation(message_id(world)), secret))
    never = posted(world, signed(world, confirmation(UNKNOWN_ID), secret))
    assert held == never
    assert held.status == 401
    assert "acked_at" not in police(world)


def test_a_message_that_was_replaced_before_it_arrived_is_gone(world: World) -> None:
    keep_secrets("north-police", POLICE_SECRET)
    world.take(a_decision())
    world.police.answers = [FAILED]
    world.send_due()
    world.take(a_revision())
    response = posted(world, signed(world, confirmation(message_id(world)), POLICE_SECRET))
    assert response.status == 410
    assert results(world) == ["EXPIRED"]
    assert "acked_at" not in police(world)


def test_what_had_arrived_is_confirmed_after_a_revision_and_not_the_newer_one(
    told: World,
) -> None:
    first = message_id(told)
    told.take(a_revision())
    told.send_due()
    assert posted(told, signed(told, confirmation(first), POLICE_SECRET)).status == 204
    assert "acked_at" in police(told)
    newer = told.delivery("north-police", Channel.WEBHOOK, seq=2)
    assert (newer["st"], "acked_at" in newer) == ("SENT", False)


def test_a_message_that_a_person_stopped_after_a_failed_try_is_gone(world: World) -> None:
    keep_secrets("north-police", POLICE_SECRET)
    world.take(a_decision())
    world.police.answers = [FAILED]
    world.send_due()
    which = Which("NS-26-7KQ4ZP", agency_id="north-police")
    cancel(what_would_stop(which, world.act_desk), world.order(ActReason.WRONG_RECIPIENT), world.act_desk)
    assert posted(world, signed(world, confirmation(message_id(world)), POLICE_SECRET)).status == 410


def test_a_post_confirms_when_the_pages_link_has_ended(told: World) -> None:
    """The link's time is against strangers; a signature is its own proof."""
    told.later(days=15)
    assert posted(told, signed(told, confirmation(message_id(told)), POLICE_SECRET)).status == 204


def test_what_stops_a_webhooks_tries_is_that_its_agency_has_read_it(world: World) -> None:
    keep_secrets("north-police", POLICE_SECRET)
    world.take(a_decision())
    world.police.answers = [FAILED]
    world.send_due()
    posted(world, signed(world, confirmation(message_id(world)), POLICE_SECRET))
    assert police(world)["st"] == "SENT"
    world.later(days=1)
    world.send_due()
    assert [pins.agency_id for pins, _ in world.police.sent] == ["north-police"]


def test_a_route_that_the_api_does_not_have_is_a_bug_and_not_an_answer(told: World) -> None:
    for method, route in (("GET", Route.CONFIRMATIONS), ("PUT", Route.PAGE)):
        with pytest.raises(ValueError, match="no such route"):
            answer(a_request(told, method, route), confirm_desk(told))
