"""
What layers of folium ask of a page that loads nothing and runs its own scripts only.

What a content security policy would stop without a word is refused while the page is written,
with the remedy. Pictures are the exception: a layer of them is a wish to load them, so the page
may, from where that layer says and from nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from branca.element import Element

from ..errors import OutputError

__all__ = ["PLAIN", "hosts_of", "require_fit"]

#: The way out, for every refusal.
PLAIN: Final = (
    "or make the map with `plain=True`, which runs and loads what its layers ask for, from the network too"
)

#: One attribute of a tag, as HTML writes them.
_ATTRIBUTE: Final = r"""[\s/]+[\w:-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?"""

#: In markup of any kind: what the policy stops, and what to do instead.
_MARKUP: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = (
    (
        re.compile(r"<script\b(?![^>]*\btype\s*=\s*[\"']?(?:text/plain|application/json))", re.IGNORECASE),
        "a script in its markup",
        "add the script to `map.get_root().script`",
    ),
    (
        re.compile(rf"<[a-z][\w-]*(?:{_ATTRIBUTE})*?[\s/]+on[a-z]+\s*=", re.IGNORECASE),
        "a script in an attribute of its markup",
        "add a listener in `map.get_root().script`",
    ),
    (
        re.compile(r"\b(?:href|src|action)\s*=\s*[\"']?\s*(?:javascript|vbscript):", re.IGNORECASE),
        "a script in an address",
        "leave it out",
    ),
    (
        re.compile(r"<(?:iframe|frame|object|embed|video|audio|base|form)\b", re.IGNORECASE),
        "a frame, a film or a form",
        "put its content into the markup itself",
    ),
    (
        re.compile(r"<link\b|@import\b", re.IGNORECASE),
        "a style sheet from elsewhere",
        "put its rules into a <style> element",
    ),
)

#: The address of a picture in markup.
_PICTURE: Final = re.compile(r"<img\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)

#: In scripts: libraries and ways to the network that are not there.
_SCRIPTS: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = (
    (
        re.compile(r"\bL\.AwesomeMarkers\b"),
        "Font Awesome (folium.Icon)",
        "leave `icon=` out, or use folium.DivIcon",
    ),
    (
        re.compile(r"\bL\.markerClusterGroup\b"),
        "the plugin for clusters",
        "the map groups incidents by itself",
    ),
    (re.compile(r"\bL\.timeline\b"), "the plugin for timelines", "the map has a time window itself"),
    (re.compile(r"\bL\.videoOverlay\b"), "a film", "use folium.raster_layers.ImageOverlay"),
    (re.compile(r"\$\.[a-z]|\bjQuery\b"), "jQuery", "with `embed=True` folium.GeoJson needs none"),
    (
        re.compile(r"\b(?:fetch|EventSource|WebSocket|Worker|XMLHttpRequest|importScripts)\("),
        "data from elsewhere",
        "put the data into the layer",
    ),
    (re.compile(r"\beval\(|\bnew Function\("), "code that is made while it runs", "write the code out"),
)

#: Characters that folium writes as escapes inside of scripts.
_ESCAPES: Final[dict[str, str]] = {r"\u003c": "<", r"\u003e": ">", r"\u0027": "'", r"\u0022": '"', r"\"": '"'}
_ESCAPED: Final = re.compile(r"\\u003[ce]|\\u002[27]|\\\"", re.IGNORECASE)

_HOST: Final = re.compile(r"(https?://)([^/?#]+)")
_PLAIN_HOST: Final = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?", re.IGNORECASE)


def require_fit(name: str, text: str, *, script: bool, hosts: Sequence[str]) -> None:
    """
    Refuse what a layer of folium emits when the page would stop it.

    Parameters
    ----------
    name
        Which layer, for the message.
    text
        What it emits.
    script
        Whether that is a script, in which markup may stand in texts, or markup.
    hosts
        Where pictures may come from, see `hosts_of`.

    Raises
    ------
    OutputError
        If it runs or loads what the page does not let it.
    """
    plain = _ESCAPED.sub(lambda found: _ESCAPES[found[0].lower()], text)
    for pattern, what, remedy in (*_MARKUP, *(_SCRIPTS if script else ())):
        if pattern.search(plain):
            raise OutputError(_refusal(name, what, remedy))
    for address in _PICTURE.findall(plain):
        if _source(address) not in ("", *hosts):
            what = f"the picture {address[:80]} in its markup"
            raise OutputError(_refusal(name, what, "write the picture as a data: address"))


def _refusal(name: str, what: str, remedy: str) -> str:
    return (
        f"The layer {name!r} of the map needs {what}, which a page that opens offline and runs nothing of a "
        f"table does not let it have; {remedy}, {PLAIN}."
    )


def hosts_of(element: Element) -> list[str]:
    """
    Find where the pictures of layers come from.

    Parameters
    ----------
    element
        A figure, a map or a layer, with all that was added to it.

    Returns
    -------
    sources
        For a content security policy, sorted: ``https://host``, or ``file:`` for paths.

    Raises
    ------
    OutputError
        If the host is not one that can be named.
    """
    found = {_source(address) for address in _addresses(element)} - {""}
    for child in element._children.values():  # noqa: SLF001 - branca's
        found.update(hosts_of(child))
    return sorted(found)


def _source(address: str) -> str:
    """Name the source of a picture for a policy; empty when the picture is in the address."""
    if address.startswith(("data:", "blob:")):
        return ""
    host = _HOST.match(address)
    if host is None:
        return "file:"
    # Servers that share the work are all of one domain.
    named = re.sub(r"^[^.]*\{s\}[^.]*\.", "*.", host[2])
    if not _PLAIN_HOST.fullmatch(named):
        raise OutputError(
            f"A layer of the map loads pictures from {host[2]!r}, which names no host; mend it, {PLAIN}."
        )
    return host[1] + named


def _addresses(element: Element) -> list[str]:
    """Addresses of the pictures of one layer."""
    kinds = {kind.__name__ for kind in type(element).__mro__}
    if "WmsTileLayer" in kinds or "ImageOverlay" in kinds:
        return [str(getattr(element, "url", ""))]
    if "TileLayer" in kinds:
        return [str(getattr(element, "tiles", ""))]
    if "FloatImage" in kinds:
        return [str(getattr(element, "image", ""))]
    if "CustomIcon" in kinds:
        options = getattr(element, "options", {})
        return [str(options[key]) for key in ("icon_url", "shadow_url") if options.get(key)]
    return []
