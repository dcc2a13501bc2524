"""One message in the console: how it stands, sending it again, stopping it, and two people who want both."""

import re
from collections.abc import Iterator

import pytest

from functions.console.messages.tries import tries
from functions.domain.delivery import Answer
from functions.flows.acting.cancel import cancel, what_would_stop
from functions.flows.acting.endpoint import pause
from functions.flows.acting.order import Which
from functions.story.named import actor_words
from schemas.agency import Mailbox
from schemas.codes import (
    ActReason,
    AgencyType,
    AttemptResult,
    AuditKind,
    Channel,
    DeliveryState,
    ErrorWord,
    HoldTrigger,
)
from tests.console.council import AUDITOR, MANAGER, VIEWER, Person
from tests.console.office import BASE, Browser, Office, Reply
from tests.world import World, a_decision, a_registry, a_world, an_agency, change_agency

POLICE, PROBATION = "north-police", "north-probation"
BUSY = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503, took_ms=300)
GONE_QUIET = Answer(AttemptResult.FAILED, error=ErrorWord.E_TIMEOUT, took_ms=10_000)
WRONG_KEY = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=401, took_ms=200)


@pytest.fixture
def world() -> Iterator[World]:
    """The police's system does not answer; probation's mail has gone."""
    with a_world() as one:
        one.doors[Channel.WEBHOOK].answers = [GONE_QUIET]
        one.take(a_decision())
        one.send_due()
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def page_of(world: World, agency: str, channel: Channel, **which: str) -> str:
    return f"/messages/{world.delivery(agency, channel, **which)['message_id']}"


def webhook(world: World) -> str:
    return page_of(world, POLICE, Channel.WEBHOOK)


def email(world: World) -> str:
    return page_of(world, PROBATION, Channel.EMAIL)


def send(browser: Browser, path: str, page: Reply, way: str = "SAME", **changed: str) -> Reply:
    return browser.post(path, {**page.fields(), "how": way, "reason": ActReason.AGENCY_ASKED, **changed})


def stop(browser: Browser, path: str, page: Reply, **changed: str) -> Reply:
    return browser.post(f"{path}/stop", {**page.fields(), "reason": ActReason.WRONG_RECIPIENT, **changed})


def entries(world: World, kind: AuditKind) -> list[dict[str, object]]:
    return [row for row in world.rows() if row["type"] == kind]


# --- how it stands


def test_what_is_still_tried_says_why_how_often_and_when_next(office: Office, world: World) -> None:
    world.doors[Channel.WEBHOOK].answers = [BUSY]
    world.later(minutes=1)
    world.send_due()
    text = office.signed_in().get(webhook(world)).text()
    assert (
        "Status Still trying Why Their system said it was unavailable Tries so far 2 of 17 Next try" in text
    )
    assert "Their system said it was unavailable Response 503" in text
    assert "Their system did not answer No reply after" in text


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (GONE_QUIET, "Their system is not answering"),
        (WRONG_KEY, "Their system refused our signature"),
        (BUSY, "Their system said it was unavailable"),
        (
            Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=422, retryable=True),
            "Their system refused the message",
        ),
        (
            Answer(AttemptResult.FAILED, error=ErrorWord.E_TLS, retryable=True),
            "The agency's system could not prove whose it is",
        ),
    ],
)
def test_why_it_did_not_arrive_is_said_in_plain_words(
    office: Office, world: World, answer: Answer, why: str
) -> None:
    world.doors[Channel.WEBHOOK].answers = [answer]
    world.later(minutes=1)
    world.send_due()
    assert f"Why {why}" in office.signed_in().get(webhook(world)).text()


def test_whom_to_call_stands_beside_it(office: Office, world: World) -> None:
    change_agency(world, POLICE, phone="01632 960 777")
    text = office.signed_in().get(webhook(world)).text()
    assert "Who to call at North Police : 01632 960 777" in text


def test_a_held_message_leads_to_its_hold_and_has_no_button(office: Office, world: World) -> None:
    world.take(a_decision(**OTHER, hold_codes=[{"code": "SENSITIVE"}]))
    browser = office.signed_in()
    page = browser.get(held(world))
    assert "Held: sensitive" in page.text()
    assert "Send again" not in page.text()
    review = re.search(r'href="[^"]*(/worklist/[^"]+)"', page.body)
    assert review
    assert "Review the hold" in page.text()
    assert browser.get(review[1]).status == 200


def forms(page: Reply) -> dict[str, str]:
    """The paths to which a page's forms go, by their ids."""
    found = re.findall(r'<form action="([^"]*)" method="post" id="([^"]*)"', page.body)
    return {name: path.removeprefix(BASE) for path, name in found}


