"""Read and confirmed: only the button confirms, once, and whoever has confirmed is called by nobody."""

import re
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.errors import BusyError
from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.store import Change, Item, Store
from functions.domain.delivery import LEASE, Answer
from functions.domain.read_link import hashed
from functions.domain.wording.outcomes import LABELS
from functions.domain.wording.reader_roles import READER_ROLES
from functions.flows.clocks.untold import fire_watch
from functions.flows.sending.send import send
from schemas.codes import AgencyType, AttemptResult, Channel, ErrorWord, Outcome, ReaderRole
from tests.flows.test_taking_in import interleaved
from tests.notices import A_TOKEN
from tests.readers import opened, pressed, token_for
from tests.world import (
    LosesAReply,
    World,
    a_decision,
    a_duplicate,
    a_registry,
    a_revision,
    an_agency,
    is_whole,
)

REF = "NS-26-7KQ4ZP"
UNREAD = "CALL_UNREAD#01#north-probation"
UNTOLD = "CALL_UNTOLD#01#north-probation"
TITLE = re.compile(r"<h1>(.*?)</h1>")
FAILED = Answer(AttemptResult.FAILED, error=ErrorWord.E_PROVIDER)
UNKNOWN = Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_TIMEOUT)
GONE = "This link no longer works"


@pytest.fixture
def told(world: World) -> World:
    """The worked example: police told by webhook, probation by e-mail, as DELIVERED as its receipt says."""
    world.take(a_decision())
    assert world.send_due() == 2
    arrives(world, "north-probation")
    return world


