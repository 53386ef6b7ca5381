"""Datums of the region, by hand on their ellipsoids, and what cannot be brought to the globe."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS, Geod, Proj
from shapely.geometry import box

import borderline as bl
from borderline._datums import find_datum, to_wgs84
from borderline.errors import CRSError, OptionError

#: Everest 1830 (1937 adjustment) and WGS 84: semi-major axis and flattening.
EVEREST = (6377276.345, 1 / 300.8017)
WGS84 = (6378137.0, 1 / 298.257223563)
#: Geocentric translations to WGS 84 in metres, from the EPSG dataset.
SHIFTS = {
    4240: (210, 814, 289),  # EPSG:1304
    4131: (198, 881, 317),  # EPSG:1542
    4239: (217, 823, 299),  # EPSG:1153
}
POIPET = (102.56, 13.66)
WGS84_GEOD = Geod(ellps="WGS84")


def shift_by_hand(lon, lat, translation):
    """Return longitude and latitude on WGS 84 by way of Cartesian coordinates."""
    a, f = EVEREST
    e2 = f * (2 - f)
    lam, phi = np.radians([lon, lat])
    n = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    x, y, z = n * np.cos(phi) * np.cos(lam), n * np.cos(phi) * np.sin(lam), n * (1 - e2) * np.sin(phi)
    x, y, z = np.array([x, y, z]) + translation
    a, f = WGS84
    e2 = f * (2 - f)
    p = np.hypot(x, y)
    phi = np.arctan2(z, p * (1 - e2))
    for _ in range(10):
        n = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
        phi = np.arctan2(z + e2 * n * np.sin(phi), p)
    return np.degrees(np.arctan2(y, x)), np.degrees(phi)


def metres_between(one, other):
    return WGS84_GEOD.inv(*one, *other)[2]


def utm_metres(lon, lat, zone):
    """Return easting and northing on the ellipsoid of Everest."""
    return Proj(proj="utm", zone=zone, a=EVEREST[0], rf=1 / EVEREST[1])(lon, lat)


def points(*places, crs):
    return gpd.GeoDataFrame(
        {"id": range(len(places))}, geometry=[shapely.Point(place) for place in places], crs=crs
    )


@pytest.mark.parametrize("crs", SHIFTS)
def test_degrees_of_a_datum_of_the_region(crs):
    events = bl.read_events(points(POIPET, crs=crs))
    point = events.geometry.iloc[0]
    assert metres_between((point.x, point.y), shift_by_hand(*POIPET, SHIFTS[crs])) < 0.01


@pytest.mark.parametrize(("crs", "zone", "base"), [(24047, 47, 4240), (24048, 48, 4240), (3148, 48, 4131)])
def test_metres_of_a_datum_of_the_region(crs, zone, base):
    lon = 99.5 if zone == 47 else POIPET[0]
    events = bl.read_events(points(utm_metres(lon, POIPET[1], zone), crs=crs))
    point = events.geometry.iloc[0]
    assert metres_between((point.x, point.y), shift_by_hand(lon, POIPET[1], SHIFTS[base])) < 0.01


@pytest.mark.parametrize(
    ("crs", "place", "metres"),
    [
        (4240, POIPET, 591.1),
        (24048, (236000, 1511500), 487.7),
        (4131, POIPET, 585.8),
        (3148, (236000, 1511500), 485.2),
    ],
)
def test_distance_from_the_border_at_poipet(crs, place, metres):
    border = bl.load_border()
    events = points(place, crs=crs)
    assert bl.locate(bl.read_events(events), border)["distance_m"].item() == pytest.approx(metres, abs=0.1)
    assert bl.locate(events, border)["distance_m"].item() == pytest.approx(metres, abs=0.1)


def test_operation_is_named_and_its_accuracy_added():
    table = points(POIPET, crs=4131).assign(error_m=100.0)
    check = bl.check_events(table)
    assert "EPSG:1542" in check.columns.loc[check.columns["event_column"] == "geometry", "datum"].item()
    assert "EPSG:1542" in check.events.attrs["datum"]
    assert check.events["location_error_m"].tolist() == [144.0]
    assert bl.read_events(points(POIPET, crs=4131))["location_error_m"].tolist() == [44.0]


@pytest.mark.parametrize(
    "columns",
    [
        {"lat": [POIPET[1]], "lon": [POIPET[0]]},
        {"coordinates": ["13.66, 102.56"]},
        {"coordinates": ["48P {:.2f} {:.2f}".format(*utm_metres(*POIPET, 48))]},
    ],
)
def test_datum_of_coordinates_in_cells(columns):
    events = bl.read_events(pd.DataFrame(columns), datum="Indian 1975")
    point = events.geometry.iloc[0]
    assert metres_between((point.x, point.y), shift_by_hand(*POIPET, SHIFTS[4240])) < 0.02
    assert events["location_error_m"].notna().all()
    assert bl.read_events(pd.DataFrame(columns), datum=4240).geometry.iloc[0] == point


def test_datum_of_a_grid_reference():
    # The middle of the square 48P TA 349 116 of an old sheet is 234950, 1511650 of its own grid.
    lon, lat = Proj(proj="utm", zone=48, a=EVEREST[0], rf=1 / EVEREST[1])(234950, 1511650, inverse=True)
    point = bl.read_events(pd.DataFrame({"mgrs": ["48PTA349116"]}), datum="indian 1975").geometry.iloc[0]
    assert metres_between((point.x, point.y), shift_by_hand(lon, lat, SHIFTS[4240])) < 0.02


def test_datum_counts_in_a_box_too():
    table = pd.DataFrame({"lat": [POIPET[1]], "lon": [POIPET[0]]})
    lon, lat = shift_by_hand(*POIPET, SHIFTS[4240])
    around = (lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4)
    assert len(bl.read_events(table, datum="Indian 1975", bbox=around)) == 1
    assert len(bl.read_events(table, bbox=around)) == 0


@pytest.mark.parametrize("datum", ["Indain 1975", 99999, 32648, "", 1.5])
def test_datum_that_is_none_is_refused(datum):
    with pytest.raises(OptionError, match="datum must be one of"):
        bl.read_events(pd.DataFrame({"lat": [14.0], "lon": [103.0]}), datum=datum)


def test_datum_beside_geometries_is_refused():
    with pytest.raises(OptionError, match="geometries with a CRS"):
        bl.read_events(points(POIPET, crs=4326), datum="Indian 1975")


SITE = 'LOCAL_CS["site grid",UNIT["metre",1]]'


@pytest.mark.parametrize(
    "verb",
    [
        bl.read_events,
        lambda table: bl.locate(table, bl.load_border()),
        lambda table: bl.Border.from_line(
            gpd.GeoSeries([shapely.LineString([(1, 2), (3, 4)])], crs=table.crs), left="THA", right="KHM"
        ),
        lambda table: bl.geocode(
            bl.read_events(points(POIPET, crs=4326)),
            admin=gpd.GeoDataFrame(
                {"admin1_iso": ["TH-27"], "country": ["THA"], "name": ["x"]},
                geometry=[box(0, 0, 9, 9)],
                crs=table.crs,
            ),
        ),
    ],
)
@pytest.mark.parametrize(("crs", "said"), [(SITE, "site grid"), (4147, "Hanoi 1972")])
def test_crs_without_a_known_way_is_refused_by_every_verb(verb, crs, said):
    with pytest.raises(CRSError, match=said):
        verb(points(POIPET, crs=crs))


@pytest.mark.parametrize("crs", [3857, 32648, 24048])
def test_degrees_under_a_crs_of_metres_are_refused(crs):
    table = points((103.37, 14.35), (104.1, 14.4), crs=crs)
    for verb in (bl.read_events, lambda events: bl.locate(events, bl.load_border())):
        with pytest.raises(CRSError, match=r"set_crs\(4326"):
            verb(table)


def test_metres_near_the_origin_of_a_local_plane_are_metres():
    plane = CRS("+proj=aeqd +lat_0=14.35 +lon_0=103.37 +datum=WGS84 +units=m")
    point = bl.read_events(points((30, 40), crs=plane)).geometry.iloc[0]
    assert metres_between((point.x, point.y), (103.37, 14.35)) == pytest.approx(50, abs=1e-3)


def test_shift_that_the_crs_brings_along_is_respected():
    crs = CRS("+proj=longlat +ellps=evrst30 +towgs84=100,200,300 +type=crs")
    point = bl.read_events(points(POIPET, crs=crs)).geometry.iloc[0]
    assert metres_between((point.x, point.y), shift_by_hand(*POIPET, (100, 200, 300))) < 0.1


def test_shapes_keep_their_kind_height_and_index():
    shapes = gpd.GeoSeries(
        [box(102, 13, 103, 14), None, shapely.Point(102, 13, 7), shapely.Point()],
        index=list("abcd"),
        crs=4240,
    )
    moved, shift = to_wgs84(shapes, subject="the table")
    assert moved.index.tolist() == list("abcd")
    assert moved.crs == 4326
    assert [None if shape is None else shape.geom_type for shape in moved] == [
        "Polygon",
        None,
        "Point",
        "Point",
    ]
    assert moved["c"].z == 7
    assert shift.error_m == 9


def test_datum_by_name_and_code():
    assert find_datum("WGS84").to_epsg() == 4326
    assert find_datum("indian_1960").to_epsg() == 4131
    assert find_datum("EPSG:4239").to_epsg() == 4239
