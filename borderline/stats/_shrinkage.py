"""Shrink the rates of segments towards their mean (empirical Bayes)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from .._constants import Floats, Ints
from ..errors import TableError
from ..options import validate_level, validate_seed, validate_word
from ..schema import require_columns
from ._gamma_poisson import fit_gamma, shrink_by_moments, weigh_gammas
from ._period import read_period

__all__ = ["shrink_rates"]

#: Ways to shrink: a gamma distribution fitted by likelihood; Marshall's moments.
METHODS: Final = ("gamma", "marshall")

#: Joint draws of all rates, from which the limits of ranks are computed.
DRAWS: Final = 4_000


def shrink_rates(
    density: pd.DataFrame, *, method: str = "gamma", level: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """
    Shrink the rates of segments towards their mean (empirical Bayes).

    The rate of a segment with few events or little exposure is uncertain, so the highest and lowest rates of
    a table tend to be those of its smallest segments. Each rate is moved towards the mean, the more so the
    less exposure it is based on.

    Parameters
    ----------
    density
        Segments with ``n_events`` and ``exposure``, from `density`; each group of its ``by`` is shrunk by
        itself.
    method
        ``"gamma"``: rates follow a gamma distribution fitted by likelihood [1]_, with limits and ranks;
        ``"marshall"``: by moments [2]_, without limits.
    level
        Probability between the limits, and between the ranks, between 0 and 1.
    seed
        Seed of the random numbers. The same seed gives the same result.

    Returns
    -------
    shrunk
        `density` with ``rate_shrunk`` and ``rank_shrunk`` (1 is the highest of its group); with ``"gamma"``
        also ``rate_shrunk_low`` and ``rate_shrunk_high``, and ``rank_low`` and ``rank_high``, between which
        the rank of the true rate lies. The limits include the uncertainty of the gamma distribution
        itself: gamma distributions are weighted by their likelihood under a uniform shrinkage prior [3]_.
        They hold on average over segments, not for each: the highest true rates are missed more often.
        All are missing where a segment has no exposure. ``attrs["prior"]`` lists the shape and mean of the
        fitted gamma distribution of each group.

    Raises
    ------
    TableError
        If a column is missing, or a group has fewer than two segments with exposure.
    OptionError
        If `method` is unknown or `level` is not between 0 and 1.

    References
    ----------
    .. [1] D. Clayton and J. Kaldor, "Empirical Bayes estimates of age-standardized
       relative risks for use in disease mapping", Biometrics 43 (1987), 671-681.
    .. [2] R. J. Marshall, "Mapping disease and mortality rates using empirical Bayes
       estimators", Applied Statistics 40 (1991), 283-294.
    .. [3] C. L. Christiansen and C. N. Morris, "Hierarchical Poisson regression
       modeling", Journal of the American Statistical Association 92 (1997), 618-632.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)
    >>> rates = bl.density(events, bl.segment(border, every_km=50), within_km=25, border=border)
    >>> shrunk = bl.stats.shrink_rates(rates)
    >>> bool(shrunk["rate_shrunk"].max() < rates["rate"].max())
    True
    """
    require_columns(density, ["n_events", "exposure"], verb="shrink_rates", remedy="density makes them")
    validate_word(method, "method", METHODS)
    validate_level(level)
    count = density["n_events"].to_numpy(dtype=np.int64)
    exposure = density["exposure"].to_numpy(dtype=np.float64) * _find_years(density)
    group = _number_groups(density)
    names = ["rate_shrunk", "rank_shrunk"]
    if method == "gamma":
        names += ["rate_shrunk_low", "rate_shrunk_high", "rank_low", "rank_high"]
    columns = {name: np.full(len(density), np.nan) for name in names}
    priors = []
    rng = validate_seed(seed)
    for part in np.unique(group) if len(group) else [0]:
        rows = np.flatnonzero((group == part) & (exposure > 0))
        if len(rows) < 2:
            raise TableError("shrink_rates needs at least two segments with exposure in each group.")
        shrunk, prior = _shrink_group(count[rows], exposure[rows], method, level, rng)
        priors.append(prior)
        for name, values in shrunk.items():
            columns[name][rows] = values
    result = density.copy()
    for name, values in columns.items():
        result[name] = values
        if name.startswith("rank"):
            result[name] = result[name].astype("Int64")
    result.attrs = {
        **density.attrs,
        "prior": priors,
        "shrink": {"method": method, "level": level, "seed": seed},
        "method": f"{density.attrs.get('method', '')} {_describe_method(method, level)}".strip(),
    }
    return result


def _shrink_group(
    count: Ints, exposure: Floats, method: str, level: float, rng: np.random.Generator
) -> tuple[dict[str, Floats], dict[str, Any]]:
    if method == "marshall":
        moments = shrink_by_moments(count, exposure)
        return {"rate_shrunk": moments, "rank_shrunk": _rank_rates(moments)}, {}
    if count.sum() == 0:
        # Without events the segments are alike, and only their sum bounds the rate.
        high = np.full(len(count), -np.log1p(-level) / exposure.sum())
        zero, first, last = np.zeros(len(count)), np.ones(len(count)), np.full(len(count), float(len(count)))
        rates: dict[str, Floats] = {"rate_shrunk": zero, "rate_shrunk_low": zero, "rate_shrunk_high": high}
        return {**rates, "rank_shrunk": _rank_rates(zero), "rank_low": first, "rank_high": last}, {}
    gamma = fit_gamma(count, exposure)
    rate = (count + gamma.shape) / (exposure + gamma.shape / gamma.mean)
    mixture = weigh_gammas(count, exposure)
    low, high = mixture.limits(count, exposure, level)
    drawn = mixture.draw(count, exposure, DRAWS, rng)
    ranks = (-drawn).argsort(axis=1).argsort(axis=1) + 1
    tail = (1 - level) / 2
    ends = np.quantile(ranks, [tail, 1 - tail], axis=0, method="inverted_cdf")
    return {
        "rate_shrunk": rate,
        "rank_shrunk": _rank_rates(rate),
        "rate_shrunk_low": low,
        "rate_shrunk_high": high,
        "rank_low": ends[0],
        "rank_high": ends[1],
    }, gamma._asdict()


def _rank_rates(rate: Floats) -> Floats:
    return np.asarray(pd.Series(rate).rank(method="min", ascending=False), dtype=np.float64)


def _find_years(density: pd.DataFrame) -> Floats:
    """Return the years that the rates of each row are per; 1 where they are not per year."""
    periods = density.attrs.get("period") or {}
    if not periods or not str(density.attrs.get("rate_unit", "")).endswith("and year"):
        return np.ones(len(density))
    years = {
        name: read_period((days[0], days[1]), None, name="period").years for name, days in periods.items()
    }
    if "period" in density.attrs.get("by", []):
        return np.array([years[str(name)] for name in density["period"]])
    return np.full(len(density), next(iter(years.values())))


def _number_groups(density: pd.DataFrame) -> Ints:
    keys = density.attrs.get("by") or []
    if not keys:
        return np.zeros(len(density), dtype=np.int64)
    return np.asarray(density.groupby(keys, sort=False).ngroup(), dtype=np.int64)


def _describe_method(method: str, level: float) -> str:
    if method == "marshall":
        return "Rates were shrunk to their mean by moments (Marshall 1991)."
    return (
        "Rates were shrunk to their mean by a gamma distribution fitted by likelihood (Clayton and Kaldor "
        f"1987); limits and ranks at {level * 100:g} % weigh gamma distributions by likelihood under a "
        "uniform shrinkage prior (Christiansen and Morris 1997)."
    )
