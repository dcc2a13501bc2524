"""The registry of agencies: addresses that are safe to use, and mailboxes that two people must raise."""

import json
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.agency import Agency, Endpoint, Mailbox, Registry
from schemas.codes import AgencyType, Channel, SupportCode
from schemas.hub_directory import HubDirectory, Service, Team

VERIFIED = date(2026, 11, 2)


def a_mailbox(address: str = "mash@north-police.secure.example", **changes: Any) -> Mailbox:
    return Mailbox(address=address, verified_at=VERIFIED, **changes)


def an_agency(**changes: Any) -> Agency:
    values: dict[str, Any] = {
        "id": "north-police",
        "type": AgencyType.POLICE,
        "name": "North Police (public protection)",
        "channels": (Channel.EMAIL, Channel.WEBHOOK),
        "own_ref_pattern": "[0-9]{8}/[0-9]{4}",
        "email": a_mailbox(),
        "webhook": Endpoint(url="https://north-police.example/outcomes"),
    }
    return Agency(**{**values, **changes})


@pytest.mark.parametrize(
    "address",
    [
        "mash@north-police.secure.example",
        "safeguarding.team+mash@trust.nhs.example",
        "MASH@north-police.example",
        f"{'a' * 64}@north-police.example",
    ],
)
def test_a_role_mailbox_is_accepted(address: str) -> None:
    assert a_mailbox(address).address.lower() == address.lower()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mash",
        "mash@",
        "@north-police.example",
        "mash@north-police",
        '"mash desk"@north-police.example',
        "mash;desk@north-police.example",
        "mash..desk@north-police.example",
        "mash@north-police..example",
        "mash@north-police.example\nBcc: x@evil.example",
        "mash@north-police.example\r\n",
        "mash@a.example,desk@b.example",
        "mash@a.example desk@b.example",
        "mash@[127.0.0.1]",
        "MASH desk <mash@north-police.example>",
        "mash@north-police.example\x00",
        "mash\u202e@north-police.example",
        "mash'desk@north-police.example",
        "{{mash}}@north-police.example",
        "mash%40x@north-police.example",
        " mash@north-police.example",
        "m\u00e4sh@north-police.example",
        "mash@b\u00fccher.example",
        "mash@p\u043elice.example",
        f"mash@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 60}.example",
    ],
)
def test_an_address_that_could_reach_somebody_else_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        a_mailbox(address)


@pytest.mark.parametrize(
    ("changes", "accepted"),
    [
        ({}, True),
        ({"approvers": ("head-of-mash",)}, True),
        ({"managed": True}, False),
        ({"managed": True, "dpo_ref": "DPO-12"}, False),
        ({"managed": True, "approvers": ("head-of-mash", "dpo")}, False),
        ({"managed": True, "dpo_ref": "DPO-12", "approvers": ("head-of-mash",)}, False),
        ({"managed": True, "dpo_ref": "DPO-12", "approvers": ("head-of-mash", "head-of-mash")}, False),
        ({"managed": True, "dpo_ref": "DPO-12", "approvers": ("head-of-mash", "dpo")}, True),
    ],
)
def test_raising_a_mailbox_takes_two_people_and_a_reference(
    *, changes: dict[str, Any], accepted: bool
) -> None:
    if accepted:
        assert a_mailbox(**changes).managed is changes.get("managed", False)
        return
    with pytest.raises(ValidationError, match="two different approvers"):
        a_mailbox(**changes)


@pytest.mark.parametrize(
    "url",
    [
        "https://north-police.example/outcomes",
        "https://north-police.example",
        "https://north-police.example:8443/a/b-c_d.e~f",
        "http://127.0.0.1:8080/outcomes",
    ],
)
def test_a_plain_webhook_address_is_accepted(url: str) -> None:
    assert Endpoint(url=url).url == url


@pytest.mark.parametrize(
    "url",
    [
        "ftp://north-police.example/",
        "file:///etc/passwd",
        "https://user:pass@north-police.example/",
        "https://north-police.example/?token=1",
        "https://north-police.example/#part",
        "https://north-police.example/a b",
        "https://[::1]/",
        "https://north-police.example\n/",
        "https://north-police.example/\n",
        "https://",
        "HTTPS://north-police.example/",
        "https://b\u00fccher.example/",
        "https://north-police.example:1/",
        "https://north-police.example/" + "a" * 300,
    ],
)
def test_a_webhook_address_with_anything_hidden_in_it_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        Endpoint(url=url)


