"""Events that are uniform on the land near a border, drawn without the catchment's own lattice."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import Transformer

#: Land is drawn this many points at a time.
BATCH = 200_000


def band_chainages(border, within_km, count, rng):
    """Draw chainages of events uniform on the land within a distance, past no end of the border."""
    middle = border.interpolate(border.length_m / 2)
    plane = Transformer.from_crs(
        4326, f"+proj=laea +lon_0={middle.x:.6f} +lat_0={middle.y:.6f} +datum=WGS84", always_xy=True
    )
    line = shapely.LineString(np.stack(plane.transform(*shapely.get_coordinates(border.line).T), axis=1))
    # A little wider than the band: what is in it is decided on the ellipsoid.
    around = line.simplify(100).buffer(within_km * 1010 + 200)
    shapely.prepare(around)
    west, south, east, north = around.bounds
    found, have = [], 0
    while have < count:
        x, y = rng.uniform(west, east, BATCH), rng.uniform(south, north, BATCH)
        near = shapely.contains_xy(around, x, y)
        feet = border.foot(*plane.transform(x[near], y[near], direction="INVERSE"))
        kept = feet.chainage[(feet.distance <= within_km * 1000) & ~feet.beyond_end]
        found.append(kept)
        have += len(kept)
    return np.concatenate(found)[:count]
