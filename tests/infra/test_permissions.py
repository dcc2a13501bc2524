"""Who may do what: one table to read, and the few grants whose conditions matter most."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.console import within_its_role
from tests.infra.template import Resource, Template, refers_to, spelled

MATRIX = Path(__file__).parent / "permissions.txt"
AUDIT = "<AuditStoreAudit>"
OF_SERVICES = {"ConfirmLogRole", "BeatRole"}
"""By which API Gateway writes access logs and a schedule puts beats on the bus; no function has them."""
ONLY = {"Local": "on the emulator only", "SignInCredentialNamed": "the stage names the secret"}
"""What a template's condition means."""
CHANGES = {
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PartiQLDelete",
    "dynamodb:PartiQLInsert",
    "dynamodb:PartiQLUpdate",
    "dynamodb:UpdateItem",
}


@dataclass(frozen=True)
class Grant:
    """One action on one resource, allowed or denied to one function."""

    handler: str
    effect: str
    action: str
    resource: str
    condition: Mapping[str, Any]
    only_where: str | None
    """The template's own condition, without which the grant does not exist."""

    @property
    def on_emulator_only(self) -> bool:
        return self.only_where == "Local"

    def __str__(self) -> str:
        clauses = [
            f"{key} {operator} {', '.join(map(spelled, values if isinstance(values, list) else [values]))}"
            for operator, keys in sorted(self.condition.items())
            for key, values in sorted(keys.items())
        ]
        notes = ([ONLY[self.only_where]] if self.only_where else []) + sorted(clauses)
        line = f"{self.effect.lower():5} {self.action:32} {self.resource}"
        return f"{line}  if {' and '.join(notes)}" if notes else line


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def policies(template: Template) -> Iterator[tuple[str, Resource]]:
    """Every policy of a function's role, with the function's handler."""
    handlers = {refers_to(function["Role"]): handler for handler, function in template.functions.items()}
    for policy in template.resources("AWS::IAM::Policy"):
        for role in policy["Roles"]:
            yield handlers[refers_to(role)], policy


def grants_of(holder: str, policy: Resource) -> Iterator[Grant]:
    """What one policy says, grant by grant."""
    for statement in policy["PolicyDocument"]["Statement"]:
        for action in listed(statement["Action"]):
            for resource in listed(statement["Resource"]):
                yield Grant(
                    holder,
                    statement["Effect"],
                    action,
                    spelled(resource),
                    statement.get("Condition", {}),
                    policy.body.get("Condition"),
                )


@pytest.fixture
def grants(template: Template) -> list[Grant]:
    return [grant for handler, policy in policies(template) for grant in grants_of(handler, policy)]


@pytest.fixture
def operators(template: Template) -> list[Grant]:
    """What a person at the command line may do."""
    return list(grants_of("(operator)", template.named("OperatorPolicy")))


def as_table(grants: list[Grant]) -> str:
    lines = [
        "Who may do what; written by `GOLDEN=write pytest tests/infra`: read the diff before you commit it.",
        "",
    ]
    for handler in sorted({grant.handler for grant in grants}):
        own = (str(grant) for grant in grants if grant.handler == handler)
        lines += [handler, *(f"  {line}" for line in sorted(own)), ""]
    return "\n".join(lines)


def test_the_permission_matrix_is_the_one_that_was_reviewed(
    grants: list[Grant], operators: list[Grant]
) -> None:
    table = as_table(operators + grants)
    if os.environ.get("GOLDEN") == "write":
        MATRIX.write_text(table, encoding="utf-8")
    assert table == MATRIX.read_text(encoding="utf-8")


def test_no_grant_is_made_twice_and_no_action_is_a_pattern(
    grants: list[Grant], operators: list[Grant]
) -> None:
    every = operators + grants
    assert len({(grant.handler, str(grant)) for grant in every}) == len(every)
    assert not [grant for grant in every if "*" in grant.action]


def test_only_what_knows_no_resource_is_granted_on_all(grants: list[Grant]) -> None:
    everywhere = {(grant.action, grant.on_emulator_only) for grant in grants if grant.resource == "*"}
    assert everywhere == {("dynamodb:ListStreams", False), ("ses:SendEmail", True)}


def test_nobody_may_change_a_row_of_the_trail_and_only_accounts_counts_and_the_console_may_read_any(
    grants: list[Grant],
) -> None:
    allowed = {grant.action for grant in grants if grant.effect == "Allow" and grant.resource == AUDIT}
    reads = {"dynamodb:BatchGetItem", "dynamodb:Query"}
    assert allowed == {"dynamodb:PutItem"} | reads
    readers = {it.handler for it in grants if it.action in reads and it.resource.startswith(AUDIT)}
    assert readers == {"reconcile", "count_outcomes", "recount_days", "console"}
    assert {it.handler for it in grants if (it.action, it.resource) == ("dynamodb:BatchGetItem", AUDIT)} == {
        "console"
    }


