"""Where chainage starts."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Datum"]


@dataclass(frozen=True)
class Datum:
    """
    Where chainage starts, and which way it grows.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.load_border().datum.name
    'tripoint of Cambodia, Laos and Thailand, as drawn by the line'
    """

    #: The point, in words.
    name: str
    #: Longitude of the point, degrees (WGS 84).
    longitude: float
    #: Latitude of the point, degrees (WGS 84).
    latitude: float
    #: Which way chainage grows, in words; may be empty.
    direction: str = ""
