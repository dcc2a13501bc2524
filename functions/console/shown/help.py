"""Help: what the words mean, what to do at each, how the record is checked, and who to ring."""

from dataclasses import dataclass

from functions.console.shown.parts import Fact, Tag


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    word: Tag
    means: str
    todo: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Glossary:
    """`id` is what a link to this part of the page ends with."""

    id: str
    heading: str
    text: str
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """Plain paragraphs under a heading, for this page and for the statements in the footer."""

    id: str
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Help:
    glossaries: tuple[Glossary, ...]
    passages: tuple[Passage, ...]
    ring: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """The accessibility statement and the privacy notice."""

    title: str
    passages: tuple[Passage, ...]
