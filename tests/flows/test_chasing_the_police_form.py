"""The police form is not complete: the police are reminded three times, then a manager has it; nothing waits
for it."""

from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.errors import RetryError
from functions.adapters.ledger.reading import WorkIndex
from functions.domain.wording.police_form import SENTENCES
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.order import NotPossibleError
from schemas.codes import ActReason, Channel, RaStatus, TaskKind, TaskRole
from tests.flows.chases import (
    CAME,
    DUE,
    ESCALATED,
    INSPECTOR,
    LAST,
    REF,
    a_beat,
    a_force,
    a_form,
    at,
    chasing,
    mailed,
    posted,
    reminders,
    with_force,
)
from tests.flows.lives import an_acknowledgement
from tests.flows.silences import clocks, fire_due, fired, said
from tests.flows.test_police_form_never_gates import NOT_NEEDED
from tests.forms import a_child_on_the_form
from tests.world import MORNING, World, a_decision, a_duplicate, a_receipt, a_revision, an_event_id

THE_FORCE = {"agency_id": "north-police", "own_ref": "43261124/0917"}
STEPS = (CAME, DUE, LAST, ESCALATED)


@pytest.fixture
def chased(world: World) -> World:
    """A RED referral has just come, its form has not."""
    chasing(world).take(a_receipt())
    return world


def go_through(world: World) -> None:
    for moment in STEPS:
        at(world, moment)
        a_beat(world)


def chase_task(world: World, child: int = 1) -> tuple[Any, ...]:
    return said(world.tasks()[f"CHASE_FORM#{child:02d}"], "st", "role", "due_at")


# --- the steps


def test_three_reminders_go_at_receipt_when_the_form_is_due_and_a_working_day_later(chased: World) -> None:
    go_through(chased)
    assert [data["news"]["reminder"] for data in posted(chased, "RA_REMINDER")] == [1, 2]
    assert [agency for agency, _ in mailed(chased, "RA_REMINDER")] == ["north-police"]
    assert reminders(chased) == [1, 2, 3]


def test_the_last_goes_to_the_role_that_the_force_named_and_to_no_other_mailbox(chased: World) -> None:
    go_through(chased)
    item = chased.delivery("north-police", Channel.EMAIL, seq=3, nonce="URA_REMINDER")
    assert (item["addressee"], item["st"]) == ("FORM_ESCALATION", "SENT")
    (entry,) = [one for one in chased.directory.all() if one.agency_id == "north-police"]
    assert entry.escalation_address == INSPECTOR


def test_each_step_is_a_row_that_says_how_the_form_stood_and_whose_task_it_is(chased: World) -> None:
    go_through(chased)
    steps = [row for row in fired(chased) if row["clock"] == "POLICE_FORM"]
    assert [said(row, "step", "ra", "role", "due_at", "ended_by") for row in steps] == [
        (1, "ABSENT", "MASH_DUTY_WORKER", "2026-11-25T13:40:00.000Z", None),
        (2, "ABSENT", "MASH_DUTY_WORKER", "2026-11-25T13:40:00.000Z", None),
        (3, "UNKNOWN", "MASH_DUTY_WORKER", "2026-11-26T13:40:00.000Z", None),
        (4, "UNKNOWN", "MASH_MANAGER", "2026-11-27T13:40:00.000Z", "FIRED"),
    ]


@pytest.mark.finding(26)
def test_a_form_that_does_not_come_is_on_the_mashs_list_and_in_the_end_on_its_managers(chased: World) -> None:
    at(chased, CAME)
    (task,) = WorkIndex(chased.store).of(TaskRole.MASH_DUTY_WORKER)
    assert (task["kind"], task["child"]) == ("CHASE_FORM", 1)
    for moment in STEPS[1:]:
        at(chased, moment)
    tasks = WorkIndex(chased.store).of(TaskRole.MASH_MANAGER)
    assert "CHASE_FORM" in [task["kind"] for task in tasks]
    assert "CHASE_FORM" not in [
        task["kind"] for task in WorkIndex(chased.store).of(TaskRole.MASH_DUTY_WORKER)
    ]
    chased.later(days=30)
    at(chased, chased.now)
    assert reminders(chased) == [1, 2, 3]


def test_a_step_fires_once_however_often_it_is_swept(chased: World) -> None:
    for _ in range(3):
        at(chased, CAME)
    assert len(fired(chased)) == 1
    assert reminders(chased) == [1]


