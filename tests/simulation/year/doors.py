"""The agencies' side of a simulated year: each message is rendered as it would be, and taken or not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from functions.adapters.door import ReadyMessage
from functions.adapters.payload import payload_sha256
from functions.adapters.registry.directory import Entry
from functions.adapters.render import body_sha256, render_email
from functions.adapters.webhook import webhook_body
from functions.domain.delivery import Answer
from functions.domain.wording.police_form import SENTENCES
from schemas.codes import AttemptResult, Channel
from schemas.notice import Frozen, Pins
from tests.simulation.mail import Posted
from tests.simulation.outside import ANSWERS, MAIL_ANSWERS, Mood

THE_MAIL_SERVICE = "mail service"
_EMPTY = sha256(b"").hexdigest()


class Spell(NamedTuple):
    """A time in which an agency's system, or the mail service, answers in that mood."""

    since: datetime
    until: datetime
    mood: Mood

    def covers(self, moment: datetime) -> bool:
        return self.since <= moment < self.until


@dataclass
class Agencies:
    """How each system answers when, and how often each message has arrived there."""

    spells: Mapping[str, Sequence[Spell]]
    now: Callable[[], datetime]
    posted: Callable[[Posted], None] = field(default=lambda _: None)
    """Told of each e-mail that the mail service took."""
    arrived: dict[str, int] = field(default_factory=dict)

    def answer(self, pins: Pins, posted: Posted) -> Answer:
        """What the sender hears; whoever is well has the message then."""
        is_mail = pins.channel.is_email
        mood = self._mood(THE_MAIL_SERVICE if is_mail else pins.agency_id)
        if mood is Mood.WELL:
            self.arrived[pins.message_id] = self.arrived.get(pins.message_id, 0) + 1
            if is_mail:
                self.posted(posted)
        answer = (MAIL_ANSWERS if is_mail else ANSWERS)[mood]
        has_a_body = answer.result is AttemptResult.SUCCESS and not is_mail
        return replace(answer, response_sha256=_EMPTY) if has_a_body else answer

    def _mood(self, whose: str) -> Mood:
        now = self.now()
        return next((one.mood for one in self.spells.get(whose, ()) if one.covers(now)), Mood.WELL)


@dataclass
class YearDoor:
    """One channel's way out."""

    channel: Channel
    agencies: Agencies

    def ready(
        self,
        agency: Entry,
        notice: Frozen,
        pins: Pins,
        *,
        token: str | None,
        attempt: int,
        now: datetime,
    ) -> ReadyMessage:
        """The real bytes, which carry the police form's sentence (I8)."""
        text, digest = self._rendered(notice, pins, token)
        if SENTENCES[notice.police_form.status] not in text:
            raise AssertionError("I8: a message without its police form's sentence")
        address = agency.address_for(pins.addressee) if self.channel.is_email else None
        posted = Posted(pins.message_id, attempt, address)
        return ReadyMessage(
            body_sha256=digest,
            template=f"{'email' if self.channel.is_email else 'webhook'}-{pins.template_version}",
            template_sha256=None,
            key_ids=(),
            send_once=lambda: self.agencies.answer(pins, posted),
        )

    def _rendered(self, notice: Frozen, pins: Pins, token: str | None) -> tuple[str, str]:
        if self.channel is Channel.WEBHOOK:
            body = webhook_body(notice, pins, token)
            return body.decode(), payload_sha256(body)
        parts = render_email(notice, pins, token)
        return " ".join(parts.text.split()), body_sha256(parts)
