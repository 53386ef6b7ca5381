"""The page's modules that need no page, by node's own test runner; and the look of all of them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "js"
ROOT = Path(__file__).parents[1]
SCRIPTS = sorted(map(str, (ROOT / "borderline" / "mapping" / "assets").glob("*.js")))
MODULES = sorted(map(str, FOLDER.glob("*.mjs")))


def node() -> str:
    """Find node 20 or newer, whose runner the tests are written for."""
    path = shutil.which("node")
    if path is None:
        pytest.skip("node is not installed: the tests of the page's modules are left out")
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.removeprefix("v").split(".")[0]) < 20:
        pytest.skip(f"node {version.strip()} is too old: the tests of the page's modules are left out")
    return path


def test_modules_that_need_no_page():
    files = sorted(map(str, FOLDER.glob("*.test.mjs")))
    assert files
    done = subprocess.run([node(), "--test", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# fail 0" in done.stdout or "fail 0" in done.stdout


@pytest.mark.parametrize(
    ("tool", "options"),
    [
        ("eslint", ["--config", "tests/js/eslint.config.mjs", "--max-warnings=0"]),
        ("prettier", ["--config", "tests/js/.prettierrc.json", "--check"]),
    ],
    ids=["eslint", "prettier"],
)
def test_scripts_are_linted_and_formatted(tool, options):
    command = FOLDER / "node_modules" / ".bin" / tool
    if not command.exists():
        pytest.skip(f"{tool} is not installed (npm ci in tests/js): scripts are not checked by it")
    done = subprocess.run(
        [node(), command.resolve(), *options, *SCRIPTS, *MODULES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
