"""What the console's pages cost: `python -m tests.console.costs` prints the figures that the README has.

Reads are counted, and must be the same at 1,000 and at 100,000 referrals. Bytes are counted. Processor time
is this machine's and asserted nowhere: read the ratios.
"""

import argparse
import gc
import gzip
import json
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from infra import build
from tests.console.council import AUDITOR, MANAGER, Person
from tests.console.every_page import REF, a_full_world, every_page, known
from tests.console.filled import A_DAY, Metered, Read, filled
from tests.console.office import Browser, Office
from tests.console.small_year import a_small_year
from tests.house.test_handler_imports import absent_in_lambda
from tests.stage_tables import store_over
from tests.world import World

SIZES = (1_000, 100_000)
PAIRS = 15
"""Fresh interpreters of each kind, taking turns."""
TIMES = 15
"""That a warm page is drawn."""
AT_WORST = (
    "/messages?status=PARKED&since=2025-11-24",
    "/referrals?told=held&since=2025-11-24",
    "/agencies/north-police/recover?hours=168",
)
"""Lists in which nothing fits, over a year, and an outage as long as may be asked for."""


def asked_of(world: World) -> Iterator[tuple[str, str, Person]]:
    """Each page by its route, its path, and somebody who may see it; then who opened one
    referral, and the lists at their worst."""
    for page in every_page(known(world)):
        yield page.route.path, page.path, page.by()[0]
    path = f"/access?ref={REF}"
    yield path, path, AUDITOR
    for path in AT_WORST:
        yield path, path, MANAGER


def reads_of_each(tables: Metered, world: World) -> dict[str, Read]:
    """What each page reads of these tables, for somebody who is signed in already."""
    office = Office(store_over(tables), world.clocks, lambda: world.now, vault=world.vault)
    found = {}
    for name, path, person in asked_of(world):
        browser = office.signed_in(person)
        found[name] = tables.begin()
        assert browser.get(path).status in (200, 303), path
        tables.begin()
    return found


def bytes_of_a_first_visit(browser: Browser, path: str) -> tuple[int, int]:
    """Of a page and all that it needs, plain and compressed, each by itself as API Gateway compresses it."""
    page = browser.get(path).body
    assets = dict.fromkeys(re.findall(r'(?:href|src)="([^"]*/assets/[^"]+)"', page))
    bodies = [page, *(browser.get(one.removeprefix(browser.office.base)).body for one in assets)]
    return sum(len(one.encode()) for one in bodies), sum(len(gzip.compress(one.encode())) for one in bodies)


def _print_reads() -> bool:
    """Whether every page reads the same at every size."""
    with a_full_world() as world:
        by_size = []
        for size in SIZES:
            tables = filled(world, size, said=_progress)
            by_size.append(reads_of_each(tables, world))
            del tables
            gc.collect()
    few, many = by_size
    _say(f"Reads of a page, at {SIZES[0]:,} and at {SIZES[1]:,} referrals, {A_DAY} a day")
    _say(f"{'page':<46}{'calls':>12}{'items':>14}{'units':>18}")
    for name, read in many.items():
        one, other = few[name], read
        _say(
            f"{name:<46}{f'{one.calls} {other.calls}':>12}{f'{one.items} {other.items}':>14}"
            f"{f'{one.units:g} {other.units:g}':>18}{'' if one == other else '  <- grows'}"
        )
    return few == many


def _print_bytes_and_warm_pages() -> None:
    year = a_small_year()
    office = year.office("https://console.northshire.example", "https://sign-in.northshire.example")
    browser = office.signed_in(MANAGER)
    paths = ("/", "/referrals", "/messages", "/agencies", "/reports", "/worklist", "/help")
    _say(f"\n{'page':<16}{'bytes':>10}{'compressed':>12}{'warm CPU, ms':>14}{'x /help':>9}")
    warm = {path: _warm(browser, path) for path in paths}
    for path in paths:
        plain, compressed = bytes_of_a_first_visit(browser, path)
        cpu, times = warm[path] * 1000, warm[path] / warm["/help"]
        _say(f"{path:<16}{plain:>10,}{compressed:>12,}{cpu:>14.1f}{times:>9.1f}")


