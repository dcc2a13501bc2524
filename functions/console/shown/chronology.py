"""One child's chronology: what was decided and became of it, over every referral of the same child."""

from dataclasses import dataclass

from functions.console.shown.parts import Fact, Link
from functions.console.shown.referral import Happened


@dataclass(frozen=True, kw_only=True, slots=True)
class Chronology:
    """`notice` says what it cannot know, or leaves out."""

    reference: str
    about: str
    panel: tuple[Fact, ...]
    happened: tuple[Happened, ...]
    back: Link
    notice: str | None = None
