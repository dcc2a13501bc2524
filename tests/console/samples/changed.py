"""Sample pages with every text in them changed that may come from outside."""

from dataclasses import fields, is_dataclass
from typing import TypeVar, cast

ONLY_CODES = {"id", "tone", "seal", "name", "width", "preview", "path", "stylesheet", "icon", "logo"}
"""Fields that never hold what came from outside, and those that a page needs for being whole."""

Model = TypeVar("Model")


def changed(model: Model, text: str) -> Model:
    """`model` with `text` for each of its texts."""
    return cast("Model", _changed(model, text))


def _changed(value: object, text: str) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{one.name: _field(value, one.name, text) for one in fields(value)})
    if isinstance(value, tuple):
        return tuple(_changed(one, text) for one in value)
    return text if type(value) is str else value


def _field(model: object, name: str, text: str) -> object:
    value = getattr(model, name)
    return value if name in ONLY_CODES else _changed(value, text)
