"""A remedy speaks shell in the shell: options and commands, not arguments and functions."""

from __future__ import annotations

import ast
import pathlib
import re

import click
import geopandas as gpd
import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline.cli import main
from borderline.cli._shell_messages import translate_message

PACKAGE = pathlib.Path(bl.__file__).parent
POINT = "lat,lon\n14.3,104.6\n"
#: What only somebody in Python can do: call a function, pass an argument, use another library.
PYTHON = re.compile(r"\w\(|(?<![\w-])\w+=|\b(?:read|load|check|find|write|compare)_\w+|pandas|set_crs")
#: The one option whose value is a pair.
PAIR = re.compile(r"--column \w+=\S*")

#: Files of the library whose messages a command can bring about.
ROOMS = [
    "_line.py",
    "_vector.py",
    "addresses/*.py",
    "border/*.py",
    "catalog/_built_in_border.py",
    "gazetteer/*.py",
    "geocoding/*.py",
    "lines/*.py",
    "mapping/__init__.py",
    "readers/*.py",
    "stats/_bands.py",
    "stats/_density.py",
    "stats/_period.py",
    "stats/_sample.py",
]
#: Messages that no command can bring about: arguments of a wrong type, tables that were not made here,
#: and what the shell does not offer.
ONLY_IN_PYTHON = re.compile(
    r"^(?:\w+|…) (?:needs|takes) an? |make a border of it with Border|rule='retire'|write_table: path is"
    r"|holds no dates but"
)


def write_layers(path):
    points = gpd.GeoDataFrame(geometry=[shapely.Point(104.6, 14.3)], crs=4326)
    points.to_file(path, layer="a", driver="GPKG")
    points.assign(kind="x").to_file(path, layer="b", driver="GPKG")


def write_sheets(path):
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        pd.DataFrame({"lat": [14.3], "lon": [104.6]}).to_excel(book, sheet_name="May", index=False)
        pd.DataFrame({"lat": [14.3], "long": [104.6]}).to_excel(book, sheet_name="June", index=False)


def write_points_without_crs(path):
    gpd.GeoDataFrame(geometry=[shapely.Point(104.6, 14.3)]).to_parquet(path)


def write_lines(path, **columns):
    lines = [shapely.LineString([(7, 49 + k), (8, 49 + k)]) for k in range(len(next(iter(columns.values()))))]
    gpd.GeoDataFrame(columns, geometry=lines, crs=4326).to_file(path)


def write_lines_without_crs(path):
    lines = [shapely.LineString([(7, 49), (8, 49)])]
    gpd.GeoDataFrame({"left": ["DEU"], "right": ["FRA"]}, geometry=lines).to_parquet(path)


FILES = {
    "bad.csv": "a,b\n1,2\n",
    "wide.csv": ",".join(f"a long name of a column, number {k}".replace(",", "") for k in range(30))
    + "\n1\n",
    "half.csv": "lat,b\n14.3,1\n",
    "points.csv": POINT,
    "range.csv": "lat,lon\n95,104.6\n14.3,104.6\n",
    "layers.gpkg": write_layers,
    "sheets.xlsx": write_sheets,
    "no-crs.parquet": write_points_without_crs,
    "lines-no-crs.parquet": write_lines_without_crs,
    "two.gpkg": lambda path: write_lines(path, name=["a", "b"], left=["DEU"] * 2, right=["FRA"] * 2),
    "sides.gpkg": lambda path: write_lines(path, title=["x"]),
}

