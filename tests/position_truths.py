"""True places of events and what is reported of them, drawn without the library's own lattices."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod

import borderline as bl

GEOD = Geod(ellps="WGS84")

#: Radius that holds 90 % of a round normal distribution, in standard deviations.
NORMAL = 2.145966


@dataclass(frozen=True)
class Simulated:
    """What is reported, and where it was."""

    events: gpd.GeoDataFrame
    offset: np.ndarray
    chainage: np.ndarray
    past: np.ndarray


def exact_border():
    """Return the built-in line, taken as exact: these scenarios are about positions."""
    return replace(bl.load_border(), accuracy_m=0.0)


def moved(lon, lat, east, north):
    """Move points along geodesics."""
    lon, lat, _ = GEOD.fwd(lon, lat, np.degrees(np.arctan2(east, north)), np.hypot(east, north))
    return np.asarray(lon), np.asarray(lat)


def near_line(border, count, within_m, rng):
    """Draw places even over the land (and sea) within a distance of a line, its ends included."""
    west, south, east, north = border.bounds
    margin = 1.3 * within_m / 110_000
    lon, lat = np.zeros(0), np.zeros(0)
    while len(lon) < count:
        x = rng.uniform(west - margin, east + margin, 200_000)
        y = np.degrees(np.arcsin(rng.uniform(*np.sin(np.radians([south - margin, north + margin])), 200_000)))
        kept = border.foot(x, y).distance <= within_m
        lon, lat = np.append(lon, x[kept]), np.append(lat, y[kept])
    return lon[:count], lat[:count]


def normal(error, count, rng):
    return rng.normal(0, error / NORMAL, (2, count))


def disc(error, count, rng):
    angle, radius = rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.uniform(0, 1, count) / 0.9) * error
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)])


def heavy(error, count, rng):
    """Draw errors of Student's t with 2 degrees of freedom, scaled so that 90 % lie within `error`."""
    # P(r > x) = (1 + x^2 / 2)^-1 for the bivariate t of 2 degrees.
    vector = rng.normal(0, 1, (2, count)) / np.sqrt(rng.chisquare(2, count) / 2)
    return vector * error / np.sqrt(18.0)


def simulated(border, lon, lat, points, **columns):
    """Put truth and report together."""
    feet = border.foot(lon, lat)
    events = gpd.GeoDataFrame(columns, geometry=shapely.points(*points), crs=4326)
    return Simulated(events, feet.offset, feet.chainage, feet.beyond_end)


def flat(border, error, count, rng, *, errors=normal, within=25_000.0, stated=None, **columns):
    """Draw truth that is even over the land; the reports within `within` of the line are kept."""
    far = within + 3.5 * error
    # Selected by what is reported: that leaves the truth as even as it was.
    lon, lat = near_line(border, int(count * 1.5 * far / within) + 200, far, rng)
    points = moved(lon, lat, *errors(error, len(lon), rng))
    kept = np.flatnonzero(border.foot(*points).distance <= within)[:count]
    assert len(kept) == count
    columns = {"location_error_m": np.full(count, float(stated or error)), **columns}
    return simulated(border, lon[kept], lat[kept], [axis[kept] for axis in points], **columns)


def hugging(border, error, scale, count, rng):
    """Draw truth that is normal about the line."""
    chainage = rng.uniform(5_000, border.length_m - 5_000, count)
    foot = shapely.get_coordinates(border.interpolate(chainage)).T
    # Off the line in a random direction: the distance from it is that of one component, or less.
    lon, lat = moved(*foot, *rng.normal(0, scale, (2, count)))
    points = moved(lon, lat, *normal(error, count, rng))
    return simulated(border, lon, lat, points, location_error_m=np.full(count, float(error)))


def fronts(border, along, across, count, rng):
    """Draw ellipses of any direction; truth is even over the land."""
    bearing = rng.uniform(0, 180, count)
    lon, lat = near_line(border, count, 25_000, rng)
    a, b = rng.normal(0, along, count), rng.normal(0, across, count)
    sin, cos = np.sin(np.radians(bearing)), np.cos(np.radians(bearing))
    points = moved(lon, lat, a * sin + b * cos, a * cos - b * sin)
    near = border.foot(*points).distance <= 25_000 - 3.5 * along
    kept = np.flatnonzero(near)
    return simulated(
        border,
        lon[kept],
        lat[kept],
        [axis[kept] for axis in points],
        position_model=["ellipse"] * len(kept),
        position_along_m=np.full(len(kept), along),
        position_across_m=np.full(len(kept), across),
        position_bearing=bearing[kept],
    )


