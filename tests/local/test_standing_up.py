"""Standing up: an assembly of one stack, a zip of it, and clear words when the emulator is not there."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from infra.local.assembly import Assembly, SynthError
from infra.local.emulator import EmulatorError, running_emulator


def an_assembly(folder: Path, *stacks: str) -> Path:
    artifacts = {name: {"type": "aws:cloudformation:stack"} for name in stacks}
    manifest = {"artifacts": artifacts | {"Tree": {"type": "cdk:tree"}}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def test_an_assembly_is_of_one_stack(tmp_path: Path) -> None:
    assert Assembly.of(an_assembly(tmp_path, "MashOutcomes")).artifact == "MashOutcomes"


@pytest.mark.parametrize("stacks", [(), ("One", "Two")])
def test_no_stack_and_two_stacks_are_mistakes(tmp_path: Path, stacks: tuple[str, ...]) -> None:
    with pytest.raises(SynthError, match=f"holds {len(stacks)} stacks"):
        Assembly.of(an_assembly(tmp_path, *stacks))


def test_a_folder_asset_is_uploaded_as_a_zip_and_a_file_as_it_is(tmp_path: Path) -> None:
    assembly = Assembly.of(an_assembly(tmp_path, "MashOutcomes"))
    (package := tmp_path / "asset.1" / "functions").mkdir(parents=True)
    (package / "handler.py").write_text("pass", encoding="utf-8")
    (tmp_path / "MashOutcomes.template.json").write_text("{}", encoding="utf-8")
    packed = assembly.content({"source": {"path": "asset.1"}})
    assert zipfile.ZipFile(io.BytesIO(packed)).namelist() == ["functions/handler.py"]
    assert assembly.content({"source": {"path": assembly.template_file}}) == b"{}"


def test_a_missing_emulator_names_the_command_that_installs_it(tmp_path: Path) -> None:
    with pytest.raises(EmulatorError, match="make setup"), running_emulator(25, tmp_path / "python"):
        pass


def test_an_emulator_that_does_not_start_says_what_it_said_and_what_is_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no module named ministack >&2\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    with pytest.raises(EmulatorError, match="no module named ministack"), running_emulator(25, broken):
        pass
    (home,) = re.findall("^removing (/.+), with the functions' package", capsys.readouterr().err)
    assert not Path(home).exists()
