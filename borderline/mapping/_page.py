"""The words around the map: heading, what is not shown, where everything comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from .. import catalog
from .._countries import country_name
from .._palette import GROUPS, ZERO_COLOUR
from .._paths import read_facts
from .._place_names import language_of_country, local_languages
from ..border import Border
from ..provenance import Source
from ._basemap import Basemap
from ._border_features import crossings, posts, sources_of_signs, towns
from ._escape import safe_html, safe_json
from ._incident_payload import Incidents
from ._line_planes import line_planes
from ._page_assets import own_text
from ._payload import BLOCK_ROWS, inert_script, packed
from ._raster_tiles import Tiles

__all__ = ["Page"]

#: Short names of the months.
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: What a browser that cannot read the scripts leaves standing.
_TOO_OLD: Final = (
    "The map could not be drawn. Its data is unpacked by the browser, which takes Chrome or Edge 93, "
    "Firefox 113, Safari 16.4 or newer."
)


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that one page shows."""

    #: Heading, as plain text.
    title: str
    #: Language of place names.
    language: str
    border: Border
    incidents: Incidents
    #: What `density_config` returned.
    density: dict[str, Any] | None
    #: Land and names, or None.
    ground: Basemap | None
    #: Whether the ground is the built-in one, whose credits are then shown.
    built_in: bool
    #: South-west and north-east corner of the first view, latitude before longitude.
    bounds: tuple[tuple[float, float], tuple[float, float]]
    #: Origins that the table of incidents and the densities name.
    cited: tuple[Source, ...] = ()
    #: Whether the heading is the caller's own, and not to be translated.
    titled: bool = True
    #: Whether a table of events was given; it may be empty.
    with_events: bool = True
    #: Level of zoom of the first view; None shows the bounds.
    zoom: float | None = None
    #: What was done to the events for this map, as sentences.
    notes: tuple[str, ...] = ()
    #: Tiles that the reader may switch on.
    tiles: Tiles | None = None

    def body(self) -> str:
        """Write the visible markup; ``{map}`` is where the map goes."""
        title = safe_html(self.title)
        status = safe_html(self.status())
        about = "\n".join(f"<p>{safe_html(text)}</p>" for text in self.about())
        return f"""\
<a class="bl-skip" href="#bl-table" data-t="skip">To the table of incidents</a>
<header class="bl-head"><h1>{title}</h1><p id="bl-status">{status}</p></header>
<main class="bl-main">
<div class="bl-stage">
<div class="folium-map" id="{{map}}" role="region" aria-label="Map: {title}"></div>
<p id="bl-message" role="alert">{_TOO_OLD}</p>
<noscript><p>The map is drawn by a script inside this file; allow scripts to see it.</p></noscript>
</div>
<section id="bl-panel" data-t-label="panel" aria-label="Time and place along the border"></section>
</main>
<aside id="bl-side" data-t-label="legend" aria-label="Legend and choice"></aside>
<footer class="bl-foot">
<details id="bl-table"><summary data-t="table">Incidents as a table</summary>
<div class="bl-scroll" tabindex="0" role="region" data-t-label="table" aria-label="Table"></div>
</details>
<details id="bl-about"><summary data-t="about">About this map</summary>
<div class="bl-scroll" tabindex="0" role="region" data-t-label="about" aria-label="About this map">
<p data-t="about.short"></p>
<div lang="en">
{about}
</div>
</div>
</details>
<p lang="en" class="bl-credits">{safe_html(self.credits())}</p>
</footer>"""

    def status(self) -> str:
        """Say what is shown, and what is not."""
        found = self.incidents
        if not found.total:
            return "The table holds no incident." if self.with_events else "No incidents are shown."
        first, last = found.period
        when = f", {_day(first)} to {_day(last)}" if first != last else f", {_day(first)}" if first else ""
        text = f"{_count(found.drawn, 'incident')} at {_count(found.places, 'place')}{when}."
        absent = found.total - found.drawn
        if absent:
            has, are = ("has", "is") if absent == 1 else ("have", "are")
            text += f" {_count(absent, 'incident')} {has} no position and {are} not drawn."
        return text

    def about(self) -> list[str]:
        """Explain the line, the numbers and the signs."""
        border, source = self.border, self.border.source
        left, right = country_name(border.left), country_name(border.right)
        drawn = f"The line is one drawing of the border of {left} and {right}"
        if source.title:
            drawn += f": {source.title}" + (f" ({source.retrieved})" if source.retrieved else "")
        dispute = f"{drawn}. {self._dispute()} The map shows which line was used and takes no position on it."
        length = f"As drawn it is {border.length_m / 1000:,.1f} km long."
        if border.accuracy_m is not None:
            length += f" It is known to about {border.accuracy_m:,.0f} m."
        if border.calibration is not None:
            length += (
                " Kilometres along the border follow a published length of "
                f"{border.nominal_length_km:,g} km ({border.calibration.source.credit}); "
                f"they start at the {_lower(border.datum.name)}."
            )
        else:
            length += f" Kilometres along the border start at {border.datum.name}."
        distances = (
            "Distances are geodesic metres from the incident to the nearest point of the line, which a thin "
            "line leads to. They are rounded to what the position allows. Where symbols would hide the line "
            "or one another they stand beside their place, which a dot marks."
        )
        texts = [dispute, length, " ".join([distances, *self.notes])]
        if self.density is not None:
            texts.append(self._about_density(self.density))
        texts.append("Sources: " + " · ".join(_cite(each) for each in self._sources()))
        return texts

    def _dispute(self) -> str:
        """Say whether the course of the border is agreed."""
        return f"Where the border runs {'is' if self._disputed else 'may be'} in dispute in places."

    def _line_note(self) -> dict[str, Any]:
        """Say which line is drawn, for the words beside the signs."""
        title = self.border.source.title
        # "Land border of Cambodia and Thailand, OpenStreetMap, 2026" is called by what tells it apart.
        return {"title": title.partition(", ")[2] or title, "disputed": self._disputed}

    @property
    def _disputed(self) -> bool:
        """Whether the course of the border is known to be in dispute."""
        pairs = read_facts("disputes.json")["pairs"]
        return {self.border.left, self.border.right} in [set(pair["countries"]) for pair in pairs]

    def _about_density(self, density: dict[str, Any]) -> str:
        within = density["withinKm"]
        text = "Colour and width of the line tell what the legend says of each segment"
        text += f", counting incidents within {within:g} km" if within is not None else ""
        if density["leftOut"]:
            text += f"; {_count(density['leftOut'], 'incident')} left out of the counts"
        return f"{text}. The classes hold their lower bound."

    def _sources(self) -> list[Source]:
        """Origins of what is drawn, each once."""
        sources = [self.border.source] if self.border.source.credit else []
        if self.built_in and self.ground is not None:
            known = catalog.list_layers().index
            sources.extend(
                catalog.get(key).source for key in ("admin1", "neighbours", "waters") if key in known
            )
        sources.extend(sources_of_signs(self.border))
        return list(dict.fromkeys([*sources, *(source for source in self.cited if source.credit)]))

    def credits(self) -> str:
        """Name those who must be named wherever the map is shown."""
        parts: list[str] = []
        for source in self._sources():
            parts.extend(part for part in source.credit.split("; ") if part not in parts)
        return " · ".join([*parts, "Leaflet"])

    def data(self) -> str:
        """Write the inert elements that hold the data."""
        line = line_planes(self.border)
        config: dict[str, Any] = {
            "bounds": self.bounds,
            "zoom": self.zoom,
            "line": {
                "layout": line.layout,
                "colour": ZERO_COLOUR,
                "note": self._line_note(),
                "lengthKm": self.border.nominal_length_km or self.border.length_m / 1000,
                "accuracyM": self.border.accuracy_m,
                "calibration": self._calibration(),
            },
            "incidents": {
                **self.incidents.store.layout(),
                "rowsPerBlock": BLOCK_ROWS,
                "along": self.incidents.along,
                "total": self.incidents.total,
                "typeGroups": self.incidents.facets.groups,
                "byGroup": self.incidents.facets.by_group,
                "drawn": self.incidents.drawn,
                "places": self.incidents.places,
                "period": self.incidents.period,
            },
            "language": self.language if self.language in local_languages() else "en",
            "sides": self.incidents.facets.sides,
            "actors": self.incidents.facets.actors,
            "groups": [group.as_config() for group in GROUPS],
            "density": self.density,
            "countries": {code: country_name(code) for code in (self.border.left, self.border.right)},
            "titled": self.titled,
            "localNames": self.language == "local",
            "tiles": None if self.tiles is None else {"url": self.tiles.url, "credit": self.tiles.credit},
        }
        elements = [inert_script("bl-texts", packed(own_text("texts.json").encode("utf-8")))]
        if self.ground is not None:
            config["ground"] = {
                "layout": self.ground.planes.layout,
                "around": self.ground.around,
                "rings": self.ground.rings,
                "waters": self.ground.waters,
                "lines": self.ground.lines,
                "patches": self.ground.patches,
                "drawings": self.ground.drawings,
            }
            elements.append(inert_script("bl-ground", self.ground.planes.text()))
        elements.append(inert_script("bl-labels", packed(safe_json(self._labels()).encode("utf-8"))))
        elements.append(inert_script("bl-line", line.text()))
        elements.extend(self.incidents.store.elements())
        elements.insert(0, inert_script("bl-config", safe_json(config), kind="application/json"))
        return "\n".join(elements)

    def _calibration(self) -> list[list[float]]:
        """Control points between metres along the drawn line and kilometres."""
        calibration = self.border.calibration
        if calibration is None:
            return [[0.0, self.border.length_m], [0.0, self.border.length_m / 1000]]
        return [list(calibration.chainage_m), list(calibration.measure_km)]

    def _labels(self) -> list[dict[str, Any]]:
        """Collect what to write, by language: posts, crossings, towns, provinces, and what lies around."""
        labels = [*posts(self.border), *crossings(self.border)]
        if self.ground is None:
            return labels
        labels.extend({"kind": "province", **label} for label in self.ground.labels)
        if self.built_in:
            labels.extend(towns(self.border))
            for name in read_facts("map_labels.json")["names"]:
                text = {language: name[language] for language in ("en", *local_languages())}
                local = language_of_country(name.get("code")) or "en"
                labels.append({"kind": name["kind"], "text": text, "local": local, "at": name["at"]})
        return labels


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _day(iso: str) -> str:
    """Write a date as the page does."""
    year, month, day = map(int, iso.split("-"))
    return f"{day} {_MONTHS[month - 1]} {year}"


def _lower(text: str) -> str:
    """Begin a name in mid-sentence."""
    return text.removeprefix("the ")


def _cite(source: Source) -> str:
    """Cite a source in one line."""
    parts = [source.title, source.credit if source.credit != source.title else "", source.license, source.url]
    return ", ".join(part for part in parts if part)
