"""The registry as applied: only what changed, each change in the trail, and never by one person alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.store import Change as Update
from functions.adapters.ledger.store import Store
from functions.adapters.registry.apply import (
    ChangedMeanwhileError,
    NotTwoPeopleError,
    RegistryRefusedError,
    RemovalError,
)
from functions.adapters.registry.diff import Change, ChangeKind
from functions.adapters.registry.directory import ACTIVE, INACTIVE, Directory, Entry, Listing
from functions.domain.record import GENESIS, commitment
from functions.domain.registry_rules import Stage
from schemas.agency import Agency, Endpoint, Mailbox, Registry
from schemas.codes import Addressee, AgencyType, Channel, Level, Outcome, Role
from schemas.entitlement import LoweredLevel
from schemas.hub_directory import HubDirectory, Team
from tests.world import BOTH, MORNING, an_agency

POLICE = an_agency("north-police", AgencyType.POLICE, Channel.WEBHOOK)
PROBATION = an_agency("north-probation", AgencyType.PROBATION, Channel.EMAIL)
MIDWIFERY = an_agency("north-midwifery", AgencyType.MIDWIFERY, Channel.EMAIL, told_of_unborn=True)
ALIASED = PROBATION.model_copy(update={"aliases": ("nps", "crc")})
HUB = HubDirectory(
    team=(Team(code="ASSESSMENT_2", name="Assessment Team 2"),),
    lowered=(
        LoweredLevel(
            agency_type=AgencyType.HOUSING, role=Role.REFERRER, outcome=Outcome.NFA, level=Level.NOTICE
        ),
    ),
)
VERIFIED = date(2026, 11, 2)
LEAD = Mailbox(address="lead@north-police.secure.example", verified_at=VERIFIED)
INSPECTOR = Mailbox(address="inspector@north-police.secure.example", verified_at=VERIFIED)


@pytest.fixture
def directory(store: Store) -> Directory:
    return Directory(store, Chain(store, salt=lambda: "00" * 16))


class Counted(Store):
    """A store that counts its calls."""

    reads = 0
    writes = 0

    def get_many(self, wanted: Any) -> Any:
        """Counts, and reads."""
        self.reads += 1
        return super().get_many(wanted)

    def write(self, parts: Any) -> None:
        """Counts, and writes."""
        self.writes += 1
        super().write(parts)


@pytest.fixture
def counted(store: Store) -> Counted:
    return Counted(store.client, audit=store.audit, state=store.state, keys=store.keys)


def a_registry(*agencies: Agency, hub: HubDirectory | None = None) -> Registry:
    return Registry(approved_by="head-of-mash", agency=agencies, hub=hub or HubDirectory())


def apply(directory: Directory, *agencies: Agency, **how: Any) -> dict[str, str]:
    """The kind of each change, by agency."""
    registry = a_registry(*agencies, hub=how.pop("hub", None))
    changes = directory.apply(registry, **{"applier": "duty-engineer", "now": MORNING, **how})
    return {change.agency_id or "hub": change.kind.value for change in changes}


def found(directory: Directory, name: str) -> Entry:
    return directory.look_up([name]).entries[name]


def changed(agency: Agency, **changes: Any) -> Agency:
    return agency.model_copy(update=changes)


def rows(store: Store, pk: str = "G#north-police") -> list[Any]:
    return store.partition(store.audit, pk)


# --- reading


def test_a_new_registry_is_applied_whole_and_can_be_read_back(directory: Directory) -> None:
    applied = apply(directory, POLICE, MIDWIFERY, hub=HUB)
    assert applied == {"hub": "ADDED", "north-police": "ADDED", "north-midwifery": "ADDED"}
    listing = directory.look_up(["north-police", "north-midwifery", "nobody"])
    assert listing == Listing(
        entries={
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
                verified_at=VERIFIED,
            ),
            "north-midwifery": Entry(
                agency_id="north-midwifery",
                version=1,
                status=ACTIVE,
                type=AgencyType.MIDWIFERY,
                name="North Midwifery",
                channels=(Channel.EMAIL,),
                own_ref_pattern="[A-Z0-9/-]{4,32}",
                address="mash@north-midwifery.secure.example",
                mailbox_raised=False,
                url="https://north-midwifery.example/outcomes",
                told_of_unborn=True,
                verified_at=VERIFIED,
            ),
        },
        hub=HUB,
        unborn=("north-midwifery",),
    )


def test_before_any_registry_nobody_is_found_and_the_hub_says_nothing_of_its_own(
    directory: Directory,
) -> None:
    assert directory.look_up(["north-police"]) == Listing({}, HubDirectory(), ())
    assert directory.look_up([]) == Listing({}, HubDirectory(), ())
    assert directory.all() == []


def test_an_alias_means_its_agency_and_two_names_may_mean_the_same(directory: Directory) -> None:
    apply(directory, POLICE, ALIASED)
    entries = directory.look_up(["crc", "nps", "north-probation", "north-police"]).entries
    assert {name: entry.agency_id for name, entry in entries.items()} == {
        "crc": "north-probation",
        "nps": "north-probation",
        "north-probation": "north-probation",
        "north-police": "north-police",
    }
    assert found(directory, "nps").aliases == ("crc", "nps")


def test_only_an_alias_costs_a_second_read(directory: Directory, counted: Counted) -> None:
    apply(directory, POLICE, ALIASED)
    reading = Directory(counted, Chain(counted, salt=lambda: "00" * 16))
    reading.look_up(["north-police", "north-probation", "nobody"])
    assert counted.reads == 1
    reading.look_up(["north-police", "nps"])
    assert counted.reads == 3


def test_as_many_names_as_one_decision_can_have_are_looked_up_at_once(
    directory: Directory, counted: Counted
) -> None:
    agencies = [an_agency(f"agency-{number}", AgencyType.SCHOOL, Channel.EMAIL) for number in range(20)]
    apply(directory, *agencies)
    reading = Directory(counted, Chain(counted, salt=lambda: "00" * 16))
    assert len(reading.look_up([agency.id for agency in agencies]).entries) == 20
    assert counted.reads == 1


def test_a_county_of_more_agencies_than_one_read_can_name_is_read_whole(directory: Directory) -> None:
    agencies = [an_agency(f"agency-{number:03d}", AgencyType.SCHOOL, Channel.EMAIL) for number in range(101)]
    apply(directory, *agencies)
    assert [entry.agency_id for entry in directory.all()] == [agency.id for agency in agencies]
    assert directory.plan(a_registry(*agencies)) == ()


def test_what_an_earlier_release_wrote_is_read_and_is_not_verified(
    directory: Directory, store: Store
) -> None:
    old = {
        "pk": "G#north-police", "sk": "HEAD", "version": 3, "status": "ACTIVE", "agency_type": "POLICE",
        "name": "North Police", "channels": ["webhook", "email"], "own_ref_pattern": "[0-9]{4}",
        "address": "mash@north-police.secure.example", "mailbox_raised": False,
        "url": "https://north-police.example/outcomes", "seq": 1, "tip": "ab" * 32,
    }  # fmt: skip
    store.write([store.put("old", store.state, old)])
    entry = found(directory, "north-police")
    assert (entry.verified_at, entry.lead_address, entry.lead_verified_at) == (None, None, None)
    assert (entry.checked_url, entry.aliases) == (None, ())
    assert (entry.in_case_system, entry.told_of_unborn) == (False, False)
    for channel in BOTH:
        for addressee in Addressee:
            assert not entry.is_verified(channel, addressee, MORNING.date())


@pytest.mark.parametrize(
    ("days_ago", "verified"), [(0, True), (1, True), (90, True), (91, False), (400, False), (-1, False)]
)
@pytest.mark.parametrize("addressee", Addressee)
def test_a_mailbox_is_verified_for_ninety_days(
    directory: Directory, addressee: Addressee, days_ago: int, *, verified: bool
) -> None:
    today = VERIFIED + timedelta(days=days_ago)
    apply(directory, changed(POLICE, safeguarding_lead=LEAD, form_escalation=INSPECTOR))
    days = {
        Addressee.ROLE_MAILBOX: "verified_at",
        Addressee.SAFEGUARDING_LEAD: "lead_verified_at",
        Addressee.FORM_ESCALATION: "escalation_verified_at",
    }
    others: dict[str, Any] = {day: date(2020, 1, 1) for of, day in days.items() if of is not addressee}
    entry = replace(found(directory, "north-police"), **others)  # theirs must not matter
    assert entry.is_verified(Channel.EMAIL, addressee, today) is verified


def test_the_safeguarding_lead_has_a_mailbox_of_its_own(directory: Directory) -> None:
    apply(directory, changed(POLICE, safeguarding_lead=LEAD))
    entry = found(directory, "north-police")
    assert entry.address_for(Addressee.ROLE_MAILBOX) == "mash@north-police.secure.example"
    assert entry.address_for(Addressee.SAFEGUARDING_LEAD) == "lead@north-police.secure.example"


def test_the_role_that_last_reminders_go_to_has_a_mailbox_of_its_own(directory: Directory) -> None:
    apply(directory, changed(POLICE, form_escalation=INSPECTOR))
    entry = found(directory, "north-police")
    assert entry.address_for(Addressee.FORM_ESCALATION) == "inspector@north-police.secure.example"
    assert entry.address_for(Addressee.SAFEGUARDING_LEAD) is None


def test_an_agency_without_a_mailbox_has_none_that_is_verified(directory: Directory) -> None:
    apply(directory, changed(POLICE, email=None))
    entry = found(directory, "north-police")
    assert [entry.address_for(addressee) for addressee in Addressee] == [None, None, None]
    assert not entry.is_verified(Channel.EMAIL, Addressee.ROLE_MAILBOX, VERIFIED)


# --- each change, its row and its two people


def test_each_change_is_a_row_that_names_both_people_and_what_changed(
    directory: Directory, store: Store
) -> None:
    apply(directory, POLICE)
    apply(directory, changed(POLICE, name="North Police Service", in_case_system=True))
    first, second = rows(store)
    assert [(row["type"], row["old_version"], row["version"]) for row in (first, second)] == [
        ("REGISTRY_CHANGE", 0, 1),
        ("REGISTRY_CHANGE", 1, 2),
    ]
    assert second["fields"] == ["in_case_system", "name"]
    assert {(row["actor"], row["approver"], row["agency"]) for row in (first, second)} == {
        ("duty-engineer", "head-of-mash", "north-police")
    }
    assert (first["prev"], second["prev"]) == (GENESIS, commitment(first))
    assert first["uid"] != second["uid"]


def test_the_hubs_own_directory_has_a_chain_of_its_own(directory: Directory, store: Store) -> None:
    apply(directory, MIDWIFERY)
    apply(directory, MIDWIFERY, hub=HUB)
    first, second = rows(store, keys.HUB)
    assert [(row["type"], row["version"], row["fields"]) for row in (first, second)] == [
        ("REGISTRY_CHANGE", 1, ["agencies", "directory", "unborn"]),
        ("REGISTRY_CHANGE", 2, ["directory"]),
    ]
    assert (first["prev"], second["prev"]) == (GENESIS, commitment(first))
    assert directory.look_up([]).hub == HUB


def test_an_address_is_in_no_row_of_the_trail(directory: Directory, store: Store) -> None:
    apply(directory, POLICE, hub=HUB)
    url = str(found(directory, "north-police").url)
    directory.mark_checked("north-police", url, by="duty-engineer", method="HANDSHAKE", now=MORNING)
    assert len(rows(store)) == 2
    assert "example" not in repr([*rows(store), *rows(store, keys.HUB)])


def test_a_registry_applied_again_changes_nothing_and_writes_nothing(
    directory: Directory, counted: Counted
) -> None:
    apply(directory, POLICE, ALIASED, MIDWIFERY, hub=HUB)
    again = Directory(counted, Chain(counted, salt=lambda: "00" * 16))
    assert apply(again, POLICE, ALIASED, MIDWIFERY, hub=HUB) == {}
    assert counted.writes == 0
    assert again.look_up(["north-police"]).entries["north-police"].version == 1


RAISED = Mailbox(
    address="mash@north-police.secure.example",
    verified_at=VERIFIED,
    managed=True,
    dpo_ref="DPO-1",
    approvers=("head-of-mash", "dpo"),
)


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
            {"email": Mailbox(address="desk@north-police.example", verified_at=VERIFIED)},
            "address",
            "desk@north-police.example",
        ),
        ({"email": RAISED}, "mailbox_raised", True),
        (
            {"email": Mailbox(address="mash@north-police.secure.example", verified_at=date(2026, 11, 3))},
            "verified_at",
            date(2026, 11, 3),
        ),
        ({"safeguarding_lead": LEAD}, "lead_address", "lead@north-police.secure.example"),
        ({"safeguarding_lead": LEAD}, "lead_verified_at", VERIFIED),
        ({"form_escalation": INSPECTOR}, "escalation_address", "inspector@north-police.secure.example"),
        ({"form_escalation": INSPECTOR}, "escalation_verified_at", VERIFIED),
        ({"aliases": ("np",)}, "aliases", ("np",)),
        ({"in_case_system": True}, "in_case_system", True),
    ],
)
def test_any_change_raises_the_version_of_that_agency_alone(
    directory: Directory, changes: dict[str, Any], field: str, value: object
) -> None:
    apply(directory, POLICE, PROBATION)
    assert apply(directory, changed(POLICE, **changes), PROBATION) == {"north-police": "CHANGED"}
    assert getattr(found(directory, "north-police"), field) == value
    assert (found(directory, "north-police").version, found(directory, "north-probation").version) == (2, 1)


def test_who_raised_a_mailbox_is_kept_with_the_agency(directory: Directory, store: Store) -> None:
    apply(directory, changed(POLICE, email=RAISED))
    other = RAISED.model_copy(update={"approvers": ("head-of-mash", "governance-lead")})
    assert apply(directory, changed(POLICE, email=other)) == {"north-police": "CHANGED"}
    assert rows(store)[-1]["fields"] == ["approvers"]


@pytest.mark.parametrize(
    "applier",
    [
        "head-of-mash",
        "Head-of-MASH",
        "arn:aws:sts::123456789012:assumed-role/operators/head-of-mash",
        "arn:aws:sts::123456789012:assumed-role/operators/HEAD-OF-MASH",
        "arn:aws:sts::123456789012:assumed-role/operators/head-of-mash@northshire.example",
        "arn:aws:sts::123456789012:assumed-role/head-of-mash/session-1",
        "arn:aws:iam::123456789012:user/staff/head-of-mash",
    ],
)
def test_who_approved_a_registry_cannot_apply_it(directory: Directory, store: Store, applier: str) -> None:
    with pytest.raises(NotTwoPeopleError, match="approved_by names head-of-mash"):
        apply(directory, POLICE, applier=applier)
    assert directory.look_up(["north-police"]).entries == {}
    assert rows(store) == []


def test_who_approved_the_raising_of_a_mailbox_cannot_apply_it(directory: Directory) -> None:
    with pytest.raises(NotTwoPeopleError, match=r"north-police.*email\.approvers names dpo"):
        apply(directory, changed(POLICE, email=RAISED), applier="arn:aws:sts::1:assumed-role/x/dpo")
    assert apply(directory, changed(POLICE, email=RAISED), applier="arn:aws:sts::1:assumed-role/x/dpo-office")


def test_who_approved_the_raising_of_a_leads_mailbox_cannot_apply_it(directory: Directory) -> None:
    with pytest.raises(NotTwoPeopleError, match=r"safeguarding_lead\.approvers names dpo"):
        apply(
            directory, changed(POLICE, safeguarding_lead=RAISED), applier="arn:aws:sts::1:assumed-role/x/dpo"
        )


# --- what no registry may say


@pytest.mark.parametrize(
    ("agency", "says"),
    [
        (
            changed(POLICE, email=Mailbox(address="mash@police.uk.example", verified_at=VERIFIED)),
            "north-police: email.address: looks like police.uk",
        ),
        (
            changed(POLICE, webhook=Endpoint(url="https://169.254.169.254/latest")),
            "north-police: webhook.url: must name a host",
        ),
        (
            changed(POLICE, email=Mailbox(address="mash@a.secure.example", verified_at=date(2026, 8, 25))),
            "north-police: email.verified_at: 2026-08-25 is more than 90 days ago",
        ),
    ],
)
def test_a_registry_with_a_problem_is_applied_to_nobody(
    directory: Directory, store: Store, agency: Agency, says: str
) -> None:
    with pytest.raises(RegistryRefusedError, match=says):
        apply(directory, PROBATION, agency)
    assert directory.all() == []
    assert rows(store, keys.HUB) == []


def test_only_what_a_stage_itself_adds_widens_what_its_registry_may_say(directory: Directory) -> None:
    receiver = "http://127.0.0.1:8080"
    local = changed(POLICE, webhook=Endpoint(url=f"{receiver}/north-police/outcomes"))
    with pytest.raises(RegistryRefusedError):
        apply(directory, local)
    assert apply(directory, local, stage=Stage(local_receivers=(receiver,)))


@pytest.mark.parametrize(
    ("now", "today"),
    [
        (datetime(2026, 6, 1, 23, 30, tzinfo=UTC), date(2026, 6, 2)),
        (datetime(2026, 12, 1, 23, 30, tzinfo=UTC), date(2026, 12, 1)),
    ],
)
def test_a_day_ends_when_it_ends_in_the_united_kingdom(
    directory: Directory, now: datetime, today: date
) -> None:
    mailbox = Mailbox(address="mash@north-police.secure.example", verified_at=today)
    assert apply(directory, changed(POLICE, email=mailbox), now=now)
    tomorrow = mailbox.model_copy(update={"verified_at": today + timedelta(days=1)})
    with pytest.raises(RegistryRefusedError, match="has not come yet"):
        apply(directory, changed(POLICE, email=tomorrow), now=now)


def test_an_address_that_ran_out_stops_a_change_of_its_own_agency_alone(directory: Directory) -> None:
    apply(directory, POLICE, PROBATION)
    later = MORNING + timedelta(days=100)
    verified = Mailbox(address="mash@north-probation.secure.example", verified_at=later.date())
    assert apply(directory, POLICE, changed(PROBATION, email=verified), now=later)
    with pytest.raises(RegistryRefusedError, match=r"north-police: email\.verified_at"):
        apply(directory, changed(POLICE, name="North"), changed(PROBATION, email=verified), now=later)


# --- what is not in the file


def test_an_agency_that_a_file_leaves_out_is_not_silenced_by_accident(
    directory: Directory, store: Store
) -> None:
    apply(directory, POLICE, PROBATION, MIDWIFERY)
    with pytest.raises(RemovalError, match=r"^north-midwifery, north-probation$"):
        apply(directory, POLICE)
    assert len(directory.look_up(["north-midwifery", "north-probation"]).entries) == 2
    assert len(rows(store, keys.HUB)) == 1


def test_an_agency_goes_when_that_is_said_and_comes_back_with_its_history(
    directory: Directory, store: Store
) -> None:
    apply(directory, POLICE, ALIASED, MIDWIFERY)
    assert apply(directory, POLICE, allow_removal=True) == {
        "north-midwifery": "DEACTIVATED",
        "north-probation": "DEACTIVATED",
    }
    listing = directory.look_up(["north-probation", "nps", "north-midwifery"])
    assert (listing.entries, listing.unborn) == ({}, ())
    assert [(entry.agency_id, entry.status) for entry in directory.all()] == [
        ("north-midwifery", INACTIVE),
        ("north-police", ACTIVE),
        ("north-probation", INACTIVE),
    ]
    assert rows(store, "G#north-probation")[-1]["fields"] == ["aliases", "status"]
    assert apply(directory, POLICE) == {}, "gone once is gone"
    assert apply(directory, POLICE, ALIASED) == {"north-probation": "REACTIVATED"}
    assert found(directory, "crc").version == 3
    assert len(rows(store, "G#north-probation")) == 3


@pytest.mark.parametrize("then", [("crc",), ("nps",), ()])
def test_an_alias_that_is_taken_away_means_nobody(directory: Directory, then: tuple[str, ...]) -> None:
    apply(directory, ALIASED)
    apply(directory, changed(PROBATION, aliases=then))
    assert set(directory.look_up(["crc", "nps"]).entries) == set(then)


@pytest.mark.parametrize("first", ["giver", "taker"])
def test_an_alias_can_pass_from_one_agency_to_another(directory: Directory, first: str) -> None:
    apply(directory, POLICE, ALIASED)
    giver, taker = changed(ALIASED, aliases=("crc",)), changed(POLICE, aliases=("nps",))
    apply(directory, *((giver, taker) if first == "giver" else (taker, giver)))
    assert found(directory, "nps").agency_id == "north-police"
    apply(directory, giver, POLICE)
    assert directory.look_up(["nps"]).entries == {}


def test_an_alias_means_somebody_at_every_moment_of_its_passing(
    directory: Directory, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(directory, ALIASED, POLICE)
    meant: list[str] = []

    def watched(parts: Any) -> None:
        meant.append(found(directory, "nps").agency_id)
        Store.write(counted, parts)

    monkeypatch.setattr(counted, "write", watched)
    passing = Directory(counted, Chain(counted, salt=lambda: "00" * 16))
    apply(passing, changed(ALIASED, aliases=("crc",)), changed(POLICE, aliases=("nps",)))
    assert meant == ["north-probation", "north-probation"]
    assert found(directory, "nps").agency_id == "north-police"


def test_an_agency_can_become_an_alias_of_another_and_the_other_way_round(directory: Directory) -> None:
    crc = an_agency("crc", AgencyType.PROBATION, Channel.EMAIL)
    apply(directory, PROBATION, crc)
    apply(directory, changed(PROBATION, aliases=("crc",)), allow_removal=True)
    assert found(directory, "crc").agency_id == "north-probation"
    apply(directory, PROBATION, crc)
    assert found(directory, "crc").agency_id == "crc"


def test_an_alias_that_somebody_lost_halfway_does_not_stand_in_the_way(
    directory: Directory, store: Store
) -> None:
    apply(directory, POLICE, ALIASED)
    lost = store.update("lost", store.state, ("G#nps", "ALIAS"), change=Update({"agency": "north-police"}))
    store.write([lost])
    assert apply(directory, POLICE, PROBATION) == {"north-probation": "CHANGED"}
    assert found(directory, "nps").agency_id == "north-police"


def test_one_half_applied_is_not_forgotten(
    directory: Directory, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub's item lists an agency before the agency is written: whatever breaks off, the list is whole."""

    def breaks_at_the_third(parts: Any) -> None:
        counted.writes += 1
        if counted.writes == 3:
            raise KeyboardInterrupt
        Store.write(counted, parts)

    monkeypatch.setattr(counted, "write", breaks_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        apply(Directory(counted, Chain(counted, salt=lambda: "00" * 16)), POLICE, PROBATION)
    assert [entry.agency_id for entry in directory.all()] == ["north-police"]
    with pytest.raises(RemovalError, match="north-police"):
        apply(directory, PROBATION)
    assert apply(directory, POLICE, PROBATION) == {"north-probation": "ADDED"}


# --- two at once


def racing(
    directory: Directory, counted: Counted, monkeypatch: pytest.MonkeyPatch, *others: Agency
) -> Directory:
    """A directory whose next write is beaten by another applier's."""

    def beaten(parts: Any) -> None:
        monkeypatch.undo()
        apply(directory, *others, applier="another-engineer")
        Store.write(counted, parts)

    monkeypatch.setattr(counted, "write", beaten)
    return Directory(counted, Chain(counted, salt=lambda: "00" * 16))


@pytest.mark.parametrize(
    "other",
    [changed(POLICE, name="Theirs"), changed(POLICE, name="Ours")],
    ids=["another change", "the same change"],
)
def test_of_two_appliers_at_once_one_is_told_to_look_again(
    directory: Directory, counted: Counted, monkeypatch: pytest.MonkeyPatch, store: Store, other: Agency
) -> None:
    apply(directory, POLICE)
    slow = racing(directory, counted, monkeypatch, other)
    with pytest.raises(ChangedMeanwhileError, match="changed north-police at the same time"):
        apply(slow, changed(POLICE, name="Ours"))
    assert found(directory, "north-police").name == other.name
    assert [row["actor"] for row in rows(store)] == ["duty-engineer", "another-engineer"]


def test_of_two_first_registries_at_once_one_is_told_to_look_again(
    directory: Directory, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = racing(directory, counted, monkeypatch, PROBATION)
    with pytest.raises(ChangedMeanwhileError, match="changed the hub's directory at the same time"):
        apply(slow, POLICE)
    assert [entry.agency_id for entry in directory.all()] == ["north-probation"]


def test_only_the_changes_that_a_person_agreed_to_are_applied(directory: Directory) -> None:
    apply(directory, POLICE)
    ours = a_registry(changed(POLICE, name="Ours"))
    shown = directory.plan(ours)
    apply(directory, changed(POLICE, name="Theirs"))
    with pytest.raises(ChangedMeanwhileError):
        directory.apply(ours, applier="duty-engineer", now=MORNING, expected=shown)
    assert found(directory, "north-police").name == "Theirs"
    shown = directory.plan(ours)
    assert directory.apply(ours, applier="duty-engineer", now=MORNING, expected=shown) == shown


# --- the plan


def test_a_plan_says_what_would_change_from_what_to_what_and_writes_nothing(
    directory: Directory, store: Store
) -> None:
    apply(directory, POLICE, PROBATION)
    moved = changed(POLICE, webhook=Endpoint(url="https://other.example/in"))
    hub, police, midwifery, probation = directory.plan(a_registry(moved, MIDWIFERY, hub=HUB))
    assert {field.name: field.new for field in hub.fields} == {"team": HUB.team, "lowered": HUB.lowered}
    assert police.kind is ChangeKind.CHANGED
    assert [(field.name, field.old, field.new) for field in police.fields] == [
        ("url", "https://north-police.example/outcomes", "https://other.example/in")
    ]
    assert (police.changes("url"), police.new("url")) == (True, "https://other.example/in")
    assert (police.changes("name"), police.new("name")) == (False, None)
    assert (midwifery.kind, midwifery.new("told_of_unborn")) == (ChangeKind.ADDED, True)
    assert (probation.agency_id, probation.kind) == ("north-probation", ChangeKind.DEACTIVATED)
    assert len(rows(store)) == len(rows(store, "G#north-probation")) == 1


def test_an_item_without_the_newer_attributes_is_not_changed_by_their_absence(
    directory: Directory, store: Store
) -> None:
    quiet = changed(POLICE, email=None)
    apply(directory, quiet)
    newer = ("aliases", "approvers", "in_case_system", "told_of_unborn", "verified_at", "lead_address")
    update = store.update("older", store.state, ("G#north-police", "HEAD"), change=Update({}, remove=newer))
    store.write([update])
    assert directory.plan(a_registry(quiet)) == ()


def test_the_kinds_of_change_are_told_apart() -> None:
    assert Change(None, ChangeKind.ADDED, ()).new("anything") is None
