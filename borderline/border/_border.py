"""The border: a line along which chainage is counted, between two countries."""

from __future__ import annotations

import importlib
import os
import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from .._constants import WGS84_CRS, Floats
from .._countries import country_name, validate_sides
from .._line import read_line
from ..errors import BorderlineError, MeasureError, MissingExtraError, TableError, describe_type
from ..options import validate_number, validate_positive
from ..provenance import Source
from ._border_card import draw_card
from ._border_id import BorderId
from ._border_table import (
    calibrate_measures,
    name_borders,
    pack_border,
    read_lines,
    select_border,
    unpack_border,
    with_measures,
)
from ._calibration import Calibration
from ._chainage_line import ChainageLine, Datum
from ._line_accuracy import LineAccuracy
from ._planar_edges import natural_edges, validate_edges, validate_start
from ._shared_boundary import join_pieces, shared_boundary
from ._simplification import needed_vertices

if TYPE_CHECKING:
    import folium
    from matplotlib.axes import Axes

__all__ = ["Border", "border_of", "read_borders", "require_border"]


@dataclass(frozen=True, eq=False, repr=False)
class Border(ChainageLine):
    """
    A line between two countries, along which chainage is counted.

    Edges are geodesics of WGS 84, or planar (`edges`). `load_border` loads the built-in one,
    `Border.from_file` reads one from a file, `Border.from_line` makes one from a line and `Border.between`
    from the polygons of two countries.

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

    #: ISO 3166-1 alpha-3 of the country on the left, looking along growing chainage.
    left: str
    #: The country on the right.
    right: str
    #: What the border is called.
    name: str
    #: Where chainage starts.
    datum: Datum
    #: Where the line comes from.
    source: Source = field(default=Source(title=""))
    #: Half-width in metres that holds 90 % of the line's displacement, where known.
    accuracy_m: float | None = None
    #: Ties chainage to a published measure, where one is followed.
    calibration: Calibration | None = None
    #: Land that drawings of this border put on different sides, where several are known.
    contested: shapely.MultiPolygon | None = None
    #: The same accuracy stretch by stretch, where it was measured; see `accuracy_at`.
    accuracy_along: LineAccuracy | None = None

    @classmethod
    def from_line(  # noqa: PLR0913 - what is known of a line, all by keyword
        cls,
        line: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame,
        *,
        left: str,
        right: str,
        name: str = "",
        source: Source | None = None,
        accuracy_m: float | None = None,
        nominal_length_km: float | None = None,
        edges: str | None = None,
        start: Sequence[float] | None = None,
    ) -> Border:
        """
        Return a border made from any line.

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
            taken as who publishes it. By default the measure is that of the line's own
            vertices (M, kilometres), else the chainage.
        edges
            How edges run between vertices: ``"geodesic"`` (the default), or ``"planar"``, straight in
            longitude and latitude. Planar edges are followed to 1 cm.
        start
            Longitude and latitude near the end where chainage is to start, where pieces of the line run
            against each other.

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
            longitude and latitude; or if pieces run against each other and `start` is not given.
        MeasureError
            If measures of the vertices do not grow.
        OptionError
            If a country code is unknown, both are the same, `nominal_length_km` is not
            positive, `accuracy_m` is negative, or `edges` or `start` cannot be meant.

        Examples
        --------
        >>> import borderline as bl, shapely
        >>> line = shapely.LineString([(7.0, 49.0), (8.0, 49.0)])
        >>> bl.Border.from_line(line, left="DE", right="FR").left
        'DEU'
        """
        left, right = validate_sides(left, right)
        if nominal_length_km is not None:
            nominal_length_km = validate_positive(
                nominal_length_km, "nominal_length_km", "a positive number of kilometres"
            )
        if accuracy_m is not None:
            accuracy_m = validate_number(accuracy_m, "accuracy_m", "a number of metres, 0 or more", least=0)
        drawn = read_line(line, start=validate_start(start))
        first = drawn.line.coords[0]
        source = source or Source(title="")
        border = cls(
            line=drawn.line,
            edges=validate_edges(edges) or "geodesic",
            left=left,
            right=right,
            name=name,
            datum=Datum("the first vertex of the line", first[0], first[1]),
            source=source,
            accuracy_m=accuracy_m,
        )
        length = border.length_m
        if nominal_length_km is None:
            calibration = calibrate_measures(border.vertex_chainage, drawn.measure)
            return border if calibration is None else replace(border, calibration=calibration)
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
        edges: str | None = None,
    ) -> Border:
        """
        Return the border of two countries, from the boundary that their polygons share.

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
        edges
            How the edges of the polygons run between vertices: ``"planar"`` (the default), straight in
            longitude and latitude as GeoJSON and Simple Features have them, or ``"geodesic"``.

        Returns
        -------
        border
            One line.

        Raises
        ------
        CRSError
            If a GeoSeries or GeoDataFrame has no CRS, or coordinates are not degrees.
        GeometryError
            If a polygon is empty, no polygon or not valid; if the two overlap, do not
            touch, or meet only in points; if the shared boundary does not join into one
            line. Gaps, loops and detached pieces are named with their places.
        OptionError
            If a country code is unknown, `tolerance_m`, `max_gap_m` or `accuracy_m` is
            negative, or `nominal_length_km` not positive.

        Examples
        --------
        >>> import borderline as bl, shapely
        >>> west, east = shapely.box(7, 48, 8, 49), shapely.box(8, 48, 9, 49)
        >>> border = bl.Border.between(west, east, left="FRA", right="DEU")
        >>> border.line
        <LINESTRING (8 48, 8 49)>
        """
        validate_number(max_gap_m, "max_gap_m", "a number of metres, 0 or more", least=0)
        pieces = shared_boundary(polygon_a, polygon_b, tolerance_m=tolerance_m)
        border = cls.from_line(
            join_pieces(pieces, max_gap_m=max(max_gap_m, tolerance_m)),
            left=left,
            right=right,
            name=name,
            source=source,
            accuracy_m=accuracy_m,
            nominal_length_km=nominal_length_km,
            edges=validate_edges(edges) or natural_edges(polygon_a),
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
        edges: str | None = None,
        start: Sequence[float] | None = None,
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
        edges
            As in `from_line`, where the file does not say: edges of other files are planar, as
            GeoJSON and Simple Features have them; those that borderline wrote are as they were.
        start
            As in `from_line`.

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
            if a country is nowhere to be found or no country code.
        UnknownKeyError
            If no border has the name.
        OptionError
            If `left` or `right` is not a country code.
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
        table = select_border(read_lines(path, layer=layer, columns=columns), name)
        return cls(
            **unpack_border(
                table, left=left, right=right, edges=validate_edges(edges), start=validate_start(start)
            )
        )

    @property
    def nominal_length_km(self) -> float | None:
        """
        Published length that the measure follows, kilometres; its source is the calibration's.

        None without a calibration, or where its control points do not reach both ends.
        """
        if self.calibration is None:
            return None
        ends = self.calibration.to_measure_km([0.0, self.length_m])
        return None if np.isnan(ends).any() else float(ends[1] - ends[0])

    @cached_property
    def identity(self) -> BorderId:
        """The record that tells this border from another: name, length, start and checksum."""
        return BorderId(self)

    def to_measure(self, chainage_m: ArrayLike) -> Floats:
        """
        Convert chainage to measure: kilometres by the calibration.

        Parameters
        ----------
        chainage_m
            Geodesic metres from the datum; NaN stays NaN.

        Returns
        -------
        measure_km
            Kilometres; without a calibration simply a thousandth of the chainage. NaN
            beyond the outermost control points, where nothing is published.

        Examples
        --------
        >>> import borderline as bl
        >>> border = bl.load_border()
        >>> border.to_measure(border.length_m).round(1).item()
        817.0
        """
        if self.calibration is not None:
            return self.calibration.to_measure_km(chainage_m)
        return np.asarray(chainage_m, dtype=np.float64) / 1000.0

    def accuracy_at(self, chainage_m: ArrayLike) -> Floats:
        """
        Return how well the line is known at chainages.

        Parameters
        ----------
        chainage_m
            Geodesic metres from the datum, a number or an array.

        Returns
        -------
        accuracy_m
            Half-width that holds 90 % of the line's displacement, metres: that of the stretch,
            where it was measured for the accuracy that the border has, else ``accuracy_m``
            everywhere. NaN where it is not known.

        Examples
        --------
        >>> import borderline as bl, dataclasses
        >>> border = bl.load_border()
        >>> border.accuracy_m, border.accuracy_at([10_000, 300_000]).tolist()
        (450.0, [379.0, 1055.0])
        >>> dataclasses.replace(border, accuracy_m=100.0).accuracy_at([10_000, 300_000]).tolist()
        [100.0, 100.0]
        """
        if self.accuracy_along is not None and self.accuracy_along.overall_m == self.accuracy_m:
            return self.accuracy_along.at_chainage(chainage_m)
        overall = np.nan if self.accuracy_m is None else self.accuracy_m
        return np.full(np.shape(chainage_m), overall)

    def to_chainage(self, measure_km: ArrayLike) -> Floats:
        """
        Convert measure to chainage: the inverse of `to_measure`.

        Parameters
        ----------
        measure_km
            Kilometres by the calibration, a number or an array; NaN stays NaN.

        Returns
        -------
        chainage_m
            Geodesic metres from the datum.

        Raises
        ------
        MeasureError
            If a measure lies beyond the ends of the border, or beyond the outermost
            control points of its calibration.

        Examples
        --------
        >>> import borderline as bl
        >>> border = bl.load_border()
        >>> round(border.to_chainage(817.0).item()) == round(border.length_m)
        True
        """
        calibration = self.calibration or Calibration((0.0, self.length_m), (0.0, self.length_m / 1000.0))
        measure = np.asarray(measure_km, dtype=np.float64)
        chainage = calibration.to_chainage_m(measure)
        lost = np.isnan(chainage) & ~np.isnan(measure)
        if lost.any():
            first, last = calibration.measure_km[0], calibration.measure_km[-1]
            raise MeasureError(
                f"km {measure[lost].flat[0]:g} lies off the border, whose measure runs from "
                f"km {first:g} to km {last:.3f} ({calibration.source.credit})."
            )
        return chainage

    def with_calibration(self, calibration: Calibration | None) -> Border:
        """
        Return the border with another measure, or none.

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
            If it is not a Calibration.

        Examples
        --------
        >>> import borderline as bl
        >>> border = bl.load_border()
        >>> survey = bl.Source(title="Royal Thai Survey Department")
        >>> border.with_calibration(bl.Calibration((0.0, border.length_m), (0.0, 798.0), survey))
        <Border Cambodia–Thailand land border: 824.2 km (nominal 798 km, Royal Thai Survey Department), ...
        """
        if not isinstance(calibration, Calibration | None):
            raise TableError(
                f"with_calibration takes a Calibration, not {calibration!r:.40}; "
                "Calibration.from_points makes one."
            )
        if calibration is not None:
            self._clip_to_line(np.array([calibration.chainage_m[0], calibration.chainage_m[-1]]))
        return replace(self, calibration=calibration)

    def reversed(self) -> Border:
        """
        Return the border counted from the other end, with the sides exchanged.

        Chainage ``c`` becomes ``length_m - c``.

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
            accuracy_along=None
            if self.accuracy_along is None
            else self.accuracy_along.reversed(self.length_m),
        )

    def simplify(self, tolerance_m: float) -> Border:
        """
        Return the border drawn with fewer vertices.

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
        OptionError
            If `tolerance_m` is negative.

        Examples
        --------
        >>> import borderline as bl
        >>> border = bl.load_border()
        >>> plain = border.simplify(1000)
        >>> len(border.line.coords), len(plain.line.coords), round(plain.length_m / 1000)
        (5702, 142, 718)
        """
        validate_number(tolerance_m, "tolerance_m", "a number of metres, 0 or more", least=0)
        chain = self._geodesic_chain
        kept = needed_vertices(chain, tolerance_m)
        line = shapely.linestrings(chain.lon[kept], chain.lat[kept])
        plain = replace(self, line=line, edges="geodesic", calibration=None, accuracy_along=None)
        if self.accuracy_m is not None:
            plain = replace(plain, accuracy_m=self.accuracy_m + tolerance_m)
        if self.accuracy_along is not None:
            breaks = np.interp(self.accuracy_along.breaks_m, chain.chainage[kept], plain.vertex_chainage)
            plain = replace(plain, accuracy_along=self.accuracy_along.widened(tolerance_m, breaks))
        if self.calibration is None:
            return plain
        moved = np.interp(self.calibration.chainage_m, chain.chainage[kept], plain.vertex_chainage)
        return replace(plain, calibration=replace(self.calibration, chainage_m=tuple(moved.tolist())))

    def to_geodataframe(self, *, with_measure: bool = False) -> gpd.GeoDataFrame:
        """
        Return the border as a table, which every format keeps and `from_file` reads.

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
            ``sha256``), ``calibration`` and ``accuracy_along`` (JSON), ``contested`` (well-known text) and
            ``geometry``. For several borders, ``pandas.concat`` puts tables together.

        Examples
        --------
        >>> import borderline as bl
        >>> bl.load_border().to_geodataframe()[["left", "right", "accuracy_m"]].values.tolist()
        [['KHM', 'THA', 450.0]]
        """
        values = {column.name: getattr(self, column.name) for column in fields(self)}
        if with_measure:
            values["line"] = with_measures(self.line, self.to_measure(self.vertex_chainage))
        return pack_border(values, length_m=self.length_m, nominal_length_km=self.nominal_length_km)

    def to_file(self, path: str | os.PathLike[str], *, with_measure: bool = False) -> pathlib.Path:
        """
        Write the border to a file, which `from_file` reads; as `write_table` writes tables.

        Parameters
        ----------
        path
            Ending ``.gpkg``, ``.geojson``, ``.fgb``, ``.parquet`` or ``.csv``. The source is
            written beside it.
        with_measure
            Give each vertex its ``measure_km`` as M; see `to_geodataframe`.

        Returns
        -------
        path
            Where the file is.

        Raises
        ------
        FormatError
            If the ending names no such format.
        OutputError
            If the file cannot be written.

        Examples
        --------
        >>> import borderline as bl, tempfile
        >>> border = bl.load_border()
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     bl.Border.from_file(border.to_file(folder + "/border.gpkg")).identity == border.identity
        True
        """
        table = self.to_geodataframe(with_measure=with_measure)
        written: pathlib.Path = _load_room("readers").write_table(table, path)
        return written

    def plot(
        self, ax: Axes | None = None, *, color: str | None = None, linewidth: float | None = None
    ) -> Axes:
        """
        Draw the line alone, as `geopandas.GeoSeries.plot` does; `plot_map` makes a whole map.

        Parameters
        ----------
        ax
            Axes of a figure to draw into; by default new ones.
        color, linewidth
            As for Matplotlib, the width in points.

        Returns
        -------
        ax
            Longitude and latitude, degrees.

        Raises
        ------
        MissingExtraError
            If Matplotlib is not installed.

        Examples
        --------
        >>> import borderline as bl
        >>> ax = bl.load_border().plot(color="black")
        >>> len(ax.collections) + len(ax.lines)
        1
        """
        style = {"color": color, "linewidth": linewidth}
        given = {name: value for name, value in style.items() if value is not None}
        try:
            drawn: Axes = gpd.GeoSeries([self.line], crs=WGS84_CRS).plot(ax=ax, **given)
        except ImportError as error:
            raise MissingExtraError(
                "Border.plot needs Matplotlib; install it with pip install 'borderline-geo[plot]'."
            ) from error
        return drawn

    def explore(self) -> folium.Map:
        """
        Map the border, as `explore` does: one page that needs no network.

        Returns
        -------
        map
            A `folium.Map`; see `explore` for its options, as in ``bl.explore(border, width=800)``.

        Examples
        --------
        >>> import borderline as bl
        >>> bl.load_border().explore().get_root().render().startswith("<!DOCTYPE html>")
        True
        """
        page: folium.Map = _load_room("mapping").explore(self)
        return page

    def __repr__(self) -> str:
        claim = ""
        if self.calibration is not None:
            word = "measured" if self.nominal_length_km is None else "nominal"
            claim = f" ({word} {self.calibration.claim})"
        return (
            f"<Border {self.name or 'unnamed'}: {self.length_m / 1000:.1f} km{claim}, "
            f"left {self.left}, right {self.right}, from {self.datum.name}>"
        )

    def _repr_html_(self) -> str:
        facts = {
            "left": f"{country_name(self.left)} ({self.left})",
            "right": f"{country_name(self.right)} ({self.right})",
            "length as drawn": f"{self.length_m / 1000:.1f} km, {len(self.line.coords):,} vertices",
            "chainage from": self.datum.name,
        }
        if self.calibration is not None:
            points = len(self.calibration.measure_km)
            between = f" (between {points} control points)" if points > 2 else ""
            whole = self.nominal_length_km is not None
            facts["length as claimed" if whole else "measure as claimed"] = self.calibration.claim + between
        if self.accuracy_m is not None:
            facts["position known within"] = f"{self.accuracy_m:,.0f} m for 90 % of the line"
        if self.source.credit:
            facts["source"] = self.source.credit
        return draw_card(self.name or "Border", facts, self.line, (self.left, self.right))

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        return {
            "type": "Feature",
            "properties": {"name": self.name, "left": self.left, "right": self.right},
            "geometry": shapely.geometry.mapping(self.line),
        }


