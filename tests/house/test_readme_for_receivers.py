"""What the README tells receivers of webhooks is what the code does: its figures and its answers."""

import re
import tomllib
from datetime import timedelta
from itertools import accumulate

import pytest

from functions.adapters.webhook import CONNECT_SECONDS, TARGETS
from functions.domain.backoff import LONGEST_HINT
from functions.domain.delivery import REFUSING, SEND_DEADLINE
from functions.domain.endpoint import COOLDOWN, FAILED_IN_A_ROW, FEWEST_IN_WINDOW, SLOTS, WINDOW
from schemas.clocks import ClockPolicy
from schemas.endpoint_events import EndpointTestEvent
from schemas.outcome import OutcomeEvent, ToldDecision
from schemas.update import ToldNews, UpdateData, UpdateEvent
from tests.house.tree import ROOT

STAGE = tomllib.loads((ROOT / "infra/config/demo.toml").read_text(encoding="utf-8"))
IN_WORDS = {2: "two", 5: "five", 10: "ten"}


@pytest.fixture(scope="module")
def section() -> str:
    """In one line: where a line ends is nobody's promise."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return " ".join(readme.partition("## Receive outcomes")[2].partition("\n## ")[0].split())


def row(section: str, answer: str) -> str:
    """What the table says of one answer."""
    return section.partition(f"| {answer} | ")[2].partition(" |")[0]


def whole(number: float) -> int:
    assert number == int(number)
    return int(number)


def test_how_long_a_receiver_has_and_where_it_stands(section: str) -> None:
    seconds = whole(SEND_DEADLINE.total_seconds())
    (port,), (scheme,) = TARGETS.allowed_ports, TARGETS.allowed_schemes
    assert (
        f"You have {seconds} s for all of it, {CONNECT_SECONDS} s of them to connect: "
        f"{scheme} on port {port} of a public address, and at most {SLOTS} posts at once." in section
    )


def test_how_often_it_is_tried(section: str) -> None:
    steps = STAGE["retry_steps"]
    hours, minutes = divmod(sum(steps) // 60, 60)
    assert f"{len(steps)} attempts in {hours} h {minutes} m" in row(
        section, "429, 5xx, any other 4xx, nothing in time"
    )


def test_how_much_of_a_hint_is_heeded_and_where_else_the_readme_says_so(section: str) -> None:
    hours = whole(LONGEST_HINT / timedelta(hours=1))
    hint = row(section, "any of these with `Retry-After`, seconds or a date")
    assert f"at most {hours} hours at a time" in hint
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"not before the receiver's own Retry-After, up to {hours} hours of it" in readme


def test_which_answers_pause_an_endpoint_and_when(section: str) -> None:
    at_once = 410
    later = ", ".join(str(int(status)) for status in sorted(REFUSING - {at_once}))
    *first, last = (seconds // 60 for seconds in accumulate(STAGE["refused_steps"]))
    tried = row(section, f"{later}, bad TLS")
    assert f"tried at {', '.join(map(str, first))} and {last} minutes; after the third" in tried
    assert "nothing is posted until a person resumes it" in row(section, str(at_once))


def test_when_it_rests_and_when_an_email_takes_its_place(section: str) -> None:
    rest, window = (whole(span / timedelta(minutes=1)) for span in (COOLDOWN, WINDOW))
    failing = (
        f"{IN_WORDS[FAILED_IN_A_ROW]} failures in a row, "
        f"or over half of {IN_WORDS[FEWEST_IN_WINDOW]} or more in {IN_WORDS[window]} minutes"
    )
    assert f"{IN_WORDS[rest]} minutes of rest" in row(section, failing)
    assert f"after {ClockPolicy().fallback_after_seconds // 60} minutes of failure an e-mail" in section


def test_both_types_of_event_are_named_with_what_orders_them(section: str) -> None:
    outcome, update = (model.model_fields["type"].default for model in (OutcomeEvent, UpdateEvent))
    assert f"of the type `{outcome}`" in section
    assert f"[`{update}`](schemas/published/update.schema.json)" in section
    for model, field in (
        (ToldDecision, "decision_seq"),
        (ToldNews, "number"),
        (ToldNews, "series"),
        (ToldNews, "thread"),
    ):
        assert field in model.model_fields
    assert "Ignore a lower `decision_seq` for the same referral and child." in section
    same = "the same `series`, `thread`, referral and child"
    assert f"Ignore a lower `number` of {same}, and none of another `thread`" in section


def test_what_a_receiver_of_updates_reads_is_in_what_is_sent(section: str) -> None:
    said = section.partition("**Beside the outcomes**")[2].partition(" * **")[0]
    named = set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)?)`", said))
    fields = {f"news.{name}" for name in ToldNews.model_fields} | set(ToldNews.model_fields)
    assert named <= fields | set(UpdateData.model_fields)
    assert {"news", "news.series", "number", "text", "said_instead"} <= named


def test_which_name_asks_and_what_a_version_is_called(section: str) -> None:
    publisher = STAGE["hub"]["publisher_url"].removeprefix("https://")
    assert f"`WebHook-Request-Origin: {publisher}`" in section
    test_event, outcome = (model.model_fields["type"].default for model in (EndpointTestEvent, OutcomeEvent))
    assert f"[`{test_event}`]" in section
    update = UpdateEvent.model_fields["type"].default
    assert all(f"`{name.removesuffix('1')}2`" in section for name in (outcome, update))
