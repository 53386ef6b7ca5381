"""Validate the bank of a border."""

from __future__ import annotations

from .._countries import alpha3
from ..border import Border
from ..errors import OptionError, UnknownKeyError

__all__ = ["validate_bank"]


def validate_bank(bank: object, border: Border) -> str | None:
    """
    Return the bank of a border that an option names.

    Parameters
    ----------
    bank
        Country code, ISO 3166-1 alpha-3 or alpha-2; None for both banks.
    border
        The border.

    Returns
    -------
    bank
        Alpha-3, or None.

    Raises
    ------
    OptionError
        If it is not a bank of the border.
    """
    if bank is None:
        return None
    try:
        country = alpha3(bank) if isinstance(bank, str) else None
    except UnknownKeyError:
        country = None
    if country not in {border.left, border.right}:
        raise OptionError(
            f"bank must be one of {border.left!r}, {border.right!r}, the banks of "
            f"{border.name or 'the border'}, not {bank!r}."
        )
    return country
