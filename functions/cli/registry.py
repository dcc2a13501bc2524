"""The reviewed registry's file; and the example made usable on a laptop, by receivers and days of its own."""

import json
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from functions.adapters.registry.apply import RegistryRefusedError
from functions.adapters.registry.endpoint_health import EndpointHealth
from functions.adapters.registry.secret_keeper import new_secret
from functions.cli.failure import CommandError
from functions.cli.office import Office
from functions.cli.outputs import REPO, Outputs
from functions.cli.stack import LOCAL
from functions.domain.clock import uk_day
from functions.domain.endpoint import COOLDOWN
from functions.domain.tasks import endpoint_task
from schemas.agency import Agency, Endpoint, Registry
from schemas.clocks import ClockPolicy

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

EXAMPLE = REPO / "infra" / "config" / "agencies.example.toml"
APPLIER = "mash-up"
NO_OVERLAP = timedelta()


def read_registry(path: Path) -> Registry:
    """The registry in `path`; raises CommandError naming the agency and field at fault."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
        # By way of JSON: the contract is strict, and reads dates and arrays as JSON spells them.
        return Registry.model_validate_json(json.dumps(written, default=str))
    except OSError as exc:
        raise CommandError(f"{path} cannot be read: {exc.strerror}.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path} is not UTF-8 text; save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as exc:
        raise CommandError(f"{path} is not TOML: {exc}.") from None
    except ValidationError as exc:
        wrong = "\n  ".join(f"{_where(error, written)} - {error['msg']}" for error in exc.errors())
        raise CommandError(f"{path}: fix these first:\n  {wrong}") from None


def _where(error: "ErrorDetails", written: Mapping[str, Any]) -> str:
    """The field, with an agency called by the id that the file gives it rather than by its place."""
    match error["loc"]:
        case ("agency", int(place), *rest):
            listed = written["agency"][place]
            name = listed.get("id", place) if isinstance(listed, dict) else place
            return " > ".join(map(str, ("agency", name, *rest)))
        case where:
            return " > ".join(map(str, where)) or "the file"


def apply_locally(registry: Registry, outputs: Outputs, now: datetime, *, down: str | None = None) -> None:
    """Applies `registry` to the local stage with every webhook answered, and agreed to, by its receiver.

    The one of the agency that is `down` agrees too, and takes no messages.
    """
    if outputs.stage != LOCAL:
        raise CommandError(f"{outputs.stage} is a real stage: apply its registry with `mash agencies apply`.")
    office = Office.of(outputs, APPLIER)
    if registry == read_registry(EXAMPLE):
        registry = verified_lately(registry, uk_day(now))
    local = registry.model_copy(update={"agency": tuple(_pointed_here(registry, outputs.receiver_origin))})
    try:
        office.directory.apply(local, applier=APPLIER, now=now, stage=office.stage)
    except RegistryRefusedError as exc:
        listed = "\n  ".join(map(str, exc.problems))
        raise CommandError(f"The registry cannot be applied. Mend these first:\n  {listed}") from None
    for agency in local.agency:
        if agency.webhook is not None:
            office.set_secret(agency.id, new_secret(secrets.token_bytes), NO_OVERLAP)
            if not office.check_endpoint(agency.id, agency.webhook.url).agreed:
                raise CommandError(f"The local receiver does not answer for {agency.id}.")
    if down is not None:
        found_at, health = office.now(), EndpointHealth(outputs.store(), office.rows)
        task = endpoint_task(found_at, ClockPolicy())
        health.open(down, until=found_at + COOLDOWN, task=task, now=found_at)


def verified_lately(example: Registry, today: date) -> Registry:
    """The example with its days moved so that the newest is today; how far they lie apart stays.

    Its mailboxes are invented, so nobody can verify them again, and a verification ends after 90 days: with
    the file's own days `mash demo` would work for three months and then tell nobody. Only `apply_locally`
    calls this, which refuses every other stage, and only for the example: a registry of one's own keeps its
    days.
    """
    newest = max(mailbox.verified_at for agency in example.agency for _, mailbox in agency.mailboxes)
    return example.model_copy(
        update={"agency": tuple(_moved(agency, today - newest) for agency in example.agency)}
    )


def _moved(agency: Agency, by: timedelta) -> Agency:
    moved = {
        name: mailbox.model_copy(update={"verified_at": mailbox.verified_at + by})
        for name, mailbox in agency.mailboxes
    }
    return agency.model_copy(update=moved)


def mailboxes(registry: Registry) -> dict[str, tuple[str, ...]]:
    """The addresses of each agency that may be told by e-mail, if only in a failing webhook's place: its role
    mailbox, and those of its other roles."""
    return {
        agency.id: tuple(box.address for _, box in agency.mailboxes)
        for agency in registry.agency
        if agency.email is not None
    }


def _pointed_here(registry: Registry, origin: str) -> Iterator[Agency]:
    for agency in registry.agency:
        if agency.webhook is None:
            yield agency
        else:
            here = Endpoint(url=f"{origin}/{agency.id}/outcomes", canary=agency.webhook.canary)
            yield agency.model_copy(update={"webhook": here})
