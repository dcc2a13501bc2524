"""A plan changes: whoever reads plans reads the new one, and each with a part in it hears that it changed."""

import json
from typing import Any, Final

import pytest

from functions.adapters.ledger.store import Change
from functions.flows.acting.cancel import cancel, what_would_stop
from functions.flows.acting.order import Which
from schemas.agency import Agency
from schemas.codes import ActReason, AgencyType, Channel, Level, Outcome, PlanStatus, ReleaseReason, Role
from schemas.entitlement import LoweredLevel
from tests.flows.heard import child, decided, event_rows, forget, mails, posts, told, update_rows, updates
from tests.flows.lives import (
    NEXT_DAY,
    REF,
    a_case_closed,
    a_plan_change,
    a_withdrawal,
    a_withholding,
    an_investigation,
)
from tests.flows.sweeps import rows_of
from tests.world import (
    Wire,
    World,
    a_decision,
    a_duplicate,
    a_hub_directory,
    a_registry,
    a_revision,
    an_agency,
    change_agency,
)

SCHOOL, NURSE, YOUTH = "hill-school", "hill-nurse", "north-yot"
COPY: Final = "NS-26-D0PL1C"


def agencies(**changes: Any) -> list[Agency]:
    return [
        an_agency(SCHOOL, AgencyType.SCHOOL, Channel.WEBHOOK, **changes),
        an_agency(NURSE, AgencyType.SCHOOL_NURSING, Channel.WEBHOOK),
        an_agency(YOUTH, AgencyType.YOUTH_JUSTICE, Channel.EMAIL),
    ]


def involved(*names: str, part: bool = False) -> list[dict[str, Any]]:
    return [
        {"agency_id": name, "own_ref": f"REF-{index}", "holds_plan_role": part}
        for index, name in enumerate(names)
    ]


@pytest.fixture
def hub(world: World) -> World:
    world.apply(a_registry(*agencies()))
    return world


@pytest.mark.finding(3)
def test_finding_3_a_plan_change_is_told_once_to_each_with_its_status_and_lead(hub: World) -> None:
    decided(hub)
    hub.take(a_plan_change("north-probation"))
    assert hub.send_due() == 2
    (post,), (mail,) = posts(hub), mails(hub)
    assert post["message_type"] == "PLAN_STATUS_UPDATE"
    assert post["plan"] == {"status": "CP_PLAN", "lead_role": "LCPP", "lead_team_code": "ASSESSMENT_2"}
    said = " ".join(mail.text.split())
    assert "The plan now: child protection plan." in said
    assert "The lead contact is the lead child protection practitioner, Assessment Team 2." in said
    assert hub.send_due() == 0
    (row,) = event_rows(hub, "PLAN_STATUS_CHANGED")
    assert (row["plan_status"], row["lead_role"], row["changed_at"]) == ("CP_PLAN", "LCPP", NEXT_DAY)


def test_the_child_knows_its_plan_and_who_has_a_part_in_it(hub: World) -> None:
    decided(hub)
    assert (child(hub)["plan_status"], child(hub)["plan_agencies"]) == ("CP_ENQUIRY", ["north-probation"])
    hub.take(a_plan_change(SCHOOL, NURSE))
    assert (child(hub)["plan_status"], child(hub)["plan_agencies"]) == ("CP_PLAN", [SCHOOL, NURSE])
    hub.take(a_plan_change(plan_status="CIN_PLAN", changed_at="2026-11-25T11:00:00Z"))
    assert (child(hub)["plan_status"], child(hub)["plan_agencies"]) == ("CIN_PLAN", [SCHOOL, NURSE])


