"""The markup and data of the page: heading, status, explanations, sources, configuration."""

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
from ._border_features import crossings, posts, sources_of_features, towns
from ._escape import safe_html, safe_json
from ._incident_payload import Incidents
from ._line_planes import line_planes
from ._page_assets import read_asset
from ._payload import BLOCK_ROWS, inert_script, pack_bytes
from ._raster_tiles import Tiles
from ._toll_paragraph import toll_paragraph

__all__ = ["Page"]

#: Short names of the months.
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: Shown by a browser that cannot run the scripts.
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
    #: Whether the basemap is the built-in one, whose credits are then shown.
    built_in: bool
    #: South-west and north-east corner of the first view, latitude before longitude.
    bounds: tuple[tuple[float, float], tuple[float, float]]
    #: Sources named by the tables of events and densities.
    cited: tuple[Source, ...] = ()
    #: Whether the heading is the caller's own, and not to be translated.
    titled: bool = True
    #: Whether a table of events was given; it may be empty.
    with_events: bool = True
    #: Latitude, longitude and level of zoom of the first view; None shows the bounds.
    view: tuple[float, float, float] | None = None
    #: Sentences on what was done to the events for this map.
    notes: tuple[str, ...] = ()
    #: Tiles that the reader may switch on.
    tiles: Tiles | None = None

    def body(self) -> str:
        """Return the visible markup; ``{map}`` is where the map goes."""
        title = safe_html(self.title)
        status = safe_html(self.status())
        about = "\n".join(f"<p>{safe_html(text)}</p>" for text in self.about())
        # A map of a border alone has no charts and no table.
        hidden = "" if self.with_events else " hidden"
        return f"""\
<a class="bl-skip" href="#bl-table" data-t="skip"{hidden}>To the table of incidents</a>
<header class="bl-head"><h1>{title}</h1><p id="bl-status">{status}</p></header>
<main class="bl-main">
<div class="bl-stage">
<div class="folium-map" id="{{map}}" role="region" aria-label="Map: {title}"></div>
<p id="bl-message" role="alert">{_TOO_OLD}</p>
<noscript><p>The map is drawn by a script inside this file; allow scripts to see it.</p></noscript>
</div>
<section id="bl-panel" data-t-label="panel" aria-label="Time and place along the border"{hidden}></section>
</main>
<aside id="bl-side" data-t-label="legend" aria-label="Legend and choice"></aside>
<footer class="bl-foot">
<details id="bl-table"{hidden}><summary data-t="table">Incidents as a table</summary>
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
        """Return a sentence on what is shown and what is not."""
        incidents = self.incidents
        if not incidents.total:
            return "The table holds no incident." if self.with_events else "No incidents are shown."
        first, last = incidents.period
        when = (
            f", {_write_date(first)} to {_write_date(last)}"
            if first != last
            else f", {_write_date(first)}"
            if first
            else ""
        )
        text = (
            f"{_count_noun(incidents.drawn, 'incident')} at {_count_noun(incidents.places, 'place')}{when}."
        )
        absent = incidents.total - incidents.drawn
        if absent:
            has, are = ("has", "is") if absent == 1 else ("have", "are")
            text += f" {_count_noun(absent, 'incident')} {has} no position and {are} not drawn."
        return text

    def about(self) -> list[str]:
        """Return the paragraphs that explain the line, the numbers and the symbols."""
        border, source = self.border, self.border.source
        left, right = country_name(border.left), country_name(border.right)
        drawn = f"The line is one drawing of the border of {left} and {right}"
        if source.title:
            drawn += f": {source.title}" + (f" ({source.retrieved})" if source.retrieved else "")
        dispute = (
            f"{drawn}. {self._say_dispute()} The map shows which line was used and takes no position on it."
        )
        length = f"As drawn it is {border.length_m / 1000:,.1f} km long."
        if border.accuracy_m is not None:
            length += f" It is known to about {border.accuracy_m:,.0f} m."
        if border.calibration is not None:
            length += (
                " Kilometres along the border follow a published length of "
                f"{border.nominal_length_km:,g} km ({border.calibration.source.credit}); "
                f"they start at the {_drop_article(border.datum.name)}."
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
            texts.append(self._describe_density(self.density))
        if self.with_events and (tolls := toll_paragraph(border, self.incidents.period)):
            texts.append(tolls)
        texts.append("Sources: " + " · ".join(_cite_source(source) for source in self._collect_sources()))
        return texts

    def _say_dispute(self) -> str:
        """Return a sentence on whether the course of the border is agreed."""
        return f"Where the border runs {'is' if self._is_disputed else 'may be'} in dispute in places."

    def _line_note(self) -> dict[str, Any]:
        """Return the name of the line that is drawn, for the texts beside the symbols."""
        title = self.border.source.title
        # "Land border of Cambodia and Thailand, OpenStreetMap, 2026" becomes "OpenStreetMap, 2026".
        return {"title": title.partition(", ")[2] or title, "disputed": self._is_disputed}

    @property
    def _is_disputed(self) -> bool:
        """Return whether the course of the border is known to be in dispute."""
        pairs = read_facts("disputes.json")["pairs"]
        return {self.border.left, self.border.right} in [set(pair["countries"]) for pair in pairs]

    def _describe_density(self, density: dict[str, Any]) -> str:
        """Return a paragraph on the colours of the line."""
        within = density["withinKm"]
        text = "Colour and width of the line tell what the legend says of each segment"
        text += f", counting incidents within {within:g} km" if within is not None else ""
        if density["leftOut"]:
            text += f"; {_count_noun(density['leftOut'], 'incident')} left out of the counts"
        return f"{text}. The classes hold their lower bound."

    def _collect_sources(self) -> list[Source]:
        """Return the sources of what is drawn, each once."""
        sources = [self.border.source] if self.border.source.credit else []
        if self.built_in and self.ground is not None:
            known = catalog.list_layers().index
            sources.extend(
                catalog.get(key).source for key in ("admin1", "neighbours", "waters") if key in known
            )
        sources.extend(sources_of_features(self.border))
        return list(dict.fromkeys([*sources, *(source for source in self.cited if source.credit)]))

    def credits(self) -> str:
        """Return the credits that must stand wherever the map is shown."""
        parts: list[str] = []
        for source in self._collect_sources():
            parts.extend(part for part in source.credit.split("; ") if part not in parts)
        return " · ".join([*parts, "Leaflet"])

    def data(self) -> str:
        """Return the inert elements that hold the data."""
        line = line_planes(self.border)
        config: dict[str, Any] = {
            "bounds": self.bounds,
            "view": self.view,
            "line": {
                "layout": line.layout,
                "colour": ZERO_COLOUR,
                "note": self._line_note(),
                "lengthKm": self.border.nominal_length_km or self.border.length_m / 1000,
                "accuracyM": self.border.accuracy_m,
                "calibration": self._control_points(),
            },
            "incidents": {
                **self.incidents.store.layout(),
                "rowsPerBlock": BLOCK_ROWS,
                "along": self.incidents.along,
                "total": self.incidents.total,
                "typeGroups": self.incidents.facets.groups,
                "byGroup": self.incidents.facets.by_group,
                "given": self.with_events,
                "drawn": self.incidents.drawn,
                "places": self.incidents.places,
                "period": self.incidents.period,
            },
            "language": self.language if self.language in local_languages() else "en",
            "sides": self.incidents.facets.sides,
            "banks": [self.border.left, self.border.right],
            "actors": self.incidents.facets.actors,
            "groups": [group.as_config() for group in GROUPS],
            "density": self.density,
            "countries": {code: country_name(code) for code in (self.border.left, self.border.right)},
            "titled": self.titled,
            "localNames": self.language == "local",
            "tiles": None if self.tiles is None else {"url": self.tiles.url, "credit": self.tiles.credit},
        }
        elements = [inert_script("bl-texts", pack_bytes(read_asset("texts.json").encode("utf-8")))]
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
        elements.append(
            inert_script("bl-labels", pack_bytes(safe_json(self._collect_labels()).encode("utf-8")))
        )
        shapes = self.incidents.shapes.as_config()
        elements.append(inert_script("bl-shapes", pack_bytes(safe_json(shapes).encode("utf-8"))))
        elements.append(inert_script("bl-line", line.text()))
        elements.extend(self.incidents.store.elements())
        elements.insert(0, inert_script("bl-config", safe_json(config), kind="application/json"))
        return "\n".join(elements)

    def _control_points(self) -> list[list[float]]:
        """Return the control points between metres along the drawn line and kilometres."""
        calibration = self.border.calibration
        if calibration is None:
            return [[0.0, self.border.length_m], [0.0, self.border.length_m / 1000]]
        return [list(calibration.chainage_m), list(calibration.measure_km)]

    def _collect_labels(self) -> list[dict[str, Any]]:
        """Return labels by language: posts, crossings, towns, provinces, neighbours and seas."""
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


def _count_noun(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where needed."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _write_date(iso: str) -> str:
    """Write a date as the page does."""
    year, month, day = map(int, iso.split("-"))
    return f"{day} {_MONTHS[month - 1]} {year}"


def _drop_article(text: str) -> str:
    """Drop the article of a name, for the middle of a sentence."""
    return text.removeprefix("the ")


def _cite_source(source: Source) -> str:
    """Return a source as one line."""
    parts = [source.title, source.credit if source.credit != source.title else "", source.license, source.url]
    return ", ".join(part for part in parts if part)
