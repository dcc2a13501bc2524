"""Photographs the console over a simulated year, for the README: python -m tests.console.pictures."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import ViewportSize, sync_playwright

from functions.log_lines import say_nothing
from tests.console.browser import CHROMIUM, WIDE
from tests.console.council import MANAGER, POLICE
from tests.console.served import Served, served
from tests.console.small_year import UNTIL, SmallYear
from tests.simulation.history import a_year_until

PICTURES: Final = Path(__file__).parent / "pictures"
CONTACTS = 400
AS_SEEN: Final[ViewportSize] = {"width": WIDE, "height": 860}
SHOWN: Final = (
    ("overview", "/", MANAGER),
    ("agencies", "/agencies", MANAGER),
    ("police-desk", "/police-desk", POLICE),
)


def photograph(console: Served, folder: Path) -> Iterator[Path]:
    """Each page by whoever it is for, as much of it as a screen shows."""
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM)
        for name, path, person in SHOWN:
            console.person = person
            context = chromium.new_context(viewport=AS_SEEN, java_script_enabled=False)
            page = context.new_page()
            page.goto(f"{console.base}/sign-in/start?to={path}")
            page.screenshot(path=folder / f"{name}.png")
            context.close()
            yield folder / f"{name}.png"
        chromium.close()


def main() -> None:
    say_nothing()
    hub = a_year_until(UNTIL, CONTACTS)
    year = SmallYear(hub.tables, hub.intake.vault)
    with served(lambda base: year.office(base, base)) as one:
        for picture in photograph(one, PICTURES):
            sys.stdout.write(f"{picture.name}: {picture.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main()
