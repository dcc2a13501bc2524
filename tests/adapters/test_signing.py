"""Signatures that any Standard Webhooks library accepts, and inputs that the library would let through."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import boto3
import pytest
import time_machine
from svix.webhooks import Webhook, WebhookVerificationError

from functions.adapters.errors import BusyError, UnusableSecretError
from functions.adapters.signing import (
    LiveSecrets,
    SecretShelf,
    SigningSecret,
    signed_headers,
    verified,
)
from tests.adapters.shelves import FakeSecrets, shelf_of
from tests.adapters.unreached import OVERLOADED, UNREACHED

REGION = "eu-west-2"
# The official example, SW-1.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIMESTAMP = 1614265330
BODY = b'{"test": 2432232314}'
EXPECTED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
MOMENT = datetime.fromtimestamp(TIMESTAMP, UTC)


def a_secret(byte: int, size: int = 32) -> SigningSecret:
    return SigningSecret("whsec_" + base64.b64encode(bytes([byte]) * size).decode())


def sign(*secrets: SigningSecret, now: datetime = MOMENT, body: bytes = BODY) -> dict[str, str]:
    return signed_headers(MESSAGE_ID, body, secrets, now=now)


@pytest.mark.parametrize(
    "now",
    [
        MOMENT,
        MOMENT + timedelta(milliseconds=999),
        MOMENT.astimezone(ZoneInfo("Europe/London")),
        MOMENT.astimezone(timezone(timedelta(hours=1), "BST")),
        MOMENT.astimezone(timezone(timedelta(hours=-11))),
    ],
)
def test_the_official_example_is_signed_alike_whatever_zone_the_caller_is_in(now: datetime) -> None:
    assert sign(SigningSecret(SECRET), now=now) == {
        "webhook-id": MESSAGE_ID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": EXPECTED,
    }


def test_a_caller_in_british_summer_time_signs_the_right_hour() -> None:
    summer = datetime(2026, 6, 10, 10, 30, tzinfo=ZoneInfo("Europe/London"))
    headers = sign(SigningSecret(SECRET), now=summer)
    assert headers["webhook-timestamp"] == str(int(datetime(2026, 6, 10, 9, 30, tzinfo=UTC).timestamp()))
    assert headers == sign(SigningSecret(SECRET), now=summer.astimezone(UTC))


def test_the_signature_is_an_hmac_over_id_timestamp_and_the_very_bytes() -> None:
    body = '{"name":"re\u00e9"}'.encode()
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    digest = hmac.new(key, f"{MESSAGE_ID}.{TIMESTAMP}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(digest).decode()
    assert sign(SigningSecret(SECRET), body=body)["webhook-signature"] == expected


@pytest.mark.parametrize("held", range(3))
def test_a_receiver_that_holds_any_one_of_the_live_secrets_accepts(held: int) -> None:
    secrets = (a_secret(1), a_secret(2, 24), a_secret(3, 64))
    headers = sign(*secrets, now=datetime.now(UTC))
    assert len(headers["webhook-signature"].split(" ")) == 3
    Webhook(secrets[held].whsec).verify(BODY, headers)


def test_a_receiver_with_another_secret_or_other_bytes_refuses() -> None:
    headers = sign(a_secret(1), a_secret(2), now=datetime.now(UTC))
    with pytest.raises(WebhookVerificationError):
        Webhook(a_secret(4).whsec).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(a_secret(1).whsec).verify(BODY + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(a_secret(1).whsec).verify(BODY, {**headers, "webhook-id": "msg_" + "0" * 32})


@pytest.mark.parametrize(
    ("seconds", "accepted"),
    [(-299, True), (-300, True), (299, True), (300, True), (-301, False), (301, False)],
)
def test_a_receiver_takes_4_minutes_59_either_way_and_refuses_5_minutes_01(
    seconds: int, *, accepted: bool
) -> None:
    headers = sign(a_secret(1), now=MOMENT + timedelta(seconds=seconds))
    with time_machine.travel(MOMENT, tick=False):
        if accepted:
            Webhook(a_secret(1).whsec).verify(BODY, headers)
            return
        with pytest.raises(WebhookVerificationError, match="timestamp"):
            Webhook(a_secret(1).whsec).verify(BODY, headers)


@pytest.mark.parametrize("size", [24, 25, 32, 64])
def test_a_secret_of_24_to_64_bytes_is_usable(size: int) -> None:
    assert sign(a_secret(7, size))["webhook-signature"].startswith("v1,")


@pytest.mark.parametrize(
    "whsec",
    [
        "",
        "whsec_",
        "whsec_" + base64.b64encode(bytes(1)).decode(),
        "whsec_" + base64.b64encode(bytes(23)).decode(),
        "whsec_" + base64.b64encode(bytes(65)).decode(),
        base64.b64encode(bytes(32)).decode(),
        "sk_" + base64.b64encode(bytes(32)).decode(),
        "whsec_" + "not base64 at all, but long enough",
        "whsec_" + base64.b64encode(bytes(32)).decode().rstrip("="),
        "whsec_" + base64.b64encode(bytes(32)).decode() + "\n",
        "whsec_" + base64.b64encode(bytes(32)).decode() + "!",
        "whsec_" + base64.urlsafe_b64encode(b"\xff" * 32).decode(),
        "whsec_" + "\u00e9" * 40,
    ],
)
def test_a_secret_that_the_library_would_bend_is_refused(whsec: str) -> None:
    with pytest.raises(UnusableSecretError) as caught:
        SigningSecret(whsec)
    assert len(whsec) < 8 or whsec not in str(caught.value)


@pytest.mark.parametrize(
    "message_id",
    [
        "",
        "msg_",
        "msg_" + "a" * 19,
        "msg_" + "a" * 41,
        "msg_p5jXN8AQM9LWM0D4.oKWxJek",
        "msg_p5jXN8AQM9LWM0D4_oKWxJek",
        "msg_p5jXN8AQM9LWM0D4loKWxJek\n",
        "evt_p5jXN8AQM9LWM0D4loKWxJek",
        "msg_p5jXN8AQM9LWM0D4loKWxJ\u00e9k",
    ],
)
def test_an_id_that_could_sign_like_another_is_refused(message_id: str) -> None:
    with pytest.raises(ValueError, match="message id"):
        signed_headers(message_id, BODY, (a_secret(1),), now=MOMENT)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        sign(a_secret(1), now=MOMENT.replace(tzinfo=None))


def test_a_body_that_is_not_text_is_refused_rather_than_signed_as_something_else() -> None:
    with pytest.raises(UnicodeDecodeError):
        sign(a_secret(1), body=b"\xff")


# --- what agencies sign


CONFIRMATION = b'{"id": "msg_8c6f0e1c2a4b4d0f9a7e3b5c1d2e4f60", "role": "OFFICER_IN_CASE"}'


def is_verified(headers: dict[str, str], body: bytes = BODY, *, now: datetime = MOMENT) -> bool:
    return verified(headers, body, (a_secret(1), a_secret(2)), now=now)


@pytest.mark.parametrize("held", [1, 2])
def test_a_signature_by_any_live_secret_is_verified(held: int) -> None:
    assert is_verified(sign(a_secret(held)))


@pytest.mark.parametrize("place", range(3))
def test_the_right_signature_counts_first_in_the_middle_and_last(place: int) -> None:
    signers = [a_secret(7), a_secret(8)]
    signers.insert(place, a_secret(1))
    assert is_verified(sign(*signers))


def test_what_an_independent_library_signs_is_verified() -> None:
    now = datetime.now(UTC)
    second = datetime.fromtimestamp(int(now.timestamp()), UTC)
    headers = {
        "webhook-id": MESSAGE_ID,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(a_secret(1).whsec).sign(MESSAGE_ID, second, CONFIRMATION.decode()),
    }
    assert is_verified(headers, CONFIRMATION, now=now)


def test_the_official_example_is_verified() -> None:
    headers = {"webhook-id": MESSAGE_ID, "webhook-timestamp": "1614265330", "webhook-signature": EXPECTED}
    assert verified(headers, BODY, (SigningSecret(SECRET),), now=MOMENT)


def test_another_secret_other_bytes_or_no_secret_verify_nothing() -> None:
    assert not is_verified(sign(a_secret(3)))
    assert not is_verified(sign(a_secret(1)), BODY + b" ")
    assert not verified(sign(a_secret(1)), BODY, (), now=MOMENT)


@pytest.mark.parametrize(
    ("seconds", "accepted"),
    [
        (0, True),
        (299, True),
        (300, True),
        (301, False),
        (-299, True),
        (-300, True),
        (-301, False),
        (600, False),
    ],
)
def test_a_clock_may_be_five_minutes_off_either_way_and_no_more(seconds: int, *, accepted: bool) -> None:
    headers = sign(a_secret(1), now=MOMENT + timedelta(seconds=seconds))
    assert is_verified(headers) is accepted


def test_the_callers_clock_counts_and_not_the_machines() -> None:
    assert is_verified(sign(a_secret(1)), now=MOMENT.astimezone(ZoneInfo("Europe/London")))
    assert not is_verified(sign(a_secret(1)), now=datetime.now(UTC))
    assert not is_verified(sign(a_secret(1)), now=MOMENT.replace(tzinfo=None))


HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


@pytest.mark.parametrize("name", HEADERS)
def test_without_one_of_the_three_headers_nothing_is_verified(name: str) -> None:
    headers = sign(a_secret(1))
    del headers[name]
    assert not is_verified(headers)
    assert not is_verified({**headers, name: ""})


def signed_as(**changes: str) -> dict[str, str]:
    """The headers with one of them otherwise, under a signature that is right for exactly that."""
    headers = sign(a_secret(1)) | {name.replace("_", "-"): value for name, value in changes.items()}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + BODY
    key = base64.b64decode(a_secret(1).whsec.removeprefix("whsec_"))
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return headers | {"webhook-signature": f"v1,{digest}"}


@pytest.mark.parametrize(
    "text",
    [
        " 1614265330",
        "1614265330 ",
        "1614265330\n",
        "1_614_265_330",
        "1614265330.0",
        "161426533",
        "01614265330",
        "-614265330",
        "1.61426e+9",
        "nan",
        "inf",
        "\u0661\u0666\u0661\u0664\u0662\u0666\u0665\u0663\u0663\u0660",
        "99999999999999999999",
    ],
)
def test_a_timestamp_that_is_not_ten_digits_verifies_nothing_however_it_is_signed(text: str) -> None:
    assert is_verified(signed_as())
    assert not is_verified(signed_as(webhook_timestamp=text))
    assert not is_verified(sign(a_secret(1)) | {"webhook-timestamp": text})


@pytest.mark.parametrize(
    "text",
    [
        "msg_",
        "msg_" + "a" * 19,
        "msg_" + "a" * 41,
        "msg_p5jXN8AQM9LWM0D4.oKWxJek",
        "msg_p5jXN8AQM9LWM0D4loKWxJek\n",
        "evt_p5jXN8AQM9LWM0D4loKWxJek",
        "msg_p5jXN8AQM9LWM0D4loKWxJ\u00e9k",
    ],
)
def test_an_id_that_could_sign_like_another_verifies_nothing_however_it_is_signed(text: str) -> None:
    assert not is_verified(signed_as(webhook_id=text))


@pytest.mark.parametrize(
    "text",
    [
        "v1",
        "v1,",
        ",",
        "v1,!!!!",
        "v1,\u00e9\u00e9",
        "v1,\ud800",
        "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1a,AAAA v1,BBBB,CCCC",
        "  ",
        "v1," + "A" * 100_000,
        "null",
    ],
)
def test_a_signature_that_cannot_be_read_is_none_and_never_an_error(text: str) -> None:
    assert not is_verified(sign(a_secret(1)) | {"webhook-signature": text})


@pytest.mark.parametrize("version", ["v2", "v1a", "V1", ""])
def test_a_signature_of_another_version_is_none(version: str) -> None:
    (right,) = sign(a_secret(1))["webhook-signature"].split(" ")
    other = f"{version},{right.removeprefix('v1,')}"
    assert not is_verified(sign(a_secret(1)) | {"webhook-signature": other})


@pytest.mark.parametrize("body", [b"\xff", b"\xed\xa0\x80", b""])
def test_a_body_that_is_no_text_or_nothing_is_not_verified_by_anothers_signature(body: bytes) -> None:
    assert not is_verified(sign(a_secret(1)), body)


def test_a_secret_shows_itself_nowhere() -> None:
    live = LiveSecrets((a_secret(1),), ("v-1",))
    assert a_secret(1).whsec not in f"{live!r} {a_secret(1)} {a_secret(1)!r}"


class Shelf:
    """A shelf over moto's Secrets Manager."""

    def __init__(self) -> None:
        self._client = boto3.client("secretsmanager", region_name=REGION)
        self.shelf = SecretShelf(self._client, "mash/test/webhook/")

    def put(self, text: str) -> str:
        """The new version's id."""
        name = "mash/test/webhook/north-police"
        return self._client.create_secret(Name=name, SecretString=text)["VersionId"]

    def live(self) -> LiveSecrets:
        return self.shelf.live("north-police", MOMENT)


