"""
Time the first minute: from the wheel to the first map in a notebook, in three lines.

Everything is new: an empty folder, an empty environment, an empty cache of pip. How long
the download takes is the network's affair, so it is told apart. Run it with
``python tests/benchmarks/first_minute.py``.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parents[2]
LINES = (
    "import borderline as bl",
    "border = bl.load_border()",
    "bl.explore(bl.locate(bl.load_incidents(), border), border)",
)
#: Runs the lines as a notebook does, and hands back what the cell shows.
SESSION = f"""
import json, nbclient, nbformat
cell = nbformat.v4.new_code_cell({chr(10).join(LINES)!r})
nbclient.NotebookClient(nbformat.v4.new_notebook(cells=[cell]), kernel_name="python3").execute()
print(json.dumps([len(output["data"]["text/html"]) for output in cell.outputs]))
"""


def call(*command, cwd, **extra):
    done = subprocess.run(
        [str(each) for each in command],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**{name: value for name, value in os.environ.items() if name != "PYTHONPATH"}, **extra},
    )
    if done.returncode:
        raise RuntimeError(f"{command}\n{done.stdout}\n{done.stderr}")
    return done.stdout


@contextlib.contextmanager
def timed(took, name):
    start = time.perf_counter()
    yield
    took[name] = time.perf_counter() - start


def measure(folder):
    took = {}
    call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    python, new = folder / "venv" / "bin" / "python", {"HOME": str(folder), "PIP_NO_CACHE_DIR": "1"}
    pip = (python, "-m", "pip", "--quiet", "--disable-pip-version-check")
    wanted = (wheel, "ipykernel", "nbclient")
    with timed(took, "environment"):
        call(sys.executable, "-m", "venv", folder / "venv", cwd=folder, **new)
    with timed(took, "download"):
        call(*pip, "download", "--dest", folder / "packages", *wanted, cwd=folder, **new)
    with timed(took, "install"):
        call(*pip, "install", "--no-index", "--find-links", folder / "packages", *wanted, cwd=folder, **new)
    with timed(took, "first map"):
        (shown,) = json.loads(call(python, "-c", SESSION, cwd=folder, **new).splitlines()[-1])
    with timed(took, "second map"):
        call(python, "-c", SESSION, cwd=folder, **new)
    return took, shown


def main():
    with tempfile.TemporaryDirectory() as folder:
        took, shown = measure(pathlib.Path(folder))
    took["from pip install to the map"] = took["download"] + took["install"] + took["first map"]
    for name, seconds in took.items():
        sys.stdout.write(f"{name:<30} {seconds:6.1f} s\n")
    sys.stdout.write(f"the map in the notebook        {shown / 1000:6.0f} kB\n")


if __name__ == "__main__":
    main()
