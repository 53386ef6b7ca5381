"""
Draw every built-in layer, for the page on the data: ``python docs/layers.py``.

Pictures are drawn in plain longitude and latitude, stretched to look right at 13 N.
"""

from __future__ import annotations

import pathlib

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import shapely
from matplotlib import pyplot as plt

import borderline as bl

FOLDER = pathlib.Path(__file__).parent / "layers"
#: Okabe and Ito's colours, one a line version.
COLOURS = dict(
    zip(
        ("osm-2025", "osm-2026", "osm-2020", "osm-2017", "rtsd-2019", "natural-earth"),
        ("#000000", "#D55E00", "#0072B2", "#56B4E9", "#009E73", "#CC79A7"),
        strict=True,
    )
)
FILL = {"THA": "#f3ecd8", "KHM": "#dfe9ee"}


def axes(wide=8.0, high=6.0, *, rows=1, columns=1):
    figure, parts = plt.subplots(rows, columns, figsize=(wide, high), layout="constrained", squeeze=False)
    for part in parts.ravel():
        part.set_aspect(1 / np.cos(np.radians(13)))
        part.tick_params(labelsize=7)
    return figure, parts.ravel()


def save(figure, name):
    figure.savefig(FOLDER / f"{name}.png", dpi=110, metadata={"Software": None})
    plt.close(figure)


def lines():
    return {key: bl.load_border(line=key).line for key in bl.catalog.get_border("khm-tha").lines}


def draw_units(kind, name):
    units = bl.load_admin(kind)
    figure, (ax,) = axes(8, 8 if kind == "province" else 6)
    for country, colour in FILL.items():
        part = units[units["country"] == country]
        part.plot(ax=ax, color=colour, edgecolor="#8a8a80", linewidth=0.4, aspect=None)
    gpd.GeoSeries([bl.load_border().line]).plot(ax=ax, color="#D55E00", linewidth=1.2, aspect=None)
    ax.set(xlabel="", ylabel="")
    ax.set_title(f"{name}: {len(units)} units; the line in orange", fontsize=10)
    save(figure, name)


def draw_neighbours():
    around = bl.catalog.read_layer("neighbours")
    figure, (ax,) = axes(8, 8)
    around.plot(ax=ax, color="#e4e4e0", edgecolor="#8a8a80", linewidth=0.4, aspect=None)
    for country, colour in FILL.items():
        bl.load_admin("province", countries=country).plot(ax=ax, color=colour, aspect=None)
    ax.set(xlabel="", ylabel="")
    ax.set_title(f"neighbours: {', '.join(sorted(around['name']))}", fontsize=10)
    save(figure, "neighbours")


def draw_waters():
    waters = bl.catalog.read_layer("waters")
    figure, (ax,) = axes(8, 8)
    bl.catalog.read_layer("neighbours").plot(ax=ax, color="#e4e4e0", aspect=None)
    for country, colour in FILL.items():
        bl.load_admin("province", countries=country).plot(ax=ax, color=colour, aspect=None)
    for kind, colour in (("lake", "#0072B2"), ("river", "#56B4E9")):
        part = waters[waters["kind"] == kind]
        part.plot(ax=ax, color=colour, edgecolor=colour, linewidth=0.4, aspect=None)
        ax.plot([], [], color=colour, linewidth=4, label=f"{kind}: {len(part)}")
    for row in waters.dropna(subset=["name"]).itertuples():
        at = row.geometry.representative_point()
        ax.annotate(row.name, (at.x, at.y), xytext=(6, 4), textcoords="offset points", fontsize=7)
    gpd.GeoSeries([bl.load_border().line]).plot(ax=ax, color="#D55E00", linewidth=1.2, aspect=None)
    west, south, east, north = waters.total_bounds
    ax.set(xlabel="", ylabel="", xlim=(west - 0.3, east + 0.3), ylim=(south - 0.3, north + 0.3))
    ax.legend(fontsize=8, loc="lower left")
    ax.set_title("waters: larger lakes and broad rivers; the line in orange", fontsize=10)
    save(figure, "waters")


