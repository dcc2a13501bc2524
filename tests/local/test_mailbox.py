"""The mailbox: a real SMTP server whose own hash is the one that the trail announced."""

import hashlib
import json
import smtplib
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from infra.local.mailbox import listening_mailbox

SUBJECT = "OFFICIAL-SENSITIVE: NS-26-7KQ4ZP - outcome of a referral"
TEXT = "OFFICIAL-SENSITIVE\n\nA line - with a £ sign\nand no end"
HTML = "<!doctype html>\n<p>A line &ndash; with a £ sign</p>\n"


def a_message(text: str, html: str) -> str:
    """As the emulator relays what SES was given."""
    message = MIMEMultipart("alternative")
    message.attach(MIMEText(text, "plain", "utf-8"))
    message.attach(MIMEText(html, "html", "utf-8"))
    message["Subject"], message["From"] = SUBJECT, "outcomes@northshire.example"
    message["To"] = "somebody the envelope does not name"
    return message.as_string()


def deliver(folder: Path, *messages: str) -> list[dict[str, object]]:
    with listening_mailbox(folder) as port:
        for message in messages:
            with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
                client.sendmail("outcomes@northshire.example", ["mash@probation.secure.example"], message)
    return [json.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_hash_is_over_subject_text_and_html_with_line_feeds(tmp_path: Path, line_end: str) -> None:
    (kept,) = deliver(tmp_path, a_message(TEXT.replace("\n", line_end), HTML.replace("\n", line_end)))
    assert kept["sha256"] == hashlib.sha256(f"{SUBJECT}\0{TEXT}\0{HTML}\0".encode()).hexdigest()


def test_the_recipient_is_the_envelopes(tmp_path: Path) -> None:
    (kept,) = deliver(tmp_path, a_message(TEXT, HTML))
    assert kept["to"] == ["mash@probation.secure.example"]
    assert (kept["subject"], kept["from"]) == (SUBJECT, "outcomes@northshire.example")


def test_each_message_is_kept_as_files_that_open(tmp_path: Path) -> None:
    (first, second) = deliver(tmp_path, a_message(TEXT, HTML), a_message(TEXT, HTML))
    names = [str(name) for kept in (first, second) for name in kept["files"]]  # type: ignore[attr-defined]
    assert {Path(name).suffix for name in names} == {".eml", ".html", ".txt"}
    assert len(set(names)) == 6
    (html, *_) = [tmp_path / name for name in names if name.endswith(".html")]
    assert html.read_text(encoding="utf-8") == HTML
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_subject_cannot_leave_the_folder(tmp_path: Path) -> None:
    hostile = a_message(TEXT, HTML).replace(SUBJECT, "../../etc: ../x/" + "y" * 300)
    (folder := tmp_path / "kept").mkdir()
    deliver(folder, hostile)
    assert {path.name for path in tmp_path.iterdir()} == {"kept"}
    assert len(list(folder.iterdir())) == 4
