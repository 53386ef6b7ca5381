"""
The page around a map: one file that loads nothing and evaluates no data.

folium renders what its elements emit a second time, as a Jinja template, so a
table cell could run Python. Here text stays text: `SafeFigure` takes every
piece as it is, puts scripts and style sheets inside the page, and lets a
browser run only the scripts it has written itself.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from typing import Any, Final

from branca.element import CssLink, Element, Figure, JavascriptLink, Link

from ..errors import OutputError
from ._escape import safe_html
from ._layer_checks import PLAIN, picture_hosts, require_harmless
from ._page_assets import is_vendored, read_vendored
from ._payload import inert_script, pack_bytes

__all__ = ["PackedScript", "Raw", "SafeFigure", "Script"]

_SCRIPT_END: Final = re.compile(r"<(?=/script|!--)", re.IGNORECASE)


class Raw(Element):
    """
    Literal text: never a template.

    Parameters
    ----------
    text
        Markup that is safe as it stands.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_kwargs: Any) -> str:  # noqa: ANN401 - branca's own signature
        """Return the text as it is."""
        return self.text


class Emitted(Raw):
    """Text that a folium layer emitted, which the page may not allow."""


class Script(Raw):
    """
    A script the page may run; `text` is its source.

    Parameters
    ----------
    text
        JavaScript. It is refused when it could end its own element.
    """

    def render(self, **_kwargs: Any) -> str:  # noqa: ANN401 - branca's own signature
        """Return the whole element."""
        return f"<script>{self.source}</script>"

    @property
    def source(self) -> str:
        """Return the script, unable to close its element: such text occurs in strings only."""
        return _SCRIPT_END.sub(r"\\x3c", self.text)

    @property
    def digest(self) -> str:
        """Return the hash by which a content security policy knows this script."""
        # A browser hashes what its parser returns: line ends as \n, no NUL.
        source = self.source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
        value = base64.b64encode(hashlib.sha256(source.encode("utf-8")).digest())
        return f"'sha256-{value.decode('ascii')}'"


class PackedScript(Script):
    """
    A script that the page unpacks before it may run; `text` is its source.

    Parameters
    ----------
    element_id
        The id by which the page finds it.
    text
        JavaScript.
    """

    def __init__(self, element_id: str, text: str) -> None:
        super().__init__(text)
        self.element_id = element_id

    def render(self, **_kwargs: Any) -> str:  # noqa: ANN401 - branca's own signature
        """Return an inert element."""
        return inert_script(self.element_id, pack_bytes(self.source.encode("utf-8")))


class _PartHolder(Element):
    """A part of the page whose children are never compiled as templates."""

    def add_child(self, child: Element, name: str | None = None, index: int | None = None) -> Element:
        """Add a child; text that would be compiled as a template stays text."""
        if type(child) is Element and child._template_str is not None:  # noqa: SLF001 - no other way
            name = child.get_name() if name is None else name
            child = Emitted(child._template_str)  # noqa: SLF001 - the same
        return super().add_child(child, name, index)


