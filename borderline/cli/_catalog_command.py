"""The command `catalog`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ._command_group import main
from ._shell_completion import complete_layer

if TYPE_CHECKING:
    from ..catalog import Record

__all__ = ["catalog_command"]


@main.command(name="catalog")
@click.argument("key", required=False, shell_complete=complete_layer)
@click.option("--verify", is_flag=True, help="Read every layer and recompute its checksum.")
def catalog_command(key: str | None, verify: bool) -> None:  # noqa: FBT001 - click passes it by keyword
    """
    List the built-in data, with accuracy and licence.

    With KEY, show the whole record of one layer.

    \b
    Examples:
      borderline catalog admin1
      borderline catalog --verify
    """
    from .. import catalog

    keys = [key] if key else catalog.list_layers().index.tolist()
    records = [catalog.get(name) for name in keys]
    for record in records:
        click.echo(_describe_whole(record) if key else _describe_short(record))
    if verify:
        for record in records:
            read = catalog.read_table if record.crs is None else catalog.read_layer
            read(record.key)
        click.echo(f"Verified: {len(records)} of {len(records)} layers are what their records say.")


def _describe_short(record: Record) -> str:
    accuracy = "accuracy not known" if record.accuracy_m is None else f"accuracy {record.accuracy_m:g} m"
    size = f"{record.feature_count} {'rows' if record.crs is None else 'features'}"
    facts = (record.date, record.license, size, accuracy)
    return f"{record.key:<14} {record.kind:<8} {record.title}\n{'':<24}{', '.join(filter(None, facts))}"


def _describe_whole(record: Record) -> str:
    facts = {name: getattr(record, name) for name in record.__slots__ if name != "origins"}
    lines = [f"{name}: {'not known' if value is None else value}" for name, value in facts.items()]
    for origin in record.origins:
        text = f"made from: {origin.name} {origin.version}, {origin.license} {origin.sha256}"
        lines.append(text.strip())
    return "\n".join(lines)
