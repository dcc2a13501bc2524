"""People's acts on messages beside the decisions: each named by what it is about, and none by a version."""

from collections.abc import Callable

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.parts import open_task
from functions.adapters.ledger.records import OpenedTask
from functions.adapters.ledger.store import Change, Item
from functions.domain.delivery import Answer
from functions.domain.series import line_in, newest_in, thread_of
from functions.domain.tasks import Task, call_task, untold_task
from functions.flows.acting.cancel import cancel, what_would_stop
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.order import THE_DECISION, NotPossibleError, Which
from functions.flows.acting.resend import send_again, what_would_go
from schemas.codes import ActReason, AgencyType, AttemptResult, Channel, ReleaseReason, Series, TaskKind
from tests.flows.lives import REF, an_acknowledgement
from tests.flows.sweeps import rows_of
from tests.world import World, a_decision, a_receipt, a_registry, an_agency, change_agency

POLICE, PROBATION = "north-police", "north-probation"
ASKED = "UCONTRIBUTION"
FOR_GOOD = Answer(AttemptResult.FAILED, retryable=False)


@pytest.fixture
def asked(world: World) -> World:
    """The referral has arrived and been acknowledged, and probation was asked."""
    world.take(a_receipt())
    world.take(an_acknowledgement(PROBATION))
    return world


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(NotPossibleError) as error:
        act()
    return str(error.value)


def planned(world: World, agency: str, about: str | None = None) -> Item:
    return what_would_go(Which(REF, agency_id=agency, about=about), world.act_desk, by_email=False).seen


# --- sending again


def test_of_a_decision_and_an_update_each_is_found_by_what_it_is_about(asked: World) -> None:
    asked.mailbox.answers = [FOR_GOOD]
    asked.send_due()
    assert planned(asked, PROBATION, "CONTRIBUTION")["sk"].endswith(ASKED)
    asked.take(a_decision())
    asked.send_due()
    assert planned(asked, PROBATION, THE_DECISION)["sk"].endswith(f"{PROBATION}#email")


def test_several_are_listed_by_what_they_are_about(asked: World) -> None:
    asked.send_due()
    asked.take(
        a_decision(referring_agency={"agency_id": PROBATION, "own_ref": "PR-55120"}, involved_agencies=[])
    )
    asked.send_due()
    said = refused(lambda: planned(asked, PROBATION))
    assert said.startswith(f"That means several messages of {REF}. Say which:\n")
    assert "(SENT)" in said
    assert "(SENT, about what the agency knows)" in said


def test_an_update_goes_again_under_its_number_and_in_its_series(asked: World) -> None:
    asked.send_due()
    agreed = what_would_go(
        Which(REF, agency_id=PROBATION, about="CONTRIBUTION"), asked.act_desk, by_email=False
    )
    send_again(agreed, asked.order(ActReason.NOT_RECEIVED), asked.act_desk)
    asked.send_due()
    first, again = (mail.text.partition("Message: ")[0] for _, mail in asked.mailbox.mails)
    assert first == again
    (row,) = rows_of(asked, "RESENT")
    assert row["recipients"][0].startswith(f"{PROBATION}#email#2#{ASKED}+S")


def test_what_nobody_need_hear_once_it_is_decided_is_not_sent_again(asked: World) -> None:
    asked.send_due()
    asked.take(a_decision())
    assert refused(lambda: planned(asked, PROBATION, "CONTRIBUTION")) == (
        "Child 1 is decided by now: nobody is told again what was to be heard until then. Send what was "
        "decided."
    )


def test_an_older_number_of_a_series_is_named_by_its_number(asked: World) -> None:
    asked.send_due()
    older = Which(REF, message=planned(asked, PROBATION, "CONTRIBUTION")["message_id"])
    asked.take(an_acknowledgement(PROBATION, contribute_by="2026-11-24T14:00:00Z"))
    assert refused(lambda: what_would_go(older, asked.act_desk, by_email=False)) == (
        "It is about what the agency knows, number 1, and number 2 took its place: nobody is told the older "
        "one again. Send the newer one, or call the agency."
    )


