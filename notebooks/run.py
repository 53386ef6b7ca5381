"""
Run notebooks and keep their outputs: ``python notebooks/run.py [NOTEBOOK ...] [--into FOLDER]``.

Each notebook runs in an empty folder, as for a reader who has only the package. The frame of a
map is not kept: it is large, and a page that only shows the notebook would not run it.
"""

from __future__ import annotations

import argparse
import base64
import io
import pathlib
import tempfile

import nbformat
from nbclient import NotebookClient
from PIL import Image

FOLDER = pathlib.Path(__file__).parent
WIDTH = 1000  # pixels


def keep_output(data):
    """Drop frames and addresses in memory from an output; shrink its pictures."""
    if "<iframe" in data.get("text/html", ""):
        data = {kind: value for kind, value in data.items() if kind != "text/html"}
    if " at 0x" in data.get("text/plain", ""):
        data = {kind: value for kind, value in data.items() if kind != "text/plain"}
    if "image/png" in data:
        data = {**data, "image/png": shrink_picture(data["image/png"])}
    return data


def shrink_picture(encoded):
    """Return a picture at the width of a page, in 256 colours."""
    picture = Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGB")
    picture.thumbnail((WIDTH, 10 * WIDTH))
    packed = io.BytesIO()
    # Median cut would give small signs the colour of the land; the octree keeps every colour close.
    picture = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    picture.save(packed, "PNG", optimize=True)
    return base64.b64encode(packed.getvalue()).decode("ascii")


def run_notebook(path, into):
    book = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as elsewhere:
        NotebookClient(
            book,
            timeout=900,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": elsewhere}},
        ).execute()
    book.metadata = {"kernelspec": book.metadata["kernelspec"], "language_info": {"name": "python"}}
    for cell in book.cells:
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data = keep_output(output.data)
    nbformat.write(book, into / path.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="*", type=pathlib.Path)
    parser.add_argument("--into", type=pathlib.Path, default=FOLDER)
    arguments = parser.parse_args()
    for path in arguments.notebooks or sorted(FOLDER.glob("*.ipynb")):
        run_notebook(path, arguments.into)


if __name__ == "__main__":
    main()
