"""What a system receives beside the outcomes: the published example is what the service sends."""

import json

from functions.adapters.webhook import webhook_body
from functions.domain.wording.updates import MESSAGE_TYPES
from schemas.codes import Level, MessageType, NoticeReason, Series
from schemas.publish import PUBLICATIONS
from schemas.update import UpdateData, UpdateEvent
from tests.notices import A_TOKEN, an_update, update_pins

OF_AN_OUTCOME = {MessageType.OUTCOME, MessageType.OUTCOME_REVISED}


def test_the_published_example_comes_out_whole_and_in_its_key_order() -> None:
    (published,) = (one for one in PUBLICATIONS if one.name == "update")
    sent = webhook_body(an_update(), update_pins(), A_TOKEN)
    assert json.dumps(json.loads(sent)) == json.dumps(published.example())


def test_an_update_is_of_every_type_but_an_outcomes() -> None:
    types = UpdateData.model_fields["message_type"].annotation
    named = set(getattr(types, "__args__", ()))
    assert named == set(MessageType) - OF_AN_OUTCOME
    assert set(MESSAGE_TYPES.values()) <= named


def test_the_number_counts_the_series_and_stands_beside_it() -> None:
    sent = json.loads(
        webhook_body(an_update(Series.CONTRIBUTION, number=3), update_pins(Series.CONTRIBUTION), None)
    )
    assert (sent["data"]["news"]["series"], sent["data"]["news"]["number"]) == ("CONTRIBUTION", 3)


def test_a_notice_names_neither_the_child_nor_the_series() -> None:
    notice = update_pins(
        Series.CONTRIBUTION, level=Level.NOTICE, notice_reason=NoticeReason.MAILBOX_NOT_MANAGED
    )
    event = UpdateEvent.model_validate_json(webhook_body(an_update(Series.CONTRIBUTION), notice, None))
    assert (event.data.news, event.data.child_index, event.data.plan) == (None, None, None)
    assert event.data.said_instead is not None
    assert "Call the MASH on 01632 960 100 by 24 November 2026 at 1:40pm" in event.data.said_instead
