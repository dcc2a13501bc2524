"""`python -m tests.house.mechanisms [F5 ...]`: removes one mechanism at a time and sees its tests fail."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.house.removal import Removal
from tests.house.removals import REMOVALS
from tests.house.test_failing_points import FAILING_POINTS
from tests.house.tree import ROOT, tracked_files

ROWS = {point.split()[0]: tests for point, tests in FAILING_POINTS.items()}
PASSED, SOME_FAILED = 0, 1
"""How pytest ends when every test has run; whatever else it says is no verdict on a test."""
LONG_AGO = 1_000_000_000


def witnesses_of(point: str, removal: Removal) -> list[str]:
    """The node ids, among those of the point's row, of the tests that must fail."""
    sentences = tuple(f"::test_{sentence}" for sentence in removal.noticed_by)
    return [test for test in ROWS[point] if test.endswith(sentences)]


def failed(tree: Path, tests: Iterable[str]) -> set[str]:
    """Which of the tests fail in `tree`, by what they assert; one whose set-up breaks has noticed nothing."""
    options = ("-q", "-n", "0", "--tb=no", "-p", "no:randomly", "-p", "no:cacheprovider")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=tree,
        check=False,
        capture_output=True,
        text=True,
    )
    if ran.returncode not in {PASSED, SOME_FAILED}:
        raise RuntimeError(ran.stdout[-3000:] + ran.stderr[-3000:])
    return set(re.findall(r"^FAILED (\S+?::\w+)", ran.stdout, re.MULTILINE))


def copied(folder: Path) -> Path:
    """The tree as git knows it, to be broken."""
    for path in tracked_files():
        there = folder / path.relative_to(ROOT)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, there)
    return folder


def without(removal: Removal, tree: Path, number: int, tests: Sequence[str]) -> set[str]:
    """Which of the tests fail while the mechanism is gone; afterwards the file is as it was."""
    file = tree / removal.file
    file.write_text(broken(removal), encoding="utf-8")
    # Bytecode is told apart by the second in which its source was written: each removal has its own.
    os.utime(file, (LONG_AGO + number, LONG_AGO + number))
    try:
        return failed(tree, tests)
    finally:
        shutil.copy2(ROOT / removal.file, file)


def broken(removal: Removal) -> str:
    """The file without the mechanism."""
    return (ROOT / removal.file).read_text(encoding="utf-8").replace(removal.text, removal.instead)


def chosen(points: Sequence[str]) -> Iterator[tuple[str, Removal]]:
    """The removals of these points, or of all of them."""
    for point, removals in REMOVALS.items():
        if point in (points or REMOVALS):
            yield from ((point, removal) for removal in removals)


def main(points: Sequence[str]) -> int:
    """A line for each removal, and whether every one was noticed by every test that is said to."""
    removals = list(chosen(points))
    with TemporaryDirectory() as folder:
        tree = copied(Path(folder))
        everything = {test for point, removal in removals for test in witnesses_of(point, removal)}
        if unasked := failed(tree, sorted(everything)):
            say(f"failing with nothing removed: {', '.join(sorted(unasked))}")
            return 1
        noticed = [
            noticed_by_all(point, removal, without(removal, tree, number, witnesses_of(point, removal)))
            for number, (point, removal) in enumerate(removals)
        ]
    say(f"removals noticed {sum(noticed)}/{len(noticed)}")
    return 0 if noticed and all(noticed) else 1


def noticed_by_all(point: str, removal: Removal, failures: set[str]) -> bool:
    """Prints who noticed, and whether that is everybody who should have."""
    silent = [test for test in witnesses_of(point, removal) if test not in failures]
    verdict, tests = ("NOT noticed by", silent) if silent else ("noticed by", sorted(failures))
    names = ", ".join(test.partition("::")[2] for test in tests)
    say(f"{point} {removal.name}: {verdict} {names}")
    return not silent


def say(line: str) -> None:
    """A line at once, for the whole takes half an hour."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
