"""The console's door: who comes in, by which way, for how long, and what of it the trail knows."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from functions.adapters import oidc
from functions.adapters.oidc import Issuer
from functions.console.app import HEADERS
from functions.console.door.sign_in import SESSION_COOKIE, SIGN_IN_COOKIE
from functions.console.routes import ROUTES
from schemas.codes import AuditKind, SessionEvent
from schemas.console import DIRECTORY_FAULTS
from tests.console.council import AUDITOR, MANAGER, NOBODY, POLICE, ROLES, VIEWER, Person
from tests.console.office import Office
from tests.world import World, a_decision, a_world


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as one:
        one.take(a_decision())
        one.send_due()
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def rows_of(world: World, staff: str) -> list[dict[str, Any]]:
    """What the trail has of one reader today."""
    return [row for row in world.all_items("audit") if row["pk"] == f"L#2026-11-24#{staff}"]


def test_whoever_is_not_signed_in_signs_in_and_is_where_they_were_going(
    office: Office,
) -> None:
    browser = office.browser()
    sent = browser.get("/referrals?told=no")
    assert sent.status == 303
    assert sent.leads_to == f"{office.base}/sign-in?to=/referrals%3Ftold%3Dno"
    start = browser.get("/sign-in/start?to=/referrals%3Ftold%3Dno")
    back = browser.get(office.council.sign_in(start.leads_to, MANAGER).removeprefix(office.base))
    assert back.leads_to == f"{office.base}/referrals?told=no"


def test_signing_in_and_out_are_rows_that_name_nobody(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    assert "Priya Shah" in browser.get("/").text()
    browser.get("/sign-out", **{"sec-fetch-site": "same-origin"})
    assert browser.get("/").status == 303
    events = [row["event"] for row in rows_of(world, "staff:p-0417") if row["type"] == AuditKind.SESSION]
    assert events == [SessionEvent.SIGNED_IN, SessionEvent.SIGNED_OUT]
    assert "Priya" not in str(world.all_items("audit"))


def test_a_link_on_another_site_signs_nobody_out(office: Office) -> None:
    browser = office.signed_in()
    browser.get("/sign-out", **{"sec-fetch-site": "cross-site"})
    assert browser.get("/").status == 200


SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


def test_signing_out_ends_the_directorys_session_too_and_comes_back(office: Office) -> None:
    browser = office.signed_in(MANAGER)
    out = browser.get("/sign-out", **SAME_ORIGIN)
    assert out.leads_to.startswith(f"{office.council.origin}/end-session?")
    back = browser.get(office.council.sign_out(out.leads_to).removeprefix(office.base))
    assert (back.status, "You are signed out" in back.text()) == (200, True)
    assert "may still know this browser" not in back.text()


def test_whoever_leaves_after_their_session_ended_leaves_the_directory_as_well(
    office: Office, world: World
) -> None:
    browser = office.signed_in(MANAGER)
    world.now += timedelta(minutes=31)
    assert "/end-session?" in browser.get("/sign-out", **SAME_ORIGIN).leads_to


@pytest.mark.parametrize("why", ["no such page", "silent", "unsafe"])
def test_where_the_directory_cannot_be_left_the_page_says_so(office: Office, why: str) -> None:
    browser = office.signed_in(MANAGER)
    office.council.ends_at = "http://elsewhere.example/end" if why == "unsafe" else None
    office.council.is_silent = why == "silent"
    issuer = office.desk.sign_in.issuer
    office.desk = replace(
        office.desk,
        sign_in=replace(office.desk.sign_in, issuer=Issuer(issuer.client, issuer.http, issuer.now)),
    )
    out = browser.get("/sign-out", **SAME_ORIGIN)
    assert (out.status, "may still know this browser" in out.text()) == (200, True)
    assert browser.get("/").status == 303


def test_nobody_who_is_signed_in_is_told_that_they_are_signed_out(office: Office) -> None:
    browser = office.signed_in(MANAGER)
    assert browser.get("/signed-out").leads_to == f"{office.base}/"


def test_a_link_on_another_site_ends_nobodys_session_at_the_directory(office: Office) -> None:
    out = office.browser().get("/sign-out", **{"sec-fetch-site": "cross-site"})
    assert out.leads_to == f"{office.base}/signed-out"


def test_whoever_has_no_role_is_told_so_and_is_on_record(office: Office, world: World) -> None:
    browser = office.browser()
    start = browser.get("/sign-in/start?to=/")
    reply = browser.get(office.council.sign_in(start.leads_to, NOBODY).removeprefix(office.base))
    assert reply.status == 403
    assert "no role" in reply.text()
    assert SESSION_COOKIE not in browser.cookies
    assert [row["event"] for row in rows_of(world, "staff:n-0000")] == [SessionEvent.NO_ROLE]


@pytest.mark.parametrize(
    ("forged", "why"),
    [
        ({"aud": "another"}, "TOKEN_INVALID"),
        ({"aud": ["mash-console", "another"]}, "TOKEN_INVALID"),
        ({"azp": "another"}, "TOKEN_INVALID"),
        ({"azp": 7}, "TOKEN_INVALID"),
        ({"aud": ["mash-console"], "azp": "another"}, "TOKEN_INVALID"),
        ({"iss": "https://elsewhere.example"}, "TOKEN_INVALID"),
        ({"nonce": "mine"}, "TOKEN_INVALID"),
        ({"nonce": None}, "TOKEN_INVALID"),
        ({"exp": 1}, "TOKEN_INVALID"),
        ({"exp": None}, "TOKEN_INVALID"),
        ({"iat": 4102444800}, "TOKEN_INVALID"),
        ({"sub": None}, "TOKEN_INVALID"),
        ({"sub": "p-0417\nL#x"}, "SUBJECT_UNUSABLE"),
    ],
)
def test_a_token_that_proves_nothing_lets_nobody_in(
    office: Office, world: World, forged: dict[str, Any], why: str
) -> None:
    office.council.forged = forged
    browser = office.browser()
    assert browser.sign_in(MANAGER).status == 403
    assert browser.get("/").status == 303
    assert [row["reason"] for row in rows_of(world, "staff:unknown")] == [why]


@pytest.mark.parametrize("aud", ["mash-console", ["mash-console"], ["mash-console", "another"]])
def test_a_token_that_was_given_to_us_lets_its_person_in(office: Office, aud: object) -> None:
    office.council.forged = {"aud": aud, "azp": "mash-console"}
    assert office.browser().sign_in(MANAGER).status == 303


@pytest.mark.parametrize(
    "groups", [None, 7, True, {"mash-managers": 1}, ["mash-managers", 7], [["mash-managers"]]]
)
def test_what_names_no_groups_gives_no_role(office: Office, world: World, groups: object) -> None:
    office.council.forged = {"groups": groups}
    assert "no role" in office.browser().sign_in(MANAGER).text()
    assert [row["event"] for row in rows_of(world, "staff:p-0417")] == [SessionEvent.NO_ROLE]


@pytest.mark.parametrize(
    "keys", [{"no": "keys"}, {"keys": []}, {"keys": 7}, {"keys": [7]}, {"keys": [{"kty": "RSA"}]}]
)
def test_keys_that_are_none_are_an_issuer_that_does_not_answer(
    office: Office, world: World, keys: object
) -> None:
    office.council.keys = keys
    assert office.browser().sign_in(MANAGER).status == 503
    assert [row["reason"] for row in rows_of(world, "staff:unknown")] == ["ISSUER_SILENT"]


def test_where_the_council_signs_people_in_is_asked_anew_after_an_hour(office: Office, world: World) -> None:
    before = office.browser().get("/sign-in/start?to=/").leads_to
    office.council.address = "authorize-anew"
    world.now += timedelta(minutes=59)
    assert office.browser().get("/sign-in/start?to=/").leads_to.split("?")[0] == before.split("?")[0]
    world.now += timedelta(minutes=1)
    assert "/authorize-anew?" in office.browser().get("/sign-in/start?to=/").leads_to


def test_a_token_that_another_key_signed_lets_nobody_in(office: Office) -> None:
    office.council.signed_with = RSAKey.generate_key(2048, {"kid": "k1"})
    assert office.browser().sign_in(MANAGER).status == 403


def test_a_key_that_the_council_has_made_since_is_asked_for(office: Office, world: World) -> None:
    assert office.browser().sign_in(MANAGER).status == 303
    office.council.key = RSAKey.generate_key(2048, {"kid": "k2"})
    world.now += timedelta(minutes=2)
    assert office.browser().sign_in(MANAGER).status == 303


def test_a_code_works_in_the_browser_that_asked_for_it_and_once(office: Office) -> None:
    browser, stranger = office.browser(), office.browser()
    start = browser.get("/sign-in/start?to=/")
    path = office.council.sign_in(start.leads_to, MANAGER).removeprefix(office.base)
    assert stranger.get(path).status == 403
    assert SIGN_IN_COOKIE in browser.cookies
    kept = dict(browser.cookies)
    assert browser.get(path).status == 303
    browser.cookies = kept
    assert browser.get(path).status == 403


@pytest.mark.parametrize("cookie", [None, "x", "secret-1"])
def test_what_was_never_begun_writes_nothing(
    office: Office, world: World, cookie: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever reaches the address could fill the trail, which forgets nothing."""
    browser = office.browser()
    if cookie:
        browser.cookies[SIGN_IN_COOKIE] = cookie
    before = world.all_items("audit"), world.all_items("state")
    reply = browser.get("/sign-in/back?state=made-up&code=made-up")
    assert reply.status == 403
    assert (world.all_items("audit"), world.all_items("state")) == before
    [line] = [line for line in caplog.records if line.message == "SIGN_IN_REFUSED"]
    assert vars(line)["reason"] == "NOT_BEGUN_HERE"


