"""The commands about files of incidents: `check`, `update`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import click

from ..errors import TableError
from ._command_group import main
from ._event_files import open_sources
from ._event_options import EventRequest, takes_events
from ._progress import show_progress
from ._summaries import count_noun
from ._table_output import PLACED_ENDINGS, TableOutput, writes_table

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from ..readers import Check

__all__ = ["check_command", "update_command"]

#: How many reasons are shown with their first detail; the rest stand in the file.
_N_REASONS: Final = 12
#: How many likely repeats are shown.
_N_PAIRS: Final = 5


@main.command(name="check")
@takes_events(required=True, line=False, counts=False)
@writes_table(".csv", ".xlsx")
def check_command(request: EventRequest, output: TableOutput) -> None:
    """
    Show how a file is read, and which rows cannot be used.

    With -o the rows set aside or mended are written, each with its reason.

    \b
    Example:
      borderline check export.csv -o rejects.csv
    """
    from ..readers import check_events

    with show_progress() as step:
        step("Reading")
        check = check_events(open_sources(request.files), **request.reading)
        written = output.write(_list_faults(check), "Rows")
    output.echo(_describe_check(check))
    output.echo(written)


def _describe_check(check: Check) -> str:
    """Return how the file was read and why rows cannot be used, in lines."""
    lines = [f"Read as {check.format}: {check.why}."]
    encoding = check.events.attrs.get("encoding")
    if encoding:
        lines.append(f"Text in {encoding}.")
    lines.append(str(check))
    for account in (check.rejects, check.repairs):
        for reason, rows in list(account.groupby("reason", sort=True))[:_N_REASONS]:
            lines.append(f"  {reason}, row {rows['row'].iloc[0]}: {rows['detail'].iloc[0]}")
    missing = int(check.events.geometry.isna().sum())
    if missing:
        lines.append(f"{missing} events have no position.")
    return "\n".join(lines)


def _list_faults(check: Check) -> pd.DataFrame:
    """Return the rows set aside, then those mended, with the outcome first."""
    import pandas as pd

    accounts = [check.rejects.assign(outcome="set aside"), check.repairs.assign(outcome="mended")]
    table = pd.concat(accounts, ignore_index=True)
    return table.set_index("outcome")


@main.command(name="update")
@takes_events(required=True, line=False, counts=False)
@writes_table(*PLACED_ENDINGS)
def update_command(request: EventRequest, output: TableOutput) -> None:
    """
    Add newer tables to an older one.

    The first FILE is the table that you have, each further one is newer. A row replaces the older one
    with the same identifier; other rows are added; older rows that are missing from the newer
    tables are kept. --column names columns of every file. Without -o nothing is written.

    \b
    Example:
      borderline update incidents.csv this-week.csv -o incidents.csv
    """
    if len(request.files) < 2:
        raise click.UsageError("Name two files or more: the table that you have, then the newer ones.")
    with show_progress() as step:
        step("Reading")
        tables = [_read_identified(name, request) for name in request.files]
        step("Updating")
        update = _update_events(tables)
        repeats = _find_repeats(update)
        written = output.write(update.events)
    for name, table in zip(request.files, tables, strict=True):
        output.echo(f"{name}: {count_noun(len(table), 'incident')}")
    output.echo(
        f"{count_noun(len(update.events), 'incident')}: {len(update.added)} added, "
        f"{len(update.replaced)} replaced ({len(update.changed)} of them changed), {update.n_kept} kept."
    )
    output.echo(_describe_repeats(repeats))
    output.echo(written)


class _Update(NamedTuple):
    """An older table with the rows of newer ones."""

    #: Rows of the older table in their order, then those added.
    events: gpd.GeoDataFrame
    #: Identifiers that the older table lacks.
    added: pd.Index
    #: Identifiers that it has, and a newer one as well.
    replaced: pd.Index
    #: Those of them whose row says something else now.
    changed: pd.Index

    @property
    def n_kept(self) -> int:
        """How many rows of the older table no newer one has."""
        return len(self.events) - len(self.added) - len(self.replaced)


def _read_identified(name: str, request: EventRequest) -> gpd.GeoDataFrame:
    """Read a table whose rows have identifiers."""
    from ..readers import read_events

    events = read_events(open_sources((name,)), **request.reading)
    if "row numbers" in events.attrs["event_id"]:
        raise TableError(
            f"{name}: rows without an identifier cannot be matched with those of another table; name the "
            'column with columns={"event_id": ...}.'
        )
    return events


def _update_events(tables: list[gpd.GeoDataFrame]) -> _Update:
    import pandas as pd

    from ..readers import check_events

    older, *newer = tables
    for table in newer:
        _require_same_dataset(older, table)
    # Of rows with one identifier the first that is read counts.
    events = check_events([*reversed(newer), older]).events
    events.attrs.pop("rejects", None)
    recent = pd.Index([event_id for table in newer for event_id in table.index]).unique()
    added, replaced = recent[~recent.isin(older.index)], older.index[older.index.isin(recent)]
    changed = replaced[_has_changed(older.loc[replaced], events.loc[replaced])]
    return _Update(events.loc[[*older.index, *added]], added, replaced, changed)


def _require_same_dataset(older: gpd.GeoDataFrame, newer: gpd.GeoDataFrame) -> None:
    """Refuse rows with one identifier that come from different datasets."""
    common = older.index.intersection(newer.index)
    before, after = older.loc[common, "dataset"], newer.loc[common, "dataset"]
    other = (before != after).fillna(value=False)
    if other.any():
        row = common[other.to_numpy(dtype=bool)][0]
        raise TableError(
            f"The identifier {row!r} stands for a row of {before[row]!r} and for one of {after[row]!r}: "
            "providers number independently. Put the name of the dataset before the identifiers of one."
        )


def _has_changed(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> list[bool]:
    """Return for each row whether any column that both tables have says something else."""
    names = [name for name in before.columns if name in after.columns and name != before.geometry.name]
    texts = [frame[names].astype("string").fillna("").agg("\x1f".join, axis=1) for frame in (before, after)]
    moved = ~before.geometry.geom_equals_exact(after.geometry, 1e-9)
    moved &= ~(before.geometry.isna() & after.geometry.isna())
    changed: list[bool] = ((texts[0] != texts[1]) | moved).tolist()
    return changed


def _find_repeats(update: _Update) -> pd.DataFrame:
    """Return the pairs of an added and another row that may describe one event."""
    from ..deduplication import duplicate_pairs

    pairs = duplicate_pairs(update.events)
    return pairs[pairs["first"].isin(update.added) | pairs["second"].isin(update.added)]


def _describe_repeats(pairs: pd.DataFrame) -> str:
    if pairs.empty:
        return ""
    lines = [
        f"{count_noun(len(pairs), 'pair')} of rows may describe one incident; both rows are in the table:"
    ]
    for row in pairs.head(_N_PAIRS).to_dict("records"):
        apart = "" if row["distance_m"] != row["distance_m"] else f", {row['distance_m']:,.0f} m apart"
        lines.append(f"  {row['first']} and {row['second']}: score {row['score']:.2f}{apart}")
    return "\n".join(lines)
