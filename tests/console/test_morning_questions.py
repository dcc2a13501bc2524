"""The questions of a manager's morning, each answered on one screen of the year that `mash up --history` has.

Each number is counted once more from the tables' items, by nothing of ours that counts.

    question                      screen                         counted from
    ----------------------------  -----------------------------  -------------------------------------------
    Who has not been told?        Overview, first figure         decisions, and what reached who referred
    Which lack the police form?   Overview, second figure        each child as it stands
    Who is overdue?               Needs attention                open tasks whose time has passed
    What is held?                 Needs attention, Referrals     messages that are held
    Who has not read it?          Needs attention                messages that nobody confirmed in time
    What came in badly?           Needs attention                events refused, and what they left to ask
    Whose endpoint is failing?    Agencies                       how each one's newest tries ended
    How many in 24 hours?         Overview, third figure         decisions by their moment
    This week against last?       Overview, first chart          decisions by their day
    The trend?                    Overview, second chart         arrivals, and what reached who referred
    What was sent?                Message                        the hash of the bytes, as the trail has it
    Replay all that failed?       Agency, Send everything        messages on their way to it
    Export one record?            Referral, Download             the referral's rows
"""

import csv
import html
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import cast

import pytest

from functions.adapters.door import ReadyMessage
from functions.adapters.errors import RetryError
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import from_item
from functions.adapters.registry.directory import Entry
from functions.adapters.webhook import webhook_body
from functions.domain.clock import working_days_later
from functions.flows.sending.send import send
from schemas.clocks import ClockPolicy
from schemas.codes import Channel
from schemas.notice import Frozen, Pins
from tests.console.by_hand import LONDON, ByHand, Item, uk_day, when
from tests.console.council import MANAGER
from tests.console.every_page import a_held_decision
from tests.console.office import Browser, Office, Reply
from tests.console.test_overview import tile
from tests.simulation.history import a_year_until
from tests.simulation.year.county import EVERYBODY
from tests.simulation.year.doors import YearDoor
from tests.simulation.year.hub import Hub
from tests.simulation.year.until import count
from tests.stage_tables import store_over
from tests.world import a_decision, a_revision, an_event_id, wrapped

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
NOW = datetime(2026, 11, 26, 8, 45, tzinfo=UTC)
"""A Thursday's morning."""
NIGHT = NOW - timedelta(hours=6)
CONTACTS = 120
TODAY, WEEKS_SHOWN = NOW.date(), 12
MONDAY = TODAY - timedelta(days=TODAY.weekday())


@dataclass(frozen=True)
class Morning(ByHand):
    """The tables as that morning finds them, and the console over them."""

    browser: Browser
    bodies: Mapping[str, tuple[bytes, str]]
    """What left that night by webhook, with its link's token, by its message's id."""

    def get(self, path: str) -> Reply:
        reply = self.browser.get(path)
        assert reply.status == 200, path
        return reply


def items(hub: Hub, table: str) -> list[Item]:
    return [from_item(item) for item in hub.tables.tables[table].items.values()]


@dataclass
class Kept:
    """What left by webhook, as the agency has it; the token of its link apart."""

    door: YearDoor
    bodies: dict[str, tuple[bytes, str]]
    channel: Channel = Channel.WEBHOOK

    def ready(
        self, agency: Entry, notice: Frozen, pins: Pins, *, token: str | None, attempt: int, now: datetime
    ) -> ReadyMessage:
        self.bodies[pins.message_id] = webhook_body(notice, pins, token), token or ""
        return self.door.ready(agency, notice, pins, token=token, attempt=attempt, now=now)


@pytest.fixture(scope="module")
def morning() -> Morning:
    """The year, and what came in on its last night, when nobody was at work.

    An urgent decision that nobody reads, one that is held, a revision of what nobody has told us, and an
    event that nobody can read.
    """
    hub, bodies = a_year_until(NIGHT, CONTACTS), dict[str, tuple[bytes, str]]()
    hospital = {"agency_id": "north-hospital", "own_ref": "H/2041"}
    urgent = a_decision(
        referral_ref="NS-26-URGENT",
        event_id=an_event_id("urgent"),
        source_code="3E",
        referring_agency=hospital,
        police_recommended_next_step=None,
        recommendation_followed=None,
    )
    revised = a_revision(referral_ref="NS-26-NEVER")
    unreadable = a_decision(referral_ref="no reference", event_id=an_event_id("bad"))
    for number, event in enumerate((urgent, a_held_decision(), revised, unreadable), 5001):
        hub.take_in(wrapped({**event, "source_seq": number}, f"bus-{number}"))
    _sweep(hub, bodies)
    hub.clock.advance_to(NOW)
    _sweep(hub, bodies)
    count(hub)
    office = Office(store_over(hub.tables), ClockPolicy(), lambda: NOW, vault=hub.intake.vault)
    browser = office.signed_in(MANAGER)
    return Morning(items(hub, "audit"), items(hub, "state"), NOW, browser, bodies)


