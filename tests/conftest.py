"""What every test shares."""

from __future__ import annotations

import base64
import gzip
import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import settings

# No test is timed: how long an example takes says nothing about whether it holds.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def _unpacked(page, element_id):
    found = re.search(rf'<script type="text/plain" id="{element_id}">([^<]*)</script>', page)
    return gzip.decompress(base64.b64decode(found[1])) if found else b""


def _columns(data, layout, columns):
    """Decode byte planes as the page does."""
    at = 0
    for column in layout:
        code = np.zeros(column["rows"])
        for k in range(column["width"]):
            code += np.frombuffer(data, np.uint8, column["rows"], at) * 256.0**k
            at += column["rows"]
        if column.get("delta"):
            code = np.cumsum(np.where(code % 2, -(code + 1) / 2, code / 2))
        start = column["base"] - 1
        if "since" in column:
            start = start + np.rint(np.nan_to_num(columns[column["since"]]) * column["per"])
        columns[column["name"]] = np.where(code == 0, np.nan, (start + code) / column["per"])
    assert at == len(data)
    return columns


def _records(page, config, columns):
    """What the page tells of each row, but for what it reckons from the line."""
    facts, rows = config["incidents"], config["incidents"]["total"]
    names = json.loads(_unpacked(page, "bl-names"))
    size = facts["rowsPerBlock"]
    blocks = [json.loads(_unpacked(page, f"bl-words-{k}") or b"{}") for k in range(-(-rows // size))]
    records = [{} for _ in range(rows)]
    for name, kind, at in facts["fields"]:
        how, _, of = kind.partition(":")
        for row, record in enumerate(records):
            if how == "words":
                value = blocks[row // size].get(name, [None] * size)[row % size]
            elif how in ("measure", "distance", "beside") or np.isnan(columns[at][row]):
                value = None
            else:
                value = columns[at][row]
                value = {
                    "number": value, "flag": 1,
                    "label": f"{int(value):0{of or 0}}" if how == "label" else None,
                    "date": str(np.datetime64(int(value), "D")),
                    "names": names[of][int(value)] if how == "names" else None,
                    "numbered": names["before"][int(columns["before"][row])] + f"{int(value):0{of or 0}}"
                    if how == "numbered" else None,
                }[how]  # fmt: skip
            if value is not None:
                record[name] = value
    return records


@pytest.fixture(scope="session")
def decoded():
    """Read a page: its configuration, the columns of numbers, and what it tells of each row."""

    def read(page):
        config = json.loads(re.search(r'id="bl-config">(.*?)</script>', page)[1])
        columns = _columns(_unpacked(page, "bl-incidents"), config["incidents"]["layout"], {})
        columns = _columns(_unpacked(page, "bl-later"), config["incidents"]["later"], columns)
        return SimpleNamespace(config=config, columns=columns, records=_records(page, config, columns))

    return read


@pytest.fixture(scope="session")
def planes_of():
    """Decode planes that were just packed."""

    def read(planes):
        return _columns(gzip.decompress(base64.b64decode(planes.text())), planes.layout, {})

    return read
