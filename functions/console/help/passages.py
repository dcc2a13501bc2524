"""A passage of plain text, as it stands in our files: its paragraphs are told apart by an empty line."""

from functions.console.shown.help import Passage


def passage(name: str, heading: str, text: str) -> Passage:
    """`name` is what a link to it ends with; how the lines of `text` break does not matter."""
    paragraphs = (" ".join(one.split()) for one in text.split("\n\n"))
    return Passage(id=name, heading=heading, paragraphs=tuple(paragraphs))
