"""The command itself: its help, and what the library raises as one line."""

from __future__ import annotations

import warnings
from typing import Any

import click

from ..errors import BorderlineError, BorderlineWarning

__all__ = ["main"]


_EPILOG = """
Exit status: 0 when done, 1 when data or a file cannot be used, 2 when the command line cannot be read.

\b
Tab completion for Bash, in ~/.bashrc:
  eval "$(_BORDERLINE_COMPLETE=bash_source borderline)"
"""


class _Group(click.Group):
    """Turn what the library raises into one line and exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        with warnings.catch_warnings():
            warnings.simplefilter("always", BorderlineWarning)
            warnings.showwarning = _say_warning
            try:
                return super().invoke(ctx)
            except BorderlineError as error:
                raise click.ClickException(" ".join(str(error).split())) from error
            except BrokenPipeError:
                raise  # the reader has seen enough; click ends quietly
            except OSError as error:
                where = f"{error.filename}: " if error.filename else ""
                raise click.ClickException(f"{where}{error.strerror or error}") from error


def _say_warning(message: Warning | str, *_: object, **__: object) -> None:
    click.echo(f"Note: {' '.join(str(message).split())}", err=True)


def _tell_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's own signature
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import version

    from .. import catalog

    records = [catalog.get(key) for key in catalog.list_layers().index]
    width = max(len(record.key) for record in records)
    click.echo(f"borderline, version {version('borderline-geo')}")
    click.echo("Data, with date and checksum:")
    for record in records:
        click.echo(f"  {record.key:<{width}}  {record.date:<10}  {record.sha256[:12]}")
    ctx.exit()


@click.group(
    cls=_Group,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EPILOG,
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Show the version, and which data comes with it.",
)
@click.pass_context
def main(ctx: click.Context) -> None:
    """
    Turn reports of border incidents into measured facts about a border.

    \b
    Start here, with the incidents that come along:
      borderline map -o border.html
    Then with your own table (CSV with latitude and longitude, GeoPackage, GeoJSON ...):
      borderline map incidents.csv -o map.html
      borderline locate incidents.csv -o located.csv
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