def test_a_sign_in_must_be_finished_within_ten_minutes(office: Office, world: World) -> None:
    browser = office.browser()
    start = browser.get("/sign-in/start?to=/")
    path = office.council.sign_in(start.leads_to, MANAGER).removeprefix(office.base)
    world.now += timedelta(minutes=10)
    assert browser.get(path).status == 403


def test_a_sign_in_never_keeps_a_session_that_was_there_before(office: Office) -> None:
    browser = office.browser()
    browser.cookies[SESSION_COOKIE] = "chosen-by-somebody-else"
    browser.sign_in(MANAGER)
    assert browser.cookies[SESSION_COOKIE] != "chosen-by-somebody-else"
    first = browser.cookies[SESSION_COOKIE]
    browser.sign_in(MANAGER)
    assert browser.cookies[SESSION_COOKIE] != first


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a b", ""]
)
def test_a_sign_in_leads_to_nowhere_but_the_console(office: Office, to: str) -> None:
    browser = office.browser()
    start = browser.get(f"/sign-in/start?to={to}")
    back = browser.get(office.council.sign_in(start.leads_to, MANAGER).removeprefix(office.base))
    assert back.leads_to == f"{office.base}/"


def test_an_address_within_an_address_is_still_a_path_of_ours(office: Office) -> None:
    browser = office.browser()
    start = browser.get("/sign-in/start?to=/referrals%3Fu%3Dhttps%3A%2F%2Fe.example")
    back = browser.get(office.council.sign_in(start.leads_to, MANAGER).removeprefix(office.base))
    assert back.leads_to == f"{office.base}/referrals?u=https://e.example"