def test_what_is_deleted_is_a_session_or_a_sign_in_and_the_console_alone_deletes_it(
    grants: list[Grant],
) -> None:
    (deletes,) = (it for it in grants if (it.effect, it.action) == ("Allow", "dynamodb:DeleteItem"))
    assert (deletes.handler, deletes.resource) == ("console", "<AuditStoreState>")
    assert deletes.condition == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["SESSION#*", "SIGNIN#*"]}
    }


def test_the_console_writes_the_partitions_that_its_acts_change_and_no_other(grants: list[Grant]) -> None:
    """What each of the console's own tests is held to: `WithinItsRole`."""
    may = [
        it
        for it in grants
        if (it.handler, it.effect, it.resource) == ("console", "Allow", "<AuditStoreState>")
    ]
    writes = {
        it.action: tuple(listed(it.condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]))
        for it in may
        if it.action in {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
    }
    assert writes == {
        "dynamodb:PutItem": within_its_role.PUTS,
        "dynamodb:UpdateItem": within_its_role.UPDATES,
        "dynamodb:DeleteItem": within_its_role.DELETES,
    }


def test_the_console_reads_the_one_secret_that_the_stage_names_and_none_where_it_names_none(
    grants: list[Grant],
) -> None:
    (secret,) = (
        it for it in grants if (it.handler, it.action) == ("console", "secretsmanager:GetSecretValue")
    )
    assert secret.only_where == "SignInCredentialNamed"
    assert secret.resource.endswith(":secret:<SignInCredentialName>-??????")


