"""The notebooks run from top to bottom, away from the repository."""

from __future__ import annotations

import json
import pathlib

import pytest

import borderline as bl
from borderline.schema import NOT_VIOLENT

FOLDER = pathlib.Path(__file__).parent.parent / "notebooks"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebook_runs(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    names = {}
    ran = 0
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), path.name, "exec"), names)
            ran += 1
    assert ran > 1


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebook_asks_and_answers(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert "**Question.**" in "".join(cells[0]["source"])
    assert "**Answer.**" in "".join(cells[-1]["source"])


def test_the_first_answer_is_true():
    border = bl.load_border()
    located = bl.load_seeds().pipe(bl.geocode).pipe(bl.locate, border)
    violent = located[~located["event_type"].isin(NOT_VIOLENT)]
    density = bl.density(violent, bl.segment(border, every_km=10), within_km=25)
    top = density.nlargest(3, "events_per_km")
    assert top["admin1_left"].tolist() == ["Preah Vihear", "Oddar Meanchey", "Oddar Meanchey"]
    assert top["admin1_right"].tolist() == ["Si Sa Ket", "Surin", "Surin"]
    assert top["n_events"].iloc[0] > 2 * top["n_events"].iloc[1]
