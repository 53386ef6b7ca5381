"""
borderline turns reports of border incidents into measured facts about a border.

What a first week needs stands here; `stats`, `lines`, `addresses` and `catalog` hold the rest.
"""

from __future__ import annotations

import difflib
import importlib
import typing

if typing.TYPE_CHECKING:
    from . import addresses, catalog, errors, lines, stats
    from .border import Border, Calibration
    from .catalog import load_admin, load_border, load_tolls
    from .charting import plot_map, plot_profile, plot_resolution, plot_strip
    from .deduplication import deduplicate, duplicate_pairs
    from .gazetteer import find_place
    from .geocoding import geocode
    from .lines import segment
    from .mapping import explore
    from .provenance import Source
    from .readers import check_events, load_incidents, read_events, write_table
    from .referencing import locate, nearest_places, segment_shares
    from .stats import bands, compare_periods, density, hotspots, profile
    from .tabulating import tabulate

__all__ = [
    "Border",
    "Calibration",
    "Source",
    "__version__",
    "addresses",
    "bands",
    "catalog",
    "check_events",
    "compare_periods",
    "deduplicate",
    "density",
    "duplicate_pairs",
    "errors",
    "explore",
    "find_place",
    "geocode",
    "hotspots",
    "lines",
    "load_admin",
    "load_border",
    "load_incidents",
    "load_tolls",
    "locate",
    "nearest_places",
    "plot_map",
    "plot_profile",
    "plot_resolution",
    "plot_strip",
    "profile",
    "read_events",
    "segment",
    "segment_shares",
    "stats",
    "tabulate",
    "write_table",
]

__version__ = "0.1.0"

#: Which module brings a public name; each is imported when it is first asked for, so that
#: the help of the command line and the completion of an option need not wait for geopandas.
_MODULES: typing.Final = {
    "addresses": "",
    "catalog": "",
    "errors": "",
    "lines": "",
    "stats": "",
    "Border": "border",
    "Calibration": "border",
    "Source": "provenance",
    "bands": "stats",
    "check_events": "readers",
    "compare_periods": "stats",
    "deduplicate": "deduplication",
    "density": "stats",
    "duplicate_pairs": "deduplication",
    "explore": "mapping",
    "find_place": "gazetteer",
    "geocode": "geocoding",
    "hotspots": "stats",
    "load_admin": "catalog",
    "load_border": "catalog",
    "load_incidents": "readers",
    "load_tolls": "catalog",
    "locate": "referencing",
    "nearest_places": "referencing",
    "plot_map": "charting",
    "plot_profile": "charting",
    "plot_resolution": "charting",
    "plot_strip": "charting",
    "profile": "stats",
    "read_events": "readers",
    "segment": "lines",
    "segment_shares": "referencing",
    "tabulate": "tabulating",
    "write_table": "readers",
}


def __getattr__(name: str) -> typing.Any:  # noqa: ANN401 - whatever is asked for
    """Import a public name when it is first asked for."""
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}.{_suggest_name(name)}")
    value = (
        getattr(importlib.import_module(f".{module}", __name__), name)
        if module
        else importlib.import_module(f".{name}", __name__)
    )
    globals()[name] = value
    return value


#: What people who know pandas, geopandas and folium try first, and what does it here.
_INSTEAD: typing.Final = {
    "read_csv": "read_events reads tables of every format and provider",
    "read_excel": "read_events reads tables of every format and provider",
    "read_file": "read_events reads incidents from any file, Border.from_file a border",
    "read_acled": "read_events recognises ACLED, UCDP and other providers by their columns",
    "plot": "plot_map draws a map, plot_profile and plot_strip what lies along the border",
    "save": "write_table writes a table; a map has save itself: explore(events).save('map.html')",
    "cite": "every table names its sources in attrs['sources'], every border in border.source",
}


def _suggest_name(name: str) -> str:
    """Return what a name that does not exist may have meant, as the end of a message."""
    if name.startswith("_"):
        return ""
    if name in _INSTEAD:
        return f" Use another: {_INSTEAD[name]}."
    for module in ("stats", "lines", "addresses", "catalog"):
        if name in importlib.import_module(f".{module}", __name__).__all__:
            return f" It is in a module: {module}.{name}."
    close = difflib.get_close_matches(name, __all__, n=1, cutoff=0.6)
    return f" Did you mean {close[0]!r}?" if close else ""


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
