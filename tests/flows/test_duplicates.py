"""A referral that is a duplicate: its agencies are told what the original is decided to be, under their own
reference."""

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item, Part, Store
from schemas.agency import Agency
from schemas.codes import AgencyType, Channel, MessageType
from schemas.notice import Pins
from tests.flows.test_taking_in import interleaved
from tests.forms import a_complete_form_event
from tests.world import (
    LosesAReply,
    Wire,
    World,
    a_decision,
    a_duplicate,
    a_receipt,
    a_registry,
    a_revision,
    an_agency,
    an_event_id,
    is_whole,
)

ORIGINAL, COPY, THIRD = "NS-26-7KQ4ZP", "NS-26-D0PL1C", "NS-26-TH1RD0"
SCHOOL, NURSE = "hill-school", "hill-nurse"


def the_agencies(**changes: dict[str, Any]) -> list[Agency]:
    return [
        an_agency(SCHOOL, AgencyType.SCHOOL, Channel.WEBHOOK, **changes.get("school", {})),
        an_agency(NURSE, AgencyType.SCHOOL_NURSING, Channel.EMAIL, **changes.get("nurse", {})),
    ]


@pytest.fixture
def hub(world: World) -> World:
    world.apply(a_registry(*the_agencies()))
    return world


@pytest.fixture
def decided(hub: World) -> World:
    """The original is decided and told."""
    hub.take(a_decision())
    hub.send_due()
    hub.later(minutes=10)
    return hub


def posts(world: World, agency: str = SCHOOL) -> list[dict[str, Any]]:
    return [json.loads(body)["data"] for pins, body in world.police.sent if pins.agency_id == agency]


def sent_to(world: World, agency: str) -> list[Pins]:
    return [pins for door in world.doors.values() for pins, _ in door.sent if pins.agency_id == agency]


def open_tasks(world: World, ref: str = ORIGINAL) -> set[str]:
    return {name for name, task in world.tasks(ref).items() if task["st"] != "DONE"}


def shared(world: World, ref: str = ORIGINAL) -> list[Item]:
    """The deliveries under duplicates' references that stand in a referral."""
    items = world.store.partition("state", keys.referral(ref), "N#")
    return [item for item in items if "duplicate" in item]


def involving(agency: str, own_ref: str = "REF-88") -> list[Wire]:
    return [{"agency_id": agency, "own_ref": own_ref, "holds_plan_role": False}]


def own_decision(seq: int = 2, **changes: Any) -> Wire:
    """The copy is decided for itself after all."""
    values: Wire = {
        "event_id": an_event_id("own", seq),
        "primary_outcome": "NFA",
        "duplicate_of": None,
        "duplicate_of_child": None,
        "reason_codes": ["BELOW_THRESHOLD_L2"],
    }
    return a_duplicate(seq=seq, **{**values, **changes})


WAITS = f"CHECK_DUPLICATE#01#{COPY}#01"


# --- told now


def test_a_duplicates_referrer_is_told_the_originals_outcome_under_its_own_reference(decided: World) -> None:
    decided.take(a_duplicate())
    decided.send_due()
    (data,) = posts(decided)
    assert (data["referral_ref"], data["own_ref"], data["child_index"]) == (COPY, "HS/204", 1)
    assert (data["decision"]["outcome"], data["level"], data["duplicate_of"]) == ("S47J", 2, None)


def test_the_other_reference_is_in_no_byte_of_what_they_get(decided: World) -> None:
    decided.take(a_duplicate(involved_agencies=involving(NURSE)))
    decided.take(a_revision())
    decided.send_due()
    theirs = [
        body
        for door in decided.doors.values()
        for pins, body in door.sent
        if pins.agency_id in {SCHOOL, NURSE}
    ]
    assert len(theirs) == 2
    for body in theirs:
        assert COPY.encode() in body
        assert ORIGINAL.encode() not in body
        assert b"43261124/0917" not in body
    others = [body for pins, body in decided.police.sent if pins.agency_id == "north-police"]
    assert not any(COPY.encode() in body or b"HS/204" in body for body in others)


def test_a_reader_of_both_is_told_under_each_and_may_know_the_other(decided: World) -> None:
    decided.take(a_duplicate(referring_agency={"agency_id": "north-police", "own_ref": "43261124/0999"}))
    decided.send_due()
    first, second = posts(decided, "north-police")
    assert (first["referral_ref"], first["own_ref"]) == (ORIGINAL, "43261124/0917")
    assert (second["referral_ref"], second["own_ref"]) == (COPY, "43261124/0999")
    assert second["duplicate_of"] == ORIGINAL


