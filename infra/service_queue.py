"""A queue as this house makes them: encrypted, TLS only, with dead letters that outlive it."""

from aws_cdk import Duration, aws_kms, aws_sqs
from constructs import Construct

LIVE_DAYS = 4
DEAD_DAYS = 14
"""A message keeps its first enqueue time when it dies, so dead letters must be kept longer than live ones."""

TIMEOUTS_OF_VISIBILITY = 6
"""A message is seen again only when its reader has surely given up: AWS asks for six of its timeouts."""

PARK_TIMEOUT_SECONDS = 30
"""The dead letters' reader, park_dead_letter."""


class HouseQueue(aws_sqs.Queue):
    """A queue and the key it is encrypted with."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: aws_kms.IKey,
        kept_days: int,
        reader_timeout_seconds: int,
        dead_letter_queue: aws_sqs.DeadLetterQueue | None = None,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            encryption=aws_sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=Duration.days(kept_days),
            visibility_timeout=Duration.seconds(TIMEOUTS_OF_VISIBILITY * reader_timeout_seconds),
            dead_letter_queue=dead_letter_queue,
        )
        self.key = key


class DeadLetters(HouseQueue):
    """Where messages rest that could not be delivered; every one of these has an alarm."""

    def __init__(self, scope: Construct, construct_id: str, *, key: aws_kms.IKey) -> None:
        super().__init__(
            scope, construct_id, key=key, kept_days=DEAD_DAYS, reader_timeout_seconds=PARK_TIMEOUT_SECONDS
        )


class ServiceQueue(Construct):
    """A live queue and its dead letters."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: aws_kms.IKey,
        reader_timeout_seconds: int,
        receives: int,
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = DeadLetters(self, "DeadLetters", key=key)
        self.live = HouseQueue(
            self,
            "Queue",
            key=key,
            kept_days=LIVE_DAYS,
            reader_timeout_seconds=reader_timeout_seconds,
            dead_letter_queue=aws_sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=receives),
        )
