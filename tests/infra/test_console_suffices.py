"""The console's role lets it do what its pages ask for, recorded as they are drawn, and no more."""

from collections.abc import Iterator
from datetime import timedelta

import boto3
import pytest
import time_machine

from functions.adapters.vault import Vault
from functions.console.routes import ROUTES
from schemas.codes import Channel
from tests.console.council import AUDITOR, Person
from tests.console.every_page import PEOPLE
from tests.console.office import Office
from tests.infra.template import Template, refers_to
from tests.infra.test_operator_suffices import KEYS_OF_SERVICES, Asked, Recorder
from tests.infra.test_permissions import grants_of
from tests.stage_tables import REGION, on_moto, store_over
from tests.world import MORNING, World, a_decision, a_world

FOR_THE_ACTS = {
    ("dynamodb:ConditionCheckItem", "<AuditStoreState>"),
    ("dynamodb:Query", "<AuditStoreState>/index/due"),
    ("events:PutEvents", ""),
}
"""What people ask for by a button: of an agency, what waits; and to record a police form."""
OF_A_DIRECTORY = {("secretsmanager:GetSecretValue", "")}
OF_ITS_LOG = {("logs:CreateLogStream", ""), ("logs:PutLogEvents", "")}


@pytest.fixture
def world(_no_real_account: None) -> Iterator[World]:
    with a_world(on_moto) as one, time_machine.travel(MORNING, tick=False):
        one.take(a_decision())
        one.send_due()
        yield one


@pytest.fixture
def recorder(world: World, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Of clients made from now on: the world has its own."""
    session, recorder = boto3.Session(), Recorder()
    session.events.register("before-parameter-build", recorder.note)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", session)
    return recorder


@pytest.fixture
def office(world: World, recorder: Recorder) -> Office:
    store = store_over(boto3.client("dynamodb", region_name=REGION))
    vault = Vault(boto3.client("kms", region_name=REGION), None, lambda length: b"\0" * length)
    return Office(store, world.clocks, lambda: world.now, vault=vault)


def opened(world: World) -> Iterator[tuple[Person, str]]:
    """Each page of the console, by the address that one of its things has, for somebody who may look."""
    message = world.delivery("north-police", Channel.WEBHOOK)
    for route in ROUTES:
        address = (
            route.path.replace("<message_id>", str(message["message_id"]))
            .replace("<ref>", a_decision()["referral_ref"])
            .replace("<agency_id>", "north-police")
        )
        yield PEOPLE[min(route.may_look)], address
    yield AUDITOR, f"/access?ref={a_decision()['referral_ref']}"


@pytest.fixture
def asked(world: World, recorder: Recorder, office: Office) -> set[Asked]:
    """Every action that coming in, each page, and going take."""
    browser = office.signed_in()
    for person, address in opened(world):
        assert office.signed_in(person).get(address).status in {200, 303, 404}, address
    world.now += timedelta(minutes=2)
    assert browser.get("/").status == 200
    assert browser.get("/sign-out", sec_fetch_site="same-origin").status == 303
    return recorder.calls


def test_the_consoles_role_is_what_its_pages_and_acts_ask_for_and_no_more(
    asked: set[Asked], template: Template
) -> None:
    role = template.functions["console"]["Role"]
    policies = [
        policy
        for policy in template.resources("AWS::IAM::Policy")
        if refers_to(role) in {refers_to(holder) for holder in policy["Roles"]}
    ]
    granted = {
        (it.action, it.resource if it.action.startswith(("dynamodb:", "kms:")) else "")
        for policy in policies
        for it in grants_of("console", policy)
        if it.effect == "Allow" and it.resource not in KEYS_OF_SERVICES
    }
    assert asked <= granted
    assert asked | FOR_THE_ACTS | OF_A_DIRECTORY | OF_ITS_LOG == granted
