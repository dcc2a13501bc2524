"""Debian's Chromium on sample pages; every address is answered from memory alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route, sync_playwright

from functions.adapters.render import render_email
from functions.console.paint.assets import assets
from tests.adapters.drafts import DRAFTS
from tests.console.samples.around import HUB, Sample, url

CHROMIUM: Final = Path("/usr/bin/chromium")
WIDE: Final = 1280
NARROW: Final = 320
_ORIGIN: Final = "http://console.example"
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'self'"
)
_PREVIEW_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
PREVIEW: Final = "/preview"


@dataclass(frozen=True, kw_only=True, slots=True)
class Browser:
    """`complaints` are what the browser said on its console: the policy's refusals above all."""

    chromium: Chromium
    preview: str
    complaints: list[str]

    @contextmanager
    def page(self, sample: Sample, width: int, *, with_script: bool = False) -> Iterator[Page]:
        """The sample at an address of its own, under the policy on it; scripts run for axe alone."""
        context = self.chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=with_script
        )
        pages = {url("/page"): (sample.html, POLICY), url(PREVIEW): (self.preview, _PREVIEW_POLICY)}
        context.route("**/*", lambda route: _answer(route, pages))
        page = context.new_page()
        page.on("console", lambda said: self.complaints.append(f"{sample.name}: {said.text}"))
        page.goto(f"{_ORIGIN}{url('/page')}")
        try:
            yield page
        finally:
            context.close()


def _answer(route: Route, pages: dict[str, tuple[str, str]]) -> None:
    path = route.request.url.removeprefix(_ORIGIN)
    served = {url(asset.path): asset for asset in assets(HUB.brand, HUB.marking).values()}
    if path in served:
        route.fulfill(body=served[path].body, content_type=served[path].media_type)
    elif path in pages:
        body, policy = pages[path]
        route.fulfill(body=body, headers=_headers(policy))
    else:
        route.abort()


def _headers(policy: str) -> dict[str, str]:
    return {"content-type": "text/html; charset=utf-8", "content-security-policy": policy}


@contextmanager
def open_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM)
        yield Browser(
            chromium=chromium, preview=render_email(*DRAFTS["early-help-school"]).html, complaints=[]
        )
        chromium.close()
