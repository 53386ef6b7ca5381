"""What the Tab key offers for keys of the catalog."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

__all__ = ["layer_keys", "line_keys"]


def layer_keys(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """List the layers whose key begins so."""
    from .. import catalog

    return [key for key in catalog.list_layers().index if key.startswith(typed)]


def line_keys(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """List the drawings of the built-in border whose key begins so; files where none does."""
    from .. import catalog

    keys = [key for key in catalog.get_border("khm-tha").lines if key.startswith(typed)]
    return [CompletionItem(key) for key in keys] or [CompletionItem(typed, type="file")]
