"""The ceiling over every role of the stack: what a function may do at most, whatever its own policy says."""

from aws_cdk import aws_iam
from constructs import Construct

from infra.acknowledgements import A_CEILING_GRANTS_NOTHING, accept
from infra.audit_store import EVERY_CHANGE_OF_A_ROW, AuditStore

AT_MOST = (
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:DescribeStream",
    "dynamodb:GetItem",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
    "events:PutEvents",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "s3:PutObject",
    "secretsmanager:GetSecretValue",
    "ses:SendEmail",
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
    "sqs:SendMessageBatch",
)


class Boundary(Construct):
    """Nobody ever changes a row of the trail, and nobody does what no function has to do today."""

    def __init__(self, scope: Construct, construct_id: str, *, store: AuditStore) -> None:
        super().__init__(scope, construct_id)
        ceiling = aws_iam.ManagedPolicy(
            self,
            "Ceiling",
            description="What a function of the outcome service may do at most",
            statements=[
                aws_iam.PolicyStatement(actions=list(AT_MOST), resources=["*"]),
                aws_iam.PolicyStatement(
                    effect=aws_iam.Effect.DENY,
                    actions=list(EVERY_CHANGE_OF_A_ROW),
                    resources=[store.audit.table_arn],
                ),
            ],
        )
        accept(ceiling, A_CEILING_GRANTS_NOTHING)
        aws_iam.PermissionsBoundary.of(scope).apply(ceiling)
