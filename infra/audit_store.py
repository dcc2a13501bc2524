"""The three tables: the trail that only grows, the state it explains, the keys that can be thrown away."""

from aws_cdk import RemovalPolicy, aws_dynamodb, aws_kms
from constructs import Construct

from infra.service_function import ServiceFunction

PK = aws_dynamodb.Attribute(name="pk", type=aws_dynamodb.AttributeType.STRING)
SK = aws_dynamodb.Attribute(name="sk", type=aws_dynamodb.AttributeType.STRING)

AGENCY_INDEX = "by_agency"
DUE_INDEX = "due"
WORK_INDEX = "work"
WATCH_INDEX = "watch"
MESSAGE_INDEX = "msg"
DAY_INDEX = "by_day"

DAYS = "D#*"
"""Where the account of a day stands."""
PROGRESS = "RECON#*"
"""How far it has come."""
SOURCES = "S#*"
"""What is asked of people about the systems that send us events."""
ALL_DECISIONS = "K#decisions"
"""What is asked of people about all decisions together."""
COUNTS = "AGG#*"
"""The live counts, what they have of each referral, and what the night's recount found."""
READERS = "L#*"
"""How long the list of what somebody read is."""
SESSIONS = "SESSION#*"
SIGNED_IN = (SESSIONS, "SIGNIN#*")
"""Who is signed in to the console, and who is on the way."""
AGENCIES = "G#*"
REGISTRY = (AGENCIES, "HUB")
"""The agencies, and where they are listed."""

ONLY_IN_A_TRANSACTION = {"ForAnyValue:StringEquals": {"dynamodb:EnclosingOperation": ["TransactWriteItems"]}}

EVERY_CHANGE_OF_A_ROW = (
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PartiQLDelete",
    "dynamodb:PartiQLInsert",
    "dynamodb:PartiQLUpdate",
    "dynamodb:UpdateItem",
)


