"""The police desk: the forms that its force owes, one child's checklist, and what is recorded of it."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.ledger.store import Change
from functions.console.door.guard import CSRF_FIELD, LONGEST_TYPED
from functions.console.door.request import MOST_FIELDS
from functions.console.door.sign_in import SESSION_COOKIE, hashed
from functions.console.police_desk import page as police_desk
from functions.console.police_desk.checklist import AS_IT_IS, KEPT, STARTED_FROM
from functions.console.police_desk.questions import ASKED, PARTS, QUESTIONS
from functions.domain.form_columns import CHILD, COLUMNS
from functions.flows.form_desk.outstanding import chased
from schemas.codes import AuditKind, RaStatus, ReadPurpose
from schemas.risk_assessment import POLICE_DESK, RaRule
from tests.console.council import AUDITOR, MANAGER, POLICE, VIEWER, Person
from tests.console.every_page import csrf_of
from tests.console.office import Browser, Office, Reply
from tests.flows.chases import CAME, REF, a_beat, a_force, a_form, at, chasing, with_force
from tests.flows.silences import fire_due
from tests.forms import a_child_on_the_form
from tests.world import World, a_decision, a_receipt, a_world, an_event_id, is_whole

PATH = f"/police-desk/{REF}/1"


@pytest.fixture
def world() -> Iterator[World]:
    """One child's form has not come, and its force has been reminded."""
    with a_world() as one:
        chasing(one).take(a_receipt())
        at(one, CAME + timedelta(minutes=5))
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


@pytest.fixture
def desk(office: Office) -> Browser:
    return office.signed_in(POLICE)


COMPLETE = {
    "form_basis": "ATTENDED",
    "police_occurrence_ref": "43261124/0917",
    "author_id": "NP-4471",
    "author_role": "RESPONSE_OFFICER",
    "author_force": "NORTH_POLICE",
    "incident_at.day": "2026-11-23",
    "incident_at.time": "21:10",
    "ra_completed_at.day": "2026-11-24",
    "ra_completed_at.time": "01:30",
    "household_child_count": "1",
    "unborn_count": "0",
    "seen": "YES",
    "spoken_to": "YES",
    "spoken_to_alone": "YES",
    "voice_answered": "YES",
    "voice_length": "212",
    "voice_is_placeholder": "NO",
    "adults": "CARER:MOTHER PARTNER:FATHER",
    **{
        f"neglect_screen.{item}": "NONE_SEEN"
        for item in ("home", "hygiene", "food", "supervision", "medical_dental", "school")
    },
    **{
        f"cofactors.{one}": "NO"
        for one in (
            "domestic_abuse",
            "substances",
            "parental_mental_health",
            "exploitation_cse_cce",
            "missing",
            "offender_in_household",
        )
    },
    **{f"checks.{one}.done": "YES" for one in ("pnc", "local_rms", "pnd", "visor_mosovo", "prior_ppn")},
    "risk_grade": "STANDARD",
    "initial_action_code": "ARREST",
    "child_now_with_code": "OTHER_PARENT",
    "recommended_next_step": "SOCIAL_CARE_SINGLE",
    "crime_recorded": "NO",
    "unit": "CHILD_ABUSE_UNIT",
    "family_aware": "YES",
    "safe_to_contact": "YES",
}
"""As somebody at the desk would type it: every rule that must pass, passes."""


def sent(browser: Browser, page: Reply, answers: dict[str, str] | None = None, **changed: str) -> Reply:
    return browser.post(PATH, {**page.fields(), **(COMPLETE if answers is None else answers), **changed})


def but(*names: str) -> dict[str, str]:
    """All of it except these answers."""
    return {name: ("" if name in names else value) for name, value in COMPLETE.items()}


def forms(world: World) -> list[dict[str, Any]]:
    return [row for row in world.rows() if row["type"] == AuditKind.RA_FORM]


def status(world: World) -> str:
    return str([row["ra"] for row in world.rows() if row["type"] == AuditKind.RA_CHECK][-1])


