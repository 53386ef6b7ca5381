"""The verbs `excess` and `local_statistics`: which segments stand out, with false discoveries controlled."""

from __future__ import annotations

import warnings
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.special import betainc

from .._constants import Floats
from ..errors import MeasureError, MissingExtraError, TableError
from ..options import validate_whole
from ..schema import numbers_of, require_columns
from ._exposure_share import SLACK_M
from ._false_discovery import FDR_METHODS, q_values

__all__ = ["excess", "local_statistics"]

#: What each quadrant of a Moran scatter plot holds: the segment's own value, then its neighbours'.
QUADRANTS: Final = {1: "high-high", 2: "low-high", 3: "low-low", 4: "high-low"}

#: Statistics this close together, relative to 1 + their size, are equal.
TIE: Final = 1e-9


def excess(density: gpd.GeoDataFrame, *, fdr: str = "bh") -> gpd.GeoDataFrame:
    """
    Test each segment for more events than its share of the exposure gives it.

    Given the number of events in all, the count of a segment is binomial when chance
    and exposure alone place them; the p-value is the exact chance of so many or more.
    Segments are tested one by one: a cluster that lies across a break, or is shorter or
    longer than a segment, is for `hotspots`.

    Parameters
    ----------
    density
        From `density`, one group: ``n_events`` and ``exposure``.
    fdr
        How the false-discovery rate is controlled: ``"bh"`` (Benjamini and
        Hochberg) or ``"by"`` (Benjamini and Yekutieli), which holds under any
        dependence and finds less.

    Returns
    -------
    excess
        `density` with ``expected``, ``relative_risk`` (the rate inside over the rate
        of the rest; infinite when the rest has no events), ``p_value`` and ``q_value``: take
        segments with a ``q_value`` up to 0.05, and of those taken no more than 5 % are
        expected to be chance. Missing where a segment has no exposure. ``attrs["method"]``
        says how.

    Raises
    ------
    TableError
        If a column is missing, the table holds several groups, or segments overlap.
    MeasureError
        If `fdr` is unknown.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.locate, border)
    >>> rates = bl.density(events, bl.segment(border, every_km=10), within_km=25)
    >>> hot = bl.stats.excess(rates)
    >>> bool((hot["q_value"].dropna() >= hot["p_value"].dropna()).all())
    True
    """
    _check_fdr(fdr)
    require_columns(density, ["n_events", "exposure"], verb="excess", remedy="density makes them")
    _one_run(density, verb="excess", gaps=True)
    n, exposed = (numbers_of(density, name) for name in ("n_events", "exposure"))
    known = exposed > 0
    total = float(n[known].sum())
    share = np.where(known, exposed, np.nan) / max(float(exposed[known].sum()), np.finfo(np.float64).tiny)
    # The upper tail of a binomial is an incomplete beta integral.
    some = np.maximum(np.where(known, n, 1.0), 1.0)
    tail = betainc(some, np.maximum(total - some, 0.0) + 1.0, np.where(known, share, 1.0))
    p_value = np.where(n > 0, tail, 1.0)
    p_value = np.where(known, p_value, np.nan)
    rest = np.where(share < 1, (total - n) / np.where(share < 1, 1 - share, 1.0), np.nan)
    result = density.copy()
    result["expected"] = total * share
    risk = np.where(rest > 0, n / np.where(known, share, 1.0) / np.where(rest > 0, rest, 1.0), np.inf)
    result["relative_risk"] = np.where(known & (total > 0) & (share < 1), risk, np.nan)
    result["p_value"] = p_value
    result["q_value"] = q_values(p_value, method=fdr)
    result.attrs = {
        **density.attrs,
        "fdr": fdr,
        "method": (
            f"{_said(density)}Exact binomial test of each of {int(known.sum())} segments against its share "
            f"of the exposure, given {int(total):,} events; false-discovery rate by {_control(fdr)}."
        ),
    }
    return result


