"""What is wrong in a CSV file of forms, by line and column: never what stands there."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from functions.story.vocabulary import in_words
from schemas.codes import RefusalReason


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend, and how."""

    line: int
    column: str | None
    reason: RefusalReason
    advice: str

    @property
    def words(self) -> str:
        """`line 7, column seen: unknown code (UNKNOWN_CODE). Write one of YES, NO.`."""
        column = f", column {self.column}" if self.column else ""
        return f"line {self.line}{column}: {in_words(self.reason)}. {self.advice}"

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        return asdict(self)


class FileRefusedError(Exception):
    """Nothing of a file is sent: what its cells answer, or for which form, cannot be told."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)
