"""Arguments with which each public verb works, for tests that put one wrong one in."""

from __future__ import annotations

import shapely

import borderline as bl


def working_calls():
    """Give each verb arguments with which it works."""
    border, other = bl.load_border(), bl.load_border(line="osm-2026")
    seeds = bl.load_incidents()
    located = bl.locate(seeds, border)
    placed = located.dropna(subset="chainage_m")
    segments = bl.segment(border, every_km=50)
    density = bl.density(located, segments, within_km=25, exposure="length")
    near = {"events": located, "border": border, "within_km": 25}
    return {
        "bands": {"events": located, "border": border, "edges_km": [0, 5]},
        "catchment_km2": {"border": border, "breaks_km": [0, 5], "within_km": 5},
        "check_events": {"source": seeds.head(3)},
        "compare_lines": {"events": seeds.head(3), "a": border, "b": other},
        "compare_periods": {
            "events": located,
            "segments": segments,
            "before": "2025-07",
            "after": "2025-12",
        },
        "deduplicate": {"events": seeds.head(5)},
        "distances_along": {"events": placed.head(4)},
        "density": {"events": located, "segments": segments, "within_km": 25},
        "density_sensitivity": {"events": located, "border": border, "within_km": 25},
        "nearest_places": {"events": seeds.head(3), "places": "pillars"},
        "duplicate_pairs": {"events": seeds.head(5)},
        "explore": {"events": located.head(3), "border": border, "density": density},
        "find_place": {"name": "Samrong"},
        "format_address": {"chainage_m": 1_000.0, "border": border},
        "geocode": {"events": seeds.head(3)},
        "hotspots": {**near, "simulations": 9},
        "k_function": {**near, "simulations": 19},
        "length_by_resolution": {"borders": border, "tolerances_m": [0]},
        "line_agreement": {"a": border, "b": other},
        "load_admin": {},
        "load_border": {},
        "load_landmarks": {"border": border},
        "load_tolls": {},
        "local_statistics": {"density": density, "simulations": 9},
        "locate": {"events": seeds.head(3), "border": border},
        "parse_address": {"text": "km 100", "border": border},
        "plot_map": {"events": located.head(3), "border": border, "density": density},
        "plot_profile": {"profile": bl.profile(**near, bandwidth_km=20), "border": border},
        "plot_resolution": {"lengths": bl.lines.length_by_resolution(border, tolerances_m=[0])},
        "plot_strip": {"events": located, "border": border},
        "profile": {**near, "bandwidth_km": 20},
        "read_borders": {"path": "b.geojson"},
        "read_events": {"source": seeds.head(3)},
        "segment": {"border": border, "every_km": 50},
        "segment_shares": {"events": seeds.head(3), "segments": segments},
        "sensitivity": {"compute": lambda line: line.length_m, "lines": ["osm-2025", "osm-2026"]},
        "shared_boundary": {"polygon_a": shapely.box(0, 0, 1, 1), "polygon_b": shapely.box(1, 0, 2, 1)},
        "shrink_rates": {"density": density},
        "space_time_interaction": {**near, "near_km": 5, "near_days": 3, "simulations": 19},
        "tabulate": {"table": density},
        "transfer": {"table": segments, "from_border": border, "to_border": other, "rule": "retire"},
        "write_table": {"table": seeds, "path": "x.csv"},
    }
