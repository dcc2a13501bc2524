"""A decision changed: whoever had the old one is told the new one, and nobody is told more than they may."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Change
from functions.domain.delivery import Answer
from schemas.codes import AgencyType, AttemptResult, Channel, MessageType
from schemas.hub_directory import HubDirectory
from schemas.notice import Pins
from tests.flows.test_taking_in import interleaved
from tests.world import (
    Wire,
    World,
    a_decision,
    a_registry,
    a_revision,
    an_agency,
    an_event_id,
    is_whole,
)

POLICE, PROBATION = "north-police", "north-probation"
NOBODY_ELSE: Wire = {"involved_agencies": [], "agencies_contributing": []}
FAILED = Answer(AttemptResult.FAILED)
UNKNOWN = Answer(AttemptResult.UNKNOWN)


def pins_of(world: World, seq: int) -> dict[str, Pins]:
    """By agency, what was sent of one version."""
    of_version = {
        item["message_id"]
        for item in world.all_items("state")
        if "message_id" in item and item["dver"] == seq
    }
    sent = [pins for door in world.doors.values() for pins, _ in door.sent]
    return {pins.agency_id: pins for pins in sent if pins.message_id in of_version}


def planned(world: World, seq: int) -> set[str]:
    """Whom a version has deliveries for."""
    items = world.store.partition("state", keys.referral("NS-26-7KQ4ZP"), "N#")
    return {item["agency"] for item in items if item["dver"] == seq}


def task_rows(world: World) -> list[tuple[str, str]]:
    return [(row["task"], row.get("task_agency", "")) for row in world.rows() if row["type"] == "TASK"]


def involved(*agency_ids: str) -> list[Wire]:
    return [{"agency_id": one, "own_ref": "REF-1", "holds_plan_role": False} for one in agency_ids]


def open_tasks(world: World, ref: str = "NS-26-7KQ4ZP") -> set[str]:
    return {name for name, task in world.tasks(ref).items() if task["st"] != "DONE"}


@pytest.fixture
def told(world: World) -> World:
    """Both agencies of the worked example had their messages."""
    world.take(a_decision())
    world.send_due()
    world.later(hours=1)
    return world


# --- whoever got the old one


def test_everyone_who_got_the_old_one_is_told_the_new_one_named_or_not(told: World) -> None:
    told.take(a_revision(**NOBODY_ELSE))
    told.send_due()
    sent = pins_of(told, 2)
    assert set(sent) == {POLICE, PROBATION}
    assert {pins.message_type for pins in sent.values()} == {MessageType.OUTCOME_REVISED}
    before = sent[PROBATION].told_before
    assert before is not None
    assert (before.decision_seq, before.outcome, f"{before.told_at:%d %H:%M}") == (1, "S47J", "24 15:02")
    assert is_whole(told.rows())


def test_a_changed_decision_says_what_it_takes_the_place_of(told: World) -> None:
    told.take(a_revision())
    told.send_due()
    decision = json.loads(told.police.sent[-1][1])["data"]["decision"]
    assert (decision["decision_seq"], decision["supersedes"], decision["outcome"]) == (2, 1, "S17")
    assert "We told you on 24 November 2026" in told.mailbox.mails[-1][1].text


def test_a_decided_of_a_higher_version_does_the_same_as_a_revision(told: World) -> None:
    told.take(a_decision(event_id=an_event_id(2), decision_seq=2, primary_outcome="S17", **NOBODY_ELSE))
    told.send_due()
    sent = pins_of(told, 2)
    assert {pins.message_type for pins in sent.values()} == {MessageType.OUTCOME_REVISED}
    assert set(sent) == {POLICE, PROBATION}
    assert told.rows()[-1]["type"] == "ATTEMPT_CLOSED"
    assert open_tasks(told) == set()


def test_how_much_a_revision_tells_is_computed_anew(told: World) -> None:
    """No plan role is stated any more, and there is no further action: the involved agency gets a notice."""
    told.take(a_revision(primary_outcome="NFA", **NOBODY_ELSE))
    told.send_due()
    levels = {agency: int(pins.level) for agency, pins in pins_of(told, 2).items()}
    assert levels == {POLICE: 3, PROBATION: 1}


def test_an_unsent_message_is_replaced_and_its_reader_gets_a_plain_outcome(world: World) -> None:
    world.take(a_decision())
    world.take(a_revision())
    world.send_due()
    assert {pins.message_type for pins in pins_of(world, 2).values()} == {MessageType.OUTCOME}
    assert pins_of(world, 1) == {}
    assert [row["agency"] for row in world.rows() if row["type"] == "SUPERSEDED"] == [POLICE, PROBATION]


def test_an_agency_that_was_never_started_and_is_not_named_any_more_is_not_told(world: World) -> None:
    world.take(a_decision())
    world.take(a_revision(**NOBODY_ELSE))
    world.send_due()
    assert set(pins_of(world, 2)) == {POLICE}


@pytest.mark.parametrize("answer", [FAILED, UNKNOWN])
def test_an_attempt_of_unknown_fate_counts_and_no_day_is_stated(world: World, answer: Answer) -> None:
    world.mailbox.answers = [answer]
    world.take(a_decision())
    world.send_due()
    world.later(hours=1)
    world.take(a_revision(**NOBODY_ELSE))
    world.send_due()
    pins = pins_of(world, 2)[PROBATION]
    assert pins.message_type is MessageType.OUTCOME_REVISED
    assert pins.told_before is not None
    assert (pins.told_before.decision_seq, pins.told_before.told_at) == (1, None)
    assert "An earlier message from us may have reached you." in told_by_mail(world)


def told_by_mail(world: World) -> str:
    return world.mailbox.mails[-1][1].text.replace("\n", " ")


def test_an_attempt_that_was_only_started_counts(world: World) -> None:
    """The newer version comes while the older one's bytes leave."""

    def meanwhile() -> None:
        world.mailbox.while_sending = lambda: None
        world.take(a_revision(**NOBODY_ELSE))

    world.mailbox.while_sending = meanwhile
    world.take(a_decision())
    world.send_due()
    item = world.delivery(PROBATION, Channel.EMAIL, seq=2)
    assert item["message_type"] == "OUTCOME_REVISED"
    assert item["told_before"] == {"decision_seq": 1, "outcome": "S47J"}


