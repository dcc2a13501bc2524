"""What the trail and the tables hold after each kind of arrival."""

import json
from collections.abc import Callable, Sequence

import pytest

from functions.adapters.ledger.store import Part, Store
from schemas.codes import AgencyType, Channel
from schemas.decision import Envelope
from schemas.risk_assessment import RaFormMetadata
from tests.forms import a_complete_form_event, a_heartbeat_event, a_shell_event, an_incorrect_form_event
from tests.world import World, a_decision, a_receipt, a_registry, an_agency, wrapped

ANOTHER_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"


def test_the_same_event_again_is_a_duplicate_and_not_a_second_message(world: World) -> None:
    for _ in range(3):
        world.take(a_decision())
    assert world.kinds() == ["DECISION", "RA_CHECK", "EVENT_DUPLICATE", "EVENT_DUPLICATE"]
    assert world.send_due() == 2
    assert len(world.police.sent) == 1


def test_the_same_decision_under_another_event_id_is_a_duplicate(world: World) -> None:
    world.take(a_decision())
    world.take(a_decision(event_id=ANOTHER_ID, source_seq=4183))
    assert world.kinds() == ["DECISION", "RA_CHECK", "EVENT_DUPLICATE"]


def test_one_arrival_delivered_twice_by_the_queue_leaves_one_row(world: World) -> None:
    for event in (a_decision(), a_decision(event_id=ANOTHER_ID)):
        for _ in range(2):
            world.take(event, bus_id=f"bus-{event['event_id']}")
    assert world.kinds() == ["DECISION", "RA_CHECK", "EVENT_DUPLICATE"]


def test_a_copied_event_id_does_not_swallow_a_siblings_outcome(world: World) -> None:
    world.take(a_decision())
    world.take(a_decision(child_index=2))
    (refused,) = world.refused()
    assert (refused["field"], refused["reason"]) == ("event_id", "EVENT_ID_REUSED")


def test_a_version_with_other_contents_is_refused_and_not_called_a_duplicate(world: World) -> None:
    world.take(a_decision())
    world.take(a_decision(event_id=ANOTHER_ID, primary_outcome="NFA"))
    (refused,) = world.refused()
    assert (refused["field"], refused["reason"]) == ("decision_seq", "DECISION_SEQ_REUSED")
    assert world.kinds() == ["DECISION", "RA_CHECK"]


def test_an_older_decision_is_recorded_stale_and_sends_nothing(world: World) -> None:
    world.take(a_decision(decision_seq=2))
    world.take(a_decision(event_id=ANOTHER_ID, decision_seq=1, primary_outcome="NFA"))
    assert world.kinds() == ["DECISION", "RA_CHECK", "DECISION_STALE"]
    assert world.rows()[-1]["newest"] == 2
    assert world.send_due() == 2


def test_a_newer_decision_supersedes_what_that_child_was_not_told_yet(world: World) -> None:
    world.take(a_decision())
    world.take(a_decision(event_id=ANOTHER_ID, child_index=2))
    world.take(
        a_decision(event_id="9f1b6a52-7a7e-4f0c-9f0e-3d2c1b0a9f8e", decision_seq=2, primary_outcome="S17")
    )
    superseded = [row for row in world.rows() if row["type"] == "SUPERSEDED"]
    assert {(row["agency"], row["child"], row["dver"], row["by"]) for row in superseded} == {
        ("north-police", 1, 1, 2),
        ("north-probation", 1, 1, 2),
    }
    assert world.send_due() == 4
    assert {(pins.agency_id, pins.message_id) for pins, _ in world.police.sent} == {
        ("north-police", world.delivery("north-police", Channel.WEBHOOK, seq=2)["message_id"]),
        ("north-police", world.delivery("north-police", Channel.WEBHOOK, child=2)["message_id"]),
    }


@pytest.mark.finding(35)
def test_siblings_with_equal_versions_are_both_told(world: World) -> None:
    world.take(a_decision())
    world.take(a_decision(event_id=ANOTHER_ID, child_index=2, primary_outcome="S17"))
    assert world.send_due() == 4
    told = [json.loads(body)["data"] for _, body in world.police.sent]
    assert {(data["child_index"], data["decision"]["outcome"]) for data in told} == {(1, "S47J"), (2, "S17")}


