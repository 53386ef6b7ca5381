"""The verb `format_address`: from places on the border to addresses."""

from __future__ import annotations

from typing import Final, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from .._constants import SLACK_M, Floats, Ints
from ..border import Border, require_border
from ..errors import AddressError, MeasureError, OptionError
from ..options import validate_number, validate_word
from ._compass import COMPASS, azimuths, way_along
from ._landmarks import Landmarks, read_landmarks

__all__ = ["format_address"]

#: Decimals of a kilometre by the precision in metres.
DECIMALS: Final = {1000: 0, 100: 1, 10: 2, 1: 3}


@overload
def format_address(
    chainage_m: float,
    border: Border,
    *,
    style: str = ...,
    precision_m: int = ...,
    landmarks: pd.DataFrame | None = ...,
) -> str: ...


@overload
def format_address(
    chainage_m: ArrayLike,
    border: Border,
    *,
    style: str = ...,
    precision_m: int = ...,
    landmarks: pd.DataFrame | None = ...,
) -> str | NDArray[np.object_]: ...


def format_address(
    chainage_m: ArrayLike,
    border: Border,
    *,
    style: str = "km",
    precision_m: int = 100,
    landmarks: pd.DataFrame | None = None,
) -> str | NDArray[np.object_]:
    """
    Write places on a border as addresses, which `parse_address` reads back.

    Parameters
    ----------
    chainage_m
        Geodesic metres along the line, a number or an array.
    border
        The line.
    style
        ``km`` for the kilometres of the border's calibration; ``pillar`` for the distance
        past the last pillar whose position is known; ``place`` for the distance and direction
        along the line from the nearest landmark of any other kind, or a kind of landmark,
        such as ``crossing``, to count from those alone.
    precision_m
        What to round to, metres: 1000, 100, 10 or 1. Reading the address back gives
        the place within half of it, or within the whole of it at the ends of the border.
    landmarks
        As for `parse_address`.

    Returns
    -------
    addresses
        Text for a number, an array of texts for an array; missing (None) where the
        chainage is NaN, or where the calibration claims nothing.

    Raises
    ------
    MeasureError
        If a chainage lies off the border.
    OptionError
        If `precision_m` is none of the four, or there is no such style.
    AddressError
        If no landmark of that style has a position, or the single place has no measure.

    Examples
    --------
    >>> import borderline as bl
    >>> import numpy as np
    >>> border = bl.load_border()
    >>> bl.addresses.format_address(124_494.0, border)
    'km 123.4'
    >>> bl.addresses.format_address([210_000.0, np.nan], border, style="pillar").tolist()
    ['pillar 1 + 9.4 km', None]
    >>> bl.addresses.format_address(259_000.0, border, style="crossing", precision_m=1000)
    'Chong Chom-O Smach + 2 km southeast'
    """
    if validate_number(precision_m, "precision_m", "1000, 100, 10 or 1") not in DECIMALS:
        raise OptionError(f"precision_m must be 1000, 100, 10 or 1, not {precision_m!r}.")
    require_border(border, verb="format_address")
    try:
        chainage = np.asarray(chainage_m, dtype=np.float64)
    except (TypeError, ValueError):
        raise OptionError(f"chainage_m must be metres, a number or an array, not {chainage_m!r}.") from None
    flat = np.atleast_1d(chainage).ravel()
    off = (flat < -SLACK_M) | (flat > border.length_m + SLACK_M)
    if off.any():
        raise MeasureError(
            f"Chainage {flat[off][0]:.3f} m lies off the border, "
            f"which runs from 0 to {border.length_m:.3f} m."
        )
    known = np.flatnonzero(np.isfinite(flat))
    texts = np.full(len(flat), None, dtype=object)
    if not isinstance(style, str):
        raise OptionError(f"style must be 'km', 'pillar', 'place' or a kind of landmark, not {style!r}.")
    if style == "km":
        texts[known] = _write_kilometres(np.clip(flat[known], 0.0, border.length_m), border, precision_m)
    else:
        marks = read_landmarks(border, landmarks)
        places = np.clip(flat[known], 0.0, border.length_m)
        write = _count_from_pillars if style == "pillar" else _count_from_places
        texts[known] = write(places, border, marks, _select_landmarks(marks, style), precision_m)
    if chainage.ndim:
        return texts.reshape(chainage.shape)
    if texts[0] is None:
        raise AddressError(
            f"Chainage {chainage} m has no address in kilometres: the calibration does not reach it."
        )
    return str(texts[0])