def test_a_reader_of_both_is_told_every_change_under_each(decided: World) -> None:
    decided.take(a_duplicate(referring_agency={"agency_id": "north-police", "own_ref": "43261124/0999"}))
    decided.send_due()
    decided.take(a_revision())
    decided.send_due()
    changed = [data for data in posts(decided, "north-police") if data["message_type"] == "OUTCOME_REVISED"]
    assert {(data["referral_ref"], data["decision"]["decision_seq"]) for data in changed} == {
        (ORIGINAL, 2),
        (COPY, 2),
    }


def test_whoever_may_be_told_nothing_of_the_original_does_not_learn_its_reference(hub: World) -> None:
    charity = an_agency("north-charity", AgencyType.VOLUNTARY, Channel.WEBHOOK)
    hub.apply(a_registry(*the_agencies(), charity))
    hub.take(a_duplicate(referring_agency={"agency_id": "north-charity", "own_ref": "CH-12"}))
    hub.take(a_decision(primary_outcome="S17", involved_agencies=involving("north-charity")))
    hub.send_due()
    (data,) = posts(hub, "north-charity")
    assert (data["referral_ref"], data["duplicate_of"]) == (COPY, None)


def test_a_duplicate_is_told_at_its_own_level(hub: World) -> None:
    """The school made the second referral; of the first it would be told no plan either."""
    hub.take(a_decision(primary_outcome="ACC"))
    hub.take(a_duplicate(involved_agencies=involving(NURSE)))
    levels = {item["agency"]: item["level"] for item in shared(hub)}
    assert levels == {SCHOOL: 1, NURSE: 3}


def test_both_trails_say_what_happened_and_are_whole(decided: World) -> None:
    decided.take(a_duplicate())
    decided.send_due()
    decision = decided.rows(COPY)[0]
    assert (decision["outcome"], decision["joined"], decision["duplicate_of"]) == ("DUP", [SCHOOL], ORIGINAL)
    assert decision["told_as"] == {"ref": ORIGINAL, "child": 1, "dver": 1}
    (joined,) = [row for row in decided.rows() if row["type"] == "LIFECYCLE"]
    assert (joined["duplicate"], joined["joined"], joined["ra"]) == (COPY, [SCHOOL], "UNKNOWN")
    assert joined["recipients"] == decision["recipients"]
    started = [row for row in decided.rows() if row["type"] == "ATTEMPT_STARTED"][-1]
    assert (started["agency"], started["shown_as"]) == (SCHOOL, COPY)
    assert decided.kinds(COPY) == ["DECISION", "RA_CHECK"]
    assert is_whole(decided.rows())
    assert is_whole(decided.rows(COPY))


def test_the_police_form_is_the_originals_unless_the_duplicate_has_one_of_its_own(decided: World) -> None:
    decided.take(a_complete_form_event())
    decided.take(a_duplicate())
    decided.take(a_complete_form_event(event_id=an_event_id("form"), referral_ref=THIRD, children=[]))
    decided.take(a_duplicate(ref=THIRD, event_id=an_event_id("third")))
    decided.send_due()
    forms = {data["referral_ref"]: data["police_form"]["status"] for data in posts(decided)}
    assert forms == {COPY: "COMPLETE", THIRD: "NOT_YET_COMPLETE"}


# --- told later


def test_the_original_decided_later_tells_those_who_waited_and_closes_the_question(hub: World) -> None:
    hub.take(a_duplicate())
    assert hub.send_due() == 0
    assert open_tasks(hub) == {WAITS}
    assert "DUPLICATE_NOT_FOUND" in hub.rows(COPY)[0]["flags"]
    assert hub.rows(COPY)[0]["joined"] == [SCHOOL]
    hub.take(a_decision())
    hub.send_due()
    assert [data["referral_ref"] for data in posts(hub)] == [COPY]
    assert open_tasks(hub) == set()
    assert is_whole(hub.rows())


def test_a_child_that_is_received_and_not_decided_waits_as_well(hub: World) -> None:
    hub.take(a_receipt(1, 2))
    hub.take(a_duplicate())
    hub.take(a_decision(event_id=an_event_id(2), child_index=2))
    hub.send_due()
    assert posts(hub) == []
    hub.take(a_decision())
    hub.send_due()
    assert [data["decision"]["outcome"] for data in posts(hub)] == ["S47J"]


