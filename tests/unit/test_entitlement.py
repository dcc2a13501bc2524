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
from schemas.entitlement import PUBLIC, STATUTORY_PARTNERS

# Referrer, involved, and involved with a role in the child's plan, as three digits a cell.
#                         NFA SAL S17 STR
#                         ADV EHF OPN S47S TRF CTI ACC EMP LAD INF
#                                 PVF S47J
MATRIX = """
POLICE                    312 322 333 333 333 333 333 111 111 200
PROBATION                 312 322 333 333 333 333 333 111 100 200
YOUTH_JUSTICE             312 322 333 333 333 333 333 111 100 200
HEALTH_VISITING           312 322 333 333 333 333 333 111 100 200
SCHOOL_NURSING            312 322 333 333 333 333 333 111 100 200
MIDWIFERY                 312 322 333 333 333 333 333 111 100 200
EMERGENCY_DEPT            312 322 333 333 333 333 333 111 100 200
CAMHS                     312 322 333 333 333 333 333 111 100 200
AMBULANCE                 312 322 333 333 333 333 333 111 100 200
ACUTE_HOSPITAL            312 322 333 333 333 333 333 111 100 200
OTHER_HEALTH              312 322 333 333 333 333 333 111 100 200
LA_SOCIAL_CARE            312 322 333 333 333 333 333 111 100 200
EARLY_HELP                312 322 333 333 333 333 333 111 100 200
OTHER_LA                  312 322 333 333 333 333 333 111 100 200
ADULT_MENTAL_HEALTH       212 222 222 222 200 022 111 100 100 200
SUBSTANCE_MISUSE          212 222 222 222 200 022 111 100 100 200
GP                        212 222 222 222 222 222 111 100 100 200
SCHOOL                    212 222 222 222 211 222 111 100 100 200
EDUCATION_SERVICE         212 222 222 222 211 222 111 100 100 200
EARLY_YEARS               212 222 222 222 211 222 111 100 100 200
DENTIST                   212 200 200 200 100 000 111 100 100 200
OTHER_PRIMARY_HEALTH      212 200 200 200 100 000 111 100 100 200
FIRE                      212 200 200 200 100 000 111 100 100 200
VOLUNTARY                 212 200 200 200 100 000 111 100 100 200
OTHER                     212 200 200 200 100 000 111 100 100 200
LEGAL_OTHER               212 200 200 200 100 000 111 100 100 200
CHILDMINDER               111 100 100 100 100 000 111 100 100 100
HOUSING                   212 222 100 100 100 000 111 100 100 200
LA_INTERNAL               212 222 100 100 100 000 111 100 100 200
FAMILY                    000 000 000 000 000 000 000 000 000 000
ACQUAINTANCE              000 000 000 000 000 000 000 000 000 000
SELF                      000 000 000 000 000 000 000 000 000 000
OTHER_INDIVIDUAL          000 000 000 000 000 000 000 000 000 000
ANONYMOUS                 000 000 000 000 000 000 000 000 000 000
UNKNOWN                   000 000 000 000 000 000 000 000 000 000
"""
COLUMNS = ["NFA ADV", "SAL EHF", "S17 OPN PVF", "STR S47S S47J", "TRF", "CTI", "ACC", "EMP", "LAD", "INF"]
LEVELS = {
    (AgencyType(name), Outcome(outcome)): tuple(Level(int(digit)) for digit in cell)
    for name, *cells in map(str.split, MATRIX.strip().splitlines())
    for outcomes, cell in zip(COLUMNS, cells, strict=True)
    for outcome in outcomes.split()
}


def told(
    agency_type: AgencyType, *outcomes: Outcome, role: Role = Role.REFERRER, **changes: bool
) -> Entitlement:
    """The entitlement of an agency that nothing caps, but for what a test changes."""
    standing = Standing(role, holds_plan_role=changes.pop("holds_plan_role", False))
    values: dict[str, Any] = {"knows_the_child": True, "mailbox_managed": True, **changes}
    return entitlement(agency_type=agency_type, standing=standing, outcomes=outcomes, **values)


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