def test_what_one_agency_was_asked_may_be_asked_again_though_another_was_asked_since(asked: World) -> None:
    asked.send_due()
    asked.take(an_acknowledgement("north-police", contribute_by="2026-11-24T14:00:00Z"))
    assert planned(asked, PROBATION, "CONTRIBUTION")["dver"] == 1


def test_a_series_of_which_there_is_nothing_is_the_option_to_change(asked: World) -> None:
    with pytest.raises(NotPossibleError) as error:
        planned(asked, PROBATION, "PLAN")
    assert error.value.field == "about"


# --- stopping


def test_one_series_is_stopped_and_the_decision_is_not(asked: World) -> None:
    asked.mailbox.answers = [FOR_GOOD]
    asked.send_due()
    asked.take(a_decision())
    which = Which(REF, agency_id=PROBATION, about="CONTRIBUTION")
    stopped = cancel(
        what_would_stop(which, asked.act_desk), asked.order(ActReason.WRONG_RECIPIENT), asked.act_desk
    )
    assert [item["sk"].rpartition("#")[2] for item in stopped.items] == [ASKED]
    assert asked.delivery(PROBATION, Channel.EMAIL)["st"] == "PENDING"


# --- ending tasks


def opened(world: World, *tasks: Task) -> None:
    parts = [open_task(world.store, f"R#{REF}", OpenedTask(1, 1, task), world.now) for task in tasks]
    world.store.write(parts)


def a_call(world: World, about: str | None) -> Task:
    return untold_task(TaskKind.CALL_UNTOLD, POLICE, world.now, world.clocks, cannot_wait=False, about=about)


def test_a_call_without_a_subject_is_the_decisions_own_though_another_is_open(asked: World) -> None:
    asked.take(a_decision())
    opened(asked, a_call(asked, None), a_call(asked, Series.PLAN))
    which = WhichTask(TaskKind.CALL_UNTOLD, REF, agency_id=POLICE)
    came = done(which, asked.order(ActReason.TOLD_BY_PHONE), asked.act_desk)
    assert "about" not in came.task
    again = done(which, asked.order(ActReason.TOLD_BY_PHONE), asked.act_desk)
    assert again.task["about"] == "PLAN", "then it is the only one"


def test_a_call_about_an_update_is_ended_by_its_series(asked: World) -> None:
    asked.take(a_decision())
    opened(asked, a_call(asked, None), a_call(asked, Series.PLAN))
    which = WhichTask(TaskKind.CALL_UNTOLD, REF, agency_id=POLICE, about="PLAN")
    came = done(which, asked.order(ActReason.TOLD_BY_PHONE), asked.act_desk)
    assert (came.task["about"], came.told) == ("PLAN", 0)
    (row,) = [row for row in rows_of(asked, "TASK") if row.get("done")]
    assert row["about"] == "PLAN"


def test_a_call_about_what_runs_side_by_side_is_ended_by_its_series_while_there_is_one(asked: World) -> None:
    one, another = (line_in(Series.CHALLENGE, thread_of(name)) for name in ("CH-2026-0117", "CH-2026-0118"))
    opened(asked, a_call(asked, None), a_call(asked, one))
    asked.take(a_decision())
    by_series = WhichTask(TaskKind.CALL_UNTOLD, REF, agency_id=POLICE, about="CHALLENGE")
    came = done(by_series, asked.order(ActReason.TOLD_BY_PHONE), asked.act_desk)
    assert came.task["about"] == one
    opened(asked, a_call(asked, one), a_call(asked, another))
    assert "Several tasks" in refused(
        lambda: done(by_series, asked.order(ActReason.NOT_NEEDED), asked.act_desk)
    )
    by_name = WhichTask(TaskKind.CALL_UNTOLD, REF, agency_id=POLICE, about=another)
    came = done(by_name, asked.order(ActReason.NOT_NEEDED), asked.act_desk)
    assert came.task["about"] == another


