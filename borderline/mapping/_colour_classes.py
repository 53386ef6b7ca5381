"""Quantities that can colour the border, and their classes."""

from __future__ import annotations

import importlib
import warnings
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from .._constants import Floats
from .._palette import RAMP, class_breaks, class_labels
from ..errors import MissingExtraError
from ..options import validate_word

__all__ = ["QUANTITIES", "SCHEMES", "quantities"]

#: Columns of a table of segments that can colour the border, in the order of preference.
QUANTITIES: Final = ("events_per_km", "n_events", "events_per_km2", "fatalities", "rate_ratio")

#: Classification schemes: round bounds, equal numbers of segments, or those of `mapclassify`.
SCHEMES: Final = ("round", "quantiles", "FisherJenks", "HeadTailBreaks", "MaximumBreaks", "NaturalBreaks")

#: Bounds of ratios, symmetric on both sides: halved, down by a fifth, up by a quarter, doubled.
_RATIOS: Final = (0.5, 0.8, 1.25, 2.0)
#: ColorBrewer's RdBu reversed, from fewer to more; safe for colour-blind readers.
_CHANGE: Final = ("#0571B0", "#92C5DE", "#F7F7F7", "#F4A582", "#CA0020")
#: Widths in pixels; a larger change is broader.
_CHANGE_WIDTHS: Final = (13.5, 9.0, 6.0, 9.0, 13.5)


class _Classes(NamedTuple):
    """The classes of one quantity."""

    #: Class of each segment, -1 for none.
    numbers: list[int]
    labels: list[str]
    colours: list[str]
    #: Width of each class on the map, pixels.
    widths: list[float]


def quantities(density: pd.DataFrame, scheme: str) -> list[dict[str, Any]]:
    """
    Classify the segments of a table by each quantity it has.

    Parameters
    ----------
    density
        A table of segments, as `density` or `compare_periods` return it.
    scheme
        One of `SCHEMES`.

    Returns
    -------
    quantities
        Name, classes, labels, colours and widths of each, in the order of `QUANTITIES`.

    Raises
    ------
    OptionError
        If there is no such scheme.
    MissingExtraError
        If the scheme needs `mapclassify`, which is not installed.
    """
    validate_word(scheme, "classes", SCHEMES)
    classified = []
    for name in QUANTITIES:
        if name not in density.columns:
            continue
        values: Floats = pd.to_numeric(density[name], errors="coerce").to_numpy("float64", na_value=np.nan)
        classes = _classify_ratios(values) if name == "rate_ratio" else _classify_amounts(values, scheme)
        classified.append(
            {
                "name": name,
                "class": classes.numbers,
                "labels": classes.labels,
                "colours": classes.colours,
                "widths": classes.widths,
            }
        )
    return classified


def _classify_ratios(values: Floats) -> _Classes:
    """Classify ratios on both sides of no change; missing ones belong to no class."""
    numbers = np.where(np.isnan(values), -1, np.searchsorted(_RATIOS, values, side="right"))
    labels = [f"under {_RATIOS[0]:g}", *class_labels(list(_RATIOS))]
    return _Classes(numbers.tolist(), labels, list(_CHANGE), list(_CHANGE_WIDTHS))


def _classify_amounts(values: Floats, scheme: str) -> _Classes:
    """Classify amounts; zero and missing ones belong to no class."""
    breaks = _choose_bounds(values, scheme)
    # The slack is the one of class_breaks: a rate of 0.1 may arrive a hair below it.
    numbers = np.searchsorted(breaks, values * (1 + 1e-9), side="right") - 1
    numbers = np.where(np.isfinite(values) & (values > 0), numbers, -1)
    colours = RAMP[len(RAMP) - len(breaks) :] if len(breaks) > 2 else RAMP[-2:][: len(breaks)]
    widths = [6 + 2.5 * k for k in range(len(breaks))]
    return _Classes(numbers.tolist(), class_labels(breaks), list(colours), widths)


def _choose_bounds(values: Floats, scheme: str) -> list[float]:
    """Choose lower bounds of at most five classes."""
    if scheme == "round":
        return class_breaks(values)
    positive = values[np.isfinite(values) & (values > 0)]
    if not positive.size:
        return []
    most = min(len(RAMP), len(np.unique(positive)))
    if scheme == "quantiles" or most == 1:
        lower = np.quantile(positive, np.arange(most) / most, method="inverted_cdf").tolist()
    else:
        lower = _bounds_by_mapclassify(positive, scheme, most)
    # Rounded down, so that no class loses the value it begins with.
    digits = [float(f"{bound:.3g}") for bound in lower]
    bounds = [
        kept if kept <= bound else float(f"{bound - 10.0 ** (np.floor(np.log10(bound)) - 2):.3g}")
        for kept, bound in zip(digits, lower, strict=True)
    ]
    return sorted(set(bounds))


def _bounds_by_mapclassify(positive: Floats, scheme: str, most: int) -> list[float]:
    """Return lower bounds from `mapclassify`: the least value of each class."""
    try:
        mapclassify = importlib.import_module("mapclassify")
    except ImportError:
        raise MissingExtraError(
            f"explore: classes {scheme!r} need mapclassify; install it with "
            "pip install 'borderline-geo[stats]', or use 'round' or 'quantiles'."
        ) from None
    classifier = getattr(mapclassify, scheme)
    with warnings.catch_warnings():
        # Without numba it is slower, which does not matter for some hundred segments.
        warnings.filterwarnings("ignore", message="Numba not installed")
        # Fewer classes than asked for are enough where values are few.
        warnings.filterwarnings("ignore", message="Not enough unique values")
        classes = classifier(positive) if scheme == "HeadTailBreaks" else classifier(positive, k=most)
    least = [float(positive[classes.yb == k].min()) for k in np.unique(classes.yb)]
    return [least[0], *least[-len(RAMP) + 1 :]] if len(least) > len(RAMP) else least
