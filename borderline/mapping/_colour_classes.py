"""The quantities that can colour the border, and the classes of each."""

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

#: Columns of a table of segments that can colour the border, the first one there at the start.
QUANTITIES: Final = ("events_per_km", "n_events", "events_per_km2", "fatalities", "rate_ratio")

#: How classes may be made: round bounds, equal numbers of segments, or as `mapclassify` does.
SCHEMES: Final = ("round", "quantiles", "FisherJenks", "HeadTailBreaks", "MaximumBreaks", "NaturalBreaks")

#: Changes have bounds that mean the same either way: halved, down by a fifth, up by a quarter, doubled.
_RATIOS: Final = (0.5, 0.8, 1.25, 2.0)
#: ColorBrewer's RdBu turned round: from fewer to more, told apart by colour-blind readers.
_CHANGE: Final = ("#0571B0", "#92C5DE", "#F7F7F7", "#F4A582", "#CA0020")
#: Widths in pixels: the farther from no change, the broader.
_CHANGE_WIDTHS: Final = (13.5, 9.0, 6.0, 9.0, 13.5)


class _Classes(NamedTuple):
    """The classes of one quantity."""

    #: Class of each segment, -1 for none.
    of: list[int]
    labels: list[str]
    colours: list[str]
    #: Width of each class on the map, pixels.
    widths: list[float]


def quantities(density: pd.DataFrame, scheme: str) -> list[dict[str, Any]]:
    """
    Sort the segments of a table into classes, for each quantity it holds.

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
    found = []
    for name in QUANTITIES:
        if name not in density.columns:
            continue
        values: Floats = pd.to_numeric(density[name], errors="coerce").to_numpy("float64", na_value=np.nan)
        classes = _changes(values) if name == "rate_ratio" else _amounts(values, scheme)
        found.append({"name": name, "class": classes.of, **classes._asdict()})
        del found[-1]["of"]
    return found


def _changes(values: Floats) -> _Classes:
    """Put ratios into classes to both sides of no change; one that is missing belongs to none."""
    of = np.where(np.isnan(values), -1, np.searchsorted(_RATIOS, values, side="right"))
    labels = [f"under {_RATIOS[0]:g}", *class_labels(list(_RATIOS))]
    return _Classes(of.tolist(), labels, list(_CHANGE), list(_CHANGE_WIDTHS))


def _amounts(values: Floats, scheme: str) -> _Classes:
    """Put amounts into classes; nothing, and what is missing, belongs to none."""
    breaks = _bounds(values, scheme)
    # The slack is the one of class_breaks: a rate of 0.1 may arrive a hair below it.
    of = np.searchsorted(breaks, values * (1 + 1e-9), side="right") - 1
    of = np.where(np.isfinite(values) & (values > 0), of, -1)
    colours = RAMP[len(RAMP) - len(breaks) :] if len(breaks) > 2 else RAMP[-2:][: len(breaks)]
    widths = [6 + 2.5 * k for k in range(len(breaks))]
    return _Classes(of.tolist(), class_labels(breaks), list(colours), widths)


def _bounds(values: Floats, scheme: str) -> list[float]:
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
        lower = _by_mapclassify(positive, scheme, most)
    # Rounded down, so that no class loses the value it begins with.
    digits = [float(f"{bound:.3g}") for bound in lower]
    bounds = [
        kept if kept <= bound else float(f"{bound - 10.0 ** (np.floor(np.log10(bound)) - 2):.3g}")
        for kept, bound in zip(digits, lower, strict=True)
    ]
    return sorted(set(bounds))


def _by_mapclassify(positive: Floats, scheme: str, most: int) -> list[float]:
    """Ask `mapclassify` for classes: each begins with the least value in it."""
    try:
        mapclassify = importlib.import_module("mapclassify")
    except ImportError:
        raise MissingExtraError(
            f"explore: classes {scheme!r} need mapclassify; install it with "
            "pip install 'borderline-geo[stats]', or use 'round' or 'quantiles'."
        ) from None
    classifier = getattr(mapclassify, scheme)
    with warnings.catch_warnings():
        # Without numba it is slower, which some hundred segments never notice.
        warnings.filterwarnings("ignore", message="Numba not installed")
        # Fewer classes than asked for are enough where values are few.
        warnings.filterwarnings("ignore", message="Not enough unique values")
        found = classifier(positive) if scheme == "HeadTailBreaks" else classifier(positive, k=most)
    least = [float(positive[found.yb == k].min()) for k in np.unique(found.yb)]
    return [least[0], *least[-len(RAMP) + 1 :]] if len(least) > len(RAMP) else least
