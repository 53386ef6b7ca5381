"""`borderline border`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from ._app import main
from ._steps import chosen_border, is_file, line_option, needs_ending

if TYPE_CHECKING:
    from ..border import Border

__all__ = ["border_command"]

_BORDER: Final = "khm-tha"


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
    Tell what the built-in border is, or one of your own, and write its line.

    \b
    Example:
      borderline border -o border.geojson
      borderline border --line mine.gpkg
    """
    from ..readers import write_table

    if output:
        needs_ending(output, ".geojson", ".gpkg", ".fgb", ".parquet", ".csv")
    border = chosen_border(line)
    click.echo(border.name or "A border without a name")
    click.echo(f"  left {border.left}, right {border.right}, looking along growing chainage")
    click.echo(f"  from {border.datum.name} ({border.datum.longitude} E, {border.datum.latitude} N)")
    if border.datum.direction:
        click.echo(f"  {border.datum.direction}")
    click.echo(f"  as drawn {border.length_m / 1000:.1f} km" + _drawings(line))
    if border.accuracy_m is not None:
        click.echo(f"  90 % of the line is known to within {border.accuracy_m:.0f} m")
    if border.source.credit:
        click.echo(f"  {border.source.credit}")
    _tell_lengths(border, built_in=not is_file(line))
    if output:
        click.echo(f"Line: {write_table(border.to_geodataframe(with_measure=True), output)}")


def _drawings(line: str | None) -> str:
    """Tell where the line comes from, and what other drawings there are."""
    from .. import catalog

    if is_file(line):
        return f", from {line}"
    record = catalog.get_border(_BORDER)
    return f"; line {line or record.line} of {', '.join(record.lines)}"


def _tell_lengths(border: Border, *, built_in: bool) -> None:
    """Tell which length the measure follows, and what others say."""
    if not built_in:
        followed = "the line as drawn" if border.calibration is None else border.calibration.claim
        click.echo(f"measure_km follows {followed}.")
        return
    from .. import catalog

    record = catalog.get_border(_BORDER)
    click.echo("Published lengths (the first is followed by measure_km):")
    for claim in sorted(record.lengths, key=lambda claim: claim.key != record.nominal_length):
        click.echo(f"  {claim.km:g} km  {claim.who}  [{claim.url}]")
