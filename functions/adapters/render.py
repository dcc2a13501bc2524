"""E-mails from frozen notices, the same bytes at every try by their pinned template version; and pages."""

import base64
import hashlib
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    ModuleLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateRuntimeError,
    Undefined,
    UndefinedError,
    select_autoescape,
)
from jinja2.utils import missing

from functions.domain.wording.message import compose
from schemas.notice import Frozen, FrozenUpdate, Pins

_EMAIL_TEMPLATES: Final = Path(__file__).parents[1] / "templates" / "email"
_FOLDERS: Final = {"1": "1", "2": "2", "3": "2", "u1": "u1", "u2": "u2"}
"""Each version's e-mail templates; the third changed the webhook alone, and `u` ones tell updates."""
_PAGES: Final = Path(__file__).parents[1] / "templates" / "pages"
_CONSOLE: Final = Path(__file__).parents[1] / "templates" / "console"
COMPILED: Final = Path(__file__).parents[1] / "templates" / "compiled"
"""In a package alone: what `precompile` made of every template, so that no cold start compiles one."""
_COLUMNS: Final = 72
_INSIDE_A_NUMBER: Final = re.compile(r"(?<=\d) (?=\d)")
_GLUE: Final = "\x1f"


class UnknownTemplateError(LookupError):
    """The delivery pins a template version that this release does not hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EmailParts:
    """One e-mail as rendered: lines end in LF, and no line of `text` is over 72 columns unless a link is."""

    subject: str
    text: str
    html: str


def render_email(notice: Frozen, pins: Pins, token: str | None = None) -> EmailParts:
    """The e-mail of `notice` for one recipient, by the template version in `pins`.

    `token` is that of its read link, of which an older version has none.

    Raises UnknownTemplateError, and what `compose` raises.
    """
    message = compose(notice, pins, token)
    templates = _templates(pins.template_version)
    name = "update" if isinstance(notice, FrozenUpdate) else "outcome"
    return EmailParts(
        subject=message.subject,
        text=templates.get_template(f"{name}.txt.jinja").render(m=message),
        html=templates.get_template(f"{name}.html.jinja").render(m=message),
    )


def body_sha256(parts: EmailParts) -> str:
    """Hex SHA-256 of subject, text and HTML, each ended by a zero byte: what a mail sink can recompute."""
    return hashlib.sha256(f"{parts.subject}\0{parts.text}\0{parts.html}\0".encode()).hexdigest()


@cache
def template_sha256(version: str) -> str:
    """Hex SHA-256 over the names and contents of one version's templates, for the trail."""
    digest = hashlib.sha256()
    for path in sorted(_folder(version).glob("*.jinja")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def precompile(into: Path) -> None:
    """Every template of ours, and GOV.UK's, as Python in folders below `into`: what a package has as
    `COMPILED`, and then loads from there alone. Raises TemplateSyntaxError.
    """
    every = {"pages": _pages(), "console": _console()}
    every |= {f"email/{folder}": _templates(version) for version, folder in _FOLDERS.items()}
    for name, environment in every.items():
        environment.compile_templates(into / name, zip=None, ignore_errors=False)


def render_page(name: str, **shown: object) -> str:
    """A page for people, by its name in the templates' folder; whatever is shown is escaped."""
    return _pages().get_template(f"{name}.html.jinja").render(**shown)


def render_console(name: str, *, frame: object, page: object, url: Callable[[str], str]) -> str:
    """A page of the console: what stands around it, what it shows, and how a path becomes a link."""
    return _console().get_template(f"{name}.html.jinja").render(frame=frame, page=page, url=url)


@cache
def style_hash(name: str) -> str:
    """What a content security policy calls a style sheet of the templates' folder that a page includes."""
    digest = hashlib.sha256((_PAGES / f"{name}.css").read_bytes()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@cache
def _pages() -> Environment:
    return _environment("pages", lambda: FileSystemLoader(_PAGES), StrictUndefined)


class _Unsaid(Undefined):
    """Nothing, as GOV.UK's macros need what nobody gave them to be; but a field that a page's model does not
    have is a mistake.
    """

    def __init__(
        self,
        hint: str | None = None,
        obj: object = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        super().__init__(hint, obj, name, exc)
        if is_dataclass(obj):
            self._fail_with_undefined_error()


@cache
def _console() -> Environment:
    return _environment("console", _of_the_console, _Unsaid)


def _of_the_console() -> BaseLoader:
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return ChoiceLoader([FileSystemLoader(_CONSOLE), govuk])


@cache
def _templates(version: str) -> Environment:
    folder = _folder(version)
    return _environment(f"email/{folder.name}", lambda: FileSystemLoader(folder), StrictUndefined)


def _environment(name: str, sources: Callable[[], BaseLoader], undefined: type[Undefined]) -> Environment:
    """In a package it knows what was compiled there, and nothing else: a template that is missing there is a
    mistake of the build, and not made up for at each cold start."""
    compiled = COMPILED / name
    templates = Environment(
        loader=ModuleLoader(compiled) if compiled.is_dir() else sources(),
        undefined=undefined,
        autoescape=select_autoescape(
            disabled_extensions=("txt.jinja",), default=True, default_for_string=True
        ),
        auto_reload=False,
        keep_trailing_newline=True,
        newline_sequence="\n",
    )
    templates.filters["wrap"] = _wrap
    templates.filters["unbroken"] = _unbroken
    return templates


def _folder(version: str) -> Path:
    if version not in _FOLDERS:
        raise UnknownTemplateError(version)
    return _EMAIL_TEMPLATES / _FOLDERS[version]


def _unbroken(sentence: str) -> str:
    """`sentence` with its phone numbers held together; still plain words, which the template escapes."""
    return _INSIDE_A_NUMBER.sub("\N{NO-BREAK SPACE}", sentence)


def _wrap(sentences: str, bullet: str = "") -> str:
    """`sentences` in lines of at most 72 columns; links stay whole, and so do phone numbers."""
    lines = textwrap.wrap(
        _INSIDE_A_NUMBER.sub(_GLUE, sentences),
        width=_COLUMNS,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines).replace(_GLUE, " ")
