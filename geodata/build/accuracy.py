"""
Measure how far each built-in line lies from another drawing, stretch by stretch.

    python geodata/build/accuracy.py           measure and write geodata/line_accuracy.json
    python geodata/build/accuracy.py --check   measure, and compare with the file

Every 250 m of a line, its distance to the other drawing; in each sixteenth of the line, the
value that holds 90 %. The correlation length is the distance at which the correlation of
the signed offsets falls to 1/e, as that of exp(-(d / l)^2) does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely

import borderline as bl

FILE = Path(__file__).parents[1] / "line_accuracy.json"

#: What each line is held against: another source, since versions of one source share its errors.
AGAINST = {
    "osm-2025": "rtsd-2019",
    "osm-2026": "rtsd-2019",
    "osm-2020": "rtsd-2019",
    "osm-2017": "rtsd-2019",
    "rtsd-2019": "osm-2025",
    "natural-earth": "osm-2025",
}
#: Metres between two places that are measured.
STEP_M = 250.0
#: Stretches of equal length.
PARTS = 16

BASIS = (
    "Displacement of each line from another drawing, every 250 m; accuracy_m holds 90 % of it in each "
    "sixteenth of the line, in the order of its chainage. correlation_m is where the correlation of signed "
    "offsets falls to 1/e. Two drawings may share an error, which no comparison shows."
)


def measure(key: str) -> dict[str, Any]:
    """Measure one line against its other drawing."""
    border, other = bl.load_border(line=key), bl.load_border(line=AGAINST[key])
    chainage = np.arange(0.0, border.length_m, STEP_M)
    feet = other.foot(*shapely.get_coordinates(border.interpolate(chainage)).T)
    part = np.minimum((chainage / border.length_m * PARTS).astype(int), PARTS - 1)
    known = ~feet.beyond_end
    accuracy = [
        round(float(np.quantile(feet.distance[known & (part == number)], 0.9))) for number in range(PARTS)
    ]
    # The offset of the line from the other drawing; its mean, a bias, is no part of the correlation.
    offset = np.where(known, feet.offset - feet.offset[known].mean(), 0.0)
    lags = np.arange(1, 400)
    correlation = np.array([(offset[lag:] * offset[:-lag]).mean() for lag in lags]) / (offset**2).mean()
    first = int(np.argmax(correlation < np.exp(-1)))
    before = correlation[first - 1] if first else 1.0
    step = (before - np.exp(-1)) / (before - correlation[first])
    length = STEP_M * (lags[first] - 1 + step)
    return {"against": AGAINST[key], "accuracy_m": accuracy, "correlation_m": round(length / 100) * 100}


def main(arguments: list[str]) -> int:
    """Write the file, or compare it; return the exit code."""
    text = json.dumps({"basis": BASIS, "lines": {key: measure(key) for key in AGAINST}}, indent=2) + "\n"
    if "--check" in arguments:
        same = FILE.read_text(encoding="utf-8") == text
        print("as stated" if same else f"{FILE.name} differs from what is measured")
        return 0 if same else 1
    FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
