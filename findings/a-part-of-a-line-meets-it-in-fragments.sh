#!/usr/bin/env bash
# What a line shares with a rounded part of itself is nothing: points in hundreds, and no stretch.
#
# Versions: shapely 2.1.2 (GEOS 3.13.1) and shapely 2.2.0 (GEOS 3.14.1), numpy 2.2.6.
# Behaviour: shapely.intersection is exact. Coordinates written with six decimals (0.1 m) move each edge by less than
#   anyone can see, and then no edge of the part lies on an edge of the line: they cross here and there.
# Seen: a line of 2,000 vertices and its middle third, at most 6.4e-07 degrees apart: 0.0000 of the length is shared, in
#   413 points. With grid_size=1e-5 it is 0.9972.
# What to do: never read how much two lines share off their plain intersection. Give both one precision first
#   (grid_size, coarser than the rounding, which moves the lines by as much), or measure how far they lie apart and call
#   shared what stays within a tolerance.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
cd "$folder"
for version in 2.1.2 2.2.0; do
  venv/bin/python -m pip install --quiet --disable-pip-version-check "shapely==$version" numpy==2.2.6
  venv/bin/python - <<'PYTHON'
import numpy as np
import shapely
from shapely.ops import substring

rng = np.random.default_rng(2)
x = np.linspace(102.0, 105.0, 2_000)
line = shapely.LineString(np.column_stack([x, 14 + np.cumsum(rng.normal(0, 5e-4, len(x)))]))
part = substring(line, line.length / 3, 2 * line.length / 3)
rounded = shapely.transform(part, lambda xy: xy.round(6))


def shared(other, **options):
    met = shapely.intersection(line, other, **options)
    return shapely.length(met) / other.length, shapely.get_num_geometries(met)


exact, fragments = shared(rounded)
grid, _ = shared(rounded, grid_size=1e-5)
apart = shapely.hausdorff_distance(rounded, part)
print(f"shapely {shapely.__version__}, GEOS {shapely.geos_version_string}: of the rounded part {exact:.4f} is shared, "
      f"in {fragments} pieces; with a grid {grid:.4f}; the two are {apart:.1e} degrees apart")
assert exact < 0.01
assert fragments == 413
assert grid > 0.99
assert apart < 2e-6
print("as described")
PYTHON
done
