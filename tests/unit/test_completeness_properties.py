"""What holds for any form: a deleted answer is named exactly, an added one never takes a form away."""

import copy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.domain.completeness import (
    DEPENDENTS,
    NEVER_HEARD,
    FeedState,
    ReferredChild,
    check,
    form_rank,
    is_shell,
)
from schemas.codes import CinSource, RaStatus
from schemas.risk_assessment import PoliceCheck, RaExclusion, RaPolicy, RaRule
from schemas.risk_codes import FeedStatus
from tests.forms import (
    COFACTORS,
    REFERRAL,
    SCREENED,
    SYSTEMS,
    Wire,
    a_child_on_the_form,
    a_complete_form_event,
    a_desk_form_event,
    a_shell_event,
    a_toddlers_form_event,
    read_form,
)

NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
POLICY = RaPolicy()
POLICE_EXCLUDED = RaPolicy(
    not_required=(RaExclusion(policy_id="NS-RA-POLICY-3", source_codes=(CinSource.POLICE,)),)
)

Path = tuple[str | int, ...]

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The rules are proved here, not the speed of the machine that proves them."""

ANSWERS: dict[RaRule, tuple[Path, ...]] = {
    RaRule.RA01: (("police_occurrence_ref",),),
    RaRule.RA03: (("author_id",), ("author_role",), ("author_force",)),
    RaRule.RA04: (("incident_at",), ("ra_completed_at",)),
    RaRule.RA05: (("household_child_count",), ("unborn_count",), ("children", 0)),
    RaRule.RA06: (("children", 0, "seen"), ("children", 0, "not_seen_reason")),
    RaRule.RA07: (
        ("children", 0, "spoken_to"),
        ("children", 0, "spoken_to_alone"),
        ("children", 0, "not_spoken_reason"),
    ),
    RaRule.RA08: (
        ("children", 0, "voice_answered"),
        ("children", 0, "voice_length"),
        ("children", 0, "voice_is_placeholder"),
        ("children", 0, "observed_behaviour_answered"),
    ),
    RaRule.RA09: (
        ("adults", 0),
        ("adults", 0, "role_code"),
        ("adults", 0, "relationship_code"),
        ("adults_unknown_reason",),
    ),
    RaRule.RA10: (
        *(("neglect_screen", item) for item in SCREENED),
        ("neglect_screen", "not_assessed_reason"),
        ("children", 0, "under_five"),
    ),
    RaRule.RA11: tuple(("cofactors", item) for item in COFACTORS),
    RaRule.RA12: tuple(
        ("checks", system, answer) for system in SYSTEMS for answer in ("done", "not_done_reason")
    ),
    RaRule.RA13: (("risk_grade",),),
    RaRule.RA15: (("initial_action_code",), ("initial_action_rationale_given",), ("child_now_with_code",)),
    RaRule.RA16: (("recommended_next_step",), ("recommended_other_reason_code",)),
    RaRule.RA17: (("crime_recorded",), ("investigation_status",), ("officer_in_case_id",), ("unit",)),
    RaRule.RA18: (("da_tool",), ("da_ref",), ("da_not_done_reason",)),
    RaRule.RA19: (("family_aware",), ("safe_to_contact",)),
    RaRule.RA20: (("supervisor_id",), ("supervisor_reviewed_at",), ("supervisor_outcome",)),
}
"""Every answer a mandatory rule may ask for; RA02's may be missing (forms often come before the MASH ref)."""


def judged(
    *events: Wire, due_at: datetime | None = None, feed: FeedState = NEVER_HEARD, policy: RaPolicy = POLICY
) -> PoliceCheck:
    child = ReferredChild(
        referral_ref=REFERRAL,
        child_index=1,
        unborn=False,
        source_code=CinSource.POLICE,
        decided_at=NOW,
        due_at=due_at,
    )
    return check(child, map(read_form, events), feed, policy, NOW)


def has(event: Wire, path: Path) -> bool:
    part: Any = event
    for step in path:
        found = step < len(part) if isinstance(step, int) else part.get(step) is not None
        if not found:
            return False
        part = part[step]
    return True


def without(event: Wire, path: Path) -> Wire:
    """The same event, less one answer."""
    less = copy.deepcopy(event)
    part: Any = less
    for step in path[:-1]:
        part = part[step]
    del part[path[-1]]
    return less