# --- who may


@pytest.mark.parametrize("person", [MANAGER, VIEWER, AUDITOR])
@pytest.mark.parametrize("path", ["/police-desk", PATH])
def test_it_is_the_polices_own(office: Office, person: Person, path: str) -> None:
    assert office.signed_in(person).get(path).status == 403


def test_the_first_page_of_the_police_is_their_desk_and_nobody_elses(office: Office, desk: Browser) -> None:
    assert desk.get("/").leads_to == f"{office.base}/police-desk"
    assert "Police desk" not in office.signed_in(MANAGER).get("/").text()


@pytest.mark.parametrize(
    "path", ["/referrals", f"/referrals/{REF}", "/messages", "/agencies", "/worklist", "/reports", "/access"]
)
def test_the_police_see_nothing_else_here(desk: Browser, path: str) -> None:
    assert desk.get(path).status in (403, 404)


def test_nobody_else_may_record_a_form(office: Office, desk: Browser, world: World) -> None:
    page = desk.get(PATH)
    assert sent(office.signed_in(MANAGER), page).status == 403
    assert forms(world) == []


# --- the list


def test_a_form_that_has_not_come_is_on_the_list_with_when_it_is_due(desk: Browser) -> None:
    text = desk.get("/police-desk").text()
    assert f"{REF} Child 1" in text
    assert "Today, 1:40pm" in text
    assert "Not received" in text
    assert "North Police" in text


def test_what_is_missing_from_a_form_is_on_the_list(desk: Browser, world: World) -> None:
    a_form(world, complete=False)
    text = desk.get("/police-desk").text()
    assert "Not complete: 6 items missing" in text
    assert "RA10 (neglect questions not answered in full)" in text


def test_past_its_time_it_is_overdue(office: Office, world: World) -> None:
    world.later(hours=8)
    a_beat(world)
    assert "Overdue" in office.signed_in(POLICE).get("/police-desk").text()


def test_a_form_that_is_complete_is_not_outstanding(desk: Browser, world: World) -> None:
    a_form(world)
    at(world, world.now)
    assert "No forms outstanding" in desk.get("/police-desk").text()
    assert desk.get(PATH).status == 404


def test_any_other_is_found_by_its_reference(desk: Browser) -> None:
    assert REF in desk.get(f"/police-desk?ref={REF}").text()
    assert "No form is outstanding under this reference" in desk.get("/police-desk?ref=NS-26-NOBODY").text()


def test_the_desk_hears_of_no_child_to_whom_its_staff_are_linked(office: Office, world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "STAFF_LINK", "agency_id": "north-police"}]))
    world.later(days=2)
    fire_due(world)
    assert "TASK#CHASE_FORM#01" in {item["sk"] for item in world.all_items("state") if item.get("work_pk")}
    again = office.signed_in(POLICE)
    assert REF not in again.get("/police-desk").text()
    assert again.get(PATH).status == 404
    assert again.post(PATH, {"csrf": csrf_of(again), **COMPLETE}).status == 404


def others_awaited(world: World, number: int, **changes: Any) -> list[str]:
    """As many more referrals whose form is outstanding, in the order in which they are due."""
    refs = [f"NS-26-B{one:05d}" for one in range(number)]
    for ref in refs:
        world.take(a_receipt(ref=ref))
        if changes:
            world.take(a_decision(referral_ref=ref, event_id=an_event_id("of", ref), **changes))
    at(world, world.now + timedelta(hours=5))
    return refs


LINKED = [{"code": "STAFF_LINK", "agency_id": "north-police"}]


@pytest.mark.parametrize("others", [1, 2])
def test_the_list_says_if_there_are_more_than_it_shows(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch, others: int
) -> None:
    monkeypatch.setattr(police_desk, "A_PAGE", 2)
    others_awaited(world, others)
    text = office.signed_in(POLICE).get("/police-desk").text()
    assert "2 forms" in text
    assert ("Showing the 2 soonest due" in text) is (others == 2)


