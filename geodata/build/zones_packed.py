"""Decode time zone polygons from the files of timezonefinder-data 3 (block-packed rings)."""

from __future__ import annotations

import pathlib
import struct

import numpy as np
import shapely
from zones import COUNTRIES, PER_DEGREE, Ring

#: Vertices per block; each block also stores the vertex that follows it.
BLOCK = 128

#: Residuals count steps of this many units of 1e-7 degrees.
STEP = 10


def country_rings(package: pathlib.Path) -> dict[str, Ring]:
    """Outer ring of each country, as `zones.country_rings` gives it."""
    folder = package / "timezonefinder_data" / "data"
    names = (folder / "timezone_names.txt").read_text(encoding="utf-8").split()
    zone = np.load(folder / "zone_ids.npy")
    rings = {}
    for country, (name, inside) in COUNTRIES.items():
        parts = [_ring(folder / "boundaries", number) for number in np.flatnonzero(zone == names.index(name))]
        (rings[country],) = (
            ring for ring in parts if shapely.Polygon(ring / PER_DEGREE).contains(shapely.Point(inside))
        )
    return rings


def _ring(folder: pathlib.Path, number: int) -> Ring:
    """Unpack one ring, block by block."""
    count = int(np.load(folder / "nr_vertices.npy")[number])
    first, last = np.load(folder / "block_offsets.npy")[number : number + 2]
    base_x = np.load(folder / "block_bases.npy")[first:last]
    base_y = np.load(folder / "block_ranges.npy")[first:last, 0]
    widths = np.load(folder / "block_widths.npy")[first:last]
    words = _payload((folder / "coordinates.bin").read_bytes(), number)
    ring, at = [], 0
    for block, (x, y) in enumerate(zip(base_x, base_y, strict=True)):
        own = min(BLOCK, count - block * BLOCK)
        axes = []
        for base, width in zip((x, y), widths[block].tolist(), strict=True):
            size = -(-(own + 1) * width // 32)
            axes.append(int(base) + STEP * _residuals(words[at : at + size], width, own))
            at += size
        ring.append(np.column_stack(axes))
    return np.vstack(ring)


def _residuals(words: np.ndarray, width: int, count: int) -> np.ndarray:
    """Read unsigned numbers of some bits each, least significant bit first."""
    bits = np.unpackbits(words.view(np.uint8), bitorder="little")[: count * width]
    return bits.reshape(count, width).astype(np.int64) @ (1 << np.arange(width, dtype=np.int64))


def _payload(buffer: bytes, number: int) -> np.ndarray:
    """Find the packed words of one ring in the FlatBuffer: a vector of tables with one vector each."""
    rings = _field(buffer, _follow(buffer, 0))
    table = _follow(buffer, rings + 4 + 4 * number)
    vector = _field(buffer, table)
    (length,) = struct.unpack_from("<I", buffer, vector)
    return np.frombuffer(buffer, "<u4", length, vector + 4)


def _follow(buffer: bytes, at: int) -> int:
    """Resolve an offset relative to where it stands."""
    return at + struct.unpack_from("<I", buffer, at)[0]


def _field(buffer: bytes, table: int) -> int:
    """Find what the first field of a table points to."""
    vtable = table - struct.unpack_from("<i", buffer, table)[0]
    (offset,) = struct.unpack_from("<H", buffer, vtable + 4)
    return _follow(buffer, table + offset)
