"""
Checks of what folium layers emit: a page that loads nothing runs its own scripts only.

What a content security policy would stop without a word is refused while the page is written,
with the remedy. Pictures are the exception: a layer of pictures asks to load them, so the page
may load pictures from the host of that layer and from nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import Final, NamedTuple

from branca.element import Element

from ..errors import OutputError

__all__ = ["PLAIN", "picture_hosts", "require_harmless"]

#: The alternative that every refusal offers.
PLAIN: Final = (
    "or make the map with `plain=True`, which runs and loads what its layers ask for, from the network too"
)

#: Media types of script elements that no browser runs.
_INERT_TYPES: Final = ("text/plain", "application/json")
#: Elements that load a document, a film or a form.
_FRAMES: Final = ("iframe", "frame", "object", "embed", "video", "audio", "base", "form")
#: Attributes that hold an address, and the schemes of those that run.
_ADDRESSES: Final = ("href", "xlink:href", "src", "action", "formaction")
_RUNNING: Final = ("javascript:", "vbscript:")
#: Markup is read this often on average, and at least so many characters are, before it is refused.
_MOST_WORK: Final = 30
_LEAST_WORK: Final = 10_000_000

#: In scripts: libraries and network access that the page does not have.
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


class _Tag(NamedTuple):
    """A start tag."""

    name: str
    attributes: dict[str, str]


class _TagReader(HTMLParser):
    """Reads one start tag at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.tag: _Tag | None = None

    def read(self, markup: str) -> _Tag | None:
        """Return the start tag that a piece of markup begins with; None if it is not whole."""
        self.reset()
        self.tag = None
        self.feed(markup)
        return self.tag

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the first tag."""
        if self.tag is None:
            self.tag = _Tag(tag, {name: value or "" for name, value in reversed(attrs)})


def _start_tags(text: str) -> Iterator[_Tag | None]:
    """
    Yield the start tags in markup, or in a script with markup in its texts.

    Every ``<`` before a letter is tried by itself, so that no comment, quote or comparison
    before a tag can hide it. None stands for markup that takes too long to read.
    """
    reader = _TagReader()
    budget = _LEAST_WORK + _MOST_WORK * len(text)
    start = text.find("<")
    while start >= 0:
        end = text.find(">", start) if text[start + 1 : start + 2].isalpha() else -1
        # A > may stand in an attribute: take more until the tag is whole.
        while end >= 0:
            budget -= end - start
            if budget < 0:
                yield None
                return
            tag = reader.read(text[start : end + 1])
            if tag is not None:
                yield tag
                break
            end = text.find(">", end + 1)
        start = text.find("<", start + 1)


def _refuse_tag(name: str, tag: _Tag, hosts: Sequence[str]) -> None:
    """Refuse a tag that runs or loads what the page does not let it."""
    attributes = tag.attributes
    if tag.name == "script" and attributes.get("type", "").strip().lower() not in _INERT_TYPES:
        raise _layer_error(name, "a script in its markup", "add the script to `map.get_root().script`")
    if any(key.startswith("on") and key.isalpha() and value for key, value in attributes.items()):
        remedy = "add a listener in `map.get_root().script`"
        raise _layer_error(name, "a script in an attribute of its markup", remedy)
    # As browsers read them: without blanks and controls.
    addresses = [
        "".join(filter(str.isprintable, attributes.get(key, "").replace(" ", ""))) for key in _ADDRESSES
    ]
    if any(address.lower().startswith(_RUNNING) for address in addresses):
        raise _layer_error(name, "a script in an address", "leave it out")
    if tag.name in _FRAMES:
        raise _layer_error(name, "a frame, a film or a form", "put its content into the markup itself")
    if tag.name == "link":
        raise _layer_error(name, "a style sheet from elsewhere", "put its rules into a <style> element")
    picture = attributes.get("src", "").strip() if tag.name == "img" else ""
    if picture and _picture_source(picture) not in ("", *hosts):
        needed = f"the picture {picture[:80]} in its markup"
        raise _layer_error(name, needed, "write the picture as a data: address")


def require_harmless(name: str, text: str, *, script: bool, hosts: Sequence[str]) -> None:
    """
    Refuse what a folium layer emits when the page would stop it.

    Parameters
    ----------
    name
        Name of the layer, for the message.
    text
        What it emits.
    script
        Whether that is a script, in which markup may stand in texts, or markup.
    hosts
        Where pictures may come from, see `picture_hosts`.

    Raises
    ------
    OutputError
        If it runs or loads what the page does not let it.
    """
    plain = _ESCAPED.sub(lambda escape: _ESCAPES[escape[0].lower()], text)
    for tag in _start_tags(plain):
        if tag is None:
            raise _layer_error(name, "markup that cannot be read in time", "escape texts with html.escape")
        _refuse_tag(name, tag, hosts)
    if "@import" in plain.lower():
        raise _layer_error(name, "a style sheet from elsewhere", "put its rules into a <style> element")
    for pattern, needed, remedy in _SCRIPTS if script else ():
        if pattern.search(plain):
            raise _layer_error(name, needed, remedy)


def _layer_error(name: str, needed: str, remedy: str) -> OutputError:
    """Return the error that names a layer, what it needs and the remedy."""
    return OutputError(
        f"The layer {name!r} of the map needs {needed}, which a page that opens offline and runs nothing of "
        f"a table does not let it have; {remedy}, {PLAIN}."
    )


def picture_hosts(element: Element) -> list[str]:
    """
    Return where the pictures of layers come from.

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
    sources = {_picture_source(address) for address in _picture_addresses(element)} - {""}
    for child in element._children.values():  # noqa: SLF001 - branca's
        sources.update(picture_hosts(child))
    return sorted(sources)


def _picture_source(address: str) -> str:
    """Return the source of a picture as a policy names it; empty when the address holds the picture."""
    if address.startswith(("data:", "blob:")):
        return ""
    host = _HOST.match(address)
    if host is None:
        return "file:"
    # Servers that share the work, {s}, are all of one domain.
    named = re.sub(r"^[^.]*\{s\}[^.]*\.", "*.", host[2])
    if not _PLAIN_HOST.fullmatch(named):
        raise OutputError(
            f"A layer of the map loads pictures from {host[2]!r}, which names no host; mend it, {PLAIN}."
        )
    return host[1] + named


def _picture_addresses(element: Element) -> list[str]:
    """Return the addresses of the pictures of one layer."""
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
