"""Where an event found by name may be: the model of its position, by the kind of place."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from ..positions import place_models
from ..schema import Column
from ._name_answers import NameAnswers, no_texts

__all__ = ["position_columns"]

#: Kind of place in the gazetteer to the one for which the data has a model; the rest are villages.
_KINDS: Final = {
    **dict.fromkeys(("temple", "crossing", "hospital"), "exact"),
    **dict.fromkeys(("subdistrict", "commune"), "subdistrict"),
    **dict.fromkeys(("pass", "hill", "other", "border"), "border_stretch"),
    **dict.fromkeys(("district", "province"), "district"),
}
#: A point that a text moves away from a place ("5 km north of"), or between several, errs in all
#: directions alike.
_MOVED: Final = ""
#: Places nearer than this are the same, degrees.
_SAME_DEG: Final = 1e-6

Texts = npt.NDArray[np.object_]


def position_columns(
    table: gpd.GeoDataFrame, answers: NameAnswers | None, admin1_iso: Texts, admin2_code: Texts
) -> dict[str, Column]:
    """
    Return ``position_model`` and ``position_area`` with those of the rows found by name filled in.

    Parameters
    ----------
    table
        The events; what their own columns say stands.
    answers
        What was looked up; None where nothing was.
    admin1_iso, admin2_code
        Units found for the rows of `answers`, None for none. The district is that which holds the point.

    Returns
    -------
    columns
        A province or a district is a polygon; any other place has the model of its kind.
    """
    columns: dict[str, Column] = {}
    for name in ("position_model", "position_area"):
        cells = pd.array(table[name].array, dtype="string") if name in table.columns else no_texts(len(table))
        columns[name] = cells
    if answers is None:
        return columns
    models, areas = (
        np.array(
            [
                _describe_position(answers, number, iso, code)
                for number, (iso, code) in enumerate(zip(admin1_iso, admin2_code, strict=True))
            ],
            dtype=object,
        )
        .reshape(-1, 2)
        .T
    )
    free = np.logical_and.reduce([np.asarray(pd.isna(cells)) for cells in columns.values()])[answers.rows]
    for name, texts in (("position_model", models), ("position_area", areas)):
        known = free & (texts != None)  # noqa: E711 - cell by cell
        if known.any():
            columns[name] = columns[name].copy()
            columns[name][answers.rows[known]] = texts[known]
    return columns


def _describe_position(
    answers: NameAnswers, number: int, iso: str | None, code: str | None
) -> tuple[str | None, str | None]:
    """Return the model and the polygon of an answer."""
    answer, places = answers.by_row[number], answers.index.places
    if not np.isfinite(answer.lon):
        return ("polygon", iso) if answer.place is not None and iso else (None, None)
    kind = "border" if answer.stretch else _MOVED
    if answer.place is not None and not answer.stretch and not answer.members:
        away = max(abs(places.lon[answer.place] - answer.lon), abs(places.lat[answer.place] - answer.lat))
        kind = str(places.kind[answer.place]) if away <= _SAME_DEG else _MOVED
    area = {"province": iso, "district": code}.get(kind)
    if area:
        return "polygon", area
    return place_models()["", _KINDS.get(kind, "village") if kind else _MOVED].model, None
