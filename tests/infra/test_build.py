"""The Lambda package: exactly what runs, compiled so that a cold start trusts it."""

import _imp
import json
import marshal
import shutil
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from types import CodeType

import pytest

from functions.adapters import render
from infra import build

UNCHECKED_HASH = 0b01
"""PEP 552: keyed by the source's hash, and not checked against it when loaded."""


@pytest.fixture(scope="session")
def package() -> Path:
    return build.build_local()


def bytecode_of(source: Path, tag: str) -> bytes:
    return (source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc").read_bytes()


def is_trusted(source: Path, tag: str) -> bool:
    compiled = bytecode_of(source, tag)
    magic, flags = (int.from_bytes(compiled[at : at + 4], "little") for at in (0, 4))
    # importlib's own function hashes for this interpreter alone; the magic number says which one compiled it.
    return flags == UNCHECKED_HASH and compiled[8:16] == _imp.source_hash(magic, source.read_bytes())


def contents(package: Path) -> dict[Path, str]:
    files = (path for path in package.rglob("*") if path.is_file())
    return {path.relative_to(package): sha256(path.read_bytes()).hexdigest() for path in files}


def test_every_module_has_bytecode_that_needs_no_second_look(package: Path) -> None:
    sources = list(package.rglob("*.py"))
    assert len(sources) > 500
    assert [path for path in sources if not is_trusted(path, str(sys.implementation.cache_tag))] == []


def test_no_bytecode_is_older_than_its_source(package: Path) -> None:
    compiled = list(package.rglob("*.pyc"))
    assert len(compiled) == len(list(package.rglob("*.py")))


def test_the_bytecode_says_where_lambda_will_find_it(package: Path) -> None:
    compiled = bytecode_of(package / "functions" / "settings.py", str(sys.implementation.cache_tag))
    code = marshal.loads(compiled[16:])  # noqa: S302 - our own, made a moment ago
    assert isinstance(code, CodeType)
    assert code.co_filename == "/var/task/functions/settings.py"


def test_what_stays_home_is_not_in_the_package(package: Path) -> None:
    top = {path.name for path in package.iterdir()}
    assert {"functions", "schemas", "pydantic", "aws_lambda_powertools", "joserfc", "itsdangerous"} <= top
    assert not top & {"boto3", "botocore", "aws_cdk", "moto", "pytest", "infra", "tests", "bin", "holidays"}
    for name in build.STAYS_HOME:
        assert not (package / name).exists(), name


def test_every_template_and_every_handler_is_in_the_package(package: Path) -> None:
    ours = [
        path for path in (build.REPO / "functions").rglob("*") if path.is_file() and path.suffix != ".pyc"
    ]
    shipped = [path for path in ours if "cli" not in path.relative_to(build.REPO).parts]
    assert [path for path in shipped if not (package / path.relative_to(build.REPO)).exists()] == []


def test_what_pages_are_drawn_from_is_in_the_package(package: Path) -> None:
    """Macros and style sheets are no modules: a copy that takes only those would drop them."""
    assert list((package / "govuk_frontend_jinja").rglob("button/macro.html"))
    for folder in ("functions/templates/console", "functions/console/paint/static"):
        assert list((package / folder).iterdir()), folder


DRAWS = """
import json
import jinja2
def compiled_here(*_, **__):
    raise AssertionError("a template was compiled at run time")
jinja2.Environment.compile = jinja2.Environment._parse = compiled_here
from functions.adapters import render
drawn = dict()
for name, environment in dict(
    pages=render._pages(), console=render._console(),
    **{{version: render._templates(version) for version in render._FOLDERS}},
).items():
    folder = render.COMPILED / ("email/" + render._FOLDERS[name] if name in render._FOLDERS else name)
    for template in {templates!r}[name]:
        environment.get_template(template)
    drawn[name] = [type(environment.loader).__name__, len(list(folder.glob("*.py")))]
print(json.dumps(drawn))
"""


def test_no_template_of_the_package_is_compiled_at_run_time(package: Path) -> None:
    """GOV.UK's macros among them: each is loaded with a compiler that refuses, and none is there beside."""
    every = {"pages": render._pages(), "console": render._console()}  # noqa: SLF001 - the loaders have no other door
    every |= {version: render._templates(version) for version in render._FOLDERS}  # noqa: SLF001
    templates = {name: environment.list_templates() for name, environment in every.items()}
    assert any(name.startswith("govuk_frontend_jinja/") for name in templates["console"])
    ran = in_the_package(package, DRAWS.format(templates=templates))
    assert json.loads(ran) == {name: ["ModuleLoader", len(found)] for name, found in templates.items()}


def test_templates_are_compiled_by_the_jinja_that_will_run_them(package: Path) -> None:
    (info,) = package.glob("jinja2-*.dist-info")
    assert info.name == f"jinja2-{version('jinja2')}.dist-info"


def test_every_handler_starts_from_the_package_alone(package: Path) -> None:
    handlers = sorted(path.stem for path in (package / "functions" / "handlers").glob("[!_]*.py"))
    imports = "\n".join(f"import functions.handlers.{handler}" for handler in handlers)
    in_the_package(package, imports)


def in_the_package(package: Path, script: str) -> str:
    """What a script prints that has the package alone to import from."""
    ran = subprocess.run(
        # Isolated from the working folder; the installed boto3 stands for the one of Lambda's runtime.
        [sys.executable, "-I", "-c", f"import sys\nsys.path.insert(0, {str(package)!r})\n{script}"],
        cwd=package.parent,
        env={"AWS_DEFAULT_REGION": "eu-west-2"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout


def test_the_same_sources_make_the_same_package(package: Path) -> None:
    again = build.build(replace(build.local_flavour(), folder="again"))
    try:
        assert contents(again) == contents(package)
    finally:
        shutil.rmtree(again)
        (build.BUILD / "again.sha256").unlink()


def test_the_package_for_lambda_is_for_its_processor_and_its_python() -> None:
    try:
        made = build.build_deploy()
    except build.PythonMissingError as missing:
        pytest.skip(str(missing))
    assert [path for path in made.rglob("*.py") if not is_trusted(path, "cpython-313")] == []
    compiled = {path.name.split(".", 1)[1] for path in made.rglob("*.so")}
    assert compiled <= {"cpython-313-aarch64-linux-gnu.so", "abi3.so"}


def test_without_lambdas_python_its_package_is_refused_with_the_next_step(tmp_path: Path) -> None:
    uv = build.REPO / ".tools" / "bin" / "uv"
    (tmp_path / "uv").symlink_to(uv if uv.exists() else str(shutil.which("uv")))
    ran = subprocess.run(
        [sys.executable, "-m", "infra.build", "deploy"],
        cwd=build.REPO,
        env={"PATH": str(tmp_path), "HOME": str(tmp_path), "PYTHONPATH": str(build.REPO)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "its bytecode is compiled by Python 3.13 and none is here; install it" in ran.stderr


def test_the_lock_of_the_package_names_no_place_to_fetch_from() -> None:
    lines = build.LOCK.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if "://" in line or line.startswith(("-i", "--index", "--extra"))]
