"""Names of places: the verb `find_place`, and answers for whole columns of names."""

from __future__ import annotations

from ._answers import Answer, Query
from ._find_place import find_place
from ._name_index import NameIndex, disputed_points, load_index, province_codes
from ._own_places import Gazetteer
from ._place_lookup import answer_queries

__all__ = [
    "Answer",
    "Gazetteer",
    "NameIndex",
    "Query",
    "answer_queries",
    "disputed_points",
    "find_place",
    "load_index",
    "province_codes",
]
