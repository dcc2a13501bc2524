"""The police check: five statuses, which form counts, the feed's silence, and what stands beside a status."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from functions.domain.completeness import (
    NEVER_HEARD,
    RULE_SET_VERSION,
    FeedState,
    ReferredChild,
    check,
    feed_cannot_answer,
    feed_is_silent,
    form_rank,
    form_to_judge,
    is_shell,
    of_no_referral,
)
from schemas.codes import CinSource, RaStatus
from schemas.decision import Decided, DecisionRevised
from schemas.risk_assessment import PoliceCheck, RaExclusion, RaFormMetadata, RaPolicy, RaRule
from schemas.risk_codes import FeedStatus
from tests.forms import (
    REFERRAL,
    a_child_on_the_form,
    a_complete_form,
    a_desk_form,
    a_shell,
    a_toddlers_form,
    an_incorrect_form,
)

NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
DECIDED_AT = datetime(2026, 11, 24, 15, 2, tzinfo=UTC)
COMPLETED_AT = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""When the complete form was."""
A_SECOND = timedelta(seconds=1)
ALIVE = FeedState(last_heartbeat_at=NOW - timedelta(minutes=10), status=FeedStatus.OK)
FAILING = FeedState(last_heartbeat_at=NOW - timedelta(minutes=10), status=FeedStatus.FAILING)
SILENT = FeedState(last_heartbeat_at=NOW - timedelta(hours=4, seconds=1), status=FeedStatus.OK)
POLICY = RaPolicy()


def the_child(
    child_index: int = 1,
    *,
    unborn: bool = False,
    source_code: CinSource = CinSource.POLICE,
    decided_at: datetime | None = DECIDED_AT,
    due_at: datetime | None = None,
) -> ReferredChild:
    return ReferredChild(
        referral_ref=REFERRAL,
        child_index=child_index,
        unborn=unborn,
        source_code=source_code,
        decided_at=decided_at,
        due_at=due_at,
    )


def judge(
    *forms: RaFormMetadata,
    child: ReferredChild | None = None,
    feed: FeedState = ALIVE,
    policy: RaPolicy = POLICY,
) -> PoliceCheck:
    return check(child or the_child(), forms, feed, policy, NOW)


@pytest.mark.parametrize("form", [a_complete_form(), a_toddlers_form(), a_desk_form()])
def test_a_form_that_passes_every_mandatory_rule_is_complete(form: RaFormMetadata) -> None:
    assert judge(form) == PoliceCheck(
        status=RaStatus.COMPLETE,
        failed_rules=(),
        advisory_rules=(),
        rule_set_version=RULE_SET_VERSION,
        evaluated_at=NOW,
        stale=False,
        after_decision=False,
        form_version=2,
        due_at=None,
        late=False,
    )


A_DECISION = {
    "schema_version": "1.0",
    "event_id": "0d0f2c9e-8a53-4a0e-9f0e-6a1f2f0b7c11",
    "event_type": "DECIDED",
    "source": "mash.case-system",
    "occurred_at": "2026-11-24T15:02:29Z",
    "referral_ref": REFERRAL,
    "child_index": 1,
    "decision_seq": 1,
    "unborn": False,
    "received_at": "2026-11-24T09:40:00Z",
    "decided_at": "2026-11-24T15:02:00Z",
    "rag": "RED",
    "source_code": "6",
    "primary_outcome": "S17",
    "additional_outcomes": [],
    "reason_codes": [],
    "support_codes": [],
    "next_step_codes": [],
    "plan_status": "NOT_DISCLOSED",
    "risk_assessment_mode": "JOINT",
    "referring_agency": None,
    "involved_agencies": [],
    "hold_codes": [],
}


def test_the_child_is_taken_from_the_decision_and_when_its_form_is_due_from_the_caller() -> None:
    decided = Decided.model_validate_json(json.dumps(A_DECISION))
    assert ReferredChild.of(decided) == the_child()
    assert ReferredChild.of(decided, due_at=DECIDED_AT) == replace(the_child(), due_at=DECIDED_AT)


def test_a_revised_decision_is_about_a_child_too() -> None:
    revision = {**A_DECISION, "event_type": "DECISION_REVISED", "decision_seq": 2, "supersedes": 1}
    revised = DecisionRevised.model_validate_json(json.dumps({**revision, "rag": None}))
    assert ReferredChild.of(revised) == the_child()


