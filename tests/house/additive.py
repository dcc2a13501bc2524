"""What of a released contract a newer one takes away from those who built on it: nothing, if it only adds."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """What a contract says of one field, wherever the words for it stand in the document."""

    required: bool
    types: frozenset[str]
    codes: frozenset[str]
    rules: frozenset[str]


def places(document: Schema) -> dict[str, Place]:
    """Each field by its path, `[]` for each entry of a list; the event itself has the path of no letters."""
    return dict(_places(document, document, "", required=True))


def taken_away(released: Schema, current: Schema, *, we_send_it: bool) -> list[str]:
    """What somebody who built on the released contract would miss in the current one, or be refused for.

    A receiver of ours must find what it reads; a sender to us may leave out, and say, what it always did.
    """
    then, now = places(released), places(current)
    gone = [f"{path} is gone" for path in then if path not in now]
    kept = [(path, place, now[path]) for path, place in then.items() if path in now]
    changed = [found for path, old, new in kept for found in _changed(path, old, new, we_send_it=we_send_it)]
    return gone + changed + ([] if we_send_it else _demanded(then, now))


def _changed(path: str, old: Place, new: Place, *, we_send_it: bool) -> Iterator[str]:
    if old.types != new.types:
        yield f"{path} is of another type"
    yield from (f"{path} has no {code} any more" for code in sorted(old.codes - new.codes))
    if we_send_it and old.required and not new.required:
        yield f"{path} may be missing"
    if not we_send_it and new.rules - old.rules:
        yield f"{path} has a new rule"


def _demanded(then: Mapping[str, Place], now: Mapping[str, Place]) -> list[str]:
    """Within what is new as a whole its own fields may be demanded: nobody sends it yet."""
    return [
        f"{path} must be given"
        for path, place in now.items()
        if place.required and not (then[path].required if path in then else _parent(path) not in then)
    ]


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def _places(document: Schema, schema: Schema, path: str, *, required: bool) -> Iterator[tuple[str, Place]]:
    forms = list(_forms(document, schema))
    yield (
        path,
        Place(
            required,
            frozenset(_type(form) for form in forms),
            frozenset(str(code) for form in forms for code in _codes(form)),
            frozenset(json.dumps(rule, sort_keys=True) for form in forms for rule in form.get("allOf", ())),
        ),
    )
    for form in forms:
        for name, field in form.get("properties", {}).items():
            is_required = name in form.get("required", ())
            yield from _places(document, field, f"{path}.{name}", required=is_required)
        for within in ("items", "additionalProperties"):
            if isinstance(entry := form.get(within), Mapping):
                yield from _places(document, entry, f"{path}[]", required=False)


def _forms(document: Schema, schema: Schema) -> Iterator[Schema]:
    """The forms that a value may have, with what is only referred to in its place."""
    if "$ref" in schema:
        name = str(schema["$ref"]).removeprefix("#/$defs/")
        yield from _forms(document, document["$defs"][name])
    elif "anyOf" in schema:
        for form in schema["anyOf"]:
            yield from _forms(document, form)
    else:
        yield schema


def _codes(form: Schema) -> list[Any]:
    return [*form.get("enum", ()), *([form["const"]] if "const" in form else [])]


def _type(form: Schema) -> str:
    """A time is no day, and a code of a list no text of any kind."""
    return f"{form.get('type')} {form.get('format', '')} {'code' if _codes(form) else ''}"
