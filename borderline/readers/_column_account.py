"""The account of the columns of a source: which event column each was read into, and which were left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import pandas as pd

from ._layout import Layout
from ._raw_table import IN_MEMORY, RawTable

__all__ = ["account_columns", "describe_columns"]

_WGS84: Final = "WGS 84"
#: Notation and datum that go without saying.
_USUAL: Final = ("degrees", _WGS84)
#: Event columns that hold a position, or half of one.
_POSITIONS: Final = frozenset({"latitude", "longitude", "coordinates", "easting", "northing"})
#: Most columns named in one line.
_MAX_SHOWN: Final = 40


def account_columns(
    raw: RawTable, matched: Mapping[str, str], layout: Layout, notations: Mapping[str, str]
) -> pd.DataFrame:
    """
    Return a row for each event column that was read, then one for each column of the source left unused.

    Parameters
    ----------
    raw
        The source; its notations say how cells are written.
    matched
        Event column to column of the source.
    layout
        How the source is written.
    notations
        Event column to how its cells are written, as was found while they were read; ``datum`` to the datum
        of the position.

    Returns
    -------
    columns
        ``file``, ``part`` (sheet or layer), ``column``, ``event_column`` (missing where the column was left
        unused), ``notation`` and ``datum``.
    """
    rows: list[tuple[str, Any, str, str]] = []
    if raw.geometries is not None:
        beside = {matched.get("latitude"), matched.get("longitude")}
        matched = {target: name for target, name in matched.items() if name not in beside}
        notation = raw.notations.get("geometry", "")
        column = raw.geometry_name or "geometry"
        rows.append((column, "geometry", notation, notations.get("datum") or raw.datum or _WGS84))
    for target, name in matched.items():
        datum = notations.get("datum") or _WGS84 if target in _POSITIONS else ""
        rows.append((name, target, notations.get(target) or raw.notations.get(target, ""), datum))
    used = {name for name, *_ in rows}
    by_layout = f"read by the layout {layout.name}"
    rows += [
        (str(name), by_layout if name in raw.consulted else pd.NA, "", "")
        for name in raw.cells.columns
        if name not in used
    ]
    table = pd.DataFrame(rows, columns=["column", "event_column", "notation", "datum"]).astype("string")
    table = table.mask(table == "")
    file = None if raw.name == IN_MEMORY else raw.name
    head = pd.DataFrame(
        {"file": [file] * len(table), "part": [raw.part or None] * len(table)}, dtype="string"
    )
    return pd.concat([head, table], axis="columns")


def describe_columns(columns: pd.DataFrame) -> Iterator[str]:
    """Return what was read from where, and what was left unused, a line each for files of one shape."""
    files_by_text: dict[tuple[str, str], list[str]] = {}
    for file, of_file in columns.groupby("file", sort=False, dropna=False):
        parts = of_file["part"].dropna().unique()
        source = f" from {', '.join(parts)}" if len(parts) else ""
        taken = of_file[of_file["event_column"].notna()]
        texts = [_describe_column(row) for _, row in taken.iterrows()]
        left = of_file.loc[of_file["event_column"].isna(), "column"]
        text = (f"read{source}: {_join_names(texts)}", f"not used: {_join_names(left)}" if len(left) else "")
        files_by_text.setdefault(text, []).append(str(file))
    for lines, files in files_by_text.items():
        name = f"{', '.join(files[:3])}{' and more' * (len(files) > 3)}: " if len(files_by_text) > 1 else ""
        yield from (f"  {name}{line}" for line in lines if line)


def _describe_column(row: pd.Series) -> str:
    target, column = str(row["event_column"]), str(row["column"])
    if target.startswith("read by"):
        return column
    details = [str(row[name]) for name in ("notation", "datum") if not pd.isna(row[name])]
    details = [detail for detail in details if detail not in _USUAL]
    more = f" ({', '.join(details)})" if details else ""
    return f"{target}{more}" if target == column else f"{target} <- {column}{more}"


def _join_names(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - _MAX_SHOWN} more" if len(listed) > _MAX_SHOWN else ""
    return ", ".join(listed[:_MAX_SHOWN]) + more
