"""The webhook receiver, as a partner should build one: the eight cases, and a bad day on request."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from functions.adapters.signing import SigningSecret, signed_headers
from functions.adapters.webhook import webhook_body
from infra.local.bad_day import bad_day
from infra.local.receiver import Receiver, listening_receiver, secrets_of, why_not_genuine
from tests.notices import a_notice, an_update, pins, update_pins

NEW = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
OTHER = "whsec_plJ3nmyCDGBKInavdOK15jsl1fRYJ8KH"
MESSAGE_ID = "msg_8c6f0e1c2a4b4d0f9a7e3b5c1d2e4f60"
BODY = '{"subject":"NS-26-7KQ4ZP","contact":"01632 960 100 \u2013 £"}'.encode()
AGENCIES = {"north-police": [NEW, OLD], "west-police": [NEW]}


class Box:
    """A receiver that is listening, and the files it keeps."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.folder, self.origin = folder, origin

    def post(
        self,
        *secrets: str,
        agency: str = "north-police",
        body: bytes = BODY,
        signed: bytes = BODY,
        late: int = 0,
        within_seconds: float = 10,
    ) -> int:
        """One signed request, as our sender makes it; `body` may differ from what was signed."""
        now = datetime.now(UTC) - timedelta(seconds=late)
        headers = signed_headers(MESSAGE_ID, signed, tuple(map(SigningSecret, secrets)), now=now)
        url = f"{self.origin}/{agency}/outcomes"
        answer = httpx.post(url, content=body, headers=headers, timeout=within_seconds)
        return answer.status_code

    def kept(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_bytes()) for path in sorted(self.folder.glob("*.json"))]


def boxed(folder: Path, *bad_days: str) -> Iterator[Box]:
    receiver = Receiver(folder, lambda agency: AGENCIES.get(agency, []), dict(map(bad_day, bad_days)))
    with listening_receiver(receiver) as origin:
        yield Box(folder, origin)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    yield from boxed(tmp_path)


@pytest.fixture
def box_on_a_bad_day(tmp_path: Path) -> Iterator[Box]:
    yield from boxed(tmp_path, "west-police=fails:1")


@pytest.mark.parametrize(
    "secrets", [(NEW,), (OLD,), (NEW, OLD), (OTHER, OLD)], ids=["new", "old", "both", "ours is the last"]
)
def test_any_live_secret_verifies(box: Box, secrets: tuple[str, ...]) -> None:
    assert box.post(*secrets) == 204
    assert [kept["verified"] for kept in box.kept()] == [True]


@pytest.mark.parametrize(
    "body",
    [webhook_body(a_notice(), pins(), None), webhook_body(an_update(), update_pins(), None)],
    ids=["an outcome", "an update"],
)
def test_both_types_of_event_are_verified_and_kept(box: Box, body: bytes) -> None:
    assert box.post(NEW, body=body, signed=body) == 204
    assert [kept["verified"] for kept in box.kept()] == [True]
    assert [path.read_bytes() for path in box.folder.glob("*.body")] == [body]


@pytest.mark.parametrize(
    "request_",
    [
        {"secrets": (OTHER,)},
        {"secrets": (NEW,), "body": BODY.replace(b"NS-26-7KQ4ZP", b"NS-26-7KQ4ZQ")},
        {"secrets": (NEW,), "late": 600},
        {"secrets": (NEW,), "late": -600},
        {"secrets": (NEW,), "agency": "nobody-knows"},
        {"secrets": (NEW,), "body": b"\xff\xfe"},
        {"secrets": (NEW,), "body": b""},
    ],
    ids=["wrong secret", "tampered", "10 min late", "10 min early", "unknown agency", "no text", "empty"],
)  # fmt: skip
def test_anything_else_is_refused_and_kept(box: Box, request_: dict[str, Any]) -> None:
    assert box.post(*request_.pop("secrets"), **request_) == 401
    assert [(kept["verified"], bool(kept["why_not"])) for kept in box.kept()] == [(False, True)]


TEST_BODY = '{"specversion":"1.0","type":"uk.mash.endpoint-test.v1","data":{}}'


@pytest.mark.parametrize("kind", ["endpoint-test", "canary"])
def test_a_genuine_test_event_or_canary_is_answered_and_not_kept(box: Box, kind: str) -> None:
    body = TEST_BODY.replace("endpoint-test", kind).encode()
    assert box.post(NEW, body=body, signed=body) == 204
    assert list(box.folder.iterdir()) == []


def test_a_test_event_that_nobody_signed_is_refused_and_kept(box: Box) -> None:
    assert box.post(OTHER, body=TEST_BODY.encode(), signed=TEST_BODY.encode()) == 401
    assert [kept["verified"] for kept in box.kept()] == [False]


