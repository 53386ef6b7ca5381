"""The commands about the border itself: `border`, `segment`, `compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ._command_group import main
from ._event_options import EventRequest, is_border_file, line_option, load_line, read_incidents, takes_events
from ._progress import show_progress
from ._shell_completion import complete_line
from ._summaries import count_noun
from ._table_output import PLACED_ENDINGS, TableOutput, require_ending, writes_table

if TYPE_CHECKING:
    import geopandas as gpd

    from ..border import Border
    from ..lines import Agreement, Comparison, Comparisons

__all__ = ["border_command", "compare_command", "segment_command"]

#: Formats that keep what is known of a border.
_BORDER_ENDINGS = (".geojson", ".gpkg", ".fgb", ".parquet", ".csv")


@main.command(name="border")
@writes_table(*_BORDER_ENDINGS)
@line_option
def border_command(output: TableOutput, line: str | None) -> None:
    """
    Describe a border and write its line.

    Without --line it is the built-in border of Cambodia and Thailand.

    \b
    Examples:
      borderline border -o border.geojson
      borderline border --line mine.gpkg
    """
    border = load_line(line)
    written = output.write(border.to_geodataframe(with_measure=True), "Line")
    output.echo(border.name or "A border without a name")
    output.echo(f"  left {border.left}, right {border.right}, looking along growing chainage")
    output.echo(f"  from {border.datum.name} ({border.datum.longitude} E, {border.datum.latitude} N)")
    if border.datum.direction:
        output.echo(f"  {border.datum.direction}")
    output.echo(f"  as drawn {border.length_m / 1000:.1f} km" + _describe_drawings(line))
    if border.accuracy_m is not None:
        output.echo(f"  90 % of the line is known to within {border.accuracy_m:.0f} m")
    if border.source.credit:
        output.echo(f"  {border.source.credit}")
    output.echo(_describe_lengths(border, built_in=not is_border_file(line)))
    output.echo(written)


def _describe_drawings(line: str | None) -> str:
    """Return where the line comes from, and what other drawings there are."""
    from .. import catalog

    if is_border_file(line):
        return f", from {line}"
    record = catalog.get_border()
    return f"; line {line or record.line} of {', '.join(record.lines)}"


def _describe_lengths(border: Border, *, built_in: bool) -> str:
    """Return which length the measure follows, and the other published ones."""
    from .. import catalog

    if not built_in:
        followed = "the line as drawn" if border.calibration is None else border.calibration.claim
        return f"measure_km follows {followed}."
    record = catalog.get_border()
    claims = sorted(record.lengths, key=lambda claim: claim.key != record.nominal_length)
    lines = [f"  {claim.km:g} km  {claim.who}  [{claim.url}]" for claim in claims]
    return "\n".join(["Published lengths (measure_km follows the first):", *lines])


@main.command(name="segment")
@writes_table(*PLACED_ENDINGS, required=True)
@click.option("--every-km", type=float, help="Cut every so many kilometres.")
@click.option("--n", type=int, help="Cut into so many segments of equal length.")
@click.option("--break-km", "breaks_km", type=float, multiple=True, help="Cut here. May be repeated.")
@click.option("--by", metavar="LAYER", help="Cut where the unit on a bank changes: admin1, admin2.")
@click.option("--place", "places", multiple=True, help='Cut here, such as "pillar 46". May be repeated.')
@click.option("--balance", is_flag=True, help="With --every-km: all of equal length.")
@click.option("--origin-km", type=float, default=0.0, help="With --every-km: where the grid is anchored.")
@click.option("--calibrated", is_flag=True, help="Count kilometres by the published length, not as drawn.")
@line_option
def segment_command(  # noqa: PLR0913, PLR0917 - one argument an option, by keyword
    output: TableOutput,
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
    Cut the border into stretches.

    Cut it every so many kilometres, into a number of stretches, at kilometres, where provinces
    change, or at places.

    \b
    Examples:
      borderline segment --by admin1 -o provinces.gpkg
      borderline segment --place "Chong Chom" --place "pillar 46" -o parts.geojson
    """
    from ..lines import segment

    with show_progress() as step:
        step("Cutting")
        border = load_line(line)
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
        written = output.write(segments)
    output.echo(_describe_segments(segments, border))
    output.echo(written)


def _describe_segments(segments: gpd.GeoDataFrame, border: Border) -> str:
    """Return how many segments there are and how long, beside what is published, in lines."""
    lengths = segments["length_km"]
    equal = bool(lengths.max() - lengths.min() < 0.05)
    span = f"{lengths.min():.1f}" if equal else f"{lengths.min():.1f} to {lengths.max():.1f}"
    whole = f"{lengths.sum():.1f} km of the {border.name} as drawn"
    lines = [f"{count_noun(len(segments), 'segment')} of {span} km, {whole}."]
    if border.calibration is not None:
        lines.append(f"Published length that measures follow: {border.calibration.claim}.")
    for claim in segments.attrs.get("reported", []):
        drawn = max(
            segments.loc[segments[f"admin1_{side}"] == claim["admin1"], "length_km"].sum()
            for side in ("left", "right")
        )
        lines.append(
            f"{claim['admin1']} ({claim['of']}): reported {claim['km']:g} km, "
            f"as drawn {drawn:.1f} km  [{claim['source']}]"
        )
    return "\n".join(lines)