@pytest.mark.parametrize(
    ("way", "reason", "kind"),
    [("released", "SAFE_TO_TELL", AuditKind.RELEASED), ("kept", "POLICE_ASKED", AuditKind.TASK)],
)
def test_a_held_message_is_released_or_kept_where_it_is_seen(
    office: Office, world: World, way: str, reason: str, kind: AuditKind
) -> None:
    world.take(a_decision(**OTHER, hold_codes=[{"code": "SENSITIVE"}]))
    browser = office.signed_in()
    page = browser.get(held(world))
    assert "SAFE_TO_TELL" in page.body
    assert 'value="ADDRESS_VERIFIED"' not in page.body
    reply = browser.post(forms(page)[way], {**page.fields(), "way": way, "reason": reason})
    assert (reply.status, reply.done) == (303, f"{BASE}/worklist?done={way}")
    assert world.kinds(str(OTHER["referral_ref"]))[-1] == kind


def test_whoever_may_not_act_sees_no_way_on_for_what_is_held(office: Office, world: World) -> None:
    world.take(a_decision(**OTHER, hold_codes=[{"code": "SENSITIVE"}]))
    page = office.signed_in(VIEWER).get(held(world))
    assert forms(page) == {}
    assert "Review the hold" in page.text()


OTHER = {
    "event_id": "5b0f2c9e-8a53-4a0e-9f0e-6a1f2f0b7c22",
    "referral_ref": "NS-26-HELD22",
    "source_seq": 4183,
}


def held(world: World) -> str:
    return page_of(world, POLICE, Channel.WEBHOOK, ref="NS-26-HELD22")


def test_nobody_sends_what_is_held_even_by_a_form_of_their_own(office: Office, world: World) -> None:
    world.take(a_decision(**OTHER, hold_codes=[{"code": "SENSITIVE"}]))
    browser = office.signed_in()
    fields = {"was_state": "PENDING", "was_tries": "0", "was_held": HoldTrigger.SENSITIVE}
    page = browser.get(webhook(world))
    reply = send(browser, held(world), page, **fields)
    assert reply.status == 409
    assert "It is held, so nobody may be told yet: whoever has the hold's task decides." in reply.text()


# --- sending it again


def test_what_waits_goes_at_once_as_the_same_message(office: Office, world: World) -> None:
    browser, path = office.signed_in(), webhook(world)
    page = browser.get(path)
    assert "The same message goes again with the same id" in page.text()
    reply = send(browser, path, page)
    assert (reply.status, reply.done) == (303, f"{office.base}{path}?done=again")
    assert "The same message is due now" in browser.get(reply.leads_to.removeprefix(office.base)).text()
    (row,) = entries(world, AuditKind.RESENT)
    assert (row["actor"], row["reason"]) == ("staff:p-0417", ActReason.AGENCY_ASKED)
    assert world.send_due() == 1
    assert world.delivery(POLICE, Channel.WEBHOOK)["st"] == DeliveryState.SENT


def test_by_email_instead_a_new_message_goes_to_the_agreed_mailbox(office: Office, world: World) -> None:
    browser, path = office.signed_in(), webhook(world)
    page = browser.get(path)
    assert "To their agreed back-up mailbox, as a new message: outcome and plan" in page.text()
    reply = send(browser, path, page, "EMAIL")
    assert reply.done.endswith("?done=anew")
    text = browser.get(reply.leads_to.removeprefix(office.base)).text()
    assert "A new message was made" in text
    assert "Sent by Email, in place of their system" in text


def test_a_mailbox_that_may_have_no_more_than_a_notice_is_offered_a_notice(
    office: Office, world: World
) -> None:
    change_agency(world, POLICE, address="mash@unmanaged.example")
    text = office.signed_in().get(webhook(world)).text()
    assert "To their agreed back-up mailbox, as a new message: notice only" in text


def test_what_has_ended_goes_as_a_new_message_and_the_page_says_so(office: Office, world: World) -> None:
    browser, path = office.signed_in(), email(world)
    page = browser.get(path)
    assert "This one has ended, so a new message goes" in page.text()
    assert "By email instead" not in page.text()
    reply = send(browser, path, page)
    assert reply.done.endswith("?done=anew")
    assert path not in reply.leads_to


def test_a_paused_system_leaves_the_way_by_email_and_says_why(office: Office, world: World) -> None:
    pause(POLICE, world.order(ActReason.MAINTENANCE), world.act_desk)
    text = office.signed_in().get(webhook(world)).text()
    assert "North Police's system is paused. Its own page says why" in text
    assert "mash resume" not in text
    assert "Their system, now" not in text
    assert "By email instead" in text


