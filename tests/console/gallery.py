"""Photographs every sample page, wide, narrow and on paper: python -m tests.console.gallery [names]."""

import sys
from pathlib import Path

from tests.console.browser import NARROW, WIDE, Browser, open_browser
from tests.console.samples.all import SAMPLES

PICTURES = Path(__file__).parents[2] / "build" / "pictures"


def photograph(browser: Browser, names: list[str]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for sample in SAMPLES:
        if names and sample.name not in names:
            continue
        for width in (WIDE, NARROW):
            with browser.page(sample, width) as page:
                page.screenshot(path=PICTURES / f"{sample.name}-{width}.png", full_page=True)
                if width == WIDE:
                    page.pdf(path=PICTURES / f"{sample.name}.pdf", format="A4", print_background=False)


if __name__ == "__main__":
    with open_browser() as opened:
        photograph(opened, sys.argv[1:])
