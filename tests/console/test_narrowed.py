"""What somebody's question was narrowed to is told in words, and what has none as the trail has it."""

from collections.abc import Iterator, Mapping

import pytest

from functions.console.access.narrowed import in_words
from functions.console.routes import ROUTES
from tests.console.council import AUDITOR
from tests.console.every_page import PEOPLE, a_full_world
from tests.console.office import Office
from tests.world import World


@pytest.fixture
def world() -> Iterator[World]:
    with a_full_world() as one:
        yield one


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"since": "2026-10", "until": "2026-10"}, "October 2026"),
        ({"since": "2026-09", "until": "2026-11"}, "September 2026 to November 2026"),
        ({"since": "2026-10-01", "until": "2026-11-24"}, "1 October 2026 to 24 November 2026"),
        ({"since": "2026-10-01"}, "since 1 October 2026"),
        ({"until": "never"}, "until never"),
        ({"day": "2026-11-24", "reader": "staff:p-0417"}, "24 November 2026, of staff:p-0417"),
        ({"only": "some"}, "only: referrals, messages, files, acts and refusals"),
        ({"ref": "NS-26-7KQ4ZP", "child": "1", "event": "e-1"}, "NS-26-7KQ4ZP, child 1, event e-1"),
        (
            {"of": "R#NS-26-7KQ4ZP", "task": "TASK#CALL_UNREAD#01#north-police"},
            "NS-26-7KQ4ZP, task: told and not read, child 1",
        ),
        (
            {"of": "G#north-police", "task": "TASK#MEND_ENDPOINT#00"},
            "north-police, task: system that takes no messages",
        ),
        ({"told": "untold"}, "referrer: not told the outcome, whatever the reason"),
        (
            {"form": "INCORRECT", "decided": "2026-11-01"},
            "decided from 1 November 2026, police form: not complete",
        ),
        ({"status": "RETRY held"}, "status: still trying or held for a safety check"),
        ({"kind": "reminder"}, "kind: police reminder"),
        ({"kind": "CALL_UNREAD", "role": "MASH_MANAGER"}, "kind: told and not read, for: MASH manager"),
        ({"way": "email", "agency": "north-police"}, "sent by: email, agency north-police"),
        ({"type": "GP"}, "agencies: GP"),
        ({"source": "mash.case-system", "page": "/x"}, "system mash.case-system, page /x"),
        ({"status": "OF_TOMORROW", "tomorrow": "x"}, "status: OF_TOMORROW, tomorrow x"),
    ],
)
def test_each_filter_is_said_in_words(filters: Mapping[str, str], words: str) -> None:
    assert ", ".join(in_words(filters)) == words


def test_whatever_a_page_narrows_has_words(world: World) -> None:
    """Each form that narrows a list is filled in with the last of its choices."""
    office = Office.of(world)
    queries = {
        "/referrals": "told=no&form=ABSENT&outcome=S47&agency=north-police&decided=2026-11-01",
        "/messages": "status=RETRY&status=held&kind=news&agency=north-police&way=email",
        "/worklist": "role=MASH_MANAGER&kind=CALL_UNREAD&ref=NS-26-7KQ4ZP",
        "/agencies": "type=POLICE",
        "/access": "who=a-0002&only=some",
        "/police-desk": "ref=NS-26-7KQ4ZP",
    }
    for route in ROUTES:
        if "<" not in route.path:
            person = AUDITOR if route.path != "/police-desk" else PEOPLE[min(route.may_look)]
            office.signed_in(person).get(f"{route.path}?{queries.get(route.path, '')}")
    filters = [row["filters"] for row in world.all_items("audit") if "filters" in row]
    names = {name for one in filters for name in one}
    assert names >= {"told", "status", "role", "type", "reader", "ref", "since", "month"}
    for one in filters:
        for said in in_words(one):
            assert not any(said == f"{name} {value}" for name, value in one.items() if name not in SAME), said


SAME = ("agency", "page", "child", "event")
"""Said as they are named: nothing but an id follows."""
