"""The verb `lines.sensitivity`: what of a result depends on the drawing of the border."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ..border import Border
from ..errors import BorderlineError, OptionError, TableError, describe_type
from ._drawings import DrawingsOption, read_drawings
from ._line_pair import pair_lines

__all__ = ["Sensitivity", "sensitivity"]

#: What a result of one value is called.
_ONE_VALUE: Final = "result"


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity:
    """
    A result on each of several drawings of a border, and what of it depends on the drawing.

    Examples
    --------
    >>> import borderline as bl
    >>> events = bl.load_incidents()
    >>> by_line = bl.lines.sensitivity(
    ...     lambda border: bl.locate(events, border)["side"].value_counts(),
    ...     lines=["osm-2025", "osm-2026"],
    ... )
    >>> bool(by_line.changes["changes"].any())
    True
    """

    #: What the function returned, by drawing.
    results: dict[str, Any]
    #: Each value of the result (one row each) on each drawing (one column each).
    by_line: pd.DataFrame
    #: Value by value: ``reference``, ``low``, ``high``, ``n_values``, ``changes``.
    changes: pd.DataFrame
    #: Drawings on which the result could not be computed, with the reason.
    failed: dict[str, str]

    @property
    def changed(self) -> pd.DataFrame:
        """Return the values that depend on the drawing, on each drawing."""
        return self.by_line[self.changes["changes"].to_numpy(dtype=np.bool_)]

    def __repr__(self) -> str:
        """Return how many values depend on the drawing."""
        failed = f"; none on {', '.join(self.failed)}" if self.failed else ""
        return (
            f"<Sensitivity over {len(self.results)} drawings: {int(self.changes['changes'].sum())} of "
            f"{len(self.changes)} values depend on the drawing{failed}>"
        )


def sensitivity(compute: Callable[[Border], Any], *, lines: DrawingsOption = None) -> Sensitivity:
    """
    Compute a result on each drawing of a border, and list what of it changes.

    No drawing is taken for the true one. A result that is the same on all of them does not depend on
    which line was used; one that changes should be reported with its range.

    Parameters
    ----------
    compute
        Function of a border that returns a number, a text, a dict, a Series or a table. Rows are matched
        by index, so locate and count inside it; a column of geometries is left out.
    lines
        The drawings: all built-in ones (by default, or ``"all"``), a list of keys such as ``"rtsd-2019"``
        or of borders, or a dict of either with names of your own. The first is the reference; a line that
        runs the other way is turned round.

    Returns
    -------
    sensitivity
        ``results`` has what the function returned for each drawing. ``by_line`` has a row for each value, by
        row and column of the result, and a column for each drawing. ``changes`` has for the same rows
        ``reference`` (the value on the first drawing), ``low`` and ``high`` (least and greatest number;
        missing for texts), ``n_values`` (number of distinct values, a missing one included) and ``changes``
        (bool: more than one). ``changed`` selects the rows of ``by_line`` that change. ``failed`` names the
        drawings on which the result could not be computed.

    Raises
    ------
    OptionError
        If `compute` cannot be called, or `lines` names no drawings.
    UnknownKeyError
        If there is no line of a key.
    TableError
        If the result is of another kind, or a table has the same row twice.
    BorderlineError
        If the result cannot be computed on the first drawing.

    Examples
    --------
    >>> import borderline as bl
    >>> events = bl.load_incidents()
    >>> def count_banks(border):
    ...     return bl.locate(events, border)["side"].value_counts()
    >>> bl.lines.sensitivity(count_banks, lines=["osm-2025", "osm-2026"]).changed.shape
    (2, 2)
    """
    if not callable(compute):
        raise OptionError(f"compute must be a function of a border, not {compute!r}.")
    drawings = read_drawings(lines)
    reference = next(iter(drawings.values()))
    results: dict[str, Any] = {}
    tables: dict[str, pd.DataFrame] = {}
    failed: dict[str, str] = {}
    for name, drawing in drawings.items():
        try:
            border = drawing if drawing is reference else pair_lines(reference, drawing).b
            result = compute(border)
        except BorderlineError as error:
            if drawing is reference:
                raise
            failed[name] = str(error)
            continue
        tables[name] = _tabulate_result(result)
        results[name] = result
    values = _align_values(tables)
    return Sensitivity(results, values, _list_changes(values), failed)


def _tabulate_result(result: object) -> pd.DataFrame:
    """Return a result as a table without geometries; its index tells rows apart."""
    if isinstance(result, pd.DataFrame):
        shapes = [name for name in result.columns if result[name].dtype.name == "geometry"]
        table = pd.DataFrame(result.drop(columns=shapes))
    elif isinstance(result, pd.Series):
        table = result.to_frame(_ONE_VALUE)
    elif isinstance(result, Mapping):
        table = pd.Series(dict(result), dtype=object).infer_objects().to_frame(_ONE_VALUE)
    elif result is None or np.isscalar(result) or isinstance(result, pd.Timestamp | pd.Timedelta):
        table = pd.DataFrame({_ONE_VALUE: [result]}, index=[_ONE_VALUE])
    else:
        raise TableError(
            f"The result must be a number, a text, a dict, a Series or a table, not {describe_type(result)}."
        )
    if not table.index.is_unique:
        twice = table.index[table.index.duplicated()][0]
        raise TableError(f"The result has the row {twice!r} twice, so its rows cannot be matched by index.")
    return table


def _align_values(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row for each row and column of the results, and one column for each drawing."""
    first = next(iter(tables.values()))
    rows, columns = first.index, list(first.columns)
    for table in tables.values():
        rows = rows.append(table.index.difference(rows, sort=False))
        columns += [name for name in table.columns if name not in columns]
    aligned = {
        name: table.reindex(index=rows, columns=columns).astype(object).to_numpy().ravel()
        for name, table in tables.items()
    }
    if columns == [_ONE_VALUE]:
        return pd.DataFrame(aligned, index=rows)
    index = pd.MultiIndex.from_product([rows, columns], names=[rows.name, "column"])
    return pd.DataFrame(aligned, index=index)


def _list_changes(values: pd.DataFrame) -> pd.DataFrame:
    """Return the reference, the range and the number of distinct values of each row."""
    cells = values.to_numpy(dtype=object)
    missing = pd.isna(values).to_numpy()
    numeric = np.array(
        [
            all(
                isinstance(cell, int | float | np.number) and not isinstance(cell, bool) for cell in row[~gap]
            )
            and not gap.all()
            for row, gap in zip(cells, missing, strict=True)
        ],
        dtype=np.bool_,
    )
    low, high = np.full(len(cells), np.nan), np.full(len(cells), np.nan)
    for row in np.flatnonzero(numeric):
        numbers = cells[row][~missing[row]].astype(np.float64)
        low[row], high[row] = numbers.min(), numbers.max()
    distinct = [
        len(pd.unique(pd.Series(row[~gap], dtype=object))) + bool(gap.any())
        for row, gap in zip(cells, missing, strict=True)
    ]
    return pd.DataFrame(
        {
            "reference": values.iloc[:, 0],
            "low": low,
            "high": high,
            "n_values": pd.array(distinct, dtype="Int64"),
            "changes": np.array(distinct, dtype=np.int64) > 1,
        },
        index=values.index,
    )
