"""Find the segments that stand out, with control of the false-discovery rate."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.special import betainc

from .._constants import Floats, Ints
from ..errors import MissingExtraError, OptionError, TableError
from ..options import validate_whole, validate_word
from ..schema import numbers_of, require_columns
from ._false_discovery import FDR_METHODS, q_values
from ._sample import SLACK_M

__all__ = ["local_statistics"]

#: Statistics that can be computed.
STATISTICS: Final = ("excess", "g_star", "moran")

_CONTROL: Final = {"bh": "Benjamini and Hochberg (1995)", "by": "Benjamini and Yekutieli (2001)"}

#: Quadrants of a Moran scatter plot: the value of the segment, then that of its neighbours.
QUADRANTS: Final = {1: "high-high", 2: "low-high", 3: "low-low", 4: "high-low"}

#: Statistics this close together, relative to 1 + their size, are equal.
TIE: Final = 1e-9


def local_statistics(
    density: gpd.GeoDataFrame,
    *,
    statistics: str | Sequence[str] = ("g_star", "moran"),
    column: str = "rate",
    neighbours: int = 1,
    simulations: int = 9_999,
    seed: int = 0,
    fdr: str = "bh",
) -> gpd.GeoDataFrame:
    """
    Find the segments that stand out, alone or together with their neighbours.

    ``"excess"`` tests each segment by itself for more events than its share of the exposure explains: given
    the total number of events, its count is binomial where chance places events in proportion to the
    exposure, and the p-value is the exact probability of as many or more. For clusters that cross a
    break, or are shorter or longer than a segment, use `hotspots`.

    ``"g_star"`` and ``"moran"``, local G* and local Moran's I, compare segments with their neighbours along
    the border. The statistics and their conditional permutations are PySAL's (``esda``). A border of few
    segments has few permutations, so even a clear cluster may not pass the control of false discoveries.
    The permutations keep the value of the segment itself, so both p-values depend on its neighbours and
    agree. Rates of segments with little exposure vary more than others, and their neighbours are found too
    often; where exposures differ much, use a shrunken rate as `column`.

    Parameters
    ----------
    density
        From `density`, one group; for the neighbours, consecutive segments.
    statistics
        One or several of ``"excess"``, ``"g_star"`` and ``"moran"``.
    column
        Column of numbers to compare with the neighbours.
    neighbours
        Number of segments on either side that are neighbours.
    simulations
        Number of permutations of the values of the other segments.
    seed
        Seed of the random numbers. The same seed gives the same result.
    fdr
        Control of the false-discovery rate over segments: ``"bh"`` (Benjamini and Hochberg) or ``"by"``
        (Benjamini and Yekutieli), which holds under any dependence and finds less.

    Returns
    -------
    local
        `density` with, for the excess, ``expected``, ``relative_risk`` (the rate inside over the rate of
        the rest; infinite where the rest has no events), ``p_value`` and ``q_value``: of the segments with
        a ``q_value`` up to 0.05, at most 5 % are expected to be chance. Missing where a segment has no
        exposure.

        For G*, ``g_star`` (standardised local G* [1]_: positive for high values among high ones, negative
        for low among low), ``g_star_p`` and ``g_star_q``. For Moran's I, ``moran_i`` (local [2]_),
        ``moran_kind`` (``high-high``, ``low-low``, ``high-low``, ``low-high``: the segment, then its
        neighbours), ``moran_p`` and ``moran_q``. P-values are two-sided and count ties; they are at least
        2 / (`simulations` + 1). All are missing where every value is the same. ``attrs`` holds ``moran_i``
        of the whole border and its two-sided ``moran_p`` (normal approximation under randomisation).
        ``attrs["method"]`` describes the method in a few sentences.

    Raises
    ------
    MissingExtraError
        If G* or Moran's I is asked for, and esda and libpysal are not installed.
    TableError
        If a column is missing, is not a column of numbers or has missing values, the table holds several
        groups or fewer than three segments, or segments overlap or leave gaps.
    OptionError
        If an option is of the wrong kind, out of range or unknown.

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
    >>> local = bl.stats.local_statistics(rates, simulations=99)
    >>> local.loc[rates["rate"].idxmax(), "moran_kind"]
    'high-high'
    >>> hot = bl.stats.local_statistics(rates, statistics="excess")
    >>> bool((hot["q_value"].dropna() >= hot["p_value"].dropna()).all())
    True
    """
    asked = _validate_statistics(statistics)
    validate_word(fdr, "fdr", FDR_METHODS)
    validate_whole(neighbours, "neighbours")
    validate_whole(simulations, "simulations")
    validate_whole(seed, "seed", least=0)
    require_columns(density, ["from_m", "to_m"], verb="local_statistics", remedy="segment makes them")
    result = density.copy()
    result.attrs = {**density.attrs, "fdr": fdr}
    sentences = [str(density.attrs["method"])] if density.attrs.get("method") else []
    if "excess" in asked:
        sentences.append(_add_excess(result, density, fdr))
    if len(asked) > ("excess" in asked):
        result.attrs |= {"simulations": simulations, "seed": seed}
        sentences.append(
            _add_neighbour_statistics(result, density, asked, column, neighbours, simulations, seed, fdr)
        )
    result.attrs["method"] = " ".join(sentences)
    return result


def _validate_statistics(statistics: object) -> list[str]:
    asked = [statistics] if isinstance(statistics, str) else statistics
    if not isinstance(asked, list | tuple) or not asked:
        raise OptionError(
            f"statistics must be one or several of {', '.join(map(repr, STATISTICS))}, not {statistics!r}."
        )
    return [validate_word(word, "statistics", STATISTICS) for word in asked]


def _add_excess(result: gpd.GeoDataFrame, density: gpd.GeoDataFrame, fdr: str) -> str:
    """Add the exact test of each segment to the result; return the sentence of method."""
    require_columns(density, ["n_events", "exposure"], verb="local_statistics", remedy="density makes them")
    _order_segments(density, gaps=True)
    n, exposure = (numbers_of(density, name) for name in ("n_events", "exposure"))
    known = exposure > 0
    total = float(n[known].sum())
    share = np.where(known, exposure, np.nan) / max(float(exposure[known].sum()), np.finfo(np.float64).tiny)
    # The upper tail of a binomial distribution is an incomplete beta integral.
    some = np.maximum(np.where(known, n, 1.0), 1.0)
    tail = betainc(some, np.maximum(total - some, 0.0) + 1.0, np.where(known, share, 1.0))
    p_value = np.where(n > 0, tail, 1.0)
    p_value = np.where(known, p_value, np.nan)
    rest = np.where(share < 1, (total - n) / np.where(share < 1, 1 - share, 1.0), np.nan)
    result["expected"] = total * share
    risk = np.where(rest > 0, n / np.where(known, share, 1.0) / np.where(rest > 0, rest, 1.0), np.inf)
    result["relative_risk"] = np.where(known & (total > 0) & (share < 1), risk, np.nan)
    result["p_value"] = p_value
    result["q_value"] = q_values(p_value, method=fdr)
    return (
        f"Exact binomial test of each of {int(known.sum())} segments against its share "
        f"of the exposure, given {int(total):,} events; false-discovery rate by {_CONTROL[fdr]}."
    )


def _add_neighbour_statistics(
    result: gpd.GeoDataFrame,
    density: gpd.GeoDataFrame,
    asked: list[str],
    column: str,
    neighbours: int,
    simulations: int,
    seed: int,
    fdr: str,
) -> str:
    """Add local G* and Moran's I to the result; return the sentence of method."""
    require_columns(density, [column], verb="local_statistics", remedy="density makes rates")
    order = _order_segments(density, gaps=False)
    values = _validate_values(density, column)[order]
    computed = _run_esda(values, neighbours, simulations, seed)
    back = np.argsort(order)
    names = []
    if "g_star" in asked:
        names.append("Local G* (Ord and Getis 1995)")
        result["g_star"] = computed["g_star"][back]
        _add_p_values(result, "g_star", computed["g_star_p"][back], fdr)
    if "moran" in asked:
        names.append("local Moran's I (Anselin 1995)")
        result["moran_i"] = computed["moran_i"][back]
        result["moran_kind"] = pd.Series(computed["moran_kind"][back], index=density.index, dtype="string")
        _add_p_values(result, "moran", computed["moran_p"][back], fdr)
        result.attrs |= {"moran_i": computed["whole"], "moran_p": computed["whole_p"]}
    both = " and ".join(names)
    return (
        f"{both[0].upper()}{both[1:]} of {column} "
        f"on the chain of {len(values)} segments with {neighbours} neighbour{'s' * (neighbours > 1)} on "
        f"either side, by PySAL; {simulations:,} conditional permutations, two-sided; false-discovery "
        f"rate by {_CONTROL[fdr]}."
    )