COMPLETE_FORMS = {
    "attended": a_complete_form_event(),
    "toddler": a_toddlers_form_event(),
    "toddler, graded high": a_toddlers_form_event(risk_grade="HIGH"),
    "desk": a_desk_form_event(),
    "not alone": a_complete_form_event(
        children=[a_child_on_the_form(spoken_to_alone="NO", not_spoken_reason="CARER_REFUSED")]
    ),
    "no crime, a unit": a_complete_form_event(
        crime_recorded="NO", investigation_status=None, officer_in_case_id=None, unit="CHILD_ABUSE_UNIT"
    ),
}

NOT_ASKED: dict[str, set[Path]] = {
    "attended": {("children", 0, "under_five"), ("children", 0, "observed_behaviour_answered")},
    "toddler": {
        ("children", 0, "voice_answered"),
        ("children", 0, "voice_length"),
        ("children", 0, "voice_is_placeholder"),
        *ANSWERS[RaRule.RA20],  # advisory below HIGH
    },
    "desk": set(ANSWERS[RaRule.RA20]),
    "not alone": {("children", 0, "under_five"), ("children", 0, "observed_behaviour_answered")},
    "no crime, a unit": {("children", 0, "under_five"), ("children", 0, "observed_behaviour_answered")},
}
NOT_ASKED["toddler, graded high"] = NOT_ASKED["toddler"] - set(ANSWERS[RaRule.RA20])
"""Answers that the form holds and that no mandatory rule asks of it."""


def deletions(name: str, event: Wire) -> Iterator[tuple[RaRule, Path]]:
    """Every answer of the form that a mandatory rule asks for, with its rule."""
    for rule, paths in ANSWERS.items():
        yield from ((rule, path) for path in paths if has(event, path) and path not in NOT_ASKED[name])


DELETIONS = [
    pytest.param(name, rule, path, id=f"{name}: {'.'.join(map(str, path))}")
    for name, event in COMPLETE_FORMS.items()
    for rule, path in deletions(name, event)
]


def test_every_answer_of_every_mandatory_rule_is_deleted_somewhere() -> None:
    deleted = {path for name, event in COMPLETE_FORMS.items() for _, path in deletions(name, event)}
    assert deleted == {path for paths in ANSWERS.values() for path in paths}


@pytest.mark.parametrize(("name", "rule", "path"), DELETIONS)
def test_deleting_one_mandatory_answer_names_exactly_its_rule(name: str, rule: RaRule, path: Path) -> None:
    event = COMPLETE_FORMS[name]
    assert judged(event).status is RaStatus.COMPLETE
    found = judged(without(event, path))
    dependents = set(found.failed_rules) - {rule}
    expected = {RaRule.RA10} if path == ("children", 0) and name.startswith("toddler") else set()
    assert found.status is RaStatus.INCORRECT
    assert rule in found.failed_rules
    assert dependents == expected
    assert dependents <= DEPENDENTS.get(rule, frozenset())


@pytest.mark.parametrize("name", COMPLETE_FORMS)
def test_an_answer_that_is_not_asked_for_may_be_left_out(name: str) -> None:
    for path in NOT_ASKED[name]:
        if has(COMPLETE_FORMS[name], path):
            assert judged(without(COMPLETE_FORMS[name], path)).status is RaStatus.COMPLETE


CODE = st.sampled_from(["NONE", "HIGH", "MEDIUM", "OTHER_PARENT", "NEGLECT"])
YES_NO = st.sampled_from(["YES", "NO"])
MOMENTS = ("2026-11-23T21:10:00Z", "2026-11-24T01:30:00Z", "2026-11-25T00:00:00Z")
MOMENT = st.sampled_from(MOMENTS)
REF = st.sampled_from([REFERRAL, "NS-26-AAAAAA", "43261124/0917", "NO_OCCURRENCE", "see log"])
OFFICER = st.sampled_from(["NP-4471", "NP-2210"])
REASON = st.sampled_from(["PRE_VERBAL", "ASLEEP", "COMMUNICATION_NEED"])
FINDING = st.sampled_from(["NONE_SEEN", "CONCERN_SEEN", "NOT_ASSESSED", "NOT_APPLICABLE"])
COUNT = st.integers(0, 3)
LENGTH = st.sampled_from([0, 9, 10, 500])