def _sweep(hub: Hub, bodies: dict[str, tuple[bytes, str]]) -> None:
    """What is due then, by webhook: the mail of that night tells nothing that is asked here."""
    hub.sweep()
    queued, hub.queued[:] = hub.queued.copy(), []
    for key in queued:
        if isinstance(key, DeliveryKey) and key.channel is Channel.WEBHOOK:
            desk = hub.sending[Channel.WEBHOOK]
            with suppress(RetryError):
                send(key, replace(desk, door=Kept(cast("YearDoor", desk.door), bodies)))


def table(page: Reply, caption: str) -> list[list[str]]:
    """A chart's table, line by line."""
    part = page.body.partition(f'<caption class="govuk-table__caption">{caption}</caption>')[2]
    part = part or re.split(rf"<caption[^>]*>\s*{re.escape(caption)}", page.body)[1]
    lines = re.findall(r"<tr[^>]*>(.*?)</tr>", part.partition("</table>")[0], re.DOTALL)
    return [
        [" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in cells]
        for line in lines
        if (cells := re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL))
    ][1:]


def items_of(morning: Morning, query: str = "") -> str:
    """The heading of the worklist: how many, and how many of them late."""
    found = re.search(r"\b\d+ items?(?:, \d+ late)?", morning.get(f"/worklist{query}").text())
    assert found, query
    return found[0]


def in_words(tasks: Sequence[Item]) -> str:
    late = sum(when(task["due_at"]) < NOW for task in tasks)
    number = f"{len(tasks)} item{'' if len(tasks) == 1 else 's'}"
    return number + (f", {late} late" if late else "")


# --- the questions


def test_who_has_not_been_told(morning: Morning) -> None:
    untold = [one for one in morning.to_be_told if not one.knows_newest]
    noticed = [one for one in untold if one.noticed]
    assert 0 < len(noticed) < len(untold) < len(morning.to_be_told)
    figure, below = tile(morning.get("/"), "Referrers not told yet")
    assert figure == str(len(untold))
    assert f"{len(noticed)} by notice only" in below


def test_which_lack_the_police_form_and_whose_is_overdue(morning: Morning) -> None:
    assert morning.form_lacking
    figure, below = tile(morning.get("/"), "Police risk assessments overdue")
    assert figure == str(len(morning.open_tasks("CHASE_FORM")))
    assert f"{len(morning.form_lacking)} not complete" in below


def test_who_is_overdue(morning: Morning) -> None:
    tasks = morning.open_tasks()
    assert any(when(task["due_at"]) < NOW for task in tasks)
    assert items_of(morning) == in_words(tasks)
    refused = [row for row in morning.rows if row["type"] == "REJECTED"]
    assert f"Needs attention ({len(tasks) + len(refused)})" in morning.get("/").text()


def test_what_is_held(morning: Morning) -> None:
    held = {
        one["pk"].removeprefix("R#") for one in morning.messages if one.get("held") and "sent_at" not in one
    }
    kinds = ("RELEASE_CHILD", "RELEASE_AGENCY", "RELEASE_ALLEGATION")
    for kind in kinds:
        assert items_of(morning, f"?kind={kind}") == in_words(morning.open_tasks(kind))
    asked = {task["pk"].removeprefix("R#") for kind in kinds for task in morning.open_tasks(kind)}
    shown = set(
        re.findall(r"/referrals/([A-Z0-9-]+)\"", morning.get("/referrals?told=held&since=2025-11-27").body)
    )
    assert shown == held == asked != set()


def test_who_has_not_read_it(morning: Morning) -> None:
    unread = [
        one
        for one in morning.messages
        if one.get("called_for", "").startswith("TASK#CALL_UNREAD")
        and not {"acked_at", "phoned_at"} & one.keys()
    ]
    assert unread
    assert items_of(morning, "?kind=CALL_UNREAD").startswith(f"{len(unread)} item")


def test_what_came_in_badly(morning: Morning) -> None:
    yesterday = NOW - timedelta(hours=24)
    refused = [row for row in morning.rows if row["type"] == "REJECTED" and when(row["at"]) > yesterday]
    assert len(refused) == 1
    assert "1 event could not be read" in morning.get("/").text()
    revised = {row["pk"] for row in morning.rows if row.get("supersedes")}
    decided = {row["pk"] for row in morning.rows if row["type"] == "DECISION" and row["dver"] == 1}
    assert len(revised - decided) == 1
    assert items_of(morning, "?kind=CHECK_REVISION") == "1 item"