def test_a_session_that_nobody_uses_ends_after_thirty_minutes(office: Office, world: World) -> None:
    browser = office.signed_in()
    world.now += timedelta(minutes=29)
    assert browser.get("/").status == 200
    world.now += timedelta(minutes=29)
    assert browser.get("/").status == 200
    world.now += timedelta(minutes=30)
    assert browser.get("/").status == 303


def test_a_session_ends_after_ten_hours_however_it_is_used(office: Office, world: World) -> None:
    browser = office.signed_in()
    for _ in range(23):
        world.now += timedelta(minutes=26)
        assert browser.get("/").status == 200
    world.now += timedelta(minutes=2)
    assert browser.get("/").status == 303


def test_the_issuer_that_does_not_answer_is_said_plainly(office: Office) -> None:
    office.council.is_silent = True
    reply = office.browser().get("/sign-in/start?to=/")
    assert reply.status == 503
    assert "does not answer" in reply.text()


DOCUMENT = "/.well-known/openid-configuration"


def reasons(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [vars(line)["reason"] for line in caplog.records if line.message == "SIGN_IN_REFUSED"]


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        ({"is_silent": True}, "ISSUER_SILENT"),
        ({"refuses": DOCUMENT}, "ISSUER_UNREADABLE"),
        ({"says": {"issuer": "https://elsewhere.example"}}, "ISSUER_IS_ANOTHER"),
        ({"says": {"token_endpoint": "http://sign-in.northshire.example/token"}}, "ISSUER_UNSAFE"),
    ],
)
def test_a_directory_that_cannot_be_asked_is_a_line_and_a_page_that_says_what_helps(
    office: Office, caplog: pytest.LogCaptureFixture, trouble: dict[str, Any], why: str
) -> None:
    for name, value in trouble.items():
        setattr(office.council, name, value)
    reply = office.browser().get("/sign-in/start?to=/")
    assert reasons(caplog) == [why]
    assert ("Wait a minute" in reply.text()) is (why == "ISSUER_SILENT")
    assert ("Ring the service desk" in reply.text()) is (why != "ISSUER_SILENT")


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        ({"is_silent": True}, "ISSUER_SILENT"),
        ({"refuses": "/token"}, "TOKEN_REFUSED"),
        ({"refuses": "/keys"}, "ISSUER_UNREADABLE"),
        ({"forged": {"aud": "another"}}, "TOKEN_INVALID"),
    ],
)
def test_a_directory_that_fails_when_somebody_comes_back_is_not_said_to_be_their_mistake(
    office: Office, world: World, caplog: pytest.LogCaptureFixture, trouble: dict[str, Any], why: str
) -> None:
    browser = office.browser()
    start = browser.get("/sign-in/start?to=/")
    path = office.council.sign_in(start.leads_to, MANAGER).removeprefix(office.base)
    for name, value in trouble.items():
        setattr(office.council, name, value)
    text = browser.get(path).text()
    assert "10 minutes" not in text
    assert ("Wait a minute" in text) is (why == "ISSUER_SILENT")
    assert reasons(caplog) == [why]
    assert [row["reason"] for row in rows_of(world, "staff:unknown")] == [why]


