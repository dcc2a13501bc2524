"""Tasks in the console: what needs a person, ending one, and releasing a hold."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.store import Change, Item, Part, Store
from functions.console.door.sign_in import SESSION_COOKIE, hashed
from functions.console.worklist.attention import subject_path
from functions.console.worklist.meaning import WHY
from schemas.codes import ActReason, AuditKind, ReleaseReason, TaskKind
from tests.console.council import MANAGER, POLICE, VIEWER
from tests.console.office import Browser, Office, Reply
from tests.flows.chases import reminded
from tests.flows.heard_sources import CASES, comes, hear
from tests.flows.lives import a_withholding
from tests.flows.sweeps import fails, sweep
from tests.flows.test_reasons_left import asked, night, rows
from tests.world import World, a_decision, a_receipt, a_revision, a_world, an_event_id, change_agency


@pytest.fixture
def world() -> Iterator[World]:
    """A decision that is held for a safety check."""
    with a_world() as one:
        one.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


class Interrupted(Store):
    """Something happens, once, at the very moment at which a referral is read or written."""

    before_read: Callable[[], None] | None = None
    before_write: Callable[[], None] | None = None

    def partition(self, table: str, pk: str, prefix: str = "") -> list[Item]:
        if pk.startswith("R#"):
            happens, self.before_read = self.before_read, None
            if happens:
                happens()
        return super().partition(table, pk, prefix)

    def write(self, parts: Sequence[Part]) -> None:
        if any("'pk': {'S': 'R#" in str(part.action) for part in parts):
            happens, self.before_write = self.before_write, None
            if happens:
                happens()
        super().write(parts)


@pytest.fixture
def interrupted(world: World) -> Interrupted:
    return Interrupted(world.store.client, audit="audit", state="state", keys="keys")


def the_task(browser: Browser, kind: str = "") -> str:
    """The path of the first item of the worklist, or of the first of a kind."""
    listed = browser.get(f"/worklist?kind={kind}").body
    found = re.search(r'href="[^"]*(/worklist/[^"]+)"', listed)
    assert found
    return found[1]


def end(browser: Browser, path: str, page: Reply, reason: str, **changed: str) -> Reply:
    return browser.post(path, {**page.fields(), "way": "released", "reason": reason, **changed})


def test_a_manager_releases_a_hold_and_what_was_held_goes(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    page = browser.get(path)
    assert "Nobody is told of this child until somebody decides" in page.text()
    reply = end(browser, path, page, ReleaseReason.SAFE_TO_TELL)
    assert (reply.status, reply.done) == (303, f"{office.base}/worklist?done=released")
    assert "What was held is on its way" in browser.get(reply.leads_to.removeprefix(office.base)).text()
    (row,) = [row for row in world.rows() if row["type"] == AuditKind.RELEASED]
    assert (row["actor"], row["reason"]) == ("staff:p-0417", ReleaseReason.SAFE_TO_TELL)
    assert world.send_due() > 0


def test_every_task_says_in_words_of_its_own_what_it_means_for_a_child() -> None:
    assert set(WHY) == set(TaskKind)
    assert len(set(WHY.values())) == len(TaskKind)


def test_what_is_asked_about_all_decisions_is_counted_explained_and_ended(
    office: Office, world: World
) -> None:
    night(world, 14, 96)
    browser = office.signed_in(MANAGER)
    listed = browser.get("/worklist?kind=CHECK_REASONS")
    assert "All decisions Reasons left to the duty team" in listed.text()
    assert "14 of 96 in four weeks" in listed.text()
    path = the_task(browser, TaskKind.CHECK_REASONS)
    page = browser.get(path)
    assert "is told to ring for the reason" in page.text()
    assert f'href="{office.base}/help#reasons"' in page.body
    assert 'id="reasons"' in browser.get("/help").body
    assert end(browser, path, page, ActReason.SORTED_OUT, way="task").status == 303
    assert asked(world) == []
    assert rows(world)[-1]["actor"] == "staff:p-0417"
    assert "This has been dealt with" in browser.get(path).text()


def test_whoever_must_ring_is_told_the_number_or_who_can_find_it() -> None:
    with a_world() as world:
        world.chases = True
        world.take(a_receipt())
        world.take(a_decision())
        for _ in range(12):
            world.later(hours=24)
            world.send_due()
        browser = Office.of(world).signed_in(VIEWER)
        listed = browser.get("/worklist?kind=CHASE_FORM").body
        path = re.findall(r'href="[^"]*(/worklist/[^"]+)"', listed)[0]
        none = (
            "The registry has no telephone number of North Police: ask whoever keeps the directory to add it."
        )
        assert none in browser.get(path).text()
        change_agency(world, "north-police", phone="01632 960 301")
        text = browser.get(path).text()
        assert "Ring North Police on 01632 960 301." in text
        assert "no telephone number" not in text
        assert "North Probation" not in text.partition("What to do")[2]


def test_two_managers_at_once_one_wins_and_the_other_is_told(office: Office) -> None:
    first, second = office.signed_in(MANAGER), office.signed_in(MANAGER)
    path = the_task(first)
    pages = first.get(path), second.get(path)
    assert end(first, path, pages[0], ReleaseReason.SAFE_TO_TELL).status == 303
    reply = end(second, path, pages[1], ReleaseReason.SAFE_TO_TELL)
    assert reply.status == 410
    assert "Your change was not made." in reply.text()


def test_a_task_that_was_released_says_since_when_and_where_to_read_how(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    page = browser.get(path)
    world.later(minutes=20)
    end(browser, path, page, ReleaseReason.SAFE_TO_TELL)
    world.later(minutes=20)
    there = browser.get(path)
    assert there.status == 410
    assert "This has been dealt with It ended today, 3:22pm." in there.text()
    assert f'href="{office.base}/referrals/NS-26-7KQ4ZP?child=1"' in there.body
    assert "Your change" not in there.text()


def test_so_does_one_that_somebody_did(office: Office, world: World) -> None:
    nobody: dict[str, Any] = {
        "referral_ref": "NS-26-PUBL1C",
        "referring_agency": None,
        "involved_agencies": [],
    }
    world.take(a_decision(event_id=an_event_id("public"), source_seq=4183, **nobody))
    browser = office.signed_in(MANAGER)
    path = the_task(browser, "CALL_REFERRER")
    assert end(browser, path, browser.get(path), ActReason.TOLD_BY_PHONE, way="task").status == 303
    assert "It ended today, 3:02pm." in browser.get(path).text()


def test_so_does_one_that_an_event_ended(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    world.later(minutes=28)
    world.take(a_withholding())
    assert "It ended today, 3:30pm." in browser.get(path).text()


def test_one_that_ended_long_ago_says_only_that_it_did(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    end(browser, path, browser.get(path), ReleaseReason.SAFE_TO_TELL)
    world.send_due()
    monkeypatch.setattr("functions.console.worklist.item.LOOKED_AT", 1)
    assert "It is not open any more." in browser.get(path).text()


def test_a_manager_keeps_a_hold_and_must_decide_again(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    world.later(minutes=20)
    reply = end(browser, path, browser.get(path), ActReason.POLICE_ASKED, way="kept")
    assert (reply.status, reply.done) == (303, f"{office.base}/worklist?done=kept")
    assert "somebody must decide again" in browser.get(reply.leads_to.removeprefix(office.base)).text()
    (row,) = [row for row in world.rows() if row["type"] == AuditKind.TASK]
    assert (row["actor"], row["reason"], row["kept"]) == ("staff:p-0417", ActReason.POLICE_ASKED, True)
    assert world.send_due() == 0
    assert browser.get(path).status == 200
    referral = browser.get("/referrals/NS-26-7KQ4ZP").text()
    assert "Hold kept" in referral
    assert "the police have asked to wait" in referral


def test_whoever_decides_of_what_another_has_kept_is_told_what_changed(office: Office, world: World) -> None:
    first, second = office.signed_in(MANAGER), office.signed_in(MANAGER)
    path = the_task(first)
    pages = first.get(path), second.get(path)
    world.later(minutes=20)
    assert end(first, path, pages[0], ActReason.NOT_SAFE_YET, way="kept").status == 303
    reply = end(second, path, pages[1], ReleaseReason.SAFE_TO_TELL)
    assert reply.status == 409
    assert "To be done by" in reply.text()
    assert AuditKind.RELEASED not in world.kinds()


def office_over(store: Store, world: World) -> Office:
    return Office(store, world.clocks, lambda: world.now, vault=world.vault)


@pytest.mark.parametrize("moment", ["before_read", "before_write"])
def test_a_hold_that_another_keeps_at_that_moment_is_not_released(
    interrupted: Interrupted, world: World, moment: str
) -> None:
    """After the form was compared with the task: only the release itself, at each of its tries, finds it."""
    office = office_over(interrupted, world)
    first, second = office.signed_in(MANAGER), office.signed_in(MANAGER)
    path = the_task(first)
    pages = first.get(path), second.get(path)
    world.later(minutes=20)

    def meanwhile() -> None:
        assert end(first, path, pages[0], ActReason.NOT_SAFE_YET, way="kept").status == 303

    setattr(interrupted, moment, meanwhile)
    reply = end(second, path, pages[1], ReleaseReason.SAFE_TO_TELL)
    assert reply.status == 409
    assert "Somebody else has decided of it since you looked at it" in reply.text()
    assert AuditKind.RELEASED not in world.kinds()
    assert world.send_due() == 0


def test_a_newer_decision_that_nobody_saw_is_not_released(office: Office, world: World) -> None:
    """Of the very same moment: the task's times stay as they were, and its number alone tells the two."""
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    page = browser.get(path)
    world.take(a_revision(hold_codes=[{"code": "SENSITIVE"}]))
    reply = end(browser, path, page, ReleaseReason.SAFE_TO_TELL)
    assert reply.status == 409
    assert "Decision number When you opened it 1 Now 2" in reply.text()
    assert AuditKind.RELEASED not in world.kinds()


