"""The console on the synthesised template: a newcomer signs in with a real browser and finds a referral."""

import re
from hashlib import sha256
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.whole.conftest import Stack, an_event, eventually, sign_in

REF = "NS-26-WHOLE21"


def sessions(stack: Stack, staff: str) -> list[str]:
    """What the trail says of somebody's coming and going."""
    rows = [row.item for row in stack.everything.rows()]
    return [row["event"] for row in rows if row["type"] == "SESSION" and row["actor"] == staff]


def test_a_manager_signs_in_looks_a_referral_up_and_signs_out(stack: Stack, page: Page) -> None:
    event_id = "11111111-0000-4000-8000-000000000021"
    stack.send(an_event("decision.neglect-joint", referral_ref=REF, event_id=event_id))
    assert eventually(lambda: stack.kinds(REF).count("ATTEMPT_CLOSED") == 2), stack.kinds(REF)
    origin = stack.outputs["console_url"]
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", origin)

    sign_in(stack, page, "manager")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    assert page.url == f"{origin}/"
    expect(page.get_by_text("Made-up data")).to_be_visible()
    page.get_by_role("link", name="Referrals", exact=True).first.click()
    page.get_by_role("link", name=REF).first.click()
    expect(page).to_have_url(f"{origin}/referrals/{REF}")
    expect(page.get_by_text("Everything that happened")).to_be_visible()

    readings = [row.item for row in stack.everything.rows() if row.item["type"] == "READ"]
    (reading,) = (row for row in readings if row["referral"] == REF)
    assert reading["actor"].startswith("staff:")
    page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    page.goto(f"{origin}/referrals/{REF}")
    expect(page).to_have_url(f"{origin}/sign-in?to=/referrals/{REF}")
    assert sessions(stack, reading["actor"])[-2:] == ["SIGNED_IN", "SIGNED_OUT"]


def test_a_spreadsheet_reaches_the_browser_as_the_bytes_that_it_is(stack: Stack, page: Page) -> None:
    """Through API Gateway, which would hand base64 on, were files that are no text not among its types."""
    sign_in(stack, page, "auditor")
    page.get_by_role("link", name="Reports", exact=True).first.click()
    page.get_by_label("An inspection").check()
    page.get_by_label("A spreadsheet").check()
    with page.expect_download() as begun:
        page.get_by_role("button", name="Download").click()
    content = begun.value.path().read_bytes()
    assert load_workbook(BytesIO(content)).sheetnames == ["Figures", "Notes"]
    rows = [row.item for row in stack.everything.rows() if row.item["type"] == "EXPORT"]
    assert rows[-1]["sha256"] == sha256(content).hexdigest()


def test_whoever_brings_the_stack_up_is_told_how_to_come_in(stack: Stack) -> None:
    said = stack.outputs_file.with_suffix(".log").read_text(encoding="utf-8")
    assert f"The managers' console: {stack.outputs['console_url']}\n" in said
    everybody = ", ".join(stack.outputs["console_staff"].split())
    assert f"Sign in as {everybody}; password: {stack.outputs['console_password']}\n" in said


@pytest.mark.parametrize("who", ["viewer", "auditor"])
def test_everybody_of_the_mash_who_is_told_of_can_come_in(stack: Stack, page: Page, who: str) -> None:
    assert f"{who}@northshire.example" in stack.outputs["console_staff"].split()
    sign_in(stack, page, who)
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")


def test_a_wrong_password_opens_nothing(stack: Stack, page: Page) -> None:
    page.goto(f"{stack.outputs['console_url']}/sign-in/start?to=/")
    page.get_by_label("Username").fill("manager@northshire.example")
    page.get_by_label("Password").fill("Made-up-but-wrong-1")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Incorrect username or password")).to_be_visible()


def test_every_list_is_drawn_with_the_grants_that_the_function_has(stack: Stack, page: Page) -> None:
    sign_in(stack, page, "manager")
    for name in ("Messages", "Referrals", "Overview"):
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
