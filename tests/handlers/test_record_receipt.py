"""The door of the mail receipts: each answered for alone, and what it says is in the trail."""

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters.ledger import keys
from functions.handlers import record_receipt
from tests.handlers.conftest import sqs_event
from tests.mail_events import MAILBOX, said
from tests.stage_tables import REGION
from tests.world import World, a_decision


@pytest.fixture
def sent(world: World) -> World:
    world.take(a_decision())
    world.send_due()
    return world


def test_what_ses_says_is_in_the_trail_and_moves_the_delivery(sent: World, context: LambdaContext) -> None:
    letters = sqs_event(said("accepted"), said("delivered"), queue="receipts")
    assert record_receipt.handler(letters, context) == {"batchItemFailures": []}
    rows = [row for row in sent.rows() if row["type"] == "RECEIPT"]
    assert [(row["receipt"], row["agency"]) for row in rows] == [
        ("ACCEPTED", "north-probation"),
        ("DELIVERED", "north-probation"),
    ]
    assert sent.all_items("state")
    found = sent.store.get("state", keys.referral("NS-26-7KQ4ZP"), "N#01#0001#north-probation#email")
    assert found is not None
    assert (found["rcpt"], found["st"], found["watch"]) == ("DELIVERED", "SENT", "UNREAD")


def test_a_receipt_that_must_wait_comes_back_alone_and_a_foreign_one_does_not(
    sent: World, context: LambdaContext
) -> None:
    letters = sqs_event(
        "nonsense",
        said("accepted", message_id=f"msg_{'0' * 32}"),
        said("came-back"),
        queue="receipts",
    )
    answer = record_receipt.handler(letters, context)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0002"}]}
    (refused,) = sent.refused()
    assert (refused["reason"], refused["cause"]) == ("NOT_JSON", "message-0001")
    suppressed = sent.store.get("state", keys.suppressed(MAILBOX), keys.SUPPRESSED)
    assert suppressed is not None
    # Nothing of this is kept where raw events are.
    assert "Contents" not in boto3.client("s3", region_name=REGION).list_objects_v2(Bucket=sent.bucket)
