"""Which series a message beside decisions belongs to, and which ones a newer one takes the place of: by its
nonce, and by nothing else."""

from dataclasses import replace

import pytest

from functions.adapters.ledger.keys import DeliveryKey, is_update, lane, repeat_nonce
from functions.domain.series import (
    FORM_SETTLED,
    REFERRER_WAITS,
    UNTIL_DECIDED,
    Replacement,
    gives_way,
    is_of_an_update,
    line_in,
    line_of,
    matters_in,
    moment_of,
    newest_in,
    nonce_of,
    outlives_decisions,
    replaced_by,
    series_of,
    series_of_line,
    thread_of,
)
from functions.domain.withdrawal import is_withdrawn
from schemas.codes import Channel, Series


@pytest.mark.parametrize("series", Series)
@pytest.mark.parametrize("of_a_duplicate", ["", "D1a2b3c4d"])
def test_a_series_is_read_back_from_its_nonce_whoever_the_reader_and_however_often(
    series: Series, of_a_duplicate: str
) -> None:
    nonce = nonce_of(series, of_a_duplicate)
    assert series_of(nonce) is series_of(nonce_of(series, of_a_duplicate, thread="1a2b3c4d")) is series
    assert series_of(repeat_nonce(nonce, "a request")) is series
    assert is_of_an_update(nonce)


@pytest.mark.parametrize(
    "nonce", ["", "D1a2b3c4d", "L1a2b3c4d", "A1a2b3c4d", "+S1a2b3c4d", "D1a2b3c4d+S5e6f7a8b"]
)
def test_a_decisions_message_is_of_no_series(nonce: str) -> None:
    assert series_of(nonce) is None
    assert not is_of_an_update(nonce)


def test_a_series_that_no_release_knows_is_no_key_of_ours() -> None:
    with pytest.raises(ValueError, match="HOROSCOPE"):
        series_of("UHOROSCOPE")
    with pytest.raises(ValueError, match="HOROSCOPE"):
        DeliveryKey.parse("R#NS-26-7KQ4ZP", "N#01#0001#north-police#webhook#UHOROSCOPE")


def test_a_child_counts_its_decisions_and_each_series_apart() -> None:
    names = [newest_in(None), *map(newest_in, Series)]
    assert names[0] == "dver"
    assert len(set(names)) == len(names)


def test_what_one_agency_is_asked_for_is_a_line_of_its_own() -> None:
    asked = nonce_of(Series.CONTRIBUTION)
    police, probation = (
        DeliveryKey("NS-26-7KQ4ZP", 1, 1, name, Channel.EMAIL, asked)
        for name in ("north-police", "north-probation")
    )
    assert (police.line, probation.line) == (
        f"CONTRIBUTION__{thread_of('north-police')}",
        f"CONTRIBUTION__{thread_of('north-probation')}",
    )
    assert police.notice_sk == probation.notice_sk


@pytest.mark.parametrize("of_a_duplicate", ["", "D1a2b3c4d"])
def test_each_police_investigation_is_a_line_of_its_own_whoever_the_reader(of_a_duplicate: str) -> None:
    one, another = (
        DeliveryKey("NS-26-7KQ4ZP", 1, 1, "north-police", Channel.EMAIL, nonce)
        for nonce in (
            nonce_of(Series.POLICE_CASE, of_a_duplicate, thread=thread_of(ref))
            for ref in ("43261124/0917", "43261124/0918")
        )
    )
    assert one.line == f"POLICE_CASE__{thread_of('43261124/0917')}" != another.line
    assert replace(one, nonce=repeat_nonce(one.nonce, "a request")).line == one.line
    assert lane(one.ref, 1, "north-police", one.line) != lane(one.ref, 1, "north-police", another.line)


@pytest.mark.parametrize("series", sorted(set(Series) - {Series.CONTRIBUTION}))
def test_everybody_hears_the_same_of_any_other_series(series: Series) -> None:
    key = DeliveryKey("NS-26-7KQ4ZP", 1, 1, "north-police", Channel.EMAIL, nonce_of(series))
    assert key.line == series


