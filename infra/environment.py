"""What a stage's values take of the four kilobytes that Lambda gives a function's environment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from functions.settings import Settings

MOST_BYTES: Final = 4000
"""Of the 4,096 that names and values may have together; AWS refuses more only when it deploys."""
OF_EVERY_FUNCTION: Final = 100
"""The logger's two."""
OF_A_NAME: Final = 130
"""At most, of a table, a queue or a key, which CloudFormation finds: a queue's URL is the longest."""


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A function's settings with more than they may have, and the largest of the stage's own among them."""

    settings: str
    bytes_in_all: int
    largest: str
    bytes_of_it: int

    def __str__(self) -> str:
        return (
            f"{self.settings} would take {self.bytes_in_all} bytes of a function's environment, of "
            f"{MOST_BYTES}; {self.largest} alone takes {self.bytes_of_it}: leave out of it what the service "
            "does not need, or what is the default"
        )


def too_large(parameters: Mapping[str, str]) -> Iterator[TooLarge]:
    """Each function's settings for which these are too much, by the parameters that hold their values."""
    for settings in Settings.__subclasses__():
        own = {name: parameters[as_parameter(name)] for name in _own(settings, parameters)}
        sizes = {name: len(name) + len(value.encode()) for name, value in own.items()}
        others = sum(len(name) + OF_A_NAME for name in settings.model_fields.keys() - own.keys())
        if (in_all := sum(sizes.values()) + others + OF_EVERY_FUNCTION) > MOST_BYTES:
            largest = max(sizes, key=lambda name: sizes[name])
            yield TooLarge(settings.__name__, in_all, largest, sizes[largest])


def as_parameter(setting: str) -> str:
    """What the template calls the value of a function's setting."""
    return "".join(word.capitalize() for word in setting.split("_"))


def _own(settings: type[Settings], parameters: Mapping[str, str]) -> Iterator[str]:
    return (name for name in settings.model_fields if as_parameter(name) in parameters)
