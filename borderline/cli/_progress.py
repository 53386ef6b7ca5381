"""What a command is doing, shown where somebody is looking."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

__all__ = ["show_progress"]


@contextlib.contextmanager
def show_progress() -> Iterator[Callable[[str], object]]:
    """Yield a function that shows the step in hand on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _step: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Starting") as status:
        yield lambda step: status.update(f"{step} ...")
