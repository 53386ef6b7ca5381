"""Plain tables, without a geometry, into a file: whole or not at all, with provenance beside it."""

from __future__ import annotations

import json
import pathlib
import tempfile
from typing import TYPE_CHECKING

from ..errors import OutputError
from ..provenance import sources_of
from ._steps import needs_ending

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TABLE_ENDINGS", "write_table"]

#: Formats that hold a table without a geometry.
TABLE_ENDINGS = (".csv", ".parquet")


def write_table(table: pd.DataFrame, path: str) -> pathlib.Path:
    """
    Write a plain table by its ending.

    Parameters
    ----------
    table
        Its index has a name; its ``attrs`` go to the file beside.
    path
        ``.csv`` or ``.parquet``.

    Returns
    -------
    path
        Where the table is.

    Raises
    ------
    FormatError
        If the ending names no such format.
    OutputError
        If the file cannot be written.
    """
    import dataclasses

    needs_ending(path, *TABLE_ENDINGS)
    target = pathlib.Path(path)
    plain = table.copy()
    attrs = {key: value for key, value in table.attrs.items() if key != "sources"}
    plain.attrs = {}
    record = {
        "file": target.name,
        "rows": len(table),
        "columns": [str(name) for name in table.columns],
        "sources": [dataclasses.asdict(source) for source in sources_of(table.attrs)],
        "attrs": attrs,
    }
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.stem}-") as folder:
            draft = pathlib.Path(folder, "table" + target.suffix.lower())
            if draft.suffix == ".csv":
                plain.to_csv(draft, lineterminator="\n")
            else:
                plain.to_parquet(draft)
            beside = pathlib.Path(folder, "record.json")
            text = json.dumps(record, ensure_ascii=False, indent=2, default=str)
            beside.write_text(text + "\n", encoding="utf-8")
            draft.replace(target)
            beside.replace(target.with_name(target.name + ".source.json"))
    except OSError as error:
        raise OutputError(
            f"{str(target)!r} could not be written ({error.strerror or error}); "
            "does the folder exist, and may you write there?"
        ) from error
    return target
