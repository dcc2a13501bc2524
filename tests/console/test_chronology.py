"""A child's chronology: in order, complete over every referral of that child, and read by nobody unseen."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest

from functions.console.referrals.chronology import MOST
from schemas.codes import AuditKind
from tests.console.council import AUDITOR, MANAGER, POLICE, VIEWER, Person
from tests.console.office import Office, Reply
from tests.console.test_referral import titles as titles_of
from tests.forms import a_complete_form_event
from tests.world import World, a_decision, a_receipt, a_revision, a_world, an_event_id

REF, AGAIN, OTHERS = "NS-26-7KQ4ZP", "NS-27-AGA1N0", "NS-27-0THER5"
CHILD, SIBLING, STRANGER = "a" * 32, "b" * 32, "c" * 32
PATH = f"/referrals/{REF}/chronology"


def came(ref: str, *pseudonyms: str | None, **when: Any) -> dict[str, Any]:
    named = [{"child_pseudonym": one} if one else {} for one in pseudonyms]
    children = [{"child_index": number, "unborn": False, **one} for number, one in enumerate(named, 1)]
    return a_receipt(ref=ref, children=children, event_id=an_event_id("came", ref), source_seq=None, **when)


def decided(ref: str, **changes: Any) -> dict[str, Any]:
    told = {"referral_ref": ref, "event_id": an_event_id(ref, str(changes)), "source_seq": None}
    return a_decision(involved_agencies=[], **told, **changes)


@pytest.fixture
def world() -> Iterator[World]:
    """A child referred twice, the second time as the second of two; in between another child's referral."""
    with a_world() as one:
        one.take(came(REF, CHILD))
        one.take(decided(REF, primary_outcome="NFA", strategy_discussion_at=None))
        one.later(days=30)
        march = {"received_at": "2026-12-24T10:00:00Z", "occurred_at": "2026-12-24T10:00:00Z"}
        one.take(came(OTHERS, STRANGER, **march))
        one.take(decided(OTHERS, primary_outcome="S17", decided_at="2026-12-24T14:00:00Z"))
        one.later(days=10)
        later = {"received_at": "2027-01-03T10:00:00Z", "occurred_at": "2027-01-03T10:00:00Z"}
        one.take(came(AGAIN, SIBLING, CHILD, **later))
        one.take(decided(AGAIN, child_index=1, primary_outcome="EHF", decided_at="2027-01-03T14:00:00Z"))
        one.later(minutes=5)
        one.take(decided(AGAIN, child_index=2, primary_outcome="S47J", decided_at="2027-01-03T14:00:00Z"))
        one.later(days=1)
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def refs(reply: Reply) -> list[str]:
    """The referral of each entry, as it leads there."""
    entries = reply.body.partition("What was decided")[2].partition("Back to the referral")[0]
    return re.findall(r'href="[^"]*/referrals/([A-Z0-9-]+)"', entries)


def titles(page: Reply) -> list[str]:
    return [html.unescape(one) for one in titles_of(page)]


def readings(world: World) -> list[tuple[str, str]]:
    rows = [row for row in world.all_items("audit") if row["type"] == AuditKind.READ]
    return [(row["actor"], row["referral"]) for row in rows]


@pytest.mark.finding(23)
def test_every_referral_of_one_child_is_one_history_in_order_and_nobody_elses(
    office: Office, world: World
) -> None:
    page = office.signed_in(MANAGER).get(PATH)
    assert page.status == 200
    assert [one.removesuffix(" by the case system") for one in titles(page)] == [
        "Decision recorded: Section 47 enquiry, joint with police",
        "Referral received",
        "Decision recorded: No further action by children's social care",
        "Referral received",
    ]
    assert refs(page) == [AGAIN, AGAIN, REF, REF]
    text = page.text()
    assert "Referrals of this child 2 referrals First received 24 November 2026" in text
    assert "early help" not in text.lower()
    assert OTHERS not in page.body
    assert not {CHILD, SIBLING, STRANGER} & set(re.findall(r"[0-9a-f]{32}", page.body))
    assert readings(world) == [("staff:p-0417", REF), ("staff:p-0417", AGAIN)]


@pytest.mark.finding(23)
@pytest.mark.parametrize("person", [VIEWER, AUDITOR])
def test_whoever_may_read_a_referral_may_read_its_childs_history(office: Office, person: Person) -> None:
    assert len(titles(office.signed_in(person).get(PATH))) == 4


@pytest.mark.finding(23)
def test_nobody_else_reads_it_and_nothing_is_read_for_them(office: Office, world: World) -> None:
    assert office.signed_in(POLICE).get(PATH).status == 403
    assert office.browser().get(PATH).status == 303
    assert readings(world) == []


