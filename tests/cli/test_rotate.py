"""`mash rotate`: a new secret beside the older ones, printed once; the trail has its key's id alone."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from functions.adapters.errors import UnusableSecretError
from functions.adapters.registry.secret_keeper import MOST_LIVE
from functions.adapters.signing import SecretShelf, SigningSecret, signed_headers
from infra.local.receiver import why_not_genuine
from schemas.agency import Agency, Endpoint, Registry
from schemas.codes import AgencyType, Channel
from tests.cli.offices import PREFIX, Desk, a_desk
from tests.world import MORNING, an_agency

GIVEN = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def desk(_no_real_account: None, tmp_path: Path) -> Iterator[Desk]:
    (folder := tmp_path / "webhooks").mkdir()
    with a_desk(folder) as desk:
        police = an_agency("north-police", AgencyType.POLICE, Channel.WEBHOOK, aliases=("np",))
        apply(
            desk,
            police.model_copy(update={"webhook": Endpoint(url=desk.url("north-police"))}),
            an_agency("oakfield-school", AgencyType.SCHOOL, Channel.EMAIL, webhook=None),
        )
        yield desk


def apply(desk: Desk, *agencies: Agency) -> None:
    registry = Registry(approved_by="head-of-mash", agency=agencies)
    office = desk.office
    office.directory.apply(registry, applier="x", now=desk.now, stage=office.stage, allow_removal=True)


@pytest.fixture
def rotate(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(*arguments: str, agency: str = "north-police", **how: Any) -> Result:
        return desk.mash("rotate", agency, *arguments, patch=monkeypatch, **how)

    return run


def live(desk: Desk, at: datetime | None = None) -> list[str]:
    shelf = SecretShelf(desk.secrets, PREFIX)
    return [secret.whsec for secret in shelf.live("north-police", at or desk.now).secrets]


def test_a_new_secret_is_the_only_thing_on_standard_output(desk: Desk, rotate: Any) -> None:
    answer = rotate()
    assert answer.exit_code == 0
    (printed,) = answer.stdout.splitlines()
    assert live(desk) == [printed]
    assert len(base64.b64decode(printed.removeprefix("whsec_"), validate=True)) == 32
    assert printed not in answer.stderr
    assert answer.stderr.startswith("north-police is signed for with ")


def test_each_secret_is_new_and_the_newest_comes_first(desk: Desk, rotate: Any) -> None:
    secrets = [rotate().stdout.strip() for _ in range(3)]
    assert live(desk) == secrets[::-1]
    assert len(set(secrets)) == 3


@pytest.mark.parametrize("hours", [1, 24, 168])
def test_the_older_secret_signs_beside_the_new_one_until_the_overlap_ends(
    desk: Desk, rotate: Any, hours: int
) -> None:
    old = rotate().stdout.strip()
    new = rotate("--overlap-hours", str(hours)).stdout.strip()
    ends = MORNING + timedelta(hours=hours)
    assert live(desk, ends - timedelta(seconds=1)) == [new, old]
    assert live(desk, ends) == [new]


def test_without_an_overlap_the_older_one_ends_at_once(desk: Desk, rotate: Any) -> None:
    rotate()
    new = rotate("--overlap-hours", "0")
    assert live(desk) == [new.stdout.strip()]
    assert new.stderr.endswith(", and no other.\n")


def test_one_that_was_to_end_sooner_still_does_and_one_that_ended_is_gone(desk: Desk, rotate: Any) -> None:
    first = rotate().stdout.strip()
    second = rotate("--overlap-hours", "1").stdout.strip()
    third = rotate("--overlap-hours", "24").stdout.strip()
    assert live(desk, MORNING + timedelta(minutes=59)) == [third, second, first]
    assert live(desk, MORNING + timedelta(hours=1)) == [third, second]
    desk.now += timedelta(hours=2)
    fourth = rotate().stdout.strip()
    kept = json.loads(desk.secrets.get_secret_value(SecretId=f"{PREFIX}north-police")["SecretString"])
    assert [entry["secret"] for entry in kept] == [fourth, third, second]


@pytest.mark.parametrize("hours", ["-1", "169", "1.5", "long"])
def test_an_overlap_is_at_most_a_week(desk: Desk, rotate: Any, hours: str) -> None:
    assert rotate("--overlap-hours", hours).exit_code == 2
    assert desk.rows("G#north-police")[-1]["type"] == "REGISTRY_CHANGE"


def test_a_secret_of_their_own_is_read_and_not_printed(desk: Desk, rotate: Any) -> None:
    answer = rotate("--from-stdin", input=f"{GIVEN}\n")
    assert (answer.exit_code, answer.stdout) == (0, "")
    assert GIVEN not in answer.stderr
    assert live(desk) == [GIVEN]


@pytest.mark.parametrize(
    "given",
    ["", "whsec_", "whsec_short", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64!", "whsec_\u00e9"],
)
def test_a_secret_that_could_not_sign_is_refused_without_being_repeated(
    desk: Desk, rotate: Any, given: str
) -> None:
    answer = rotate("--from-stdin", input=f"{given}\n")
    assert answer.exit_code == 1
    assert answer.stderr.startswith("Error: No secret was changed: ")
    assert not given or given not in answer.stderr.removeprefix("Error: No secret was changed: not a whsec_")
    assert desk.rows("G#north-police")[-1]["type"] == "REGISTRY_CHANGE"


def test_a_secret_that_signs_already_is_not_set_again(desk: Desk, rotate: Any) -> None:
    rotate("--from-stdin", input=GIVEN)
    again = rotate("--from-stdin", input=GIVEN)
    assert (again.exit_code, "signs already" in again.stderr) == (1, True)
    assert live(desk) == [GIVEN]


@pytest.fixture
def two(desk: Desk) -> Desk:
    """West police have a webhook too, and a secret that they made."""
    urls = {name: Endpoint(url=desk.url(name)) for name in ("north-police", "west-police")}
    apply(
        desk,
        *(
            an_agency(name, AgencyType.POLICE, Channel.WEBHOOK).model_copy(update={"webhook": url})
            for name, url in urls.items()
        ),
    )
    desk.office.set_secret("west-police", SigningSecret(GIVEN), timedelta())
    return desk


def test_a_secret_that_signs_for_another_agency_is_refused(two: Desk, rotate: Any) -> None:
    """Each could say that the other has read a message."""
    answer = rotate("--from-stdin", input=GIVEN)
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr == (
        "Error: No secret was changed: it signs for another agency: each agency needs one of its own.\n"
    )
    assert [row for row in two.rows("G#north-police") if row["type"] == "ENDPOINT"] == []
    with pytest.raises(UnusableSecretError):
        live(two)


def test_so_is_one_of_an_agency_that_has_gone(two: Desk, rotate: Any) -> None:
    """What it was sent can still be confirmed with it."""
    police = an_agency("north-police", AgencyType.POLICE, Channel.WEBHOOK)
    apply(two, police.model_copy(update={"webhook": Endpoint(url=two.url("north-police"))}))
    assert rotate("--from-stdin", input=GIVEN).exit_code == 1


def test_one_that_another_agency_still_signs_with_during_its_rotation_is_refused_until_it_ends(
    two: Desk, rotate: Any
) -> None:
    assert rotate("--overlap-hours", "1", agency="west-police").exit_code == 0
    assert rotate("--from-stdin", input=GIVEN).exit_code == 1
    two.now += timedelta(hours=1)
    assert rotate("--from-stdin", input=GIVEN).exit_code == 0
    assert live(two) == [GIVEN]


def test_no_more_secrets_are_live_than_a_receiver_can_be_asked_to_try(desk: Desk, rotate: Any) -> None:
    for _ in range(MOST_LIVE):
        assert rotate("--overlap-hours", "168").exit_code == 0
    before = live(desk)
    refused = rotate("--overlap-hours", "168")
    assert (refused.exit_code, "wait until one has ended" in refused.stderr) == (1, True)
    assert (live(desk), len(before)) == (before, MOST_LIVE)
    assert rotate("--overlap-hours", "0").exit_code == 0
    assert len(live(desk)) == 1


def test_the_trail_names_the_key_and_never_the_secret(desk: Desk, rotate: Any) -> None:
    secrets = [rotate().stdout.strip(), rotate().stdout.strip()]
    rows = [row for row in desk.rows("G#north-police") if row["type"] == "ENDPOINT"]
    assert [(row["result"], row["actor"], row["live"]) for row in rows] == [
        ("SECRET_CHANGED", desk.actor, 1),
        ("SECRET_CHANGED", desk.actor, 2),
    ]
    assert ("older_end_at" in rows[0], rows[1]["older_end_at"]) == (False, "2026-11-25T15:02:30+00:00")
    assert not [secret for secret in secrets if secret.removeprefix("whsec_") in repr(rows)]
    signs = SecretShelf(desk.secrets, PREFIX).live("north-police", desk.now).key_ids[0]
    assert rows[-1]["key_id"] == signs, "messages are signed under the id that the trail knows"


def test_no_secret_is_changed_that_the_trail_does_not_know(
    desk: Desk, rotate: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = rotate().stdout.strip()

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr("functions.adapters.registry.endpoint_rows.EndpointRows.secret_changed", fails)
    answer = rotate()
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert live(desk) == [old]


@pytest.mark.parametrize("agency", ["south-police", "oakfield-school"])
def test_only_an_agency_with_a_webhook_has_a_secret(desk: Desk, rotate: Any, agency: str) -> None:
    answer = rotate(agency=agency)
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert f"{agency} is no active agency with a webhook" in answer.stderr


def test_an_agency_that_has_gone_gets_no_secret(desk: Desk, rotate: Any) -> None:
    apply(desk, an_agency("oakfield-school", AgencyType.SCHOOL, Channel.EMAIL, webhook=None))
    assert rotate().exit_code == 1


def test_an_alias_means_its_agency_here_too(desk: Desk, rotate: Any) -> None:
    secret = rotate(agency="np").stdout.strip()
    assert live(desk) == [secret]


def test_a_receiver_with_the_old_secret_the_new_one_or_both_never_refuses(desk: Desk, rotate: Any) -> None:
    """The overlap as a partner lives through it: verified by a library of its own, at every step."""
    old = rotate().stdout.strip()
    new = rotate().stdout.strip()
    body = b'{"subject":"NS-26-7KQ4ZP"}'
    moment = datetime.now(MORNING.tzinfo)
    headers = signed_headers(f"msg_{'0' * 32}", body, tuple(map(SigningSecret, live(desk))), now=moment)
    for held in ([old], [new], [old, new], [new, old]):
        assert why_not_genuine(body, headers, held) is None
