"""Administrative units as `geocode` needs them: areas, codes, and names in all known spellings."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pandas.api.extensions import ExtensionArray

from .. import catalog
from .._constants import WGS84_CRS, Ints
from .._datums import table_to_wgs84
from ..errors import CRSError, GeometryError, TableError, describe_type
from ..schema import require_columns
from ._area_index import Areas
from ._claims import fold_district, fold_province

__all__ = ["AdminUnits", "built_in_districts", "built_in_provinces", "districts_by_name", "units_from_frame"]

Texts: TypeAlias = npt.NDArray[np.object_]

_POLYGONS: Final = (3, 6)


@dataclass(frozen=True, eq=False)
class AdminUnits:
    """Polygons with their columns."""

    #: In EPSG:4326; no other column holds geometry.
    table: gpd.GeoDataFrame

    @functools.cached_property
    def areas(self) -> Areas:
        """The polygons."""
        areas: Areas = self.table.geometry.to_numpy()
        return areas

    @functools.cached_property
    def countries(self) -> Texts:
        """Country of each unit, alpha-3."""
        countries: Texts = self.table["country"].astype(object).to_numpy()
        return countries

    @functools.cached_property
    def codes(self) -> pd.Index:
        """ISO 3166-2 code of the unit, or of the province that it lies in."""
        codes: pd.Index = pd.Index(self.table["admin1_iso"])
        return codes

    @functools.cached_property
    def _text_columns(self) -> dict[str, ExtensionArray]:
        return {}

    def take_text(self, column: str, position: Ints) -> ExtensionArray:
        """Return the text of a column at each position, missing where the position is -1."""
        if column not in self._text_columns:
            self._text_columns[column] = pd.array(list(self.table[column]), dtype="string")
        taken: ExtensionArray = self._text_columns[column].take(position, allow_fill=True)
        return taken

    @functools.cached_property
    def spellings(self) -> list[frozenset[str]]:
        """Folded names of each unit: code, name, local name, aliases."""
        records = self.table.drop(columns=self.table.geometry.name).to_dict("records")
        return [_fold_spellings(record) for record in records]

    @functools.cached_property
    def units_by_name(self) -> dict[str, frozenset[int]]:
        """Positions of the units that each folded name stands for."""
        return _group_names(self.spellings)


def _group_names(spellings: Iterable[Iterable[str]]) -> dict[str, frozenset[int]]:
    units: dict[str, set[int]] = {}
    for unit, names in enumerate(spellings):
        for name in names:
            units.setdefault(name, set()).add(unit)
    return {name: frozenset(positions) for name, positions in units.items()}


def _fold_spellings(unit: dict[str, object]) -> frozenset[str]:
    aliases = str(unit.get("aliases") or "").split(";")
    names = [unit["admin1_iso"], unit["name"], unit.get("name_local"), *aliases]
    return frozenset(fold_province(str(name)) for name in names if isinstance(name, str)) - {""}


def built_in_provinces() -> AdminUnits:
    """
    Return the built-in provinces, with all spellings of their names.

    Returns
    -------
    units
        Made once for each state of the layers.
    """
    return _make_provinces(catalog.get("admin1").sha256, catalog.get("provinces").sha256)


@functools.lru_cache(maxsize=2)
def _make_provinces(_admin1_sha256: str, _provinces_sha256: str) -> AdminUnits:
    aliases = catalog.read_table("provinces").set_index("iso_3166_2")["aliases"]
    table = catalog.load_admin()
    return AdminUnits(table.assign(aliases=table["admin1_iso"].map(aliases)).sort_values("admin1_iso"))


def built_in_districts() -> AdminUnits:
    """
    Return the built-in districts.

    Returns
    -------
    units
        Made once for each state of the layer.
    """
    return _make_districts(catalog.get("admin2").sha256)


@functools.lru_cache(maxsize=2)
def _make_districts(_sha256: str) -> AdminUnits:
    return AdminUnits(catalog.load_admin("district"))


def districts_by_name() -> dict[str, frozenset[int]]:
    """
    Return the built-in districts that each name stands for, in all spellings of the gazetteer.

    Returns
    -------
    districts
        Positions among `built_in_districts`, by name as folded by `fold_district`.
    """
    return _name_districts(catalog.get("admin2").sha256, catalog.get("places").sha256)


@functools.lru_cache(maxsize=2)
def _name_districts(_admin2_sha256: str, _places_sha256: str) -> dict[str, frozenset[int]]:
    table = catalog.load_admin("district")
    places = catalog.read_table("places")
    places = places[(places["kind"] == "district") & places["aliases"].notna()]
    aliases = dict(
        zip(zip(places["admin1_iso"], places["name"], strict=True), places["aliases"], strict=True)
    )
    units = zip(table["admin1_iso"], table["name"], table["name_local"], strict=True)
    texts = [(name, local, *aliases.get((iso, name), "").split(";")) for iso, name, local in units]
    folded = [{fold_district(text) for text in names if isinstance(text, str)} - {""} for names in texts]
    return _group_names(folded)


def units_from_frame(admin: gpd.GeoDataFrame) -> AdminUnits:
    """
    Validate provinces that a caller gives.

    Parameters
    ----------
    admin
        Polygons in any CRS that is set, with ``admin1_iso``, ``country`` and ``name``.

    Returns
    -------
    units
        Sorted by code, in EPSG:4326.

    Raises
    ------
    TableError
        If it is no GeoDataFrame, or lacks a column.
    CRSError
        If it has no CRS.
    GeometryError
        If it holds something else than polygons.
    """
    if not isinstance(admin, gpd.GeoDataFrame):
        raise TableError(f"admin takes a GeoDataFrame of polygons, not {describe_type(admin)}.")
    require_columns(
        admin,
        ("admin1_iso", "country", "name"),
        verb="geocode (admin=)",
        remedy="rename the columns that hold the code, the country and the name",
    )
    if admin.crs is None:
        raise CRSError(
            "geocode: admin has no CRS; if it is longitude and latitude, say so with set_crs(4326)."
        )
    if not np.isin(shapely.get_type_id(admin.geometry.to_numpy()), _POLYGONS).all():
        raise GeometryError("geocode: admin takes polygons only; drop the rows that hold something else.")
    if not admin.crs.equals(WGS84_CRS, ignore_axis_order=True):
        admin = table_to_wgs84(admin, subject="geocode: admin")
    return AdminUnits(admin.sort_values("admin1_iso", kind="stable"))
