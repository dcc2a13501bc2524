"""`mash ready`: whether SES would take and deliver this stage's e-mails and an alarm would reach anybody, and
what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from functions.adapters import aws
from functions.adapters.mail_service import MailService, ask
from functions.adapters.on_duty import confirmed_subscriptions
from functions.cli.finding import Finding, finding, in_turn
from functions.cli.stack import LOCAL, Stack

NEARLY_SPENT = 0.8
"""Of a day's quota: from here on somebody should ask for more."""
HEALTHY = "HEALTHY"


@dataclass(frozen=True, slots=True)
class MailStage:
    """What a stage sends as, how fast it was told that it may, and where its alarms go."""

    name: str
    from_address: str
    configuration_set: str
    emails_per_second: int
    alarm_topic: str | None
    """None on a laptop, where nobody is on duty."""

    @property
    def domain(self) -> str:
        return self.from_address.rpartition("@")[2]

    @classmethod
    def of(cls, stack: Stack) -> Self:
        """How a stack sends."""
        return cls(
            stack.stage,
            stack.from_address,
            stack.configuration_set_name,
            int(stack.emails_per_second),
            alarm_topic=None if stack.stage == LOCAL else stack.alarm_topic_arn,
        )


def readiness(stage: MailStage) -> Iterator[Finding]:
    """Asks SES for all that must be so, and SNS who would be called."""
    return in_turn(_of_the_mail(stage), _of_the_alarms(stage.alarm_topic))


def _of_the_mail(stage: MailStage) -> Iterator[Finding]:
    found = ask(aws.sesv2(), domain=stage.domain, configuration_set=stage.configuration_set)
    yield from findings(found, stage)


def _of_the_alarms(topic: str | None) -> Iterator[Finding]:
    if topic is not None:
        yield on_duty(confirmed_subscriptions(aws.sns(), topic))


def on_duty(confirmed: int) -> Finding:
    """An alarm that nobody has asked for rings in an empty room, and looks as well as any other."""
    return finding(
        confirmed > 0,
        f"Alarms reach {confirmed} confirmed subscription{'s' if confirmed > 1 else ''}.",
        "No alarm would reach anybody: the link in AWS's message to the stage's alarm_address has not been "
        "opened. Find that message and confirm it, or deploy again once it has lapsed, after three days.",
    )


def findings(found: MailService, stage: MailStage) -> Iterator[Finding]:
    """What SES's answers mean for `stage`, each in a line."""
    yield from _account(found)
    yield from _quota(found, stage)
    yield from _own(found, stage)


def _account(found: MailService) -> Iterator[Finding]:
    yield finding(
        found.in_production,
        "The account may write to anybody.",
        "The account is in SES's sandbox: only verified addresses can be written to. Ask for production "
        "access in the SES console.",
    )
    yield finding(
        found.sends,
        "Sending is switched on.",
        "Sending is switched off for the whole account. Find out why, then switch it on: "
        "aws sesv2 put-account-sending-attributes --sending-enabled",
    )
    yield finding(
        found.enforcement == HEALTHY,
        "SES has nothing against the account.",
        f"SES says {found.enforcement} of the account: answer its message in the AWS support centre.",
    )


def _quota(found: MailService, stage: MailStage) -> Iterator[Finding]:
    pace = f"SES takes {found.most_per_second:g} e-mails a second; the stage counts on"
    pace = f"{pace} {stage.emails_per_second}"
    yield finding(
        stage.name == LOCAL or found.most_per_second >= stage.emails_per_second,
        f"{pace}.",
        f"{pace}: lower emails_per_second in its file, or ask AWS for more.",
    )
    day = f"{found.sent_today:g} of the day's {found.most_per_day:g} e-mails are sent"
    unlimited = found.most_per_day < 0
    yield finding(
        unlimited or found.sent_today < NEARLY_SPENT * found.most_per_day,
        f"{day}.",
        f"{day}: ask AWS for a higher daily quota.",
    )


def _own(found: MailService, stage: MailStage) -> Iterator[Finding]:
    yield finding(
        found.domain_verified,
        f"{stage.domain} is verified.",
        f"{stage.domain} is not verified: put the records that the SES console shows into its DNS.",
    )
    yield finding(
        found.demands_tls,
        "No e-mail leaves without TLS.",
        f"The configuration set {stage.configuration_set} does not demand TLS: deploy the stage again.",
    )
    yield finding(
        not found.untold,
        "SES tells us what becomes of each e-mail.",
        f"SES does not tell us of {', '.join(sorted(found.untold))}: deploy the stage again.",
    )
