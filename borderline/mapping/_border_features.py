"""Features along a border: kilometre posts, crossings, towns, contested land, other drawings."""

from __future__ import annotations

import pathlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .. import catalog
from .._paths import data_path, read_facts
from .._place_names import is_written_in, local_languages, strip_crossing_words
from ..border import Border
from ..provenance import Source

__all__ = ["Drawing", "contested", "crossings", "drawings", "posts", "sources_of_features", "towns"]

#: Distance between kilometre posts.
POST_KM: Final = 50
#: A crossing farther from the line than this, metres, and than its own error, belongs to another border.
NEAR_M: Final = 3000.0
#: A crossing with a larger error than this, metres, has a hollow symbol.
SURE_M: Final = 1000.0
#: Towns up to this far from the line, kilometres, are named.
TOWNS_KM: Final = 75
#: Lines are drawn with this tolerance, degrees: about 50 m.
LINE_TOLERANCE: Final = 0.00045
#: Other drawings are cut out within this distance, degrees (about 30 m), of the one shown.
SAME: Final = 0.0003

_Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Another drawing of the same border."""

    #: A short name.
    name: str
    #: Its stretches away from the drawn line.
    lines: _Shapes


def posts(border: Border) -> list[dict[str, Any]]:
    """
    Return the kilometre posts of a border.

    Parameters
    ----------
    border
        The border; kilometres are its measure, calibrated where it is.

    Returns
    -------
    labels
        One for every 50 km, both ends left out.
    """
    length = float(border.to_measure(border.length_m))
    kilometres = np.arange(POST_KM, length, POST_KM)
    points = np.atleast_1d(border.interpolate(border.to_chainage(kilometres)))
    xy = shapely.get_coordinates(points)
    return [
        {"kind": "post", "km": int(km), "at": [[round(x, 5), round(y, 5)]]}
        for km, (x, y) in zip(kilometres.tolist(), xy.tolist(), strict=True)
    ]


def crossings(border: Border) -> list[dict[str, Any]]:
    """
    Return the named crossings of a border.

    Parameters
    ----------
    border
        The border.

    Returns
    -------
    labels
        One for each point, its names by language; none where the catalog has no places.
    """
    known = _read_crossings(data_path("geodata"))
    if not known:
        return []
    error = np.array([place["error"] for place in known])
    near = _measure_distances(border, known) <= np.maximum(NEAR_M, error)
    return [
        {"kind": "crossing", "text": place["text"], "sure": place["error"] <= SURE_M, "at": place["at"]}
        for place, here in zip(known, near.tolist(), strict=True)
        if here
    ]


def towns(border: Border) -> list[dict[str, Any]]:
    """
    Return the towns near a border.

    Parameters
    ----------
    border
        The border.

    Returns
    -------
    labels
        Towns and a few temples of the two countries, their names by language.
    """
    known = [
        place
        for place in _read_towns(data_path("geodata"))
        if place["country"] in (border.left, border.right)
    ]
    if not known:
        return []
    near = _measure_distances(border, known) <= TOWNS_KM * 1000
    return [
        {"kind": place["kind"], "text": place["text"], "at": place["at"]}
        for place, here in zip(known, near.tolist(), strict=True)
        if here
    ]


def _measure_distances(border: Border, known: Sequence[dict[str, Any]]) -> npt.NDArray[np.float64]:
    """Return the distances of places from a border, metres."""
    lon, lat = np.array([place["at"][0] for place in known]).T
    distance: npt.NDArray[np.float64] = border.foot(lon, lat).distance
    return distance


def _read_places() -> pd.DataFrame | None:
    """Read the named places; None where the catalog has none."""
    if "places" not in catalog.list_layers().index:
        return None
    table = catalog.read_table("places")
    return table.assign(
        x=table["longitude"].astype(float).round(5), y=table["latitude"].astype(float).round(5)
    )


def _names_by_language(name: str, aliases: pd.Series[Any]) -> dict[str, str]:
    """Return the names of a place by language: English, and known ones in other scripts."""
    others = [alias for text in aliases.dropna() for alias in str(text).split(";")]
    texts = {"en": name}
    for language in local_languages():
        local = next((alias for alias in others if is_written_in(language, alias[:1])), None)
        if local:
            texts[language] = local
    return texts


@cache
def _read_crossings(_folder: pathlib.Path) -> tuple[dict[str, Any], ...]:
    """Read the crossings, joining those at one point."""
    table = _read_places()
    if table is None:
        return ()
    return tuple(
        {
            "text": {
                language: strip_crossing_words(name)
                for language, name in _names_by_language(
                    _join_names(sorted(rows["name"].astype(str))), rows["aliases"]
                ).items()
            },
            "error": float(rows["location_error_m"].astype(float).max()),
            "at": [[x, y]],
        }
        for (x, y), rows in table[table["kind"] == "crossing"].groupby(["x", "y"], sort=True)
    )


@cache
def _read_towns(_folder: pathlib.Path) -> tuple[dict[str, Any], ...]:
    """Read towns and temples, the best placed one of each name."""
    table = _read_places()
    if table is None:
        return ()
    temples: dict[str, str] = read_facts("map_labels.json")["temples"]
    named = table["name"].astype(str).str.replace(r" \(.*\)$", "", regex=True)
    table = table.assign(name=named, error=table["location_error_m"].astype(float))
    # A town often has the name of its district or commune, whose other scripts are known.
    units = table[table["kind"].isin(["district", "commune", "subdistrict"])]
    scripts = dict(zip(_unit_keys(units), units["aliases"], strict=True))
    table = table[(table["kind"] == "town") | ((table["kind"] == "temple") & named.isin(list(temples)))]
    table = table.sort_values(["error", "name"]).drop_duplicates("name")
    return tuple(
        {
            "kind": str(row["kind"]),
            "country": row["country"],
            "text": _names_by_language(
                temples.get(row["name"], row["name"]), pd.Series([row["aliases"], scripts.get(key)])
            ),
            "at": [[round(row["x"], 4), round(row["y"], 4)]],
        }
        for key, (_, row) in zip(_unit_keys(table), table.iterrows(), strict=True)
    )


def _unit_keys(places: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return country, province and name of each place, as keys."""
    columns = (places[name].astype(str) for name in ("country", "admin1_iso", "name"))
    return list(zip(*columns, strict=True))


