"""Answers for rows without a point, from the names in them; and marks of disputed places."""

from __future__ import annotations

import functools
from collections.abc import Mapping
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
from ..gazetteer import Answer, NameIndex, Query, answer_queries, disputed_points, load_index, province_codes
from ..schema import Column, add_columns, coerce_numbers
from ._claims import claimed_country, claimed_parts

__all__ = [
    "NameAnswers",
    "answer_columns",
    "answer_names",
    "explode_rows",
    "fill_countries",
    "fill_provinces",
    "is_list",
    "mark_disputed",
    "no_texts",
]

#: Published positions of one place differ by this, metres.
_POSITIONS_M: Final = 250.0
#: How far an event may be from the point of the place by whose name it is told, metres: at
#: a temple, in the fields of a village, along a pass.
_AT_PLACE_M: Final = {"temple": 500.0, "pass": 5_000.0, "hill": 5_000.0, "other": 5_000.0}
_AT_OTHERS_M: Final = 2_000.0
#: Events farther than this from a place are not at it, whatever they are called.
_NAMED_WITHIN_M: Final = 10_000.0
#: Candidates that are listed.
_MOST_LISTED: Final = 4


@dataclass(frozen=True)
class NameAnswers:
    """Answers from the names of some rows, one a row."""

    #: Rows of the table.
    rows: Ints
    #: Answers, in their order.
    by_row: list[Answer]
    #: The names that they refer to.
    index: NameIndex

    @property
    def known(self) -> Bools:
        """Return whether there is an answer for each row: a place, or an area that holds several."""
        return np.array([answer.is_known for answer in self.by_row], dtype=np.bool_)

    @property
    def countries(self) -> npt.NDArray[np.object_]:
        """Country under which each row is filed, None where it is not known or several are."""
        country = self.index.places.country
        return np.array(
            [answer.country if answer.place is None else country[answer.place] for answer in self.by_row],
            dtype=object,
        )

    @property
    def iso(self) -> npt.NDArray[np.object_]:
        """Province under which each row is filed, None where it is not known."""
        iso = self.index.places.iso
        return np.array(
            [None if answer.place is None else iso[answer.place] for answer in self.by_row], dtype=object
        )

    def fill_points(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return coordinates with the points filled in that may lie in one district."""
        kind = self.index.places.kind
        is_smaller = [answer.place is not None and kind[answer.place] != "province" for answer in self.by_row]
        lon, lat = lon.copy(), lat.copy()
        lon[self.rows] = np.where(is_smaller, [answer.lon for answer in self.by_row], np.nan)
        lat[self.rows] = np.where(is_smaller, [answer.lat for answer in self.by_row], np.nan)
        return lon, lat


def answer_names(table: pd.DataFrame, rows: Ints, index: NameIndex) -> NameAnswers:
    """
    Look up what the rows say about where they were.

    Parameters
    ----------
    table
        With ``country_reported`` and ``admin1_reported``; ``location`` and ``admin2_reported``
        count where they are there.
    rows
        Positions of the rows to look up.
    index
        From `load_index`.

    Returns
    -------
    answers
        In the order of `rows`. A claim of a third country leaves a row without answer.
    """
    named, district = (
        _take_texts(table[name], rows) if name in table.columns else np.full(len(rows), "", dtype=object)
        for name in ("location", "admin2_reported")
    )
    texts = pd.DataFrame(
        {
            "location": named,
            "district": district,
            "country": _take_texts(table["country_reported"], rows),
            "admin1": _take_texts(table["admin1_reported"], rows),
        }
    )
    which = texts.groupby(list(texts.columns), sort=False).ngroup().to_numpy()
    distinct = texts.drop_duplicates(ignore_index=True)
    countries = {claim: _claimed_countries(claim, index) for claim in set(distinct["country"])}
    provinces = {claim: _claimed_provinces(claim, index) for claim in set(distinct["admin1"])}
    queries = [
        Query(location, countries[country], provinces[admin1], district)
        for location, district, country, admin1 in distinct.itertuples(index=False)
    ]
    answers = [_drop_claimed_point(answer) for answer in answer_queries(queries, index)]
    return NameAnswers(rows, [answers[query] for query in which.tolist()], index)


def _drop_claimed_point(answer: Answer) -> Answer:
    """Return an answer without its point where nothing but a claimed province is known."""
    claimed_only = answer.reading == "claim" and not answer.stretch
    return replace(answer, lon=np.nan, lat=np.nan, error_m=np.nan) if claimed_only else answer


def _take_texts(column: pd.Series, rows: Ints) -> npt.NDArray[np.object_]:
    """Return the texts of some rows, empty where there is none."""
    cells = pd.array(column.array.take(rows), dtype="string")
    texts: npt.NDArray[np.object_] = cells.fillna("").to_numpy(dtype=object)
    return texts


def _claimed_countries(claim: str, index: NameIndex) -> frozenset[str] | None:
    """Return the country that a claim names: one with places here, none of them, or any if it names none."""
    code = claimed_country(claim)
    if code is None:
        return None
    if code in index.countries:
        return frozenset({code})
    return None if code.startswith("X") else frozenset()


def _claimed_provinces(claim: str, index: NameIndex) -> frozenset[str] | None:
    """Return the provinces that a claim names; None where it names none."""
    codes = frozenset[str]().union(*(province_codes(part, index) for part in claimed_parts(claim)))
    return codes or None


def answer_columns(table: gpd.GeoDataFrame, answers: NameAnswers | None) -> dict[str, Column]:
    """
    Return the columns of points, radii, scores and candidates, with what was looked up filled in.

    Parameters
    ----------
    table
        The events.
    answers
        From `answer_names`; None where names were not looked up.

    Returns
    -------
    columns
        The geometry where any was looked up, ``geocode_reading``, ``geocode_score``,
        ``geocode_candidates`` and ``location_error_m``.
    """
    count = len(table)
    score, error = np.full(count, np.nan), np.full(count, np.nan)
    candidates, reading = no_texts(count), no_texts(count)
    columns: dict[str, Column] = {}
    if "location_error_m" in table.columns:
        error = coerce_numbers(table["location_error_m"])
    if answers is not None:
        rows = answers.rows
        score[rows] = [answer.score if answer.is_known else np.nan for answer in answers.by_row]
        reading[rows] = [answer.reading for answer in answers.by_row]
        error = error.copy()
        # What is told by the name of a place happened at it, not on its point.
        kind = answers.index.places.kind
        reach = [
            max(answer.error_m, _AT_PLACE_M.get(_kind_of(answer, kind), _AT_OTHERS_M))
            if np.isfinite(answer.lon)
            else np.nan
            for answer in answers.by_row
        ]
        error[rows] = np.fmax(error[rows], reach)
        candidates[rows] = [_list_candidates(answer, answers.index) or pd.NA for answer in answers.by_row]
        columns[table.geometry.name] = _fill_points(table, answers)
    columns["geocode_reading"] = reading
    columns["geocode_score"] = pd.array(score, dtype="Float64")
    columns["geocode_candidates"] = candidates
    columns["location_error_m"] = pd.array(error, dtype="Float64")
    return columns


def fill_countries(countries: ExtensionArray, answers: NameAnswers | None) -> ExtensionArray:
    """
    Return countries with those of the rows that were looked up filled in.

    Parameters
    ----------
    countries
        Country of the province of each row.
    answers
        From `answer_names`; None where names were not looked up.

    Returns
    -------
    countries
        Several places in one country lie in no single province, but in that country.
    """
    return countries if answers is None else _fill_texts(countries, answers.countries, answers.rows)


def fill_provinces(columns: Mapping[str, Column], answers: NameAnswers | None) -> dict[str, Column]:
    """
    Return provinces with those of a caller's own places filled in, which may have no polygon.

    Parameters
    ----------
    columns
        ``admin1`` and ``admin1_iso`` of each row.
    answers
        From `answer_names`; None where names were not looked up.

    Returns
    -------
    columns
        The same, without those of the rows that have a province.
    """
    if answers is None:
        return {}
    title = answers.index.places.admin1
    titles = [None if answer.place is None else title[answer.place] for answer in answers.by_row]
    missing = np.asarray(pd.isna(columns["admin1_iso"]))[answers.rows]
    said = {"admin1": np.array(titles, dtype=object), "admin1_iso": answers.iso}
    return {
        name: _fill_texts(
            pd.Series(columns[name]).astype("string").array, texts[missing], answers.rows[missing]
        )
        for name, texts in said.items()
    }


def _fill_texts(column: ExtensionArray, texts: npt.NDArray[np.object_], rows: Ints) -> ExtensionArray:
    """Return a column with the texts of some rows, missing where there is none."""
    column = column.copy()
    column[rows] = [pd.NA if text is None else text for text in texts.tolist()]
    return column


def is_list(answer: Answer) -> bool:
    """Return whether an answer stands for several places that were named together."""
    return answer.reading == "several" and len(answer.members) > 1


def explode_rows(events: gpd.GeoDataFrame, answers: NameAnswers) -> gpd.GeoDataFrame:
    """
    Return a table with a row for each of several places named together.

    Parameters
    ----------
    events
        The events, with ``location``.
    answers
        From `answer_names`.

    Returns
    -------
    rows
        In the order of the events, under their index. ``location`` is the part of the text
        that names the place, ``location_reported`` the whole text.
    """
    parts: list[list[str | None]] = [[None] for _ in range(len(events))]
    for row, answer in zip(answers.rows.tolist(), answers.by_row, strict=True):
        if is_list(answer):
            parts[row] = [member.text for member in answer.members]
    taken = np.repeat(np.arange(len(events)), [len(texts) for texts in parts])
    rows = events.iloc[taken]
    part = pd.array([text for texts in parts for text in texts], dtype="string")
    whole = pd.array(rows["location"].array, dtype="string")
    reported = whole.copy()
    reported[np.asarray(part.isna())] = pd.NA
    if "location_reported" in rows.columns:
        before = pd.array(rows["location_reported"].array, dtype="string")
        reported = pd.Series(before).fillna(pd.Series(reported)).array
        reported = pd.Series(before).fillna(pd.Series(reported)).array
    columns: dict[str, Column] = {"location": pd.Series(part).fillna(pd.Series(whole)).array}
    columns["location_reported"] = reported
    return add_columns(rows, columns)


def _kind_of(answer: Answer, kinds: npt.NDArray[np.object_]) -> str:
    """Return the kind of place that an answer is; none for an area that is no place of its own."""
    return "" if answer.place is None or answer.members else str(kinds[answer.place])


def no_texts(count: int) -> ExtensionArray:
    """Return a column of texts of which none is known."""
    return _make_no_texts(count).copy()


@functools.lru_cache(maxsize=2)
def _make_no_texts(count: int) -> ExtensionArray:
    """Make such a column; a copy of it costs nothing, and a table gets ten of them."""
    texts: ExtensionArray = pd.array(["-"], dtype="string").take(np.full(count, -1), allow_fill=True)
    return texts


def _fill_points(table: gpd.GeoDataFrame, answers: NameAnswers) -> gpd.GeoSeries:
    """Return the geometry with the points that were looked up, in the table's own CRS."""
    lon = np.array([answer.lon for answer in answers.by_row])
    lat = np.array([answer.lat for answer in answers.by_row])
    placed = np.isfinite(lon)
    if not table.crs.equals(WGS84_CRS, ignore_axis_order=True):
        lon, lat = Transformer.from_crs(WGS84_CRS, table.crs, always_xy=True).transform(lon, lat)
    points = np.array(table.geometry.to_numpy(), dtype=object)
    points[answers.rows[placed]] = shapely.points(lon[placed], lat[placed])
    return gpd.GeoSeries(points, index=table.index, crs=table.crs)


def _list_candidates(answer: Answer, index: NameIndex) -> str | None:
    """Return what came into question, or all of several places, as text; None where nothing did."""
    places = index.places
    scored = [(candidate.place, candidate.score) for candidate in answer.candidates][:_MOST_LISTED]
    if answer.members:
        scored = [
            (place, member.answer.score)
            for member in answer.members
            if (place := member.answer.place) is not None
        ]
    listed = [
        f"{places.name[place]} ({places.kind[place]}, {places.iso[place]}, {score:.2f})"
        for place, score in scored
        if places.iso[place]
    ]
    return "; ".join(listed) or None


def _is_disputed(answer: Answer, index: NameIndex) -> bool:
    """Return whether both countries claim the place, or one of several."""
    places = [member.answer.place for member in answer.members] or [answer.place]
    return any(place is not None and bool(index.places.disputed[place]) for place in places)


def mark_disputed(table: pd.DataFrame, lon: Floats, lat: Floats, answers: NameAnswers | None) -> Bools:
    """
    Return which rows are at places that both countries claim.

    Parameters
    ----------
    table
        The events; their ``location`` counts where there is one.
    lon, lat
        Degrees, of the rows that came with a point; NaN in the others.
    answers
        What was looked up for the others.

    Returns
    -------
    disputed
        True where the place that was looked up is, or where the point lies at a disputed
        place or near one of which it bears the name.
    """
    disputed = np.zeros(len(table), dtype=np.bool_)
    if answers is not None:
        disputed[answers.rows] = [_is_disputed(answer, answers.index) for answer in answers.by_row]
    place_lon, place_lat, error_m = disputed_points()
    within_m = _NAMED_WITHIN_M if "location" in table.columns else 2 * _POSITIONS_M
    reach = np.degrees(within_m / 6_000_000)
    named: list[Ints] = []
    around = _find_around(lon, lat, place_lon, place_lat, reach)
    around_lon, around_lat = lon[around], lat[around]
    for x, y, error in zip(place_lon, place_lat, error_m, strict=True):
        rows = around[(np.abs(around_lat - y) <= reach) & (np.abs(around_lon - x) <= 2 * reach)]
        if not len(rows):
            continue
        ones = np.ones(len(rows))
        _, _, metres = GEOD.inv(lon[rows], lat[rows], ones * x, ones * y)
        disputed[rows[metres <= min(error, _POSITIONS_M) + _POSITIONS_M]] = True
        named.append(rows[metres <= within_m])
    close = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *named]))
    close = close[~disputed[close]]
    if len(close) and "location" in table.columns:
        index, texts = load_index(), _take_texts(table["location"], close)
        names = list(dict.fromkeys(texts.tolist()))
        by_name = dict(zip(names, answer_queries([Query(name) for name in names], index), strict=True))
        disputed[close] = [_is_disputed(by_name[text], index) for text in texts]
    return disputed


def _find_around(lon: Floats, lat: Floats, place_lon: Floats, place_lat: Floats, reach: float) -> Ints:
    """Return the rows in the cells of a grid round places, degrees: few of a million are left to measure."""
    if not len(place_lon):
        return np.zeros(0, dtype=np.int64)
    west, south = place_lon.min() - 4 * reach, place_lat.min() - 2 * reach
    place_x, place_y = (place_lon - west) / (2 * reach), (place_lat - south) / reach
    near = np.zeros((int(place_y.max()) + 3, int(place_x.max()) + 3), dtype=np.bool_)
    for across in (-1, 0, 1):
        for up in (-1, 0, 1):
            near[place_y.astype(np.int64) + up, place_x.astype(np.int64) + across] = True
    x, y = (lon - west) / (2 * reach), (lat - south) / reach
    rows: Ints = np.flatnonzero((x >= 0) & (x < near.shape[1]) & (y >= 0) & (y < near.shape[0]))
    is_near: Bools = near[y[rows].astype(np.int64), x[rows].astype(np.int64)]
    return rows[is_near]
