"""The verb `nearest_places`: which places are nearest to events, and how far they are."""

from __future__ import annotations

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from .. import catalog
from .._constants import GEOD, Floats, Ints
from ..border import Border, require_border
from ..errors import GeometryError, OptionError, TableError, near_miss
from ..geodesy import to_xyz
from ..options import validate_whole
from ..provenance import Source, cited, sources_of
from ..schema import coerce_numbers, points_lonlat, require_columns

__all__ = ["nearest_places"]

#: Columns that may hold what a place is called, best first.
NAME_COLUMNS: Final = ("name", "label", "location", "matched")

#: Places tried beside those asked for: straight distance may order near ties wrongly.
SPARE: Final = 4


def nearest_places(
    events: gpd.GeoDataFrame,
    places: pd.DataFrame | str | list[str],
    *,
    border: Border | None = None,
    name: str | None = None,
    kind: str | None = None,
    limit: int = 1,
) -> gpd.GeoDataFrame:
    """
    Find the nearest of some places for each event, and how far it is.

    Parameters
    ----------
    events
        Points in any CRS that is set. Missing and empty points give missing results.
    places
        Crossings, pillars, temples or whatever is asked about: a GeoDataFrame of points,
        a table with ``latitude`` and ``longitude`` (such as `find_place` gives), the
        key of a layer of the catalog, such as ``pillars`` or ``places``, or a list of
        names, of which each stands for the best match of `find_place`. Places without
        a position are left out; those at one position, such as the two sides of a
        crossing, are one place under all their names.
    border
        If given, the way along it is measured, too.
    name
        Column of `places` that names them; by default ``name``, ``label``, ``location``
        or ``matched``, whichever is there first, else the index.
    kind
        Keep only the places with this value in their column ``kind``, such as
        ``crossing`` or ``temple`` of the layer ``places``.
    limit
        How many places to find, nearest first.

    Returns
    -------
    events
        `events` with the same index and order, and in addition ``place``,
        ``place_distance_m`` (geodesic metres) and, with a border, ``place_along_m``
        (geodesic metres along the drawn line from the event's foot to the place's,
        positive where chainage grows). The second nearest is in ``place_2``,
        ``place_2_distance_m`` and ``place_2_along_m``, and so on; missing where there
        are not so many places. How well a place is known is not accounted for.

    Raises
    ------
    TableError
        If `events` is not a GeoDataFrame, if `places` has no positions or not the column
        `name`, or if a name of a list is not found.
    CRSError
        If a table of points has no CRS.
    GeometryError
        If a geometry is not a point, or not on the globe.
    OptionError
        If `limit` is less than 1, or no place is of that `kind`.
    UnknownKeyError
        If the catalog has no such layer.

    Examples
    --------
    >>> import borderline as bl, geopandas as gpd, shapely
    >>> event = gpd.GeoDataFrame(geometry=[shapely.Point(102.72, 13.80)], crs=4326)
    >>> near = bl.nearest_places(event, "pillars", border=bl.load_border())
    >>> near[["place", "place_distance_m"]].round().values.tolist()
    [['Pillar 42', 2759.0]]
    >>> near = bl.nearest_places(event, "places", kind="crossing", limit=2)
    >>> bool(near["place_distance_m"].iloc[0] <= near["place_2_distance_m"].iloc[0])
    True
    """
    validate_whole(limit, "limit")
    if border is not None:
        require_border(border, verb="nearest_places")
    lon, lat = points_lonlat(events, verb="nearest_places")
    known = _select_places(_read_places(places), name, kind)
    nearest, distance = _find_nearest(lon, lat, known.lon, known.lat, limit)
    result = events.copy()
    feet = None if border is None else border.foot(lon, lat)
    place_feet = None if border is None else border.foot(known.lon, known.lat)
    for rank in range(limit):
        stem = "place" if rank == 0 else f"place_{rank + 1}"
        place = nearest[:, rank]
        result[stem] = pd.Series(known.name.array.take(place, allow_fill=True), index=events.index)
        result[f"{stem}_distance_m"] = distance[:, rank]
        if feet is not None and place_feet is not None:
            along = place_feet.chainage[place] - feet.chainage
            result[f"{stem}_along_m"] = np.where(place < 0, np.nan, along)
    line_sources = [] if border is None else [border.source]
    result.attrs = {**events.attrs, "sources": cited(events.attrs, *known.sources, *line_sources)}
    return result


class _Places(NamedTuple):
    """Places with a position; one value a place."""

    name: pd.Series
    lon: Floats
    lat: Floats
    #: Of the table.
    sources: list[Source]


def _read_places(places: pd.DataFrame | str | list[str]) -> pd.DataFrame:
    """Return places as a table with its sources in ``attrs``."""
    if isinstance(places, pd.DataFrame):
        return places
    if isinstance(places, str):
        record = catalog.get(places)
        table = catalog.read_table(places) if record.crs is None else catalog.read_layer(places)
        table.attrs["sources"] = [record.source]
        return table
    if not isinstance(places, (list, tuple)) or not all(isinstance(name, str) for name in places):
        raise TableError(f"nearest_places: places is a layer, a list of names or a table, not {places!r}.")
    from ..gazetteer import find_place  # noqa: PLC0415 - few tables of places are lists of names

    matches = {name: find_place(name, limit=1) for name in places}
    unknown = [name for name, match in matches.items() if not len(match)]
    if unknown or not matches:
        listed = ", ".join(map(repr, unknown)) or "no name at all"
        raise TableError(f"nearest_places: find_place does not know {listed}; give its position in a table.")
    table = pd.concat([match.assign(name=name) for name, match in matches.items()], ignore_index=True)
    table.attrs["sources"] = sources_of(next(iter(matches.values())).attrs)
    return table


