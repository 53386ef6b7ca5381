"""The commands about files of incidents: `check`, `update`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ._command_group import main
from ._event_files import open_sources
from ._event_options import EventRequest, takes_events
from ._progress import show_progress
from ._table_output import TableOutput, writes_table

if TYPE_CHECKING:
    import pandas as pd

    from ..readers import Check

__all__ = ["check_command"]

#: How many reasons are shown with their first detail; the rest stand in the file.
_N_REASONS: Final = 12


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
        check = check_events(open_sources(request.files), format=request.format, columns=request.columns)
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
