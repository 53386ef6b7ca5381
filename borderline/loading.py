"""Borders that come with the library."""

from __future__ import annotations

from dataclasses import replace

from . import catalog
from .border import Border, Calibration, Datum
from .errors import UnknownKeyError, near_miss
from .provenance import Source

__all__ = ["load_border"]


def load_border(key: str = "khm-tha", *, line: str | None = None) -> Border:
    """
    Load a built-in border.

    The line is one depiction among several and takes no position on where the
    border ought to run; its source and accuracy come with it.

    Parameters
    ----------
    key
        Name of the border; ``khm-tha`` is the land border of Cambodia and Thailand.
    line
        Which drawing of it, as in ``catalog.get_border(key).lines``; by default
        the first of them.

    Returns
    -------
    border
        With source, accuracy, and the measure calibrated to the usual published
        length, whose source is ``border.calibration.source``.

    Raises
    ------
    UnknownKeyError
        If there is no such border or line; near misses are offered.
    IntegrityError
        If the data is missing or is not what its record says.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> border
    <Border Cambodia–Thailand land border: 824.2 km (nominal 817), left KHM, right THA,
    from tripoint of Cambodia, Laos and Thailand, as drawn by the line>
    """
    record = catalog.get_border(key)
    drawn = record.line if line is None else line
    if drawn not in record.lines:
        hint = near_miss(drawn, record.lines)
        raise UnknownKeyError(f"The border {key!r} has no line {drawn!r}.{hint}")
    layer = catalog.get(drawn)
    claim = record.nominal
    border = Border.from_line(
        catalog.read_layer(drawn).geometry.iloc[0],
        left=record.left,
        right=record.right,
        name=record.name,
        source=layer.source,
        accuracy_m=layer.accuracy_m,
        nominal_length_km=claim.km,
    )
    # A claim without a web address says instead what it rests on.
    linked = claim.url.startswith("http")
    who = Source(
        title=f"{claim.km:g} km: {claim.who}" + ("" if linked else f" ({claim.url})"),
        url=claim.url if linked else "",
        attribution=claim.who,
    )
    return replace(
        border,
        datum=Datum(record.datum, *record.datum_lonlat, direction=f"to {record.end}"),
        calibration=Calibration((0.0, border.length_m), (0.0, claim.km), who),
    )
