"""A real SMTP server that keeps every message: the e-mail side's independent witness."""

import asyncio
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from infra.local.emulator import LOOPBACK
from infra.local.folder import write_whole


@dataclass(frozen=True)
class ReceivedMail:
    """What one message said, and the hash that its STARTED row must carry."""

    subject: str
    sender: str
    to: list[str]
    text: str
    html: str

    @property
    def sha256(self) -> str:
        """Over subject, text and HTML with LF line ends, each ended by a zero byte (delivery section 1)."""
        hashed = hashlib.sha256()
        for part in (self.subject, self.text, self.html):
            hashed.update(part.replace("\r\n", "\n").encode() + b"\0")
        return hashed.hexdigest()


def read_mail(raw: bytes, to: list[str]) -> ReceivedMail:
    """The message as a reader's mail program decodes it; the recipients are the envelope's."""
    message = message_from_bytes(raw, policy=policy.default)
    return ReceivedMail(
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        to=to,
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    # get_content undoes the transfer encoding and the character set; line ends stay as they were sent.
    return "" if found is None else str(found.get_content()).replace("\r\n", "\n")


class Mailbox:
    """Stores each message as .eml, .html and .txt, and at last a .json that says the others are complete."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd, under this name, for every message."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        self.keep(read_mail(raw, list(envelope.rcpt_tos)), raw)
        return "250 kept"

    def keep(self, mail: ReceivedMail, raw: bytes) -> None:
        self._count += 1
        about = mail.subject.partition(": ")[2] or mail.subject  # without the marking
        name = f"{self._count:03d}-{_file_name(','.join(mail.to))}-{_file_name(about)}"
        contents = {"eml": raw, "html": mail.html.encode(), "txt": mail.text.encode()}
        for ending, content in contents.items():
            (self._folder / f"{name}.{ending}").write_bytes(content)
        summary = {
            "subject": mail.subject,
            "from": mail.sender,
            "to": mail.to,
            "sha256": mail.sha256,
            "received_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "files": [f"{name}.{ending}" for ending in contents],
        }
        write_whole(self._folder / f"{name}.json", json.dumps(summary, indent=1).encode())


def _file_name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "_", text)[:70].strip("_")


@contextmanager
def listening_mailbox(folder: Path) -> Iterator[int]:
    """An SMTP server on a free loopback port, which it yields."""
    loop = asyncio.new_event_loop()
    mailbox = Mailbox(folder)
    server = loop.run_until_complete(
        loop.create_server(lambda: SMTP(mailbox, hostname="localhost", loop=loop), LOOPBACK, 0)
    )
    thread = threading.Thread(target=loop.run_forever, name="mailbox", daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