def test_the_original_revised_tells_them_what_has_changed(decided: World) -> None:
    decided.take(a_duplicate())
    decided.send_due()
    decided.later(minutes=10)
    decided.take(a_revision())
    decided.send_due()
    first, second = posts(decided)
    assert (first["message_type"], second["message_type"]) == ("OUTCOME", "OUTCOME_REVISED")
    assert (second["decision"]["outcome"], second["decision"]["decision_seq"]) == ("S17", 2)
    assert second["decision"]["supersedes"] == first["decision"]["decision_seq"] == 1


def test_a_decision_told_before_it_turned_out_a_duplicate_is_a_change_for_its_reader(hub: World) -> None:
    """The wait for the original must not make them forget what they were told of their own."""
    hub.take(own_decision(1))
    hub.send_due()
    hub.take(a_duplicate(seq=2))
    hub.take(a_decision())
    hub.send_due()
    first, second = posts(hub)
    assert (first["referral_ref"], second["referral_ref"]) == (COPY, COPY)
    assert (second["message_type"], second["decision"]["supersedes"]) == ("OUTCOME_REVISED", 1)
    assert second["decision"]["decision_seq"] > first["decision"]["decision_seq"]
    (revised,) = [pins for pins in sent_to(hub, SCHOOL) if pins.message_type is MessageType.OUTCOME_REVISED]
    assert revised.told_before is not None
    assert revised.told_before.outcome == "NFA"


def test_the_same_duplicate_again_or_in_a_newer_version_does_not_tell_twice(decided: World) -> None:
    decided.take(a_duplicate())
    decided.take(a_duplicate())
    decided.send_due()
    decided.take(a_duplicate(seq=2))
    decided.send_due()
    assert len(posts(decided)) == 1
    assert decided.kinds(COPY) == ["DECISION", "RA_CHECK", "EVENT_DUPLICATE", "DECISION", "RA_CHECK"]


def test_a_new_channel_is_no_reason_to_tell_the_same_again(decided: World) -> None:
    decided.take(a_duplicate())
    decided.send_due()
    both = {"channels": (Channel.WEBHOOK, Channel.EMAIL)}
    decided.apply(a_registry(*the_agencies(school=both)))
    decided.take(a_duplicate(seq=2))
    decided.send_due()
    assert len(sent_to(decided, SCHOOL)) == 1


def test_a_newer_version_adds_whoever_it_names_and_keeps_whoever_was_told(decided: World) -> None:
    decided.take(a_duplicate())
    decided.send_due()
    decided.take(a_duplicate(seq=2, referring_agency={"agency_id": NURSE, "own_ref": "REF-88"}))
    decided.send_due()
    decided.take(a_revision())
    decided.send_due()
    assert [pins.message_type for pins in sent_to(decided, SCHOOL)] == ["OUTCOME", "OUTCOME_REVISED"]
    assert [pins.message_type for pins in sent_to(decided, NURSE)] == ["OUTCOME", "OUTCOME_REVISED"]


def test_what_its_reader_counts_rises_with_both_referrals(decided: World) -> None:
    decided.take(a_duplicate())
    decided.send_due()
    decided.take(a_duplicate(seq=2))
    decided.take(a_revision())
    decided.send_due()
    decided.take(a_revision(3, primary_outcome="NFA"))
    decided.send_due()
    counted = [(data["decision"]["decision_seq"], data["decision"]["supersedes"]) for data in posts(decided)]
    assert counted == [(1, None), (3, 1), (4, 3)]


# --- it is no duplicate any more


def test_a_duplicates_own_decision_ends_the_join(decided: World) -> None:
    decided.take(a_duplicate())
    decided.send_due()
    decided.take(own_decision())
    decided.send_due()
    decided.take(a_revision())
    decided.send_due()
    told = [(data["referral_ref"], data["decision"]["outcome"]) for data in posts(decided)]
    assert told == [(COPY, "S47J"), (COPY, "NFA")]
    left = [row for row in decided.rows() if row.get("left")]
    assert [(row["type"], row["duplicate"]) for row in left] == [("LIFECYCLE", COPY)]
    assert is_whole(decided.rows())
    assert is_whole(decided.rows(COPY))


def test_their_own_decision_is_a_change_to_whoever_was_told_the_originals(decided: World) -> None:
    decided.take(a_duplicate())
    decided.send_due()
    decided.take(own_decision(referring_agency=None))
    decided.send_due()
    revised = sent_to(decided, SCHOOL)[-1]
    assert revised.message_type is MessageType.OUTCOME_REVISED
    assert revised.told_before is not None
    assert (revised.told_before.decision_seq, revised.told_before.outcome) == (1, "S47J")


