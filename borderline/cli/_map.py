"""`borderline map`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click
import pandas as pd

from ._app import main
from ._steps import columns_option, heads, line_option, located_events, needs_ending, progress, talk

if TYPE_CHECKING:
    import geopandas as gpd

    from ..border import Border

__all__ = ["map_command"]

#: What the density of the map is taken from, unless told otherwise.
EVERY_KM: Final = 10.0
WITHIN_KM: Final = 25.0


@main.command(name="map")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False))
@click.option("-o", "--output", default="border.html", show_default=True, type=click.Path(dir_okay=False))
@line_option
@columns_option
@click.option("--title", help="Heading of the page.")
@click.option(
    "--language",
    type=click.Choice(["en", "th", "km", "local"]),
    default="en",
    show_default=True,
    help="Language of place names.",
)
@click.option("--every-km", default=EVERY_KM, show_default=True, help="Length of the stretches counted.")
@click.option("--within-km", default=WITHIN_KM, show_default=True, help="Count incidents so near the line.")
@click.option("--all-types", is_flag=True, help="Count talks, protests and allegations as well.")
def map_command(  # noqa: PLR0913, PLR0917 - one argument an option, by keyword
    file: str | None,
    output: str,
    line: str | None,
    columns: tuple[str, ...],
    title: str | None,
    language: str,
    every_km: float,
    within_km: float,
    all_types: bool,  # noqa: FBT001 - click passes it by keyword
) -> None:
    """
    Draw incidents on the border, as one HTML file that opens offline.

    FILE is a table of incidents; without it, the 210 that come along are drawn.

    \b
    Example:
      borderline map incidents.csv -o map.html --title "Incidents in 2025"
    """
    from ..lines import segment
    from ..mapping import explore
    from ..stats import density

    needs_ending(output, ".html", ".htm")
    with progress() as step:
        events, border = located_events(file, line, columns, step)
        step("Counting")
        counted = events if all_types else events[~talk(events)]
        # The page shows rates per kilometre, so the land need not be measured.
        stretches = segment(border, every_km=every_km)
        segments = density(counted, stretches, within_km=within_km, exposure="length")
        step("Drawing")
        explore(events, border, segments, title=title, language=language).save(output)
    _summary(events, counted, segments, border)
    click.echo(f"Map: {output}")


def _summary(
    events: gpd.GeoDataFrame, counted: gpd.GeoDataFrame, segments: gpd.GeoDataFrame, border: Border
) -> None:
    """Say in a few lines what the map shows."""
    click.echo(heads(events, border))
    out = segments.attrs["left_out"]
    within = segments.attrs["within_km"]
    click.echo(
        f"Densest stretches, from {segments['n_events'].sum()} of {len(counted)} incidents counted "
        f"({out['no_chainage']} without a position, {out['beyond_end']} past an end of the line, "
        f"{out['beyond_within_km']} farther than {within:g} km, "
        f"{out.get('too_vague', 0)} placed by name less well than that):"
    )
    top = segments[segments["n_events"] > 0].nlargest(5, "events_per_km", keep="first")
    for row in top.itertuples():
        banks = " / ".join(str(name) for name in (row.admin1_left, row.admin1_right) if pd.notna(name))
        click.echo(
            f"  chainage {row.from_m / 1000:5.0f}-{row.to_m / 1000:.0f} km  {row.n_events:4d} incidents  "
            f"{row.events_per_km:.2f} per km "
            f"({row.events_per_km_low:.2f}-{row.events_per_km_high:.2f})  {banks}"
        )
    click.echo(
        "Rows are reports, not independent events; the limits in brackets (95 %) speak of chance alone."
    )
