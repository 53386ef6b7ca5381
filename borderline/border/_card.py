"""How a border shows itself in a notebook: a card with a small drawing."""

from __future__ import annotations

import html
from collections.abc import Mapping

import numpy as np
import shapely

__all__ = ["card"]

#: Size of the drawing, pixels.
WIDTH, HEIGHT, MARGIN = 150.0, 110.0, 8.0


def card(title: str, facts: Mapping[str, str], line: shapely.LineString) -> str:
    """Set facts beside a drawing of a line, as HTML; every text in it is escaped."""
    body = "".join(
        f"<tr><th style='text-align:left'>{html.escape(name)}</th>"
        f"<td style='text-align:left'>{html.escape(value)}</td></tr>"
        for name, value in facts.items()
    )
    return (
        "<div style='display:flex;gap:1em;align-items:center'>"
        f"{_drawing(line)}<table><caption>{html.escape(title)}</caption>{body}</table></div>"
    )


def _drawing(line: shapely.LineString) -> str:
    """Draw the line as SVG; a dot marks the datum."""
    xy = shapely.get_coordinates(line)
    lon = np.unwrap(np.radians(xy[:, 0]))
    x = lon * np.cos(np.radians(xy[:, 1].mean()))
    y = -np.radians(xy[:, 1])
    span = max(np.ptp(x) / (WIDTH - 2 * MARGIN), np.ptp(y) / (HEIGHT - 2 * MARGIN))
    flat = shapely.LineString(np.column_stack([x - x.min(), y - y.min()]) / span + MARGIN)
    drawn = shapely.get_coordinates(shapely.simplify(flat, 0.4))
    path = " ".join(f"{px:.1f},{py:.1f}" for px, py in drawn)
    return (
        f"<svg width='{WIDTH:.0f}' height='{HEIGHT:.0f}' role='img' aria-label='the line'>"
        f"<polyline points='{path}' fill='none' stroke='#555' stroke-width='1.5'/>"
        f"<circle cx='{drawn[0][0]:.1f}' cy='{drawn[0][1]:.1f}' r='3.5' fill='#0072B2'/></svg>"
    )
