"""`mash figures`: a month on one screen, on record before it is shown, nothing small and nothing guessed."""

import json
from datetime import timedelta

import pytest
import time_machine
from click.testing import CliRunner, Result

from functions.adapters.ledger.days import Days
from functions.adapters.ledger.keys import read_by
from functions.cli import figures as module
from functions.cli.figures import NO_NIGHT, in_words
from functions.cli.main import cli
from functions.cli.outputs import Outputs
from functions.cli.show import terminal
from functions.domain.measures.catalogue import FIGURES, LIVE_FIGURES
from functions.domain.measures.published import Published
from functions.flows.measuring.live import count_rows
from functions.flows.measuring.recount import RecountDesk, recount
from functions.story.figures import INSTEAD, WORDS
from tests.cli.busy_tables import CannotWrite
from tests.cli.typed import ME, of_kind
from tests.flows.test_live_counts import a_desk
from tests.notices import a_hub_contact
from tests.world import MORNING, World, a_decision, a_receipt, an_event_id

NOVEMBER = "2026-11"


@pytest.fixture
def hub(stack: Outputs) -> Outputs:
    return stack.model_copy(update={"hub": a_hub_contact().model_dump_json()})


@pytest.fixture
def six(world: World) -> World:
    """Six contacts that were decided and told, and a seventh that was not."""
    for number in range(7):
        ref = f"NS-26-{number:06d}"
        world.take(a_receipt(ref=ref, kind="CONTACT"))
        if number < 6:
            world.take(a_decision(referral_ref=ref, event_id=an_event_id(ref), involved_agencies=[]))
    world.send_due()
    return world


def mash(stack: Outputs, patch: pytest.MonkeyPatch, *arguments: str) -> Result:
    patch.setattr(module, "connected", lambda _: stack)
    return CliRunner().invoke(cli, ["figures", *arguments], prog_name="mash")


def words(answer: Result) -> list[str]:
    assert answer.exit_code == 0, answer.output
    return [" ".join(line.split()) for line in answer.stdout.splitlines()]


def row(k: str, name: str, **cells: str) -> Published:
    usual = {"dimension": "all", "value": "50.0", "numerator": "5", "denominator": "10", "note": ""}
    return Published(NOVEMBER, "Northshire MASH", k, name, suppressed="no", **{**usual, **cells})


def lines(*rows: Published) -> list[str]:
    console = terminal()
    with console.capture() as captured:
        console.print(in_words(rows))
    return [" ".join(line.split()) for line in captured.get().splitlines()][1:]


# --- on the tables