class SafeFigure(Figure):
    """
    A folium figure that renders to one self-contained, inert page.

    Parameters
    ----------
    title
        Title of the document, as plain text.
    language
        Language of the page's words (BCP 47).
    hosts
        Where pictures may come from, as ``https://host``.
    size
        Height and width in a notebook, as CSS writes them.
    plain
        Let layers run and load what they ask for: without a content security policy.
    """

    def __init__(
        self,
        *,
        title: str = "",
        language: str = "en",
        hosts: tuple[str, ...] = (),
        size: tuple[str, str] = ("640px", "100%"),
        plain: bool = False,
    ) -> None:
        height, width = size
        super().__init__(height=height, width=width)
        self.hosts = hosts
        self.plain = plain
        self.title = title
        self.language = language
        for part in ("header", "html", "script"):
            holder = _PartHolder()
            holder._parent = self  # noqa: SLF001 - as branca does it
            setattr(self, part, holder)

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401 - branca's own signature
        """
        Write the page.

        Returns
        -------
        html
            The whole document.

        Raises
        ------
        OutputError
            If a layer needs what the page does not let it have, unless the figure is plain.
        """
        for child in self._children.values():
            child.render(**kwargs)
        hosts = list(dict.fromkeys([*self.hosts, *picture_hosts(self)]))
        header, body = (
            self._render_part(self.header, hosts, kwargs),
            self._render_part(self.html, hosts, kwargs),
        )
        script = self._render_part(self.script, hosts, kwargs, script=True)
        last = self._closing_scripts("\n".join(text for _, text in script))
        return "\n".join(
            (
                "<!DOCTYPE html>",
                f'<html lang="{safe_html(self.language)}">',
                "<head>",
                '<meta charset="utf-8">',
                *self._security_tags([*(element for element, _ in [*header, *body]), *last], hosts),
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                f"<title>{safe_html(self.title)}</title>",
                *(text for _, text in header),
                "</head>",
                "<body>",
                *(text for _, text in body),
                *(element.render() for element in last),
                "</body>",
                "</html>",
                "",
            )
        )

    def _render_part(
        self, holder: Element, hosts: list[str], kwargs: dict[str, Any], *, script: bool = False
    ) -> list[tuple[Element, str]]:
        """Render the children of one part of the page, checking those of layers."""
        rendered = []
        for name, child in holder._children.items():  # noqa: SLF001 - branca's
            element = _inline_link(child, plain=self.plain)
            text = element.render(**kwargs)
            own = isinstance(element, Raw) and not isinstance(element, Emitted)
            if not own and not self.plain:
                require_harmless(name, text, script=script, hosts=hosts)
            rendered.append((element, text))
        return rendered

    def _closing_scripts(self, text: str) -> list[Script]:
        """Return the scripts at the end; packed ones run once what they need is unpacked."""
        if self.plain:
            return [Script(f"\n{text}\n")]
        return [PackedScript("bl-start", text), Script("Borderline.run();")]

    def _security_tags(self, elements: list[Element], hosts: list[str]) -> list[str]:
        """Return the policy: only scripts of this page run, and only requested pictures are loaded."""
        if self.plain:
            return []
        hashes = " ".join(element.digest for element in elements if isinstance(element, Script))
        pictures = "".join(f" {safe_html(host)}" for host in hosts)
        policy = (
            f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; "
            f"img-src data: blob:{pictures}; base-uri 'none'; form-action 'none'"
        )
        return [
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="referrer" content="no-referrer">',
        ]

    def _repr_html_(self, **kwargs: Any) -> str:  # noqa: ANN401 - branca's own signature
        """Return the page in a frame; a notebook that is not trusted shows the sentence instead."""
        return (
            f'<div style="position: relative; height: {self.height}; width: {self.width}">'
            "<p>The map is here once the notebook is trusted (File, Trust Notebook) or run.</p>"
            f'<iframe srcdoc="{html.escape(self.render(**kwargs))}" title="{safe_html(self.title)}" '
            'style="position: absolute; top: 0; left: 0; width: 100%; height: 100%; border: 0" '
            "allowfullscreen></iframe></div>"
        )


def _inline_link(element: Element, *, plain: bool) -> Element:
    """Replace a link by the file it leads to; a plain page may keep other links."""
    if not isinstance(element, Link):
        return element
    if plain and not is_vendored(element.url):
        return element
    if not plain and is_vendored(element.url) and isinstance(element, JavascriptLink):
        return Raw("")  # it travels with the page's own code
    if isinstance(element, JavascriptLink):
        return Script(read_vendored(element.url))
    if isinstance(element, CssLink):
        return Raw(f"<style>{read_vendored(element.url)}</style>")
    raise OutputError(f"The map links to {element.url} in a way that is not known; leave it out, {PLAIN}.")
