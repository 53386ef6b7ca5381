"""The pages: complete, linked, and every piece of code in them runs."""

from __future__ import annotations

import contextlib
import io
import os
import pathlib
import re
import runpy
import shlex
import subprocess
import sys
import warnings
from html.parser import HTMLParser

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from click.testing import CliRunner
from surface import public_names

import borderline as bl
from borderline.cli import main

ROOT = pathlib.Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
HOW_TO = sorted((DOCS / "how-to").glob("*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "link": "href"}


def name_of(path):
    return path.relative_to(DOCS).as_posix()


def blocks(path, language):
    return re.findall(
        rf"^```{language}\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


def anchors(path):
    text = path.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    named = set(re.findall(r"^::: (\S+)$", text, re.MULTILINE))
    return named | {
        re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", each).strip().lower()) for each in headings
    }


def test_every_public_name_stands_in_one_page():
    found = [
        name
        for path in (DOCS / "api").glob("*.md")
        for name in re.findall(r"^::: borderline\.([\w.]+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert sorted(found) == sorted(public_names())


def test_the_index_holds_every_public_name():
    page = (DOCS / "api" / "index.md").read_text(encoding="utf-8")
    assert page == runpy.run_path(str(DOCS / "names.py"))["index"]()
    assert set(public_names()) == set(re.findall(r"^\| \[`([\w.]+)`\]", page, re.MULTILINE))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_lead_somewhere(path):
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        target, _, anchor = link.partition("#")
        if target.startswith(("http://", "https://")):
            continue
        there = path if not target else path.parent / target
        assert there.exists(), link
        assert not anchor or anchor in anchors(there), link


def test_the_menu_names_every_page():
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    menu = re.findall(r"^ +- .+: (\S+\.md)$", config, re.MULTILINE)
    assert sorted(menu) == sorted(map(name_of, PAGES))


@pytest.mark.parametrize("path", [path for path in HOW_TO if blocks(path, "python")], ids=name_of)
def test_code_of_a_page_runs(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mpl.use("Agg")
    names = {}
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("error")
        for block in blocks(path, "python"):
            exec(compile(block, path.name, "exec"), names)
    plt.close("all")


@pytest.mark.slow
def test_commands_of_a_page_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    bl.write_table(bl.load_incidents().head(20), "incidents.csv")
    lines = "".join(blocks(DOCS / "how-to" / "command-line.md", "console")).splitlines()
    assert len(lines) > 10
    for line in lines:
        prompt, program, *words = shlex.split(line)
        assert (prompt, program) == ("$", "borderline")
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, f"{line}: {done.output}"


def test_every_command_stands_in_the_page():
    page = (DOCS / "how-to" / "command-line.md").read_text(encoding="utf-8")
    for command in main.commands:
        assert f"borderline {command}" in page


class Requests(HTMLParser):
    """Addresses that a browser asks for when it opens a page."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        address = given.get(LOADING.get(tag, "")) or ""
        said_only = tag == "link" and given.get("rel") in {"canonical", "alternate", "prev", "next"}
        if re.match(r"(https?:)?//", address) and not said_only:
            self.asked.append(address)


@pytest.mark.slow
def test_the_site_builds_and_asks_for_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stderr
    pages = [path for path in tmp_path.rglob("*.html") if path.name != "404.html"]
    assert len(pages) == len(PAGES)
    formulas = (DOCS / "methods.md").read_text(encoding="utf-8").count("\n$$\n") // 2
    methods = (tmp_path / "methods.html").read_text(encoding="utf-8")
    assert methods.count("<math ") == formulas > 10
    assert "$$" not in methods
    for path in pages:
        reader = Requests()
        reader.feed(path.read_text(encoding="utf-8"))
        assert not reader.asked, path
    for path in tmp_path.rglob("*.css"):
        assert not re.search(r"""(url\(|@import)\s*["']?(https?:)?//""", path.read_text(encoding="utf-8")), (
            path
        )
