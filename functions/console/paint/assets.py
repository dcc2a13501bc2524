"""What is served beside the pages: a style sheet and two images, their names changing with their content."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from functions.console.door.request import Asset

_STATIC: Final = Path(__file__).parent / "static"
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_PAPER: Final = (
    '@page{@top-center{font:700 9pt Arial,sans-serif;content:"%s"}'
    '@bottom-right{font:9pt Arial,sans-serif;content:"Page " counter(page) " of " counter(pages)}}'
)
_SPACE: Final = re.compile(r"\s*([{};,])\s*|(?<=:)\s+|\n")


class NotAColourError(ValueError):
    """A hub's colour is six hexadecimal digits, small ones, after a hash."""


@cache
def stylesheet(brand: str, marking: str) -> Asset:
    """The vendored sheet and our own with the hub's colour, and its marking at the head of every sheet of
    paper; raises NotAColourError.
    """
    if not _COLOUR.fullmatch(brand):
        raise NotAColourError(brand)
    vendored, ours = (_STATIC / name for name in ("govuk-frontend.css", "console.css"))
    sheet = vendored.read_text(encoding="utf-8").strip() + _close_set(ours.read_text(encoding="utf-8"))
    hub = f":root{{--govuk-brand-colour:{brand}}}{_PAPER % _quoted(marking)}"
    return _asset("console.css", "text/css; charset=utf-8", f"{sheet}{hub}".encode())


@cache
def image(name: str) -> Asset:
    """One of our own drawings: `icon.svg` of the service, and `hub.svg` where a hub has none of its own."""
    return _asset(name, "image/svg+xml", (_STATIC / name).read_bytes())


def assets(brand: str, marking: str) -> Mapping[str, Asset]:
    """All of them, by their paths."""
    return {asset.path: asset for asset in (stylesheet(brand, marking), image("icon.svg"), image("hub.svg"))}


def _asset(name: str, media_type: str, body: bytes) -> Asset:
    stem, _, ending = name.rpartition(".")
    digest = hashlib.sha256(body).hexdigest()[:16]
    return Asset(path=f"/assets/{stem}-{digest}.{ending}", media_type=media_type, body=body)


def _close_set(sheet: str) -> str:
    return _SPACE.sub(lambda found: found[1] or "", sheet.strip())


def _quoted(text: str) -> str:
    """`text` for a style sheet's string, where only letters, digits and spaces stand for themselves."""
    return "".join(one if one.isalnum() or one == " " else f"\\{ord(one):06x}" for one in text)
