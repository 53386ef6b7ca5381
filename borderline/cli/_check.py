"""`borderline check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ._app import main
from ._steps import column_mapping, columns_option, needs_ending, progress

if TYPE_CHECKING:
    from ..readers import Check

__all__ = ["check_command"]

#: Reasons shown with their first detail; the rest stand in the file.
_SHOWN = 12


@main.command(name="check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False), help="Write the rows set aside or mended; .csv."
)
@click.option("--format", "layout", default="auto", show_default=True, help="Layout, where it is not found.")
@columns_option
def check_command(file: str, output: str | None, layout: str, columns: tuple[str, ...]) -> None:
    """
    Tell what a file of incidents is, and which of its rows cannot be used.

    \b
    Example:
      borderline check export.csv -o rejects.csv
    """
    from ..readers import check_events

    if output:
        needs_ending(output, ".csv")
    with progress() as step:
        step("Reading")
        check = check_events(file, format=layout, columns=column_mapping(columns))
    _tell(check)
    if output:
        _write(check, output)


def _tell(check: Check) -> None:
    click.echo(f"Read as {check.format}: {check.why}.")
    encoding = check.events.attrs.get("encoding")
    if encoding:
        click.echo(f"Text in {encoding}.")
    click.echo(str(check))
    for account in (check.rejects, check.repairs):
        for reason, rows in list(account.groupby("reason", sort=True))[:_SHOWN]:
            click.echo(f"  {reason}, row {rows['row'].iloc[0]}: {rows['detail'].iloc[0]}")
    missing = int(check.events.geometry.isna().sum())
    if missing:
        click.echo(f"{missing} events have no position.")


def _write(check: Check, output: str) -> None:
    import pandas as pd

    whole = pd.concat(
        [check.rejects.assign(outcome="set aside"), check.repairs.assign(outcome="mended")], ignore_index=True
    )
    whole.insert(0, "outcome", whole.pop("outcome"))
    whole.to_csv(output, index=False)
    click.echo(f"Rows: {output}")
