"""The arithmetic of queues and streams: nothing is seen again too early, kept too short or lost."""

import json

from functions.adapters.patience import LIMIT_SECONDS
from functions.flows.intake import receive
from functions.flows.receipts import record
from functions.flows.sending import answer, park
from functions.flows.sending.answer import MOST_RECEIVES
from functions.flows.sending.send import CLAIM_SECONDS
from tests.infra.template import Resource, Template, refers_to

DAY = 24 * 3600
MOST_IN_A_BATCH = 5
SENDERS = {"send_email", "send_webhook"}
RECORD_SECONDS = 10
SPARE_SECONDS = 15
LEASE_SECONDS = RECORD_SECONDS + 30
SECONDS_TO_BEGIN = 5
A_SEND = (answer.LEAST_MILLISECONDS_TO_START / 1000, CLAIM_SECONDS + RECORD_SECONDS + LIMIT_SECONDS)
LEAST_TO_START = {
    "receive_event": (receive.LEAST_SECONDS_TO_START, 2 * LIMIT_SECONDS),
    "park_dead_letter": (park.LEAST_SECONDS_TO_START, LIMIT_SECONDS),
    "record_receipt": (record.LEAST_SECONDS_TO_START, 2 * record.RECORD_SECONDS),
    "send_email": A_SEND,
    "send_webhook": A_SEND,
}
"""With how many seconds left each reader still begins a message, and how long it contends for one at most."""


def queue_mappings(template: Template) -> list[tuple[Resource, Resource, str]]:
    """Each mapping from a queue: the mapping, its queue, its handler."""
    handlers = {function.name: handler for handler, function in template.functions.items()}
    found = [
        (
            mapping,
            template.target(mapping["EventSourceArn"]),
            handlers[template.target(mapping["FunctionName"]).name],
        )
        for mapping in template.mappings
    ]
    return [
        (mapping, source, handler) for mapping, source, handler in found if source.type == "AWS::SQS::Queue"
    ]


def mapping_of(template: Template, table: str) -> Resource:
    (only,) = (it for it in template.mappings if template.target(it["EventSourceArn"]).name == table)
    return only


def test_a_message_is_hidden_for_six_of_its_readers_timeouts(template: Template) -> None:
    for _, queue, handler in queue_mappings(template):
        assert queue["VisibilityTimeout"] >= 6 * template.functions[handler]["Timeout"], queue.name


def test_a_sender_has_time_for_its_whole_batch(template: Template) -> None:
    for mapping, queue, handler in queue_mappings(template):
        if handler in SENDERS:
            assert mapping["BatchSize"] <= MOST_IN_A_BATCH
            timeout = template.functions[handler]["Timeout"]
            assert timeout >= MOST_IN_A_BATCH * RECORD_SECONDS + SPARE_SECONDS == 65
            assert queue["VisibilityTimeout"] >= 390
            assert queue["VisibilityTimeout"] > LEASE_SECONDS


def test_no_reader_begins_a_message_that_it_may_not_end_however_busy_the_tables_are(
    template: Template,
) -> None:
    """And each begins the first of its batch, whatever the start of the function took."""
    assert {handler for _, _, handler in queue_mappings(template)} == set(LEAST_TO_START)
    for handler, (least, longest) in LEAST_TO_START.items():
        assert longest <= least, handler
        assert least + SECONDS_TO_BEGIN <= template.functions[handler]["Timeout"], handler


def test_one_webhook_that_hangs_keeps_no_other_waiting_in_its_batch(template: Template) -> None:
    (batch,) = (it["BatchSize"] for it, _, handler in queue_mappings(template) if handler == "send_webhook")
    assert batch == 1


def test_intake_takes_at_most_ten_at_a_time(template: Template) -> None:
    (batch,) = (it["BatchSize"] for it, _, handler in queue_mappings(template) if handler == "receive_event")
    assert batch <= 10


def test_every_queues_reader_answers_for_each_message_alone_at_once_and_with_a_limit(
    template: Template,
) -> None:
    for mapping, queue, _ in queue_mappings(template):
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"], queue.name
        assert mapping["MaximumBatchingWindowInSeconds"] == 0, queue.name
        assert 2 <= mapping["ScalingConfig"]["MaximumConcurrency"] <= 1000, queue.name


def test_each_queue_is_read_by_the_function_it_is_for(template: Template) -> None:
    assert {(queue.name, handler) for _, queue, handler in queue_mappings(template)} == {
        ("IntakeDecisionsQueue", "receive_event"),
        ("DeliveryEmailsQueue", "send_email"),
        ("DeliveryWebhooksQueue", "send_webhook"),
        ("IntakeDecisionsDeadLetters", "park_dead_letter"),
        ("IntakeRuleDeadLetters", "park_dead_letter"),
        ("DeliveryEmailsDeadLetters", "park_dead_letter"),
        ("DeliveryWebhooksDeadLetters", "park_dead_letter"),
        ("ReceiptsMailQueue", "record_receipt"),
    }


