"""Only a release that knows the fields of what is frozen reads it: a change of them is told in the README."""

from hashlib import sha256

from schemas.base import Contract
from schemas.notice import FrozenNotice, FrozenUpdate
from tests.house.tree import ROOT

SINCE = "1.1.0"
"""The release that froze these first; below it nobody may roll back. A newer one is pyproject.toml's too."""
FIELDS = 86
NAMES = "ad536ac5"
TOLD = f"The shapes of {SINCE} have {FIELDS} fields"


def fields(*shapes: type[Contract]) -> list[str]:
    """Each field of these and of what they are made of, by its model."""
    schemas = [(shape.__name__, shape.model_json_schema()) for shape in shapes]
    models = {name: model for own, schema in schemas for name, model in ((own, schema), *_inner(schema))}
    return sorted(
        f"{name}.{field}" for name, model in models.items() for field in model.get("properties", ())
    )


def _inner(schema: dict[str, dict[str, dict[str, object]]]) -> list[tuple[str, dict[str, object]]]:
    return list(schema.get("$defs", {}).items())


def test_what_is_frozen_has_the_fields_of_which_the_readme_tells_who_rolls_back() -> None:
    """A release that does not know a field reads nothing of the notice, and tells nobody by it."""
    names = fields(FrozenNotice, FrozenUpdate)
    assert (len(names), sha256("\n".join(names).encode()).hexdigest()[:8]) == (FIELDS, NAMES)
    assert TOLD in " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())


def test_the_release_that_froze_these_first_has_come() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (version,) = (line.split('"')[1] for line in project.splitlines() if line.startswith("version = "))
    assert tuple(map(int, version.split("."))) >= tuple(map(int, SINCE.split(".")))
