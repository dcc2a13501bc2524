"""`mash`, the command line: each verb in a few lines; what it does stands in its subject's module."""

import secrets
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import click

from functions.adapters import aws
from functions.adapters.errors import RetryError
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.everything import Everything
from functions.adapters.ledger.reading import Trail
from functions.cli import acting
from functions.cli.agencies import agencies as agencies_group
from functions.cli.agencies import rotate
from functions.cli.bus import Bus, read_entries
from functions.cli.demo import demonstrate
from functions.cli.failure import NOT_ANSWERED, CommandError, not_answered
from functions.cli.options import FILE, with_outputs
from functions.cli.outputs import REPO, announced, connected
from functions.cli.readiness import MailStage, readiness
from functions.cli.reconciling import about_day, as_plain, asked_for, in_words
from functions.cli.registry import EXAMPLE, read_registry
from functions.cli.releasing import task_table, tasks
from functions.cli.running import claimed, running_stack, until_told_to_stop
from functions.cli.show import as_json, print_trail, terminal
from functions.cli.verdicts import Verdict, verdicts
from functions.cli.waiting import taken_in
from functions.domain.clock import uk_day
from functions.log_lines import say_nothing
from schemas.codes import AuditKind, TaskRole

REFUSED = 3
NO_VERDICT = 4
INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Tell every agency what the MASH decided, with the police check on each message, and prove it.

    Start with `mash demo`: the whole service on this machine, one story after the other. To try your own
    events, run `mash up --outputs outputs.json` in one terminal and `mash send FILE` in another.
    """


@cli.command()
@click.option("--report", type=FILE, help="Also write the account as JSON to this file.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=REPO / "build" / "demo",
    show_default="build/demo",
    help="Where the e-mails and webhooks that arrive are kept.",
)
def demo(report: Path | None, folder: Path) -> None:
    """Tell the whole story on this machine; ends by itself.

    Brings the service up, sends it one story after the other, shows who was told what, and accounts for all
    of it: exits 0 if everything is accounted for, 1 if anything is missing, open or not verified, and 130
    after Ctrl-C.
    """
    with until_told_to_stop(), claimed(folder, "Wait for its end, or give another --folder."):
        sys.exit(demonstrate(report, folder))
    sys.exit(INTERRUPTED)


@cli.command()
@click.option("--outputs", type=FILE, required=True, help="Written once, whole, when the functions answer.")
@click.option(
    "--agencies", type=FILE, default=EXAMPLE, show_default="the example", help="Another registry to load."
)
def up(outputs: Path, agencies: Path) -> None:
    """Run the service on this machine until Ctrl-C.

    SIGTERM ends it as well; both are its regular end, with 0. The outputs say where everything is: `mash
    send` and `mash trail` read them, and so can any AWS client. They go with the stack; the e-mails and
    webhooks that arrived stay, in a folder beside them.
    """
    registry = read_registry(agencies)
    folder = outputs.with_name(f"{outputs.stem}.kept").absolute()
    with until_told_to_stop(), claimed(folder, "Stop it, or give another --outputs FILE."):
        outputs.unlink(missing_ok=True)  # of a run that was killed: whoever waits must not find it
        with running_stack(registry, folder, say) as (stack, process), announced(stack, outputs):
            say(f"ready: {outputs} is written. Send events with `mash send FILE`; stop with Ctrl-C.")
            say(f"What arrives is kept in {folder}")
            process.wait()
            raise CommandError("The stack ended by itself; the lines above say why.")


@cli.command(name="send")
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option("--json", "wants_json", is_flag=True, help="One JSON list instead of lines.")
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=15.0,
    show_default=True,
    help="Seconds to wait for the verdicts.",
)
@with_outputs
def send_files(files: tuple[Path, ...], *, wants_json: bool, wait: float, outputs: Path | None) -> None:
    """Put event files on the bus and say what became of each.

    A FILE holds one event or an array of them. An event that is refused has been sent all the same, and is in
    the trail: under its day and source, not under a referral, whose reference cannot be trusted then.

    \b
    Exits 0  every event was taken in (also as a duplicate, or held)
          1  nothing was sent, or the stack did not answer
          2  the command was not understood
          3  at least one event was refused
          4  at least one event has no verdict yet: --wait was too short
    """
    entries = [entry for path in files for entry in read_entries(path)]
    stack = connected(outputs)
    everything = Everything(stack.store())
    sent = Bus.of(stack).send(entries)
    taken_in(sent, everything.rows, within_seconds=wait)
    found = verdicts(sent, everything.rows())
    if wants_json:
        click.echo(as_json([verdict.as_json() for verdict in found]))
    else:
        for verdict in found:
            click.echo(f"{verdict.sent.entry.label}: {verdict.words}")
    sys.exit(exit_code(found))


def exit_code(found: Sequence[Verdict]) -> int:
    """What `mash send` ends with; no verdict weighs more than a refusal."""
    if any(verdict.row is None for verdict in found):
        return NO_VERDICT
    return REFUSED if any(verdict.kind is AuditKind.REJECTED for verdict in found) else 0


@cli.command()
@click.argument("ref")
@click.option("--json", "wants_json", is_flag=True, help="The rows themselves.")
@with_outputs
def trail(ref: str, *, wants_json: bool, outputs: Path | None) -> None:
    """Tell one referral's story in plain words, UK time.

    Reading it is recorded too, before anything is shown.
    """
    store = connected(outputs).store()
    reading = Trail(store, Chain(store, salt=partial(secrets.token_hex, 16)))
    rows = reading.read(
        ref,
        reader=aws.sts().get_caller_identity()["Arn"],
        purpose="COMMAND_LINE",
        request=str(uuid4()),
        now=datetime.now(UTC),
    )
    if not rows:
        raise CommandError(
            f"No referral {ref} is in the trail of this stage. Check the reference. Events that were refused "
            "stand under their day and source, not under a referral; `mash send` says why it was."
        )
    if wants_json:
        click.echo(as_json(rows))
    else:
        print_trail(ref, rows)


@cli.command(name="tasks")
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in TaskRole]),
    multiple=True,
    help="Only this role's; may be given again.",
)
@click.option("--json", "wants_json", is_flag=True, help="The tasks themselves.")
@with_outputs
def list_tasks(roles: tuple[str, ...], *, wants_json: bool, outputs: Path | None) -> None:
    """List what waits for a person, the one due first first.

    Asking is recorded too, before anything is shown.
    """
    found = tasks(connected(outputs), [TaskRole(role) for role in roles] or list(TaskRole))
    if wants_json:
        click.echo(as_json(found))
    elif found:
        terminal().print(task_table(found, datetime.now(UTC)))
    else:
        click.echo("Nothing waits for a person.")


@cli.command()
@click.option(
    "--deployed",
    type=FILE,
    help="What `make deploy` wrote (build/deployed.json): ask the account of your AWS "
    "credentials about that stage, instead of the stack that runs here.",
)
@with_outputs
def ready(deployed: Path | None, outputs: Path | None) -> None:
    """Say whether the mail service would take the stage's e-mails, and an alarm reach anybody.

    Asks for production access, the quota, the sending domain, TLS, whether we are told what becomes of each
    message, and whether somebody has confirmed that they want the alarms. Exits 1 if anything is missing.
    """
    if deployed is None:
        stage = MailStage.running(connected(outputs))
    else:
        stage, region = MailStage.deployed(deployed)
        aws.point_at({"region_name": region})
    found = readiness(stage)
    for finding in found:
        click.echo(finding)
    sys.exit(0 if all(finding.is_fine for finding in found) else 1)


@cli.command()
@click.option(
    "--day",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="A UK day, YYYY-MM-DD; without it, today so far.",
)
@click.option("--json", "wants_json", is_flag=True, help="The account itself.")
@with_outputs
def reconcile(day: datetime | None, *, wants_json: bool, outputs: Path | None) -> None:
    """Account for every event of one day, from the tables alone.

    How each decision that came in ended, what is still open since when, and whatever the tables disagree
    about. The deployed function does the same each hour. Asking is recorded too. Exits 1 if anything
    disagrees.
    """
    asked = day.date() if day else uk_day(datetime.now(UTC))
    tally = asked_for(connected(outputs), asked)
    if wants_json:
        click.echo(as_json(as_plain(asked, tally)))
    else:
        terminal().print(in_words(tally, about_day(asked)))
    sys.exit(1 if tally.differences else 0)


@cli.command()
def synth() -> None:
    """Write the CloudFormation template into cdk.out.

    Needs no AWS account and no network.
    """
    done = subprocess.run([sys.executable, "-m", "infra.app"], cwd=REPO, check=False)
    if done.returncode:
        raise CommandError("The template was not synthesised; the lines above say why.")
    (template,) = (REPO / "cdk.out").glob("*.template.json")
    click.echo(f"{template} is written.")


cli.add_command(agencies_group)
cli.add_command(rotate)
for verb in (
    acting.release,
    acting.done,
    acting.resend,
    acting.cancel,
    acting.pause,
    acting.resume,
    acting.recover,
):
    cli.add_command(verb)


def say(line: str) -> None:
    """Progress, where it does not mix with what a program reads."""
    click.echo(line, err=True)


def main() -> None:
    """The entry point; AWS's own refusals, and a write that others kept from being made, become one line."""
    say_nothing()
    try:
        cli()
    except NOT_ANSWERED as exc:
        click.echo(f"Error: {not_answered(exc)}", err=True)
        sys.exit(1)
    except RetryError as exc:
        click.echo(f"Error: others were writing at the same moment ({exc}); try again.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