def _write_kilometres(chainage: Floats, border: Border, precision: int) -> list[str | None]:
    measure = border.to_measure(chainage)
    first, last = border.to_measure([0.0, border.length_m])
    low = -np.inf if np.isnan(first) else first
    high = np.inf if np.isnan(last) else last
    rounded = _round_metres(measure * 1000.0, precision, low * 1000.0, high * 1000.0) / 1000.0
    decimals = DECIMALS[precision]
    return [None if np.isnan(km) else f"km {km + 0.0:.{decimals}f}" for km in rounded.tolist()]


def _round_metres(metres: Floats, precision: int, low: ArrayLike, high: ArrayLike) -> Floats:
    """Round to a multiple of the precision that does not leave the border, where there is one."""
    near = np.rint(metres / precision) * precision
    near = np.where(near > high, np.floor(metres / precision) * precision, near)
    return np.where(near < low, np.ceil(metres / precision) * precision, near)


def _select_landmarks(known: Landmarks, style: str) -> Ints:
    """Return the rows of the landmarks of a style whose position is known, along the border."""
    kinds = np.array(known.kinds, dtype=object)
    numbered = np.array([number is not None for number in known.numbers], dtype=np.bool_)
    wanted = numbered if style == "pillar" else (kinds != "pillar") if style == "place" else (kinds == style)
    rows = np.flatnonzero(wanted & np.isfinite(known.chainage_m))
    if not len(rows):
        styles = {"km", "pillar", "place", *filter(None, known.kinds)}
        if style in styles:
            raise AddressError(f"No landmark of style {style!r} has a known position on this border.")
        validate_word(style, "style", sorted(styles))
    return rows[np.argsort(known.chainage_m[rows], kind="stable")]


def _count_from_pillars(
    chainage: Floats, border: Border, marks: Landmarks, rows: Ints, precision: int
) -> list[str | None]:
    """Count from the last pillar before the place, the way the numbers run."""
    way = marks.way_of_numbers
    places = marks.chainage_m[rows]
    if way > 0:
        last = np.searchsorted(places, chainage + SLACK_M, side="right") - 1
    else:
        last = np.searchsorted(places, chainage - SLACK_M, side="left")
    pillar = rows[np.clip(last, 0, len(rows) - 1)]
    start = marks.chainage_m[pillar]
    metres = _round_metres(chainage - start, precision, -start, border.length_m - start) * way
    return [
        f"pillar {marks.numbers[row]}"
        + (f" {'+' if far > 0 else '-'} {_format_distance(abs(far), precision)}" if far else "")
        for row, far in zip(pillar.tolist(), metres.tolist(), strict=True)
    ]


def _count_from_places(
    chainage: Floats, border: Border, marks: Landmarks, rows: Ints, precision: int
) -> list[str | None]:
    """Count from the nearest landmark, toward the direction in which the place is seen from it."""
    places = marks.chainage_m[rows]
    row = rows[np.abs(chainage[:, None] - places).argmin(axis=1)]
    start = marks.chainage_m[row]
    metres = _round_metres(chainage - start, precision, -start, border.length_m - start)
    azimuth = azimuths(border, start, np.clip(start + metres, 0.0, border.length_m))
    words = list(COMPASS)
    nearest = np.rint(np.nan_to_num(azimuth) / 45.0).astype(np.int64) % 8
    chosen = np.full(len(chainage), -1)
    # The nearest word first; then its neighbours, where it does not tell one way from the other.
    for turn in (0, 1, -1):
        word = (nearest + turn) % 8
        way = way_along(border, start, np.abs(metres), np.array([COMPASS[words[place]] for place in word]))
        chosen = np.where((chosen < 0) & (way == np.sign(metres)), word, chosen)
    texts: list[str | None] = []
    for which, far, word in zip(row.tolist(), metres.tolist(), chosen.tolist(), strict=True):
        sign = "+" if far > 0 or word >= 0 else "-"
        toward = f" {words[word]}" if word >= 0 else ""
        texts.append(
            marks.names[which] + (f" {sign} {_format_distance(abs(far), precision)}{toward}" if far else "")
        )
    return texts


def _format_distance(metres: float, precision: int) -> str:
    if metres < 1000.0:
        return f"{metres:.0f} m"
    decimals = DECIMALS[precision]
    km = f"{metres / 1000.0:.{decimals}f}"
    return f"{km.rstrip('0').rstrip('.') if decimals else km} km"
