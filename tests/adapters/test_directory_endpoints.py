"""An endpoint is posted to only while the very URL stands whose owner agreed; each check is in the trail."""

from hashlib import sha256
from typing import Any

import pytest

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.store import Store
from functions.adapters.registry.apply import ChangedMeanwhileError
from functions.adapters.registry.directory import Directory, Entry
from functions.adapters.registry.endpoint_rows import TRIES, EndpointRows, UnknownAgencyError
from functions.domain.record import commitment
from schemas.agency import Agency, Endpoint, Registry
from schemas.codes import Addressee, AgencyType, Channel
from tests.world import MORNING, an_agency

URL, OTHER = "https://north-police.example/outcomes", "https://other.example/in"
POLICE = an_agency("north-police", AgencyType.POLICE, Channel.WEBHOOK)
PROBATION = an_agency("north-probation", AgencyType.PROBATION, Channel.EMAIL)


@pytest.fixture
def directory(store: Store) -> Directory:
    directory = Directory(store, Chain(store, salt=lambda: "00" * 16))
    apply(directory, POLICE, PROBATION)
    return directory


def apply(directory: Directory, *agencies: Agency) -> None:
    registry = Registry(approved_by="head-of-mash", agency=agencies)
    directory.apply(registry, applier="duty-engineer", now=MORNING, allow_removal=True)


def at(url: str | None) -> Agency:
    return POLICE.model_copy(update={"webhook": Endpoint(url=url) if url else None, "channels": ()})


def check(directory: Directory, url: str = URL, agency_id: str = "north-police") -> None:
    directory.mark_checked(agency_id, url, by="duty-engineer", method="HANDSHAKE", now=MORNING)


def police(directory: Directory) -> Entry:
    return directory.look_up(["north-police"]).entries["north-police"]


def is_active(directory: Directory) -> bool:
    return police(directory).is_verified(Channel.WEBHOOK, Addressee.ROLE_MAILBOX, MORNING.date())


def rows(store: Store) -> list[Any]:
    return store.partition(store.audit, "G#north-police")


def test_an_endpoint_is_active_from_its_check_on(directory: Directory, store: Store) -> None:
    assert not is_active(directory)
    check(directory)
    assert is_active(directory)
    assert (police(directory).version, police(directory).checked_url) == (2, URL)
    change, row = rows(store)
    assert {name: row[name] for name in ("type", "actor", "method", "result", "version", "agency")} == {
        "type": "ENDPOINT",
        "actor": "duty-engineer",
        "method": "HANDSHAKE",
        "result": "CHECKED",
        "version": 2,
        "agency": "north-police",
    }
    assert row["url_sha256"] == sha256(URL.encode()).hexdigest()
    assert row["prev"] == commitment(change)


def test_a_check_repeated_is_a_row_and_no_new_version(directory: Directory, store: Store) -> None:
    check(directory)
    check(directory)
    assert (police(directory).version, len(rows(store))) == (2, 3)


def test_a_failed_check_is_a_row_and_nothing_else(directory: Directory, store: Store) -> None:
    check(directory)
    directory.mark_not_checked(
        "north-police", URL, by="duty-engineer", method="TEST_EVENT", result="E_TIMEOUT", now=MORNING
    )
    assert (police(directory).version, is_active(directory)) == (2, True)
    assert (rows(store)[-1]["type"], rows(store)[-1]["result"]) == ("ENDPOINT", "E_TIMEOUT")


@pytest.mark.parametrize(
    "steps",
    [
        [OTHER],
        [None],
        [OTHER, URL],
        [None, URL],
        ["gone", URL],
    ],
    ids=["another", "none", "another and back", "none and back", "gone and back"],
)
def test_a_url_that_changed_is_checked_again_even_when_it_comes_back(
    directory: Directory, steps: list[str | None]
) -> None:
    check(directory)
    for step in steps:
        apply(directory, *([] if step == "gone" else [at(step)]), PROBATION)
    assert not is_active(directory)


def test_another_change_leaves_the_endpoint_active(directory: Directory) -> None:
    check(directory)
    apply(directory, POLICE.model_copy(update={"name": "North Police Service"}), PROBATION)
    assert is_active(directory)


def test_the_check_of_a_url_that_the_agency_no_longer_has_counts_for_nothing(
    directory: Directory, store: Store
) -> None:
    apply(directory, at(OTHER), PROBATION)
    with pytest.raises(ChangedMeanwhileError):
        check(directory)
    with pytest.raises(ChangedMeanwhileError):
        directory.mark_not_checked("north-police", URL, by="x", method="A", result="B", now=MORNING)
    assert (is_active(directory), len(rows(store))) == (False, 2)


def test_nobody_can_be_checked_whom_nobody_applied(directory: Directory) -> None:
    with pytest.raises(UnknownAgencyError):
        check(directory, agency_id="south-police")


class Busy(Store):
    """A store on which somebody else is faster for a while."""

    beaten = 0

    def write(self, parts: Any) -> None:
        """Loses the race while it lasts."""
        if self.beaten:
            self.beaten -= 1
            raise ContendedError("another writer was first")
        super().write(parts)


@pytest.mark.parametrize(("beaten", "written"), [(TRIES - 1, True), (TRIES, False)])
def test_a_row_is_written_again_when_somebody_else_was_first_but_not_for_ever(
    directory: Directory, store: Store, beaten: int, *, written: bool
) -> None:
    busy = Busy(store.client, audit=store.audit, state=store.state, keys=store.keys)
    busy.beaten = beaten
    slow = Directory(busy, Chain(busy, salt=lambda: "00" * 16))
    if written:
        check(slow)
    else:
        with pytest.raises(ContendedError):
            check(slow)
    assert is_active(directory) is written


def test_a_url_that_changes_during_its_check_is_not_active(directory: Directory, store: Store) -> None:
    """The check reads the agency, the registry changes, and only then the check writes."""

    class Racing(Store):
        def write(self, parts: Any) -> None:
            """After another applier."""
            apply(directory, at(OTHER), PROBATION)
            super().write(parts)

    racing = Racing(store.client, audit=store.audit, state=store.state, keys=store.keys)
    with pytest.raises(ChangedMeanwhileError):
        check(Directory(racing, Chain(racing, salt=lambda: "00" * 16)))
    assert not is_active(directory)


def test_a_changed_secret_is_a_row_with_the_keys_id_alone(directory: Directory, store: Store) -> None:
    rows_of = EndpointRows(store, Chain(store, salt=lambda: "00" * 16))
    rows_of.secret_changed(
        "north-police",
        by="duty-engineer",
        key_id="0123abcd-1",
        older_end_at="2026-11-25",
        live=2,
        now=MORNING,
    )
    row = rows(store)[-1]
    assert (row["result"], row["key_id"], row["live"], row["version"]) == (
        "SECRET_CHANGED",
        "0123abcd-1",
        2,
        1,
    )
