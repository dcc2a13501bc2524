"""`mash ready` of the client secret: what keeps the console from showing it, or soon will, and what to do."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from functions.adapters import aws
from functions.adapters.client_secret import ClientSecret, kept
from functions.cli.client_secret_readiness import client_secret
from tests.an_aws import an_aws

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECRET = "mash/demo/sign-in"
KEY = "arn:aws:kms:eu-west-2:123456789012:key/own"
GOOD = ClientSecret(SECRET, is_being_deleted=False, has_value=True, key=None, expires="2027-12-01")


def a_secret(expires: str | None) -> ClientSecret:
    return replace(GOOD, expires=expires)


def test_a_secret_with_more_than_two_months_left_is_fine() -> None:
    found = client_secret(SECRET, a_secret("2027-01-24"), NOW)
    assert str(found) == "ok    The client secret expires on 2027-01-24, in 61 days."


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, f"There is no secret {SECRET}"),
        (replace(GOOD, is_being_deleted=True), f"restore-secret --secret-id {SECRET}"),
        (replace(GOOD, has_value=False), f"{SECRET} has no value, and nobody can sign in"),
        (
            replace(GOOD, key=KEY),
            f"a key of its own, {KEY}, by which the console may not read it: aws secretsmanager",
        ),
        (a_secret(None), f"tag-resource --secret-id {SECRET} --tags Key=expires,Value=YYYY-MM-DD"),
        (a_secret("next year"), "Nobody said when the client secret expires"),
        (a_secret("2027-01-23"), "expires on 2027-01-23, in 60 days: make a new one at the directory"),
        (a_secret("2026-11-24"), "has expired, on 2026-11-24: make a new one at the directory"),
    ],
)
def test_a_secret_that_is_not_there_or_soon_will_not_do_is_to_be_mended(
    found: ClientSecret | None, words: str
) -> None:
    said = client_secret(SECRET, found, NOW)
    assert (said.is_fine, words in said.words) == (False, True)


def test_secrets_manager_says_until_when_and_never_what_it_is() -> None:
    aws.point_at({"region_name": "eu-west-2"})
    with an_aws():
        client = aws.secretsmanager()
        assert kept(client, SECRET) is None
        client.create_secret(Name=SECRET, SecretString="not to be read")
        assert kept(client, SECRET) == a_secret(None)
        client.tag_resource(SecretId=SECRET, Tags=[{"Key": "expires", "Value": "2027-05-01"}])
        found = kept(client, SECRET)
        assert found == a_secret("2027-05-01")
        assert (found.expires_on, "not to be read" in repr(found)) == (date(2027, 5, 1), False)
        client.delete_secret(SecretId=SECRET)
        assert kept(client, SECRET) == replace(a_secret("2027-05-01"), is_being_deleted=True)
    aws.point_at({})


def test_secrets_manager_says_whether_there_is_a_value_and_under_which_key() -> None:
    aws.point_at({"region_name": "eu-west-2"})
    with an_aws():
        client = aws.secretsmanager()
        client.create_secret(Name="mash/empty")
        client.create_secret(Name="mash/own", SecretString="x", KmsKeyId=KEY)
        empty, own = kept(client, "mash/empty"), kept(client, "mash/own")
    aws.point_at({})
    assert empty is not None
    assert own is not None
    assert (empty.has_value, empty.key, own.has_value, own.key) == (False, None, True, KEY)


class Told:
    """A Secrets Manager that says this of a secret, whichever is asked for."""

    exceptions = SimpleNamespace(ResourceNotFoundException=KeyError)

    def __init__(self, **said: Any) -> None:
        self.said = said

    def describe_secret(self, **_: str) -> dict[str, Any]:
        return self.said


@pytest.mark.parametrize(
    ("said", "has_value", "key"),
    [
        ({"VersionIdsToStages": {"a": ["AWSPENDING"], "b": ["AWSPREVIOUS"]}}, False, None),
        ({"VersionIdsToStages": {"a": ["AWSPREVIOUS"], "b": ["MINE", "AWSCURRENT"]}}, True, None),
        ({"KmsKeyId": "arn:aws:kms:eu-west-2:1:alias/aws/secretsmanager"}, False, None),
        ({"KmsKeyId": "alias/mine"}, False, "alias/mine"),
    ],
)
def test_only_a_current_value_is_one_and_the_default_key_is_none_of_its_own(
    said: dict[str, Any], *, has_value: bool, key: str | None
) -> None:
    found = kept(cast("SecretsManagerClient", Told(**said)), SECRET)
    assert found is not None
    assert (found.has_value, found.key) == (has_value, key)
