"""Names of places: the verb `find_place`, and answers for whole columns of names."""

from __future__ import annotations

from ._answers import Answer, Query, answer_all
from ._find import find_place, province_codes
from ._index import Index, disputed_points, load_index

__all__ = [
    "Answer",
    "Index",
    "Query",
    "answer_all",
    "disputed_points",
    "find_place",
    "load_index",
    "province_codes",
]
