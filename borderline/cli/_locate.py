"""`borderline locate`."""

from __future__ import annotations

import click

from ._app import main
from ._steps import columns_option, heads, line_option, located_events, progress

__all__ = ["locate"]


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False), help="Its ending decides the format."
)
@line_option
@columns_option
def locate(file: str, output: str, line: str | None, columns: tuple[str, ...]) -> None:
    """
    Add province, side, distance and kilometre to a table of incidents.

    \b
    Example:
      borderline locate incidents.csv -o located.gpkg
    """
    from ..readers import write_events

    with progress() as step:
        located, border = located_events(file, line, columns, step)
        step("Writing")
        path = write_events(located, output)
    click.echo(heads(located, border))
    click.echo(f"Table: {path}")
