"""One decision that carries everything, looked for in each place that domain section 6.1 names."""

import re
from typing import Final

import pytest

from functions.log_lines import hashed
from schemas.codes import AgencyType
from tests.world import BOTH, World, a_decision, a_registry, an_agency

REF: Final = "NS-26-7KQ4ZP"
SAID = {
    "own reference": ("PR-55120",),
    "outcome": ("no further action", "NFA"),
    "reason": ("threshold for a social work assessment", "BELOW_THRESHOLD_L2"),
    "support": ("Family hub", "FAMILY_HUB"),
    "next step": ("Keep working with the family", "KEEP_WORKING"),
    "plan status": ("child in need plan", "CIN_PLAN"),
    "lead role": ("duty social worker", "DUTY_SW"),
    "lead team": ("Assessment Team 2", "ASSESSMENT_2"),
    "police form": ("UNKNOWN", "Not known"),
}
"""Each item as words and as a code: either counts as its having appeared."""
READ_LINK: Final = r"https://outcomes\.northshire\.example/read/[0-9a-f]{32}"
OF_A_PLAN: Final = {"plan status", "lead role", "lead team"}


@pytest.fixture
def told(world: World) -> World:
    tell_everything(world)
    return world


def tell_everything(world: World) -> None:
    """No further action, to probation and a school on both channels; the plan to probation alone."""
    named = (("north-probation", AgencyType.PROBATION), ("hill-school", AgencyType.SCHOOL))
    usual = a_registry()
    agencies = [an_agency(name, kind, *BOTH) for name, kind in named]
    world.apply(usual.model_copy(update={"agency": (usual.agency[0], *agencies)}))
    world.take(
        a_decision(
            primary_outcome="NFA",
            reason_codes=["BELOW_THRESHOLD_L2"],
            support_codes=["FAMILY_HUB"],
            next_step_codes=["KEEP_WORKING"],
            plan_status="CIN_PLAN",
            referring_agency={"agency_id": "north-probation", "own_ref": "PR-55120"},
            involved_agencies=[{"agency_id": "hill-school", "own_ref": "PR-55120", "holds_plan_role": True}],
        )
    )
    assert world.send_due() == 4


def found_in(*texts: str) -> set[str]:
    """The items of which any spelling stands in any of these."""
    said = " ".join(" ".join(text.split()) for text in texts)
    return {item for item, spellings in SAID.items() if any(one in said for one in spellings)}


def test_a_subject_has_the_referrals_reference_and_nothing_else_of_the_decision(told: World) -> None:
    subjects = [mail.subject for _, mail in told.mailbox.mails]
    assert all(REF in subject for subject in subjects)
    assert found_in(*subjects) == set()
    assert not any("hild" in subject for subject in subjects)


def test_an_emails_body_has_all_of_it_and_the_plan_for_statutory_partners_alone(told: World) -> None:
    bodies = {pins.agency_id: mail.text for pins, mail in told.mailbox.mails}
    assert all(f"Referral: {REF}   Child: 1" in text for text in bodies.values())
    assert found_in(bodies["north-probation"]) == set(SAID)
    assert found_in(bodies["hill-school"]) == SAID.keys() - OF_A_PLAN


def test_a_webhook_has_what_the_email_has(told: World) -> None:
    bodies = {pins.agency_id: body.decode() for pins, body in told.police.sent}
    assert all(f'"referral_ref":"{REF}","child_index":1' in body for body in bodies.values())
    assert found_in(bodies["north-probation"]) == set(SAID)
    assert found_in(bodies["hill-school"]) == SAID.keys() - OF_A_PLAN


def test_the_trail_has_references_and_codes_and_no_sentence_of_a_message(told: World) -> None:
    """What a message said is sealed beside the trail, under its commitment; the row has the codes."""
    rows = str(told.rows())
    assert REF in rows
    assert {"outcome", "police form"} <= found_in(rows)
    words = [
        spelling for item, (spelling, *_) in SAID.items() if item not in {"own reference", "police form"}
    ]
    assert [one for one in words if one in rows] == []


def test_a_log_has_the_hash_of_the_reference_and_none_of_the_rest_in_words(
    told: World, caplog: pytest.LogCaptureFixture
) -> None:
    logged = " ".join(str(vars(record)) for record in caplog.get_records("setup"))
    assert hashed(REF) in logged
    assert REF not in logged
    assert found_in(logged) <= {"police form"}


def test_no_link_leaves_but_the_way_to_disagree_and_the_page_that_confirms(told: World) -> None:
    """No page of ours to sign in to, no tracking and nothing to load; a webhook's names are no pages."""
    sent = [mail.html for _, mail in told.mailbox.mails] + [body.decode() for _, body in told.police.sent]
    links = {link for text in sent for link in re.findall(r"""["'](https?:[^"']+)["']""", text)}
    confirming = {link for link in links if re.fullmatch(READ_LINK, link)}
    assert len(confirming) == len(sent)
    assert links - confirming == {
        "https://safeguarding.northshire.example/disagree",
        "https://outcomes.northshire.example/mash",
        "https://outcomes.northshire.example/schemas/outcome-1.0.json",
    }
