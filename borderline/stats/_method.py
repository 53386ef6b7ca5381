"""Describe the method of a table of rates, for its ``attrs``."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ..border import describe_border

__all__ = ["describe_density"]

_UNITS: Final = {
    "length": "kilometre of border",
    "catchment": "square kilometre of the land nearest to each segment",
}


def describe_density(density: pd.DataFrame) -> str:
    """
    Describe how a table of rates was computed.

    Parameters
    ----------
    density
        From `density`, with its ``attrs``.

    Returns
    -------
    method
        A few sentences.
    """
    facts = density.attrs
    border, within = describe_border(facts.get("border")), facts["within_km"]
    near = f" within {within:g} km of the line" if within is not None else ""
    by = f", by {' and '.join(facts['by'])}" if facts["by"] else ""
    near += f" on the bank of {facts['bank']}" if facts["bank"] else ""
    once = f", each {facts['distinct']} once" if facts["distinct"] else ""
    unit = _UNITS.get(facts["exposure"], f"unit of {facts['exposure']}")
    spans = [f"{start} to {end}" for start, end in facts["period"].values()]
    if spans and facts["rate_unit"].endswith("year"):
        source = "the days from the first event to the last" if facts["period_from"] == "data" else "given"
        unit += f" and year ({'; '.join(spans)}, {source})"
    kind = (
        "exact Poisson limits (Garwood 1936)"
        if facts["limits"] == "poisson"
        else "quasi-Poisson limits (Poisson limits of the count over its dispersion, times the dispersion)"
    )
    spread = density["dispersion"].dropna().unique()
    variation = ""
    if len(spread):
        ends = " to ".join(f"{value:.2g}" for value in sorted({spread.min(), spread.max()}))
        variation = f" Variance over mean is {ends}; it is 1 for independent events at one rate."
    out, base = facts["left_out"], facts["computed_from"]
    return (
        f"Events{near} were counted in {base['segments']} segments of {border}{by}{once}; "
        f"{sum(out.values()):g} of {base['events']} were left out. Rates are events per {unit}, with "
        f"{kind} at {facts['level'] * 100:g} %.{variation}"
    )
