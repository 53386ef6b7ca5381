"""Options that are numbers: a mistake is named before anything is computed."""

from __future__ import annotations

import numbers
from collections.abc import Collection, Iterable

import numpy as np

from .errors import MeasureError

__all__ = ["is_one_of", "random_from", "require_level", "require_number", "require_numbers", "require_whole"]


def is_one_of(value: object, words: Collection[str]) -> bool:
    """
    Tell whether an option is one of some words.

    Parameters
    ----------
    value
        What the caller gave, be it a list.
    words
        What would do.

    Returns
    -------
    known
        Whether it is.
    """
    return isinstance(value, str) and value in words


def require_number(value: object, name: str, what: str) -> float:
    """
    Make sure that an option is a number; NaN is one, and for its verb to refuse.

    Parameters
    ----------
    value
        What the caller gave.
    name
        What the option is called.
    what
        What it should be, such as ``"a number of kilometres"``.

    Returns
    -------
    number
        The same.

    Raises
    ------
    MeasureError
        If it is text, a list, a truth value or nothing.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise MeasureError(f"{name} must be {what}, not {value!r}.")
    return float(value)


def require_numbers(values: object, name: str, what: str) -> None:
    """
    Make sure that an option is a row of numbers.

    Parameters
    ----------
    values, name, what
        As for `require_number`.

    Raises
    ------
    MeasureError
        If it is a single value, or one of its values is no number.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise MeasureError(f"{name} must be {what}, not {values!r}.")
    for each in values:
        require_number(each, name, what)


def require_whole(value: object, name: str, *, least: int = 1) -> int:
    """
    Make sure that an option is a whole number.

    Parameters
    ----------
    value
        What the caller gave.
    name
        What the option is called.
    least
        The smallest that will do.

    Returns
    -------
    number
        The same.

    Raises
    ------
    MeasureError
        If it is less, has decimals, or is no number.
    """
    what = f"a whole number from {least}"
    number = require_number(value, name, what)
    if not (number >= least and number.is_integer()):
        raise MeasureError(f"{name} must be {what}, not {value!r}.")
    # A float has no room for the last digits of a large whole number.
    return int(value) if isinstance(value, numbers.Integral) else int(number)


def random_from(seed: object) -> np.random.Generator:
    """
    Start the random numbers of a verb.

    Parameters
    ----------
    seed
        What the caller gave: a whole number from 0, or None for other numbers each time.

    Returns
    -------
    rng
        The same for the same seed.

    Raises
    ------
    MeasureError
        If it is something else.
    """
    if seed is None:
        return np.random.default_rng()
    return np.random.default_rng(require_whole(seed, "seed", least=0))


def require_level(level: object) -> None:
    """
    Make sure that a level of confidence is a share.

    Parameters
    ----------
    level
        What the caller gave.

    Raises
    ------
    MeasureError
        If it does not lie between 0 and 1, or is no number.
    """
    if isinstance(level, bool) or not isinstance(level, numbers.Real) or not 0 < float(level) < 1:
        raise MeasureError(f"level must lie between 0 and 1, such as 0.95; it is {level!r}.")
