"""The payload of the page: what it draws and shows of each incident of a located table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import WGS84_CRS, Floats, Ints
from ..border import Border
from ..schema import points_lonlat
from ._column_values import days_of, exact_numbers, series_of, truths_of
from ._filter_columns import FilterNames, add_filter_columns, cells_of, side_is_known
from ._foot_prediction import CELLS_PER_KM, FootPredictor, map_through_points
from ._incident_store import IncidentStore
from ._line_planes import CHAINAGE_PER, LONLAT_PER
from ._position_shapes import PositionShapes, read_shapes
from ._row_labels import RowLabels

__all__ = ["Incidents", "read_incidents"]

#: Kilometres along the border are kept to the metre.
_METRES: Final = 1000
#: The page derives a foot from its kilometre if the two agree to this, metres.
_NEAR_M: Final = 2.0

#: Columns of texts, by the short name that the page uses.
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "typeSource": ("event_type_source",),
    "place": ("location",),
    "placeOther": ("location_alt", "location_local", "place_name_alt", "location_source"),
    "province": ("admin1",),
    "provinceReported": ("admin1_reported",),
    "district": ("admin2",),
    "country": ("country",),
    "geocodedBy": ("geocoded_by",),
    "blamed": ("side_blamed",),
    "precision": ("geo_precision",),
    "source": ("source",),
    "notes": ("notes",),
    "dataset": ("dataset",),
}

#: Columns of whole numbers.
_NUMBERS: Final[dict[str, str]] = {
    "deathsCivilian": "fatalities_civilian",
    "injured": "injuries",
}

#: Columns of flags; only true values are stored.
_FLAGS: Final[dict[str, str]] = {
    "beyondEnd": "beyond_end",
    "ambiguous": "ambiguous",
    "contested": "contested",
    "disputed": "disputed",
    "mismatch": "admin1_mismatch",
}


@dataclass(frozen=True, slots=True)
class Incidents:
    """The payload, with the figures that the page must agree with."""

    #: The values of all rows, sorted by day.
    store: IncidentStore
    #: Rows with a position.
    drawn: int
    #: Distinct positions.
    places: int
    #: First and last day (ISO), or empty where no row has a date.
    period: tuple[str, str]
    #: Positions, degrees; NaN where there is none.
    lon: Floats
    lat: Floats
    #: Names behind the codes of the filter columns.
    facets: FilterNames
    #: Kind of kilometre: ``measure`` or ``chainage``.
    along: str
    #: Where incidents may have been whose side is not known.
    shapes: PositionShapes

    @property
    def total(self) -> int:
        """Rows of the table."""
        return self.store.rows


def read_incidents(events: gpd.GeoDataFrame | None, border: Border) -> Incidents:
    """
    Return what a map shows of a table.

    Parameters
    ----------
    events
        Events after `locate`; every column but the geometry may be missing, and
        a value that cannot be read counts as missing. None is a table without rows.
    border
        The border they were located on.

    Returns
    -------
    incidents
        Sorted by date, undated ones last, then by label; the order of the rows does not matter.

    Raises
    ------
    TableError, CRSError, GeometryError
        If the geometry cannot serve, see `schema.points_lonlat`.
    """
    if events is None:
        events = gpd.GeoDataFrame(geometry=[], crs=WGS84_CRS)
    lon, lat = points_lonlat(events, verb="explore")
    day, labels = days_of(events, "event_date"), RowLabels.of(events.index)
    order = _sort_rows(day, labels)
    table = pd.DataFrame(events)
    table = table[[name for name in table.columns if name != events.geometry.name]].iloc[order]
    lon, lat, day = lon[order], lat[order], day[order]
    here = np.isfinite(lon) & np.isfinite(lat)
    lon, lat = np.where(here, lon, np.nan), np.where(here, lat, np.nan)
    last = days_of(table, "event_date_end")
    store = IncidentStore(len(table))
    store.labels(labels.take(order))
    _add_dates_and_positions(store, day, last, lon, lat)
    sure = side_is_known(table, border)
    facets = add_filter_columns(store, table, sure)
    along = _add_places_along(store, table, border, (lon, lat))
    _add_detail_columns(store, table)
    _add_doubts(store, table, border)
    shapes = read_shapes(events.iloc[order], border, sure)
    if shapes.shapes:
        store.first.add("shape", shapes.index)
    known = day[np.isfinite(day)]
    ends = np.concatenate([known, last[np.isfinite(last)]])
    codes = np.rint(lon[here] * LONLAT_PER) * 2.0**30 + np.rint(lat[here] * LONLAT_PER)
    return Incidents(
        store=store,
        drawn=int(here.sum()),
        places=len(pd.unique(codes)),
        period=(_write_date(known.min()), _write_date(ends.max())) if known.size else ("", ""),
        lon=lon,
        lat=lat,
        facets=facets,
        along=along,
        shapes=shapes,
    )


def _sort_rows(day: Floats, labels: RowLabels) -> Ints:
    """Return the order of rows by day, undated ones last, then by label."""
    by_label = labels.order()
    return by_label[np.argsort(np.nan_to_num(day[by_label], nan=np.inf), kind="stable")]


def _add_dates_and_positions(
    store: IncidentStore, day: Floats, last: Floats, lon: Floats, lat: Floats
) -> None:
    """Add dates and positions."""
    store.first.add("lon", lon, per=LONLAT_PER)
    store.first.add("lat", lat, per=LONLAT_PER)
    store.first.add("day", day)
    store.add_field("date", "date", "day")
    until = np.where(last != day, last, np.nan)
    if np.isfinite(until).any():
        store.first.add("until", until, since=("day", day))
        store.add_field("until", "date")


def _add_places_along(
    store: IncidentStore, table: pd.DataFrame, border: Border, position: tuple[Floats, Floats]
) -> str:
    """Add kilometre and distance, as differences to what the page predicts; return the kind of kilometre."""
    calibrated = "measure_km" in table.columns
    chainage = exact_numbers(table, "chainage_m")
    measure = exact_numbers(table, "measure_km") if calibrated else chainage / 1000
    cells, metres = cells_of(measure), np.rint(measure * _METRES)
    feet = FootPredictor.of(border, measured=calibrated)
    # From the positions that the page decodes.
    lon, lat = (np.rint(degrees * LONLAT_PER) / LONLAT_PER for degrees in position)
    within, distance = feet.predict(lon, lat, cells)
    store.first.add("km", cells)
    store.first.add("within", metres - cells * (_METRES / CELLS_PER_KM) - within)
    if calibrated:
        store.add_field("measure", "measure")
    foot = map_through_points(metres / _METRES, feet.kms, feet.chainages)
    with np.errstate(invalid="ignore"):
        near = (np.abs(foot - chainage) < _NEAR_M) | (np.isnan(foot) & np.isnan(chainage))
    if not near.all():
        store.first.add("chainage", chainage, per=CHAINAGE_PER)
    away = np.rint(exact_numbers(table, "distance_m"))
    store.numbers("distance", away - distance, kind="distance")
    for short, name in (("distanceLow", "distance_low_m"), ("distanceHigh", "distance_high_m")):
        store.numbers(short, np.rint(exact_numbers(table, name)) - np.nan_to_num(away), kind="beside")
    return "measure" if calibrated else "chainage"


def _add_detail_columns(store: IncidentStore, table: pd.DataFrame) -> None:
    """Add the columns shown only in detail views."""
    for short, names in _WORDS.items():
        columns = (series_of(table, name) for name in names)
        column = next((column for column in columns if column is not None), None)
        if column is not None:
            store.texts(short, column)
    urls = [str(name) for name in table.columns if str(name).startswith("source") and "url" in str(name)]
    for k, name in enumerate(dict.fromkeys(urls)):
        series = series_of(table, name)
        if series is not None:
            store.texts(f"url{k}", series)
    for short, name in _NUMBERS.items():
        store.numbers(short, exact_numbers(table, name))
    best = exact_numbers(table, "fatalities")
    store.numbers("deathsHigh", exact_numbers(table, "fatalities_high"), since=("best", best))
    for short, name in _FLAGS.items():
        if name in table.columns:
            store.flags(short, truths_of(table, name))


def _add_doubts(store: IncidentStore, table: pd.DataFrame, border: Border) -> None:
    """Add how probable the side is, in per cent, and how many drawings put the incident on each bank."""
    side = series_of(table, "side")
    if side is not None:
        left, right = (exact_numbers(table, f"p_{bank}") for bank in ("left", "right"))
        on_left, on_right = (
            (side == bank).to_numpy(dtype=np.bool_, na_value=False) for bank in (border.left, border.right)
        )
        share = np.where(on_left, left, np.where(on_right, right, np.nan))
        store.numbers("share", np.rint(100 * share))
    for short, name in (("linesLeft", "n_lines_left"), ("linesRight", "n_lines_right")):
        store.numbers(short, exact_numbers(table, name))


def _write_date(day: float) -> str:
    """Write a day number as a date."""
    return str(np.datetime64(int(day), "D"))
