#!/usr/bin/env bash
# A time with an offset in GeoJSON loses the day that was written, but only if the offsets of a column differ.
#
# Versions: pyogrio 0.12.1 (GDAL 3.11), geopandas 1.1.2, pandas 2.3.3.
# Behaviour: where all rows of a column bear one offset, it stays the time zone of the column. Where two offsets stand in
#   one column, every time becomes UTC, and the day of the early hours of UTC+7 becomes the day before. A bare date beside
#   them becomes midnight UTC. Nothing is said, and the type of the column is a time in both cases.
# Seen: "2025-07-24T01:00:00+07:00" is 24 July beside another +07:00, and 23 July beside one "Z". As a KML <when>, the month
#   "2025-07" is 1 July 2025 at midnight, no longer to be told from the day.
# What to do: read the text itself where days matter (GeoJSON is JSON, KML is XML), or convert the column to the zone of
#   the place before taking .dt.date; never trust the day of a column that came back as UTC.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pyogrio==0.12.1 geopandas==1.1.2 pandas==2.3.3
cd "$folder"
venv/bin/python - <<'PYTHON'
import json
import pathlib

import pyogrio

POINT = {"type": "Point", "coordinates": [103.0, 14.0]}


def read_times(*times):
    features = [{"type": "Feature", "properties": {"at": time}, "geometry": POINT} for time in times]
    pathlib.Path("t.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return pyogrio.read_dataframe("t.geojson")["at"]


written = "2025-07-24T01:00:00+07:00"
same, mixed = read_times(written, "2025-07-24T13:00:00+07:00"), read_times(written, "2025-07-24T06:59:00Z")
print(f"pyogrio {pyogrio.__version__}, GDAL {pyogrio.__gdal_version_string__}")
print(f"one offset: {same.dtype}, {same[0].date()}; two offsets: {mixed.dtype}, {mixed[0].date()}")
assert str(same[0].date()) == "2025-07-24"
assert str(mixed[0].date()) == "2025-07-23"
bare = read_times("2025-12-08", "2025-12-08T01:00:00+07:00")
print(f"beside a bare day: {bare.dtype}, {[str(time) for time in bare]}")
pathlib.Path("m.kml").write_text(
    '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>f</name><Placemark>'
    "<TimeStamp><when>2025-07</when></TimeStamp><Point><coordinates>103,14</coordinates></Point>"
    "</Placemark></Folder></Document></kml>"
)
month = pyogrio.read_dataframe("m.kml")["timestamp"][0]
print(f"a month in KML: {month}")
assert str(month) == "2025-07-01 00:00:00"
PYTHON
echo "as described"
