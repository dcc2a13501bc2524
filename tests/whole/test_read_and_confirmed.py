"""Read and confirmed through the deployed API: the link of a real e-mail, and a post that a system signs."""

import json
import re
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from standardwebhooks.webhooks import Webhook

from tests.whole.conftest import Stack, an_event, eventually, mash

REF = "NS-26-WHOLE11"
LINK = re.compile(r"https://127\.0\.0\.1:\d+/\S+/read/[0-9a-f]{32}")
NEVER_GIVEN_OUT = "5bad" * 8


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    heading: str
    headers: dict[str, str]
    body: str


def ask(stack: Stack, method: str, url: str, body: bytes | None = None, **headers: str) -> Answer:
    """One request as a browser or an agency's system makes it, trusting the emulator's own certificate."""
    request = urllib.request.Request(  # noqa: S310 - the address is the stack's own, and https
        url, data=body, method=method, headers={name.replace("_", "-"): it for name, it in headers.items()}
    )
    trust = ssl.create_default_context(cafile=stack.outputs["ca_bundle"])
    try:
        with urllib.request.urlopen(request, timeout=60, context=trust) as response:  # noqa: S310
            return _answer(response)
    except urllib.error.HTTPError as refused:
        with refused:
            return _answer(refused)


def _answer(response: Any) -> Answer:
    body = response.read().decode()
    heading = re.search(r"<h1>(.*?)</h1>", body)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, heading[1] if heading else "", headers, body)


def acks(stack: Stack) -> list[tuple[str, str, str]]:
    rows = [row.item for row in stack.rows(REF) if row.item["type"] == "ACK"]
    return [(row["agency"], row["method"], row["result"]) for row in rows]


def test_a_reader_confirms_by_the_link_of_the_mail_and_a_system_by_a_signed_post(stack: Stack) -> None:
    stack.send(
        an_event("decision.neglect-joint", referral_ref=REF, event_id="11111111-0000-4000-8000-000000000011")
    )
    assert eventually(lambda: stack.kinds(REF).count("ATTEMPT_CLOSED") == 2), stack.kinds(REF)
    (mail,) = stack.mails(REF)
    (link,) = set(LINK.findall(mail.text.read_text(encoding="utf-8")))
    base, _, _ = link.partition("/read/")
    assert base == stack.outputs["confirm_base"]

    # A scanner and a browser open it: nothing is confirmed.
    assert ask(stack, "HEAD", link).body == ""
    shown = ask(stack, "GET", link)
    assert (shown.status, shown.heading) == (200, "Tell us you have read this message")
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert shown.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert (shown.headers["referrer-policy"], shown.headers["cache-control"]) == ("no-referrer", "no-store")
    assert REF in shown.body
    assert acks(stack) == []

    # The button, without a role, with one, and once more.
    form = {"content_type": "application/x-www-form-urlencoded"}
    assert ask(stack, "POST", link, b"", **form).status == 400
    assert ask(stack, "POST", link, b"role=DUTY_WORKER", **form).heading == "Thank you"
    assert ask(stack, "POST", link, b"role=MANAGER", **form).heading == "Already recorded"
    strange = ask(stack, "GET", f"{base}/read/{NEVER_GIVEN_OUT}")
    assert (strange.status, strange.heading) == (404, "This link no longer works")

    # The police's system, by its own secret and by another's.
    (received,) = stack.receipts(REF)
    event = json.loads(received.body.read_bytes())
    assert event["data"]["confirm_url"].startswith(f"{base}/read/")
    body, now = json.dumps({"id": event["id"], "role": "OFFICER_IN_CASE"}), datetime.now(UTC)
    for secret, status in (
        (Webhook("c29tZWJvZHkgZWxzZSdzIHNlY3JldA==").sign, 401),
        (_secret(stack).sign, 204),
    ):
        headers = {
            "webhook_id": event["id"],
            "webhook_timestamp": str(int(now.timestamp())),
            "webhook_signature": secret(event["id"], now, body),
        }
        assert ask(stack, "POST", f"{base}/confirmations", body.encode(), **headers).status == status

    assert acks(stack) == [
        ("north-probation", "PAGE", "CONFIRMED"),
        ("north-probation", "PAGE", "ALREADY"),
        ("north-police", "SIGNED_POST", "CONFIRMED"),
    ]
    refused = [row.item for row in stack.everything.rows() if row.item.get("input") == "CONFIRMATION"]
    assert [row["reason"] for row in refused] == ["UNKNOWN_TOKEN", "BAD_SIGNATURE"]
    assert NEVER_GIVEN_OUT not in str(refused)
    words = " ".join(mash("trail", REF, "--outputs", str(stack.outputs_file)).stdout.split())
    words = re.sub(r", msg_[0-9a-f]{8}\)", ")", words)
    which = "(child 1, version 1)"
    assert f"north-probation read and confirmed the e-mail {which}: duty worker, on the page." in words
    assert f"north-police read and confirmed the webhook {which}: officer in the case, by its own" in words


def _secret(stack: Stack) -> Webhook:
    """North police's own, as its system holds it."""
    kept = stack.client("secretsmanager").get_secret_value(
        SecretId=f"{stack.outputs['secret_prefix']}north-police"
    )
    return Webhook(json.loads(kept["SecretString"])[0]["secret"])
