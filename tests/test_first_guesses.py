"""What people who know pandas, geopandas and folium try first works, or is answered with the right word."""

from __future__ import annotations

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

import borderline as bl
from borderline.errors import BorderlineError

pytestmark = pytest.mark.filterwarnings("ignore:.*Geometry is in a geographic CRS")


class Things:
    """A border, incidents, and what comes of them; made once."""

    def __init__(self):
        mpl.use("Agg")
        self.border = bl.load_border()
        self.incidents = bl.load_incidents()
        self.events = self.incidents.pipe(bl.geocode).pipe(bl.locate, self.border)
        self.density = bl.density(self.events, bl.segment(self.border, 10), within_km=25)


@pytest.fixture(scope="module")
def things():
    yield Things()
    plt.close("all")


WORKS = {
    "border by a country": lambda t: bl.load_border("thailand").identity == t.border.identity,
    "border by both": lambda t: bl.load_border("tha-khm").identity == t.border.identity,
    "border.plot": lambda t: t.border.plot().get_figure() is not None,
    "border.explore": lambda t: "<html" in t.border.explore().get_root().render(),
    "border.length_km": lambda t: t.border.length_km == pytest.approx(t.border.length_m / 1000),
    "border.geometry": lambda t: t.border.geometry.equals(t.border.line),
    "border.crs": lambda t: t.border.crs == "EPSG:4326",
    "border.bounds": lambda t: tuple(t.border.bounds) == t.border.line.bounds,
    "explore events": lambda t: "<html" in bl.explore(t.incidents).get_root().render(),
    "explore a border": lambda t: "<html" in bl.explore(t.border).get_root().render(),
    "explore rates": lambda t: "<html" in bl.explore(t.border, density=t.density).get_root().render(),
    "a size and a zoom": lambda t: bl.explore(t.events, t.border, height=500, width="100%", zoom=9),
    "segment, positional": lambda t: len(bl.segment(t.border, 10)) == 83,
    "density without segments": lambda t: bl.density(t.events, every_km=10, within_km=25)["n_events"].equals(
        t.density["n_events"]
    ),
    "figsize": lambda t: bl.plot_map(t.events, t.border, figsize=(6, 6)).get_figure() is not None,
    "rates.plot": lambda t: t.density.plot("events_per_km").get_figure() is not None,
    "events.plot": lambda t: t.events.plot().get_figure() is not None,
    "events.explore": lambda t: "<html" in t.events.explore().get_root().render(),
    "rates.explore": lambda t: "<html" in t.density.explore("events_per_km").get_root().render(),
    "pipe": lambda t: len(t.incidents.pipe(bl.geocode).pipe(bl.locate, t.border)) == len(t.incidents),
}

ANSWERED = {
    "read_csv": (lambda _: bl.read_csv, "read_events"),
    "read_excel": (lambda _: bl.read_excel, "read_events"),
    "read_file": (lambda _: bl.read_file, "read_events"),
    "read_acled": (lambda _: bl.read_acled, "read_events"),
    "plot": (lambda _: bl.plot, "plot_map"),
    "save": (lambda _: bl.save, "write_table"),
    "cite": (lambda _: bl.cite, "sources"),
    "a verb of a module": (lambda _: bl.k_function, r"stats\.k_function"),
    "a slip of the pen": (lambda _: bl.loacte, "'locate'"),
    "the name of a place": (lambda _: bl.geocode("Chanthaburi"), "find_place"),
    "tiles by a name": (
        lambda t: bl.explore(t.events, t.border, tiles="OpenStreetMap"),
        "tiles must be an address and a credit",
    ),
    "a colour": (lambda t: bl.explore(t.events, t.border, color="red"), "color must be"),
    "an unknown country": (lambda _: bl.load_border("atlantis"), "khm-tha"),
}


@pytest.mark.parametrize("guess", WORKS)
def test_a_first_guess_works(things, guess):
    assert WORKS[guess](things)


@pytest.mark.parametrize("guess", ANSWERED)
def test_a_first_guess_is_answered(things, guess):
    attempt, word = ANSWERED[guess]
    with pytest.raises((BorderlineError, AttributeError), match=word):
        attempt(things)


def test_a_border_is_written_to_a_file(things, tmp_path):
    path = tmp_path / "border.gpkg"
    things.border.to_file(path)
    assert bl.Border.from_file(path).length_m == pytest.approx(things.border.length_m, abs=1e-3)


def test_every_name_is_found_by_tab():
    assert set(bl.__all__) <= set(dir(bl))
    for name in bl.__all__:
        assert getattr(bl, name) is getattr(bl, name)
