"""The running stack of `mash up`, once for the session: the synthesised template with its sinks."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from playwright.sync_api import Page, sync_playwright

from functions.adapters.ledger.everything import Everything, Row
from functions.adapters.ledger.store import Item, Store
from functions.cli.bus import Bus, Entry, Sent
from functions.cli.sinks import Mail, Receipt, read_mails, read_receipts
from functions.domain.series import series_of
from schemas.codes import ClockKind, Series

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "events"
CHROMIUM = Path("/usr/bin/chromium")
UP_WITHIN_SECONDS = 240
"""The first time: package and template are made too."""
DOWN_WITHIN_SECONDS = 150
IN_TIME = 60.0
Wire = dict[str, Any]


def mash(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """One command, as its user would give it."""
    command = [sys.executable, "-m", "functions.cli.main", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def eventually(is_so: Callable[[], bool], within_seconds: float = IN_TIME) -> bool:
    """Whether it becomes so in time."""
    ends, moment = time.monotonic() + within_seconds, threading.Event()
    while not is_so():
        if time.monotonic() > ends:
            return False
        moment.wait(0.2)
    return True


class Stack:
    """What a test does with a running stack; it knows only the outputs."""

    def __init__(self, outputs_file: Path) -> None:
        self.outputs_file = outputs_file
        self.outputs: dict[str, str] = json.loads(outputs_file.read_bytes())
        self.store = Store(
            self.client("dynamodb"),
            audit=self.outputs["audit_table_name"],
            state=self.outputs["state_table_name"],
            keys=self.outputs["keys_table_name"],
        )
        self.everything = Everything(self.store)

    def client(self, service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.outputs["endpoint_url"],
            region_name=self.outputs["region"],
            aws_access_key_id=self.outputs["aws_access_key_id"],
            aws_secret_access_key=self.outputs["aws_secret_access_key"],
            verify=self.outputs["ca_bundle"],
        )

    def send(self, *details: Wire | str) -> list[Sent]:
        """Onto the bus, as the case system does; text that is no event goes to the intake queue."""
        bus = Bus(
            self.client("events"),
            self.client("sqs"),
            bus_name=self.outputs["event_bus_name"],
            intake_queue_url=self.outputs["intake_queue_url"],
        )
        return bus.send([_entry(detail) for detail in details])

    def sweep(self) -> Wire:
        """The deployed sweep, called now instead of at the next minute."""
        answer = self.client("lambda").invoke(FunctionName=self.outputs["sweep_function_name"], Payload=b"{}")
        return dict(json.loads(answer["Payload"].read()))

    def rows(self, ref: str) -> list[Row]:
        """The referral's, but for the chase of its police form, which goes on beside every story."""
        own = [row for row in self.everything.rows() if row.referral_ref == ref]
        return [row for row in own if not _is_of_the_chase(row.item)]

    def refusal(self, sent: Sent) -> Wire:
        """The REJECTED row of this very arrival."""
        found: list[Row] = []

        def is_there() -> bool:
            found[:] = [row for row in self.everything.rows() if row.item["cause"] == sent.arrival_id]
            return bool(found)

        assert eventually(is_there), sent
        (row,) = found
        return row.item

    def kinds(self, ref: str) -> list[str]:
        return [row.item["type"] for row in self.rows(ref)]

    def comes_to(self, ref: str, kinds: Sequence[str]) -> bool:
        """Whether the trail of `ref` comes to hold these kinds of row, in whatever order."""
        return eventually(lambda: sorted(self.kinds(ref)) == sorted(kinds))

    def mails(self, ref: str) -> list[Mail]:
        return [mail for mail in read_mails(Path(self.outputs["emails_folder"])) if ref in mail.subject]

    def receipts(self, ref: str) -> list[Receipt]:
        kept = read_receipts(Path(self.outputs["webhooks_folder"]))
        bodies = [(receipt, receipt.body.read_bytes()) for receipt in kept]
        return [one for one, body in bodies if ref.encode() in body and b"RA_REMINDER" not in body]


def _is_of_the_chase(row: Item) -> bool:
    told = {row.get("clock"), row.get("series"), series_of(str(row.get("nonce", "")))}
    return bool(told & {ClockKind.POLICE_FORM, Series.RA_REMINDER})


def _entry(detail: Wire | str) -> Entry:
    if isinstance(detail, str):
        return Entry("text", detail, None)
    return Entry("event", json.dumps(detail), detail)


def an_event(name: str, **changes: Any) -> Wire:
    """The event file `name`, with changes."""
    return dict(json.loads((EVENTS / f"{name}.json").read_bytes())) | changes


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """`mash up` for as long as the session lasts."""
    with brought_up(tmp_path_factory.mktemp("up") / "outputs.json") as running:
        yield running


@contextmanager
def brought_up(outputs: Path, *options: str) -> Iterator[Stack]:
    """`mash up`; it must end by SIGTERM, with 0, and leave no process."""
    command = [sys.executable, "-m", "functions.cli.main", "up", "--outputs", str(outputs), *options]
    log = outputs.with_suffix(".log")
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
    try:
        came = eventually(lambda: outputs.exists() or process.poll() is not None, UP_WITHIN_SECONDS)
        assert came, "the stack did not come up in time"
        assert process.poll() is None, log.read_text()
        running = Stack(outputs)
        yield running
    finally:
        process.terminate()
        ended = process.wait(DOWN_WITHIN_SECONDS)
    assert ended == 0, log.read_text()
    _, stopping, afterwards = log.read_text().partition("stopping...\n")
    assert stopping
    assert [line.split()[0] for line in afterwards.splitlines()] == ["removing"], afterwards
    assert not outputs.exists(), "the outputs of a stack that has gone stayed behind"
    assert not Path(running.outputs["ca_bundle"]).exists(), "the emulator's folder stayed behind"


@pytest.fixture
def page() -> Iterator[Page]:
    """A browser's page, without a certificate of ours and without a word on its console."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM)
        page, complaints = chromium.new_page(), list[str]()
        page.on("console", lambda said: complaints.append(said.text))
        yield page
        chromium.close()
    assert complaints == []


def sign_in(stack: Stack, page: Page, who: str) -> None:
    """By the sign-in page of the stack's own pool."""
    page.goto(stack.outputs["console_url"])
    page.get_by_role("button", name="Sign in").or_(page.get_by_role("link", name="Sign in")).first.click()
    page.get_by_label("Username").fill(f"{who}@northshire.example")
    page.get_by_label("Password").fill(stack.outputs["console_password"])
    page.get_by_role("button", name="Sign in").click()
