"""Agencies in the console: how each stands, pausing and resuming its system, and sending again what waits."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from functions.adapters.registry.endpoint_rows import EndpointRows
from functions.console.agencies import page as module
from functions.console.agencies.page import TYPES
from functions.console.agencies.recovering import MOST_HERE
from functions.console.routes import ROUTES
from functions.domain.delivery import Answer
from schemas.codes import ActReason, AgencyType, AttemptResult, AuditKind, Channel, DeliveryState, ErrorWord
from tests.console.council import AUDITOR, MANAGER, VIEWER
from tests.console.office import Browser, Office, Reply
from tests.flows.aviary import Aviary, crash
from tests.flows.aviary import a_registry as forces
from tests.live_counts import count_live
from tests.world import World, a_decision, a_registry, a_world, an_agency, an_event_id, change_agency

POLICE = "/agencies/north-police"


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as one:
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def silent(world: World, messages: int = 3) -> None:
    """The police's system does not answer, and so many messages wait for it."""
    world.police.otherwise = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
    for number in range(messages):
        world.take(
            a_decision(referral_ref=f"NS-26-{number}", event_id=an_event_id(number), involved_agencies=[])
        )
    world.send_due()


def press(browser: Browser, path: str, reason: str, page: Reply | None = None, **changed: str) -> Reply:
    page = page or browser.get(path)
    return browser.post(path, {**page.fields(), "reason": reason, **changed})


def of_the_police(world: World) -> list[dict[str, str]]:
    """What the trail has about their system."""
    found = [row for row in world.all_items("audit") if row["pk"] == "G#north-police"]
    return [row for row in found if row["type"] == AuditKind.ENDPOINT]


def rows_of_referrals(world: World) -> int:
    return sum(row["pk"].startswith("R#") for row in world.all_items("audit"))


# --- how each stands


@pytest.mark.parametrize("path", ["/agencies", POLICE])
def test_one_that_does_not_answer_says_since_when_and_when_it_is_tried_next(
    office: Office, world: World, path: str
) -> None:
    silent(world, messages=6)
    assert "Not answering Since today, 3:02pm. Next try: today, 3:04pm" in office.signed_in().get(path).text()
    world.later(hours=1)
    text = office.signed_in().get(path).text()
    assert "Not answering Since today, 3:02pm. Next try: when a message is due" in text


def test_what_waits_leads_to_a_list_of_as_many(office: Office, world: World) -> None:
    """Whatever its state, and however long ago its referral came in."""
    silent(world, 3)
    world.later(days=30)
    world.send_due()
    world.take(a_decision(referral_ref="NS-26-8", event_id=an_event_id(8), involved_agencies=[]))
    items = [one for one in world.all_items("state") if {"wait_from", "due_pk"} <= one.keys()]
    waiting = [one["st"] for one in items if one["agency"] == "north-police"]
    assert {DeliveryState.RETRY, DeliveryState.PENDING} <= set(waiting)
    browser = office.signed_in(VIEWER)
    for path in ("/agencies", POLICE):
        page = browser.get(path)
        link = re.search(r'href="([^"]+status=[^"]+)">(\d+) messages<', page.body)
        assert link
        assert int(link[2]) == len(waiting)
        listed = browser.get(link[1].replace("&amp;", "&").removeprefix(office.base)).text()
        assert len(re.findall(r"child 1 To North Police", listed)) == len(waiting)


def test_the_list_counts_what_arrived_when_it_did_and_what_waits(office: Office, world: World) -> None:
    world.take(a_decision())
    world.send_due()
    silent(world, 2)
    count_live(world.store, world.clocks, world.now)
    page = office.signed_in(VIEWER).get("/agencies").text()
    police, _, probation = page.partition("North Police")[2].partition("North Probation")
    arrived = "Delivered, 7 days 1 of 3 Last success Earlier today"
    assert f"{arrived} Waiting 2 messages for North Police Status Working" in police
    assert "Delivered, 7 days 0 of 1 Last success None in 7 days Waiting Nothing Status" in probation
    world.later(days=8)
    assert "None in 7 days" in office.signed_in(VIEWER).get("/agencies").text()


