"""`mash demo`: the stories one after the other on a stack of their own, and an account of all of it."""

import json
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from textwrap import fill

from rich.console import Console, RenderableType
from rich.text import Text

from functions.adapters.ledger.everything import Everything, Row, written_from_now
from functions.cli import show
from functions.cli.accounts import Account, account
from functions.cli.acting_out import act_out
from functions.cli.as_if_now import as_if_now, newest_moment
from functions.cli.bus import Bus, Entry, Sent, read_entries
from functions.cli.due_messages import Evidence, told_in, which
from functions.cli.figures import counted_anew
from functions.cli.figures import in_words as figures_in_words
from functions.cli.outputs import MASH, REPO, Outputs
from functions.cli.reconciling import agrees, in_words, reckoned
from functions.cli.registry import EXAMPLE, mailboxes, read_registry
from functions.cli.releasing import phones, tasks
from functions.cli.report import Material, write_report
from functions.cli.running import running_stack
from functions.cli.scenarios import BAD_DAYS, SCENARIOS, TRAIL_OF, Scenario
from functions.cli.sinks import read_mails, read_receipts
from functions.cli.task_lines import task_lines
from functions.cli.verdicts import verdicts
from functions.cli.waiting import SWEEP_EVERY_SECONDS, settled, sweeping, taken_in
from functions.domain.clock import uk_day
from functions.domain.measures.counts import month_of
from functions.domain.reconciliation.tally import NOTHING, Tally
from schemas.agency import Registry
from schemas.clocks import ClockPolicy
from schemas.codes import AuditKind, TaskRole
from schemas.notice import HubContact

EVENTS = REPO / "events"
LOCAL_STAGE = REPO / "infra" / "config" / "local.toml"
TRY_YOUR_OWN = (
    f"To try your own: `make up` in one terminal, then `{MASH} send FILE` in another, and\n"
    f"`{MASH} trail REF`; events/ holds files to start from."
)
THE_CONSOLE = (
    "To see the managers' console over a whole year: `make up HISTORY=yes`. It plays a made-up year in a\n"
    "minute or two, then prints the console's address, and whom to sign in as."
)
NEWS = frozenset({AuditKind.DECISION, AuditKind.UPDATE})
TAKEN_IN_WITHIN_SECONDS = 60.0
SETTLED_WITHIN_SECONDS = 90.0


@dataclass
class Run:
    """A demo in progress: its stack, its reader of everything, and what it has sent so far."""

    outputs: Outputs
    everything: Everything
    registry: Registry
    console: Console
    began_at: datetime = field(default_factory=partial(datetime.now, UTC))
    """What each story's last event is moved to, and the others of the story by as much."""
    sent: list[Sent] = field(default_factory=list)
    in_time: bool = True
    """Turns false when something did not happen in time; the stories end there, and the account says what."""

    def evidence(self) -> Evidence:
        """All that there is to reckon with, as it stands now."""
        return Evidence(
            sent=self.sent,
            rows=self.everything.rows(),
            deliveries=self.everything.deliveries(),
            mails=read_mails(self.outputs.emails_folder),
            receipts=read_receipts(self.outputs.webhooks_folder),
            mailboxes=mailboxes(self.registry),
        )

    def material(self, result: Account, evidence: Evidence) -> Material:
        """What the one page is made from."""
        return Material(
            account=result,
            evidence=evidence,
            names={agency.id: agency.name for agency in self.registry.agency},
            hub_name=HubContact.model_validate_json(self.outputs.hub).hub_name,
            trail_of=TRAIL_OF,
            now=datetime.now(UTC),
        )


def demonstrate(report: Path | None, folder: Path) -> int:
    """Runs the demo; 0 if everything is accounted for, else 1."""
    console = show.terminal()
    registry = read_registry(EXAMPLE)
    console.print(f"{_what_is_shortened()}\n")
    with running_stack(registry, folder.absolute(), console.print, bad_days=BAD_DAYS) as (stack, _):
        run = Run(stack, Everything(stack.store()), registry, console)
        with sweeping(stack):
            for number, scenario in enumerate(SCENARIOS, 1):
                if run.in_time:
                    _tell(number, scenario, run)
        if not run.in_time:
            console.print(show.too_slow(stack.emulator_log))
        result, agreed = _close(run)
    if report is not None:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(json.dumps(result.as_json(), indent=1) + "\n", encoding="utf-8")
    return 0 if result.clean and agreed else 1


def _what_is_shortened() -> str:
    """The first line: nobody may take these times for a real stage's."""
    config = tomllib.loads(LOCAL_STAGE.read_text(encoding="utf-8"))
    here = ClockPolicy.model_validate_json(json.dumps(config["clocks"])).fallback_after_seconds
    minutes = ClockPolicy().fallback_after_seconds // 60
    return (
        "This is the local stage: its retry steps are shortened to seconds, an e-mail takes a failing "
        f"webhook's place after {here} seconds instead of {minutes} minutes, and the demo calls the deployed "
        f"sweep every {SWEEP_EVERY_SECONDS:.0f} seconds."
    )


