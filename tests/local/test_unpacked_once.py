"""A package that the emulator unpacks for many processes stands in one place, whole for each of them."""

import tempfile
import zipfile
from pathlib import Path

import pytest

from infra.local.unpacked_once import UnpackedOnce


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulator's own folder, as its environment names it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def unpacked(folder: Path, **files: str) -> Path:
    """What a process that starts in `folder` finds there as its code."""
    (code := folder / "code").mkdir(parents=True)
    package = folder / "code.zip"
    with zipfile.ZipFile(package, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"functions/{name}.py", content)
    with UnpackedOnce(package) as archive:
        archive.extractall(code)
    return code


def read(code: Path) -> dict[str, str]:
    return {path.stem: path.read_text() for path in (code / "functions").iterdir()}


def test_every_process_finds_the_whole_package_and_all_find_the_same_files(tmp_path: Path) -> None:
    one, other = (unpacked(tmp_path / name, first="1", second="2") for name in ("one", "other"))
    assert read(one) == read(other) == {"first": "1", "second": "2"}
    assert one.resolve() == other.resolve()


def test_another_package_has_a_place_of_its_own(tmp_path: Path) -> None:
    old, new = unpacked(tmp_path / "old", first="1"), unpacked(tmp_path / "new", first="2")
    assert (read(old), read(new)) == ({"first": "1"}, {"first": "2"})


def test_no_process_keeps_a_copy_of_the_zip(tmp_path: Path) -> None:
    unpacked(tmp_path / "one", first="1")
    assert list(tmp_path.rglob("*.zip")) == []