def test_whose_endpoint_is_failing(morning: Morning) -> None:
    ended: defaultdict[str, list[str]] = defaultdict(list)
    for row in sorted(morning.rows, key=lambda row: row["at"]):
        if row["type"] == "ATTEMPT_CLOSED" and row["chan"] == "webhook":
            ended[row["agency"]].append(row["result"])
    failing = {agency for agency, results in ended.items() if "SUCCESS" not in results[-5:]}
    on_their_way = (one for one in morning.messages if one["st"] in {"PENDING", "RETRY"})
    waiting = Counter(one["agency"] for one in on_their_way if not one.get("held"))
    text = morning.get("/agencies").text()
    lines = re.findall(r"Waiting (Nothing|\d+)(?: messages? for .*?)? Status (Working|Not answering)", text)
    assert len(lines) == len(ended.keys() | set(EVERYBODY))
    assert [number for number, status in lines if status != "Working"] == [str(waiting["north-police"])]
    assert sum(int(number) for number, _ in lines if number != "Nothing") == waiting.total()
    assert failing == {"north-police"}
    assert "Not answering" in morning.get("/agencies/north-police").text()


def test_how_many_in_24_hours_and_how_many_of_them_are_told(morning: Morning) -> None:
    late = morning.decided_of_late
    told = 0
    for ref in {row["pk"].removeprefix("R#") for row in late}:
        own = [one for one in morning.children if one.ref == ref and one.counts and one.decisions]
        told += bool(own) and all(one.knows_newest for one in own)
    assert late
    figure, below = tile(morning.get("/"), "Decisions in the last 24 hours")
    assert figure == str(len(late))
    assert below.startswith(f"{told} referrer{'' if told == 1 else 's'} already told Changes count too.")


def test_how_this_week_stands_beside_the_last(morning: Morning) -> None:
    decided = Counter(
        uk_day(when(one.decisions[0]["decided_at"]))
        for one in morning.children
        if one.decisions and not one.is_duplicate
    )
    days = [MONDAY + timedelta(days=n) for n in range(TODAY.weekday() + 1)]
    assert sum(decided[day] for day in days)
    shown = table(morning.get("/"), "Decisions each working day")
    for day, line in zip(days, shown, strict=False):
        assert line[0].startswith(f"{day:%a}")
        assert line[1:] == [str(decided[day]), str(decided[day - timedelta(days=7)])]


def test_the_trend_of_who_is_told_in_time(morning: Morning) -> None:
    mondays = [MONDAY - timedelta(days=7 * back) for back in reversed(range(WEEKS_SHOWN))]
    shown = table(morning.get("/"), "Told within 1 working day of the referral arriving")
    assert len(shown) == WEEKS_SHOWN
    for monday, line in zip(mondays, shown, strict=True):
        came = [
            one
            for one in morning.children
            if one.counts and monday <= uk_day(one.received_at) < monday + timedelta(days=7)
        ]
        over = [one for one in came if is_over(uk_day(one.received_at))]
        told = [one for one in over if one.told_at and one.told_at <= a_working_day_after(one.received_at)]
        assert (line[0], line[1:3]) == (f"{monday:%-d %B %Y}", [str(len(told)), str(len(over))])


def a_working_day_after(moment: datetime) -> datetime:
    return working_days_later(moment, 1, ClockPolicy())


def is_over(day: date) -> bool:
    last = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=LONDON)
    return a_working_day_after(last) < NOW


def test_what_was_sent_to_the_byte(morning: Morning) -> None:
    hashes = {
        row["message_id"]: row["body_sha256"] for row in morning.rows if row["type"] == "ATTEMPT_STARTED"
    }
    (message_id,) = (
        one["message_id"] for one in morning.messages if one["pk"] == "R#NS-26-URGENT" and "sent_at" in one
    )
    body, token = morning.bodies[message_id]
    assert sha256(body).hexdigest() == hashes[message_id]
    shown = re.findall(r"<pre[^>]*>(.*?)</pre>", morning.get(f"/messages/{message_id}").body, re.DOTALL)
    as_it_left = json.dumps(json.loads(html.unescape(shown[0])), separators=(",", ":"), ensure_ascii=False)
    assert token
    assert as_it_left == body.decode().replace(token, "...")


def test_how_much_would_go_again_since_it_failed(morning: Morning) -> None:
    waiting = [one for one in morning.messages if (one["agency"], one["st"]) == ("north-police", "RETRY")]
    assert waiting
    text = morning.get("/agencies/north-police/recover").text()
    assert f"Still trying {len(waiting)} message{'' if len(waiting) == 1 else 's'}" in text
    assert f"Send {len(waiting)} message{'' if len(waiting) == 1 else 's'}" in text


def test_a_record_is_taken_away_whole(morning: Morning) -> None:
    ref = max(morning.referrals, key=lambda ref: len(morning.referrals[ref]))
    path = f"/referrals/{ref}/download"
    file = morning.browser.post(path, {**morning.get(path).fields(), "reason": "INSPECTION"})
    heads, *lines = csv.reader(io.StringIO(file.body.removeprefix("\ufeff")))
    at = heads.index("When (UTC)")
    assert [line[at] for line in lines] == [row["at"] for row in morning.referrals[ref]]
