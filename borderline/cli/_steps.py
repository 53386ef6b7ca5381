"""What several commands share: options, progress, the way from a file to located events."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from ..errors import FormatError
from ._completing import line_keys

if TYPE_CHECKING:
    import geopandas as gpd

    from ..border import Border

__all__ = [
    "chosen_border",
    "column_mapping",
    "columns_option",
    "heads",
    "is_file",
    "line_option",
    "located_events",
    "needs_ending",
    "progress",
    "talk",
]

line_option = click.option(
    "--line",
    metavar="KEY|FILE",
    shell_complete=line_keys,
    help="Which drawing of the border, see `borderline border`; or a file with a border of your own, "
    "as that command writes it.",
)
columns_option = click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="OURS=THEIRS",
    help="Which column holds what, such as event_date=When. May be repeated.",
)


def is_file(line: str | None) -> bool:
    """Tell a file by its ending from the key of a drawing."""
    return line is not None and bool(Path(line).suffix)


def chosen_border(line: str | None) -> Border:
    """Load a drawing of the built-in border by its key, or a border from a file."""
    from ..border import Border
    from ..catalog import load_border

    if line is not None and is_file(line):
        return Border.from_file(line)
    return load_border(line=line)


def needs_ending(path: str, *endings: str) -> None:
    if not path.lower().endswith(endings):
        raise FormatError(f"{path}: the name must end in {' or '.join(endings)}.")


def column_mapping(columns: tuple[str, ...]) -> dict[str, str] | None:
    """Part ``OURS=THEIRS``; None where nothing was given."""
    pairs = [each.partition("=") for each in columns]
    if any(not (ours and theirs) for ours, _, theirs in pairs):
        raise click.BadParameter("give OURS=THEIRS, such as event_date=When", param_hint="--column")
    return {ours: theirs for ours, _, theirs in pairs} or None


def located_events(
    file: str | None,
    line: str | None,
    columns: tuple[str, ...],
    step: Any,  # noqa: ANN401 - a callable
) -> tuple[gpd.GeoDataFrame, Border]:
    """Read, geocode and locate."""
    from ..geocoding import geocode
    from ..readers import load_incidents, read_events
    from ..referencing import locate as refer

    mapping = column_mapping(columns)
    step("Reading")
    border = chosen_border(line)
    events = load_incidents() if file is None else read_events(file, columns=mapping)
    step("Finding provinces")
    coded = geocode(events)
    step("Measuring")
    return refer(coded, border), border


def talk(events: gpd.GeoDataFrame) -> pd.Series[bool]:
    from ..schema import NOT_VIOLENT

    talk: pd.Series[bool] = events["event_type"].isin(NOT_VIOLENT)
    return talk


def heads(events: gpd.GeoDataFrame, border: Border) -> str:
    placed = int(events["chainage_m"].notna().sum())
    provinces = int(events["admin1"].notna().sum())
    named = int(((events["geocoded_by"] == "gazetteer") & events["chainage_m"].notna()).sum())
    by_name = f" ({named} of them by name)" if named else ""
    text = (
        f"{len(events)} incidents, {placed} located{by_name} on the {border.name}, "
        f"{provinces} in a known province"
    )
    rejects = sum(events.attrs.get("rejects", {}).values())
    return text + (f"; {rejects} rows set aside" if rejects else "") + "."


@contextlib.contextmanager
def progress() -> Iterator[Any]:
    """Show what is being done, where somebody is looking."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Starting") as status:
        yield lambda what: status.update(f"{what} ...")
