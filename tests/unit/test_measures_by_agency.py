"""What each agency was sent and what reached it: by the rows alone, day by day, and in no data set."""

from datetime import UTC, date, datetime

import pytest

from functions.domain.measures.by_agency import (
    BY_AGENCY,
    REACHED_AGENCY,
    REACHED_AGENCY_ON,
    TO_AGENCY,
    Deliveries,
    cells_by_agency,
    deliveries,
)
from functions.domain.measures.counts import Cell, Counts, counted, day_of
from functions.domain.measures.facts import Sent
from functions.domain.measures.published import published

MONDAY, TUESDAY = datetime(2026, 11, 23, 16, tzinfo=UTC), datetime(2026, 11, 24, 8, tzinfo=UTC)
SENT = (
    Sent(MONDAY, failed=True, agency_id="north-police", told_at=TUESDAY),
    Sent(MONDAY, failed=False, agency_id="north-police", told_at=None),
    Sent(TUESDAY, failed=False, agency_id="north-probation", told_at=TUESDAY),
)


def of(*sent: Sent) -> Counts:
    return Counts(counted(cells_by_agency(sent, day_of)))


def test_a_message_counts_on_the_day_from_which_it_was_free_and_on_the_one_when_it_arrived() -> None:
    assert of(SENT[0]).cells == {
        Cell("2026-11-23", TO_AGENCY, "north-police"): 1,
        Cell("2026-11-23", REACHED_AGENCY, "north-police"): 1,
        Cell("2026-11-24", REACHED_AGENCY_ON, "north-police"): 1,
    }
    assert of(SENT[1]).cells == {Cell("2026-11-23", TO_AGENCY, "north-police"): 1}


def test_an_agencys_deliveries_are_those_of_the_days_asked_for() -> None:
    both = [date(2026, 11, 23), date(2026, 11, 24)]
    assert deliveries(of(*SENT), both) == {
        "north-police": Deliveries(1, 2, date(2026, 11, 24)),
        "north-probation": Deliveries(1, 1, date(2026, 11, 24)),
    }
    assert deliveries(of(*SENT), both[:1]) == {"north-police": Deliveries(1, 2, None)}
    assert deliveries(Counts({Cell("2026-11-24", "decided"): 3}), both) == {}


def test_deliveries_of_several_agencies_add_up_to_the_newest_day() -> None:
    one, other = Deliveries(1, 2, date(2026, 11, 23)), Deliveries(3, 4, date(2026, 11, 24))
    assert one + other == Deliveries(4, 6, date(2026, 11, 24))
    assert Deliveries() + Deliveries() == Deliveries()


def test_no_published_figure_names_an_agency() -> None:
    rows = published(of(*SENT).by_month(), ["2026-11"], "Northshire MASH")
    assert not [row for row in rows if row.name in BY_AGENCY or "north-" in row.dimension]


@pytest.mark.parametrize(("reached", "sent"), [(0, 4), (4, 9), (38, 40), (3, 3)])
def test_a_share_is_small_if_it_is_or_its_rest_or_its_whole(reached: int, sent: int) -> None:
    assert Deliveries(reached, sent).is_small


@pytest.mark.parametrize(("reached", "sent"), [(0, 0), (0, 5), (40, 40), (34, 40), (5, 10)])
def test_a_share_is_not_small_of_which_no_part_is(reached: int, sent: int) -> None:
    assert not Deliveries(reached, sent).is_small
