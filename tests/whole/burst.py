"""A burst on the synthesised template: one endpoint hangs, one fails at random, and nobody else may notice.

`make burst` runs 500 events three times, and once with no endpoint that hangs, and prints the figures.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from threading import Event

import click

from functions.adapters.ledger.everything import Everything, Row
from functions.cli.accounts import broken_links, unaccounted
from functions.cli.bus import Bus, Entry, Sent
from functions.cli.outputs import Outputs
from functions.cli.running import running_stack
from functions.cli.sinks import Receipt, read_receipts
from functions.cli.waiting import sweeping, taken_in
from functions.domain.endpoint import SLOTS
from schemas.agency import Agency, Mailbox, Registry
from schemas.codes import AgencyType, AttemptResult, AuditKind, Channel, DeliveryState
from tests.world import Wire, a_decision, a_hub_directory, an_agency, an_event_id

HANGS, FLAKY = "south-police", "east-police"
SYSTEMS = ("north-police", HANGS, FLAKY)
MAILBOXES = ("north-probation", "north-gp")
TAKEN_IN_WITHIN_SECONDS = 900.0
TOLD_WITHIN_SECONDS = 900.0
LOOK_EVERY_SECONDS = 1.0


@dataclass(frozen=True)
class Figures:
    """What one burst came to: exact counts, and how long the healthy waited for their first attempt, in
    seconds."""

    events: int
    lost: int
    unaccounted: int
    broken_links: int
    not_told: int
    """Messages to agencies that can be reached, the flaky one among them, which did not reach them."""
    sends_without_row: int
    started_without_closed: int
    duplicates: int
    unexplained: int
    """Duplicates that no UNKNOWN attempt explains, or whose bytes were not the same."""
    most_in_flight: int
    """Attempts at the endpoint that hangs, at any one time."""
    p95: float
    p99: float

    @property
    def is_clean(self) -> bool:
        harm = (self.lost, self.unaccounted, self.broken_links, self.not_told, self.sends_without_row)
        return (
            not any((*harm, self.started_without_closed, self.unexplained)) and self.most_in_flight <= SLOTS
        )


def burst(events: int, *, hangs: bool, say: Callable[[str], None]) -> Figures:
    """Sends `events` decisions at once and waits until whoever can be told has been."""
    bad_days = [f"{FLAKY}=flaky", *([f"{HANGS}=silent"] if hangs else [])]
    with (
        tempfile.TemporaryDirectory(prefix="mash-burst-") as folder,
        running_stack(a_county(), Path(folder), say, bad_days=bad_days) as (stack, _),
        sweeping(stack),
    ):
        everything = Everything(stack.store())
        details = decisions(events)
        sent = Bus.of(stack).send(
            [Entry(detail["event_id"], json.dumps(detail), detail) for detail in details]
        )
        taken_in(sent, everything.rows, within_seconds=TAKEN_IN_WITHIN_SECONDS)
        _wait(lambda: _reachable_are_told(everything), TOLD_WITHIN_SECONDS, say)
        return _figures(stack, everything, sent)  # while there are tables to read


def a_county() -> Registry:
    """Three systems and two mailboxes; who hangs or fails has no mailbox, so that no fallback hides it."""
    today = datetime.now(UTC).date()

    def mailed(agency_id: str) -> Agency:
        box = Mailbox(address=f"mash@{agency_id}.secure.example", verified_at=today)
        return an_agency(agency_id, AgencyType.PROBATION, Channel.EMAIL, email=box, webhook=None)

    systems = [an_agency(name, AgencyType.POLICE, Channel.WEBHOOK, email=None) for name in SYSTEMS]
    agencies = (*systems, *map(mailed, MAILBOXES))
    return Registry(approved_by="head-of-mash", hub=a_hub_directory(), agency=agencies)


def decisions(count: int) -> list[Wire]:
    """So many referrals of one child each, for every agency of the county."""
    involved = [
        {"agency_id": name, "own_ref": "PR-55120", "holds_plan_role": True}
        for name in (HANGS, FLAKY, *MAILBOXES)
    ]
    return [
        a_decision(
            event_id=an_event_id("burst", number),
            referral_ref=f"NS-26-B{number:05d}",
            source_seq=number,
            involved_agencies=involved,
        )
        for number in range(1, count + 1)
    ]


def _reachable_are_told(everything: Everything) -> bool:
    return all(
        item["st"] == DeliveryState.SENT
        for key, item in everything.deliveries().items()
        if key.agency_id != HANGS
    )


def _wait(is_so: Callable[[], bool], within_seconds: float, say: Callable[[str], None]) -> None:
    """Whether it came true in time the figures say."""
    never, waited = Event(), 0.0
    while not is_so() and waited < within_seconds:
        never.wait(LOOK_EVERY_SECONDS)
        waited += LOOK_EVERY_SECONDS
        if waited % 30 == 0:
            say(f"  told so far after {waited:.0f} s: not all of the reachable")


def _figures(stack: Outputs, everything: Everything, sent: Sequence[Sent]) -> Figures:
    rows = everything.rows()
    deliveries = everything.deliveries()
    started, closed = _attempts(rows, AuditKind.ATTEMPT_STARTED), _attempts(rows, AuditKind.ATTEMPT_CLOSED)
    received = [one for one in read_receipts(Path(stack.webhooks_folder)) if one.accepted]
    announced = {row.item["body_sha256"] for row in rows if row.item["type"] == AuditKind.ATTEMPT_STARTED}
    repeated, unexplained = _duplicates(received, rows)
    waits = _first_waits(rows)
    decided = sum(row.item["type"] == AuditKind.DECISION for row in rows)
    return Figures(
        events=len(sent),
        lost=len(sent) - decided,
        unaccounted=unaccounted(sent, rows),
        broken_links=broken_links(rows),
        not_told=sum(
            item["st"] != DeliveryState.SENT for key, item in deliveries.items() if key.agency_id != HANGS
        ),
        sends_without_row=sum(one.sha256 not in announced for one in received),
        started_without_closed=sum(
            (started - closed)[which] for which in started - closed if which[1] != HANGS
        ),
        duplicates=repeated,
        unexplained=unexplained,
        most_in_flight=_most_in_flight(rows),
        p95=waits[94],
        p99=waits[98],
    )


def _attempts(rows: Iterable[Row], kind: AuditKind) -> Counter[tuple[str, str, str, int]]:
    return Counter(
        (row.partition, row.item["agency"], row.item["chan"], row.item["attempt"])
        for row in rows
        if row.item["type"] == kind
    )


def _duplicates(received: Iterable[Receipt], rows: Iterable[Row]) -> tuple[int, int]:
    """Messages that were taken more than once, and those of them that nothing explains."""
    unknown = {
        row.item["message_id"]
        for row in rows
        if row.item["type"] == AuditKind.ATTEMPT_CLOSED and row.item["result"] == AttemptResult.UNKNOWN
    }
    by_id: defaultdict[str, list[str]] = defaultdict(list)
    for one in received:
        by_id[one.webhook_id].append(one.sha256)
    repeated = {name: hashes for name, hashes in by_id.items() if len(hashes) > 1}
    unexplained = [name for name, hashes in repeated.items() if name not in unknown or len(set(hashes)) > 1]
    return len(repeated), len(unexplained)


def _first_waits(rows: Iterable[Row]) -> list[float]:
    """Percentiles of the seconds from decision to first attempt, over every agency but the two that
    misbehave."""
    decided, waits = {}, []
    for row in rows:
        at = datetime.fromisoformat(row.item["at"])
        if row.item["type"] == AuditKind.DECISION:
            decided[row.partition] = at
        first = row.item["type"] == AuditKind.ATTEMPT_STARTED and row.item["attempt"] == 1
        if first and row.item["agency"] not in {HANGS, FLAKY}:
            waits.append((at - decided[row.partition]).total_seconds())
    return quantiles(waits, n=100)


def _most_in_flight(rows: Iterable[Row]) -> int:
    moves = sorted(
        (row.item["at"], 1 if row.item["type"] == AuditKind.ATTEMPT_STARTED else -1)
        for row in rows
        if row.item.get("agency") == HANGS
        and row.item["type"] in {AuditKind.ATTEMPT_STARTED, AuditKind.ATTEMPT_CLOSED}
    )
    now = most = 0
    for _, move in moves:
        now += move
        most = max(most, now)
    return most


def main() -> int:
    """Prints the figures of each burst, and the ratio between one with and one without the endpoint that
    hangs."""
    parser = argparse.ArgumentParser(prog="python -m tests.whole.burst", description=__doc__)
    parser.add_argument("--events", type=int, default=500)
    parser.add_argument("--times", type=int, default=3)
    arguments = parser.parse_args()
    quiet = burst(arguments.events, hangs=False, say=click.echo)
    click.echo(f"no endpoint hangs: {quiet}")
    clean = quiet.is_clean
    for number in range(1, arguments.times + 1):
        found = burst(arguments.events, hangs=True, say=click.echo)
        ratios = f"p95 x {found.p95 / quiet.p95:.2f}, p99 x {found.p99 / quiet.p99:.2f}"
        click.echo(f"burst {number}: {found}")
        click.echo(f"  healthy agencies' first attempt, beside the quiet run: {ratios}")
        clean &= found.is_clean
    click.echo("clean" if clean else "NOT clean")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
