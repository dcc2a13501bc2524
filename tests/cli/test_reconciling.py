"""`mash reconcile`: the day in one line, each difference in words, an exit code that scripts can trust."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from click.testing import CliRunner, Result
from rich.console import Console

from functions.adapters import aws
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.cli import main as main_module
from functions.cli.accounts import Account
from functions.cli.due_messages import Notification
from functions.cli.main import cli
from functions.cli.outputs import Outputs
from functions.cli.reconciling import (
    BESIDE,
    BUCKETS,
    FINDINGS,
    about_day,
    agrees,
    as_plain,
    asked_for,
    finding_words,
    in_words,
    reckoned,
)
from functions.domain.reconciliation.evidence import Finding
from functions.domain.reconciliation.tally import NOTHING, StillOpen, Tally
from schemas.codes import Beside, Bucket, Channel, FindingCode
from tests.flows.accounts import TOLD, Damaged, decided, items
from tests.stage_tables import on_moto
from tests.world import MORNING, World, a_world

DAY = date(2026, 11, 24)
ME = "arn:aws:sts::123456789012:user/moto"


@pytest.fixture
def world(_no_real_account: None) -> Iterator[World]:
    """A world whose clients the command line shares: one told, one waiting, the same again, one refused."""
    clear_clients()
    with a_world(on_moto) as one, time_machine.travel(MORNING, tick=False):
        one.take(decided(TOLD))
        one.send_due()
        one.take(decided("NS-26-AN0THR"))
        one.take(decided(TOLD))
        one.take({**decided("NS-26-WR0NG0"), "primary_outcome": "NONSENSE"})
        yield one
    clear_clients()


def clear_clients() -> None:
    for client in (aws.dynamodb, aws.sts):
        client.cache_clear()


@pytest.fixture
def stack(world: World) -> Outputs:
    known = {name: f"the {name}" for name in Outputs.model_fields}
    named = {"audit_table_name": "audit", "state_table_name": "state", "keys_table_name": "keys"}
    return Outputs.model_validate(known | named)


def questions(world: World) -> list[Item]:
    return [row for row in world.all_items("audit") if row["type"] == "QUERY"]


def lines(tally: Tally, about: str = "What came in.") -> list[str]:
    file = io.StringIO()
    Console(file=file, width=140, highlight=False).print(in_words(tally, about))
    return [" ".join(line.split()) for line in file.getvalue().splitlines() if line.strip()]


# --- on the tables


def test_the_day_is_counted_from_the_tables_up_to_this_moment(world: World, stack: Outputs) -> None:
    tally = reckoned(stack, DAY)
    assert (tally.decisions, tally.accounted) == (4, 4)
    assert tally.ended == {Bucket.TOLD: 1, Bucket.OPEN: 1, Bucket.DUPLICATE: 1, Bucket.REFUSED: 1}
    assert questions(world) == []


def test_asking_is_a_row_of_the_askers(world: World, stack: Outputs) -> None:
    assert asked_for(stack, DAY).decisions == 4
    (row,) = questions(world)
    assert (row["pk"], row["actor"], row["asked"], row["rows"]) == (f"L#2026-11-24#{ME}", ME, "reconcile", 4)


def mash(stack: Outputs, patch: pytest.MonkeyPatch, *arguments: str) -> Result:
    patch.setattr(main_module, "connected", lambda _: stack)
    return CliRunner().invoke(cli, ["reconcile", *arguments], prog_name="mash")


def test_it_exits_with_one_where_anything_disagrees_and_names_it(
    world: World, stack: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    Damaged(world).take_away("state", items(world, "NS-26-AN0THR", "N#")[0])
    answer = mash(stack, monkeypatch, "--day", "2026-11-24")
    assert answer.exit_code == 1
    assert answer.output.startswith("4 decisions in, 4 accounted for.\n")
    assert "NS-26-AN0THR, 01#0001#north-police#webhook: a message was due and is not there" in answer.output


def test_it_exits_with_nought_where_nothing_disagrees(
    world: World, stack: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = mash(stack, monkeypatch, "--day", "2026-11-23")
    assert (answer.exit_code, answer.output.splitlines()[0]) == (0, "0 decisions in, 0 accounted for.")


def test_without_a_day_it_is_todays_and_json_is_the_whole_account(
    world: World, stack: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = json.loads(mash(stack, monkeypatch, "--json").output)
    assert (told["day"], told["decisions"], told["accounted"], told["open"]) == ("2026-11-24", 4, 4, 1)
    one = {"since": "2026-11-24T15:02:30.000Z", "partition": "R#NS-26-AN0THR", "row": "E#000001"}
    assert told["still_open"] == [one]


@pytest.mark.parametrize("day", ["24/11/2026", "yesterday", "2026-11-31"])
def test_a_day_that_is_none_is_refused(stack: Outputs, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    assert mash(stack, monkeypatch, "--day", day).exit_code == 2


@pytest.mark.parametrize("day", ["2026-11-25", "2027-11-24"])
def test_a_day_to_come_is_refused_and_nobody_is_told_that_all_is_well(
    world: World, stack: Outputs, monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    answer = mash(stack, monkeypatch, "--day", day)
    assert answer.exit_code == 2
    assert f"Invalid value for '--day': {day} has not begun: today is 2026-11-24 in the UK." in answer.output
    assert "accounted for" not in answer.output
    assert questions(world) == []


@pytest.mark.parametrize(("day", "says"), [("2026-11-25", "has not begun"), ("soon", "is no day")])
def test_a_program_is_told_which_option_was_wrong(
    world: World, stack: Outputs, monkeypatch: pytest.MonkeyPatch, day: str, says: str
) -> None:
    answer = mash(stack, monkeypatch, "--json", "--day", day)
    assert answer.exit_code == 2
    told = json.loads(answer.output)
    assert (told["act"], told["error"]["field"]) == ("reconcile", "day")
    assert says in told["error"]["message"]


def test_a_day_that_has_begun_in_the_uk_alone_is_none_to_come(
    world: World, stack: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(datetime(2026, 6, 10, 23, 30, tzinfo=UTC), tick=False):
        assert mash(stack, monkeypatch, "--day", "2026-06-11").exit_code == 0
        assert mash(stack, monkeypatch, "--day", "2026-06-12").exit_code == 2


# --- in words


def test_every_end_every_message_beside_and_every_finding_has_its_words() -> None:
    assert set(BUCKETS) == set(Bucket)
    assert set(BESIDE) == set(Beside)
    assert set(FINDINGS) == set(FindingCode)
    words = [*BUCKETS.values(), *BESIDE.values(), *FINDINGS.values()]
    assert len(set(words)) == len(words)


def test_the_first_line_is_the_account_and_each_end_has_its_number() -> None:
    first, about, *rest = lines(Tally(decisions=3, ended={Bucket.TOLD: 2, Bucket.HELD: 1}))
    assert first == "3 decisions in, 3 accounted for."
    assert about == "What came in."
    assert rest[0] == "2 told: every message that was due was handed over or replaced"
    assert len(rest) == len(Bucket)


def test_what_stands_beside_the_decisions_is_told_where_there_is_any() -> None:
    told = lines(Tally(beside={Beside.LEAD_NOTICES: 2}, unconfirmed=5))
    assert told[-3:] == [
        "beside them",
        "2 notices to a safeguarding lead",
        "5 messages that no receipt confirms yet",
    ]
    assert "beside them" not in lines(NOTHING)


def test_what_is_open_is_named_with_its_time_in_the_uk() -> None:
    one = StillOpen("2026-06-10T09:15:00.000Z", f"R#{TOLD}", "E#000001")
    *_, heading, line = lines(Tally(decisions=1, ended={Bucket.OPEN: 1}, still_open=(one,)))
    assert heading == "Open, the oldest first"
    assert line == f"{TOLD}, E#000001: since 10 June 2026 at 10:15am"


def test_a_difference_is_a_sentence_with_its_code() -> None:
    finding = Finding(FindingCode.SEQUENCE_BROKEN, f"R#{TOLD}", "E#000003")
    assert finding_words(finding) == f"{TOLD}, E#000003: a row is missing (SEQUENCE_BROKEN)"
    gap = Finding(FindingCode.SOURCE_GAP, "mash.case-system", "7..9")
    assert finding_words(gap).startswith("mash.case-system, 7..9: these numbers")
    *_, heading, first, more = lines(Tally(differences=3, findings=(finding,)))
    assert heading == "3 differences (infra/runbooks/reconciliation.md)"
    assert (first, more) == (finding_words(finding), "and 2 more")


def test_an_account_says_which_day_it_is_of() -> None:
    assert about_day(date(2026, 6, 10)) == "What came in on 10 June 2026, by the tables alone."


def test_a_program_gets_every_count_every_finding_and_what_is_open() -> None:
    finding = Finding(FindingCode.SOURCE_GAP, "mash.case-system", "7..9")
    told = as_plain(DAY, Tally(decisions=2, ended={Bucket.TOLD: 1}, differences=1, findings=(finding,)))
    assert (told["day"], told["decisions"], told["accounted"], told["told"]) == ("2026-11-24", 2, 1, 1)
    assert told["findings"] == [{"code": "SOURCE_GAP", "partition": "mash.case-system", "what": "7..9"}]


# --- beside the demo's own account


def an_account(*due: Notification, **buckets: int) -> Account:
    counts = {bucket: buckets.get(bucket.value, 0) for bucket in Bucket}
    return Account(sum(counts.values()), 0, counts, due, 0, 0, 0, 0, 0)


def test_two_accounts_agree_if_every_end_has_the_same_number_and_nothing_differs() -> None:
    tally = Tally(decisions=3, ended={Bucket.TOLD: 2, Bucket.STALE: 1})
    assert agrees(an_account(told=2, stale=1), tally)
    assert not agrees(an_account(told=1, stale=2), tally)
    assert not agrees(an_account(told=3), tally)
    assert not agrees(an_account(told=2, stale=1, refused=1), tally)
    assert not agrees(an_account(told=2, stale=1), tally + Tally(decisions=1))
    assert not agrees(an_account(told=2, stale=1), tally + Tally(differences=1))


def test_two_accounts_agree_about_the_emails_in_a_failing_webhooks_place() -> None:
    webhook, mail = (
        Notification(
            DeliveryKey("NS-26-7KQ4ZP", 1, 1, "north-police", channel),
            outcome="S17",
            ra_status="ABSENT",
            level=3,
            attempts=1,
            delivered=True,
            verified=None,
            replaced_by=None,
        )
        for channel in (Channel.WEBHOOK, Channel.FALLBACK)
    )
    tally = Tally(decisions=1, ended={Bucket.TOLD: 1}, beside={Beside.FALLBACKS: 1})
    assert agrees(an_account(webhook, mail, told=1), tally)
    assert not agrees(an_account(webhook, told=1), tally)


def test_todays_day_is_the_uks(stack: Outputs, monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(datetime(2026, 6, 10, 23, 30, tzinfo=UTC), tick=False):
        assert json.loads(mash(stack, monkeypatch, "--json").output)["day"] == "2026-06-11"
