"""The pages: complete, linked, and every piece of code in them runs."""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import pathlib
import re
import runpy
import shutil
import sqlite3
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from surface import public_names

from borderline.cli import main

ROOT = pathlib.Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
#: Pages that the site makes of the notebooks.
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
OUTPUTS = runpy.run_path(str(DOCS / "outputs.py"))
COMMANDS = runpy.run_path(str(DOCS / "commands.py"))
WITH_CODE = OUTPUTS["pages"]()
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
        if there.parent.name == "notebooks":
            there = ROOT / "notebooks" / f"{there.stem}.ipynb"
        assert there.exists(), link
        assert not anchor or anchor in anchors(there), link


def test_the_menu_names_every_page():
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    menu = re.findall(r"^ +- .+: (\S+\.md)$", config, re.MULTILINE)
    notebooks = [f"notebooks/{path.stem}.md" for path in NOTEBOOKS]
    assert sorted(menu) == sorted([*map(name_of, PAGES), *notebooks])


def versions_of_the_pages():
    """Return whether pandas, which lays tables out, is the locked one."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return f"\npandas=={importlib.metadata.version('pandas')} " in lock


@pytest.mark.parametrize("path", WITH_CODE, ids=name_of)
def test_code_of_a_page_runs_and_prints_what_the_page_shows(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = path.read_text(encoding="utf-8")
    shown = OUTPUTS["run_page"](text)
    if versions_of_the_pages():
        assert shown == text, "python docs/outputs.py writes the outputs anew"


def r_with_sf():
    """Return the program that runs R, if there is one and it has the package sf."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    done = subprocess.run([program, "-e", "library(sf)"], capture_output=True, check=False)
    return program if done.returncode == 0 else None


@pytest.mark.slow
def test_r_reads_what_the_recipe_writes(tmp_path, monkeypatch):
    program = r_with_sf()
    if program is None:
        pytest.skip("needs R with the package sf")
    page = DOCS / "how-to" / "r.md"
    monkeypatch.chdir(tmp_path)
    OUTPUTS["run_page"](page.read_text(encoding="utf-8"))
    (script,), (output,) = blocks(page, "r"), blocks(page, "text")
    done = subprocess.run([program, "-e", script], capture_output=True, text=True, check=True)
    assert [line.rstrip() for line in done.stdout.splitlines()] == output.splitlines()


def test_qgis_finds_layers_with_styles(tmp_path, monkeypatch):
    page = DOCS / "how-to" / "qgis.md"
    monkeypatch.chdir(tmp_path)
    OUTPUTS["run_page"](page.read_text(encoding="utf-8"))
    with contextlib.closing(sqlite3.connect("border.gpkg")) as database:
        styles = dict(database.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
    assert set(styles) == {"incidents", "density", "border"}
    assert all(text.startswith(("<!DOCTYPE qgis", "<qgis")) for text in styles.values())


def test_an_output_that_is_not_true_is_noticed():
    page = "```python\n1 + 1\n```\n\n```text\n{}\n```\n"
    assert OUTPUTS["run_page"](page.format(2)) == page.format(2)
    assert OUTPUTS["run_page"](page.format(3)) == page.format(2)
    with pytest.raises(ValueError, match="1 figures drawn"):
        OUTPUTS["run_page"]("```python\nimport matplotlib.pyplot as plt\nplt.figure();\n```\n")


@pytest.mark.slow
def test_commands_of_a_page_run_and_print_what_the_page_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = (DOCS / "how-to" / "command-line.md").read_text(encoding="utf-8")
    shown = COMMANDS["run_page"](page)
    assert shown == page, "python docs/commands.py writes the outputs anew"


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
    assert len(pages) == len(PAGES) + len(NOTEBOOKS)
    pictures = sum(
        text.count('"image/png"') for text in (path.read_text(encoding="utf-8") for path in NOTEBOOKS)
    )
    assert len(list((tmp_path / "notebooks").glob("*.png"))) == pictures > 3
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
