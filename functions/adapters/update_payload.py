"""The webhook's body of what is told beside the decisions."""

from functions.adapters.payload import told_contact, told_police_form
from functions.domain.form_link import form_link
from functions.domain.read_link import read_link
from functions.domain.wording import links_to_the_form_page
from functions.domain.wording.asked import filing_steps
from functions.domain.wording.own_referral import own_referral
from functions.domain.wording.unwritten import there_is_news
from functions.domain.wording.updates import MESSAGE_TYPES, how_to_hear_of, is_told, update_body
from functions.domain.wording.updates.police_form import say_so_here
from schemas.codes import Level
from schemas.notice import FrozenUpdate, Pins
from schemas.outcome import ToldPlan
from schemas.update import ToldNews, UpdateData, UpdateEvent


def render_update(update: FrozenUpdate, pins: Pins, token: str | None = None) -> bytes:
    """The body as bytes; a message of the first version lacks the key that came after it, so that its bytes
    stay what they were."""
    event = update_event(update, pins, token)
    lacks = None if links_to_the_form_page(pins.template_version) else {"data": {"police_form_url"}}
    return event.model_dump_json(exclude=lacks).encode()


def update_event(update: FrozenUpdate, pins: Pins, token: str | None = None) -> UpdateEvent:
    """The CloudEvent for one recipient, addressed as a decision's is."""
    publisher = update.contact.publisher_url.rstrip("/")
    return UpdateEvent(
        id=pins.message_id,
        source=f"{publisher}/mash",
        subject=own_referral(update, pins).ref,
        time=update.occurred_at,
        dataschema=f"{publisher}/schemas/update-1.0.json",
        protectivemarking=update.contact.marking,
        data=_data(update, pins, token),
    )


def _data(update: FrozenUpdate, pins: Pins, token: str | None) -> UpdateData:
    """Of the police form, at a notice's level, only what a notice says, whatever else is told."""
    known = own_referral(update, pins)
    in_full, says = pins.level > Level.NOTICE, is_told(update, pins)
    return UpdateData(
        referral_ref=known.ref,
        child_index=(known.child_index or None) if says else None,
        own_ref=pins.own_ref,
        level=pins.level,
        message_type=MESSAGE_TYPES[update.series],
        news=_news(update, pins, token) if says else None,
        said_instead=None if says else _instead(update, pins),
        police_form=told_police_form(update.police_form, pins, in_full=in_full, says_which=in_full),
        next_steps=filing_steps(pins),
        plan=_plan(update) if pins.level is Level.PLAN else None,
        contact=told_contact(update.contact),
        confirm_url=read_link(update, token),
        police_form_url=form_link(update, pins, token),
    )


def _news(update: FrozenUpdate, pins: Pins, token: str | None) -> ToldNews:
    facts, body = update.facts, update_body(update, pins)
    link = form_link(update, pins, token)
    return ToldNews(
        series=update.series,
        thread=update.thread,
        number=update.number,
        happened_at=facts.happened_at,
        due_at=facts.due_at,
        enquiry_result=facts.enquiry_result,
        enquiry_answer=facts.enquiry_answer,
        receiving_la=facts.receiving_la if update.labels.receiving_la else None,
        challenge_stage=facts.challenge_stage,
        challenge_result=facts.challenge_result,
        decision_seq=pins.told_before.decision_seq if pins.told_before else None,
        reminder=facts.reminder,
        next_reminder_at=facts.next_reminder_at,
        outcome=facts.outcome,
        text=(
            body.heading,
            *body.paragraphs,
            *body.why,
            *body.next_steps,
            *((say_so_here(link),) if link else ()),
        ),
    )


def _instead(update: FrozenUpdate, pins: Pins) -> str:
    said = (*there_is_news(update, pins, "this message"), *how_to_hear_of(update, "the reference"))
    return " ".join(said)


def _plan(update: FrozenUpdate) -> ToldPlan | None:
    """A team that the hub's directory does not list stays out: its code could be somebody's name."""
    facts = update.facts
    if facts.plan_status is None:
        return None
    return ToldPlan(
        status=facts.plan_status,
        lead_role=facts.lead_role,
        lead_team_code=facts.lead_team_code if update.labels.team else None,
    )
