"""What a browser asks for, and the few things that it can be answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from functions.adapters.ledger.sessions import Session
from functions.console.shown.parts import Link

MOST_FIELDS = 100
"""Of one form: more than any of ours has."""
Values: TypeAlias = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Request:
    """One request; header names are in lower case."""

    method: str
    path: str
    """Below the console's own address."""
    query: Values
    form: Values
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    request_id: str
    """Lambda's own, of this one invocation: API Gateway's is the client's to choose."""

    @classmethod
    def of(cls, event: Mapping[str, Any], body: str, request_id: str) -> "Request":
        """Reads a proxy event of version 1; what is no form has no fields."""
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        is_form = headers.get("content-type", "").partition(";")[0] == "application/x-www-form-urlencoded"
        return cls(
            method=event["httpMethod"],
            path=event["path"],
            query=event.get("multiValueQueryStringParameters") or {},
            form=_fields(body) if is_form else {},
            headers=headers,
            cookies=_cookies(headers.get("cookie", "")),
            request_id=request_id,
        )

    def asked(self, name: str) -> str:
        """The value that the address gives, the last one of several; empty where it gives none."""
        return (self.query.get(name) or ("",))[-1].strip()

    def said(self, name: str) -> str:
        """The same of a form's field."""
        return (self.form.get(name) or ("",))[-1].strip()


@dataclass(frozen=True, slots=True)
class Page:
    """A page, by its template and what that shows; `above` are the pages that it is below."""

    template: str
    title: str
    shown: object = None
    status: HTTPStatus = HTTPStatus.OK
    above: Sequence[Link] = ()
    is_wrong: bool = False
    """Whether something that was typed has to be mended."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another page, by its path below the console's own address, or an address of the issuer."""

    to: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file to keep."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Preview:
    """An e-mail's own HTML, for a frame of ours in which nothing runs and nothing is fetched."""

    html: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Asset:
    """What is served beside pages; `path` holds part of the content's hash, so that a browser may keep it for
    ever."""

    path: str
    media_type: str
    body: bytes


Answer: TypeAlias = Page | Elsewhere | Download | Preview | Asset


@dataclass(frozen=True, slots=True)
class Cookie:
    """What the browser is to keep: for as long as it is open, or, empty, no more."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer and what the browser is to remember."""

    answer: Answer
    cookies: Sequence[Cookie] = ()
    session: Session | None = None
    """Of whoever is signed in and sees it."""


def _fields(body: str) -> Values:
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError:
        return {}
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _cookies(header: str) -> Mapping[str, str]:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, _, value in pairs if name}
