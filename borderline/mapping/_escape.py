"""
Escaping of data for a page, with one function for each place where a text can stand.

The results mean nothing to an HTML parser, to a JavaScript template literal, nor to Jinja,
which folium runs over everything its elements emit.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any, Final
from urllib.parse import urlsplit

__all__ = ["safe_html", "safe_json", "safe_url"]

#: Beyond ``html.escape``: the characters of Jinja tags, template literals and
#: JavaScript line ends, and the controls that HTML cannot carry.
_BEYOND_HTML: Final[dict[int, str]] = {
    **{ord(char): f"&#{ord(char)};" for char in "{}`$\\\u2028\u2029\n\r"},
    **dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160), *range(0xD800, 0xE000)), "\ufffd"),
}

#: Escapes that are legal inside a JSON string and end no script element.
_BEYOND_JSON: Final[dict[int, str]] = {ord(char): f"\\u{ord(char):04x}" for char in "&<>\u2028\u2029"}

_JINJA_TAG: Final = re.compile(r"\{(?=[{%#])")
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BLANK_OR_CONTROL: Final = re.compile(r"[\x00-\x20\x7f]")


def safe_html(text: object) -> str:
    """
    Escape text for an HTML element or a quoted attribute.

    Parameters
    ----------
    text
        Anything; its ``str`` is shown as it is. Control characters and halves
        of surrogate pairs, which HTML cannot carry, become U+FFFD.

    Returns
    -------
    markup
        Character references and plain text only.

    Examples
    --------
    >>> safe_html("<b>{{ 6 * 7 }}</b>")
    '&lt;b&gt;&#123;&#123; 6 * 7 &#125;&#125;&lt;/b&gt;'
    """
    return html.escape(str(text), quote=True).translate(_BEYOND_HTML)


def safe_json(value: Any) -> str:  # noqa: ANN401 - whatever json can write
    r"""
    Write JSON that is harmless inside a script element.

    Parameters
    ----------
    value
        Whatever ``json`` can write; NaN and infinities are refused.

    Returns
    -------
    text
        JSON with the same meaning, without ``<``, ``>``, ``&`` and Jinja tags.

    Raises
    ------
    ValueError
        If a number is not finite.

    Examples
    --------
    >>> safe_json(["</script>", "{% x %}"])
    '["\\u003c/script\\u003e","\\u007b% x %}"]'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = _JINJA_TAG.sub(r"\\u007b", text.translate(_BEYOND_JSON))
    # JSON can name half a pair, UTF-8 cannot hold it.
    return _LONE_SURROGATE.sub("\ufffd", text)


def safe_url(url: object) -> str | None:
    """
    Return a link only if it is a plain web address.

    Parameters
    ----------
    url
        What a table gives as an address.

    Returns
    -------
    url
        The address without surrounding blanks, or None when it is not http or
        https, names no host, or holds blanks or control characters.

    Examples
    --------
    >>> safe_url(" https://example.org/a?b=1 ")
    'https://example.org/a?b=1'
    >>> safe_url("javascript:alert(1)") is None
    True
    """
    text = str(url).strip()
    if _BLANK_OR_CONTROL.search(text):
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    return text if parts.scheme.lower() in ("http", "https") and host else None