LISTED = (Channel.EMAIL, Channel.WEBHOOK)


@pytest.mark.parametrize("channel", LISTED)
def test_a_listed_channel_needs_its_address(channel: Channel) -> None:
    with pytest.raises(ValidationError, match=f"channels lists {channel}, but there is no"):
        an_agency(channels=(channel,), **{channel: None})
    other = next(one for one in LISTED if one is not channel)
    assert an_agency(channels=(other,), **{channel: None}).channels == (other,)


def test_no_registry_lists_the_fallback() -> None:
    with pytest.raises(ValidationError, match="channels lists fallback: it is chosen by itself"):
        an_agency(channels=(Channel.WEBHOOK, Channel.FALLBACK))


@pytest.mark.parametrize("name", ["X", "x" * 81, "North <b>Police</b>", "North\nPolice", "N\u00f6rth", 'N"P'])
def test_a_name_that_could_change_a_message_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        an_agency(name=name)


@pytest.mark.parametrize(
    "changes",
    [
        {"dpo_ref": "DPO\r\nBcc: x@evil.example"},
        {"dpo_ref": "{{ DPO }}"},
        {"dpo_ref": ""},
        {"approvers": ("head of MASH",)},
        {"approvers": ("head-of-mash", "HEAD-OF-MASH")},
        {"approvers": ("",)},
    ],
)
def test_what_approves_a_mailbox_is_a_plain_reference_and_plain_roles(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_mailbox(**changes)


WORDS = [
    "North\r\nBcc: x@evil.example",
    "North\nTeam",
    "North\x00",
    "\u202eNorth",
    'No"rth',
    "{{ north }}",
    "N",
]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize(
    "entry",
    [
        {"team": [{"code": "ASSESSMENT_2", "name": None}]},
        {"authority": [{"code": "SOUTHSHIRE", "name": None}]},
        {"service": [{"code": "FAMILY_HUB", "name": None}]},
        {"label": [{"outcome": "NFA", "text": None}]},
    ],
    ids=["team", "authority", "service", "label"],
)
def test_no_word_of_the_hubs_own_can_change_a_message_it_stands_in(entry: dict[str, Any], words: str) -> None:
    ((listed, (fields,)),) = entry.items()
    filled = {name: words if value is None else value for name, value in fields.items()}
    with pytest.raises(ValidationError):
        HubDirectory.model_validate_json(json.dumps({listed: [filled]}))
    plain = {name: "North (new)" if value is None else value for name, value in fields.items()}
    assert len(getattr(HubDirectory.model_validate_json(json.dumps({listed: [plain]})), listed)) == 1


@pytest.mark.parametrize("code", ["assessment_2", "A", "A B", "A\n", "A" * 41])
def test_a_code_of_the_hubs_own_is_a_plain_code(code: str) -> None:
    with pytest.raises(ValidationError):
        Team(code=code, name="Assessment Team")


@pytest.mark.parametrize("phone", ["01632 960 100\n", "ring us", "01632;960", "", "1"])
def test_a_services_phone_is_a_phone(phone: str) -> None:
    with pytest.raises(ValidationError):
        Service(code=SupportCode.FAMILY_HUB, name="Family Hub", phone=phone)


@pytest.mark.parametrize("listed", ["team", "authority", "service", "label", "lowered"])
def test_a_hub_has_one_word_for_each_code(listed: str) -> None:
    entries: dict[str, dict[str, Any]] = {
        "team": {"code": "ASSESSMENT_2", "name": "Assessment Team 2"},
        "authority": {"code": "SOUTHSHIRE", "name": "Southshire Council"},
        "service": {"code": "FAMILY_HUB", "name": "Family Hub"},
        "label": {"outcome": "NFA", "text": "No further action"},
        "lowered": {"agency_type": "HOUSING", "role": "referrer", "outcome": "NFA", "level": 1},
    }
    once = json.dumps({listed: [entries[listed]]})
    assert len(getattr(HubDirectory.model_validate_json(once), listed)) == 1
    with pytest.raises(ValidationError, match=rf"\[\[{listed}\]\]: each code once"):
        HubDirectory.model_validate_json(json.dumps({listed: [entries[listed]] * 2}))


@pytest.mark.parametrize(
    ("agency_type", "role", "outcome", "level", "accepted"),
    [
        ("HOUSING", "referrer", "NFA", 1, True),
        ("HOUSING", "referrer", "NFA", 0, True),
        ("HOUSING", "referrer", "NFA", 2, False),
        ("HOUSING", "referrer", "NFA", 3, False),
        ("SCHOOL", "involved", "NFA", 1, True),
        ("FAMILY", "referrer", "NFA", 1, False),
        ("POLICE", "referrer", "DUP", 1, False),
    ],
)
def test_a_hub_may_lower_a_level_and_never_raise_one(
    agency_type: str, role: str, outcome: str, level: int, *, accepted: bool
) -> None:
    lowered = {"agency_type": agency_type, "role": role, "outcome": outcome, "level": level}
    text = json.dumps({"lowered": [lowered]})
    if accepted:
        assert HubDirectory.model_validate_json(text).lowered[0].level == level
        return
    with pytest.raises(ValidationError):
        HubDirectory.model_validate_json(text)


@pytest.mark.parametrize("agency_type", AgencyType)
def test_only_health_visiting_and_midwifery_are_told_of_unborn_children(agency_type: AgencyType) -> None:
    if agency_type in (AgencyType.HEALTH_VISITING, AgencyType.MIDWIFERY):
        assert an_agency(type=agency_type, told_of_unborn=True).told_of_unborn
        return
    with pytest.raises(ValidationError, match="told_of_unborn is for HEALTH_VISITING and MIDWIFERY only"):
        an_agency(type=agency_type, told_of_unborn=True)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"aliases": ("south-police",)}, {}),
        ({"aliases": ("np",)}, {"aliases": ("np",)}),
        ({"aliases": ("np", "np")}, {}),
        ({"aliases": ("north-police",)}, {}),
    ],
)
def test_a_name_means_one_agency(first: dict[str, Any], second: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="each id or alias must mean one agency; these stand twice: "):
        Registry(
            approved_by="head-of-mash",
            agency=(an_agency(**first), an_agency(id="south-police", **second)),
        )