@pytest.mark.parametrize(
    ("left_out", "said"), [("how", "Choose how to send it"), ("reason", "Say why you are sending it again")]
)
def test_an_answer_that_is_not_whole_does_nothing_and_keeps_the_rest(
    office: Office, world: World, left_out: str, said: str
) -> None:
    browser, path = office.signed_in(), webhook(world)
    reply = send(browser, path, browser.get(path), "EMAIL", **{left_out: ""})
    assert reply.status == 400
    assert said in reply.text()
    kept = 'value="EMAIL" checked' if left_out == "reason" else 'value="AGENCY_ASKED" checked'
    assert kept in reply.body
    assert not entries(world, AuditKind.RESENT)


def test_a_form_shown_before_another_try_is_refused_with_what_changed(office: Office, world: World) -> None:
    browser, path = office.signed_in(), webhook(world)
    page = browser.get(path)
    world.doors[Channel.WEBHOOK].answers = [BUSY]
    world.later(minutes=1)
    world.send_due()
    reply = send(browser, path, page)
    assert reply.status == 409
    assert "Your change was not made." in reply.text()
    assert "Tries so far When you opened it 1 Now 2" in reply.text()
    assert not entries(world, AuditKind.RESENT)


def test_a_form_shown_before_it_arrived_is_refused_with_what_changed(office: Office, world: World) -> None:
    browser, path = office.signed_in(), webhook(world)
    page = browser.get(path)
    world.later(minutes=1)
    world.send_due()
    reply = send(browser, path, page)
    assert reply.status == 409
    assert "Still trying" in reply.text()
    assert "Delivered" in reply.text()


def test_a_mailbox_that_was_lowered_since_the_form_was_shown_is_looked_at_again(
    office: Office, world: World
) -> None:
    browser, path = office.signed_in(), webhook(world)
    page = browser.get(path)
    change_agency(world, POLICE, address="mash@unmanaged.example")
    reply = send(browser, path, page, "EMAIL")
    assert reply.status == 409
    assert "Notice only" in reply.text()
    assert not entries(world, AuditKind.RESENT)


def test_a_state_that_is_none_is_said_to_be_not_known(office: Office, world: World) -> None:
    browser, path = office.signed_in(), webhook(world)
    odd = {"was_state": "<b>", "was_tries": "many", "was_held": "NONSENSE"}
    reply = send(browser, path, browser.get(path), **odd)
    assert reply.status == 409
    assert reply.text().count("Not known") == 3
    assert "<b>" not in reply.body


def test_two_managers_who_send_it_again_one_does_and_the_other_is_told(office: Office, world: World) -> None:
    path = email(world)
    first, second = office.signed_in(MANAGER), office.signed_in(MANAGER)
    pages = first.get(path), second.get(path)
    assert send(first, path, pages[0]).status == 303
    reply = send(second, path, pages[1])
    assert reply.status == 409
    assert "It was sent again already; the referral's page says when, and by whom." in reply.text()
    assert len(entries(world, AuditKind.RESENT)) == 1


# --- stopping it


def test_a_manager_stops_a_message_on_a_page_of_its_own(office: Office, world: World) -> None:
    browser, path = office.signed_in(), webhook(world)
    page = browser.get(f"{path}/stop")
    assert "This message to North Police is never sent, and nobody can undo that." in page.text()
    reply = stop(browser, path, page)
    assert (reply.status, reply.done) == (303, f"{office.base}{path}?done=stopped")
    text = browser.get(reply.leads_to.removeprefix(office.base)).text()
    assert "Stopped for good This message is never sent" in text
    assert "Stopped by a person" in text
    assert "Stop it for good" not in text
    assert "A person stopped it; the referral's page says who and why." in text
    (row,) = entries(world, AuditKind.CANCELLED)
    assert (row["actor"], row["reason"]) == ("staff:p-0417", ActReason.WRONG_RECIPIENT)
    world.later(hours=1)
    assert world.send_due() == 0


def test_a_stopped_message_says_who_stopped_it_and_why_and_not_how_its_last_try_failed(
    office: Office, world: World
) -> None:
    browser, path = office.signed_in(), webhook(world)
    assert "Why Their system is not answering" in browser.get(path).text()
    stop(browser, path, browser.get(f"{path}/stop"))
    text = browser.get(path).text()
    assert "Why It was not for this agency" in text
    assert "Stopped Today, 3:02pm By staff:p-0417, a MASH manager" in text
    assert "not answering" not in text.partition("Every try")[0]


def test_a_message_that_an_operator_stopped_is_not_said_to_be_a_managers_doing(
    office: Office, world: World
) -> None:
    order = world.order(ActReason.WRONG_RECIPIENT)
    item = world.delivery(POLICE, Channel.WEBHOOK)
    which = Which("NS-26-7KQ4ZP", item["child"], message=item["message_id"])
    cancel(what_would_stop(which, world.act_desk), order, world.act_desk)
    text = office.signed_in().get(webhook(world)).text()
    assert f"Stopped Today, 3:02pm By {actor_words(order.actor)} Tries so far" in text


