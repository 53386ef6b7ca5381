"""The README and the pages of facts say what is true, and their code runs."""

from __future__ import annotations

import pathlib
import re
import shlex
import shutil

import pytest
from click.testing import CliRunner

import borderline as bl
from borderline.cli import main

ROOT = pathlib.Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
RESULTS = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")


def test_it_opens_with_what_it_is_a_picture_and_how_to_install_it():
    marks = ("borderline is a", "![", "pip install borderline-geo", "```python", "make test")
    places = [README.index(mark) for mark in marks]
    assert places == sorted(places)
    assert all(f"$ make {target} " in README for target in ("map", "test", "check", "lint"))


def test_the_ten_lines_run(tmp_path, monkeypatch, capsys):
    (_, code) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(code.strip().splitlines()) <= 10
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})
    assert "events_per_km_low" in capsys.readouterr().out
    assert (tmp_path / "border.html").exists()


def test_three_lines_make_a_map():
    (code, _) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    *lines, last = code.strip().splitlines()
    assert len(lines) == 2
    names = {}
    exec("\n".join([*lines, f"shown = {last}"]), names)
    assert "<iframe" in names["shown"]._repr_html_()
    size = len(names["shown"].get_root().render().encode())
    (said,) = re.findall(r"about ([\d.]+) MB", README)
    assert size / 1e6 == pytest.approx(float(said), rel=0.1)


@pytest.mark.slow
def test_the_commands_run(tmp_path, monkeypatch):
    (tmp_path / "seeds").mkdir()
    shutil.copy(ROOT / "seeds" / "incidents.csv", tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    (block,) = (
        text for text in re.findall(r"```console\n(.*?)```", README, re.DOTALL) if "borderline map" in text
    )
    for line in block.strip().splitlines():
        prompt, program, *words = shlex.split(line)
        assert prompt == "$"
        if program == "cp":
            shutil.copy(*words)
            continue
        done = CliRunner().invoke(main, words)
        assert (program, done.exit_code) == ("borderline", 0), f"{line}: {done.output}"
    assert (tmp_path / "map.html").exists()


def test_figures_about_the_data():
    border, seeds = bl.load_border(), bl.load_incidents()
    assert f"{len(seeds)} sourced incidents" in README
    assert f"{border.length_m / 1000:.1f} km" in RESULTS
    assert f"{seeds.geometry.isna().sum()} have no position" in RESULTS
    lengths = bl.catalog.get_border("khm-tha").lengths
    assert f"from {min(each.km for each in lengths):g} to {max(each.km for each in lengths):g} km" in RESULTS
    assert f"about {border.accuracy_m:g} m" in RESULTS


def test_page_on_the_data():
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    for key in bl.catalog.get_border("khm-tha").lines:
        length = bl.load_border(line=key).length_m / 1000
        assert f"| `{key}` | {bl.catalog.get(key).title} | {length:.1f} |" in page
    for key in bl.catalog.list_layers().index:
        record = bl.catalog.get(key)
        known = "not known" if record.accuracy_m is None else f"{record.accuracy_m:,.0f} m"
        licence = record.license.removeprefix("LicenseRef-")
        assert f"| `{key}` | {record.title} | {record.date} | {licence} | {known} |" in page
    lengths = bl.catalog.get_border("khm-tha").lengths
    assert f"Six are on record for this border, from {min(each.km for each in lengths):g} to" in page
    assert len(lengths) == 6
    patches = bl.catalog.read_layer("contested")
    assert f"{len(patches)} patches" in page
    assert f"{patches['area_ha'].sum():.0f} ha in all" in page


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "docs/data.md", "geodata/README.md", "seeds/README.md"]
)
def test_links_lead_somewhere(page):
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target
