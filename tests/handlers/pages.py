"""The confirmation API's pages: a request as API Gateway hands it on, and a page as its readers have it."""

import re
from html.parser import HTMLParser
from typing import Any

PAGE, FORM_PAGE = "/read/{token}", "/police-form/{token}"
LOADS = {"src", "srcset", "action", "style", "formaction"}
"""Attributes by which a page would have something from elsewhere, or go there."""
CHOSEN_BY_THE_CLIENT = "jane-smith-born-2019-03-04"
"""What its x-amzn-RequestId header says; API Gateway hands it on."""
VOID = {"meta", "input", "br", "hr", "img", "link"}


def a_proxy_event(method: str, route: str, **parts: Any) -> dict[str, Any]:
    """A request as API Gateway's REST API describes it."""
    token = parts.pop("token", None)
    event = {
        "resource": route,
        "path": route.replace("{token}", token or ""),
        "httpMethod": method,
        "headers": {"Host": "outcomes.northshire.example", "User-Agent": "reader"},
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"token": token} if token is not None else None,
        "stageVariables": None,
        "requestContext": {
            "requestId": CHOSEN_BY_THE_CLIENT,
            "stage": "prod",
            "identity": {"sourceIp": "192.0.2.1"},
        },
        "body": None,
        "isBase64Encoded": False,
    }
    return {**event, **parts}


def form(role: str) -> str:
    return f"role={role}"


class Document(HTMLParser):
    """A page as a browser takes it: its elements in order, each with its attributes and the words inside."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: dict[int, str] = {}
        self._open: list[int] = []
        self.feed(html)
        assert self._open == [], "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self._open.pop()][0] == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        for number in self._open:
            self.words[number] = self.words.get(number, "") + data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def said_in(self, tag: str) -> list[str]:
        return [self.words.get(n, "").strip() for n, (name, _) in enumerate(self.elements) if name == tag]


def points_nowhere_else(page: Document, *fields: str) -> None:
    """It loads nothing, runs nothing, and its links lead to the hub's telephones and to its own fields."""
    assert not {"script", "img", "link", "iframe", "svg", "object"} & {tag for tag, _ in page.elements}
    names = [name for _, attributes in page.elements for name in attributes]
    assert not [name for name in names if name in LOADS or name.startswith("on")]
    pointed_at = {str(link["href"]) for link in page.all("a")}
    assert pointed_at <= {"tel:01632960100", "tel:01632960999", *(f"#{name}" for name in fields)}


def can_be_read_without_looking(page: Document) -> None:
    """Its language, landmarks, headings, labels and groups are all there, and each id that is named is."""
    assert page.all("html") == [{"lang": "en-GB"}]
    assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert set(levels) <= {1, 2}
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    pointed_at = [
        name
        for _, attributes in page.elements
        for what in ("for", "aria-labelledby", "aria-describedby")
        for name in (attributes.get(what) or "").split()
    ]
    pointed_at += [str(link["href"])[1:] for link in page.all("a") if str(link["href"]).startswith("#")]
    assert set(pointed_at) <= set(ids)
    labelled = {label["for"] for label in page.all("label")}
    assert {field["id"] for tag in ("input", "select") for field in page.all(tag)} == labelled
    assert len(page.said_in("legend")) == len(page.all("fieldset"))
    assert page.said_in("p").count("OFFICIAL-SENSITIVE") == 2


def has_the_focus(page: Document) -> None:
    """What is wrong comes first, and is told at once to whoever hears the page."""
    main = [tag for tag, _ in page.elements].index("main")
    tag, summary = page.elements[main + 1]
    assert (tag, summary["role"], summary["tabindex"], "autofocus" in summary) == ("div", "alert", "-1", True)
