"""
The full simulation runs, and the table they write into docs/validation.md.

`make validate` runs them all and writes the table anew. A run of some of them alone
replaces their own rows and leaves the others. A test takes the fixture `record` and
calls it once a row; a row that is not ok fails its test after the row is kept.
"""

from __future__ import annotations

import pathlib

import numpy as np
import pytest
import shapely
from pyproj import Transformer

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "validation.md"
HEAD = """# Validation

What each method promises, and what it does in simulations. `make validate` writes this page in about 25
minutes on one core. Its seeds are fixed, so a second run gives the same table. *Nominal* is the promise
and the range that passes. Where a row only reports a finding, the last column is a dash. A *no* is a limit
of a method that is known: what it promises does not hold there.

Tests at the 5 % level run where there is nothing to find: events are uniform along the line, or over the
land within 25 km of it. For limits, the table shows how often they cover the true value. Where counts are
small, exact limits cover more often than their level and tests reject less often: no choice of numbers
could meet the level exactly. With 4,000 runs, 5 % is known to 0.7 % (two standard errors).

"""
COLUMNS = ("method", "scenario", "runs", "measured", "nominal", "ok")
SAID = {True: "yes", False: "no", None: "–"}
ROWS = pytest.StashKey[dict]()

#: Points of a band are drawn this many at a time.
LAND_BATCH = 200_000


def pytest_configure(config):
    config.stash[ROWS] = {}


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent == pathlib.Path(__file__).parent:
            item.add_marker(pytest.mark.validation)


@pytest.fixture
def record(request):
    """
    Keep a row of the table: record(method, scenario, runs, measured, nominal, ok).

    `runs` is a whole number, `measured` and `nominal` are text with their unit ("5.2 %"),
    `ok` is True, False, or None where nothing is promised. A method and a scenario name a
    row; a second row of the same name is refused. A limit of a method that is known and
    stated is a row that `must_fail`: it says "no", and its test fails where it does not.
    """
    failed = []

    def keep(method, scenario, runs, measured, nominal, ok, *, must_fail=False):
        row = (
            method,
            scenario,
            f"{runs:,}",
            str(measured),
            str(nominal),
            SAID[None if ok is None else bool(ok)],  # numpy's booleans too
        )
        assert not any("|" in cell or "\n" in cell for cell in row), f"no table cell: {row}"
        assert row[:2] not in request.config.stash[ROWS], f"recorded twice: {row[:2]}"
        request.config.stash[ROWS][row[:2]] = row
        if ok is not None and bool(ok) == must_fail:
            failed.append(row)

    yield keep
    assert not failed, "\n".join(" | ".join(row) for row in failed)


@pytest.fixture(scope="session")
def band_chainages():
    """Draw chainages of events uniform on the land within a distance of a border, ends left out."""
    return _band_chainages


def _band_chainages(border, within_km, count, rng):
    # Drawn in a plane of equal areas, not from the lattice that stands for the catchment.
    middle = border.interpolate(border.length_m / 2)
    plane = Transformer.from_crs(
        4326, f"+proj=laea +lon_0={middle.x:.6f} +lat_0={middle.y:.6f} +datum=WGS84", always_xy=True
    )
    line = shapely.LineString(np.stack(plane.transform(*shapely.get_coordinates(border.line).T), axis=1))
    # A little wider than the band: what is in it is decided on the ellipsoid.
    around = line.simplify(100).buffer(within_km * 1010 + 200)
    shapely.prepare(around)
    west, south, east, north = around.bounds
    found, have = [], 0
    while have < count:
        x, y = rng.uniform(west, east, LAND_BATCH), rng.uniform(south, north, LAND_BATCH)
        near = shapely.contains_xy(around, x, y)
        feet = border.foot(*plane.transform(x[near], y[near], direction="INVERSE"))
        kept = feet.chainage[(feet.distance <= within_km * 1000) & ~feet.beyond_end]
        found.append(kept)
        have += len(kept)
    return np.concatenate(found)[:count]


def written():
    """Rows of the page as it stands."""
    lines = PAGE.read_text(encoding="utf-8").splitlines() if PAGE.exists() else []
    cells = [
        tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines if line.startswith("|")
    ]
    return {row[:2]: row for row in cells[2:] if len(row) == len(COLUMNS)}


def whole(session):
    """Tell whether every validation test ran to its end."""
    found = {path.name for path in pathlib.Path(__file__).parent.glob("test_*.py")}
    ran = {item.path.name for item in session.items}
    return found == ran and not session.config.option.keyword and session.testscollected == len(session.items)


def pytest_sessionfinish(session, exitstatus):
    rows = session.config.stash[ROWS]
    if not rows:
        return
    if not (whole(session) and exitstatus == pytest.ExitCode.OK):
        rows = {**written(), **rows}
    table = [COLUMNS, tuple("---" for _ in COLUMNS), *(rows[key] for key in sorted(rows))]
    text = HEAD + "".join("| " + " | ".join(row) + " |\n" for row in table)
    PAGE.write_text(text, encoding="utf-8")
