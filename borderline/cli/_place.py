"""`borderline place`."""

from __future__ import annotations

import click

from ._app import main

__all__ = ["place"]


@main.command()
@click.argument("name")
@click.option("--country", metavar="CODE", help="Only places in this country, such as KHM or TH.")
@click.option("--province", metavar="NAME", help="Only places in this province, in any spelling or as TH-32.")
@click.option("--near", metavar="LON,LAT", help="A point in degrees: what lies near it goes first.")
@click.option("--limit", default=5, show_default=True, help="How many candidates to list.")
def place(name: str, country: str | None, province: str | None, near: str | None, limit: int) -> None:
    """
    Look up the name of a place, in English spelling, Thai or Khmer.

    \b
    Examples:
      borderline place "Ta Moan Thom"
      borderline place สำโรง --country TH --near 103.5,14.4
      borderline place "5 km north of Anlong Veng"
    """
    from ..gazetteer import find_place
    from ..provenance import sources_of

    found = find_place(name, country=country, admin1=province, near=_point(near), limit=limit)
    if found.empty:
        click.echo("No place on record is like it enough.")
        return
    for each in found.to_dict("records"):
        marks = ", claimed by both countries" if each["disputed"] else ""
        where = f"{each['admin1']} {each['admin1_iso']}, {each['country']}"
        point = f"{each['latitude']:.5f}, {each['longitude']:.5f}"
        click.echo(f"{each['name']} ({each['kind']}), {where}{marks}")
        click.echo(
            f"    {point} within {_distance(each['location_error_m'])}; "
            f"score {each['score']:.2f}, by {each['matched']!r}"
        )
    click.echo("Data: " + "; ".join(source.credit for source in sources_of(found.attrs)))


def _point(text: str | None) -> tuple[float, float] | None:
    """Take two numbers."""
    if text is None:
        return None
    try:
        lon, lat = map(float, text.split(","))
    except ValueError as error:
        raise click.BadParameter(
            "give LON,LAT in degrees, such as 103.5,14.4", param_hint="--near"
        ) from error
    return lon, lat


def _distance(metres: float) -> str:
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.3g} km"
