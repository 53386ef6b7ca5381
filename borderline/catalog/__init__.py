"""
The built-in data: where each layer lies, where it comes from, how good it is.

Every layer has a record with its origin, licence, accuracy and checksum, and is verified
against its checksum whenever it is read.
"""

from __future__ import annotations

from ._built_in_border import load_border as load_border
from ._checksum import content_sha256 as content_sha256
from ._downloads import download, downloads
from ._layers import load_admin as load_admin
from ._layers import read_layer, read_table
from ._layers import seeds_path as seeds_path
from ._records import BorderRecord as BorderRecord
from ._records import Record as Record
from ._records import get, get_border, list_layers
from ._register import register, registered, unregister
from ._tolls import load_tolls as load_tolls

__all__ = [
    "download",
    "downloads",
    "get",
    "get_border",
    "list_layers",
    "read_layer",
    "read_table",
    "register",
    "registered",
    "unregister",
]
