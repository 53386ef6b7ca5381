"""Landmarks: pillars, crossings and other known places that addresses count from."""

from __future__ import annotations

import difflib
import functools
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .. import catalog
from .._constants import WGS84_CRS, Floats
from .._name_folding import fold_name
from .._place_names import strip_crossing_words
from ..border import Border, chainage_of, require_border
from ..errors import AddressError, TableError, UnknownKeyError
from ..provenance import cited

__all__ = ["Landmarks", "load_landmarks", "read_landmarks"]

#: Layers that landmarks come from.
LAYERS: Final = ("pillars", "places")

#: Kinds of place that serve as landmarks: they lie at the border and stay where they are.
KINDS: Final = ("crossing", "temple", "pass", "hill")

#: Places farther from the line than this, metres, are not at the border.
NEAR_M: Final = 5_000.0
#: A place whose position is not known better than this, metres, says nothing about what is near it.
_MOST_ERROR_M: Final = 7_500.0


@dataclass(frozen=True, eq=False)
class Landmarks:
    """A table of landmarks, ready to be searched."""

    #: Name of each.
    names: list[str]
    #: Its names as they are compared, its own first.
    folded: list[frozenset[str]]
    #: What it is: ``pillar``, ``crossing`` ...; empty where unknown.
    kinds: list[str]
    #: Number of a pillar, or None.
    numbers: list[int | None]
    #: Geodesic metres; NaN where its position is not published.
    chainage_m: Floats
    #: Radius that holds its true position, metres; NaN where unknown.
    error_m: Floats

    @property
    def way_of_numbers(self) -> int:
        """1 where pillar numbers grow with chainage (or none are known), -1 where they fall."""
        known = [
            (chainage, number)
            for chainage, number in zip(self.chainage_m.tolist(), self.numbers, strict=True)
            if number is not None and np.isfinite(chainage)
        ]
        if len(known) < 2:
            return 1
        known.sort()
        return 1 if known[-1][1] >= known[0][1] else -1

    def pillar(self, number: int) -> int:
        """Return the row of a pillar, by its number."""
        rows = [row for row, known in enumerate(self.numbers) if known == number]
        if not rows:
            known = sorted({known for known in self.numbers if known is not None})
            raise UnknownKeyError(
                f"There is no pillar {number} among the landmarks; they have "
                f"{', '.join(map(str, known)) or 'no pillar'}."
            )
        return self._require_position(rows, f"Pillar {number}")

    def named(self, name: str) -> int:
        """Return the row of a landmark, by one of its names."""
        wanted = fold_name(name)
        rows = [row for row, folded in enumerate(self.folded) if wanted and wanted in folded]
        if not rows:
            close = difflib.get_close_matches(name, self.names, n=3, cutoff=0.6)
            hint = f"did you mean {' or '.join(map(repr, close))}?" if close else "load_landmarks lists them."
            raise UnknownKeyError(f"None of the {len(self.names)} landmarks is called {name!r}; {hint}")
        return self._require_position(rows, repr(name))

    def _require_position(self, rows: list[int], asked: str) -> int:
        placed = [row for row in rows if np.isfinite(self.chainage_m[row])]
        if not placed:
            kind = self.kinds[rows[0]]
            alike = np.flatnonzero(
                np.isfinite(self.chainage_m) & (np.array(self.kinds, dtype=object) == kind)
            )
            others = ", ".join(self.names[row] for row in alike) or "none of its kind"
            raise UnknownKeyError(
                f"{asked} is on record, but its position is not published; these have one: {others}."
            )
        if len(placed) > 1:
            several = "; ".join(
                f"{self.names[row]} at {self.chainage_m[row] / 1000:.1f} km" for row in placed
            )
            raise AddressError(f"{asked} fits several landmarks ({several}); use the full name of one.")
        return placed[0]


def load_landmarks(border: Border) -> gpd.GeoDataFrame:
    """
    Load the built-in landmarks of a border: pillars, crossings, temples, passes and hills.

    Parameters
    ----------
    border
        The line they are referred to. Places within 5 km of it are taken; a border that
        is not built in has none.

    Returns
    -------
    landmarks
        In the order of the border: ``name``, ``aliases`` (separated by semicolons),
        ``kind``, ``number`` (of a pillar), ``chainage_m`` (geodesic metres along the line to
        the foot), ``measure_km``, ``distance_m`` (of the published point from the line),
        ``error_m`` (radius that holds the true position, metres) and ``geometry`` (the
        published point, EPSG:4326). Pillars on record whose position is not published come
        last, without one.

    Raises
    ------
    TableError
        If `border` is not a border.
    IntegrityError
        If the data is missing or is not what the catalog says.

    Examples
    --------
    >>> import borderline as bl
    >>> landmarks = bl.addresses.load_landmarks(bl.load_border())
    >>> landmarks.loc[landmarks["kind"] == "pillar", ["name", "error_m"]].head(2).values.tolist()
    [['Unofficial post on Hill 766', 150.0], ['Pillar 1', 3000.0]]
    """
    require_border(border, verb="load_landmarks")
    pillars = (
        catalog.read_table("pillars").rename(columns={"label": "name"}).assign(kind="pillar", aliases="")
    )
    places = _read_places()
    columns = ["name", "aliases", "kind", "number", "latitude", "longitude", "error_m"]
    both = pd.concat([pillars[columns], places[columns]], ignore_index=True)
    both = both.astype({"latitude": "Float64", "longitude": "Float64", "error_m": "Float64"})
    lon, lat = (both[name].to_numpy(np.float64, na_value=np.nan) for name in ("longitude", "latitude"))
    points = np.full(len(both), None, dtype=object)
    known = np.isfinite(lon)
    points[known] = shapely.points(lon[known], lat[known])
    table = gpd.GeoDataFrame(both.drop(columns=["latitude", "longitude"]), geometry=points, crs=WGS84_CRS)
    table["chainage_m"], table["distance_m"] = chainage_of(border, table, verb="load_landmarks")
    table["measure_km"] = border.to_measure(table["chainage_m"])
    near = table["distance_m"] <= NEAR_M
    kept = near | (table["distance_m"].isna() & bool(near.any()))
    order = [
        "name",
        "aliases",
        "kind",
        "number",
        "chainage_m",
        "measure_km",
        "distance_m",
        "error_m",
        "geometry",
    ]
    table = table.loc[kept, order].sort_values("chainage_m", kind="stable", ignore_index=True)
    table.attrs = {
        "border": border.identity,
        "sources": cited({}, *(catalog.get(key).source for key in LAYERS)),
    }
    return table


