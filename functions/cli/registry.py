"""The example registry made usable on a laptop: webhooks to the local receiver, a fresh secret for each."""

import base64
import json
import secrets
import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from functions.adapters import aws
from functions.adapters.directory import Directory
from functions.adapters.ledger.chain import Chain
from functions.cli.failure import CommandError
from functions.cli.outputs import REPO, Outputs
from schemas.agency import Agency, Endpoint, Registry
from schemas.codes import Channel

EXAMPLE = REPO / "infra" / "config" / "agencies.example.toml"
APPLIER = "mash-up"
SECRET_BYTES = 32


def read_registry(path: Path) -> Registry:
    """The registry in `path`; raises CommandError naming the agency and field at fault."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
        # By way of JSON: the contract is strict, and reads dates and arrays as JSON spells them.
        return Registry.model_validate_json(json.dumps(written, default=str))
    except OSError as exc:
        raise CommandError(f"{path} cannot be read: {exc.strerror}.") from None
    except tomllib.TOMLDecodeError as exc:
        raise CommandError(f"{path} is not TOML: {exc}.") from None
    except ValidationError as exc:
        wrong = "\n  ".join(f"{' > '.join(map(str, e['loc']))} - {e['msg']}" for e in exc.errors())
        raise CommandError(f"{path}: fix these first:\n  {wrong}") from None


def apply_locally(registry: Registry, outputs: Outputs, now: datetime) -> None:
    """Applies `registry` to the local stage with every webhook answered by the local receiver."""
    local = Registry(
        approved_by=registry.approved_by, agency=tuple(_pointed_here(registry, outputs.receiver_origin))
    )
    for agency in local.agency:
        if Channel.WEBHOOK in agency.channels:
            _create_secret(outputs, agency.id)
    store = outputs.store()
    chain = Chain(store, salt=partial(secrets.token_hex, 16))
    Directory(store, chain).apply(local, applier=APPLIER, now=now)


def mailboxes(registry: Registry) -> dict[str, tuple[str, ...]]:
    """The addresses of each agency that is told by e-mail: its role mailbox, and its lead's if it has one."""
    return {
        agency.id: tuple(box.address for box in (agency.email, agency.safeguarding_lead) if box is not None)
        for agency in registry.agency
        if agency.email is not None and Channel.EMAIL in agency.channels
    }


def _pointed_here(registry: Registry, origin: str) -> Iterator[Agency]:
    for agency in registry.agency:
        if agency.webhook is None:
            yield agency
        else:
            yield agency.model_copy(update={"webhook": Endpoint(url=f"{origin}/{agency.id}/outcomes")})


def _create_secret(outputs: Outputs, agency_id: str) -> None:
    whsec = "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    aws.secretsmanager().create_secret(
        Name=f"{outputs.secret_prefix}{agency_id}",
        SecretString=json.dumps([{"secret": whsec, "ends_at": None}]),
    )
