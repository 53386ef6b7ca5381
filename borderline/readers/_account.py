"""The account of a reading: what became of every record of every file."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from ..schema import EVENT_COLUMNS
from ._column_account import describe_columns
from ._event_table import BuiltEvents
from ._layout import Layout
from ._raw_table import IN_MEMORY, Faults, RawTable, unique_names

__all__ = ["Check", "combine_checks", "make_check"]

_COUNTS: Final = ("rows", "events", "rejects", "repairs", "folded", "passed_over")


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Check:
    """
    The account of a reading: ``rows == len(events) + len(rejects) + folded``.

    Examples
    --------
    >>> import borderline as bl
    >>> import pandas as pd
    >>> table = pd.DataFrame({"id": ["a", "b"], "lat": [14.39, 95.0], "lon": [104.68, 104.68]})
    >>> bl.check_events(table)
    Check: 2 rows read as 'table' = 1 event + 1 reject + 0 folded
      1 latitude_out_of_range, first in row 2
      read: event_id <- id, latitude <- lat, longitude <- lon
    """

    #: The rows that can be used, as `read_events` returns them.
    events: gpd.GeoDataFrame
    #: The rows set aside: ``file``, ``row`` (from 1), ``line`` of the file, ``reason``, ``detail``,
    #: then the raw row.
    rejects: pd.DataFrame
    #: The rows among the events that were mended, listed like the rejects.
    repairs: pd.DataFrame
    #: Rows that only repeat another one in a layout that does so by design.
    folded: int
    #: Records in the source.
    rows: int
    #: The layout that was found; several names where files differ.
    format: str
    #: How it was recognised.
    why: str = ""
    #: Records that `bbox`, `countries` or `cameo_roots` passed over; they are not among the rows.
    passed_over: int = 0
    #: A row for each file: ``file``, ``format``, ``why``, and the counts ``rows``, ``events``,
    #: ``rejects``, ``repairs``, ``folded`` and ``passed_over``.
    files: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    #: What was read from where: ``file``, ``part`` (sheet or layer), ``column``, ``event_column`` (missing
    #: for a column left unused), ``notation`` and ``datum``.
    columns: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    #: Sentences on what was passed over: title lines, sheets, layers.
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return the sum, a line for each reason, and what was read from which column."""
        several = len(self.files) > 1
        of_files = f" of {len(self.files)} files" if several else ""
        total = _describe_sum(len(self.events), len(self.rejects), self.folded)
        lines = [f"Check: {_count_noun(self.rows, 'row')}{of_files} read as {self.format!r} = {total}"]
        if several:
            lines += [
                f"  {file['file']}: {_count_noun(file['rows'], 'row')} = "
                f"{_describe_sum(file['events'], file['rejects'], file['folded'])}"
                for file in self.files.to_dict("records")
            ]
        lines += _describe_reasons(self.rejects, "", with_file=several)
        lines += _describe_reasons(self.repairs, "mended: ", with_file=several)
        lines += [f"  {note}" for note in self.notes]
        if len(self.columns):
            lines += describe_columns(self.columns)
        return "\n".join(lines)


def make_check(raw: RawTable, layout: Layout, why: str, built: BuiltEvents) -> Check:
    """Return the account of one source."""
    rejects, repairs = _list_records(raw, raw.faults), _list_records(raw, raw.repairs)
    counts = (len(raw.cells), len(built.events), len(rejects), len(repairs), built.folded, raw.passed_over)
    return Check(
        events=built.events,
        rejects=rejects,
        repairs=repairs,
        folded=built.folded,
        rows=len(raw.cells),
        format=layout.name,
        why=why,
        passed_over=raw.passed_over,
        columns=built.columns,
        notes=raw.notes,
        files=pd.DataFrame(
            {
                "file": pd.array([_file_name(raw)], dtype="string"),
                "format": pd.array([layout.name], dtype="string"),
                "why": pd.array([why], dtype="string"),
                **{name: [count] for name, count in zip(_COUNTS, counts, strict=True)},
            }
        ),
    )