def test_what_was_not_sent_yet_is_replaced_by_their_own_decision(decided: World) -> None:
    decided.take(a_duplicate())
    decided.take(own_decision())
    decided.send_due()
    assert [data["decision"]["outcome"] for data in posts(decided)] == ["NFA"]
    (row,) = [row for row in decided.rows() if row["type"] == "SUPERSEDED"]
    assert (row["agency"], row["nonce"]) == (SCHOOL, keys.duplicate_nonce(COPY, 1))


def test_a_duplicates_own_decision_closes_what_was_asked_of_the_original(hub: World) -> None:
    hub.take(a_duplicate())
    hub.take(own_decision())
    assert open_tasks(hub) == set()
    hub.take(a_decision())
    hub.send_due()
    assert [data["decision"]["outcome"] for data in posts(hub)] == ["NFA"]


def test_a_duplicate_of_another_after_all_leaves_the_first(decided: World) -> None:
    decided.take(a_duplicate())
    decided.take(a_duplicate(of=THIRD, seq=2))
    assert [item["st"] for item in shared(decided)] == ["SUPERSEDED"]
    assert open_tasks(decided, THIRD) == {WAITS}
    decided.take(a_revision())
    decided.take(a_decision(event_id=an_event_id(3), referral_ref=THIRD, primary_outcome="EHF"))
    decided.send_due()
    assert [data["decision"]["outcome"] for data in posts(decided)] == ["EHF"]


def test_a_child_is_no_duplicate_any_more_once_it_is_decided(decided: World) -> None:
    decided.take(a_duplicate())
    decided.take(own_decision())
    child = decided.store.get("state", keys.referral(COPY), keys.child(1))
    assert child is not None
    assert not {"duplicate_of", "duplicate_of_child", "joined"} & set(child)


# --- which child, which original


def test_of_several_children_none_is_guessed(hub: World) -> None:
    hub.take(a_receipt(1, 2))
    for child in (1, 2):
        hub.take(a_decision(event_id=an_event_id(child), child_index=child))
    hub.take(a_duplicate(duplicate_of_child=None))
    hub.send_due()
    assert posts(hub) == []
    assert open_tasks(hub) == {f"CHECK_DUPLICATE#00#{COPY}#01"}


def test_the_only_child_decided_so_far_is_not_taken_for_the_only_one(decided: World) -> None:
    """Siblings come one by one: until the arrival has said how many there are, none is guessed (H9)."""
    decided.take(a_duplicate(duplicate_of_child=None))
    decided.take(a_revision())
    decided.send_due()
    assert posts(decided) == []


def test_the_only_child_of_a_referral_that_arrived_is_meant(decided: World) -> None:
    decided.take(a_receipt())
    decided.take(a_duplicate(duplicate_of_child=None))
    decided.send_due()
    assert len(posts(decided)) == 1


def test_the_only_child_is_meant_also_where_it_is_decided_later(hub: World) -> None:
    hub.take(a_duplicate(duplicate_of_child=None))
    hub.take(a_receipt())
    hub.take(a_decision())
    hub.send_due()
    assert len(posts(hub)) == 1
    assert open_tasks(hub) == set()


def test_a_newer_version_that_says_which_child_closes_the_question(hub: World) -> None:
    for child in (1, 2):
        hub.take(a_decision(event_id=an_event_id(child), child_index=child, primary_outcome="S17"))
    hub.take(a_duplicate(duplicate_of_child=None))
    hub.take(a_duplicate(seq=2, duplicate_of_child=2))
    hub.send_due()
    assert len(posts(hub)) == 1
    assert {item["child"] for item in shared(hub)} == {2}
    assert open_tasks(hub) == set()


def test_two_children_of_one_referral_may_each_be_a_duplicate(decided: World) -> None:
    decided.take(a_duplicate(involved_agencies=[]))
    decided.take(a_duplicate(child_index=2, duplicate_of_child=1))
    decided.send_due()
    decided.take(a_revision())
    decided.send_due()
    told = [(data["child_index"], data["decision"]["supersedes"]) for data in posts(decided)]
    assert sorted(told, key=str) == [(1, 1), (1, None), (2, 1), (2, None)]