def test_a_system_that_is_paused_stands_first_and_says_since_when(office: Office, world: World) -> None:
    world.apply(a_registry(an_agency("abbey-school", AgencyType.SCHOOL, Channel.EMAIL)))
    press(office.signed_in(), f"{POLICE}/pause", ActReason.MAINTENANCE)
    page = office.signed_in().get("/agencies").text()
    assert page.index("North Police") < page.index("Abbey School")
    assert "Paused Since today, 3:02pm" in page


def test_a_page_shows_the_host_alone_and_the_keys_end_and_age_and_never_a_secret(
    office: Office, world: World
) -> None:
    EndpointRows(world.store, world.chain).secret_changed(
        "north-police", by="duty-engineer", key_id="ab12cd34-1", older_end_at=None, live=1, now=world.now
    )
    world.later(days=12)
    page = office.signed_in(VIEWER).get(POLICE)
    assert "Number ends cd34" in page.text()
    assert "12 days old" in page.text()
    assert "north-police.example" in page.text()
    assert "/outcomes" not in page.body
    assert "whsec" not in page.body
    assert "Over a year old" not in page.text()
    world.later(days=354)
    assert "Over a year old" in office.signed_in(VIEWER).get(POLICE).text()


def test_the_key_in_use_is_known_however_many_test_messages_went_since(
    office: Office, aviary: Aviary, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "NEWEST_ENTRIES", 3)
    EndpointRows(world.store, world.chain).secret_changed(
        "north-police", by="duty-engineer", key_id="ab12cd34-1", older_end_at=None, live=1, now=world.now
    )
    for _ in range(4):
        world.later(minutes=15)
        assert aviary.sweep() == 1
    assert "Key Number ends cd34 0 days old" in office.signed_in(VIEWER).get(POLICE).text()


def test_a_key_that_an_earlier_release_changed_is_known_by_the_newest_test(
    office: Office, aviary: Aviary
) -> None:
    text = office.signed_in(VIEWER).get(POLICE).text()
    assert re.search(r"Key Number ends \w{4} How old is not known", text)


def test_a_key_of_which_nothing_is_known_is_not_made_up(office: Office) -> None:
    assert "Key None that we know of" in office.signed_in(VIEWER).get(POLICE).text()


def test_who_may_not_act_is_told_who_may(office: Office) -> None:
    page = office.signed_in(AUDITOR).get(POLICE)
    assert "Only a MASH manager can pause their system" in page.text()
    assert f"{POLICE}/pause" not in page.body
    for act in ("pause", "resume", "recover"):
        assert office.signed_in(AUDITOR).get(f"{POLICE}/{act}").status == 403


def test_an_agency_that_never_was_is_not_there(office: Office) -> None:
    for path in ("/agencies/nobody", "/agencies/nobody/pause", "/agencies/nobody/recover"):
        assert office.signed_in().get(path).status == 404
    assert office.signed_in().get("/agencies/north-probation/pause").status == 404


# --- pausing and resuming


def test_a_manager_pauses_a_system_and_nothing_goes_until_somebody_resumes_it(
    office: Office, world: World
) -> None:
    browser = office.signed_in(MANAGER)
    page = browser.get(f"{POLICE}/pause")
    assert "Nothing will be sent to their system until somebody resumes it" in page.text()
    reply = press(browser, f"{POLICE}/pause", ActReason.MAINTENANCE, page)
    assert (reply.status, reply.done) == (303, f"{office.base}{POLICE}?done=paused")
    (row,) = of_the_police(world)
    assert (row["actor"], row["reason"], row["result"]) == ("staff:p-0417", ActReason.MAINTENANCE, "PAUSED")
    world.take(a_decision(involved_agencies=[]))
    world.send_due()
    assert world.police.sent == []
    assert "Resume their system" in browser.get(reply.leads_to.removeprefix(office.base)).text()
    page = browser.get(f"{POLICE}/resume")
    assert "One goes first, to see whether it answers" in page.text()
    reply = press(browser, f"{POLICE}/resume", ActReason.ENDPOINT_MENDED, page)
    resumed = browser.get(reply.leads_to.removeprefix(office.base)).text()
    assert "One message goes first" in resumed
    assert "Status Not yet proved Resumed: it has answered nothing since" in resumed
    world.send_due()
    assert len(world.police.sent) == 1
    assert "Status Working" in browser.get(POLICE).text()