def test_what_is_only_to_be_heard_until_the_decision_is_what_comes_before_it() -> None:
    assert {Series.ACKNOWLEDGEMENT, Series.CONTRIBUTION} == UNTIL_DECIDED


def test_a_key_tells_an_update_from_a_decision() -> None:
    decision = DeliveryKey("NS-26-7KQ4ZP", 1, 1, "north-police", Channel.WEBHOOK)
    update = DeliveryKey("NS-26-7KQ4ZP", 1, 1, "north-police", Channel.WEBHOOK, nonce_of(Series.PLAN))
    assert (decision.series, update.series) == (None, Series.PLAN)
    assert (is_update(decision.sk), is_update(update.sk)) == (False, True)
    assert not is_update("TASK#CALL_UNTOLD#01#north-police#UPLAN")


def test_an_update_never_waits_in_a_decisions_lane_nor_in_another_series() -> None:
    lanes = [lane("NS-26-7KQ4ZP", 1, "north-police", series) for series in (None, *Series)]
    assert len(set(lanes)) == len(lanes)


THREAD = thread_of("CH-2026-0117")
CHALLENGE = f"CHALLENGE__{THREAD}"


@pytest.mark.parametrize(
    ("nonce", "series", "line"),
    [
        ("", None, None),
        ("D1a2b3c4d", None, None),
        ("UPLAN", Series.PLAN, "PLAN"),
        ("UPLAN.D1a2b3c4d", Series.PLAN, "PLAN"),
        ("UPLAN+S5e6f7a8b", Series.PLAN, "PLAN"),
        ("UPOLICE_CASE", Series.POLICE_CASE, "POLICE_CASE"),
        (f"U{CHALLENGE}", Series.CHALLENGE, CHALLENGE),
        (f"U{CHALLENGE}.D1a2b3c4d+S5e6f7a8b", Series.CHALLENGE, CHALLENGE),
    ],
)
def test_a_nonce_says_its_series_and_its_line(nonce: str, series: Series | None, line: str | None) -> None:
    assert (series_of(nonce), line_of(nonce, "north-police")) == (series, line)


def test_a_nonce_is_made_of_what_it_says() -> None:
    assert nonce_of(Series.PLAN) == "UPLAN"
    assert nonce_of(Series.CHALLENGE, "D1a2b3c4d", thread=THREAD) == f"U{CHALLENGE}.D1a2b3c4d"


def test_a_series_that_no_release_knows_is_none() -> None:
    with pytest.raises(ValueError, match="NONSENSE"):
        series_of("UNONSENSE__1a2b3c4d")


def test_two_matters_have_two_lines_and_neither_names_its_matter() -> None:
    other = thread_of("CH-2026-0118")
    assert line_in(Series.CHALLENGE, THREAD) != line_in(Series.CHALLENGE, other)
    assert "0117" not in line_in(Series.CHALLENGE, THREAD)
    assert line_in(Series.CHALLENGE) == "CHALLENGE"


@pytest.mark.parametrize(
    ("line", "series"),
    [("PLAN", Series.PLAN), (CHALLENGE, Series.CHALLENGE), ("NS-26-D0PL1C#01", None), ("", None)],
)
def test_what_a_call_is_about_says_its_series_if_it_is_a_line(line: str, series: Series | None) -> None:
    assert series_of_line(line) is series


NEVER_BY_ANOTHER = sorted(set(Series) - {*UNTIL_DECIDED, Series.RA_REMINDER})


@pytest.mark.parametrize("line", [None, *Series, CHALLENGE])
def test_a_message_gives_way_to_a_newer_one_of_its_line_and_to_none_that_is_older(line: str | None) -> None:
    assert gives_way(line, 1, to=line, newest=2)
    assert not gives_way(line, 2, to=line, newest=2)
    assert not gives_way(line, 3, to=line, newest=2)


@pytest.mark.parametrize("series", Series)
def test_what_is_to_be_heard_until_then_gives_way_to_the_decision_whatever_its_number(series: Series) -> None:
    assert gives_way(series, 7, to=None, newest=1) is (series in UNTIL_DECIDED)


