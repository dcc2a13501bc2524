"""What the row of an event keeps of its own fields: codes, numbers and moments, nobody's own reference."""

from typing import Any, cast

from schemas.lifecycle import LifecycleEvent

_ENVELOPE = {
    "schema_version",
    "event_id",
    "event_type",
    "source",
    "source_seq",
    "occurred_at",
    "referral_ref",
}
_NEVER_IN_A_ROW = {"own_ref"}


def own_fields(event: LifecycleEvent) -> dict[str, Any]:
    """The event's own fields as its row keeps them: codes, numbers and moments, nobody's own reference."""
    said = event.model_dump(mode="json", exclude=_ENVELOPE)
    if "child_index" in said:
        said["child"] = said.pop("child_index")
    return cast("dict[str, Any]", _without_references(said))


def _without_references(value: object) -> object:
    match value:
        case dict():
            return {
                name: _without_references(inner)
                for name, inner in value.items()
                if name not in _NEVER_IN_A_ROW
            }
        case list():
            return [_without_references(inner) for inner in value]
    return value
