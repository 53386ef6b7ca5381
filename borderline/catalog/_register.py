"""Layers of the user, known by key for as long as the session lasts."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Mapping

from ..errors import IntegrityError, KeyTakenError, OptionError, UnknownKeyError, near_miss
from ..options import validate_number, validate_positive, validate_word
from ._checksum import content_sha256
from ._layers import ADMIN_KINDS
from ._records import OWN_ORIGIN, REGISTERED, Origin, OwnLayer, Record, built_in_keys
from ._user_files import check_overlaps, read_own

__all__ = ["register", "registered", "unregister"]

_KINDS = ("admin", "line")


def register(  # noqa: PLR0913 - a record has that many fields, and all are given by name
    path: str | os.PathLike[str],
    *,
    key: str,
    kind: str,
    title: str,
    license: str,  # noqa: A002 - the name of the field in every record
    attribution: str,
    url: str = "",
    date: str = "",
    accuracy_m: float | None = None,
    accuracy_basis: str = "not stated",
    columns: Mapping[str, str] | None = None,
    max_overlap_m2: float = 1.0,
) -> Record:
    """
    Register a layer of your own under a key, for this session.

    The file stays where it is; nothing is written. What it says is checked now, and
    held against its checksum whenever it is read.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, FlatGeobuf, GeoParquet or Shapefile, in any CRS that is set.
    key
        How to ask for it: ``load_border(line=key)``, ``load_admin(key)``, ``geocode(admin=key)``.
    kind
        ``line`` for one line (features that join end to end count as one), ``admin`` for
        polygons with a code, a country and a name.
    title
        What it is, in a few words.
    license
        Its licence, as an SPDX expression where there is one; ``unknown`` where it is not known.
    attribution
        The credit that maps and tables made with it show.
    url
        Web address to cite.
    date
        The date (ISO) it stands for.
    accuracy_m
        Half-width in metres that holds 90 % of the displacement, where known.
    accuracy_basis
        What the accuracy rests on.
    columns
        Which column of the file holds which of ``admin1_iso``, ``country``, ``name``,
        ``name_local`` and ``aliases``; by default those of the same name. For ``admin`` only.
    max_overlap_m2
        How many square metres two units may overlap; where they do, the code that sorts
        first has the ground.

    Returns
    -------
    record
        What the catalog now knows about the layer.

    Raises
    ------
    KeyTakenError
        If the catalog has a layer of this key.
    IntegrityError
        If the title, the licence or the attribution is empty.
    FormatError
        If the file is missing, or has an ending that is not read.
    CRSError
        If it has no CRS.
    GeometryError
        If a line is in pieces, or polygons are invalid or overlap; the culprit is named.
    TableError
        If a column is missing, or a code occurs twice.
    OptionError
        If `kind` is unknown, or a number is not positive.

    Examples
    --------
    >>> import borderline as bl, geopandas as gpd, shapely, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = folder + "/mine.geojson"
    ...     gpd.GeoSeries([shapely.LineString([(102.9, 11.7), (103, 14.3)])], crs=4326).to_file(path)
    ...     record = bl.catalog.register(
    ...         path, key="mine", kind="line", title="My line", license="CC0-1.0", attribution="Me"
    ...     )
    ...     len(bl.catalog.read_layer("mine"))
    1
    >>> bl.catalog.unregister("mine")
    """
    validate_word(kind, "kind", _KINDS)
    if kind == "line" and columns:
        raise OptionError("columns belongs to kind='admin': leave it out, a line needs no columns.")
    key = str(key)
    _require_free(key)
    for name, value in {"key": key, "title": title, "license": license, "attribution": attribution}.items():
        if not value.strip():
            raise IntegrityError(f"The layer {key!r} lacks {name}; every layer states it.")
    if accuracy_m is not None:
        validate_positive(accuracy_m, "accuracy_m", "a positive number of metres, or None")
    validate_number(max_overlap_m2, "max_overlap_m2", "a number of square metres, 0 or more", least=0)
    file = pathlib.Path(path).absolute()
    mapping = dict(columns or {})
    layer = read_own(file, key, kind, mapping)
    if kind == "admin":
        check_overlaps(layer, max_overlap_m2, file)
    record = Record(
        key=key,
        kind=kind,
        title=title,
        file=str(file),
        origins=(Origin(name=OWN_ORIGIN, version=date, sha256="", license=license),),
        license=license,
        attribution=attribution,
        url=url,
        date=date,
        crs="EPSG:4326",
        feature_count=len(layer),
        accuracy_m=None if accuracy_m is None else float(accuracy_m),
        accuracy_basis=accuracy_basis,
        sha256=content_sha256(layer),
    )
    REGISTERED[key] = OwnLayer(record, tuple(mapping.items()))
    return record


def _require_free(key: str) -> None:
    if key in built_in_keys() or key in ADMIN_KINDS:
        raise KeyTakenError(f"{key!r} is a built-in layer, which stays what it is; take another key.")
    if key in REGISTERED:
        raise KeyTakenError(
            f"{key!r} is registered already; catalog.unregister({key!r}) first, or take another key."
        )


def unregister(key: str) -> None:
    """
    Unregister a layer of your own; its file stays as it is.

    Parameters
    ----------
    key
        The key it was registered with.

    Raises
    ------
    UnknownKeyError
        If no such layer is registered; built-in layers cannot be taken out.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.catalog.unregister("osm-2025")
    Traceback (most recent call last):
        ...
    borderline.errors.UnknownKeyError: No layer of your own is registered as 'osm-2025'.
    """
    if key not in REGISTERED:
        raise UnknownKeyError(f"No layer of your own is registered as {key!r}.{near_miss(key, REGISTERED)}")
    del REGISTERED[key]


def registered() -> tuple[str, ...]:
    """
    Return the keys of your own layers, in the order they were registered.

    Returns
    -------
    keys
        Empty at the start of a session.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.catalog.registered()
    ()
    """
    return tuple(REGISTERED)