def test_what_was_sent_before_days_were_kept_is_told_without_a_day(told: World) -> None:
    at = (keys.referral("NS-26-7KQ4ZP"), f"N#01#0001#{PROBATION}#email")
    told.store.write([told.store.update("x", "state", at, change=Change({}, remove=("sent_at",)))])
    told.take(a_revision())
    item = told.delivery(PROBATION, Channel.EMAIL, seq=2)
    assert item["told_before"] == {"decision_seq": 1, "outcome": "S47J"}


def test_each_is_told_before_what_it_was_told_last_itself(told: World) -> None:
    """Version 2 was replaced before anybody was told it."""
    told.take(a_revision(2, **NOBODY_ELSE))
    told.take(a_revision(3, primary_outcome="NFA", **NOBODY_ELSE))
    told.send_due()
    before = [pins.told_before for pins in pins_of(told, 3).values()]
    assert [one.decision_seq for one in before if one] == [1, 1]


def test_a_notice_is_remembered_as_a_notice(world: World) -> None:
    """What a notice did not say must not be said later, as what it was."""
    world.take(a_decision(involved_agencies=[{"agency_id": PROBATION, "holds_plan_role": True}]))
    world.send_due()
    world.take(a_revision())
    before = world.delivery(PROBATION, Channel.EMAIL, seq=2)["told_before"]
    assert before["decision_seq"] == 1
    assert "outcome" not in before


def test_an_agency_that_became_anothers_alias_is_told_once_and_as_told_before(world: World) -> None:
    world.apply(a_registry(an_agency("old-probation", AgencyType.PROBATION, Channel.EMAIL)))
    world.take(a_decision(involved_agencies=involved("old-probation")))
    world.send_due()
    merged = an_agency(PROBATION, AgencyType.PROBATION, Channel.EMAIL, aliases=("old-probation",))
    registry = a_registry()
    renamed = registry.model_copy(update={"agency": (registry.agency[0], merged)})
    world.directory.apply(renamed, applier="duty-engineer", now=world.now, allow_removal=True)
    world.take(a_revision(involved_agencies=involved(PROBATION)))
    world.send_due()
    pins = pins_of(world, 2)[PROBATION]
    assert pins.message_type is MessageType.OUTCOME_REVISED
    assert planned(world, 2) == {POLICE, PROBATION}


