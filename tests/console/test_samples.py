"""The samples leave nothing out: each model is shown by one, and each page's title is its own."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from functions.console import shown
from functions.console.shown.referral import Seal, SealBadge
from tests.console.samples.all import SAMPLES

GOES_IN = {"Count", "Share"}
"""What a chart is drawn from, and no part of it."""


def models() -> set[str]:
    """Every dataclass that the package defines, but those that others are made of."""
    modules = (
        importlib.import_module(f"{shown.__name__}.{one.name}")
        for one in pkgutil.iter_modules(shown.__path__)
    )
    return {
        f"{one.__module__}.{one.__name__}"
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and is_dataclass(one) and one.__name__ not in GOES_IN
        if not one.__subclasses__()
    }


def within(value: object) -> Iterator[object]:
    """`value` and everything in it."""
    yield value
    if is_dataclass(value):
        for one in fields(value):
            yield from within(getattr(value, one.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from within(item)


def test_every_model_is_shown_by_a_sample() -> None:
    found = [part for sample in SAMPLES for whole in (sample.frame, sample.page) for part in within(whole)]
    assert models() == {
        f"{type(part).__module__}.{type(part).__name__}" for part in found if is_dataclass(part)
    }
    assert {part.seal for part in found if isinstance(part, SealBadge)} == set(Seal)


def test_every_sample_has_a_name_of_its_own() -> None:
    assert len({sample.name for sample in SAMPLES}) == len(SAMPLES)


def test_a_title_says_that_something_is_wrong_where_something_is() -> None:
    for sample in SAMPLES:
        assert ("<title>Error: " in sample.html) == ("govuk-error-summary" in sample.html), sample.name


def test_a_page_has_one_heading_of_the_first_rank() -> None:
    assert not [sample.name for sample in SAMPLES if sample.html.count("<h1") != 1]
