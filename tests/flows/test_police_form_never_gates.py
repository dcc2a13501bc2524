"""Release is the same for every status of the police form: who is told, what waits, whose task, by when."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.flows.intake.receive import receive
from schemas.codes import AgencyType, Channel, RaStatus
from schemas.risk_assessment import RaPolicy
from tests.forms import a_complete_form_event, a_heartbeat_event, an_incorrect_form_event
from tests.world import Wire, World, a_decision, a_registry, a_world, an_agency, change_agency, wrapped

NOT_NEEDED = RaPolicy.model_validate_json(
    '{"not_required": [{"policy_id": "POLICY_1", "source_codes": ["6"]}]}'
)
OUTCOMES = ["NFA", "ADV", "SAL", "S17", "STR", "S47S", "S47J", "EMP", "ACC", "TRF", "CTI"]
EVERY_STATUS = {status.value for status in RaStatus}


def event_id(number: int) -> str:
    return f"0d0f2c9e-8a53-4a0e-9f0e-6a1f2f0b{number:04d}"


def with_each_status(world: World, decision: Wire) -> Iterator[str]:
    """The same decision of five referrals, whose police forms are each in another state."""
    refs = {status: f"NS-26-{number}A" for number, status in enumerate(RaStatus)}
    numbers = iter(range(9999))

    def take(event: Wire, policy: RaPolicy | None = None) -> None:
        desk = replace(world.intake_desk, ra_policy=policy or RaPolicy())
        body = wrapped({**event, "event_id": event_id(next(numbers))}, f"bus-{next(numbers):08d}")
        receive(body, f"sqs-{next(numbers):08d}", desk)

    take(decision | {"referral_ref": refs[RaStatus.UNKNOWN]})  # no feed has been heard yet
    take(a_heartbeat_event())
    take(decision | {"referral_ref": refs[RaStatus.ABSENT]})
    take(decision | {"referral_ref": refs[RaStatus.NOT_REQUIRED]}, NOT_NEEDED)
    for form, status in (
        (a_complete_form_event, RaStatus.COMPLETE),
        (an_incorrect_form_event, RaStatus.INCORRECT),
    ):
        of_this = {
            "referral_ref": refs[status],
            "form_id": f"NP-RA-{status}",
            "mash_referral_ref": refs[status],
        }
        take(form(**of_this))
        take(decision | {"referral_ref": refs[status]})
    yield from refs.values()


def came_of(world: World, ref: str) -> dict[str, Any]:
    """All that a release decides, but for the referral's own name."""
    items = world.store.partition("state", f"R#{ref}", "N#")
    names = ("st", "agency", "chan", "child", "dver", "level", "notice_reason", "held", "due_at")
    rows = [row for row in world.rows(ref) if row["type"] in {"HELD", "TASK"}]
    said = ("type", "triggers", "held_agency", "outcome", "task", "role", "due_at", "task_agency")
    tasks = ("st", "kind", "role", "child", "agency", "due_at", "work_pk")
    child = world.store.get("state", f"R#{ref}", "CHILD#01")
    assert child is not None
    return {
        "deliveries": [{name: item.get(name) for name in names} for item in items],
        "tasks": [{name: task.get(name) for name in tasks} for task in world.tasks(ref).values()],
        "rows": [{name: row.get(name) for name in said} for row in rows],
        "child": child["held"],
    }


decisions: st.SearchStrategy[Wire] = st.fixed_dictionaries(
    {
        "primary_outcome": st.sampled_from(OUTCOMES),
        "additional_outcomes": st.sampled_from([[], ["LAD"], ["OPN"]]),
        "rag": st.sampled_from(["RED", "AMBER", None]),
        "hold_codes": st.lists(
            st.sampled_from(
                [
                    {"code": "SENSITIVE"},
                    {"code": "STAFF_LINK", "agency_id": "north-probation"},
                    {"code": "REFERRER_IS_FAMILY"},
                ]
            ),
            max_size=2,
        ),
    }
)


@pytest.mark.slow
@pytest.mark.usefixtures("_no_real_account")
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=decisions, lapsed=st.booleans())
def test_what_is_told_held_and_due_is_the_same_for_every_status(
    *, changes: dict[str, Any], lapsed: bool
) -> None:
    with a_world() as world:
        world.apply(a_registry(an_agency("north-gp", AgencyType.GP, Channel.EMAIL, Channel.WEBHOOK)))
        if lapsed:
            change_agency(world, "north-gp", verified_at=None)
        involved = [
            {"agency_id": agency, "own_ref": "PR-55120", "holds_plan_role": True}
            for agency in ("north-probation", "north-gp")
        ]
        advice = {"police_recommended_next_step": "JOINT_INVESTIGATION", "recommendation_followed": True}
        decision = a_decision(involved_agencies=involved, **advice, **changes)
        refs = list(with_each_status(world, decision))
        statuses = {
            row["ra"]
            for ref in refs
            for row in world.rows(ref)
            if row["type"] == "RA_CHECK" and "dver" in row
        }
        assert statuses == EVERY_STATUS
        first, *others = (came_of(world, ref) for ref in refs)
        assert first["deliveries"]
        assert all(other == first for other in others)
