"""`mash`, the command line: each verb in a few lines; what it does stands in its subject's module."""

import subprocess
import sys
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

import click

from functions.adapters.errors import RetryError
from functions.adapters.ledger.reading import Trail
from functions.cli import acting
from functions.cli.agencies import agencies as agencies_group
from functions.cli.agencies import rotate
from functions.cli.answering import ActCommand
from functions.cli.bus import read_entries
from functions.cli.console_readiness import of_the_console
from functions.cli.demo import demonstrate
from functions.cli.exporting import export
from functions.cli.failure import NOT_ANSWERED, CommandError, not_answered
from functions.cli.figures import figures
from functions.cli.forms.command import forms
from functions.cli.history import CONTACTS, current_history
from functions.cli.on_record import chain_of, read
from functions.cli.options import FILE, named_day, of_day, with_stack, with_wait
from functions.cli.outputs import MASH, REPO, Where, announced, connected
from functions.cli.readiness import MailStage, readiness
from functions.cli.reconciling import about_day, as_plain, asked_for, in_words
from functions.cli.refused import refused
from functions.cli.registry import EXAMPLE, read_registry
from functions.cli.releasing import phones, task_as_json, tasks
from functions.cli.running import claimed, running_stack, until_told_to_stop
from functions.cli.sampling import dip_sample
from functions.cli.show import NOT_UNDER_A_REFERRAL, as_json, print_trail, terminal
from functions.cli.speaking import note_sending
from functions.cli.status import status
from functions.cli.task_lines import task_lines
from functions.cli.verdicts import exit_code
from functions.cli.way_in import WayIn
from functions.log_lines import say_nothing
from schemas.codes import TaskRole

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
@click.option("--agencies", type=FILE, show_default="the example", help="Another registry to load.")
@click.option(
    "--history", "with_history", is_flag=True, help="Begin with a made-up year, for the console to show."
)
@click.option(
    "--contacts",
    type=click.IntRange(1),
    default=CONTACTS,
    show_default=True,
    help="How many contacts that year has; a hundred take about half a minute to play.",
)
def up(outputs: Path, agencies: Path | None, *, with_history: bool, contacts: int) -> None:
    """Run the service on this machine until Ctrl-C.

    SIGTERM ends it as well; both are its regular end, with 0. The outputs say where everything is: `mash
    send` and `mash trail` read them, and so can any AWS client. They go with the stack; the e-mails and
    webhooks that arrived stay, in a folder beside them.

    With --history it begins with a year that has been played up to now, by the very rules that the service
    goes by: of a county of its own, in which the endpoint of one agency has been down since yesterday. The
    year is kept for some hours, and played anew when it is older.
    """
    if with_history and agencies:
        raise click.UsageError("A history has agencies of its own: leave out --agencies.")
    history = current_history(contacts, datetime.now(UTC), say) if with_history else None
    registry = history.registry if history else read_registry(agencies or EXAMPLE)
    folder = outputs.with_name(f"{outputs.stem}.kept").absolute()
    with until_told_to_stop(), claimed(folder, "Stop it, or give another --outputs FILE."):
        outputs.unlink(missing_ok=True)  # of a run that was killed: whoever waits must not find it
        with (
            running_stack(registry, folder, say, history=history) as (stack, process),
            announced(stack, outputs),
        ):
            say(f"ready: {outputs} is written. Send events with `{MASH} send FILE`; stop with Ctrl-C.")
            say(f"What arrives is kept in {folder}")
            say(f"The managers' console: {stack.console_url}")
            say(f"Sign in as {stack.console_staff.replace(' ', ', ')}; password: {stack.console_password}")
            process.wait()
            raise CommandError("The stack ended by itself; the lines above say why.")


@cli.command(name="send")
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option("--json", "wants_json", is_flag=True, help="One JSON list instead of lines.")
@with_wait
@with_stack
def send_files(files: tuple[Path, ...], *, wants_json: bool, wait: float, where: Where) -> None:
    """Put event files on the bus and say what became of each.

    A FILE holds one event or an array of them. An event that is refused has been sent all the same, and is in
    the trail: under its day and source, not under a referral, whose reference cannot be trusted then. Who
    sends which file, and in whose name, is recorded first.

    \b
    Exits 0  every event was taken in (also as a duplicate, or held)
          1  nothing was sent, or the stack did not answer
          2  the command was not understood
          3  at least one event was refused
          4  at least one event has no verdict yet: --wait was too short
    """
    by_file = [(path, read_entries(path)) for path in files]
    way_in = WayIn.of(connected(where))
    for path, entries in by_file:
        note_sending(way_in.store, path, entries)
    found = way_in.take([entry for _, entries in by_file for entry in entries], within_seconds=wait)
    if wants_json:
        click.echo(as_json([verdict.as_json() for verdict in found]))
    else:
        for verdict in found:
            click.echo(f"{verdict.sent.entry.label}: {verdict.words}")
    sys.exit(exit_code(found))