def test_what_the_desk_may_not_know_of_takes_no_place_and_is_not_counted(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(police_desk, "A_PAGE", 1)
    others_awaited(world, 2, hold_codes=LINKED)
    due_last(world)
    text = office.signed_in(POLICE).get("/police-desk").text()
    assert "1 form" in text
    assert REF in text
    assert "Find any other by its reference" not in text


def test_a_page_looks_at_so_many_and_says_that_it_did_not_look_further(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(police_desk, "MOST_LOOKED_AT", 2)
    others_awaited(world, 2, hold_codes=LINKED)
    due_last(world)
    text = office.signed_in(POLICE).get("/police-desk").text()
    assert "Not all were looked at. Find any other by its reference." in text
    assert REF in office.signed_in(POLICE).get(f"/police-desk?ref={REF}").text()


def due_last(world: World) -> None:
    """The worked example's form is due after all others."""
    awaited = chased(WorkIndex(world.store))
    later = max(task["due_at"] for task in awaited).replace("2026", "2027")
    change = Change({"due_at": later})
    (task,) = (task for task in awaited if task["pk"] == f"R#{REF}")
    world.store.write([world.store.update("task", "state", (task["pk"], task["sk"]), change=change)])


def test_without_a_force_that_owes_forms_there_is_no_desk(desk: Browser, world: World) -> None:
    world.apply(with_force(a_force(form_escalation=None)))
    assert "No forms outstanding" in desk.get("/police-desk").text()
    assert desk.get(PATH).status == 404


@pytest.mark.parametrize("child", ["2", "0", "x", "\u0661", "-1"])
def test_a_child_that_is_not_on_the_referral_is_not_there(desk: Browser, child: str) -> None:
    assert desk.get(f"/police-desk/{REF}/{child}").status == 404


def test_reading_is_on_record_as_the_desks_work(desk: Browser, world: World) -> None:
    desk.get("/police-desk")
    desk.get(PATH)
    rows = [row for row in world.all_items("audit") if row.get("purpose") == ReadPurpose.FORM_DESK]
    assert [(row["type"], row.get("asked"), row.get("referral")) for row in rows] == [
        (AuditKind.QUERY, "POLICE_DESK", None),
        (AuditKind.READ, None, REF),
    ]


def test_who_tries_a_child_whom_they_may_not_know_of_is_on_record_with_its_reference(
    office: Office, world: World
) -> None:
    world.take(a_decision(hold_codes=LINKED))
    browser = office.signed_in(POLICE)
    of_linked, of_none = browser.get(PATH), browser.get("/police-desk/NS-26-NOBODY/1")
    assert (of_linked.status, of_linked.body) == (of_none.status, of_none.body)
    browser.get(f"/police-desk?ref={REF}")
    browser.get("/police-desk?ref=NS-26-NOBODY")
    rows = [row for row in world.all_items("audit") if row.get("purpose") == ReadPurpose.FORM_DESK]
    assert [(row["type"], row["asked"], row["rows"], row.get("filters")) for row in rows] == [
        (AuditKind.QUERY, "FORM_NOT_THERE", 0, {"ref": REF}),
        (AuditKind.QUERY, "FORM_NOT_THERE", 0, None),
        (AuditKind.QUERY, "POLICE_DESK", 0, {"ref": REF}),
        (AuditKind.QUERY, "POLICE_DESK", 0, None),
    ]


# --- a form is recorded


def test_a_complete_form_is_taken_in_and_only_the_check_says_that_it_is_complete(
    office: Office, desk: Browser, world: World
) -> None:
    reply = sent(desk, desk.get(PATH))
    assert (reply.status, reply.done) == (303, f"{office.base}/police-desk?done=form")
    (row,) = forms(world)
    assert (row["actor"], row["form_source"], row["form_version"]) == (POLICE_DESK, "DESK_CHECK", 1)
    assert status(world) == RaStatus.COMPLETE
    assert "follows within a minute" in desk.get(reply.leads_to.removeprefix(office.base)).text()
    assert is_whole(world.rows())


def test_who_recorded_it_is_in_the_trail_beside_the_events_id(desk: Browser, world: World) -> None:
    sent(desk, desk.get(PATH))
    (given,) = [row for row in world.all_items("audit") if row.get("asked") == "FORM_GIVEN"]
    assert given["actor"] == "staff:d-0901"
    assert given["filters"] == {"ref": REF, "child": "1", "event": forms(world)[0]["cause"]}


def test_a_time_means_the_same_with_a_full_stop(desk: Browser, world: World) -> None:
    sent(desk, desk.get(PATH), {**COMPLETE, "incident_at.time": "9.05"})
    (row,) = forms(world)
    assert _answers(world, row)["incident_at"] == "2026-11-23T09:05:00Z"


def test_what_is_missing_is_shown_at_once_and_nothing_is_sent(desk: Browser, world: World) -> None:
    reply = sent(desk, desk.get(PATH), but("neglect_screen.home", "risk_grade"))
    assert reply.status == 200
    assert "Not sent yet" in reply.text()
    assert reply.text().count("Missing from what you chose") == 2
    assert forms(world) == []
    assert reply.fields()["adults"] == COMPLETE["adults"]


def test_the_contents_count_what_is_missing_of_each_part_and_lead_to_it(desk: Browser) -> None:
    """By links alone, to what a keyboard reaches; each rule stands in one part."""
    assert "missing" not in contents(desk.get(PATH)).lower()
    assert sorted(rule for some in PARTS.values() for rule in some) == sorted(RaRule)
    reply = sent(desk, desk.get(PATH), but("neglect_screen.home", "risk_grade"))
    listed = contents(reply)
    missing = re.findall(r'href="#rule-(RA\d\d)"', listed)
    assert len(missing) == reply.text().count("Missing from what you chose") == 2
    counts = [int(number or 0) for number in re.findall(r"(?:(\d+) missing|Nothing missing)", listed)]
    assert (len(counts), sum(counts)) == (len(PARTS), 2)
    for anchor in re.findall(r'href="#([^"]+)"', listed):
        assert reply.body.count(f'id="{anchor}" tabindex="-1"') == 1


def contents(reply: Reply) -> str:
    return reply.body.partition('aria-label="Parts of the form">')[2].partition("</nav>")[0]


def test_once_told_somebody_may_send_it_as_it_is(office: Office, desk: Browser, world: World) -> None:
    answers = but("risk_grade")
    told = sent(desk, desk.get(PATH), answers)
    assert "Send it as it is" in told.text()
    assert sent(desk, told, answers).done == f"{office.base}/police-desk?done=form-as-it-is"
    assert status(world) == RaStatus.INCORRECT


def test_what_is_missing_by_then_is_told_again_where_it_is_something_else(
    desk: Browser, world: World
) -> None:
    told = sent(desk, desk.get(PATH), but("risk_grade"))
    assert sent(desk, told, but("unit")).status == 200
    assert forms(world) == []


def test_the_page_twice_is_one_form(desk: Browser, world: World) -> None:
    page = desk.get(PATH)
    sent(desk, page)
    assert sent(desk, page).status == 409
    assert len(forms(world)) == 1


def test_an_empty_form_is_none(desk: Browser, world: World) -> None:
    reply = sent(desk, desk.get(PATH), {"form_basis": "DESK", "author_id": "NP-4471"})
    assert reply.status == 400
    assert "this is an empty form" in reply.text()
    assert forms(world) == []


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("form_basis", "", "Choose an answer"),
        ("author_id", "Sgt Dale", "never a name"),
        ("author_role", "He was drunk", "Enter a code"),
        ("household_child_count", "two", "Enter a whole number"),
        ("other_children", "99", "Enter a whole number"),
        ("incident_at.day", "2026-02-30", "Enter a real day"),
        ("incident_at.time", "", "Enter both a day"),
        ("adults", "Mother Smith", "Enter codes as ROLE:RELATIONSHIP"),
        ("rationale_codes", "he said so", "Enter codes with spaces"),
        ("police_occurrence_ref", "x" * 201, "Enter a reference"),
        ("risk_grade", "very high", "Choose a grade"),
        ("seen", "PERHAPS", "Choose an answer"),
    ],
)
def test_what_cannot_be_read_is_said_beside_what_was_typed(
    desk: Browser, world: World, name: str, typed: str, says: str
) -> None:
    reply = sent(desk, desk.get(PATH), {**COMPLETE, name: typed})
    assert reply.status == 400
    assert "There is a problem" in reply.text()
    assert says in reply.text()
    assert forms(world) == []


