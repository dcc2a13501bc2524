"""The rendered e-mail: whole against its goldens, escaped, narrow, accessible and the same at every try."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import product
from typing import Any, Final

import pytest

from functions.adapters.payload import render_webhook
from functions.adapters.render import UnknownTemplateError, body_sha256, render_email, template_sha256
from functions.domain.entitlement import Standing, entitlement
from functions.domain.wording.codes import INFO_NEEDED, LEAD_ROLES, REASONS, SUPPORT, WATCH_FOR
from functions.domain.wording.outcomes import FIXED, LABELS, RESPONSE_CHANGES
from functions.domain.wording.police_form import SENTENCES
from schemas.codes import (
    AgencyType,
    InfoNeeded,
    LeadRole,
    Level,
    NextStep,
    NoticeReason,
    Outcome,
    RaStatus,
    ReasonCode,
    ResponseChange,
    Role,
    SupportCode,
    WatchFor,
)
from schemas.notice import FrozenLabels, FrozenNotice, Pins, SupportContact
from tests.adapters.drafts import DRAFTS, GOLDEN, as_read
from tests.notices import (
    A_READ_LINK,
    A_TOKEN,
    a_duplicate,
    a_hub_contact,
    a_notice,
    a_police_check,
    pins,
    revised_pins,
)

TOLD: Final = tuple(outcome for outcome in Outcome if outcome is not Outcome.DUP)
SUFFIXES: Final = {
    "outcome of your referral",
    "outcome of a referral",
    "our decision has changed",
    "there is an outcome",
}
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


AUDIENCES: Final = (
    AgencyType.POLICE,
    AgencyType.PROBATION,
    AgencyType.MIDWIFERY,
    AgencyType.SUBSTANCE_MISUSE,
    AgencyType.GP,
    AgencyType.SCHOOL,
    AgencyType.VOLUNTARY,
    AgencyType.CHILDMINDER,
)
"""One of each row of the matrix, and of each kind that reads something of its own."""


def a_full_notice(**changes: Any) -> FrozenNotice:
    """A notice that carries every code and every label it can: all that a message could let slip."""
    values: dict[str, Any] = {
        "referral_ref": "NS-26-7KQ4ZPABCDEF",
        "reason_codes": tuple(ReasonCode),
        "support_codes": tuple(SupportCode),
        "next_step_codes": tuple(NextStep),
        "watch_for_codes": tuple(WatchFor),
        "info_needed_codes": tuple(InfoNeeded),
        "info_due_at": datetime(2027, 1, 4, 9, tzinfo=UTC),
        "response_change": ResponseChange.STEP_UP,
        "receiving_la": "WEST_MOORSHIRE",
        "transfer_accepted": True,
        "family_contacted": True,
        "leading_agency_id": "north-police",
        "unborn": True,
        "expected_date_of_delivery": date(2027, 2, 3),
        "labels": FrozenLabels(
            outcomes=dict.fromkeys(Outcome, "Our own label"),
            team="Assessment Team 2",
            receiving_la="West Moorshire Council",
            support=dict.fromkeys(SupportCode, SupportContact(name="Our own service", phone="01632 960 120")),
        ),
    }
    return a_notice(**{**values, **changes})


def recipients(agency_type: AgencyType, level: Level, role: Role) -> list[Pins]:
    """The same reader told for the first time, again, and of a duplicate whose original they know."""
    who: dict[str, Any] = {"agency_type": agency_type, "level": level, "role": role}
    if level is Level.NOTICE:
        who["notice_reason"] = NoticeReason.PHONE_ONLY
    return [
        pins(**who),
        revised_pins(Outcome.S47S, **who),
        revised_pins(None, **who, duplicate=a_duplicate(knows_original=True)),
    ]


def strings_in(value: object) -> set[str]:
    """Every string of a JSON document, keys left out."""
    if isinstance(value, dict):
        return set().union(*map(strings_in, value.values()))
    if isinstance(value, list):
        return set().union(*map(strings_in, value))
    return {value} if isinstance(value, str) else set()


@pytest.mark.slow
@pytest.mark.parametrize("outcome", TOLD)
@pytest.mark.parametrize("agency_type", AUDIENCES)
def test_every_message_in_every_form_has_the_police_sentence_and_a_subject_that_says_nothing(
    outcome: Outcome, agency_type: AgencyType
) -> None:
    readers = [
        recipient
        for level, role in product((Level.NOTICE, Level.OUTCOME, Level.PLAN), Role)
        for recipient in recipients(agency_type, level, role)
    ]
    for status, recipient in product(RaStatus, readers):
        notice = a_full_notice(outcome=outcome, police_form=a_police_check(status))
        parts = render_email(notice, recipient, A_TOKEN)
        assert SENTENCES[status].encode() in parts.html.encode()
        assert SENTENCES[status] in on_one_line(parts.text)
        assert SENTENCES[status].encode() in render_webhook(notice, recipient, A_TOKEN)
        marking, colon, rest = parts.subject.partition(": ")
        assert (marking, colon) == ("OFFICIAL-SENSITIVE", ": ")
        assert parts.subject.isascii()
        assert len(parts.subject) <= 65
        assert rest.partition(" - ")[2] in SUFFIXES
        assert 'overflow:hidden">A message about a referral. Open it to read more.</div>' in parts.html


NEVER_IN_A_NOTICE: Final = re.compile(
    "|".join(
        re.escape(words)
        for table in (LABELS, REASONS, SUPPORT, INFO_NEEDED, WATCH_FOR, LEAD_ROLES, RESPONSE_CHANGES, FIXED)
        for words in table.values()
    )
    + r"|early help|section 47|strategy|assessment(?!\s+form)|accommodat|no further|advice"
    + "|specialist|transfer|family|families|baby|birth|our own|west moorshire"
    + "|february|january|social work|[a-z]+_[a-z]+",
    re.IGNORECASE,
)
OF_THE_READER: Final = {NextStep.SHOW_COLLEAGUES, NextStep.HIDE_ONLINE, NextStep.NOT_ON_PORTAL}
"""How to file and show a message: by who reads it, whatever was decided."""
CODES: Final = {
    *Outcome,
    *ReasonCode,
    *SupportCode,
    *(step for step in NextStep if step not in OF_THE_READER),
    *WatchFor,
    *InfoNeeded,
    *ResponseChange,
    *LeadRole,
    "CP_ENQUIRY",
    "ASSESSMENT_2",
    "WEST_MOORSHIRE",
    "2027-02-03",
}


@pytest.mark.parametrize("agency_type", AUDIENCES)
@pytest.mark.parametrize("role", Role)
def test_a_notice_has_the_same_bytes_whatever_was_decided_and_no_word_or_code_of_it(
    agency_type: AgencyType, role: Role
) -> None:
    for recipient in recipients(agency_type, Level.NOTICE, role):
        seen = set()
        for outcome in TOLD:
            notice = a_full_notice(outcome=outcome)
            parts = render_email(notice, recipient, A_TOKEN)
            body = render_webhook(notice, recipient, A_TOKEN)
            seen.add((parts, body))
            words = re.sub("message: msg_[0-9a-f]{32}", "", parts.text.lower())
            assert not NEVER_IN_A_NOTICE.search(words), words
            assert not NEVER_IN_A_NOTICE.search(" ".join(Page(parts.html).words).replace("msg_", "")), words
            assert not CODES & strings_in(json.loads(body))
            (instead,) = json.loads(body)["data"]["said_instead"]
            assert not NEVER_IN_A_NOTICE.search(instead["sentence"]), instead
        assert len(seen) == 1


@pytest.mark.parametrize("outcome", TOLD)
@pytest.mark.parametrize("message", [pins, revised_pins])
def test_the_longest_legal_reference_and_marking_leave_a_subject_short_enough(
    outcome: Outcome, message: Callable[..., Pins]
) -> None:
    longest = {"referral_ref": "A" + "Z" * 17, "contact": a_hub_contact(marking="OFFICIAL-SENSITIVE")}
    for level, role in product((Level.NOTICE, Level.OUTCOME, Level.PLAN), Role):
        parts = render_email(a_full_notice(outcome=outcome, **longest), message(level=level, role=role))
        assert parts.subject.isascii()
        assert len(parts.subject) <= 65


@pytest.mark.parametrize("outcome", TOLD)
@pytest.mark.parametrize("level", [Level.NOTICE, Level.OUTCOME, Level.PLAN])
def test_no_byte_of_a_duplicates_message_names_the_other_referral(outcome: Outcome, level: Level) -> None:
    recipient = pins(level=level, duplicate=a_duplicate())
    notice = a_full_notice(outcome=outcome)
    parts = render_email(notice, recipient)
    for seen in (parts.subject, parts.text, parts.html, render_webhook(notice, recipient).decode()):
        assert notice.referral_ref not in seen
        assert "NS-26-0DUPL8" in seen


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


FRAME: Final = """\
Subject: OFFICIAL-SENSITIVE: NS-26-7KQ4ZP - outcome of your referral
OFFICIAL-SENSITIVE
We are taking no further action
Referral: NS-26-7KQ4ZP   Child: 1
Your reference: 43261124/0917
Message: msg_8c6f0e1c2a4b4d0f9a7e3b5c1d2e4f60
WHY
POLICE RISK-ASSESSMENT FORM
WHAT HAPPENS NEXT
OTHER SUPPORT
TELL US YOU HAVE READ THIS
https://outcomes.northshire.example/read/5f0c92b7ad3e41860b6d2f97c41ae853
Choose your role and press "Read and confirmed". The page shows the
reference only. You do not need an account.
CONTACT US
MASH duty manager: 01632 960 100, Monday to Friday, 8:30am to 5:30pm.
Out of hours: 01632 960 999.
If a child is in immediate danger, act now. Do not use this email.
If you disagree with this decision, talk to the duty manager first. If
you still disagree, use the partnership's escalation process:
https://safeguarding.northshire.example/disagree
--
Sent by a system on behalf of Northshire MASH.
Sent to your agency's agreed address. If it should not have come to you,
call 01632 960 100 and delete it. Do not forward it outside your agency.
OFFICIAL-SENSITIVE
"""
"""Domain section 10.1 filled in."""


def test_the_frame_has_the_agreed_lines_in_the_agreed_order() -> None:
    lines = iter(as_read(render_email(*DRAFTS["no-further-action-police"])).splitlines())
    assert [line for line in FRAME.splitlines() if line not in lines] == []


@pytest.mark.parametrize("name", sorted(DRAFTS))
def test_a_phone_number_is_not_broken_in_the_html_either(name: str) -> None:
    html = render_email(*DRAFTS[name]).html
    assert "01632\N{NO-BREAK SPACE}960\N{NO-BREAK SPACE}100" in html
    assert not re.search(r"\d 960|960 \d", html)


@pytest.mark.parametrize("name", sorted(DRAFTS))
def test_only_a_change_sets_its_first_paragraph_apart(name: str) -> None:
    html = render_email(*DRAFTS[name]).html
    assert html.count("border-left:8px solid #0b0c0c") == int(name.startswith("decision-changed"))


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
    assert links == [A_READ_LINK, A_READ_LINK, "https://safeguarding.northshire.example/disagree"]


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


def test_a_hostile_label_that_got_past_its_contract_stays_words_too() -> None:
    hostile = "<b onclick=x>{{ m.hub_name }}{% raw %}</b>\r\nBcc: x"
    labels = FrozenLabels.model_construct(
        outcomes={Outcome.TRF: hostile},
        team=hostile,
        receiving_la=hostile,
        support={SupportCode.FAMILY_HUB: SupportContact.model_construct(name=hostile, phone=hostile)},
        early_help_working_days=5,
    )
    notice = a_notice(outcome=Outcome.TRF, support_codes=(SupportCode.FAMILY_HUB,))
    parts = render_email(notice.model_copy(update={"labels": labels}), pins())
    assert not {"b", "script"} & set(Page(parts.html).tags)
    assert "\nBcc" not in parts.text
    assert "\r" not in parts.text + parts.subject
    assert "{{ m.hub_name }}{% raw %}" in on_one_line(parts.text)


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