@pytest.mark.parametrize(
    "identity", ["North-police", "north police", "1-north", "n", "north#police", "n" * 41]
)
def test_an_id_that_could_change_a_key_is_refused(identity: str) -> None:
    with pytest.raises(ValidationError):
        an_agency(id=identity)


@pytest.mark.parametrize(
    "pattern", ["[", "(", "*", "a" * 81, "([A-Z0-9]+[-/]?)+", "(ab){2}", "(a)*b", "A*A*A?A+A{1,}/"]
)
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(ValidationError):
        an_agency(own_ref_pattern=pattern)


@pytest.mark.parametrize(
    "pattern", ["[A-Z]+[0-9]*/?[0-9]{1,4}", "(?:AB|CD)[0-9]{4}/[0-9]{2}/[A-Z]{2}-[0-9]{6}"]
)
def test_four_open_repetitions_are_enough_for_a_reference(pattern: str) -> None:
    assert an_agency(own_ref_pattern=pattern).own_ref_pattern == pattern


def test_agencies_are_listed_once() -> None:
    registry = Registry(approved_by="head-of-mash", agency=(an_agency(), an_agency(id="south-police")))
    assert [agency.id for agency in registry.agency] == ["north-police", "south-police"]
    with pytest.raises(ValidationError, match="these stand twice: north-police"):
        Registry(approved_by="head-of-mash", agency=(an_agency(), an_agency()))


def test_a_registry_says_who_approved_it() -> None:
    with pytest.raises(ValidationError, match="approved_by"):
        Registry.model_validate({"agency": ()})
    with pytest.raises(ValidationError, match="approved_by"):
        Registry(approved_by="Head of MASH", agency=())


def a_force(**changes: Any) -> Agency:
    """A force that owes its forms, and names who is reminded of them last."""
    inspector = a_mailbox("safeguarding-inspector@north-police.secure.example")
    return an_agency(**{"form_escalation": inspector, **changes})


def test_only_the_police_owe_a_form() -> None:
    with pytest.raises(ValidationError, match=r"\[agency.form_escalation\] is for POLICE only"):
        a_force(type=AgencyType.PROBATION)
    assert [name for name, _ in a_force().mailboxes] == ["email", "form_escalation"]


def test_one_force_of_a_county_is_reminded_and_no_other() -> None:
    other = an_agency(id="west-police", name="West Police")
    assert Registry(approved_by="safeguarding-lead", agency=(a_force(), other)).agency[1] == other
    with pytest.raises(ValidationError, match="marks one force: no other is reminded"):
        Registry(approved_by="safeguarding-lead", agency=(a_force(), a_force(id="west-police")))
