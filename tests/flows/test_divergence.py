"""A decision that parts from what the police recommend is told like any other; both managers look at it."""

from itertools import product
from typing import Any

import pytest

from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.ledger.store import Item
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.order import NotPossibleError
from schemas.agency import Agency
from schemas.codes import ActReason, AgencyType, Channel, TaskKind, TaskRole
from tests.flows.same_messages import REF, came_of
from tests.forms import a_child_on_the_form, a_complete_form_event
from tests.world import (
    BOTH,
    Wire,
    World,
    a_decision,
    a_duplicate,
    a_registry,
    a_revision,
    an_agency,
    an_event_id,
    is_whole,
)

BETWEEN, COPY = "NS-26-B3TW3N", "NS-26-D0PL1C"
MANAGER, SUPERVISOR = "CHECK_DIVERGENCE#01#MASH_MANAGER", "CHECK_DIVERGENCE#01#POLICE_MASH_SUPERVISOR"
JOINT: Wire = {"police_recommended_next_step": "JOINT_INVESTIGATION"}
NOT_FOLLOWED: Wire = {**JOINT, "recommendation_followed": False}
WHY: Wire = {**NOT_FOLLOWED, "divergence_reason": "THRESHOLD_NOT_MET"}
A_WORKING_DAY_ON = "2026-11-25T15:02:30.000Z"


def open_tasks(world: World) -> set[str]:
    return {name for name, task in world.tasks().items() if task["st"] != "DONE"}


def decision_rows(world: World, ref: str = REF) -> list[Item]:
    return [row for row in world.rows(ref) if row["type"] == "DECISION"]


def both_look(world: World) -> bool:
    return {MANAGER, SUPERVISOR} <= open_tasks(world)


@pytest.mark.finding(7)
@pytest.mark.finding(12)
@pytest.mark.parametrize(
    ("changes", "divergences", "flags"),
    [
        (
            {"primary_outcome": "S17", **NOT_FOLLOWED},
            ["RECOMMENDATION_NOT_FOLLOWED"],
            ["DIVERGENCE_REASON_MISSING"],
        ),
        ({"primary_outcome": "S47S", **WHY}, ["SINGLE_AGENCY_AGAINST_JOINT"], []),
        (
            {"primary_outcome": "S17", **JOINT, "recommendation_followed": True},
            ["CALLED_FOLLOWED_AND_IS_NOT"],
            [],
        ),
    ],
)
def test_both_managers_have_a_task_with_a_row_each_and_everybody_is_told_at_once(
    world: World, changes: Wire, divergences: list[str], flags: list[str]
) -> None:
    world.take(a_decision(**changes))
    assert world.kinds() == ["DECISION", "RA_CHECK", "TASK", "TASK"]
    decision, _, *looks = world.rows()
    assert (decision["divergences"], decision["flags"]) == (divergences, flags)
    said = {"task": "CHECK_DIVERGENCE", "due_at": A_WORKING_DAY_ON, "child": 1, "dver": 1}
    for row, role in zip(looks, ("MASH_MANAGER", "POLICE_MASH_SUPERVISOR"), strict=True):
        assert {**said, "role": role, "about": role}.items() <= row.items()
    for role, name in ((TaskRole.MASH_MANAGER, MANAGER), (TaskRole.POLICE_MASH_SUPERVISOR, SUPERVISOR)):
        assert [f"TASK#{name}"] == [task["sk"] for task in WorkIndex(world.store).of(role)]
    assert world.send_due() == 2
    assert is_whole(world.rows())


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"primary_outcome": "S17", **WHY},
        {"primary_outcome": "S17", **JOINT},
        {"primary_outcome": "S47S"},
        {"primary_outcome": "EHF", "police_recommended_next_step": "OTHER", "recommendation_followed": True},
    ],
)
def test_nobody_looks_at_what_is_followed_explained_or_not_said(world: World, changes: Wire) -> None:
    world.take(a_decision(**changes))
    assert world.kinds() == ["DECISION", "RA_CHECK"]
    assert "divergences" not in world.rows()[0]