@pytest.mark.parametrize("moment", ["before_read", "before_write"])
def test_a_newer_decision_of_that_moment_is_not_released(
    interrupted: Interrupted, world: World, moment: str
) -> None:
    office = office_over(interrupted, world)
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    page = browser.get(path)
    newer = a_revision(hold_codes=[{"code": "SENSITIVE"}])
    setattr(interrupted, moment, lambda: world.take(newer))
    reply = end(browser, path, page, ReleaseReason.SAFE_TO_TELL)
    assert reply.status == 409
    assert "A newer decision for child 1 came in at this moment" in reply.text()
    assert AuditKind.RELEASED not in world.kinds()


@pytest.mark.parametrize(
    ("way", "reason", "words"),
    [
        ("kept", ReleaseReason.SAFE_TO_TELL, "Say why it must wait"),
        ("kept", "", "Say why it must wait"),
        ("released", ActReason.POLICE_ASKED, "Say why it may be released"),
        ("task", ActReason.NOT_NEEDED, "Say why it may be released"),
    ],
)
def test_each_way_has_reasons_of_its_own(
    office: Office, world: World, way: str, reason: str, words: str
) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    reply = end(browser, path, browser.get(path), reason, way=way)
    assert reply.status == 400
    assert words in reply.text()
    assert {AuditKind.TASK, AuditKind.RELEASED}.isdisjoint(world.kinds())


