"""Which series a message beside decisions belongs to: by its nonce, and by nothing else."""

from dataclasses import replace

import pytest

from functions.adapters.ledger.keys import DeliveryKey, is_update, lane, repeat_nonce
from functions.domain.series import (
    UNTIL_DECIDED,
    investigation,
    is_of_an_update,
    newest_in,
    nonce_of,
    series_of,
)
from schemas.codes import Channel, Series


@pytest.mark.parametrize("series", Series)
@pytest.mark.parametrize("of_a_duplicate", ["", "D1a2b3c4d"])
def test_a_series_is_read_back_from_its_nonce_whoever_the_reader_and_however_often(
    series: Series, of_a_duplicate: str
) -> None:
    nonce = nonce_of(series, of_a_duplicate)
    assert series_of(nonce) is series_of(nonce_of(series, of_a_duplicate, strand="I1a2b3c4d")) is series
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


def test_what_one_agency_is_asked_for_is_counted_apart_from_what_another_is() -> None:
    asked = nonce_of(Series.CONTRIBUTION)
    police, probation = (
        DeliveryKey("NS-26-7KQ4ZP", 1, 1, name, Channel.EMAIL, asked)
        for name in ("north-police", "north-probation")
    )
    assert (police.newest_in, probation.newest_in) == (
        "newest_CONTRIBUTION_north_police",
        "newest_CONTRIBUTION_north_probation",
    )


@pytest.mark.parametrize("of_a_duplicate", ["", "D1a2b3c4d"])
def test_each_police_investigation_is_counted_and_sent_apart_whoever_the_reader(of_a_duplicate: str) -> None:
    one, another, unnamed = (
        DeliveryKey("NS-26-7KQ4ZP", 1, 1, "north-police", Channel.EMAIL, nonce)
        for nonce in (
            nonce_of(Series.POLICE_CASE, of_a_duplicate, strand=investigation(ref))
            for ref in ("43261124/0917", "43261124/0918", None)
        )
    )
    assert len({one.newest_in, another.newest_in, unnamed.newest_in}) == 3
    assert one.strand == investigation("43261124/0917")
    assert replace(one, nonce=repeat_nonce(one.nonce, "a request")).strand == one.strand
    assert lane(one.ref, 1, "north-police", one.series, one.strand) != lane(
        one.ref, 1, "north-police", another.series, another.strand
    )


@pytest.mark.parametrize("series", sorted(set(Series) - {Series.CONTRIBUTION}))
def test_everybody_hears_the_same_of_any_other_series(series: Series) -> None:
    key = DeliveryKey("NS-26-7KQ4ZP", 1, 1, "north-police", Channel.EMAIL, nonce_of(series))
    assert (key.strand, key.newest_in) == ("", f"newest_{series}")


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
