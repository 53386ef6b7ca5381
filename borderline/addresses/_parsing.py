"""The verb `parse_address`: from an address to a place on the border."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .._constants import SLACK_M
from ..border import Border, require_border
from ..errors import AddressError, MeasureError
from ._compass import azimuths, compass_word, way_along
from ._grammar import Wording, split_address
from ._landmarks import Landmarks, read_landmarks

__all__ = ["Address", "parse_address", "resolve_address"]


@dataclass(frozen=True)
class Address:
    """
    A place on a border, as an address gives it.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.addresses.parse_address("pillar 42", bl.load_border()).error_m
    2500.0
    """

    #: Geodesic metres along the drawn line.
    chainage_m: float
    #: The landmark it is counted from; empty for kilometres.
    landmark: str = ""
    #: How far along the line from the landmark, metres, positive with growing chainage.
    offset_m: float = 0.0
    #: Radius that holds the landmark's true position, metres; None where unknown.
    error_m: float | None = None


def parse_address(text: str, border: Border, *, landmarks: pd.DataFrame | None = None) -> Address:
    """
    Return the place on a border that an address names.

    Parameters
    ----------
    text
        Kilometres of the border's calibration (``km 123.4``, ``km 123+400``); a boundary
        pillar or another landmark; or so many metres or kilometres along the drawn line from
        one: ``pillar 46 + 300 m`` (toward higher numbers; minus for lower ones), ``Chong Chom
        + 2 km east`` or ``2 km east of Chong Chom`` (whichever way along the line leads there),
        ``Chong Chom - 2 km`` (against growing chainage). Digits may be of any script.
    border
        The line.
    landmarks
        Places to count from: ``name`` (or ``number``, for pillars), a position as in
        `Calibration.from_points`, and where known ``aliases`` (separated by semicolons),
        ``kind`` and ``error_m``. By default those of `load_landmarks`.

    Returns
    -------
    address
        Its chainage, and how well the landmark's position is known: an address counted
        from a pillar known to 3 km is not better, whatever its digits.

    Raises
    ------
    AddressError
        If the text cannot be read, fits several landmarks, or if its direction does not
        tell one way along the border from the other.
    UnknownKeyError
        If no landmark has that name or number, or its position is not published; near
        misses are offered.
    MeasureError
        If the place lies past an end of the border.
    TableError
        If `landmarks` lacks a column.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> round(bl.addresses.parse_address("km 123.4", border).chainage_m)
    124495
    >>> place = bl.addresses.parse_address("Chong Chom + 2 km east", border)
    >>> place.landmark, round(place.offset_m)
    ('Chong Chom-O Smach', -2000)
    """
    require_border(border, verb="parse_address")
    if not isinstance(text, str):
        raise AddressError(f"An address is text such as 'km 123.4', not {text!r}.")
    wording = split_address(text)
    if wording.km is not None:
        return Address(float(border.to_chainage(wording.km)))
    return resolve_address(wording, border, read_landmarks(border, landmarks), text)


def resolve_address(wording: Wording, border: Border, known: Landmarks, text: str) -> Address:
    """
    Return the place that an address leads to from its landmark.

    Parameters
    ----------
    wording
        The address taken apart; it counts from a landmark.
    border
        The line.
    known
        Landmarks.
    text
        The address as given, for messages.

    Returns
    -------
    address
        The place.

    Raises
    ------
    AddressError, UnknownKeyError, MeasureError
        See `parse_address`.
    """
    row = known.named(wording.name) if wording.pillar is None else known.pillar(wording.pillar)
    start = float(known.chainage_m[row])
    way = 1 if wording.pillar is None else known.way_of_numbers
    if wording.toward is not None and wording.metres > 0:
        way = _choose_way(wording, border, start, text)
    chainage = start + way * wording.metres
    past = max(-chainage, chainage - border.length_m)
    if past > SLACK_M:
        end = "start" if chainage < 0 else "end"
        raise MeasureError(
            f"{text!r} lies {past / 1000:.1f} km past the {end} of the border: "
            f"{known.names[row]} is {start / 1000:.1f} km along its {border.length_m / 1000:.1f} km."
        )
    error = float(known.error_m[row])
    return Address(
        chainage_m=min(max(chainage, 0.0), border.length_m),
        landmark=known.names[row],
        offset_m=way * wording.metres,
        error_m=None if np.isnan(error) else error,
    )


def _choose_way(wording: Wording, border: Border, start: float, text: str) -> int:
    origin, far = np.array([start]), np.array([wording.metres])
    way = int(way_along(border, origin, far, np.array([wording.toward]))[0])
    if way:
        return way
    leads = {
        word: azimuths(border, origin, origin + sign * far)[0]
        for word, sign in (("one", 1), ("the other", -1))
    }
    past = [way for way in leads if np.isnan(leads[way])]
    ways = " and ".join(f"{compass_word(azimuth)}" for azimuth in leads.values() if not np.isnan(azimuth))
    if past:
        only = f"only {ways}; " if ways else ""
        raise MeasureError(
            f"{text!r} lies past an end of the border: from there {wording.metres / 1000:g} km along it "
            f"lead {only or 'past both ends; '}take a shorter distance."
        )
    raise AddressError(
        f"The direction in {text!r} is ambiguous: {wording.metres / 1000:g} km along the border from there "
        f"lead {ways}; say one of them, or leave the direction out: + follows growing chainage, - goes back."
    )