@cli.command()
@click.argument("ref", required=False)
@click.option("--message", metavar="ID", help="The one whose message a log line names: msg_...")
@click.option("--json", "wants_json", is_flag=True, help="The rows themselves.")
@with_stack
def trail(ref: str | None, *, message: str | None, wants_json: bool, where: Where) -> None:
    """Tell one referral's story in plain words, UK time.

    REF is its reference. Logs do not have it: the field `delivery` of a line is for --message. Reading it is
    recorded too, before anything is shown.
    """
    if (ref is None) == (message is None):
        raise click.UsageError("Say which referral: REF, or --message ID.")
    store = connected(where).store()
    found = ref or Trail(store, chain_of(store)).referral_of(str(message))
    if found is None:
        raise CommandError(f"No message {message} is known to this stage: give the whole id, msg_...")
    rows = read(store, found)
    if not rows:
        raise CommandError(
            f"No referral {found} is in the trail of this stage. Check the reference. {NOT_UNDER_A_REFERRAL}"
        )
    if wants_json:
        click.echo(as_json(rows))
    else:
        print_trail(found, rows)


@cli.command(name="tasks")
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in TaskRole]),
    multiple=True,
    help="Only this role's; may be given again.",
)
@click.option("--json", "wants_json", is_flag=True, help="An object for each.")
@with_stack
def list_tasks(roles: tuple[str, ...], *, wants_json: bool, where: Where) -> None:
    """List what waits for a person, the one due first first: what to do, whom to ring, what ends it.

    Asking is recorded too, before anything is shown.
    """
    stack = connected(where)
    found = tasks(stack, [TaskRole(role) for role in roles] or list(TaskRole))
    if wants_json:
        click.echo(as_json([task_as_json(task) for task in found]))
    elif found:
        console = terminal()
        for line in task_lines(found, datetime.now(UTC), phones(stack, found)):
            console.print(line, soft_wrap=True)
    else:
        click.echo("Nothing waits for a person.")


@cli.command()
@with_stack
def ready(*, where: Where) -> None:
    """Say whether e-mails would go, an alarm would reach anybody, and people could sign in to the console.

    Asks for production access, the quota, the sending domain, TLS, whether we are told what becomes of each
    message, and whether somebody has confirmed that they want the alarms; of the console for the directory's
    document and keys, the client secret and when it expires, settings that are the example's still, and its
    sign-in page. Exits 1 if anything is missing, or if AWS refuses to tell it.
    """
    stack = connected(where)
    all_is_fine = True
    for finding in chain(readiness(MailStage.of(stack)), of_the_console(stack, datetime.now(UTC))):
        click.echo(finding)
        all_is_fine &= finding.is_fine
    sys.exit(0 if all_is_fine else 1)


@cli.command(cls=ActCommand)
@of_day
@click.option("--json", "wants_json", is_flag=True, help="The account itself.")
@with_stack
def reconcile(day: date | None, *, wants_json: bool, where: Where) -> None:
    """Account for every event of one day, from the tables alone.

    How each decision that came in ended, what is still open since when, and whatever the tables disagree
    about. The deployed function does the same each hour. Asking is recorded too. Exits 1 if anything
    disagrees, 2 if the day has not begun.
    """
    asked = named_day(day)
    tally = asked_for(connected(where), asked)
    if wants_json:
        click.echo(as_json(as_plain(asked, tally)))
    else:
        terminal().print(in_words(tally, about_day(asked)))
    sys.exit(1 if tally.differences else 0)


@cli.command()
@click.option("--stage", default="demo", show_default=True, metavar="NAME", help="Of infra/config/NAME.toml.")
def synth(stage: str) -> None:
    """Write the CloudFormation template of a stage into cdk.out.

    Needs no AWS account and no network; says what is wrong in the stage's file before anything is deployed.
    """
    command = [sys.executable, "-m", "infra.app", "--outdir", "cdk.out", "--stage", stage]
    done = subprocess.run(command, cwd=REPO, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise CommandError("The template was not synthesised; the lines above say why.")
    (template,) = (REPO / "cdk.out").glob("*.template.json")
    click.echo(f"{template} is written.")


cli.add_command(forms)
cli.add_command(agencies_group)
cli.add_command(rotate)
cli.add_command(refused)
cli.add_command(status)
cli.add_command(figures)
cli.add_command(export)
cli.add_command(dip_sample)
for verb in (
    acting.release,
    acting.keep,
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
