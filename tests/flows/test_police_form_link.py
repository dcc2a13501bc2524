"""One reminder's link: how much is said by it at most, when nothing more is wanted, and whose word it was."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.ledger.statements import FormLink, Statements
from functions.domain.delivery import message_id
from functions.domain.form_statement import MOST_BY_ONE_LINK
from functions.domain.read_link import hashed
from schemas.codes import Channel, TaskRole
from schemas.lifecycle import STATUS_PAGE
from tests.flows import chases
from tests.flows.chases import CAME, ESCALATED, LAST, a_form, at
from tests.flows.form_pages import statements, title
from tests.flows.lives import a_statement, an_event
from tests.flows.silences import said
from tests.flows.sweeps import rows_of
from tests.readers import (
    FORM_DONE,
    POLICIES,
    BusOf,
    bus_of,
    confirm_desk,
    form_opened,
    form_sent,
    form_sent_to,
    form_token_for,
)
from tests.world import World, a_decision, an_event_id

ASKED, THANKS = "Tell us how the form stands", "Thank you"
NOT_WANTED, TOO_MANY = "Nothing more is needed", "This link takes no more answers"


def at_minute(number: int) -> dict[str, str]:
    """A statement unlike those of other minutes."""
    return {**FORM_DONE, "time": f"08:{number:02d}"}


def used_up(world: World, token: str) -> None:
    for number in range(MOST_BY_ONE_LINK):
        assert title(form_sent(world, token, **at_minute(number))) == THANKS


def refusals(world: World) -> list[tuple[Any, ...]]:
    return [said(row, "reason", "times") for row in world.refused()]


def link_of(world: World, token: str) -> dict[str, Any]:
    """The link as the table keeps it."""
    return world.store.get("state", keys.token(hashed(token)), keys.READ_LINK) or {}


# --- how much one link takes


def test_a_link_takes_five_statements_and_the_page_then_says_whom_to_ring(reminded: World) -> None:
    token = form_token_for(reminded)
    used_up(reminded, token)
    before = reminded.rows()
    shown = form_sent(reminded, token, **at_minute(59))
    assert (shown.status, title(shown)) == (429, TOO_MANY)
    assert 'href="tel:01632960100"' in shown.body
    assert "recorded 5 different answers" in shown.body
    assert "<form" not in shown.body
    assert title(form_opened(reminded, token)) == TOO_MANY
    assert len(statements(reminded)) == MOST_BY_ONE_LINK
    assert reminded.rows() == before


def test_whatever_else_comes_by_it_is_counted_and_makes_a_row_at_each_tenfold(reminded: World) -> None:
    token = form_token_for(reminded)
    used_up(reminded, token)
    for number in range(100):
        form_sent(reminded, token, **(at_minute(59) if number % 2 else {"statement": "DONE"}))
    assert refusals(reminded) == [("TOO_MANY_STATEMENTS", times) for times in (1, 10, 100)]
    assert link_of(reminded, token)["refusals"] == {"TOO_MANY_STATEMENTS": 100}
    (sent, *_) = {row["message_id"] for row in reminded.refused()}
    assert sent == reminded.delivery("north-police", Channel.WEBHOOK, nonce="URA_REMINDER")["message_id"]


def test_what_was_said_by_it_before_is_still_thanked_for(reminded: World) -> None:
    token = form_token_for(reminded)
    used_up(reminded, token)
    assert title(form_sent(reminded, token, **at_minute(0))) == THANKS
    assert refusals(reminded) == []


def test_the_next_reminders_link_takes_as_many(reminded: World) -> None:
    used_up(reminded, form_token_for(reminded))
    at(reminded, chases.DUE)
    used_up(reminded, form_token_for(reminded))
    assert len(statements(reminded)) == 2 * MOST_BY_ONE_LINK


class FirstOthers(Statements):
    """Somebody else says something between a look at the link and the note on it, as often as is wanted."""

    def __init__(self, world: World, others: list[Callable[[], Any]]) -> None:
        super().__init__(world.store, world.chain)
        self._others = others

    def note(self, seen: FormLink, event_id: str, *, is_passed_on: bool) -> FormLink:
        if self._others:
            self._others.pop()()
        return super().note(seen, event_id, is_passed_on=is_passed_on)


def test_however_many_come_at_once_no_more_than_five_go(reminded: World) -> None:
    token = form_token_for(reminded)
    others: list[Callable[[], Any]] = [
        partial(form_sent, reminded, token, **at_minute(number)) for number in range(MOST_BY_ONE_LINK)
    ]
    desk = replace(confirm_desk(reminded), statements=FirstOthers(reminded, others))
    assert title(form_sent_to(desk, reminded, token, **at_minute(59))) == TOO_MANY
    assert len(statements(reminded)) == MOST_BY_ONE_LINK
    assert len(link_of(reminded, token)["said"]) == MOST_BY_ONE_LINK


def test_a_link_that_the_table_has_deleted_meanwhile_does_not_come_back(reminded: World) -> None:
    token = form_token_for(reminded)
    gone = {"pk": {"S": keys.token(hashed(token))}, "sk": {"S": keys.READ_LINK}}
    others: list[Callable[[], Any]] = [
        partial(reminded.store.client.delete_item, TableName=reminded.store.state, Key=gone)
    ]
    desk = replace(confirm_desk(reminded), statements=FirstOthers(reminded, others))
    assert form_sent_to(desk, reminded, token, **FORM_DONE).status == 503
    assert link_of(reminded, token) == {}
    assert statements(reminded) == []


# --- the same again


class CountedBus(BusOf):
    """Counts what is put on it."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.put = 0

    def put_events(self, *, Entries: list[dict[str, str]]) -> Any:  # noqa: N803 - AWS's own word
        self.put += 1
        return super().put_events(Entries=Entries)


