"""Rows without a point: where the names in them say they were."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pandas.api.extensions import ExtensionArray
from pyproj import Transformer

from .._constants import GEOD, WGS84_CRS, Bools, Floats, Ints
from ..gazetteer import Answer, Index, Query, answer_all, disputed_points, load_index, province_codes
from ..schema import Column, coerce_numbers
from ._claims import claimed_country, claimed_parts

__all__ = ["NameAnswers", "answer_columns", "answer_names", "mark_disputed", "no_texts"]

#: Published positions of one place differ by this, metres.
_POSITIONS_M: Final = 250.0
#: How far an event may be from the point of the place by whose name it is told, metres: at
#: a temple, in the fields of a village, along a pass.
_AT_PLACE_M: Final = {"temple": 500.0, "pass": 5_000.0, "hill": 5_000.0, "other": 5_000.0}
_AT_OTHERS_M: Final = 2_000.0
#: Events farther than this from a place are not at it, whatever they are called.
_NAMED_WITHIN_M: Final = 10_000.0
#: Candidates that are told.
_TOLD: Final = 4


@dataclass(frozen=True)
class NameAnswers:
    """What the names of some rows say, one value per row."""

    #: Rows of the table.
    rows: Ints
    #: Answers, in their order.
    answers: list[Answer]
    #: What they point into.
    index: Index

    @property
    def known(self) -> Bools:
        """Mark the rows whose province is known."""
        return np.array([each.place is not None for each in self.answers], dtype=np.bool_)

    @property
    def iso(self) -> npt.NDArray[np.object_]:
        """Province under which each row is filed, None where it is not known."""
        iso = self.index.places.iso
        return np.array(
            [None if each.place is None else iso[each.place] for each in self.answers], dtype=object
        )

    def within(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Fill in the points that may lie in one district: not those of whole provinces."""
        kind = self.index.places.kind
        units = [each.place is not None and kind[each.place] != "province" for each in self.answers]
        lon, lat = lon.copy(), lat.copy()
        lon[self.rows] = np.where(units, [each.lon for each in self.answers], np.nan)
        lat[self.rows] = np.where(units, [each.lat for each in self.answers], np.nan)
        return lon, lat


def answer_names(table: pd.DataFrame, rows: Ints) -> NameAnswers:
    """
    Look up what the rows say about where they were.

    Parameters
    ----------
    table
        With ``country_reported`` and ``admin1_reported``; ``location`` and ``admin2_reported``
        count where they are there.
    rows
        Positions of the rows to look up.

    Returns
    -------
    answers
        In the order of `rows`. A claim of a third country leaves a row without answer.
    """
    index = load_index()
    named, district = (
        _texts(table[name], rows) if name in table.columns else np.full(len(rows), "", dtype=object)
        for name in ("location", "admin2_reported")
    )
    texts = pd.DataFrame(
        {
            "location": [", ".join(filter(None, each)) for each in zip(named, district, strict=True)],
            "country": _texts(table["country_reported"], rows),
            "admin1": _texts(table["admin1_reported"], rows),
        }
    )
    which = texts.groupby(list(texts.columns), sort=False).ngroup().to_numpy()
    distinct = texts.drop_duplicates(ignore_index=True)
    claims = {claim: _countries(claim, index) for claim in set(distinct["country"])}
    provinces = {claim: _provinces(claim, index) for claim in set(distinct["admin1"])}
    queries = [
        Query(location, claims[country], provinces[admin1])
        for location, country, admin1 in distinct.itertuples(index=False)
    ]
    answers = [_only_unit(each) for each in answer_all(queries, index)]
    return NameAnswers(rows, [answers[at] for at in which.tolist()], index)


def _only_unit(answer: Answer) -> Answer:
    """Where nothing but a claimed province is known, there is no point to give."""
    claimed_only = answer.place is not None and answer.alias is None and not answer.stretch
    return replace(answer, lon=np.nan, lat=np.nan, error_m=np.nan) if claimed_only else answer


def _texts(column: pd.Series, rows: Ints) -> npt.NDArray[np.object_]:
    """Take texts, empty where there is none."""
    cells = pd.array(column.array.take(rows), dtype="string")
    texts: npt.NDArray[np.object_] = cells.fillna("").to_numpy(dtype=object)
    return texts


def _countries(claim: str, index: Index) -> frozenset[str] | None:
    """Take a claim of a country: one that has places here, another one, or none at all."""
    code = claimed_country(claim)
    if code in set(index.places.country[index.places.kind == "province"]):
        return frozenset({code})
    return None if code is None or code.startswith("X") else frozenset()


def _provinces(claim: str, index: Index) -> frozenset[str] | None:
    """Take a claim of one or more provinces."""
    codes = frozenset[str]().union(*(province_codes(part, index) for part in claimed_parts(claim)))
    return codes or None


