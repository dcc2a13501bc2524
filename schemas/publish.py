"""Writes `published/*.schema.json`: the contracts as JSON Schema, for partners who read no Python."""

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from schemas.agency import Registry
from schemas.confirmation import Confirmation
from schemas.decision import Decided, DecisionRevised
from schemas.endpoint_events import CanaryEvent, EndpointTestEvent
from schemas.field_notes import FIELD_NOTES, NOTES_OF_ONE_MODEL
from schemas.lifecycle_publications import LIFECYCLE
from schemas.outcome import OutcomeEvent
from schemas.publication import Publication, Rules, holds, is_given
from schemas.referral import ReferralReceived
from schemas.risk_assessment import RaFeedHeartbeat, RaFormMetadata
from schemas.update import UpdateEvent

PUBLISHED = Path(__file__).parent / "published"

# To most validators `format` alone is a remark; a pattern makes them refuse a time without its zone.
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
ZONED = rf"^{DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]{{1,6}})?(Z|[+-][0-9]{{2}}:[0-9]{{2}})$"
HEX = "[0-9a-fA-F]"
UUID = f"^{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}$"

TWO_PEOPLE = {"minItems": 2, "uniqueItems": True}
NONE = {"maxItems": 0}

# JSON Schema cannot compare two fields: that `supersedes` is the lower number, that `duplicate_of` is another
# referral and that whoever is asked to act is named stays with the models, and in the notes.
DECISION: Rules = (
    {"if": is_given("expected_date_of_delivery"), "then": holds("unborn", value=True)},
    {"properties": {"additional_outcomes": {"uniqueItems": True, "items": {"not": {"const": "DUP"}}}}},
    {
        "if": holds("primary_outcome", "DUP"),
        "then": {**is_given("duplicate_of"), "allOf": [{"properties": {"additional_outcomes": NONE}}]},
    },
)
HOLD: Rules = (
    {
        "if": holds("code", "STAFF_LINK"),
        "then": is_given("agency_id"),
        "else": {"not": is_given("agency_id")},
    },
)