def test_a_month_is_counted_and_shown_with_its_counts(
    six: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = mash(hub, monkeypatch, "--recompute", "--month", NOVEMBER)
    assert answer.exit_code == 0, answer.output
    shown = [" ".join(line.split()) for line in answer.stdout.splitlines()]
    assert "K1a Outcome told 100.0% 6 of 6" in shown
    assert "K4 Decided within 24 elapsed hours hidden hidden of 7" in shown
    assert "K3 Acknowledged within 1 working day not available no ACKNOWLEDGED event has come" in shown


def test_how_far_it_has_come_does_not_mix_with_the_figures(
    six: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = mash(hub, monkeypatch, "--recompute", "--json")
    assert "7 of 7 referrals read" in answer.stderr
    rows = json.loads(answer.stdout)
    assert {one["month"] for one in rows} == {NOVEMBER}
    told = next(one for one in rows if one["k"] == "K1a")
    assert (told["value"], told["hub"], told["suppressed"]) == ("100.0", a_hub_contact().hub_name, "no")


def test_asking_is_a_row_of_the_askers(six: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch) -> None:
    assert mash(hub, monkeypatch, "--recompute").exit_code == 0
    (asked,) = of_kind(six, "QUERY")
    assert (asked["pk"], asked["actor"], asked["rows"]) == (read_by(MORNING, ME), ME, 7)
    assert asked["asked"] == f"figures of {NOVEMBER}"


def test_nothing_is_shown_that_could_not_be_put_on_record(
    six: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = mash(CannotWrite.model_validate(hub.model_dump()), monkeypatch)
    assert answer.exception is not None
    assert answer.stdout == ""


# --- by the counters


def count_live(world: World) -> None:
    """As the stream would have it counted."""
    newest = {
        row["pk"].removeprefix("R#"): 1 for row in world.all_items("audit") if row["pk"].startswith("R#")
    }
    count_rows(newest, a_desk(world))


def test_a_month_is_shown_as_its_counters_have_it_beside_what_the_night_found(
    six: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_live(six)
    before = words(mash(hub, monkeypatch))
    assert "K1a Outcome told 100.0% 6 of 6" in before
    assert "K4 Decided within 24 elapsed hours hidden hidden of 7" in before
    assert before[0] == f"Live counts; final: the days that are over, {NO_NIGHT}."
    with time_machine.travel(MORNING + timedelta(hours=12), tick=False):
        six.now = MORNING + timedelta(hours=12)
        assert recount(RecountDesk(a_desk(six), Days(six.store, six.chain))) == 0
        after = words(mash(hub, monkeypatch))
    assert "K1a Outcome told 100.0% 6 of 6 100.0%" in after
    assert after[0].endswith("the days that are over, by the trail on 25 November 2026 at 3:02am.")


def test_a_figure_without_counters_is_not_shown_as_nought_but_named(
    six: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_live(six)
    shown = words(mash(hub, monkeypatch))
    assert not [line for line in shown if line.startswith(("K12", "K14"))]
    text = " ".join(shown)
    assert "No counters, so --recompute: K12 Referred again in 12 months" in text
    assert "K14 Messages not there in time" in text
    assert "K15 Age of holds still open" in text


def test_the_counters_give_what_the_trail_gives(
    six: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_live(six)
    live = json.loads(mash(hub, monkeypatch, "--json").stdout)
    anew = json.loads(mash(hub, monkeypatch, "--recompute", "--json").stdout)
    assert {one.pop("final_at") for one in live} == {None}
    assert {one.pop("final") for one in live} == {None}
    assert live == [
        one for one in anew if (one["k"], one["name"]) in {(it.k, it.name) for it in LIVE_FIGURES}
    ]


def test_programs_have_the_nights_figure_beside_the_live_one(
    six: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_live(six)
    six.now = MORNING + timedelta(hours=12)
    recount(RecountDesk(a_desk(six), Days(six.store, six.chain)))
    rows = json.loads(mash(hub, monkeypatch, "--json").stdout)
    told = next(one for one in rows if one["k"] == "K1a")
    assert told["final"] == {"value": "100.0", "numerator": "6", "denominator": "6"}
    assert told["final_at"] == "2026-11-25T03:02:30Z"


def test_asking_the_counters_reads_no_row_of_the_trail_and_is_recorded_as_well(
    six: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "referrals read" not in mash(hub, monkeypatch).stderr
    (asked,) = of_kind(six, "QUERY")
    assert asked["asked"] == f"figures of {NOVEMBER}"


@pytest.mark.parametrize("month", ["2026-13", "11/2026", "2026-11-24", "2026", "2026-12", "2015-12"])
def test_a_month_of_which_nothing_can_be_known_is_refused(
    world: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch, month: str
) -> None:
    answer = mash(hub, monkeypatch, "--month", month)
    assert answer.exit_code == 2
    assert "Invalid value for '--month'" in answer.output
    assert of_kind(world, "QUERY") == []


# --- in words


def test_every_figure_has_its_words_and_every_marker_too() -> None:
    assert set(WORDS) == {(one.k, one.name) for one in FIGURES}
    assert set(INSTEAD) == {"[c]", "[x]", "[z]", "[over]"}


def test_a_part_stands_below_its_figure_and_a_percentile_says_which() -> None:
    assert lines(
        row("K4", "decided_in_24_hours"),
        row("K4", "decided_in_24_hours", dimension="hours=out", value="[c]", numerator="[c]"),
        row(
            "K2", "decided_to_told", dimension="percentile=p50", value="4073", numerator="", denominator="65"
        ),
        row(
            "K15",
            "age_of_open_holds",
            dimension="percentile=p95",
            value="[over]",
            numerator="",
            denominator="9",
        ),
        row("K16", "unborn_care_told", value="[z]", numerator="0", denominator="0"),
    ) == [
        "K4 Decided within 24 elapsed hours 50.0% 5 of 10",
        "received out of hours hidden hidden of 10",
        "K2 From the decision until it was told",
        "half of them within 1 h 8 min 65",
        "K15 Age of holds still open",
        "95 in 100 within longer than is counted 9",
        "K16 Unborn: health visitor or midwife told - 0 of 0",
    ]


def test_what_a_figure_leaves_out_is_said_beside_it() -> None:
    note = "left out: those of whom no event graded it (`rag`)"
    (text,) = [" ".join(lines(row("K10", "joint", note=note)))]
    assert text.startswith("K10 Joint risk assessment 50.0% 5 of 10; left out: those of whom")
    assert text.endswith("(`rag`)")
