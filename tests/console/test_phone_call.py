"""Recording a phone call in the console: which one, when, and to whom by their role."""

from collections.abc import Iterator

import pytest

from functions.adapters.ledger.store import Item
from functions.domain.delivery import Answer
from schemas.codes import AttemptResult, AuditKind, Channel, ErrorWord, ReaderRole, TaskState
from tests.console.council import AUDITOR, MANAGER, VIEWER, Person
from tests.console.office import Browser, Office, Reply
from tests.world import World, a_decision, a_world

REF, POLICE, PROBATION = "NS-26-7KQ4ZP", "north-police", "north-probation"
PATH = f"/referrals/{REF}/call"
FOR_GOOD = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)


@pytest.fixture
def world() -> Iterator[World]:
    """Neither agency could be told; two calls are open, and it is half an hour later."""
    with a_world() as one:
        one.take(a_decision())
        one.police.answers, one.mailbox.answers = [FOR_GOOD], [FOR_GOOD]
        one.send_due()
        one.send_due()
        one.later(minutes=30)
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def the_call(world: World, agency: str = POLICE) -> str:
    """As the form names it."""
    task = world.tasks()[f"CALL_UNTOLD#01#{agency}"]
    return f"{task['sk']} {task['opened_at']}"


def record(browser: Browser, page: Reply, which: str, **changed: str) -> Reply:
    said = {"call": which, "day": "2026-11-24", "time": "15:20", "role": ReaderRole.DUTY_WORKER}
    return browser.post(PATH, {**page.fields(), **said, **changed})


def done_rows(world: World) -> list[Item]:
    return [row for row in world.rows() if row["type"] == AuditKind.TASK and row.get("done")]


def test_whoever_has_to_sign_in_again_finds_the_call_that_they_had_entered(
    office: Office, world: World
) -> None:
    """But no words that they typed where a day goes: those are kept nowhere."""
    browser = office.signed_in()
    page = browser.get(PATH)
    world.later(minutes=40)
    assert record(browser, page, the_call(world), day="Mary Smith").status == 403
    assert "Mary" not in str(world.all_items("state"))
    assert record(browser, page, the_call(world)).status == 403
    browser.sign_in(MANAGER)
    chosen = {"call": the_call(world), "day": "2026-11-24", "time": "15:20", "role": ReaderRole.DUTY_WORKER}
    assert chosen.items() <= browser.get(PATH).fields().items()


def test_a_call_is_recorded_with_its_time_and_the_role_spoken_to(office: Office, world: World) -> None:
    browser = office.signed_in()
    page = browser.get(PATH)
    assert (
        "Child 1: Call the agency: nothing shows that a message has reached it (North Police)" in page.text()
    )
    reply = record(browser, page, the_call(world))
    assert (reply.status, reply.done) == (303, f"{office.base}/referrals/{REF}?done=called")
    (row,) = done_rows(world)
    assert (row["actor"], row["reason"]) == ("staff:p-0417", "TOLD_BY_PHONE")
    assert (row["spoken_at"], row["spoken_to"]) == ("2026-11-24T15:20:00.000Z", "DUTY_WORKER")
    assert world.tasks()[f"CALL_UNTOLD#01#{POLICE}"]["st"] == TaskState.DONE
    text = browser.get(reply.leads_to.removeprefix(office.base)).text()
    assert "The call is recorded" in text
    assert "The call was on 24 November 2026 at 3:20pm: duty worker." in text


def test_the_agency_counts_as_told_from_the_time_of_the_call(office: Office, world: World) -> None:
    browser = office.signed_in()
    record(browser, browser.get(PATH), the_call(world))
    assert world.delivery(POLICE, Channel.WEBHOOK)["phoned_at"] == "2026-11-24T15:20:00.000Z"
    text = browser.get(f"/referrals/{REF}").text()
    assert "Told the referrer 24 November 2026 at 3:20pm" in text


def test_midnight_is_a_time(office: Office, world: World) -> None:
    browser = office.signed_in()
    reply = record(browser, browser.get(PATH), the_call(world), time="00:00")
    assert "The call must not be before the decision that it was about" in reply.text()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"call": "TASK#NONE"}, "Choose which call you made"),
        ({"day": "0026-11-24"}, "Enter the day of the call, for example 2026-11-24"),
        ({"day": "yesterday"}, "Enter the day of the call, for example 2026-11-24"),
        ({"time": "half past"}, "Enter the time on the 24-hour clock, for example 14:30"),
        ({"time": "15:33"}, "The call must not be in the future"),
        ({"time": "15:01"}, "The call must not be before the decision that it was about"),
        ({"day": "2026-11-23"}, "The call must not be before the decision that it was about"),
        ({"role": "Mrs Smith"}, "Choose the role of whoever you spoke to"),
    ],
)
def test_an_answer_that_cannot_be_is_said_to_be_wrong_and_records_nothing(
    office: Office, world: World, wrong: dict[str, str], said: str
) -> None:
    browser = office.signed_in()
    reply = record(browser, browser.get(PATH), the_call(world), **wrong)
    assert reply.status == 400
    assert said in reply.text()
    assert not done_rows(world)
    assert "Mrs Smith" not in reply.body


def test_two_managers_who_record_it_one_does_and_the_other_is_told(office: Office, world: World) -> None:
    first, second = office.signed_in(MANAGER), office.signed_in(MANAGER)
    pages, call = (first.get(PATH), second.get(PATH)), the_call(world)
    assert record(first, pages[0], call).status == 303
    reply = record(second, pages[1], call)
    assert reply.status == 400
    assert "Choose which call you made" in reply.text()
    assert len(done_rows(world)) == 1


def test_where_no_call_is_waiting_the_page_says_where_one_is_recorded(office: Office, world: World) -> None:
    browser = office.signed_in()
    for agency in (POLICE, PROBATION):
        assert "Record a phone call" in browser.get(f"/referrals/{REF}").text()
        record(browser, browser.get(PATH), the_call(world, agency))
    assert "Record a phone call" not in browser.get(f"/referrals/{REF}").text()
    page = browser.get(PATH)
    assert "No call to an agency is waiting here." in page.text()
    assert "recorded in the case system, which tells us" in page.text()
    assert "<form" not in page.body


@pytest.mark.parametrize("person", [VIEWER, AUDITOR])
def test_only_a_manager_records_a_call(office: Office, world: World, person: Person) -> None:
    page = office.signed_in().get(PATH)
    browser = office.signed_in(person)
    assert "Record a phone call" not in browser.get(f"/referrals/{REF}").text()
    assert browser.get(PATH).status == 403
    assert record(browser, page, the_call(world), csrf=browser.csrf).status == 403
    assert not done_rows(world)


def test_a_referral_that_nobody_knows_has_no_calls(office: Office) -> None:
    assert office.signed_in().get("/referrals/NS-26-NOBODY/call").status == 404
