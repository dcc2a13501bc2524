"""What must survive: tables, keys and refused events."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.infra.template import Resource, Template
from tests.stage_tables import INDEXES

TABLES = ("AuditStoreAudit", "AuditStoreState", "AuditStoreKeys")


@pytest.fixture(params=TABLES)
def table(request: pytest.FixtureRequest, template: Template) -> Resource:
    return template.named(request.param)


def test_there_are_three_tables(template: Template) -> None:
    assert {table.name for table in template.resources("AWS::DynamoDB::Table")} == set(TABLES)


def test_a_table_outlives_its_stack_and_its_mistakes(table: Resource) -> None:
    assert table["DeletionProtectionEnabled"] is True
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table.body["DeletionPolicy"] == table.body["UpdateReplacePolicy"] == "Retain"


def test_a_table_is_encrypted_with_a_key_of_ours(table: Resource, template: Template) -> None:
    sse = table["SSESpecification"]
    assert (sse["SSEEnabled"], sse["SSEType"]) == (True, "KMS")
    assert template.target(sse["KMSMasterKeyId"]).name == "KeyringTables"


def test_a_table_is_keyed_and_paid_as_the_rest_of_the_house_expects(table: Resource) -> None:
    assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [
        ("pk", "HASH"),
        ("sk", "RANGE"),
    ]
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_no_row_of_the_trail_and_no_key_ever_expires(template: Template) -> None:
    assert "TimeToLiveSpecification" not in template.named("AuditStoreAudit").properties
    assert "TimeToLiveSpecification" not in template.named("AuditStoreKeys").properties
    assert template.named("AuditStoreState")["TimeToLiveSpecification"] == {
        "AttributeName": "expires_at",
        "Enabled": True,
    }


def test_the_streams_carry_what_their_readers_need(template: Template) -> None:
    assert template.named("AuditStoreAudit")["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert template.named("AuditStoreState")["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE"
    assert "StreamSpecification" not in template.named("AuditStoreKeys").properties


@pytest.mark.parametrize("name", INDEXES)
def test_an_index_holds_what_the_tests_of_its_questions_find_there_and_no_more(
    template: Template, name: str
) -> None:
    listed = template.named(f"AuditStore{name.title()}").properties.get("GlobalSecondaryIndexes", [])
    assert {index["IndexName"]: held_by(index) for index in listed} == {
        index: (kept.key_names, set(kept.keeps or ())) for index, kept in INDEXES[name].items()
    }


def held_by(index: Mapping[str, Any]) -> tuple[tuple[str, ...], set[str]]:
    """An index's keys, and what else it holds; never all."""
    shown = index["Projection"]
    assert shown["ProjectionType"] in {"INCLUDE", "KEYS_ONLY"}
    return tuple(key["AttributeName"] for key in index["KeySchema"]), set(shown.get("NonKeyAttributes", ()))


def test_every_key_turns_yearly_waits_thirty_days_and_is_never_deleted_with_the_stack(
    template: Template,
) -> None:
    keys = list(template.resources("AWS::KMS::Key"))
    assert {key.name for key in keys} == {
        f"Keyring{it}" for it in ("Data", "Tables", "Intake", "TurnedAway", "Queues", "Logs")
    }
    for key in keys:
        assert (key["EnableKeyRotation"], key["PendingWindowInDays"]) == (True, 30)
        assert key.body["DeletionPolicy"] == "Retain"


def test_refused_events_are_encrypted_private_and_gone_after_fourteen_days(template: Template) -> None:
    (bucket,) = template.resources("AWS::S3::Bucket")
    (default,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert default["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    key = default["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    assert template.target(key).name == "KeyringIntake"
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["ExpirationInDays"], rule["Status"]) == (14, "Enabled")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert (
        "VersioningConfiguration" not in bucket.properties
    )  # an old version would outlive the fourteen days


def test_mail_is_sent_over_tls_or_not_at_all(template: Template) -> None:
    (only,) = template.resources("AWS::SES::ConfigurationSet")
    assert only["DeliveryOptions"]["TlsPolicy"] == "REQUIRE"
    assert set(only["SuppressionOptions"]["SuppressedReasons"]) == {"BOUNCE", "COMPLAINT"}


def test_no_open_no_click_and_no_link_is_tracked(template: Template) -> None:
    """SES watches and rewrites only where a configuration set says so."""
    (only,) = template.resources("AWS::SES::ConfigurationSet")
    assert "TrackingOptions" not in only.properties
    (told_of,) = template.resources("AWS::SES::ConfigurationSetEventDestination")
    watched = set(told_of.properties["EventDestination"]["MatchingEventTypes"])
    assert watched & {"open", "click", "OPEN", "CLICK"} == set()
