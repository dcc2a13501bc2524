"""What a test may touch follows from its folder: sockets, the worker it runs on, how long it may take."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

TESTS = Path(__file__).parent

WITHOUT_SOCKETS = {"unit", "house"}
"""Everybody else may talk to loopback; nobody beyond it (`--allow-hosts` in pyproject.toml)."""

ON_ONE_WORKER = {"infra", "whole"}
"""Each shares one costly thing for the session: the synthesised template, the running emulator."""

NOT_MEASURED = {"simulation", "whole"}
"""Whole runs, for which the coverage of rules is not counted: tracing would double what they cost."""

SECONDS = {"house": 420, "infra": 420, "whole": 540}

hypothesis.settings.register_profile(
    "house",
    deadline=None,  # a shared machine stalls; a slow example is not a wrong one
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    print_blob=True,
)
hypothesis.settings.load_profile("house")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Nothing that is collected is ever garbage: looking for some, again and again, is a sixth of what
    collecting costs."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


class ByFolder(LoadScopeScheduling):  # type: ignore[misc]  # the library has no types for it
    """Any test on any worker, but for the folders that stay on one.

    `--dist=loadgroup` is meant for this; with pytest 9.2 xdist 3.8 writes the group to a name that nothing
    reads any more.
    """

    def _split_scope(self, nodeid: str) -> str:
        _, folder, *_ = nodeid.split("/")
        return folder if folder in ON_ONE_WORKER else nodeid

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """Forgets what is done: the library counts all that it ever gave a worker, after each test anew."""
        done = self._split_scope(self.registered_collections[node][item_index])
        super().mark_test_complete(node, item_index, duration)
        units = self.assigned_work[node]
        if all(units[done].values()):
            del units[done]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    return ByFolder(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark each test by its folder; slow ones go first: at the end none keeps one worker waiting."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in WITHOUT_SOCKETS:
            item.add_marker("disable_socket")
        if folder in NOT_MEASURED:
            item.add_marker("no_cover")
        if folder == "whole":
            item.add_marker("whole")
        if folder in SECONDS and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SECONDS[folder]))
    yield
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True)
def _no_real_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test can reach an AWS account, whoever runs it and whatever they are signed in to."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