def test_what_the_police_read_names_no_outcome_and_the_child_by_its_number_alone(chased: World) -> None:
    chased.take(a_decision())
    go_through(chased)
    (data, *_), (_, text) = posted(chased, "RA_REMINDER"), mailed(chased, "RA_REMINDER")[-1]
    assert (data["news"]["outcome"], data["plan"], data["child_index"]) == (None, None, 1)
    assert "Child: 1" in text
    for told in (text, " ".join(data["news"]["text"])):
        assert not {"47", "enquiry", "decided", "decision"} & set(told.lower().split())


# --- when it is due


def test_of_a_referral_that_is_not_red_it_is_due_in_a_working_day(world: World) -> None:
    chasing(world).take(a_receipt(rag="AMBER"))
    at(world, CAME)
    assert clocks(world)["POLICE_FORM#01"] == "2026-11-25T09:40:00+00:00"


def test_never_after_the_decision(chased: World) -> None:
    at(chased, CAME)
    chased.now = CAME + timedelta(hours=2)
    chased.take(a_decision(decided_at="2026-11-24T11:00:00Z", strategy_discussion_at="2026-11-24T10:30:00Z"))
    assert clocks(chased)["POLICE_FORM#01"] == "2026-11-24T11:00:00+00:00"
    at(chased, CAME + timedelta(hours=2))
    assert reminders(chased) == [1, 2]


def test_a_later_version_makes_it_due_at_no_other_time(chased: World) -> None:
    at(chased, CAME)
    chased.now = MORNING + timedelta(hours=2)
    chased.take(a_decision())
    before = clocks(chased)["POLICE_FORM#01"]
    chased.take(a_revision())
    assert clocks(chased)["POLICE_FORM#01"] == before == DUE.isoformat()


def test_told_again_without_a_colour_an_urgent_referral_has_its_form_due_when_it_was(chased: World) -> None:
    at(chased, CAME)
    chased.take(a_receipt(event_id=an_event_id("told again"), kind="REFERRAL", rag=None))
    at(chased, DUE)
    assert reminders(chased) == [1, 2]


def test_a_colour_that_rises_makes_it_due_sooner(world: World) -> None:
    chasing(world).take(a_receipt(rag="GREEN"))
    at(world, CAME)
    world.take(an_acknowledgement(rag="RED"))
    assert clocks(world)["POLICE_FORM#01"] == DUE.isoformat()


# --- the first word of a child


def test_where_the_decision_is_the_first_word_one_reminder_goes_then_and_the_next_a_working_day_later(
    world: World,
) -> None:
    chasing(world).now = MORNING
    world.take(a_decision())
    at(world, MORNING)
    at(world, MORNING + timedelta(minutes=5))
    (data,) = posted(world, "RA_REMINDER")
    assert (data["news"]["reminder"], data["news"]["next_reminder_at"]) == (2, "2026-11-25T13:40:00Z")
    assert "It was due on 24 November 2026 at 1:40pm." in data["news"]["text"][1]


def test_a_decision_before_its_referral_is_chased_once(world: World) -> None:
    chasing(world).now = MORNING
    world.take(a_decision())
    at(world, MORNING)
    world.take(a_receipt())
    at(world, MORNING + timedelta(minutes=5))
    assert [row["step"] for row in fired(world)] == [2]


def test_the_same_event_again_restarts_nothing(chased: World) -> None:
    at(chased, CAME)
    chased.take(a_receipt())
    chased.take(a_receipt(event_id=an_event_id("referral"), kind="REFERRAL"))
    at(chased, CAME + timedelta(minutes=5))
    assert reminders(chased) == [1]


def test_a_duplicates_form_is_chased_with_its_original(world: World) -> None:
    chasing(world)
    world.take(a_decision())
    world.take(a_duplicate(referring_agency=THE_FORCE))
    assert "POLICE_FORM#01" not in clocks(world, "NS-26-D0PL1C")
    assert "POLICE_FORM#01" in clocks(world)


def test_an_acknowledgement_after_that_asks_for_no_form_of_the_duplicates(world: World) -> None:
    own = "NS-26-D0PL1C"
    chasing(world).take(a_receipt(ref=own))
    at(world, CAME)
    world.now = MORNING + timedelta(hours=2)
    world.take(a_decision())
    world.take(a_duplicate(referring_agency=THE_FORCE))
    world.take(an_acknowledgement(referral_ref=own))
    assert clocks(world, own)["POLICE_FORM#01"] == "REVISED"