@pytest.mark.finding(35)
def test_a_form_on_one_child_never_completes_another(world: World) -> None:
    world.take(a_complete_form_event())
    world.take(a_decision())
    world.take(a_decision(event_id=ANOTHER_ID, child_index=2))
    checks = {row["child"]: (row["ra"], row["failed"]) for row in world.rows() if row["type"] == "RA_CHECK"}
    assert checks == {1: ("COMPLETE", []), 2: ("INCORRECT", ["RA05"])}


def test_a_form_after_the_decision_is_checked_again_and_rewrites_nothing(world: World) -> None:
    world.take(a_heartbeat_event(event_id=ANOTHER_ID))
    world.take(a_decision())
    world.send_due()
    before = world.rows()
    world.later(hours=1)
    after = {"ra_completed_at": "2026-11-24T15:40:00Z", "supervisor_reviewed_at": "2026-11-24T15:50:00Z"}
    world.take(a_complete_form_event(**after))
    assert world.rows()[: len(before)] == before
    form, check = world.rows()[len(before) :]
    assert (form["type"], check["type"]) == ("RA_FORM", "RA_CHECK")
    assert (check["ra"], check["after_decision"]) == ("COMPLETE", True)
    assert world.all_children() == {1: "COMPLETE"}


def test_a_shell_or_a_late_older_form_never_displaces_a_fuller_one(world: World) -> None:
    world.take(a_complete_form_event(form_version=3))
    older = an_incorrect_form_event(event_id=ANOTHER_ID, form_version=2)
    world.take(older)
    world.take(a_shell_event(event_id="7c1f3f0a-95a7-4f5c-8a55-9b6f3b1c2d4e", form_version=9))
    world.take(a_decision())
    assert [row["newest_for"] for row in world.rows() if row["type"] == "RA_FORM"] == [[1], [], []]
    assert world.rows()[-1]["ra"] == "COMPLETE"


def test_the_unit_stands_on_the_forms_row_alone_and_only_where_it_is_told(world: World) -> None:
    """It is the police's own code, and no answer about a child: a check's row never holds one."""
    world.take(a_receipt())
    world.take(a_complete_form_event())
    world.take(a_complete_form_event(event_id=ANOTHER_ID, form_version=3, unit="CHILD_ABUSE_UNIT"))
    forms = [row for row in world.rows() if row["type"] == "RA_FORM"]
    assert [row.get("unit", "none") for row in forms] == ["none", "CHILD_ABUSE_UNIT"]
    others = [str(row) for row in world.rows() if row["type"] != "RA_FORM"]
    assert not [text for text in others if "CHILD_ABUSE_UNIT" in text]
    check = [row for row in world.rows() if row["type"] == "RA_CHECK"][-1]
    fields = RaFormMetadata.model_fields.keys() - Envelope.model_fields.keys() - {"event_type"}
    assert fields & forms[-1].keys() == {"form_version", "form_source", "children", "unit"}
    assert fields & check.keys() == {"form_version"}


def test_a_form_before_its_referral_is_kept_under_a_key_of_its_own(world: World) -> None:
    world.take(a_complete_form_event(referral_ref=None))
    items = {(item["pk"], item["sk"]) for item in world.all_items("state") + world.all_items("keys")}
    form_id = a_complete_form_event()["form_id"]
    assert {(f"FORM#{form_id}", "RAFORM#01"), (f"FORM#{form_id}", "KEY")} <= items
    assert world.rows() == []
    (row,) = [row for row in world.all_items("audit") if row["type"] == "RA_FORM"]
    assert row["pk"] == "F#2026-11-24#north-police.ra-feed"


def test_the_same_form_and_the_same_heartbeat_again_are_duplicates(world: World) -> None:
    for event in (a_complete_form_event(), a_heartbeat_event(event_id=ANOTHER_ID)):
        world.take(event)
        world.take(event)
    assert world.kinds() == ["RA_FORM", "EVENT_DUPLICATE"]
    feed = [row["type"] for row in world.all_items("audit") if row["pk"].startswith("F#")]
    assert sorted(feed) == ["EVENT_DUPLICATE", "LIFECYCLE"]