def _join_names(names: list[str]) -> str:
    """Join the names that both sides give a crossing, dropping names that are part of another."""
    short = [strip_crossing_words(name) for name in names]
    whole = [name for name in short if not any(name != other and name in other for other in short)]
    return " \u2013 ".join(dict.fromkeys(whole))


def contested(border: Border) -> _Shapes:
    """
    Return the patches that drawings of a border put on different sides.

    Parameters
    ----------
    border
        The border.

    Returns
    -------
    polygons
        Empty unless the border is one of the catalog's drawings.
    """
    if not _is_built_in(border) or "contested" not in catalog.list_layers().index:
        return np.array([], dtype=object)
    parts: _Shapes = shapely.get_parts(catalog.read_layer("contested").geometry.to_numpy())
    return parts


def drawings(border: Border) -> list[Drawing]:
    """
    Return the other drawings of a border.

    Parameters
    ----------
    border
        The border.

    Returns
    -------
    drawings
        Those of the catalog, but for the one drawn; none unless the border is itself one of them.
    """
    if not _is_built_in(border):
        return []
    return list(_compare_drawings(border.line.wkb, border.source.sha256, data_path("geodata")))


@cache
def _compare_drawings(drawn: bytes, drawn_sha256: str, folder: pathlib.Path) -> tuple[Drawing, ...]:
    """Return the catalog's drawings but the one shown; cached for each folder of data."""
    line = shapely.from_wkb(drawn)
    return tuple(
        Drawing(name, _cut_shared_parts(shapely.from_wkb(other), line))
        for _, name, other, sha256 in _read_lines(folder)
        if sha256 != drawn_sha256
    )


def sources_of_features(border: Border) -> list[Source]:
    """
    Return the sources of the features along a border.

    Parameters
    ----------
    border
        The border.

    Returns
    -------
    sources
        Of patches, other drawings and crossings, where there are any.
    """
    sources = []
    if len(contested(border)):
        sources.append(catalog.get("contested").source)
    if _is_built_in(border):
        sources.extend(catalog.get(key).source for key, *_ in _read_lines(data_path("geodata")))
    if crossings(border) or towns(border):
        sources.append(catalog.get("places").source)
    return sources


def _cut_shared_parts(other: shapely.LineString, line: shapely.LineString) -> _Shapes:
    """Simplify a line and cut out what it shares with another one, where that saves vertices."""
    whole = np.array([shapely.simplify(other, LINE_TOLERANCE)])
    rest = shapely.line_merge(shapely.difference(other, shapely.buffer(line, SAME)))
    parts: _Shapes = shapely.simplify(shapely.get_parts(rest), LINE_TOLERANCE)
    fewer = shapely.get_num_coordinates(parts).sum() < shapely.get_num_coordinates(whole).sum()
    return parts if fewer else whole


@cache
def _read_lines(_folder: pathlib.Path) -> list[tuple[str, str, bytes, str]]:
    """Return key, name, line and checksum of the catalog's drawings."""
    table = catalog.list_layers()
    drawings = []
    for key in table.index[(table["kind"] == "line") & ~table["origin"].str.startswith("user")]:
        record = catalog.get(key)
        # "Land border of Cambodia and Thailand, OpenStreetMap, 2026" becomes "OpenStreetMap, 2026".
        name = record.title.partition(", ")[2] or record.title
        drawings.append((key, name, catalog.read_layer(key).geometry.iloc[0].wkb, record.sha256))
    return drawings


def _is_built_in(border: Border) -> bool:
    """Return whether a border is one of the catalog's drawings."""
    drawn = [sha256 for *_, sha256 in _read_lines(data_path("geodata"))]
    return bool(border.source.sha256) and border.source.sha256 in drawn
