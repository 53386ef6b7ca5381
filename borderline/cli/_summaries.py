"""Sentences and lines that several commands print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from ..border import Border
    from ._event_options import Incidents

__all__ = [
    "NOT_INDEPENDENT",
    "count_noun",
    "count_placed",
    "describe_claims",
    "describe_densest",
    "describe_located",
    "describe_read",
    "describe_sides",
    "describe_types",
    "describe_vague",
    "format_count",
    "list_left_out",
]

#: What every count is to be read with.
NOT_INDEPENDENT: Final = (
    "Rows are reports, not independent events; the limits in brackets (95 %) speak of chance alone."
)

#: How many of the densest stretches are listed.
_N_DENSEST: Final = 5

#: The reasons why an event does not count, in words.
_REASONS: Final = {
    "no_chainage": "without a position",
    "no_distance": "without a distance",
    "beyond_end": "past an end of the line",
    "beyond_within_km": "farther than {within:g} km",
    "too_vague": "placed by name less precisely than that",
    "no_date": "without a date",
    "outside_period": "outside the period",
    "outside_segments": "outside the stretches",
    "no_province": "in no known province",
    "no_bank": "on neither bank",
    "no_position": "whose position contradicts itself",
    "side_not_known": "whose side is not known",
    "same_place": "at the place of another",
    "same_place_day": "at the place and on the day of another",
}


def count_noun(count: float, noun: str, *, width: int = 0) -> str:
    """Return a number and its noun in the right form; with a width, padded to stand in a column."""
    plural = noun if count == 1 else f"{noun}s"
    return f"{format_count(count):>{width}} {plural:<{len(noun) + 1 if width else 0}}"


def format_count(count: float) -> str:
    """Return a count; one of events that are shared out over a stretch has a decimal."""
    return f"{count:.0f}" if float(count).is_integer() else f"{count:.1f}"


def list_left_out(left_out: Mapping[str, float], within_km: float | None = None) -> str:
    """Return the events left out, by reason, in words; empty where there are none."""
    within = 0.0 if within_km is None else within_km
    return ", ".join(
        f"{format_count(n)} {_REASONS.get(reason, reason.replace('_', ' ')).format(within=within)}"
        for reason, n in left_out.items()
        if n
    )


def describe_located(incidents: Incidents, border: Border) -> str:
    """Return how many incidents there are, how many were located, and how."""
    events = incidents.events
    placed = int(events["chainage_m"].notna().sum())
    named = int(((events["geocoded_by"] == "gazetteer") & events["chainage_m"].notna()).sum())
    by_name = f" ({named} of them by name)" if named else ""
    return describe_read(incidents, f"{placed} located{by_name} on the {border.name}, {count_placed(events)}")


def describe_claims(events: gpd.GeoDataFrame) -> str:
    """Return how many events keep the province of their report; empty where none does."""
    n = int(((events["geocoded_by"] == "claim") & events["chainage_m"].notna()).sum())
    if not n:
        return ""
    kept = "its point lies elsewhere, but the error reaches there (geocoded_by is claim)"
    return f"{count_noun(n, 'incident')} in the province of the report: {kept}."


def describe_sides(events: gpd.GeoDataFrame) -> str:
    """Return of how many events the side is not known; empty where no error is."""
    located = events["chainage_m"].notna()
    if "side_known" in events.columns:
        known = events["side_known"].fillna(value=False).astype("bool") & located
        counts = f"{int(known.sum())}, not known for {int((located & ~known).sum())}"
        return f"Side known at the level {events.attrs['level']:g} for {counts} (column side_known)."
    n = int((events["location_error_m"] > events["distance_m"]).fillna(value=False).sum())
    if not n:
        return ""
    why = "the error of the position reaches across the line"
    return f"{count_noun(n, 'incident')} of which the side is not certain: {why}; --level 0.9 says how sure."


def describe_read(incidents: Incidents, facts: str) -> str:
    """Return how many incidents were read, after the period where one was asked for, with further facts."""
    events = incidents.events
    rejects = sum(events.attrs.get("rejects", {}).values())
    aside = f"; {count_noun(rejects, 'row')} set aside" if rejects else ""
    whole = ""
    if incidents.period:
        outside = list_left_out(incidents.outside)
        whole = f"{count_noun(incidents.n_read, 'incident')} read, {len(events)} from {incidents.period}"
        whole += f" ({outside}).\n" if outside else ".\n"
    return f"{whole}{count_noun(len(events), 'incident')}, {facts}{aside}."


def count_placed(events: gpd.GeoDataFrame) -> str:
    """Return how many events have a province, and where it stands."""
    return f"{int(events['admin1'].notna().sum())} in a known province (column admin1)"


def describe_types(incidents: Incidents) -> str:
    """Return how many incidents do not count for their type; empty where all do."""
    n = len(incidents.events) - len(incidents.counted)
    return f"{n} talks, protests and allegations are not counted; --all-types counts them." if n else ""


def describe_vague(table: pd.DataFrame) -> str:
    """Return how many of the events counted are vaguer than what they are counted in; empty where none is."""
    return str(table.attrs["position_note"])


def describe_densest(segments: gpd.GeoDataFrame, n_counted: int, by: Sequence[str] = ()) -> str:
    """Return the densest segments of a density, and what was left out of it, in lines."""
    out = list_left_out(segments.attrs["left_out"], segments.attrs["within_km"])
    lines = [
        f"Densest stretches, from {format_count(segments['n_events'].sum())} of {n_counted} incidents counted"
        + (f" ({out})" if out else "")
        + ":"
    ]
    top = segments[segments["n_events"] > 0].nlargest(_N_DENSEST, "events_per_km", keep="first")
    for row in top.itertuples():
        names = [name for name in (row.admin1_left, row.admin1_right) if isinstance(name, str)]
        count = count_noun(row.n_events, "incident", width=4)
        lines.append(
            f"  chainage {row.from_m / 1000:5.0f}-{row.to_m / 1000:.0f} km  {count}  "
            f"{row.events_per_km:.2f} per km "
            f"({row.events_per_km_low:.2f}-{row.events_per_km_high:.2f})  {' / '.join(names)}"
            + "".join(f", {getattr(row, name)}" for name in by)
        )
    return "\n".join([*lines, NOT_INDEPENDENT])