def test_of_those_who_read_no_plans_only_the_ones_with_a_part_hear_that_it_changed(hub: World) -> None:
    """The school was told of the decision; that it has a part in the plan, only this says."""
    decided(hub, involved_agencies=involved(SCHOOL))
    hub.take(a_plan_change(plan_agencies=[]))
    hub.send_due()
    assert told(hub) == {"north-police": 3}
    forget(hub)
    hub.take(a_plan_change(SCHOOL, changed_at="2026-11-25T11:00:00Z"))
    hub.send_due()
    assert told(hub) == {"north-police": 3, SCHOOL: 1}
    (post,) = posts(hub, SCHOOL)
    assert (post["plan"], post["news"]) == (None, None)
    assert "CP_PLAN" not in json.dumps(post)


def test_whoever_leaves_the_plan_hears_of_that_change_and_of_no_later_one(hub: World) -> None:
    decided(hub, involved_agencies=involved(SCHOOL, part=True))
    hub.take(a_plan_change(plan_agencies=[]))
    hub.send_due()
    assert told(hub) == {"north-police": 3, SCHOOL: 1}
    forget(hub)
    hub.take(a_plan_change(changed_at="2026-11-25T11:00:00Z"))
    hub.send_due()
    assert told(hub) == {"north-police": 3}


def test_an_agency_named_in_the_plan_alone_is_told_under_its_own_reference(hub: World) -> None:
    decided(hub)
    hub.take(a_plan_change("north-probation", {"agency_id": NURSE, "own_ref": "SN/9001"}))
    hub.send_due()
    (post,) = posts(hub, NURSE)
    assert (post["own_ref"], post["level"], post["plan"]["status"]) == ("SN/9001", 3, "CP_PLAN")
    assert "We are telling you because your agency is involved." in post["news"]["text"][1]
    item = hub.delivery(NURSE, Channel.WEBHOOK, nonce="UPLAN")
    assert (item["role"], item["own_ref"]) == ("involved", "SN/9001")


def test_without_a_reference_of_its_own_it_is_asked_to_ring(hub: World) -> None:
    decided(hub)
    hub.take(a_plan_change(NURSE))
    hub.send_due()
    (post,) = posts(hub, NURSE)
    assert (post["level"], post["own_ref"]) == (1, None)
    assert "because we must confirm which child" in post["said_instead"]


def test_a_reference_in_the_event_stands_in_for_one_that_the_decision_lacked(hub: World) -> None:
    decided(hub, involved_agencies=[{"agency_id": NURSE, "own_ref": None, "holds_plan_role": True}])
    hub.take(a_plan_change({"agency_id": NURSE, "own_ref": "SN/9001"}))
    hub.send_due()
    (post,) = posts(hub, NURSE)
    assert (post["own_ref"], post["level"]) == ("SN/9001", 3)


@pytest.mark.parametrize("own_ref", ["943 476 5919", "Oliver Canary"])
def test_a_reference_that_must_not_be_repeated_is_left_out(hub: World, own_ref: str) -> None:
    decided(hub)
    hub.take(a_plan_change({"agency_id": NURSE, "own_ref": own_ref}))
    hub.send_due()
    (post,) = posts(hub, NURSE)
    assert post["own_ref"] is None
    assert own_ref not in json.dumps(hub.rows(), default=str)


@pytest.mark.parametrize("with_a_reference", ["old-school", SCHOOL])
def test_two_names_of_one_agency_are_one_part_in_the_plan(hub: World, with_a_reference: str) -> None:
    school = an_agency(SCHOOL, AgencyType.SCHOOL, Channel.WEBHOOK, aliases=("old-school",))
    hub.directory.apply(a_registry(school), applier="duty-engineer", now=hub.now, allow_removal=True)
    decided(hub)
    own_refs = {"old-school": None, SCHOOL: None, with_a_reference: "HS/1"}
    hub.take(a_plan_change(*({"agency_id": name, "own_ref": ref} for name, ref in own_refs.items())))
    hub.send_due()
    assert child(hub)["plan_agencies"] == [SCHOOL]
    assert [post["own_ref"] for post in posts(hub, SCHOOL)] == ["HS/1"]


