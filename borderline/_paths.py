"""Find the data that comes with the library."""

from __future__ import annotations

import functools
import json
import os
import pathlib
from typing import Any

from .errors import UnknownKeyError

__all__ = ["data_path", "read_facts"]

_PACKAGE = pathlib.Path(__file__).parent


def data_path(*parts: str) -> pathlib.Path:
    """
    Return the path of a file or folder of the built-in data.

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
        If it is in none of the three places.

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


@functools.cache
def read_facts(name: str) -> dict[str, Any]:
    """
    Read facts that are kept by hand.

    Parameters
    ----------
    name
        File name in the folder of geodata; a folder named by ``BORDERLINE_DATA`` need not have it.

    Returns
    -------
    facts
        Its content, not to be changed.

    Examples
    --------
    >>> read_facts("disputes.json")["pairs"][0]["countries"]
    ['KHM', 'THA']
    """
    facts: dict[str, Any] = json.loads(data_path("geodata", name).read_text(encoding="utf-8"))
    return facts