def test_a_key_that_is_destroyed_keeps_no_revision_from_being_told(told: World) -> None:
    """The earlier notice cannot be opened any more, nor can a form: what is new is told all the same."""
    told.store.client.delete_item(
        TableName="keys", Key={"pk": {"S": keys.referral("NS-26-7KQ4ZP")}, "sk": {"S": "KEY"}}
    )
    told.take(a_revision())
    told.send_due()
    assert set(pins_of(told, 2)) == {POLICE, PROBATION}
    before = pins_of(told, 2)[POLICE].told_before
    assert before is not None
    assert before.outcome is None


# --- who may not be told any more


def test_an_agency_that_was_never_told_and_may_not_be_is_no_call(world: World) -> None:
    world.apply(a_registry(an_agency("north-charity", AgencyType.VOLUNTARY, Channel.EMAIL)))
    world.take(a_decision(primary_outcome="S17", involved_agencies=involved("north-charity")))
    world.take(a_revision(primary_outcome="EHF", involved_agencies=involved("north-charity")))
    assert planned(world, 1) | planned(world, 2) == {POLICE}
    assert task_rows(world) == []


def test_an_agency_told_before_that_may_hear_nothing_now_is_called(world: World) -> None:
    world.apply(a_registry(an_agency("hill-dentist", AgencyType.DENTIST, Channel.EMAIL)))
    dentist = {"agency_id": "hill-dentist", "own_ref": "D-77"}
    world.take(a_decision(primary_outcome="S17", referring_agency=dentist, involved_agencies=[]))
    world.send_due()
    assert pins_of(world, 1)["hill-dentist"].level == 2
    world.take(
        a_revision(
            primary_outcome="CTI",
            referring_agency={"agency_id": POLICE},
            involved_agencies=involved("hill-dentist"),
        )
    )
    world.send_due()
    assert set(pins_of(world, 2)) == {POLICE}
    assert task_rows(world) == [("CALL_AGENCY", "hill-dentist")]
    assert "CALL_AGENCY#01#hill-dentist" in open_tasks(world)


def test_an_agency_that_left_the_registry_is_called(told: World) -> None:
    registry = a_registry()
    without = registry.model_copy(update={"agency": registry.agency[:1]})
    told.directory.apply(without, applier="duty-engineer", now=told.now, allow_removal=True)
    told.take(a_revision(**NOBODY_ELSE))
    told.send_due()
    assert set(pins_of(told, 2)) == {POLICE}
    assert task_rows(told) == [("CALL_AGENCY", PROBATION)]


def test_a_mailbox_that_is_not_managed_any_more_lowers_the_new_message(told: World) -> None:
    elsewhere = an_agency(PROBATION, AgencyType.PROBATION, Channel.EMAIL)
    assert elsewhere.email is not None
    mailbox = elsewhere.email.model_copy(update={"address": "mash@north-probation.example"})
    registry = a_registry()
    moved = registry.model_copy(
        update={"agency": (registry.agency[0], elsewhere.model_copy(update={"email": mailbox}))}
    )
    told.apply(moved)
    told.take(a_revision(**NOBODY_ELSE))
    told.send_due()
    pins = pins_of(told, 2)[PROBATION]
    assert (int(pins.level), pins.notice_reason) == (1, "MAILBOX_NOT_MANAGED")
    assert "child in need" not in told_by_mail(told)


def test_a_level_that_the_hub_lowered_since_is_lower_in_the_revision(told: World) -> None:
    lower = {"agency_type": "PROBATION", "role": "involved", "outcome": "S17", "level": 2}
    hub = a_registry().hub.model_dump(mode="json") | {"lowered": [lower]}
    told.apply(a_registry(hub=HubDirectory.model_validate_json(json.dumps(hub))))
    told.take(a_revision())
    told.send_due()
    assert pins_of(told, 2)[PROBATION].level == 2


