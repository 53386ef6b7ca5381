"""Where the table of a command goes: a file, by its ending, or standard output."""

from __future__ import annotations

import dataclasses
import functools
import pathlib
import sys
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import click

from ..errors import FormatError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "PLACED_ENDINGS",
    "PLAIN_ENDINGS",
    "TableOutput",
    "copy_to_stdout",
    "require_ending",
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
        from ..readers import write_table

        if self.path is None:
            return ""
        if self.path != _STANDARD:
            return f"{label}: {write_table(table, self.path, bom=self.bom)}"
        copy_to_stdout(lambda path: write_table(table, path, bom=self.bom), "table.csv")
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
        "--bom",
        is_flag=True,
        help="Write CSV for Excel: with a byte-order mark, so that it reads Thai and Khmer, and with an "
        "apostrophe before text that it would take for a formula.",
    )

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def call(output: str | None, bom: bool, **options: Any) -> None:  # noqa: ANN401, FBT001 - the options of the command
            if output not in {None, _STANDARD}:
                require_ending(str(output), *endings)
                if bom and not str(output).lower().endswith(".csv"):
                    raise click.BadParameter("it is for CSV", param_hint="--bom")
            command(output=TableOutput(output, bom), **options)

        return option(bom_option(call))

    return decorate


def require_ending(path: str, *endings: str) -> None:
    """Refuse a file name of another ending before anything is computed."""
    if not path.lower().endswith(endings):
        listed = " or ".join(filter(None, [", ".join(endings[:-1]), endings[-1]]))
        raise FormatError(f"{path}: the name must end in {listed}.")
