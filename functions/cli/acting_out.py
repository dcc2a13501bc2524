"""What people and the mail service do in the middle of a story: each ends with what came of it, in words."""

import json
import re
import ssl
from datetime import UTC, datetime
from typing import Any, assert_never
from uuid import uuid4

import httpx

from functions.adapters import aws
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.everything import Everything
from functions.adapters.ledger.store import Item
from functions.cli.acts import Acting
from functions.cli.failure import CommandError
from functions.cli.outputs import REPO, Outputs
from functions.cli.releasing import release_words, released
from functions.cli.scenarios import Act, Bounce, Call, Confirm, Release
from functions.cli.sinks import read_mails
from functions.cli.waiting import until
from functions.domain.wording.reader_roles import READER_ROLES
from functions.flows.acting.done import WhichTask, done
from schemas.codes import AuditKind, Channel, TaskKind

RECEIPT = REPO / "events" / "receipt.came-back.json"
READ_LINK = re.compile(r"https://\S+/read/[0-9a-f]{32}\b")
FOLLOWS_WITHIN_SECONDS = 60.0
ANSWERS_WITHIN_SECONDS = 30.0


def act_out(act: Act, outputs: Outputs, everything: Everything) -> str:
    """Does it on the running stack. Raises CommandError with what stands in the way."""
    match act:
        case Release():
            return _release(act, outputs)
        case Bounce():
            return _come_back(act, outputs, everything)
        case Call():
            return _call(act, outputs)
        case Confirm():
            return _confirm(act, outputs, everything)
        case _:
            assert_never(act)


def _release(act: Release, outputs: Outputs) -> str:
    """A manager's act, as `mash release` does it."""
    return release_words(
        released(
            outputs,
            act.ref,
            child=None,
            agency=act.agency,
            allegation=act.allegation,
            reason=act.reason,
            request=str(uuid4()),
        )
    )


def _call(act: Call, outputs: Outputs) -> str:
    """A call that was made, as `mash done` says so."""
    at = Acting.of(outputs)
    came = done(WhichTask(act.task, act.ref, agency_id=act.agency), at.order(act.reason), at.desk)
    return f"done; {came.told} message{'s' if came.told != 1 else ''} counted as told by telephone"


def _come_back(act: Bounce, outputs: Outputs, everything: Everything) -> str:
    """Onto the queue behind the bus, on which nobody may put the mail service's events."""
    started = _mailed(act.ref, act.agency, everything)
    (address,) = next(mail.to for mail in read_mails(outputs.emails_folder) if _is(mail.sha256, started))
    event = came_back(started["message_id"], started["attempt"], address, datetime.now(UTC))
    aws.sqs().send_message(QueueUrl=outputs.receipts_queue_url, MessageBody=json.dumps(event))
    if not until(lambda: _is_called_for(act, everything), FOLLOWS_WITHIN_SECONDS):
        raise CommandError(f"Nobody was asked to call {act.agency} within {FOLLOWS_WITHIN_SECONDS:.0f} s.")
    return f"it says that the e-mail to {act.agency} came back for good"


def _is_called_for(act: Bounce, everything: Everything) -> bool:
    fired = (row for row in _rows(act.ref, everything) if row["type"] == AuditKind.CLOCK_FIRED)
    return any(row.get("task") == TaskKind.CALL_UNTOLD for row in fired)


def came_back(message_id: str, attempt: int, address: str, at: datetime) -> dict[str, Any]:
    """The receipt of events/, about this message."""
    event: dict[str, Any] = json.loads(RECEIPT.read_bytes())
    mail, bounce = event["detail"]["mail"], event["detail"]["bounce"]
    mail["tags"] |= {"message_id": [message_id], "attempt": [str(attempt)]}
    mail["destination"] = [address]
    bounce["bouncedRecipients"][0]["emailAddress"] = address
    event["time"] = mail["timestamp"] = bounce["timestamp"] = at_text(at)
    return event


def _confirm(act: Confirm, outputs: Outputs, everything: Everything) -> str:
    """Two openings first, as a mail filter and a reader would."""
    started = _mailed(act.ref, act.agency, everything)
    mail = next(mail for mail in read_mails(outputs.emails_folder) if _is(mail.sha256, started))
    link = READ_LINK.search(mail.text.read_text(encoding="utf-8"))
    if link is None:
        raise CommandError(f"The e-mail to {act.agency} has no link to confirm it by.")
    known = ssl.create_default_context(cafile=str(outputs.ca_bundle))
    with httpx.Client(verify=known, trust_env=False, timeout=ANSWERS_WITHIN_SECONDS) as browser:
        for _ in range(2):
            browser.get(link[0]).raise_for_status()
        before = _confirmed(act, everything)
        browser.post(link[0], data={"role": act.role.value}).raise_for_status()
    confirmed = f"{READER_ROLES[act.role]} is chosen, the button pressed: {_confirmed(act, everything)}"
    return f"opened twice: {before}; then {confirmed}"


def _confirmed(act: Confirm, everything: Everything) -> str:
    """By the trail, not by what the page says."""
    times = sum(row["type"] == AuditKind.ACK for row in _rows(act.ref, everything))
    return {0: "nothing is confirmed", 1: "confirmed"}.get(times, f"confirmed {times} times")


def _mailed(ref: str, agency: str, everything: Everything) -> Item:
    """The STARTED row of the newest e-mail to the agency."""
    sent = [
        row
        for row in _rows(ref, everything)
        if row["type"] == AuditKind.ATTEMPT_STARTED
        and (row["agency"], row["chan"]) == (agency, Channel.EMAIL)
    ]
    if not sent:
        raise CommandError(f"No e-mail has left for {agency} about {ref}.")
    return sent[-1]


def _is(sha256: str, started: Item) -> bool:
    return sha256 == str(started["body_sha256"])


def _rows(ref: str, everything: Everything) -> list[Item]:
    return [row.item for row in everything.rows() if row.referral_ref == ref]