def test_an_agency_that_the_matrix_tells_nothing_has_a_notice_for_its_part_in_the_plan(world: World) -> None:
    """A charity that is involved hears nothing of a section 47 enquiry, and works under the plan all the
    same."""
    world.apply(a_registry(an_agency("hill-charity", AgencyType.VOLUNTARY, Channel.WEBHOOK)))
    decided(world, involved_agencies=involved("hill-charity", part=True))
    world.take(a_plan_change())
    world.send_due()
    assert told(world) == {"north-police": 3, "hill-charity": 1}


def test_where_the_hub_itself_tells_it_nothing_it_stays_so(world: World) -> None:
    nothing = LoweredLevel(
        agency_type=AgencyType.SCHOOL, role=Role.INVOLVED, outcome=Outcome.S47J, level=Level.NOTHING
    )
    hub = a_hub_directory(lowered=(nothing,))
    world.apply(a_registry(an_agency(SCHOOL, AgencyType.SCHOOL, Channel.WEBHOOK), hub=hub))
    decided(world, involved_agencies=involved(SCHOOL, part=True))
    world.take(a_plan_change())
    world.send_due()
    assert told(world) == {"north-police": 3}


def test_the_public_hears_nothing_whatever_the_plan_says(world: World) -> None:
    world.apply(a_registry(an_agency("a-neighbour", AgencyType.ACQUAINTANCE, Channel.EMAIL)))
    decided(world)
    world.take(a_plan_change("a-neighbour"))
    world.send_due()
    assert told(world) == {"north-police": 3, "north-probation": 3}


def test_an_agency_that_the_registry_lacks_is_refused_by_its_field_even_before_the_decision(
    hub: World,
) -> None:
    hub.take(a_plan_change("north-probation", "nobody-knows"))
    (refused,) = hub.refused()
    assert (refused["field"], refused["reason"]) == ("plan_agencies.1.agency_id", "UNKNOWN_AGENCY")


def test_a_team_that_the_hub_does_not_list_is_not_named(hub: World) -> None:
    decided(hub)
    hub.take(a_plan_change(lead_role=None, lead_team_code="OLIVER_CANARY"))
    hub.send_due()
    (post,) = posts(hub)
    assert post["plan"]["lead_team_code"] is None
    assert "The lead contact is the duty manager." in post["news"]["text"][2]


@pytest.mark.parametrize("status", PlanStatus)
def test_each_status_reaches_those_who_read_plans(hub: World, status: PlanStatus) -> None:
    decided(hub)
    hub.take(a_plan_change(plan_status=status.value))
    hub.send_due()
    assert [post["plan"]["status"] for post in posts(hub)] == [status.value]


# --- who must not hear of it from a machine


def asked_about(world: World) -> list[str]:
    """Whom a person must settle about, by the row, beside the open task that says so."""
    (row,) = update_rows(world)
    assert ("kept_from" in row) == ("CHECK_NOT_TOLD#01#PLAN" in world.tasks())
    return list(row.get("kept_from", []))


def test_a_held_child_is_told_of_to_no_agency_that_the_plan_names(hub: World) -> None:
    decided(hub, hold_codes=[{"code": "SENSITIVE"}])
    hub.take(a_plan_change(NURSE))
    assert hub.send_due() == 0
    assert asked_about(hub) == [NURSE, "north-police", "north-probation"]


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ("EMP", ReleaseReason.TOLD_BY_PHONE_FIRST),
        ("LAD", ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER),
    ],
)
def test_what_is_told_by_a_fixed_sentence_is_told_to_no_agency_that_the_plan_names(
    hub: World, outcome: str, reason: ReleaseReason
) -> None:
    """The plan could name whoever the allegation is about."""
    hub.take(a_decision(primary_outcome=outcome, strategy_discussion_at=None))
    hub.release(reason=reason)
    hub.send_due()
    forget(hub)
    hub.take(a_plan_change(NURSE))
    hub.send_due()
    assert NURSE in asked_about(hub)
    assert NURSE not in told(hub)