def _select_places(places: pd.DataFrame, name: str | None, kind: str | None) -> _Places:
    """Return the places of a kind that have a position."""
    verb = "nearest_places (places=)"
    if kind is not None:
        require_columns(places, ["kind"], verb=verb, remedy="leave kind out")
        kinds = places["kind"]
        if not isinstance(kind, str) or not (kinds == kind).any():
            raise OptionError(
                f"kind must be a word of the column 'kind' of places, not {kind!r}."
                f"{near_miss(str(kind), set(kinds.dropna()))}"
            )
        places = places[(kinds == kind).fillna(value=False)]
    if isinstance(places, gpd.GeoDataFrame):
        lon, lat = points_lonlat(places, verb=verb)
    else:
        remedy = "or bring a GeoDataFrame of points"
        require_columns(places, ["latitude", "longitude"], verb=verb, remedy=remedy)
        lon, lat = coerce_numbers(places["longitude"]), coerce_numbers(places["latitude"])
    if name is not None:
        require_columns(places, [name], verb=verb, remedy="name a column of places")
    column = name or next((label for label in NAME_COLUMNS if label in places.columns), None)
    names = (places.index.to_series() if column is None else places[column]).astype("string")
    placed = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if not len(placed):
        raise TableError("nearest_places: no place has a position.")
    if (np.abs(lat[placed]) > 90).any() or (np.abs(lon[placed]) > 360).any():
        raise GeometryError("nearest_places: a place's latitude is beyond 90 degrees; are the two swapped?")
    return _merge_positions(_Places(names.iloc[placed], lon[placed], lat[placed], sources_of(places.attrs)))


def _merge_positions(places: _Places) -> _Places:
    """Merge the places at one position into one place under all their names."""
    group = pd.MultiIndex.from_arrays([places.lon, places.lat]).factorize()[0]
    _, first, count = np.unique(group, return_index=True, return_counts=True)
    names = places.name.array[first]
    shared = count[group] > 1
    for position, group_names in places.name[shared].groupby(group[shared]):
        names[position] = _join_names(group_names.dropna().unique().tolist()) or pd.NA
    return _Places(pd.Series(names), places.lon[first], places.lat[first], places.sources)


def _join_names(names: list[str]) -> str:
    """Join names, dropping substrings of others."""
    return " / ".join(name for name in names if not any(name in other for other in names if other != name))


def _find_nearest(
    lon: Floats, lat: Floats, place_lon: Floats, place_lat: Floats, limit: int
) -> tuple[Ints, Floats]:
    """Return the positions of the nearest places by geodesic, -1 where there is none, and their distances."""
    nearest, metres = np.full((len(lon), limit), -1), np.full((len(lon), limit), np.nan)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    wanted = min(limit, len(place_lon))
    tried = min(wanted + SPARE, len(place_lon))
    if not len(known):
        return nearest, metres
    from scipy.spatial import KDTree  # noqa: PLC0415 - half as long to load as geopandas, and locate needs none

    tree = KDTree(to_xyz(place_lon, place_lat))
    straight, candidates = tree.query(to_xyz(lon[known], lat[known]), k=np.arange(1, tried + 1))
    distance, candidates = _sort_by_geodesic(lon[known], lat[known], place_lon, place_lat, candidates)
    # An arc is never shorter than its chord: places not tried are no nearer than the last chord.
    unsure = np.flatnonzero((straight[:, -1] < distance[:, wanted - 1]) & (tried < len(place_lon)))
    nearest[known, :wanted], metres[known, :wanted] = candidates[:, :wanted], distance[:, :wanted]
    all_places = np.arange(len(place_lon))[None, :]
    for row in known[unsure]:
        point = slice(row, row + 1)
        distance, candidates = _sort_by_geodesic(lon[point], lat[point], place_lon, place_lat, all_places)
        nearest[row, :wanted], metres[row, :wanted] = candidates[0, :wanted], distance[0, :wanted]
    return nearest, metres


def _sort_by_geodesic(
    lon: Floats, lat: Floats, place_lon: Floats, place_lat: Floats, candidates: Ints
) -> tuple[Floats, Ints]:
    """Return the geodesic distances of candidates in order, and the candidates in that order."""
    width = candidates.shape[1]
    place = candidates.ravel()
    _, _, distance = GEOD.inv(
        np.repeat(lon, width), np.repeat(lat, width), place_lon[place], place_lat[place]
    )
    distance = distance.reshape(candidates.shape)
    order = np.argsort(distance, axis=1, kind="stable")
    return np.take_along_axis(distance, order, axis=1), np.take_along_axis(candidates, order, axis=1)
