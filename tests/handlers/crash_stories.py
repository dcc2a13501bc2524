"""What goes wrong outside without anybody's crash: receivers that fail, mail that comes back, readers who do
not read; and the canaries that look for it."""

import json
from datetime import timedelta
from http import HTTPStatus

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Change
from functions.handlers import sweep_due
from schemas.codes import Channel
from tests.handlers.crash_life import Asked, Call, Letters
from tests.handlers.crash_programs import BUS_ID, BUSY_FOR_HOURS, REF, TO_POLICE, TO_PROBATION, told
from tests.handlers.crash_stage import UNCLEAR, MailError, Stage
from tests.mail_events import said
from tests.world import a_decision, a_duplicate, a_receipt, a_revision, change_agency, wrapped

CANARY = json.dumps({"pk": "G#north-police", "sk": "CANARY"})
TO_POLICE_INSTEAD = json.dumps({"pk": f"R#{REF}", "sk": "N#01#0001#north-police#fallback"})
TOO_FAST = MailError("TooManyRequestsException", 429)
NOT_RENDERED = MailError("MessageRejected")


class _SenderDies(BaseException):
    """The one who sent it is gone before anything is known of it."""


def a_referral_arrives(stage: Stage) -> Asked:
    """Two children, one decided before."""
    stage.world.take(a_decision())
    return Letters("intake", (wrapped(a_receipt(1, 2), BUS_ID.format(6)),))


def a_revision_of_what_was_told(stage: Stage) -> Asked:
    told(stage)
    return Letters("intake", (wrapped(a_revision(), BUS_ID.format(7)),))


def a_duplicate_of_what_was_told(stage: Stage) -> Asked:
    told(stage)
    return Letters("intake", (wrapped(a_duplicate(), BUS_ID.format(8)),))


def mail_that_is_sent_too_fast(stage: Stage) -> Asked:
    """The mail service says so of the first."""
    stage.world.take(a_decision())
    stage.mail_service_says = lambda number: TOO_FAST if number == 1 else None
    return Letters("email", (TO_PROBATION,))


def mail_of_which_nobody_knows(stage: Stage) -> Asked:
    """The mail service fails over the first, which it has sent; two crashes more leave an attempt for the
    last."""
    stage.environment.setenv("RETRY_STEPS", "0,10,60,60")
    stage.world.take(a_decision())
    stage.mail_service_says = lambda number: UNCLEAR if number == 1 else None
    return Letters("email", (TO_PROBATION,))


def mail_that_is_refused(stage: Stage) -> Asked:
    """Somebody must ring: no other try will do."""
    stage.world.take(a_decision())
    stage.mail_service_says = lambda _: NOT_RENDERED
    return Letters("email", (TO_PROBATION,))


def a_canary_to_send(stage: Stage) -> Asked:
    _agrees_to_canaries(stage)
    return Letters("webhook", (CANARY,))


def a_canary_that_finds_an_endpoint_failing(stage: Stage) -> Asked:
    """It is the probe, and closes the breaker."""
    _agrees_to_canaries(stage)
    stage.world.take(a_decision())
    _endpoint(stage, breaker="OPEN")
    return Letters("webhook", (CANARY,))


def an_endpoint_that_fails(stage: Stage) -> Asked:
    """The first attempt at an unknown endpoint, and every other: somebody must ring its owner."""
    stage.world.take(a_decision())
    _endpoint(stage, breaker=None)
    stage.police_answer = lambda _: HTTPStatus.SERVICE_UNAVAILABLE
    return Letters("webhook", (TO_POLICE,))


def an_endpoint_that_is_back(stage: Stage) -> Asked:
    """A delivery is the probe, and closes the breaker; where that was left undone, a canary does."""
    _agrees_to_canaries(stage)
    stage.world.take(a_decision())
    _endpoint(stage, breaker="OPEN")
    return Letters("webhook", (TO_POLICE,))