def test_the_same_said_again_is_no_work_for_anybody(reminded: World) -> None:
    token, bus = form_token_for(reminded), CountedBus(reminded)
    desk = replace(confirm_desk(reminded), bus=bus_of(bus))
    for _ in range(20):
        assert title(form_sent_to(desk, reminded, token, **FORM_DONE)) == THANKS
    assert bus.put == 1
    assert rows_of(reminded, "EVENT_DUPLICATE") == []
    assert len(link_of(reminded, token)["said"]) == 1


def test_what_was_noted_and_never_went_goes_when_it_is_said_again(reminded: World) -> None:
    """Whoever noted it died before the bus had it."""
    token = form_token_for(reminded)
    desk = confirm_desk(reminded)
    form_sent(reminded, token, **FORM_DONE)
    (event_id,) = link_of(reminded, token)["said"]
    link = desk.confirming.link(hashed(token))
    assert link
    desk.statements.note(desk.statements.look(link), event_id, is_passed_on=False)
    bus = CountedBus(reminded)
    for _ in range(2):
        form_sent_to(replace(desk, bus=bus_of(bus)), reminded, token, **FORM_DONE)
    assert bus.put == 1
    assert len(statements(reminded)) == 1


# --- nothing more is wanted


def complete(world: World) -> None:
    a_form(world)


def complete_and_told(world: World) -> None:
    a_form(world)
    at(world, CAME.replace(minute=46))


def a_duplicate(world: World) -> None:
    original = {"referral_ref": "NS-26-5RB6LN", "event_id": an_event_id("original"), "source_seq": None}
    world.take(a_decision(**original))
    world.take(a_decision(primary_outcome="DUP", duplicate_of="NS-26-5RB6LN"))


OVER = {"complete": complete, "complete, and told": complete_and_told, "a duplicate": a_duplicate}


@pytest.mark.parametrize("over", OVER.values(), ids=OVER)
def test_where_nobody_waits_for_the_form_the_page_says_so_takes_nothing_and_tells_nothing(
    reminded: World, over: Callable[[World], None]
) -> None:
    token = form_token_for(reminded)
    over(reminded)
    reminded.later(minutes=1)
    before = reminded.rows()
    opened, sent = form_opened(reminded, token), form_sent(reminded, token, **FORM_DONE)
    assert opened == sent
    assert (sent.status, title(sent)) == (200, NOT_WANTED)
    for word in ("NS-26", "Child", "complete", "duplicate", "closed", "<form"):
        assert word not in sent.body
    assert reminded.rows() == before
    assert statements(reminded) == []
    assert refusals(reminded) == [("FORM_NOT_WANTED", 1)]


def test_why_nobody_waits_is_not_to_be_seen(reminded: World) -> None:
    token, shown = form_token_for(reminded), []
    for over in OVER.values():
        over(reminded)
        shown.append(form_opened(reminded, token))
    assert shown == [shown[0]] * len(OVER)


def test_of_a_form_that_is_complete_no_longer_the_link_asks_again(reminded: World) -> None:
    token = form_token_for(reminded)
    a_form(reminded)
    a_form(reminded, version=2, complete=False)
    assert title(form_opened(reminded, token)) == ASKED


def test_a_form_that_a_manager_waits_for_is_still_asked_about(reminded: World) -> None:
    for moment in (chases.DUE, LAST, ESCALATED):
        at(reminded, moment)
    assert title(form_opened(reminded, form_token_for(reminded, Channel.EMAIL))) == ASKED