def test_no_words_enter_by_the_desk(desk: Browser, world: World) -> None:
    words = "He hit his mother"
    reply = sent(desk, desk.get(PATH), {**COMPLETE, "police_occurrence_ref": words})
    assert reply.status == 400
    assert forms(world) == []
    assert words not in str(world.all_items("audit")) + str(world.all_items("state"))


@pytest.mark.parametrize("name", ["police_occurrence_ref", "mash_referral_ref", "da_ref"])
@pytest.mark.parametrize("typed", ["Mary-Smith", "Mary Smith 1", "x", f"1{'x' * 40}"])
def test_a_name_is_no_reference(desk: Browser, world: World, name: str, typed: str) -> None:
    reply = sent(desk, desk.get(PATH), {**COMPLETE, name: typed})
    assert reply.status == 400
    assert "Enter a reference with a digit in it, no spaces, at most 40 characters" in reply.text()
    assert forms(world) == []


@pytest.mark.parametrize("typed", ["NP.26/0917", "43261124/0917", "NO_OCCURRENCE"])
def test_a_reference_as_any_force_has_it_is_one(desk: Browser, world: World, typed: str) -> None:
    answers = {**COMPLETE, "police_occurrence_ref": typed}
    told = sent(desk, desk.get(PATH), answers)
    reply = told if told.status == 303 else sent(desk, told, answers)
    assert reply.status == 303
    assert len(forms(world)) == 1


