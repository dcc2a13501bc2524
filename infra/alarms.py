"""When a person is called, and which page tells them what to do."""

from collections.abc import Iterable, Sequence

from aws_cdk import (
    Aws,
    Duration,
    Fn,
    aws_apigateway,
    aws_cloudwatch,
    aws_cloudwatch_actions,
    aws_iam,
    aws_logs,
    aws_sns,
    aws_sqs,
)
from constructs import Construct

from infra.foundation import Foundation
from infra.service_function import ServiceFunction

MINUTE = Duration.minutes(1)
FIVE_MINUTES = Duration.minutes(5)
BACKLOG_SECONDS = 600
HEARTBEAT_MINUTES = 3
LOOKED_AT_EACH_QUARTER = Duration.hours(1)
RECKONED_EACH_HOUR = Duration.hours(3)
SEEN_AGAIN = Duration.minutes(15)
"""What lasts is said again with the next look or try: these are longer than two of them, so that one that
failed ends no alarm."""
REPUTATION = {"BounceRate": 0.03, "ComplaintRate": 0.0005}
"""Below what SES puts an account under review for."""
NAMESPACE = Fn.sub("MashOutcomes/${AWS::StackName}")
"""Each stage of one account counts for itself."""

_AT_LEAST = aws_cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
_BELOW = aws_cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD


