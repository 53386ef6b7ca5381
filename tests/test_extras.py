"""What a first week needs works without the extras, and what needs one names it."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tomllib

PROJECT = tomllib.loads((pathlib.Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
EXTRAS = ("esda", "libpysal", "mapclassify", "matplotlib", "openpyxl")


def run_without_extras(code):
    """Run code in an interpreter that finds none of the libraries of extras."""
    block = f"import sys; sys.modules.update(dict.fromkeys({EXTRAS!r}))\n"
    strict = () if sys.warnoptions else ("-W", "error")
    command = [sys.executable, *strict, "-c", block + "import borderline as bl\n" + code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_first_analysis_runs_without_extras(tmp_path):
    code = (
        "from borderline import *\n"
        "border = bl.load_border()\n"
        "located = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)\n"
        "density = bl.density(located, bl.segment(border, every_km=100), within_km=25)\n"
        f"bl.explore(located, border, density).save({str(tmp_path / 'border.html')!r})\n"
        "print(bl.tabulate(density).to_html()[:6])\n"
    )
    done = run_without_extras(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "<style"


def test_figure_without_matplotlib_names_the_extra():
    code = (
        "for verb in (bl.plot_map, bl.plot_profile, bl.plot_strip, bl.plot_resolution):\n"
        "    try:\n"
        "        verb(None, None)\n"
        "    except bl.errors.MissingExtraError as error:\n"
        "        print(error)\n"
    )
    said = run_without_extras(code).stdout.splitlines()
    assert said == ["Figures need Matplotlib; install it with pip install 'borderline-geo[plot]'."] * 4


def test_an_error_inside_matplotlib_is_not_a_missing_extra():
    done = run_without_extras(
        "sys.modules['kiwisolver'] = None; del sys.modules['matplotlib']; bl.plot_map()"
    )
    assert "MissingExtraError" not in done.stderr
    assert "kiwisolver" in done.stderr


def test_extra_all_holds_every_extra_of_users():
    extras = PROJECT["optional-dependencies"]
    (line,) = extras["all"]
    inside = line.partition("[")[2].rstrip("]").split(",")
    assert sorted(inside) == sorted(set(extras) - {"all", "bench", "dev", "docs", "test"})