def draw_lines():
    figure, (ax,) = axes()
    for key, line in lines().items():
        ax.plot(*line.xy, color=COLOURS[key], linewidth=1.0, label=key)
    ax.legend(fontsize=8)
    ax.set_title("Six drawings of one border: at this scale only Natural Earth stands out", fontsize=10)
    save(figure, "lines")


def draw_contested():
    patches = bl.catalog.read_layer("contested").nlargest(6, "area_ha").reset_index(drop=True)
    drawn = lines()
    figure, parts = axes(9, 6, rows=2, columns=3)
    for ax, (_, patch) in zip(parts, patches.iterrows(), strict=True):
        west, south, east, north = patch.geometry.bounds
        wide, high = (east - west) * 0.75, (north - south) * 0.75
        x, y = (west + east) / 2, (south + north) / 2
        gpd.GeoSeries([patch.geometry]).plot(
            ax=ax, color="#F0E442", alpha=0.7, hatch="///", edgecolor="#8a7d00", aspect=None
        )
        ax.set_aspect("auto")  # most patches are long and thin
        for key, line in drawn.items():
            near = shapely.clip_by_rect(line, x - wide, y - high, x + wide, y + high)
            for piece in shapely.get_parts(near):
                if not piece.is_empty:
                    ax.plot(*piece.xy, color=COLOURS[key], linewidth=1.0)
        ax.set_xlim(x - wide, x + wide)
        ax.set_ylim(y - high, y + high)
        ax.set(xlabel="", ylabel="")
        ax.ticklabel_format(useOffset=False)
        ax.locator_params(nbins=4)
        ax.set_title(f"{patch['area_ha']:.0f} ha at {y:.3f} N, {x:.3f} E", fontsize=8)
    handles = [mpl.lines.Line2D([], [], color=colour, label=key) for key, colour in COLOURS.items()]
    figure.legend(handles=handles, loc="outside lower center", ncols=6, fontsize=8)
    save(figure, "contested")


def draw_pillars():
    pillars = bl.catalog.read_table("pillars")
    at = pillars.assign(
        latitude=pd.to_numeric(pillars["latitude"]), longitude=pd.to_numeric(pillars["longitude"])
    ).dropna(subset=["latitude", "longitude"])
    figure, (ax,) = axes(8, 5)
    ax.plot(*bl.load_border().line.xy, color="#555555", linewidth=1.0)
    ax.plot(at["longitude"], at["latitude"], "o", color="#0072B2")
    for row in at.itertuples():
        ax.annotate(
            row.label, (row.longitude, row.latitude), xytext=(4, 6), textcoords="offset points", fontsize=8
        )
    ax.set_title(f"{len(at)} of {len(pillars)} reported pillars have any published point", fontsize=10)
    save(figure, "pillars")


def draw_seeds():
    located = bl.load_incidents().pipe(bl.locate, bl.load_border())
    points = located[located.geometry.notna()]
    figure, (ax,) = axes(8, 6)
    ax.plot(*bl.load_border().line.xy, color="#555555", linewidth=1.0)
    radius = points["location_error_m"].astype(float)
    dots = ax.scatter(points.geometry.x, points.geometry.y, c=radius / 1000, s=14, cmap="viridis", alpha=0.8)
    figure.colorbar(dots, ax=ax, label="location_error_m, km", shrink=0.7)
    ax.set_title(f"incidents: {len(points)} of {len(located)} have a position", fontsize=10)
    save(figure, "incidents")


def main():
    mpl.use("Agg")
    FOLDER.mkdir(exist_ok=True)
    draw_lines()
    draw_contested()
    draw_units(1, "admin1")
    draw_units(2, "admin2")
    draw_neighbours()
    draw_waters()
    draw_pillars()
    draw_seeds()


if __name__ == "__main__":
    main()