@pytest.mark.parametrize("series", sorted(UNTIL_DECIDED))
def test_only_the_acknowledgement_stands_while_whoever_referred_waits_for_the_outcome(series: Series) -> None:
    stands = series is Series.ACKNOWLEDGEMENT
    assert gives_way(series, 7, to=None, newest=1, referrer_waits="north-police") is not stands
    assert outlives_decisions(series, referrer_waits="north-police") is stands
    assert not outlives_decisions(series)
    told = {"dver": 1, REFERRER_WAITS: "north-police"}
    assert replaced_by(series, 7, told) == (None if stands else Replacement(None, 1))
    assert replaced_by(series, 7, told | {newest_in(series): 8}) == Replacement(series, 8)
    assert replaced_by(series, 7, told | {REFERRER_WAITS: ""}) == Replacement(None, 1)


@pytest.mark.parametrize("series", sorted(set(Series) - {Series.RA_STATUS}))
def test_a_reminder_alone_gives_way_to_word_that_the_form_is_settled(series: Series) -> None:
    assert gives_way(series, 7, to=Series.RA_STATUS, newest=1) is (series is Series.RA_REMINDER)


@pytest.mark.parametrize("series", NEVER_BY_ANOTHER)
def test_any_other_waits_for_its_own_kind_alone(series: Series) -> None:
    assert replaced_by(series, 1, {"dver": 3, FORM_SETTLED: 2, newest_in(series): 1}) is None


def test_what_took_a_messages_place_says_of_which_series_it_is() -> None:
    assert replaced_by(None, 1, {"dver": 2}) == Replacement(None, 2)
    assert replaced_by(CHALLENGE, 1, {newest_in(CHALLENGE): 4}) == Replacement(Series.CHALLENGE, 4)
    assert replaced_by(Series.CONTRIBUTION, 1, {"dver": 2}) == Replacement(None, 2)
    assert replaced_by(Series.RA_REMINDER, 1, {FORM_SETTLED: 2}) == Replacement(Series.RA_STATUS, 2)


def test_a_child_has_a_newest_number_for_each() -> None:
    assert newest_in(None) == "dver"
    assert newest_in(CHALLENGE) == f"newest_{CHALLENGE}"


def test_each_matter_that_a_child_was_heard_of_in_counts_once() -> None:
    one, another = thread_of("43261124/0917"), thread_of("")
    child = {
        "dver": 3,
        newest_in(Series.POLICE_CASE): 2,
        newest_in(line_in(Series.POLICE_CASE, one)): 2,
        moment_of(line_in(Series.POLICE_CASE, one)): "2026-11-24T15:02:00.000Z",
        moment_of(line_in(Series.POLICE_CASE, another)): "2026-11-24T15:02:00.000Z",
        newest_in(line_in(Series.CHALLENGE, one)): 1,
    }
    assert matters_in(Series.POLICE_CASE, child) == {one, another}
    assert matters_in(Series.CHALLENGE, child) == {one}
    assert matters_in(Series.CONTRIBUTION, child) == frozenset()


@pytest.mark.parametrize("series", Series)
def test_no_series_reads_as_another_ones_matter(series: Series) -> None:
    assert "__" not in series
    assert series_of(nonce_of(series, thread=THREAD)) is series


@pytest.mark.parametrize(
    ("child", "line", "number", "expected"),
    [
        ({"dver": 2, "withdrawn": 2}, None, 1, True),
        ({"dver": 2, "withdrawn": 2}, None, 2, True),
        ({"dver": 2, "withdrawn": 2}, None, 3, False),
        ({"dver": 2, "withdrawn": 2}, "WITHDRAWAL", 1, False),
        ({"dver": 2}, None, 1, False),
    ],
)
def test_a_withdrawal_is_of_decisions_up_to_that_version(
    child: dict[str, int], line: str | None, number: int, *, expected: bool
) -> None:
    assert is_withdrawn(child, line, number) is expected
