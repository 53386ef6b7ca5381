"""The border: a line with a chainage that parts two countries."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .._countries import two_countries
from .._line import as_line
from ..errors import MeasureError, TableError
from ..provenance import Source
from ._calibration import Calibration
from ._datum import Datum
from ._described import Described
from ._joining import shared_boundary, shared_line
from ._reading import border_table, pick
from ._record import pack, unpack, with_m
from ._thinning import needed_vertices

__all__ = ["Border"]


@dataclass(frozen=True, eq=False, repr=False)
class Border(Described):
    """
    A line between two countries, along which chainage is counted.

    Edges are geodesics of WGS 84. Make one with `Border.from_line`, or take the
    built-in one from `load_border`.

    Examples
    --------
    >>> import borderline as bl, shapely
    >>> line = shapely.LineString([(0, 0), (0, 1)])
    >>> border = bl.Border.from_line(line, left="FRA", right="DEU", name="along a meridian")
    >>> round(border.length_m)
    110574
    >>> border
    <Border along a meridian: 110.6 km, left FRA, right DEU, from the first vertex of the line>
    """

    @classmethod
    def from_line(
        cls,
        line: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame,
        *,
        left: str,
        right: str,
        name: str = "",
        source: Source | None = None,
        accuracy_m: float | None = None,
        nominal_length_km: float | None = None,
    ) -> Border:
        """
        Make a border of any line.

        Parameters
        ----------
        line
            A LineString, or a MultiLineString that merges into one, in longitude
            and latitude (WGS 84); or a GeoSeries or GeoDataFrame of lines in any
            CRS that is set. Chainage starts at its first vertex.
        left, right
            Countries on either side, looking along the line: ISO 3166-1 alpha-3,
            or alpha-2.
        name
            What to call it.
        source
            Where the line comes from; shown under every map.
        accuracy_m
            Half-width that holds 90 % of the line's displacement, metres.
        nominal_length_km
            A published length, kilometres, to calibrate the measure to; `source` is
            taken as who publishes it. By default the measure is the chainage.

        Returns
        -------
        border
            Chainage 0 at the first vertex.

        Raises
        ------
        CRSError
            If a GeoSeries or GeoDataFrame has no CRS.
        GeometryError
            If the line is empty, in pieces, a loop, crosses itself, or is not in
            longitude and latitude.
        UnknownKeyError
            If a country code is none, or both are one.
        MeasureError
            If `nominal_length_km` is not positive.

        Examples
        --------
        >>> import borderline as bl, shapely
        >>> line = shapely.LineString([(7.0, 49.0), (8.0, 49.0)])
        >>> bl.Border.from_line(line, left="DE", right="FR").left
        'DEU'
        """
        whole = as_line(line)
        first = whole.coords[0]
        source = source or Source(title="")
        one, other = two_countries(left, right)
        border = cls(
            line=whole,
            left=one,
            right=other,
            name=name,
            datum=Datum("the first vertex of the line", first[0], first[1]),
            source=source,
            accuracy_m=accuracy_m,
        )
        length = border.length_m
        if nominal_length_km is None:
            return border
        if not nominal_length_km > 0:
            raise MeasureError(f"nominal_length_km must be positive, not {nominal_length_km}.")
        return replace(border, calibration=Calibration((0.0, length), (0.0, nominal_length_km), source))

    @classmethod
    def between(  # noqa: PLR0913 - what `from_line` takes, and two polygons for a line
        cls,
        polygon_a: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame,
        polygon_b: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame,
        *,
        left: str,
        right: str,
        name: str = "",
        source: Source | None = None,
        accuracy_m: float | None = None,
        nominal_length_km: float | None = None,
        tolerance_m: float = 1.0,
        max_gap_m: float = 0.0,
    ) -> Border:
        """
        Make a border of the boundary that two countries share.

        It runs with `polygon_a` on its left, which settles where chainage starts: walking
        round `polygon_a` with the land on the left, at the first place that touches
        `polygon_b`. `reversed` counts from the other end. The vertices are those of
        `polygon_a`.

        Parameters
        ----------
        polygon_a, polygon_b
            As in `shared_boundary`: land in any CRS that is set, or in degrees (WGS 84).
        left, right
            Countries that `polygon_a` and `polygon_b` are the land of: ISO 3166-1 alpha-3,
            or alpha-2.
        name, source, accuracy_m, nominal_length_km
            As in `from_line`: metres and kilometres.
        tolerance_m
            Vertices closer than this are one, geodesic metres; see `shared_boundary`.
        max_gap_m
            Close gaps up to this by a straight edge, geodesic metres. Gaps no wider than
            `tolerance_m` are always closed.

        Returns
        -------
        border
            One line.

        Raises
        ------
        CRSError
            If a GeoSeries or GeoDataFrame has no CRS, or coordinates are no degrees.
        GeometryError
            If a polygon is empty, no polygon or not valid; if the two overlap, do not
            touch, or meet only in points; if the shared boundary does not join into one
            line. Gaps, loops and detached pieces are named with their places.
        UnknownKeyError
            If a country code is none.
        MeasureError
            If `tolerance_m` or `max_gap_m` is negative, or `nominal_length_km` not positive.

        Examples
        --------
        >>> import borderline as bl, shapely
        >>> west, east = shapely.box(7, 48, 8, 49), shapely.box(8, 48, 9, 49)
        >>> border = bl.Border.between(west, east, left="FRA", right="DEU")
        >>> border.line
        <LINESTRING (8 48, 8 49)>
        """
        if not max_gap_m >= 0:
            raise MeasureError(f"max_gap_m must not be negative, but is {max_gap_m}.")
        pieces = shared_boundary(polygon_a, polygon_b, tolerance_m=tolerance_m)
        border = cls.from_line(
            shared_line(pieces, max_gap_m=max(max_gap_m, tolerance_m)),
            left=left,
            right=right,
            name=name,
            source=source,
            accuracy_m=accuracy_m,
            nominal_length_km=nominal_length_km,
        )
        start = f"the end of the shared boundary that leaves {border.left} on the left"
        return replace(border, datum=replace(border.datum, name=start))

    @classmethod
    def from_file(
        cls,
        path: str | os.PathLike[str] | gpd.GeoDataFrame,
        *,
        name: str | None = None,
        left: str | None = None,
        right: str | None = None,
        layer: str | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> Border:
        """
        Read a border from a file; `read_borders` reads several.

        Parameters
        ----------
        path
            What `to_geodataframe` made, or any lines: ``.gpkg``, ``.geojson``, ``.fgb``,
            ``.parquet``, ``.shp``, or ``.csv`` with well-known text in ``geometry``; or
            a table already read. Rows without names are taken as pieces of one line.
        name
            Which border, where there are several.
        left, right
            Countries on either side, looking along the line, where the file does not say.
        layer
            Which layer, where there are several.
        columns
            Names of the columns in the file by the names that `to_geodataframe` gives
            them, such as ``{"left": "CC1", "right": "CC2"}``.

        Returns
        -------
        border
            With whatever the file says about it; the rest is as in `from_line`.

        Raises
        ------
        FormatError
            If the file cannot be read, holds no lines, or has no such layer.
        CRSError
            If the lines have no CRS.
        TableError
            If two borders have the name, if there are several and no name was given, or
            if a country is nowhere to be found.
        UnknownKeyError
            If no border has the name, or a country code is none.
        GeometryError
            If the rows make no line.

        Examples
        --------
        >>> import borderline as bl, tempfile
        >>> border = bl.load_border()
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = bl.write_table(border.to_geodataframe(), folder + "/border.gpkg")
        ...     bl.Border.from_file(path).line == border.line
        True
        """
        table = pick(border_table(path, layer=layer, columns=columns), name)
        return cls(**unpack(table, left=left, right=right))

    def with_calibration(self, calibration: Calibration | None) -> Border:
        """
        Follow another measure, or none.

        Parameters
        ----------
        calibration
            Control points on this line, see `Calibration.from_points`. None counts plain
            kilometres along the drawn line.

        Returns
        -------
        border
            The same line with this calibration.

        Raises
        ------
        MeasureError
            If a control point lies off the line.
        TableError
            If it is no Calibration.

        Examples
        --------
        >>> import borderline as bl
        >>> border = bl.load_border()
        >>> survey = bl.Source(title="Royal Thai Survey Department")
        >>> border.with_calibration(bl.Calibration((0.0, border.length_m), (0.0, 798.0), survey))
        <Border Cambodia–Thailand land border: 824.2 km (nominal 798 km, Royal Thai Survey Department), ...
        """
        if not isinstance(calibration, Calibration | None):
            raise TableError(f"Calibration.from_points makes what this takes, not {calibration!r:.40}.")
        if calibration is not None:
            self._on_border(np.array([calibration.chainage_m[0], calibration.chainage_m[-1]]))
        return replace(self, calibration=calibration)

    def reversed(self) -> Border:
        """
        Count from the other end: chainage c becomes ``length_m - c``, and the sides swap.

        Returns
        -------
        border
            The same line run backwards, left and right exchanged.

        Examples
        --------
        >>> import borderline as bl
        >>> border = bl.load_border().reversed()
        >>> border.left, border.right
        ('THA', 'KHM')
        """
        last = self.line.coords[-1]
        return replace(
            self,
            line=self.line.reverse(),
            left=self.right,
            right=self.left,
            datum=Datum(f"the other end of the line from {self.datum.name}", last[0], last[1]),
            calibration=None if self.calibration is None else self.calibration.reversed(self.length_m),
        )

    def simplify(self, tolerance_m: float) -> Border:
        """
        Draw the line with fewer vertices.

        Parameters
        ----------
        tolerance_m
            No place of either line is farther than this from the other, geodesic metres.

        Returns
        -------
        border
            Some of the vertices, both ends among them; it never crosses itself. Its
            calibration keeps the measure of the vertices that stay, and its
            ``accuracy_m`` grows by the tolerance.

        Raises
        ------
        MeasureError
            If `tolerance_m` is negative.

        Examples
        --------
        >>> import borderline as bl
        >>> border = bl.load_border()
        >>> plain = border.simplify(1000)
        >>> len(border.line.coords), len(plain.line.coords), round(plain.length_m / 1000)
        (5702, 142, 718)
        """
        if not (np.isfinite(tolerance_m) and tolerance_m >= 0):
            raise MeasureError(f"tolerance_m must be a number of metres, not negative; it is {tolerance_m}.")
        chain = self._chain
        kept = needed_vertices(chain, tolerance_m)
        line = shapely.linestrings(chain.lon[kept], chain.lat[kept])
        plain = replace(self, line=line, calibration=None)
        if self.accuracy_m is not None:
            plain = replace(plain, accuracy_m=self.accuracy_m + tolerance_m)
        if self.calibration is None:
            return plain
        moved = np.interp(self.calibration.chainage_m, chain.chainage[kept], plain.vertex_chainage)
        return replace(plain, calibration=replace(self.calibration, chainage_m=tuple(moved.tolist())))

    def to_geodataframe(self, *, with_measure: bool = False) -> gpd.GeoDataFrame:
        """
        Put the border into a table, which every format keeps and `from_file` reads.

        Parameters
        ----------
        with_measure
            Give each vertex its ``measure_km`` as M. GeoPackage, FlatGeobuf and WKB keep
            it, and `write_table` writes it there; GeoJSON and GeoParquet know no M.
            (GeoJSON also rounds coordinates, to 15 decimals of a degree.)

        Returns
        -------
        table
            One row, EPSG:4326: ``name``, ``left``, ``right``, ``length_m``,
            ``nominal_length_km``, ``accuracy_m``, the datum (``datum``,
            ``datum_longitude``, ``datum_latitude``, ``direction``), the source
            (``source``, ``url``, ``license``, ``attribution``, ``retrieved``,
            ``sha256``), ``calibration`` (JSON), ``contested`` (well-known text) and
            ``geometry``. For several borders, ``pandas.concat`` puts tables together.

        Examples
        --------
        >>> import borderline as bl
        >>> bl.load_border().to_geodataframe()[["left", "right", "accuracy_m"]].values.tolist()
        [['KHM', 'THA', 450.0]]
        """
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        if with_measure:
            values["line"] = with_m(self.line, self.to_measure(self.vertex_chainage))
        return pack(values, length_m=self.length_m, nominal_length_km=self.nominal_length_km)
