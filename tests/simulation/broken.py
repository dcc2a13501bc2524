"""Breaking one line of the service for a while, to see that it is noticed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def instead(place: Any, name: str, other: Any) -> Iterator[None]:
    """`place.name` is `other` for a while; in a copy of the service one would edit the line."""
    before = getattr(place, name)
    setattr(place, name, other)
    try:
        yield
    finally:
        setattr(place, name, before)
