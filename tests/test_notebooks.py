"""The notebooks: they run, they answer what they ask, and a page that runs nothing shows their answers."""

from __future__ import annotations

import json
import pathlib
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

import borderline as bl
from borderline.schema import NOT_VIOLENT

FOLDER = pathlib.Path(__file__).parent.parent / "notebooks"
BOOKS = sorted(FOLDER.glob("*.ipynb"))
#: A million rows, and thousands of simulated patterns, take their time; the tests of the wheel run them.
LONG = ("4-dense-and-significant", "5-which-line", "6-a-million-rows")


def cells(path, kind="code"):
    return [
        cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind
    ]


def stem(path):
    return path.stem


@pytest.mark.parametrize("path", [path for path in BOOKS if path.stem not in LONG], ids=stem)
def test_notebook_runs(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mpl.use("Agg")
    names = {}
    for cell in cells(path):
        exec(compile("".join(cell["source"]), path.name, "exec"), names)
    plt.close("all")
    assert names["located"]["side"].notna().any() if "located" in names else len(names["placed"])


@pytest.mark.parametrize("path", BOOKS, ids=stem)
def test_every_cell_was_run_and_said_nothing_on_the_side(path):
    code = cells(path)
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    for output in (output for cell in code for output in cell["outputs"]):
        assert output["output_type"] in {"execute_result", "display_data", "stream"}
        assert output.get("name") != "stderr"


@pytest.mark.parametrize("path", BOOKS, ids=stem)
def test_notebook_asks_and_answers(path):
    words = cells(path, "markdown")
    assert "**Question.**" in "".join(words[0]["source"])
    assert "**Answer.**" in "".join(words[-1]["source"])


@pytest.mark.parametrize("path", BOOKS, ids=stem)
def test_what_is_shown_is_small_and_needs_no_script(path):
    assert path.stat().st_size < 200_000
    shown = [output["data"] for cell in cells(path) for output in cell["outputs"] if "data" in output]
    assert shown
    for data in shown:
        page = "".join(data.get("text/html", ""))
        assert not re.search("<iframe|<script|BorderMap object|onload", page)
        assert len("".join(data.get("image/png", ""))) < 150_000


@pytest.mark.parametrize("path", BOOKS, ids=stem)
def test_a_map_is_shown_as_a_figure_too(path):
    sources = ["".join(cell["source"]) for cell in cells(path)]
    if any("bl.explore(" in source for source in sources):
        assert any(
            "image/png" in output.get("data", {}) for cell in cells(path) for output in cell["outputs"]
        )


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


@pytest.fixture(scope="module")
def violent(border):
    located = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)
    return located[~located["event_type"].isin(NOT_VIOLENT)]


def test_the_first_answer_is_true(border, violent):
    density = bl.density(violent, bl.segment(border, every_km=10), within_km=25)
    top = density.nlargest(3, "events_per_km")
    assert top["admin1_left"].tolist() == ["Preah Vihear", "Oddar Meanchey", "Oddar Meanchey"]
    assert top["admin1_right"].tolist() == ["Si Sa Ket", "Surin", "Surin"]
    assert top["n_events"].tolist() == [39, 19, 18]
    limits = top[["events_per_km", "events_per_km_low", "events_per_km_high"]].round(1)
    assert limits.iloc[0].tolist() == [3.9, 2.8, 5.3]
    assert (limits["events_per_km_low"].iloc[1:].min(), limits["events_per_km_high"].iloc[1:].max()) == (
        1.1,
        3,
    )
    assert (len(violent), density["n_events"].sum()) == (190, 163)
    near = violent[violent["distance_m"].le(25_000) & ~violent["beyond_end"].fillna(value=True)]
    assert near["chainage_m"].lt(380_000).mean() == pytest.approx(0.8, abs=0.02)


def test_the_second_answer_is_true():
    names = {}
    for cell in cells(FOLDER / "2-your-own-data.ipynb"):
        exec("".join(cell["source"]), names)
    assert (names["check"].format, names["rows"], len(names["together"])) == ("acled", 10, 7)
    reasons = set(names["by_hand"].rejects["reason"])
    assert reasons == {"latitude_out_of_range", "date_unreadable", "coordinates_null_island"}
    assert bl.duplicate_pairs(names["together"])[["first", "second"]].values.tolist() == [["XXX1", "900001"]]