class AuditStore(Construct):
    """Tables of one Region, on purpose: the trail has one order, and the data stay in the country."""

    def __init__(self, scope: Construct, construct_id: str, *, key: aws_kms.Key) -> None:
        super().__init__(scope, construct_id)
        self._key = key
        self.audit = self._table("Audit", stream=aws_dynamodb.StreamViewType.NEW_AND_OLD_IMAGES)
        self.state = self._table("State", stream=aws_dynamodb.StreamViewType.NEW_IMAGE, expires="expires_at")
        self.keys = self._table("Keys")
        self.audit.add_global_secondary_index(
            index_name=AGENCY_INDEX,
            partition_key=_text("gpk"),
            sort_key=_text("gsk"),
            projection_type=aws_dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=["type", "chan", "outcome", "ra", "dver"],
        )
        # Sparse: of rows that an event from outside caused, and of markers of events, which name no child.
        self.audit.add_global_secondary_index(
            index_name=DAY_INDEX,
            partition_key=_text("dpk"),
            sort_key=_text("dsk"),
            projection_type=aws_dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=["type", "actor", "source_seq", "child", "duplicate"],
        )
        self.state.add_global_secondary_index(
            index_name=DUE_INDEX,
            partition_key=_text("due_pk"),
            sort_key=_text("due_sk"),
            projection_type=aws_dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=["wait_from"],
        )
        self.state.add_global_secondary_index(
            index_name=WORK_INDEX,
            partition_key=_text("work_pk"),
            sort_key=_text("work_sk"),
            projection_type=aws_dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=["st", "kind", "role", "child", "agency", "about", "due_at", "opened_at"],
        )

        self.state.add_global_secondary_index(
            index_name=WATCH_INDEX,
            partition_key=_text("watch_pk"),
            sort_key=_text("watch_sk"),
            projection_type=aws_dynamodb.ProjectionType.KEYS_ONLY,
        )
        self.state.add_global_secondary_index(
            index_name=MESSAGE_INDEX,
            partition_key=_text("message_id"),
            projection_type=aws_dynamodb.ProjectionType.KEYS_ONLY,
        )
        self.state.add_global_secondary_index(
            index_name=DAY_INDEX,
            partition_key=_text("dpk"),
            sort_key=_text("dsk"),
            projection_type=aws_dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=["partition"],
        )

    @property
    def state_stream_arn(self) -> str:
        """What the relay reads."""
        if (stream := self.state.table_stream_arn) is None:
            raise TypeError("the state table has no stream")
        return stream

    @property
    def audit_stream_arn(self) -> str:
        """What the live counts are moved by."""
        if (stream := self.audit.table_stream_arn) is None:
            raise TypeError("the trail has no stream")
        return stream

    def let_append(self, function: ServiceFunction) -> None:
        """Let a writer add rows inside a transaction, and deny it every other change of the trail."""
        function.may("dynamodb:PutItem", on=self.audit.table_arn, where=ONLY_IN_A_TRANSACTION)
        function.may_never(*EVERY_CHANGE_OF_A_ROW, on=self.audit.table_arn)

    def let(self, function: ServiceFunction, table: aws_dynamodb.Table, *operations: str) -> None:
        """Let a function do these operations, in DynamoDB's own words, on the items of one table."""
        function.may(*(f"dynamodb:{operation}" for operation in operations), on=table.table_arn)

    def let_add_keys(self, function: ServiceFunction) -> None:
        """Let a function read a data key, and add one with the referral that needs it: never replace one."""
        self.let(function, self.keys, "GetItem")
        function.may("dynamodb:PutItem", on=self.keys.table_arn, where=ONLY_IN_A_TRANSACTION)

    def let_find_due(self, function: ServiceFunction) -> None:
        """Let a function ask what is due, and whose clock has run out, and read nothing else."""
        for index in (DUE_INDEX, WATCH_INDEX):
            function.may("dynamodb:Query", on=f"{self.state.table_arn}/index/{index}")

    def let_find_clocks(self, function: ServiceFunction) -> None:
        """Let a function ask which clocks run, among whatever else is due, and which chases for a police form
        their manager has, among the tasks."""
        for index in (DUE_INDEX, WORK_INDEX):
            function.may("dynamodb:Query", on=f"{self.state.table_arn}/index/{index}")

    def let_account_for_days(self, function: ServiceFunction) -> None:
        """Let a function read the rows and items of any day, and write nothing but that day's account, and
        what is asked of people about a source."""
        events = only_partitions("R#*", "Q#*", "X#*", "F#*", SOURCES)
        function.may("dynamodb:Query", on=self.audit.table_arn, where=events)
        function.may("dynamodb:Query", on=f"{self.audit.table_arn}/index/{DAY_INDEX}")
        self.let(function, self.state, "BatchGetItem", "GetItem")
        function.may("dynamodb:Query", on=self.state.table_arn, where=only_partitions("R#*", "Q#*", SOURCES))
        for index in (DAY_INDEX, DUE_INDEX, WORK_INDEX):
            function.may("dynamodb:Query", on=f"{self.state.table_arn}/index/{index}")
        its_own = only_partitions(DAYS, PROGRESS, SOURCES)
        function.may("dynamodb:UpdateItem", on=self.state.table_arn, where=its_own)
        its_rows = {**ONLY_IN_A_TRANSACTION, **only_partitions(DAYS, SOURCES)}
        function.may("dynamodb:PutItem", on=self.audit.table_arn, where=its_rows)
        function.may_never(*EVERY_CHANGE_OF_A_ROW, on=self.audit.table_arn)

    def let_count(self, function: ServiceFunction) -> None:
        """Let a function read referrals' rows and what sort each agency is, and write nothing but counts."""
        state = self.state.table_arn
        function.may("dynamodb:Query", on=self.audit.table_arn, where=only_partitions("R#*"))
        reads = only_partitions(COUNTS, *REGISTRY)
        function.may("dynamodb:BatchGetItem", "dynamodb:GetItem", on=state, where=reads)
        function.may("dynamodb:UpdateItem", on=state, where=only_partitions(COUNTS))

    def let_list_days(self, function: ServiceFunction) -> None:
        """Let a function ask what came in on a day, by the trail's index."""
        function.may("dynamodb:Query", on=f"{self.audit.table_arn}/index/{DAY_INDEX}")

    def let_ask_about_all_decisions(self, function: ServiceFunction) -> None:
        """Let a function ask something of people that is about no referral, agency or source."""
        its_own, audit, state = only_partitions(ALL_DECISIONS), self.audit.table_arn, self.state.table_arn
        function.may("dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem", on=state, where=its_own)
        function.may("dynamodb:Query", on=audit, where=its_own)
        function.may("dynamodb:PutItem", on=audit, where={**ONLY_IN_A_TRANSACTION, **its_own})
        function.may_never(*EVERY_CHANGE_OF_A_ROW, on=audit)

    def let_find_messages(self, function: ServiceFunction) -> None:
        """Let a function find the delivery of a message that somebody else names by its id."""
        function.may("dynamodb:Query", on=f"{self.state.table_arn}/index/{MESSAGE_INDEX}")

    def unlock(self, function: ServiceFunction, *, writes: bool) -> None:
        """Let a function use the key of the tables it was let into; the emulator does not miss this grant."""
        actions = ("kms:Decrypt", "kms:GenerateDataKey") if writes else ("kms:Decrypt",)
        function.may(*actions, on=self._key.key_arn)

    def _table(
        self,
        construct_id: str,
        *,
        stream: aws_dynamodb.StreamViewType | None = None,
        expires: str | None = None,
    ) -> aws_dynamodb.Table:
        return aws_dynamodb.Table(
            self,
            construct_id,
            partition_key=PK,
            sort_key=SK,
            billing_mode=aws_dynamodb.BillingMode.PAY_PER_REQUEST,
            stream=stream,
            time_to_live_attribute=expires,
            encryption=aws_dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=self._key,
            point_in_time_recovery_specification=aws_dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
        )


def only_partitions(*keys: str) -> dict[str, dict[str, list[str]]]:
    """The condition that only items of these partitions are meant."""
    return {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(keys)}}


def _text(name: str) -> aws_dynamodb.Attribute:
    return aws_dynamodb.Attribute(name=name, type=aws_dynamodb.AttributeType.STRING)