def test_two_managers_at_once_one_pauses_and_the_other_is_told(office: Office, world: World) -> None:
    first, second = office.signed_in(MANAGER), office.signed_in(MANAGER)
    pages = first.get(f"{POLICE}/pause"), second.get(f"{POLICE}/pause")
    assert press(first, f"{POLICE}/pause", ActReason.MAINTENANCE, pages[0]).status == 303
    reply = press(second, f"{POLICE}/pause", ActReason.NOT_TRUSTED, pages[1])
    assert reply.status == 409
    assert "Not paused" in reply.text()
    assert len(of_the_police(world)) == 1


def test_what_is_paused_already_offers_no_pause_and_what_is_not_no_resuming(office: Office) -> None:
    browser = office.signed_in()
    assert "It is not paused" in browser.get(f"{POLICE}/resume").text()
    press(browser, f"{POLICE}/pause", ActReason.MAINTENANCE)
    assert "It is paused" in browser.get(f"{POLICE}/pause").text()


@pytest.mark.parametrize("act", ["pause", "recover"])
def test_without_a_reason_nothing_happens(office: Office, world: World, act: str) -> None:
    silent(world)
    reply = press(office.signed_in(), f"{POLICE}/{act}", "because")
    assert reply.status == 400
    assert "Say why: choose one" in reply.text()
    assert [row for row in of_the_police(world) if row["actor"].startswith("staff")] == []


@pytest.mark.parametrize("act", ["pause", "recover"])
def test_a_form_of_another_does_nothing(office: Office, world: World, act: str) -> None:
    silent(world)
    reply = press(office.signed_in(), f"{POLICE}/{act}", ActReason.AGENCY_ASKED, csrf="another's")
    assert reply.status == 403
    assert [row for row in of_the_police(world) if row["actor"].startswith("staff")] == []


def test_a_mailbox_is_verified_by_the_day_in_the_united_kingdom_as_its_senders_go_by(
    office: Office, world: World
) -> None:
    world.now = datetime(2027, 7, 1, 23, 30, tzinfo=UTC)
    change_agency(world, "north-police", verified_at="2027-07-02")
    assert "Verified Until" in office.signed_in().get(POLICE).text()


# --- sending everything that waits


def test_what_waits_is_counted_first_and_then_goes_as_the_same_messages(office: Office, world: World) -> None:
    silent(world, 3)
    tried = [pins.message_id for pins, _ in world.police.sent]
    browser = office.signed_in()
    page = browser.get(f"{POLICE}/recover")
    assert "Not arrived 3 messages" in page.text()
    assert "not answering" not in page.text(), "three failures are not enough to say so"
    assert "Send 3 messages" in page.body
    world.police.otherwise = Answer(AttemptResult.SUCCESS)
    reply = press(browser, f"{POLICE}/recover", ActReason.ENDPOINT_MENDED, page)
    assert reply.done == f"{office.base}{POLICE}?done=recovered"
    world.send_due()
    assert sorted(pins.message_id for pins, _ in world.police.sent[len(tried) :]) == sorted(set(tried))
    states = {world.delivery("north-police", Channel.WEBHOOK, ref=f"NS-26-{n}")["st"] for n in range(3)}
    assert states == {DeliveryState.SENT}
    assert "Nothing that was sent since then has still to arrive" in browser.get(f"{POLICE}/recover").text()


def test_a_system_that_does_not_answer_is_said_to_be_tried_first_and_when(
    office: Office, world: World
) -> None:
    silent(world, 6)
    browser = office.signed_in()
    page = browser.get(f"{POLICE}/recover")
    assert "Their system is not answering. Next try: today, 3:04pm. Nothing else leaves" in page.text()
    reply = press(browser, f"{POLICE}/recover", ActReason.ENDPOINT_MENDED, page)
    done = browser.get(reply.leads_to.removeprefix(office.base)).text()
    assert "Due now What had not arrived leaves within a minute; where their system" in done
    assert "is on its way" not in done


