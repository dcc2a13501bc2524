"""Telling those who joined: under the reference that they know, held by their own holds."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import NewDelivery
from functions.domain.release import Verdict
from functions.flows.planning.deliveries import Plan, Terms, plan
from functions.flows.planning.recipients import Recipient


def plan_for_all(recipients: Sequence[Recipient], at: DeliveryKey, verdict: Verdict, terms: Terms) -> Plan:
    """What becomes of a decision's own recipients, then of those who joined.

    The decision's reference is named to a duplicate's reader only if they are told under it anyway.
    """
    own = [recipient for recipient in recipients if recipient.duplicate is None]
    first = plan(own, at, verdict.sent, verdict, terms)
    know = {new.key.agency_id for new in first.deliveries}
    know |= {one.agency_id for one in first.suppressed}
    know |= {one.agency_id for one in own if one.told_before is not None}
    others = [knowing(recipient, know) for recipient in recipients if recipient.duplicate is not None]
    second = also_held(plan(others, at, verdict.sent, verdict, terms), others)
    return Plan(
        (*first.deliveries, *second.deliveries),
        (*first.suppressed, *second.suppressed),
        (*first.to_call, *second.to_call),
        verdict.on_child,
    )


def knowing(recipient: Recipient, agencies: Collection[str]) -> Recipient:
    own = recipient.duplicate
    if own is None:
        return recipient
    known = {"knows_original": recipient.agency_id in agencies}
    return replace(recipient, duplicate=own.model_copy(update=known))


def also_held(planned: Plan, recipients: Sequence[Recipient]) -> Plan:
    """The plan with each duplicate's messages held by what holds the duplicate, too."""
    own = {(one.agency_id, one.nonce): one.own_holds for one in recipients}

    def held(new: NewDelivery) -> NewDelivery:
        triggers = own.get((new.key.agency_id, new.key.nonce), ())
        alone = tuple(trigger for trigger in triggers if trigger not in new.held)
        return replace(new, held=(*new.held, *alone))

    return replace(planned, deliveries=tuple(map(held, planned.deliveries)))