def test_a_half_filled_form_is_incorrect_and_says_which_rules() -> None:
    found = judge(an_incorrect_form())
    assert found.status is RaStatus.INCORRECT
    assert found.failed_rules == (
        RaRule.RA06,
        RaRule.RA07,
        RaRule.RA10,
        RaRule.RA12,
        RaRule.RA16,
        RaRule.RA19,
    )
    assert found.advisory_rules == (RaRule.RA14,)


def test_advisory_rules_flag_and_never_make_a_form_incorrect() -> None:
    found = judge(a_complete_form(grade_rationale_length=0, rationale_codes=[], mash_regrade="STANDARD"))
    assert found.status is RaStatus.COMPLETE
    assert found.advisory_rules == (RaRule.RA14, RaRule.RA21, RaRule.RA22)


@pytest.mark.parametrize(
    ("feed", "status"),
    [
        (ALIVE, RaStatus.ABSENT),
        (SILENT, RaStatus.UNKNOWN),
        (NEVER_HEARD, RaStatus.UNKNOWN),
        (FAILING, RaStatus.UNKNOWN),
    ],
)
def test_no_form_is_absent_only_if_the_feed_could_have_brought_one(feed: FeedState, status: RaStatus) -> None:
    found = judge(feed=feed)
    assert (found.status, found.failed_rules, found.form_version) == (status, (), None)


@pytest.mark.parametrize("feed", [ALIVE, SILENT, NEVER_HEARD, FAILING])
def test_a_linked_form_is_judged_on_its_merits_whatever_the_feed_does(feed: FeedState) -> None:
    assert judge(a_complete_form(), feed=feed).status is RaStatus.COMPLETE
    assert judge(an_incorrect_form(), feed=feed).status is RaStatus.INCORRECT
    assert judge(a_shell(), feed=feed).status is RaStatus.ABSENT


def test_a_feed_is_silent_after_four_hours_and_not_at_four_hours() -> None:
    at_the_limit = FeedState(last_heartbeat_at=NOW - timedelta(hours=4), status=FeedStatus.OK)
    assert not feed_is_silent(at_the_limit, POLICY, NOW)
    assert feed_is_silent(SILENT, POLICY, NOW)
    assert feed_is_silent(NEVER_HEARD, POLICY, NOW)
    assert not feed_is_silent(SILENT, RaPolicy(feed_silent_after_hours=5), NOW)


def test_a_failing_feed_is_not_silent_but_cannot_answer() -> None:
    assert not feed_is_silent(FAILING, POLICY, NOW)
    assert feed_cannot_answer(FAILING, POLICY, NOW)
    assert not feed_cannot_answer(ALIVE, POLICY, NOW)


def test_not_required_names_the_policy_that_says_so() -> None:
    dentists = RaExclusion(policy_id="NS-RA-POLICY-3", source_codes=(CinSource.OTHER_PRIMARY_HEALTH,))
    policy = RaPolicy(not_required=(dentists,))
    from_a_dentist = the_child(source_code=CinSource.OTHER_PRIMARY_HEALTH)
    found = judge(child=from_a_dentist, policy=policy)
    assert (found.status, found.policy_id) == (RaStatus.NOT_REQUIRED, "NS-RA-POLICY-3")
    assert judge(policy=policy).status is RaStatus.ABSENT


@pytest.mark.parametrize("source_code", list(CinSource))
def test_by_default_every_referral_needs_a_form_whoever_referred(source_code: CinSource) -> None:
    assert judge(child=the_child(source_code=source_code)).status is RaStatus.ABSENT


def test_a_form_on_one_child_never_completes_another() -> None:
    on_the_first_child = a_complete_form()
    assert judge(on_the_first_child).status is RaStatus.COMPLETE
    found = judge(on_the_first_child, child=the_child(2))
    assert (found.status, found.failed_rules) == (RaStatus.INCORRECT, (RaRule.RA05,))


def test_siblings_on_one_form_are_judged_by_their_own_answers() -> None:
    children = [a_child_on_the_form(1), a_child_on_the_form(2, seen=None)]
    form = a_complete_form(children=children, household_child_count=2)
    assert judge(form).status is RaStatus.COMPLETE
    assert judge(form, child=the_child(2)).failed_rules == (RaRule.RA06,)


