"""Where the built-in data is looked for, and in what order."""

from __future__ import annotations

import pytest

from borderline import _paths
from borderline._paths import data_path
from borderline.errors import UnknownKeyError


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A packaged copy and a checkout, both with the same file; the variable is unset."""
    for place in ("checkout", "checkout/borderline", "named"):
        folder = tmp_path / place / "seeds"
        folder.mkdir(parents=True)
        (folder / "incidents.csv").touch()
    monkeypatch.setattr(_paths, "_PACKAGE", tmp_path / "checkout" / "borderline")
    monkeypatch.delenv("BORDERLINE_DATA", raising=False)
    return tmp_path


def test_packaged_copy_comes_before_the_checkout(places):
    expected = places / "checkout" / "borderline" / "seeds" / "incidents.csv"
    assert data_path("seeds", "incidents.csv") == expected
    expected.unlink()
    assert data_path("seeds", "incidents.csv") == places / "checkout" / "seeds" / "incidents.csv"


def test_named_folder_comes_first(places, monkeypatch):
    monkeypatch.setenv("BORDERLINE_DATA", str(places / "named"))
    assert data_path("seeds", "incidents.csv") == places / "named" / "seeds" / "incidents.csv"


def test_what_is_nowhere_names_every_place(places, monkeypatch):
    monkeypatch.setenv("BORDERLINE_DATA", str(places / "named"))
    with pytest.raises(UnknownKeyError, match=r"lacks seeds/absent\.csv .*named.*BORDERLINE_DATA"):
        data_path("seeds", "absent.csv")
