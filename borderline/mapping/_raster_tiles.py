"""Raster tiles that a reader may switch on: checked before the page may ask for any."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from ..errors import OutputError

__all__ = ["Tiles", "read_tiles"]

#: A host name, with a port where there is one: nothing that would mean more in a policy.
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tiles:
    """Where tiles come from, and who must be named beside them."""

    #: Address with ``{z}``, ``{x}`` and ``{y}``.
    url: str
    #: Credit, as plain text.
    credit: str

    @property
    def host(self) -> str:
        """The one place the page may load pictures from."""
        return f"https://{urlsplit(self.url).netloc}"


def read_tiles(tiles: tuple[str, str] | None) -> Tiles | None:
    """
    Check the address of tiles.

    Parameters
    ----------
    tiles
        Address and credit, or None.

    Returns
    -------
    tiles
        None when there are none.

    Raises
    ------
    OutputError
        If the address is not one of https with ``{z}``, ``{x}`` and ``{y}`` on a fixed host, or
        there is no credit.
    """
    if tiles is None:
        return None
    if not isinstance(tiles, (list, tuple)) or len(tiles) != 2:
        raise OutputError(
            "explore: tiles are an address and a credit: ('https://.../{z}/{x}/{y}.png', '...')."
        )
    url, credit = (str(part).strip() for part in tiles)
    try:
        parts = urlsplit(url)
        fixed = parts.scheme == "https" and bool(_HOST.fullmatch(parts.netloc))
    except ValueError:
        fixed = False
    if not fixed or any(url.count(part) != 1 for part in ("{z}", "{x}", "{y}")):
        raise OutputError(
            f"explore: tiles cannot come from {url!r}; give an https address on one host, without {{s}}, "
            "that has {z}, {x} and {y}, such as 'https://tiles.example.org/{z}/{x}/{y}.png'."
        )
    if not credit:
        raise OutputError("explore: tiles need the credit that their provider asks for.")
    return Tiles(url, credit)