def local_statistics(
    density: gpd.GeoDataFrame,
    *,
    column: str = "rate",
    neighbours: int = 1,
    permutations: int = 9_999,
    seed: int = 0,
    fdr: str = "bh",
) -> gpd.GeoDataFrame:
    """
    Find segments that lie among others of high or of low rates: local G* and Moran's I.

    The statistics and their conditional permutations are PySAL's (``esda``), on the
    chain of segments. A short chain leaves few shuffles, so that even a plain cluster
    may not pass the control of false discoveries. The shuffles keep a segment's own
    value, so that both p-values hang on its neighbours and agree. Rates of segments with
    little exposure vary more than others, and those beside them are found too often;
    where exposures differ much, give `column` a shrunken rate.

    Parameters
    ----------
    density
        From `density`, one group; segments that follow one another.
    column
        Numbers to compare, one a segment.
    neighbours
        How many segments on either side are neighbours.
    permutations
        How many times the values of the other segments are shuffled.
    seed
        Of the random numbers: the same seed gives the same answer.
    fdr
        How the false-discovery rate is controlled, as for `excess`.

    Returns
    -------
    local
        `density` with ``g_star`` (standardised local G* [1]_: high among high is positive,
        low among low negative), ``g_star_p``, ``g_star_q``; ``moran_i`` (local Moran's I [2]_),
        ``moran_kind`` (``high-high``, ``low-low``, ``high-low``, ``low-high``: the segment
        against its neighbours), ``moran_p``, ``moran_q``. P-values are two-sided and count
        ties; they are at least 2 / (`permutations` + 1). All are missing where every value
        is the same. ``attrs`` has ``moran_i`` of the whole chain and its two-sided ``moran_p``
        (normal approximation under randomisation), and ``method``.

    Raises
    ------
    MissingExtraError
        If esda and libpysal are not installed.
    TableError
        If a column is missing, no column of numbers or has missing values, the table
        holds several groups, has fewer than three segments, or segments overlap or
        leave gaps.
    MeasureError
        If a number is out of its range, or `fdr` is unknown.

    References
    ----------
    .. [1] J. K. Ord and A. Getis, "Local spatial autocorrelation statistics:
       distributional issues and an application", Geographical Analysis 27 (1995), 286-306.
    .. [2] L. Anselin, "Local indicators of spatial association - LISA", Geographical
       Analysis 27 (1995), 93-115.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.locate, border)
    >>> rates = bl.density(events, bl.segment(border, every_km=10), within_km=25)
    >>> local = bl.stats.local_statistics(rates, permutations=99)
    >>> local.loc[rates["rate"].idxmax(), "moran_kind"]
    'high-high'
    """
    _check_fdr(fdr)
    for name, value in (("neighbours", neighbours), ("permutations", permutations)):
        validate_whole(value, name)
    validate_whole(seed, "seed", least=0)
    require_columns(density, [column], verb="local_statistics", remedy="density makes rates")
    order = _one_run(density, verb="local_statistics", gaps=False)
    values = _values(density, column)[order]
    found = _esda(values, int(neighbours), int(permutations), seed)
    result = density.copy()
    back = np.argsort(order)
    for stem, name in (("g_star", "g_star"), ("moran_i", "moran")):
        result[stem] = found[stem][back]
        if name == "moran":
            result["moran_kind"] = pd.Series(found["moran_kind"][back], index=density.index, dtype="string")
        result[f"{name}_p"] = found[f"{name}_p"][back]
        result[f"{name}_q"] = q_values(result[f"{name}_p"].to_numpy(), method=fdr)
    result.attrs = {
        **density.attrs,
        "fdr": fdr,
        "permutations": permutations,
        "seed": seed,
        "moran_i": found["whole"],
        "moran_p": found["whole_p"],
        "method": (
            f"{_said(density)}Local G* (Ord and Getis 1995) and local Moran's I (Anselin 1995) of {column} "
            f"on the chain of {len(values)} segments with {neighbours} neighbour{'s' * (neighbours > 1)} on "
            f"either side, by PySAL; {permutations:,} conditional permutations, two-sided; false-discovery "
            f"rate by {_control(fdr)}."
        ),
    }
    return result


def _check_fdr(fdr: str) -> None:
    if fdr not in FDR_METHODS:
        raise MeasureError(f"fdr is one of {', '.join(map(repr, FDR_METHODS))}, not {fdr!r}.")


def _control(fdr: str) -> str:
    return {"bh": "Benjamini and Hochberg (1995)", "by": "Benjamini and Yekutieli (2001)"}[fdr]


