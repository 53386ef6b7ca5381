"""
Compare the speed of this checkout with that of another one, in one run.

``python tests/benchmarks/beside.py ../older`` makes a process of each and lets them call the
same verb in turns, so that what else the machine does falls on both. Times are medians of CPU
time. ``git worktree add ../older COMMIT`` makes such a checkout.
"""

from __future__ import annotations

import os
import pathlib
import statistics
import subprocess
import sys

import click

HERE = pathlib.Path(__file__).resolve().parents[2]

#: What is called, on how many rows, how often in a turn, and in how many turns.
CASES = (
    ("locate incidents", 210, 20, 15),
    ("locate points", 210, 20, 15),
    ("geocode incidents", 210, 3, 9),
    ("geocode points", 210, 5, 9),
    ("locate points", 1_000_000, 1, 5),
    ("geocode points", 1_000_000, 1, 5),
)

WORKER = """
import sys, time
import geopandas as gpd, numpy as np, shapely
import borderline as bl

border = bl.load_border()
incidents = bl.read_events("seeds/incidents.csv")


def points(count):
    rng = np.random.default_rng(1)
    feet = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, count)))
    places = feet + rng.laplace(0, 0.05, (count, 2))
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*places.T), crs=4326)


calls = {}
for line in sys.stdin:
    verb, table, rows, times = line.split()
    if (verb, table, rows) not in calls:
        events = incidents if table == "incidents" else points(int(rows))
        call = (lambda e: bl.locate(e, border)) if verb == "locate" else bl.geocode
        calls[verb, table, rows] = call, events
        call(events)
    call, events = calls[verb, table, rows]
    start = time.process_time()
    for _ in range(int(times)):
        call(events)
    print((time.process_time() - start) / int(times), flush=True)
"""


def start(checkout):
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def main(other):
    workers = {"other": start(other), "this": start(HERE)}
    click.echo(f"{'':20s}{'rows':>12s}{'other, ms':>12s}{'this, ms':>12s}{'times as fast':>16s}")
    for what, rows, times, turns in CASES:
        seconds = {name: [] for name in workers}
        for turn in range(turns):
            for name in sorted(workers, reverse=bool(turn % 2)):
                workers[name].stdin.write(f"{what} {rows} {times}\n")
                workers[name].stdin.flush()
                seconds[name].append(float(workers[name].stdout.readline()))
        medians = {name: statistics.median(seconds[name]) * 1e3 for name in workers}
        times_ms = "".join(f"{medians[name]:12,.1f}" for name in ("other", "this"))
        click.echo(f"{what:20s}{rows:12,}{times_ms}{medians['other'] / medians['this']:16.2f}")
    for worker in workers.values():
        worker.stdin.close()
        worker.wait()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