def _load_room(name: str) -> ModuleType:
    """Import a room above this one."""
    # Only when a convenience of Border is called, as pandas loads its plotting backend; the border
    # itself needs neither files nor pictures.
    return importlib.import_module(f"..{name}", __package__)


def read_borders(
    path: str | os.PathLike[str] | gpd.GeoDataFrame,
    *,
    layer: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> dict[str, Border]:
    """
    Read several borders, one a row.

    Parameters
    ----------
    path
        As in `Border.from_file`; a column of names is needed.
    layer
        Which layer, where the file has several.
    columns
        Names of the columns in the file by those that `Border.to_geodataframe` gives
        them, such as ``{"name": "LABEL", "left": "CC1", "right": "CC2"}``.

    Returns
    -------
    borders
        By name, in the order of the rows.

    Raises
    ------
    FormatError
        If the file cannot be read, holds no lines, or has no such layer.
    CRSError
        If the lines have no CRS.
    TableError
        If a border has no name, two have the same, or a country is nowhere to be found or no
        country code.
    GeometryError
        If a row makes no line; the border is named.

    Examples
    --------
    >>> import borderline as bl, pandas as pd
    >>> lines = ["osm-2025", "natural-earth"]
    >>> tables = [bl.load_border(line=key).to_geodataframe().assign(name=key) for key in lines]
    >>> borders = bl.lines.read_borders(pd.concat(tables, ignore_index=True))
    >>> {name: round(border.length_m / 1000) for name, border in borders.items()}
    {'osm-2025': 824, 'natural-earth': 665}
    """
    table = read_lines(path, layer=layer, columns=columns)
    borders = {}
    for row, name in enumerate(name_borders(table)):
        try:
            borders[name] = Border(**unpack_border(table.iloc[[row]]))
        except BorderlineError as error:
            raise type(error)(f"{name}: {error}") from error
    return borders


def border_of(table: pd.DataFrame) -> Border | None:
    """
    Return the border that a table carries in its ``attrs``.

    Parameters
    ----------
    table
        What `locate` or `segment` returned.

    Returns
    -------
    border
        None where the table carries none, as after reading it from a file.
    """
    border: Border | None = getattr(table.attrs.get("border"), "border", None)
    return border


def require_border(border: object, *, verb: str) -> None:
    """
    Validate that a verb was given a border.

    Parameters
    ----------
    border
        What the caller gave.
    verb
        Name of the verb, for the message.

    Raises
    ------
    TableError
        If it is something else, such as the key of a border.
    """
    if not isinstance(border, Border):
        given = repr(border) if isinstance(border, str) else describe_type(border)
        raise TableError(f"{verb} needs a Border, not {given}; load_border or Border.from_line makes one.")
