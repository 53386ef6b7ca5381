"""Where the table of a command goes: a file, by its ending, or standard output."""

from __future__ import annotations

import dataclasses
import functools
import json
import pathlib
import sys
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import click

from ..errors import FormatError, OutputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "PLACED_ENDINGS",
    "PLAIN_ENDINGS",
    "TableOutput",
    "copy_to_stdout",
    "require_ending",
    "write_result",
    "writes_table",
]

#: Formats of a table without a geometry.
PLAIN_ENDINGS: Final = (".csv", ".xlsx", ".parquet")
#: Formats of a table with one.
PLACED_ENDINGS: Final = (".csv", ".xlsx", ".geojson", ".gpkg", ".fgb", ".parquet")

_STANDARD: Final = "-"


@dataclasses.dataclass(frozen=True)
class TableOutput:
    """The table that a command writes, and where what it says is printed."""

    #: File, ``-`` for standard output, or None where no table was asked for.
    path: str | None
    #: Whether a CSV file begins with a byte-order mark, for Excel.
    bom: bool = False

    def echo(self, text: str) -> None:
        """Print a line; on standard error where standard output holds the table."""
        if text:
            click.echo(text, err=self.path == _STANDARD)

    def write(self, table: pd.DataFrame, label: str = "Table") -> str:
        """Write the table where one was asked for; return a line that says where, or nothing."""
        if self.path is None:
            return ""
        if self.path != _STANDARD:
            return f"{label}: {write_result(table, self.path, bom=self.bom)}"
        copy_to_stdout(lambda path: write_result(table, path, bom=self.bom), "table.csv")
        return ""


def copy_to_stdout(write: Callable[[str], object], name: str) -> None:
    """Let a function write a file of this name, and copy what it wrote to standard output."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, name)
        write(str(path))
        sys.stdout.buffer.write(path.read_bytes())
        sys.stdout.buffer.flush()


def writes_table(
    *endings: str, required: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """
    Give a command the options of its table, as one `TableOutput`.

    Parameters
    ----------
    endings
        The formats that the command can write.
    required
        Whether the table must be asked for.

    Returns
    -------
    decorate
        The decorated function takes the output as ``output``.
    """
    option = click.option(
        "-o",
        "--output",
        required=required,
        type=click.Path(dir_okay=False, allow_dash=True),
        metavar="FILE",
        help=f"Write the table; the ending picks the format: {', '.join(endings)}. `-` writes CSV to "
        "standard output.",
    )
    bom_option = click.option(
        "--bom", is_flag=True, help="Begin CSV with a byte-order mark, so that Excel reads Thai and Khmer."
    )

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def call(output: str | None, bom: bool, **options: Any) -> None:  # noqa: ANN401, FBT001 - the options of the command
            if output not in {None, _STANDARD}:
                require_ending(str(output), *endings)
            command(output=TableOutput(output, bom), **options)

        return option(bom_option(call))

    return decorate


def require_ending(path: str, *endings: str) -> None:
    """Refuse a file name of another ending before anything is computed."""
    if not path.lower().endswith(endings):
        listed = " or ".join(filter(None, [", ".join(endings[:-1]), endings[-1]]))
        raise FormatError(f"{path}: the name must end in {listed}.")


def write_result(table: pd.DataFrame, path: str, *, bom: bool = False) -> pathlib.Path:
    """
    Write a table by its ending, whole or not at all, with its provenance beside it.

    Parameters
    ----------
    table
        With a geometry or without; its index has a name and its ``attrs`` go to the file beside.
    path
        Where it goes. A geometry of points is latitude and longitude in ``.csv`` and ``.xlsx``; other
        geometries are left out of ``.xlsx``.
    bom
        Whether CSV begins with a byte-order mark.

    Returns
    -------
    path
        Where the table is.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    import geopandas as gpd

    from ..readers import write_table

    target = pathlib.Path(path)
    ending = target.suffix.lower()
    if isinstance(table, gpd.GeoDataFrame) and ending != ".xlsx":
        return write_table(table, target, **({"bom": True} if bom else {}))
    plain = _drop_geometry(table) if isinstance(table, gpd.GeoDataFrame) else table.copy()
    plain.attrs = {}
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.stem}-") as folder:
            draft = pathlib.Path(folder, "table" + ending)
            _write_plain(plain, draft, bom=bom)
            record = pathlib.Path(folder, "record.json")
            record.write_text(_describe_provenance(table, plain, target.name), encoding="utf-8")
            draft.replace(target)
            record.replace(target.with_name(target.name + ".source.json"))
    except OSError as error:
        raise OutputError(
            f"{str(target)!r} could not be written ({error.strerror or error}); "
            "does the folder exist, and may you write there?"
        ) from error
    return target


def _drop_geometry(table: Any) -> pd.DataFrame:  # noqa: ANN401 - geopandas has no types
    """Return the columns without the geometry; points become latitude and longitude."""
    import pandas as pd

    plain = pd.DataFrame(table.drop(columns=table.geometry.name))
    if table.geom_type.dropna().eq("Point").all():
        points = table.geometry.to_crs(4326)
        plain["latitude"], plain["longitude"] = points.y, points.x
    return plain


def _write_plain(table: pd.DataFrame, path: pathlib.Path, *, bom: bool) -> None:
    if path.suffix == ".parquet":
        table.to_parquet(path)
    elif path.suffix == ".xlsx":
        from ._excel_sheet import write_sheet

        write_sheet(table, path)
    else:
        table.to_csv(path, lineterminator="\n", encoding="utf-8-sig" if bom else "utf-8")


def _describe_provenance(table: pd.DataFrame, plain: pd.DataFrame, name: str) -> str:
    """Return the record beside a table, as JSON."""
    from ..provenance import sources_of

    record = {
        "file": name,
        "rows": len(plain),
        "columns": [str(column) for column in plain.columns],
        "sources": [dataclasses.asdict(source) for source in sources_of(table.attrs)],
        "attrs": {key: value for key, value in table.attrs.items() if key != "sources"},
    }
    return json.dumps(record, ensure_ascii=False, indent=2, default=str) + "\n"
