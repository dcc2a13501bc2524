"""What SES says of the worked example's e-mail to probation, as kept under events/; a test may bend it."""

import copy
import json
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).parents[1] / "events"
MESSAGE_ID = "msg_eaeb5c99a82380665832f0cee05f291c"
MAILBOX = "mash@north-probation.secure.example"
KINDS = tuple(sorted(path.name.split(".")[1] for path in EVENTS.glob("receipt.*.json")))


def ses_event(kind: str) -> dict[str, Any]:
    """The whole event of one kind."""
    return dict(json.loads((EVENTS / f"receipt.{kind}.json").read_bytes()))


def said(kind: str, *, message_id: str = MESSAGE_ID, attempt: object = 1, at: str | None = None) -> str:
    """The event as a queue message, about another message, attempt or time."""
    event = copy.deepcopy(ses_event(kind))
    tags = event["detail"]["mail"]["tags"]
    tags["message_id"], tags["attempt"] = [message_id], [str(attempt)]
    if at is not None:
        event["detail"]["mail"]["timestamp"] = at
        for section in event["detail"].values():
            if isinstance(section, dict) and "timestamp" in section:
                section["timestamp"] = at
    return json.dumps(event)
