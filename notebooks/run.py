"""
Run notebooks and keep what they show: ``python notebooks/run.py [NOTEBOOK ...] [--into FOLDER]``.

Each runs in an empty folder, as a reader would who has nothing but the package. The
frame of a map is left out of what is kept: it is large, and a page that only shows
the notebook would not run it.
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


def kept(data):
    """Leave out frames and addresses in memory; make pictures small."""
    if "<iframe" in data.get("text/html", ""):
        data = {kind: value for kind, value in data.items() if kind != "text/html"}
    if " at 0x" in data.get("text/plain", ""):
        data = {kind: value for kind, value in data.items() if kind != "text/plain"}
    if "image/png" in data:
        data = {**data, "image/png": smaller(data["image/png"])}
    return data


def smaller(encoded):
    """Scale a picture to the width of a page, in 256 colours."""
    picture = Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGB")
    picture.thumbnail((WIDTH, 10 * WIDTH))
    packed = io.BytesIO()
    # Median cut would take small signs for land: this way no colour strays far.
    picture = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    picture.save(packed, "PNG", optimize=True)
    return base64.b64encode(packed.getvalue()).decode("ascii")


def run(path, into):
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
                output.data = kept(output.data)
    nbformat.write(book, into / path.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="*", type=pathlib.Path)
    parser.add_argument("--into", type=pathlib.Path, default=FOLDER)
    asked = parser.parse_args()
    for path in asked.notebooks or sorted(FOLDER.glob("*.ipynb")):
        run(path, asked.into)


if __name__ == "__main__":
    main()