def test_dead_letters_are_kept_longer_than_the_living(template: Template) -> None:
    for name, queue in template.queues.items():
        if name in template.dead_letter_queues:
            assert queue["MessageRetentionPeriod"] == 14 * DAY, name
        else:
            assert queue["MessageRetentionPeriod"] <= 4 * DAY, name


def test_every_queue_is_a_dead_letter_queue_or_has_one_after_ten_receives_or_more(template: Template) -> None:
    for name, queue in template.queues.items():
        if name not in template.dead_letter_queues:
            redrive = queue["RedrivePolicy"]
            assert template.target(redrive["deadLetterTargetArn"]).name in template.dead_letter_queues
            assert redrive["maxReceiveCount"] >= 10, name


def test_a_sender_lets_a_message_that_can_only_wait_go_long_before_it_is_a_dead_letter(
    template: Template,
) -> None:
    """What is left is for workers that were stopped: their messages come back without a word."""
    for _, queue, handler in queue_mappings(template):
        if handler in SENDERS:
            assert queue["RedrivePolicy"]["maxReceiveCount"] >= 3 * MOST_RECEIVES


def test_an_event_is_not_refused_because_nothing_could_be_written_for_a_day_and_does_not_expire_first(
    template: Template,
) -> None:
    (queue,) = (it for _, it, handler in queue_mappings(template) if handler == "receive_event")
    dead_after = queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"]
    assert DAY <= dead_after < queue["MessageRetentionPeriod"]


def test_every_rule_and_every_stream_has_a_place_for_what_it_could_not_deliver(template: Template) -> None:
    for rule in template.resources("AWS::Events::Rule"):
        for target in rule["Targets"]:
            assert template.target(target["DeadLetterConfig"]["Arn"]).type == "AWS::SQS::Queue", rule.name
    for table, letters in {
        "AuditStoreState": "DeliveryRelayDeadLetters",
        "AuditStoreAudit": "CountingCountDeadLetters",
    }.items():
        destination = mapping_of(template, table)["DestinationConfig"]["OnFailure"]["Destination"]
        assert template.target(destination).name == letters


def test_every_queue_is_encrypted_with_a_key_of_ours_and_raw_events_with_their_own(
    template: Template,
) -> None:
    keys = {name: template.target(queue["KmsMasterKeyId"]).name for name, queue in template.queues.items()}
    raw = {
        "IntakeDecisionsQueue": "KeyringIntake",
        "IntakeDecisionsDeadLetters": "KeyringIntake",
        "IntakeRuleDeadLetters": "KeyringTurnedAway",
        "ReceiptsRuleDeadLetters": "KeyringIntake",
    }
    assert keys == {name: raw.get(name, "KeyringQueues") for name in template.queues}


def test_no_one_key_closes_both_a_rules_queue_and_its_dead_letters(template: Template) -> None:
    """Where EventBridge may not use one, or it is switched off, what is put on the bus has another place."""
    both = [
        (template.target(target["Arn"]), template.target(target["DeadLetterConfig"]["Arn"]))
        for rule in template.resources("AWS::Events::Rule")
        for target in rule["Targets"]
        if template.target(target["Arn"]).type == "AWS::SQS::Queue"
    ]
    assert {living.name for living, _ in both} == {"IntakeDecisionsQueue", "ReceiptsMailQueue"}
    for living, dead in both:
        assert refers_to(living["KmsMasterKeyId"]) != refers_to(dead["KmsMasterKeyId"]), dead.name


def test_eventbridge_may_use_the_key_of_every_queue_that_a_rule_writes_to_for_this_account(
    template: Template,
) -> None:
    written = [
        template.target(place)
        for rule in template.resources("AWS::Events::Rule")
        for target in rule["Targets"]
        for place in (target["Arn"], target["DeadLetterConfig"]["Arn"])
        if template.target(place).type == "AWS::SQS::Queue"
    ]
    for name in {refers_to(queue["KmsMasterKeyId"]) for queue in written}:
        allowed = [
            (set(statement["Action"]), statement["Condition"])
            for statement in template.named(name)["KeyPolicy"]["Statement"]
            if statement["Principal"] == {"Service": "events.amazonaws.com"}
        ]
        ours = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
        assert allowed == [({"kms:Decrypt", "kms:GenerateDataKey"}, ours)], name


