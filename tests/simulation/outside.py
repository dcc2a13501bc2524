"""What stands outside the service in a simulation: queues, KMS, a bucket, agencies' systems and their
mail."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from functions.adapters.door import ReadyMessage
from functions.adapters.payload import payload_sha256
from functions.adapters.registry.directory import Entry
from functions.adapters.render import body_sha256, render_email
from functions.adapters.webhook import webhook_body
from functions.domain.delivery import LEASE, Answer
from functions.domain.wording.police_form import SENTENCES
from schemas.codes import AttemptResult, Channel, ErrorWord
from schemas.notice import Frozen, FrozenNotice, FrozenUpdate, Pins
from tests.simulation.faults import Fault
from tests.simulation.mail import MailService, Posted
from tests.simulation.schedule import Schedule, Spelling

VISIBILITY_SECONDS = 390
LONGEST_ANSWER_SECONDS = 9.0
ROUSES = 0.7
"""How often a zombie wakes just while somebody sends: perhaps the message that it has lost meanwhile."""
BUSY_FOR = timedelta(minutes=7)
"""What a busy receiver's Retry-After says."""


@dataclass
class Message:
    """One message of a queue; whoever has received it has it until it is visible again."""

    body: str
    visible_at: datetime
    receives: int = 0
    deleted: bool = False


class Queue:
    """A standard queue: in any order, and now and then the same message to two workers."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self.messages: list[Message] = []

    def put(self, body: str, *, after: float = 0.0) -> None:
        """A message that shows itself so many seconds from now."""
        self.messages.append(Message(body, self._schedule.clock.now() + timedelta(seconds=after)))

    def receive(self) -> Message | None:
        """Any message that is visible, hidden from now on, except when the queue delivers it twice."""
        now = self._schedule.clock.now()
        visible = [one for one in self.messages if one.visible_at <= now]
        if not visible:
            return None
        message = visible[int(self._schedule.chance.random() * len(visible))]
        message.receives += 1
        if self._schedule.chance.random() > 0.05:
            message.visible_at = now + timedelta(seconds=VISIBILITY_SECONDS)
        return message

    def delete(self, message: Message) -> None:
        message.deleted = True
        self.messages = [one for one in self.messages if one is not message]

    def next_visible_at(self) -> datetime | None:
        return min((one.visible_at for one in self.messages), default=None)


class FakeKms:
    """Data keys that unwrap only under the context they were made for."""

    exceptions = SimpleNamespace(InvalidCiphertextException=ValueError)

    def generate_data_key(self, *, EncryptionContext: dict[str, str], **_: Any) -> dict[str, bytes]:  # noqa: N803
        plain = EncryptionContext["pk"].encode().ljust(32, b"#")[:32]
        return {"Plaintext": plain, "CiphertextBlob": EncryptionContext["pk"].encode()}

    def decrypt(self, *, CiphertextBlob: bytes, EncryptionContext: dict[str, str]) -> dict[str, bytes]:  # noqa: N803
        if CiphertextBlob.decode() != EncryptionContext["pk"]:
            raise ValueError("another context")
        return {"Plaintext": CiphertextBlob.ljust(32, b"#")[:32]}


class FakeBucket:
    """The rejected-events bucket."""

    def put_object(self, **_: Any) -> None:
        """Kept."""


class Mood(Enum):
    """How an agency's system, or SES for an agency, answers for a while."""

    WELL = "well"
    FAILS = "fails"
    BUSY = "busy"
    REFUSES = "refuses"
    GONE = "gone"
    HANGS = "hangs"
    CUTS = "cuts"
    """It takes the message, and the answer never arrives."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message as an agency has it."""

    at: datetime
    message_id: str
    body_sha256: str
    agency_id: str


@dataclass
class World:
    """What every agency has received, and how each answers at which time."""

    moods: dict[str, list[tuple[datetime, Mood]]] = field(default_factory=dict)
    """By agency: from when on which mood; well before the first and after `calm_from`."""
    calm_from: datetime | None = None
    arrived: list[Arrived] = field(default_factory=list)
    in_flight: dict[str, int] = field(default_factory=dict)
    on_their_way: list[str] = field(default_factory=list)
    """Messages whose send has begun and not ended."""

    def mood(self, agency_id: str, now: datetime) -> Mood:
        if self.calm_from is not None and now >= self.calm_from:
            return Mood.WELL
        past = [mood for since, mood in self.moods.get(agency_id, []) if since <= now]
        return past[-1] if past else Mood.WELL


class Onlooker:
    """Whoever looks at each message before it leaves; by itself nobody does."""

    def when_addressed(self, address: str) -> None:
        """An e-mail is about to be claimed for this address, which was read at this very moment."""

    def before_a_send(self, notice: Frozen, pins: Pins, digest: str) -> None:
        """A message leaves now."""


class LostError(Exception):
    """No answer came."""


class TooFastError(Exception):
    """The provider says: slower."""