def arrives(world: World, agency: str, channel: Channel = Channel.EMAIL) -> None:
    """SES says that the e-mail is in the mailbox, and the clock of whoever must read it runs."""
    item = world.delivery(agency, channel)
    at = (world.now + timedelta(hours=4)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    change = Change(
        {
            "rcpt": "DELIVERED",
            "watch": "UNREAD",
            "watch_at": at,
            "watch_pk": item["watch_pk"],
            "watch_sk": f"{at}#{item['pk']}|{item['sk']}",
        }
    )
    world.store.write([world.store.update("x", "state", (item["pk"], item["sk"]), change=change)])


def probation(world: World) -> Item:
    return world.delivery("north-probation", Channel.EMAIL)


def token(world: World) -> str:
    return token_for(world, "north-probation", Channel.EMAIL)


def title(response: Any) -> str:
    found = TITLE.search(response.body)
    assert found
    return found[1]


def acks(world: World, ref: str = REF) -> list[tuple[str, str]]:
    """Each ACK row's agency and result, in order."""
    return [(row["agency"], row["result"]) for row in world.rows(ref) if row["type"] == "ACK"]


def open_calls(world: World) -> list[str]:
    return [name for name, task in world.tasks().items() if task["st"] != "DONE"]


# --- who only looks


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_the_link_however_often_confirms_nothing(told: World, method: str) -> None:
    """Mail scanners open links before anybody reads the message."""
    before = told.all_items("state"), told.all_items("audit")
    for _ in range(5):
        shown = opened(told, token(told), method)
        assert (shown.status, title(shown)) == (200, "Tell us you have read this message")
    assert (told.all_items("state"), told.all_items("audit")) == before
    assert "acked_at" not in probation(told)
    told.later(hours=4)
    told.send_due()
    assert UNREAD in open_calls(told)


def test_pressing_the_button_without_a_role_asks_for_one_and_confirms_nothing(told: World) -> None:
    before = told.all_items("state"), told.all_items("audit")
    for wrong in (
        pressed(told, token(told), None),
        pressed(told, token(told), "HEAD_OF_SERVICE"),
        pressed(told, token(told), "duty_worker"),
        pressed(told, token(told), None, rôle="DUTY_WORKER"),
    ):
        assert (wrong.status, title(wrong)) == (400, "Tell us you have read this message")
        assert 'href="#role">Choose your role</a>' in wrong.body
    assert (told.all_items("state"), told.all_items("audit")) == before


# --- who confirms


def test_the_button_is_one_row_of_its_referral_and_stops_the_clock(
    told: World, caplog: pytest.LogCaptureFixture
) -> None:
    told.later(minutes=3)
    shown = pressed(told, token(told), "DESIGNATED_SAFEGUARDING_LEAD")
    assert (shown.status, title(shown)) == (200, "Thank you")
    assert "24 November 2026 at 3:05pm" in shown.body
    row = told.rows()[-1]
    said = {
        name: row.get(name)
        for name in (
            "type",
            "agency",
            "child",
            "dver",
            "chan",
            "message_id",
            "result",
            "role",
            "method",
            "at",
        )
    }
    assert said == {
        "type": "ACK",
        "agency": "north-probation",
        "child": 1,
        "dver": 1,
        "chan": "email",
        "message_id": probation(told)["message_id"],
        "result": "CONFIRMED",
        "role": "DESIGNATED_SAFEGUARDING_LEAD",
        "method": "PAGE",
        "at": "2026-11-24T15:05:30.000Z",
    }
    assert is_whole(told.rows())
    item = probation(told)
    assert (item["st"], item["acked_at"]) == ("SENT", "2026-11-24T15:05:30.000Z")
    assert item["ack_role"] == "DESIGNATED_SAFEGUARDING_LEAD"
    assert not {"watch", "watch_at", "watch_pk", "watch_sk"} & item.keys()
    link = told.store.get("state", keys.token(hashed(token(told))), keys.READ_LINK)
    assert link is not None
    assert link["used_at"] == "2026-11-24T15:05:30.000Z"
    (line,) = [record for record in caplog.records if record.message == "ACKNOWLEDGED"]
    assert (line.__dict__["role"], line.__dict__["method"]) == ("DESIGNATED_SAFEGUARDING_LEAD", "PAGE")
    assert REF not in str(vars(line))


@pytest.mark.parametrize("role", ReaderRole)
def test_every_role_of_the_list_can_be_chosen_and_is_what_is_recorded(told: World, role: ReaderRole) -> None:
    shown = opened(told, token(told)).body
    assert f'value="{role.value}"' in shown
    assert f">{READER_ROLES[role]}</label>" in shown
    pressed(told, token(told), role.value)
    assert told.rows()[-1]["role"] == role.value


def test_nobody_rings_an_agency_that_has_confirmed(told: World) -> None:
    pressed(told, token(told))
    told.later(days=3)
    told.send_due()
    assert UNREAD not in open_calls(told)
    assert [
        row for row in told.rows() if row["type"] == "CLOCK_FIRED" and row["agency"] == "north-probation"
    ] == []


def test_one_agencys_reading_stops_no_other_agencys_clock(told: World) -> None:
    pressed(told, token(told))
    told.later(hours=4)
    told.send_due()
    assert open_calls(told) == ["CALL_UNREAD#01#north-police"]


def test_a_confirmation_ends_the_call_that_was_opened_because_nobody_had(told: World) -> None:
    told.later(hours=4)
    told.send_due()
    assert UNREAD in open_calls(told)
    pressed(told, token(told))
    assert UNREAD not in open_calls(told)
    assert told.tasks()[UNREAD]["st"] == "DONE"
    assert not {"due_pk", "work_pk"} & told.tasks()[UNREAD].keys()
    assert told.rows()[-1]["ended"] == [f"TASK#{UNREAD}"]
    told.later(hours=2)
    told.send_due()
    assert (
        "CLOCK_FIRED"
        not in [row["type"] for row in told.rows() if row.get("task_agency") == "north-probation"][1:]
    )


def test_a_confirmation_ends_the_call_about_a_message_that_nothing_showed_to_have_arrived(
    world: World,
) -> None:
    world.take(a_decision())
    world.mailbox.answers = [UNKNOWN]
    world.send_due()
    world.later(hours=2, minutes=1)
    fire_clocks(world)
    assert UNTOLD in open_calls(world)
    pressed(world, token(world))
    assert UNTOLD not in open_calls(world)


def fire_clocks(world: World) -> None:
    """The people's clocks of a sweep, without its sends."""
    for key in list(DueIndex(world.store).watched(world.now)):
        fire_watch(key, world.watch_desk)
    for key in list(DueIndex(world.store).watched(world.now)):
        fire_watch(key, world.watch_desk)


# --- one agency, two channels


@pytest.fixture
def by_two_channels(world: World) -> World:
    """West police, told by webhook and by e-mail."""
    west = an_agency("west-police", AgencyType.POLICE, Channel.WEBHOOK, Channel.EMAIL)
    world.apply(a_registry(west))
    agency = {"agency_id": "west-police", "own_ref": "43261124/0917"}
    world.take(a_decision(referring_agency=agency, involved_agencies=[]))
    assert world.send_due() == 2
    arrives(world, "west-police")
    return world


@pytest.mark.parametrize("channel", [Channel.WEBHOOK, Channel.EMAIL])
def test_reading_it_by_either_channel_stops_the_agencys_clock(
    by_two_channels: World, channel: Channel
) -> None:
    pressed(by_two_channels, token_for(by_two_channels, "west-police", channel))
    by_two_channels.later(hours=4)
    by_two_channels.send_due()
    assert open_calls(by_two_channels) == []
    assert "CLOCK_FIRED" not in by_two_channels.kinds()


@pytest.mark.parametrize("channel", [Channel.WEBHOOK, Channel.EMAIL])
def test_reading_it_by_either_channel_ends_the_call_that_the_other_opened(
    by_two_channels: World, channel: Channel
) -> None:
    by_two_channels.later(hours=4)
    by_two_channels.send_due()
    assert open_calls(by_two_channels) == ["CALL_UNREAD#01#west-police"]
    pressed(by_two_channels, token_for(by_two_channels, "west-police", channel))
    assert open_calls(by_two_channels) == []


def test_an_agency_that_has_read_the_email_is_not_rung_because_its_webhook_fails(world: World) -> None:
    west = an_agency("west-police", AgencyType.POLICE, Channel.WEBHOOK, Channel.EMAIL)
    world.apply(a_registry(west))
    agency = {"agency_id": "west-police", "own_ref": "43261124/0917"}
    world.police.answers = [FAILED]
    world.take(a_decision(referring_agency=agency, involved_agencies=[]))
    world.send_due()
    pressed(world, token_for(world, "west-police", Channel.EMAIL))
    world.later(hours=3)
    fire_clocks(world)
    assert world.delivery("west-police", Channel.WEBHOOK)["st"] == "RETRY"
    assert open_calls(world) == []
    assert "CLOCK_FIRED" not in world.kinds()


# --- who comes again, too late, or with nothing


def test_a_second_press_is_recorded_as_that_and_changes_nothing(told: World) -> None:
    pressed(told, token(told), "MANAGER")
    before = probation(told)
    told.later(days=1)
    again = pressed(told, token(told), "ADMINISTRATOR")
    assert (again.status, title(again)) == (200, "Already recorded")
    assert "24 November 2026 at 3:02pm" in again.body
    assert acks(told) == [("north-probation", "CONFIRMED"), ("north-probation", "ALREADY")]
    assert probation(told) == before
    assert is_whole(told.rows())


def test_whoever_opens_it_again_reads_that_it_is_recorded_and_no_row_is_written(told: World) -> None:
    pressed(told, token(told))
    for shown in (opened(told, token(told)), pressed(told, token(told), None)):
        assert (shown.status, title(shown)) == (200, "Already recorded")
    assert acks(told) == [("north-probation", "CONFIRMED")]


def test_a_link_works_for_fourteen_days_and_not_a_moment_longer(told: World) -> None:
    link = token(told)
    told.later(days=14, milliseconds=-1)
    assert title(opened(told, link)) == "Tell us you have read this message"
    told.later(milliseconds=1)
    assert title(opened(told, link)) == GONE
    assert title(pressed(told, link)) == GONE
    assert acks(told) == [("north-probation", "EXPIRED")]
    assert "acked_at" not in probation(told)


def test_a_used_link_ends_like_any_other(told: World) -> None:
    pressed(told, token(told))
    told.later(days=14)
    assert title(opened(told, token(told))) == GONE


def test_a_message_that_was_replaced_before_it_was_known_to_arrive_is_confirmed_by_nobody(
    world: World,
) -> None:
    world.take(a_decision())
    world.mailbox.answers = [FAILED]
    world.send_due()
    old = token(world)
    world.take(a_revision())
    assert probation(world)["st"] == "SUPERSEDED"
    assert title(opened(world, old)) == GONE
    assert title(pressed(world, old)) == GONE
    assert acks(world) == [("north-probation", "EXPIRED")]


def test_an_older_message_that_arrived_can_still_be_confirmed_and_answers_no_newer_call(told: World) -> None:
    old = token(told)
    told.take(a_revision())
    told.send_due()
    arrives_newer(told)
    told.later(days=4)
    told.send_due()
    assert told.tasks()[UNREAD]["dver"] == 2
    assert title(pressed(told, old)) == "Thank you"
    assert UNREAD in open_calls(told)
    assert title(pressed(told, token(told))) == "Thank you"
    assert UNREAD not in open_calls(told)


def arrives_newer(world: World) -> None:
    item = world.delivery("north-probation", Channel.EMAIL, seq=2)
    at = (world.now + timedelta(hours=4)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    change = Change(
        {"rcpt": "DELIVERED", "watch": "UNREAD", "watch_at": at, "watch_sk": f"{at}#{item['sk']}"}
    )
    world.store.write([world.store.update("x", "state", (item["pk"], item["sk"]), change=change)])


def test_a_message_that_a_person_stopped_is_confirmed_by_nobody(told: World) -> None:
    change = Change({"st": "CANCELLED"})
    item = probation(told)
    told.store.write([told.store.update("x", "state", (item["pk"], item["sk"]), change=change)])
    assert title(pressed(told, token(told))) == GONE
    assert acks(told) == [("north-probation", "EXPIRED")]


STRANGE = {
    "never given out": "5bad" * 8,
    "cut short": A_TOKEN[:20],
    "in capitals": A_TOKEN.upper(),
    "none at all": "",
    "somebody's name": "oliver-canary",
    "markup": "<script>alert(1)</script>",
    "another route": "../confirmations",
    "ten thousand letters": "a" * 10_000,
    "no text": "\ud800",
}


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_none_of_ours_looks_like_one_that_has_ended_and_is_put_on_record_without_it(
    told: World, strange: str, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    ended = token(told)
    shown = pressed(told, strange) if method == "POST" else opened(told, strange)
    told.later(days=14)
    assert shown == opened(told, ended)
    assert (shown.status, title(shown)) == (404, GONE)
    assert "01632 960 100" in shown.body
    (row,) = told.refused()
    assert row["pk"] == "X#2026-11-24#/confirmations"
    assert (row["field"], row["reason"], row["input"]) == ("token", "UNKNOWN_TOKEN", "CONFIRMATION")
    kept = (
        str(told.all_items("audit"))
        + str(told.all_items("state"))
        + str([vars(line) for line in caplog.records])
    )
    if strange:
        assert strange not in kept
    assert acks(told) == []


def test_refusals_of_one_day_are_one_chain(told: World) -> None:
    for _ in range(3):
        opened(told, "0" * 32)
    rows = told.store.partition("audit", "X#2026-11-24#/confirmations", "E#")
    assert len(rows) == 3
    assert is_whole(rows)


def test_a_link_whose_message_never_left_is_none(world: World) -> None:
    """A crash between the claim and the send leaves a link that nobody has."""
    world.take(a_decision())
    world.send_due()
    link = token(world)
    item = probation(world)
    change = Change({"attempt": 0, "st": "RETRY"})
    world.store.write([world.store.update("x", "state", (item["pk"], item["sk"]), change=change)])
    assert title(pressed(world, link)) == GONE
    assert acks(world) == []


# --- who is faster than our own record


def test_a_reader_who_is_faster_than_the_record_of_the_send_is_recorded(world: World) -> None:
    shown: list[str] = []

    def reads() -> None:
        shown.append(title(pressed(world, token(world))))

    world.mailbox.while_sending = reads
    world.take(a_decision(referring_agency=None))
    world.send_due()
    assert shown == ["Thank you"]
    kinds = world.kinds()
    assert kinds[-3:] == ["ATTEMPT_STARTED", "ACK", "ATTEMPT_CLOSED"]
    assert (world.rows()[-1]["result"], probation(world)["st"]) == ("SUCCESS", "SENT")
    assert "acked_at" in probation(world)
    world.later(days=3)
    fire_clocks(world)
    assert not {UNREAD, UNTOLD} & set(open_calls(world))
    assert "CLOCK_FIRED" not in world.kinds()
    assert is_whole(world.rows())


def test_a_webhooks_reader_who_is_faster_than_its_record_is_rung_by_nobody(world: World) -> None:

    def reads() -> None:
        pressed(world, token_for(world, "north-police", Channel.WEBHOOK))

    world.police.while_sending = reads
    world.take(a_decision(involved_agencies=[]))
    world.send_due()
    assert world.delivery("north-police", Channel.WEBHOOK)["rcpt"] == "DELIVERED"
    world.later(days=3)
    fire_clocks(world)
    assert open_calls(world) == []


class StopsHereError(Exception):
    """The function ends at this moment."""


@pytest.mark.parametrize(
    ("agency", "channel"), [("north-probation", Channel.EMAIL), ("north-police", Channel.WEBHOOK)]
)
def test_what_somebody_has_read_is_not_sent_again_though_its_sender_never_came_back(
    world: World, agency: str, channel: Channel
) -> None:
    door = world.doors[channel]

    def stops() -> None:
        pressed(world, token_for(world, agency, channel))
        raise StopsHereError

    door.while_sending = stops
    world.take(a_decision())
    due = [key for key in DueIndex(world.store).until(world.now) if isinstance(key, DeliveryKey)]
    (key,) = [key for key in due if key.agency_id == agency]
    with pytest.raises(StopsHereError):
        send(key, world.send_desk(channel))
    door.while_sending = lambda: None
    world.later(seconds=LEASE.total_seconds() + 1)
    world.send_due()
    world.later(hours=1)
    world.send_due()
    item = world.delivery(agency, channel)
    assert item["st"] == "SENT"
    assert [pins.agency_id for pins, _ in door.sent] == [agency]
    closed = [row for row in world.rows() if row["type"] == "ATTEMPT_CLOSED" and row["agency"] == agency]
    assert [(row["result"], row["state"]) for row in closed] == [("UNKNOWN", "SENT")]


@pytest.mark.parametrize("answer", [UNKNOWN, FAILED], ids=["UNKNOWN", "FAILED"])
def test_what_somebody_has_read_has_arrived_and_is_not_tried_again(world: World, answer: Answer) -> None:
    world.take(a_decision())
    world.mailbox.answers = [answer]
    world.send_due()
    assert probation(world)["st"] in {"RETRY", "QUARANTINE"}
    pressed(world, token(world))
    assert (probation(world)["st"], probation(world)["sent_at"]) == ("SENT", "2026-11-24T15:02:30.000Z")
    assert world.rows()[-1]["state"] == "SENT"
    world.later(days=4)
    assert world.send_due() == 0
    assert len(world.mailbox.sent) == 1
    assert UNTOLD not in open_calls(world)


# --- two at once, replies lost, tables busy


def press(world: World, link: str) -> None:
    pressed(world, link)


def look(world: World, link: str) -> None:
    opened(world, link)


def test_two_who_press_at_once_are_one_confirmation_and_one_repeat(told: World) -> None:
    """Neither must take the other's row for its own, its reply lost."""
    link, titles = token(told), list[str]()
    interleaved(told, lambda: titles.append(title(pressed(told, link, "MANAGER"))))
    titles.append(title(pressed(told, link, "DUTY_WORKER")))
    assert titles == ["Thank you", "Already recorded"]
    assert acks(told) == [("north-probation", "CONFIRMED"), ("north-probation", "ALREADY")]
    assert probation(told)["ack_role"] == "MANAGER"


def test_a_call_that_is_opened_at_this_very_moment_is_ended_all_the_same(told: World) -> None:
    told.later(hours=4)
    interleaved(told, lambda: fire_clocks(told))
    assert title(pressed(told, token(told))) == "Thank you"
    assert UNREAD not in open_calls(told)


def test_a_clock_that_fires_at_this_very_moment_calls_nobody(told: World) -> None:
    told.later(hours=4)
    link = token(told)
    interleaved(told, lambda: press(told, link))
    fire_clocks(told)
    assert UNREAD not in open_calls(told)


@pytest.mark.parametrize("times", [1, 2])
def test_a_confirmation_whose_answer_was_lost_is_recorded_once(told: World, times: int) -> None:
    link = token(told)
    told.use(LosesAReply)
    for _ in range(times):
        pressed(told, link)
    assert acks(told) == [("north-probation", "CONFIRMED"), ("north-probation", "ALREADY")][:times]
    assert is_whole(told.rows())


def test_a_refusal_whose_answer_was_lost_is_recorded_once(told: World) -> None:
    told.use(LosesAReply)
    opened(told, "0" * 32)
    assert len(told.refused()) == 1


def test_two_refusals_at_once_are_both_recorded(told: World) -> None:
    interleaved(told, lambda: look(told, "1" * 32))
    opened(told, "0" * 32)
    rows = told.store.partition("audit", "X#2026-11-24#/confirmations", "E#")
    assert (len(rows), is_whole(rows)) == (2, True)


class Refusing(Store):
    """Tables that are too busy to write to."""

    def write(self, parts: Any) -> None:
        raise BusyError("throttled")


def test_while_the_tables_are_busy_a_reader_is_asked_to_come_back_and_an_alarm_rings(
    told: World, caplog: pytest.LogCaptureFixture
) -> None:
    link = token(told)
    told.use(Refusing)
    shown = pressed(told, link)
    assert (shown.status, title(shown)) == (503, "Sorry, there is a problem")
    assert "01632 960 100" in shown.body
    assert caplog.messages.count("CONFIRMATION_FAILED") == 1
    assert acks(told) == []


class ForgetsTheLink(Store):
    """The table's own clean-up removes the link between what is read and what is written."""

    forgot = False

    def write(self, parts: Any) -> None:
        if not self.forgot and any(part.name == "token" for part in parts):
            self.forgot = True
            (gone,) = [part for part in parts if part.name == "token"]
            action = gone.action["Update"]
            self.client.delete_item(TableName=action["TableName"], Key=action["Key"])
        super().write(parts)


def test_a_link_that_is_cleaned_away_at_this_very_moment_is_not_written_anew(told: World) -> None:
    link = token(told)
    told.use(ForgetsTheLink)
    shown = pressed(told, link)
    assert shown.status == 503
    assert told.store.get("state", keys.token(hashed(link)), keys.READ_LINK) is None
    assert acks(told) == []
    assert title(pressed(told, link)) == GONE


# --- what the page says


def test_the_page_shows_the_reference_and_the_agency_and_nothing_of_the_decision(told: World) -> None:
    link = token(told)
    shown = [opened(told, link), pressed(told, link, None), pressed(told, link), pressed(told, link)]
    for response in shown:
        assert REF in response.body
        assert "North Probation" in response.body
        words = response.body.lower()
        for outcome in Outcome:
            assert LABELS[outcome].lower() not in words
        assert not re.search(
            r"\bS47J\b|section 47|enquir|assessment|police form|risk|PR-55120|msg_", response.body
        )
        assert link not in response.body


def test_a_duplicates_reader_is_shown_their_own_reference_alone(world: World) -> None:
    school = an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)
    world.apply(a_registry(school))
    world.take(a_decision())
    world.take(a_duplicate())
    world.send_due()
    link = token_for(world, "hill-school", Channel.EMAIL)
    for response in (opened(world, link), pressed(world, link), opened(world, link)):
        assert "NS-26-D0PL1C" in response.body
        assert REF not in response.body
    assert acks(world) == [("hill-school", "CONFIRMED")]


def test_the_police_are_told_to_act_and_others_to_call_999(told: World) -> None:
    police = opened(told, token_for(told, "north-police", Channel.WEBHOOK)).body
    assert "If a child is in immediate danger, act now. Do not use this page." in police
    assert (
        "If a child is in immediate danger, call 999. Do not use this page." in opened(told, token(told)).body
    )


def test_an_agency_that_has_left_the_registry_since_can_still_say_that_it_has_read(told: World) -> None:
    link = token(told)
    key = (keys.agency("north-probation"), keys.HEAD)
    told.store.write([told.store.update("x", "state", key, change=Change({"status": "INACTIVE"}))])
    assert "North Probation" in opened(told, link).body
    assert title(pressed(told, link)) == "Thank you"


def test_the_same_message_sent_again_has_the_same_link_and_the_link_keeps_its_time(world: World) -> None:
    world.take(a_decision())
    world.mailbox.answers = [FAILED]
    world.send_due()
    first = token(world)
    world.later(minutes=5)
    world.send_due()
    assert len(world.mailbox.sent) == 2
    assert token(world) == first
    link = world.store.get("state", keys.token(hashed(first)), keys.READ_LINK)
    assert link is not None
    assert link["ends_at"] == "2026-12-08T15:02:30.000Z"
