"""The beat goes the way of every decision, day and night, and its absence calls somebody."""

from schemas.beat import BEAT_SOURCE, BEAT_TYPE
from tests.infra.template import Template, refers_to
from tests.infra.test_alarms import alarms


def test_a_beat_is_put_on_the_very_bus_each_quarter_of_an_hour(template: Template) -> None:
    schedule = template.named("BeatSchedule")
    assert schedule["ScheduleExpression"] == "rate(15 minutes)"
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule.properties.get("State", "ENABLED") == "ENABLED"
    target = schedule["Target"]
    assert (refers_to(target["Arn"]), refers_to(target["RoleArn"])) == ("IntakeBus", "BeatRole")
    assert target["EventBridgeParameters"] == {"DetailType": BEAT_TYPE, "Source": BEAT_SOURCE}
    assert target["Input"] == "{}"
    assert schedule.body["Condition"] == template.named("BeatRole").body["Condition"] == "Real"


def test_its_role_can_put_beats_on_that_bus_and_no_decision(template: Template) -> None:
    role = template.named("BeatRole")
    assert "ManagedPolicyArns" not in role.properties
    (trusted,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trusted["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    (policy,) = role["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "events:PutEvents")
    assert refers_to(statement["Resource"]) == "IntakeBus"
    assert statement["Condition"] == {
        "StringEquals": {"events:source": BEAT_SOURCE, "events:detail-type": BEAT_TYPE}
    }
    assert not [it for it in template.resources("AWS::IAM::Policy") if "BeatRole" in str(it["Roles"])]


def test_a_beat_that_is_missing_three_times_is_an_alarm_day_and_night(template: Template) -> None:
    (missing,) = (it for it in alarms(template) if it["MetricName"] == "Beats")
    assert missing["TreatMissingData"] == "breaching"
    assert (missing["ComparisonOperator"], missing["Threshold"]) == ("LessThanThreshold", 1)
    assert (missing["Period"], missing["EvaluationPeriods"], missing["DatapointsToAlarm"]) == (900, 3, 3)