def test_every_queue_and_topic_refuses_plain_http(template: Template) -> None:
    policies = [*template.resources("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")]
    refusing = [
        policy
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    ]
    assert len(refusing) == len(policies) == len(template.queues) + 1


def test_only_this_stacks_own_rules_may_write_to_the_queues_they_feed(template: Template) -> None:
    writers = {
        (template.target(statement["Resource"]).name, template.target(arn).name)
        for policy in template.resources("AWS::SQS::QueuePolicy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
        for arn in [statement["Condition"]["ArnEquals"]["aws:SourceArn"]]
    }
    assert writers == {
        ("IntakeDecisionsQueue", "IntakeWholeBus"),
        ("IntakeRuleDeadLetters", "IntakeWholeBus"),
        ("DeliverySweepDeadLetters", "DeliveryEveryMinute"),
        ("ReceiptsMailQueue", "ReceiptsFromSes"),
        ("ReceiptsRuleDeadLetters", "ReceiptsFromSes"),
        ("ReconciliationDeadLetters", "ReconciliationEveryQuarterOfAnHour"),
        ("CountingRecountDeadLetters", "CountingEachNight"),
    }


def test_the_intake_rule_matches_its_whole_bus(template: Template) -> None:
    rule = template.named("IntakeWholeBus")
    assert rule["EventPattern"] == {"account": [{"Ref": "AWS::AccountId"}]}
    assert template.target(rule["EventBusName"]).name == "IntakeBus"
    assert [template.target(target["Arn"]).name for target in rule["Targets"]] == ["IntakeDecisionsQueue"]
    assert not any("InputPath" in target or "InputTransformer" in target for target in rule["Targets"])


def test_the_sweep_runs_each_minute_and_ends_before_the_next(template: Template) -> None:
    rule = template.named("DeliveryEveryMinute")
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    assert [template.target(target["Arn"]) for target in rule["Targets"]] == [template.functions["sweep_due"]]
    assert template.functions["sweep_due"]["Timeout"] < 60


def test_the_reconciliation_runs_each_quarter_of_an_hour_and_ends_before_the_next(
    template: Template,
) -> None:
    rule = template.named("ReconciliationEveryQuarterOfAnHour")
    assert rule["ScheduleExpression"] == "rate(15 minutes)"
    (target,) = rule["Targets"]
    assert template.target(target["Arn"]) == template.functions["reconcile"]
    assert template.target(target["DeadLetterConfig"]["Arn"]).name == "ReconciliationDeadLetters"
    assert template.functions["reconcile"]["Timeout"] < 15 * 60


def test_the_relay_sees_new_due_deliveries_only_and_gives_up_in_bounded_time(template: Template) -> None:
    mapping = mapping_of(template, "AuditStoreState")
    assert template.target(mapping["FunctionName"]) == template.functions["relay_deliveries"]
    (only,) = mapping["FilterCriteria"]["Filters"]
    assert json.loads(only["Pattern"]) == {
        "eventName": ["INSERT"],
        "dynamodb": {
            "NewImage": {
                "sk": {"S": [{"prefix": "N#"}]},
                "st": {"S": ["PENDING"]},
                "due_pk": {"S": [{"exists": True}]},
            }
        },
    }
    assert mapping["BisectBatchOnFunctionError"] is True
    assert 0 < mapping["MaximumRetryAttempts"] <= 10
    assert 60 <= mapping["MaximumRecordAgeInSeconds"] <= 300
    assert "FunctionResponseTypes" not in mapping.properties


def test_the_counts_see_new_rows_of_referrals_only_and_give_up_in_bounded_time(template: Template) -> None:
    mapping = mapping_of(template, "AuditStoreAudit")
    assert template.target(mapping["FunctionName"]) == template.functions["count_outcomes"]
    (only,) = mapping["FilterCriteria"]["Filters"]
    assert json.loads(only["Pattern"]) == {
        "eventName": ["INSERT"],
        "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "R#"}]}}},
    }
    assert mapping["BisectBatchOnFunctionError"] is True
    assert 0 < mapping["MaximumRetryAttempts"] <= 10
    assert 900 < mapping["MaximumRecordAgeInSeconds"] < 24 * 3600
    assert "FunctionResponseTypes" not in mapping.properties


def test_the_days_are_recounted_each_night(template: Template) -> None:
    rule = template.named("CountingEachNight")
    assert rule["ScheduleExpression"] == "cron(30 2 * * ? *)"
    (target,) = rule["Targets"]
    assert template.target(target["Arn"]) == template.functions["recount_days"]
    assert template.functions["recount_days"]["Timeout"] == 15 * 60
