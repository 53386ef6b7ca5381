"""`borderline compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ._app import main
from ._completing import line_keys
from ._steps import chosen_border, column_mapping, columns_option, line_option, needs_ending, progress

if TYPE_CHECKING:
    import geopandas as gpd

    from ..border import Border
    from ..lines import Agreement, Comparison

__all__ = ["compare_command"]

_ENDINGS = (".csv", ".geojson", ".gpkg", ".fgb", ".parquet")


@main.command(name="compare")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False))
@line_option
@click.option(
    "--with",
    "other",
    required=True,
    metavar="KEY|FILE",
    shell_complete=line_keys,
    help="The drawing to compare it with.",
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False), help="Write incident by incident; its ending decides."
)
@click.option(
    "--along",
    type=click.Path(dir_okay=False),
    help="Write place by place along the border how far apart the lines are.",
)
@columns_option
@click.option("--every-km", default=10.0, show_default=True, help="Length of the stretches ranked.")
@click.option("--within-km", default=25.0, show_default=True, help="Count incidents so near the line.")
def compare_command(
    file: str | None,
    line: str | None,
    other: str,
    output: str | None,
    along: str | None,
    columns: tuple[str, ...],
    every_km: float,
    within_km: float,
) -> None:
    """
    Tell what changes with the drawing of the border that is used.

    FILE is a table of incidents; without it, the 210 that come along are compared.

    \b
    Example:
      borderline compare --with rtsd-2019
      borderline compare incidents.csv --line osm-2025 --with osm-2026 -o changes.gpkg
    """
    from ..lines import compare_lines, line_agreement
    from ..readers import load_incidents, read_events, write_table

    for path in filter(None, (output, along)):
        needs_ending(path, *_ENDINGS)
    mapping = column_mapping(columns)
    with progress() as step:
        step("Reading")
        a, b = chosen_border(line), chosen_border(other)
        events = load_incidents() if file is None else read_events(file, columns=mapping)
        step("Measuring")
        agreement = line_agreement(a, b)
        comparison = compare_lines(events, a, b, every_km=every_km, within_km=within_km)
        if output:
            write_table(comparison.events, output)
        if along:
            write_table(_places(agreement, a), along)
    _tell_lines(agreement, a, b)
    _tell_events(comparison, a)
    for what, written in (("Incidents", output), ("Along the border", along)):
        if written:
            click.echo(f"{what}: {written}")


def _places(agreement: Agreement, border: Border) -> gpd.GeoDataFrame:
    """Put the places along the border on the map."""
    import geopandas as gpd

    table = agreement.table.rename_axis("place")
    points = border.interpolate(table["chainage_m"].to_numpy())
    placed = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(points, crs=4326))
    placed.attrs = dict(table.attrs)
    return placed


def _tell_lines(agreement: Agreement, a: Border, b: Border) -> None:
    click.echo(f"{a.name}: two drawings, {agreement.common_km:,.1f} km along each other")
    for which, border in (("first", a), ("other", b)):
        accuracy = "" if border.accuracy_m is None else f", 90 % known to within {border.accuracy_m:,.0f} m"
        click.echo(f"  {which}: {border.length_m / 1000:.1f} km as drawn{accuracy}; {border.source.credit}")
    shares = ", ".join(f"{level:.0%} within {value:,.0f} m" for level, value in agreement.quantiles_m.items())
    click.echo(f"  apart: mean {agreement.mean_m:,.0f} m, {shares}, at most {agreement.hausdorff_m:,.0f} m")
    click.echo(
        f"  land between: {agreement.area_km2:,.2f} km2, of which {agreement.left_km2:,.2f} lie on the "
        f"{a.left} side of the first line and {agreement.right_km2:,.2f} on its {a.right} side"
    )


def _tell_events(comparison: Comparison, border: Border) -> None:
    told = comparison.summary
    click.echo(f"{told['events']} incidents, {told['located']} located on the {border.name}:")
    click.echo(
        f"  {told['side_changes']} change side, {told['province_changes']} province, "
        f"{told['segment_changes']} stretch; distance changes by {told['mean_distance_change_m']:,.0f} m "
        f"in the mean, at most {told['largest_distance_change_m']:,.0f} m"
    )
    click.echo(
        f"  {told['rank_changes']} of {len(comparison.segments)} stretches change rank by incidents per km "
        f"(rank correlation {told['rank_correlation']:.3f})"
    )
