"""One mechanism, as it is taken away to see who notices."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Removal:
    """`text`, which stands once in `file`, becomes `instead`; then each test of `noticed_by` must fail.

    Tests are named by their sentence, as they stand in the failing point's row.
    """

    name: str
    file: str
    text: str
    instead: str
    noticed_by: tuple[str, ...]


Removals: TypeAlias = dict[str, tuple[Removal, ...]]
