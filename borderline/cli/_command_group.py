"""The group of commands: its help, and the library's errors as one line each."""

from __future__ import annotations

import warnings
from typing import Any, Final

import click

from ..errors import BorderlineError, BorderlineWarning, PositionWarning
from ._shell_completion import read_catalog
from ._shell_messages import translate_message

__all__ = ["main"]

_EPILOG: Final = """
Exit status: 0 when done; 1 when data, a file or a value cannot be used; 2 when the command line cannot be
parsed.

\b
Tab completion for Bash, in ~/.bashrc:
  eval "$(_BORDERLINE_COMPLETE=bash_source borderline)"
"""


class _CommandGroup(click.Group):
    """Print an error of the library as one line, in the words of the shell, with exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        with warnings.catch_warnings():
            warnings.simplefilter("always", BorderlineWarning)
            # A command that counts says so in its summary.
            warnings.filterwarnings("ignore", ".*finer than its positions", PositionWarning)
            warnings.showwarning = _print_warning
            try:
                return super().invoke(ctx)
            except BorderlineError as error:
                raise click.ClickException(translate_message(str(error), self._find_command(ctx))) from error
            except BrokenPipeError:
                raise  # the next program in the pipe has read enough; click ends quietly
            except OSError as error:
                path = f"{error.filename}: " if error.filename else ""
                raise click.ClickException(f"{path}{error.strerror or error}") from error

    def _find_command(self, ctx: click.Context) -> click.Command:
        """Return the command that is running, for the names of its options."""
        return self.commands.get(ctx.invoked_subcommand or "", self)


def _print_warning(message: Warning | str, *_: object, **__: object) -> None:
    ctx = click.get_current_context(silent=True)
    command = main if ctx is None else ctx.command
    click.echo(f"Note: {translate_message(str(message), command)}", err=True)


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's own signature
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import version

    layers = read_catalog()["layers"]
    width = max(len(layer["key"]) for layer in layers)
    click.echo(f"borderline, version {version('borderline-geo')}")
    click.echo("Data, with date and checksum:")
    for layer in layers:
        click.echo(f"  {layer['key']:<{width}}  {layer['date']:<10}  {layer['sha256'][:12]}")
    ctx.exit()


@click.group(
    cls=_CommandGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EPILOG,
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and the built-in data.",
)
@click.pass_context
def main(ctx: click.Context) -> None:
    """
    Turn reports of border incidents into measured facts about a border.

    \b
    Start with the incidents that come with borderline:
      borderline map -o border.html
    Then take a table of your own (CSV with latitude and longitude, Excel, GeoPackage ...):
      borderline check incidents.csv
      borderline map incidents.csv -o map.html
      borderline locate incidents.csv -o located.csv
      borderline density incidents.csv -o density.csv
      borderline provinces incidents.csv
      borderline update incidents.csv this-week.csv -o incidents.csv
    Or a single place, latitude first:
      borderline distance 14.3491,103.2664
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
