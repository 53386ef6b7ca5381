"""The commands that say where incidents or points stand to the border: `locate`, `distance`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from ._command_group import main
from ._event_options import EventRequest, line_option, load_line, locate_incidents, takes_events
from ._point_words import parse_point
from ._progress import show_progress
from ._summaries import describe_claims, describe_located, describe_sides
from ._table_output import PLACED_ENDINGS, TableOutput, writes_table

if TYPE_CHECKING:
    from ..border import Border

__all__ = ["distance_command", "locate_command"]

#: A point farther off than this is looked at again with latitude and longitude exchanged, metres,
#: and said to be the wrong way round if it lies nearer than this.
_FAR_M: Final = 1_000_000.0
_NEAR_M: Final = 100_000.0


@main.command(name="locate")
@takes_events(required=True, counts=False)
@writes_table(*PLACED_ENDINGS, required=True)
@click.option(
    "--address",
    "style",
    metavar="STYLE",
    help='Add a column address: km ("km 123.4"), pillar ("pillar 46 + 300 m"), crossing or place.',
)
@click.option(
    "--level",
    type=float,
    metavar="SHARE",
    help="Say how sure the results are, such as 0.9: limits that hold the truth in 90 % of cases, and the "
    "probability of each side.",
)
def locate_command(
    request: EventRequest, output: TableOutput, style: str | None, level: float | None
) -> None:
    """
    Add province, side, distance and kilometre to a table.

    FILE is CSV, Excel, GeoJSON, GeoPackage, GeoParquet or another table, several of them, or `-` for
    standard input. The province stands in the column admin1. What the result is based on goes
    to a file beside it.

    \b
    Examples:
      borderline locate incidents.csv -o located.gpkg
      borderline locate incidents.csv --address crossing -o located.csv
      borderline locate incidents.csv --level 0.9 -o located.csv
      cat incidents.csv | borderline locate - -o - > located.csv
    """
    import pandas as pd

    from ..addresses import format_address

    with show_progress() as step:
        incidents, border = locate_incidents(request, step, level=level)
        events = incidents.events
        if style:
            step("Writing addresses")
            texts = format_address(events["chainage_m"], border, style=style)
            events["address"] = pd.array(texts, dtype="string")
        step("Writing")
        written = output.write(events)
    output.echo(describe_located(incidents, border))
    for line in (describe_claims(events), describe_sides(events)):
        if line:
            output.echo(line)
    if border.calibration is not None:
        output.echo(f"Kilometres (measure_km) follow a published length: {border.calibration.claim}.")
    output.echo(written)


@main.command(name="distance", context_settings={"ignore_unknown_options": True})
@click.argument("points", nargs=-1, required=True, metavar="LAT,LON...")
@writes_table(*PLACED_ENDINGS)
@line_option
def distance_command(points: tuple[str, ...], output: TableOutput, line: str | None) -> None:
    """
    Show where a point is: distance, side, kilometre, province.

    LAT,LON is a point in degrees, latitude first, without a blank; degrees, minutes and seconds, MGRS
    and UTM are read as well. Several points may be given.

    \b
    Examples:
      borderline distance 14.3491,103.2664
      borderline distance 14.3491,103.2664 14.3906,104.6802
      borderline distance "14°20'57\\"N 103°15'59\\"E"
    """
    for word in points:
        if word.startswith("-") and not word[1:2].isdigit():
            raise click.NoSuchOption(word)
    positions = [parse_point(word, option="LAT,LON") for word in points]
    import pandas as pd

    from ..geocoding import geocode
    from ..readers import read_events
    from ..referencing import locate

    with show_progress() as step:
        step("Measuring")
        border = load_line(line)
        table = pd.DataFrame(positions, columns=["latitude", "longitude"])
        events = locate(geocode(read_events(table)), border)
        written = output.write(events)
    for point, row in zip(positions, events.to_dict("records"), strict=True):
        output.echo(_describe_point(point, row, border))
        _warn_if_exchanged(point, row["distance_m"], border)
    output.echo(written)


def _describe_point(point: tuple[float, float], row: dict[str, Any], border: Border) -> str:
    """Return what is known of a point, in lines."""
    import pandas as pd

    side = "on the line" if row["side"] == "line" else f"on the side of {row['side']}"
    lines = [
        f"latitude {point[0]:.9g}, longitude {point[1]:.9g}",
        f"  {_format_metres(row['distance_m'])} from the {border.name or 'border'} as drawn, {side}"
        + (", past an end of the line" if row["beyond_end"] else ""),
        f"  km {row['chainage_m'] / 1000:.2f} along the line as drawn"
        + (f", km {row['measure_km']:.2f} by {border.calibration.claim}" if border.calibration else ""),
    ]
    if pd.notna(row["admin1"]):
        lines.append(f"  province (admin1) {row['admin1']}, {row['admin1_iso']}, {row['country']}")
    else:
        lines.append("  in no known province")
    doubts = []
    if pd.notna(row["contested"]) and row["contested"]:
        doubts.append("drawings of the border put this point on different sides")
    if border.accuracy_m is not None and row["distance_m"] < border.accuracy_m:
        doubts.append(f"the line itself is known to within {border.accuracy_m:.0f} m only")
    if doubts:
        lines.append(f"  The side is not certain: {' and '.join(doubts)}.")
    return "\n".join(lines)


def _warn_if_exchanged(point: tuple[float, float], distance_m: float, border: Border) -> None:
    """Print a note where a point far off would be near the border with its numbers exchanged."""
    latitude, longitude = point
    if distance_m < _FAR_M or abs(longitude) > 90:
        return
    if border.foot([latitude], [longitude]).distance[0] < _NEAR_M:
        click.echo(f"Note: latitude comes first; did you mean {longitude:.9g},{latitude:.9g}?", err=True)


def _format_metres(metres: float) -> str:
    return f"{metres:,.0f} m" if metres < 10_000 else f"{metres / 1000:,.1f} km"
