"""The verb `length_by_resolution`: the finer a line is drawn, the longer it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ..border import Border, require_border
from ..errors import OptionError
from ..options import validate_numbers
from ..provenance import cited

__all__ = ["length_by_resolution"]


def length_by_resolution(
    borders: Border | Mapping[str, Border],
    *,
    tolerances_m: Sequence[float] = (0, 10, 30, 100, 300, 1_000, 3_000, 10_000),
) -> pd.DataFrame:
    """
    Measure how long a border is when it is drawn ever more coarsely.

    A line has no length apart from the detail it is drawn in [1]_: each is simplified
    step by step (see `Border.simplify`) and measured again.

    Parameters
    ----------
    borders
        A border, or several drawings of one by what to call them.
    tolerances_m
        How far a simplified line may stray, geodesic metres; 0 is the line as drawn.

    Returns
    -------
    lengths
        ``line``, ``tolerance_m``, ``vertices``, ``spacing_m`` (mean length of an edge,
        geodesic metres), ``length_km`` (geodesic) and ``share`` (of the length as drawn).

    Raises
    ------
    OptionError
        If a tolerance is negative, or the list is empty.
    TableError
        If a border is something else; pass several as a mapping from names.

    References
    ----------
    .. [1] B. B. Mandelbrot, "How long is the coast of Britain? Statistical self-similarity
       and fractional dimension", Science 156 (1967), 636-638.

    Examples
    --------
    >>> import borderline as bl
    >>> lengths = bl.lines.length_by_resolution(bl.load_border(), tolerances_m=[0, 100, 1_000])
    >>> lengths[["tolerance_m", "vertices", "length_km"]].round(1).values.tolist()
    [[0.0, 5702.0, 824.2], [100.0, 959.0, 799.7], [1000.0, 142.0, 718.5]]
    """
    wanted = "a list of metres, 0 or more, such as [0, 100]"
    if not validate_numbers(tolerances_m, "tolerances_m", wanted, least=0):
        raise OptionError(f"tolerances_m must be {wanted}, not {tolerances_m!r}.")
    named = borders if isinstance(borders, Mapping) else {getattr(borders, "name", ""): borders}
    for border in named.values():
        require_border(border, verb="length_by_resolution")
    rows = []
    for name, border in named.items():
        for tolerance in tolerances_m:
            plain = border if tolerance == 0 else border.simplify(tolerance)
            edges = len(plain.line.coords) - 1
            rows.append(
                {
                    "line": name,
                    "tolerance_m": float(tolerance),
                    "vertices": edges + 1,
                    "spacing_m": plain.length_m / edges,
                    "length_km": plain.length_m / 1000.0,
                    "share": plain.length_m / border.length_m,
                }
            )
    table = pd.DataFrame(rows).astype({"line": "string"})
    table.attrs["sources"] = cited({}, *(border.source for border in named.values()))
    return table
