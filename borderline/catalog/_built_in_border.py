"""The border that comes with the library."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from .._paths import read_facts
from ..border import Border, Calibration, LineAccuracy
from ..errors import GeometryError, UnknownKeyError, near_miss
from ..provenance import Source
from ._layers import read_layer
from ._records import get, get_border
from ._register import registered

__all__ = ["load_border"]

#: The layer of land that versions of the line put on different sides.
CONTESTED = "contested"

#: A drawing of a border stays this near the default one, metres.
NEAR_M: Final = 25_000.0
#: It is the whole border if its ends are this near the ends of the default one, metres along it.
END_M: Final = 10_000.0


def load_border(key: str | None = None, *, line: str | None = None) -> Border:
    """
    Load a built-in border.

    The line is one depiction among several and takes no position on where the
    border ought to run; its source and accuracy come with it.

    Parameters
    ----------
    key
        Its two countries, in either order, by code or English name: ``khm-tha``,
        ``Thailand-Cambodia``; or one of them, ``thailand``. By default the land border of
        Cambodia and Thailand. Chainage runs as on record, whichever country comes first.
    line
        Which drawing of it, as in ``catalog.get_border().lines``; by default
        the first of them. Or the key of a line that `catalog.register` made known: it is
        turned to run as the default line does and must stay within 25 km of it; chainage
        starts at its first vertex, and its measure follows the published length only if
        it reaches from end to end.

    Returns
    -------
    border
        With source, accuracy (also by stretch), the land where the versions of the line disagree
        (``border.contested``), and the measure calibrated to the usual published
        length, whose source is ``border.calibration.source``.

    Raises
    ------
    UnknownKeyError
        If there is no such border or line; near misses are offered.
    GeometryError
        If a registered line runs elsewhere.
    IntegrityError
        If the data is missing or is not what its record says.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> border
    <Border Cambodia–Thailand land border: 824.2 km (nominal 817 km, The World Factbook,
    CIA (land boundaries)), left KHM, right THA, from tripoint of Cambodia,
    Laos and Thailand, as drawn by the line>
    """
    record = get_border(key)
    drawn = record.line if line is None else line
    own = [registered_key for registered_key in registered() if get(registered_key).kind == "line"]
    if drawn not in record.lines and drawn not in own:
        hint = near_miss(drawn, [*record.lines, *own])
        raise UnknownKeyError(f"The border {record.key!r} has no line {drawn!r}.{hint}")
    layer = get(drawn)
    claim = record.nominal
    border = Border.from_line(
        read_layer(drawn).geometry.iloc[0],
        left=record.left,
        right=record.right,
        name=record.name,
        source=layer.source,
        accuracy_m=layer.accuracy_m,
    )
    if drawn in own:
        border, whole = _orient_line(border, load_border(key))
        if not whole:
            return border
    # A claim without a web address says instead what it rests on.
    linked = claim.url.startswith("http")
    who = Source(
        title=f"{claim.km:g} km: {claim.who}" + ("" if linked else f" ({claim.url})"),
        url=claim.url if linked else "",
        attribution=claim.who,
    )
    if drawn in own:
        calibration = Calibration((0.0, border.length_m), (0.0, claim.km), who)
        return replace(border, calibration=calibration)
    patches = read_layer(CONTESTED).geometry.to_numpy()
    return replace(
        border,
        accuracy_along=_read_line_accuracy(drawn, border),
        contested=shapely.multipolygons(shapely.get_parts(patches)),
        datum=replace(border.datum, name=record.datum, direction=f"to {record.end}"),
        calibration=Calibration((0.0, border.length_m), (0.0, claim.km), who),
    )


def _read_line_accuracy(key: str, border: Border) -> LineAccuracy | None:
    """Return what was measured of a built-in line's accuracy in equal parts of its length."""
    try:
        measured = read_facts("line_accuracy.json")["lines"].get(key)
    except UnknownKeyError:
        # A folder named by BORDERLINE_DATA may be older.
        return None
    if measured is None or border.accuracy_m is None:
        return None
    values = tuple(map(float, measured["accuracy_m"]))
    breaks = tuple((np.arange(len(values) + 1) * (border.length_m / len(values))).tolist())
    return LineAccuracy(border.accuracy_m, breaks, values, float(measured["correlation_m"]))


def _orient_line(border: Border, default: Border) -> tuple[Border, bool]:
    """Return a line that runs as the default line does, and whether it reaches from end to end."""
    xy = shapely.get_coordinates(border.line)
    feet = default.foot(xy[:, 0], xy[:, 1])
    farthest = feet.distance.max()
    if farthest > NEAR_M:
        raise GeometryError(
            f"{border.source.title!r} runs up to {farthest / 1000:.0f} km from the {default.name}; "
            "make a border of it with Border.from_line(..., left=..., right=...)."
        )
    first, last = feet.chainage[0], feet.chainage[-1]
    if first > last:
        first, last = last, first
        line = border.line.reverse()
        datum = replace(border.datum, longitude=line.coords[0][0], latitude=line.coords[0][1])
        border = replace(border, line=line, datum=datum)
    return border, bool(first < END_M and last > default.length_m - END_M)
