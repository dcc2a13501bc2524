"""What people type as a day or a time."""

from datetime import time

import pytest

from functions.console.narrowing import time_asked


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("9:05", time(9, 5)),
        ("09.05", time(9, 5)),
        ("14.30", time(14, 30)),
        ("00:00", time(0)),
        ("23:59:58", time(23, 59, 58)),
        ("14.30.05", time(14, 30, 5)),
    ],
)
def test_a_time_is_read_in_every_usual_spelling(text: str, means: time) -> None:
    assert time_asked(text) == means


@pytest.mark.parametrize("text", ["", "14", "1430", "24:00", "9:5", "14:60", "14:30Z", "2.30pm", "١٤:٣٠"])
def test_what_could_mean_another_time_is_none(text: str) -> None:
    assert time_asked(text) is None