@pytest.mark.parametrize("was", ["", "<script>", "2026-11-24", "2026-11-24T00:00:00"])
def test_a_form_that_says_it_saw_what_never_was_changes_nothing(
    office: Office, world: World, was: str
) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    reply = end(browser, path, browser.get(path), ReleaseReason.SAFE_TO_TELL, was_due_at=was)
    assert reply.status == 409
    assert "<script>" not in reply.body
    assert AuditKind.RELEASED not in world.kinds()


def test_without_a_reason_nothing_is_done_and_the_page_says_so(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    reply = end(browser, path, browser.get(path), "because")
    assert reply.status == 400
    assert "There is a problem" in reply.text()
    assert AuditKind.RELEASED not in world.kinds()


def test_a_reason_that_does_not_fit_is_refused_with_what_to_do(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    reply = end(browser, path, browser.get(path), ReleaseReason.ADDRESS_VERIFIED)
    assert reply.status == 409
    assert "that this is verified is no reason to release it" in reply.text()
    assert AuditKind.RELEASED not in world.kinds()


def offered(page: Reply) -> set[str]:
    return set(re.findall(r'value="(\w+)"', page.body)) & set(ReleaseReason)


def test_the_page_of_a_hold_says_what_it_is_held_for_and_offers_what_ends_it(
    office: Office, world: World
) -> None:
    browser = office.signed_in(MANAGER)
    page = browser.get(the_task(browser))
    assert "Why it is held Sensitive" in page.text()
    assert offered(page) == set(ReleaseReason) - {ReleaseReason.ADDRESS_VERIFIED}


def test_of_an_allegation_only_the_officers_word_is_offered_and_taken(office: Office, world: World) -> None:
    lad: dict[str, Any] = {
        "additional_outcomes": ["LAD"],
        "hold_codes": [{"code": "LADO"}],
        "decision_seq": 2,
    }
    world.take(a_revision(**lad, event_id=an_event_id("lad"), source_seq=4183))
    browser = office.signed_in(MANAGER)
    path = the_task(browser, "RELEASE_ALLEGATION")
    page = browser.get(path)
    assert "Why it is held Allegation against a person in a position of trust" in page.text()
    assert offered(page) == {ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER}
    reply = end(browser, path, page, ReleaseReason.SAFE_TO_TELL)
    assert reply.status == 409
    assert "This may be released only when the designated officer agrees." in reply.text()
    assert end(browser, path, page, ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER).status == 303


@pytest.mark.parametrize("csrf", ["", "secret-of-somebody-else"])
def test_a_form_that_is_not_ours_does_nothing(office: Office, world: World, csrf: str) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    assert end(browser, path, browser.get(path), ReleaseReason.SAFE_TO_TELL, csrf=csrf).status == 403
    assert AuditKind.RELEASED not in world.kinds()


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}]
)
def test_a_form_from_elsewhere_does_nothing(office: Office, world: World, headers: dict[str, str]) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    fields = {**browser.get(path).fields(), "way": "released", "reason": ReleaseReason.SAFE_TO_TELL}
    assert browser.post(path, fields, **headers).status == 403
    assert AuditKind.RELEASED not in world.kinds()


