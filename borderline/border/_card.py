"""How a border shows itself: a line of text, and a card with a small drawing."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import numpy as np
import shapely

from .._countries import country_name

if TYPE_CHECKING:
    from ._border import Border

__all__ = ["card", "line_of_text"]

#: Size of the drawing, pixels.
WIDTH, HEIGHT, MARGIN = 150.0, 110.0, 8.0


def line_of_text(border: Border) -> str:
    """Describe a border in one line."""
    nominal = border.nominal_length_km
    said = f" (nominal {nominal:g})" if nominal is not None else ""
    return (
        f"<Border {border.name or 'unnamed'}: {border.length_m / 1000:.1f} km{said}, "
        f"left {border.left}, right {border.right}, from {border.datum.name}>"
    )


def card(border: Border) -> str:
    """Describe a border as a small HTML card; every text in it is escaped."""
    rows = [
        ("left", f"{country_name(border.left)} ({border.left})"),
        ("right", f"{country_name(border.right)} ({border.right})"),
        ("length as drawn", f"{border.length_m / 1000:.1f} km, {len(border.line.coords):,} vertices"),
        ("chainage from", border.datum.name),
    ]
    if border.calibration is not None:
        rows.append(
            ("length as claimed", f"{border.calibration.length_km:g} km, {border.calibration.source.credit}")
        )
    if border.accuracy_m is not None:
        rows.append(("position known within", f"{border.accuracy_m:,.0f} m for 90 % of the line"))
    if border.source.credit:
        rows.append(("source", border.source.credit))
    body = "".join(
        f"<tr><th style='text-align:left'>{html.escape(name)}</th>"
        f"<td style='text-align:left'>{html.escape(value)}</td></tr>"
        for name, value in rows
    )
    title = html.escape(border.name or "Border")
    return (
        "<div style='display:flex;gap:1em;align-items:center'>"
        f"{_drawing(border.line)}<table><caption>{title}</caption>{body}</table></div>"
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
