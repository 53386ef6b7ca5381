#!/usr/bin/env bash
# Maps of Thailand and Cambodia on "Indian" datums: what PROJ does by default is off by 188 m, or does nothing at all.
#
# Versions: pyproj 3.7.2 (PROJ 9.5.1).
# Behaviour: for Indian 1975 (EPSG:4240) the first operation is EPSG:1812, stated to 3 m. It lies 188 m from the two
#   others that EPSG lists for Thailand, which agree with each other within a metre. For Indian 1960 (EPSG:4131) three
#   operations are listed, to 27 and 44 m, but Transformer.from_crs takes none of them here: it hands the coordinates
#   through unchanged ("ballpark"), without a warning.
# Seen at 102.55 E, 13.66 N, by the border at Poipet: Indian 1975 comes out 188.1 m from the second operation; Indian 1960
#   moves by 0.0 m, while its own operations move it by 390 to 440 m.
# What to do: choose the operation by name (TransformerGroup lists them), or ask for it with
#   Transformer.from_crs(..., allow_ballpark=False); never read the stated accuracy as a distance from the truth.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pyproj==3.7.2
cd "$folder"
venv/bin/python - <<'PYTHON'
import warnings

import pyproj
from pyproj.transformer import Transformer, TransformerGroup

warnings.simplefilter("error")  # nothing is said
place = 102.55, 13.66
geod = pyproj.Geod(ellps="WGS84")
print(f"pyproj {pyproj.__version__}, PROJ {pyproj.proj_version_str}")


def metres(a, b):
    return geod.inv(*a, *b)[2]


def moved(epsg):
    listed = TransformerGroup(epsg, 4326, always_xy=True).transformers
    named = [one for one in listed if "Ballpark" not in one.description]
    default = Transformer.from_crs(epsg, 4326, always_xy=True).transform(*place)
    return default, [(one.accuracy, one.transform(*place)) for one in named]


default, others = moved(4240)
apart = [metres(default, there) for _, there in others]
print("Indian 1975, from the default:", [f"{accuracy:g} m stated, {far:.1f} m" for (accuracy, _), far in zip(others, apart)])
assert apart[0] == 0 and others[0][0] == 3
assert all(185 < far < 192 for far in apart[1:]) and len(apart) == 3
assert metres(others[1][1], others[2][1]) < 1

default, others = moved(4131)
print(f"Indian 1960: moved by {metres(place, default):.1f} m by default, by",
      [f"{metres(place, there):.0f} m (stated to {accuracy:g} m)" for accuracy, there in others])
assert default == place
assert len(others) == 3 and all(360 < metres(place, there) < 450 for _, there in others)
PYTHON
echo "as described"
