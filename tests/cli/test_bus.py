"""Event files onto the bus: what is read, what goes where, and what is said when something does not go."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.cli.bus import Bus, Entry, read_entries
from functions.cli.failure import CommandError


class Events:
    """Takes what it is given, but for details that say `refuse`."""

    def __init__(self) -> None:
        self.calls: list[list[dict[str, str]]] = []

    def put_events(self, *, Entries: list[dict[str, str]]) -> Any:  # noqa: N803 - AWS's own word
        self.calls.append(Entries)
        answers = [
            {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}
            if "refuse" in entry["Detail"]
            else {"EventId": f"bus-{len(self.calls)}-{number}"}
            for number, entry in enumerate(Entries)
        ]
        return {"FailedEntryCount": sum("ErrorCode" in answer for answer in answers), "Entries": answers}


class Queue:
    """Takes anything but what says `refuse`."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> Any:  # noqa: N803 - AWS's own words
        if "refuse" in MessageBody:
            raise ClientError({"Error": {"Code": "InvalidMessageContents"}}, "SendMessage")
        self.bodies.append(MessageBody)
        return {"MessageId": f"queue-{len(self.bodies)}"}


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
def bus(events: Events, queue: Queue) -> Bus:
    return Bus(events, queue, bus_name="bus", intake_queue_url="queue")  # type: ignore[arg-type]


def written(folder: Path, content: str) -> Path:
    path = folder / "event.json"
    path.write_text(content, encoding="utf-8")
    return path


def entries(folder: Path, *details: object) -> list[Entry]:
    return read_entries(written(folder, json.dumps(list(details))))


def test_an_event_goes_under_its_own_type_and_source(tmp_path: Path, bus: Bus, events: Events) -> None:
    text = '{"event_type": "DECIDED", "source": "mash.case-system", "event_id": "e-1"}'
    (sent,) = bus.send(read_entries(written(tmp_path, text)))
    assert events.calls == [
        [{"EventBusName": "bus", "Source": "mash.case-system", "DetailType": "DECIDED", "Detail": text}]
    ]
    assert (sent.arrival_id, sent.past_the_bus, sent.is_a_decision) == ("bus-1-0", False, True)


def test_what_came_by_the_bus_is_sent_again_as_whoever_had_sent_it(
    tmp_path: Path, bus: Bus, events: Events
) -> None:
    """A kept copy of what was said in another's name does not become that one's word by being sent again."""
    event = {"event_type": "RELEASED", "source": "mash.case-system"}
    forged = json.dumps({"detail-type": "RELEASED", "source": "police.ra-feed", "detail": event})
    bus.send(read_entries(written(tmp_path, forged)))
    ((entry,),) = events.calls
    assert (entry["Source"], json.loads(entry["Detail"])) == ("police.ra-feed", event)


@pytest.mark.parametrize("source", [None, 7, ""])
def test_a_wrapping_that_says_nobody_leaves_it_to_the_event(
    tmp_path: Path, bus: Bus, events: Events, source: object
) -> None:
    event = {"event_type": "RELEASED", "source": "mash.case-system"}
    text = json.dumps({"detail-type": "RELEASED", "source": source, "detail": event})
    bus.send(read_entries(written(tmp_path, text)))
    ((entry,),) = events.calls
    assert entry["Source"] == "mash.case-system"


def test_an_array_is_sent_ten_at_a_time_and_reported_in_order(
    tmp_path: Path, bus: Bus, events: Events
) -> None:
    sent = bus.send(entries(tmp_path, *({"event_type": "DECIDED", "n": n} for n in range(23))))
    assert [len(call) for call in events.calls] == [10, 10, 3]
    assert [one.entry.detail for one in sent] == [{"event_type": "DECIDED", "n": n} for n in range(23)]


def test_a_call_never_carries_more_than_the_bus_takes(tmp_path: Path, bus: Bus, events: Events) -> None:
    bus.send(entries(tmp_path, *({"event_type": "DECIDED", "x": "x" * 60_000} for _ in range(9))))
    assert max(sum(len(entry["Detail"]) for entry in call) for call in events.calls) <= 240_000


def test_an_event_without_a_type_is_sent_to_be_refused_visibly(
    tmp_path: Path, bus: Bus, events: Events
) -> None:
    bus.send(entries(tmp_path, {"event_type": 7, "source": ""}))
    ((entry,),) = events.calls
    assert (entry["DetailType"], entry["Source"]) == ("UNSTATED", "unknown")


@pytest.mark.parametrize("content", ['{"event_type": "DECIDED",', "not JSON at all", "[1", "[" * 100_000])
def test_what_is_no_json_goes_to_the_intake_queue(
    tmp_path: Path, bus: Bus, events: Events, queue: Queue, content: str
) -> None:
    (sent,) = bus.send(read_entries(written(tmp_path, content)))
    assert (events.calls, queue.bodies, sent.past_the_bus) == ([], [content], True)


def test_an_event_over_the_limit_goes_to_the_intake_queue(
    tmp_path: Path, bus: Bus, events: Events, queue: Queue
) -> None:
    bus.send(entries(tmp_path, {"event_type": "DECIDED", "x": "x" * 70_000}, {"event_type": "DECIDED"}))
    assert ([len(call) for call in events.calls], len(queue.bodies)) == ([1], 1)


def test_forms_and_heartbeats_are_no_decisions(tmp_path: Path, bus: Bus) -> None:
    sent = bus.send(
        entries(tmp_path, {"event_type": "RA_FORM_METADATA"}, {"event_type": "RA_FEED_HEARTBEAT"}, {})
    )
    assert [one.is_a_decision for one in sent] == [False, False, True]


def test_entries_that_did_not_go_are_named(tmp_path: Path, bus: Bus) -> None:
    unsent = entries(tmp_path, {"event_type": "DECIDED"}, {"x": "refuse"}, {"x": "x" * 1_100_000})
    with pytest.raises(CommandError) as failed:
        bus.send([*unsent, Entry("text.json", "refuse", None), Entry("empty.json", "", None)])
    said = failed.value.format_message()
    assert said.startswith("1 sent, 4 not:")
    assert "event.json[1]: the bus said ThrottlingException" in said
    assert "event.json[2]: 1100009 bytes; neither bus nor queue takes that" in said
    assert "text.json: the intake queue said InvalidMessageContents" in said
    assert "empty.json: 0 bytes" in said
    assert said.endswith("Send those again.")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read"),
        (b"\xff\xfe{}", "is not UTF-8 text; save it as UTF-8"),
        (b"", "is empty: put an event in it"),
        (b"\xef\xbb\xbf \n", "is empty: put an event in it"),
        (b" [] ", "holds an empty array: there is nothing to send"),
        (b"7", r"event\.json is not a JSON object"),
        (b'[{"event_type": "DECIDED"}, "text"]', r"event\.json\[1\] is not a JSON object"),
    ],
)
def test_a_file_that_holds_nothing_to_send_says_why(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "event.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=says):
        read_entries(path)


def test_a_byte_order_mark_is_no_part_of_the_event(tmp_path: Path) -> None:
    (path := tmp_path / "event.json").write_bytes(b'\xef\xbb\xbf{"event_type": "DECIDED"}')
    (entry,) = read_entries(path)
    assert (entry.detail_type, entry.text) == ("DECIDED", '{"event_type": "DECIDED"}')