def partitions_of(grants: list[Grant], handler: str) -> dict[tuple[str, str], list[str]]:
    """Which partitions a function may use by which action, where it may not use all."""
    found: dict[tuple[str, str], list[str]] = {}
    for it in grants:
        if (it.handler, it.effect) == (handler, "Allow") and "ForAllValues:StringLike" in it.condition:
            these = listed(it.condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"])
            found[it.action, it.resource] = [*found.get((it.action, it.resource), ()), *these]
    return found


COUNTS_ALONE = {
    ("dynamodb:Query", AUDIT): ["R#*"],
    ("dynamodb:GetItem", "<AuditStoreState>"): ["AGG#*", "G#*", "HUB"],
    ("dynamodb:BatchGetItem", "<AuditStoreState>"): ["AGG#*", "G#*", "HUB"],
    ("dynamodb:UpdateItem", "<AuditStoreState>"): ["AGG#*"],
}


def test_whoever_counts_reads_referrals_and_the_registry_and_writes_counts_alone(grants: list[Grant]) -> None:
    assert partitions_of(grants, "count_outcomes") == COUNTS_ALONE


def test_the_night_asks_about_all_decisions_as_well_and_writes_nothing_else(grants: list[Grant]) -> None:
    asks = ["K#decisions"]
    assert partitions_of(grants, "recount_days") == {
        **{about: [*these, *asks] for about, these in COUNTS_ALONE.items() if "Batch" not in about[0]},
        ("dynamodb:BatchGetItem", "<AuditStoreState>"): ["AGG#*", "G#*", "HUB"],
        ("dynamodb:Query", "<AuditStoreState>"): asks,
        ("dynamodb:PutItem", AUDIT): asks,
    }


@pytest.mark.parametrize("handler", ["count_outcomes", "recount_days"])
def test_whoever_counts_has_no_data_key(grants: list[Grant], handler: str) -> None:
    may = [it for it in grants if (it.handler, it.effect) == (handler, "Allow")]
    assert not [it for it in may if it.resource in {"<AuditStoreKeys>", "<KeyringData>"}]


def test_the_reconciliation_reads_what_events_caused_and_writes_its_own_account_and_asks_about_sources(
    grants: list[Grant],
) -> None:
    """Who read what is none of its business, nor is the registry; a data key it never sees."""
    may = [it for it in grants if (it.handler, it.effect) == ("reconcile", "Allow")]
    partitions = {
        (it.action, it.resource): listed(it.condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"])
        for it in may
        if "ForAllValues:StringLike" in it.condition
    }
    assert partitions == {
        ("dynamodb:Query", AUDIT): ["R#*", "Q#*", "X#*", "F#*", "S#*"],
        ("dynamodb:Query", "<AuditStoreState>"): ["R#*", "Q#*", "S#*"],
        ("dynamodb:UpdateItem", "<AuditStoreState>"): ["D#*", "RECON#*", "S#*"],
        ("dynamodb:PutItem", AUDIT): ["D#*", "S#*"],
    }
    assert not [it for it in may if it.resource in {"<AuditStoreKeys>", "<KeyringData>"}]


def test_a_row_is_added_inside_a_transaction_only(grants: list[Grant]) -> None:
    for grant in grants:
        if (grant.effect, grant.action, grant.resource) == ("Allow", "dynamodb:PutItem", AUDIT):
            assert grant.condition["ForAnyValue:StringEquals"] == {
                "dynamodb:EnclosingOperation": ["TransactWriteItems"]
            }
            assert grant.condition.keys() <= {"ForAnyValue:StringEquals", "ForAllValues:StringLike"}
            assert not grant.on_emulator_only


def test_every_writer_of_the_trail_is_denied_every_other_change_of_it(grants: list[Grant]) -> None:
    writers = {it.handler for it in grants if (it.action, it.resource) == ("dynamodb:PutItem", AUDIT)}
    assert writers == {
        "acknowledge",
        "console",
        "receive_event",
        "send_email",
        "send_webhook",
        "sweep_due",
        "park_dead_letter",
        "record_receipt",
        "reconcile",
        "recount_days",
    }
    for writer in writers:
        denied = {
            it.action for it in grants if (it.handler, it.effect, it.resource) == (writer, "Deny", AUDIT)
        }
        assert denied == CHANGES


@pytest.mark.parametrize(
    ("action", "handlers"),
    [
        ("ses:SendEmail", {"send_email"}),
        ("secretsmanager:GetSecretValue", {"acknowledge", "console", "send_webhook"}),
        ("s3:PutObject", {"receive_event", "park_dead_letter"}),
        ("dynamodb:GetRecords", {"count_outcomes", "relay_deliveries"}),
        (
            "sqs:SendMessage",
            {"count_outcomes", "relay_deliveries", "sweep_due", "send_email", "send_webhook"},
        ),
    ],
)
def test_a_dangerous_action_belongs_to_those_who_need_it(
    grants: list[Grant], action: str, handlers: set[str]
) -> None:
    assert {grant.handler for grant in grants if grant.action == action} == handlers


def test_a_sender_may_put_messages_among_its_own_queues_dead_letters_and_nowhere_else(
    grants: list[Grant],
) -> None:
    senders = {"send_email", "send_webhook"}
    puts = [it for it in grants if it.handler in senders and it.action.startswith("sqs:SendMessage")]
    assert {(it.handler, it.resource) for it in puts} == {
        ("send_email", "<DeliveryEmailsDeadLetters>"),
        ("send_webhook", "<DeliveryWebhooksDeadLetters>"),
    }


def test_pages_put_on_the_bus_what_the_police_say_of_their_form_and_nothing_else(
    grants: list[Grant],
) -> None:
    strict = [it for it in grants if it.action == "events:PutEvents" and not it.on_emulator_only]
    assert {it.handler: it.condition for it in strict} == {
        "acknowledge": {
            "StringEquals": {"events:source": "police.status-page", "events:detail-type": "RA_STATUS_CHANGED"}
        },
        "console": {
            "StringEquals": {"events:source": "police.desk", "events:detail-type": "RA_FORM_METADATA"}
        },
    }
    own = [it for it in grants if (it.handler, it.effect) == ("acknowledge", "Allow")]
    assert not [it for it in own if it.action.startswith("sqs:")]
    assert not [it for it in own if it.resource in {"<AuditStoreKeys>", "<KeyringData>"}]


def test_mail_leaves_from_our_address_and_through_our_configuration_set(grants: list[Grant]) -> None:
    strict = [it for it in grants if it.action == "ses:SendEmail" and not it.on_emulator_only]
    assert [it.condition for it in strict] == [
        {"StringEquals": {"ses:FromAddress": {"Ref": "FromAddress"}}}
    ] * 2
    assert sorted(it.resource.split(":")[-1].split("/")[0] for it in strict) == [
        "configuration-set",
        "identity",
    ]


def test_a_data_key_is_used_for_a_named_partition_only(grants: list[Grant]) -> None:
    strict = [it for it in grants if it.resource == "<KeyringData>" and not it.on_emulator_only]
    assert {(it.handler, it.action) for it in strict} == {
        ("receive_event", "kms:Decrypt"),
        ("receive_event", "kms:GenerateDataKey"),
        ("console", "kms:Decrypt"),
        ("send_email", "kms:Decrypt"),
        ("send_webhook", "kms:Decrypt"),
    }
    for grant in strict:
        may_be = ["R#*", "Q#*", *(["FORM#*"] if grant.handler == "receive_event" else [])]
        assert listed(grant.condition["StringLike"]["kms:EncryptionContext:pk"]) == may_be
        assert listed(grant.condition["ForAllValues:StringEquals"]["kms:EncryptionContextKeys"]) == ["pk"]


def test_what_the_emulator_needs_beyond_the_strict_form_does_not_exist_on_a_real_stage(
    template: Template,
) -> None:
    assert template.body["Conditions"]["Local"] == {"Fn::Equals": [{"Ref": "StageName"}, "local"]}
    loose = [policy for _, policy in policies(template) if policy.name.endswith("EmulatorOnly")]
    assert loose
    assert {policy.body["Condition"] for policy in loose} == {"Local"}
    assert all("Fn::If" not in str(policy["PolicyDocument"]) for _, policy in policies(template))


def test_whoever_touches_something_encrypted_may_use_its_key(template: Template, grants: list[Grant]) -> None:
    """The emulator does not miss these grants; AWS does."""
    for grant in grants:
        service, _, action = grant.action.partition(":")
        if grant.effect == "Deny" or grant.on_emulator_only or action == "ListStreams":
            continue
        if service == "dynamodb":
            wanted = {("<KeyringTables>", "kms:Decrypt")}
            if action in {"DeleteItem", "PutItem", "UpdateItem"}:
                wanted.add(("<KeyringTables>", "kms:GenerateDataKey"))
        elif service == "sqs":
            key = f"<{refers_to(template.named(grant.resource.strip('<>'))['KmsMasterKeyId'])}>"
            wanted = {(key, "kms:Decrypt")}
            if action == "SendMessage":
                wanted.add((key, "kms:GenerateDataKey"))
        elif service == "s3":
            wanted = {("<KeyringIntake>", "kms:GenerateDataKey")}
        else:
            continue
        held = {(it.resource, it.action) for it in grants if it.handler == grant.handler}
        assert wanted <= held, str(grant)


def test_a_ceiling_hangs_over_every_role_and_is_exactly_what_they_hold(
    template: Template, grants: list[Grant]
) -> None:
    for role in template.resources("AWS::IAM::Role"):
        if role.name in OF_SERVICES:
            continue
        assert refers_to(role["PermissionsBoundary"]) == "BoundaryCeiling", role.name
        assert "ManagedPolicyArns" not in role.properties
    at_most, never = template.named("BoundaryCeiling")["PolicyDocument"]["Statement"]
    assert set(at_most["Action"]) == {grant.action for grant in grants if grant.effect == "Allow"}
    assert (never["Effect"], spelled(never["Resource"]), set(never["Action"])) == ("Deny", AUDIT, CHANGES)


# --- a person at the command line


def test_the_trail_grows_under_an_operators_hands_and_no_other_way(operators: list[Grant]) -> None:
    on_audit = [it for it in operators if it.resource == AUDIT]
    assert {it.action for it in on_audit if it.effect == "Deny"} == CHANGES
    allowed = {it.action: it.condition for it in on_audit if it.effect == "Allow"}
    told_or_stated = {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["R#*", "Q#*", "X#*", "F#*", "FORM#*", "D#*"]}
    }
    assert allowed == {
        "dynamodb:PutItem": {
            "ForAnyValue:StringEquals": {"dynamodb:EnclosingOperation": ["TransactWriteItems"]}
        },
        "dynamodb:BatchGetItem": told_or_stated,
        "dynamodb:Query": told_or_stated,
    }


def test_an_operator_uses_a_key_for_this_stages_own_things_alone(operators: list[Grant]) -> None:
    on_keys = {(it.resource, it.action): it.condition for it in operators if it.action.startswith("kms:")}
    assert all(on_keys.values())
    of_cases = {"kms:EncryptionContext:pk": ["R#*", "Q#*"]}
    assert on_keys["<KeyringData>", "kms:Decrypt"]["StringLike"] == of_cases
    by = {resource: it["StringEquals"] for (resource, _), it in on_keys.items() if "StringEquals" in it}
    assert {resource: spelled(it["kms:ViaService"]) for resource, it in by.items()} == {
        "<KeyringTables>": "dynamodb.<Region>.amazonaws.com",
        "<KeyringIntake>": "s3.<Region>.amazonaws.com",
    }


def test_an_operators_policy_is_nobodys_until_it_is_attached_and_is_told_by_its_address(
    template: Template,
) -> None:
    policy = template.named("OperatorPolicy")
    assert not {"Roles", "Users", "Groups"} & policy.properties.keys()
    assert spelled(policy["ManagedPolicyName"]) == "mash-outcomes-<StageName>-operator"
    assert refers_to(template.body["Outputs"]["OperatorPolicyArn"]["Value"]) == policy.name


def test_an_operators_policy_is_no_longer_than_aws_takes(template: Template) -> None:
    """6,144 characters without spaces; what a reference stands for is longer than its name."""
    text = json.dumps(template.named("OperatorPolicy")["PolicyDocument"])
    references = text.count('"Ref"') + text.count("Fn::GetAtt")
    spelled_out = re.sub(r"\s", "", text)
    assert len(spelled_out) + 60 * references < 6144
