"""Country codes and names: ISO 3166-1 alpha-3 inside, alpha-2 accepted from callers."""

from __future__ import annotations

import csv
import functools

from ._paths import data_path
from .errors import OptionError, UnknownKeyError, near_miss

__all__ = [
    "alpha3",
    "country_name",
    "country_spellings",
    "find_country",
    "validate_country",
    "validate_sides",
]


@functools.cache
def _read_countries() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Map every code to alpha-3, and alpha-3 to names, the usual one first."""
    with data_path("geodata", "crosswalks", "countries.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes = {row[column]: row["alpha_3"] for row in rows for column in ("alpha_3", "alpha_2") if row[column]}
    names = {row["alpha_3"]: [row["name"], *filter(None, row["aliases"].split(";"))] for row in rows}
    return codes, names


def alpha3(code: str) -> str:
    """
    Return a country code as ISO 3166-1 alpha-3.

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
        If it is not such a code.

    Examples
    --------
    >>> alpha3("th"), alpha3("KHM")
    ('THA', 'KHM')
    """
    known = _find_code(code)
    if known is None:
        raise UnknownKeyError(f"{code!r} is not an ISO 3166-1 country code; {_describe_codes(code)}")
    return known


def find_country(text: str) -> str | None:
    """
    Return the ISO 3166-1 alpha-3 code of a country by a code or an English name.

    Parameters
    ----------
    text
        Alpha-3, alpha-2 or a name such as ``"Viet Nam"``, in any case.

    Returns
    -------
    code
        None where no country is called so.

    Examples
    --------
    >>> find_country("kh"), find_country("Viet Nam"), find_country("Atlantis")
    ('KHM', 'VNM', None)
    """
    return _find_code(text) or _codes_by_name().get(text.strip().casefold())


@functools.cache
def _codes_by_name() -> dict[str, str]:
    """Map English names, folded, to alpha-3."""
    _, names = _read_countries()
    return {name.casefold(): code for code, known in names.items() for name in known}


def validate_country(value: object, name: str) -> str:
    """
    Return an option that is a country code, as ISO 3166-1 alpha-3.

    Parameters
    ----------
    value
        What the caller gave; see `alpha3`.
    name
        Name of the option.

    Returns
    -------
    code
        Three capital letters.

    Raises
    ------
    OptionError
        If it is not a country code; the code of a country's English name is offered.
    """
    known = _find_code(value)
    if known is None:
        raise OptionError(
            f"{name} must be an ISO 3166-1 country code, not {value!r}; {_describe_codes(value)}"
        )
    return known


def _find_code(value: object) -> str | None:
    code = str(value).strip().upper()
    codes, _ = _read_countries()
    if code in codes:
        return codes[code]
    is_private = len(code) == 3 and code.isascii() and code.isalpha() and code.startswith("X")
    return code if is_private and isinstance(value, str) else None


def _describe_codes(value: object) -> str:
    """Return what a country code looks like and which one may have been meant, for a message."""
    text = str(value).strip()
    codes, _ = _read_countries()
    meant = _codes_by_name().get(text.casefold())
    hint = near_miss(text.upper(), {known for known in codes if len(known) == len(text) == 3})
    offered = f" Did you mean '{meant}'?" if meant else hint if "Did you" in hint else ""
    return f"give three letters such as 'THA', or one from 'XAA' to 'XZZ' for an area that has none.{offered}"


def validate_sides(left: object, right: object) -> tuple[str, str]:
    """
    Return the codes of the countries on both sides of a border, as alpha-3.

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
    OptionError
        If one is not such a code, or both are the same.
    """
    codes = validate_country(left, "left"), validate_country(right, "right")
    if codes[0] == codes[1]:
        raise OptionError(
            f"left and right must be two countries, not both {codes[0]!r}; areas without a country code "
            "may be 'XAA' and 'XAB'."
        )
    return codes


def country_name(code: str) -> str:
    """
    Return the English name of a country.

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
    return _read_countries()[1].get(code, [code])[0]


def country_spellings(code: str) -> list[str]:
    """
    List what a country is called: its codes, its English name and other names for it.

    Parameters
    ----------
    code
        ISO 3166-1 alpha-3.

    Returns
    -------
    spellings
        The code itself first.

    Examples
    --------
    >>> country_spellings("THA")[:3]
    ['THA', 'TH', 'Thailand']
    """
    codes, names = _read_countries()
    short = [known for known, alpha in codes.items() if alpha == code != known]
    return [code, *short, *names.get(code, [])]
