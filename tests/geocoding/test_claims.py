"""Every spelling in the table of provinces stands for itself after folding."""

from __future__ import annotations

from collections import defaultdict

import borderline as bl
from borderline.geocoding._claims import fold_province


def test_no_spelling_stands_for_two_provinces():
    owners = defaultdict(set)
    for row in bl.catalog.read_table("provinces").to_dict("records"):
        for name in (
            row["name_en"],
            row["name_local"],
            row["iso_3166_2"],
            *str(row["aliases"] or "").split(";"),
        ):
            if name and name != "nan":
                assert fold_province(name)
                owners[fold_province(name)].add(row["iso_3166_2"])
    assert {name: codes for name, codes in owners.items() if len(codes) > 1} == {}