def test_a_test_event_leaves_the_bad_day_to_the_first_outcome(box_on_a_bad_day: Box) -> None:
    box, test = box_on_a_bad_day, TEST_BODY.encode()
    assert box.post(NEW, agency="west-police", body=test, signed=test) == 204
    assert [box.post(NEW, agency="west-police") for _ in range(2)] == [503, 204]


@pytest.mark.parametrize("body", ["[]", '"uk.mash.endpoint-test.v1"', '{"type":"another"}', "{}"])
def test_only_the_test_events_own_type_is_a_test(box: Box, body: str) -> None:
    assert box.post(NEW, body=body.encode(), signed=body.encode()) == 204
    assert len(box.kept()) == 1


HUB = {"webhook-request-origin": "outcomes.northshire.example"}


def test_an_agency_that_is_known_agrees_to_the_hub_that_asks(box: Box) -> None:
    answer = httpx.options(f"{box.origin}/north-police/outcomes", headers=HUB)
    assert answer.status_code == 200
    assert answer.headers["webhook-allowed-origin"] == "outcomes.northshire.example"
    assert box.kept() == []


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/nobody-knows/outcomes", HUB),
        ("/elsewhere", HUB),
        ("/north-police/outcomes", {}),
        ("/north-police/outcomes", {"webhook-request-origin": ""}),
        ("/north-police/outcomes", {"webhook-request-origin": "a b"}),
    ],
)
def test_nobody_else_agrees_to_anything(box: Box, path: str, headers: dict[str, str]) -> None:
    answer = httpx.options(f"{box.origin}{path}", headers=headers)
    assert (answer.status_code, "webhook-allowed-origin" in answer.headers) == (404, False)


def test_a_repeated_id_is_answered_and_done_nothing_about(box: Box) -> None:
    assert [box.post(NEW), box.post(NEW)] == [204, 204]
    assert [kept["duplicate"] for kept in box.kept()] == [False, True]


def test_the_first_request_of_one_agency_can_fail(box_on_a_bad_day: Box) -> None:
    box = box_on_a_bad_day
    assert [box.post(NEW, agency=agency) for agency in ("north-police", "west-police", "west-police")] == [
        204,
        503,
        204,
    ]
    assert [kept["duplicate"] for kept in box.kept()] == [False, False, False]


def test_the_bytes_are_kept_as_they_came(box: Box) -> None:
    box.post(NEW)
    (body,) = box.folder.glob("*.body")
    assert body.read_bytes() == BODY


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/elsewhere", 404), ("GET", "/north-police/outcomes", 501), ("POST", "/../outcomes", 404)],
)
def test_only_a_post_to_an_agencys_path_is_taken(box: Box, method: str, path: str, status: int) -> None:
    assert httpx.request(method, f"{box.origin}{path}").status_code == status
    assert box.kept() == []


@pytest.mark.parametrize("signature", ["", "v1", "v1,", "v1,not base64", "v2,AAAA", "v1,AAAA v1,AAAA", ","])
def test_a_malformed_signature_is_a_refusal_and_no_crash(signature: str) -> None:
    headers = {
        "webhook-id": MESSAGE_ID,
        "webhook-timestamp": str(int(datetime.now(UTC).timestamp())),
        "webhook-signature": signature,
    }
    assert why_not_genuine(BODY, headers, [NEW])


class Shelf:
    """Secrets Manager, with one agency's secret."""

    class exceptions:  # noqa: N801 - boto3's own name
        class ResourceNotFoundException(Exception): ...  # noqa: N818

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803
        if SecretId != "mash/local/webhook/north-police":
            raise self.exceptions.ResourceNotFoundException
        return {
            "SecretString": json.dumps([{"secret": NEW, "ends_at": None}, {"secret": OLD, "ends_at": None}])
        }


def test_secrets_are_read_where_the_sender_reads_them() -> None:
    secrets = secrets_of(Shelf(), "mash/local/webhook/")  # type: ignore[arg-type]
    assert (secrets("north-police"), secrets("south-police")) == ([NEW, OLD], [])


def test_a_flaky_day_fails_some_and_takes_others(tmp_path: Path) -> None:
    for box in boxed(tmp_path, "north-police=flaky"):
        answers = [box.post(NEW) for _ in range(20)]
    assert set(answers) == {204, 503}


def test_on_a_silent_day_nothing_is_answered_and_nothing_is_kept(tmp_path: Path) -> None:
    for box in boxed(tmp_path, "north-police=silent"):
        with pytest.raises(httpx.ReadTimeout):
            box.post(NEW, within_seconds=0.3)
        assert box.kept() == []


@pytest.mark.parametrize("text", ["north-police", "north-police=fails:x", "=flaky", "north-police=gone"])
def test_a_bad_day_that_is_none_ends_the_command(text: str) -> None:
    with pytest.raises(SystemExit):
        bad_day(text)
