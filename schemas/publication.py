"""One published contract, and how JSON Schema says what its model checks across fields."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

FOLDER = Path(__file__).parent
EXAMPLES = FOLDER / "examples"
BASE_ADDRESS = "https://outcomes.northshire.example/schemas"

Rules = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """One published contract. `rules` say in JSON Schema what the model checks across fields.

    What others send us is closed, as its model is: a field that we do not know is refused. What we send is
    open, and shows every key: a receiver that holds an older copy must not refuse the next field we add.
    """

    name: str
    model: type[BaseModel]
    title: str
    description: str
    version: str = "1.0"
    rules: Mapping[str, Rules] | None = None
    we_send_it: bool = False

    @property
    def address(self) -> str:
        return f"{BASE_ADDRESS}/{self.name}-{self.version}.json"

    @property
    def file_name(self) -> str:
        return f"{self.name}.schema.json"

    def example(self) -> dict[str, Any]:
        """A real event, invented people and places, that the contract accepts."""
        return dict(json.loads((EXAMPLES / f"{self.name}.json").read_text(encoding="utf-8")))


def holds(name: str, value: object) -> dict[str, Any]:
    """The field is given, and is this."""
    return {"properties": {name: {"const": value}}, "required": [name]}


def is_given(name: str) -> dict[str, Any]:
    """The field is there, and not null."""
    return {"properties": {name: {"not": {"type": "null"}}}, "required": [name]}
