"""The columns that say how probable an answer is, and what comes next."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from .._constants import Floats, Ints
from ..schema import Column
from ._evidence import Territories
from ._name_answers import no_texts
from ._unit_shares import Whereabouts

__all__ = ["probability_columns"]


def probability_columns(
    whereabouts: Whereabouts | None,
    country: ExtensionArray,
    territory: Ints,
    district: Ints,
    territories: Territories,
) -> dict[str, Column]:
    """
    Return how probable each answer is: the share of the position in the unit that was answered.

    Parameters
    ----------
    whereabouts
        Shares of the positions in territories and in districts; None where no error is known.
    country
        Country of each row; missing for none.
    territory, district
        The answer for each row: the last territory stands for none, -1 for no district.
    territories
        The units.

    Returns
    -------
    columns
        Missing where no error is known, or nothing was answered. ``p_country``,
        ``p_other_country`` and ``p_no_country`` of a row sum to 1.
    """
    if whereabouts is None:
        count = len(territory)
        columns: dict[str, Column] = {name: _no_numbers(count) for name in _NUMBERS}
        return columns | {"admin1_second": no_texts(count)}
    index = whereabouts.index
    shares, district_shares = whereabouts.shares
    countries, _ = territories.country_codes
    country_shares = territories.country_shares(shares)
    in_country = country_shares.take(
        index, pd.Index(countries, dtype="string").get_indexer(pd.Index(country))
    )
    in_none = country_shares.take(index, np.full(len(index), len(countries)))
    is_province = np.arange(territories.width) < len(territories.provinces.countries)
    answered = is_province[territory]
    in_province = shares.take(index, np.where(answered, territory, -1))
    second, in_second = shares.find_best(index, territory, is_province)
    second = np.where(answered & (index >= 0), second, -1)
    numbers = {
        "p_country": in_country,
        "p_other_country": np.clip(1.0 - np.nan_to_num(in_country) - in_none, 0.0, 1.0),
        "p_no_country": in_none,
        "p_admin1": in_province,
        "p_admin1_second": np.where(np.isnan(in_province), np.nan, in_second),
        "p_admin2": district_shares.take(index, district),
    }
    columns = {name: _as_numbers(numbers[name]) for name in _NUMBERS}
    return columns | {"admin1_second": territories.provinces.take_text("name", second)}


#: The columns of numbers, in their order.
_NUMBERS = ("p_country", "p_other_country", "p_no_country", "p_admin1", "p_admin1_second", "p_admin2")


def _as_numbers(values: Floats) -> ExtensionArray:
    numbers: ExtensionArray = pd.array(values, dtype="Float64")
    return numbers


def _no_numbers(count: int) -> ExtensionArray:
    numbers: ExtensionArray = pd.arrays.FloatingArray(np.zeros(count), np.ones(count, dtype=np.bool_))
    return numbers
