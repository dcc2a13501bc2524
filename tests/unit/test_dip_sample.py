"""The draw of the monthly dip-sample: by chance, the same for whoever repeats it, and of the right forms."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.dip_sample import CompleteForm, complete_in, drawn

HUB, MONTH, REF = "Northshire MASH", "2026-10", "NS-26-7KQ4ZP"
FORMS = [CompleteForm(f"NS-26-{number:06d}", 1, 1) for number in range(40)]
ANY = st.lists(
    st.builds(
        CompleteForm, st.sampled_from([one.referral_ref for one in FORMS]), st.integers(1, 3), st.just(1)
    ),
    max_size=30,
)


def check(at: str, *, child: int = 1, version: int = 1, ra: str = "COMPLETE") -> dict[str, Any]:
    return {"type": "RA_CHECK", "at": at, "child": child, "form_version": version, "ra": ra}


def found(*rows: dict[str, Any]) -> list[CompleteForm]:
    return list(complete_in(MONTH, REF, rows))


@given(forms=ANY, size=st.integers(0, 40), order=st.randoms(use_true_random=False))
def test_the_same_list_gives_the_same_forms_in_whatever_order_it_was_read(
    forms: list[CompleteForm], size: int, order: Any
) -> None:
    shuffled = forms.copy()
    order.shuffle(shuffled)
    first = drawn(forms, MONTH, HUB, size)
    assert drawn(shuffled, MONTH, HUB, size) == first
    assert len(first) == len(set(first)) == min(size, len(set(forms)))
    assert set(first) <= set(forms)
    assert drawn(forms, MONTH, HUB, size + 1)[:size] == first


@pytest.mark.parametrize(
    ("forms", "month", "hub"),
    [(FORMS, "2026-11", HUB), (FORMS, MONTH, "Southshire MASH"), (FORMS[1:], MONTH, HUB)],
)
def test_another_month_hub_or_list_is_another_draw(forms: list[CompleteForm], month: str, hub: str) -> None:
    assert drawn(forms, month, hub, 10) != drawn(FORMS, MONTH, HUB, 10)


def test_each_form_is_drawn_as_often_as_any_other() -> None:
    times = dict.fromkeys(FORMS, 0)
    for number in range(400):
        for form in drawn(FORMS, MONTH, f"hub {number}", 10):
            times[form] += 1
    assert all(60 < count < 140 for count in times.values()), times


def test_a_form_counts_in_the_month_in_which_it_was_first_seen_to_be_complete() -> None:
    assert found(check("2026-10-31T23:59:00.000Z")) == [CompleteForm(REF, 1, 1)]
    assert found(check("2026-11-01T00:00:00.000Z")) == []
    assert found(check("2026-09-30T23:30:00.000Z")) == [CompleteForm(REF, 1, 1)]  # 1 October in the UK
    assert found(check("2026-09-02T10:00:00.000Z"), check("2026-10-02T10:00:00.000Z")) == []


def test_a_form_that_is_not_complete_does_not_count_nor_does_another_row() -> None:
    october = "2026-10-02T10:00:00.000Z"
    assert found(check(october, ra="INCORRECT"), {"type": "DECISION", "at": october}) == []


def test_of_two_versions_the_newest_counts_and_each_child_has_its_own() -> None:
    october = "2026-10-02T10:00:00.000Z"
    rows = (check(october, version=2), check(october), check(october, child=2))
    assert found(*rows) == [CompleteForm(REF, 1, 2), CompleteForm(REF, 2, 1)]
