"""What a hub may choose for its console."""

import pytest
from pydantic import ValidationError

from tests.console.office import BRANDING


@pytest.mark.parametrize("colour", ["#ffffff", "#f46a25", "#0A0A0A", "green"])
def test_a_colour_on_which_white_words_cannot_be_read_is_refused(colour: str) -> None:
    with pytest.raises(ValidationError):
        type(BRANDING).model_validate({**BRANDING.model_dump(), "colour": colour})


@pytest.mark.parametrize("colour", ["#00594f", "#000000", "#12436d"])
def test_a_dark_colour_is_taken(colour: str) -> None:
    assert type(BRANDING).model_validate({**BRANDING.model_dump(), "colour": colour}).colour == colour
