"""borderline turns reports of border incidents into measured facts about a border."""

from __future__ import annotations

from . import catalog, errors
from .border import Border, Calibration, Datum
from .catalog import load_admin
from .intensity import density
from .loading import load_border
from .provenance import Source
from .readers import Check, check_events, load_seeds, read_events, write_events
from .referencing import locate
from .segmentation import segment

__all__ = [
    "Border",
    "Calibration",
    "Check",
    "Datum",
    "Source",
    "__version__",
    "catalog",
    "check_events",
    "density",
    "errors",
    "load_admin",
    "load_border",
    "load_seeds",
    "locate",
    "read_events",
    "segment",
    "write_events",
]

__version__ = "0.1.0"