def test_an_agency_whose_staff_are_linked_is_left_to_a_person(hub: World) -> None:
    decided(hub, hold_codes=[{"code": "STAFF_LINK", "agency_id": NURSE}])
    hub.take(a_plan_change(NURSE))
    hub.send_due()
    assert asked_about(hub) == [NURSE]
    assert told(hub) == {"north-police": 3, "north-probation": 3}


def test_an_agency_whose_message_a_person_stopped_is_left_to_a_person(hub: World) -> None:
    hub.take(a_decision())
    stopped = what_would_stop(Which(REF, agency_id="north-probation"), hub.act_desk)
    cancel(stopped, hub.order(ActReason.NOT_SAFE_TO_TELL), hub.act_desk)
    hub.send_due()
    forget(hub)
    hub.take(a_plan_change("north-probation"))
    hub.send_due()
    assert asked_about(hub) == ["north-probation"]
    assert told(hub) == {"north-police": 3}


def test_an_agency_that_the_plan_named_in_error_is_not_told_again(hub: World) -> None:
    """A person stopped the one message that it had; the child's plan still names it."""
    decided(hub)
    hub.take(a_plan_change({"agency_id": NURSE, "own_ref": "SN/9001"}))
    stopped = what_would_stop(Which(REF, agency_id=NURSE), hub.act_desk)
    cancel(stopped, hub.order(ActReason.WRONG_RECIPIENT), hub.act_desk)
    hub.take(a_case_closed(closed_at="2026-11-25T11:00:00Z"))
    hub.send_due()
    assert update_rows(hub)[-1]["kept_from"] == [NURSE]
    assert NURSE not in told(hub)


def test_what_a_person_stopped_last_counts_and_not_what_was_told_before(hub: World) -> None:
    decided(hub)
    hub.take(a_plan_change({"agency_id": NURSE, "own_ref": "SN/9001"}))
    hub.send_due()
    hub.later(minutes=1)
    hub.take(a_plan_change(changed_at="2026-11-25T10:30:00Z"))
    stopped = what_would_stop(Which(REF, agency_id=NURSE), hub.act_desk)
    cancel(stopped, hub.order(ActReason.NOT_SAFE_TO_TELL), hub.act_desk)
    hub.take(a_case_closed(closed_at="2026-11-25T11:00:00Z"))
    assert update_rows(hub)[-1]["kept_from"] == [NURSE]


def test_an_agency_that_left_the_registry_or_has_no_channel_is_left_to_a_person(hub: World) -> None:
    decided(hub, involved_agencies=involved("north-probation", part=True))
    change_agency(hub, NURSE, channels=[])
    hub.take(a_plan_change("north-probation", NURSE))
    assert asked_about(hub) == [NURSE]
    change_agency(hub, "north-probation", status="INACTIVE")
    hub.take(a_plan_change(changed_at="2026-11-25T11:00:00Z"))
    assert update_rows(hub)[-1]["kept_from"] == [NURSE, "north-probation"]


def test_an_address_that_nobody_verified_holds_the_update_alone(hub: World) -> None:
    change_agency(hub, YOUTH, verified_at=None)
    decided(hub)
    hub.take(a_plan_change({"agency_id": YOUTH, "own_ref": "YJ/7001"}))
    assert hub.delivery(YOUTH, Channel.EMAIL, nonce="UPLAN")["held"] == ["UNVERIFIED_ADDRESS"]
    assert any(sk.startswith(f"RELEASE_AGENCY#01#{YOUTH}") for sk in hub.tasks())


def test_an_agency_in_the_hubs_own_system_reads_it_there(world: World) -> None:
    inside = an_agency("adult-care", AgencyType.LA_SOCIAL_CARE, in_case_system=True)
    world.apply(a_registry(inside))
    decided(world)
    world.take(a_plan_change("adult-care"))
    (row,) = update_rows(world)
    assert row["in_system"] == ["adult-care"]
    assert "kept_from" not in row