def read_landmarks(border: Border, table: pd.DataFrame | None) -> Landmarks:
    """
    Return a table of landmarks ready to be searched.

    Parameters
    ----------
    border
        The line their chainage is counted on.
    table
        ``name`` or ``number``, and a position as in `Calibration.from_points`; ``aliases``,
        ``kind`` and ``error_m`` where there are any. None takes the built-in ones.

    Returns
    -------
    landmarks
        In the order of the table.

    Raises
    ------
    TableError
        If the table names nothing, or has no position.
    """
    if table is None:
        return _built_in(border, *(catalog.get(key).sha256 for key in LAYERS))
    if "name" not in table.columns and "number" not in table.columns:
        raise TableError("Landmarks need a column name (or number, for pillars); add one.")
    chainage, _ = chainage_of(border, table, verb="Landmarks")
    numbers = [None if pd.isna(cell) else int(cell) for cell in _read_column(table, "number", pd.NA)]
    names = [
        f"Pillar {number}" if pd.isna(name) else str(name)
        for name, number in zip(_read_column(table, "name", pd.NA), numbers, strict=True)
    ]
    aliases = ["" if pd.isna(cell) else str(cell) for cell in _read_column(table, "aliases", "")]
    kinds = ["" if pd.isna(cell) else str(cell) for cell in _read_column(table, "kind", "")]
    return Landmarks(
        names=names,
        folded=[
            frozenset(filter(None, map(fold_name, _add_spellings([name, *more.split(";")], kind))))
            for name, more, kind in zip(names, aliases, kinds, strict=True)
        ],
        kinds=kinds,
        numbers=numbers,
        chainage_m=chainage,
        error_m=pd.Series(_read_column(table, "error_m", np.nan)).to_numpy(dtype=np.float64, na_value=np.nan),
    )


@functools.lru_cache(maxsize=8)
def _built_in(border: Border, *_sha256: str) -> Landmarks:
    """Return the built-in landmarks, read once for each border and state of the data."""
    return read_landmarks(border, load_landmarks(border))


def _read_column(table: pd.DataFrame, name: str, missing: Any) -> list[Any]:  # noqa: ANN401 - any cell
    return list(table[name]) if name in table.columns else [missing] * len(table)


def _read_places() -> pd.DataFrame:
    """Read the places that serve as landmarks; a crossing with a name on each side is one."""
    places = catalog.read_table("places")
    known = pd.to_numeric(places["location_error_m"]) <= _MOST_ERROR_M
    kept = places[places["kind"].isin(KINDS) & known]
    kept = kept.assign(aliases=kept["aliases"].fillna("")).sort_values(["country", "name"], kind="stable")
    # What lies at one point under two names is one thing only where it is a crossing.
    alone = kept["kind"].ne("crossing").cumsum().where(kept["kind"].ne("crossing"), 0)
    groups = [same for _, same in kept.groupby(["latitude", "longitude", "kind", alone], sort=False)]
    names = [list(same["name"]) for same in groups]
    more = [
        [*(own if len(own) > 1 else ()), *same["aliases"]] for own, same in zip(names, groups, strict=True)
    ]
    return pd.DataFrame(
        {
            "name": [_both_names(own) for own in names],
            "aliases": [";".join(filter(None, aliases)) for aliases in more],
            "kind": [same["kind"].iloc[0] for same in groups],
            "number": pd.array([pd.NA] * len(groups), dtype="Int64"),
            "latitude": pd.to_numeric([same["latitude"].iloc[0] for same in groups]),
            "longitude": pd.to_numeric([same["longitude"].iloc[0] for same in groups]),
            "error_m": [pd.to_numeric(same["location_error_m"]).max() for same in groups],
        }
    )


def _add_spellings(names: list[str], kind: str) -> list[str]:
    """Return names with the bare ones of a crossing: O Smach for O Smach checkpoint."""
    return [*names, *(strip_crossing_words(name) for name in names if kind == "crossing")]


def _both_names(names: list[str]) -> str:
    """Return the names that both sides give a crossing, each once."""
    bare = [fold_name(strip_crossing_words(name)) for name in names]
    kept = [
        name
        for row, name in enumerate(names)
        if not any(bare[row] in other for other_row, other in enumerate(bare) if other_row != row)
    ]
    return " / ".join(kept or names[:1])