SOME_CHILD = {
    "unborn": st.booleans(),
    "under_five": st.booleans(),
    "in_household": st.booleans(),
    "seen": YES_NO,
    "not_seen_reason": REASON,
    "spoken_to": YES_NO,
    "spoken_to_alone": YES_NO,
    "not_spoken_reason": REASON,
    "voice_answered": st.booleans(),
    "voice_length": LENGTH,
    "voice_is_placeholder": st.booleans(),
    "observed_behaviour_answered": st.booleans(),
}
SOME_FORM = {
    **dict.fromkeys(("police_occurrence_ref", "mash_referral_ref", "da_ref"), REF),
    **dict.fromkeys(("author_id", "officer_in_case_id", "supervisor_id"), OFFICER),
    **dict.fromkeys(
        (
            "author_role",
            "author_force",
            "adults_unknown_reason",
            "risk_grade",
            "initial_action_code",
            "child_now_with_code",
            "recommended_other_reason_code",
            "investigation_status",
            "unit",
            "supervisor_outcome",
            "override_reason_code",
            "mash_regrade",
        ),
        CODE,
    ),
    **dict.fromkeys(("incident_at", "ra_completed_at", "supervisor_reviewed_at"), MOMENT),
    **dict.fromkeys(("household_child_count", "unborn_count"), COUNT),
    **dict.fromkeys(("crime_recorded", "family_aware", "safe_to_contact", "police_protection_used"), YES_NO),
    **dict.fromkeys(
        (
            "grade_rationale_is_placeholder",
            "initial_action_rationale_given",
            "mash_regrade_rationale_given",
        ),
        st.booleans(),
    ),
    "grade_rationale_length": LENGTH,
    "recommended_next_step": st.sampled_from(["OTHER", "JOINT_INVESTIGATION", "EARLY_HELP"]),
    "da_tool": st.sampled_from(["DASH", "OTHER"]),
    "da_not_done_reason": st.sampled_from(["HISTORIC", "DECLINED"]),
    "rationale_codes": st.lists(CODE, max_size=2),
    "adults": st.lists(
        st.fixed_dictionaries({}, optional={"role_code": CODE, "relationship_code": CODE}), max_size=2
    ),
    "neglect_screen": st.fixed_dictionaries(
        {}, optional={**dict.fromkeys(SCREENED, FINDING), "not_assessed_reason": CODE}
    ),
    "cofactors": st.fixed_dictionaries(
        {}, optional=dict.fromkeys(COFACTORS, st.sampled_from(["YES", "NO", "UNKNOWN"]))
    ),
    "checks": st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            SYSTEMS, st.fixed_dictionaries({}, optional={"done": st.booleans(), "not_done_reason": CODE})
        ),
    ),
    "children": st.lists(
        st.fixed_dictionaries({"child_index": st.integers(1, 3)}, optional=SOME_CHILD),
        max_size=3,
        unique_by=lambda child: child["child_index"],
    ),
}
HEADER = {
    key: value
    for key, value in a_shell_event().items()
    if key.startswith(("form_", "event_"))
    or key in ("schema_version", "source", "occurred_at", "referral_ref")
}


