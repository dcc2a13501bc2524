"""The environment that infra writes is the environment that a function reads, name for name."""

import json

import pytest
from pydantic import ValidationError

from functions.settings import (
    AcknowledgeSettings,
    ConsoleSettings,
    CountSettings,
    EmailSettings,
    ParkSettings,
    ReceiptSettings,
    ReceiveSettings,
    ReconcileSettings,
    RelaySettings,
    Settings,
    SweepSettings,
    WebhookSettings,
)
from schemas.clocks import ClockPolicy
from schemas.risk_assessment import RaPolicy
from tests.console.office import BRANDING
from tests.notices import a_hub_contact

HUB = a_hub_contact().model_dump_json()
CLOCKS = ClockPolicy().model_dump_json()
POLICY = RaPolicy().model_dump_json()
WRITTEN = {
    "hub": HUB,
    "ra_policy": POLICY,
    "clocks": CLOCKS,
    "managed_domains": "secure.example",
    "registered_sources": '{"mash.case-system": ["DECIDED", "RELEASED"], "a.feed": ["RA_FORM_METADATA"]}',
    "console_base": "https://console.northshire.example",
    "console_roles": '{"mash-managers": "manager"}',
    "branding": BRANDING.model_dump_json(),
    "is_demo": "false",
    "confirm_base": "https://outcomes.northshire.example/read",
    "retry_steps": "0,10,60",
    "refused_steps": "0,300",
    "emails_per_second": "14",
    "email_workers": "5",
    "local_receiver_origins": "",
}
MODELS = [
    ReceiveSettings,
    RelaySettings,
    SweepSettings,
    EmailSettings,
    WebhookSettings,
    ParkSettings,
    ReceiptSettings,
    ReconcileSettings,
    AcknowledgeSettings,
    CountSettings,
    ConsoleSettings,
]


def values(model: type[Settings]) -> dict[str, str]:
    return {name: WRITTEN.get(name, f"a-{name}") for name in model.model_fields}


def test_every_settings_model_is_tested_here() -> None:
    assert set(MODELS) == set(Settings.__subclasses__())


@pytest.mark.parametrize("model", MODELS)
def test_what_infra_writes_is_what_the_function_reads(model: type[Settings]) -> None:
    written = values(model)
    environment = model.to_env(**written)
    assert environment == {name.upper(): value for name, value in written.items()}
    assert environment.keys() == {name.upper() for name in model.model_fields}
    found = model.from_env({**environment, "PATH": "/usr/bin", "AWS_REGION": "eu-west-2"})
    plain = {name: value for name, value in written.items() if name not in WRITTEN}
    assert found.model_dump(include=set(plain)) == plain


@pytest.mark.parametrize("model", MODELS)
def test_infra_cannot_leave_a_setting_out_or_make_one_up(model: type[Settings]) -> None:
    first, *rest = written = values(model)
    with pytest.raises(TypeError, match=f"{model.__name__}: missing or unknown settings: {first}$"):
        model.to_env(**{name: written[name] for name in rest})
    with pytest.raises(TypeError, match=r"settings: made_up$"):
        model.to_env(**written, made_up="x")


@pytest.mark.parametrize("model", MODELS)
def test_a_function_without_a_setting_does_not_start_and_says_which(model: type[Settings]) -> None:
    environment = model.to_env(**values(model))
    for name in model.model_fields:
        less = {key: value for key, value in environment.items() if key != name.upper()}
        with pytest.raises(ValidationError) as caught:
            model.from_env(less)
        assert [error["loc"] for error in caught.value.errors()] == [(name,)]


@pytest.mark.parametrize("model", MODELS)
def test_no_setting_has_a_default(model: type[Settings]) -> None:
    assert all(field.is_required() for field in model.model_fields.values())


def test_settings_are_read_from_the_process_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_QUEUE_URL", "https://queue.example/email")
    monkeypatch.setenv("WEBHOOK_QUEUE_URL", "https://queue.example/webhook")
    assert RelaySettings.from_env().email_queue_url == "https://queue.example/email"


def test_lists_and_documents_arrive_as_what_they_are() -> None:
    received = ReceiveSettings.from_env(ReceiveSettings.to_env(**values(ReceiveSettings)))
    assert received.hub == a_hub_contact()
    assert received.ra_policy == RaPolicy()
    assert received.clocks == ClockPolicy()
    assert received.registered_sources == {
        "mash.case-system": ("DECIDED", "RELEASED"),
        "a.feed": ("RA_FORM_METADATA",),
    }
    webhook = WebhookSettings.from_env(WebhookSettings.to_env(**values(WebhookSettings)))
    assert webhook.retry_steps == (0, 10, 60)
    assert webhook.refused_steps == (0, 300)
    assert webhook.local_receiver_origins == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hub", "{}"),
        ("hub", "not json"),
        ("hub", json.dumps({**json.loads(HUB), "more": 1})),
        ("ra_policy", "[]"),
        ("registered_sources", "{}"),
        ("registered_sources", '{"mash.case-system": []}'),
        ("registered_sources", '{"mash.case-system": ["MADE_UP"]}'),
        ("registered_sources", '{"MASH": ["DECIDED"]}'),
        ("clocks", '{"office_opens": "25:00"}'),
        ("clocks", '{"office_opens": "17:00", "office_closes": "09:00"}'),
    ],
)
def test_a_wrong_document_stops_the_function_at_its_start(name: str, value: str) -> None:
    with pytest.raises(ValidationError):
        ReceiveSettings.from_env(ReceiveSettings.to_env(**{**values(ReceiveSettings), name: value}))


@pytest.mark.parametrize("steps", ["", "0,", "0,x", "0,-1", "0,1.5"])
def test_wrong_retry_steps_stop_the_function_at_its_start(steps: str) -> None:
    with pytest.raises(ValidationError):
        EmailSettings.from_env(EmailSettings.to_env(**{**values(EmailSettings), "retry_steps": steps}))


@pytest.mark.parametrize("name", ["emails_per_second", "email_workers"])
@pytest.mark.parametrize("number", ["0", "-1", "1.5", ""])
def test_a_pace_that_would_send_nothing_stops_the_function_at_its_start(name: str, number: str) -> None:
    with pytest.raises(ValidationError, match=name):
        EmailSettings.from_env(EmailSettings.to_env(**{**values(EmailSettings), name: number}))


def test_settings_cannot_be_changed_once_read() -> None:
    settings = RelaySettings(email_queue_url="a", webhook_queue_url="b")
    with pytest.raises(ValidationError):
        settings.email_queue_url = "c"  # type: ignore[misc]
