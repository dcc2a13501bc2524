"""The rendered e-mail: whole against its goldens, escaped, narrow, accessible and the same at every try."""

import hashlib
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import product
from typing import Final

import pytest

from functions.adapters.render import UnknownTemplateError, body_sha256, render_email, template_sha256
from functions.domain.entitlement import Standing, entitlement
from functions.domain.wording.outcomes import FIXED
from functions.domain.wording.police_form import SENTENCES
from schemas.codes import AgencyType, Level, NoticeReason, Outcome, RaStatus, Role, SupportCode
from tests.adapters.drafts import DRAFTS, GOLDEN, as_read
from tests.notices import a_hub_contact, a_notice, a_police_check, pins

TOLD: Final = tuple(outcome for outcome in Outcome if outcome is not Outcome.DUP)
LINK: Final = re.compile(r"https://\S+")


class Page(HTMLParser):
    """The tags, attributes and words of an HTML part, as a reader of any mail client gets them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def on_one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", sorted(DRAFTS))
def test_a_draft_reads_whole_as_agreed(name: str) -> None:
    expected = (GOLDEN / f"{name}.email.txt").read_text(encoding="utf-8")
    assert as_read(render_email(*DRAFTS[name])) == expected


def test_every_golden_belongs_to_a_draft() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}.email.txt" for name in DRAFTS}


@pytest.mark.parametrize(("outcome", "level", "status"), list(product(TOLD, (1, 2, 3), RaStatus)))
def test_the_bytes_of_both_parts_contain_the_police_sentence(
    outcome: Outcome, level: int, status: RaStatus
) -> None:
    notice = a_notice(outcome=outcome, police_form=a_police_check(status))
    reasons = (None, *NoticeReason) if level == 1 else (None,)
    for agency_type, role, reason in product((AgencyType.POLICE, AgencyType.GP), Role, reasons):
        parts = render_email(
            notice, pins(agency_type=agency_type, role=role, level=Level(level), notice_reason=reason)
        )
        assert SENTENCES[status].encode() in parts.html.encode()
        assert SENTENCES[status] in on_one_line(parts.text)


@pytest.mark.parametrize("outcome", sorted(FIXED))
@pytest.mark.parametrize("managed", [True, False])
def test_the_fixed_sentence_reaches_those_entitled_to_it_and_nobody_else(
    outcome: Outcome, *, managed: bool
) -> None:
    entitled = entitlement(
        agency_type=AgencyType.SCHOOL,
        standing=Standing(Role.REFERRER),
        outcomes=(outcome,),
        knows_the_child=True,
        mailbox_managed=managed,
    )
    recipient = pins(
        agency_type=AgencyType.SCHOOL, level=entitled.level, notice_reason=entitled.notice_reason
    )
    text = on_one_line(render_email(a_notice(outcome=outcome), recipient).text)
    assert (FIXED[outcome] in text) == managed
    assert ("because we share it by phone only" in text) != managed


@pytest.mark.parametrize(
    ("status", "colour"),
    [
        (RaStatus.COMPLETE, "#12436d"),
        (RaStatus.NOT_REQUIRED, "#12436d"),
        (RaStatus.INCORRECT, "#ca3535"),
        (RaStatus.ABSENT, "#ca3535"),
        (RaStatus.UNKNOWN, "#ca3535"),
    ],
)
def test_what_does_not_count_as_complete_has_the_warning_bar(status: RaStatus, colour: str) -> None:
    html = render_email(a_notice(police_form=a_police_check(status)), pins()).html
    assert f"border-left:8px solid {colour};" in html


@pytest.mark.parametrize("name", sorted(DRAFTS))
def test_the_text_part_is_narrow_plain_and_marked_at_both_ends(name: str) -> None:
    text = render_email(*DRAFTS[name]).text
    assert text.isascii()
    assert "\r" not in text
    assert all(len(line) <= 72 for line in text.splitlines() if not LINK.fullmatch(line))
    assert all(line == line.rstrip() for line in text.splitlines())
    assert "\n\n\n" not in text
    assert text.startswith("OFFICIAL-SENSITIVE\n")
    assert text.endswith("\nOFFICIAL-SENSITIVE\n")


def test_a_phone_number_is_not_broken_over_two_lines() -> None:
    hours = "Monday to Thursday and every Friday, 8am to 5pm"
    for width in range(10, len(hours)):  # moves the number across the margin, a column at a time
        contact = a_hub_contact(duty_hours=hours[:width].strip())
        assert "01632 960 999" in render_email(a_notice(contact=contact), pins()).text


@pytest.mark.parametrize("name", sorted(DRAFTS))
def test_the_html_says_what_the_text_says_in_the_same_order(name: str) -> None:
    parts = render_email(*DRAFTS[name])
    letters = re.compile(r"[^a-z0-9]+")
    from_text = letters.sub("", parts.text.lower())
    body = parts.html.partition("A message about a referral. Open it to read more.")[2]
    from_html = letters.sub("", "".join(Page(body).words).lower()).replace("northshiremash", "", 1)
    assert from_html == from_text


@pytest.mark.parametrize("name", sorted(DRAFTS))
def test_the_html_needs_no_image_no_script_and_nothing_remote(name: str) -> None:
    page = Page(render_email(*DRAFTS[name]).html)
    assert not {"img", "script", "style", "link", "iframe", "table", "form", "svg"} & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name in {"src", "srcset", "background"}]
    assert not [value for _, name, value in page.attributes if name == "style" and "url(" in (value or "")]
    assert ("html", "lang", "en-GB") in page.attributes
    assert page.tags.count("h1") == 1
    links = [value for tag, name, value in page.attributes if (tag, name) == ("a", "href")]
    assert links == ["https://safeguarding.northshire.example/disagree"]


def test_hostile_values_stay_words_and_never_become_markup() -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x>&"
    plain = pins(own_ref=hostile)
    contact = a_hub_contact().model_copy(update={"hub_name": hostile, "duty_hours": hostile})
    parts = render_email(a_notice(contact=contact), plain)
    page = Page(parts.html)
    assert not {"script", "img"} & set(page.tags)
    assert parts.html.count("&lt;script&gt;") == 4  # header, own reference, duty hours, footer
    assert hostile in parts.text


def test_a_hostile_own_reference_cannot_write_a_line_of_its_own() -> None:
    text = render_email(a_notice(), pins(own_ref="A1\nWHAT HAPPENS NEXT\n- Do nothing.")).text
    assert text.count("\nWHAT HAPPENS NEXT\n") == 1


def test_a_hub_value_with_markup_is_refused_before_it_is_frozen() -> None:
    with pytest.raises(ValueError, match="hub_name"):
        a_hub_contact(hub_name="<b>Northshire</b>")


def test_the_same_notice_and_pins_give_the_same_bytes() -> None:
    first, second = (render_email(*DRAFTS["joint-enquiry-probation-form-absent"]) for _ in range(2))
    assert first == second
    assert body_sha256(first) == body_sha256(second)


def test_the_hash_is_what_a_mail_sink_recomputes() -> None:
    parts = render_email(a_notice(), pins())
    seen = b"".join(part.encode() + b"\0" for part in (parts.subject, parts.text, parts.html))
    assert body_sha256(parts) == hashlib.sha256(seen).hexdigest()


@pytest.mark.parametrize(
    "other",
    [
        pins(own_ref="43261124/0918"),
        pins(level=Level.OUTCOME),
        pins(role=Role.INVOLVED),
        pins(message_id="msg_" + "0" * 32),
    ],
)
def test_another_pin_gives_other_bytes(other: object) -> None:
    notice = a_notice(support_codes=(SupportCode.PARENT_MH,))
    assert body_sha256(render_email(notice, other)) != body_sha256(render_email(notice, pins()))  # type: ignore[arg-type]


@pytest.mark.parametrize("version", ["999", "../1", "", "1/..", "\N{SUPERSCRIPT ONE}"])
def test_an_unknown_template_version_is_refused_never_replaced_by_todays(version: str) -> None:
    with pytest.raises(UnknownTemplateError):
        render_email(a_notice(), pins(template_version=version))
    with pytest.raises(UnknownTemplateError):
        template_sha256(version)


def test_the_webhook_is_rendered_without_the_template_engine() -> None:
    program = "import sys; import functions.adapters.payload; sys.exit('jinja2' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