def combine_checks(checks: list[Check]) -> Check:
    """Return the account of several sources, their rows one below the other."""
    if len(checks) == 1:
        return checks[0]
    events = _concat_tables([check.events for check in checks], ignore_index=False)
    extras = [name for name in events.columns if name not in EVENT_COLUMNS and name != "geometry"]
    events = gpd.GeoDataFrame(events[[*EVENT_COLUMNS, *extras, "geometry"]])
    events.attrs = _combine_attrs([check.events.attrs for check in checks])
    files = pd.concat([check.files for check in checks], ignore_index=True)
    events.attrs["files"] = files["file"].tolist()
    return Check(
        events=events,
        rejects=_concat_tables([check.rejects for check in checks], ignore_index=True),
        repairs=_concat_tables([check.repairs for check in checks], ignore_index=True),
        folded=sum(check.folded for check in checks),
        rows=sum(check.rows for check in checks),
        format=_join_distinct(check.format for check in checks),
        why=_join_distinct(check.why for check in checks),
        passed_over=sum(check.passed_over for check in checks),
        columns=pd.concat([check.columns for check in checks], ignore_index=True),
        notes=tuple(note for check in checks for note in check.notes),
        files=files,
    )


def _list_records(raw: RawTable, faults: Faults) -> pd.DataFrame:
    """Return the records complained of as they came, each with its file, row, line and reason."""
    rows = faults.rows()
    complaints = [faults.by_row[row] for row in rows]
    lines = [pd.NA if raw.lines is None else int(raw.lines[row]) for row in rows]
    details = ["; ".join(detail for _, detail in of_row) for of_row in complaints]
    head = pd.DataFrame(
        {
            "file": pd.array([_file_name(raw)] * len(rows), dtype="string"),
            "row": pd.array([row + 1 for row in rows], dtype="Int64"),
            "line": pd.array(lines, dtype="Int64"),
            "reason": pd.array([of_row[0][0] for of_row in complaints], dtype="string"),
            "detail": pd.array(details, dtype="string"),
        }
    )
    body = pd.DataFrame(raw.table.iloc[rows]).reset_index(drop=True)
    if raw.lines is not None:
        body = body.astype(object)
    body.columns = pd.Index(unique_names(body.columns, taken=head.columns))
    return pd.concat([head, body], axis="columns")


def _file_name(raw: RawTable) -> Any:  # noqa: ANN401 - text or missing
    return pd.NA if raw.name == IN_MEMORY else raw.name


def _concat_tables(tables: list[Any], *, ignore_index: bool) -> Any:  # noqa: ANN401 - tables of either kind
    """Put tables below each other; columns of different types become objects, as pandas would guess."""
    types: dict[str, set[str]] = {}
    for table in tables:
        for name in table.columns:
            types.setdefault(name, set()).add(str(table[name].dtype))
    mixed = {name for name, kinds in types.items() if len(kinds) > 1}
    tables = [table.astype({name: object for name in table.columns if name in mixed}) for table in tables]
    return pd.concat(tables, ignore_index=ignore_index)


def _combine_attrs(attrs: list[dict[Any, Any]]) -> dict[Any, Any]:
    """Add up counts, and join the texts that differ."""
    combined: dict[Any, Any] = {}
    for name in dict.fromkeys(name for of_file in attrs for name in of_file):
        values = [of_file[name] for of_file in attrs if name in of_file]
        if isinstance(values[0], dict):
            combined[name] = dict(sorted(sum(map(Counter, values), Counter()).items()))
        elif isinstance(values[0], int):
            combined[name] = sum(values)
        else:
            combined[name] = _join_distinct(values)
    return combined


def _join_distinct(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(texts))


def _describe_sum(events: int, rejects: int, folded: int) -> str:
    return f"{_count_noun(events, 'event')} + {_count_noun(rejects, 'reject')} + {folded} folded"


def _count_noun(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _describe_reasons(records: pd.DataFrame, outcome: str, *, with_file: bool) -> Iterator[str]:
    for reason, group in records.groupby("reason", sort=True):
        first = group.iloc[0]
        file = f" of {first['file']}" if with_file else ""
        line = "" if pd.isna(first["line"]) else f" (line {first['line']})"
        yield f"  {outcome}{len(group)} {reason}, first in row {first['row']}{file}{line}"
