"""Validation of options: a mistake is named before anything is computed."""

from __future__ import annotations

import math
import numbers
from collections.abc import Collection, Iterable

import numpy as np

from .errors import OptionError, near_miss

__all__ = [
    "is_one_of",
    "validate_flag",
    "validate_level",
    "validate_number",
    "validate_numbers",
    "validate_positive",
    "validate_seed",
    "validate_whole",
    "validate_word",
]


def is_one_of(value: object, words: Collection[str]) -> bool:
    """
    Return whether an option is one of some words.

    Parameters
    ----------
    value
        What the caller gave; a list, for example, is not one of them.
    words
        The words that are accepted.

    Returns
    -------
    known
        True if it is one of them.
    """
    return isinstance(value, str) and value in words


def validate_word(value: object, name: str, words: Collection[str], *, hint: str = "") -> str:
    """
    Return an option that is one of some words.

    Parameters
    ----------
    value
        What the caller gave.
    name
        Name of the option.
    words
        The words that are accepted.
    hint
        What else is accepted, for the message, such as ``"a column of the events"``.

    Returns
    -------
    word
        `value`.

    Raises
    ------
    OptionError
        If it is something else; the nearest word is offered.
    """
    if isinstance(value, str) and value in words:
        return value
    listed = ", ".join(map(repr, words))
    also = f" or {hint}" if hint else ""
    close = near_miss(value, words) if isinstance(value, str) else ""
    offered = close if close.startswith(" Did") else ""
    raise OptionError(f"{name} must be one of {listed}{also}, not {value!r}.{offered}")


def validate_number(
    value: object,
    name: str,
    wanted: str = "a number",
    *,
    least: float | None = None,
    most: float | None = None,
) -> float:
    """
    Return an option that is a finite number.

    Parameters
    ----------
    value
        What the caller gave.
    name
        Name of the option.
    wanted
        What it should be, such as ``"a number of kilometres"``; it names the limits.
    least, most
        The smallest and the largest number that are accepted; None is no limit.

    Returns
    -------
    number
        `value` as a float.

    Raises
    ------
    OptionError
        If it is text, a list, a truth value, None, NaN or infinite, or lies outside the limits.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not math.isfinite(value):
        raise OptionError(f"{name} must be {wanted}, not {value!r}.")
    number = float(value)
    if (least is not None and number < least) or (most is not None and number > most):
        raise OptionError(f"{name} must be {wanted}, not {value!r}.")
    return number


def validate_positive(value: object, name: str, wanted: str = "a positive number") -> float:
    """
    Return an option that is a finite number above zero.

    Parameters
    ----------
    value, name, wanted
        As for `validate_number`.

    Returns
    -------
    number
        `value` as a float.

    Raises
    ------
    OptionError
        If it is something else.
    """
    number = validate_number(value, name, wanted)
    if not number > 0:
        raise OptionError(f"{name} must be {wanted}, not {value!r}.")
    return number


def validate_numbers(
    values: object, name: str, wanted: str, *, least: float | None = None, most: float | None = None
) -> list[float]:
    """
    Return an option that is a list of finite numbers.

    Parameters
    ----------
    values, name, wanted, least, most
        As for `validate_number`.

    Returns
    -------
    numbers
        `values` as floats.

    Raises
    ------
    OptionError
        If it is a single value, or one of its values is not a finite number.
    """
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise OptionError(f"{name} must be {wanted}, not {values!r}.")
    return [validate_number(value, name, wanted, least=least, most=most) for value in values]


def validate_whole(value: object, name: str, *, least: int = 1, most: int | None = None) -> int:
    """
    Return an option that is a whole number.

    Parameters
    ----------
    value, name
        As for `validate_number`.
    least, most
        The smallest and the largest number that are accepted; None is no limit.

    Returns
    -------
    number
        `value` as an int.

    Raises
    ------
    OptionError
        If it lies outside the limits, has decimals, or is not a number.
    """
    upto = "" if most is None else f" to {most:,}"
    wanted = f"a whole number from {least:,}{upto}"
    number = validate_number(value, name, wanted)
    if not (number >= least and (most is None or number <= most) and number.is_integer()):
        raise OptionError(f"{name} must be {wanted}, not {value!r}.")
    # A float has no room for the last digits of a large whole number.
    return int(value) if isinstance(value, numbers.Integral) else int(number)


def validate_flag(value: object, name: str) -> bool:
    """
    Return an option that is True or False.

    Parameters
    ----------
    value, name
        As for `validate_number`.

    Returns
    -------
    flag
        `value`.

    Raises
    ------
    OptionError
        If it is something else.
    """
    if not isinstance(value, bool | np.bool_):
        raise OptionError(f"{name} must be True or False, not {value!r}.")
    return bool(value)


def validate_level(level: object) -> float:
    """
    Return a level of confidence.

    Parameters
    ----------
    level
        What the caller gave.

    Returns
    -------
    level
        The same as a float, between 0 and 1.

    Raises
    ------
    OptionError
        If it does not lie between 0 and 1, or is not a number.
    """
    wanted = "a number between 0 and 1, such as 0.95"
    number = validate_number(level, "level", wanted)
    if not 0 < number < 1:
        raise OptionError(f"level must be {wanted}, not {level!r}.")
    return number


def validate_seed(seed: object) -> np.random.Generator:
    """
    Return the random numbers that a seed starts.

    Parameters
    ----------
    seed
        A whole number from 0; or None for other numbers each time.

    Returns
    -------
    rng
        The same for the same seed.

    Raises
    ------
    OptionError
        If it is something else.
    """
    if seed is None:
        return np.random.default_rng()
    return np.random.default_rng(validate_whole(seed, "seed", least=0))
