"""The demo's stories told with a fixed clock: trail, e-mails and webhooks compared whole with their goldens.

`make golden` writes them again from what the system says now; the diff is what a reviewer reads.
"""

import difflib
import json
import os
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.adapters.ledger.store import Item
from functions.cli.registry import EXAMPLE, read_registry
from functions.cli.scenarios import FAILURES, SCENARIOS, SILENT_ENDPOINT, Act, Bounce, Call, Confirm, Release
from functions.flows.acting.done import WhichTask, done
from schemas.clocks import ClockPolicy
from schemas.codes import Channel
from schemas.risk_assessment import RaPolicy
from tests.mail_events import said
from tests.readers import pressed, token_for
from tests.simulation.outside import FakeKms
from tests.world import STEPS, World, a_world, wrapped

EVENTS = Path(__file__).parents[2] / "events"
GOLDEN = EVENTS / "golden"
CONFIG = EVENTS.parent / "infra" / "config"

CHANCE = frozenset(
    {"prev", "salt", "uid", "gsk", "dsk", "cipher", "took_ms", "template_sha256", "body_sha256"}
)
"""What hangs on keys, salts and clocks that no golden can hold; the chain's own tests check these."""

TOKEN = re.compile(r"/(read|police-form)/[0-9a-f]{32}\b")

Told = dict[str, str]


@pytest.fixture(scope="module")
def told(request: pytest.FixtureRequest) -> Iterator[Told]:
    """Golden file's name -> what the system says now, after every story has run."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "testing")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        environment.setenv("AWS_DEFAULT_REGION", "eu-west-2")
        with a_world() as world:
            world.kms = FakeKms()
            world.apply(read_registry(EXAMPLE))
            world.ra_policy = RaPolicy.model_validate_json(the_local_stages("ra_policy"))
            world.clocks = ClockPolicy.model_validate_json(the_local_stages("clocks"))
            world.chases = True
            world.police.refuses = Counter({**FAILURES, SILENT_ENDPOINT: len(STEPS) - 1})
            for scenario in SCENARIOS:
                for step in scenario.steps:
                    if isinstance(step, tuple):
                        for name in step:
                            take(world, name)
                    else:
                        act_out(step, world)
                    world.send_due()
                    world.later(minutes=1)
            world.send_due()
            yield dict(everything_told(world))


def the_local_stages(table: str) -> str:
    """What the demo runs under, so that the goldens say what the demo says."""
    local = tomllib.loads((CONFIG / "local.toml").read_text(encoding="utf-8"))
    return json.dumps(local[table])


def act_out(act: Act, world: World) -> None:
    """What the demo does on a running stack."""
    match act:
        case Release():
            world.release(act.ref, agency=act.agency, allegation=act.allegation, reason=act.reason)
        case Bounce():
            world.send_due()
            mailed = newest_mail(act.ref, act.agency, world)
            world.hear(said("came-back", message_id=mailed["message_id"], attempt=mailed["attempt"]))
            world.send_due()
        case Call():
            done(WhichTask(act.task, act.ref, agency_id=act.agency), world.order(act.reason), world.act_desk)
        case Confirm():
            pressed(world, token_for(world, act.agency, Channel.EMAIL), act.role)


def newest_mail(ref: str, agency: str, world: World) -> Item:
    """The row with which its newest e-mail left."""
    return [
        row
        for row in world.rows(ref)
        if row["type"] == "ATTEMPT_STARTED" and (row["agency"], row["chan"]) == (agency, "email")
    ][-1]


def take(world: World, name: str) -> None:
    text = (EVENTS / name).read_text(encoding="utf-8")
    try:
        world.take_raw(wrapped(json.loads(text), f"bus-{world.serial()}"), name)
    except ValueError:
        world.take_raw(text, name)


def decisions() -> Iterator[tuple[str, str]]:
    """Each decision file and its referral."""
    for path in sorted(EVENTS.glob("decision.*.json")):
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))["referral_ref"]


def everything_told(world: World) -> Iterator[tuple[str, str]]:
    by_referral: dict[str, list[str]] = defaultdict(list)
    for name, ref in decisions():
        by_referral[ref].append(name)
    for ref, names in by_referral.items():
        name = names[0]
        yield f"{name}.trail.json", as_json([readable(row) for row in world.rows(ref)])
        doors = (world.mailbox, world.doors[Channel.FALLBACK])
        mails = [mail for door in doors for _, mail in door.mails if ref in mail.subject]
        if mails:
            letters = sorted(f"Subject: {mail.subject}\n\n{without_token(mail.text)}" for mail in mails)
            yield f"{name}.email.txt", ("\n" + "=" * 72 + "\n\n").join(letters)
        posts = [json.loads(body) for _, body in world.police.sent if json.loads(body)["subject"] == ref]
        if posts:
            yield (
                f"{name}.webhook.json",
                without_token(as_json(sorted(posts, key=lambda post: str(post["id"])))),
            )
    yield (
        "malformed.trail.json",
        as_json(sorted(map(readable, world.refused()), key=lambda row: row["sha256"])),
    )


def without_token(text: str) -> str:
    """A token hangs on its referral's key; that it is the same at every try is tested where it is made."""
    return TOKEN.sub(r"/\1/<token>", text)


def readable(row: Item) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in CHANCE}


def as_json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def expected_names() -> set[str]:
    return {path.name for path in GOLDEN.iterdir()}


def test_every_story_says_what_its_golden_says(told: Told) -> None:
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        for old in GOLDEN.iterdir():
            old.unlink()
        for name, text in told.items():
            (GOLDEN / name).write_text(text, encoding="utf-8")
    assert set(told) == expected_names()
    differences: list[str] = []
    for name, text in told.items():
        golden = (GOLDEN / name).read_text(encoding="utf-8")
        differences += difflib.unified_diff(golden.splitlines(), text.splitlines(), name, "now", lineterm="")
    assert not differences, "\n".join(differences)