PUBLICATIONS = (
    Publication(
        name="decided",
        model=Decided,
        title="DECIDED",
        description=(
            "What the MASH decided for one child. Put it on the bus as the Detail of an event whose "
            "DetailType is DECIDED. Codes and references only: no names, no dates of birth, no free text."
        ),
        rules={"Decided": DECISION, "HoldRequest": HOLD},
    ),
    Publication(
        name="decision-revised",
        model=DecisionRevised,
        title="DECISION_REVISED",
        description=(
            "What the MASH now decides for a child, in place of an earlier decision: everything again, not "
            "only what changed. Whoever was told the earlier decision is told this one, named here or not. "
            "Codes and references only, as in DECIDED. DetailType DECISION_REVISED."
        ),
        rules={
            "DecisionRevised": (*DECISION, {"properties": {"decision_seq": {"minimum": 2}}}),
            "HoldRequest": HOLD,
        },
    ),
    Publication(
        name="referral-received",
        model=ReferralReceived,
        title="REFERRAL_RECEIVED",
        description=(
            "A referral reached the MASH or the emergency duty service: the moment its clocks start from. "
            "Each child's police form is checked; nobody is told. Codes and references only: no names, no "
            "dates of birth, no free text. DetailType REFERRAL_RECEIVED."
        ),
        # Only a child that is listed twice in the same words: one field of two entries cannot be compared.
        rules={"ReferralReceived": ({"properties": {"children": {"uniqueItems": True}}},)},
    ),
    Publication(
        name="ra-form-metadata",
        model=RaFormMetadata,
        title="RA_FORM_METADATA",
        description=(
            "One version of a police risk-assessment form: which questions are answered, codes, lengths and "
            "times, never the words. An answer that is missing or null is unanswered: the form is kept and "
            "judged INCORRECT, not refused. DetailType RA_FORM_METADATA."
        ),
    ),
    Publication(
        name="ra-feed-heartbeat",
        model=RaFeedHeartbeat,
        title="RA_FEED_HEARTBEAT",
        description=(
            "The police feed says that it is alive and whether it works. While it is silent or failing, a "
            "child without a form is told as UNKNOWN, not ABSENT. DetailType RA_FEED_HEARTBEAT."
        ),
    ),
    *LIFECYCLE,
    Publication(
        name="outcome",
        model=OutcomeEvent,
        title="OUTCOME",
        description=(
            "What an agency's system receives: CloudEvents 1.0 as JSON, signed as Standard Webhooks ask. "
            "The same id always has the same bytes. Every key is always present; what the recipient's level "
            "withholds is null or empty. The police check is on every message."
        ),
        we_send_it=True,
    ),
    Publication(
        name="update",
        model=UpdateEvent,
        title="UPDATE",
        description=(
            "What an agency's system receives beside the outcomes: that a referral has arrived, what the "
            "MASH asks for, what follows a decision. CloudEvents 1.0 as JSON, signed as outcomes are; the "
            "same id always has the same bytes. Every key is always present; what the recipient's level "
            "withholds is null or empty. The police check is on every message."
        ),
        we_send_it=True,
    ),
    Publication(
        name="endpoint-test",
        model=EndpointTestEvent,
        title="ENDPOINT_TEST",
        description=(
            "What an agency's system receives once, before anything else: a 2xx says that its owner agrees "
            "to outcomes at this address. Signed as they are. It tells of no child: store nothing."
        ),
        we_send_it=True,
    ),
    Publication(
        name="canary",
        model=CanaryEvent,
        title="CANARY",
        description=(
            "What an agency's system receives every 15 minutes where its registry entry agrees to it: "
            "whether the way there is open. Signed as outcomes are. It tells of no child: answer with a 2xx, "
            "store nothing."
        ),
        we_send_it=True,
    ),
    Publication(
        name="confirmation",
        model=Confirmation,
        title="Read and confirmed",
        description=(
            "What an agency's system posts to /confirmations once somebody there has read a message, signed "
            "as Standard Webhooks ask with a live secret of the agency's own. A 2xx to the message itself "
            "says that it arrived, not that anybody has read it."
        ),
    ),
    Publication(
        name="agencies",
        model=Registry,
        title="Agency registry",
        description=(
            "The reviewed list of agencies, written as TOML; this describes its content as JSON. Ids are "
            "unique; who approved it is not who applies it."
        ),
        rules={
            "Agency": (
                {
                    "if": {"properties": {"channels": {"contains": {"const": "email"}}}},
                    "then": is_given("email"),
                },
                {
                    "if": {"properties": {"channels": {"contains": {"const": "webhook"}}}},
                    "then": is_given("webhook"),
                },
            ),
            "Mailbox": (
                {
                    "if": holds("managed", value=True),
                    "then": {
                        **is_given("dpo_ref"),
                        "allOf": [{"properties": {"approvers": TWO_PEOPLE}, "required": ["approvers"]}],
                    },
                },
            ),
        },
    ),
)


class _ForPartners(GenerateJsonSchema):
    """Pydantic's JSON Schema, less the titles it makes from names, with its formats demanded by pattern."""

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> JsonSchemaValue:
        return super().datetime_schema(schema) | {"pattern": ZONED}

    def date_schema(self, schema: core_schema.DateSchema) -> JsonSchemaValue:
        return super().date_schema(schema) | {"pattern": f"^{DAY}$"}

    def uuid_schema(self, schema: core_schema.UuidSchema) -> JsonSchemaValue:
        return super().uuid_schema(schema) | {"pattern": UUID}

    def field_title_should_be_set(self, _schema: object) -> bool:
        return False


def document(publication: Publication) -> dict[str, Any]:
    """The whole published document."""
    generated = publication.model.model_json_schema(schema_generator=_ForPartners, mode="validation")
    objects = {publication.model.__name__: generated, **generated.get("$defs", {})}
    for name, schema in objects.items():
        _add_notes(name, schema)
        if rules := (publication.rules or {}).get(name):
            schema["allOf"] = [*schema.get("allOf", ()), *rules]
        if publication.we_send_it and "properties" in schema:
            schema["required"] = list(schema["properties"])
            schema.pop("additionalProperties")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": publication.address,
        **generated,
        "title": publication.title,
        "description": publication.description,
        "examples": [publication.example()],
    }


def _add_notes(model: str, schema: dict[str, Any]) -> None:
    for name, field in schema.get("properties", {}).items():
        if note := NOTES_OF_ONE_MODEL.get((model, name)) or FIELD_NOTES.get(name):
            field["description"] = note


def text_of(publication: Publication) -> str:
    """The published file's content."""
    return json.dumps(document(publication), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Publish every contract again."""
    PUBLISHED.mkdir(exist_ok=True)
    for publication in PUBLICATIONS:
        (PUBLISHED / publication.file_name).write_text(text_of(publication), encoding="utf-8")


if __name__ == "__main__":
    main()
