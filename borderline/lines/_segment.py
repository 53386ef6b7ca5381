"""The verb `segment`: a border cut into stretches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from numpy.typing import ArrayLike

from .. import catalog
from .._bank_units import BankUnits, main_units
from .._constants import WGS84_CRS, Floats
from ..border import Border, require_border
from ..errors import OptionError, TableError
from ..options import validate_flag, validate_word
from ..provenance import cited
from ._breaks import change_breaks, equal_breaks, given_breaks, place_breaks, step_breaks

__all__ = ["segment"]

#: How the facts name the length of a province's border.
_PREFIX: Final = "province_border_length_"


def segment(  # noqa: PLR0913 - one way of cutting is chosen by name, with what it needs
    border: Border,
    every_km: float | None = None,
    *,
    n: int | None = None,
    breaks_km: ArrayLike | None = None,
    by: str | None = None,
    places: Sequence[str] | None = None,
    balance: bool = False,
    origin_km: float = 0.0,
    calibrated: bool = False,
    landmarks: pd.DataFrame | None = None,
) -> gpd.GeoDataFrame:
    """
    Cut a border into stretches, in one of five ways.

    Parameters
    ----------
    border
        The line to cut; chainage grows from ``border.datum``.
    every_km
        Length of a segment, geodesic kilometres along the drawn line. The last
        one is shorter; a remainder under 1 m joins its neighbour.
    n
        Number of segments, all of one length.
    breaks_km
        Where to cut: growing kilometres from the datum, to which both ends of the border are
        added; or pairs of from and to, which may leave gaps but not overlap.
    by
        Cut where the unit on either bank changes: ``admin1`` for provinces, ``admin2`` for
        districts, or the key of units that `catalog.register` made known. On each bank the
        nearest unit of that country counts; contacts under 50 m may go unseen.
    places
        Cut at these addresses, such as ``Chong Chom`` or ``pillar 46 + 300 m``; see
        `parse_address`.
    balance
        With `every_km`: as many segments as without, but all of one length.
    origin_km
        With `every_km`: where the grid of breaks is anchored, kilometres from the datum; then
        the first segment may be shorter as well.
    calibrated
        Take `every_km`, `n`, `breaks_km` and `origin_km` by the border's calibration
        (``measure_km``) instead of by kilometres along the drawn line.
    landmarks
        With `places`: what addresses count from; by default those of `load_landmarks`.

    Returns
    -------
    segments
        Index ``segment_id`` from 0. ``from_m``, ``to_m`` (geodesic metres, half open, the last
        one closed), ``length_km`` (as drawn), ``admin1_left``, ``admin1_right`` (the built-in
        province with the longest share of each bank; missing for countries that are not built
        in), ``geometry`` (lines, EPSG:4326).
        With `places` also ``from_place`` and ``to_place``. With `by` the units on the banks as
        ``<by>_left`` and ``<by>_right``; and with ``admin1``, for each bank, the length of its
        whole province's border as drawn and as reported (``drawn_left_km``,
        ``reported_left_km`` ...; missing where none is reported), the claims themselves in
        ``attrs["reported"]``.

    Raises
    ------
    OptionError
        If not exactly one way of cutting is chosen; if there are no such units; if a length
        or a number is not positive; or if there would be more than a million segments.
    MeasureError
        If breaks are unsorted, equal, overlapping or off the border, or two places are at
        one spot.
    TableError
        If there are no units of these countries.
    UnknownKeyError
        If there is no such landmark.
    AddressError
        If an address cannot be read.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> segments = bl.segment(border, every_km=100)
    >>> len(segments), round(float(segments["length_km"].iloc[-1]), 1)
    (9, 24.2)
    >>> segments["admin1_right"].iloc[0]
    'Ubon Ratchathani'
    >>> pairs = bl.segment(border, by="admin1")
    >>> pairs.loc[0, ["admin1_left", "admin1_right"]].tolist()
    ['Preah Vihear', 'Ubon Ratchathani']
    """
    ways = {"every_km": every_km, "n": n, "breaks_km": breaks_km, "by": by, "places": places}
    require_border(border, verb="segment")
    validate_flag(balance, "balance")
    validate_flag(calibrated, "calibrated")
    _validate_way(ways, balance=balance, origin_km=origin_km, calibrated=calibrated)
    extra: dict[str, Any] = {}
    if by is not None:
        return _cut_by_units(border, by)
    if breaks_km is not None:
        start, end = given_breaks(border, breaks_km, calibrated=calibrated)
        return _build_segments(border, start, end, extra)
    if every_km is not None:
        breaks = step_breaks(border, every_km, balance=balance, origin_km=origin_km, calibrated=calibrated)
    elif n is not None:
        breaks = equal_breaks(border, n, calibrated=calibrated)
    else:
        breaks, names = place_breaks(border, places or [], landmarks)
        texts = pd.array([name or None for name in names], dtype="string")
        extra = {"from_place": texts[:-1], "to_place": texts[1:]}
    return _build_segments(border, breaks[:-1], breaks[1:], extra)


def _validate_way(ways: dict[str, Any], *, balance: bool, origin_km: float, calibrated: bool) -> None:
    """Refuse no way of cutting, several, and options that belong to another one."""
    chosen = [name for name, value in ways.items() if value is not None]
    if len(chosen) != 1:
        said = f"{' and '.join(chosen)} were given" if chosen else "none was given"
        raise OptionError(f"segment cuts in one way at a time: give one of {', '.join(ways)}; {said}.")
    if chosen != ["every_km"] and (balance or origin_km):
        raise OptionError(f"balance and origin_km belong to every_km, not to {chosen[0]}; leave them out.")
    if calibrated and chosen[0] in {"by", "places"}:
        raise OptionError(f"calibrated=True has no meaning with {chosen[0]}: its breaks are places.")


def _cut_by_units(border: Border, layer: str) -> gpd.GeoDataFrame:
    """Return segments that end where the unit on either bank changes."""
    layers = catalog.list_layers()
    known = layers.index[(layers["kind"] == "admin") & layers["crs"].notna()].tolist()
    validate_word(layer, "by", known, hint="the key of registered units (addresses go into places=)")
    banks = BankUnits(border, border.left, layer), BankUnits(border, border.right, layer)
    if all(bank.units.empty for bank in banks):
        raise TableError(
            f"The layer {layer!r} has no units of {border.left} or {border.right} to cut this border by."
        )
    breaks = change_breaks(border, banks)
    start, end = breaks[:-1], breaks[1:]
    extra: dict[str, Any] = {}
    for side, bank in zip(("left", "right"), banks, strict=True):
        names = pd.array(main_units(bank, start, end), dtype="string")
        if layer != "admin1":
            extra[f"{layer}_{side}"] = names
            continue
        drawn = pd.Series((end - start) / 1000.0).groupby(pd.Series(names)).transform("sum")
        extra[f"drawn_{side}_km"] = drawn.to_numpy()
        reported = {claim["admin1"]: claim["km"] for claim in _list_reported_lengths(bank.units)}
        extra[f"reported_{side}_km"] = pd.Series(names).map(reported).astype("Float64").to_numpy()
    table = _build_segments(border, start, end, extra)
    sources = [catalog.get(layer).source]
    if layer == "admin1":
        claims = [claim for bank in banks for claim in _list_reported_lengths(bank.units)]
        table.attrs["reported"] = claims
        sources += [catalog.get("facts").source] if claims else []
    table.attrs["sources"] = cited(table.attrs, *sources)
    return table


def _build_segments(border: Border, start: Floats, end: Floats, extra: dict[str, Any]) -> gpd.GeoDataFrame:
    """Return segments from their ends."""
    left, right = (
        main_units(BankUnits(border, country, "admin1"), start, end)
        for country in (border.left, border.right)
    )
    table = gpd.GeoDataFrame(
        {
            "from_m": start,
            "to_m": end,
            "length_km": (end - start) / 1000.0,
            "admin1_left": pd.array(left, dtype="string"),
            "admin1_right": pd.array(right, dtype="string"),
            **extra,
        },
        geometry=[border.slice(*pair) for pair in zip(start.tolist(), end.tolist(), strict=True)],
        index=pd.RangeIndex(len(start), name="segment_id"),
        crs=WGS84_CRS,
    )
    table.attrs["border"] = border.identity
    known = any(text is not None for text in (*left, *right))
    table.attrs["sources"] = cited({}, border.source, *([catalog.get("admin1").source] if known else []))
    return table


def _list_reported_lengths(units: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return the published lengths of the border of provinces: ``admin1``, ``km``, ``of`` and ``source``."""
    facts = catalog.read_table("facts")
    claims = []
    for key, value, source in facts.loc[
        facts["key"].str.startswith(_PREFIX), ["key", "value", "source"]
    ].itertuples(index=False):
        said = str(key).removeprefix(_PREFIX).replace("_", " ")
        for name in units["name"]:
            folded = str(name).casefold()
            if said == folded or said.startswith(folded + " "):
                part = said.removeprefix(folded).strip()
                claims.append(
                    {
                        "admin1": str(name),
                        "km": float(pd.to_numeric(value)),
                        "of": part or "whole border",
                        "source": str(source),
                    }
                )
    return claims
