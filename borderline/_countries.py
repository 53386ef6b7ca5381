"""Country codes: ISO 3166-1 alpha-3 inside, alpha-2 accepted at the door."""

from __future__ import annotations

import csv
import functools

from ._paths import data_path
from .errors import UnknownKeyError, near_miss

__all__ = ["alpha3", "country_name", "two_countries"]


@functools.cache
def _table() -> tuple[dict[str, str], dict[str, str]]:
    """Map every code to alpha-3, and alpha-3 to a name."""
    with data_path("geodata", "crosswalks", "countries.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes = {row[column]: row["alpha_3"] for row in rows for column in ("alpha_3", "alpha_2") if row[column]}
    return codes, {row["alpha_3"]: row["name"] for row in rows}


def alpha3(code: str) -> str:
    """
    Bring a country code to ISO 3166-1 alpha-3.

    Parameters
    ----------
    code
        Alpha-3 or alpha-2, in any case. Codes from ``XAA`` to ``XZZ``, which the
        standard leaves to users, pass as they are.

    Returns
    -------
    code
        Three capital letters.

    Raises
    ------
    UnknownKeyError
        If it is no such code.

    Examples
    --------
    >>> alpha3("th"), alpha3("KHM")
    ('THA', 'KHM')
    """
    asked = str(code).strip().upper()
    codes, _ = _table()
    if asked in codes:
        return codes[asked]
    if len(asked) == 3 and asked.isascii() and asked.isalpha() and asked.startswith("X"):
        return asked
    hint = near_miss(asked, {known for known in codes if len(known) == len(asked) == 3})
    raise UnknownKeyError(
        f"{code!r} is no ISO 3166-1 country code; give three letters such as 'THA', "
        f"or one from 'XAA' to 'XZZ' for an area that has none.{hint if 'Did you' in hint else ''}"
    )


def two_countries(left: str, right: str) -> tuple[str, str]:
    """
    Bring the codes of the countries on both sides of a border to alpha-3.

    Parameters
    ----------
    left, right
        As for `alpha3`.

    Returns
    -------
    left, right
        Two that differ.

    Raises
    ------
    UnknownKeyError
        If one is no such code, or both are one.
    """
    one, other = alpha3(left), alpha3(right)
    if one == other:
        raise UnknownKeyError(
            f"Both sides of the border are {one}; name two, such as 'XAA' and 'XAB' for areas "
            "that have no country code."
        )
    return one, other


def country_name(code: str) -> str:
    """
    Name a country in English.

    Parameters
    ----------
    code
        ISO 3166-1 alpha-3.

    Returns
    -------
    name
        Its short English name, or the code itself where there is none.

    Examples
    --------
    >>> country_name("KHM"), country_name("XAA")
    ('Cambodia', 'XAA')
    """
    return _table()[1].get(code, code)
