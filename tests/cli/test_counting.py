"""`borderline density`, `borderline provinces`, periods and types: the library's verbs are the oracle."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

import borderline as bl

TYPES = {"diplomatic_event", "protest_confrontation", "incursion_allegation"}


def read_sheet(path):
    return pd.read_excel(path, engine="openpyxl")


@pytest.fixture(scope="module")
def incidents():
    return bl.load_incidents()


@pytest.fixture
def file(tmp_path, incidents):
    return bl.write_table(incidents, tmp_path / "incidents.csv")


def test_density_is_that_of_the_library(run, file, tmp_path, incidents):
    done = run("density", str(file), "--every-km", "20", "--within-km", "10", "--all-types", "-o", "out.gpkg")
    assert done.exit_code == 0, done.output
    border = bl.load_border()
    events = bl.locate(bl.geocode(incidents), border)
    expected = bl.density(events, bl.segment(border, every_km=20), within_km=10)
    out = gpd.read_file(tmp_path / "out.gpkg")
    assert out["n_events"].tolist() == expected["n_events"].tolist()
    for name in ("events_per_km", "rate", "rate_low", "rate_high", "catchment_km2"):
        assert out[name].tolist() == pytest.approx(expected[name].tolist())
    assert f"from {expected['n_events'].sum()} of 222 incidents counted" in done.output
    assert "not counted" not in done.output
    top = expected.nlargest(1, "events_per_km").iloc[0]
    line = next(line for line in done.output.splitlines() if line.startswith("  chainage"))
    assert f"{top['n_events']} incidents  {top['events_per_km']:.2f} per km" in line
    assert str(top["admin1_left"]) in line


@pytest.mark.parametrize("mode", ["spread", "impute"])
def test_positions_are_those_of_the_library(run, tmp_path, incidents, mode):
    border = bl.load_border()
    events = bl.locate(bl.geocode(incidents), border)
    violent = events[~events["event_type"].isin(TYPES)]
    words = ("--every-km", "100", "--exposure", "length", "--positions", mode, "-o", "out.csv")
    done = run("density", *words)
    assert done.exit_code == 0, done.output
    out = pd.read_csv(tmp_path / "out.csv")
    expected = bl.density(
        violent, bl.segment(border, every_km=100), within_km=25, exposure="length", positions=mode
    )
    for name in ("n_expected", "n_events_low", "n_events_high", "events_per_km_low"):
        assert out[name].tolist() == pytest.approx(expected[name].tolist())
    done = run("bands", "--positions", mode)
    assert done.exit_code == 0, done.output
    assert "finer than its positions" in done.output


@pytest.mark.parametrize("ending", ["csv", "xlsx", "geojson", "parquet"])
def test_density_writes_by_ending(run, tmp_path, ending):
    done = run("density", "--every-km", "100", "--exposure", "length", "-o", f"out.{ending}")
    assert done.exit_code == 0, done.output
    read = {"csv": pd.read_csv, "xlsx": read_sheet, "parquet": gpd.read_parquet}.get(ending, gpd.read_file)
    out = read(tmp_path / f"out.{ending}")
    assert out["n_events"].sum() == 163
    assert (tmp_path / f"out.{ending}.source.json").exists()


def test_density_by_a_column(run, tmp_path):
    words = ("--every-km", "100", "--exposure", "length", "--by", "event_type", "--by", "bank")
    done = run("density", *words, "-o", "out.csv")
    assert done.exit_code == 0, done.output
    out = pd.read_csv(tmp_path / "out.csv")
    assert set(out["bank"]) == {"KHM", "THA"}
    assert not TYPES & set(out["event_type"])
    assert any(line.endswith(("KHM", "THA")) for line in done.output.splitlines())


def test_provinces_are_counted_in_the_column_admin1(run, file, tmp_path, incidents):
    done = run("provinces", str(file), "-o", "out.csv")
    assert done.exit_code == 0, done.output
    coded = bl.geocode(incidents[~incidents["event_type"].isin(TYPES)])
    expected = coded.groupby(["country", "admin1", "admin1_iso"]).size().to_dict()
    out = pd.read_csv(tmp_path / "out.csv")
    assert out.set_index(["country", "admin1", "admin1_iso"])["n_events"].to_dict() == expected
    assert out["n_events"].is_monotonic_decreasing
    known = coded[coded["admin1"].notna()]
    assert out["fatalities"].sum() == known["fatalities"].sum()
    assert out["n_unknown_fatalities"].sum() == known["fatalities"].isna().sum()
    assert f"{len(known)} of {len(coded)} incidents counted" in done.output
    assert f"left out: {len(coded) - len(known)} in no known province" in done.output
    assert "32 talks, protests and allegations are not counted; --all-types counts them." in done.output
    assert "column admin1" in done.output


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        (("--since", "2025-07", "--until", "2025-07"), "2025-07-01", "2025-07-31"),
        (("--since", "2025-07-24"), "2025-07-24", "2100-01-01"),
        (("--until", "2024"), "1900-01-01", "2024-12-31"),
        (("--since", "2025-07-24", "--until", "2025-07-28"), "2025-07-24", "2025-07-28"),
    ],
)
def test_a_period_is_counted_with_both_days(run, file, tmp_path, incidents, words, first, last):
    ends = incidents["event_date_end"].fillna(incidents["event_date"])
    inside = incidents[(incidents["event_date"] <= last) & (ends >= first)]
    done = run("provinces", str(file), *words, "--all-types", "-o", "out.csv")
    assert done.exit_code == 0, done.output
    assert f"222 incidents read, {len(inside)} from " in done.output
    out = pd.read_csv(tmp_path / "out.csv")
    assert out["n_events"].sum() == bl.geocode(inside)["admin1"].notna().sum()


@pytest.mark.parametrize(
    "words",
    [
        ("density", "--exposure", "length", "-o", "out.csv"),
        ("bands", "-o", "out.csv"),
        ("compare", "--with", "osm-2026", "-o", "out.csv"),
        ("map", "-o", "out.html"),
    ],
    ids=lambda words: words[0],
)
def test_every_command_that_counts_takes_a_period(run, tmp_path, words):
    done = run(*words, "--since", "2025-12", "--until", "2025-12-31")
    assert done.exit_code == 0, done.output
    assert "from 2025-12-01 to 2025-12-31" in done.output
    whole = run(*words)
    assert "2025-12-01" not in whole.output
    assert (tmp_path / words[-1]).exists()


def test_rates_are_per_year_of_the_period(run, tmp_path):
    words = ("--since", "2025", "--until", "2025", "--exposure", "length", "--every-km", "200")
    done = run("density", *words, "-o", "out.csv")
    assert done.exit_code == 0, done.output
    out = pd.read_csv(tmp_path / "out.csv")
    assert out["events_per_year"].tolist() == pytest.approx((out["n_events"] / (365 / 365.2425)).tolist())


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["density", "--since", "July"], 1, "--since"),
        (["density", "--since", "2025-08", "--until", "2025-07"], 1, "--since and --until"),
        (["density", "--every-km", "-5"], 1, "--every-km must be a positive number"),
        (["density", "--within-km", "-5"], 1, "--within-km must"),
        (["density", "--exposure", "people"], 2, "'length', 'catchment'"),
        (["density", "--by", "event_typ"], 1, "Did you mean 'event_type'"),
        (["density", "-o", "out.html"], 1, "must end in .csv, .xlsx, .geojson, .gpkg, .fgb or .parquet"),
        (["provinces", "-o", "out.gpkg"], 1, "must end in .csv, .xlsx or .parquet"),
        (["provinces", "nowhere/*.csv"], 2, "No file matches 'nowhere/*.csv'"),
        (["provinces", "."], 2, "is a folder; name its files"),
        (["provinces", "https://example.org/x.csv"], 2, "is a web address; download it first"),
    ],
)
def test_mistakes(run, tmp_path, words, status, said):
    done = run(*words)
    assert done.exit_code == status, done.output
    assert said in done.output
    assert "Traceback" not in done.output
    if status == 1:
        assert len(done.output.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())
