"""Options of the commands that read incidents: files, drawing, columns, period."""

from __future__ import annotations

import dataclasses
import functools
import pathlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ._event_files import EventFiles, open_sources
from ._shell_completion import complete_line

if TYPE_CHECKING:
    import geopandas as gpd

    from ..border import Border

__all__ = [
    "EventRequest",
    "Incidents",
    "geocode_incidents",
    "is_border_file",
    "line_option",
    "load_line",
    "locate_incidents",
    "read_incidents",
    "takes_events",
]

line_option = click.option(
    "--line",
    metavar="KEY|FILE",
    shell_complete=complete_line,
    help="Drawing of the border to use: a key that `borderline border` lists, or a file with a border of "
    "your own, as that command writes it.",
)
_columns_option = click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="OURS=THEIRS",
    help="Which column of the file holds what, such as event_date=When. May be repeated.",
)
_format_option = click.option(
    "--format",
    metavar="LAYOUT",
    default="auto",
    show_default=True,
    help="Layout of the file where it is not recognised, such as acled or table.",
)
_sheet_option = click.option(
    "--sheet", metavar="NAME", help="Sheet of a spreadsheet, where several hold tables that differ."
)
_layer_option = click.option(
    "--layer", metavar="NAME", help="Layer of a map file, where several hold tables that differ."
)
_encoding_option = click.option(
    "--encoding", metavar="NAME", help="Encoding of text that is neither Unicode, nor Thai, nor Western."
)
_datum_option = click.option(
    "--datum",
    metavar="NAME",
    help="Datum of coordinates in columns, such as 'Indian 1975' or the EPSG code of a geographic CRS; "
    "WGS 84 unless given.",
)
_since_option = click.option(
    "--since", metavar="DATE", help="Count from this day, month or year on, such as 2025-07-24 or 2025-07."
)
_until_option = click.option(
    "--until", metavar="DATE", help="Count up to this day, month or year, which is included."
)
_all_types_option = click.option(
    "--all-types", is_flag=True, help="Count talks, protests and allegations as well."
)


@dataclasses.dataclass(frozen=True)
class EventRequest:
    """Which incidents a command is about, as the command line says."""

    #: Files, ``-`` for standard input; none for the incidents that come with borderline.
    files: tuple[str, ...]
    #: Key of a drawing, or a file with a border; None for the default drawing.
    line: str | None = None
    #: Event columns and the columns of the file that hold them.
    columns: dict[str, str] | None = None
    #: Layout of the files.
    format: str = "auto"
    #: Sheet of a spreadsheet, layer of a map, encoding of text; None where they are found.
    sheet: str | None = None
    layer: str | None = None
    encoding: str | None = None
    #: Datum of coordinates in columns; None for WGS 84.
    datum: str | None = None
    #: First and last period, both included; None where open.
    since: str | None = None
    until: str | None = None
    #: Whether events count that are not violent.
    all_types: bool = False

    @property
    def reading(self) -> dict[str, Any]:
        """The options of `read_events`."""
        names = ("format", "columns", "sheet", "layer", "encoding", "datum")
        return {name: getattr(self, name) for name in names}

    @property
    def period(self) -> tuple[str | None, str | None] | None:
        """First and last period; None where neither is given."""
        return None if self.since is None and self.until is None else (self.since, self.until)


@dataclasses.dataclass(frozen=True)
class Incidents:
    """The incidents of a request."""

    #: Those of the period, whether their type counts or not.
    events: gpd.GeoDataFrame
    #: Whether events count that are not violent.
    all_types: bool
    #: How many were read.
    n_read: int
    #: The period in words; empty where none was asked for.
    period: str
    #: How many were read and do not belong to the period, by reason.
    outside: dict[str, int]

    @property
    def counted(self) -> gpd.GeoDataFrame:
        """The events whose type counts."""
        from ..schema import NOT_VIOLENT

        if self.all_types:
            return self.events
        return self.events[~self.events["event_type"].isin(NOT_VIOLENT)]


