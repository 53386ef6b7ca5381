"""The files a saved map carries: vendored ones and our own, as text ready for the page."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from importlib import resources
from typing import Final

from ..errors import OutputError

__all__ = [
    "LEAFLET_CSS",
    "LEAFLET_JS",
    "OPEN_SCRIPTS",
    "PACKED_SCRIPTS",
    "PAGE_CSS",
    "is_vendored",
    "licence_notice",
    "read_asset",
    "read_vendored",
]

#: Addresses by which folium elements name the vendored files.
LEAFLET_JS: Final = "vendor:leaflet/leaflet.js"
LEAFLET_CSS: Final = "vendor:leaflet/leaflet.css"

PAGE_CSS: Final = "page.css"

#: Our own scripts that the page holds unpacked, in the order they run.
OPEN_SCRIPTS: Final[tuple[str, ...]] = ("decode.js", "start.js")

#: Our other scripts, which the page holds packed, in the order they run.
PACKED_SCRIPTS: Final[tuple[str, ...]] = (
    "texts.js",
    "dom.js",
    "words.js",
    "filter.js",
    "scales.js",
    "feet.js",
    "facts.js",
    "fragment.js",
    "csv.js",
    "canvas.js",
    "line.js",
    "basemap.js",
    "labels.js",
    "places.js",
    "symbols.js",
    "placing.js",
    "crowd.js",
    "incidents.js",
    "brush.js",
    "charts.js",
    "profile.js",
    "panel.js",
    "card.js",
    "sheet.js",
    "popup.js",
    "search.js",
    "choice.js",
    "table.js",
    "paper.js",
    "page.js",
    "fill.js",
)

_IMAGE_URL: Final = re.compile(r"url\((images/[\w-]+\.png)\)")
_BLOCK_COMMENT: Final = re.compile(r"^[ ]*/\*.*?\*/[ ]*$", re.MULTILINE | re.DOTALL)
_SOURCE_MAP: Final = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
#: Any address of Leaflet 1.9, which folium layers may link to.
_LEAFLET_URL: Final = re.compile(r"/leaflet(?:@|/)1\.9\.\d/(?:dist/)?leaflet(?:\.min)?\.(js|css)$")


@cache
def _read_bytes(path: str) -> bytes:
    """Read one file of the assets folder."""
    return resources.files(__package__).joinpath("assets", *path.split("/")).read_bytes()


def _read_text(path: str) -> str:
    """Read a text file, with the line ends that a browser would read."""
    return _read_bytes(path).decode("utf-8").replace("\r\n", "\n")


def _data_uri(path: str) -> str:
    """Return a PNG as a data address."""
    return "data:image/png;base64," + base64.b64encode(_read_bytes(path)).decode("ascii")


@cache
def read_asset(name: str) -> str:
    """
    Read one of our own scripts or style sheets.

    Parameters
    ----------
    name
        File name in the assets folder.

    Returns
    -------
    text
        Its content, a script without its comments.

    Examples
    --------
    >>> read_asset("decode.js").startswith("window.Borderline")
    True
    """
    text = _read_text(name)
    return _strip_comments(text) if name.endswith(".js") else text


def _strip_comments(script: str) -> str:
    """
    Remove comments and indentation from one of our own scripts.

    Comments that fill their lines and the blanks before a line go. Our scripts hold
    neither such lines within a text nor a text of several lines.
    """
    script = _BLOCK_COMMENT.sub("", script)
    lines = (line.strip() for line in script.split("\n"))
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


@cache
def licence_notice() -> str:
    """
    Return the version and licence of the library inside the page.

    Returns
    -------
    notice
        Plain text that ends no HTML comment.

    Examples
    --------
    >>> licence_notice().splitlines()[0]
    'Leaflet 1.9.4 travels in this file.'
    """
    packages = json.loads(_read_text("vendor/vendor.json"))["packages"]
    version = next(package["version"] for package in packages if package["name"] == "leaflet")
    return f"Leaflet {version} travels in this file.\n\n{_read_text('vendor/leaflet/LICENSE')}"


def is_vendored(url: str) -> bool:
    """
    Return whether the package carries what an address leads to.

    Parameters
    ----------
    url
        An address of a script or style sheet.

    Returns
    -------
    vendored
        Whether `read_vendored` has it.
    """
    return url in (LEAFLET_JS, LEAFLET_CSS) or _LEAFLET_URL.search(url) is not None


@cache
def read_vendored(url: str) -> str:
    """
    Return the text of a file that a folium element would load.

    Parameters
    ----------
    url
        `LEAFLET_JS`, `LEAFLET_CSS`, or an address of the same library.

    Returns
    -------
    text
        The script or the style sheet, with its images inside.

    Raises
    ------
    OutputError
        If the package does not carry it.

    Examples
    --------
    >>> "data:image/png" in read_vendored(LEAFLET_CSS)
    True
    """
    leaflet = _LEAFLET_URL.search(url)
    if url == LEAFLET_JS or (leaflet and leaflet[1] == "js"):
        script = _SOURCE_MAP.sub("", _read_text("vendor/leaflet/leaflet.js"))
        return f"{script}\n{_default_icon()}"
    if url == LEAFLET_CSS or (leaflet and leaflet[1] == "css"):
        text = _read_text("vendor/leaflet/leaflet.css")
        text = text.replace("behavior: url(#default#VML);", "")  # for Internet Explorer 8
        return _IMAGE_URL.sub(lambda image: f"url({_data_uri('vendor/leaflet/' + image[1])})", text)
    raise OutputError(
        f"The map would have to load {url}, which a file that opens offline does not carry; "
        "remove the layer that needs it, or make the map with `plain=True`, which loads it from the network."
    )


def _default_icon() -> str:
    """Return a script with the images of stock markers; Leaflet looks for them beside a style sheet."""
    folder = "vendor/leaflet/images/"
    icon, double, shadow = (
        _data_uri(folder + name) for name in ("marker-icon.png", "marker-icon-2x.png", "marker-shadow.png")
    )
    return (
        "L.Icon.Default.imagePath='';"
        f'L.Icon.Default.mergeOptions({{iconUrl:"{icon}",iconRetinaUrl:"{double}",shadowUrl:"{shadow}"}});'
    )
