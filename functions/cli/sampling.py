"""`mash dip-sample`: complete police forms of a closed month, drawn by chance for people to grade."""

import secrets
from datetime import UTC, datetime
from functools import partial

import click

from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.cli.acts import Acting
from functions.cli.answering import ActCommand
from functions.cli.options import BegunMonth, with_stack
from functions.cli.outputs import Where, connected
from functions.cli.show import as_json
from functions.domain.measures.counts import month_of
from functions.flows.sampling.dip_sample import Drawn, Sample, draw
from schemas.notice import HubContact

MOST = 50
"""More in one month is no sample that people read with care."""


@click.command(name="dip-sample", cls=ActCommand)
@click.option("--month", type=BegunMonth(), required=True, help="A month that has ended, YYYY-MM.")
@click.option(
    "--size", type=click.IntRange(1, MOST), default=10, show_default=True, help="How many forms, at most."
)
@click.option("--json", "wants_json", is_flag=True, help="One JSON object instead of words.")
@with_stack
def dip_sample(month: str, *, size: int, wants_json: bool, where: Where) -> None:
    """Draw police forms that were complete, and open a task for each: somebody reads it and grades it.

    Complete is not good: the check counts answers, people judge them. The draw is random and can be repeated:
    the same month gives the same forms, and opens nothing twice. `mash done --task GRADE_FORM` takes the
    grade.
    """
    if month == month_of(datetime.now(UTC)):
        raise click.UsageError(f"{month} has not ended: its forms are not all known yet.")
    stack = connected(where)
    store = stack.store()
    at = Acting.of(stack)
    at.note(f"complete police forms of {month}", size)
    hub = HubContact.model_validate_json(stack.hub).hub_name
    days = Days(store, Chain(store, salt=partial(secrets.token_hex, 16)))
    found = draw(Sample(month, hub, size, at.actor, at.request), days, Partitions(store), at.desk)
    click.echo(as_json(_facts(month, found)) if wants_json else _words(month, found))


def _facts(month: str, found: Drawn) -> dict[str, object]:
    return {
        "act": "dip-sample",
        "month": month,
        "complete": found.complete,
        "drawn": [
            {"referral_ref": one.referral_ref, "child_index": one.child, "form_version": one.version}
            for one in found.forms
        ],
        "opened": len(found.opened),
    }


def _words(month: str, found: Drawn) -> str:
    head = (
        f"{month}: {found.complete} forms were complete; {len(found.forms)} drawn, {len(found.opened)} new."
    )
    lines = (f"  {one.referral_ref}, child {one.child}, version {one.version}" for one in found.forms)
    return "\n".join((head, *lines))
