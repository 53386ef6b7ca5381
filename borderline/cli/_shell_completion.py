"""Completion of catalog keys, from the JSON of the catalog alone: no table is loaded for a Tab."""

from __future__ import annotations

import json
from typing import Any

import click
from click.shell_completion import CompletionItem

from .._paths import data_path

__all__ = ["complete_layer", "complete_line", "read_catalog"]


def read_catalog() -> dict[str, Any]:
    """Return the catalog of built-in data as it is written, unchecked."""
    catalog: dict[str, Any] = json.loads(data_path("geodata", "catalog.json").read_text(encoding="utf-8"))
    return catalog


def complete_layer(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Return the keys of layers that begin with what was typed."""
    return [layer["key"] for layer in read_catalog()["layers"] if layer["key"].startswith(typed)]


def complete_line(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Return the drawings of the built-in border that begin with what was typed; files where none does."""
    border = read_catalog()["borders"][0]
    keys = [CompletionItem(key) for key in border["lines"] if key.startswith(typed)]
    return keys or [CompletionItem(typed, type="file")]