def takes_events(
    *, required: bool = False, line: bool = True, counts: bool = True, types: bool = True
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """
    Give a command its files of incidents and their options, as one `EventRequest`.

    Parameters
    ----------
    required
        Whether a file must be named.
    line
        Whether the command refers incidents to a drawing of the border.
    counts
        Whether the command counts, so that a period matters.
    types
        Whether a command that counts leaves out what is not violent unless told otherwise.

    Returns
    -------
    decorate
        The decorated function takes the request as ``request``.
    """
    metavar = "FILE..." if required else "[FILE]..."
    options = [
        click.argument(
            "files",
            nargs=-1,
            required=required,
            type=EventFiles(),
            metavar=metavar,
        ),
        *([line_option] if line else []),
        _columns_option,
        _format_option,
        _sheet_option,
        _layer_option,
        _encoding_option,
        _datum_option,
        *([_since_option, _until_option] if counts else []),
        *([_all_types_option] if counts and types else []),
    ]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def call(**options: Any) -> None:  # noqa: ANN401 - the options of the command
            files = dict.fromkeys(path for paths in options.pop("files") for path in paths)
            columns = _read_columns(options.pop("columns"))
            names = [field.name for field in dataclasses.fields(EventRequest)]
            given = {name: options.pop(name) for name in names if name in options}
            request = EventRequest(files=tuple(files), columns=columns, **given)
            command(request=request, **options)

        for option in reversed(options):
            call = option(call)
        return call

    return decorate


def _read_columns(pairs: tuple[str, ...]) -> dict[str, str] | None:
    """Return the mapping that ``OURS=THEIRS`` pairs give; None where there are none."""
    parts = [pair.partition("=") for pair in pairs]
    if any(not (name and column) for name, _, column in parts):
        raise click.BadParameter("give OURS=THEIRS, such as event_date=When", param_hint="--column")
    return {name: column for name, _, column in parts} or None


def is_border_file(line: str | None) -> bool:
    """Return whether ``--line`` names a file, by its ending, and not the key of a drawing."""
    return line is not None and bool(pathlib.Path(line).suffix)


def load_line(line: str | None) -> Border:
    """Load a drawing of the built-in border by its key, or a border from a file."""
    from ..border import Border
    from ..catalog import load_border

    if line is not None and is_border_file(line):
        border = Border.from_file(line)
        return (
            border if border.name else dataclasses.replace(border, name=f"line of {pathlib.Path(line).name}")
        )
    return load_border(line=line)


def read_incidents(request: EventRequest) -> Incidents:
    """Read the incidents of a request and select those of its period."""
    from ..readers import load_incidents, read_events

    if request.files:
        sources = open_sources(request.files)
        events = read_events(sources, **request.reading)
    else:
        events = load_incidents()
    whole = Incidents(events, request.all_types, len(events), "", {})
    return whole if request.period is None else _select_period(whole, request.period)


def _select_period(incidents: Incidents, period: tuple[str | None, str | None]) -> Incidents:
    from ..stats._period import event_days, read_period

    days = event_days(incidents.events, verb="--since and --until")
    span = read_period(period, days, name="the period of --since and --until")
    inside = span.touches(days)
    outside = {
        "no_date": int(days.missing.sum()),
        "outside_period": int((~inside & ~days.missing).sum()),
    }
    return dataclasses.replace(incidents, events=incidents.events[inside], period=span.text, outside=outside)


def geocode_incidents(request: EventRequest, step: Callable[[str], object]) -> Incidents:
    """Read the incidents of a request and find their provinces."""
    from ..geocoding import geocode

    step("Reading")
    incidents = read_incidents(request)
    step("Finding provinces")
    return dataclasses.replace(incidents, events=geocode(incidents.events))


def locate_incidents(
    request: EventRequest, step: Callable[[str], object], *, level: float | None = None
) -> tuple[Incidents, Border]:
    """Read the incidents of a request, find their provinces and refer them to the border."""
    from ..referencing import locate

    border = load_line(request.line)
    incidents = geocode_incidents(request, step)
    step("Measuring")
    return dataclasses.replace(incidents, events=locate(incidents.events, border, level=level)), border
