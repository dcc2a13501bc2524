"""`mash agencies`: what a reviewer sees, what is asked before anything changes, what a person must mend."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.store import Change
from functions.adapters.registry.endpoint_health import EndpointHealth
from functions.cli.agency_lines import diff_lines
from functions.cli.registry import read_registry
from schemas.codes import Addressee, Channel, PauseCause
from tests.adapters.hostile import Listener, answering
from tests.cli.offices import Desk, a_desk

HEAD = 'approved_by = "safeguarding-lead"\n'
POLICE = """
[[agency]]
id = "north-police"
type = "POLICE"
name = "North Police"
channels = ["webhook"]
own_ref_pattern = "^[0-9]{8}$"
[agency.webhook]
url = "{url}"
"""
INSPECTOR = """
[agency.form_escalation]
address = "inspector@police.secure.example"
verified_at = 2026-11-02
"""
NO_FORMS = "no POLICE agency is reminded of forms: add [agency.form_escalation] to the one that owes them"
SCHOOL = """
[[agency]]
id = "oakfield-school"
type = "SCHOOL"
name = "Oakfield School"
channels = ["email"]
own_ref_pattern = "^OAK[0-9]{4}$"
[agency.email]
address = "dsl@oakfield-school.example"
verified_at = 2026-11-02
managed = true
dpo_ref = "DPO-2026-014"
approvers = ["safeguarding-lead", "information-governance-lead"]
"""
MIDWIFERY = """
[[agency]]
id = "north-midwifery"
type = "MIDWIFERY"
name = "North Midwifery"
channels = ["email"]
aliases = ["nm"]
told_of_unborn = true
own_ref_pattern = "^MW[0-9]{6}$"
[agency.email]
address = "safeguarding@midwifery.secure.example"
verified_at = 2026-11-02
"""
VISITING = (
    MIDWIFERY.replace("midwifery", "visiting")
    .replace("Midwifery", "Visiting")
    .replace("MIDWIFERY", "HEALTH_VISITING")
    .replace('"nm"', '"nv"')
)
TEAM = '[[hub.team]]\ncode = "ASSESSMENT_2"\nname = "Assessment Team 2"\n'

NO_SECRET = (
    "north-police: endpoint not active: it has no signing secret yet: "
    "run `mash rotate north-police`, then `mash agencies check`"
)

Mash = Callable[..., Result]


@pytest.fixture
def desk(_no_real_account: None, tmp_path: Path) -> Iterator[Desk]:
    (folder := tmp_path / "webhooks").mkdir()
    with a_desk(folder) as desk:
        yield desk


@pytest.fixture
def file(tmp_path: Path, desk: Desk) -> Callable[..., str]:
    """Writes a registry; `{url}` becomes north police's address at the local receiver."""

    def write(*parts: str, url: str | None = None) -> str:
        path = tmp_path / "agencies.toml"
        text = HEAD + "".join(parts)
        path.write_text(text.replace("{url}", url or desk.url("north-police")), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def mash(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Mash:
    def run(*arguments: str, says: str | None = None) -> Result:
        monkeypatch.setattr("functions.cli.answering._somebody_is_here", lambda: says is not None)
        return desk.mash(*arguments, patch=monkeypatch, input=says)

    return run


def applied(mash: Mash, *arguments: str) -> str:
    answer = mash("agencies", "apply", *arguments, "--yes")
    assert answer.exit_code == 0, answer.output
    return answer.output


def is_active(desk: Desk) -> bool:
    entry = desk.office.directory.look_up(["north-police"]).entries["north-police"]
    return entry.is_verified(Channel.WEBHOOK, Addressee.ROLE_MAILBOX, desk.now.date())


# --- apply


def test_what_a_file_would_change_is_shown_asked_applied_and_checked(
    desk: Desk, mash: Mash, file: Callable[..., str]
) -> None:
    first = mash("agencies", "apply", file(TEAM, POLICE, SCHOOL, MIDWIFERY), says="y\n")
    url = desk.url("north-police")
    assert first.output.splitlines() == [
        "+ hub  teams",
        f"+ north-police (POLICE)  told by webhook, webhook {url} (must be checked)",
        "+ oakfield-school (SCHOOL)  told by email, e-mail dsl@oakfield-school.example, raised by two people",
        (
            "+ north-midwifery (MIDWIFERY)  told by email, e-mail safeguarding@midwifery.secure.example, "
            "also nm, told of unborn children"
        ),
        "Apply 4 added? [y/N]: y",
        "Applied: 4 added.",
        NO_SECRET,
    ]
    assert first.exit_code == 0
    assert not is_active(desk)
    assert mash("rotate", "north-police").exit_code == 0
    moved = POLICE.replace("North Police", "Northern Police").replace('["webhook"]', '["webhook", "email"]')
    mailbox = '[agency.email]\naddress = "mash@police.secure.example"\nverified_at = 2026-11-02\n'
    second = applied(mash, file(TEAM, moved, mailbox, SCHOOL, MIDWIFERY)).splitlines()
    assert second == [
        "~ north-police  name  North Police -> Northern Police",
        "~ north-police  told by  webhook -> webhook, email",
        "~ north-police  e-mail  nothing -> mash@police.secure.example",
        "~ north-police  e-mail verified  nothing -> 2026-11-02",
        "Applied: 1 changed.",
        "north-police: endpoint active, checked by handshake",
    ]
    assert is_active(desk)
    assert applied(mash, file(TEAM, moved, mailbox, SCHOOL, MIDWIFERY)) == "Nothing to change.\n"


def test_a_changed_url_is_active_only_after_its_owner_agreed(
    desk: Desk, mash: Mash, file: Callable[..., str]
) -> None:
    applied(mash, file(POLICE))
    mash("rotate", "north-police")
    assert mash("agencies", "check").output.startswith("north-police: endpoint active")
    with Listener(answering(403)) as elsewhere:
        desk.receivers = (elsewhere.origin,)
        output = applied(mash, file(POLICE, url=elsewhere.origin))
    assert f"~ north-police  webhook url  {desk.url('north-police')} -> {elsewhere.origin}" in output
    assert "  (must be checked again)" in output
    assert output.endswith("north-police: endpoint not active: it answered 403 to the test event\n")
    assert not is_active(desk)


def test_without_a_person_or_their_word_nothing_is_applied(
    desk: Desk, mash: Mash, file: Callable[..., str]
) -> None:
    path = file(POLICE)
    alone = mash("agencies", "apply", path)
    assert (alone.exit_code, "nobody is here to be asked" in alone.output) == (1, True)
    for word in ("n\n", "\n"):
        refused = mash("agencies", "apply", path, says=word)
        assert (refused.exit_code, "Nothing was applied." in refused.output) == (1, True)
    assert desk.office.directory.all() == []


def test_agencies_that_a_file_leaves_out_are_listed_and_kept(
    desk: Desk, mash: Mash, file: Callable[..., str]
) -> None:
    applied(mash, file(POLICE, SCHOOL, MIDWIFERY))
    refused = mash("agencies", "apply", file(POLICE), "--yes")
    assert refused.exit_code == 1
    assert "the file leaves out north-midwifery, oakfield-school." in refused.output
    assert "--allow-removal" in refused.output
    assert len(desk.office.active()) == 3
    assert applied(mash, file(POLICE), "--allow-removal").splitlines()[:3] == [
        "- north-midwifery  is told nothing any more",
        "- oakfield-school  is told nothing any more",
        "Applied: 2 told nothing any more.",
    ]
    assert applied(mash, file(POLICE, SCHOOL)).splitlines()[:2] == [
        "+ oakfield-school  is told again",
        "Applied: 1 told again.",
    ]


@pytest.mark.parametrize(
    ("actor", "parts", "says"),
    [
        ("arn:aws:sts::1:assumed-role/x/safeguarding-lead", [POLICE], "approved_by names safeguarding-lead"),
        (
            "arn:aws:sts::1:assumed-role/x/information-governance-lead",
            [SCHOOL],
            "[agency oakfield-school] email.approvers names information-governance-lead",
        ),
    ],
)
def test_whoever_approved_it_is_told_that_another_must_apply_it(
    desk: Desk, mash: Mash, file: Callable[..., str], *, actor: str, parts: list[str], says: str
) -> None:
    desk.actor = actor
    refused = mash("agencies", "apply", file(*parts), "--yes")
    assert (refused.exit_code, says in refused.output) == (1, True)
    assert "another person must apply it" in refused.output
    assert desk.office.directory.all() == []


MISTAKES = {
    "a type nobody knows": ('type = "SCHOOL"', 'type = "ACADEMY"', "agency > oakfield-school > type - Input"),
    "an id twice": ('id = "oakfield-school"', 'id = "north-police"', "stand twice: north-police"),
    "an alias that is an id": ('id = "oakfield-school"', 'id = "nm"', "stand twice: nm"),
    "two approvers in one": (
        '"safeguarding-lead", "information-governance-lead"',
        '"safeguarding-lead", "safeguarding-lead"',
        "agency > oakfield-school > email - Value error, managed = true needs dpo_ref and two",
    ),
    "no reference": ('dpo_ref = "DPO-2026-014"\n', "", "managed = true needs dpo_ref"),
    "a line end in a name": ('"Oakfield School"', '"Oakfield\\r\\nBcc: x"', "oakfield-school > name - "),
    "a letter that turns text round": ('"Oakfield School"', '"Oakfield\\u202e"', "oakfield-school > name - "),
    "a template in a name": ('"Oakfield School"', '"{{ school }}"', "oakfield-school > name - "),
    "a quote in an address": ('"dsl@oak', "'\"dsl\"@oak", "is not TOML"),
    "a header in an address": ('"dsl@oak', '"dsl@x.example\\nBcc: dsl@oak', "school > email > address"),
    "a header in a reference": ('"DPO-2026-014"', '"DPO\\nBcc: x"', "oakfield-school > email > dpo_ref - "),
    "a mail domain that misleads": (
        "oakfield-school.example", "gov-uk.example", "oakfield-school: email.address: looks like gov.uk",
    ),
    "a verification too old": (
        "2026-11-02", "2026-08-25", "oakfield-school: email.verified_at: 2026-08-25 is more than 90 days ago",
    ),
    "a verification to come": (
        "2026-11-02", "2026-11-25", "oakfield-school: email.verified_at: 2026-11-25 has not come yet",
    ),
    "a level that is raised": (
        HEAD.strip(),
        HEAD + '[[hub.lowered]]\nagency_type = "HOUSING"\nrole = "referrer"\noutcome = "NFA"\nlevel = 3\n',
        "hub > lowered > 0 - ",
    ),
    "a team's name with a line end": (
        HEAD.strip(),
        HEAD + '[[hub.team]]\ncode = "TEAM_1"\nname = "One\\nBcc: x"\n',
        "hub > team > 0 > name - ",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), MISTAKES.values(), ids=list(MISTAKES))
@pytest.mark.parametrize("verb", ["apply", "check"])
def test_a_mistake_is_named_with_its_agency_and_field_and_changes_nothing(
    desk: Desk, mash: Mash, file: Callable[..., str], *, verb: str, old: str, new: str, says: str
) -> None:
    path = Path(file(POLICE, MIDWIFERY, SCHOOL))
    text = path.read_text(encoding="utf-8")
    assert old in text
    before, after = text.rsplit(old, 1)
    path.write_text(before + new + after, encoding="utf-8")
    refused = mash("agencies", verb, str(path), *(["--yes"] if verb == "apply" else []))
    assert (refused.exit_code, says in refused.output) == (1, True), refused.output
    assert desk.office.directory.all() == []


@pytest.mark.parametrize(
    "url",
    [
        "http://outcomes.police.example/in",
        "https://outcomes.police.example:8443/in",
        "https://user@outcomes.police.example/in",
        "https://127.0.0.1/in",
        "https://10.0.0.1/in",
        "https://169.254.169.254/in",
        "https://2130706433/in",
        "https://localhost/in",
        "http://127.0.0.1:1/in",
    ],
)
def test_an_endpoint_that_is_not_public_is_refused_when_it_is_applied(
    desk: Desk, mash: Mash, file: Callable[..., str], url: str
) -> None:
    refused = mash("agencies", "apply", file(POLICE, url=url), "--yes")
    assert refused.exit_code == 1
    assert "north-police" in refused.output
    assert "url" in refused.output
    assert desk.office.directory.all() == []


def test_a_file_that_cannot_be_read_is_said_so(mash: Mash, tmp_path: Path) -> None:
    missing = mash("agencies", "apply", str(tmp_path / "none.toml"))
    assert (missing.exit_code, "cannot be read" in missing.output) == (1, True)
    (odd := tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    assert "is not UTF-8 text" in mash("agencies", "apply", str(odd)).output
    odd.write_text("agency = [1]\n", encoding="utf-8")
    assert "agency > 0 - " in mash("agencies", "apply", str(odd)).output


# --- list


def test_the_list_says_who_is_reached_how_and_is_on_record(
    desk: Desk, mash: Mash, file: Callable[..., str]
) -> None:
    assert mash("agencies", "list").output.startswith("No agency has been applied yet")
    plain = SCHOOL.split("managed =", maxsplit=1)[0].replace("oakfield", "greenhill")
    adult_care = plain.replace("greenhill-school", "adult-care").replace(
        "own_", "in_case_system = true\nown_"
    )
    applied(mash, file(POLICE, SCHOOL, plain, MIDWIFERY, adult_care))
    applied(mash, file(POLICE, SCHOOL, plain, adult_care), "--allow-removal")
    desk.now += timedelta(days=30)
    listed = mash("agencies", "list").output.splitlines()
    assert [" ".join(line.split()) for line in listed] == [
        "agency told by mailbox endpoint",
        "adult-care case system dsl@adult-care.example -",
        "SCHOOL notice only, verified for 38 days",
        "greenhill-school email dsl@greenhill-school.example -",
        "SCHOOL notice only, verified for 38 days",
        "north-midwifery not active",
        "MIDWIFERY",
        "north-police webhook - not checked",
        "POLICE",
        "oakfield-school email dsl@oakfield-school.example -",
        "SCHOOL raised, verified for 38 days",
    ]
    assert desk.asked() == ["agencies"]
    desk.now += timedelta(days=39)
    assert "raised, not verified" in mash("agencies", "list").output


def test_the_list_is_there_for_programs_too(desk: Desk, mash: Mash, file: Callable[..., str]) -> None:
    applied(mash, file(POLICE, MIDWIFERY))
    police, midwifery = sorted(
        json.loads(mash("agencies", "list", "--json").output), key=lambda entry: entry["type"], reverse=True
    )
    assert police == {
        "id": "north-police", "active": True, "type": "POLICE", "name": "North Police", "aliases": [],
        "channels": ["webhook"], "in_case_system": False, "told_of_unborn": False, "phone": None,
        "mailbox": None,
        "mailbox_level": None, "verified_until": None, "verified": False, "safeguarding_lead": None,
        "form_escalation": None,
        "url": desk.url("north-police"), "endpoint": "not checked", "canary": False,
        "mail_came_back": None, "leads_mail_came_back": None, "paused": None, "version": 1,
    }  # fmt: skip
    assert (midwifery["mailbox_level"], midwifery["verified_until"]) == ("managed", "2027-01-31")
    assert (midwifery["verified"], midwifery["endpoint"]) == (True, None)


def test_whom_to_ring_is_shown_before_it_counts_and_in_the_list(
    desk: Desk, mash: Mash, file: Callable[..., str]
) -> None:
    rung = SCHOOL.replace("own_", 'phone = "01632 960 318"\nown_')
    added = applied(mash, file(rung)).splitlines()[1]
    assert added.endswith("raised by two people, telephone 01632 960 318")
    assert "01632 960 318" in [line.strip() for line in mash("agencies", "list").output.splitlines()]
    (listed,) = json.loads(mash("agencies", "list", "--json").output)
    assert listed["phone"] == "01632 960 318"
    assert applied(mash, file(SCHOOL)).splitlines()[0] == (
        "~ oakfield-school  telephone  01632 960 318 -> nothing"
    )


def test_who_agrees_to_canaries_is_shown_before_it_counts_and_in_the_list(
    desk: Desk, mash: Mash, file: Callable[..., str]
) -> None:
    agrees = file(POLICE, "canary = true\n")
    added = applied(mash, agrees).splitlines()[1]
    assert added.endswith("(must be checked), a canary every 15 minutes")
    mash("rotate", "north-police")
    assert mash("agencies", "check").output.splitlines()[0] == (
        "north-police: endpoint active, checked by handshake; a canary every 15 minutes from now on"
    )
    (listed,) = json.loads(mash("agencies", "list", "--json").output)
    assert (listed["endpoint"], listed["canary"]) == ("active", True)
    assert "agrees to canaries" in mash("agencies", "list").output
    assert applied(mash, file(POLICE)).splitlines()[0] == (
        "~ north-police  canary every 15 minutes  yes -> no"
    )


def test_who_is_listed_is_not_shown_when_that_cannot_be_put_on_record(
    desk: Desk, mash: Mash, file: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    applied(mash, file(SCHOOL))

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr("functions.adapters.ledger.reading.Asked.note", fails)
    answer = mash("agencies", "list")
    assert (answer.exit_code, "oakfield" in answer.output) == (1, False)


# --- check


def test_the_check_names_all_that_a_person_must_mend(
    desk: Desk, mash: Mash, file: Callable[..., str]
) -> None:
    lead = '[agency.safeguarding_lead]\naddress = "lead@oakfield-school.example"\nverified_at = 2026-11-20\n'
    applied(mash, file(POLICE, SCHOOL, lead))
    desk.now += timedelta(days=58)
    soon = mash("agencies", "check")
    assert soon.exit_code == 1
    assert soon.output.splitlines() == [
        NO_SECRET,
        "north-police: endpoint not active: nothing is posted there before its owner agrees",
        "north-police: no signing secret: run `mash rotate north-police`",
        "oakfield-school: mailbox verified for 10 more days: ring its main number",
        "no HEALTH_VISITING agency is told of unborn children: set told_of_unborn on one",
        "no MIDWIFERY agency is told of unborn children: set told_of_unborn on one",
        NO_FORMS,
        "2 agencies; 6 to mend.",
    ]
    desk.now += timedelta(days=11)
    later = mash("agencies", "check").output
    assert "oakfield-school: mailbox not verified since 2027-01-31: ring its main number, confirm it" in later
    assert "safeguarding lead" not in later


def test_what_nothing_gets_past_is_in_the_list_and_to_be_mended(
    desk: Desk, mash: Mash, file: Callable[..., str]
) -> None:
    applied(mash, file(POLICE, MIDWIFERY, VISITING))
    mash("rotate", "north-police")
    police, midwifery = "north-police", "north-midwifery"
    health = EndpointHealth(desk.store, desk.office.rows)
    health.pause(police, PauseCause.BY_HAND, by=desk.actor, now=desk.now)
    came_back = Change({"since": at_text(desk.now)})
    address = (keys.suppressed("safeguarding@midwifery.secure.example"), keys.SUPPRESSED)
    desk.store.write([desk.store.update("x", "state", address, change=came_back)])
    since = "24 November 2026 at 3:02pm"
    listed = " ".join(mash("agencies", "list").output.split())
    assert ("managed, mail came back" in listed, "paused since" in listed) == (True, True)
    told = {entry["id"]: entry for entry in json.loads(mash("agencies", "list", "--json").output)}
    assert told[police]["paused"] == {"cause": "BY_HAND", "since": "2026-11-24T15:02:30.000Z"}
    assert told[midwifery]["mail_came_back"] == "2026-11-24T15:02:30.000Z"
    assert mash("agencies", "check").output.splitlines()[1:] == [
        (
            f"{midwifery}: mail to its mailbox came back on 24 November 2026, nothing more goes there: "
            "ring its main number, apply the right address and the day"
        ),
        f"{police}: endpoint paused since {since} (BY_HAND): once it takes messages, `mash resume {police}`",
        NO_FORMS,
        "3 agencies; 3 to mend.",
    ]


def test_the_check_asks_the_owners_again_and_is_content_when_all_is_well(
    desk: Desk, mash: Mash, file: Callable[..., str]
) -> None:
    applied(mash, file(POLICE, INSPECTOR, MIDWIFERY, VISITING))
    mash("rotate", "north-police")
    first = mash("agencies", "check")
    assert first.output.splitlines() == [
        "north-police: endpoint active, checked by handshake",
        "3 agencies; nothing to mend.",
    ]
    assert first.exit_code == 0
    assert mash("agencies", "check").output == "3 agencies; nothing to mend.\n"
    assert [row["type"] for row in desk.rows("G#north-police")].count("ENDPOINT") == 3
    assert desk.asked() == ["registry changes", "agencies to mend", "agencies to mend"]


def test_a_secret_that_cannot_be_used_is_named(desk: Desk, mash: Mash, file: Callable[..., str]) -> None:
    applied(mash, file(POLICE))
    desk.secrets.create_secret(Name="mash/test/webhook/north-police", SecretString="not a list")
    assert "its signing secret cannot be used (not a list of secrets)" in mash("agencies", "check").output
    assert mash("rotate", "north-police").exit_code == 0
    assert "secret" not in mash("agencies", "check").output


def test_a_file_can_be_checked_without_being_applied(
    desk: Desk, mash: Mash, file: Callable[..., str]
) -> None:
    fit = mash("agencies", "check", file(POLICE))
    assert (fit.exit_code, fit.output.splitlines()[-1]) == (0, "Fit to be applied: 2 added.")
    assert desk.office.directory.all() == []
    applied(mash, file(POLICE, SCHOOL))
    assert mash("agencies", "check", file(POLICE, SCHOOL)).output == "Fit to be applied: nothing to change.\n"
    refused = mash("agencies", "check", file(POLICE))
    assert (refused.exit_code, "leaves out oakfield-school" in refused.output) == (1, True)
    assert len(desk.office.active()) == 2


def test_every_field_that_can_change_has_a_name_in_plain_words(
    desk: Desk, mash: Mash, file: Callable[..., str]
) -> None:
    applied(mash, file(POLICE))
    registry = read_registry(Path(file(TEAM, SCHOOL, MIDWIFERY)))
    plain = [agency.model_copy(update={"id": "north-police"}) for agency in registry.agency]
    for agency in plain:
        changes = desk.office.directory.plan(registry.model_copy(update={"agency": (agency,)}))
        assert not [line for line in diff_lines(changes) if "_" in line.split("  ")[1]]
