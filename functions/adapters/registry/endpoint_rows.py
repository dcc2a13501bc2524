"""What happens to an agency's endpoint, each in a row of its own: its URL is checked, its secret changed."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from functions.adapters.errors import ContendedError, FinalError
from functions.adapters.ledger import canaries, keys
from functions.adapters.ledger.chain import Chain, Fact, Tip, at_text
from functions.adapters.ledger.store import Change, Item, Part, Store
from functions.adapters.registry.apply import ChangedMeanwhileError
from functions.adapters.registry.entry import wants_canaries
from functions.domain.record import uid
from schemas.codes import AuditKind, Breaker

TRIES = 5
"""How often a row is written after the newest one before somebody else is too fast for us."""
CHECKED = "CHECKED"

Update = Callable[[Item], Mapping[str, Any]]
Following = Callable[[Item], Sequence[Part]]


class UnknownAgencyError(FinalError):
    """No agency of this id was ever applied."""


class EndpointRows:
    """Appends ENDPOINT rows to an agency's chain."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def checked(self, agency_id: str, url: str, *, by: str, method: str, now: datetime) -> None:
        """The owner of `url` agreed to receive; the agency's version rises where that is new."""

        def update(head: Item) -> dict[str, Any]:
            refuse_another_url(head, url)
            known = head.get("checked_url") == url
            return {} if known else {"checked_url": url, "version": head["version"] + 1}

        def first_canary(head: Item) -> list[Part]:
            return [canaries.due_now(self._store, agency_id, now)] if wants_canaries(head) else []

        said = {"method": method, "result": CHECKED, "url_sha256": _hashed(url)}
        # Its owner has just answered: that was the probe that an unknown endpoint needs.
        answers = self._store.update(
            "endpoint",
            self._store.state,
            (keys.agency(agency_id), keys.ENDPOINT),
            change=Change({"breaker": Breaker.CLOSED.value}, remove=("open_until", "probe_until")),
        )
        self.append(agency_id, said, by=by, now=now, update=update, beside=[answers], following=first_canary)

    def not_checked(
        self, agency_id: str, url: str, *, by: str, method: str, result: str, now: datetime
    ) -> None:
        """The check of `url` failed."""

        def update(head: Item) -> dict[str, Any]:
            refuse_another_url(head, url)
            return {}

        said = {"method": method, "result": result, "url_sha256": _hashed(url)}
        self.append(agency_id, said, by=by, now=now, update=update)

    def secret_changed(
        self, agency_id: str, *, by: str, key_id: str, older_end_at: str | None, live: int, now: datetime
    ) -> None:
        """A new signing secret stands under `key_id`, which the agency's own item names too; the older ones
        end."""
        said = {"result": "SECRET_CHANGED", "key_id": key_id, "older_end_at": older_end_at, "live": live}
        in_use = {"key_id": key_id, "key_at": at_text(now)}
        self.append(agency_id, said, by=by, now=now, update=lambda _: in_use)

    def append(
        self,
        agency_id: str,
        said: Mapping[str, Any],
        *,
        by: str,
        now: datetime,
        update: Update = lambda _: {},
        beside: Sequence[Part] = (),
        following: Following = lambda _: (),
    ) -> None:
        """The row, `update` of the agency as it then is, and `beside` it what else changes.

        What is `following` from the agency as it becomes changes too.

        The row's own place in the chain is its identity. Raises ConditionsFailedError for a part of `beside`,
        ContendedError if others were first too often.
        """
        pk = keys.agency(agency_id)
        for left in reversed(range(TRIES)):
            head = self._store.get(self._store.state, pk, keys.HEAD)
            if head is None:
                raise UnknownAgencyError(agency_id)
            change = update(head)
            tip = Tip.of(head)
            fact = Fact(
                kind=AuditKind.ENDPOINT,
                uid=uid("ENDPOINT", agency_id, str(tip.seq + 1), by, json.dumps(said, sort_keys=True)),
                actor=by,
                cause="registry",
                details={**said, "version": change.get("version", head["version"])},
                agency_id=agency_id,
            )
            try:
                row = self._chain.append(pk, tip, [fact], now, head=change)
                self._store.write([*row, *beside, *following({**head, **change})])
            except ContendedError:
                if not left:
                    raise
            else:
                return


def refuse_another_url(head: Item, url: str) -> None:
    """Raises ChangedMeanwhileError where the agency's URL is not the one that was checked."""
    if head.get("url") != url:
        raise ChangedMeanwhileError("the agency has another webhook URL by now")


def _hashed(url: str) -> str:
    return sha256(url.encode()).hexdigest()