def test_an_original_that_nobody_knows_waits_and_is_asked_about(hub: World) -> None:
    hub.take(a_duplicate(of="NS-26-NOBODY"))
    assert hub.send_due() == 0
    assert open_tasks(hub, "NS-26-NOBODY") == {WAITS}
    assert hub.tasks("NS-26-NOBODY")[WAITS]["role"] == "MASH_MANAGER"
    assert is_whole(hub.rows("NS-26-NOBODY"))


def test_two_duplicates_of_one_original_by_the_same_agency_are_each_told(decided: World) -> None:
    decided.take(a_duplicate())
    again = {"agency_id": SCHOOL, "own_ref": "HS/205"}
    decided.take(a_duplicate(ref=THIRD, referring_agency=again))
    decided.take(a_revision())
    decided.send_due()
    told = {(data["referral_ref"], data["own_ref"]) for data in posts(decided)}
    assert told == {(COPY, "HS/204"), (THIRD, "HS/205")}
    assert b"HS/204" not in b"".join(body for _, body in decided.police.sent if THIRD.encode() in body)


# --- duplicates of duplicates


def test_a_duplicate_of_a_duplicate_is_told_what_the_first_is_decided_to_be(decided: World) -> None:
    decided.take(a_duplicate())
    nurse = {"agency_id": NURSE, "own_ref": "REF-88"}
    decided.take(a_duplicate(of=COPY, ref=THIRD, referring_agency=nurse))
    decided.send_due()
    (pins,) = sent_to(decided, NURSE)
    assert pins.duplicate is not None
    assert pins.duplicate.referral_ref == THIRD
    text = decided.mailbox.mails[-1][1].text
    assert ORIGINAL not in text
    assert COPY not in text
    assert all(is_whole(decided.rows(ref)) for ref in (ORIGINAL, COPY, THIRD))


@pytest.mark.parametrize("first", ["the outer one", "the inner one"])
def test_the_original_decided_later_tells_both_whichever_came_first(hub: World, first: str) -> None:
    nurse = {"agency_id": NURSE, "own_ref": "REF-88"}
    events = [a_duplicate(of=COPY, ref=THIRD, referring_agency=nurse), a_duplicate()]
    for event in events if first == "the outer one" else reversed(events):
        hub.take(event)
    hub.take(a_decision())
    hub.send_due()
    assert len(sent_to(hub, SCHOOL)) == len(sent_to(hub, NURSE)) == 1
    for ref in (ORIGINAL, COPY, THIRD):
        assert open_tasks(hub, ref) == set()


@pytest.mark.parametrize("first", ["the outer one", "the inner one"])
def test_one_in_between_that_is_decided_after_all_takes_its_own_duplicates_with_it(
    decided: World, first: str
) -> None:
    nurse = {"agency_id": NURSE, "own_ref": "REF-88"}
    events = [a_duplicate(of=COPY, ref=THIRD, referring_agency=nurse), a_duplicate()]
    for event in events if first == "the outer one" else reversed(events):
        decided.take(event)
    decided.send_due()
    decided.take(own_decision())
    decided.take(a_revision())
    decided.send_due()
    outcomes = [item["st"] for item in shared(decided) if item["dver"] == 2]
    assert outcomes == []
    assert [data["decision"]["outcome"] for data in posts(decided)] == ["S47J", "NFA"]
    last = sent_to(decided, NURSE)[-1]
    assert last.message_type is MessageType.OUTCOME_REVISED
    assert "no further action" in decided.mailbox.mails[-1][1].text


def test_an_outer_one_that_is_decided_after_all_leaves_every_referral_on_the_way(decided: World) -> None:
    nurse = {"agency_id": NURSE, "own_ref": "REF-88"}
    decided.take(a_duplicate(of=COPY, ref=THIRD, referring_agency=nurse))
    decided.take(a_duplicate())
    decided.send_due()
    decided.take(own_decision(referral_ref=THIRD, referring_agency=nurse))
    decided.take(a_revision())
    decided.send_due()
    decided.take(own_decision(2, event_id=an_event_id("other"), primary_outcome="EHF"))
    decided.send_due()
    assert [pins.message_type for pins in sent_to(decided, NURSE)] == ["OUTCOME", "OUTCOME_REVISED"]
    assert len(sent_to(decided, SCHOOL)) == 3


