"""
The command: parse, call, write.

Exit status: 0 when done, 1 when data or a file cannot be used, 2 when the command
line cannot be read.
"""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from .errors import BorderlineError, BorderlineWarning, FormatError

if TYPE_CHECKING:
    import geopandas as gpd

    from .border import Border
    from .catalog import Record

__all__ = ["main"]

#: What the density of the map is taken from, unless told otherwise.
EVERY_KM, WITHIN_KM = 10.0, 25.0


class _Group(click.Group):
    """Turn what the library raises into one line and exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        with warnings.catch_warnings():
            warnings.simplefilter("always", BorderlineWarning)
            warnings.showwarning = _say_warning
            try:
                return super().invoke(ctx)
            except BorderlineError as error:
                raise click.ClickException(" ".join(str(error).split())) from error
            except BrokenPipeError:
                raise  # the reader has seen enough; click ends quietly
            except OSError as error:
                where = f"{error.filename}: " if error.filename else ""
                raise click.ClickException(f"{where}{error.strerror or error}") from error


def _say_warning(message: Warning | str, *_: object, **__: object) -> None:
    click.echo(f"Note: {' '.join(str(message).split())}", err=True)


@click.group(
    cls=_Group,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="borderline-geo", prog_name="borderline")
@click.pass_context
def main(ctx: click.Context) -> None:
    """
    Turn reports of border incidents into measured facts about a border.

    \b
    Start here, with the incidents that come along:
      borderline map -o border.html
    Then with your own table (CSV with latitude and longitude, GeoPackage, GeoJSON ...):
      borderline map incidents.csv -o map.html
      borderline locate incidents.csv -o located.csv
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


_line_option = click.option(
    "--line", metavar="KEY", help="Which drawing of the border; see `borderline border`."
)
_columns_option = click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="OURS=THEIRS",
    help="Which column holds what, such as event_date=When. May be repeated.",
)


@main.command(name="map")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False))
@click.option("-o", "--output", default="border.html", show_default=True, type=click.Path(dir_okay=False))
@_line_option
@_columns_option
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
    from .intensity import density
    from .mapping import explore
    from .segmentation import segment

    _needs_ending(output, ".html", ".htm")
    with _progress() as step:
        located, border = _located(file, line, columns, step)
        step("Counting")
        counted = located if all_types else located[~_talk(located)]
        segments = density(counted, segment(border, every_km=every_km), within_km=within_km)
        step("Drawing")
        explore(located, border, segments, title=title, language=language).save(output)
    _summary(located, counted, segments, border)
    click.echo(f"Map: {output}")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False), help="Its ending decides the format."
)
@_line_option
@_columns_option
def locate(file: str, output: str, line: str | None, columns: tuple[str, ...]) -> None:
    """
    Add province, side, distance and kilometre to a table of incidents.

    \b
    Example:
      borderline locate incidents.csv -o located.gpkg
    """
    from .readers import write_events

    with _progress() as step:
        located, border = _located(file, line, columns, step)
        step("Writing")
        path = write_events(located, output)
    click.echo(_heads(located, border))
    click.echo(f"Table: {path}")


@main.command(name="border")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False), help="Write the line; .geojson, .gpkg or .fgb."
)
@_line_option
def border_command(output: str | None, line: str | None) -> None:
    """
    Tell what the built-in border is, and write its line.

    \b
    Example:
      borderline border -o border.geojson
    """
    from . import catalog
    from .loading import load_border

    if output:
        _needs_ending(output, ".geojson", ".gpkg", ".fgb", ".parquet")
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
        click.echo(f"Line: {_write_line(border, output)}")


@main.command(name="catalog")
@click.argument("key", required=False)
@click.option("--verify", is_flag=True, help="Read every layer and recompute its checksum.")
def catalog_command(key: str | None, verify: bool) -> None:  # noqa: FBT001 - click passes it by keyword
    """
    List the built-in data: what each layer is, how good, under which licence.

    With KEY, tell everything about one layer.

    \b
    Example:
      borderline catalog --verify
    """
    from . import catalog

    keys = [key] if key else catalog.list().index.tolist()
    records = [catalog.get(each) for each in keys]
    for record in records:
        click.echo(_whole(record) if key else _short(record))
    if verify:
        for record in records:
            read = catalog.read_table if record.crs is None else catalog.read_layer
            read(record.key)
        click.echo(f"Verified: {len(records)} of {len(records)} layers are what their records say.")