def answer_columns(table: gpd.GeoDataFrame, found: NameAnswers | None) -> dict[str, Column]:
    """
    Return the columns of points, radii, scores and candidates, with what was looked up filled in.

    Parameters
    ----------
    table
        The events.
    found
        From `answer_names`; None where names were not looked up.

    Returns
    -------
    columns
        The geometry where any was looked up, ``geocode_score``, ``geocode_candidates`` and
        ``location_error_m``.
    """
    count = len(table)
    score, error = np.full(count, np.nan), np.full(count, np.nan)
    candidates = no_texts(count)
    columns: dict[str, Column] = {}
    if "location_error_m" in table.columns:
        error = coerce_numbers(table["location_error_m"])
    if found is not None:
        answers, rows = found.answers, found.rows
        score[rows] = [np.nan if answer.place is None else answer.score for answer in answers]
        error = error.copy()
        # What is told by the name of a place happened at it, not on its point.
        kind = found.index.places.kind
        reach = [
            max(answer.error_m, _AT_PLACE_M.get(str(kind[answer.place]), _AT_OTHERS_M))
            if np.isfinite(answer.lon)
            else np.nan
            for answer in answers
        ]
        error[rows] = np.fmax(error[rows], reach)
        candidates[rows] = [_list_candidates(answer, found.index) or pd.NA for answer in answers]
        columns[table.geometry.name] = _fill_points(table, found)
    columns["geocode_score"] = pd.array(score, dtype="Float64")
    columns["geocode_candidates"] = candidates
    columns["location_error_m"] = pd.array(error, dtype="Float64")
    return columns


def no_texts(count: int) -> ExtensionArray:
    """Make a column of texts of which none is known."""
    texts: ExtensionArray = pd.array(["-"], dtype="string").take(np.full(count, -1), allow_fill=True)
    return texts


def _fill_points(table: gpd.GeoDataFrame, found: NameAnswers) -> gpd.GeoSeries:
    """Return the geometry with the points that were looked up, in the table's own CRS."""
    lon = np.array([answer.lon for answer in found.answers])
    lat = np.array([answer.lat for answer in found.answers])
    placed = np.isfinite(lon)
    if not table.crs.equals(WGS84_CRS, ignore_axis_order=True):
        lon, lat = Transformer.from_crs(WGS84_CRS, table.crs, always_xy=True).transform(lon, lat)
    points = np.array(table.geometry.to_numpy(), dtype=object)
    points[found.rows[placed]] = shapely.points(lon[placed], lat[placed])
    return gpd.GeoSeries(points, index=table.index, crs=table.crs)


def _list_candidates(answer: Answer, index: Index) -> str | None:
    """Return what came into question, as text; None where nothing did."""
    places = index.places
    listed = [
        f"{places.name[each.place]} ({places.kind[each.place]}, {places.iso[each.place]}, {each.score:.2f})"
        for each in answer.candidates
        if places.iso[each.place]
    ]
    return "; ".join(listed[:_TOLD]) or None


def mark_disputed(table: pd.DataFrame, lon: Floats, lat: Floats, found: NameAnswers | None) -> Bools:
    """
    Mark the rows at places that both countries claim.

    Parameters
    ----------
    table
        The events; their ``location`` counts where there is one.
    lon, lat
        Degrees, of the rows that came with a point; NaN in the others.
    found
        What was looked up for the others.

    Returns
    -------
    disputed
        True where the place that was looked up is, or where the point lies at a disputed
        place or near one of which it bears the name.
    """
    disputed = np.zeros(len(table), dtype=np.bool_)
    if found is not None:
        disputed[found.rows] = [
            each.place is not None and bool(found.index.places.disputed[each.place]) for each in found.answers
        ]
    place_lon, place_lat, error_m = disputed_points()
    within_m = _NAMED_WITHIN_M if "location" in table.columns else 2 * _POSITIONS_M
    reach = np.degrees(within_m / 6_000_000)
    named: list[Ints] = []
    for x, y, error in zip(place_lon, place_lat, error_m, strict=True):
        rows = np.flatnonzero(np.abs(lat - y) <= reach)
        rows = rows[np.abs(lon[rows] - x) <= 2 * reach]
        ones = np.ones(len(rows))
        _, _, metres = GEOD.inv(lon[rows], lat[rows], ones * x, ones * y)
        disputed[rows[metres <= min(error, _POSITIONS_M) + _POSITIONS_M]] = True
        named.append(rows[metres <= within_m])
    close = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *named]))
    close = close[~disputed[close]]
    if len(close) and "location" in table.columns:
        index, texts = load_index(), _texts(table["location"], close)
        names = list(dict.fromkeys(texts.tolist()))
        answers = dict(zip(names, answer_all([Query(name) for name in names], index), strict=True))
        disputed[close] = [
            (place := answers[text].place) is not None and bool(index.places.disputed[place])
            for text in texts
        ]
    return disputed
