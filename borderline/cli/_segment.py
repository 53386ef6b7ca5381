"""`borderline segment`."""

from __future__ import annotations

import click

from ._app import main
from ._steps import chosen_border, line_option, progress

__all__ = ["segment_command"]


@main.command(name="segment")
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False), help="Its ending decides the format."
)
@click.option("--every-km", type=float, help="Cut every so many kilometres.")
@click.option("--n", type=int, help="Cut into so many segments of one length.")
@click.option("--break-km", "breaks_km", type=float, multiple=True, help="Cut here. May be repeated.")
@click.option("--by", metavar="LAYER", help="Cut where the unit on a bank changes: admin1, admin2.")
@click.option("--place", "places", multiple=True, help='Cut here, such as "pillar 46". May be repeated.')
@click.option("--balance", is_flag=True, help="With --every-km: all of one length.")
@click.option("--origin-km", type=float, default=0.0, help="With --every-km: where the grid is anchored.")
@click.option("--calibrated", is_flag=True, help="Count kilometres by the published length, not as drawn.")
@line_option
def segment_command(  # noqa: PLR0913, PLR0917 - one argument an option, by keyword
    output: str,
    every_km: float | None,
    n: int | None,
    breaks_km: tuple[float, ...],
    by: str | None,
    places: tuple[str, ...],
    balance: bool,  # noqa: FBT001 - click passes it by keyword
    origin_km: float,
    calibrated: bool,  # noqa: FBT001 - click passes it by keyword
    line: str | None,
) -> None:
    """
    Cut the border into stretches: by length, number, breaks, provinces or places.

    \b
    Example:
      borderline segment --by admin1 -o provinces.gpkg
      borderline segment --place "Chong Chom" --place "pillar 46" -o parts.geojson
    """
    from ..lines import segment
    from ..readers import write_table

    with progress() as step:
        step("Cutting")
        border = chosen_border(line)
        segments = segment(
            border,
            every_km=every_km,
            n=n,
            breaks_km=list(breaks_km) or None,
            by=by,
            places=list(places) or None,
            balance=balance,
            origin_km=origin_km,
            calibrated=calibrated,
        )
        step("Writing")
        path = write_table(segments, output)
    lengths = segments["length_km"]
    one = (
        f"{lengths.min():.1f}"
        if lengths.max() - lengths.min() < 0.05
        else f"{lengths.min():.1f} to {lengths.max():.1f}"
    )
    many = f"{len(segments)} segment{'s' * (len(segments) != 1)}"
    click.echo(f"{many} of {one} km, {lengths.sum():.1f} km of the {border.name} as drawn.")
    if border.calibration is not None:
        click.echo(f"Published length that measures follow: {border.calibration.claim}.")
    for claim in segments.attrs.get("reported", []):
        drawn = max(
            segments.loc[segments[f"admin1_{side}"] == claim["admin1"], "length_km"].sum()
            for side in ("left", "right")
        )
        click.echo(
            f"{claim['admin1']} ({claim['of']}): reported {claim['km']:g} km, "
            f"as drawn {drawn:.1f} km  [{claim['source']}]"
        )
    click.echo(f"Table: {path}")
