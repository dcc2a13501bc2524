"""For each deployed function what makes it do its work as a rule."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from boto3.dynamodb.types import TypeSerializer

from functions.adapters.signing import signed_headers
from functions.domain.delivery import Answer
from functions.handlers import (
    acknowledge,
    count_outcomes,
    reconcile,
    recount_days,
    relay_deliveries,
    sweep_due,
)
from schemas.codes import AttemptResult, Channel, ErrorWord
from tests.flows.accounts import Damaged
from tests.flows.chases import a_beat, at, reminded
from tests.forms import a_complete_form_event
from tests.handlers.conftest import a_context
from tests.handlers.crash_life import Asked, Call, Letters
from tests.handlers.crash_stage import Stage
from tests.handlers.pages import FORM_PAGE, PAGE, a_proxy_event, form
from tests.handlers.test_count_outcomes import stream_of
from tests.mail_events import said
from tests.readers import FORM_DONE, POLICE_SECRET, confirmation, form_token_for, token_for
from tests.world import a_decision, a_receipt, a_revision, an_event_id, wrapped

REF = "NS-26-7KQ4ZP"
TO_POLICE = json.dumps({"pk": f"R#{REF}", "sk": "N#01#0001#north-police#webhook"})
TO_PROBATION = json.dumps({"pk": f"R#{REF}", "sk": "N#01#0001#north-probation#email"})
BUSY_FOR_HOURS = Answer(
    AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503, hint=timedelta(hours=3)
)
BUS_ID = "11111111-0000-4000-8000-00000000000{}"


def a_decision_comes(stage: Stage) -> Asked:
    return Letters("intake", (wrapped(a_decision(), BUS_ID.format(1)),))


def a_form_and_nonsense_come(stage: Stage) -> Asked:
    stage.world.take(a_decision())
    return Letters("intake", (wrapped(a_complete_form_event(), BUS_ID.format(2)), "not json at all"))


def a_revision_of_what_is_held(stage: Stage) -> Asked:
    stage.world.take(a_decision(primary_outcome="EMP"))
    return Letters("intake", (wrapped(a_revision(), BUS_ID.format(3)),))


def a_decision_that_a_person_must_release(stage: Stage) -> Asked:
    return Letters("intake", (wrapped(a_decision(primary_outcome="EMP"), BUS_ID.format(4)),))


def mail_to_send(stage: Stage) -> Asked:
    stage.world.take(a_decision())
    return Letters("email", (TO_PROBATION,))


def a_webhook_to_send(stage: Stage) -> Asked:
    stage.world.take(a_decision())
    return Letters("webhook", (TO_POLICE,))


def receipts_of_a_mail(stage: Stage) -> Asked:
    told(stage)
    return Letters("receipts", (said("accepted"), said("delivered"), "nonsense"))


def a_mail_that_came_back(stage: Stage) -> Asked:
    told(stage)
    return Letters("receipts", (said("came-back"),))


def dead_letters(stage: Stage) -> Asked:
    """A delivery's, which is not due again for hours, and an event's."""
    stage.world.take(a_decision())
    stage.world.police.answers = [BUSY_FOR_HOURS]
    stage.world.send_due()
    other = a_decision(event_id=an_event_id("dead"), child_index=2)
    return Letters("dead", (TO_POLICE, wrapped(other, BUS_ID.format(5))))


def new_deliveries(stage: Stage) -> Asked:
    stage.world.take(a_decision())
    serialize = TypeSerializer().serialize
    items = stage.world.all_items("state")
    images = [{name: serialize(value) for name, value in item.items()} for item in items]
    records = [{"eventName": "INSERT", "dynamodb": {"NewImage": image}} for image in images]
    return Call(relay_deliveries.handler, lambda: {"Records": records})


def a_minute_of_the_sweep(stage: Stage) -> Asked:
    """Two deliveries to queue, the clock of a hold, and that of a mail of which nothing was heard."""
    world, morning = stage.world, stage.world.now
    world.now = morning - timedelta(hours=3)
    world.take(a_decision())
    world.send_due()
    held = {"referral_ref": "NS-26-HE1D00", "event_id": an_event_id("held"), "primary_outcome": "EMP"}
    world.take(a_decision(**held, source_seq=4183))
    world.now = morning
    fresh = {"referral_ref": "NS-26-FRE5H0", "event_id": an_event_id("fresh"), "source_seq": 4184}
    world.take(a_decision(**fresh))
    return Call(sweep_due.handler, dict)


def a_quarter_of_an_hour_of_accounts(stage: Stage) -> Asked:
    """Yesterday's statement, and a delivery that is gone."""
    world, morning = stage.world, stage.world.now
    world.now = morning - timedelta(days=1)
    world.take(a_decision(source_seq=None))
    world.send_due()
    world.now = morning
    deliveries = [item for item in stage.deliveries() if "north-police" in item["sk"]]
    Damaged(world).take_away("state", deliveries[0])
    return Call(reconcile.handler, dict)


def new_rows_to_count(stage: Stage) -> Asked:
    """A referral that was counted when it came, and has been decided and told since."""
    stage.world.take(a_receipt())
    count_outcomes.handler(stream_of(stage.world), a_context())
    told(stage)
    return Call(count_outcomes.handler, lambda: stream_of(stage.world))


def a_night_of_counting(stage: Stage) -> Asked:
    """The stream lost what was decided yesterday."""
    world, morning = stage.world, stage.world.now
    world.now = morning - timedelta(days=1)
    world.take(a_receipt())
    world.take(a_decision(source_seq=None))
    world.send_due()
    world.now = morning
    return Call(recount_days.handler, dict)


def somebody_presses_the_button(stage: Stage) -> Asked:
    told(stage)
    token = token_for(stage.world, "north-probation", Channel.EMAIL)

    def pressed() -> dict[str, Any]:
        return a_proxy_event("POST", PAGE, token=token, body=form("MANAGER"))

    return Call(acknowledge.handler, pressed, lambda answer: answer["statusCode"] == 200)


def a_system_confirms(stage: Stage) -> Asked:
    told(stage)
    message_id = stage.world.delivery("north-police", Channel.WEBHOOK)["message_id"]
    body = confirmation(message_id)

    def signed_now() -> dict[str, Any]:
        headers = signed_headers("msg_2b7f0c92ad3e41860b6d", body, (POLICE_SECRET,), now=datetime.now(UTC))
        named = {name.title(): value for name, value in headers.items()}
        return a_proxy_event("POST", "/confirmations", body=body.decode(), headers=named)

    return Call(acknowledge.handler, signed_now, lambda answer: answer["statusCode"] == 204)


def the_police_say_that_their_form_is_done(stage: Stage) -> Asked:
    """By the link of a reminder; what they say goes by the bus, and is recorded once.

    The second reminder has gone, and the feed has just spoken: nothing else will be looked at today.
    """
    world, morning = stage.world, stage.world.now
    reminded(world).now = morning
    a_beat(world)
    token = form_token_for(at(world, morning))

    def sent() -> dict[str, Any]:
        return a_proxy_event("POST", FORM_PAGE, token=token, body=urlencode(FORM_DONE))

    return Call(acknowledge.handler, sent, lambda answer: answer["statusCode"] == 200)


def told(stage: Stage) -> None:
    stage.world.take(a_decision())
    stage.world.send_due()
