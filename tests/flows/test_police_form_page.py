"""The police say on the page of a reminder's link how their form stands: recorded once, and it sets
nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.errors import BusyError
from functions.adapters.ledger import keys
from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.ledger.store import Change
from functions.adapters.rest_api import Response
from schemas.agency import Registry
from schemas.codes import Channel, TaskRole
from tests.flows.chases import CAME, INSPECTOR, LAST, a_beat, a_force, a_form, at, chasing, with_force
from tests.flows.form_pages import statements, title
from tests.flows.silences import said
from tests.flows.sweeps import rows_of
from tests.readers import (
    FORM_DONE,
    FORM_LINK,
    POLICIES,
    bus_of,
    confirm_desk,
    form_opened,
    form_sent,
    form_sent_to,
    form_token_for,
    opened,
    pressed,
    token_for,
)
from tests.world import World, a_decision, a_receipt, is_whole

NOT_WANTED = "Nothing more is needed"
GONE, ASKED, THANKS = "This link no longer works", "Tell us how the form stands", "Thank you"
NOT_NEEDED = {"statement": "NOT_NEEDED", "policy": POLICIES[1]}


def tables(world: World) -> tuple[Any, ...]:
    return world.all_items("state"), world.all_items("audit")


# --- the link


def test_every_reminder_has_it_and_the_last_goes_to_the_role_that_the_force_named(reminded: World) -> None:
    for moment in (LAST - timedelta(days=1), LAST):
        at(reminded, moment)
        a_beat(reminded)
    posts = [body for pins, body in reminded.police.sent if pins.message_type == "RA_REMINDER"]
    mails = [body for pins, body in reminded.mailbox.sent if pins.message_type == "RA_REMINDER"]
    tokens = [set(FORM_LINK.findall(body.decode())) for body in (*posts, *mails)]
    assert [len(each) for each in tokens] == [1, 1, 1]
    assert len(set.union(*tokens)) == 3
    item = reminded.delivery("north-police", Channel.EMAIL, seq=3, nonce="URA_REMINDER")
    assert (item["addressee"], INSPECTOR in str(item)) == ("FORM_ESCALATION", False)


def test_no_other_message_has_it(world: World) -> None:
    world.take(a_decision())
    world.send_due()
    for door in world.doors.values():
        assert not [body for _, body in door.sent if b"/police-form/" in body]


# --- who only looks


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_it_however_often_says_nothing(reminded: World, method: str) -> None:
    before = tables(reminded)
    for _ in range(5):
        shown = form_opened(reminded, form_token_for(reminded), method)
        assert (shown.status, title(shown)) == (200, ASKED)
    assert tables(reminded) == before


def test_the_page_shows_the_reference_and_the_child_and_never_how_the_form_stands(reminded: World) -> None:
    before = form_opened(reminded, form_token_for(reminded))
    assert "<dd>NS-26-7KQ4ZP</dd>" in before.body
    assert "<dd>1</dd>" in before.body
    reminded.take(a_decision())
    a_form(reminded, complete=False)
    assert form_opened(reminded, form_token_for(reminded)) == before
    for word in ("ABSENT", "INCORRECT", "COMPLETE", "RA10", "43261124", "North Police", "section 47"):
        assert word not in before.body


# --- what they say


def test_that_it_is_done_is_recorded_and_checked_and_sets_no_status(
    reminded: World, caplog: pytest.LogCaptureFixture
) -> None:
    reminded.later(minutes=3)
    shown = form_sent(reminded, form_token_for(reminded), **FORM_DONE)
    assert (shown.status, title(shown)) == (200, THANKS)
    assert "The form was done on 24 November 2026 at 9:30am." in shown.body
    recorded, checked = reminded.rows()[-2:]
    assert said(recorded, "type", "event_type", "actor", "statement", "done_at", "child") == (
        "LIFECYCLE",
        "RA_STATUS_CHANGED",
        "police.status-page",
        "DONE",
        "2026-11-24T09:30:00Z",
        1,
    )
    assert said(checked, "type", "ra", "cause") == ("RA_CHECK", "ABSENT", recorded["cause"])
    assert reminded.all_children() == {1: "ABSENT"}
    (task,) = WorkIndex(reminded.store).of(TaskRole.MASH_MANAGER)
    assert said(task, "kind", "child") == ("CHECK_STATEMENT", 1)
    assert is_whole(reminded.rows())
    (line,) = [vars(one) for one in caplog.records if one.message == "FORM_STATED"]
    assert (line["event"], line["statement"], line["agency"]) == (recorded["cause"], "DONE", "north-police")
    assert "NS-26-7KQ4ZP" not in str(line)


def test_that_it_is_not_needed_is_recorded_with_its_policy(reminded: World) -> None:
    shown = form_sent(reminded, form_token_for(reminded), **NOT_NEEDED)
    assert "The form is not needed, by policy POLICY-2026-02." in shown.body
    assert statements(reminded) == [("NOT_NEEDED", None, "POLICY-2026-02")]
    assert reminded.all_children() == {1: "ABSENT"}


def test_the_choice_alone_counts_and_not_what_was_typed_below_the_other(reminded: World) -> None:
    form_sent(reminded, form_token_for(reminded), **{**FORM_DONE, **NOT_NEEDED})
    assert statements(reminded) == [("NOT_NEEDED", None, "POLICY-2026-02")]


def test_said_twice_over_it_is_recorded_once(reminded: World) -> None:
    """A double click, or a reader who was not answered and tries again later."""
    for _ in range(3):
        assert title(form_sent(reminded, form_token_for(reminded), **FORM_DONE)) == THANKS
        reminded.later(minutes=1)
    assert statements(reminded) == [("DONE", "2026-11-24T09:30:00Z", None)]
    assert len(rows_of(reminded, "RA_CHECK")) == 2
    assert is_whole(reminded.rows())


def test_something_else_said_later_is_another_row(reminded: World) -> None:
    token = form_token_for(reminded)
    for answers in (FORM_DONE, {**FORM_DONE, "time": "09:31"}, NOT_NEEDED):
        assert title(form_sent(reminded, token, **answers)) == THANKS
    assert [one[0] for one in statements(reminded)] == ["DONE", "DONE", "NOT_NEEDED"]


def test_the_same_said_by_another_reminders_link_is_another_row(reminded: World) -> None:
    form_sent(reminded, form_token_for(reminded), **FORM_DONE)
    at(reminded, LAST - timedelta(days=1))
    form_sent(reminded, form_token_for(reminded), **FORM_DONE)
    assert [one[0] for one in statements(reminded)] == ["DONE", "DONE"]


def test_of_a_form_that_is_complete_nobody_is_asked(reminded: World) -> None:
    a_form(reminded)
    assert title(form_sent(reminded, form_token_for(reminded), **FORM_DONE)) == NOT_WANTED
    assert statements(reminded) == []
    assert "CHECK_STATEMENT#01" not in reminded.tasks()


def test_it_is_no_confirmation_that_the_reminder_was_read(reminded: World) -> None:
    form_sent(reminded, form_token_for(reminded), **FORM_DONE)
    assert "ACK" not in reminded.kinds()


# --- what is wrong with it


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"statement": ""}, "statement", "Choose if the form is done or not needed"),
        ({"statement": "COMPLETE"}, "statement", "Choose if the form is done or not needed"),
        ({"day": "", "month": "", "year": ""}, "day", "Enter the date on which the form was done"),
        ({"day": "31", "month": "2"}, "day", "Enter a real date, for example 24 11 2026"),
        ({"year": "1999"}, "day", "The date must be in 2000 or later"),
        ({"day": "25"}, "day", "The date must be today or in the past"),
        ({"time": ""}, "time", "Enter the time at which the form was done"),
        ({"time": "9.30am"}, "time", "Enter the time on the 24-hour clock, for example 14:30"),
        ({"time": "23:59"}, "time", "The time must not be in the future"),
        (NOT_NEEDED | {"policy": "POLICY-1999-01"}, "policy", "Choose the policy that says"),
        (NOT_NEEDED | {"policy": ""}, "policy", "Choose the policy that says"),
    ],
)
def test_a_mistake_is_named_with_its_field_and_says_nothing(
    reminded: World, changes: dict[str, str], field: str, says: str
) -> None:
    before = tables(reminded)
    shown = form_sent(reminded, form_token_for(reminded), **{**FORM_DONE, **changes})
    assert (shown.status, title(shown)) == (400, ASKED)
    assert f'<a href="#{field}">{says}' in shown.body
    assert f'id="{field}-error"' in shown.body
    assert tables(reminded) == before


def test_what_was_typed_is_there_again_beside_what_is_wrong(reminded: World) -> None:
    answers = {**FORM_DONE, "time": '"><b>', "policy": POLICIES[0]}
    shown = form_sent(reminded, form_token_for(reminded), **answers).body
    assert 'id="statement" value="DONE" checked' in shown
    for name in ("day", "month", "year"):
        assert f'id="{name}" value="{answers[name]}"' in shown
    assert 'value="&#34;&gt;&lt;b&gt;"' in shown
    assert f'value="{POLICIES[0]}" selected' in shown


def test_where_the_hub_has_agreed_no_policy_there_is_none_to_choose(reminded: World) -> None:
    desk = replace(confirm_desk(reminded), policies=())
    shown = form_sent_to(desk, reminded, form_token_for(reminded), **NOT_NEEDED)
    assert shown.status == 400
    assert "NOT_NEEDED" not in shown.body
    assert "<select" not in shown.body


# --- whose link is none, or none any more


STRANGE = {
    "never given out": "5bad" * 8,
    "cut short": "5f0c92b7ad3e",
    "none at all": "",
    "markup": "<script>alert(1)</script>",
    "no text": "\ud800",
}


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("ask", [form_opened, lambda world, token: form_sent(world, token, **FORM_DONE)])
def test_a_strangers_link_looks_like_one_that_has_ended_and_is_put_on_record_without_it(
    reminded: World, strange: str, ask: Callable[[World, str], Response], caplog: pytest.LogCaptureFixture
) -> None:
    token = form_token_for(reminded)
    shown = ask(reminded, strange)
    reminded.later(days=14)
    assert shown == form_opened(reminded, token)
    assert (shown.status, title(shown)) == (404, GONE)
    (row,) = reminded.refused()
    assert said(row, "field", "reason", "input") == ("token", "UNKNOWN_TOKEN", "STATEMENT")
    assert "message_id" not in row
    kept = str((tables(reminded), [vars(line) for line in caplog.records]))
    if strange:
        assert strange not in kept
    assert statements(reminded) == []


def test_the_link_of_another_message_opens_no_form_and_says_nothing(reminded: World) -> None:
    reminded.take(a_decision())
    reminded.send_due()
    other = token_for(reminded, "north-probation", Channel.EMAIL)
    for shown in (form_opened(reminded, other), form_sent(reminded, other, **FORM_DONE)):
        assert (shown.status, title(shown)) == (404, GONE)
    assert [said(row, "reason", "message_id") for row in reminded.refused()] == [("UNKNOWN_TOKEN", None)] * 2
    assert statements(reminded) == []


def test_a_reminders_link_opens_the_read_page_for_the_reminder_alone(reminded: World) -> None:
    reminded.take(a_decision())
    shown = opened(reminded, form_token_for(reminded)).body
    assert "NS-26-7KQ4ZP" in shown
    assert "section 47" not in shown
    assert pressed(reminded, form_token_for(reminded)).status == 200
    assert [said(row, "nonce", "result") for row in rows_of(reminded, "ACK")] == [
        ("URA_REMINDER", "CONFIRMED")
    ]
    assert title(form_opened(reminded, form_token_for(reminded))) == ASKED


def test_a_link_works_for_fourteen_days_and_whoever_says_something_later_is_on_record(
    reminded: World,
) -> None:
    token = form_token_for(reminded)
    reminded.later(days=14, milliseconds=-1)
    assert title(form_opened(reminded, token)) == ASKED
    reminded.later(milliseconds=1)
    before = tables(reminded)
    assert title(form_opened(reminded, token)) == GONE
    assert tables(reminded) == before
    for answers in [FORM_DONE, {}] * 5:
        assert title(form_sent(reminded, token, **answers)) == GONE
    sent = reminded.delivery("north-police", Channel.WEBHOOK, nonce="URA_REMINDER")["message_id"]
    assert [said(row, "reason", "input", "message_id", "times") for row in reminded.refused()] == [
        ("LINK_ENDED", "STATEMENT", sent, times) for times in (1, 10)
    ]
    assert statements(reminded) == []


@pytest.mark.parametrize("state", ["SUPERSEDED", "CANCELLED"])
def test_the_link_of_a_reminder_that_was_stopped_has_ended(reminded: World, state: str) -> None:
    item = reminded.delivery("north-police", Channel.WEBHOOK, nonce="URA_REMINDER")
    change = Change({"st": state})
    reminded.store.write([reminded.store.update("x", "state", (item["pk"], item["sk"]), change=change)])
    assert title(form_opened(reminded, form_token_for(reminded))) == GONE
    assert title(form_sent(reminded, form_token_for(reminded), **FORM_DONE)) == GONE
    assert statements(reminded) == []


# --- a bus that does not answer


def rows_and_more(world: World) -> tuple[Any, ...]:
    """All that there is but for the links, on which it is noted what is about to go."""
    state, rows = tables(world)
    return [item for item in state if item["sk"] != keys.READ_LINK], rows


class BusThatIsDown:
    """Takes nothing, or takes it and does not say so."""

    def __init__(self, *, answers: bool) -> None:
        self._answers = answers
        self.asked = 0

    def put_events(self, **_entries: Any) -> Any:
        self.asked += 1
        if not self._answers:
            raise BusyError("no answer")
        return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}


@pytest.mark.parametrize("answers", [True, False])
def test_where_the_bus_does_not_take_it_the_reader_is_asked_to_send_it_again(
    reminded: World, caplog: pytest.LogCaptureFixture, *, answers: bool
) -> None:
    down = BusThatIsDown(answers=answers)
    before = rows_and_more(reminded)
    desk = replace(confirm_desk(reminded), bus=bus_of(down))
    shown = form_sent_to(desk, reminded, form_token_for(reminded), **FORM_DONE)
    assert (shown.status, title(shown)) == (503, "Sorry, there is a problem")
    assert down.asked > 1
    assert rows_and_more(reminded) == before
    lines = [vars(line) for line in caplog.records if line.message == "CONFIRMATION_FAILED"]
    assert [line["error"] for line in lines] == ["BusyError"]
    assert title(form_sent(reminded, form_token_for(reminded), **FORM_DONE)) == THANKS
    assert len(statements(reminded)) == 1


# --- by e-mail


def by_mail() -> Registry:
    return with_force(a_force().model_copy(update={"channels": (Channel.EMAIL,)}))


def test_the_link_of_an_e_mail_works_as_well(world: World) -> None:
    chasing(world)
    world.apply(by_mail())
    world.take(a_receipt())
    at(world, CAME)
    token = form_token_for(world, Channel.EMAIL)
    assert title(form_sent(world, token, **FORM_DONE)) == THANKS
    assert len(statements(world)) == 1