def _warm(browser: Browser, path: str) -> float:
    browser.get(path)
    taken = []
    for _ in range(TIMES):
        began = time.process_time()
        browser.get(path)
        taken.append(time.process_time() - began)
    return median(taken)


COLD = """
import json, sys, time
class OnlyThePackage:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent}:
            raise ModuleNotFoundError(name)
sys.path[:0] = [{package!r}]
sys.meta_path.insert(0, OnlyThePackage())
import functions.handlers.console
loaded = time.process_time(), len(sys.modules)
sys.path.append({repo!r})
from pathlib import Path
from functions.adapters import render
from tests.console.samples.all import SAMPLES
overview = next(one for one in SAMPLES if one.template == "overview")
from tests.console.samples.around import url
if {compiled!r} == "no":
    render.COMPILED = Path("nowhere")
began = time.process_time()
render.render_console("overview", frame=overview.frame, page=overview.page, url=url)
print(json.dumps([*loaded, time.process_time() - began]))
"""


def _print_cold_starts() -> None:
    package, absent = build.build_local(), absent_in_lambda() - {"tests"}
    found: dict[str, list[Sequence[float]]] = {"yes": [], "no": []}
    for _ in range(PAIRS):
        for compiled, taken in found.items():
            taken.append(_cold(package, compiled, absent))
    loads = [load for taken in found.values() for load, _, _ in taken]
    first = {compiled: [one for _, _, one in taken] for compiled, taken in found.items()}
    pairs = [slow / quick for slow, quick in zip(first["no"], first["yes"], strict=True)]
    whole = [
        (load_slow + slow) / (load_quick + quick)
        for (load_slow, _, slow), (load_quick, _, quick) in zip(found["no"], found["yes"], strict=True)
    ]
    _say(f"\nA fresh interpreter with the package, {PAIRS} pairs, medians (and spread)")
    _say(f"modules loaded by the handler            {found['yes'][0][1]:.0f}")
    _say(f"CPU to load the handler, ms              {_spread(loads, 1000)}")
    _say(f"CPU of the first overview, ms            {_spread(first['yes'], 1000)}")
    _say(f"the same, templates compiled then, ms    {_spread(first['no'], 1000)}")
    _say(f"first overview, without / with           x {_spread(pairs)}")
    _say(f"load and first overview, without / with  x {_spread(whole)}")


def _cold(package: Path, compiled: str, absent: set[str]) -> Sequence[float]:
    script = COLD.format(package=str(package), repo=str(build.REPO), compiled=compiled, absent=absent)
    ran = subprocess.run(
        [sys.executable, "-I", "-c", script],
        env={"AWS_DEFAULT_REGION": "eu-west-2", "AWS_LAMBDA_FUNCTION_NAME": "console"},
        capture_output=True,
        text=True,
        check=True,
    )
    measured: list[float] = json.loads(ran.stdout)
    return measured


def _spread(values: Sequence[float], times: float = 1) -> str:
    return f"{median(values) * times:.2f} ({min(values) * times:.2f} to {max(values) * times:.2f})"


def _progress(number: int) -> None:
    if number % 10_000 == 0 and number:
        sys.stderr.write(f"filled in: {number:,} referrals\n")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Prints every figure; 1 if a page's reads grow with the table."""
    argparse.ArgumentParser(prog="python -m tests.console.costs", description=__doc__).parse_args()
    account: Mapping[str, str] = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-west-2",
    }
    os.environ.update(account)
    logging.disable()
    is_equal = _print_reads()
    _print_bytes_and_warm_pages()
    _print_cold_starts()
    return int(not is_equal)


if __name__ == "__main__":
    sys.exit(main())