def test_a_client_secret_is_kept_for_an_hour_and_read_anew_once_it_is_refused(
    office: Office, world: World
) -> None:
    office.council.secret, office.secrets = "old", ["old", "new", "newest"]
    assert [office.browser().sign_in(MANAGER).status for _ in range(2)] == [303, 303]
    office.council.secret = "new"
    assert office.browser().sign_in(MANAGER).status == 403
    assert office.browser().sign_in(MANAGER).status == 303
    world.now += timedelta(hours=1)
    office.council.secret = "newest"
    assert office.browser().sign_in(MANAGER).status == 303


def test_whatever_the_issuer_can_fail_by_is_a_fault_that_somebody_is_called_for() -> None:
    raised = re.findall(r'"((?:ISSUER|TOKEN)_[A-Z_]+)"', Path(oidc.__file__).read_text(encoding="utf-8"))
    assert set(raised) == set(DIRECTORY_FAULTS)


@pytest.mark.parametrize("person", [MANAGER, VIEWER, AUDITOR, POLICE])
def test_each_page_is_for_its_roles_and_no_other(office: Office, person: Person) -> None:
    browser, role = office.signed_in(person), ROLES[person.groups[0]]
    for route in ROUTES:
        if "<" not in route.path:
            assert (browser.get(route.path).status == 403) is (role not in route.may_look), route.path


def test_every_answer_has_every_header(office: Office) -> None:
    browser = office.signed_in()
    style = browser.get("/").body.partition('rel="stylesheet" href="')[2].partition('"')[0]
    for path in ("/", "/referrals", "/referrals/NS-26-NOBODY", "/nothing", "/sign-in", "/sign-out"):
        assert HEADERS.items() <= browser.get(path).headers.items()
    served = browser.get(style.removeprefix(office.base))
    assert served.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    kept = {**HEADERS, "Cache-Control": served.headers["Cache-Control"]}
    assert kept.items() <= served.headers.items()


def test_what_is_not_there_and_what_cannot_be_there_look_alike(office: Office) -> None:
    browser = office.signed_in()
    pages = [
        browser.get(path) for path in ("/referrals/NS-26-NOBODY", "/referrals/%2e%2e", "/referrals/R%23x")
    ]
    assert {(page.status, page.body) for page in pages} == {(404, pages[0].body)}


def test_what_is_not_there_is_on_record_without_what_was_typed(office: Office, world: World) -> None:
    """Nothing erases a row of the trail: a name that somebody typed must not become one."""
    browser = office.signed_in()
    assert browser.get("/referrals/MARY-SMITH").status == 404
    row = rows_of(world, "staff:p-0417")[-1]
    assert (row["type"], row["asked"], row["rows"], row["purpose"]) == (
        AuditKind.QUERY,
        "NOT_HERE",
        0,
        "CASE_WORK",
    )
    assert "MARY" not in str(row)


def test_a_page_is_on_record_before_anybody_sees_it(office: Office, world: World) -> None:
    browser = office.signed_in()
    browser.get("/referrals/NS-26-7KQ4ZP")
    browser.get("/referrals/NS-26-NOBODY")
    read = [(row["type"], row.get("referral"), row["purpose"]) for row in rows_of(world, "staff:p-0417")[1:]]
    assert read == [
        (AuditKind.READ, "NS-26-7KQ4ZP", "CASE_WORK"),
        (AuditKind.QUERY, None, "CASE_WORK"),
    ]
