"""A person is called for everything that could be lost, and is told where to read on."""

import re
from pathlib import Path

import pytest

from functions import log_lines
from schemas.console import DIRECTORY_FAULTS
from tests.infra.template import Api, Resource, Template, refers_to

ROOT = Path(__file__).parents[2]
RUNBOOK = re.compile(r"^RUNBOOK: (infra/runbooks/[a-z-]+\.md)\. [A-Z].+\.$")
ANSWERS = ("**For a child:**", "**Check**", "**Fix**", "**Tell:**", "**Stop**")


def alarms(template: Template) -> list[Resource]:
    return list(template.resources("AWS::CloudWatch::Alarm"))


def runbook_of(alarm: Resource) -> Path:
    found = RUNBOOK.match(alarm["AlarmDescription"])
    assert found, alarm["AlarmDescription"]
    return ROOT / found[1]


def metrics(template: Template, namespace: str, metric: str) -> set[str]:
    """What the alarms on this metric watch, by readable name."""
    return {
        refers_to(alarm["Dimensions"][0]["Value"])
        for alarm in alarms(template)
        if (alarm["Namespace"], alarm["MetricName"]) == (namespace, metric)
    }


def test_every_alarm_names_a_runbook_that_exists_and_every_runbook_an_alarm(template: Template) -> None:
    written = set((ROOT / "infra" / "runbooks").glob("*.md"))
    assert {runbook_of(alarm) for alarm in alarms(template)} == written


@pytest.mark.parametrize(
    "runbook", sorted((ROOT / "infra/runbooks").glob("*.md")), ids=lambda path: path.stem
)
def test_a_runbook_says_what_it_means_for_a_child_and_when_to_stop(runbook: Path) -> None:
    text = runbook.read_text(encoding="utf-8")
    places = [text.find(answer) for answer in ANSWERS]
    assert -1 not in places
    assert places == sorted(places)


def test_every_dead_letter_queue_has_an_alarm_at_the_first_letter(template: Template) -> None:
    watched = metrics(template, "AWS/SQS", "ApproximateNumberOfMessagesVisible")
    assert watched == template.dead_letter_queues
    for alarm in alarms(template):
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible":
            assert (alarm["Threshold"], alarm["EvaluationPeriods"]) == (1, 1)


def test_every_live_queue_has_an_alarm_at_ten_minutes(template: Template) -> None:
    watched = metrics(template, "AWS/SQS", "ApproximateAgeOfOldestMessage")
    assert watched == set(template.queues) - template.dead_letter_queues
    assert {
        it["Threshold"] for it in alarms(template) if it["MetricName"] == "ApproximateAgeOfOldestMessage"
    } == {600}


def test_every_functions_errors_have_an_alarm(template: Template) -> None:
    assert metrics(template, "AWS/Lambda", "Errors") == {it.name for it in template.functions.values()}


@pytest.mark.parametrize("handler", ["acknowledge", "console"])
def test_people_who_are_turned_away_before_anything_looks_are_an_alarm(
    template: Template, handler: str
) -> None:
    """No line is written then and no error counted: nothing else would ring."""
    assert metrics(template, "AWS/Lambda", "Throttles") == {
        template.functions[name].name for name in ("acknowledge", "console")
    }
    function = {"Ref": template.functions[handler].logical_id}
    (alarm,) = (
        it
        for it in alarms(template)
        if it["MetricName"] == "Throttles" and it["Dimensions"][0]["Value"] == function
    )
    assert (alarm["Threshold"], alarm["EvaluationPeriods"], alarm["Statistic"]) == (1, 1, "Sum")


