"""Files of incidents on the command line: names, patterns and standard input."""

from __future__ import annotations

import glob
import pathlib
import sys
from typing import Any

import click
from click.shell_completion import CompletionItem

__all__ = ["EventFiles", "open_sources"]


class EventFiles(click.ParamType):  # type: ignore[type-arg] # generic since click 8.5
    """A file that exists, a pattern such as ``*.csv``, or ``-`` for standard input: one or more paths."""

    name = "file"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's own signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, ...]:
        """Return the files that a word stands for; patterns are expanded where the shell did not."""
        if isinstance(value, tuple):
            return value
        if value == "-":
            return ("-",)
        if pathlib.Path(value).is_dir() and pathlib.Path(value).suffix.lower() != ".gdb":
            self.fail(f"{value!r} is a folder; name its files, such as {value}/*.csv.", param, ctx)
        if pathlib.Path(value).exists():
            return (value,)
        if "://" in value:
            self.fail(
                f"{value!r} is a web address; download it first, and name the file or pipe it in.", param, ctx
            )
        if not glob.has_magic(value):
            self.fail(f"File {value!r} does not exist.", param, ctx)
        names = glob.glob(value, recursive=True)  # noqa: PTH207 - a Path cannot expand an absolute pattern
        matches = sorted(name for name in names if pathlib.Path(name).is_file())
        if not matches:
            self.fail(f"No file matches {value!r}.", param, ctx)
        return tuple(matches)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Let the shell complete the name of a file."""
        del ctx, param
        return [CompletionItem(incomplete, type="file")]


def open_sources(files: tuple[str, ...]) -> Any:  # noqa: ANN401 - what `read_events` takes
    """Return paths and, for ``-``, the open standard input, as `read_events` takes them."""
    sources = [sys.stdin.buffer if name == "-" else name for name in files]
    return sources[0] if len(sources) == 1 else sources