class Alarms(Construct):
    """One topic; every alarm's description opens with its runbook, so that the page is in the message."""

    def __init__(self, scope: Construct, construct_id: str, *, foundation: Foundation) -> None:
        super().__init__(scope, construct_id)
        self.topic = aws_sns.Topic(self, "Duty", master_key=foundation.keyring.queues, enforce_ssl=True)
        self.topic.add_to_resource_policy(
            aws_iam.PolicyStatement(
                principals=[aws_iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        # On a laptop nobody is on duty.
        aws_sns.CfnSubscription(
            self,
            "OnDuty",
            topic_arn=self.topic.topic_arn,
            protocol="email",
            endpoint=foundation.stage.value("AlarmAddress"),
        ).cfn_options.condition = foundation.stage.real

    def watch_dead_letters(self, name: str, queue: aws_sqs.Queue) -> None:
        """Call someone while a dead letter lies in `queue`: nobody took it, or the parker failed on it."""
        self._alarm(
            f"{name}DeadLetters",
            queue.metric_approximate_number_of_messages_visible(period=MINUTE, statistic="Maximum"),
            runbook="dead-letter",
            says="A message could not be handled and nothing has taken it up.",
        )

    def watch_backlog(self, name: str, queue: aws_sqs.Queue) -> None:
        """Call someone when the oldest message has waited ten minutes."""
        self._alarm(
            f"{name}Backlog",
            queue.metric_approximate_age_of_oldest_message(period=MINUTE, statistic="Maximum"),
            threshold=BACKLOG_SECONDS,
            runbook="backlog",
            says="The oldest message has waited ten minutes.",
        )

    def watch_rule(self, name: str, *, bus: str, rule: str) -> None:
        """Call someone when a bus's rule gives up an event, and when not even its dead letters took it.

        A rule of a bus of our own is measured under both names, and under neither alone.
        """
        for what, metric, says in (
            (
                "Failed",
                "FailedInvocations",
                "An event put on the bus did not reach the intake queue.",
            ),
            ("Lost", "InvocationsFailedToBeSentToDlq", "An event put on the bus is lost."),
        ):
            self._alarm(
                f"{name}{what}",
                aws_cloudwatch.Metric(
                    namespace="AWS/Events",
                    metric_name=metric,
                    dimensions_map={"EventBusName": bus, "RuleName": rule},
                    period=MINUTE,
                    statistic="Sum",
                ),
                runbook="way-in",
                says=says,
            )

    def watch_stream(
        self, name: str, function: ServiceFunction, *, behind_seconds: int, runbook: str, says: str
    ) -> None:
        """Call someone when a stream's reader falls behind by so much."""
        self._alarm(
            f"{name}Behind",
            function.lambda_function.metric("IteratorAge", period=MINUTE, statistic="Maximum"),
            threshold=behind_seconds * 1000,
            runbook=runbook,
            says=says,
        )

    def watch_errors(self, name: str, function: ServiceFunction) -> None:
        """Call someone when a function crashed or ran out of time; a message handed back is not an error."""
        self._alarm(
            f"{name}Errors",
            function.lambda_function.metric_errors(period=FIVE_MINUTES, statistic="Sum"),
            runbook="function-errors",
            says="A function crashed or ran out of time.",
        )

    def watch_door(
        self,
        name: str,
        function: ServiceFunction,
        stage: aws_apigateway.Stage,
        *,
        runbook: str,
        turned_away: str,
        failed: str,
    ) -> None:
        """Call someone when people are turned away: the function was not even called, or the API failed."""
        self._alarm(
            f"{name}Throttles",
            function.lambda_function.metric_throttles(period=FIVE_MINUTES, statistic="Sum"),
            runbook=runbook,
            says=turned_away,
        )
        self._alarm(
            f"{name}Failures",
            stage.metric_server_error(period=FIVE_MINUTES, statistic="Sum"),
            runbook=runbook,
            says=failed,
        )

    def watch_reputation(self) -> None:
        """Call someone while the account's mail comes back, or is complained of, more than SES bears for
        long."""
        for what, threshold in REPUTATION.items():
            metric = aws_cloudwatch.Metric(
                namespace="AWS/SES",
                metric_name=f"Reputation.{what}",
                period=FIVE_MINUTES,
                statistic="Maximum",
            )
            self._alarm(
                what,
                metric,
                threshold=threshold,
                runbook="mail-reputation",
                says="Too much of the account's mail comes back or is complained of: SES may stop it all.",
            )

    def watch_line(
        self,
        line: str,
        *,
        metric: str,
        functions: Iterable[ServiceFunction],
        runbook: str,
        says: str,
        reasons: Sequence[str] = (),
        lasts: Duration = MINUTE,
    ) -> None:
        """Call someone for each log line of this name, whichever of the functions wrote it; with `reasons`,
        for those lines alone that give one of them.

        A line that is said again and again while something lasts calls once: it rings anew when it has not
        been said for as long as `lasts`.
        """
        self._alarm(
            metric,
            self._count(line, metric, functions, reasons=reasons),
            periods=int(lasts.to_minutes()),
            runbook=runbook,
            says=says,
        )

    def watch_heartbeat(
        self,
        line: str,
        *,
        metric: str,
        function: ServiceFunction,
        every: Duration,
        times: int,
        runbook: str,
        says: str,
    ) -> None:
        """Call someone when the log line that proves life has been missing for so many periods."""
        self._alarm(
            f"{metric}Missing",
            self._count(line, metric, [function], period=every),
            comparison=_BELOW,
            periods=times,
            datapoints=times,
            silence=aws_cloudwatch.TreatMissingData.BREACHING,
            runbook=runbook,
            says=says,
        )

    def measure(self, line: str, *, field: str, metric: str, function: ServiceFunction) -> None:
        """Make a metric of a number that a log line says; it calls nobody."""
        aws_logs.MetricFilter(
            function,
            metric,
            log_group=function.log_group,
            filter_pattern=aws_logs.FilterPattern.string_value("$.message", "=", line),
            metric_namespace=NAMESPACE,
            metric_name=metric,
            metric_value=f"$.{field}",
        )

    def _count(
        self,
        line: str,
        metric: str,
        functions: Iterable[ServiceFunction],
        *,
        reasons: Sequence[str] = (),
        period: Duration = MINUTE,
    ) -> aws_cloudwatch.Metric:
        for function in functions:
            aws_logs.MetricFilter(
                function,
                metric,
                log_group=function.log_group,
                filter_pattern=_saying(line, reasons),
                metric_namespace=NAMESPACE,
                metric_name=metric,
                metric_value="1",
                default_value=0,  # so that an alarm ends with the next line of another name
            )
        return aws_cloudwatch.Metric(namespace=NAMESPACE, metric_name=metric, period=period, statistic="Sum")

    def _alarm(
        self,
        construct_id: str,
        metric: aws_cloudwatch.IMetric,
        *,
        runbook: str,
        says: str,
        threshold: float = 1,
        comparison: aws_cloudwatch.ComparisonOperator = _AT_LEAST,
        periods: int = 1,
        datapoints: int = 1,
        silence: aws_cloudwatch.TreatMissingData = aws_cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> None:
        alarm = aws_cloudwatch.Alarm(
            self,
            construct_id,
            metric=metric,
            threshold=threshold,
            comparison_operator=comparison,
            evaluation_periods=periods,
            datapoints_to_alarm=datapoints,
            treat_missing_data=silence,
            alarm_description=f"RUNBOOK: infra/runbooks/{runbook}.md. {says}",
        )
        alarm.add_alarm_action(aws_cloudwatch_actions.SnsAction(self.topic))


def _saying(line: str, reasons: Sequence[str]) -> aws_logs.IFilterPattern:
    named = aws_logs.FilterPattern.string_value("$.message", "=", line)
    if not reasons:
        return named
    given = (aws_logs.FilterPattern.string_value("$.reason", "=", reason) for reason in reasons)
    return aws_logs.FilterPattern.all(named, aws_logs.FilterPattern.any(*given))
