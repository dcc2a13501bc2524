"""The number that a message shows: the decision's version, or one more than its reader was shown before."""

from datetime import UTC, datetime

import pytest

from functions.domain.shown import shown, to_be_pinned
from schemas.notice import SharedReferral, ToldBefore
from tests.notices import pins

OWN = SharedReferral(
    referral_ref="NS-26-D0PL1C",
    child_index=1,
    decision_seq=3,
    received_at=datetime(2026, 11, 24, 11, 0, tzinfo=UTC),
    knows_original=False,
)


def test_a_message_shows_its_decisions_version() -> None:
    assert shown(2, pins()) == 2


def test_a_duplicates_reader_counts_both_referrals_versions() -> None:
    assert shown(2, pins(duplicate=OWN)) == 4


def test_a_pinned_number_is_what_is_shown() -> None:
    assert shown(2, pins(duplicate=OWN, shown_seq=7)) == 7


@pytest.mark.parametrize(
    ("own", "before", "pinned"), [(None, 1, None), (None, 2, 3), (None, 3, 4), (OWN, 3, None), (OWN, 4, 5)]
)
def test_it_is_pinned_only_where_it_would_not_rise(
    own: SharedReferral | None, before: int, pinned: int | None
) -> None:
    assert to_be_pinned(2, own, ToldBefore(decision_seq=before)) == pinned


def test_nothing_is_pinned_for_a_first_message() -> None:
    assert to_be_pinned(2, OWN, None) is None
