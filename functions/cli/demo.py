"""`mash demo`: the stories one after the other on a stack of their own, and an account of all of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from functions.adapters.ledger.everything import Everything, Row
from functions.cli import show
from functions.cli.accounts import Account, Evidence, account
from functions.cli.bus import Sent, read_entries, send
from functions.cli.outputs import REPO, Outputs
from functions.cli.registry import EXAMPLE, mailboxes, read_registry
from functions.cli.running import running_stack
from functions.cli.scenarios import FAILING_ENDPOINT, SCENARIOS, TRAIL_OF, Scenario
from functions.cli.sinks import read_mails, read_receipts
from functions.cli.verdicts import verdicts
from functions.cli.waiting import SWEEP_EVERY_SECONDS, settled, sweeping, taken_in

EVENTS = REPO / "events"
TAKEN_IN_WITHIN_SECONDS = 60.0
SETTLED_WITHIN_SECONDS = 90.0


@dataclass
class Run:
    """A demo in progress: its stack, its reader of everything, and what it has sent so far."""

    outputs: Outputs
    everything: Everything
    addresses: dict[str, str]
    console: Console
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
            mailboxes=self.addresses,
        )


def demonstrate(report: Path | None, folder: Path) -> int:
    """Runs the demo; 0 if everything is accounted for, else 1."""
    console = show.terminal()
    registry = read_registry(EXAMPLE)
    console.print(
        "This is the local stage: its retry steps are shortened to seconds, and the demo calls the deployed "
        f"sweep every {SWEEP_EVERY_SECONDS:.0f} seconds.\n"
    )
    with running_stack(registry, folder.absolute(), console.print, fail_once=FAILING_ENDPOINT) as (stack, _):
        run = Run(stack, Everything(stack.store()), mailboxes(registry), console)
        with sweeping(stack):
            for number, scenario in enumerate(SCENARIOS, 1):
                if run.in_time:
                    _tell(number, scenario, run)
        if not run.in_time:
            console.print(show.too_slow(stack.emulator_log))
        result = _close(run)
    if report is not None:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(json.dumps(result.as_json(), indent=1) + "\n", encoding="utf-8")
    return 0 if result.clean else 1


def _tell(number: int, scenario: Scenario, run: Run) -> None:
    run.console.print(show.heading(number, scenario.title, scenario.shows))
    sent = [one for step in scenario.steps for one in _send(step, run)]
    run.in_time &= settled(run.everything, within_seconds=SETTLED_WITHIN_SECONDS)
    evidence = run.evidence()
    mine = {one.entry.referral_ref for one in sent} - {None}
    rows = [row for row in evidence.rows if row.referral_ref in mine]
    run.console.print(show.came_in(verdicts(sent, evidence.rows)))
    _show_told(scenario, sent, rows, evidence, run.console)


def _send(step: Sequence[str], run: Run) -> list[Sent]:
    """One step's files onto the bus; waits until the trail has them, for the next step to find them there."""
    sent = send([entry for name in step for entry in read_entries(EVENTS / name)], run.outputs)
    run.sent += sent
    run.in_time &= taken_in(run.sent, run.everything, within_seconds=TAKEN_IN_WITHIN_SECONDS)
    return sent


def _show_told(
    scenario: Scenario, sent: Sequence[Sent], rows: Sequence[Row], evidence: Evidence, console: Console
) -> None:
    items = [row.item for row in rows]
    arrived = show.Arrivals(items, evidence.mails, evidence.receipts)
    events = {one.entry.event_id for one in sent}
    new = {
        (row.referral_ref, row.item["child"], row.item["dver"])
        for row in rows
        if row.item["type"] == "DECISION" and row.item["event_id"] in events
    }
    told = [
        notification
        for notification in account(evidence).notifications
        if (notification.key.ref, notification.key.child, notification.key.seq) in new
    ]
    console.print(show.were_told(told, arrived))
    if scenario.in_full:
        console.print(show.in_full(told, arrived, items))


def _close(run: Run) -> Account:
    evidence = run.evidence()
    result = account(evidence)
    rows = [row.item for row in evidence.rows if row.referral_ref == TRAIL_OF]
    run.console.print(f"\n[bold]The trail of {TRAIL_OF}[/], as `mash trail {TRAIL_OF}` tells it\n")
    run.console.print(show.trail_table(rows))
    run.console.print("\nThe e-mails, to open in a browser")
    for mail in evidence.mails:
        run.console.print(f"   {mail.html.as_uri()}", soft_wrap=True)
    run.console.print("\nThe webhooks are in", str(run.outputs.webhooks_folder), soft_wrap=True)
    run.console.print()
    run.console.print(show.last_lines(result))
    return result
