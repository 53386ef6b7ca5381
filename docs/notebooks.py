"""
Put the notebooks into the site, with the results they were saved with.

mkdocs calls `on_files` for every build. Each notebook becomes a page ``notebooks/NAME.md``;
its pictures become files beside it. Nothing is run: ``make notebooks`` does that.
"""

from __future__ import annotations

import base64
import pathlib
from typing import Any

import nbformat
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

FOLDER = pathlib.Path(__file__).parents[1] / "notebooks"


def on_files(files: Files, config: MkDocsConfig, **_: Any) -> Files:
    """Add a page for each notebook."""
    for path in sorted(FOLDER.glob("*.ipynb")):
        text, pictures = convert_notebook(path)
        files.append(File.generated(config, f"notebooks/{path.stem}.md", content=text))
        for name, content in pictures.items():
            files.append(File.generated(config, f"notebooks/{name}", content=content))
    return files


def convert_notebook(path: pathlib.Path) -> tuple[str, dict[str, bytes]]:
    """Return a notebook as Markdown, and its pictures by name."""
    parts = []
    pictures: dict[str, bytes] = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        for output in cell.outputs:
            data = output.get("data", {})
            if "image/png" in data:
                name = f"{path.stem}-{len(pictures) + 1}.png"
                pictures[name] = base64.b64decode(data["image/png"])
                parts.append(f"![Figure drawn by the cell above]({name})")
            elif "text/html" in data:
                parts.append(plain_table(data["text/html"]))
            else:
                parts.append(f"```text\n{output.get('text', data.get('text/plain', '')).rstrip()}\n```")
    parts.append(f"The notebook itself is `notebooks/{path.name}` in the repository.")
    return "\n\n".join(parts) + "\n", pictures


def plain_table(markup: str) -> str:
    """Return a table as one block of HTML in Markdown; the site sets its look."""
    lines = [line for line in markup.splitlines() if line.strip()]  # a blank line would end the block
    table = "\n".join(lines).replace('<table border="1" class="dataframe">', "<table>")
    return f'<div class="output">\n{table}\n</div>'
