"""`BorderMap`: a folium map that writes one self-contained file, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import folium
from branca.element import CssLink, Figure, JavascriptLink

from ..errors import OutputError
from ._escape import safe_json
from ._page_assets import (
    LEAFLET_CSS,
    LEAFLET_JS,
    OPEN_SCRIPTS,
    PACKED_SCRIPTS,
    PAGE_CSS,
    licence_notice,
    read_asset,
    read_vendored,
)
from ._safe_figure import PackedScript, Raw, SafeFigure, Script

__all__ = ["BorderMap"]


class BorderMap(folium.Map):
    """
    A folium map with the border, its incidents and its ground, in one file.

    Layers of folium can be added as to any other map. What they show of data is
    their own affair: folium puts the text of popups and tooltips into scripts, so
    escape it first (`html.escape`). A layer of tiles or of pictures makes the page
    load them, from its host alone. Layers that need another library than Leaflet,
    or that run or load anything else, are refused when the map is written, unless
    it was made with ``plain=True``; scripts go into ``map.get_root().script``.

    Parameters
    ----------
    title
        Title of the document.
    language
        Language of the page's words (BCP 47).
    body
        Markup of the page; ``{map}`` is where the map goes.
    data
        Inert elements that hold the data.
    bounds
        South-west and north-east corner of the first view, latitude before longitude.
    hosts
        Where pictures may come from, as ``https://host``.
    size
        Height and width in a notebook, as CSS writes them.
    plain
        Let layers run and load what they ask for, see `explore`.
    """

    def __init__(
        self,
        *,
        title: str,
        language: str,
        body: str,
        data: str,
        bounds: tuple[tuple[float, float], tuple[float, float]],
        hosts: tuple[str, ...] = (),
        size: tuple[str, str] = ("640px", "100%"),
        plain: bool = False,
    ) -> None:
        (south, west), (north, east) = bounds
        super().__init__(location=[(south + north) / 2, (west + east) / 2], tiles=None, zoom_start=8)
        # Leaflet and nothing else; new lists, as folium changes the lists of its class in place.
        self.default_js = [("leaflet", LEAFLET_JS), *_links_of_layers(self.default_js)] if plain else []
        self.default_css = [
            ("leaflet_css", LEAFLET_CSS),
            *(_links_of_layers(self.default_css) if plain else ()),
        ]
        # A fixed name: the same data gives the same bytes.
        self._id = "borderline"
        self._title = title
        self._plain = plain
        self._body = body
        self._data = data
        self._bounds = bounds
        self._page = SafeFigure(title=title, language=language, hosts=hosts, size=size, plain=plain)
        self._page.add_child(self)

    def __setattr__(self, name: str, value: object) -> None:
        """Join the maps of one figure: all have one name, by which the figure keeps the last alone."""
        super().__setattr__(name, value)
        if name == "_parent" and isinstance(value, Figure) and not isinstance(value, SafeFigure):
            maps = value.__dict__.setdefault("_border_maps", [])
            if self not in maps:
                maps.append(self)

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401 - folium's own signature
        """Add the parts of the page to its figure, none of them as a template."""
        figure = self.get_root()
        if not isinstance(figure, Figure):  # its _parent was taken away
            raise OutputError("The map has lost its figure; add it to a SafeFigure or make it anew.")
        joined = figure.__dict__.get("_border_maps", ())
        maps = [
            border_map
            for border_map in joined
            if border_map._parent is figure  # noqa: SLF001 - another map, of this class
        ]
        if len(maps) > 1:
            # Two pages in one would share names and controls, so each keeps its own.
            for number, border_map in enumerate(maps, 1):
                frame = Raw(border_map._draw_frame(**kwargs))  # noqa: SLF001 - the same
                figure.html.add_child(frame, name=f"borderline_frame_{number}")
            return ""
        name = self.get_name()
        figure.header.add_child(Raw(f"<!--\n{licence_notice()}-->"), name="borderline_notice")
        for key, url in self.default_js:
            figure.header.add_child(JavascriptLink(url), name=key)
        for key, url in self.default_css:
            figure.header.add_child(CssLink(url), name=key)
        figure.header.add_child(Raw(f"<style>\n{read_asset(PAGE_CSS)}</style>"), name="borderline_css")
        for script in OPEN_SCRIPTS:
            figure.header.add_child(Script(f"\n{read_asset(script)}"), name=f"borderline_{script}")
        code = "\n".join(read_asset(script) for script in PACKED_SCRIPTS)
        if not self._plain:
            # Packed as well, unless foreign scripts may need it while the page loads.
            code = f"{read_vendored(LEAFLET_JS)}\n{code}"
        figure.html.add_child(PackedScript("bl-code", code), name="borderline_code")
        figure.html.add_child(Raw(self._body.replace("{map}", name, 1)), name=name)
        figure.html.add_child(Raw(self._data), name="borderline_data")
        start = f"var {name} = Borderline.start({safe_json(name)});"
        figure.script.add_child(Raw(start), name=name)
        for child in self._children.values():
            child.render(**kwargs)
        front = ", ".join(layer.get_name() for layer in self.objects_to_stay_in_front)
        if front:
            lift = f"Borderline.keepInFront({name}, [{front}]);"
            figure.script.add_child(Raw(lift), name="borderline_front")
        return ""

    def _draw_frame(self, **kwargs: Any) -> str:  # noqa: ANN401 - folium's own signature
        """Return the map as a page of its own in a frame."""
        parent = self._parent
        self._parent = self._page
        try:
            frame: str = self._page._repr_html_(**kwargs)
        finally:
            self._parent = parent
        return frame

    def __repr__(self) -> str:
        return f"<BorderMap {self._title!r}: save('map.html') writes it as one file>"

    def get_bounds(self) -> list[list[float | None]]:
        """Return the corners of the first view, latitude before longitude."""
        return [list(corner) for corner in self._bounds]

    def save(
        self,
        outfile: str | bytes | os.PathLike[str] | BinaryIO,
        close_file: bool = True,  # noqa: FBT001, FBT002 - folium's own signature
        **kwargs: Any,  # noqa: ANN401 - the same
    ) -> None:
        """
        Write the page, whole or not at all.

        Parameters
        ----------
        outfile
            Path of the file, which is replaced in one step, or an open binary file.
        close_file
            Whether to close a file that was given open.
        kwargs
            Passed on to the elements.

        Raises
        ------
        OutputError
            If a layer needs what the package does not carry, or the file cannot be
            written; what was there before stays.
        """
        page = self.get_root().render(**kwargs).encode("utf-8")
        if not isinstance(outfile, (str, bytes, os.PathLike)):
            outfile.write(page)
            if close_file:
                outfile.close()
            return
        path = Path(os.fsdecode(outfile))
        try:
            _replace_file(path, page)
        except OSError as error:
            raise OutputError(
                f"The map could not be written to {path}: {error.strerror or error}; "
                "choose another place, what was there is untouched."
            ) from error


def _links_of_layers(links: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the links that folium's own layers need; Bootstrap would restyle the whole page."""
    return [
        (name, url)
        for name, url in links
        if name not in ("leaflet", "bootstrap", "leaflet_css", "bootstrap_css")
    ]


def _replace_file(path: Path, data: bytes) -> None:
    """Replace a file in one step, so that no reader ever sees half of it."""
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp creates a private file; a new file gets what the umask allows.
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_read_umask()
        Path(beside).chmod(mode)
        Path(beside).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(beside).unlink()
        raise


def _read_umask() -> int:
    """Return the file mode mask of the process, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
