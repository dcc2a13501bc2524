"""What an e-mail in a webhook's place may say: just what the same mailbox would have been told at first."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.entitlement import Entitlement, Standing, entitlement, in_mailbox
from schemas.codes import AgencyType, Level, NoticeReason, Outcome, Role
from schemas.entitlement import LoweredLevel
from tests.unit.matrix import LEVELS

SENT = sorted(set(Outcome) - {Outcome.DUP})
STANDINGS = [
    Standing(role, **flags)
    for role in Role
    for flags in ({}, {"holds_plan_role": True}, {"leads": True}, {"asked_for_information": True})
]


def in_its_place(managed: bool, **planned: Any) -> Entitlement:  # noqa: FBT001
    """As a webhook, which has no mailbox, then by e-mail."""
    return in_mailbox(entitlement(mailbox_managed=True, **planned), managed=managed)


@pytest.mark.parametrize("agency_type", list(AgencyType))
@pytest.mark.parametrize("managed", [True, False])
def test_in_the_whole_matrix_it_is_what_the_mailbox_would_have_been_told(
    *, agency_type: AgencyType, managed: bool
) -> None:
    for outcome, standing, knows in product(SENT, STANDINGS, (True, False)):
        planned: dict[str, Any] = {
            "agency_type": agency_type,
            "standing": standing,
            "outcomes": (outcome,),
            "knows_the_child": knows,
        }
        assert in_its_place(managed, **planned) == entitlement(mailbox_managed=managed, **planned), planned


CAPS = [
    LoweredLevel(agency_type=agency_type, role=role, outcome=outcome, level=level)
    for (agency_type, outcome), cell in LEVELS.items()
    for role, most in zip((Role.REFERRER, Role.INVOLVED), cell, strict=False)
    for level in Level
    if level < most
]


@given(
    agency_type=st.sampled_from(AgencyType),
    standing=st.sampled_from(STANDINGS),
    outcomes=st.sets(st.sampled_from(SENT), min_size=1, max_size=4),
    knows=st.booleans(),
    managed=st.booleans(),
    lowered=st.lists(st.sampled_from(CAPS), max_size=40),
)
def test_with_several_outcomes_and_a_hubs_own_caps_too(
    *,
    agency_type: AgencyType,
    standing: Standing,
    outcomes: set[Outcome],
    knows: bool,
    managed: bool,
    lowered: list[LoweredLevel],
) -> None:
    planned: dict[str, Any] = {
        "agency_type": agency_type,
        "standing": standing,
        "outcomes": outcomes,
        "knows_the_child": knows,
        "lowered": lowered,
    }
    assert in_its_place(managed, **planned) == entitlement(mailbox_managed=managed, **planned)


@pytest.mark.parametrize(
    ("planned", "mailed"),
    [
        (Entitlement(Level.PLAN), Entitlement(Level.NOTICE, NoticeReason.MAILBOX_NOT_MANAGED)),
        (Entitlement(Level.OUTCOME), Entitlement(Level.NOTICE, NoticeReason.MAILBOX_NOT_MANAGED)),
        (Entitlement(Level.NOTICE), Entitlement(Level.NOTICE, NoticeReason.PHONE_ONLY)),
        (Entitlement(Level.NOTHING), Entitlement(Level.NOTHING)),
        *(
            (Entitlement(Level.NOTICE, reason), Entitlement(Level.NOTICE, reason))
            for reason in (NoticeReason.PHONE_ONLY, NoticeReason.WHICH_CHILD)
        ),
    ],
)
def test_an_unmanaged_mailbox_gets_a_notice_that_says_why(planned: Entitlement, mailed: Entitlement) -> None:
    assert in_mailbox(planned, managed=False) == mailed
    assert in_mailbox(planned, managed=True) == planned
