"""The published JSON Schemas: fresh, honest examples, and refusing what the models refuse."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from schemas.field_notes import FIELD_NOTES, NOTES_OF_ONE_MODEL
from schemas.publication import Publication
from schemas.publish import PUBLICATIONS, PUBLISHED, text_of

BY_NAME = {publication.name: publication for publication in PUBLICATIONS}
Event = dict[str, Any]
Spoil = Callable[[Event], object]

each_publication = pytest.mark.parametrize(
    "publication", PUBLICATIONS, ids=lambda publication: publication.name
)


def published(publication: Publication) -> Event:
    return dict(json.loads((PUBLISHED / publication.file_name).read_text(encoding="utf-8")))


def refused_by_schema(publication: Publication, event: Event) -> bool:
    return not jsonschema.Draft202012Validator(published(publication)).is_valid(event)


def refused_by_model(publication: Publication, event: Event) -> bool:
    try:
        publication.model.model_validate_json(json.dumps(event))
    except ValidationError:
        return True
    return False


@each_publication
def test_the_published_file_says_what_the_model_says(publication: Publication) -> None:
    committed = (PUBLISHED / publication.file_name).read_text(encoding="utf-8")
    assert committed == text_of(publication), "run: make schemas"


def test_nothing_is_published_that_no_model_stands_behind() -> None:
    assert {path.name for path in PUBLISHED.iterdir()} == {entry.file_name for entry in PUBLICATIONS}


@each_publication
def test_the_published_file_is_a_json_schema(publication: Publication) -> None:
    jsonschema.Draft202012Validator.check_schema(published(publication))


@each_publication
def test_its_example_is_accepted_by_schema_and_model(publication: Publication) -> None:
    (example,) = published(publication)["examples"]
    assert not refused_by_schema(publication, example)
    assert not refused_by_model(publication, example)


@each_publication
def test_every_field_of_the_event_itself_is_explained(publication: Publication) -> None:
    standard = {
        "id",
        "type",
        "subject",
        "time",
        "datacontenttype",
        "data",
        "agency",
    }  # CloudEvents' own, and a list
    fields = published(publication)["properties"]
    silent = {name for name, field in fields.items() if "description" not in field and "$ref" not in field}
    assert not silent - standard


WRONG: list[tuple[str, str, Spoil]] = [
    ("decided", "an unknown field", lambda event: event.update(surname="Example")),
    (
        "decided",
        "an unknown field further in",
        lambda event: event["referring_agency"].update(name="PC Example"),
    ),
    ("decided", "a time without its zone", lambda event: event.update(decided_at="2026-11-24T15:02:00")),
    ("decided", "an unknown outcome", lambda event: event.update(primary_outcome="S48")),
    ("decided", "an unknown step", lambda event: event.update(next_step_codes=["RING_ME"])),
    ("decided", "another version", lambda event: event.update(schema_version="2.0")),
    ("decided", "another type", lambda event: event.update(event_type="RA_FORM_METADATA")),
    ("decided", "no reference", lambda event: event.pop("referral_ref")),
    ("decided", "a name as reference", lambda event: event.update(referral_ref="Alex Example")),
    ("decided", "an event id that is no UUID", lambda event: event.update(event_id="42")),
    ("decided", "a number written as text", lambda event: event.update(child_index="1")),
    ("decided", "a child counted from nought", lambda event: event.update(child_index=0)),
    ("decided", "a truth written as text", lambda event: event.update(unborn="no")),
    (
        "decided",
        "a delivery date for a born child",
        lambda event: event.update(expected_date_of_delivery="2027-01-04"),
    ),
    ("decided", "an outcome twice", lambda event: event.update(additional_outcomes=["LAD", "LAD"])),
    (
        "decided",
        "a staff link without its agency",
        lambda event: event.update(hold_codes=[{"code": "STAFF_LINK"}]),
    ),
    (
        "decided",
        "a hold for one agency that is no staff link",
        lambda event: event.update(hold_codes=[{"code": "LADO", "agency_id": "north-police"}]),
    ),
    (
        "decided",
        "more agencies than one transaction holds",
        lambda event: event.update(
            involved_agencies=[{"agency_id": f"agency-{n}", "holds_plan_role": False} for n in range(20)]
        ),
    ),
    (
        "decided",
        "a duplicate of nothing",
        lambda event: event.update(primary_outcome="DUP"),
    ),
    (
        "decided",
        "a duplicate with an outcome of its own",
        lambda event: event.update(
            primary_outcome="DUP", duplicate_of="NS-26-5RB6LN", additional_outcomes=["NFA"]
        ),
    ),
    (
        "decided",
        "a duplicate that is decided beside something else",
        lambda event: event.update(duplicate_of="NS-26-5RB6LN", additional_outcomes=["DUP"]),
    ),
    ("decided", "a number that no other system counts to", lambda event: event.update(source_seq=2**53)),
    ("decision-revised", "a revision of nothing", lambda event: event.pop("supersedes")),
    ("decision-revised", "a revision of null", lambda event: event.update(supersedes=None)),
    ("decision-revised", "a revision of a version nought", lambda event: event.update(supersedes=0)),
    ("decision-revised", "a first version", lambda event: event.update(decision_seq=1)),
    ("decision-revised", "a decision's type", lambda event: event.update(event_type="DECIDED")),
    ("decision-revised", "an unknown field", lambda event: event.update(why="We looked again.")),
    ("decision-revised", "an unknown reason", lambda event: event.update(reason_codes=["SECOND_THOUGHTS"])),
    (
        "decision-revised",
        "a delivery date for a born child",
        lambda event: event.update(expected_date_of_delivery="2027-01-04"),
    ),
    ("decision-revised", "an outcome twice", lambda event: event.update(additional_outcomes=["LAD", "LAD"])),
    ("decision-revised", "a duplicate of nothing", lambda event: event.update(primary_outcome="DUP")),
    (
        "decision-revised",
        "a duplicate of null",
        lambda event: event.update(primary_outcome="DUP", duplicate_of=None),
    ),
    (
        "decision-revised",
        "a duplicate with an outcome of its own",
        lambda event: event.update(
            primary_outcome="DUP", duplicate_of="NS-26-5RB6LN", additional_outcomes=["NFA"]
        ),
    ),
    (
        "decision-revised",
        "a staff link without its agency",
        lambda event: event.update(hold_codes=[{"code": "STAFF_LINK", "agency_id": None}]),
    ),
    ("decision-revised", "an unknown hold", lambda event: event.update(hold_codes=[{"code": "SECRET"}])),
    (
        "decision-revised",
        "an agency's name where its id belongs",
        lambda event: event.update(leading_agency_id="Greenhill Primary School"),
    ),
    (
        "decision-revised",
        "a name for the original's child",
        lambda event: event.update(duplicate_of_child="Alex"),
    ),
    ("decision-revised", "a transfer half accepted", lambda event: event.update(transfer_accepted="YES")),
    ("referral-received", "no kind", lambda event: event.pop("kind")),
    ("referral-received", "an unknown kind", lambda event: event.update(kind="ENQUIRY")),
    ("referral-received", "no arrival", lambda event: event.pop("received_at")),
    (
        "referral-received",
        "a time without its zone",
        lambda event: event.update(received_at="2026-11-24T09:40:00"),
    ),
    ("referral-received", "no children", lambda event: event.update(children=[])),
    (
        "referral-received",
        "more children than one transaction holds",
        lambda event: event.update(
            children=[{"child_index": index, "unborn": False} for index in range(1, 22)]
        ),
    ),
    (
        "referral-received",
        "a child twice",
        lambda event: event.update(children=[event["children"][0], event["children"][0]]),
    ),
    ("referral-received", "a child's name", lambda event: event["children"][0].update(name="Alex")),
    (
        "referral-received",
        "a name as pseudonym",
        lambda event: event["children"][0].update(child_pseudonym="alex-example-of-the-high-street-12"),
    ),
    (
        "referral-received",
        "a pseudonym too short to be one",
        lambda event: event["children"][0].update(child_pseudonym="5f0c92b7ad3e4186"),
    ),
    (
        "referral-received",
        "a child neither born nor unborn",
        lambda event: event["children"][0].pop("unborn"),
    ),
    ("referral-received", "nobody who referred", lambda event: event.pop("referring_agency")),
    ("referral-received", "a decision's type", lambda event: event.update(event_type="DECIDED")),
    ("ra-form-metadata", "narrative", lambda event: event.update(narrative="The house was cold.")),
    ("ra-form-metadata", "an officer's surname", lambda event: event.update(author_id="EXAMPLE")),
    ("ra-form-metadata", "an unknown basis", lambda event: event.update(form_basis="PHONE")),
    ("ra-form-metadata", "a voice", lambda event: event["children"][0].update(voice="I was hungry")),
    (
        "ra-form-metadata",
        "a time without its zone",
        lambda event: event.update(ra_completed_at="2026-11-24T09:30:00"),
    ),
    ("ra-feed-heartbeat", "an unknown status", lambda event: event.update(feed_status="tired")),
    ("ra-feed-heartbeat", "a referral", lambda event: event.update(referral_ref="NS-26-7KQ4ZP")),
    ("acknowledged", "nobody said to be asked or not", lambda event: event.pop("asked_to_contribute")),
    (
        "acknowledged",
        "an agency asked twice about a child",
        lambda event: event.update(asked_to_contribute=[event["asked_to_contribute"][0]] * 2),
    ),
    (
        "acknowledged",
        "more agencies than one transaction holds",
        lambda event: event.update(
            asked_to_contribute=[{"agency_id": f"agency-{n}", "child_index": 1} for n in range(20)]
        ),
    ),
    ("milestone-assessment-complete", "an unknown plan", lambda event: event.update(plan_status="GOOD")),
    ("milestone-s47-outcome", "a result in words", lambda event: event.update(result="It went well.")),
    ("milestone-icpc-outcome", "no child", lambda event: event.pop("child_index")),
    (
        "plan-status-changed",
        "an agency twice",
        lambda event: event.update(plan_agencies=[event["plan_agencies"][0]] * 2),
    ),
    ("plan-status-changed", "a person who leads", lambda event: event.update(lead_role="Alex Example")),
    ("case-closed", "a time without its zone", lambda event: event.update(closed_at="2027-03-05T11:00:00")),
    (
        "police-investigation-status-changed",
        "a name as reference",
        lambda event: event.update(police_occurrence_ref="Alex-Example"),
    ),
    ("ra-status-changed", "a status", lambda event: event.update(statement="COMPLETE")),
    ("ra-status-changed", "done, and nobody knows when", lambda event: event.pop("done_at")),
    ("ra-status-changed", "done, at null", lambda event: event.update(done_at=None)),
    ("ra-status-changed", "done, by a policy too", lambda event: event.update(policy_id="POLICY-1")),
    (
        "ra-status-changed",
        "not needed, by no policy",
        lambda event: event.update(statement="NOT_NEEDED", done_at=None),
    ),
    (
        "ra-status-changed",
        "not needed, and done",
        lambda event: event.update(statement="NOT_NEEDED", policy_id="POLICY-1"),
    ),
    ("transfer-accepted", "a council by its name", lambda event: event.update(receiving_la="Southshire")),
    ("challenge-raised", "nobody who raised it", lambda event: event.pop("raised_by")),
    ("challenge-raised", "what it is about", lambda event: event.update(grounds="Not safe.")),
    ("challenge-stage", "the first stage", lambda event: event.update(event_type="CHALLENGE_RAISED")),
    ("challenge-stage", "a fifth stage", lambda event: event.update(event_type="CHALLENGE_STAGE_5")),
    ("challenge-resolved", "an unknown result", lambda event: event.update(result="LOST")),
    ("released", "a person who released it", lambda event: event.update(released_by="Alex Example")),
    ("withheld", "nothing withheld", lambda event: event.update(disclosure="SHARED")),
    ("withheld", "the reasons", lambda event: event.update(rationale_ref="not-safe-to-tell")),
    ("phone-confirmed", "nobody who was told", lambda event: event.update(agency_id=None)),
    ("withdrawn-in-error", "no version", lambda event: event.pop("decision_seq")),
    ("probation-enquiry", "a child", lambda event: event.update(child_index=1)),
    ("probation-enquiry", "an answer at no time", lambda event: event.pop("answered_at")),
    ("probation-enquiry", "a time of no answer", lambda event: event.update(answer=None)),
    ("outcome", "an update's type", lambda event: event["data"].update(message_type="CASE_CLOSED_UPDATE")),
    ("outcome", "no police check", lambda event: event["data"].pop("police_form")),
    ("outcome", "a police check of null", lambda event: event["data"].update(police_form=None)),
    ("outcome", "an id that is not ours", lambda event: event.update(id="42")),
    ("update", "no police check", lambda event: event["data"].pop("police_form")),
    ("update", "a police check of null", lambda event: event["data"].update(police_form=None)),
    ("update", "an outcome's type of event", lambda event: event.update(type="uk.mash.outcome.v1")),
    ("update", "an outcome's type of message", lambda event: event["data"].update(message_type="OUTCOME")),
    ("update", "an unknown series", lambda event: event["data"]["news"].update(series="GOSSIP")),
    ("update", "a number nought", lambda event: event["data"]["news"].update(number=0)),
    ("update", "an id that is not ours", lambda event: event.update(id="42")),
    (
        "agencies",
        "an address that is no web address",
        lambda event: event["agency"][0]["webhook"].update(url="ftp://x"),
    ),
    ("agencies", "a consent in words", lambda event: event["agency"][0]["webhook"].update(canary="yes")),
    ("canary", "an outcome's type", lambda event: event.update(type="uk.mash.outcome.v1")),
    ("canary", "an id that is not ours", lambda event: event.update(id="42")),
    ("canary", "nobody's endpoint", lambda event: event["data"].pop("agency_id")),
    ("endpoint-test", "a canary's type", lambda event: event.update(type="uk.mash.canary.v1")),
    ("agencies", "a channel without its address", lambda event: event["agency"][0].pop("webhook")),
    ("agencies", "an e-mail channel without an address", lambda event: event["agency"][1].pop("email")),
    (
        "agencies",
        "a raised mailbox that nobody approved",
        lambda event: event["agency"][1]["email"].update(managed=True),
    ),
]


@pytest.mark.parametrize(
    ("name", "spoil"),
    [(name, spoil) for name, _, spoil in WRONG],
    ids=[f"{name}: {what}" for name, what, _ in WRONG],
)
def test_the_schema_refuses_what_the_model_refuses(name: str, spoil: Spoil) -> None:
    event = BY_NAME[name].example()
    spoil(event)
    assert refused_by_model(BY_NAME[name], event)
    assert refused_by_schema(BY_NAME[name], event)


def objects_in(value: Any, where: str = "event") -> Iterator[tuple[str, Event]]:
    """Each object of an event, itself first, and where it stands."""
    if isinstance(value, dict):
        yield where, value
        for name, inner in value.items():
            yield from objects_in(inner, f"{where}.{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from objects_in(inner, f"{where}[{place}]")


def in_full(publication: Publication) -> Event:
    """Its example, with the objects that the examples of an outcome and of an update leave out."""
    event = publication.example()
    if publication.name == "update":
        event["data"]["plan"] = {"status": "CP_PLAN", "lead_role": None, "lead_team_code": None}
    if publication.name == "outcome":
        event["data"]["info_needed"] = {"codes": ["CHRONOLOGY"], "due_at": None}
        event["data"]["said_instead"] = [{"code": "DESIGNATED_OFFICER", "sentence": "As agreed."}]
    return event


def places_for_one_more_field(publication: Publication, refused: Callable[[Event], bool]) -> set[str]:
    """Where a field that nobody knows yet may stand."""
    places = set()
    for number, (where, _) in enumerate(objects_in(in_full(publication))):
        event = in_full(publication)
        _, one = list(objects_in(event))[number]
        one["a_field_of_next_year"] = "new"
        if not refused(event):
            places.add(where)
    return places


SENT = {"outcome", "update", "endpoint-test", "canary"}


@each_publication
def test_a_receiver_takes_a_new_field_of_ours_and_we_take_none_of_a_senders(publication: Publication) -> None:
    everywhere = {where for where, _ in objects_in(in_full(publication))}
    places = places_for_one_more_field(publication, lambda event: refused_by_schema(publication, event))
    assert places == (everywhere if publication.name in SENT else set())


@each_publication
def test_no_model_of_ours_takes_a_field_that_it_does_not_name(publication: Publication) -> None:
    assert not places_for_one_more_field(publication, lambda event: refused_by_model(publication, event))


@pytest.mark.parametrize(("name", "data"), [("outcome", "OutcomeData"), ("update", "UpdateData")])
def test_what_is_told_in_full_has_every_object_that_it_can_have(name: str, data: str) -> None:
    found = (where for where, _ in objects_in(in_full(BY_NAME[name])))
    places = {where.rpartition(".")[2].removesuffix("[0]") for where in found}
    fields = published(BY_NAME[name])["$defs"][data]["properties"]
    objects = {name for name, field in fields.items() if "Told" in json.dumps(field)}
    assert places == {"event", "data", *objects}


def test_what_we_send_always_carries_every_key() -> None:
    for schema in (published(BY_NAME[name]) for name in SENT):
        objects = [schema, *(entry for entry in schema["$defs"].values() if "properties" in entry)]
        assert all(set(entry["required"]) == set(entry["properties"]) for entry in objects)


def test_every_note_is_about_a_field_that_is_published() -> None:
    named: set[tuple[str, str]] = set()
    for publication in PUBLICATIONS:
        schema = published(publication)
        models = {publication.model.__name__: schema, **schema.get("$defs", {})}
        named |= {(model, field) for model, entry in models.items() for field in entry.get("properties", {})}
    assert not set(NOTES_OF_ONE_MODEL) - named
    assert not set(FIELD_NOTES) - {field for _, field in named}