@pytest.mark.parametrize("name", ["ConfirmApi", "ConsoleApi"])
def test_an_api_that_fails_is_an_alarm(template: Template, name: str) -> None:
    api, stage = template.named(name), Api(template, name).stage
    (alarm,) = (
        it
        for it in alarms(template)
        if it["MetricName"] == "5XXError" and api["Name"] in [one["Value"] for one in it["Dimensions"]]
    )
    assert alarm["Namespace"] == "AWS/ApiGateway"
    assert {it["Name"]: it["Value"] for it in alarm["Dimensions"]} == {
        "ApiName": api["Name"],
        "Stage": {"Ref": stage.logical_id},
    }
    assert (alarm["Threshold"], alarm["EvaluationPeriods"], alarm["Statistic"]) == (1, 1, "Sum")


@pytest.mark.parametrize("metric", ["FailedInvocations", "InvocationsFailedToBeSentToDlq"])
def test_the_first_event_that_the_intakes_rule_gives_up_is_an_alarm(template: Template, metric: str) -> None:
    """A rule of a custom bus is measured under both names; an alarm on either alone would never ring."""
    rule = template.named("IntakeWholeBus")
    (alarm,) = (it for it in alarms(template) if it["MetricName"] == metric)
    assert alarm["Namespace"] == "AWS/Events"
    assert {it["Name"]: it["Value"] for it in alarm["Dimensions"]} == {
        "EventBusName": rule["EventBusName"],
        "RuleName": rule["Name"],
    }
    assert (alarm["Threshold"], alarm["EvaluationPeriods"], alarm["Period"]) == (1, 1, 60)
    assert alarm["TreatMissingData"] == "notBreaching"


def test_a_stalled_stream_has_an_alarm(template: Template) -> None:
    readers = {template.functions[name].name for name in ("relay_deliveries", "count_outcomes")}
    assert metrics(template, "AWS/Lambda", "IteratorAge") == readers


def test_a_stalled_stream_rings_before_its_records_are_given_up(template: Template) -> None:
    """A record is never seen older than the stream's limit: an alarm above it could not ring."""
    behind = {
        refers_to(it["Dimensions"][0]["Value"]): it["Threshold"] / 1000
        for it in alarms(template)
        if it["MetricName"] == "IteratorAge"
    }
    given_up_at = {
        refers_to(it["FunctionName"]): it["MaximumRecordAgeInSeconds"]
        for it in template.mappings
        if "MaximumRecordAgeInSeconds" in it.properties
    }
    assert behind.keys() == given_up_at.keys()
    assert all(60 < behind[name] < given_up_at[name] for name in behind)


