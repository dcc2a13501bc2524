"""What the console's pages show of a referral, and what they never do (domain section 6.1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count

import pytest

from functions.adapters.ledger import keys
from functions.console.door.guard import CSRF_FIELD
from functions.console.routes import ROUTES
from schemas.codes import ConsoleRole, ReadPurpose
from tests.console.council import AUDITOR, MANAGER
from tests.console.every_page import PARAMETER, PEOPLE, filled
from tests.console.office import Browser, Office
from tests.flows.chases import a_beat, a_force, with_force
from tests.flows.test_canary import ACCEPTED, CANARIES, EVENTS, of_its_own, places, planted
from tests.flows.test_what_appears_where import REF, SAID, found_in, tell_everything
from tests.world import BOTH, World, a_decision, a_world


def test_a_messages_page_has_all_that_the_message_says_and_the_referrals_its_outcome_and_form() -> None:
    with a_world() as world:
        tell_everything(world)
        browser = Office.of(world).signed_in(MANAGER)
        for channel in BOTH:
            item = world.delivery("north-probation", channel)
            page = browser.get(f"/messages/{item['message_id']}").text()
            assert found_in(page, browser.get(f"/messages/{item['message_id']}/preview").text()) == set(SAID)
            assert REF in page
            assert "Child 1" in page
        assert {"outcome", "police form"} <= found_in(browser.get(f"/referrals/{REF}").text())


def test_who_did_something_is_shown_to_others_by_their_id_alone() -> None:
    with a_world() as world:
        tell_everything(world)
        office = Office.of(world)
        office.signed_in(MANAGER).get(f"/referrals/{REF}")
        seen = office.signed_in(AUDITOR).get(f"/access?who=staff:{MANAGER.subject}").text()
        assert MANAGER.subject in seen
        assert MANAGER.name not in seen


@pytest.mark.slow
def test_a_name_in_any_field_appears_on_no_page() -> None:
    """Each field and each spelling that is taken in, as a referral of its own; all that is shown of it."""
    with a_world() as world:
        world.chases = True
        world.apply(with_force(a_force()))
        a_beat(world)
        refs = [*decided(world), *with_a_form(world)]
        world.send_due()
        kept = [*ACCEPTED["decision"].values(), *ACCEPTED["form"].values()]
        assert len(refs) == sum(map(len, kept))
        office = Office.of(world)
        people = {role: office.signed_in(person) for role, person in PEOPLE.items()}
        seen = [page for values in ({}, {"agency_id": "north-police"}) for page in pages_with(values, people)]
        for ref in refs:
            of_it = list(everything_seen(world, ref, people))
            assert any(ref in page.body for page in of_it)
            seen += of_it
        assert {route.path for route in ROUTES} <= {page.path for page in seen if page.is_there}
        named_on = {page.path for page in seen for one in CANARIES if one.lower() in page.body.lower()}
        assert named_on == set()


def decided(world: World) -> Iterator[str]:
    for serial, path, canary in taken("decision"):
        identity = of_its_own("decision", serial)
        world.take(planted(EVENTS["decision"] | identity, path, canary))
        yield identity["referral_ref"]


def with_a_form(world: World) -> Iterator[str]:
    for serial, path, canary in taken("form"):
        identity = of_its_own("form", 1000 + serial)
        world.take(planted(EVENTS["form"] | identity, path, canary))
        world.take(a_decision(**of_its_own("decision", 1000 + serial)))
        yield identity["referral_ref"]


def taken(kind: str) -> Iterator[tuple[int, tuple[object, ...], str]]:
    """Each place that takes a name in, with each spelling that it takes."""
    serials = count(1)
    for path in places(EVENTS[kind]):
        for canary in ACCEPTED[kind].get(".".join(map(str, path)), ()):
            yield next(serials), path, canary


@dataclass(frozen=True, slots=True)
class Seen:
    """A page, whether it was there, and its bytes."""

    path: str
    is_there: bool
    body: str


def everything_seen(world: World, ref: str, people: Mapping[ConsoleRole, Browser]) -> Iterator[Seen]:
    """Each page of the referral and of what is below it as everybody sees it who may, and the file of its
    entries."""
    for values in named(world, ref):
        yield from pages_with(values, people)
    manager = people[ConsoleRole.MANAGER]
    file = manager.post(
        f"/referrals/{ref}/download", {CSRF_FIELD: manager.csrf, "reason": ReadPurpose.CASE_WORK}
    )
    assert file.headers["Content-Type"].startswith("text/csv")
    yield Seen("the file", is_there=True, body=file.content.decode())


def pages_with(values: Mapping[str, str], people: Mapping[ConsoleRole, Browser]) -> Iterator[Seen]:
    """Each page whose path has these parameters and no other."""
    for route in ROUTES:
        if set(PARAMETER.findall(route.path)) == set(values):
            for role in sorted(route.may_look):
                reply = people[role].get(filled(route, values))
                yield Seen(route.path, reply.status in (HTTPStatus.OK, HTTPStatus.SEE_OTHER), reply.body)


def named(world: World, ref: str) -> Iterator[dict[str, str]]:
    """Values for the parameters of paths: the referral, and everything below it."""
    partition = keys.referral(ref)
    items = world.store.partition(world.store.state, partition)
    yield {"ref": ref}
    for item in items:
        if "message_id" in item:
            yield {"message_id": item["message_id"]}
        if item["sk"].startswith(keys.TASK_PREFIX):
            yield {"partition": partition.replace("#", "~"), "task": item["sk"].replace("#", "~")}
        if item["sk"].startswith(keys.CHILD_PREFIX):
            yield {"ref": ref, "child": str(int(item["sk"].removeprefix(keys.CHILD_PREFIX)))}