_AT_THE_DOOR = Spelling(LostError, lambda _: TooFastError())
"""A process cannot stall between the check of its deadline and its first byte: the check is the last thing it
does. The real doors look at the clock when the connection stands, a webhook's before its headers leave and an
e-mail's before its body does; what is too late then never leaves."""
_FAULTS = (Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.LOST_REPLY, Fault.LOST_REQUEST)


class Door:
    """Renders the real message, and hands it to whoever answers at that time in that mood."""

    def __init__(
        self,
        channel: Channel,
        schedule: Schedule,
        world: World,
        seen: "Onlooker",
        mail: MailService,
    ) -> None:
        self.channel = channel
        self._schedule = schedule
        self._world = world
        self._seen = seen
        self._mail = mail

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
        digest = _rendered(notice.model_dump_json(), pins.model_dump_json())
        address = agency.address_for(pins.addressee) if self.channel.is_email else None
        if address is not None:
            self._seen.when_addressed(address)
        return ReadyMessage(
            body_sha256=digest,
            template="simulated",
            template_sha256=None,
            key_ids=(),
            send_once=lambda: self._send(notice, pins, digest, Posted(pins.message_id, attempt, address)),
        )

    def _send(self, notice: Frozen, pins: Pins, digest: str, posted: Posted) -> Answer:
        world, agency_id = self._world, pins.agency_id
        faults = (*_FAULTS, Fault.THROTTLE) if self.channel.is_email else _FAULTS
        world.in_flight[agency_id] = world.in_flight.get(agency_id, 0) + (not self.channel.is_email)
        try:
            answer = self._schedule.call(
                f"send {pins.channel} {agency_id}",
                lambda: self._answer(notice, pins, digest, posted),
                faults,
                _AT_THE_DOOR,
            )
            world.on_their_way.append(pins.message_id)
            if self._schedule.chance.random() < ROUSES:
                self._schedule.rouse(LEASE)
            self._schedule.sleep(self._schedule.chance.random() * LONGEST_ANSWER_SECONDS)
        except LostError:
            return Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_TIMEOUT)
        except TooFastError:
            return Answer(AttemptResult.FAILED, error=ErrorWord.E_THROTTLED)
        finally:
            world.in_flight[agency_id] -= not self.channel.is_email
            if pins.message_id in world.on_their_way:
                world.on_their_way.remove(pins.message_id)
        self._schedule.point("back from the door")
        return answer

    def _answer(self, notice: Frozen, pins: Pins, digest: str, posted: Posted) -> Answer:
        self._seen.before_a_send(notice, pins, digest)
        now = self._schedule.clock.now()
        mood = self._world.mood(pins.agency_id, now)
        if mood in _TAKES:
            self._world.arrived.append(Arrived(now, pins.message_id, digest, pins.agency_id))
            if self.channel.is_email:
                self._mail.take(posted)
        answers = MAIL_ANSWERS if self.channel.is_email else ANSWERS
        return answers[mood]


_TAKES = frozenset({Mood.WELL, Mood.CUTS})
ANSWERS = {
    Mood.WELL: Answer(AttemptResult.SUCCESS, http_status=204),
    Mood.FAILS: Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503),
    Mood.BUSY: Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=429, hint=BUSY_FOR),
    Mood.REFUSES: Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=401),
    Mood.GONE: Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=410),
    Mood.HANGS: Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_TIMEOUT),
    Mood.CUTS: Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_CONNECTION),
}
_LATER = Answer(AttemptResult.FAILED, error=ErrorWord.E_PROVIDER)
# Too fast is a fault of a moment's, and the door's; what lasts is a day's quota that is spent.
MAIL_ANSWERS = {
    **dict.fromkeys(Mood, _LATER),
    Mood.WELL: Answer(AttemptResult.SUCCESS, provider_id="0100"),
    Mood.BUSY: Answer(AttemptResult.FAILED, error=ErrorWord.E_QUOTA),
    Mood.REFUSES: Answer(AttemptResult.FAILED, error=ErrorWord.E_MAIL_PAUSED),
    Mood.HANGS: Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_TIMEOUT),
    Mood.CUTS: Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_TIMEOUT),
}


@lru_cache(maxsize=50_000)
def _rendered(notice_json: str, pins_json: str) -> str:
    """The hash of the real bytes; that they carry the police check's sentence is looked at once for each."""
    contract = FrozenUpdate if "series" in json.loads(notice_json) else FrozenNotice
    notice, pins = contract.model_validate_json(notice_json), Pins.model_validate_json(pins_json)
    if pins.channel is Channel.WEBHOOK:
        body = webhook_body(notice, pins, None)
        text, digest = body.decode(), payload_sha256(body)
    else:
        parts = render_email(notice, pins)
        text, digest = " ".join(parts.text.split()), body_sha256(parts)
    if SENTENCES[notice.police_form.status] not in text:
        raise AssertionError("I8: a message without its police form's sentence")
    return digest