@pytest.mark.parametrize(
    ("line", "metric", "handlers"),
    [
        ("EVENT_REFUSED", "RefusedEvents", {"receive_event", "park_dead_letter"}),
        ("SEND_EXHAUSTED", "ExhaustedSends", {"send_email", "send_webhook"}),
        ("DELIVERY_PARKED", "ParkedDeliveries", {"send_email", "send_webhook", "park_dead_letter"}),
        ("SWEEP_RAN", "Sweeps", {"sweep_due"}),
        ("BEAT_HEARD", "Beats", {"receive_event"}),
        ("RECONCILED", "Accounts", {"reconcile"}),
        ("RECONCILIATION_FAILED", "Differences", {"reconcile"}),
        ("NO_DECISIONS", "QuietQuarterHours", {"reconcile"}),
        ("UNDELIVERED_TOO_LONG", "UndeliveredTooLong", {"reconcile"}),
        ("DELIVERY_HELD", "HeldDeliveries", {"receive_event", "send_email", "send_webhook"}),
        (
            "TASK_OPENED",
            "OpenedTasks",
            {"receive_event", "sweep_due", "record_receipt", "send_webhook", "reconcile"},
        ),
        ("TASK_OVERDUE", "OverdueTasks", {"sweep_due"}),
        ("NOT_TOLD_IN_TIME", "NotToldInTime", {"sweep_due"}),
        ("ENDPOINT_PAUSED", "PausedEndpoints", {"send_webhook"}),
        ("CALENDAR_ENDS_SOON", "CalendarEndsSoon", {"receive_event"}),
        ("NOBODY_TO_TELL", "NobodyToTell", {"receive_event"}),
        ("RA_FEED_SILENT", "DecisionsWithoutFeed", {"receive_event"}),
        (
            "MESSAGE_FAILED",
            "FailedMessages",
            {"receive_event", "send_email", "send_webhook", "park_dead_letter", "record_receipt"},
        ),
        ("MAIL_CAME_BACK", "MailThatCameBack", {"record_receipt"}),
        ("RECEIPT_REFUSED", "RefusedReceipts", {"record_receipt"}),
        ("SEND_QUOTA_SPENT", "SpentMailQuota", {"send_email"}),
        ("MAIL_PROVIDER_REFUSES", "MailProviderRefusals", {"send_email"}),
        ("CONFIRMATION_FAILED", "FailedConfirmations", {"acknowledge"}),
        ("KEY_UNREADABLE", "UnreadableKeys", {"receive_event", "relay_deliveries", "sweep_due"}),
        ("EGRESS_FAILING", "EgressFailing", {"send_webhook"}),
        ("COUNTS_DIFFER", "DifferingCounts", {"recount_days"}),
        ("RECOUNTED", "Recounts", {"recount_days"}),
    ],
)
def test_a_log_line_that_matters_is_counted_where_it_is_written(
    template: Template, line: str, metric: str, handlers: set[str]
) -> None:
    logs = {refers_to(it["LoggingConfig"]["LogGroup"]): handler for handler, it in template.functions.items()}
    counted = {
        logs[refers_to(it["LogGroupName"])]
        for it in template.resources("AWS::Logs::MetricFilter")
        if it["FilterPattern"] == f'{{ $.message = "{line}" }}'
        and it["MetricTransformations"][0]["MetricName"] == metric
    }
    assert counted == handlers
    assert [alarm["MetricName"] for alarm in alarms(template)].count(metric) == 1


def test_a_directory_that_lets_nobody_in_is_an_alarm_and_a_persons_own_mistake_is_none(
    template: Template,
) -> None:
    (counted,) = (
        it for it in template.resources("AWS::Logs::MetricFilter") if "SIGN_IN_REFUSED" in it["FilterPattern"]
    )
    console = template.functions["console"]
    assert refers_to(counted["LogGroupName"]) == refers_to(console["LoggingConfig"]["LogGroup"])
    assert set(re.findall(r'\$\.reason = "([A-Z_]+)"', counted["FilterPattern"])) == set(DIRECTORY_FAULTS)
    assert counted["FilterPattern"].startswith('{ ($.message = "SIGN_IN_REFUSED") && (($.reason = ')
    assert not {"NOT_BEGUN_HERE", "ISSUER_REFUSED", "NO_ROLE"} & set(DIRECTORY_FAULTS)
    (alarm,) = (it for it in alarms(template) if it["MetricName"] == "DirectoryFaults")
    assert runbook_of(alarm).stem == "console"


def test_every_line_that_is_counted_is_in_the_catalogue(template: Template) -> None:
    catalogue = {line.name for line in vars(log_lines).values() if isinstance(line, log_lines.LogLine)}
    for counted in template.resources("AWS::Logs::MetricFilter"):
        assert counted["FilterPattern"].split('"')[1] in catalogue


def test_every_line_of_harm_is_counted(template: Template) -> None:
    """An ERROR that rings nobody is one that nobody reads."""
    lines = (line for line in vars(log_lines).values() if isinstance(line, log_lines.LogLine))
    harm = {line.name for line in lines if line.level is log_lines.Level.ERROR}
    patterns = (it["FilterPattern"] for it in template.resources("AWS::Logs::MetricFilter"))
    assert harm - {pattern.split('"')[1] for pattern in patterns} == set()