@pytest.fixture
def kept(aws: None) -> Shelf:
    return Shelf()


def test_the_live_secrets_are_those_that_have_not_ended_in_their_order(kept: Shelf) -> None:
    listed = [
        {"secret": a_secret(3).whsec, "ends_at": None},
        {"secret": a_secret(2).whsec, "ends_at": (MOMENT + timedelta(seconds=1)).isoformat()},
        {"secret": a_secret(1).whsec, "ends_at": MOMENT.isoformat()},
    ]
    version = kept.put(json.dumps(listed))
    assert kept.live() == LiveSecrets((a_secret(3), a_secret(2)), (f"{version[:8]}-1", f"{version[:8]}-2"))


def test_an_agency_without_a_secret_cannot_be_signed_for(kept: Shelf) -> None:
    with pytest.raises(UnusableSecretError, match="no secret"):
        kept.live()


@pytest.mark.parametrize("listed", [[], [{"secret": SECRET, "ends_at": "2021-01-01T00:00:00Z"}]])
def test_an_agency_whose_secrets_have_all_ended_cannot_be_signed_for(
    listed: list[object], kept: Shelf
) -> None:
    kept.put(json.dumps(listed))
    with pytest.raises(UnusableSecretError, match="ended"):
        kept.live()


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "1",
        '"text"',
        "[1]",
        '[{"secret": "x"}]',
        '[{"ends_at": null}]',
        '[{"secret": 1, "ends_at": null}]',
        '[{"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "ends_at": "soon"}]',
        '[{"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "ends_at": "2099-01-01T00:00:00"}]',
        '[{"secret": "whsec_short", "ends_at": null}]',
    ],
)
def test_a_secret_that_is_no_list_of_secrets_is_final_and_not_repeated(text: str, kept: Shelf) -> None:
    kept.put(text)
    with pytest.raises(UnusableSecretError) as caught:
        kept.live()
    assert "whsec" not in str(caught.value) or "MfKQ" not in str(caught.value)


class NoSecretsNow(FakeSecrets):
    """Secrets Manager that cannot be reached, or has too much to do."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def get_secret_value(self, **which: str) -> dict[str, str]:
        raise self._error


@pytest.mark.parametrize("error", [*UNREACHED, *OVERLOADED], ids=str)
def test_secrets_that_cannot_be_read_now_are_to_be_read_later(error: Exception) -> None:
    with pytest.raises(BusyError):
        shelf_of(NoSecretsNow(error)).live("north-police", MOMENT)