# Words of the command line, and words of its answer.
CASES = [
    (
        ["check", "bad.csv"],
        "--column latitude=LAT --column longitude=LON or --column location=PLACE (columns found: 'a', 'b').",
    ),
    (["check", "wide.csv"], "[...])."),
    (["check", "half.csv"], "name it with --column longitude=..."),
    (["check", "points.csv", "--column", "event_date=When"], "'When'"),
    (["check", "points.csv", "--format", "acled"], "Leave --format out to have it found"),
    (["check", "points.csv", "--format", "acledd"], "--format must be one of"),
    (["check", "layers.gpkg"], "choose one with --layer"),
    (["check", "sheets.xlsx"], "choose one with --sheet"),
    (["check", "no-crs.parquet"], "write the file again with its coordinate reference system"),
    (["locate", "range.csv", "-o", "o.csv"], "`borderline check` with the same options lists them"),
    (["locate", "points.csv", "-o", "o.csv", "--address", "pilar"], "--address must be one of"),
    (
        ["border", "--line", "lines-no-crs.parquet"],
        "write the file again with its coordinate reference system",
    ),
    (["border", "--line", "two.gpkg"], "keep one of them in the file"),
    (["border", "--line", "sides.gpkg"], "name the columns with their codes left and right"),
    (["segment", "-o", "o.csv"], "give one of --every-km, --n, --break-km, --by, --place; none was given"),
    (["segment", "--n", "2", "--by", "admin1", "-o", "o.csv"], "--n and --by were given"),
    (["segment", "--n", "2", "--balance", "-o", "o.csv"], "--balance and --origin-km belong to --every-km"),
    (["segment", "--by", "admin1", "--calibrated", "-o", "o.csv"], "--calibrated has no meaning with --by"),
    (["segment", "--every-km", "0.0001", "-o", "o.csv"], "--every-km must be longer, not 0.0001: "),
    (
        ["segment", "--every-km", "10", "--balance", "--origin-km", "5", "-o", "o.csv"],
        "--balance makes all segments of one length, so --origin-km has no part in it",
    ),
    (["segment", "--n", "0", "-o", "o.csv"], "--n must be"),
    (["segment", "--by", "Poipet", "-o", "o.csv"], "ddresses go into --place"),
    (["segment", "--break-km", "300", "--break-km", "100", "-o", "o.csv"], "of --break-km"),
    (
        ["bands", "points.csv", "--edge-km", "5", "--edge-km", "1"],
        "--edge-km must be kilometres that grow from 0 or more, such as 0, 5, 25, not 5.0, 1.0.",
    ),
    (["bands", "points.csv", "--within-km", "3"], "--within-km must lie beyond the last of --edge-km, 25,"),
    (["density", "points.csv", "--within-km", "-1"], "--within-km must"),
    (["place", "Samrong", "--limit", "0"], "--limit "),
    (["map", "points.csv", "--every-km", "0"], "--every-km must be a positive number"),
]


@pytest.mark.parametrize(("words", "said"), CASES, ids=lambda value: " ".join(value)[:50])
def test_a_message_names_options_and_commands(run, tmp_path, words, said):
    for name, content in FILES.items():
        if name in words:
            write = content if callable(content) else (lambda path, text=content: path.write_text(text))
            write(tmp_path / name)
    done = run(*words)
    text = done.output
    assert said in text
    assert "Traceback" not in text
    message = next(line for line in text.splitlines() if line.startswith(("Error:", "Note:")))
    assert not PYTHON.search(PAIR.sub("", message)), message
    assert len(message) < 400


def message_texts(path):
    """Return the messages of the errors and warnings of a module, with … for what is put in."""

    def text_of(node):
        if isinstance(node, ast.Constant):
            return str(node.value)
        if isinstance(node, ast.JoinedStr):
            parts = node.values  # noqa: PD011 - no table
            return "".join(text_of(part) if isinstance(part, ast.Constant) else "…" for part in parts)
        return "…"

    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        call = node.exc if isinstance(node, ast.Raise) else node
        raised = isinstance(node, ast.Raise) and isinstance(call, ast.Call)
        warned = isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "warn"
        if (raised or warned) and call.args:
            yield text_of(call.args[0])


def every_option():
    """Return a command with the options of all commands."""
    return click.Command(
        "any", params=[option for command in main.commands.values() for option in command.params]
    )


def test_no_message_that_a_command_can_bring_about_speaks_python():
    command, left = every_option(), []
    for path in sorted({path for pattern in ROOMS for path in PACKAGE.glob(pattern)}):
        for text in message_texts(path):
            said = PAIR.sub("", translate_message(text, command))
            if PYTHON.search(said) and not ONLY_IN_PYTHON.search(text):
                left.append(f"{path.relative_to(PACKAGE)}: {said}")
    assert not left, "\n".join(left)
