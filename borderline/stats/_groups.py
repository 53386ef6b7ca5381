"""Group events by columns of the table, by bank and by period."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from .._constants import Bools, Ints
from ..border import Border
from ..errors import OptionError, TableError
from ..schema import require_columns
from ._sample import NOT_KNOWN, Sample, read_side_known

__all__ = ["Grouping", "bank_stride", "group_entries", "group_rows"]


#: Number of banks; the group after them is that of sides that are not known.
BANKS: Final = 2


class Grouping(NamedTuple):
    """The keys that events are grouped by, and the group of each row."""

    #: Names of the keys, in their order; ``period`` may be among them.
    keys: list[str]
    #: Values of each key but ``period``.
    levels: dict[str, list[Hashable]]
    #: Position of the value of each row, by key; -1 where it has none.
    codes: dict[str, Ints]
    #: Code of each row over all of these keys; -1 where one has no value.
    code: Ints
    #: Bank of each row by its point, where events that may be on both are grouped by bank later.
    bank_code: Ints | None = None

    @property
    def without(self) -> dict[str, Bools]:
        """Return the rows that have no value, by reason."""
        return {f"no_{key}": code < 0 for key, code in self.codes.items()}


def group_rows(
    events: pd.DataFrame,
    by: str | Sequence[str] | None,
    *,
    border: Border | None,
    verb: str,
    banks_later: bool = False,
) -> Grouping:
    """
    Group the rows of a table.

    Parameters
    ----------
    events
        Events after `locate`.
    by
        Columns of the events, ``"bank"`` or ``"period"``; None for one group.
    border
        The border, for its banks; without it the banks are those of the column ``side``.
    verb
        Name of the public function, for messages.
    banks_later
        Whether an event may be on both banks: those whose side is not known aside, all are in the group of
        the left bank for the time being.

    Returns
    -------
    grouping
        By every key except the period.

    Raises
    ------
    OptionError
        If `by` does not name columns, or names one twice.
    TableError
        If a column is missing, or holds no value.
    """
    keys = [by] if isinstance(by, str) else list(by) if isinstance(by, list | tuple) else []
    if (by is not None and not keys) or not all(isinstance(key, str) for key in keys):
        raise OptionError(f"by must be columns of the events, 'bank' or 'period', not {by!r}.")
    if len(set(keys)) < len(keys):
        raise OptionError(f"by must be columns that are named once each, not {keys!r}.")
    bank_code = None
    levels: dict[str, list[Hashable]] = {}
    codes: dict[str, Ints] = {}
    code = np.zeros(len(events), dtype=np.int64)
    for key in keys:
        if key == "period":
            continue
        levels[key], codes[key] = _encode_column(events, key, border, verb)
        if key == "bank" and banks_later:
            bank_code = codes[key]
            codes[key] = np.where(bank_code == BANKS, BANKS, 0)
        code = np.where((code < 0) | (codes[key] < 0), -1, code * len(levels[key]) + codes[key])
    return Grouping(keys, levels, codes, code, bank_code)


def bank_stride(groups: pd.DataFrame) -> int:
    """
    Return how far apart, in groups, one bank is from the next.

    Parameters
    ----------
    groups
        From `group_entries`.

    Returns
    -------
    stride
        0 where events are not grouped by bank.
    """
    if "bank" not in groups:
        return 0
    after = list(groups.columns)[list(groups.columns).index("bank") + 1 :]
    return int(np.prod([groups[name].nunique() for name in after], dtype=np.int64))


def group_entries(grouping: Grouping, sample: Sample) -> tuple[pd.DataFrame, Ints]:
    """
    Group the entries of a sample by all keys, including the period.

    Parameters
    ----------
    grouping
        Grouping of the rows of the table.
    sample
        The events that count; several periods split it too.

    Returns
    -------
    groups
        One row for each group, one column for each key; every combination of values, also those without
        events; a single row without columns where there are no keys.
    group
        Position of the group of each entry.

    Raises
    ------
    OptionError
        If the period is a key, and the sample does not have several.
    """
    keys, apart = list(grouping.keys), sample.periods.apart
    if "period" in keys and not apart:
        raise OptionError("by='period' needs several periods, such as period={'July': '2025-07'} or 'M'.")
    if apart and "period" not in keys:
        keys.append("period")
    if not keys:
        return pd.DataFrame(index=[0]), np.zeros(len(sample.rows), dtype=np.int64)
    levels: dict[str, list[Hashable]] = {
        key: list(sample.periods.named) if key == "period" else grouping.levels[key] for key in keys
    }
    group = np.zeros(len(sample.rows), dtype=np.int64)
    for key in keys:
        code = sample.period if key == "period" else grouping.codes[key][sample.rows]
        group = group * len(levels[key]) + code
    table = pd.MultiIndex.from_product(list(levels.values()), names=list(levels)).to_frame(index=False)
    return table, group


def _encode_column(
    events: pd.DataFrame, key: str, border: Border | None, verb: str
) -> tuple[list[Hashable], Ints]:
    """Return the values of a key, and the position of the value of each row."""
    column = "side" if key == "bank" else key
    remedy = "run locate first" if key == "bank" else "by names columns of the events, 'bank' or 'period'"
    require_columns(events, [column], verb=verb, remedy=remedy)
    values = events[column]
    known: list[Hashable]
    if key == "bank" and border is not None:
        known = [border.left, border.right]
    elif key == "bank":
        known = [*sorted(set(values.dropna().astype(str)) - {"line"})]
    elif isinstance(values.dtype, pd.CategoricalDtype):
        known = list(values.cat.categories)
    else:
        known = sorted(values.dropna().unique())
    if not known and len(events):
        raise TableError(f"{verb}: the column {column!r} holds no value to group events by.")
    code = pd.Index(known, dtype=object).get_indexer(pd.Index(values.astype(object))).astype(np.int64)
    decided = read_side_known(events) if key == "bank" else None
    if decided is not None:
        code = np.where(decided, code, len(known))
        known = [*known, NOT_KNOWN]
    return known, code
