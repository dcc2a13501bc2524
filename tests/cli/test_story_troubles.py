"""What went wrong is plain English: for each code what happened, and what a person does now."""

import re

import pytest

from functions.story.telling import sentence
from functions.story.troubles import PARKED, TRIED, Trouble
from schemas.codes import ErrorWord, ParkReason

MESSAGE = {"pk": "R#NS-26-7KQ4ZP", "agency": "north-police", "child": 1, "dver": 1, "chan": "webhook"}
AT = {"at": "2026-11-24T15:02:31.000Z"}
ALL: dict[str, Trouble] = {str(code): trouble for code, trouble in [*TRIED.items(), *PARKED.items()]}
JARGON = re.compile(r"\blease|dead.letter|\bsha|\bhash|\bTLS\b|\bDNS\b|HTTP|[A-Z]+_[A-Z]+")


@pytest.mark.parametrize("code", [*ErrorWord, *ParkReason])
def test_every_code_says_what_happened_and_what_to_do(code: ErrorWord | ParkReason) -> None:
    trouble = ALL[code]
    assert re.fullmatch(r"[a-z].*[a-z]", trouble.what)
    assert re.fullmatch(r"[A-Z].*\.", trouble.now)
    assert re.search(r"[Cc]all|[Tt]ell|[Aa]sk", trouble.now), "a person is told, whatever is mended"


@pytest.mark.parametrize("code", [*ErrorWord, *ParkReason])
def test_no_code_is_told_in_our_own_jargon(code: ErrorWord | ParkReason) -> None:
    assert not JARGON.search(f"{ALL[code].what} {ALL[code].now}")


def test_no_two_codes_are_told_alike() -> None:
    assert len({trouble.what for trouble in ALL.values()}) == len(ALL)


@pytest.mark.parametrize("code", ErrorWord)
def test_a_try_that_is_not_the_last_says_when_the_next_is_and_asks_nobody(code: ErrorWord) -> None:
    row = MESSAGE | AT | {"type": "ATTEMPT_CLOSED", "result": "FAILED", "error": code.value}
    again = sentence(row | {"next_due_at": "2026-11-25T09:15:00.000Z"})
    assert again.endswith(f": {TRIED[code].what}. Next try on 25 November 2026 at 9:15am.")
    assert sentence(row).endswith(f": {TRIED[code].what}. {TRIED[code].now}")


@pytest.mark.parametrize("code", ParkReason)
def test_what_is_set_aside_says_why_with_the_code_that_the_runbook_has(code: ParkReason) -> None:
    words = sentence(MESSAGE | {"type": "PARKED", "reason": code.value})
    assert words.endswith(f" is set aside for a person: {PARKED[code].what} ({code}). {PARKED[code].now}")
