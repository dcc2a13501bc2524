"""Who is told how much: domain section 6.4 written out again, cell by cell, and what only lowers it."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.entitlement import (
    Entitlement,
    Standing,
    entitlement,
    is_managed,
    usable_own_ref,
)
from schemas.codes import AgencyType, Level, NoticeReason, Outcome, Role
from schemas.entitlement import PUBLIC, STATUTORY_PARTNERS, LoweredLevel
from tests.unit.matrix import LEVELS, MATRIX


def told(
    agency_type: AgencyType, *outcomes: Outcome, role: Role = Role.REFERRER, **changes: Any
) -> Entitlement:
    """The entitlement of an agency that nothing caps, but for what a test changes."""
    standing = Standing(role, holds_plan_role=changes.pop("holds_plan_role", False))
    values = {"knows_the_child": True, "mailbox_managed": True, "standing": standing, **changes}
    return entitlement(agency_type=agency_type, outcomes=outcomes, **values)


def test_the_table_here_names_every_agency_type_and_every_outcome_that_is_sent() -> None:
    assert set(LEVELS) == set(product(AgencyType, set(Outcome) - {Outcome.DUP}))


@pytest.mark.parametrize(("agency_type", "outcome"), LEVELS)
def test_each_agency_is_told_what_the_matrix_says(agency_type: AgencyType, outcome: Outcome) -> None:
    referrer, involved, planned = LEVELS[agency_type, outcome]
    assert told(agency_type, outcome).level == referrer
    assert told(agency_type, outcome, holds_plan_role=True).level == referrer
    assert told(agency_type, outcome, role=Role.INVOLVED).level == involved
    assert told(agency_type, outcome, role=Role.INVOLVED, holds_plan_role=True).level == planned


def test_the_statutory_partners_are_the_first_two_rows_and_the_public_the_last() -> None:
    names = [AgencyType(line.split()[0]) for line in MATRIX.strip().splitlines()]
    assert set(names[:14]) == STATUTORY_PARTNERS
    assert set(names[-6:]) == PUBLIC


@given(
    agency_type=st.sampled_from(AgencyType),
    role=st.sampled_from(Role),
    planned=st.booleans(),
    outcomes=st.lists(st.sampled_from(sorted(set(Outcome) - {Outcome.DUP})), min_size=1, max_size=4),
)
def test_several_outcomes_are_told_at_the_lowest_of_their_levels(
    *, agency_type: AgencyType, role: Role, planned: bool, outcomes: list[Outcome]
) -> None:
    alone = [told(agency_type, one, role=role, holds_plan_role=planned).level for one in outcomes]
    assert told(agency_type, *outcomes, role=role, holds_plan_role=planned).level == min(alone)


@pytest.mark.parametrize("agency_type", AgencyType)
@pytest.mark.parametrize(
    ("outcome", "asked"), [(Outcome.SAL, {"leads": True}), (Outcome.INF, {"asked_for_information": True})]
)
def test_whoever_must_act_on_a_decision_reads_it_even_where_the_matrix_gives_nothing(
    agency_type: AgencyType, outcome: Outcome, asked: dict[str, bool]
) -> None:
    standing = Standing(Role.INVOLVED, **asked)
    level = told(agency_type, outcome, standing=standing).level
    if agency_type in PUBLIC:
        assert level is Level.NOTHING
    elif agency_type is AgencyType.CHILDMINDER:
        assert level is Level.NOTICE
    else:
        assert level == max(LEVELS[agency_type, outcome][1], Level.OUTCOME)


@pytest.mark.parametrize(
    ("outcome", "asked"), [(Outcome.S17, {"leads": True}), (Outcome.NFA, {"asked_for_information": True})]
)
def test_being_asked_to_act_on_one_outcome_opens_no_other(outcome: Outcome, asked: dict[str, bool]) -> None:
    entitled = told(AgencyType.DENTIST, outcome, standing=Standing(Role.INVOLVED, **asked))
    assert entitled == told(AgencyType.DENTIST, outcome, role=Role.INVOLVED)


def test_a_hub_may_lower_what_whoever_must_act_reads() -> None:
    cap = LoweredLevel(
        agency_type=AgencyType.VOLUNTARY, role=Role.REFERRER, outcome=Outcome.SAL, level=Level.NOTICE
    )
    standing = Standing(Role.REFERRER, leads=True)
    entitled = told(AgencyType.VOLUNTARY, Outcome.SAL, standing=standing, lowered=(cap,))
    assert entitled == Entitlement(Level.NOTICE, NoticeReason.PHONE_ONLY)


@pytest.mark.parametrize("other", ["agency_type", "role", "outcome"])
def test_a_lowered_cell_lowers_no_other(other: str) -> None:
    cell: dict[str, Any] = {"agency_type": AgencyType.GP, "role": Role.REFERRER, "outcome": Outcome.S17}
    cap = LoweredLevel(**cell, level=Level.NOTHING)
    assert told(AgencyType.GP, Outcome.S17, lowered=(cap,)) == Entitlement(Level.NOTHING)
    elsewhere = {"agency_type": AgencyType.SCHOOL, "role": Role.INVOLVED, "outcome": Outcome.S47J}
    asked = cell | {other: elsewhere[other]}
    entitled = told(asked["agency_type"], asked["outcome"], role=asked["role"], lowered=(cap,))
    assert entitled == Entitlement(Level.OUTCOME)


def test_a_duplicate_has_no_cell_of_its_own() -> None:
    with pytest.raises(ValueError, match="told as the original's outcome"):
        told(AgencyType.POLICE, Outcome.DUP)


@pytest.mark.parametrize(
    ("role", "changes", "entitled"),
    [
        (Role.REFERRER, {}, Entitlement(Level.PLAN)),
        (Role.INVOLVED, {}, Entitlement(Level.PLAN)),
        (
            Role.REFERRER,
            {"mailbox_managed": False},
            Entitlement(Level.NOTICE, NoticeReason.MAILBOX_NOT_MANAGED),
        ),
        (
            Role.INVOLVED,
            {"mailbox_managed": False},
            Entitlement(Level.NOTICE, NoticeReason.MAILBOX_NOT_MANAGED),
        ),
        (Role.REFERRER, {"knows_the_child": False}, Entitlement(Level.PLAN)),
        (Role.INVOLVED, {"knows_the_child": False}, Entitlement(Level.NOTICE, NoticeReason.WHICH_CHILD)),
        (
            Role.INVOLVED,
            {"knows_the_child": False, "mailbox_managed": False},
            Entitlement(Level.NOTICE, NoticeReason.WHICH_CHILD),
        ),
    ],
)
def test_an_unsure_mailbox_or_child_lowers_the_message_to_a_notice_that_says_why(
    role: Role, changes: dict[str, bool], entitled: Entitlement
) -> None:
    assert told(AgencyType.POLICE, Outcome.S47J, role=role, **changes) == entitled


@pytest.mark.parametrize("outcome", [Outcome.EMP, Outcome.LAD, Outcome.ACC])
def test_a_notice_by_the_matrix_says_that_it_is_by_phone_only(outcome: Outcome) -> None:
    entitled = told(AgencyType.SCHOOL, outcome, mailbox_managed=False, knows_the_child=False)
    assert entitled == Entitlement(Level.NOTICE, NoticeReason.PHONE_ONLY)


@pytest.mark.parametrize("outcomes", [(Outcome.EMP,), (Outcome.LAD,), (Outcome.EMP, Outcome.LAD)])
def test_emergency_and_lado_are_no_notice_where_the_mailbox_is_managed_and_the_child_known(
    outcomes: tuple[Outcome, ...],
) -> None:
    assert told(AgencyType.POLICE, *outcomes) == Entitlement(Level.NOTICE)
    assert told(AgencyType.POLICE, *outcomes, role=Role.INVOLVED) == Entitlement(Level.NOTICE)


@pytest.mark.parametrize(
    ("agency_type", "outcomes", "changes"),
    [
        (AgencyType.POLICE, (Outcome.EMP,), {"mailbox_managed": False}),
        (AgencyType.POLICE, (Outcome.EMP,), {"knows_the_child": False, "role": Role.INVOLVED}),
        (AgencyType.POLICE, (Outcome.EMP, Outcome.S17), {}),
        (AgencyType.CHILDMINDER, (Outcome.LAD,), {}),
        (AgencyType.SCHOOL, (Outcome.ACC,), {}),
    ],
    ids=["mailbox", "child", "another outcome beside", "childminder", "another outcome"],
)
def test_anything_else_at_notice_level_is_by_phone_only(
    agency_type: AgencyType, outcomes: tuple[Outcome, ...], changes: dict[str, Any]
) -> None:
    assert told(agency_type, *outcomes, **changes) == Entitlement(Level.NOTICE, NoticeReason.PHONE_ONLY)


@pytest.mark.parametrize("agency_type", sorted(PUBLIC))
def test_the_public_is_told_nothing_whatever_the_mailbox(agency_type: AgencyType) -> None:
    assert told(agency_type, Outcome.NFA, mailbox_managed=False) == Entitlement(Level.NOTHING)


@pytest.mark.parametrize(
    "address",
    [
        "mash@northshire.gov.uk",
        "mash@gov.uk",
        "mash@NORTHSHIRE.GOV.UK",
        "mash@a.b.police.uk",
        "mash@trust.nhs.net",
        "mash@nhs.net",
        "mash@practice.nhs.uk",
        "mash@board.nhs.scot",
        "mash@board.nhs.wales",
        "mash@hscni.net",
        "mash@court.judiciary.uk",
        "mash@north-police.secure.example",
    ],
)
def test_a_mailbox_under_a_managed_domain_is_managed(address: str) -> None:
    assert is_managed(address, ("secure.example",))


@pytest.mark.parametrize(
    "address",
    [
        "mash@notgov.uk",
        "mash@northshire.notgov.uk",
        "mash@gov.uk.evil.example",
        "mash@police.uk.co",
        "gov.uk@evil.example",
        "mash@gov.uk@evil.example",
        "office@hill.northshire.sch.uk",
        "mash@cjsm.net",
        "mash@insecure.example",
        "mash@uk",
        "gov.uk.",
        "",
    ],
)
def test_a_mailbox_that_only_looks_managed_is_not(address: str) -> None:
    assert not is_managed(address, ("secure.example",))


def test_a_stage_that_adds_no_domain_trusts_no_example() -> None:
    assert not is_managed("mash@north-police.secure.example", ())


@pytest.mark.parametrize("own_ref", ["43261124/0917", "PR-55120", "A" * 32, "12345", "99999999", "24132015"])
def test_a_reference_of_the_agreed_pattern_is_repeated_as_it_came(own_ref: str) -> None:
    assert usable_own_ref(own_ref, r"[A-Z0-9/-]{1,99}") == own_ref


@pytest.mark.parametrize(
    "own_ref",
    [
        None,
        "",
        "A" * 33,
        "pr-55120",
        "PR-55120\n",
        "PR-55120 <b>",
        # the shape of an NHS number
        "9434765919",
        "943 476 5919",
        "943-476-5919",
        # the shape of a date of birth
        "24/11/2015",
        "24-11-2015",
        "24.11.15",
        "4/1/15",
        "2015-11-24",
        "2015/11/24",
        "24 11 2015",
        "24112015",
        "20151124",
    ],
)
def test_a_reference_that_might_say_who_the_child_is_is_not_repeated(own_ref: str | None) -> None:
    assert usable_own_ref(own_ref, r"[A-Z0-9/ .-]{1,99}") is None


@given(st.from_regex(r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}", fullmatch=True))
def test_no_nhs_number_is_repeated_even_to_an_agency_that_agreed_to_anything(number: str) -> None:
    assert usable_own_ref(number, r".*") is None


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%y", "%d-%m-%Y", "%d %m %Y", "%d%m%Y", "%Y%m%d"]),
)
def test_no_date_is_repeated_even_to_an_agency_that_agreed_to_anything(day: date, spelling: str) -> None:
    assert usable_own_ref(day.strftime(spelling), r".*") is None