def test_no_agency_joins_the_plan_of_a_duplicate(hub: World) -> None:
    decided(hub)
    hub.take(a_duplicate())
    hub.send_due()
    forget(hub)
    hub.take(a_plan_change({"agency_id": NURSE, "own_ref": "SN/9001"}, referral_ref=COPY))
    assert hub.send_due() == 0
    assert event_rows(hub, "PLAN_STATUS_CHANGED", COPY)[0]["nobody"] is True


@pytest.mark.parametrize("own_ref", ["HS/204", None])
def test_a_duplicates_reader_with_a_part_in_the_plan_hears_under_the_reference_it_knows(
    hub: World, own_ref: str | None
) -> None:
    decided(hub)
    hub.take(a_duplicate(referring_agency={"agency_id": SCHOOL, "own_ref": own_ref}))
    hub.send_due()
    forget(hub)
    hub.take(a_plan_change({"agency_id": SCHOOL, "own_ref": "HS/OTHER"}))
    hub.send_due()
    (post,) = posts(hub, SCHOOL)
    assert (post["referral_ref"], post["own_ref"]) == (COPY, own_ref)


def test_the_reference_of_a_duplicate_that_left_is_of_another_referral(hub: World) -> None:
    decided(hub)
    hub.take(a_duplicate())
    own: Wire = {"primary_outcome": "NFA", "duplicate_of": None, "duplicate_of_child": None}
    hub.take(a_duplicate(seq=2, event_type="DECISION_REVISED", supersedes=1, **own))
    hub.send_due()
    forget(hub)
    hub.take(a_plan_change(SCHOOL))
    hub.send_due()
    (post,) = posts(hub, SCHOOL)
    assert (post["referral_ref"], post["own_ref"]) == (REF, None)


# --- what comes after


def test_a_newer_decision_says_anew_who_has_a_part(hub: World) -> None:
    decided(hub)
    hub.take(a_plan_change(SCHOOL))
    hub.take(a_revision(decided_at="2026-11-25T11:00:00Z", plan_status="CIN_PLAN"))
    assert (child(hub)["plan_status"], child(hub)["plan_agencies"]) == ("CIN_PLAN", ["north-probation"])
    assert child(hub)["newest_PLAN"] == 1


def test_a_change_that_is_older_than_a_newer_decision_does_not_override_what_that_said(hub: World) -> None:
    decided(hub)
    hub.take(a_revision(decided_at="2026-11-25T11:00:00Z", plan_status="CIN_PLAN"))
    hub.send_due()
    forget(hub)
    hub.take(a_plan_change(SCHOOL))
    assert hub.send_due() == 0
    assert event_rows(hub, "PLAN_STATUS_CHANGED")[0]["stale"] is True
    assert (child(hub)["plan_status"], child(hub)["plan_agencies"]) == ("CIN_PLAN", ["north-probation"])


def test_a_change_of_before_what_an_earlier_release_decided_is_old_news_too(hub: World) -> None:
    decided(hub)
    at = child(hub)["pk"], child(hub)["sk"]
    by_then = Change({}, remove=("plan_decided_at",))
    hub.store.write([hub.store.update("child", "state", at, change=by_then)])
    hub.take(a_plan_change(SCHOOL, changed_at="2026-11-24T14:00:00Z"))
    assert event_rows(hub, "PLAN_STATUS_CHANGED")[0]["stale"] is True


def test_a_decision_far_ahead_hides_no_change_for_longer_than_a_day(hub: World) -> None:
    decided(hub, decided_at="2062-11-24T15:02:00Z", plan_status="CIN_PLAN")
    hub.take(a_plan_change(SCHOOL))
    assert child(hub)["plan_status"] == "CIN_PLAN"
    hub.later(days=2)
    hub.take(a_plan_change(SCHOOL, changed_at="2026-11-26T10:00:00Z"))
    assert (child(hub)["plan_status"], child(hub)["plan_agencies"]) == ("CP_PLAN", [SCHOOL])