def test_what_their_reader_counts_rises_over_a_change_of_originals(decided: World) -> None:
    """The third version of one original, then the first of another: a receiver must not ignore it."""
    decided.take(a_duplicate())
    decided.take(a_revision(3, supersedes=1))
    decided.send_due()
    decided.take(a_decision(event_id=an_event_id(3), referral_ref=THIRD, primary_outcome="EHF"))
    decided.take(a_duplicate(of=THIRD, seq=2))
    decided.send_due()
    counted = [(data["decision"]["decision_seq"], data["decision"]["supersedes"]) for data in posts(decided)]
    assert counted == [(3, None), (4, 3)]


def test_a_circle_is_for_a_person_and_tells_nobody(hub: World) -> None:
    """Nor does anybody join their own referral by it, and hear of it twice once it is decided."""
    hub.take(a_receipt(ref=COPY))
    hub.take(a_duplicate(of=THIRD))
    hub.take(a_duplicate(of=COPY, ref=THIRD, referring_agency={"agency_id": NURSE, "own_ref": "REF-88"}))
    assert hub.send_due() == 0
    # Nobody decides it while it goes round in a circle, and its time runs out.
    assert open_tasks(hub, COPY) == {f"CHECK_DUPLICATE#00#{THIRD}#01", "DECIDE_LATE#01"}
    hub.take(own_decision())
    hub.send_due()
    assert len(posts(hub)) == 1


def test_a_chain_longer_than_three_is_for_a_person(hub: World) -> None:
    refs = [ORIGINAL, "NS-26-CHA1N1", "NS-26-CHA1N2", "NS-26-CHA1N3", "NS-26-CHA1N4"]
    hub.take(a_decision())
    for of, ref in pairwise(refs):
        hub.take(a_duplicate(of=of, ref=ref))
    hub.send_due()
    assert {data["referral_ref"] for data in posts(hub)} == set(refs[1:4])
    assert open_tasks(hub, refs[3]) == {f"CHECK_DUPLICATE#00#{refs[4]}#01"}


# --- holds


def test_a_held_original_holds_those_who_join_and_its_release_frees_them(hub: World) -> None:
    hub.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    hub.take(a_duplicate())
    assert hub.send_due() == 0
    hub.release()
    hub.send_due()
    assert len(posts(hub)) == 1


def test_an_emergency_released_for_others_waits_for_a_person_again(hub: World) -> None:
    hub.take(a_decision(primary_outcome="EMP"))
    hub.release()
    hub.take(a_duplicate())
    hub.send_due()
    assert posts(hub) == []
    assert open_tasks(hub) == {f"RELEASE_AGENCY#01#{SCHOOL}"}
    hub.release(agency=SCHOOL)
    hub.send_due()
    assert len(posts(hub)) == 1


def test_a_held_duplicate_is_held_with_a_task_at_its_original(decided: World) -> None:
    decided.take(a_duplicate(hold_codes=[{"code": "SENSITIVE"}]))
    assert decided.send_due() == 0
    held = [row for row in decided.rows() if row["type"] == "HELD"]
    assert [(row["held_agency"], row["triggers"]) for row in held] == [(SCHOOL, ["SENSITIVE"])]
    decided.release(agency=SCHOOL)
    decided.send_due()
    assert len(posts(decided)) == 1


@pytest.mark.parametrize(
    "hold",
    [{"code": "SENSITIVE"}, {"code": "STAFF_LINK", "agency_id": SCHOOL}, {"code": "REFERRER_IS_FAMILY"}],
)
def test_what_holds_a_duplicate_holds_also_what_it_waits_for(hub: World, hold: Wire) -> None:
    hub.take(a_duplicate(hold_codes=[hold]))
    hub.take(a_decision())
    assert hub.send_due() == 2
    assert posts(hub) == []
    assert open_tasks(hub) == {f"RELEASE_AGENCY#01#{SCHOOL}"}
    hub.take(a_revision())
    hub.send_due()
    assert posts(hub) == []


def test_an_agency_held_at_the_original_is_held_under_its_other_reference_too(hub: World) -> None:
    """Their staff are linked to the child: the shared mailbox must not learn it by the other referral."""
    linked = [{"code": "STAFF_LINK", "agency_id": SCHOOL}]
    hub.take(a_decision(hold_codes=linked, involved_agencies=involving(SCHOOL)))
    hub.take(a_duplicate())
    hub.send_due()
    assert posts(hub) == []
    assert [item["held"] for item in shared(hub)] == [["STAFF_LINK"]]


def test_a_hold_at_the_original_is_closed_with_the_messages_that_it_held(decided: World) -> None:
    decided.take(a_duplicate(hold_codes=[{"code": "SENSITIVE"}]))
    decided.take(own_decision())
    assert open_tasks(decided) == set()
    assert open_tasks(decided, COPY) == {"RELEASE_CHILD#01"}


