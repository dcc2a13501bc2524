"""What shows, day and night, that the way from the bus to the intake is open: a beat that goes that way."""

from aws_cdk import Aws, Duration, aws_events, aws_iam, aws_scheduler
from constructs import Construct

from infra.foundation import Foundation
from schemas.beat import BEAT_SOURCE, BEAT_TYPE

EVERY = Duration.minutes(15)
MISSED = 3
"""How many may be missing before somebody is called."""


class Beat(Construct):
    """A beat goes the way of every decision, and ends as a log line that an alarm misses.

    On a real stage alone: the emulator has no such schedules. It has no dead letters, for one that does not
    arrive is what the alarm is there to hear.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, foundation: Foundation, bus: aws_events.EventBus
    ) -> None:
        super().__init__(scope, construct_id)
        role = self._role(bus)
        schedule = aws_scheduler.CfnSchedule(
            self,
            "Schedule",
            schedule_expression=f"rate({int(EVERY.to_minutes())} minutes)",
            flexible_time_window=aws_scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=aws_scheduler.CfnSchedule.TargetProperty(
                arn=bus.event_bus_arn,
                role_arn=role.role_arn,
                input="{}",
                event_bridge_parameters=aws_scheduler.CfnSchedule.EventBridgeParametersProperty(
                    detail_type=BEAT_TYPE, source=BEAT_SOURCE
                ),
                retry_policy=aws_scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=60, maximum_retry_attempts=1
                ),
            ),
        )
        for resource in (role.node.default_child, schedule):
            if isinstance(resource, (aws_iam.CfnRole, aws_scheduler.CfnSchedule)):
                resource.cfn_options.condition = foundation.stage.real

    def _role(self, bus: aws_events.EventBus) -> aws_iam.Role:
        """It can put beats on this one bus, and no decision; the ceiling over the functions is not for it."""
        scheduler = aws_iam.ServicePrincipal(
            "scheduler.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        )
        only_beats = aws_iam.PolicyStatement(
            actions=["events:PutEvents"],
            resources=[bus.event_bus_arn],
            conditions={"StringEquals": {"events:source": BEAT_SOURCE, "events:detail-type": BEAT_TYPE}},
        )
        role = aws_iam.Role(
            self,
            "Role",
            assumed_by=scheduler,
            inline_policies={"PutBeats": aws_iam.PolicyDocument(statements=[only_beats])},
        )
        aws_iam.PermissionsBoundary.of(role).clear()
        return role
