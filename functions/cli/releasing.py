"""`mash release` and `mash tasks`: what waits for a person, whom to ring, and ending a hold with a reason."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial

from functions.adapters import aws
from functions.adapters.ledger import keys
from functions.adapters.ledger.acts import Acts
from functions.adapters.ledger.intake import Intake
from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import Directory
from functions.adapters.vault import Vault
from functions.cli.answering import Came, told_plainly, written
from functions.cli.on_record import PATIENCE, caller, chain_of, note
from functions.cli.stack import Stack
from functions.cli.task_lines import rung
from functions.flows.releasing.release_hold import Order, Released, ReleaseDesk, release
from schemas.clocks import ClockPolicy
from schemas.codes import ReleaseReason, TaskRole
from schemas.risk_assessment import RaPolicy

MOST_NAMES = 49
"""What one look-up of the registry takes."""


def released(
    stack: Stack,
    ref: str,
    *,
    child: int | None,
    agency: str | None,
    allegation: bool,
    reason: ReleaseReason,
    request: str,
) -> Released:
    """Ends one hold as the caller; raises CommandError with what stands in the way."""
    order = Order(
        ref=ref,
        child=child,
        reason=reason,
        actor=caller(),
        request=request,
        agency_id=agency,
        allegation=allegation,
    )
    with told_plainly():
        return release(order, desk_of(stack))


def release_words(result: Released) -> str:
    """What is sent now, and what something else still keeps back."""
    sent = f"released; {result.due} message{'s' if result.due != 1 else ''} due now"
    return f"{sent}; {result.still_held} still held for another reason" if result.still_held else sent


def release_came(ref: str, reason: ReleaseReason, request: str, result: Released) -> Came:
    """What came of it, as `mash release` says it."""
    facts = {
        "referral_ref": ref,
        "child_index": result.child,
        "due": result.due,
        "still_held": result.still_held,
    }
    words = f"{ref}, child {result.child}: {release_words(result)}"
    return Came(words, written(facts, reason.value, request, result.entries))


def desk_of(stack: Stack) -> ReleaseDesk:
    """A person's tools on a running stack."""
    store = stack.store()
    chain = chain_of(store)
    return ReleaseDesk(
        intake=Intake(store, chain),
        directory=Directory(store, chain),
        vault=Vault(aws.kms(), stack.data_key_arn, nonce=secrets.token_bytes),
        ra_policy=RaPolicy.model_validate_json(stack.ra_policy),
        clocks=ClockPolicy.model_validate_json(stack.clocks),
        managed_domains=tuple(filter(None, stack.managed_domains.split(","))),
        patience=PATIENCE,
        now=partial(datetime.now, UTC),
        acts=Acts(store, chain),
    )


def tasks(stack: Stack, roles: Iterable[TaskRole]) -> list[Item]:
    """Open tasks, the one due first first; asking is recorded before anything is shown."""
    store = stack.store()
    found = [task for role in roles for task in WorkIndex(store).of(role)]
    note(store, "tasks", len(found))
    return sorted(found, key=lambda task: str(task["due_at"]))


def task_as_json(task: Item) -> dict[str, object]:
    """A task for a program, whether it stands under a referral, an agency, a source or all decisions."""
    owner = keys.owner_of(task)
    return {
        "referral_ref": keys.ref_of(keys.TaskKey.of(task).pk),
        "child_index": task["child"] or None,
        "agency_id": owner if keys.is_of_an_agency(task) else task.get("agency"),
        "source": owner if keys.is_of_a_source(task) else None,
        "about": task.get("about"),
        "kind": task["kind"],
        "role": task["role"],
        "state": task["st"],
        "opened_at": task["opened_at"],
        "due_at": task["due_at"],
    }


def phones(stack: Stack, found: Iterable[Item]) -> dict[str, str]:
    """By agency, the telephone of whoever is rung about these tasks, where the registry has it."""
    store = stack.store()
    directory = Directory(store, chain_of(store))
    wanted, numbers = sorted(set(filter(None, map(rung, found)))), dict[str, str]()
    for start in range(0, len(wanted), MOST_NAMES):
        entries = directory.look_up(wanted[start : start + MOST_NAMES]).entries
        numbers |= {name: entry.phone for name, entry in entries.items() if entry.phone}
    return numbers
