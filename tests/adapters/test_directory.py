"""The registry as applied: only what changed, each change in the trail, and never by one person alone."""

from datetime import date, datetime
from typing import Any

import pytest

from functions.adapters.directory import ACTIVE, Directory, Entry, NotTwoPeopleError
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.store import Store
from functions.domain.record import GENESIS, commitment
from schemas.agency import Agency, Endpoint, Mailbox, Registry
from schemas.codes import AgencyType, Channel
from tests.world import MORNING, an_agency

POLICE = an_agency("north-police", AgencyType.POLICE, Channel.WEBHOOK)
PROBATION = an_agency("north-probation", AgencyType.PROBATION, Channel.EMAIL)


@pytest.fixture
def directory(store: Store) -> Directory:
    return Directory(store, Chain(store, salt=lambda: "00" * 16))


def apply(directory: Directory, *agencies: Agency, applier: str = "duty-engineer", **which: Any) -> list[str]:
    now: datetime = which.get("now", MORNING)
    return directory.apply(Registry(approved_by="head-of-mash", agency=agencies), applier=applier, now=now)


def changed(agency: Agency, **changes: Any) -> Agency:
    return agency.model_copy(update=changes)


def test_a_new_registry_is_applied_whole_and_can_be_read_back(directory: Directory) -> None:
    assert apply(directory, POLICE, PROBATION) == ["north-police", "north-probation"]
    assert directory.find(["north-police", "north-probation", "nobody"]) == {
        "north-police": Entry(
            agency_id="north-police",
            version=1,
            status=ACTIVE,
            type=AgencyType.POLICE,
            name="North Police",
            channels=(Channel.WEBHOOK,),
            own_ref_pattern="[A-Z0-9/-]{4,32}",
            address="mash@north-police.secure.example",
            mailbox_raised=False,
            url="https://north-police.example/outcomes",
        ),
        "north-probation": Entry(
            agency_id="north-probation",
            version=1,
            status=ACTIVE,
            type=AgencyType.PROBATION,
            name="North Probation",
            channels=(Channel.EMAIL,),
            own_ref_pattern="[A-Z0-9/-]{4,32}",
            address="mash@north-probation.secure.example",
            mailbox_raised=False,
            url="https://north-probation.example/outcomes",
        ),
    }


def test_nobody_is_found_when_nobody_is_asked_for(directory: Directory) -> None:
    assert directory.find([]) == {}
    assert directory.find(["nobody"]) == {}


def test_an_agency_asked_for_twice_is_found_once(directory: Directory) -> None:
    apply(directory, POLICE)
    assert list(directory.find(["north-police", "north-police"])) == ["north-police"]


def test_each_change_is_a_row_that_names_both_people(directory: Directory, store: Store) -> None:
    apply(directory, POLICE)
    apply(directory, changed(POLICE, name="North Police Service"))
    first, second = store.partition("audit", "G#north-police")
    assert [(row["type"], row["old_version"], row["version"]) for row in (first, second)] == [
        ("REGISTRY_CHANGE", 0, 1),
        ("REGISTRY_CHANGE", 1, 2),
    ]
    assert {(row["actor"], row["approver"], row["agency"]) for row in (first, second)} == {
        ("duty-engineer", "head-of-mash", "north-police")
    }
    assert (first["prev"], second["prev"]) == (GENESIS, commitment(first))
    assert first["uid"] != second["uid"]


def test_an_address_is_in_no_row_of_the_trail(directory: Directory, store: Store) -> None:
    apply(directory, POLICE)
    (row,) = store.partition("audit", "G#north-police")
    assert "example" not in repr(row)


def test_a_registry_applied_again_changes_nothing(directory: Directory, store: Store) -> None:
    apply(directory, POLICE, PROBATION)
    assert apply(directory, POLICE, PROBATION) == []
    assert len(store.partition("audit", "G#north-police")) == 1
    assert directory.find(["north-police"])["north-police"].version == 1


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"name": "North Police Service"}, "name", "North Police Service"),
        ({"type": AgencyType.FIRE}, "type", AgencyType.FIRE),
        ({"channels": (Channel.EMAIL, Channel.WEBHOOK)}, "channels", (Channel.EMAIL, Channel.WEBHOOK)),
        ({"own_ref_pattern": "[0-9]{4}"}, "own_ref_pattern", "[0-9]{4}"),
        ({"webhook": Endpoint(url="https://other.example/in")}, "url", "https://other.example/in"),
        ({"email": None}, "address", None),
        (
            {"email": Mailbox(address="desk@north-police.example", verified_at=date(2026, 11, 2))},
            "address",
            "desk@north-police.example",
        ),
        (
            {
                "email": Mailbox(
                    address="mash@north-police.secure.example",
                    verified_at=date(2026, 11, 2),
                    managed=True,
                    dpo_ref="DPO-1",
                    approvers=("head-of-mash", "dpo"),
                )
            },
            "mailbox_raised",
            True,
        ),
    ],
)
def test_any_change_raises_the_version_of_that_agency_alone(
    directory: Directory, changes: dict[str, Any], field: str, value: object
) -> None:
    apply(directory, POLICE, PROBATION)
    assert apply(directory, changed(POLICE, **changes), PROBATION) == ["north-police"]
    found = directory.find(["north-police", "north-probation"])
    assert getattr(found["north-police"], field) == value
    assert (found["north-police"].version, found["north-probation"].version) == (2, 1)


def test_who_approved_a_registry_cannot_apply_it(directory: Directory, store: Store) -> None:
    with pytest.raises(NotTwoPeopleError):
        apply(directory, POLICE, applier="head-of-mash")
    assert directory.find(["north-police"]) == {}
    assert store.partition("audit", "G#north-police") == []