def test_a_message_that_has_left_is_not_stopped_and_the_page_says_so(office: Office, world: World) -> None:
    browser, path = office.signed_in(), email(world)
    assert f"{path}/stop" not in browser.get(path).body
    page = browser.get(f"{path}/stop")
    assert "Nothing of it is still to be sent. It has left: call the agency." in page.text()
    assert "<form" not in page.body
    stale = {"was_state": "SENT", "was_tries": "1", "was_held": ""}
    csrf = browser.get(webhook(world)).fields()["csrf"]
    reply = browser.post(f"{path}/stop", {"csrf": csrf, "reason": ActReason.WRONG_RECIPIENT, **stale})
    assert reply.status == 409
    assert not entries(world, AuditKind.CANCELLED)


def test_without_a_reason_nothing_is_stopped(office: Office, world: World) -> None:
    browser, path = office.signed_in(), webhook(world)
    reply = stop(browser, path, browser.get(f"{path}/stop"), reason=ActReason.AGENCY_ASKED)
    assert reply.status == 400
    assert "Say why it is stopped: choose one" in reply.text()
    assert not entries(world, AuditKind.CANCELLED)


def test_what_was_tried_since_the_page_was_shown_is_not_stopped_unseen(office: Office, world: World) -> None:
    browser, path = office.signed_in(), webhook(world)
    page = browser.get(f"{path}/stop")
    world.doors[Channel.WEBHOOK].answers = [BUSY]
    world.later(minutes=1)
    world.send_due()
    assert stop(browser, path, page).status == 409
    assert not entries(world, AuditKind.CANCELLED)


def test_two_managers_who_stop_it_one_does_and_the_other_is_told(office: Office, world: World) -> None:
    path = webhook(world)
    first, second = office.signed_in(MANAGER), office.signed_in(MANAGER)
    pages = first.get(f"{path}/stop"), second.get(f"{path}/stop")
    assert stop(first, path, pages[0]).status == 303
    reply = stop(second, path, pages[1])
    assert reply.status == 409
    assert "Stopped by a person" in reply.text()
    assert len(entries(world, AuditKind.CANCELLED)) == 1


# --- who may


@pytest.mark.parametrize("person", [VIEWER, AUDITOR])
def test_whoever_is_no_manager_sees_it_and_may_do_nothing(
    office: Office, world: World, person: Person
) -> None:
    browser, path = office.signed_in(person), webhook(world)
    page = browser.get(path)
    assert page.status == 200
    assert "Only a person signed in as a MASH manager can send this again, or stop it." in page.text()
    assert "<form" not in page.body
    assert browser.get(f"{path}/stop").status == 403
    manager = office.signed_in(MANAGER).get(path)
    assert send(browser, path, manager, csrf=browser.csrf).status == 403
    assert stop(browser, path, manager, csrf=browser.csrf).status == 403
    assert not entries(world, AuditKind.RESENT)
    assert not entries(world, AuditKind.CANCELLED)


@pytest.mark.parametrize("path", ["/messages/msg_nobody", "/messages/msg_nobody/stop"])
def test_what_is_no_message_is_not_there_and_is_on_record(office: Office, path: str) -> None:
    assert office.signed_in().get(path).status == 404


def test_what_somebody_had_chosen_is_there_again_once_they_have_signed_in(
    office: Office, world: World
) -> None:
    browser, path = office.signed_in(), webhook(world)
    page = browser.get(path)
    world.later(hours=1)
    assert send(browser, path, page, "EMAIL").status == 403
    browser.sign_in(MANAGER)
    again = browser.get(path)
    assert 'value="EMAIL" checked' in again.body
    assert 'value="AGENCY_ASKED" checked' in again.body


def test_an_agency_that_has_an_email_of_its_own_is_sent_that_one(world: World) -> None:
    both = an_agency(POLICE, AgencyType.POLICE, Channel.WEBHOOK, Channel.EMAIL)
    world.apply(a_registry().model_copy(update={"agency": (both, a_registry().agency[1])}))
    assert isinstance(both.email, Mailbox)
    text = Office.of(world).signed_in().get(webhook(world)).text()
    assert "By email instead" not in text


@pytest.mark.parametrize(("milliseconds", "words"), [(0, "Under 0.1s"), (99, "Under 0.1s"), (100, "0.1s")])
def test_no_try_is_said_to_have_taken_no_time(world: World, milliseconds: int, words: str) -> None:
    rows = [{**row, "took_ms": milliseconds} for row in entries(world, AuditKind.ATTEMPT_CLOSED)]
    assert {one.took for one in tries(rows, world.now)} == {words}
