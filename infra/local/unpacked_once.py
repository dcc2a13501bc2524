"""Starts the emulator so that it unpacks a package once, and not for each process of each function.

Run by the emulator's own interpreter in place of `-m ministack`. No function writes into its package:
in Lambda it could not.
"""

import hashlib
import importlib
import os
import runpy
import tempfile
import threading
import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

RUNTIME = "ministack.core.lambda_runtime"
_one_at_a_time = threading.Lock()


class UnpackedOnce(zipfile.ZipFile):
    """A package whose files stand in one place for everybody who asks for them all."""

    def extractall(
        self,
        path: str | os.PathLike[str] | None = None,
        members: Iterable[str | zipfile.ZipInfo] | None = None,
        pwd: bytes | None = None,
    ) -> None:
        """`path`, an empty folder, becomes a link to the files; its own copy of the zip is not kept."""
        if path is None or self.filename is None:
            raise ValueError("a package is a file, and goes into a folder")
        with _one_at_a_time:
            unpacked = Path(tempfile.gettempdir()) / f"package-{self._digest()}"
            if not unpacked.exists():
                super().extractall(making := unpacked.with_suffix(".making"), members, pwd)
                making.rename(unpacked)
        Path(path).rmdir()
        Path(path).symlink_to(unpacked)
        Path(self.filename).unlink()

    def _digest(self) -> str:
        inside = [(one.filename, one.file_size, one.CRC) for one in self.infolist()]
        return hashlib.sha256(repr(inside).encode()).hexdigest()[:16]


if __name__ == "__main__":
    runtime = importlib.import_module(RUNTIME)
    if not hasattr(runtime, "zipfile"):
        raise SystemExit(f"{RUNTIME} unpacks packages in another way now: {__file__} does nothing for it")
    vars(runtime)["zipfile"] = SimpleNamespace(**{**vars(zipfile), "ZipFile": UnpackedOnce})
    runpy.run_module("ministack", run_name="__main__")