# --- whom no message reaches


def test_a_public_referrers_duplicate_is_a_call_now_and_once_the_original_is_decided(hub: World) -> None:
    public: Wire = {"referring_agency": None, "source_code": "1A"}
    hub.take(a_duplicate(**public))
    assert open_tasks(hub, COPY) == {"CALL_REFERRER#01"}
    hub.take(a_decision())
    assert open_tasks(hub) == {f"CALL_REFERRER#01#{COPY}#01"}
    assert "CALL_REFERRER" in [row["task"] for row in hub.rows() if row["type"] == "TASK"]


def test_an_agency_that_reads_the_hubs_own_system_is_not_told_twice(decided: World) -> None:
    decided.apply(a_registry(*the_agencies(school={"in_case_system": True})))
    decided.take(a_duplicate())
    decided.send_due()
    assert posts(decided) == []
    assert "SUPPRESSED_IN_SYSTEM" in decided.kinds(COPY)
    assert open_tasks(decided, COPY) == set()


def test_an_agency_without_a_channel_is_called_under_its_own_reference(hub: World) -> None:
    hub.apply(a_registry(*the_agencies(nurse={"channels": ()})))
    hub.take(a_duplicate(involved_agencies=involving(NURSE)))
    hub.take(a_decision())
    assert open_tasks(hub) == {f"CALL_AGENCY#01#{NURSE}#{COPY}#01"}


def test_an_agency_that_joined_and_left_the_registry_is_called(hub: World) -> None:
    hub.take(a_duplicate(involved_agencies=involving(NURSE)))
    hub.directory.apply(
        a_registry(the_agencies()[0]), applier="duty-engineer", now=hub.now, allow_removal=True
    )
    hub.take(a_decision())
    assert f"CALL_AGENCY#01#{NURSE}#{COPY}#01" in open_tasks(hub)


def test_an_outcome_that_its_referrer_may_not_have_is_a_call(hub: World) -> None:
    hub.take(a_decision(primary_outcome="CTI"))
    dentist = an_agency("hill-dentist", AgencyType.DENTIST, Channel.EMAIL)
    hub.apply(a_registry(*the_agencies(), dentist))
    hub.take(a_duplicate(referring_agency={"agency_id": "hill-dentist", "own_ref": "D-77"}))
    assert open_tasks(hub, COPY) == {"CALL_REFERRER#01"}


# --- two partitions, one transaction


def test_an_original_revised_in_between_is_told_as_it_is_now(decided: World) -> None:
    interleaved(decided, lambda: decided.take(a_revision()))
    decided.take(a_duplicate())
    decided.send_due()
    assert [data["decision"]["outcome"] for data in posts(decided)] == ["S17"]
    assert is_whole(decided.rows())
    assert is_whole(decided.rows(COPY))


def test_a_duplicate_that_comes_while_its_original_is_decided_is_not_forgotten(hub: World) -> None:
    interleaved(hub, lambda: hub.take(a_duplicate()))
    hub.take(a_decision())
    hub.send_due()
    assert len(posts(hub)) == 1


def test_a_duplicate_decided_for_itself_while_its_original_is_revised_is_not_told_of_that(
    decided: World,
) -> None:
    decided.take(a_duplicate())
    decided.send_due()
    interleaved(decided, lambda: decided.take(own_decision()))
    decided.take(a_revision())
    decided.send_due()
    assert [data["decision"]["outcome"] for data in posts(decided)] == ["S47J", "NFA"]


def test_one_in_between_decided_while_an_outer_one_comes_is_what_it_is_told(decided: World) -> None:
    decided.take(a_duplicate())
    nurse = {"agency_id": NURSE, "own_ref": "REF-88"}
    interleaved(decided, lambda: decided.take(own_decision()))
    decided.take(a_duplicate(of=COPY, ref=THIRD, referring_agency=nurse))
    decided.send_due()
    assert len(sent_to(decided, NURSE)) == 1
    assert "no further action" in decided.mailbox.mails[-1][1].text


def test_a_join_whose_answer_was_lost_is_one_join(decided: World) -> None:
    """Its rows stand in two trails; neither they nor the message come twice."""
    decided.store = LosesAReply(decided.store.client, audit="audit", state="state", keys="keys")
    decided.__post_init__()
    decided.take(a_duplicate())
    decided.send_due()
    assert decided.kinds(COPY) == ["DECISION", "RA_CHECK"]
    assert decided.kinds().count("LIFECYCLE") == 1
    assert len(posts(decided)) == 1


