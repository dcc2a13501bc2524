"""Whether an agency was told is no stranger's to learn, though a message's id can be worked out."""

from dataclasses import replace
from datetime import datetime

import boto3
import pytest

from functions.adapters.errors import BusyError
from functions.adapters.patience import Patience
from functions.adapters.rest_api import Request, Response
from functions.adapters.signing import LiveSecrets, SecretShelf
from functions.flows.acknowledging.answer import answer
from schemas.codes import Channel
from tests.readers import (
    A_STRANGERS_SECRET,
    POLICE_SECRET,
    PREFIX,
    confirm_desk,
    confirmation,
    keep_secrets,
    posted,
    problem,
    signed,
)
from tests.stage_tables import REGION
from tests.world import World, a_decision

UNKNOWN_ID = "msg_" + "5bad" * 8


class Clock:
    """Stands still but for what takes time."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def reads(self) -> float:
        return self.seconds

    def takes(self, seconds: float) -> None:
        self.seconds += seconds


class SlowShelf(SecretShelf):
    """A secret that is there takes a quarter of a second: it must be decrypted."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(boto3.client("secretsmanager", region_name=REGION), PREFIX)
        self._clock = clock

    def live(self, agency_id: str, now: datetime) -> LiveSecrets:
        found = super().live(agency_id, now)
        self._clock.takes(0.25)
        return found


class ShelfThatIsDown(SlowShelf):
    """The secret store gives no answer."""

    def live(self, agency_id: str, now: datetime) -> LiveSecrets:
        raise BusyError(agency_id)


def timed(world: World, request: Request, shelf: type[SlowShelf] = SlowShelf) -> tuple[Response, float]:
    """The answer, and after how many seconds it came."""
    clock = Clock()
    patience = Patience(clock.reads, clock.takes, jitter=lambda: 0.0)
    desk = replace(confirm_desk(world), secrets=shelf(clock), patience=patience)
    return answer(request, desk), clock.seconds


@pytest.fixture
def told(world: World) -> World:
    """The worked example, told; the police have a secret and probation has none."""
    keep_secrets("north-police", POLICE_SECRET)
    world.take(a_decision())
    assert world.send_due() == 2
    return world


def of_police(world: World) -> str:
    return str(world.delivery("north-police", Channel.WEBHOOK)["message_id"])


def from_a_stranger(world: World) -> list[Request]:
    """About a message of either agency, and about one that nobody was sent."""
    of_probation = world.delivery("north-probation", Channel.EMAIL)["message_id"]
    ids = (of_police(world), of_probation, UNKNOWN_ID)
    return [signed(world, confirmation(each), A_STRANGERS_SECRET) for each in ids]


def test_a_stranger_has_one_answer_in_one_time_whatever_was_sent(told: World) -> None:
    (known, *others) = [timed(told, request) for request in from_a_stranger(told)]
    response, seconds = known
    assert (response.status, seconds) == (401, 1.0)
    assert (problem(response)["field"], problem(response)["reason"]) == ("webhook-signature", "BAD_SIGNATURE")
    assert others == [known] * 2


def test_the_trail_alone_has_what_was_wrong(told: World) -> None:
    for request in from_a_stranger(told):
        posted(told, request)
    reasons = [row["reason"] for row in told.refused()]
    assert reasons == ["BAD_SIGNATURE", "BAD_SIGNATURE", "UNKNOWN_MESSAGE"]


def test_a_stranger_adds_nothing_to_the_rows_of_an_agency(told: World) -> None:
    for request in from_a_stranger(told):
        posted(told, request)
    assert not [row for row in told.refused() if {"agency", "gpk", "gsk"} & row.keys()]


def test_an_outage_of_the_secrets_tells_no_more(told: World) -> None:
    (known, *others) = [timed(told, request, ShelfThatIsDown) for request in from_a_stranger(told)]
    assert known[0].status == 503
    assert others == [known] * 2


def test_an_agencys_own_system_does_not_wait(told: World) -> None:
    response, seconds = timed(told, signed(told, confirmation(of_police(told)), POLICE_SECRET))
    assert (response.status, seconds) == (204, 0.25)


def test_who_has_a_secret_under_the_name_of_nobody_confirms_nothing(told: World) -> None:
    """By that name it is asked who signed for a message that nobody was sent."""
    keep_secrets("unknown", A_STRANGERS_SECRET)
    assert posted(told, signed(told, confirmation(UNKNOWN_ID), A_STRANGERS_SECRET)).status == 401
