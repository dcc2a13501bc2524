"""The published example of each lifecycle event, which a test may bend, and what its contract says of it."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from functions.domain.refusals import Refusal, refusal_of
from schemas.codes import RefusalReason
from schemas.lifecycle_publications import LIFECYCLE

Wire = dict[str, Any]

NAMES = tuple(publication.name for publication in LIFECYCLE)
_BY_NAME = {publication.name: publication for publication in LIFECYCLE}


def an_event(name: str, /, **changes: Any) -> Wire:
    """The event that is published as `name`."""
    return _BY_NAME[name].example() | changes


def contract_of(name: str) -> type[BaseModel]:
    """The model behind what is published as `name`."""
    return _BY_NAME[name].model


def read(name: str, event: Wire) -> Any:
    """The event as its contract."""
    return contract_of(name).model_validate_json(json.dumps(event))


def refused(name: str, event: Wire) -> Refusal:
    """The field at fault, and why."""
    with pytest.raises(ValidationError) as caught:
        read(name, event)
    return refusal_of(caught.value)


def contradicted(name: str, event: Wire) -> str:
    """The field that the refusal names; for nothing but a contradiction."""
    refusal = refused(name, event)
    assert refusal.reason is RefusalReason.CONTRADICTION
    return refusal.field