def test_a_viewer_sees_the_task_and_may_not_end_it(office: Office, world: World) -> None:
    browser = office.signed_in(VIEWER)
    path = the_task(browser)
    page = browser.get(path)
    assert "Only a MASH manager can say how this ended" in page.text()
    csrf = office.desk.sign_in.sessions.found(_hashed(browser))
    assert csrf
    fields = {"csrf": csrf.csrf, "reason": ReleaseReason.SAFE_TO_TELL}
    assert browser.post(path, fields).status == 403
    assert AuditKind.RELEASED not in world.kinds()


def _hashed(browser: Browser) -> str:
    return hashed(browser.cookies[SESSION_COOKIE])


def test_whoever_signs_in_again_finds_what_they_had_chosen(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    page = browser.get(path)
    world.later(hours=1)
    reply = end(browser, path, page, ReleaseReason.AGREED_WITH_POLICE)
    assert reply.status == 403
    assert "You have been signed out" in reply.text()
    back = browser.sign_in(MANAGER)
    assert back.leads_to == f"{office.base}{path}"
    again = browser.get(path)
    assert f'value="{ReleaseReason.AGREED_WITH_POLICE}" checked' in again.body
    assert again.body.count(" checked") == 1
    assert f'value="{ReleaseReason.AGREED_WITH_POLICE}" checked' not in browser.get(path).body


def test_what_somebody_chose_is_shown_to_nobody_else_there(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    page = browser.get(path)
    world.later(hours=1)
    end(browser, path, page, ReleaseReason.AGREED_WITH_POLICE)
    browser.sign_in(replace(MANAGER, subject="p-0999"))
    there = browser.get(path)
    assert there.status == 200
    assert ReleaseReason.AGREED_WITH_POLICE in there.body
    assert "checked" not in there.body


@pytest.mark.parametrize(
    "path", ["/worklist/R~NS-26-7KQ4ZP/HEAD", "/worklist/HUB/HEAD", "/worklist/R~NONE/TASK~X~01"]
)
def test_what_is_no_open_task_is_not_there(office: Office, path: str) -> None:
    assert office.signed_in(MANAGER).get(path).status == 404


def test_reasons_are_those_of_the_task(office: Office) -> None:
    browser = office.signed_in(MANAGER)
    body = browser.get(the_task(browser)).body
    assert ReleaseReason.SAFE_TO_TELL in body
    assert ActReason.TOLD_BY_PHONE not in re.findall(r'value="(\w+)"', body)


PATH = "/referrals/NS-26-7KQ4ZP"
SECOND = f"{PATH}?child=2"


@pytest.fixture
def second_is_held(world: World) -> Browser:
    """Two children, of whom the second alone is held."""
    office = Office.of(world)
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    end(browser, path, browser.get(path), ReleaseReason.SAFE_TO_TELL)
    other = {"event_id": an_event_id("second"), "child_index": 2, "source_seq": 4183}
    world.take(a_decision(**other, hold_codes=[{"code": "RESTRICTED_RECORD"}]))
    return browser


def test_a_task_leads_to_the_child_that_it_is_about(second_is_held: Browser) -> None:
    browser = second_is_held
    there = f'href="{browser.office.base}{SECOND}"'
    assert there in browser.get("/worklist?kind=RELEASE_CHILD").body
    assert there in browser.get(the_task(browser)).body
    assert "Held: Restricted record" in browser.get(SECOND).text()


def test_the_page_of_one_child_says_that_another_is_held(second_is_held: Browser) -> None:
    assert "Other children of this referral: Child 2 - Held" in second_is_held.get(PATH).text()
    assert "Other children of this referral: Child 1 " in second_is_held.get(SECOND).text()


def test_an_early_event_leads_to_its_referral_though_its_child_is_not_known() -> None:
    task = {
        "pk": "R#NS-26-7KQ4ZP",
        "sk": "TASK#CHECK_EARLY_EVENT#03#X",
        "kind": "CHECK_EARLY_EVENT",
        "child": 3,
    }
    assert subject_path(task) == PATH


def test_a_list_of_a_sources_tasks_names_it_on_record_if_there_is_one(office: Office, world: World) -> None:
    comes(world, 6, 8, source=CASES)
    world.later(hours=2)
    hear(world)
    browser = office.signed_in(MANAGER)
    for source, filters in ((CASES, {"source": CASES}), ("Mary-Smith", None)):
        browser.get(f"/worklist?source={source}")
        row = world.store.partition("audit", keys.read_by(world.now, "staff:p-0417"), "E#")[-1]
        assert (row["asked"], row.get("filters")) == ("WORKLIST", filters)


def test_a_link_says_of_nothing_that_it_was_done(office: Office) -> None:
    """What was done is said once it was, to who did it, and where they were led to."""
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    reply = end(browser, path, browser.get(path), ReleaseReason.SAFE_TO_TELL)
    led = reply.leads_to.removeprefix(office.base)
    said = led.partition("?")[2]
    assert 'class="mo-done"' in browser.get(led).body
    for address in ("/worklist?done=released", led.replace("released", "kept"), f"{led}x"):
        assert 'class="mo-done"' not in browser.get(address).body, address
    assert 'class="mo-done"' not in browser.get(f"/referrals/NS-26-7KQ4ZP?{said}").body
    assert 'class="mo-done"' not in office.signed_in(MANAGER).get(led).body


@pytest.fixture
def awaited() -> Iterator[Office]:
    """A police form has not come, and the police were reminded."""
    with a_world() as one:
        yield Office.of(reminded(one))


def test_a_police_form_that_is_outstanding_is_not_sorted_out_and_stays_on_the_police_desk(
    awaited: Office,
) -> None:
    browser = awaited.signed_in(MANAGER)
    path = the_task(browser, "CHASE_FORM")
    page = browser.get(path)
    assert "say here only if nobody need chase it any more" in page.text()
    reply = end(browser, path, page, ActReason.SORTED_OUT, way="task")
    assert reply.status == 409
    assert "is still not received. Ring the police lead" in reply.text()
    assert "NS-26-7KQ4ZP" in awaited.signed_in(POLICE).get("/police-desk").text()
    assert end(browser, path, page, ActReason.NOT_NEEDED, way="task").status == 303


def test_the_list_and_the_page_of_a_system_that_fails_give_one_age_and_say_what_it_counts() -> None:
    """Somebody has been asked to ring for eight minutes; what waits has waited for seven hours more."""
    with a_world() as world:
        fails(world)
        for number in range(6):
            ref = f"NS-26-{number}"
            world.take(a_decision(referral_ref=ref, event_id=an_event_id(number), involved_agencies=[]))
        sweep(world)
        browser = Office.of(world).signed_in(VIEWER)
        path = the_task(browser, TaskKind.MEND_ENDPOINT)
        assert "Open for less than a minute" in browser.get(path).text()
        world.later(hours=7)
        opened = Change({"opened_at": at_text(world.now)})
        task = (keys.agency("north-police"), "TASK#MEND_ENDPOINT#00")
        world.store.write([world.store.update("opened", "state", task, change=opened)])
        world.later(minutes=8)
        browser.sign_in(VIEWER)
        waited = "Messages have waited 7 hours 8 minutes"
        assert f"Since Today, 3:02pm {waited}" in browser.get("/worklist?kind=MEND_ENDPOINT").text()
        text = browser.get(path).text()
        assert waited in text
        assert "Open for" not in text
