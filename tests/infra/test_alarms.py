"""A person is called for everything that could be lost, and is told where to read on."""

import re
from pathlib import Path

import pytest

from functions import log_lines
from tests.infra.template import Resource, Template, refers_to

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


def test_a_stalled_stream_has_an_alarm(template: Template) -> None:
    assert metrics(template, "AWS/Lambda", "IteratorAge") == {template.functions["relay_deliveries"].name}


@pytest.mark.parametrize(
    ("line", "metric", "handlers"),
    [
        ("EVENT_REFUSED", "RefusedEvents", {"receive_event", "park_dead_letter"}),
        ("SEND_EXHAUSTED", "ExhaustedSends", {"send_email", "send_webhook"}),
        ("DELIVERY_PARKED", "ParkedDeliveries", {"send_email", "send_webhook", "park_dead_letter"}),
        ("SWEEP_RAN", "Sweeps", {"sweep_due"}),
        ("DELIVERY_HELD", "HeldDeliveries", {"receive_event", "send_email", "send_webhook"}),
        ("TASK_OPENED", "OpenedTasks", {"receive_event"}),
        ("TASK_OVERDUE", "OverdueTasks", {"sweep_due"}),
        ("CALENDAR_ENDS_SOON", "CalendarEndsSoon", {"receive_event"}),
        ("NOBODY_TO_TELL", "NobodyToTell", {"receive_event"}),
        ("RA_FEED_SILENT", "DecisionsWithoutFeed", {"receive_event"}),
        (
            "MESSAGE_FAILED",
            "FailedMessages",
            {"receive_event", "send_email", "send_webhook", "park_dead_letter"},
        ),
        ("CONFIRMATION_FAILED", "FailedConfirmations", {"acknowledge"}),
        ("KEY_UNREADABLE", "UnreadableKeys", {"relay_deliveries", "sweep_due"}),
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


def test_every_line_that_is_counted_is_in_the_catalogue(template: Template) -> None:
    catalogue = {line.name for line in vars(log_lines).values() if isinstance(line, log_lines.LogLine)}
    for counted in template.resources("AWS::Logs::MetricFilter"):
        assert counted["FilterPattern"].split('"')[1] in catalogue


def test_a_missing_heartbeat_is_an_alarm_after_three_minutes(template: Template) -> None:
    (heartbeat,) = (it for it in alarms(template) if it["MetricName"] == "Sweeps")
    assert heartbeat["TreatMissingData"] == "breaching"
    assert heartbeat["ComparisonOperator"] == "LessThanThreshold"
    assert heartbeat["Period"] * heartbeat["EvaluationPeriods"] == 180


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
