"""The frozen notice: made from a decision with the hub's own words, sealed, and opened again."""

from collections.abc import Iterator

from functions.adapters.errors import UnreadableError
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral, Sealed
from functions.adapters.vault import DataKey, Vault
from functions.domain.wording import LABELS_VERSION
from schemas.codes import MessageType, Outcome, QualityFlag
from schemas.decision import Decision
from schemas.hub_directory import HubDirectory
from schemas.notice import Frozen, FrozenLabels, FrozenNotice, FrozenUpdate, HubContact, SupportContact
from schemas.risk_assessment import PoliceCheck


def freeze(
    decision: Decision,
    sent: tuple[Outcome, ...],
    police_form: PoliceCheck,
    contact: HubContact,
    directory: HubDirectory,
    *,
    confirm_base: str,
) -> FrozenNotice:
    """The notice that every message is rendered from; `sent` leaves out what is held by itself.

    A team or council that the hub's directory does not list is left out: such a code might be a name.
    """
    labels = _labels(decision, sent, directory)
    return FrozenNotice(
        referral_ref=decision.referral_ref,
        child_index=decision.child_index,
        decision_seq=decision.decision_seq,
        message_type=MessageType.OUTCOME,
        outcome=sent[0],
        additional=sent[1:],
        reason_codes=decision.reason_codes,
        support_codes=decision.support_codes,
        next_step_codes=decision.next_step_codes,
        watch_for_codes=decision.watch_for_codes,
        info_needed_codes=decision.info_needed_codes,
        info_due_at=decision.info_due_at,
        plan_status=decision.plan_status,
        lead_role=decision.lead_role,
        lead_team_code=decision.lead_team_code if labels.team else None,
        response_change=decision.response_change,
        receiving_la=decision.receiving_la if labels.receiving_la else None,
        transfer_accepted=decision.transfer_accepted,
        family_contacted=decision.family_contacted,
        leading_agency_id=decision.leading_agency_id,
        police_recommended_next_step=decision.police_recommended_next_step,
        information_asked_of=decision.information_asked_of,
        unborn=decision.unborn,
        expected_date_of_delivery=decision.expected_date_of_delivery,
        occurred_at=decision.occurred_at,
        received_at=decision.received_at,
        decided_at=decision.decided_at,
        contact=contact,
        police_form=police_form,
        labels_version=LABELS_VERSION,
        labels=labels,
        confirm_base=confirm_base,
    )


def _labels(decision: Decision, sent: tuple[Outcome, ...], directory: HubDirectory) -> FrozenLabels:
    """Only what this notice may need: an outcome changed later finds its own words in its own notice."""
    teams = {team.code: team.name for team in directory.team}
    councils = {council.code: council.name for council in directory.authority}
    return FrozenLabels(
        outcomes={label.outcome: label.text for label in directory.label if label.outcome in sent},
        team=teams.get(decision.lead_team_code or ""),
        receiving_la=councils.get(decision.receiving_la or ""),
        support={
            service.code: SupportContact(name=service.name, phone=service.phone)
            for service in directory.service
            if service.code in decision.support_codes
        },
        early_help_working_days=directory.early_help_working_days,
    )


def unlisted(decision: Decision, directory: HubDirectory) -> Iterator[QualityFlag]:
    """Codes of the decision that the hub's directory does not list."""
    teams = {team.code for team in directory.team}
    councils = {council.code for council in directory.authority}
    if decision.lead_team_code is not None and decision.lead_team_code not in teams:
        yield QualityFlag.TEAM_UNKNOWN
    if decision.receiving_la is not None and decision.receiving_la not in councils:
        yield QualityFlag.RECEIVING_LA_UNKNOWN


def listed(decision: Decision, directory: HubDirectory) -> Decision:
    """The decision without a council that the hub does not list: its code may be anything, a name too, and
    nothing is called by it."""
    if QualityFlag.RECEIVING_LA_UNKNOWN not in set(unlisted(decision, directory)):
        return decision
    return decision.model_copy(update={"receiving_la": None})


def outcomes_in(notice: Frozen) -> tuple[Outcome, ...]:
    """The outcomes that a decision's notice tells; an update's tells none."""
    return (notice.outcome, *notice.additional) if isinstance(notice, FrozenNotice) else ()


def sealed(notice: Frozen, identity: str, pk: str, key: DataKey, vault: Vault) -> Sealed:
    """The notice under its referral's key, readable only beside the row whose uid is `identity`."""
    plain = notice.model_dump_json().encode()
    return Sealed(identity, key.seal(plain, bound_to=f"{pk}|{identity}", nonce=vault.nonce()))


def opened(referral: Referral, sk: str, key: DataKey) -> FrozenNotice | None:
    """A decision's notice as it was frozen; None if there is none, or it cannot be opened any more."""
    plain = _plain(referral, sk, key)
    return FrozenNotice.model_validate_json(plain) if plain else None


def opened_for(referral: Referral, message: DeliveryKey, key: DataKey) -> Frozen | None:
    """What a message is rendered from, a decision's or an update's; None as above."""
    plain = _plain(referral, message.notice_sk, key)
    return thawed(plain, message) if plain else None


def thawed(plain: bytes, message: DeliveryKey) -> Frozen:
    """The notice that `plain` holds, by what the message is."""
    contract = FrozenNotice if message.series is None else FrozenUpdate
    return contract.model_validate_json(plain)


def _plain(referral: Referral, sk: str, key: DataKey) -> bytes | None:
    item = referral.notices.get(sk)
    if item is None:
        return None
    try:
        return key.open(item["cipher"], bound_to=f"{referral.pk}|{item['uid']}")
    except UnreadableError:
        return None
