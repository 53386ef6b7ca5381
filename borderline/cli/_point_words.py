"""A point on the command line: latitude first, and what a near miss is answered with."""

from __future__ import annotations

import re

import click

__all__ = ["parse_point"]

_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_PAIR = re.compile(rf"\s*({_NUMBER})\s*[,;\s]\s*({_NUMBER})\s*")


def parse_point(text: str, *, option: str) -> tuple[float, float]:
    """
    Return the latitude and the longitude that a word gives.

    Parameters
    ----------
    text
        ``14.3491,103.2664``, latitude first; or what `read_events` takes in one cell: degrees,
        minutes and seconds with their letters, a MGRS grid reference, UTM.
    option
        Name of the option or argument, for messages.

    Returns
    -------
    point
        Latitude and longitude in degrees.

    Raises
    ------
    click.BadParameter
        If it is no point; the likely one is offered.
    """
    if match := _PAIR.fullmatch(text):
        latitude, longitude = float(match[1]), float(match[2])
        if abs(latitude) > 90 >= abs(longitude) and abs(latitude) <= 180:
            raise click.BadParameter(
                f"latitude comes first, and {match[1]} is none; did you mean {match[2]},{match[1]}?",
                param_hint=option,
            )
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise click.BadParameter(
                f"{text!r} is not on the globe: latitude runs from -90 to 90, longitude from -180 to 180.",
                param_hint=option,
            )
        return latitude, longitude
    if re.fullmatch(rf"{_NUMBER},?", text.strip()):
        raise click.BadParameter(
            f"{text!r} is one number; write latitude and longitude as one word, such as 14.3491,103.2664",
            param_hint=option,
        )
    from ..readers._position_notation import parse_position

    position = parse_position(text)
    if isinstance(position, str):
        raise click.BadParameter(
            f"{text!r} is no point: {position}. Give LAT,LON in degrees, latitude first, such as "
            "14.3491,103.2664; `borderline place` looks up names.",
            param_hint=option,
        )
    return position
