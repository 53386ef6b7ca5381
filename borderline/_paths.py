"""The one resolver of the data that comes with the library."""

from __future__ import annotations

import os
import pathlib

from .errors import UnknownKeyError

__all__ = ["data_path"]

_PACKAGE = pathlib.Path(__file__).parent


def data_path(*parts: str) -> pathlib.Path:
    """
    Find a file or folder of the built-in data.

    Three places are tried in this order: the folder named by the environment
    variable ``BORDERLINE_DATA``, the copy inside an installed package, the top
    folder of a checkout (an editable install has no packaged copy).

    Parameters
    ----------
    parts
        Path below the data folder, such as ``"seeds", "incidents.csv"``.

    Returns
    -------
    path
        An existing path.

    Raises
    ------
    UnknownKeyError
        If it is in none of the places; all of them are named.

    Examples
    --------
    >>> data_path("seeds", "incidents.csv").name
    'incidents.csv'
    """
    named = os.environ.get("BORDERLINE_DATA")
    places = [pathlib.Path(named)] if named else []
    places += [_PACKAGE, _PACKAGE.parent]
    for place in places:
        path = place.joinpath(*parts)
        if path.exists():
            return path
    looked = ", ".join(str(place) for place in places)
    raise UnknownKeyError(
        f"The built-in data lacks {'/'.join(parts)} (looked in {looked}); "
        "reinstall the package, or set BORDERLINE_DATA to the folder that holds geodata and seeds."
    )