def test_both_are_rung_for_when_the_working_day_has_passed(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(a_decision(primary_outcome="S47S", **JOINT))
    opened = [one.__dict__["role"] for one in caplog.records if one.message == "TASK_OPENED"]
    world.later(days=1)
    world.send_due()
    overdue = [one.__dict__["role"] for one in caplog.records if one.message == "TASK_OVERDUE"]
    assert sorted(overdue) == sorted(opened) == ["MASH_MANAGER", "POLICE_MASH_SUPERVISOR"]


# --- whose recommendation


def test_where_the_decision_names_none_the_newest_forms_counts(world: World) -> None:
    world.take(a_complete_form_event())
    world.take(a_decision(primary_outcome="S47S"))
    assert decision_rows(world)[0]["divergences"] == ["SINGLE_AGENCY_AGAINST_JOINT"]
    assert "recommendation_given" not in decision_rows(world)[0]
    assert both_look(world)


def test_what_the_decision_names_counts_before_the_form(world: World) -> None:
    world.take(a_complete_form_event())
    world.take(a_decision(primary_outcome="S47S", police_recommended_next_step="SOCIAL_CARE_SINGLE"))
    assert open_tasks(world) == set()


def test_a_form_about_a_sibling_recommends_nothing_for_this_child(world: World) -> None:
    world.take(a_complete_form_event(children=[a_child_on_the_form(2)]))
    world.take(a_decision(primary_outcome="S47S"))
    assert open_tasks(world) == set()


# --- how the tasks end


@pytest.fixture
def diverging(world: World) -> World:
    """Child in need, where the police recommend a joint investigation, and no reason."""
    world.take(a_decision(primary_outcome="S17", **NOT_FOLLOWED))
    world.later(hours=1)
    return world


def ended(world: World, about: str | None, reason: ActReason = ActReason.DECISION_STANDS) -> None:
    which = WhichTask(TaskKind.CHECK_DIVERGENCE, REF, about=about)
    done(which, world.order(reason), world.act_desk)


def test_a_newer_version_that_says_why_ends_both(diverging: World) -> None:
    diverging.take(a_revision(**WHY))
    assert open_tasks(diverging) == set()
    assert all("work_pk" not in task for task in diverging.tasks().values())
    assert is_whole(diverging.rows())


def test_a_newer_version_that_still_diverges_goes_on_with_the_same_clock(diverging: World) -> None:
    ended(diverging, "MASH_MANAGER")
    diverging.take(a_revision(primary_outcome="NFA", **NOT_FOLLOWED))
    found = {name: (task["dver"], task["due_at"], task["st"]) for name, task in diverging.tasks().items()}
    an_hour_more = "2026-11-25T16:02:30.000Z"
    assert found == {MANAGER: (2, an_hour_more, "OPEN"), SUPERVISOR: (2, A_WORKING_DAY_ON, "OPEN")}


def test_a_siblings_decision_ends_nothing_of_this_childs(diverging: World) -> None:
    diverging.take(a_decision(event_id=an_event_id("sister"), child_index=2))
    assert both_look(diverging)


def test_each_manager_ends_their_own_and_says_why(diverging: World) -> None:
    with pytest.raises(NotPossibleError) as several:
        ended(diverging, None)
    assert str(several.value) == (
        "Several tasks are meant by that. Say which:\n"
        "  --task CHECK_DIVERGENCE --child 1 --about MASH_MANAGER\n"
        "  --task CHECK_DIVERGENCE --child 1 --about POLICE_MASH_SUPERVISOR"
    )
    ended(diverging, "POLICE_MASH_SUPERVISOR")
    assert open_tasks(diverging) == {MANAGER}
    said = {"done": True, "reason": "DECISION_STANDS", "role": "POLICE_MASH_SUPERVISOR", "child": 1}
    assert said.items() <= diverging.rows()[-1].items()
    ended(diverging, "MASH_MANAGER", ActReason.SORTED_OUT)
    assert open_tasks(diverging) == set()


# --- in nobody's way


TOLD_EVERYWHERE: Wire = {
    "involved_agencies": [
        {"agency_id": agency, "own_ref": "PR-55120", "holds_plan_role": True}
        for agency in ("north-probation", "north-gp")
    ]
}
HOLDS: dict[str, Wire] = {
    "nothing": {},
    "the child": {"hold_codes": [{"code": "SENSITIVE"}]},
    "the referrer": {"hold_codes": [{"code": "REFERRER_IS_FAMILY"}]},
    "an allegation": {"additional_outcomes": ["LAD"]},
}


@pytest.mark.finding(7)
@pytest.mark.slow
@pytest.mark.parametrize(("outcome", "held"), list(product(("NFA", "S17", "STR", "S47S", "EMP"), HOLDS)))
def test_what_is_told_held_and_released_is_the_same_byte_for_byte(outcome: str, held: str) -> None:
    plain = a_decision(primary_outcome=outcome, **TOLD_EVERYWHERE, **HOLDS[held])
    diverges = plain | NOT_FOLLOWED
    alike, other = came_of(plain), came_of(diverges)
    assert alike == other
    assert alike["sent"] != [[], []]


# --- how much fits


def on_both_channels(count: int) -> list[Agency]:
    return [an_agency(f"agency-{number:02d}", AgencyType.PROBATION, *BOTH) for number in range(count)]


def the_fullest(seq: int, agencies: list[Agency], **changes: Any) -> Wire:
    """Each of twenty on two channels and held by itself, the child too, an allegation, a gap before it."""
    first, *others = [{"agency_id": agency.id, "own_ref": "REF-1"} for agency in agencies]
    links = [{"code": "STAFF_LINK", "agency_id": agency.id} for agency in agencies]
    values: Wire = {
        "supersedes": 1,
        "additional_outcomes": ["LAD"],
        "referring_agency": first,
        "involved_agencies": [{**one, "holds_plan_role": True} for one in others],
        "hold_codes": [{"code": "SENSITIVE"}, *links],
    }
    return a_revision(seq, **{**values, **NOT_FOLLOWED, **changes})


def test_beside_twenty_held_recipients_on_two_channels_both_tasks_fit(world: World) -> None:
    agencies = on_both_channels(20)
    world.apply(a_registry(*agencies))
    world.take(the_fullest(3, agencies))
    assert world.refused() == []
    assert len(decision_rows(world)[0]["recipients"]) == 40
    assert len(open_tasks(world)) == 20 + len({"the child", "the allegation", "the gap"}) + 2
    assert both_look(world)


def test_no_decision_is_refused_because_its_advice_does_not_fit(world: World) -> None:
    """The same once more, of what was a duplicate of a duplicate: two more referrals hear that it is none.

    Its row says where it diverges, and the tasks of the version before stay as they were.
    """
    agencies = on_both_channels(20)
    world.apply(a_registry(*agencies, an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)))
    world.take(a_decision())
    world.take(a_duplicate(ref=BETWEEN))
    world.take(a_duplicate(of=BETWEEN, ref=COPY, **NOT_FOLLOWED))
    world.take(the_fullest(3, agencies, referral_ref=COPY, supersedes=2))
    assert world.refused() == []
    first, newest = decision_rows(world, COPY)
    assert (len(newest["recipients"]), newest["divergences"]) == (40, first["divergences"])
    looks = [world.tasks(COPY)[name] for name in (MANAGER, SUPERVISOR)]
    assert [(task["dver"], task["st"]) for task in looks] == [(1, "OPEN")] * 2
    opened = [(row["task"], row["dver"]) for row in world.rows(COPY) if row["type"] == "TASK"]
    assert opened == [("CHECK_DIVERGENCE", 1)] * 2 + [("CHECK_REVISION", 3)]
    assert is_whole(world.rows(COPY))