def test_a_reference_that_the_feed_gave_in_words_may_stay_as_it_is_held(desk: Browser, world: World) -> None:
    a_form(world, complete=False, police_occurrence_ref="see the log")
    page = desk.get(PATH)
    assert page.fields()["police_occurrence_ref"] == "?"
    assert sent(desk, sent(desk, page, {}), {}).status == 303
    assert len(forms(world)) == 2


# --- from the form that we hold


def test_the_form_that_we_hold_is_there_to_be_completed(desk: Browser, world: World) -> None:
    a_form(world, complete=False)
    page = desk.get(PATH)
    assert "The form we hold From Police feed" in page.text()
    assert page.fields()["author_id"] == "NP-4471"
    assert page.fields()["neglect_screen.home"] == "CONCERN_SEEN"
    assert sent(desk, page).status == 303
    assert [row["form_version"] for row in forms(world)] == [1, 2]
    assert status(world) == RaStatus.COMPLETE


@pytest.mark.parametrize(
    "completed_at", ["2026-11-24T01:30:07Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]
)
def test_a_form_that_nobody_changes_is_the_same_form(desk: Browser, world: World, completed_at: str) -> None:
    """Every answer that the contract has goes through the page and comes out as it was, and a time that the
    clocks showed twice is the same of the two."""
    a_form(world, complete=False, ra_completed_at=completed_at, police_protection_used="NO")
    page = desk.get(PATH)
    assert sent(desk, sent(desk, page, {}), {}).status == 303
    first, second = (_answers(world, row) for row in forms(world))
    assert first == second


def _answers(world: World, row: dict[str, Any]) -> dict[str, Any]:
    wrapped = world.store.get("keys", row["pk"], "KEY")
    assert wrapped
    key = world.vault.unwrap(row["pk"], wrapped["wrapped"])
    form: dict[str, Any] = json.loads(key.open(row["cipher"], bound_to=f"{row['pk']}|{row['uid']}"))
    for name in ("event_id", "source", "occurred_at", "form_version", "form_source"):
        del form[name]
    return form


def test_every_answer_of_the_contract_is_asked_under_a_rule() -> None:
    ours = {"referral_ref", "form_id", "form_version", CHILD}
    names = {question.name for question in QUESTIONS}
    assert set(COLUMNS) - names == ours
    assert set(ASKED) == set(RaRule)


# --- a newer form came meanwhile


def test_a_newer_form_is_shown_beside_the_one_somebody_started_from(desk: Browser, world: World) -> None:
    a_form(world, complete=False)
    page = desk.get(PATH)
    a_form(world, version=2, complete=False, risk_grade="MEDIUM")
    reply = sent(desk, page)
    assert reply.status == 409
    assert "A newer form arrived" in reply.text()
    assert "The newer form" in reply.text()
    assert "The form you started from" in reply.text()
    assert reply.fields()["risk_grade"] == "STANDARD"
    assert len(forms(world)) == 2
    assert sent(desk, reply).status == 303
    assert [row["form_version"] for row in forms(world)] == [1, 2, 3]


def test_where_the_newer_form_is_complete_nothing_more_is_needed(desk: Browser, world: World) -> None:
    page = desk.get(PATH)
    a_form(world)
    at(world, world.now)
    reply = sent(desk, page)
    assert reply.status == 409
    assert "It is complete: nothing more is needed" in reply.text()


def test_a_form_from_before_somebody_signed_in_is_nothing_that_they_missed(
    office: Office, world: World
) -> None:
    a_form(world)
    at(world, world.now)
    world.later(minutes=1)
    browser = office.signed_in(POLICE)
    session = office.desk.sign_in.sessions.found(hashed(browser.cookies[SESSION_COOKIE]))
    assert session
    assert browser.post(PATH, {**COMPLETE, "started-from": "", "csrf": session.csrf}).status == 404


# --- other children


def test_other_children_of_the_household_are_only_counted(desk: Browser, world: World) -> None:
    answers = {**COMPLETE, "household_child_count": "3", "other_children": "2", "other_unborn": "1"}
    assert sent(desk, desk.get(PATH), {**answers, "unborn_count": "1"}).status == 303
    assert forms(world)[0]["children"] == [1, 50, 51, 52]
    assert status(world) == RaStatus.COMPLETE


@pytest.mark.parametrize("name", ["household_child_count", "voice_length", "other_children"])
def test_a_number_longer_than_any_is_no_number(desk: Browser, world: World, name: str) -> None:
    """Python itself refuses to read one of more than 4,300 digits."""
    reply = sent(desk, desk.get(PATH), {**COMPLETE, name: "9" * 5000})
    assert reply.status == 400
    assert "whole number" in reply.text()
    assert not forms(world)


def test_a_form_that_lists_too_few_is_told_so(desk: Browser) -> None:
    reply = sent(desk, desk.get(PATH), {**COMPLETE, "household_child_count": "3", "other_children": "1"})
    assert "Not sent yet" in reply.text()


def test_what_a_form_says_of_another_child_stays_in_its_next_version(desk: Browser, world: World) -> None:
    both = [a_child_on_the_form(seen=None), a_child_on_the_form(2)]
    a_form(world, complete=False, children=both, household_child_count=2)
    page = desk.get(PATH)
    assert page.fields()["other_children"] == "1"
    answers = {**COMPLETE, "household_child_count": "2", "other_children": "1"}
    assert sent(desk, page, answers).status == 303
    first, second = (_answers(world, row) for row in forms(world))
    assert first["children"][1] == second["children"][1]


def test_a_child_with_a_form_of_its_own_keeps_it(desk: Browser, world: World) -> None:
    a_form(world, complete=False, children=[a_child_on_the_form(2)], form_id="NP-RA-2")
    answers = {**COMPLETE, "household_child_count": "2", "other_children": "1"}
    assert sent(desk, desk.get(PATH), answers).status == 303
    assert forms(world)[-1]["newest_for"] == [1, 50]


def test_no_form_is_recorded_of_a_child_to_whom_the_desks_staff_are_linked(
    desk: Browser, world: World
) -> None:
    """Whoever else lives there has a number that is nobody's; of the linked child the check finds, as of any
    form that leaves one out, that it is not listed."""
    linked = [{"code": "STAFF_LINK", "agency_id": "north-police"}]
    world.take(a_decision(child_index=2, event_id=an_event_id("linked"), hold_codes=linked))
    world.take(a_decision(child_index=3, event_id=an_event_id("not linked"), source_seq=4183))
    answers = {**COMPLETE, "household_child_count": "3", "other_children": "2"}
    assert sent(desk, desk.get(PATH), answers).status == 303
    assert forms(world)[-1]["children"] == forms(world)[-1]["newest_for"] == [1, 3, 50]
    assert sorted(world.intake_desk.intake.referral(REF).forms) == [1, 3, 50]
    (*_, of_linked) = [row for row in world.rows() if row.get("child") == 2]
    assert of_linked["failed"] == [RaRule.RA05]


# --- a session that ends in mid-form


def test_whoever_signs_in_again_finds_all_that_they_had_chosen(desk: Browser, world: World) -> None:
    """And not what they had typed in a line that would take a name: it is kept nowhere, and they are told."""
    page = desk.get(PATH)
    world.later(minutes=40)
    a_beat(world)
    canary = {
        "police_occurrence_ref": "MARY-SMITH-1",
        "author_role": "MARY_SMITH",
        "risk_grade": "Mary Smith",
    }
    answers = {**COMPLETE, **canary, "n" * 1000: "MARY", "other": "MARY"}
    assert sent(desk, page, answers).status == 403
    assert "MARY" not in str(world.all_items("state")).upper()
    assert sent(desk, page).status == 403
    assert desk.sign_in(POLICE).leads_to.endswith(PATH)
    assert desk.head(PATH).status == 200, "which shows nobody what they typed, and so keeps it"
    again = desk.get(PATH)
    kept = {name: value for name, value in COMPLETE.items() if value and name in KEPT}
    assert len(kept) > 20
    assert kept.items() <= again.fields().items()
    assert "Type yours again" in again.text()
    assert again.fields()["author_role"] == ""
    assert sent(desk, again).status == 303


def test_what_the_held_form_says_stands_where_nothing_was_kept(desk: Browser, world: World) -> None:
    a_form(world, complete=False)
    page = desk.get(PATH)
    held = page.fields()["police_occurrence_ref"]
    assert held
    world.later(minutes=40)
    a_beat(world)
    assert desk.post(PATH, {**page.fields(), "police_occurrence_ref": "another"}).status == 403
    desk.sign_in(POLICE)
    assert desk.get(PATH).fields()["police_occurrence_ref"] == held


def test_what_an_ended_session_keeps_is_small_however_much_was_sent(desk: Browser, world: World) -> None:
    page = desk.get(PATH)
    world.later(minutes=40)
    a_beat(world)
    many = {f"{number}{'n' * 4000}": "v" for number in range(80)}
    assert desk.post(PATH, {"csrf": page.fields()["csrf"], **many, "risk_grade": "H" * 100_000}).status == 403
    (session,) = [item for item in world.all_items("state") if "unfinished" in item]
    assert session["unfinished"]["fields"] == {}


def test_a_whole_checklist_fits_into_what_a_form_may_be() -> None:
    names = [name for question in QUESTIONS for name in question.fields]
    hidden = [CSRF_FIELD, STARTED_FROM, AS_IT_IS]
    assert len({*names, *hidden}) == len(names) + len(hidden) < MOST_FIELDS
    assert LONGEST_TYPED >= 200
