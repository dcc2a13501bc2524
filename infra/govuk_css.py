"""GOV.UK Frontend's style sheet made fit for a council: no crown, no font of theirs, and only what we use.

`make css` runs it over the package as published; what upstream changes under it stops it by name.
"""

import hashlib
import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

VERSION: Final = "6.6.0"
STATIC: Final = Path(__file__).parents[1] / "functions" / "console" / "paint" / "static"
BRAND: Final = "#00594f"
FONTS: Final = '"Helvetica Neue",Helvetica,Arial,sans-serif'

UNUSED: Final = (
    *(
        "accordion",
        "back-link",
        "button--inverse",
        "button--start",
        "caption-m",
        "caption-xl",
        "character-count",
    ),
    *("clearfix", "cookie-banner", "drop-zone", "exit-this-page", "feedback", "file-upload", "footer"),
    *("frontend-supported", "generic-header", "header", "heading-xl", "language-navigation", "link-image"),
    *("logo-dot", "notification-banner", "panel", "password-input", "phase-banner", "service-navigation"),
    *("summary-card", "tabs", "task-list", r"\\!-"),
)
"""How the names of parts begin that no page here has; a test holds that each class of a page has a rule."""

_TOKEN: Final = re.compile(r'/\*.*?\*/|"(?:[^"\\]|\\.)*"|[{};]|[^"{};/]+|/', re.DOTALL)
_DROPPED: Final = re.compile(rf"\.(?:govuk-(?:{'|'.join(UNUSED)})|js-enabled)")


class UpstreamChangedError(ValueError):
    """The package is not as this knows it: read what changed before trusting the result."""


def council_css(published: str) -> str:
    """The published style sheet without what a council may not use and what nothing here needs."""
    _upstream_is_as_known(published)
    text = re.sub(r"@font-face\{[^}]*\}", "", re.sub(r"/\*.*?\*/", "", published, flags=re.DOTALL))
    text = text.replace("GDS Transport,arial,sans-serif", FONTS)
    text = text.replace("--govuk-brand-colour:#1d70b8;", f"--govuk-brand-colour:{BRAND};")
    kept = "".join(_kept(iter(_TOKEN.findall(text.strip()))))
    for forbidden in ("GDS Transport", "@font-face", "crest", "crown", "url("):
        if forbidden in kept:
            raise UpstreamChangedError(f"still there: {forbidden}")
    return kept + "\n"


def _upstream_is_as_known(published: str) -> None:
    expected = {
        f'--govuk-frontend-version:"{VERSION}"': 1,
        "@font-face{": 2,
        "--govuk-brand-colour:#1d70b8;": 1,
        "govuk-crest.svg": 3,
    }
    for words, times in expected.items():
        if published.count(words) != times:
            raise UpstreamChangedError(words)
    if published.count("GDS Transport") != published.count("GDS Transport,arial,sans-serif") + 2:
        raise UpstreamChangedError("the font stack")


def _kept(tokens: Iterator[str]) -> Iterator[str]:
    """Rules one by one, each selector judged alone; a rule or a group of rules left empty goes."""
    head = ""
    for piece in tokens:
        if piece == "{":
            yield from _rule(head.strip(), tokens)
            head = ""
        elif piece == "}":
            return
        elif piece == ";":
            yield head.strip() + ";"
            head = ""
        else:
            head += piece


def _rule(head: str, tokens: Iterator[str]) -> Iterator[str]:
    if head.startswith(("@media", "@supports", "@-moz-document")):
        inner = "".join(_kept(tokens))
        if inner:
            yield f"{head}{{{inner}}}"
        return
    body = "".join(_until_closed(tokens))
    kept = [one for one in _selectors(head) if not _DROPPED.search(one)]
    if kept:
        yield f"{','.join(kept)}{{{body}}}"


def _until_closed(tokens: Iterator[str]) -> Iterator[str]:
    depth = 1
    for piece in tokens:
        depth += {"{": 1, "}": -1}.get(piece, 0)
        if not depth:
            return
        yield piece


def _selectors(head: str) -> Iterator[str]:
    """`head` cut at its commas, but not at those inside brackets."""
    return (part.strip() for part in re.split(r",(?![^()]*\))", head))


def main(package: str) -> None:
    """Write the style sheet, its licence and what both came from into the static folder."""
    with tarfile.open(package) as archive:
        member = archive.extractfile("package/dist/govuk/govuk-frontend.min.css")
        published = member.read() if member else b""
    css = council_css(published.decode()).encode()
    (STATIC / "govuk-frontend.css").write_bytes(css)
    (STATIC / "govuk-frontend.sha256").write_text(
        f"{hashlib.sha256(Path(package).read_bytes()).hexdigest()}  {Path(package).name}\n"
        f"{hashlib.sha256(css).hexdigest()}  govuk-frontend.css\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(sys.argv[1])
