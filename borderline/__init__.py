"""borderline turns reports of border incidents into measured facts about a border."""

from __future__ import annotations

from . import catalog, errors
from .border import Border, Calibration, Datum
from .catalog import load_admin
from .intensity import density
from .loading import load_border
from .provenance import Source
from .referencing import locate
from .segmentation import segment

__all__ = [
    "Border",
    "Calibration",
    "Datum",
    "Source",
    "__version__",
    "catalog",
    "density",
    "errors",
    "load_admin",
    "load_border",
    "locate",
    "segment",
]

__version__ = "0.1.0"