def test_a_change_of_before_the_decision_that_it_waited_for_is_old_news_when_that_comes(hub: World) -> None:
    hub.take(a_plan_change(SCHOOL, changed_at="2026-11-24T14:00:00Z"))
    decided(hub, plan_status="CIN_PLAN")
    assert event_rows(hub, "PLAN_STATUS_CHANGED")[-1]["stale"] is True
    assert child(hub)["plan_status"] == "CIN_PLAN"
    assert update_rows(hub) == []


def test_a_decision_that_is_older_than_a_change_does_not_override_what_that_said(hub: World) -> None:
    decided(hub)
    hub.take(a_plan_change(SCHOOL))
    hub.take(a_revision(decided_at="2026-11-25T09:00:00Z", plan_status="CIN_PLAN"))
    assert (child(hub)["plan_status"], child(hub)["plan_agencies"]) == ("CP_PLAN", [SCHOOL])
    hub.take(a_plan_change(plan_status="NONE", changed_at="2026-11-25T09:30:00Z"))
    assert child(hub)["plan_status"] == "CP_PLAN"


def test_of_a_decision_that_was_sent_in_error_no_word_on_the_plan_hides_another(hub: World) -> None:
    decided(hub, decided_at="2026-11-24T15:02:00Z")
    hub.take(a_revision(decided_at="2026-11-25T11:00:00Z", plan_status="CIN_PLAN"))
    hub.take(a_withdrawal(2))
    hub.take(a_plan_change(SCHOOL))
    assert "stale" not in event_rows(hub, "PLAN_STATUS_CHANGED")[0]
    assert (child(hub)["plan_status"], child(hub)["plan_agencies"]) == ("CP_PLAN", [SCHOOL])
    hub.take(a_revision(3, decided_at="2026-11-25T09:00:00Z", plan_status="NONE"))
    assert child(hub)["plan_status"] == "CP_PLAN"


def test_once_the_decision_was_sent_in_error_whoever_joins_the_plan_is_left_to_a_person(hub: World) -> None:
    decided(hub)
    hub.take(a_withdrawal())
    hub.send_due()
    forget(hub)
    hub.take(a_plan_change(SCHOOL))
    assert hub.send_due() == 0
    assert SCHOOL in update_rows(hub)[-1]["kept_from"]


@pytest.mark.parametrize("agency", [None, SCHOOL])
def test_whoever_a_decision_is_withheld_from_hears_of_no_part_in_the_plan_from_a_machine(
    hub: World, agency: str | None
) -> None:
    decided(hub)
    hub.take(a_withholding(agency_id=agency))
    hub.take(a_plan_change(SCHOOL))
    assert SCHOOL in update_rows(hub)[-1]["kept_from"]


def test_whoever_joined_the_plan_hears_under_the_same_reference_when_the_case_is_closed(hub: World) -> None:
    decided(hub)
    hub.take(a_plan_change("north-probation", {"agency_id": NURSE, "own_ref": "SN/9001"}))
    hub.send_due()
    forget(hub)
    hub.take(an_investigation())
    hub.take(a_case_closed(closed_at="2026-11-25T11:00:00Z"))
    hub.send_due()
    assert {post["message_type"]: post["own_ref"] for post in posts(hub, NURSE)} == {
        "POLICE_INVESTIGATION_UPDATE": "SN/9001",
        "CASE_CLOSED_UPDATE": "SN/9001",
    }


def test_a_newer_change_replaces_one_that_was_not_sent_yet_and_nothing_else(hub: World) -> None:
    decided(hub)
    hub.take(a_plan_change(SCHOOL))
    hub.take(an_investigation())
    hub.take(a_plan_change(NURSE, changed_at="2026-11-25T11:00:00Z"))
    hub.send_due()
    gone = {(row["agency"], row["nonce"]) for row in rows_of(hub, "SUPERSEDED")}
    assert gone == {("north-police", "UPLAN"), ("north-probation", "UPLAN"), (SCHOOL, "UPLAN")}
    assert {item["st"] for item in updates(hub) if item["dver"] == 2} == {"SENT"}