def test_a_decision_that_is_withdrawn_leaves_the_child_waiting_and_its_form_wanted(reminded: World) -> None:
    reminded.take(a_decision())
    reminded.take(
        an_event("WITHDRAWN_IN_ERROR", child_index=1, decision_seq=1, withdrawn_at="2026-11-24T09:40:00Z")
    )
    assert title(form_opened(reminded, form_token_for(reminded))) == ASKED


def test_a_case_that_is_closed_leaves_its_form_wanted_as_every_referrals_is(reminded: World) -> None:
    """The police are reminded of it all the same, and the link is in the reminder."""
    reminded.take(a_decision())
    reminded.take(an_event("CASE_CLOSED", child_index=1, closed_at="2026-11-24T09:41:00Z"))
    before = form_token_for(reminded)
    at(reminded, chases.DUE)
    assert form_token_for(reminded) != before
    assert title(form_opened(reminded, form_token_for(reminded))) == ASKED


# --- whose word it was


def test_the_row_says_by_which_reminder_it_was_said_and_whose_that_was(reminded: World) -> None:
    at(reminded, chases.DUE)
    form_sent(reminded, form_token_for(reminded), **FORM_DONE)
    (row,) = (row for row in rows_of(reminded, "LIFECYCLE") if row["event_type"] == "RA_STATUS_CHANGED")
    sent = reminded.delivery("north-police", Channel.WEBHOOK, seq=2, nonce="URA_REMINDER")
    assert said(row, "reminder_id", "reminder", "reminded", "chan") == (
        sent["message_id"],
        2,
        "north-police",
        "webhook",
    )


def test_a_reminder_that_is_none_of_the_childs_is_refused(reminded: World) -> None:
    reminded.take(a_decision())
    other = reminded.delivery("north-police", Channel.WEBHOOK)["message_id"]
    for number, named in enumerate(("msg_" + "0" * 32, other)):
        reminded.take(
            a_statement(
                source=STATUS_PAGE,
                reminder_id=named,
                event_id=f"00000000-0000-4000-8000-{number:012}",
            )
        )
    assert [said(row, "field", "reason") for row in reminded.refused()] == [
        ("reminder_id", "UNKNOWN_MESSAGE")
    ] * 2
    assert statements(reminded) == []


@pytest.mark.parametrize("source", ["police.ra-feed", "north-police.ra-feed", "mash.case-system"])
def test_nobody_but_the_page_says_by_which_link_it_was_said(reminded: World, source: str) -> None:
    """A message's id can be worked out, and the link cannot: else a feed could speak as a force it is not."""
    sent = reminded.delivery("north-police", Channel.WEBHOOK, nonce="URA_REMINDER")
    worked_out = message_id(DeliveryKey.of(sent).text)
    assert worked_out == sent["message_id"]
    reminded.take(a_statement(source=source, reminder_id=worked_out))
    assert [said(row, "field", "reason") for row in reminded.refused()] == [("reminder_id", "NOT_THE_PAGE")]
    assert statements(reminded) == []
    reminded.take(a_statement(source=source))
    assert [one[0] for one in statements(reminded)] == ["DONE"]


# --- who asks the police


def test_a_correction_leaves_the_managers_task_its_age_and_its_time(reminded: World) -> None:
    token = form_token_for(reminded)
    form_sent(reminded, token, **FORM_DONE)
    (first,) = WorkIndex(reminded.store).of(TaskRole.MASH_MANAGER)
    reminded.later(hours=2)
    form_sent(reminded, token, statement="NOT_NEEDED", policy=POLICIES[0])
    (again,) = WorkIndex(reminded.store).of(TaskRole.MASH_MANAGER)
    assert said(again, "kind", "opened_at", "due_at") == said(first, "kind", "opened_at", "due_at")


def test_of_a_child_whose_chase_was_given_up_nobody_is_asked(reminded: World) -> None:
    """A source that has its own way to the bus may say it all the same."""
    a_duplicate(reminded)
    reminded.take(a_statement())
    assert [one[0] for one in statements(reminded)] == ["DONE"]
    assert "CHECK_STATEMENT#01" not in reminded.tasks()


def test_no_statement_ever_sets_the_status_however_often_it_is_made(reminded: World) -> None:
    token = form_token_for(reminded)
    used_up(reminded, token)
    assert reminded.all_children() == {1: "ABSENT"}
    item = reminded.store.get("state", "R#NS-26-7KQ4ZP", "CLOCK#POLICE_FORM#01") or {}
    assert "ended_by" not in item
    assert {row["ra"] for row in rows_of(reminded, "RA_CHECK")} == {"ABSENT"}
