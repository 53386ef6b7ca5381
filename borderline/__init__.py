"""borderline turns reports of border incidents into measured facts about a border."""

from __future__ import annotations

import typing

from . import catalog, errors
from .addressing import Address, format_address, load_landmarks, parse_address
from .banding import bands
from .border import Border, Calibration, Datum, read_borders, shared_boundary
from .catalog import load_admin
from .comparison import (
    Agreement,
    Comparison,
    compare_lines,
    length_by_resolution,
    line_agreement,
    transfer,
)
from .deduplication import deduplicate, duplicate_pairs
from .exposure import catchment_km2
from .gazetteer import find_place
from .geocoding import geocode
from .inference import compare_periods, excess, hotspots, k_function, local_statistics, space_time_interaction
from .intensity import density, density_sensitivity, profile, shrink_rates, space_time_profile
from .loading import load_border
from .provenance import Source
from .readers import Check, check_events, load_seeds, read_events, write_events
from .referencing import along_border_km, distance_to, locate, steps_along_border
from .segmentation import segment
from .tabulating import tabulate

if typing.TYPE_CHECKING:
    from .charting import plot_map, plot_profile, plot_resolution, plot_strip
    from .mapping import explore

__all__ = [
    "Address",
    "Agreement",
    "Border",
    "Calibration",
    "Check",
    "Comparison",
    "Datum",
    "Source",
    "__version__",
    "along_border_km",
    "bands",
    "catalog",
    "catchment_km2",
    "check_events",
    "compare_lines",
    "compare_periods",
    "deduplicate",
    "density",
    "density_sensitivity",
    "distance_to",
    "duplicate_pairs",
    "errors",
    "excess",
    "explore",
    "find_place",
    "format_address",
    "geocode",
    "hotspots",
    "k_function",
    "length_by_resolution",
    "line_agreement",
    "load_admin",
    "load_border",
    "load_landmarks",
    "load_seeds",
    "local_statistics",
    "locate",
    "parse_address",
    "plot_map",
    "plot_profile",
    "plot_resolution",
    "plot_strip",
    "profile",
    "read_borders",
    "read_events",
    "segment",
    "shared_boundary",
    "shrink_rates",
    "space_time_interaction",
    "space_time_profile",
    "steps_along_border",
    "tabulate",
    "transfer",
    "write_events",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> typing.Any:  # noqa: ANN401 - whatever is asked for
    """Load pictures when they are asked for: folium takes longer to import than all the rest."""
    if name == "explore":
        from .mapping import explore  # noqa: PLC0415 - the point of it

        return explore
    if name in {"plot_map", "plot_profile", "plot_resolution", "plot_strip"}:
        from . import charting  # noqa: PLC0415 - the same

        return getattr(charting, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