def test_a_call_about_what_an_agency_was_asked_is_ended_by_its_series(asked: World) -> None:
    asked.mailbox.answers = [FOR_GOOD]
    asked.send_due()
    asked.send_due()
    which = WhichTask(TaskKind.CALL_UNTOLD, REF, agency_id=PROBATION, about="CONTRIBUTION")
    assert done(which, asked.order(ActReason.TOLD_BY_PHONE), asked.act_desk).told == 1


def test_whoever_could_have_no_message_is_called_and_the_task_ends(asked: World) -> None:
    opened(asked, call_task(TaskKind.CHECK_NOT_TOLD, asked.now, asked.clocks, about="PLAN"))
    which = WhichTask(TaskKind.CHECK_NOT_TOLD, REF, about="PLAN")
    came = done(which, asked.order(ActReason.SORTED_OUT), asked.act_desk)
    assert (came.task["kind"], came.task["about"]) == ("CHECK_NOT_TOLD", "PLAN")


# --- ending a hold before anything is decided


def test_a_request_that_waits_for_an_address_is_released_before_the_decision(world: World) -> None:
    world.apply(a_registry(an_agency("hill-nurse", AgencyType.SCHOOL_NURSING, Channel.EMAIL)))
    change_agency(world, "hill-nurse", verified_at=None)
    world.take(a_receipt())
    world.take(an_acknowledgement("hill-nurse"))
    (held,) = rows_of(world, "HELD")
    assert (held["series"], held["dver"]) == ("CONTRIBUTION", 1)
    change_agency(world, "hill-nurse", verified_at="2026-11-24")
    came = world.release(agency="hill-nurse", reason=ReleaseReason.ADDRESS_VERIFIED)
    assert (came.due, came.still_held) == (1, 0)
    world.send_due()
    assert [mail.subject for _, mail in world.mailbox.mails] == [f"OFFICIAL-SENSITIVE: {REF} - action needed"]


def test_what_replaced_an_update_is_said_in_its_row(asked: World) -> None:
    asked.take(an_acknowledgement(PROBATION, contribute_by="2026-11-24T14:00:00Z"))
    (renewed,) = rows_of(asked, "SUPERSEDED")
    assert (renewed["by"], renewed["by_series"]) == (2, "CONTRIBUTION")
    asked.take(a_decision())
    decided = rows_of(asked, "SUPERSEDED")[1:]
    assert {row["by"] for row in decided} == {1}
    assert not any("by_series" in row for row in decided)


@pytest.mark.parametrize(
    ("newest", "by_series"),
    [
        ({newest_in(line_in(Series.CONTRIBUTION, thread_of(PROBATION))): 2}, "CONTRIBUTION"),
        ({"dver": 1}, None),
    ],
)
def test_a_sender_that_finds_a_newer_one_says_which_it_was(
    asked: World, newest: dict[str, int], by_series: str | None
) -> None:
    """The intake had no room for its row: a newer request's, or the decision's."""
    learnt = asked.store.update("child", "state", (f"R#{REF}", keys.child(1)), change=Change(newest))
    asked.store.write([learnt])
    asked.send_due()
    (row,) = [one for one in rows_of(asked, "SUPERSEDED") if one["agency"] == PROBATION]
    assert (row["by"], row.get("by_series")) == (max(newest.values()), by_series)


def test_a_clock_that_fires_says_which_update_its_task_is_about(asked: World) -> None:
    opened(asked, call_task(TaskKind.CHECK_NOT_TOLD, asked.now, asked.clocks, about="PLAN"))
    asked.later(days=7)
    asked.send_due()
    (fired,) = [row for row in rows_of(asked, "CLOCK_FIRED") if row["task"] == "CHECK_NOT_TOLD"]
    assert fired["about"] == "PLAN"