def test_a_form_of_another_referral_is_no_form_of_this_one() -> None:
    assert judge(a_complete_form(referral_ref="NS-26-AAAAAA")).status is RaStatus.ABSENT


def test_a_form_the_mash_linked_by_hand_is_judged() -> None:
    assert judge(a_complete_form(referral_ref=None, mash_referral_ref=None)).status is RaStatus.COMPLETE


@pytest.mark.parametrize(
    "answer",
    [
        {"household_child_count": 0},
        {"ra_completed_at": "2026-11-24T01:30:00Z"},
        {"family_aware": "NO"},
        {"adults": [{"role_code": "CARER"}]},
        {"checks": {"pnc": {"done": True}}},
        {"checks": {"pnd": {"not_done_reason": "SYSTEM_DOWN"}}},
        {"cofactors": {"missing": "UNKNOWN"}},
        {"neglect_screen": {"home": "NOT_ASSESSED"}},
        {"children": [{"child_index": 1, "seen": "NO"}]},
        {"children": [{"child_index": 1, "voice_length": 1}]},
        {"rationale_codes": ["NEGLECT"]},
        {"grade_rationale_length": 1},
    ],
)
def test_one_answer_beyond_ids_makes_a_form_more_than_a_shell(answer: dict[str, object]) -> None:
    assert is_shell(a_shell())
    assert not is_shell(a_shell(**answer))


@pytest.mark.parametrize(
    "blank",
    [
        {"mash_referral_ref": REFERRAL, "supervisor_id": "NP-2210", "officer_in_case_id": "NP-5102"},
        {"children": [], "adults": [], "rationale_codes": []},
        {"adults": [{}]},
        {"checks": {}, "cofactors": {}, "neglect_screen": {}},
        {"grade_rationale_is_placeholder": True, "mash_regrade_rationale_given": False},
    ],
)
def test_ids_and_what_a_blank_form_says_of_itself_are_no_answers(blank: dict[str, object]) -> None:
    assert is_shell(a_shell(**blank))
    assert judge(a_shell(**blank)).status is RaStatus.ABSENT


def test_forms_rank_fuller_first_then_by_version_then_by_completion() -> None:
    in_order = [
        a_shell(form_version=1),
        a_shell(form_version=900),
        an_incorrect_form(form_version=9, ra_completed_at=None),
        an_incorrect_form(form_version=9, ra_completed_at="2026-11-24T01:30:00Z"),
        an_incorrect_form(form_version=9, ra_completed_at="2026-11-24T01:30:00.001Z"),
        an_incorrect_form(form_version=9, ra_completed_at="2026-11-24T01:31:00+00:00"),
        an_incorrect_form(form_version=10, ra_completed_at="2026-11-24T01:00:00Z"),
    ]
    ranks = [form_rank(form) for form in in_order]
    assert ranks == sorted(set(ranks))


def test_rank_does_not_depend_on_the_zone_a_time_was_written_in() -> None:
    summer = a_complete_form(ra_completed_at="2026-06-10T10:30:00+01:00")
    assert form_rank(summer) == form_rank(a_complete_form(ra_completed_at="2026-06-10T09:30:00Z"))


def test_the_newest_fuller_form_that_lists_the_child_is_judged() -> None:
    shell = a_shell(form_version=9)
    old, new = a_complete_form(form_version=1), an_incorrect_form(form_version=2)
    elsewhere = a_complete_form(form_version=3, children=[a_child_on_the_form(2)])
    assert form_to_judge(the_child(), [elsewhere, new, old, shell]) is new
    assert form_to_judge(the_child(), [shell, elsewhere]) is elsewhere
    assert form_to_judge(the_child(), [shell]) is shell
    assert form_to_judge(the_child(), []) is None


def test_a_form_completed_after_the_decision_says_so() -> None:
    late = a_complete_form(
        ra_completed_at="2026-11-24T15:02:10Z", supervisor_reviewed_at="2026-11-24T15:02:20Z"
    )
    assert judge(late).after_decision
    assert judge(late).status is RaStatus.COMPLETE
    assert not judge(late, child=the_child(decided_at=None)).after_decision
    assert not judge(a_complete_form(ra_completed_at="2026-11-24T15:02:00Z")).after_decision
    assert not judge(a_complete_form(ra_completed_at=None)).after_decision


