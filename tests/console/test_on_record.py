"""No page without its entry of the trail, and no word of a child in a log, whatever is asked."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest

from functions.adapters.errors import BusyError, ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Part, Store
from functions.log_lines import NOT_LOGGED
from schemas.codes import AuditKind, ConsoleRole, ReadPurpose
from tests.console.council import MANAGER, Person
from tests.console.every_page import HELD_REF, REF, a_full_world, csrf_of, every_page, known
from tests.console.office import Office
from tests.world import World

CANARY = "Janetta Canary"
PURPOSES = {
    ConsoleRole.AUDITOR: {ReadPurpose.INSPECTION},
    ConsoleRole.POLICE_DESK: {ReadPurpose.FORM_DESK},
}


@pytest.fixture(scope="module")
def world(account: None) -> Iterator[World]:
    """One for all: looking changes nothing."""
    with a_full_world() as one:
        yield one


@pytest.fixture(scope="module")
def office(world: World) -> Office:
    """Of tables that a test may fill up."""
    store = FullDisk(world.store.client, audit="audit", state="state", keys="keys")
    return Office(store, world.clocks, lambda: world.now, vault=world.vault)


class FullDisk(Store):
    """Tables that, once `fails_with` is set, take no more rows of anybody's reading."""

    fails_with: Exception | None = None

    def write(self, parts: Sequence[Part]) -> None:
        if self.fails_with and any(_is_reading(part) for part in parts):
            raise self.fails_with
        super().write(parts)


@contextmanager
def filled_up(office: Office, trouble: Exception) -> Iterator[None]:
    store = office.store
    assert isinstance(store, FullDisk)
    store.fails_with = trouble
    try:
        yield
    finally:
        store.fails_with = None


def _is_reading(part: Part) -> bool:
    return '"S": "L#' in str(part.action).replace("'", '"')


def rows_of(world: World, person: Person) -> list[dict[str, Any]]:
    """What the trail has of one person today."""
    return world.store.partition("audit", keys.read_by(world.now, f"staff:{person.subject}"), "E#")


def test_each_look_is_one_entry_with_a_purpose(office: Office, world: World) -> None:
    for page in every_page(known(world)):
        for person, role in zip(page.by(), sorted(page.route.may_look), strict=True):
            browser = office.signed_in(person)
            before = len(rows_of(world, person))
            assert browser.get(page.path).status in (200, 303), page.path
            (row,) = rows_of(world, person)[before:]
            assert row["type"] in (AuditKind.READ, AuditKind.QUERY), page.path
            assert ReadPurpose(row["purpose"]) in PURPOSES.get(
                role, {ReadPurpose.OVERSIGHT, ReadPurpose.CASE_WORK}
            ), page.path


@pytest.mark.parametrize("trouble", [BusyError("throttled"), ContendedError("another was first")])
def test_without_its_entry_no_page_is_shown(office: Office, world: World, trouble: Exception) -> None:
    for page in every_page(known(world)):
        browser = office.signed_in(page.by()[0])
        with filled_up(office, trouble):
            reply = browser.get(page.path)
        assert reply.status == 503, page.path
        shown = reply.text().replace(page.path, "")
        assert not [name for name in (REF, HELD_REF, "North Police") if name in shown], page.path


