"""`borderline bands`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ._app import main
from ._steps import columns_option, heads, line_option, located_events, needs_ending, progress, talk
from ._tables import TABLE_ENDINGS, write_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["bands_command"]


@main.command(name="bands")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False))
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write the table; .csv or .parquet.")
@click.option(
    "--edge-km",
    "edges_km",
    type=float,
    multiple=True,
    default=(0.0, 1.0, 5.0, 10.0, 25.0),
    show_default=True,
    help="Where bands begin. May be repeated.",
)
@click.option("--within-km", type=float, help="Where the last band ends; open by default.")
@click.option("--period", metavar="FREQUENCY", help="Count by Y, Q, M, W or D as well.")
@click.option("--all-types", is_flag=True, help="Count talks, protests and allegations as well.")
@line_option
@columns_option
def bands_command(
    file: str | None,
    output: str | None,
    edges_km: tuple[float, ...],
    within_km: float | None,
    period: str | None,
    all_types: bool,  # noqa: FBT001 - click passes it by keyword
    line: str | None,
    columns: tuple[str, ...],
) -> None:
    """
    Count incidents by distance from the border, bank and period.

    FILE is a table of incidents; without it, the 210 that come along are counted.

    \b
    Example:
      borderline bands incidents.csv --edge-km 0 --edge-km 5 --edge-km 20 -o bands.csv
    """
    from ..stats import bands

    if output:
        needs_ending(output, *TABLE_ENDINGS)
    with progress() as step:
        events, border = located_events(file, line, columns, step)
        step("Counting")
        counted = events if all_types else events[~talk(events)]
        table = bands(counted, border, edges_km=edges_km, within_km=within_km, period=period)
        path = write_table(table, output) if output else None
    click.echo(heads(events, border))
    click.echo(_summary(table, len(counted)))
    if path:
        click.echo(f"Table: {path}")


def _summary(table: pd.DataFrame, counted: int) -> str:
    """Say in a few lines what was counted, periods together."""
    import pandas as pd

    out = {reason.replace("_", " "): n for reason, n in table.attrs["left_out"].items() if n}
    left = "; left out: " + ", ".join(f"{n} {reason}" for reason, n in out.items()) if out else ""
    lines = [f"{table['n_events'].sum()} of {counted} incidents counted{left}"]
    for (side, _, band), rows in table.groupby(["side", "from_km", "band"], sort=False):
        n, area = int(rows["n_events"].sum()), rows["area_km2"].iloc[0]
        text = f"  {side}  {band:<16}  {n:5d} incidents"
        if rows["n_contested"].notna().any() and rows["n_contested"].sum():
            text += f" ({rows['n_contested'].sum()} on contested land)"
        if pd.notna(area):
            text += f"  {1000 * n / area:.2f} per 1,000 km2 of {area:,.0f} km2"
        lines.append(text)
    lines.append("Rows are reports, not independent events; distances are to the line as drawn.")
    return "\n".join(lines)