@pytest.mark.parametrize("form", [a_complete_form(), an_incorrect_form()])
@pytest.mark.parametrize(
    ("due_at", "late"),
    [
        (COMPLETED_AT - A_SECOND, True),
        (COMPLETED_AT, False),
        (COMPLETED_AT + A_SECOND, False),
        (COMPLETED_AT.astimezone(ZoneInfo("Asia/Tokyo")) - A_SECOND, True),
        (None, False),
    ],
)
def test_a_form_completed_after_it_was_due_is_late(
    form: RaFormMetadata,
    due_at: datetime | None,
    late: bool,  # noqa: FBT001
) -> None:
    found = judge(form, child=the_child(due_at=due_at))
    assert (found.due_at, found.late) == (due_at, late)


def test_a_form_that_does_not_say_when_it_was_completed_is_not_called_late() -> None:
    found = judge(a_complete_form(ra_completed_at=None), child=the_child(due_at=COMPLETED_AT))
    assert (found.due_at, found.late, found.failed_rules) == (COMPLETED_AT, False, (RaRule.RA04,))


def test_late_and_after_the_decision_are_two_things() -> None:
    before = COMPLETED_AT - A_SECOND
    late = judge(a_complete_form(), child=the_child(due_at=before, decided_at=COMPLETED_AT))
    afterwards = judge(a_complete_form(), child=the_child(due_at=COMPLETED_AT, decided_at=before))
    assert (late.late, late.after_decision) == (True, False)
    assert (afterwards.late, afterwards.after_decision) == (False, True)


@pytest.mark.parametrize("feed", [ALIVE, SILENT])
@pytest.mark.parametrize("forms", [(), (a_shell(),)])
def test_a_form_that_never_came_is_overdue_and_not_late(
    feed: FeedState, forms: tuple[RaFormMetadata, ...]
) -> None:
    long_ago = NOW - timedelta(days=30)
    found = judge(*forms, child=the_child(due_at=long_ago), feed=feed)
    assert found.status in (RaStatus.ABSENT, RaStatus.UNKNOWN)
    assert (found.due_at, found.late) == (long_ago, False)


def test_a_form_that_is_not_required_is_never_due() -> None:
    policy = RaPolicy(
        not_required=(RaExclusion(policy_id="NS-RA-POLICY-3", source_codes=(CinSource.POLICE,)),)
    )
    found = judge(a_complete_form(), child=the_child(due_at=COMPLETED_AT - A_SECOND), policy=policy)
    assert (found.status, found.due_at, found.late) == (RaStatus.NOT_REQUIRED, None, False)


@pytest.mark.parametrize(
    ("changes", "stale"),
    [
        ({}, False),
        ({"mash_referral_ref": "NS-26-AAAAAA"}, True),
        ({"mash_referral_ref": None}, False),
        ({"incident_at": "2026-11-24T01:30:01Z"}, True),
        ({"incident_at": "2026-11-24T01:30:00Z"}, False),
        ({"incident_at": None}, False),
    ],
)
def test_a_form_about_another_referral_or_an_earlier_incident_is_stale(
    changes: dict[str, object],
    stale: bool,  # noqa: FBT001
) -> None:
    assert judge(a_complete_form(**changes)).stale is stale


def test_the_mash_decides_who_is_unborn_not_the_form() -> None:
    said_unborn = a_complete_form(unborn_count=0, children=[{"child_index": 1, "unborn": True}])
    assert RaRule.RA06 in judge(said_unborn).failed_rules
    assert RaRule.RA06 not in judge(said_unborn, child=the_child(unborn=True)).failed_rules


def test_what_is_no_referral_needs_no_form_by_the_policy_that_says_so() -> None:
    assert of_no_referral(NOW) == PoliceCheck(
        status=RaStatus.NOT_REQUIRED,
        failed_rules=(),
        advisory_rules=(),
        rule_set_version=RULE_SET_VERSION,
        evaluated_at=NOW,
        stale=False,
        after_decision=False,
        policy_id="REFERRALS-0",
    )