def test_the_third_answer_is_true():
    for spellings in (["Ta Moan Thom", "ปราสาทตาเมือนธม", "ប្រាសាទតាមាន់ធំ"], ["Chong Bok", "ช่องบก"]):
        found = [bl.find_place(name).iloc[0] for name in spellings]
        assert len({(each["latitude"], each["longitude"]) for each in found}) == 1
    assert bl.find_place("Samrong", limit=2)["country"].tolist() == ["KHM", "THA"]
    assert bl.find_place("Atlantis").empty
    known = bl.load_incidents().dropna(subset="geometry")
    blank = known.assign(geometry=None).set_geometry("geometry", crs=4326).drop(columns="location_error_m")
    found = bl.geocode(blank)
    answered = found.geometry.notna()
    off = found[answered].to_crs(32648).distance(known[answered].to_crs(32648))
    allowed = found.loc[answered, "location_error_m"] + known.loc[answered, "location_error_m"]
    assert (len(known), answered.sum(), (off <= allowed).sum()) == (194, 193, 193)


def test_the_fourth_answer_is_true(border, violent):
    asked = {"within_km": 25, "distinct": "place-day", "simulations": 99, "seed": 1}
    for exposure in ("catchment", "length"):
        hot = bl.hotspots(violent, border, exposure=exposure, **asked).head(3)
        assert (hot["p_value"] <= 0.01).all()
        for from_m, to_m in ((100_000, 109_000), (314_000, 328_000), (59_000, 61_000)):
            assert (hot["from_m"].ge(from_m) & hot["to_m"].le(to_m)).sum() == 1
    places = violent.loc[violent["chainage_m"].between(59_000, 61_000), "location"]
    assert places.str.contains("An Ma|An Ses").all()
    compared = bl.compare_periods(
        violent, bl.segment(border, by="admin1"), "2025-07", "2025-12", within_km=25, distinct="place-day"
    )
    changed = compared[compared["q_value"] < 0.05]
    columns = ["admin1_left", "admin1_right", "n_before", "n_after"]
    assert changed[columns].values.tolist() == [
        ["Banteay Meanchey", "Sa Kaeo", 0, 17],
        ["Pursat", "Trat", 1, 10],
    ]
    assert changed["q_moved"].round(2).tolist() == [0, 0.18]
    assert round(compared.attrs["overall"]["rate_ratio"], 1) == 1.7
    assert round(compared.attrs["overall"]["low"], 1) == 1.1


def test_the_eighth_answer_is_true(border):
    events = bl.load_incidents().pipe(bl.geocode)
    sure = bl.locate(events, border, level=0.9).dropna(subset="side")
    assert sure["side"].value_counts().to_dict() == {"KHM": 117, "THA": 95}
    assert sure.loc[sure["side_known"], "side"].value_counts().to_dict() == {"KHM": 19, "THA": 9}
    near = sure[(sure["distance_m"] <= 5_000) & (sure["event_type"] != "diplomatic_event")]
    assert (len(near), int(near["side_known"].sum())) == (170, 5)
    known = bl.lines.sensitivity(
        lambda line: (
            (located := bl.locate(events, line, level=0.9))
            .loc[located["side_known"].fillna(value=False), "side"]
            .value_counts()
        )
    ).changes
    assert known.loc["KHM", ["low", "high"]].tolist() == [16, 19]
    assert known.loc["THA", ["low", "high"]].tolist() == [4, 11]
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    assert f"Of the {len(sure)} that" in readme
    assert f"at 90 % for {int(sure['side_known'].sum())} (" in readme


@pytest.mark.slow
@pytest.mark.parametrize(("key", "changes"), [("osm-2026", 10), ("rtsd-2019", 44), ("natural-earth", 90)])
def test_the_fifth_answer_is_true(border, key, changes):
    compared = bl.lines.compare_lines(bl.load_incidents(), border, bl.load_border(line=key), within_km=25)
    assert compared.summary["located"] == 194
    assert compared.summary["side_changes"] == changes
    if key == "osm-2026":
        places = compared.events.loc[compared.events["side_changes"], "location"]
        assert places.str.contains("Ta Muen Thom temple").all()
        assert compared.summary["rank_correlation"] > 0.999
    if key == "rtsd-2019":
        assert round(compared.summary["rank_correlation"], 2) == 0.95
