"""
The built-in data: where each layer lies, where it comes from, how good it is.

Every layer has a record with its origin, licence, accuracy and checksum; a layer is
held against its checksum whenever it is read.
"""

from __future__ import annotations

from ._built_in_border import load_border
from ._downloads import download, downloads
from ._layers import content_sha256, load_admin, read_layer, read_table, seeds_path
from ._records import BorderRecord, Length, Origin, Record, get, get_border, list_layers
from ._register import register, registered, unregister

__all__ = [
    "BorderRecord",
    "Length",
    "Origin",
    "Record",
    "content_sha256",
    "download",
    "downloads",
    "get",
    "get_border",
    "list_layers",
    "load_admin",
    "load_border",
    "read_layer",
    "read_table",
    "register",
    "registered",
    "seeds_path",
    "unregister",
]
