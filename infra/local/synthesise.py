"""`python -m infra.local.synthesise`: the package, the template and the local stage's parameters.

A process of its own because importing the CDK starts Node, which nobody needs once the template is written.
"""

import argparse
import json
from pathlib import Path

from infra.app import main as synthesise
from infra.build import build_local
from infra.local.assembly import STAGE_FILE
from infra.stage import LOCAL, Stage

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m infra.local.synthesise", description=__doc__)
    parser.add_argument("outdir", type=Path, help="the cloud assembly to write")
    outdir: Path = parser.parse_args().outdir
    synthesise(code=build_local(), outdir=outdir)
    stage = Stage.named(LOCAL)
    (outdir / STAGE_FILE).write_text(
        json.dumps({"stage": stage.name, "stack_name": stage.stack_name, "parameters": stage.parameters()})
    )
