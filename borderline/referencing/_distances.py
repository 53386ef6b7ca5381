"""Distances between events, and from events to places: as the crow flies and along the border."""

from __future__ import annotations

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from .. import catalog
from .._constants import GEOD, Floats, Ints
from ..border import Border, distinguish_borders, require_border
from ..errors import GeometryError, TableError, near_miss
from ..gazetteer import find_place
from ..geodesy import to_xyz
from ..options import validate_whole
from ..provenance import Source, cited, sources_of
from ..schema import points_lonlat, require_columns

__all__ = ["along_border_km", "nearest_places", "steps_along_border"]

#: Cells of a table of distances that still fit into a common machine's memory.
MOST_CELLS: Final = 100_000_000

#: Columns that may hold what a place is called, best first.
NAMES: Final = ("name", "label", "location", "matched")

#: Places tried beside those asked for: straight distance may order near ties wrongly.
SPARE: Final = 4


def along_border_km(events: pd.DataFrame, others: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Measure how far events are from each other along the border.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``; where ``from_m`` and ``to_m`` are there,
        an event is a stretch.
    others
        Events or places on the same border, after `locate`; the events themselves by
        default.

    Returns
    -------
    distances
        Geodesic kilometres along the drawn line between the feet, one row an event of
        `events`, one column an event of `others`; between stretches the gap, 0 where
        they overlap. Missing where a chainage is.

    Raises
    ------
    TableError
        If a table lacks ``chainage_m``, if the two were located on different borders,
        or if there would be more than a hundred million distances.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.locate(bl.load_incidents(), border).dropna(subset="chainage_m")
    >>> distances = bl.lines.along_border_km(events)
    >>> distances.shape == (len(events), len(events)), float(distances.iloc[0, 0])
    (True, 0.0)
    """
    others = events if others is None else others
    for table in (events, others):
        require_columns(table, ["chainage_m"], verb="along_border_km", remedy="run locate first")
    of_events, of_others = (table.attrs.get("border") for table in (events, others))
    if of_events is not None and of_others is not None and of_events != of_others:
        first, second = distinguish_borders(of_events, of_others)
        raise TableError(f"along_border_km: one table was located on {first}, the other on {second}.")
    if len(events) * len(others) > MOST_CELLS:
        raise TableError(
            f"along_border_km: {len(events):,} x {len(others):,} distances are too many for one table; "
            "take fewer events, or steps_along_border."
        )
    (start, end), (other_start, other_end) = _stretch(events), _stretch(others)
    gap = np.maximum(start[:, None] - other_end, other_start - end[:, None])
    return pd.DataFrame(np.maximum(gap, 0.0) / 1000, index=events.index, columns=others.index)


def steps_along_border(events: gpd.GeoDataFrame, *, by: str = "event_date") -> gpd.GeoDataFrame:
    """
    Measure the way along the border from each event to the one before it.

    Parameters
    ----------
    events
        Events after `locate`.
    by
        Column that orders the events; those that tie keep their order.

    Returns
    -------
    events
        `events` with the same index and order, and in addition ``step_km``: geodesic
        kilometres along the drawn line since the event before, positive where chainage
        grows. Missing for the first event, and for those without chainage or without a
        value in `by`, which are passed over.

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> import borderline as bl
    >>> events = bl.lines.steps_along_border(bl.locate(bl.load_incidents(), bl.load_border()))
    >>> int(events["step_km"].notna().sum()) == int(events["chainage_m"].notna().sum()) - 1
    True
    """
    require_columns(events, ["chainage_m", by], verb="steps_along_border", remedy="run locate first")
    chainage = events["chainage_m"].to_numpy(dtype=np.float64)
    rows = np.flatnonzero(np.isfinite(chainage) & events[by].notna().to_numpy())
    rows = rows[events[by].iloc[rows].argsort(kind="stable").to_numpy()]
    step = np.full(len(events), np.nan)
    step[rows[1:]] = np.diff(chainage[rows]) / 1000
    result = events.copy()
    result["step_km"] = step
    return result


def nearest_places(
    events: gpd.GeoDataFrame,
    places: pd.DataFrame | str | list[str],
    *,
    border: Border | None = None,
    name: str | None = None,
    kind: str | None = None,
    k: int = 1,
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
    k
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
        If `events` is not a GeoDataFrame, if `places` has no positions, not the column
        `name`, or nothing of that `kind`, or if a name of a list is not found.
    CRSError
        If a table of points has no CRS.
    GeometryError
        If a geometry is not a point, or not on the globe.
    MeasureError
        If `k` is less than 1.
    UnknownKeyError
        If the catalog has no such layer.

    Examples
    --------
    >>> import borderline as bl, geopandas as gpd, shapely
    >>> event = gpd.GeoDataFrame(geometry=[shapely.Point(102.72, 13.80)], crs=4326)
    >>> near = bl.nearest_places(event, "pillars", border=bl.load_border())
    >>> near[["place", "place_distance_m"]].round().values.tolist()
    [['Pillar 42', 2759.0]]
    >>> near = bl.nearest_places(event, "places", kind="crossing", k=2)
    >>> bool(near["place_distance_m"].iloc[0] <= near["place_2_distance_m"].iloc[0])
    True
    """
    validate_whole(k, "k")
    if border is not None:
        require_border(border, verb="nearest_places")
    lon, lat = points_lonlat(events, verb="nearest_places")
    known = _places(_table(places), name, kind)
    found, distance = _nearest(lon, lat, known.lon, known.lat, k)
    result = events.copy()
    feet = None if border is None else border.foot(lon, lat)
    place_feet = None if border is None else border.foot(known.lon, known.lat)
    for rank in range(k):
        stem = "place" if rank == 0 else f"place_{rank + 1}"
        at = found[:, rank]
        result[stem] = pd.Series(known.name.array.take(at, allow_fill=True), index=events.index)
        result[f"{stem}_distance_m"] = distance[:, rank]
        if feet is not None and place_feet is not None:
            along = place_feet.chainage[at] - feet.chainage
            result[f"{stem}_along_m"] = np.where(at < 0, np.nan, along)
    line = [] if border is None else [border.source]
    result.attrs = {**events.attrs, "sources": cited(events.attrs, *known.sources, *line)}
    return result


class _Places(NamedTuple):
    """Places with a position; one value a place."""

    name: pd.Series
    lon: Floats
    lat: Floats
    #: Of the table.
    sources: list[Source]


def _stretch(events: pd.DataFrame) -> tuple[Floats, Floats]:
    chainage = events["chainage_m"].to_numpy(dtype=np.float64)
    if not {"from_m", "to_m"} <= set(events.columns):
        return chainage, chainage
    start, end = (events[each].to_numpy(dtype=np.float64) for each in ("from_m", "to_m"))
    return start, end


def _table(places: pd.DataFrame | str | list[str]) -> pd.DataFrame:
    """Take places as a table, whichever way they are named; sources go into ``attrs``."""
    if isinstance(places, pd.DataFrame):
        return places
    if isinstance(places, str):
        record = catalog.get(places)
        table = catalog.read_table(places) if record.crs is None else catalog.read_layer(places)
        table.attrs["sources"] = [record.source]
        return table
    if not isinstance(places, (list, tuple)) or not all(isinstance(each, str) for each in places):
        raise TableError(f"nearest_places: places is a layer, a list of names or a table, not {places!r}.")
    found = {each: find_place(each, limit=1) for each in places}
    unknown = [each for each, match in found.items() if not len(match)]
    if unknown or not found:
        what = ", ".join(map(repr, unknown)) or "no name at all"
        raise TableError(f"nearest_places: find_place does not know {what}; give its position in a table.")
    table = pd.concat([match.assign(name=each) for each, match in found.items()], ignore_index=True)
    table.attrs["sources"] = sources_of(next(iter(found.values())).attrs)
    return table


def _places(places: pd.DataFrame, name: str | None, kind: str | None) -> _Places:
    """Take the names and positions of places, and where they come from."""
    of = "nearest_places (places=)"
    if kind is not None:
        if not isinstance(kind, str):
            raise TableError(f"nearest_places: kind is a word of the column kind, not {kind!r}.")
        require_columns(places, ["kind"], verb=of, remedy="leave kind out")
        kinds = places["kind"]
        places = places[(kinds == kind).fillna(value=False)]
        if not len(places):
            raise TableError(f"nearest_places: no place is a {kind!r}.{near_miss(kind, set(kinds.dropna()))}")
    if isinstance(places, gpd.GeoDataFrame):
        lon, lat = points_lonlat(places, verb=of)
    else:
        remedy = "or bring a GeoDataFrame of points"
        require_columns(places, ["latitude", "longitude"], verb=of, remedy=remedy)
        lon, lat = (
            pd.to_numeric(places[each], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
            for each in ("longitude", "latitude")
        )
    if name is not None:
        require_columns(places, [name], verb=of, remedy="name a column of places")
    column = name or next((each for each in NAMES if each in places.columns), None)
    words = (places.index.to_series() if column is None else places[column]).astype("string")
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if not len(known):
        raise TableError("nearest_places: no place has a position.")
    if (np.abs(lat[known]) > 90).any() or (np.abs(lon[known]) > 360).any():
        raise GeometryError("nearest_places: a place's latitude is beyond 90 degrees; are the two swapped?")
    return _as_one(_Places(words.iloc[known], lon[known], lat[known], sources_of(places.attrs)))


def _as_one(places: _Places) -> _Places:
    """Take places at one position for one, under all their names."""
    group = pd.MultiIndex.from_arrays([places.lon, places.lat]).factorize()[0]
    _, first, count = np.unique(group, return_index=True, return_counts=True)
    words = places.name.array[first]
    several = count[group] > 1
    for at, names in places.name[several].groupby(group[several]):
        words[at] = _joined(names.dropna().unique().tolist()) or pd.NA
    return _Places(pd.Series(words), places.lon[first], places.lat[first], places.sources)


def _joined(names: list[str]) -> str:
    """Write several names as one, without those that stand in another."""
    return " / ".join(each for each in names if not any(each in other for other in names if other != each))


def _nearest(lon: Floats, lat: Floats, place_lon: Floats, place_lat: Floats, k: int) -> tuple[Ints, Floats]:
    """Find the k nearest places by geodesic: position (-1 where there is none) and distance."""
    found, metres = np.full((len(lon), k), -1), np.full((len(lon), k), np.nan)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    wanted = min(k, len(place_lon))
    tried = min(wanted + SPARE, len(place_lon))
    if not len(known):
        return found, metres
    tree = KDTree(to_xyz(place_lon, place_lat))
    straight, near = tree.query(to_xyz(lon[known], lat[known]), k=np.arange(1, tried + 1))
    distance, near = _in_order(lon[known], lat[known], place_lon, place_lat, near)
    # An arc is never shorter than its chord: places not tried are no nearer than the last chord.
    unsure = np.flatnonzero((straight[:, -1] < distance[:, wanted - 1]) & (tried < len(place_lon)))
    found[known, :wanted], metres[known, :wanted] = near[:, :wanted], distance[:, :wanted]
    for row in unsure:
        at = known[row]
        every = np.arange(len(place_lon))[None, :]
        distance, near = _in_order(lon[at : at + 1], lat[at : at + 1], place_lon, place_lat, every)
        found[at, :wanted], metres[at, :wanted] = near[0, :wanted], distance[0, :wanted]
    return found, metres


def _in_order(
    lon: Floats, lat: Floats, place_lon: Floats, place_lat: Floats, near: Ints
) -> tuple[Floats, Ints]:
    """Measure candidates by geodesic and sort them."""
    width = near.shape[1]
    at = near.ravel()
    _, _, distance = GEOD.inv(np.repeat(lon, width), np.repeat(lat, width), place_lon[at], place_lat[at])
    distance = distance.reshape(near.shape)
    order = np.argsort(distance, axis=1, kind="stable")
    return np.take_along_axis(distance, order, axis=1), np.take_along_axis(near, order, axis=1)
