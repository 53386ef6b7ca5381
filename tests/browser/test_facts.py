"""Every fact of every row as the page tells it, against the table."""

from __future__ import annotations

import csv
import io
import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline.errors import PositionWarning

pytestmark = pytest.mark.browser

BANKS = ("KHM", "THA")
#: More than one block of words.
ROWS = 5000
READ = """async () => {
  const all = [];
  for (let row = 0; row < Borderline.page.total; row++) all.push(await Borderline.page.read(row));
  return all;
}"""
WORDS = ["shell", "<b>fell</b>", "ชายแดน", "ព្រំដែន", "حدود", "🧨", "{{ 1 }}", "line\nbreak", "é"]


def mixed(border):
    """A table with a bit of everything, some of it missing."""
    rng = np.random.default_rng(11)

    def some(values, share=0.8):
        cells = pd.Series(values, index=range(ROWS), dtype=object)
        return cells.where(rng.random(ROWS) < share, None).to_numpy()

    feet = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, ROWS)))
    points = shapely.points(feet + rng.laplace(0, 0.2, feet.shape))
    points[rng.random(ROWS) < 0.1] = None
    deaths = rng.poisson(2, ROWS).astype(float)
    deaths[rng.random(ROWS) < 0.3] = np.nan
    day = pd.Timestamp("2011-01-01") + pd.to_timedelta(rng.integers(0, 900, ROWS), "D")
    first = pd.Series(day).where(rng.random(ROWS) < 0.9).to_numpy()
    last = pd.Series(day + pd.to_timedelta(rng.integers(0, 5, ROWS), "D"))
    text = [" ".join(rng.choice(WORDS, 6)) for _ in range(ROWS)]
    columns = {
        "event_date": first, "event_date_end": last.where(rng.random(ROWS) < 0.5).to_numpy(),
        "event_type": some(rng.choice(["shooting", "airstrike", "other things", "<i>"], ROWS)),
        "location": some(rng.choice([f"place {k}" for k in range(300)], ROWS)),
        "notes": some(text), "dataset": "mixed", "source": some([1, 1.5, True, "1", "words"] * (ROWS // 5)),
        "source_url": [f"https://example.org/{k}" for k in rng.integers(0, 10**7, ROWS)],
        "source_2_url": some("https://example.org/same", 0.3),
        "actor1": some(rng.choice([f"actor {k}" for k in range(400)], ROWS)),
        "actor2": some(rng.choice([f"actor {k}" for k in range(5)], ROWS), 0.3),
        "fatalities": deaths, "fatalities_low": deaths - rng.integers(0, 2, ROWS),
        "fatalities_high": np.where(rng.random(ROWS) < 0.5, deaths + 3, np.nan),
        "injuries": some(rng.integers(0, 9, ROWS)), "location_error_m": some([500.0, 2500.0] * (ROWS // 2)),
    }  # fmt: skip
    return gpd.GeoDataFrame(columns, geometry=points, crs=4326, index=rng.permutation(ROWS) * 7 - 900)


def plain(value, decimals=None):
    """A cell as a record holds it."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    return str(value) if decimals is None else float(np.round(float(value), decimals))


FIELDS = {
    "type": ("event_type", None), "place": ("location", None), "notes": ("notes", None),
    "dataset": ("dataset", None), "source": ("source", None),
    "url0": ("source_url", None), "url1": ("source_2_url", None),
    "actor1": ("actor1", None), "actor2": ("actor2", None), "side": ("side", None),
    "deaths": ("fatalities", 0),
    "deathsLow": ("fatalities_low", 0), "deathsHigh": ("fatalities_high", 0), "injured": ("injuries", 0),
    "error": ("location_error_m", 0), "measure": ("measure_km", 3), "distance": ("distance_m", 0),
    "distanceLow": ("distance_low_m", 0), "distanceHigh": ("distance_high_m", 0),
}  # fmt: skip


def known(record):
    return {name: value for name, value in record.items() if value is not None}


def expected(located):
    """What the page must tell, row by row, read from the table cell by cell."""
    table = pd.DataFrame(located).assign(label=located.index)
    table = table.sort_values(["event_date", "label"], kind="stable", na_position="last")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PositionWarning)
        sure = bl.locate(located, bl.load_border(), level=0.9)
    for label, row in table.iterrows():
        record = {short: plain(row.get(name), decimals) for short, (name, decimals) in FIELDS.items()}
        first, last = (
            None if pd.isna(row[n]) else str(row[n].date()) for n in ("event_date", "event_date_end")
        )
        flags = {"beyondEnd": "beyond_end", "ambiguous": "ambiguous", "contested": "contested"}
        yes = {short: 1 for short, name in flags.items() if row[name] is not pd.NA and row[name]}
        # What the table does not say of its sides the map finds out.
        found = sure.loc[label]
        shares = dict(zip(BANKS, found[["p_left", "p_right"]], strict=True))
        doubts = {"share": shares.get(record["side"])}
        doubts["share"] = None if pd.isna(doubts["share"]) else float(np.rint(100 * doubts["share"]))
        for short, name in (("linesLeft", "n_lines_left"), ("linesRight", "n_lines_right")):
            doubts[short] = None if pd.isna(found[name]) else int(found[name])
        yield {
            **record,
            **yes,
            **doubts,
            "id": str(label),
            "date": first,
            "until": last if last != first else None,
        }


@pytest.fixture(scope="module")
def located(border):
    found = bl.locate(mixed(border), border)
    known = found["distance_m"].to_numpy()
    return found.assign(distance_low_m=np.maximum(0, known - 700.2), distance_high_m=known + 900.7)


@pytest.fixture(scope="module")
def path(located, border, tmp_path_factory):
    path = tmp_path_factory.mktemp("facts") / "facts.html"
    bl.explore(located, border).save(path)
    return path


def test_page_tells_of_every_row_what_the_table_says(opened, path, located):
    with opened(path) as page:
        page.wait_for_selector("html[data-bl-ready]", state="attached")
        told = page.evaluate(READ)
    wanted = list(expected(located))
    assert len(told) == len(wanted)
    for said, given in zip(told, wanted, strict=True):
        assert {k: v for k, v in said.items() if v is not None} == {
            k: v for k, v in given.items() if v is not None
        }


def test_a_field_of_all_rows_is_that_of_each_row(opened, path):
    with opened(path) as page:
        page.wait_for_selector("html[data-bl-ready]", state="attached")
        assert (
            page.evaluate("""async () => {
          const page = Borderline.page, wrong = [];
          for (const name of ['id', 'notes', 'place', 'distance']) {
            const field = await page.field(name);
            for (const row of [0, 2047, 2048, 4999]) {
              if ((await page.read(row))[name] !== field(row)) wrong.push(name);
            }
          }
          if ((await page.field('none of these'))(0) !== null) wrong.push('none');
          return wrong;
        }""")
            == []
        )


def test_positions_are_those_of_the_table_to_a_tenth_of_a_metre(opened, path, located):
    with opened(path) as page:
        page.wait_for_selector("html[data-bl-ready]", state="attached")
        text = page.evaluate("Borderline.chosenAsCsv(Borderline.page)")
    rows = {row["event_id"]: row for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))}
    assert len(rows) == len(located)
    for label, point in located.geometry.items():
        row = rows[str(label)]
        if point is None or point.is_empty:
            assert row["longitude"] == row["latitude"] == ""
            continue
        assert (float(row["longitude"]), float(row["latitude"])) == (round(point.x, 6), round(point.y, 6))


# The rows that clicks do not offer: where a row lies, or, where rows share signs, on their signs.
MISSED = """(step) => {
  const page = Borderline.page, { map } = page, missed = [];
  for (const zoom of [7, 11, 18]) {
    const at = page.latlngOf(page.total >> 1);
    map.setView(at, zoom, { animate: false });
    const offered = new Set();
    for (const sign of page.places ? page.incidents.symbolsAt(zoom) : []) {
      const point = map.layerPointToContainerPoint(L.point(sign.px, sign.py).subtract(map.getPixelOrigin()));
      for (const row of page.incidents.pick(point)) offered.add(row);
    }
    for (let row = 0; row < page.total; row += step) {
      const own = page.latlngOf(row);
      const under = page.places ? [] : page.incidents.pick(map.latLngToContainerPoint(own));
      for (const one of under) offered.add(one);
      if (!offered.has(row)) missed.push([row, zoom]);
    }
  }
  return missed;
}"""

#: Pixels of each canvas to the pixel of the page.
RATIOS = """() => [...document.querySelectorAll('canvas')]
  .map((canvas) => [canvas.width, parseFloat(canvas.style.width) || canvas.clientWidth])
  .filter(([width, shown]) => width && shown)
  .map(([width, shown]) => width / shown)"""


@pytest.mark.parametrize(("count", "step"), [(5000, 1), (30_000, 100)], ids=["signs", "dots and shades"])
def test_every_incident_is_under_a_click_and_canvases_are_sharp(opened, border, tmp_path, count, step):
    rng = np.random.default_rng(3)
    feet = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, count)))
    points = shapely.points(np.round(feet + rng.laplace(0, 0.05, feet.shape), 4))
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, count), "D")
    table = gpd.GeoDataFrame({"event_date": days}, geometry=points, crs=4326)
    bl.explore(bl.locate(table, border), border).save(tmp_path / "many.html")
    with opened(tmp_path / "many.html", device_scale_factor=2) as page:
        page.wait_for_selector("html[data-bl-ready]", state="attached")
        assert page.evaluate(MISSED, step) == []
        ratios = page.evaluate(RATIOS)
        assert len(ratios) >= 3
        assert np.allclose(ratios, 2, atol=0.02)