def districts(border, count, rng, *, share=0.0, error=0.0):
    """Draw truth that is even over border districts, but for a share at the named point."""
    units = bl.load_admin("district")
    units = units[shapely.distance(units.geometry.to_numpy(), border.line) < 0.1].reset_index(drop=True)
    unit = rng.integers(len(units), size=count)
    points = shapely.get_coordinates(units.representative_point().to_numpy()).T[:, unit]
    lon, lat = np.empty(count), np.empty(count)
    for row in np.unique(unit):
        polygon, rows = units.geometry.iloc[row], np.flatnonzero(unit == row)
        west, south, east, north = polygon.bounds
        x, y = (
            rng.uniform(west, east, 200 * len(rows) + 200),
            rng.uniform(south, north, 200 * len(rows) + 200),
        )
        inside = np.flatnonzero(shapely.contains_xy(polygon, x, y))[: len(rows)]
        lon[rows], lat[rows] = x[inside], y[inside]
    named = rng.random(count) < share
    lon[named], lat[named] = moved(*points[:, named], *normal(error, int(named.sum()), rng))
    columns = {"position_model": ["polygon"] * count}
    if share:
        columns = {
            "position_model": ["mixture"] * count,
            "position_share": np.full(count, share),
            "location_error_m": np.full(count, float(error)),
        }
    area = units.geometry.to_wkt().to_numpy()[unit]
    return simulated(border, lon, lat, points, position_area=area, **columns)


def snapped(border, count, rng, *, places=57):
    """Draw truth even over 25 km of land, reported at the nearest of some places; cells are theirs."""
    x, y = near_line(border, places, 10_000, rng)
    lon, lat = near_line(border, count, 10_000, rng)
    scale = np.array([np.cos(np.radians(13.5)), 1.0])
    seeds = np.column_stack([x, y]) * scale
    truth = np.column_stack([lon, lat]) * scale
    nearest = ((truth[:, None] - seeds) ** 2).sum(axis=2).argmin(axis=1)
    around = shapely.buffer(
        shapely.LineString(shapely.get_coordinates(border.line) * scale), 10_000 / 110_600
    )
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=around))
    cells = shapely.intersection(cells, around)
    # The part that holds the place is not the whole cell: the band may bend back into it.
    home = shapely.STRtree(cells).query(shapely.points(seeds), predicate="intersects")
    owner = np.empty(places, dtype=int)
    owner[home[0]] = home[1]
    wkt = shapely.to_wkt(shapely.transform(cells, lambda xy: xy / scale), rounding_precision=-1)[owner]
    columns = {"location_error_m": np.full(count, 5000.0)}
    taken = simulated(border, lon, lat, (x[nearest], y[nearest]), **columns)
    even = simulated(
        border,
        lon,
        lat,
        (x[nearest], y[nearest]),
        position_model=["polygon"] * count,
        position_area=wkt[nearest],
    )
    return taken, even


def coverage(border, drawn, *, level=0.9, **options):
    """Return how often limits hold the truth, in percent, and the located events."""
    located = bl.locate(drawn.events, border, level=level, **options)
    pairs = {
        "offset": (drawn.offset, located["offset_low_m"], located["offset_high_m"]),
        "distance": (np.abs(drawn.offset), located["distance_low_m"], located["distance_high_m"]),
        "chainage": (drawn.chainage, located["chainage_low_m"], located["chainage_high_m"]),
    }
    shares = {
        name: 100 * ((low <= true + 1e-3) & (true - 1e-3 <= high)).mean()
        for name, (true, low, high) in pairs.items()
    }
    return shares, located


def called_certain(drawn, located):
    """Return which sides are called known, and which of these are wrong."""
    known = located["side_known"].to_numpy(dtype=bool, na_value=False)
    left = located["p_left"].to_numpy() > located["p_right"].to_numpy()
    wrong = known & ((left != (drawn.offset > 0)) | drawn.past)
    return known, wrong