@main.command(name="compare")
@takes_events(types=False)
@click.option(
    "--with",
    "other",
    metavar="KEY|FILE",
    shell_complete=complete_line,
    help="The drawing to compare it with; by default every built-in one.",
)
@writes_table(*PLACED_ENDINGS)
@click.option(
    "--along",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write how far apart the lines are, place by place along the border.",
)
@click.option("--every-km", default=10.0, show_default=True, help="Length of the stretches ranked.")
@click.option(
    "--within-km", default=25.0, show_default=True, help="Count incidents up to this far from the line."
)
def compare_command(
    request: EventRequest,
    other: str | None,
    output: TableOutput,
    along: str | None,
    every_km: float,
    within_km: float,
) -> None:
    """
    Show what changes with the drawing of the border.

    FILE is a table of incidents, several, or `-` for standard input; without one, the 222 incidents
    that come with borderline are compared.

    \b
    Examples:
      borderline compare
      borderline compare --with rtsd-2019
      borderline compare incidents.csv --line osm-2025 --with osm-2026 -o changes.gpkg
    """
    from ..lines import compare_lines, line_agreement

    if along:
        require_ending(along, *PLACED_ENDINGS)
    if other is None:
        if along:
            raise click.UsageError("--along needs --with: it measures how far apart two lines are.")
        _compare_all(request, output, every_km=every_km, within_km=within_km)
        return
    with show_progress() as step:
        step("Reading")
        first, second = load_line(request.line), load_line(other)
        incidents = read_incidents(request)
        step("Measuring")
        agreement = line_agreement(first, second)
        comparison = compare_lines(incidents.events, first, second, every_km=every_km, within_km=within_km)
        step("Writing")
        written = [output.write(comparison.events, "Incidents")]
        if along:
            places = _place_separations(agreement, first)
            written.append(TableOutput(along, output.bom).write(places, "Along the border"))
    output.echo(_describe_agreement(agreement, first, second))
    output.echo(_describe_changes(comparison, first, incidents.period))
    for text in written:
        output.echo(text)


def _compare_all(request: EventRequest, output: TableOutput, *, every_km: float, within_km: float) -> None:
    """Compare a line with every built-in drawing, and print what changes on each."""
    from ..lines import compare_lines

    with show_progress() as step:
        step("Reading")
        first = load_line(request.line)
        incidents = read_incidents(request)
        step("Measuring")
        compared = compare_lines(incidents.events, first, every_km=every_km, within_km=within_km)
        step("Writing")
        written = output.write(compared.events, "Incidents")
    output.echo(_describe_all(compared, first, incidents.period))
    output.echo(written)


def _describe_all(compared: Comparisons, border: Border, period: str) -> str:
    """Return what changes for the incidents on each drawing, in lines."""
    located, changed = compared.events["side_a"].notna(), compared.events["side_changes"]
    days = f" from {period}" if period else ""
    lines = [
        f"{len(located)} incidents{days}, {located.sum()} located on the {border.name}:",
        f"  reference: {border.source.title}",
    ]
    lines.extend(
        f"  {name}: {row.side_changes} change side, {row.province_changes} province; distance changes by "
        f"{row.mean_distance_change_m:,.0f} m in the mean, at most {row.largest_distance_change_m:,.0f} m"
        for name, row in zip(compared.summary.index, compared.summary.itertuples(), strict=True)
    )
    lines.extend(f"  {name}: not compared; {reason}" for name, reason in compared.failed.items())
    lines.append(f"  {changed.sum()} change side on at least one drawing; no drawing is the true one")
    return "\n".join(lines)


def _place_separations(agreement: Agreement, border: Border) -> gpd.GeoDataFrame:
    """Return the separations along the border as points on it."""
    import geopandas as gpd

    table = agreement.table.rename_axis("place")
    points = border.interpolate(table["chainage_m"].to_numpy())
    placed = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(points, crs=4326))
    placed.attrs = dict(table.attrs)
    return placed


def _describe_agreement(agreement: Agreement, first: Border, second: Border) -> str:
    """Return how far apart the two lines are, in lines."""
    lines = [f"{first.name}: two drawings, {agreement.common_km:,.1f} km along each other"]
    for name, border in (("first", first), ("other", second)):
        accuracy = "" if border.accuracy_m is None else f", 90 % known to within {border.accuracy_m:,.0f} m"
        lines.append(f"  {name}: {border.length_m / 1000:.1f} km as drawn{accuracy}; {border.source.credit}")
    shares = ", ".join(f"{level:.0%} within {value:,.0f} m" for level, value in agreement.quantiles_m.items())
    lines.append(f"  apart: mean {agreement.mean_m:,.0f} m, {shares}, at most {agreement.hausdorff_m:,.0f} m")
    lines.append(
        f"  land between: {agreement.area_km2:,.2f} km2, of which {agreement.left_km2:,.2f} lie on the "
        f"{first.left} side of the first line and {agreement.right_km2:,.2f} on its {first.right} side"
    )
    return "\n".join(lines)


def _describe_changes(comparison: Comparison, border: Border, period: str) -> str:
    """Return what changes for the incidents, in lines."""
    summary = comparison.summary
    days = f" from {period}" if period else ""
    return (
        f"{summary['events']} incidents{days}, {summary['located']} located on the {border.name}:\n"
        f"  {summary['side_changes']} change side, {summary['province_changes']} province, "
        f"{summary['segment_changes']} stretch; distance changes by "
        f"{summary['mean_distance_change_m']:,.0f} m in the mean, at most "
        f"{summary['largest_distance_change_m']:,.0f} m\n"
        f"  {summary['rank_changes']} of {len(comparison.segments)} stretches change rank by incidents "
        f"per km (rank correlation {summary['rank_correlation']:.3f})"
    )