# --- versions that do not follow each other


def test_a_revision_first_seen_is_told_as_an_outcome_flagged_and_put_on_the_worklist(world: World) -> None:
    world.take(a_revision(2))
    world.send_due()
    assert "REVISION_WITHOUT_DECISION" in world.rows()[0]["flags"]
    assert {pins.message_type for pins in pins_of(world, 2).values()} == {MessageType.OUTCOME}
    assert task_rows(world) == [("CHECK_REVISION", "")]
    assert world.tasks()["CHECK_REVISION#01"]["role"] == "MASH_MANAGER"


def test_a_revision_of_another_version_than_the_newest_is_flagged_and_told(told: World) -> None:
    told.take(a_revision(5, supersedes=3))
    told.send_due()
    decision = [row for row in told.rows() if row["type"] == "DECISION"][-1]
    assert "REVISION_WITHOUT_DECISION" in decision["flags"]
    assert {pins.message_type for pins in pins_of(told, 5).values()} == {MessageType.OUTCOME_REVISED}
    assert "CHECK_REVISION#01" in open_tasks(told)


def test_a_revision_of_the_newest_version_is_not_flagged(told: World) -> None:
    told.take(a_revision())
    assert not [row for row in told.rows() if "REVISION_WITHOUT_DECISION" in row.get("flags", ())]
    assert open_tasks(told) == set()


def test_a_revision_older_than_the_newest_is_stale_and_not_sent(told: World) -> None:
    told.take(a_revision(3, supersedes=1))
    told.send_due()
    told.take(a_revision(2))
    assert told.rows()[-1]["type"] == "DECISION_STALE"
    assert told.send_due() == 0


def test_the_decision_that_a_first_seen_revision_replaced_is_stale_when_it_comes(world: World) -> None:
    world.take(a_revision(2))
    world.take(a_decision())
    assert world.rows()[-1]["type"] == "DECISION_STALE"
    world.send_due()
    assert set(pins_of(world, 1)) == set()


@pytest.mark.finding(35)
def test_siblings_are_untouched_by_a_revision(world: World) -> None:
    """Equal versions, and the second child's second version while the first child's is queued (hazard H9)."""
    for child in (1, 2):
        world.take(a_decision(event_id=an_event_id(child), child_index=child))
    world.take(a_revision(child_index=2))
    assert {row["child"] for row in world.rows() if row["type"] == "SUPERSEDED"} == {2}
    world.send_due()
    told = [json.loads(body)["data"] for _, body in world.police.sent]
    assert {(data["child_index"], data["decision"]["decision_seq"]) for data in told} == {(1, 1), (2, 2)}
    before = [item.get("told_before") for item in world.all_items("state") if item.get("child") == 1]
    assert set(map(str, before)) == {"None"}


def test_a_sibling_told_before_does_not_make_this_childs_message_a_revision(told: World) -> None:
    told.take(a_decision(event_id=an_event_id(2), child_index=2))
    told.take(a_revision(child_index=2))
    told.send_due()
    assert {pins.message_type for pins in pins_of(told, 2).values()} == {MessageType.OUTCOME}


# --- holds


