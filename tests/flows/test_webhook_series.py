"""A webhook's tries in a row, over real sockets: what stays the same, and what the registry may change."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from svix.webhooks import Webhook, WebhookVerificationError

from functions.adapters.door import ReadyMessage
from functions.adapters.errors import RetryError
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.registry.entry import Entry
from functions.adapters.webhook import WebhookDoor
from functions.domain.delivery import SEND_DEADLINE
from functions.flows.sending.desk import SendDesk
from functions.flows.sending.send import send
from schemas.codes import Channel, ReleaseReason
from schemas.notice import Frozen, Pins
from tests.adapters.hostile import Listener, answering, late
from tests.adapters.shelves import SECRET, FakeSecrets, shelf_of
from tests.world import STEPS, World, a_decision, change_agency

POLICE = DeliveryKey("NS-26-7KQ4ZP", 1, 1, "north-police", Channel.WEBHOOK)
NEWER_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"
OK = answering(204)


def desk(world: World, *origins: str, secrets: FakeSecrets | None = None) -> SendDesk:
    """The sender's, with the door that really posts."""
    shelf = shelf_of(secrets or FakeSecrets(SECRET))
    return replace(world.send_desk(Channel.WEBHOOK), door=WebhookDoor(shelf, origins))


def point_to(world: World, listener: Listener, *, checked: bool = True) -> None:
    """North police's endpoint is there from now on; its owner has agreed to that, or not yet."""
    url = f"{listener.origin}/outcomes"
    change_agency(world, "north-police", url=url, **({"checked_url": url} if checked else {}))


def next_try(world: World, number: int) -> None:
    world.later(seconds=STEPS[number])


def read(request: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    return dict(line.split(": ", 1) for line in lines), body


def signed_at(headers: dict[str, str]) -> datetime:
    return datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)


def is_accepted(secret: str, request: bytes) -> bool:
    """By a receiver that holds this one secret, as the request arrives."""
    headers, body = read(request)
    with time_machine.travel(signed_at(headers)):
        try:
            Webhook(secret).verify(body, headers)
        except WebhookVerificationError:
            return False
    return True


# --- the same message at every try


@pytest.mark.slow
def test_an_answer_after_the_deadline_counts_for_nothing_and_the_same_message_goes_again(
    world: World,
) -> None:
    after = SEND_DEADLINE.total_seconds() + 0.5
    with Listener(late(answering(200), after_seconds=after), OK) as listener:
        point_to(world, listener)
        world.take(a_decision())
        send(POLICE, desk(world, listener.origin))
        closed = world.rows()[-1]
        assert (closed["result"], closed["state"], closed["error"]) == ("UNKNOWN", "RETRY", "E_TIMEOUT")
        next_try(world, 1)
        send(POLICE, desk(world, listener.origin))
        assert world.rows()[-1]["result"] == "SUCCESS"
        (first, body), (second, body_again) = map(read, listener.requests)
    assert first["webhook-id"] == second["webhook-id"]
    assert body == body_again
    assert first["webhook-timestamp"] != second["webhook-timestamp"]


def test_a_secret_that_is_rotated_between_two_tries_signs_beside_the_old_one(world: World) -> None:
    """A receiver that holds either, or has just changed, never refuses; id and bytes stay."""
    secrets = FakeSecrets(SECRET)
    with Listener(answering(503), answering(503), OK) as listener:
        point_to(world, listener)
        world.take(a_decision())
        for number, held in enumerate([(SECRET,), (NEWER_SECRET, SECRET), (NEWER_SECRET,)]):
            next_try(world, number)
            secrets.held = held
            send(POLICE, desk(world, listener.origin, secrets=secrets))
        requests = listener.requests
    accepted = [(is_accepted(SECRET, one), is_accepted(NEWER_SECRET, one)) for one in requests]
    assert accepted == [(True, False), (True, True), (False, True)]
    assert len({(read(one)[0]["webhook-id"], read(one)[1]) for one in requests}) == 1
    started = [row["key_ids"] for row in world.rows() if row["type"] == "ATTEMPT_STARTED"]
    assert [len(key_ids) for key_ids in started if key_ids] == [1, 2, 1]
    assert world.rows()[-1]["state"] == "SENT"


# --- what the registry changes between the queue and the claim


def test_an_endpoint_that_moved_while_its_message_was_queued_is_sent_to_at_its_new_address_alone(
    world: World,
) -> None:
    with Listener(OK) as old, Listener(OK) as new:
        origins = (old.origin, new.origin)
        point_to(world, old)
        world.take(a_decision())
        point_to(world, new, checked=False)
        send(POLICE, desk(world, *origins))
        assert (world.kinds()[-1], old.accepts, new.accepts) == ("HELD", 0, 0)
        point_to(world, new)
        world.release(agency="north-police", reason=ReleaseReason.ADDRESS_VERIFIED)
        send(POLICE, desk(world, *origins))
        assert (world.rows()[-1]["state"], old.accepts, new.accepts) == ("SENT", 0, 1)


def disabled(world: World) -> None:
    change_agency(world, "north-police", status="INACTIVE")


def without_an_endpoint(world: World) -> None:
    change_agency(world, "north-police", url=None, checked_url=None)


@pytest.mark.parametrize(("change", "becomes"), [(disabled, "PARKED"), (without_an_endpoint, "HELD")])
def test_an_agency_disabled_while_its_message_was_queued_is_sent_nothing(
    world: World, change: Callable[[World], None], becomes: str
) -> None:
    with Listener(OK) as listener:
        point_to(world, listener)
        world.take(a_decision())
        change(world)
        send(POLICE, desk(world, listener.origin))
        assert (world.kinds()[-1], listener.accepts) == (becomes, 0)


@dataclass
class ChangingDoor:
    """Somebody changes the registry just when a message has been made ready for the address that was read."""

    door: WebhookDoor
    meanwhile: Callable[[], None]
    channel: Channel = Channel.WEBHOOK

    def ready(
        self,
        agency: Entry,
        notice: Frozen,
        pins: Pins,
        *,
        token: str | None,
        attempt: int,
        now: datetime,
    ) -> ReadyMessage:
        """The message, for what is an old address by the time of the claim."""
        made = self.door.ready(agency, notice, pins, token=token, attempt=attempt, now=now)
        self.meanwhile()
        return made


def test_an_endpoint_that_moves_between_the_read_and_the_claim_is_read_again(world: World) -> None:
    with Listener(OK) as old, Listener(OK) as new:
        point_to(world, old)
        world.take(a_decision())
        real = WebhookDoor(shelf_of(FakeSecrets(SECRET)), (old.origin, new.origin))
        door = ChangingDoor(real, meanwhile=lambda: point_to(world, new))
        with pytest.raises(RetryError):
            send(POLICE, replace(desk(world), door=door))
        assert (old.accepts, new.accepts) == (0, 0)
        send(POLICE, desk(world, old.origin, new.origin))
        assert (old.accepts, new.accepts) == (0, 1)


def test_each_try_is_signed_at_its_own_moment(world: World) -> None:
    with Listener(answering(503), OK) as listener:
        point_to(world, listener)
        world.take(a_decision())
        for number in range(2):
            next_try(world, number)
            send(POLICE, desk(world, listener.origin))
        first, second = (signed_at(read(one)[0]) for one in listener.requests)
    assert second - first == timedelta(seconds=STEPS[1])