# --- a form comes


def test_a_form_before_its_referral_leaves_nobody_to_remind(world: World) -> None:
    chasing(world)
    a_form(world)
    world.take(a_receipt())
    at(world, CAME)
    assert (reminders(world), clocks(world)["POLICE_FORM#01"]) == ([], "ANSWERED")
    assert "CHASE_FORM#01" not in world.tasks()
    assert posted(world, "RA_STATUS_UPDATE") == []


def test_a_complete_form_between_two_reminders_ends_the_chase_its_task_and_is_told_to_the_police(
    chased: World,
) -> None:
    at(chased, CAME)
    a_form(chased)
    at(chased, CAME + timedelta(hours=1))
    assert chase_task(chased)[0] == "DONE"
    assert fired(chased)[-1]["ended"] == ["TASK#CHASE_FORM#01"]
    (told,) = posted(chased, "RA_STATUS_UPDATE")
    assert told["police_form"]["status"] == "COMPLETE"
    go_through(chased)
    assert reminders(chased) == [1]
    assert len(posted(chased, "RA_STATUS_UPDATE")) == 1


def test_a_form_that_is_outstanding_is_not_sorted_out_whoever_says_so(chased: World) -> None:
    at(chased, CAME)
    sorted_out = ActReason.SORTED_OUT
    assert ended_by(chased, sorted_out).startswith("The police form for child 1 is still not received. Ring")
    a_form(chased, complete=False)
    assert "is still not complete: RA06 (not said" in ended_by(chased, sorted_out)
    assert chase_task(chased)[0] == "OPEN"
    a_form(chased, version=2)
    assert ended_by(chased, sorted_out) == ""
    assert chase_task(chased)[0] == "DONE"


def test_that_nobody_need_chase_it_any_more_a_person_may_say_on_record(chased: World) -> None:
    at(chased, CAME)
    assert ended_by(chased, ActReason.NOT_NEEDED) == ""
    assert chase_task(chased)[0] == "DONE"
    (row,) = [row for row in chased.rows() if row.get("reason") == "NOT_NEEDED"]
    assert row["type"] == "TASK"


def test_without_the_key_of_the_referral_nobody_can_tell_and_a_person_may_end_it(chased: World) -> None:
    at(chased, CAME)
    key = {"pk": {"S": f"R#{REF}"}, "sk": {"S": "KEY"}}
    chased.store.client.delete_item(TableName=chased.store.keys, Key=key)
    assert ended_by(chased, ActReason.SORTED_OUT) == ""


def ended_by(world: World, reason: ActReason) -> str:
    """Why a person could not end the chase; empty where they could."""
    try:
        done(WhichTask(TaskKind.CHASE_FORM, REF), world.order(reason), world.act_desk)
    except NotPossibleError as exc:
        return str(exc)
    return ""


def test_a_reminder_that_has_not_left_when_the_form_is_complete_never_does(chased: World) -> None:
    chased.send_due()
    a_form(chased)
    chased.send_due()
    chased.send_due()
    assert reminders(chased) == []
    (row,) = [row for row in chased.rows() if row["type"] == "SUPERSEDED"]
    assert said(row, "nonce", "by", "by_series") == ("URA_REMINDER", 1, "RA_STATUS")


def test_what_waits_to_be_sent_ends_with_the_chase_itself(chased: World) -> None:
    chased.send_due()
    a_form(chased)
    assert fire_due(chased) == 1
    reminder = chased.delivery("north-police", Channel.WEBHOOK, nonce="URA_REMINDER")
    assert (reminder["st"], "due_pk" in reminder) == ("SUPERSEDED", False)


def test_a_form_that_comes_while_a_reminder_is_made_ready_keeps_it_back(chased: World) -> None:
    chased.send_due()

    def meanwhile() -> None:
        chased.police.while_made_ready = lambda: None
        a_form(chased)

    chased.police.while_made_ready = meanwhile
    with pytest.raises(RetryError):
        chased.send_due()
    chased.send_due()
    assert reminders(chased) == []


