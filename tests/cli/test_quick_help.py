"""Help and completion load no library of tables or geometry: asked of a fresh interpreter."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest

from borderline.cli import main

ROOT = pathlib.Path(__file__).parents[2]
HEAVY = ["geopandas", "numpy", "pandas", "pyproj", "rich", "scipy", "shapely"]
#: Call the command with the words given, then write which of the heavy libraries it has loaded.
PROGRAM = f"""
import contextlib, io, json, sys
from borderline.cli import main
loaded = {{}}
for words in json.loads(sys.argv[1]):
    printed = io.TextIOWrapper(io.BytesIO())
    with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        main(words, prog_name="borderline")
    assert printed.buffer.tell(), words
    loaded[" ".join(words)] = [name for name in {HEAVY} if name in sys.modules]
print(json.dumps(loaded))
"""


def loaded_after(*calls, **environment):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(calls)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_help_loads_nothing_heavy():
    calls = [["--help"], ["--version"], [], *([command, "--help"] for command in main.commands)]
    assert loaded_after(*calls) == {" ".join(words): [] for words in calls}


@pytest.mark.parametrize(
    "typed",
    ["borderline ", "borderline map --", "borderline map --line ", "borderline catalog ", "borderline map "],
)
def test_completion_loads_nothing_heavy(typed):
    environment = {
        "_BORDERLINE_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split(" ")) - 1),
    }
    assert loaded_after([], **environment) == {"": []}


def test_the_measurement_notices_a_heavy_library():
    loaded = loaded_after(["distance", "14.3491,103.2664"])
    assert "geopandas" in loaded["distance 14.3491,103.2664"]
