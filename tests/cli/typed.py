"""`mash` as somebody types it on a stack of tables, and what it left there."""

import pytest
from click.testing import CliRunner, Result

from functions.adapters.ledger.store import Item
from functions.cli import acting, answering
from functions.cli.main import cli
from functions.cli.outputs import Outputs
from functions.domain.delivery import Answer
from schemas.codes import AttemptResult, ErrorWord
from tests.world import World

REF = "NS-26-7KQ4ZP"
POLICE, PROBATION = "north-police", "north-probation"
ME = "arn:aws:sts::123456789012:user/moto"
SINCE = "2026-11-24T15:00Z"
BUSY = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
FOR_GOOD = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_HTTP, http_status=500)


class Mash:
    """The command, as somebody types it on this stack."""

    def __init__(self, stack: Outputs, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        patch.setattr(acting, "connected", lambda _outputs: stack)

    def __call__(self, *arguments: str, says: str | None = None) -> Result:
        """One command; `says` is what somebody who is there answers."""
        self._patch.setattr(answering, "_somebody_is_here", lambda: says is not None)
        return CliRunner().invoke(cli, arguments, prog_name="mash", input=says)


def of_kind(world: World, kind: str) -> list[Item]:
    return [row for row in world.all_items("audit") if row["type"] == kind]


def state(world: World) -> list[Item]:
    return [item for item in world.all_items("state") if not item["pk"].startswith("L#")]


def lines(result: Result) -> list[str]:
    return [" ".join(line.split()) for line in result.output.splitlines() if line.strip()]