def an_endpoint_that_is_gone(stage: Stage) -> Asked:
    """It is paused at once, and an e-mail takes the webhook's place."""
    stage.world.take(a_decision())
    stage.police_answer = lambda _: HTTPStatus.GONE
    return Letters("webhook", (TO_POLICE,))


def a_webhook_that_an_email_replaces(stage: Stage) -> Asked:
    """Nobody has been told for longer than half an hour, and now the endpoint is gone."""
    world, morning = stage.world, stage.world.now
    world.now = morning - timedelta(minutes=31)
    world.take(a_decision())
    world.now = morning
    stage.police_answer = lambda _: HTTPStatus.GONE
    return Call(sweep_due.handler, dict)


def nobody_has_read(stage: Stage) -> Asked:
    """Four hours and more after they were told, two agencies are to be rung."""
    world, morning = stage.world, stage.world.now
    world.now = morning - timedelta(hours=5)
    told(stage)
    world.hear(said("delivered"))
    world.now = morning
    return Call(sweep_due.handler, dict)


def nobody_has_rung(stage: Stage) -> Asked:
    """A day after the mail of which nothing was heard, and after the call that nobody made: an alarm."""
    world, morning = stage.world, stage.world.now
    world.now = morning - timedelta(days=1)
    told(stage)
    world.now = morning - timedelta(hours=20)
    world.send_due()
    world.now = morning
    return Call(sweep_due.handler, dict)


def a_canary_is_due(stage: Stage) -> Asked:
    _agrees_to_canaries(stage)
    return Call(sweep_due.handler, dict)


def a_mail_told_of_before_its_end(stage: Stage) -> Asked:
    """Its sender died, and the mail service says that it arrived."""
    _left_by_a_sender_who_died(stage)
    return Letters("receipts", (said("accepted"), said("delivered")))


def a_mail_that_came_back_before_its_end(stage: Stage) -> Asked:
    """Its sender died, and the mail service says that it came back: it is not sent again."""
    _left_by_a_sender_who_died(stage)
    return Letters("receipts", (said("came-back"),))


def a_complaint_of_what_had_arrived(stage: Stage) -> Asked:
    told(stage)
    stage.world.hear(said("delivered"))
    return Letters("receipts", (said("complained"), said("suppressed", message_id="msg_of_another_stage")))


def a_fallback_that_nobody_could_send(stage: Stage) -> Asked:
    """The e-mail in a webhook's place is a dead letter as well."""
    world, morning = stage.world, stage.world.now
    world.now = morning - timedelta(minutes=31)
    world.take(a_decision())
    world.police.answers = [BUSY_FOR_HOURS]
    world.send_due()
    world.now = morning
    world.send_due()
    world.doors[Channel.FALLBACK].answers = [BUSY_FOR_HOURS]
    world.send_due()
    return Letters("dead", (TO_POLICE_INSTEAD, TO_POLICE))


def _agrees_to_canaries(stage: Stage) -> None:
    agency = stage.world.store.get("state", "G#north-police", keys.HEAD) or {}
    change_agency(stage.world, "north-police", canary=True)
    stage.world.directory.mark_checked(
        "north-police", agency["url"], by="duty-engineer", method="HANDSHAKE", now=stage.world.now
    )


def _endpoint(stage: Stage, *, breaker: str | None) -> None:
    """What is known of the police's, the cooldown of an open breaker being over."""
    store, address = stage.world.store, (keys.agency("north-police"), keys.ENDPOINT)
    known = Change({"breaker": breaker}) if breaker else Change({}, remove=("breaker",))
    store.write([store.update("endpoint", store.state, address, change=known)])


def _left_by_a_sender_who_died(stage: Stage) -> None:
    def dies() -> None:
        raise _SenderDies

    world = stage.world
    world.take(a_decision())
    world.mailbox.while_sending = dies
    with pytest.raises(_SenderDies):
        world.send_due()
    world.mailbox.while_sending = lambda: None
