"""What a stack is to those who act on it; and a deployed one, found by what its deployment wrote."""

import json
import re
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from functions.adapters import aws
from functions.adapters.ledger.store import Store
from functions.cli.failure import CommandError

LOCAL = "local"
"""The one stage that is not real: it alone may post to a receiver on this machine."""
STACK_NAME = "mash-outcomes-"
"""How the name of each stage's stack begins."""
TOLD_OF_THE_CONSOLE = frozenset(
    {
        *("console_url", "console_addresses", "console_roles", "branding"),
        *("sign_in_issuer", "sign_in_client_id", "sign_in_credential_name", "sign_in_groups_claim"),
    }
)
"""What every deployment tells of its console; the oldest ones did not."""
DEPLOY = "run `make deploy STAGE=...`"


class Stack(BaseModel):
    """A stage's tables, bus, key and policies: outputs of the one template, named in snake_case."""

    model_config = ConfigDict(frozen=True)

    stage: str
    region: str
    event_bus_name: str
    audit_table_name: str
    state_table_name: str
    keys_table_name: str
    rejected_bucket_name: str
    intake_queue_url: str
    secret_prefix: str
    data_key_arn: str
    managed_domains: str
    """Comma-separated, as the template has it; so are the three below JSON in a text, and two of the last."""
    ra_policy: str
    clocks: str
    hub: str
    configuration_set_name: str
    from_address: str
    emails_per_second: str
    alarm_topic_arn: str
    console_url: str = ""
    """It and all below are asked for by `mash ready` alone: whoever releases a hold needs none of them, nor a
    deployment that tells them."""
    console_addresses: str = ""
    """Comma-separated."""
    sign_in_issuer: str = ""
    """Empty where the stage has a user pool of its own."""
    sign_in_pool_id: str = ""
    """Which a stage with a directory does not tell."""
    sign_in_client_id: str = ""
    sign_in_credential_name: str = ""
    sign_in_groups_claim: str = ""
    console_roles: str = ""
    branding: str = ""

    @classmethod
    def deployed(cls, path: Path) -> Self:
        """The stage in what `cdk deploy --outputs-file` wrote; raises CommandError."""
        try:
            ((name, told),) = json.loads(path.read_bytes()).items()
            outputs = {_snake_case(output): value for output, value in told.items()}
            region = str(outputs["data_key_arn"]).split(":")[3]
            return cls.model_validate({"stage": name.removeprefix(STACK_NAME), "region": region, **outputs})
        except ValidationError as exc:
            missing = ", ".join(str(error["loc"][0]) for error in exc.errors())
            raise CommandError(f"{path} lacks {missing}: {DEPLOY}, which writes it anew.") from None
        except (OSError, ValueError, KeyError, AttributeError, IndexError, TypeError):
            raise CommandError(f"{path} is not what a deployment wrote: {DEPLOY} first.") from None

    @property
    def account(self) -> str:
        """The AWS account that it stands in."""
        return self.data_key_arn.split(":")[4]

    @property
    def untold_of_the_console(self) -> frozenset[str]:
        """What its deployment, an older one, did not tell of the console yet."""
        return TOLD_OF_THE_CONSOLE - self.model_fields_set

    @property
    def local_receivers(self) -> tuple[str, ...]:
        """The receivers on this machine to which its webhooks may be posted."""
        return ()

    def connect(self) -> None:
        """Makes the AWS clients call this stack, as whoever the environment's credentials say.

        Its own Region is asked, whatever the environment names. Raises CommandError for the credentials of
        another account, whose tables could have the same names.
        """
        aws.point_at({"region_name": self.region})
        here = aws.sts().get_caller_identity()["Account"]
        if here != self.account:
            raise CommandError(
                f"Your AWS credentials are of account {here}, and {self.stage} stands in {self.account}: "
                "sign in there, or name the file of another deployment."
            )

    def store(self) -> Store:
        """The stack's three tables."""
        return Store(
            aws.dynamodb(),
            audit=self.audit_table_name,
            state=self.state_table_name,
            keys=self.keys_table_name,
        )


def _snake_case(name: str) -> str:
    """`EventBusName` as `event_bus_name`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