@pytest.mark.parametrize("sent_first", [a_complete_form_event, a_heartbeat_event])
def test_an_event_id_used_by_another_event_is_refused(world: World, sent_first: object) -> None:
    assert callable(sent_first)
    world.take(sent_first(event_id=ANOTHER_ID))
    world.take(a_complete_form_event(event_id=ANOTHER_ID, form_version=7))
    assert [(row["field"], row["reason"]) for row in world.refused()] == [("event_id", "EVENT_ID_REUSED")]


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ({"primary_outcome": "EMP"}, {"child": ["EMERGENCY"]}),
        ({"primary_outcome": "LAD"}, {"child": ["LADO"]}),
        ({"hold_codes": [{"code": "SENSITIVE"}]}, {"child": ["SENSITIVE"]}),
        (
            {"hold_codes": [{"code": "STAFF_LINK", "agency_id": "north-probation"}]},
            {"north-probation": ["STAFF_LINK"]},
        ),
        ({"hold_codes": [{"code": "REFERRER_IS_FAMILY"}]}, {"north-police": ["REFERRER_IS_FAMILY"]}),
    ],
)
def test_a_held_outcome_is_recorded_and_not_sent(
    world: World, changes: dict[str, object], held: dict[str, list[str]]
) -> None:
    world.take(a_decision(**changes))
    world.later(days=2)
    sent = world.send_due()
    rows = [row for row in world.rows() if row["type"] == "HELD"]
    assert {row.get("held_agency", "child"): row["triggers"] for row in rows} == held
    assert sent == (0 if "child" in held else 1)
    assert all("due_pk" not in item for item in world.all_items("state") if "held" in item and "st" in item)


def test_a_held_allegation_never_holds_the_section_47_beside_it(world: World) -> None:
    world.take(a_decision(additional_outcomes=["LAD"]))
    assert world.send_due() == 2
    (held,) = [row for row in world.rows() if row["type"] == "HELD"]
    assert (held["outcome"], held["triggers"]) == ("LAD", ["LADO"])
    assert all(b"LAD" not in body and b"designated officer" not in body for _, body in world.police.sent)


def test_a_public_referrer_is_nobody_to_tell_and_a_person_hears_of_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(a_decision(referring_agency=None, involved_agencies=[], source_code="1A"))
    assert world.rows()[0]["recipients"] == []
    assert world.send_due() == 0
    assert "NOBODY_TO_TELL" in caplog.messages


def test_an_own_reference_that_looks_like_a_person_is_blanked_flagged_and_told_all_the_same(
    world: World,
) -> None:
    world.apply(
        a_registry(an_agency("north-gp", AgencyType.GP, Channel.EMAIL, own_ref_pattern="[0-9/ ]{4,32}"))
    )
    for number, own_ref in enumerate(
        ["943 476 5919", "9434765919", "01/02/2019", "01022019", "2019 child"], 1
    ):
        referrer = {"agency_id": "north-gp", "own_ref": own_ref}
        event_id = f"0d0f2c9e-8a53-4a0e-9f0e-6a1f2f0b7c{number:02d}"
        changes = {"event_id": event_id, "decision_seq": number, "referring_agency": referrer}
        world.take(a_decision(**changes, involved_agencies=[]))
        decision = [row for row in world.rows() if row["type"] == "DECISION"][-1]
        assert decision["flags"] == ["OWN_REF_UNUSABLE:north-gp"]
        assert decision["recipients"] == ["north-gp#email#2"]
    assert not any("own_ref" in item for item in world.all_items("state"))


def test_gaps_in_a_decision_are_flagged_and_told_all_the_same(world: World) -> None:
    gaps = {"primary_outcome": "NFA", "recommendation_followed": False}
    world.take(a_decision(**gaps))
    assert world.rows()[0]["flags"] == ["REASON_MISSING", "SUPPORT_MISSING", "DIVERGENCE_REASON_MISSING"]
    assert world.send_due() == 2


