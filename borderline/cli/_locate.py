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
@click.option(
    "--address",
    "style",
    metavar="STYLE",
    help='Add a column address: km ("km 123.4"), pillar ("pillar 46 + 300 m"), crossing or place.',
)
@line_option
@columns_option
def locate(file: str, output: str, style: str | None, line: str | None, columns: tuple[str, ...]) -> None:
    """
    Add province, side, distance and kilometre to a table of incidents.

    FILE is CSV, GeoJSON, GeoPackage, GeoParquet or another table; the ending of the output
    picks its format. What the result rests on goes to a file beside it.

    \b
    Example:
      borderline locate incidents.csv -o located.gpkg
      borderline locate incidents.csv --address crossing -o located.csv
    """
    import pandas as pd

    from ..addresses import format_address
    from ..readers import write_table

    with progress() as step:
        events, border = located_events(file, line, columns, step)
        if style:
            step("Writing addresses")
            texts = format_address(events["chainage_m"], border, style=style)
            events["address"] = pd.array(texts, dtype="string")
        step("Writing")
        path = write_table(events, output)
    click.echo(heads(events, border))
    if border.calibration is not None:
        click.echo(f"Kilometres (measure_km) follow a published length: {border.calibration.claim}.")
    click.echo(f"Table: {path}")
