"""What a hub may lower: each cell of the matrix to anything below it, and never one that it would raise.

That the matrix itself is the domain's is proved cell by cell in `test_entitlement.py`.
"""

import json
from itertools import product
from typing import Any

import pytest
from pydantic import ValidationError

from functions.domain.entitlement import Standing, entitlement
from functions.domain.refusals import Refusal, refusal_of
from schemas.codes import AgencyType, Level, Outcome, RefusalReason, Role
from schemas.entitlement import PUBLIC, LoweredLevel, default_level

Wire = dict[str, Any]

SENT = [outcome for outcome in Outcome if outcome is not Outcome.DUP]
each_type = pytest.mark.parametrize("agency_type", AgencyType)


def a_cell(agency_type: AgencyType, role: Role, outcome: Outcome, level: object) -> Wire:
    return {"agency_type": agency_type, "role": role, "outcome": outcome, "level": level}


def read(cell: Wire) -> LoweredLevel:
    return LoweredLevel.model_validate_json(json.dumps(cell))


def refused(cell: Wire) -> Refusal | None:
    """Why, by field; None if it is accepted."""
    try:
        read(cell)
    except ValidationError as exc:
        return refusal_of(exc)
    return None


def highest(agency_type: AgencyType, role: Role, outcome: Outcome) -> Level:
    """The most that the matrix lets anybody of the type be told, in the child's plan or not."""
    return max(default_level(agency_type, role, outcome, holds_plan_role=held) for held in (True, False))


@each_type
def test_every_cell_may_be_lowered_and_none_kept_or_raised(agency_type: AgencyType) -> None:
    for role, outcome, level in product(Role, SENT, Level):
        lower = level < highest(agency_type, role, outcome)
        expected = None if lower else Refusal("level", RefusalReason.CONTRADICTION)
        assert refused(a_cell(agency_type, role, outcome, level)) == expected, (role, outcome, level)


@each_type
def test_a_duplicate_has_no_cell_of_its_own(agency_type: AgencyType) -> None:
    for role, level in product(Role, Level):
        assert refused(a_cell(agency_type, role, Outcome.DUP, level)) == Refusal(
            "outcome", RefusalReason.CONTRADICTION
        )


@pytest.mark.parametrize("holds_plan_role", [True, False])
def test_a_duplicate_has_no_level_by_itself(*, holds_plan_role: bool) -> None:
    with pytest.raises(ValueError, match="DUP has no cell"):
        default_level(AgencyType.POLICE, Role.REFERRER, Outcome.DUP, holds_plan_role=holds_plan_role)


@each_type
def test_a_lowered_cell_is_told_at_the_hubs_level_and_no_other_cell_is_touched(
    agency_type: AgencyType,
) -> None:
    def told(role: Role, outcome: Outcome, *lowered: LoweredLevel) -> Level:
        return entitlement(
            agency_type=agency_type,
            standing=Standing(role, holds_plan_role=True),
            outcomes=[outcome],
            knows_the_child=True,
            mailbox_managed=True,
            lowered=lowered,
        ).level

    for role, outcome in product(Role, SENT):
        cell = highest(agency_type, role, outcome)
        for level in Level:
            if level < cell:
                cap = read(a_cell(agency_type, role, outcome, level))
                assert told(role, outcome, cap) is level
                other_role = next(other for other in Role if other is not role)
                assert told(other_role, outcome, cap) is told(other_role, outcome)
                other = SENT[SENT.index(outcome) - 1]
                assert told(role, other, cap) is told(role, other)


def test_the_refusal_says_how_much_the_matrix_tells() -> None:
    cell = a_cell(AgencyType.POLICE, Role.REFERRER, Outcome.NFA, 3)
    with pytest.raises(
        ValidationError, match="level: a hub may only lower one: NFA tells POLICE as referrer 3"
    ):
        read(cell)


@pytest.mark.parametrize("agency_type", sorted(PUBLIC))
def test_the_public_has_nothing_to_be_lowered(agency_type: AgencyType) -> None:
    assert not [cell for cell in product(Role, SENT) if refused(a_cell(agency_type, *cell, 0)) is None]


@pytest.mark.parametrize("level", ["1", "NOTICE", "", 1.5, -1, 4, None, [1]])
def test_a_level_is_one_of_the_four_numbers(level: object) -> None:
    cell = a_cell(AgencyType.POLICE, Role.REFERRER, Outcome.NFA, level)
    assert refused(cell) == Refusal("level", RefusalReason.UNKNOWN_CODE)


@pytest.mark.parametrize("name", ["agency_type", "role", "outcome", "level"])
def test_a_lowered_level_names_its_whole_cell(name: str) -> None:
    cell = a_cell(AgencyType.POLICE, Role.REFERRER, Outcome.NFA, 1)
    assert refused(cell) is None
    assert refused({**cell, name: "x"}) == Refusal(name, RefusalReason.UNKNOWN_CODE)
    del cell[name]
    assert refused(cell) == Refusal(name, RefusalReason.MISSING)


def test_a_field_of_the_hubs_own_is_refused() -> None:
    cell = a_cell(AgencyType.POLICE, Role.REFERRER, Outcome.NFA, 1)
    assert refused({**cell, "because": "x"}) == Refusal("because", RefusalReason.UNKNOWN_FIELD)
