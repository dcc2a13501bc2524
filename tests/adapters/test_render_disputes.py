"""Messages about disputed decisions rendered: whole against their goldens, and what is in no byte of them."""

import json
import re
from itertools import product
from typing import Final

import pytest

from functions.adapters.render import render_email
from functions.adapters.webhook import webhook_body
from functions.domain.wording.outcomes import LABELS
from functions.domain.wording.police_form import SENTENCES
from schemas.codes import ChallengeResult, Channel, Outcome, RaStatus, Series
from schemas.notice import FrozenUpdate, Pins
from tests.adapters.drafts_of_disputes import (
    CHALLENGER,
    DRAFTS,
    GOLDEN,
    READERS,
    an_update,
    in_files,
    pins_of,
)
from tests.notices import A_TOKEN, a_police_check

FILES: Final = in_files()
RESULTS: Final = (None, *ChallengeResult)
each_reader = pytest.mark.parametrize("reader", READERS)


def disputes(reader: str, status: RaStatus = RaStatus.COMPLETE) -> list[tuple[FrozenUpdate, Pins]]:
    """Everything that a challenge and a withdrawal can say to this reader."""
    form = a_police_check(status)
    challenges = [
        an_update(
            Series.CHALLENGE,
            facts={
                "challenge_stage": stage,
                "challenged_by": CHALLENGER,
                "challenge_result": result,
                "changed_already": changed,
            },
            police_form=form,
        )
        for stage, result, changed in product((1, 2, 4), RESULTS, (True, False))
    ]
    withdrawal = an_update(Series.WITHDRAWAL, police_form=form)
    return [
        *((update, pins_of(Series.CHALLENGE, reader)) for update in challenges),
        (withdrawal, pins_of(Series.WITHDRAWAL, reader)),
    ]


def bytes_of(update: FrozenUpdate, reader: Pins) -> list[str]:
    parts = render_email(update, reader, A_TOKEN)
    posted = webhook_body(update, reader.model_copy(update={"channel": Channel.WEBHOOK}), A_TOKEN)
    return [f"{parts.subject}\n{parts.text}", parts.html, posted.decode()]


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_dispute_reads_whole_as_its_golden(name: str) -> None:
    assert FILES[name] == (GOLDEN / name).read_text(encoding="utf-8")


def test_every_golden_belongs_to_a_message() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == FILES.keys()


@each_reader
def test_every_message_has_the_police_sentence_in_every_form(reader: str) -> None:
    for status in RaStatus:
        for update, pins in disputes(reader, status):
            text, html, posted = bytes_of(update, pins)
            assert SENTENCES[status] in " ".join(text.split())
            assert SENTENCES[status] in html
            assert json.loads(posted)["data"]["police_form"]["sentence"] == SENTENCES[status]


@each_reader
def test_no_byte_names_an_outcome(reader: str) -> None:
    """Whole words: `STR` is in `strict`, and a mailbox may have this where it may have no outcome."""
    labels = {label.lower() for label in LABELS.values()}
    for update, pins in disputes(reader):
        for said in bytes_of(update, pins):
            assert not {str(code) for code in Outcome} & set(re.findall(r"\b[A-Z0-9]{3,4}\b", said))
            assert [label for label in labels if label in said.lower()] == []


def test_only_whoever_challenged_reads_of_a_challenge_of_theirs() -> None:
    for reader in READERS:
        texts = [bytes_of(*dispute)[0] for dispute in disputes(reader)]
        assert any("Your challenge" in text for text in texts) is (reader == "school")


@pytest.mark.parametrize("name", sorted(DRAFTS))
def test_the_text_part_is_narrow_plain_and_marked_at_both_ends(name: str) -> None:
    parts = render_email(*DRAFTS[name], A_TOKEN)
    lines = parts.text.splitlines()
    assert parts.text.isascii()
    assert all(len(line) <= 72 for line in lines if not re.fullmatch(r"https://\S+", line))
    assert (lines[0], lines[-1]) == ("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE")
    assert "\n\n\n" not in parts.text
    assert len(parts.subject) <= 65


def test_no_byte_to_a_duplicates_reader_names_the_other_referral() -> None:
    for update, pins in disputes("duplicates-reader"):
        for seen in bytes_of(update, pins):
            assert update.referral_ref not in seen
            assert "NS-26-0DUPL8" in seen
