"""`borderline catalog`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ._app import main
from ._completing import layer_keys

if TYPE_CHECKING:
    from ..catalog import Record

__all__ = ["catalog_command"]


@main.command(name="catalog")
@click.argument("key", required=False, shell_complete=layer_keys)
@click.option("--verify", is_flag=True, help="Read every layer and recompute its checksum.")
def catalog_command(key: str | None, verify: bool) -> None:  # noqa: FBT001 - click passes it by keyword
    """
    List the built-in data: what each layer is, how good, under which licence.

    With KEY, tell everything about one layer.

    \b
    Example:
      borderline catalog --verify
    """
    from .. import catalog

    keys = [key] if key else catalog.list_layers().index.tolist()
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
