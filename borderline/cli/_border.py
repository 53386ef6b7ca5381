"""`borderline border`."""

from __future__ import annotations

import click

from ._app import main
from ._steps import line_option, needs_ending

__all__ = ["border_command"]


@main.command(name="border")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    help="Write the line and all that is known of it; .geojson, .gpkg, .fgb, .parquet or .csv.",
)
@line_option
def border_command(output: str | None, line: str | None) -> None:
    """
    Tell what the built-in border is, and write its line.

    \b
    Example:
      borderline border -o border.geojson
    """
    from .. import catalog
    from ..loading import load_border
    from ..readers import write_events

    if output:
        needs_ending(output, ".geojson", ".gpkg", ".fgb", ".parquet", ".csv")
    border = load_border(line=line)
    record = catalog.get_border("khm-tha")
    click.echo(border.name)
    click.echo(f"  left {border.left}, right {border.right}, looking along growing chainage")
    click.echo(f"  from {border.datum.name} ({border.datum.longitude} E, {border.datum.latitude} N)")
    click.echo(f"  {border.datum.direction}")
    click.echo(
        f"  as drawn {border.length_m / 1000:.1f} km; line {line or record.line} of {', '.join(record.lines)}"
    )
    if border.accuracy_m is not None:
        click.echo(f"  90 % of the line is known to within {border.accuracy_m:.0f} m")
    click.echo(f"  {border.source.credit}")
    click.echo("Published lengths (the first is followed by measure_km):")
    for claim in sorted(record.lengths, key=lambda claim: claim.key != record.nominal_length):
        click.echo(f"  {claim.km:g} km  {claim.who}  [{claim.url}]")
    if output:
        click.echo(f"Line: {write_events(border.to_geodataframe(with_measure=True), output)}")