def _add_p_values(result: gpd.GeoDataFrame, name: str, p_value: Floats, fdr: str) -> None:
    result[f"{name}_p"] = p_value
    result[f"{name}_q"] = q_values(p_value, method=fdr)


def _order_segments(density: pd.DataFrame, *, gaps: bool) -> Ints:
    """Return the order of the segments along the border; refuse overlaps and, unless allowed, gaps."""
    start, end = (density[name].to_numpy(dtype=np.float64) for name in ("from_m", "to_m"))
    order = np.argsort(start, kind="stable")
    start, end = start[order], end[order]
    if (start[1:] < end[:-1] - SLACK_M).any():
        raise TableError(
            "local_statistics: segments overlap, or the table holds several groups; take one group, or "
            "cut the border again."
        )
    if not gaps and (start[1:] > end[:-1] + SLACK_M).any():
        raise TableError("local_statistics: the segments leave gaps; give consecutive segments.")
    return order


def _validate_values(density: pd.DataFrame, column: str) -> Floats:
    values = numbers_of(density, column)
    bad = ~np.isfinite(values)
    if bad.any():
        raise TableError(
            f"{column!r} is missing or infinite in segment {density.index[bad].tolist()[0]!r}; "
            "every segment needs a number."
        )
    if len(values) < 3:
        raise TableError(
            f"local_statistics: {len(values)} segments are too few to compare neighbours; it needs three."
        )
    return values


