"""The wheel, built, installed into an empty environment and used away from the repository."""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
import zipfile

import pytest

ROOT = pathlib.Path(__file__).parent.parent
pytestmark = pytest.mark.slow


def call(*command, cwd=None):
    keep = ("PATH", "HOME", "LANG", "SSL_CERT_FILE", "PIP_CONFIG_FILE", "PIP_INDEX_URL", "UV_DEFAULT_INDEX")
    env = {name: os.environ[name] for name in os.environ if name in keep or name.startswith(("PIP_", "UV_"))}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=env)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("environment") / "venv"
    call(sys.executable, "-m", "venv", str(folder))
    # The locked versions, without their hashes: pip would ask for the wheel's own.
    pins = re.findall(r"^[a-z0-9._-]+==.*?(?= \\)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    constraints = folder.with_name("constraints.txt")
    constraints.write_text("\n".join(pins), encoding="utf-8")
    pip = (str(folder / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check")
    call(*pip, "install", "--constraint", str(constraints), f"{wheel}[plot]", "ipykernel", "nbclient")
    return folder / "bin"


def test_wheel_holds_code_data_and_licences(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "borderline/py.typed",
        "borderline/geodata/catalog.json",
        "borderline/geodata/address_words.json",
        "borderline/geodata/disputes.json",
        "borderline/geodata/line_accuracy.json",
        "borderline/geodata/map_labels.json",
        "borderline/geodata/name_forms.json",
        "borderline/geodata/place_names.json",
        "borderline/geodata/place_phrases.json",
        "borderline/geodata/layers/line-osm-2025.fgb",
        "borderline/geodata/layers/admin1.fgb",
        "borderline/geodata/crosswalks/countries.csv",
        "borderline/seeds/incidents.csv",
    ):
        assert wanted in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/LICENSE-DATA") for name in names)
    assert not [name for name in names if "build/" in name or name.startswith(("tests/", "geodata/"))]


def test_wheel_is_small(wheel):
    assert wheel.stat().st_size < 5_000_000


def test_main_job_away_from_the_repository(environment, tmp_path):
    said = call(str(environment / "borderline"), "map", "-o", "border.html", cwd=tmp_path)
    assert "222 incidents, 212 located (18 of them by name)" in said
    assert (tmp_path / "border.html").stat().st_size > 100_000
    code = (
        "import pathlib, borderline as bl; from borderline._paths import data_path; "
        "border = bl.load_border(); "
        "located = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border); "
        "inside = pathlib.Path(bl.__file__).parent in data_path('geodata').parents; "
        "print(located['side'].notna().sum(), inside)"
    )
    said = call(str(environment / "python"), "-I", "-W", "error", "-c", code, cwd=tmp_path)
    assert said.split() == ["212", "True"]


def shown(path):
    """Tell what each cell shows, as text; what depends on the clock or on fonts is left out."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if "timing" not in cell["metadata"].get("tags", []):
            for output in cell.get("outputs", []):
                data = {"text/plain": output.get("text", ""), **output.get("data", {})}
                yield {kind: "".join(text) for kind, text in data.items() if kind.startswith("text/")}


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebook_shows_what_it_says_away_from_the_repository(path, environment, tmp_path):
    runner = tmp_path / "run.py"
    runner.write_bytes((ROOT / "notebooks" / "run.py").read_bytes())
    call(str(environment / "python"), "-I", str(runner), str(path), "--into", str(tmp_path), cwd=tmp_path)
    assert list(shown(tmp_path / path.name)) == list(shown(path))
