"""A browser for each test that needs one; without one its tests are skipped, and say so.

No test shares it with another: while it is open its event loop runs in this thread, and no other can.
"""

from collections.abc import Iterator

import pytest

from tests.console.browser import CHROMIUM, Browser, open_browser


@pytest.fixture
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(
            f"no browser: {CHROMIUM} is missing; install Debian's chromium to see the console's pages"
        )
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def account() -> Iterator[None]:
    """An account that is nobody's, for a world that several tests share."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "testing")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        environment.setenv("AWS_DEFAULT_REGION", "eu-west-2")
        yield