def test_it_is_the_same_from_whichever_referral_somebody_comes(office: Office) -> None:
    browser = office.signed_in()
    from_the_second = browser.get(f"/referrals/{AGAIN}/chronology?child=2")
    assert titles(from_the_second) == titles(browser.get(PATH))
    assert "NS-27-AGA1N0, child 2" in from_the_second.text()
    siblings = browser.get(f"/referrals/{AGAIN}/chronology?child=1")
    assert titles(siblings)[0].startswith("Decision recorded: Targeted early help")


def test_the_arrival_of_another_child_of_the_referral_is_not_in_it(office: Office, world: World) -> None:
    newcomer = {"child_index": 3, "unborn": False, "child_pseudonym": STRANGER}
    world.take(came(AGAIN) | {"children": [newcomer], "event_id": an_event_id("a third child")})
    browser = office.signed_in()
    arrived = "Referral received by the case system"
    assert titles(browser.get(f"/referrals/{AGAIN}/chronology?child=2")).count(arrived) == 2
    assert titles(browser.get(f"/referrals/{AGAIN}/chronology?child=3")).count(arrived) == 2


def test_a_referral_leads_there(office: Office) -> None:
    page = office.signed_in().get(f"/referrals/{AGAIN}?child=2")
    assert f'href="{office.base}/referrals/{AGAIN}/chronology?child=2"' in page.body


def test_what_becomes_of_it_is_in_it(office: Office, world: World) -> None:
    world.take(a_revision(referral_ref=REF, primary_outcome="S17", involved_agencies=[]))
    assert "Decision recorded: Child in need assessment" in titles(office.signed_in().get(PATH))[0]


def newest_outcome(page: Reply) -> str:
    return page.text().partition("Newest outcome ")[2]


def test_the_newest_outcome_is_the_last_that_was_decided_and_not_of_the_last_that_came(
    office: Office, world: World
) -> None:
    browser = office.signed_in()
    assert newest_outcome(browser.get(PATH)).startswith("Section 47 enquiry")
    revised: dict[str, Any] = {"decided_at": "2027-01-04T09:00:00Z", "involved_agencies": []}
    world.take(a_revision(referral_ref=REF, primary_outcome="S17", **revised))
    assert newest_outcome(browser.get(PATH)).startswith("Child in need assessment")


def test_a_child_that_a_referral_lists_twice_has_one_referral_of_it(office: Office, world: World) -> None:
    world.take(came("NS-27-TW1CE0", CHILD))
    again = {"child_index": 2, "unborn": False, "child_pseudonym": CHILD}
    world.take(came("NS-27-TW1CE0") | {"children": [again], "event_id": an_event_id("listed anew")})
    assert "Referrals of this child 3 referrals" in office.signed_in().get(PATH).text()


def test_without_a_pseudonym_it_is_of_one_referral_and_says_why(office: Office, world: World) -> None:
    world.take(came("NS-27-N0NAME", None))
    browser = office.signed_in()
    assert "Chronology" not in browser.get("/referrals/NS-27-N0NAME").text()
    page = browser.get("/referrals/NS-27-N0NAME/chronology")
    assert "the case system gave no pseudonym for the child" in page.text()
    assert "Not decided yet" in page.text()
    assert refs(page) == ["NS-27-N0NAME"]


def test_where_only_a_police_form_has_come_no_child_is_known_and_there_is_no_history(
    office: Office, world: World
) -> None:
    world.take(a_complete_form_event(referral_ref="NS-27-F0RM01"))
    browser = office.signed_in()
    assert browser.get("/referrals/NS-27-F0RM01").status == 200
    assert browser.get("/referrals/NS-27-F0RM01/chronology").status == 404
    assert readings(world) == [("staff:p-0417", "NS-27-F0RM01")] * 2


def test_of_very_many_referrals_the_newest_are_read(office: Office, world: World) -> None:
    for number in range(MOST):
        world.take(came(f"NS-27-{number:06d}", CHILD))
    page = office.signed_in().get(f"/referrals/{AGAIN}/chronology?child=2")
    assert f"Only the newest {MOST} referrals of this child are shown" in page.text()
    assert f"Referrals of this child {MOST + 2} referrals First received, of those shown" in page.text()
    assert len(readings(world)) == MOST


@pytest.mark.parametrize("path", ["/referrals/NS-26-N0NE00/chronology", f"{PATH}?child=2"])
def test_what_is_not_there_has_no_history(office: Office, path: str) -> None:
    assert office.signed_in().get(path).status == 404
