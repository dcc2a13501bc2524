"""Makes the Lambda package: one folder for this machine's emulator, one for Lambda's Python on arm64."""

import argparse
import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).parents[1]
BUILD = REPO / "build"
LOCK = REPO / "requirements-runtime.txt"
OURS = ("functions", "schemas")
STAYS_HOME = (
    "functions/cli",
    "schemas/examples",
    "schemas/lifecycle_publications.py",
    "schemas/publication.py",
    "schemas/publish.py",
    "schemas/published",
)
LAMBDA_PYTHON = "3.13"
LAMBDA_PLATFORM = "aarch64-manylinux2014"
PRECOMPILE = """
import pathlib, sys
from functions.adapters.render import precompile
precompile(pathlib.Path(sys.argv[1]))
"""
"""In a process of its own: what builds the package imports nothing of what runs in it."""
IN_LAMBDA = "/var/task"
"""Where Lambda unpacks the folder; written into the bytecode, so that it is the same wherever it is made."""


class BuildError(Exception):
    """The package cannot be made here; the message says what is missing."""


class PythonMissingError(BuildError):
    """There is no Python of Lambda's version here to compile the bytecode."""


@dataclass(frozen=True)
class Flavour:
    """One way to make the package: whose wheels, and which interpreter compiles."""

    name: str
    python: Path
    wheels_for: Sequence[str]
    folder: str


def build_local() -> Path:
    """The package for the interpreter that runs this, made again if anything changed; raises BuildError."""
    return build(local_flavour())


def build_deploy() -> Path:
    """The package for Lambda, likewise; raises PythonMissingError where its Python is missing."""
    wheels_for = ("--python-version", LAMBDA_PYTHON, "--python-platform", LAMBDA_PLATFORM)
    return build(Flavour("deploy", _lambda_python(), wheels_for, folder="deploy"))


def local_flavour() -> Flavour:
    """The emulator runs the functions on an interpreter of the same version as ours."""
    return Flavour("local", Path(sys.executable), (), folder="local")


def build(flavour: Flavour) -> Path:
    """The package in its folder, made again if anything that it is made of has changed; raises BuildError."""
    made = BUILD / flavour.folder
    stamp = BUILD / f"{flavour.folder}.sha256"
    with _one_at_a_time():
        digest = _digest(flavour)
        if not (made.is_dir() and stamp.is_file() and stamp.read_text() == digest):
            with tempfile.TemporaryDirectory(dir=BUILD, prefix=f".{flavour.name}-") as making:
                package = Path(making) / "package"
                shutil.copytree(_libraries(flavour), package)
                _remove(package / "tests")  # a library's own, which its wheel carries by mistake
                _copy_ours(package)
                _precompile_templates(package)
                _compile(flavour, package)
                shutil.rmtree(made, ignore_errors=True)
                package.rename(made)
            stamp.write_text(digest)
    return made


def _libraries(flavour: Flavour) -> Path:
    """The locked libraries, installed once for each lock: changing our own code must not need the network."""
    digest = hashlib.sha256(LOCK.read_bytes() + _version_of(flavour.python).encode()).hexdigest()[:16]
    installed = BUILD / f"libraries-{flavour.name}-{digest}"
    if not installed.is_dir():
        for older in BUILD.glob(f"libraries-{flavour.name}-*"):
            shutil.rmtree(older)
        with tempfile.TemporaryDirectory(dir=BUILD, prefix=".libraries-") as making:
            target = Path(making) / "libraries"
            _install(flavour, target)
            for written_by_the_installer in ("bin", ".lock"):
                _remove(target / written_by_the_installer)
            target.rename(installed)
    return installed


def _install(flavour: Flavour, target: Path) -> None:
    command = [_uv(), "pip", "install", "--quiet", "--no-config", "--link-mode", "copy"]
    command += ["--python", str(flavour.python), "--target", str(target), *flavour.wheels_for]
    command += ["--only-binary", ":all:", "--require-hashes", "--requirements", str(LOCK)]
    _run(command, "the locked libraries could not be installed")


def _copy_ours(package: Path) -> None:
    for source in _our_files():
        target = package / source.relative_to(REPO)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _precompile_templates(package: Path) -> None:
    """Templates as Python, which the same bytecode is then made of. By our own interpreter: what they become
    depends on Jinja's version alone, and Lambda's libraries may not start here."""
    into = package / "functions" / "templates" / "compiled"
    command = [sys.executable, "-c", PRECOMPILE, str(into)]
    _run(command, "the templates do not compile")


def _compile(flavour: Flavour, package: Path) -> None:
    """Bytecode that Lambda takes without looking at the source: file times do not survive the packaging."""
    command = [
        str(flavour.python),
        "-m",
        "compileall",
        "-q",
        "-j",
        "1",
        "--invalidation-mode",
        "unchecked-hash",
    ]
    command += ["-s", str(package), "-p", IN_LAMBDA, str(package)]
    _run(command, "the package does not compile")


def _our_files() -> Iterator[Path]:
    stays = tuple(REPO / name for name in STAYS_HOME)
    for root in OURS:
        for path in sorted((REPO / root).rglob("*")):
            at_home = any(path == home or home in path.parents for home in stays)
            if path.is_file() and path.suffix != ".pyc" and not at_home:
                yield path


def _digest(flavour: Flavour) -> str:
    hashed = hashlib.sha256(_version_of(flavour.python).encode())
    for path in (Path(__file__), LOCK, *_our_files()):
        hashed.update(f"{path.relative_to(REPO)}\0".encode() + path.read_bytes() + b"\0")
    return hashed.hexdigest()


def _lambda_python() -> Path:
    found = subprocess.run(  # noqa: S603 - our own words
        [_uv(), "python", "find", "--no-config", "--no-project", "--no-python-downloads", LAMBDA_PYTHON],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        raise PythonMissingError(
            f"no package for Lambda: its bytecode is compiled by Python {LAMBDA_PYTHON} and none is here; "
            f"install it so that `python{LAMBDA_PYTHON} -V` answers, then build again"
        )
    return Path(found.stdout.strip())


def _version_of(python: Path) -> str:
    return _run([str(python), "-VV"], f"{python} does not start")


def _uv() -> str:
    beside = REPO / ".tools" / "bin" / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise BuildError("uv is needed to build the package: run `make setup` first")
    return found


def _run(command: Sequence[str], failed: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own words
        command, cwd=REPO, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BuildError(f"{failed}:\n{(done.stdout + done.stderr).strip()}")
    return done.stdout.strip()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two test processes that both need the package wait for each other."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / ".one-at-a-time").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Build what was asked for, or both; without Lambda's Python "both" means the local one, and says so."""
    parser = argparse.ArgumentParser(prog="python -m infra.build", description=__doc__)
    parser.add_argument("flavour", nargs="?", choices=("local", "deploy"), help="both if left out")
    asked = parser.parse_args().flavour
    try:
        if asked != "deploy":
            _say(f"{build_local()}: for this machine's emulator")
        if asked != "local":
            _say(f"{build_deploy()}: for Lambda")
    except PythonMissingError as missing:
        _say(str(missing))
        return int(asked == "deploy")
    except BuildError as failed:
        _say(str(failed))
        return 1
    return 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