def test_a_missing_heartbeat_is_an_alarm_after_three_minutes(template: Template) -> None:
    (heartbeat,) = (it for it in alarms(template) if it["MetricName"] == "Sweeps")
    assert heartbeat["TreatMissingData"] == "breaching"
    assert heartbeat["ComparisonOperator"] == "LessThanThreshold"
    assert heartbeat["Period"] * heartbeat["EvaluationPeriods"] == 180
    assert heartbeat["DatapointsToAlarm"] == heartbeat["EvaluationPeriods"]


def test_too_much_mail_that_comes_back_or_is_complained_of_is_an_alarm(template: Template) -> None:
    found = {it["MetricName"]: it["Threshold"] for it in alarms(template) if it["Namespace"] == "AWS/SES"}
    assert found == {"Reputation.BounceRate": 0.03, "Reputation.ComplaintRate": 0.0005}


def test_mail_that_leaves_too_fast_pages_nobody(template: Template) -> None:
    counted = [it["FilterPattern"] for it in template.resources("AWS::Logs::MetricFilter")]
    assert not [pattern for pattern in counted if "SEND_THROTTLED" in pattern]


def test_an_account_that_is_missing_for_three_hours_is_an_alarm(template: Template) -> None:
    (accounts,) = (it for it in alarms(template) if it["MetricName"] == "Accounts")
    assert accounts["TreatMissingData"] == "breaching"
    assert accounts["ComparisonOperator"] == "LessThanThreshold"
    assert accounts["Period"] * accounts["EvaluationPeriods"] == 3 * 3600
    assert accounts["DatapointsToAlarm"] == accounts["EvaluationPeriods"]


def test_a_night_without_a_recount_is_an_alarm_within_two_hours(template: Template) -> None:
    (recounts,) = (it for it in alarms(template) if it["MetricName"] == "Recounts")
    assert (recounts["TreatMissingData"], recounts["ComparisonOperator"]) == (
        "breaching",
        "LessThanThreshold",
    )
    assert recounts["Period"] == 3600, "a longer window than a day needs periods of an hour"
    assert recounts["EvaluationPeriods"] == recounts["DatapointsToAlarm"] == 26


def test_the_age_of_the_oldest_undelivered_outcome_is_measured(template: Template) -> None:
    (measured,) = (
        it
        for it in template.resources("AWS::Logs::MetricFilter")
        if it["FilterPattern"] == '{ $.message = "OLDEST_UNDELIVERED" }'
    )
    (made,) = measured["MetricTransformations"]
    assert (made["MetricName"], made["MetricValue"]) == ("OldestUndeliveredMinutes", "$.minutes")


@pytest.mark.parametrize("metric", ["Differences", "QuietQuarterHours", "UndeliveredTooLong"])
def test_what_the_reconciliation_finds_calls_somebody_at_the_first_line(
    template: Template, metric: str
) -> None:
    (alarm,) = (it for it in alarms(template) if it["MetricName"] == metric)
    assert (alarm["Threshold"], alarm["DatapointsToAlarm"], alarm["Period"]) == (1, 1, 60)
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"


def test_every_alarm_reaches_the_person_on_duty_of_a_real_stage(template: Template) -> None:
    for alarm in alarms(template):
        assert [refers_to(action) for action in alarm["AlarmActions"]] == ["AlarmsDuty"], alarm.name
    (subscription,) = template.resources("AWS::SNS::Subscription")
    assert subscription["Endpoint"] == {"Ref": "AlarmAddress"}
    assert subscription.body["Condition"] == "Real"


def test_stages_in_one_account_do_not_count_together(template: Template) -> None:
    for counted in template.resources("AWS::Logs::MetricFilter"):
        space = counted["MetricTransformations"][0]["MetricNamespace"]
        assert space == {"Fn::Sub": "MashOutcomes/${AWS::StackName}"}


def test_what_the_readiness_check_asks_about_is_the_topic_that_every_alarm_rings(template: Template) -> None:
    assert refers_to(template.body["Outputs"]["AlarmTopicArn"]["Value"]) == "AlarmsDuty"
