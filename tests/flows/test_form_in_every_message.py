"""Every message beside the decisions, to every kind of reader, by e-mail and by webhook: how the police form
stands is on each, and more of it only where the decision's own message would say more."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

import pytest

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Arrival, NewDelivery, NewUpdate, Referral
from functions.adapters.render import render_email
from functions.adapters.vault import DataKey
from functions.adapters.webhook import webhook_body
from functions.domain.entitlement import Standing
from functions.domain.series import nonce_of
from functions.domain.wording.police_form import SENTENCES
from functions.flows.planning.deliveries import once_more
from functions.flows.planning.notices import thawed
from functions.flows.planning.police_form import NO_CHILD
from functions.flows.planning.recipients import Recipient
from functions.flows.updates.audience import Hearers
from functions.flows.updates.make import About, Occasion, update
from schemas.agency import Mailbox
from schemas.codes import AgencyType, Channel, RaStatus, Role, Series
from schemas.notice import FrozenUpdate
from tests.flows.lives import CHALLENGE, a_challenge, thread_in
from tests.forms import an_incorrect_form_event
from tests.notices import an_update
from tests.world import (
    World,
    a_decision,
    a_duplicate,
    a_hub_directory,
    a_receipt,
    a_registry,
    an_agency,
    change_agency,
)

REF: Final = "NS-26-7KQ4ZP"
POLICE, PROBATION = AgencyType.POLICE, AgencyType.PROBATION
EXACT, COARSE, RULES = "not correctly completed", "NOT YET COMPLETE", "Rules not met: RA"
BEFORE_A_DECISION = {Series.ACKNOWLEDGEMENT, Series.CONTRIBUTION, Series.PROBATION_ENQUIRY}
OF_THE_FORM = {Series.RA_REMINDER, Series.RA_STATUS}


@dataclass(frozen=True)
class Reader:
    """Somebody to whom a message goes; the mailbox is on a managed domain or is not."""

    agency_type: AgencyType
    role: Role
    managed: bool
    knows_the_child: bool

    @property
    def name(self) -> str:
        box = "managed" if self.managed else "bare"
        return f"hill-{box}-{self.agency_type.lower().replace('_', '-')}"

    def may_read(self, series: Series, outcome: str, channel: Channel) -> bool:
        """Whether more than the form's sentence may stand there, as the domain's sections 4 and 6 have it:
        not in a mailbox of which nobody is sure, not to whoever must ring first, not beside a notice."""
        if channel is not Channel.WEBHOOK and not self.managed:
            return False
        if series in BEFORE_A_DECISION or (series in OF_THE_FORM and self.agency_type is POLICE):
            return True
        return self.role is Role.REFERRER or (self.knows_the_child and outcome != "NFA")


READERS: Final = [
    Reader(kind, role, managed, knows)
    for kind, role, managed, knows in product(
        (
            POLICE,
            PROBATION,
            AgencyType.HEALTH_VISITING,
            AgencyType.SCHOOL,
            AgencyType.FIRE,
            AgencyType.CHILDMINDER,
        ),
        Role,
        (True, False),
        (True, False),
    )
    if role is Role.INVOLVED or knows
]
STATUTORY: Final = {POLICE, PROBATION, AgencyType.HEALTH_VISITING}


def a_county(world: World) -> None:
    agencies = {}
    for one in READERS:
        address = f"mash@{one.name}.{'secure.' if one.managed else ''}example"
        box = Mailbox(address=address, verified_at=world.now.date())
        agencies[one.name] = an_agency(one.name, one.agency_type, Channel.WEBHOOK, Channel.EMAIL, email=box)
    world.apply(a_registry(*agencies.values()))


def told(world: World, series: Series, reader: Reader) -> tuple[NewUpdate, FrozenUpdate]:
    """The update as the flow makes it for one reader, and what its messages are rendered from."""
    desk = world.intake_desk
    known = desk.intake.referral(REF)
    key, _ = desk.key_for(known.pk)
    child = NO_CHILD if series is Series.PROBATION_ENQUIRY else 1
    about, facts = About(series, child), an_update(series).facts
    made = update(about, hearers(reader, world), facts, occasion(known, key, world), desk)
    (row, *_) = made.facts
    plain = key.open(row.details["cipher"], bound_to=f"{known.pk}|{row.uid}")
    frozen = thawed(plain, DeliveryKey(REF, child, 1, "", Channel.EMAIL, f"U{series}"))
    assert isinstance(frozen, FrozenUpdate)
    return made, frozen


def hearers(reader: Reader, world: World) -> Hearers:
    entry = world.directory.look_up([reader.name]).entries[reader.name]
    own_ref = "REF-0001" if reader.knows_the_child else None
    return Hearers((Recipient(entry, Standing(reader.role), own_ref=own_ref),))


def occasion(known: Referral, key: DataKey, world: World) -> Occasion:
    """An enquiry's own item stands beside the children, so that one read serves all."""
    children = {**known.children, NO_CHILD: {"received_at": "2026-11-24T09:40:00.000Z"}}
    arrival = Arrival("bus-1", world.now, "mash.case-system")
    return Occasion(replace(known, children=children), key, arrival, "an-event", world.now, a_hub_directory())