def forms_with(answers: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[Wire]:
    return answers.map(lambda given_answers: {**HEADER, **given_answers})


any_form = forms_with(st.fixed_dictionaries({}, optional=SOME_FORM))


def added(event: Wire, more: Wire) -> Wire:
    """`event` with `more` filled in wherever it had no answer; what it said stays said.

    Covers every answer of the contract: form-level ones, items in a block, answers of a child listed before
    (by `child_index`), newly listed children; adults and rationale codes where none were listed.
    """
    fuller = {**more, **{key: value for key, value in event.items() if value not in (None, [], {})}}
    for block in ("neglect_screen", "cofactors"):
        fuller[block] = {**more.get(block, {}), **event.get(block, {})}
    old, new = event.get("checks", {}), more.get("checks", {})
    fuller["checks"] = {name: {**new.get(name, {}), **old.get(name, {})} for name in SYSTEMS}
    listed = {child["child_index"]: child for child in more.get("children", [])}
    for child in event.get("children", []):
        told = {key: value for key, value in child.items() if value is not None}
        listed[child["child_index"]] = {**listed.get(child["child_index"], {}), **told}
    fuller["children"] = list(listed.values())
    return fuller


@unhurried
@given(any_form, any_form)
def test_adding_any_answers_never_takes_a_form_away(event: Wire, more: Wire) -> None:
    before, after = judged(event), judged(added(event, more))
    if before.status in (RaStatus.COMPLETE, RaStatus.INCORRECT):
        assert after.status in (RaStatus.COMPLETE, RaStatus.INCORRECT)
        assert form_rank(read_form(event))[0] == form_rank(read_form(added(event, more)))[0] == "1"


@unhurried
@given(st.sampled_from(list(COMPLETE_FORMS)), any_form)
def test_adding_any_answers_to_a_complete_form_never_makes_it_absent(name: str, more: Wire) -> None:
    after = judged(added(COMPLETE_FORMS[name], more)).status
    assert after in (RaStatus.COMPLETE, RaStatus.INCORRECT)


SPARE = {
    "override_reason_code",
    "grade_rationale_length",
    "grade_rationale_is_placeholder",
    "initial_action_rationale_given",
    "police_protection_used",
    "rationale_codes",
    "mash_regrade",
    "mash_regrade_rationale_given",
    "recommended_other_reason_code",
    "investigation_status",
    "officer_in_case_id",
    "unit",
    "da_tool",
    "da_ref",
    "da_not_done_reason",
    "adults_unknown_reason",
}
SPARE_OF_A_CHILD = {"under_five", "not_seen_reason", "observed_behaviour_answered"}
spare_answers = st.fixed_dictionaries({}, optional={key: SOME_FORM[key] for key in sorted(SPARE)})
spare_children = st.fixed_dictionaries(
    {"child_index": st.just(1)}, optional={key: SOME_CHILD[key] for key in sorted(SPARE_OF_A_CHILD)}
)


@unhurried
@given(st.sampled_from(list(COMPLETE_FORMS)), spare_answers, spare_children)
def test_answers_that_ask_for_nothing_more_leave_a_complete_form_complete(
    name: str, more: Wire, child: Wire
) -> None:
    fuller = added(COMPLETE_FORMS[name], {**more, "children": [child]})
    assert judged(fuller).status is RaStatus.COMPLETE


@unhurried
@given(any_form)
def test_every_form_has_a_status_and_its_rules_in_order(event: Wire) -> None:
    found = judged(event)
    assert found.status is not RaStatus.UNKNOWN
    assert (found.status is RaStatus.ABSENT) == is_shell(read_form(event))
    assert list(found.failed_rules) == sorted(set(found.failed_rules))
    assert list(found.advisory_rules) == sorted(set(found.advisory_rules))
    assert not set(found.failed_rules) & set(found.advisory_rules)


feeds = st.builds(
    FeedState,
    last_heartbeat_at=st.none() | st.sampled_from([NOW, NOW - timedelta(hours=5)]),
    status=st.sampled_from(FeedStatus),
)
due_times = st.datetimes(datetime(2026, 11, 22), datetime(2026, 11, 26), timezones=st.just(UTC))  # noqa: DTZ001
to_spare = st.timedeltas(-timedelta(days=3), timedelta(days=3)) | st.sampled_from(
    [timedelta(), timedelta.resolution, -timedelta.resolution]
)


@given(
    st.lists(any_form | st.sampled_from(list(COMPLETE_FORMS.values())), max_size=3),
    due_times,
    feeds,
    st.sampled_from([POLICY, POLICE_EXCLUDED]),
)
def test_when_a_form_is_due_changes_what_is_said_of_its_time_and_nothing_else(
    events: list[Wire], due_at: datetime, feed: FeedState, policy: RaPolicy
) -> None:
    unknown = judged(*events, feed=feed, policy=policy)
    found = judged(*events, due_at=due_at, feed=feed, policy=policy)
    assert (unknown.due_at, unknown.late) == (None, False)
    assert found.due_at == (None if found.status is RaStatus.NOT_REQUIRED else due_at)
    assert found.model_copy(update={"due_at": None, "late": False}) == unknown


@given(any_form, st.sampled_from(MOMENTS), to_spare)
def test_a_form_is_late_if_and_only_if_it_was_completed_after_it_was_due(
    event: Wire, completed: str, spare: timedelta
) -> None:
    due_at = datetime.fromisoformat(completed) + spare
    assert judged({**event, "ra_completed_at": completed}, due_at=due_at).late is (spare < timedelta())


def changed_rules(event: Wire, path: Path) -> set[RaRule]:
    """The rules whose verdict, or whose weight, changes when one answer goes."""
    before, after = judged(event), judged(without(event, path))
    failed = set(before.failed_rules) ^ set(after.failed_rules)
    return failed | (set(before.advisory_rules) ^ set(after.advisory_rules))


@unhurried
@given(any_form, st.data())
def test_deleting_an_answer_changes_no_rule_but_its_own_and_the_declared_dependents(
    more: Wire, data: st.DataObject
) -> None:
    event = added(more, a_complete_form_event())
    rule, path = data.draw(
        st.sampled_from(
            [(rule, path) for rule, paths in ANSWERS.items() for path in paths if has(event, path)]
        )
    )
    assert changed_rules(event, path) <= {rule} | DEPENDENTS.get(rule, frozenset())


RISKY = {"risk_grade": "HIGH", "recommended_next_step": "JOINT_INVESTIGATION"}
WITNESSES: dict[tuple[RaRule, RaRule], tuple[Wire, Path]] = {
    (RaRule.RA03, RaRule.RA20): (a_complete_form_event(supervisor_id="NP-4471"), ("author_id",)),
    (RaRule.RA04, RaRule.RA20): (
        a_complete_form_event(supervisor_reviewed_at="2026-11-24T01:00:00Z"),
        ("ra_completed_at",),
    ),
    (RaRule.RA05, RaRule.RA06): (
        a_complete_form_event(children=[a_child_on_the_form(seen=None)]),
        ("children", 0),
    ),
    (RaRule.RA05, RaRule.RA07): (
        a_complete_form_event(children=[a_child_on_the_form(spoken_to=None)]),
        ("children", 0),
    ),
    (RaRule.RA05, RaRule.RA08): (
        a_complete_form_event(children=[a_child_on_the_form(voice_length=1)]),
        ("children", 0),
    ),
    (RaRule.RA05, RaRule.RA10): (a_toddlers_form_event(), ("children", 0)),
    (RaRule.RA05, RaRule.RA21): (a_toddlers_form_event(**RISKY), ("children", 0)),
    (RaRule.RA06, RaRule.RA21): (a_toddlers_form_event(**RISKY), ("children", 0, "seen")),
    (RaRule.RA07, RaRule.RA08): (
        a_complete_form_event(children=[a_child_on_the_form(voice_length=1)]),
        ("children", 0, "spoken_to"),
    ),
    (RaRule.RA10, RaRule.RA21): (
        a_complete_form_event(
            rationale_codes=[],
            neglect_screen={**dict.fromkeys(SCREENED, "NONE_SEEN"), "home": "CONCERN_SEEN"},
        ),
        ("neglect_screen", "home"),
    ),
    (RaRule.RA11, RaRule.RA18): (a_complete_form_event(da_tool=None), ("cofactors", "domestic_abuse")),
    (RaRule.RA13, RaRule.RA20): (a_complete_form_event(supervisor_id=None), ("risk_grade",)),
    (RaRule.RA13, RaRule.RA21): (a_complete_form_event(recommended_next_step="EARLY_HELP"), ("risk_grade",)),
    (RaRule.RA13, RaRule.RA22): (a_complete_form_event(mash_regrade="HIGH"), ("risk_grade",)),
    (RaRule.RA15, RaRule.RA21): (a_toddlers_form_event(**RISKY), ("initial_action_code",)),
    (RaRule.RA16, RaRule.RA21): (a_complete_form_event(), ("recommended_next_step",)),
}
"""For each declared dependency, a form where deleting one rule's answer changes the other's verdict."""


def test_every_declared_dependent_is_one() -> None:
    declared = {(rule, dependent) for rule, dependents in DEPENDENTS.items() for dependent in dependents}
    assert set(WITNESSES) == declared
    for (_, dependent), (event, path) in WITNESSES.items():
        assert dependent in changed_rules(event, path)
