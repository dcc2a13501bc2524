"""The message itself: sections of plain sentences, the one source of an e-mail's text and HTML."""

from dataclasses import dataclass
from typing import Final

from functions.domain.form_link import form_link
from functions.domain.read_link import read_link
from functions.domain.wording import LABELS_VERSION
from functions.domain.wording.body import Body, body_of
from functions.domain.wording.own_referral import own_referral
from functions.domain.wording.police_form import PoliceBlock, police_block
from functions.domain.wording.told import Shape, is_revised, told
from functions.domain.wording.updates import may_be_disagreed_with, update_body, update_suffix
from schemas.codes import AgencyType, Role
from schemas.notice import Frozen, FrozenUpdate, HubContact, Pins

PREHEADER: Final = "A message about a referral. Open it to read more."
_DISAGREE: Final = (
    "If you disagree with this decision, talk to the duty manager first."
    " If you still disagree, use the partnership's escalation process:"
)
NO_OWN_REF: Final = "call us to confirm which child"


class UnknownWordingError(LookupError):
    """The notice was frozen under wording that this release does not hold, so its bytes are lost."""


@dataclass(frozen=True, kw_only=True, slots=True)
class References:
    """The references a reader quotes back to the MASH; never a name. An enquiry is about no child."""

    referral: str
    child: int | None
    yours: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What one agency reads, section by section, in reading order.

    `is_change` sets the first paragraph apart: it replaces an earlier message. `disagree` is None where no
    decision is told that its reader could challenge.
    `police_form` has no default: a message without the police check cannot be built.
    """

    marking: str
    subject: str
    preheader: str
    hub_name: str
    heading: str
    is_change: bool
    references: References
    paragraphs: tuple[str, ...]
    needed: tuple[str, ...]
    why: tuple[str, ...]
    police_form: PoliceBlock
    next_steps: tuple[str, ...]
    support: tuple[str, ...]
    form_link: str | None
    read_link: str | None
    contact: str
    emergency: str
    disagree: str | None
    escalation_url: str
    footer: tuple[str, ...]


def compose(notice: Frozen, pins: Pins, token: str | None = None) -> Message:
    """The message to one recipient; the same notice and pins always give the same message.

    `token` opens the page on which its reader says that they have read it, and of a reminder the one on which
    the police say how their form stands.

    Raises OutcomeNotHandledError for a DUP, whose notice is to hold the original's outcome, and
    UnknownWordingError for another release's wording.
    """
    if notice.labels_version != LABELS_VERSION:
        raise UnknownWordingError(notice.labels_version)
    if isinstance(notice, FrozenUpdate):
        return _framed(notice, pins, token, update_body(notice, pins), update_suffix(notice, pins))
    codes = told(notice, pins)
    suffix = _suffix(pins, notice_only=codes.shape is Shape.NOTICE)
    return _framed(notice, pins, token, body_of(notice, pins, codes), suffix)


def _framed(notice: Frozen, pins: Pins, token: str | None, body: Body, suffix: str) -> Message:
    """The frame of domain section 10.1 around a body."""
    return Message(
        marking=notice.contact.marking,
        subject=_subject(notice, pins, suffix),
        preheader=PREHEADER,
        hub_name=notice.contact.hub_name,
        heading=body.heading,
        is_change=is_revised(pins),
        references=_references(notice, pins),
        paragraphs=body.paragraphs,
        needed=body.needed,
        why=body.why,
        police_form=police_block(notice.police_form, pins.agency_type, in_brief=body.form_in_brief),
        next_steps=body.next_steps,
        support=body.support,
        form_link=form_link(notice, pins, token),
        read_link=read_link(notice, token),
        contact=_contact(notice.contact),
        emergency=_emergency(pins.agency_type),
        disagree=_DISAGREE if may_be_disagreed_with(notice) else None,
        escalation_url=notice.contact.escalation_url,
        footer=_footer(notice.contact),
    )


def _subject(notice: Frozen, pins: Pins, suffix: str) -> str:
    """Neither the outcome nor the police form: a subject is read on lock screens and kept by mail servers."""
    return f"{notice.contact.marking}: {own_referral(notice, pins).ref} - {suffix}"


def _suffix(pins: Pins, *, notice_only: bool) -> str:
    """A changed decision says so even in a notice: a second "there is an outcome" reads as a repeat."""
    if is_revised(pins):
        return "our decision has changed"
    if notice_only:
        return "there is an outcome"
    return f"outcome of {'your' if pins.role is Role.REFERRER else 'a'} referral"


def _references(notice: Frozen, pins: Pins) -> References:
    known = own_referral(notice, pins)
    child = known.child_index or None
    return References(
        referral=known.ref,
        child=child,
        yours=_own_ref(pins, NO_OWN_REF if child else "none given"),
        message=pins.message_id,
    )


def _own_ref(pins: Pins, otherwise: str) -> str:
    """On one line; with letters that could turn the line's direction or hide in it, as good as none."""
    own_ref = " ".join((pins.own_ref or "").split())
    return own_ref if own_ref.isascii() and own_ref.isprintable() and own_ref else otherwise


def _contact(contact: HubContact) -> str:
    return (
        f"MASH duty manager: {contact.duty_phone}, {contact.duty_hours}."
        f" Out of hours: {contact.out_of_hours_phone}."
    )


def _emergency(agency_type: AgencyType) -> str:
    """The police are who 999 reaches."""
    act = "act now" if agency_type is AgencyType.POLICE else "call 999"
    return f"If a child is in immediate danger, {act}. Do not use this email."


def _footer(contact: HubContact) -> tuple[str, ...]:
    sent_by = f"Sent by a system on behalf of {contact.hub_name}."
    no_reply = " Do not reply: nobody reads this mailbox." if contact.reply_to is None else ""
    wrong_reader = (
        "Sent to your agency's agreed address. If it should not have come to you,"
        f" call {contact.duty_phone} and delete it. Do not forward it outside your agency."
    )
    return (sent_by + no_reply, wrong_reader)