def test_what_failed_before_the_pause_goes_once_it_was_resumed(office: Office, world: World) -> None:
    """In the usual order: it fails, a manager pauses it, its supplier mends it, it is resumed."""
    world.police.otherwise = Answer(
        AttemptResult.FAILED, retryable=False, error=ErrorWord.E_HTTP, http_status=500
    )
    for number in range(6):
        reference = f"NS-26-{number}"
        world.take(a_decision(referral_ref=reference, event_id=an_event_id(reference), involved_agencies=[]))
        world.send_due()
    browser = office.signed_in()
    assert "Not delivered 5 messages" in not_arrived(browser)
    world.later(minutes=20)
    press(browser, f"{POLICE}/pause", ActReason.MAINTENANCE)
    world.later(minutes=20)
    press(browser, f"{POLICE}/resume", ActReason.ENDPOINT_MENDED)
    assert "Not delivered 5 messages" in not_arrived(browser)


def not_arrived(browser: Browser) -> str:
    """How much, and in which states."""
    return browser.get(f"{POLICE}/recover").text().partition("Not arrived ")[2].partition("Look at")[0]


def test_more_than_one_request_can_do_is_left_for_the_next_and_the_page_says_so(
    office: Office, world: World
) -> None:
    silent(world, MOST_HERE + 2)
    browser = office.signed_in()
    page = browser.get(f"{POLICE}/recover")
    assert f"Not arrived {MOST_HERE + 2} messages" in page.text()
    assert f"The oldest {MOST_HERE} will go now: 2 are left" in page.text()
    reply = press(browser, f"{POLICE}/recover", ActReason.ENDPOINT_MENDED, page)
    assert reply.done.endswith("?done=some-recovered")
    assert "Not arrived 2 messages" in browser.get(f"{POLICE}/recover").text()


def test_what_changed_meanwhile_is_said_and_nothing_goes(office: Office, world: World) -> None:
    silent(world, 2)
    browser = office.signed_in()
    page = browser.get(f"{POLICE}/recover")
    world.take(a_decision(referral_ref="NS-26-9", event_id=an_event_id(9), involved_agencies=[]))
    world.send_due()
    reply = press(browser, f"{POLICE}/recover", ActReason.ENDPOINT_MENDED, page)
    assert reply.status == 409
    assert "2 messages" in reply.text()
    assert "3 messages" in reply.text()


def test_as_many_as_before_but_not_the_same_messages_are_not_what_was_agreed_to(
    office: Office, world: World
) -> None:
    """One arrived while another failed: nobody was shown the other."""
    silent(world, 2)
    browser = office.signed_in()
    page = browser.get(f"{POLICE}/recover")
    world.police.answers = [Answer(AttemptResult.SUCCESS)]
    world.later(minutes=10)
    world.send_due()
    world.take(a_decision(referral_ref="NS-26-9", event_id=an_event_id(9), involved_agencies=[]))
    world.send_due()
    tried = len(world.police.sent)
    reply = press(browser, f"{POLICE}/recover", ActReason.ENDPOINT_MENDED, page)
    assert reply.status == 409
    assert "2 messages, not all the same" in reply.text()
    world.send_due()
    assert len(world.police.sent) == tried
    again = press(browser, f"{POLICE}/recover", ActReason.ENDPOINT_MENDED)
    assert again.done.endswith("?done=recovered")


@pytest.mark.parametrize("seen", ["9" * 5000, "two", "²", "1", "1-"])
def test_what_is_no_number_of_messages_was_never_seen(office: Office, world: World, seen: str) -> None:
    silent(world)
    reply = press(office.signed_in(), f"{POLICE}/recover", ActReason.ENDPOINT_MENDED, seen=seen)
    assert reply.status == 409
    assert "Not known" in reply.text()


def test_nothing_goes_to_a_paused_system_before_it_is_resumed(office: Office, world: World) -> None:
    silent(world)
    browser = office.signed_in()
    page = browser.get(f"{POLICE}/recover")
    press(browser, f"{POLICE}/pause", ActReason.MAINTENANCE)
    assert "resume it first" in browser.get(f"{POLICE}/recover").text()
    assert press(browser, f"{POLICE}/recover", ActReason.ENDPOINT_MENDED, page).status == 409


@pytest.mark.parametrize("since", ["", "yesterday", "2026-01-01T00:00:00Z", "2026-11-24T15:00:00"])
def test_a_moment_that_no_page_of_ours_says_sends_nothing(office: Office, world: World, since: str) -> None:
    silent(world)
    before = rows_of_referrals(world)
    reply = press(office.signed_in(), f"{POLICE}/recover", ActReason.ENDPOINT_MENDED, since=since)
    assert reply.status == 200
    assert rows_of_referrals(world) == before


