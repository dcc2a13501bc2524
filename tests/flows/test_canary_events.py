"""Canary events: who gets one and when, what the trail says of it, and that two workers send one."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine
from svix.webhooks import Webhook

from functions.adapters.errors import BusyError
from functions.adapters.ledger.keys import CanaryKey
from functions.adapters.ledger.store import Part, Store
from functions.domain.canary import CANARY_EVERY
from functions.flows.sending.canary import send_canary
from schemas.agency import Registry
from schemas.endpoint_events import CanaryEvent
from tests.adapters.shelves import SECRET
from tests.flows.aviary import FORCES, NORTH, REFUSED, Aviary, a_force, crash, results, rows
from tests.flows.test_taking_in import interleaved
from tests.world import is_whole

ELSEWHERE = "https://another.example/outcomes"

# --- what is sent, and when


def test_an_agency_that_agrees_is_sent_a_signed_event_without_any_news(aviary: Aviary) -> None:
    aviary.agree("north-police")
    assert aviary.sweep() == 1
    ((url, body, headers),) = aviary.outside.posted
    with time_machine.travel(aviary.world.now):
        Webhook(SECRET).verify(body, headers)
    assert url == "https://north-police.example/outcomes"
    assert (headers["user-agent"], headers["accept-encoding"]) == ("mash-outcomes", "identity")
    event = CanaryEvent.model_validate_json(body)
    assert (event.id, event.time) == (headers["webhook-id"], aviary.world.now)
    assert json.loads(body)["data"] == {"agency_id": "north-police"}
    assert event.source == "https://outcomes.northshire.example/mash"


def test_nothing_leaves_before_its_row_and_one_row_follows(aviary: Aviary) -> None:
    aviary.agree("north-police")
    aviary.sweep()
    assert aviary.outside.trail_then == [["CANARY_SENT"]]
    sent, ok = rows(aviary.world)[-2:]
    ((_, body, headers),) = aviary.outside.posted
    assert {name: sent[name] for name in ("type", "agency", "message_id", "body_sha256", "key_ids")} == {
        "type": "ENDPOINT",
        "agency": "north-police",
        "message_id": headers["webhook-id"],
        "body_sha256": sha256(body).hexdigest(),
        "key_ids": ["01234567-1"],
    }
    assert (ok["result"], ok["message_id"], ok["http_status"]) == ("CANARY_OK", headers["webhook-id"], 204)
    assert "took_ms" in ok
    assert is_whole(rows(aviary.world))


def test_its_rows_stay_out_of_the_index_by_agency(aviary: Aviary) -> None:
    """Thousands a month: who looks there for an agency's outcomes must not have to read past them."""
    aviary.agree("north-police")
    aviary.sweep()
    assert [("gpk" in row) for row in rows(aviary.world)[-2:]] == [False, False]


def test_the_next_one_goes_fifteen_minutes_later_with_an_id_of_its_own(aviary: Aviary) -> None:
    aviary.agree("north-police")
    assert aviary.sweep() == 1
    aviary.world.now += CANARY_EVERY - timedelta(milliseconds=1)
    assert aviary.sweep() == 0
    aviary.world.later(milliseconds=1)
    assert aviary.sweep() == 1
    first, second = (headers["webhook-id"] for _, _, headers in aviary.outside.posted)
    assert first != second
    assert results(aviary.world) == ["CANARY_SENT", "CANARY_OK"] * 2


def test_one_that_is_not_answered_is_not_tried_again_before_the_next(aviary: Aviary) -> None:
    aviary.agree("north-police")
    aviary.outside.answers = [REFUSED]
    assert [aviary.sweep(), aviary.sweep()] == [1, 0]
    aviary.world.later(minutes=14)
    assert aviary.sweep() == 0
    failed = rows(aviary.world)[-1]
    assert (failed["result"], failed["error"], failed["http_status"]) == ("CANARY_FAILED", "E_HTTP", 503)


def test_it_is_nobodys_delivery_and_takes_no_slot(aviary: Aviary) -> None:
    aviary.agree("north-police")
    aviary.outside.answers = [REFUSED]
    aviary.sweep()
    items = [item["sk"] for item in aviary.world.store.partition("state", NORTH.pk)]
    assert sorted(items) == ["CANARY", "EP#webhook", "HEAD"]


# --- who agrees


def test_an_agency_that_does_not_agree_is_sent_none(aviary: Aviary) -> None:
    aviary.agree("north-police")
    aviary.sweep()
    assert aviary.item("west-police") == {}
    assert [url for url, _, _ in aviary.outside.posted] == ["https://north-police.example/outcomes"]


def test_an_endpoint_that_was_not_checked_is_sent_none_until_it_is(aviary: Aviary) -> None:
    aviary.apply(a_force("north-police", url=ELSEWHERE, agrees=True))
    assert (aviary.sweep(), aviary.item()) == (0, {})
    aviary.world.directory.mark_checked(
        "north-police", ELSEWHERE, by="duty-engineer", method="HANDSHAKE", now=aviary.world.now
    )
    assert aviary.sweep() == 1
    assert aviary.outside.posted[0][0] == ELSEWHERE


