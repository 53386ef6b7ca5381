"""The command `map`."""

from __future__ import annotations

from typing import Final

import click

from ._command_group import main
from ._event_options import EventRequest, locate_incidents, takes_events
from ._progress import show_progress
from ._summaries import describe_densest, describe_located, describe_types
from ._table_output import copy_to_stdout, require_ending

__all__ = ["map_command"]

_STANDARD: Final = "-"


@main.command(name="map")
@takes_events()
@click.option(
    "-o",
    "--output",
    default="border.html",
    show_default=True,
    type=click.Path(dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write the page here; `-` is standard output.",
)
@click.option("--title", help="Heading of the page.")
@click.option(
    "--language",
    type=click.Choice(["en", "th", "km", "local"]),
    default="en",
    show_default=True,
    help="Language of place names.",
)
@click.option("--every-km", default=10.0, show_default=True, help="Length of the stretches counted.")
@click.option(
    "--within-km", default=25.0, show_default=True, help="Count incidents up to this far from the line."
)
def map_command(
    request: EventRequest, output: str, title: str | None, language: str, every_km: float, within_km: float
) -> None:
    """
    Draw incidents on the border, as one HTML file.

    The file opens offline.

    FILE is a table of incidents, several, or `-` for standard input; without one, the 222 incidents
    that come with borderline are drawn. --since and --until leave the others out of the page.

    \b
    Example:
      borderline map incidents.csv -o map.html --title "Incidents in 2025"
    """
    from ..lines import segment
    from ..mapping import explore
    from ..stats import density

    if output != _STANDARD:
        require_ending(output, ".html", ".htm")
    with show_progress() as step:
        incidents, border = locate_incidents(request, step)
        step("Counting")
        # The page shows rates per kilometre, so the land need not be measured.
        segments = density(
            incidents.counted,
            segment(border, every_km=every_km),
            within_km=within_km,
            exposure="length",
            period=request.period,
        )
        step("Drawing")
        page = explore(incidents.events, border, segments, title=title, language=language)
        if output == _STANDARD:
            copy_to_stdout(page.save, "map.html")
        else:
            page.save(output)
    densest = describe_densest(segments, len(incidents.counted))
    for text in filter(None, (describe_located(incidents, border), describe_types(incidents), densest)):
        click.echo(text, err=output == _STANDARD)
    if output != _STANDARD:
        click.echo(f"Map: {output}")
