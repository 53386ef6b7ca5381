"""The card that shows a border in a notebook, with a small drawing."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping

import numpy as np
import shapely

__all__ = ["draw_card"]

#: Size of the drawing, and how far the names of the banks stand off the line, pixels.
WIDTH, HEIGHT, MARGIN, OFF = 240.0, 190.0, 24.0, 26.0
#: Between which shares of its length the way of the line is taken, and where the names stand.
_MIDDLE = (0.3, 0.5, 0.7)


def draw_card(title: str, facts: Mapping[str, str], line: shapely.LineString, banks: tuple[str, str]) -> str:
    """Return facts beside a drawing of a line and its banks, as HTML with every text escaped."""
    body = "".join(
        f"<tr><th style='text-align:left'>{html.escape(name)}</th>"
        f"<td style='text-align:left'>{html.escape(value)}</td></tr>"
        for name, value in facts.items()
    )
    # A picture by address: notebooks and code hosts that strip drawings from a page keep it.
    drawn = base64.b64encode(_draw_svg(line, banks).encode("utf-8")).decode("ascii")
    return (
        "<div style='display:flex;gap:1em;align-items:center'>"
        f"<img alt='the line' width='{WIDTH:.0f}' height='{HEIGHT:.0f}' "
        f"src='data:image/svg+xml;base64,{drawn}'/>"
        f"<table><caption>{html.escape(title)}</caption>{body}</table></div>"
    )


def _draw_svg(line: shapely.LineString, banks: tuple[str, str]) -> str:
    """Return the line as SVG; a dot marks the datum, and each bank has its code."""
    xy = shapely.get_coordinates(line)
    lon = np.unwrap(np.radians(xy[:, 0]))
    x = lon * np.cos(np.radians(xy[:, 1].mean()))
    y = -np.radians(xy[:, 1])
    span = max(np.ptp(x) / (WIDTH - 2 * MARGIN), np.ptp(y) / (HEIGHT - 2 * MARGIN))
    scaled = np.column_stack([x - x.min(), y - y.min()]) / span
    flat = shapely.LineString(scaled + (np.array([WIDTH, HEIGHT]) - np.ptp(scaled, axis=0)) / 2)
    drawn = shapely.get_coordinates(shapely.simplify(flat, 0.4))
    path = " ".join(f"{px:.1f},{py:.1f}" for px, py in drawn)
    along = shapely.line_interpolate_point(flat, _MIDDLE, normalized=True)
    before, middle, after = shapely.get_coordinates(along)
    ahead = (after - before) / (np.hypot(*(after - before)) or 1.0)
    left = np.array([ahead[1], -ahead[0]])  # the y of a picture points down
    names = "".join(
        f"<text x='{px:.0f}' y='{py:.0f}'>{html.escape(code)}</text>"
        for code, (px, py) in zip(banks, (middle + OFF * left, middle - OFF * left), strict=True)
    )
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH:.0f}' height='{HEIGHT:.0f}'>"
        f"<polyline points='{path}' fill='none' stroke='#777' stroke-width='1.8'/>"
        f"<circle cx='{drawn[0][0]:.1f}' cy='{drawn[0][1]:.1f}' r='4' fill='#0072B2'/>"
        "<g fill='#777' font-family='sans-serif' font-size='12' text-anchor='middle' "
        f"dominant-baseline='middle'>{names}</g></svg>"
    )