def _run_esda(values: Floats, neighbours: int, simulations: int, seed: int) -> dict[str, Any]:
    """Compute local G* and Moran's I with PySAL; return missing values where all values are the same."""
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
    near = {i: [i + step for step in reach if 0 <= i + step < n] for i in range(n)}
    state = np.random.get_state()  # noqa: NPY002 - esda seeds the global generator; the caller's state is restored
    try:
        # The one-sided p-values and simulated z scores of esda are not used. It deprecates the former, and
        # divides by zero for the latter where all values but one are the same.
        with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
            warnings.simplefilter("ignore", DeprecationWarning)
            options = {"permutations": simulations, "seed": seed, "n_jobs": 1}
            g = esda.G_Local(values, W(near), transform="B", star=True, **options)
            moran = esda.Moran_Local(values, W(near), **options)
            whole = esda.Moran(values, W(near), permutations=0)
    finally:
        np.random.set_state(state)  # noqa: NPY002 - the same
    return {
        "g_star": np.asarray(g.Zs, dtype=np.float64),
        "g_star_p": _rank_two_sided(np.asarray(g.Gs), np.asarray(g.rGs)),
        "moran_i": np.asarray(moran.Is, dtype=np.float64),
        "moran_p": _rank_two_sided(np.asarray(moran.Is), np.asarray(moran.rlisas)),
        "moran_kind": np.array([QUADRANTS[int(q)] for q in moran.q], dtype=object),
        "whole": float(whole.I),
        "whole_p": float(whole.p_rand),
    }


def _rank_two_sided(observed: Floats, simulated: Floats) -> Floats:
    """Return two-sided p-values by rank among simulated values; ties count on both sides."""
    slack = TIE * (1.0 + np.abs(observed))[:, None]
    above = (simulated >= observed[:, None] - slack).sum(axis=1)
    below = (simulated <= observed[:, None] + slack).sum(axis=1)
    tail = (1.0 + np.minimum(above, below)) / (1.0 + simulated.shape[1])
    return np.asarray(np.minimum(1.0, 2.0 * tail), dtype=np.float64)