def test_a_hold_survives_a_revision_until_a_person_acts(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    world.take(a_revision(hold_codes=[]))
    world.later(days=1)
    assert world.send_due() == 0
    assert world.tasks()["RELEASE_CHILD#01"]["dver"] == 2
    world.release()
    world.send_due()
    assert set(pins_of(world, 2)) == {POLICE, PROBATION}
    assert pins_of(world, 1) == {}


def test_a_call_that_stands_from_an_earlier_version_keeps_no_hold_from_being_released(world: World) -> None:
    """It is the same call; that it is open already must not make the release fail for ever."""
    public: Wire = {"referring_agency": None, "source_code": "1A"}
    world.take(a_decision(**public))
    before = world.tasks()["CALL_REFERRER#01"]["due_at"]
    world.take(a_revision(**public, hold_codes=[{"code": "SENSITIVE"}]))
    world.later(days=1)
    world.release()
    assert world.send_due() == 1
    assert open_tasks(world) == {"CALL_REFERRER#01"}
    assert world.tasks()["CALL_REFERRER#01"]["due_at"] == before


def test_a_hold_that_was_released_does_not_come_back(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    world.release()
    world.send_due()
    world.take(a_revision(hold_codes=[]))
    assert world.send_due() == 2


@pytest.mark.parametrize("outcome", ["EMP", "LAD"])
def test_a_hold_of_an_outcome_goes_with_it_and_its_task_closes(world: World, outcome: str) -> None:
    world.take(a_decision(primary_outcome=outcome))
    assert open_tasks(world) == {"RELEASE_CHILD#01"}
    world.take(a_revision())
    assert open_tasks(world) == set()
    assert world.send_due() == 2


def test_an_allegation_held_beside_closes_when_the_revision_has_none(world: World) -> None:
    world.take(a_decision(additional_outcomes=["LAD"]))
    assert open_tasks(world) == {"RELEASE_ALLEGATION#01"}
    world.take(a_revision())
    assert open_tasks(world) == set()


def test_a_hold_keeps_the_clock_it_started_with(world: World) -> None:
    """Else a decision revised every half hour would never page anybody."""
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    due = world.tasks()["RELEASE_CHILD#01"]["due_at"]
    world.later(minutes=50)
    world.take(a_revision(primary_outcome="STR", hold_codes=[]))
    task = world.tasks()["RELEASE_CHILD#01"]
    held = [row for row in world.rows() if row["type"] == "HELD"][-1]
    assert (task["due_at"], held["due_at"]) == (due, due)


def test_an_overdue_hold_gets_a_new_clock_with_the_new_version(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    world.later(hours=2)
    world.send_due()
    assert world.tasks()["RELEASE_CHILD#01"]["st"] == "OVERDUE"
    world.take(a_revision(primary_outcome="STR", hold_codes=[]))
    task = world.tasks()["RELEASE_CHILD#01"]
    assert (task["st"], task["due_at"]) == ("OPEN", "2026-11-24T18:02:30.000Z")


def test_a_recipients_hold_survives_also_where_a_version_was_not_for_it(world: World) -> None:
    linked = [{"code": "STAFF_LINK", "agency_id": PROBATION}]
    world.take(a_decision(hold_codes=linked))
    world.take(a_revision(2, **NOBODY_ELSE))
    world.take(a_revision(3))
    world.send_due()
    assert set(pins_of(world, 3)) == {POLICE}
    assert world.delivery(PROBATION, Channel.EMAIL, seq=3)["held"] == ["STAFF_LINK"]


def test_where_the_safeguarding_lead_was_told_the_shared_mailbox_is_not_told_the_revision(
    world: World,
) -> None:
    lead = {"address": "lead@north-probation.secure.example", "verified_at": "2026-11-02"}
    agency = an_agency(PROBATION, AgencyType.PROBATION, Channel.EMAIL)
    assert agency.email is not None
    with_lead = agency.model_copy(
        update={"safeguarding_lead": agency.email.model_copy(update={"address": lead["address"]})}
    )
    registry = a_registry()
    world.apply(registry.model_copy(update={"agency": (registry.agency[0], with_lead)}))
    world.take(a_decision(hold_codes=[{"code": "STAFF_LINK", "agency_id": PROBATION}]))
    world.release(child=1, agency=PROBATION)
    world.send_due()
    assert pins_of(world, 1)[PROBATION].addressee == "SAFEGUARDING_LEAD"
    world.take(a_revision(**NOBODY_ELSE))
    world.send_due()
    assert set(pins_of(world, 2)) == {POLICE}
    assert world.delivery(PROBATION, Channel.EMAIL, seq=2)["held"] == ["STAFF_LINK"]
    world.release(child=1, agency=PROBATION)
    world.send_due()
    assert pins_of(world, 2)[PROBATION].addressee == "SAFEGUARDING_LEAD"


# --- how many


def many(*numbers: int, channels: Iterable[Channel] = (Channel.EMAIL,)) -> list[Any]:
    return [an_agency(f"agency-{number:02d}", AgencyType.PROBATION, *channels) for number in numbers]


def test_those_told_before_count_and_the_twenty_first_is_refused(world: World) -> None:
    world.apply(a_registry(*many(*range(20))))
    world.take(a_decision(involved_agencies=involved("agency-00")))
    world.send_due()
    world.take(a_revision(involved_agencies=involved(*(f"agency-{number:02d}" for number in range(1, 19)))))
    assert world.refused() == []
    world.take(
        a_revision(3, involved_agencies=involved(*(f"agency-{number:02d}" for number in range(1, 20))))
    )
    (row,) = world.refused()
    assert (row["field"], row["reason"]) == ("involved_agencies", "TOO_MANY_RECIPIENTS")


def test_services_added_for_an_unborn_child_count_as_well(world: World) -> None:
    world.apply(
        a_registry(
            *many(*range(19)),
            an_agency("north-hv", AgencyType.HEALTH_VISITING, Channel.EMAIL, told_of_unborn=True),
        )
    )
    named = [f"agency-{number:02d}" for number in range(19)]
    world.take(a_decision(unborn=True, involved_agencies=involved(*named)))
    assert [row["reason"] for row in world.refused()] == ["TOO_MANY_RECIPIENTS"]
    world.take(a_decision(unborn=True, event_id=an_event_id(2), involved_agencies=involved(*named[:18])))
    assert len(planned(world, 1)) == 20


def test_agencies_that_left_the_registry_count_as_well(world: World) -> None:
    world.apply(a_registry(*many(*range(20))))
    world.take(a_decision(involved_agencies=involved("agency-00")))
    world.send_due()
    world.directory.apply(
        a_registry(*many(*range(1, 20))), applier="duty-engineer", now=world.now, allow_removal=True
    )
    named = [f"agency-{number:02d}" for number in range(1, 20)]
    world.take(a_revision(involved_agencies=involved(*named)))
    assert [row["reason"] for row in world.refused()] == ["TOO_MANY_RECIPIENTS"]


def test_more_holds_than_one_read_can_look_up_are_all_looked_up(world: World) -> None:
    world.apply(a_registry(*many(*range(60))))
    holds = [{"code": "STAFF_LINK", "agency_id": f"agency-{number:02d}"} for number in range(60)]
    world.take(a_decision(hold_codes=holds, involved_agencies=involved("agency-59")))
    assert world.refused() == []
    assert world.delivery("agency-59", Channel.EMAIL)["held"] == ["STAFF_LINK"]


def test_twenty_recipients_on_two_channels_all_held_fit_their_transaction(world: World) -> None:
    """The worst case without duplicates: each held for itself, the child too, and an allegation beside."""
    both = (Channel.EMAIL, Channel.WEBHOOK)
    agencies = many(*range(20), channels=both)
    world.apply(a_registry(*agencies))
    named = [agency.id for agency in agencies[1:]]
    holds = [{"code": "STAFF_LINK", "agency_id": agency.id} for agency in agencies]
    held: Wire = {
        "referring_agency": {"agency_id": "agency-00"},
        "involved_agencies": involved(*named),
        "agencies_contributing": [],
        "additional_outcomes": ["LAD"],
        "hold_codes": [*holds, {"code": "SENSITIVE"}],
    }
    world.take(a_decision(**held))
    world.take(a_revision(4, **held))
    assert [row["dver"] for row in world.rows() if row["type"] == "DECISION"] == [1, 4]
    assert len([row for row in world.rows() if row["type"] == "HELD" and row["dver"] == 4]) == 22
    assert world.refused() == []
    world.later(days=2)
    assert world.send_due() == 0


# --- at once


def test_a_revision_that_comes_while_another_is_written_is_told_after_it(told: World) -> None:
    interleaved(told, lambda: told.take(a_revision(2)))
    told.take(a_revision(3, primary_outcome="NFA"))
    told.send_due()
    assert pins_of(told, 2) == {}
    assert set(pins_of(told, 3)) == {POLICE, PROBATION}
    assert is_whole(told.rows())
