"""The e-mails beside the decisions: whole against their goldens, narrow, accessible, with the police check on
each."""

import json
import re
from datetime import UTC, datetime
from itertools import product
from typing import Any, Final

import pytest

from functions.adapters.render import render_email
from functions.adapters.webhook import webhook_body
from functions.domain.wording.police_form import SENTENCES
from schemas.codes import AgencyType, Level, NoticeReason, RaStatus, Role, Series
from schemas.notice import Pins
from tests.adapters.drafts import as_read
from tests.adapters.test_render import LINK, Page, on_one_line
from tests.adapters.update_drafts import AUDIENCES, DRAFTS, GOLDEN, to
from tests.notices import A_READ_LINK, A_TOKEN, a_duplicate, a_police_check, an_update

BEFORE_A_DECISION: Final = (Series.ACKNOWLEDGEMENT, Series.CONTRIBUTION)
SUFFIXES: Final = {"update on your referral", "update on a referral", "action needed"}
each_draft = pytest.mark.parametrize("name", sorted(DRAFTS))


def text_of(name: str) -> str:
    return render_email(*DRAFTS[name], A_TOKEN).text


@each_draft
def test_a_draft_reads_whole_as_agreed(name: str) -> None:
    expected = (GOLDEN / f"{name}.email.txt").read_text(encoding="utf-8")
    assert as_read(render_email(*DRAFTS[name], A_TOKEN)) == expected


def test_every_golden_belongs_to_a_draft() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}.email.txt" for name in DRAFTS}


def test_the_goldens_show_every_status_of_the_police_form() -> None:
    assert {status for _, status in AUDIENCES.values()} == set(RaStatus)


def readers(series: Series, agency_type: AgencyType) -> list[Pins]:
    """In full and by notice, as the one who referred or one who is involved, of one's own or another's
    referral."""
    notice: dict[str, Any] = {"level": Level.NOTICE, "notice_reason": NoticeReason.PHONE_ONLY}
    full: dict[str, Any] = {"level": Level.OUTCOME, "notice_reason": None}
    return [
        to(series, agency_type, role=role, duplicate=duplicate, **level)
        for role, level, duplicate in product(Role, (notice, full), (None, a_duplicate()))
    ]


@pytest.mark.parametrize("series", BEFORE_A_DECISION)
@pytest.mark.parametrize("agency_type", AUDIENCES)
def test_every_message_has_the_police_sentence_and_a_subject_that_says_nothing(
    series: Series, agency_type: AgencyType
) -> None:
    for status, recipient in product(RaStatus, readers(series, agency_type)):
        update = an_update(series, police_form=a_police_check(status))
        parts = render_email(update, recipient, A_TOKEN)
        assert SENTENCES[status] in on_one_line(parts.text)
        assert SENTENCES[status] in parts.html
        assert SENTENCES[status].encode() in webhook_body(update, recipient, A_TOKEN)
        marking, _, rest = parts.subject.partition(": ")
        assert (marking, rest.partition(" - ")[2] in SUFFIXES) == ("OFFICIAL-SENSITIVE", True)
        assert parts.subject.isascii()
        assert len(parts.subject) <= 65
        assert not [line for line in parts.text.splitlines() if len(line) > 72 and not LINK.fullmatch(line)]


@each_draft
def test_the_text_part_is_plain_and_marked_at_both_ends(name: str) -> None:
    text = text_of(name)
    assert text.isascii()
    assert all(line == line.rstrip() for line in text.splitlines())
    assert "\n\n\n" not in text
    assert text.startswith("OFFICIAL-SENSITIVE\n")
    assert text.endswith("\nOFFICIAL-SENSITIVE\n")


@each_draft
def test_the_html_says_what_the_text_says_in_the_same_order(name: str) -> None:
    parts = render_email(*DRAFTS[name], A_TOKEN)
    letters = re.compile(r"[^a-z0-9]+")
    body = parts.html.partition("A message about a referral. Open it to read more.")[2]
    from_html = letters.sub("", "".join(Page(body).words).lower()).replace("northshiremash", "", 1)
    assert from_html == letters.sub("", parts.text.lower())


@each_draft
def test_the_html_needs_no_image_no_script_and_nothing_remote(name: str) -> None:
    page = Page(render_email(*DRAFTS[name], A_TOKEN).html)
    assert not {"img", "script", "style", "link", "iframe", "table", "form", "svg"} & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name in {"src", "srcset", "background"}]
    assert ("html", "lang", "en-GB") in page.attributes
    assert page.tags.count("h1") == 1
    links = [value for tag, name, value in page.attributes if (tag, name) == ("a", "href")]
    assert links == [A_READ_LINK, A_READ_LINK], "nothing is decided that anybody could disagree with"


@pytest.mark.parametrize("agency_type", AUDIENCES)
def test_a_request_says_first_by_when_an_answer_is_wanted(agency_type: AgencyType) -> None:
    """A reader on a telephone sees the heading and the first lines."""
    for recipient in readers(Series.CONTRIBUTION, agency_type):
        text = on_one_line(render_email(an_update(Series.CONTRIBUTION), recipient, A_TOKEN).text)
        assert "by 24 November 2026 at 1:40pm" in text
        if recipient.level > Level.NOTICE:
            assert text.index("Please call us by 24 November 2026 at 1:40pm.") < text.index("POLICE RISK")


def test_what_waits_for_nothing_names_no_time_in_a_notice() -> None:
    notice = to(Series.ENQUIRY, AgencyType.GP, level=Level.NOTICE, notice_reason=NoticeReason.PHONE_ONLY)
    update = an_update(Series.ENQUIRY, facts={"due_at": datetime(2026, 11, 24, 13, 40, tzinfo=UTC)})
    assert "1:40pm" not in render_email(update, notice, A_TOKEN).text


def test_a_notice_of_a_request_says_nothing_of_it() -> None:
    """But for the time by which somebody must ring."""
    series = Series.CONTRIBUTION
    notice = to(series, AgencyType.GP, level=Level.NOTICE, notice_reason=NoticeReason.PHONE_ONLY)
    text = on_one_line(render_email(an_update(series), notice, A_TOKEN).text)
    assert "There is news about" in text
    assert "It dates from 24 November 2026 at 10:00am. We are not putting it in this email" in text
    assert not re.search("what you know|have your referral|looking at it", text, re.IGNORECASE)


@pytest.mark.parametrize("series", BEFORE_A_DECISION)
def test_no_byte_of_a_duplicates_message_names_the_other_referral(series: Series) -> None:
    recipient = to(series, AgencyType.SCHOOL, duplicate=a_duplicate())
    update = an_update(series)
    parts = render_email(update, recipient, A_TOKEN)
    for seen in (parts.subject, parts.text, parts.html, webhook_body(update, recipient, None).decode()):
        assert update.referral_ref not in seen
        assert "NS-26-0DUPL8" in seen


def test_what_is_about_no_child_counts_none() -> None:
    body = json.loads(
        webhook_body(an_update(child_index=0), to(Series.ACKNOWLEDGEMENT, AgencyType.PROBATION), None)
    )
    assert body["data"]["child_index"] is None


def test_moments_are_the_uks() -> None:
    summer = {"due_at": datetime(2026, 7, 1, 13, 40, tzinfo=UTC)}
    update = an_update(Series.CONTRIBUTION, facts=summer)
    text = on_one_line(render_email(update, to(Series.CONTRIBUTION, AgencyType.GP), A_TOKEN).text)
    assert "by 1 July 2026 at 2:40pm" in text