def _short(record: Record) -> str:
    accuracy = "accuracy not known" if record.accuracy_m is None else f"accuracy {record.accuracy_m:g} m"
    counted = f"{record.feature_count} {'rows' if record.crs is None else 'features'}"
    facts = (record.date, record.license, counted, accuracy)
    return f"{record.key:<14} {record.kind:<8} {record.title}\n{'':<24}{', '.join(filter(None, facts))}"


def _whole(record: Record) -> str:
    facts = {name: getattr(record, name) for name in record.__slots__ if name != "origins"}
    origins = [f"{each.name} {each.version}, {each.license} {each.sha256}" for each in record.origins]
    lines = [f"{name}: {'not known' if value is None else value}" for name, value in facts.items()]
    return "\n".join([*lines, *(f"made from: {origin.strip()}" for origin in origins)])


def _write_line(border: Border, output: str) -> str:
    import geopandas as gpd

    from .readers import write_events

    facts = {
        "name": [border.name],
        "left": [border.left],
        "right": [border.right],
        "length_m": [border.length_m],
        "nominal_length_km": [border.nominal_length_km],
        "accuracy_m": [border.accuracy_m],
        "source": [border.source.credit],
        "license": [border.source.license],
    }
    table = gpd.GeoDataFrame(facts, geometry=[border.line], crs=4326)
    table.attrs["sources"] = [border.source]
    return str(write_events(table, output))


def _needs_ending(path: str, *endings: str) -> None:
    if not path.lower().endswith(endings):
        raise FormatError(f"{path}: the name must end in {' or '.join(endings)}.")


def _located(
    file: str | None,
    line: str | None,
    columns: tuple[str, ...],
    step: Any,  # noqa: ANN401 - a callable
) -> tuple[gpd.GeoDataFrame, Border]:
    """Read, geocode and locate."""
    from .geocoding import geocode
    from .loading import load_border
    from .readers import load_seeds, read_events
    from .referencing import locate as refer

    pairs = [each.partition("=") for each in columns]
    if any(not (ours and theirs) for ours, _, theirs in pairs):
        raise click.BadParameter("give OURS=THEIRS, such as event_date=When", param_hint="--column")
    step("Reading")
    border = load_border(line=line)
    mapping = {ours: theirs for ours, _, theirs in pairs}
    events = load_seeds() if file is None else read_events(file, columns=mapping or None)
    step("Finding provinces")
    coded = geocode(events)
    step("Measuring")
    return refer(coded, border), border


def _talk(located: gpd.GeoDataFrame) -> pd.Series[bool]:
    from .schema import NOT_VIOLENT

    talk: pd.Series[bool] = located["event_type"].isin(NOT_VIOLENT)
    return talk


def _heads(located: gpd.GeoDataFrame, border: Border) -> str:
    placed = int(located["chainage_m"].notna().sum())
    provinces = int(located["admin1"].notna().sum())
    text = f"{len(located)} incidents, {placed} located on the {border.name}, {provinces} in a known province"
    rejects = sum(located.attrs.get("rejects", {}).values())
    return text + (f"; {rejects} rows set aside" if rejects else "") + "."


def _summary(
    located: gpd.GeoDataFrame, counted: gpd.GeoDataFrame, segments: gpd.GeoDataFrame, border: Border
) -> None:
    """Say in a few lines what the map shows."""
    click.echo(_heads(located, border))
    out = segments.attrs["left_out"]
    within = segments.attrs["within_km"]
    click.echo(
        f"Densest stretches, from {segments['n_events'].sum()} of {len(counted)} incidents counted "
        f"({out['no_chainage']} without a position, {out['beyond_end']} past an end of the line, "
        f"{out['beyond_within_km']} farther than {within:g} km):"
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


@contextlib.contextmanager
def _progress() -> Iterator[Any]:
    """Show what is being done, where somebody is looking."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Starting") as status:
        yield lambda what: status.update(f"{what} ...")