def test_a_first_form_that_is_not_complete_is_told_at_once_by_the_rules_it_fails(chased: World) -> None:
    at(chased, CAME)
    a_form(chased, complete=False)
    at(chased, CAME + timedelta(hours=1))
    first, second = posted(chased, "RA_REMINDER")
    assert (first["police_form"]["status"], second["police_form"]["status"]) == ("ABSENT", "INCORRECT")
    assert "RA10" in second["police_form"]["failed_rules"]
    assert [data["news"]["reminder"] for data in (first, second)] == [1, 1]
    a_form(chased, 2, complete=False)
    at(chased, CAME + timedelta(hours=2))
    assert len(posted(chased, "RA_REMINDER")) == 2
    at(chased, DUE)
    assert reminders(chased) == [1, 1, 2]


def test_a_form_that_is_not_complete_before_its_referral_is_told_with_the_first_reminder(
    world: World,
) -> None:
    chasing(world)
    a_form(world, complete=False)
    world.take(a_receipt())
    at(world, CAME)
    (told,) = posted(world, "RA_REMINDER")
    assert "RA10" in told["police_form"]["failed_rules"]


def test_a_form_of_a_sibling_ends_nothing(world: World) -> None:
    chasing(world).take(a_receipt(1, 2))
    at(world, CAME)
    children = [a_child_on_the_form(2)]
    a_form(world, children=children, household_child_count=1)
    at(world, CAME + timedelta(minutes=5))
    assert clocks(world)["POLICE_FORM#02"] == "ANSWERED"
    assert (chase_task(world, 1)[0], chase_task(world, 2)[0]) == ("OPEN", "DONE")


def test_a_newer_form_that_is_not_complete_begins_the_chase_anew(chased: World) -> None:
    at(chased, CAME)
    a_form(chased)
    at(chased, CAME + timedelta(hours=1))
    a_form(chased, 3, complete=False)
    at(chased, CAME + timedelta(hours=2))
    assert reminders(chased) == [1, 1]
    assert chase_task(chased)[0] == "OPEN"
    a_form(chased, 4)
    at(chased, CAME + timedelta(hours=3))
    assert len(posted(chased, "RA_STATUS_UPDATE")) == 2
    assert chase_task(chased)[0] == "DONE"


def test_one_that_no_policy_asks_for_is_never_chased(world: World) -> None:
    chasing(world).ra_policy = NOT_NEEDED
    world.take(a_receipt())
    go_through(world)
    assert (reminders(world), clocks(world)["POLICE_FORM#01"]) == ([], "ANSWERED")


# --- whom it reaches, and whom it does not


def test_where_no_force_owes_the_form_the_task_stands_alone(world: World) -> None:
    world.now, world.chases = CAME, True
    world.take(a_receipt())
    go_through(world)
    assert reminders(world) == []
    assert chase_task(world)[:2] == ("OPEN", "MASH_MANAGER")


def test_another_force_hears_nothing(world: World) -> None:
    chasing(world).apply(with_force(a_force("west-police")))
    world.take(a_receipt())
    at(world, CAME)
    assert {pins.agency_id for pins, _ in world.police.sent} == {"west-police"}


def test_a_silent_feed_is_said_to_be_the_reason_that_nothing_is_known(world: World) -> None:
    chasing(world).take(a_receipt())
    world.later(hours=4, seconds=1)
    at(world, world.now)
    (told,) = posted(world, "RA_REMINDER")
    assert told["police_form"]["status"] == "UNKNOWN"
    assert "We cannot see if you have sent it" in told["news"]["text"][1]


def test_it_holds_back_nothing_else(chased: World) -> None:
    at(chased, CAME)
    chased.take(a_decision())
    assert chased.send_due() == 2
    ((agency, text),) = mailed(chased, "OUTCOME")
    assert (agency, SENTENCES[RaStatus.ABSENT] in text) == ("north-probation", True)


def test_a_force_whose_staff_are_linked_is_told_by_nobody_but_a_person(chased: World) -> None:
    hold = {"code": "STAFF_LINK", "agency_id": "north-police"}
    chased.take(a_decision(hold_codes=[hold]))
    at(chased, DUE)
    assert reminders(chased) == []
    assert "CHECK_NOT_TOLD#01#RA_REMINDER" in chased.tasks()


def test_a_referral_whose_key_is_gone_is_chased_no_more(chased: World) -> None:
    chased.store.client.delete_item(
        TableName=chased.store.keys, Key={"pk": {"S": f"R#{REF}"}, "sk": {"S": "KEY"}}
    )
    at(chased, CAME)
    assert (reminders(chased), clocks(chased)["POLICE_FORM#01"]) == ([], "ANSWERED")