def test_every_act_on_an_agency_is_a_managers_alone() -> None:
    acts = [route for route in ROUTES if route.path.startswith("/agencies/<agency_id>/")]
    assert len(acts) == 3
    assert {role for route in acts for role in (*route.may_act, *route.may_look)} == {"manager"}


# --- a test message


@pytest.fixture
def aviary(world: World) -> Aviary:
    """The north's police agree to test messages, and have had their first."""
    world.directory.apply(forces(), applier="duty-engineer", now=world.now, allow_removal=True)
    world.apply(forces())
    one = Aviary(world)
    one.agree("north-police")
    one.sweep()
    world.later(minutes=2)
    return one


def ask_for_one(browser: Browser) -> Reply:
    return browser.post(POLICE, browser.get(POLICE).fields())


def test_a_manager_sends_a_test_message_and_the_page_says_what_came_of_it(
    office: Office, aviary: Aviary, world: World
) -> None:
    browser = office.signed_in(MANAGER)
    assert "Newest test message Taken Today, 3:02pm" in browser.get(POLICE).text()
    aviary.outside.answers = [Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)]
    reply = ask_for_one(browser)
    assert (reply.status, reply.done) == (303, f"{office.base}{POLICE}?done=test")
    asked = browser.get(reply.leads_to.removeprefix(office.base)).text()
    assert "A test message is on its way" in asked
    assert "Newest test message Leaves within a minute asked for Today, 3:04pm" in asked
    assert [row["actor"] for row in of_the_police(world) if row["result"] == "TEST_ASKED"] == ["staff:p-0417"]
    assert aviary.sweep() == 1
    came = browser.get(POLICE).text()
    assert "Newest test message Not taken Today, 3:04pm Their system said it was unavailable. It took" in came


def test_one_that_is_on_its_way_and_one_that_may_have_arrived_say_so(
    office: Office, aviary: Aviary, world: World
) -> None:
    browser = office.signed_in(MANAGER)
    ask_for_one(browser)
    crash(aviary)
    assert "Newest test message On its way Today" in browser.get(POLICE).text()
    world.later(hours=1)
    aviary.agree()
    aviary.sweep()
    assert "Newest test message Not known whether it arrived Today" in office.signed_in().get(POLICE).text()


def test_a_second_one_is_refused_until_the_first_has_left(office: Office, aviary: Aviary) -> None:
    browser = office.signed_in(MANAGER)
    assert ask_for_one(browser).status == 303
    again = ask_for_one(browser)
    assert again.status == 409
    assert "A test message is about to leave already" in again.text()
    assert aviary.sweep() == 1


def test_where_none_can_be_sent_there_is_no_button_and_the_page_says_why(
    office: Office, world: World
) -> None:
    page = office.signed_in(MANAGER).get(POLICE)
    assert "None yet The agency has not agreed to test messages" in page.text()
    assert "Send a test message" not in page.text()
    csrf = {"csrf": office.signed_in(MANAGER).csrf}
    assert office.signed_in(VIEWER).post(POLICE, csrf).status == 403
    browser = office.signed_in(MANAGER)
    refused = browser.post(POLICE, {"csrf": browser.csrf})
    assert refused.status == 409
    assert "has not agreed to test messages" in refused.text()
    assert office.signed_in(MANAGER).get("/agencies/north-probation").status == 200


def test_test_messages_that_go_all_day_do_not_push_what_changed_off_the_page(
    office: Office, aviary: Aviary, world: World
) -> None:
    for _ in range(12):
        world.later(minutes=15)
        assert aviary.sweep() == 1
    text = office.signed_in(MANAGER).get(POLICE).text()
    assert "became version 1, approved by head-of-mash" in text
    assert "canary" not in text


def test_no_kind_of_agency_is_called_by_what_is_left_of_its_code() -> None:
    odd = re.compile(r"\b(la|gp|camhs|dept)\b", re.IGNORECASE)
    assert [name for name in TYPES.values() if odd.search(name)] == ["GP", "CAMHS"]
