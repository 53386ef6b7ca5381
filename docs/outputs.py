"""
Run the code of the pages and write what it prints and draws: ``python docs/outputs.py [PAGE ...]``.

A block of Python is followed by a block of text with what it prints, the value of its last
line included, as in a notebook. The pictures that follow it are the figures it drew. Pages run
from top to bottom, each in an empty folder.
"""

from __future__ import annotations

import ast
import contextlib
import io
import itertools
import os
import pathlib
import re
import sys
import tempfile
import warnings

import matplotlib as mpl
import pandas as pd
from matplotlib import pyplot as plt

from borderline.errors import PositionWarning

DOCS = pathlib.Path(__file__).parent
#: A block of Python, the block of text after it, and the pictures after both.
BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<output>.*?)^```\n)?(?P<pictures>(?:\n!\[[^\]]*\]\([^)]+\)\n)*)",
    re.DOTALL | re.MULTILINE,
)
PICTURE = re.compile(r"\]\(([^)]+)\)")
DISPLAY = {
    "display.width": 120,
    "display.max_columns": None,
    "display.max_colwidth": 40,
    "display.precision": 4,
}


def pages():
    """List the pages that hold Python."""
    return [path for path in sorted(DOCS.rglob("*.md")) if BLOCK.search(path.read_text(encoding="utf-8"))]


def run_block(code, names):
    """Run a block and return what it prints; the value of its last expression is printed, too."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    with (
        contextlib.redirect_stdout(printed),
        pd.option_context(*itertools.chain.from_iterable(DISPLAY.items())),
    ):
        exec(compile(tree, "<page>", "exec"), names)  # noqa: S102 - the code is our own
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "<page>", "eval"), names)  # noqa: S307
            shown = repr(value)
            if value is not None and " at 0x" not in shown and not code.rstrip().endswith(";"):
                print(shown)  # noqa: T201
    return "".join(f"{line.rstrip()}\n" for line in printed.getvalue().splitlines())


def run_page(text, *, keep_pictures=None):
    """
    Run the blocks of a page in the current folder.

    Parameters
    ----------
    text
        The page.
    keep_pictures
        Folder of the page, to save its figures there; by default they are only counted.

    Returns
    -------
    text
        The page, with the blocks of text that its code prints.
    """
    names = {"__name__": "__page__"}
    plt.close("all")  # what was drawn before is none of the page's figures

    def replace(match):
        output = run_block(match["code"], names)
        shown = PICTURE.findall(match["pictures"])
        figures = [plt.figure(number) for number in plt.get_fignums()]
        drawn = [name for name in shown if name.startswith("drawn/")]
        if len(drawn) != len(figures):
            raise ValueError(f"{len(figures)} figures drawn, {len(drawn)} shown by\n{match['code']}")
        for name, figure in zip(drawn, figures, strict=True):
            if keep_pictures is not None:
                save_picture(figure, keep_pictures / name)
        plt.close("all")
        block = f"\n```text\n{output}```\n" if output else ""
        return f"```python\n{match['code']}```\n{block}{match['pictures']}"

    mpl.use("Agg")
    with warnings.catch_warnings():
        if not sys.warnoptions:
            warnings.simplefilter("error")
        # The built-in incidents are vaguer than a kilometre; the page on vague positions says so.
        warnings.filterwarnings("ignore", ".*finer than", PositionWarning)
        return BLOCK.sub(replace, text)


def save_picture(figure, path):
    """Save a figure as a small PNG."""
    from PIL import Image  # noqa: PLC0415 - only to draw anew

    path.parent.mkdir(exist_ok=True)
    packed = io.BytesIO()
    figure.savefig(packed, dpi=110)
    picture = Image.open(packed).convert("RGB")
    picture.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        path, optimize=True
    )


def main(paths):
    home = pathlib.Path.cwd()
    for path in [(home / path).resolve() for path in paths] or pages():
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            text = run_page(path.read_text(encoding="utf-8"), keep_pictures=path.parent)
            os.chdir(home)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
