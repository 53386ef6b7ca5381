"""Raster tiles that a reader may switch on, validated before the page may request any."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from ..errors import OptionError

__all__ = ["Tiles", "read_tiles"]

#: A host name with an optional port, and nothing that has a meaning in a policy.
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?", re.IGNORECASE)

#: A valid address, for messages.
_EXAMPLE: Final = "https://tiles.example.org/{z}/{x}/{y}.png"


@dataclass(frozen=True, slots=True)
class Tiles:
    """The address of tiles and the credit of their provider."""

    #: Address with ``{z}``, ``{x}`` and ``{y}``.
    url: str
    #: Credit, as plain text.
    credit: str

    @property
    def host(self) -> str:
        """Return the host that the page may load pictures from."""
        return f"https://{urlsplit(self.url).netloc}"


def read_tiles(tiles: tuple[str, str] | None) -> Tiles | None:
    """
    Validate the address and the credit of tiles.

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
    OptionError
        If the address is not one of https with ``{z}``, ``{x}`` and ``{y}`` on a fixed host, or
        there is no credit.
    """
    if tiles is None:
        return None
    refusal = OptionError(
        f"tiles must be an address and a credit, such as ({_EXAMPLE!r}, 'Example'), with an https address on "
        f"one host that has {{z}}, {{x}} and {{y}} but not {{s}}, not {tiles!r}; without tiles the page "
        "draws land, water and provinces itself and asks nothing of a network."
    )
    if not isinstance(tiles, (list, tuple)) or len(tiles) != 2:
        raise refusal
    url, credit = (str(part).strip() for part in tiles)
    try:
        parts = urlsplit(url)
        fixed = parts.scheme == "https" and bool(_HOST.fullmatch(parts.netloc))
    except ValueError:
        fixed = False
    if not fixed or not credit or any(url.count(part) != 1 for part in ("{z}", "{x}", "{y}")):
        raise refusal
    return Tiles(url, credit)
