"""
Write the index of public names, ``docs/api/index.md``: ``python docs/names.py``.

Each name links to the page that documents it; its summary is the first line of its docstring.
"""

from __future__ import annotations

import inspect
import operator
import pathlib
import re

import borderline as bl
import borderline.readers

FOLDER = pathlib.Path(__file__).parent / "api"
NAME = re.compile(r"^::: borderline\.([\w.]+)$", re.MULTILINE)
HEAD = """# Index

Every public name of `borderline`, with a link to its documentation. The [glossary](../glossary.md) defines
the terms, [what the numbers mean](../results.md) the columns.

| name | what it is or does |
|---|---|
"""


def first_line(name):
    thing = operator.attrgetter(name)(bl)
    if isinstance(thing, str):
        return "The version of the package."
    return inspect.getdoc(thing).partition("\n")[0].strip()


def index():
    pages = {
        name: path.name
        for path in sorted(FOLDER.glob("*.md"))
        for name in NAME.findall(path.read_text(encoding="utf-8"))
    }
    rows = (
        f"| [`{name}`]({pages[name]}#borderline.{name}) | {first_line(name)} |\n"
        for name in sorted(pages, key=str.casefold)
    )
    return HEAD + "".join(rows)


if __name__ == "__main__":
    (FOLDER / "index.md").write_text(index(), encoding="utf-8")