def messages(world: World, made: NewUpdate, reader: Reader) -> Iterator[NewDelivery]:
    """Each of its deliveries, and the e-mail that takes the webhook's place where that fails."""
    entry = world.directory.look_up([reader.name]).entries[reader.name]
    for new in made.deliveries:
        yield new
        if new.key.channel is Channel.WEBHOOK:
            item = {
                **new.pins.model_dump(mode="json", exclude_none=True),
                "agency": new.key.agency_id,
                "chan": new.key.channel.value,
                "watched_after": new.watched_after_seconds,
            }
            fallback = replace(new.key, channel=Channel.FALLBACK)
            yield once_more(fallback, item, entry, world.intake_desk.managed_domains)


def check_email(text: str, status: RaStatus, reader: Reader, *, in_full: bool) -> None:
    said = " ".join(text.split())
    assert SENTENCES[status] in said
    if status is RaStatus.INCORRECT:
        assert (RULES in said) is (in_full and reader.agency_type is POLICE)
        assert (EXACT in said) is (in_full and reader.agency_type in STATUTORY - {POLICE})
        assert (f"FORM: {COARSE}" in said) is not (in_full and reader.agency_type in STATUTORY)


def check_webhook(form: dict[str, Any], status: RaStatus, reader: Reader, *, in_full: bool) -> None:
    assert form["sentence"] == SENTENCES[status]
    if status is RaStatus.INCORRECT:
        exact = reader.agency_type in STATUTORY
        assert form["status"] == ("INCORRECT" if exact else "NOT_YET_COMPLETE")
        assert bool(form["failed_rules"]) is (in_full and reader.agency_type is POLICE)
    if reader.agency_type in STATUTORY:
        assert bool(form["evaluated_at"]) is in_full


@pytest.mark.parametrize("outcome", ["S17", "NFA"])
def test_how_the_form_stands_is_on_every_message_and_its_detail_where_the_decisions_would_be(
    world: World, outcome: str
) -> None:
    """No further action leaves an involved agency without a part in a plan at a notice's level."""
    a_county(world)
    world.take(a_receipt())
    world.take(an_incorrect_form_event())
    world.take(a_decision(primary_outcome=outcome))
    seen = set[tuple[Series, AgencyType, Channel]]()
    for series, reader in product(Series, READERS):
        made, frozen = told(world, series, reader)
        status = RaStatus.NOT_REQUIRED if series is Series.PROBATION_ENQUIRY else RaStatus.INCORRECT
        assert frozen.police_form.status is status
        for new in messages(world, made, reader):
            channel = new.key.channel
            in_full = reader.may_read(series, outcome, channel)
            seen.add((series, reader.agency_type, channel))
            if channel is Channel.WEBHOOK:
                data = json.loads(webhook_body(frozen, new.pins, None))["data"]
                check_webhook(data["police_form"], status, reader, in_full=in_full)
            else:
                text = render_email(frozen, new.pins).text
                check_email(text, status, reader, in_full=in_full)
    statutory = set(product(Series, STATUTORY, (Channel.EMAIL, Channel.WEBHOOK, Channel.FALLBACK)))
    assert seen >= statutory


@pytest.mark.parametrize(("agency_type", "state"), [(PROBATION, "PARKED"), (AgencyType.SCHOOL, "SENT")])
def test_a_mailbox_lowered_before_the_send_has_no_detail_and_whoever_reads_none_has_the_message(
    world: World, agency_type: AgencyType, state: str
) -> None:
    world.apply(a_registry(an_agency("hill-agency", agency_type, Channel.EMAIL)))
    world.take(a_decision(referring_agency={"agency_id": "hill-agency", "own_ref": "HA-2041"}))
    world.send_due()
    world.take(a_challenge("hill-agency"))
    change_agency(world, "hill-agency", address="mash@hill-agency.example", mailbox_raised=False)
    world.send_due()
    nonce = nonce_of(Series.CHALLENGE, thread=thread_in(world, CHALLENGE))
    assert world.delivery("hill-agency", Channel.EMAIL, nonce=nonce)["st"] == state


def test_of_a_duplicate_whoever_challenges_it_hears_how_the_form_stands_and_no_more(world: World) -> None:
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)))
    world.take(a_decision())
    world.take(a_duplicate())
    world.send_due()
    world.mailbox.mails.clear()
    world.take(a_challenge(referral_ref="NS-26-D0PL1C"))
    assert world.send_due() == 1
    ((pins, mail),) = world.mailbox.mails
    assert (int(pins.level), "We have your challenge" in mail.text) == (1, True)
    assert "Police risk-assessment form: " not in mail.text
