"""What lasts rings once and not with each look at it; what happens again rings again."""

import pytest

from functions.domain.delivery import QUOTA_SPENT
from functions.flows.reconciling.keep_account import EVERY
from tests.infra.template import Template
from tests.infra.test_alarms import alarms

QUARTER_SECONDS = 15 * 60
"""Between two looks of the reconciliation."""
LASTING = {
    "Differences",
    "DirectoryFaults",
    "FailedMessages",
    "QuietQuarterHours",
    "SpentMailQuota",
    "UndeliveredTooLong",
    "UnreadableKeys",
}


def rings_anew_after(template: Template, metric: str) -> int:
    """For how many seconds a line must not have been said before its alarm can ring again."""
    (alarm,) = (it for it in alarms(template) if it["MetricName"] == metric)
    assert alarm["DatapointsToAlarm"] == 1
    assert alarm["Period"] * alarm["EvaluationPeriods"] <= 24 * 3600, "CloudWatch looks back no further"
    return int(alarm["Period"] * alarm["EvaluationPeriods"])


@pytest.mark.parametrize("metric", ["QuietQuarterHours", "UndeliveredTooLong"])
def test_what_is_said_each_quarter_of_an_hour_while_it_lasts_rings_once(
    template: Template, metric: str
) -> None:
    """Ninety-six mails a day about one message teach a person not to read them."""
    rule = template.named("ReconciliationEveryQuarterOfAnHour")
    assert rule["ScheduleExpression"] == "rate(15 minutes)"
    assert rings_anew_after(template, metric) > 2 * QUARTER_SECONDS


def test_a_difference_that_is_found_each_hour_while_it_lasts_rings_once(template: Template) -> None:
    found_again = EVERY.total_seconds() + QUARTER_SECONDS
    assert rings_anew_after(template, "Differences") > 2 * found_again


def test_one_message_that_fails_each_time_it_comes_rings_once(template: Template) -> None:
    """A poison event comes each six minutes for a day, before it is a dead letter."""
    failing = ("receive_event", "send_email", "send_webhook", "park_dead_letter", "record_receipt")
    hidden = [
        template.target(mapping["EventSourceArn"])["VisibilityTimeout"]
        for mapping in template.mappings
        if template.target(mapping["FunctionName"]) in [template.functions[handler] for handler in failing]
    ]
    assert len(hidden) == 8
    assert rings_anew_after(template, "FailedMessages") > 2 * max(hidden)


def test_a_key_that_each_sweep_fails_to_read_rings_once(template: Template) -> None:
    assert rings_anew_after(template, "UnreadableKeys") > 2 * 60


def test_a_quota_that_is_spent_for_hours_rings_once(template: Template) -> None:
    assert rings_anew_after(template, "SpentMailQuota") > 2 * QUOTA_SPENT.total_seconds()


def test_a_directory_that_lets_nobody_in_rings_once_and_not_with_each_try_of_everybody(
    template: Template,
) -> None:
    assert rings_anew_after(template, "DirectoryFaults") > 10 * 60


def test_every_other_line_rings_again_a_minute_later(template: Template) -> None:
    """What is said once for each thing that happened must not be kept from ringing by the one before it."""
    said = {
        it["MetricTransformations"][0]["MetricName"] for it in template.resources("AWS::Logs::MetricFilter")
    }
    for alarm in alarms(template):
        is_heartbeat = alarm["TreatMissingData"] == "breaching"
        if alarm["MetricName"] in said - LASTING and not is_heartbeat:
            assert (alarm["Period"], alarm["EvaluationPeriods"]) == (60, 1), alarm.name


def test_a_line_that_is_not_said_counts_as_none_so_that_an_alarm_ends_and_can_ring_again(
    template: Template,
) -> None:
    """CloudWatch takes a default for a count without dimensions alone; a number that is measured has none."""
    for counted in template.resources("AWS::Logs::MetricFilter"):
        (made,) = counted["MetricTransformations"]
        assert "Dimensions" not in made
        assert made.get("DefaultValue") == (0 if made["MetricValue"] == "1" else None), counted.name
