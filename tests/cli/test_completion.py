"""What the Tab key offers in Bash, asked of Bash itself."""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
COMMAND = pathlib.Path(sys.executable).with_name("borderline")
#: Bash runs the function that it was told of, with the words typed so far.
SCRIPT = """
source /dev/stdin <<< "$(_BORDERLINE_COMPLETE=bash_source borderline)"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_borderline_completion borderline
echo "${COMPREPLY[@]}"
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["lo"], "locate"),
        (["map", "--ti"], "--title"),
        (["compare", "--with", "osm-202"], "osm-2025 osm-2026 osm-2020"),
        (["locate", "--line", "rtsd"], "rtsd-2019"),
        (["catalog", "pil"], "pillars"),
        (["map", "--language", "k"], "km"),
    ],
)
def test_bash_completes(typed, offered):
    done = subprocess.run(
        [shutil.which("bash") or "bash", "-c", SCRIPT, "bash", "borderline", *typed],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": f"{COMMAND.parent}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.split() == offered.split()