def _said(density: pd.DataFrame) -> str:
    said = str(density.attrs.get("method", ""))
    return f"{said} " if said else ""


def _one_run(density: pd.DataFrame, *, verb: str, gaps: bool) -> Any:  # noqa: ANN401 - positions
    """Refuse what is no run of segments, each once; return their order along the border."""
    require_columns(density, ["from_m", "to_m"], verb=verb, remedy="segment makes them")
    start, end = (density[name].to_numpy(dtype=np.float64) for name in ("from_m", "to_m"))
    order = np.argsort(start, kind="stable")
    start, end = start[order], end[order]
    if (start[1:] < end[:-1] - SLACK_M).any():
        raise TableError(
            f"{verb}: segments overlap, or the table holds several groups; take one group, or cut anew."
        )
    if not gaps and (start[1:] > end[:-1] + SLACK_M).any():
        raise TableError(f"{verb}: the segments leave gaps, so they are no chain; give those of one run.")
    return order


def _values(density: pd.DataFrame, column: str) -> Floats:
    values = numbers_of(density, column)
    bad = ~np.isfinite(values)
    if bad.any():
        raise TableError(
            f"{column!r} is missing or infinite in segment {density.index[bad].tolist()[0]!r}; "
            "a chain needs a number in each."
        )
    if len(values) < 3:
        raise TableError(f"local_statistics compares neighbours, and {len(values)} segments are too few.")
    return values


def _esda(values: Floats, neighbours: int, permutations: int, seed: int) -> dict[str, Any]:
    """Ask PySAL, or answer nothing where all values are the same."""
    try:
        import esda  # noqa: PLC0415 - an optional extra
        from libpysal.weights import W  # noqa: PLC0415 - the same
    except ImportError as error:
        raise MissingExtraError(
            "local_statistics needs esda and libpysal; install them with pip install 'borderline-geo[stats]'."
        ) from error
    n = len(values)
    nothing = np.full(n, np.nan)
    if np.ptp(values) == 0:
        return {
            **dict.fromkeys(("g_star", "g_star_p", "moran_i", "moran_p"), nothing),
            "moran_kind": np.full(n, None, dtype=object),
            "whole": np.nan,
            "whole_p": np.nan,
        }
    reach = [step for step in range(-neighbours, neighbours + 1) if step]
    near = {at: [at + step for step in reach if 0 <= at + step < n] for at in range(n)}
    state = np.random.get_state()  # noqa: NPY002 - esda seeds the global generator, which is the caller's
    try:
        # Its own one-sided p-values and simulated z are not used: it warns of the ones, and divides by
        # nothing for the others where all values but one are the same.
        with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
            warnings.simplefilter("ignore", DeprecationWarning)
            options = {"permutations": permutations, "seed": seed, "n_jobs": 1}
            g = esda.G_Local(values, W(near), transform="B", star=True, **options)
            moran = esda.Moran_Local(values, W(near), **options)
            whole = esda.Moran(values, W(near), permutations=0)
    finally:
        np.random.set_state(state)  # noqa: NPY002 - the same
    return {
        "g_star": np.asarray(g.Zs, dtype=np.float64),
        "g_star_p": _two_sided(np.asarray(g.Gs), np.asarray(g.rGs)),
        "moran_i": np.asarray(moran.Is, dtype=np.float64),
        "moran_p": _two_sided(np.asarray(moran.Is), np.asarray(moran.rlisas)),
        "moran_kind": np.array([QUADRANTS[int(q)] for q in moran.q], dtype=object),
        "whole": float(whole.I),
        "whole_p": float(whole.p_rand),
    }


def _two_sided(observed: Floats, simulated: Floats) -> Floats:
    """Rank values among simulated ones, ties counted on both sides, and double the smaller tail."""
    slack = TIE * (1.0 + np.abs(observed))[:, None]
    above = (simulated >= observed[:, None] - slack).sum(axis=1)
    below = (simulated <= observed[:, None] + slack).sum(axis=1)
    tail = (1.0 + np.minimum(above, below)) / (1.0 + simulated.shape[1])
    return np.asarray(np.minimum(1.0, 2.0 * tail), dtype=np.float64)
