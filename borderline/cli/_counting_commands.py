"""The commands that count incidents: `density`, `bands`, `provinces`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ._command_group import main
from ._event_options import EventRequest, Incidents, geocode_incidents, locate_incidents, takes_events
from ._progress import show_progress
from ._summaries import (
    count_noun,
    count_placed,
    describe_densest,
    describe_located,
    describe_read,
    describe_types,
    describe_vague,
    format_count,
    list_left_out,
)
from ._table_output import PLACED_ENDINGS, PLAIN_ENDINGS, TableOutput, writes_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["bands_command", "density_command", "provinces_command"]


_positions_option = click.option(
    "--positions",
    type=click.Choice(["points", "spread", "impute"]),
    default="points",
    show_default=True,
    help="Count incidents where their points are, by the probability of each place where they may have "
    "been, or over draws of all positions together.",
)


@main.command(name="density")
@takes_events()
@writes_table(*PLACED_ENDINGS)
@click.option("--every-km", default=10.0, show_default=True, help="Length of the stretches.")
@click.option(
    "--within-km", default=25.0, show_default=True, help="Count incidents up to this far from the line."
)
@click.option(
    "--exposure",
    type=click.Choice(["length", "catchment"]),
    help="What rates are per: kilometres of line, or square kilometres of the land within --within-km; "
    "by default the land where --within-km is more than 1.",
)
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN",
    help="Count apart by a column of the incidents, such as event_type, or by bank. May be repeated.",
)
@_positions_option
def density_command(
    request: EventRequest,
    output: TableOutput,
    every_km: float,
    within_km: float,
    exposure: str | None,
    by: tuple[str, ...],
    positions: str,
) -> None:
    """
    Count incidents in each stretch of the border.

    The rates come with exact 95 % limits for a Poisson count.

    FILE is a table of incidents, several, or `-` for standard input; without one, the 222 incidents
    that come with borderline are counted.

    \b
    Examples:
      borderline density incidents.csv --every-km 10 --within-km 25 -o density.csv
      borderline density "exports/*.csv" --since 2025-07 --until 2025-12 -o density.gpkg
    """
    from ..lines import segment
    from ..stats import density

    with show_progress() as step:
        incidents, border = locate_incidents(request, step)
        step("Counting")
        segments = density(
            incidents.counted,
            segment(border, every_km=every_km),
            border=border,
            within_km=within_km,
            exposure=exposure,
            by=list(by) or None,
            period=request.period,
            positions=positions,
        )
        written = output.write(segments)
    output.echo(describe_located(incidents, border))
    output.echo(describe_types(incidents))
    output.echo(describe_densest(segments, len(incidents.counted), by))
    output.echo(describe_vague(segments))
    output.echo(written)


@main.command(name="bands")
@takes_events()
@writes_table(*PLAIN_ENDINGS)
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
@click.option(
    "--period", metavar="FREQUENCY", help="Count by year, quarter, month, week or day: Y, Q, M, W, D."
)
@_positions_option
def bands_command(
    request: EventRequest,
    output: TableOutput,
    edges_km: tuple[float, ...],
    within_km: float | None,
    period: str | None,
    positions: str,
) -> None:
    """
    Count incidents by distance, bank and period.

    FILE is a table of incidents, several, or `-` for standard input; without one, the 222 incidents
    that come with borderline are counted.

    \b
    Example:
      borderline bands incidents.csv --edge-km 0 --edge-km 5 --edge-km 20 -o bands.csv
    """
    from ..stats import bands

    with show_progress() as step:
        incidents, border = locate_incidents(request, step)
        step("Counting")
        table = bands(
            incidents.counted,
            border,
            edges_km=edges_km,
            within_km=within_km,
            period=period,
            positions=positions,
        )
        written = output.write(table)
    output.echo(describe_located(incidents, border))
    output.echo(describe_types(incidents))
    output.echo(_describe_bands(table, len(incidents.counted), within_km))
    output.echo(describe_vague(table))
    output.echo(written)


def _describe_total(table: pd.DataFrame, n_counted: int, within_km: float | None = None) -> str:
    """Return how many incidents a table counts, and why it leaves out the others."""
    out = list_left_out(table.attrs["left_out"], within_km)
    total = f"{format_count(table['n_events'].sum())} of {n_counted} incidents counted"
    return f"{total}; left out: {out}" if out else total


def _describe_bands(table: pd.DataFrame, n_counted: int, within_km: float | None) -> str:
    """Return what was counted in each band, periods together, in lines."""
    import pandas as pd

    lines = [_describe_total(table, n_counted, within_km)]
    for (side, _, band), rows in table.groupby(["side", "from_km", "band"], sort=False):
        n, area = rows["n_events"].sum(), rows["area_km2"].iloc[0]
        text = f"  {side}  {band:<16}  {count_noun(n, 'incident', width=5)}"
        if rows["n_contested"].notna().any() and rows["n_contested"].sum():
            text += f" ({format_count(rows['n_contested'].sum())} on contested land)"
        if pd.notna(area):
            text += f"  {1000 * n / area:.2f} per 1,000 km2 of {area:,.0f} km2"
        lines.append(text.rstrip())
    return "\n".join(
        [*lines, "Rows are reports, not independent events; distances are to the line as drawn."]
    )


@main.command(name="provinces")
@takes_events(line=False)
@writes_table(*PLAIN_ENDINGS)
def provinces_command(request: EventRequest, output: TableOutput) -> None:
    """
    Count incidents by province.

    The province is found from the position of an incident, or from the name of its place, and
    stands in the column admin1. FILE is a table of incidents, several, or `-` for standard input;
    without one, the 222 incidents that come with borderline are counted.

    \b
    Example:
      borderline provinces incidents.csv --since 2025-07 -o provinces.xlsx
    """
    with show_progress() as step:
        incidents = geocode_incidents(request, step)
        step("Counting")
        table = _count_provinces(incidents)
        written = output.write(table)
    output.echo(describe_read(incidents, count_placed(incidents.events)))
    output.echo(describe_types(incidents))
    output.echo(_describe_provinces(table, len(incidents.counted)))
    output.echo(written)


def _count_provinces(incidents: Incidents) -> pd.DataFrame:
    """Return a row for each province with incidents, the one with most first."""
    events = incidents.counted
    known = events[events["admin1_iso"].notna()]
    deaths = known["fatalities"].astype("Int64")
    groups = known.assign(known_deaths=deaths.fillna(0), unknown=deaths.isna()).groupby("admin1_iso")
    table: pd.DataFrame = groups.agg(
        country=("country", "first"),
        admin1=("admin1", "first"),
        n_events=("country", "size"),
        fatalities=("known_deaths", "sum"),
        n_unknown_fatalities=("unknown", "sum"),
    )
    table = table.sort_values(["n_events", "country", "admin1"], ascending=[False, True, True])
    table.attrs = {**events.attrs, "left_out": {"no_province": len(events) - len(known)}}
    if incidents.period:
        table.attrs["period"] = incidents.period
    return table


def _describe_provinces(table: pd.DataFrame, n_counted: int) -> str:
    lines = [_describe_total(table, n_counted)]
    width = max((len(name) for name in table["admin1"]), default=0)
    for code, row in zip(table.index, table.to_dict("records"), strict=True):
        count = count_noun(row["n_events"], "incident", width=5)
        lines.append(f"  {row['country']}  {row['admin1']:<{width}}  {code:<5}  {count.rstrip()}")
    return "\n".join([*lines, "Rows are reports, not independent events."])