def test_a_join_that_is_written_again_after_a_lost_answer_is_our_own(decided: World) -> None:
    """The client itself tries again: every row of both trails stands already, and is ours."""
    written = decided.store.write

    class WritesTwice(Store):
        def write(self, parts: Sequence[Part]) -> None:
            written(parts)
            written(parts)

    decided.store = WritesTwice(decided.store.client, audit="audit", state="state", keys="keys")
    decided.__post_init__()
    decided.take(a_duplicate())
    assert decided.kinds(COPY) == ["DECISION", "RA_CHECK"]
    assert decided.kinds().count("LIFECYCLE") == 1


def test_an_original_whose_key_is_destroyed_is_for_a_person(decided: World) -> None:
    decided.store.client.delete_item(
        TableName="keys", Key={"pk": {"S": keys.referral(ORIGINAL)}, "sk": {"S": "KEY"}}
    )
    decided.take(a_duplicate())
    assert decided.send_due() == 0
    assert open_tasks(decided) == {WAITS}


# --- how many


def on_both_channels(count: int) -> list[Agency]:
    both = (Channel.EMAIL, Channel.WEBHOOK)
    return [an_agency(f"agency-{number:02d}", AgencyType.PROBATION, *both) for number in range(count)]


def all_of(agencies: list[Agency]) -> list[Wire]:
    return [one for agency in agencies for one in involving(agency.id)]


def test_a_duplicate_for_twenty_on_two_channels_all_held_fits_its_transaction(world: World) -> None:
    agencies = on_both_channels(20)
    world.apply(a_registry(*agencies))
    world.take(a_decision())
    world.take(
        a_duplicate(
            referring_agency={"agency_id": "agency-00", "own_ref": "REF-1"},
            involved_agencies=all_of(agencies)[1:],
            hold_codes=[{"code": "SENSITIVE"}],
        )
    )
    assert len(shared(world)) == 40
    assert len(open_tasks(world)) == 20


def test_what_no_transaction_holds_is_refused_and_not_a_crash(world: World) -> None:
    """Twenty held on two channels, at the end of a chain, after a time as another referral's duplicate."""
    agencies = on_both_channels(20)
    world.apply(a_registry(*agencies, *the_agencies()))
    everybody: Wire = {
        "referring_agency": {"agency_id": "agency-00", "own_ref": "REF-1"},
        "involved_agencies": all_of(agencies)[1:],
        "hold_codes": [{"code": "SENSITIVE"}],
    }
    refs = [ORIGINAL, "NS-26-CHA1N1", "NS-26-CHA1N2"]
    world.take(a_decision())
    for of, ref in pairwise(refs):
        world.take(a_duplicate(of=of, ref=ref))
    world.take(a_duplicate(of=refs[2], ref=COPY, **everybody))
    assert world.refused() == []
    assert len(shared(world)) == 40 + 2
    world.take(a_duplicate(of="NS-26-NOBODY", ref=THIRD))
    world.take(a_duplicate(of=refs[2], ref=THIRD, seq=2, **everybody))
    assert [(row["field"], row["reason"]) for row in world.refused()] == [
        ("involved_agencies", "TOO_MANY_RECIPIENTS")
    ]


def test_duplicates_that_do_not_fit_beside_a_decision_are_for_a_person_and_refuse_nothing(
    world: World,
) -> None:
    """Fifteen of its own on two channels, all held; of a dozen duplicates as many as there is room for."""
    agencies = on_both_channels(15)
    world.apply(a_registry(*agencies, *the_agencies()))
    for number in range(12):
        school = {"agency_id": SCHOOL, "own_ref": f"HS/{number:02d}"}
        world.take(a_duplicate(ref=f"NS-26-C0PY{number:02d}", referring_agency=school))
    holds = [{"code": "STAFF_LINK", "agency_id": agency.id} for agency in agencies]
    world.take(a_decision(involved_agencies=all_of(agencies), hold_codes=holds))
    assert world.refused() == []
    told = {item["duplicate"]["referral_ref"] for item in shared(world)}
    still_asked = {name for name in open_tasks(world) if name.startswith("CHECK_DUPLICATE#01#NS-26")}
    assert 0 < len(told) < 5
    assert len(told) + len(still_asked) == 12
    assert "CHECK_DUPLICATE#01" in open_tasks(world)
    assert is_whole(world.rows())
