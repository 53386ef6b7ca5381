"""Every verb of the statistics on tables that are thin, odd or wrong: an answer, or a clear error."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline.errors import BorderlineError

BORDER = bl.Border.from_line(shapely.LineString([(0, 0), (2, 0)]), left="XAA", right="XBB", name="equator")
SEGMENTS = bl.segment(BORDER, every_km=30)
END = BORDER.length_m
BY = {"by": ["event_type", "bank"], "period": {"early": "2025-07", "late": "2025-08"}}


def table(n=12, **columns):
    rng = np.random.default_rng(3)
    made = pd.DataFrame(
        {
            "chainage_m": rng.uniform(0, END, n),
            "distance_m": rng.uniform(0, 9_000, n),
            "beyond_end": False,
            "event_date": pd.Timestamp("2025-07-20") + pd.to_timedelta(rng.integers(0, 30, n), unit="D"),
            "event_type": rng.choice(["shooting", "airstrike"], n),
            "side": rng.choice(["XAA", "XBB"], n),
            "fatalities": pd.array(rng.integers(0, 3, n), dtype="Int64"),
        }
    )
    return made.assign(**columns)


VERBS = {
    "density": lambda e: bl.density(e, SEGMENTS, within_km=5, border=BORDER, limits="quasi-poisson"),
    "density by": lambda e: bl.density(e, SEGMENTS, within_km=5, border=BORDER, distinct="place-day", **BY),
    "shrink_rates": lambda e: bl.stats.shrink_rates(bl.density(e, SEGMENTS)),
    "density_sensitivity": lambda e: bl.stats.density_sensitivity(e, BORDER, every_km=(30, 50), within_km=5),
    "excess": lambda e: bl.stats.local_statistics(bl.density(e, SEGMENTS), statistics="excess"),
    "local_statistics": lambda e: bl.stats.local_statistics(bl.density(e, SEGMENTS), simulations=99),
    "profile": lambda e: bl.profile(e, BORDER, within_km=5),
    "profile, wide": lambda e: bl.profile(e, BORDER, bandwidth_km=9_000, adaptive=True),
    "space_time_profile": lambda e: bl.profile(e, BORDER, bandwidth_km=9, bandwidth_days=3),
    "hotspots": lambda e: bl.hotspots(e, BORDER, within_km=5, distinct="place-day", simulations=19),
    "hotspots, one length": lambda e: bl.hotspots(e, BORDER, window_km=20, simulations=19),
    "k_function": lambda e: bl.stats.k_function(e, BORDER, within_km=5, distinct="place", simulations=19),
    "k_function, types": lambda e: bl.stats.k_function(
        e, BORDER, types=("shooting", "airstrike"), simulations=19, distinct="place-day"
    ),
    "compare_periods": lambda e: bl.compare_periods(
        e, SEGMENTS, "2025-07", "2025-08", distinct="place-day", within_km=5
    ),
    "space_time_interaction": lambda e: bl.stats.space_time_interaction(
        e, BORDER, near_km=9, near_days=3, distinct="place-day", simulations=19
    ),
}
#: Thin or odd, but such as a reader may have.
ODD = {
    "none": table(0),
    "one": table(1),
    "two": table(2),
    "all at one point": table(chainage_m=50_000.0, distance_m=10.0),
    "all at the start": table(chainage_m=0.0),
    "all at the end": table(chainage_m=END),
    "chainage missing": table(chainage_m=np.where(np.arange(12) % 2, np.nan, 50_000.0)),
    "no chainage at all": table(chainage_m=pd.array([pd.NA] * 12, dtype="object")),
    "distance missing": table(distance_m=np.nan),
    "all far off": table(distance_m=1e6),
    "all past an end": table(beyond_end=True),
    "end unknown": table(beyond_end=pd.array([pd.NA] * 12, dtype="boolean")),
    "one day": table(event_date=pd.Timestamp("2025-07-24")),
    "no dates": table(event_date=pd.NaT),
    "dates with a zone": table(event_date=pd.Timestamp("2025-07-24", tz="Asia/Bangkok")),
    "no type": table(event_type=None),
    "one type of two": table(event_type=pd.Categorical(["shooting"] * 12, ["shooting", "airstrike"])),
    "no bank": table(side=pd.NA),
    "one index for all": table().set_axis([0] * 12),
}
#: No table of events on this border.
WRONG = {
    "a list": [1, 2],
    "another table": pd.DataFrame({"a": [1]}),
    "words for chainage": table(chainage_m="far"),
    "infinite": table(chainage_m=np.inf),
    "before the start": table(chainage_m=-5.0),
    "past the end": table(chainage_m=END + 5),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("verb", VERBS)
def test_odd_tables_have_an_answer_that_adds_up_or_a_clear_error(verb, odd):
    result, said = None, ""
    try:
        result = VERBS[verb](ODD[odd].copy())
    except BorderlineError as error:
        said = str(error)
    if result is None:
        assert len(said) > 25
        assert "NaT" not in said
        return
    attrs = result.attrs
    counted = (
        attrs["n_events"]
        if "n_events" in attrs
        else result.filter(regex="^n_(events|before|after)$").sum().sum()
    )
    assert counted + sum(attrs["left_out"].values()) == len(ODD[odd])
    assert len(attrs["method"]) > 40
    assert attrs["border"] == BORDER.identity


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("verb", VERBS)
def test_what_is_no_table_of_events_is_refused(verb, wrong):
    given = WRONG[wrong]
    if wrong in {"infinite", "before the start", "past the end"} and verb not in FINDS_THEM:
        # Counted as outside all segments.
        assert sum(VERBS[verb](given).attrs["left_out"].values()) == len(given)
        return
    with pytest.raises(BorderlineError) as caught:
        VERBS[verb](given)
    assert "np." not in str(caught.value)


#: Verbs that have the whole border to look at; the others have segments.
FINDS_THEM = {
    verb
    for verb in VERBS
    if verb.split(",")[0]
    in {
        "density_sensitivity",
        "profile",
        "space_time_profile",
        "hotspots",
        "k_function",
        "space_time_interaction",
    }
}