def _tell(number: int, scenario: Scenario, run: Run) -> None:
    run.console.print(show.heading(number, scenario.title, scenario.shows))
    written = written_from_now(run.everything)
    sent: list[Sent] = []
    acts: list[RenderableType] = []
    files = [step for step in scenario.steps if isinstance(step, tuple)]
    newest = newest_moment(entry for step in files for entry in _entries(step))
    for step in scenario.steps:
        run.in_time &= settled(run.everything, within_seconds=SETTLED_WITHIN_SECONDS)
        if not isinstance(step, tuple):
            acts.append(show.acted(step.words, act_out(step, run.outputs, run.everything)))
        else:
            sent += _send(as_if_now(_entries(step), newest, run.began_at), written, run)
    run.in_time &= settled(run.everything, within_seconds=SETTLED_WITHIN_SECONDS)
    rows = written()
    run.console.print(show.came_in(verdicts(sent, rows)))
    run.console.print(show.was_judged(rows))
    run.console.print(show.failed_tries(rows))
    for act in acts:
        run.console.print(act)
    run.console.print(show.followed(rows))
    _show_told(scenario, rows, run)


def _entries(step: Sequence[str]) -> list[Entry]:
    return [entry for name in step for entry in read_entries(EVENTS / name)]


def _send(entries: Sequence[Entry], written: Callable[[], list[Row]], run: Run) -> list[Sent]:
    """One step's events onto the bus; waits until the trail has them, for the next step to find them
    there."""
    sent = Bus.of(run.outputs).send(entries)
    run.sent += sent
    run.in_time &= taken_in(sent, written, within_seconds=TAKEN_IN_WITHIN_SECONDS)
    return sent


def _show_told(scenario: Scenario, rows: Sequence[Row], run: Run) -> None:
    """Who was told of the decisions, and of what happens beside them, that `rows` brought."""
    new = {which(row) for row in rows if row.item["type"] in NEWS}
    evidence = run.evidence()
    told = [n for n in account(evidence).notifications if told_in(n.key) in new]
    arrived = show.Arrivals(rows, evidence.mails, evidence.receipts)
    run.console.print(show.were_told(told, arrived))
    if scenario.in_full:
        run.console.print(show.in_full(told, arrived, [row.item for row in rows if row.referral_ref]))


def _close(run: Run) -> tuple[Account, bool]:
    """The account of the run, and whether the tables alone say the same."""
    evidence = run.evidence()
    result = account(evidence)
    rows = [row.item for row in evidence.rows if row.referral_ref == TRAIL_OF]
    run.console.print(f"\n[bold]The trail of {TRAIL_OF}[/], as `mash trail {TRAIL_OF}` tells it\n")
    run.console.print(show.trail_table(rows))
    _show_worklist(run)
    run.console.print("\n[bold]The figures of this month[/], as `mash figures --recompute` shows them\n")
    run.console.print(figures_in_words(counted_anew(run.outputs, month_of(run.began_at))))
    run.console.print("\nThe e-mails, to open in a browser")
    for shows, link in show.to_open(evidence.mails, evidence.rows):
        words = fill(shows, run.console.width, initial_indent="   ", subsequent_indent="   ")
        run.console.print(f"{words}\n      {link}", soft_wrap=True)
    run.console.print("\nThe webhooks are in", str(run.outputs.webhooks_folder), soft_wrap=True)
    page = run.outputs.emails_folder.parent / "report.html"
    write_report(page, run.material(result, evidence))
    run.console.print(
        f"\n[bold]The whole run on one page[/], to open in a browser\n   {page.as_uri()}", soft_wrap=True
    )
    run.console.print(f"\n{TRY_YOUR_OWN}\n{THE_CONSOLE}\n", soft_wrap=True)
    run.console.print(show.summary(result))
    tally = _by_the_tables(evidence, run)
    run.console.print(_compared(result, tally))
    run.console.print(show.last_line(result), soft_wrap=True)
    return result, agrees(result, tally)


def _show_worklist(run: Run) -> None:
    """What waits for a person now; asking is on record."""
    found = tasks(run.outputs, list(TaskRole))
    run.console.print("\n[bold]The worklist[/], as `mash tasks` lists it\n")
    for line in task_lines(found, datetime.now(UTC), phones(run.outputs, found)):
        run.console.print(line, soft_wrap=True)


def _by_the_tables(evidence: Evidence, run: Run) -> Tally:
    """The account that the deployed reconciliation makes, of each day that the run touched."""
    days = sorted({uk_day(datetime.fromisoformat(row.item["at"])) for row in evidence.rows})
    return sum((reckoned(run.outputs, day) for day in days), NOTHING)


def _compared(result: Account, tally: Tally) -> RenderableType:
    """One line if both accounts say the same, else all that the tables say."""
    if not agrees(result, tally):
        return in_words(tally, "What the tables alone say is something else.")
    return Text(
        f"The tables alone say the same: {tally.decisions} decisions in, {tally.accounted} accounted for."
    )
