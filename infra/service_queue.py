"""A queue as this house makes them: encrypted, TLS only, with dead letters that outlive it."""

from aws_cdk import Duration, aws_kms, aws_sqs
from constructs import Construct

from infra.acknowledgements import A_DEAD_LETTER_QUEUE_ENDS_THE_LINE, accept

LIVE_DAYS = 4
DEAD_DAYS = 14
"""A message keeps its first enqueue time when it dies, so dead letters must be kept longer than live ones."""

DEAD_VISIBILITY_SECONDS = 180
"""Six times the timeout of park_dead_letter, which reads the dead letters."""


class DeadLetters(aws_sqs.Queue):
    """Where messages rest that could not be delivered; every one of these has an alarm."""

    def __init__(self, scope: Construct, construct_id: str, *, key: aws_kms.IKey) -> None:
        super().__init__(
            scope,
            construct_id,
            encryption=aws_sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=Duration.days(DEAD_DAYS),
            visibility_timeout=Duration.seconds(DEAD_VISIBILITY_SECONDS),
        )
        accept(self, A_DEAD_LETTER_QUEUE_ENDS_THE_LINE)


class ServiceQueue(Construct):
    """A live queue and its dead letters."""

    def __init__(
        self, scope: Construct, construct_id: str, *, key: aws_kms.IKey, visibility: Duration, receives: int
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = DeadLetters(self, "DeadLetters", key=key)
        self.queue = aws_sqs.Queue(
            self,
            "Queue",
            encryption=aws_sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=Duration.days(LIVE_DAYS),
            visibility_timeout=visibility,
            dead_letter_queue=aws_sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=receives),
        )
