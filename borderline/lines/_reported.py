"""Lengths that others report, to stand beside those that are measured."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import pandas as pd

from .. import catalog

__all__ = ["reported_lengths"]

#: How the facts name the length of a province's border.
_PREFIX: Final = "province_border_length_"


def reported_lengths(units: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """
    List the published lengths of the border of some provinces.

    Parameters
    ----------
    units
        Provinces, with ``name``.

    Returns
    -------
    claims
        ``admin1``, ``km``, ``of`` (what the claim speaks of: the whole border of the
        province, or a part of it) and ``source``.
    """
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
