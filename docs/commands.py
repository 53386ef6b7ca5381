"""
Run the commands of the page on the command line and write what they print: ``python docs/commands.py``.

A block of commands that is followed by a block of text shows there what its commands print, on
standard output and standard error alike. The page runs from top to bottom, in a folder with the
incidents that come with borderline as ``incidents.csv``, and the last three of them as
``this-week.csv``, one under a new identifier.
"""

from __future__ import annotations

import os
import pathlib
import re
import shlex
import tempfile

from click.testing import CliRunner

import borderline as bl
from borderline.cli import main

PAGE = pathlib.Path(__file__).parent / "how-to" / "command-line.md"
BLOCK = re.compile(
    r"^```console\n(?P<lines>.*?)^```\n(?P<output>\n```text\n.*?^```\n)?", re.DOTALL | re.MULTILINE
)


def run_line(line):
    """Run one line and return what it prints."""
    prompt, program, *words = shlex.split(line)
    if (prompt, program) != ("$", "borderline"):
        raise ValueError(f"not a command of borderline: {line}")
    done = CliRunner().invoke(main, words, prog_name="borderline")
    if done.exit_code:
        raise ValueError(f"{line}: {done.output}")
    return "".join(f"{text.rstrip()}\n" for text in done.output.splitlines())


def run_page(text):
    """Return the page with what its commands print, run in the current folder."""
    incidents = bl.load_incidents()
    bl.write_table(incidents, "incidents.csv")
    this_week = incidents.tail(3)
    this_week.index = [*this_week.index[:2], "report-1"]
    bl.write_table(this_week, "this-week.csv")

    def replace(match):
        printed = "".join(map(run_line, match["lines"].splitlines()))
        output = f"\n```text\n{printed}```\n" if match["output"] else ""
        return f"```console\n{match['lines']}```\n{output}"

    return BLOCK.sub(replace, text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        text = run_page(PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(text, encoding="utf-8")
