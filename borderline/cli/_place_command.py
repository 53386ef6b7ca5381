"""The command `place`."""

from __future__ import annotations

import click

from ._command_group import main
from ._point_words import parse_point

__all__ = ["place_command"]


@main.command(name="place")
@click.argument("name")
@click.option("--country", metavar="CODE", help="Only places in this country, such as KHM or TH.")
@click.option(
    "--province",
    "admin1",
    metavar="NAME",
    help="Only places in this province, in any spelling or as a code such as TH-32.",
)
@click.option("--near", metavar="LAT,LON", help="A point, latitude first: places near it are listed first.")
@click.option("--limit", default=5, show_default=True, help="How many candidates to list.")
def place_command(name: str, country: str | None, admin1: str | None, near: str | None, limit: int) -> None:
    """
    Look up the name of a place.

    Names are read in English spelling, Thai and Khmer.

    \b
    Examples:
      borderline place "Ta Moan Thom"
      borderline place สำโรง --country TH --near 14.4,103.5
      borderline place "5 km north of Anlong Veng"
    """
    from ..gazetteer import find_place
    from ..provenance import sources_of

    point = None if near is None else parse_point(near, option="--near")
    lonlat = None if point is None else (point[1], point[0])
    places = find_place(name, country=country, admin1=admin1, near=lonlat, limit=limit)
    if places.empty:
        click.echo("No known place has a name that is similar enough.")
        return
    for row in places.to_dict("records"):
        marks = ", claimed by both countries" if row["disputed"] else ""
        click.echo(
            f"{row['name']} ({row['kind']}), {row['admin1']} {row['admin1_iso']}, {row['country']}{marks}"
        )
        click.echo(
            f"    {row['latitude']:.5f}, {row['longitude']:.5f} within "
            f"{_format_distance(row['location_error_m'])}; score {row['score']:.2f}, by {row['matched']!r}"
        )
    click.echo("Data: " + "; ".join(source.credit for source in sources_of(places.attrs)))


def _format_distance(metres: float) -> str:
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.3g} km"