def test_a_reply_lost_after_the_write_is_our_own_success(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class LosesTheFirstReply(Store):
        lost = False

        def write(self, parts: Sequence[Part]) -> None:
            super().write(parts)
            if not self.lost:
                self.lost = True
                super().write(parts)

    world.store = LosesTheFirstReply(world.store.client, audit="audit", state="state", keys="keys")
    world.__post_init__()
    world.take(a_decision())
    assert world.kinds() == ["DECISION", "RA_CHECK"]


def test_a_row_written_by_somebody_else_first_is_not_taken_for_ours(world: World) -> None:
    """Two events race for one sequence number: the loser reads again and takes the next."""

    interleaved(world, lambda: world.take(a_decision(event_id=ANOTHER_ID, child_index=2)))
    world.take(a_decision())
    assert world.kinds() == ["DECISION", "RA_CHECK", "DECISION", "RA_CHECK"]
    assert [row["child"] for row in world.rows()] == [2, 2, 1, 1]


class MeanwhileOnce(Store):
    """Something happens between what a writer read and what it writes, once."""

    meanwhile: Callable[[], None] | None = None

    def write(self, parts: Sequence[Part]) -> None:
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        super().write(parts)


def interleaved(world: World, meanwhile: Callable[[], None]) -> None:
    racing = MeanwhileOnce(world.store.client, audit="audit", state="state", keys="keys")
    racing.meanwhile = meanwhile
    world.store = racing
    world.__post_init__()


def test_two_arrivals_of_one_event_at_once_are_one_decision_and_one_duplicate(world: World) -> None:
    """The second must not take the first's rows for its own, its reply lost."""
    interleaved(world, lambda: world.take(a_decision()))
    world.take(a_decision())
    assert world.kinds() == ["DECISION", "RA_CHECK", "EVENT_DUPLICATE"]


def test_two_contents_under_one_event_id_at_once_are_one_decision_and_one_refusal(world: World) -> None:
    interleaved(world, lambda: world.take(a_decision()))
    world.take(a_decision(child_index=2))
    assert world.kinds() == ["DECISION", "RA_CHECK"]
    assert [row["reason"] for row in world.refused()] == ["EVENT_ID_REUSED"]


@pytest.mark.parametrize("event", [a_complete_form_event(), a_heartbeat_event()], ids=["form", "heartbeat"])
def test_two_arrivals_of_one_form_or_heartbeat_at_once_are_one_and_a_duplicate(
    world: World, event: dict[str, object]
) -> None:
    interleaved(world, lambda: world.take(event))
    world.take(event)
    kinds = [row["type"] for row in world.all_items("audit") if row["type"] != "REGISTRY_CHANGE"]
    assert sorted(kinds) in (["EVENT_DUPLICATE", "RA_FORM"], ["EVENT_DUPLICATE", "LIFECYCLE"])


def test_a_stale_decision_that_comes_again_is_a_duplicate_and_pages_nobody(world: World) -> None:
    world.take(a_decision(decision_seq=2))
    for _ in range(2):
        world.take(a_decision(event_id=ANOTHER_ID, decision_seq=1, primary_outcome="NFA"))
    assert world.kinds() == ["DECISION", "RA_CHECK", "DECISION_STALE", "EVENT_DUPLICATE"]
    assert world.refused() == []


def test_a_correction_fits_its_transaction_however_many_are_still_untold(world: World) -> None:
    """Nineteen agencies on two channels, none told yet: what does not fit refuses itself when claimed."""
    agencies = [
        an_agency(f"north-{number}", AgencyType.PROBATION, Channel.EMAIL, Channel.WEBHOOK)
        for number in range(19)
    ]
    world.apply(a_registry(*agencies))
    involved = [
        {"agency_id": agency.id, "own_ref": "PR-55120", "holds_plan_role": False} for agency in agencies
    ]
    world.take(a_decision(involved_agencies=involved))
    world.take(a_decision(event_id=ANOTHER_ID, decision_seq=2, involved_agencies=involved))
    assert [row["dver"] for row in world.rows() if row["type"] == "DECISION"] == [1, 2]
    while world.send_due():
        pass
    told = [pins.message_id for door in world.doors.values() for pins, _ in door.sent]
    newest = {
        item["message_id"] for item in world.all_items("state") if item.get("dver") == 2 and "st" in item
    }
    assert sorted(told) == sorted(newest)
    assert len(newest) == 39


def test_a_type_not_handled_yet_is_refused_visibly(world: World) -> None:
    world.take_raw(wrapped({"event_type": "STRATEGY_MEETING", "source": "mash.case-system"}, "bus-00000001"))
    (row,) = world.refused()
    assert (row["field"], row["reason"]) == ("event_type", "EVENT_TYPE_NOT_HANDLED")
    assert row["pk"] == "X#2026-11-24#mash.case-system"
