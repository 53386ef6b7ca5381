"""What is committed: nothing that belongs to one machine or one index."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import tomllib

import pytest

import borderline as bl

ROOT = pathlib.Path(__file__).parent.parent


def tracked():
    git = shutil.which("git") or "git"
    done = subprocess.run([git, "ls-files", "-z"], capture_output=True, check=False, cwd=ROOT)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.decode().split("\0") if name]


def text_of(path):
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return ""


def test_lock_has_hashes_and_no_address():
    lock = text_of(ROOT / "requirements.lock")
    assert "://" not in lock
    assert "index-url" not in lock
    pins = re.findall(r"^[a-z0-9._-]+==", lock, flags=re.MULTILINE)
    assert len(pins) > 30
    for block in re.split(r"^(?=[a-z0-9._-]+==)", lock, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in block


def test_every_dependency_is_locked():
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    extras = [each for wanted in project["optional-dependencies"].values() for each in wanted]
    wanted = [each for each in project["dependencies"] + extras if not each.startswith(project["name"])]
    lock = text_of(ROOT / "requirements.lock")
    for each in wanted:
        name = re.match(r"[a-z0-9-]+", each)[0]
        assert re.search(rf"^{re.escape(name)}==", lock, flags=re.MULTILINE), name


def test_no_path_of_a_machine():
    pattern = re.compile(r"(?<![\w.~)/-])/" + r"(?:home|root|Users|work|tmp)/\w")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        for match in pattern.finditer(text_of(path))
    ]
    assert not found


def test_versions_agree():
    assert f"## {bl.__version__}" in text_of(ROOT / "CHANGELOG.md").replace("[", "").replace("]", "")
    assert f"version: {bl.__version__}" in text_of(ROOT / "CITATION.cff")


@pytest.mark.parametrize("name", ["LICENSE", "LICENSE-DATA"])
def test_licences_are_there(name):
    text = text_of(ROOT / name)
    assert {"LICENSE": "MIT License", "LICENSE-DATA": "Open Database License"}[name] in text


def test_no_conflict_was_left_unresolved():
    marks = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
    assert not [path.name for path in tracked() if marks.search(text_of(path))]
