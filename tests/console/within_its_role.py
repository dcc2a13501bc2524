"""What the console's role lets it write: every test of the console is held to it.

A page or an act that needs more fails here, and not first on a real stage.
"""

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, TypeAlias, cast

from functions.adapters.ledger.store import Item, Part, Store

PUTS = ("R#*", "Q#*", "SESSION#*", "SIGNIN#*")
UPDATES = ("R#*", "Q#*", "G#*", "S#*", "K#decisions", "L#*", "SESSION#*")
DELETES = ("SESSION#*", "SIGNIN#*")
"""The partitions of the state table, as `tests/infra/test_permissions.py` finds them in the template."""
ANY = ("*",)
_May: TypeAlias = Mapping[str, Sequence[str]]
_STATE: _May = {"Put": PUTS, "Update": UPDATES, "Delete": DELETES, "ConditionCheck": ANY}
_AUDIT: _May = {"Put": ANY}
"""Rows are added and never changed; of the keys none is made here."""


class BeyondItsRoleError(Exception):
    """A write that the console's role does not allow."""


class WithinItsRole(Store):
    """A store in front of a test's own, which refuses what IAM would."""

    def __init__(self, behind: Store) -> None:
        super().__init__(behind.client, audit=behind.audit, state=behind.state, keys=behind.keys)
        self._behind = behind

    def get(self, table: str, pk: str, sk: str) -> Item | None:
        return self._behind.get(table, pk, sk)

    def get_many(self, wanted: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Item]:
        return self._behind.get_many(wanted)

    def partition(self, table: str, pk: str, prefix: str = "") -> list[Item]:
        return self._behind.partition(table, pk, prefix)

    def write(self, parts: Sequence[Part]) -> None:
        """Raises BeyondItsRoleError."""
        by_table = {self.state: _STATE, self.audit: _AUDIT}
        for kind, table, pk in map(written, parts):
            may = by_table.get(table, {}).get(kind, ())
            if not any(fnmatchcase(pk, one) for one in may):
                raise BeyondItsRoleError(f"{kind} in {pk} of {table}")
        self._behind.write(parts)


def written(part: Part) -> tuple[str, str, str]:
    """How, in which table and in which partition."""
    [(kind, said)] = cast("Mapping[str, Any]", part.action).items()
    return kind, said["TableName"], (said.get("Item") or said["Key"])["pk"]["S"]