def test_a_refusal_for_another_reason_shows_no_page_either(
    office: Office, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """It is a line that an alarm matches: by its request, its kind and its place, and not a word of data."""
    office.may_fail = True
    for page in every_page(known(world)):
        browser = office.signed_in(page.by()[0])
        caplog.clear()
        with filled_up(office, PermissionError(f"no right to {CANARY}, {REF}")):
            reply = browser.get(page.path)
        assert reply.status == 500, page.path
        assert "Sorry, there is a problem" in reply.text()
        assert not [name for name in (REF, HELD_REF, "North Police", CANARY) if name in reply.text()]
        (line,) = (record for record in caplog.records if record.message == "PAGE_UNANSWERED")
        told = vars(line)
        assert (told["error"], line.levelname) == ("PermissionError", "ERROR")
        assert told["request"] in reply.text()
        assert NOT_LOGGED not in str(told), page.path
        assert not [name for name in (REF, CANARY) if name in str([one.__dict__ for one in caplog.records])]
    office.may_fail = False


def test_what_is_not_there_is_on_record_as_well(office: Office, world: World) -> None:
    nothing = dict.fromkeys(known(world), "NOTHING-1")
    for page in every_page(nothing):
        if "<" not in page.route.path:
            continue
        person = page.by()[0]
        browser = office.signed_in(person)
        before = len(rows_of(world, person))
        assert browser.get(page.path).status == 404, page.path
        assert len(rows_of(world, person)) == before + 1, page.path


def test_no_log_says_what_somebody_typed_or_who_is_meant(
    office: Office, world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    values = known(world)
    for page in every_page(values):
        browser = office.signed_in(page.by()[0])
        typed = {"csrf": csrf_of(browser), "reason": CANARY, "note": CANARY, "seen": CANARY}
        browser.get(page.path)
        browser.get(f"{page.path}?q={CANARY}&ref={CANARY}&agency={CANARY}&from={CANARY}".replace(" ", "%20"))
        browser.post(page.path, typed)
    for page in every_page(dict.fromkeys(values, "Janetta-Canary")):
        office.signed_in(page.by()[0]).get(page.path)
    said = "".join(capfd.readouterr()) + str([record.__dict__ for record in caplog.records])
    assert "Canary" not in said
    assert "Priya" not in said


def test_the_logs_are_looked_at(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    office.council.forged = {"nonce": "mine"}
    office.browser().sign_in(MANAGER)
    office.council.forged = {}
    assert "TOKEN_INVALID" in str([record.__dict__ for record in caplog.records])


WORDS = (CANARY, CANARY.replace(" ", "-"), CANARY.replace(" ", "-").upper())
"""As somebody may type a name into what asks for an id: the latter two are spelt as one."""


@pytest.mark.parametrize("words", WORDS)
def test_no_filter_on_record_has_words_that_somebody_typed(office: Office, world: World, words: str) -> None:
    for page in every_page(known(world)):
        person = page.by()[0]
        names = ("q", "ref", "agency", "status", "role", "kind", "source", "told", "since", "until", "child")
        asked = "&".join(f"{name}={quote(words)}" for name in names)
        browser = office.signed_in(person)
        before = len(rows_of(world, person))
        browser.get(f"{page.path}?{asked}")
        browser.get(f"{page.path}/{words}")
        assert "canary" not in str(rows_of(world, person)[before:]).lower(), page.path


@pytest.mark.parametrize("words", WORDS)
def test_no_path_on_record_has_words_that_somebody_typed(office: Office, world: World, words: str) -> None:
    for page in every_page(dict.fromkeys(known(world), words)):
        person = page.by()[0]
        browser = office.signed_in(person)
        before = len(rows_of(world, person))
        browser.get(page.path)
        assert "canary" not in str(rows_of(world, person)[before:]).lower(), page.path


@pytest.mark.parametrize(
    ("path", "filters"),
    [
        (f"/messages?ref={REF}&status=PARKED", {"ref": REF}),
        ("/messages?agency=north-police", {"agency": "north-police"}),
        ("/referrals?agency=north-police", {"agency": "north-police"}),
        (f"/worklist?ref={HELD_REF}", {"ref": HELD_REF}),
        (f"/worklist?ref={REF}&kind=MEND_ADDRESS", {"ref": REF}),
    ],
)
def test_what_there_is_is_on_record_by_its_name(
    office: Office, world: World, path: str, filters: dict[str, str]
) -> None:
    """Also where nothing of it is on the page: that is an answer, too."""
    browser = office.signed_in()
    browser.get(path)
    assert filters.items() <= rows_of(world, MANAGER)[-1]["filters"].items()
