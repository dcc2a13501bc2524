"""One message: how it stands, every try, exactly what was sent, and sending it again."""

from dataclasses import dataclass
from typing import ClassVar

from functions.console.shown.form import Form
from functions.console.shown.parts import Done, Fact, Link, Unavailable


@dataclass(frozen=True, kw_only=True, slots=True)
class Try:
    """`technical` is the reason under the words: "No reply after 10 seconds"."""

    number: str
    at: str
    words: str
    technical: str
    took: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Email:
    """An e-mail as it went: `preview` is where its HTML is a page of its own, `text` its text part."""

    kind: ClassVar = "email"

    headers: tuple[Fact, ...]
    preview: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """A webhook's headers, its signatures shortened, and its body laid out to be read."""

    kind: ClassVar = "webhook"

    headers: tuple[Fact, ...]
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldMessage:
    """A held message has two ways on, and no sending again; `review` leads to where both are decided."""

    trigger: str
    text: str
    release: Form | None = None
    keep: Form | None = None
    review: Link | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """`sent` is Unavailable where what was sent cannot be shown: not sent yet, or its hash does not match.

    Without a form `send_again_text` says why it may not go again, and beside one `not_by_email` why that way
    is left out; whoever may not act sees none of them, and `not_allowed` says who may.
    """

    reference: Link
    title: str
    panel: tuple[Fact, ...]
    tries: tuple[Try, ...]
    sent_heading: str
    sent: Email | Webhook | Unavailable
    no_tries: str = "Not tried yet."
    facts: tuple[Fact, ...] = ()
    held: HeldMessage | None = None
    send_again: Form | None = None
    send_again_text: str = ""
    not_by_email: str = ""
    not_allowed: str | None = None
    cancel: Link | None = None
    who_to_call: Link | None = None
    phone: str = ""
    """Of whom to call."""
    done: Done | None = None