def withdraw(aviary: Aviary) -> None:
    aviary.agree()


def move(aviary: Aviary) -> None:
    aviary.apply(a_force("north-police", url=ELSEWHERE, agrees=True))


def remove(aviary: Aviary) -> None:
    left = Registry(approved_by="head-of-mash", agency=tuple(map(a_force, FORCES[1:])))
    world = aviary.world
    world.directory.apply(left, applier="duty-engineer", now=world.now, allow_removal=True)


@pytest.mark.parametrize("end", [withdraw, move, remove])
def test_an_agency_that_no_longer_agrees_is_sent_none_and_leaves_the_due_index_at_once(
    aviary: Aviary, end: Callable[[Aviary], None]
) -> None:
    aviary.agree("north-police")
    aviary.sweep()
    aviary.world.later(minutes=1)
    end(aviary)
    assert aviary.due() == [NORTH]
    assert aviary.sweep() == 0
    aviary.world.later(days=1)
    assert (aviary.due(), "due_pk" in aviary.item()) == ([], False)
    assert results(aviary.world) == ["CANARY_SENT", "CANARY_OK"]


def test_an_agency_that_agrees_again_is_sent_one_again(aviary: Aviary) -> None:
    for names in (["north-police"], [], ["north-police"]):
        aviary.agree(*names)
        aviary.sweep()
    assert results(aviary.world) == ["CANARY_SENT", "CANARY_OK"] * 2


def test_another_change_of_the_agency_sends_none_early(aviary: Aviary) -> None:
    aviary.agree("north-police")
    aviary.sweep()
    aviary.world.later(minutes=1)
    renamed = a_force("north-police", agrees=True).model_copy(update={"name": "Police of the North"})
    aviary.apply(renamed, a_force("west-police", agrees=True))
    assert aviary.due() == [CanaryKey("west-police")]


def test_a_consent_withdrawn_while_the_event_is_made_ready_stops_it(aviary: Aviary) -> None:
    aviary.agree("north-police")
    interleaved(aviary.world, aviary.agree)
    assert aviary.sweep() == 0
    assert results(aviary.world) == []


def test_an_agency_without_a_secret_is_sent_none_and_asked_again_later(aviary: Aviary) -> None:
    aviary.agree("north-police")
    aviary.secrets.held = ()
    assert aviary.sweep() == 0
    assert (aviary.due(), results(aviary.world)) == ([], [])
    aviary.secrets.held = (SECRET,)
    aviary.world.now += CANARY_EVERY
    assert aviary.sweep() == 1


# --- two workers, lost replies, crashes


def test_two_workers_send_one(aviary: Aviary) -> None:
    aviary.agree("north-police")
    interleaved(aviary.world, lambda: send_canary(NORTH, aviary.desk))
    send_canary(NORTH, aviary.desk)
    assert len(aviary.outside.posted) == 1
    assert results(aviary.world) == ["CANARY_SENT", "CANARY_OK"]


@pytest.mark.parametrize("lost", ["CANARY_SENT", "CANARY_OK"])
def test_a_write_whose_reply_was_lost_is_known_as_our_own(aviary: Aviary, lost: str) -> None:
    class LosesOneReply(Store):
        to_lose = 1

        def write(self, parts: Sequence[Part]) -> None:
            super().write(parts)
            if self.to_lose and any(lost in str(part.action) for part in parts):
                self.to_lose -= 1
                raise BusyError("ReadTimeoutError")

    aviary.agree("north-police")
    aviary.world.use(LosesOneReply)
    assert aviary.sweep() == 1
    assert results(aviary.world) == ["CANARY_SENT", "CANARY_OK"]


def test_one_whose_sender_never_came_back_is_closed_as_unknown_before_the_next(aviary: Aviary) -> None:
    aviary.agree("north-police")
    crash(aviary)
    assert aviary.sweep() == 0
    aviary.world.now += CANARY_EVERY
    assert aviary.sweep() == 1
    assert results(aviary.world) == ["CANARY_SENT", "CANARY_UNKNOWN", "CANARY_SENT", "CANARY_OK"]
    sent, unknown = rows(aviary.world)[-4:-2]
    assert sent["message_id"] == unknown["message_id"]


def test_one_that_was_on_its_way_when_its_agency_withdrew_has_its_second_row_too(aviary: Aviary) -> None:
    aviary.agree("north-police")
    crash(aviary)
    aviary.agree()
    aviary.sweep()
    assert results(aviary.world) == ["CANARY_SENT", "CANARY_UNKNOWN"]


def test_an_answer_that_comes_after_it_was_closed_as_unknown_changes_nothing(
    aviary: Aviary, caplog: pytest.LogCaptureFixture
) -> None:
    aviary.agree("north-police")

    def withdrawn_meanwhile() -> None:
        aviary.agree()
        for key in aviary.due():
            send_canary(key, aviary.desk)

    aviary.outside.while_posting = withdrawn_meanwhile
    send_canary(NORTH, aviary.desk)
    assert results(aviary.world) == ["CANARY_SENT", "CANARY_UNKNOWN"]
    assert "reached_at" not in aviary.item()
    assert "CANARY_CLOSED" not in caplog.messages
