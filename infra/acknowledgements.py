"""Each cdk-nag finding that is accepted, with its reason, and only on the construct that it concerns."""

from dataclasses import dataclass

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


@dataclass(frozen=True)
class Accepted:
    """A rule of cdk-nag, or one finding of it in brackets, and why it is right for us."""

    rule: str
    reason: str


PYTHON_OF_THE_BUILD = Accepted(
    "AwsSolutions-L1",
    "The package carries bytecode compiled by the very Python that runs it; 3.13 is the newest at hand.",
)
REJECTED_EVENTS_HAVE_NO_ACCESS_LOG = Accepted(
    "AwsSolutions-S1",
    "Fourteen days of refused events, readable by the operator role alone: the account's data-event trail "
    "records reads, and a log bucket would be one more copy of who sent what.",
)
A_DEAD_LETTER_QUEUE_ENDS_THE_LINE = Accepted(
    "AwsSolutions-SQS3",
    "This queue is where undeliverable messages rest; its alarm is the next step, not a queue.",
)
SECRETS_ARE_ONE_PER_AGENCY = Accepted(
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:"
    "secret:mash/<StageName>/webhook/*]",
    "One signing secret per registered agency, below this stage's own prefix.",
)
WHEN_A_SECRET_ENDS_IS_NONE = Accepted(
    "AwsSolutions-IAM5[Resource::arn:*:secretsmanager:*:*:secret:mash/*]",
    "secretsmanager:DescribeSecret shows a secret's tags, and never the secret.",
)
THE_ACCOUNTS_MAIL_HAS_NO_NAME = Accepted(
    "AwsSolutions-IAM5[Resource::*]",
    "ses:GetAccount knows no resource: it shows the account's own quota and standing, and changes nothing.",
)
STREAMS_ARE_LISTED_BY_ACCOUNT = Accepted(
    "AwsSolutions-IAM5[Resource::*]", "dynamodb:ListStreams knows no resource; it shows names, never records."
)
A_CEILING_GRANTS_NOTHING = Accepted(
    "AwsSolutions-IAM5[Resource::*]",
    "A permissions boundary: it takes away from roles that name their resources, and gives nothing.",
)
THE_FUNCTION_READS_ITS_CONTRACT = Accepted(
    "AwsSolutions-APIG2", "Two short forms, and JSON that the function reads as a strict contract."
)
A_TOKEN_OR_A_SIGNATURE_IS_THE_AUTHORISATION = Accepted(
    "AwsSolutions-APIG4",
    "Agencies have no sign-in: a message's own token opens the page, its agency's signature the post.",
)
READERS_ARE_NO_USERS = Accepted("AwsSolutions-COG4", "As for APIG4: whoever reads a message has no account.")
EXECUTION_LOGS_WOULD_HOLD_TOKENS = Accepted(
    "AwsSolutions-APIG6",
    "Execution logs hold each request's path, and so the tokens; the access log names the route alone.",
)
THE_CONSOLE_READS_ITS_FORMS = Accepted(
    "AwsSolutions-APIG2",
    "Pages and short forms, each field of which the function reads against a closed list.",
)
A_SESSION_IS_THE_AUTHORISATION = Accepted(
    "AwsSolutions-APIG4",
    "A browser that follows a link sends no token: the function knows whoever is signed in by a cookie.",
)
PEOPLE_SIGN_IN_BY_PAGES = Accepted(
    "AwsSolutions-COG4", "As for APIG4: the directory signs people in, and the console keeps the session."
)
EXECUTION_LOGS_WOULD_HOLD_REFERENCES = Accepted(
    "AwsSolutions-APIG6",
    "Execution logs hold each request's path and what was typed; the access log names the route alone.",
)
A_SECOND_FACTOR_ON_EVERY_REAL_STAGE = Accepted(
    "AwsSolutions-COG2", "Demanded under the Real condition, which this rule cannot see through."
)
NO_RISK_SCORES_OF_STAFF = Accepted(
    "AwsSolutions-COG8",
    "A second factor is demanded, and nobody comes in from outside the council's own networks.",
)
ACCESS_LOGS_HAVE_NO_NAMES_YET = Accepted(
    "AwsSolutions-IAM5[Resource::*]",
    "API Gateway demands these rights on all log groups before it writes any stage's access log.",
)
THE_EMULATOR_CANNOT_JUDGE = Accepted(
    "AwsSolutions-IAM5[Resource::*]",
    "A policy that exists under the Local condition only; the strict form is in the function's own policy.",
)


def objects_have_no_names_yet(bucket: str) -> Accepted:
    """For the bucket of this logical id."""
    return Accepted(
        f"AwsSolutions-IAM5[Resource::<{bucket}.Arn>/*]",
        "The objects of one bucket: each is named by the event that was refused.",
    )


def accept(construct: IConstruct, *findings: Accepted) -> None:
    """Tell cdk-nag that these findings on this construct are known and right.

    With the context `every-finding` nothing is accepted: the report then shows whether each is still needed.
    """
    if construct.node.try_get_context("every-finding"):
        return
    Validations.of(construct).acknowledge(
        *(Acknowledgment(id=each.rule, reason=each.reason) for each in findings)
    )
