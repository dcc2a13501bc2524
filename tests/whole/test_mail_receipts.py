"""What SES says afterwards, taken in by the deployed function; the emulator's SES itself says nothing."""

from collections.abc import Iterator

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.items import sent_to
from tests.mail_events import said
from tests.whole.conftest import Stack, an_event, eventually, mash

REF = "NS-26-WHOLE09"


@pytest.fixture
def mailbox_comes_back(stack: Stack) -> Iterator[None]:
    """Other tests of this stack are told by that mailbox: afterwards it takes mail again."""
    yield
    for key, item in stack.everything.deliveries().items():
        if key.ref == REF and key.channel.is_email:
            stack.client("dynamodb").delete_item(
                TableName=stack.outputs["state_table_name"],
                Key={"pk": {"S": item[sent_to(1)]}, "sk": {"S": keys.SUPPRESSED}},
            )


@pytest.mark.usefixtures("mailbox_comes_back")
def test_mail_that_came_back_is_in_the_trail_and_calls_a_person(stack: Stack) -> None:
    """By way of the queue: on a bus only AWS may put events of `aws.ses`."""
    stack.send(
        an_event("decision.neglect-joint", referral_ref=REF, event_id="11111111-0000-4000-8000-000000000009")
    )
    assert eventually(lambda: stack.kinds(REF).count("ATTEMPT_CLOSED") == 2), stack.kinds(REF)
    (mailed,) = [
        row.item for row in stack.rows(REF) if row.item.get("chan") == "email" and "level" in row.item
    ]
    for kind in ("accepted", "came-back", "came-back"):
        stack.client("sqs").send_message(
            QueueUrl=stack.outputs["receipts_queue_url"],
            MessageBody=said(kind, message_id=mailed["message_id"]),
        )
    assert eventually(lambda: stack.kinds(REF).count("RECEIPT") == 2), stack.kinds(REF)
    assert eventually(lambda: bool(stack.sweep()) and "CLOCK_FIRED" in stack.kinds(REF)), stack.kinds(REF)
    words = " ".join(mash("trail", REF, "--outputs", str(stack.outputs_file)).stdout.split())
    assert "The mail service confirms that the e-mail to north-probation (child 1, version 1, msg_" in words
    assert "came back: the mailbox does not take it (REFUSED_FOR_GOOD)" in words
    assert "For a person to do: call the agency: nothing shows that a message has reached it" in words
    tasks = mash("tasks", "--role", "DIRECTORY_OWNER", "--outputs", str(stack.outputs_file)).stdout
    assert "Find the agency's right address" in " ".join(tasks.split())


def test_the_mail_service_and_the_console_that_stand_up_here_are_ready(stack: Stack) -> None:
    answer = mash("ready", "--outputs", str(stack.outputs_file))
    assert (answer.returncode, answer.stdout.count("ok  ")) == (0, 10), answer.stdout
    assert "says where people sign in, and has keys" in answer.stdout
    assert "The console's sign-in page answers" in answer.stdout
