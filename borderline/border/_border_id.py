"""The record that tells one border from another, in the ``attrs`` of every table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final, NoReturn

import numpy as np
import shapely

__all__ = ["BorderId", "describe_border", "distinguish_borders"]

#: Decimals of a degree that count, about a centimetre: text formats do not keep the last bits.
DECIMALS: Final = 7


class BorderId(dict[str, Any]):
    """
    Identify a border by plain values, which every file format keeps.

    The keys are ``name``, ``length_m``, ``start`` (longitude and latitude of the first
    vertex) and ``checksum`` (of the coordinates and the two countries). It compares as a
    dict does, so a record that was read back from a file equals the one that was written.
    It cannot be changed, and copies are the record itself: pandas copies ``attrs`` deeply at
    almost every operation. Pickles and files hold the values alone.

    Parameters
    ----------
    border
        The border that the record identifies.

    Examples
    --------
    >>> import borderline as bl, shapely
    >>> border = bl.Border.from_line(shapely.LineString([(0, 0), (0, 1)]), left="FRA", right="DEU")
    >>> border.identity
    {'name': '', 'length_m': 110574.389, 'start': [0.0, 0.0], 'checksum': '...'}
    >>> bl.segment(border, every_km=10).attrs["border"].border is border
    True
    """

    __slots__ = ("border",)

    #: The border itself; takes no part in comparisons.
    border: Any

    def __init__(self, border: Any) -> None:  # noqa: ANN401 - a Border, whose module imports this one
        # Adding zero turns -0.0 into 0.0.
        rounded = np.round(shapely.get_coordinates(border.line), DECIMALS) + 0.0
        planar = "|planar" if border.edges == "planar" else ""
        content = rounded.tobytes() + f"{border.left}|{border.right}{planar}".encode()
        super().__init__(
            name=border.name,
            length_m=round(border.length_m, 3),
            start=rounded[0].tolist(),
            checksum=hashlib.sha256(content).hexdigest()[:12],
        )
        self.border = border

    def __copy__(self) -> BorderId:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> BorderId:
        return self

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        return dict, (dict(self),)

    def _refuse_change(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("The identity of a border cannot be changed; make another border.")

    __setitem__ = __delitem__ = __ior__ = _refuse_change
    clear = pop = popitem = setdefault = update = _refuse_change


def describe_border(identity: Mapping[str, Any] | str | None) -> str:
    """
    Return the name and the length of a border, for a sentence.

    Parameters
    ----------
    identity
        `Border.identity` as tables carry it in their ``attrs``, or the plain dict read back
        from a file; None where a table carries none. Other text is returned as it is.

    Returns
    -------
    words
        Its name, and its length as drawn in kilometres.
    """
    if isinstance(identity, str):
        return identity
    record = identity or {}
    name = record.get("name") or "a border"
    return f"{name} ({record['length_m'] / 1000:.1f} km as drawn)" if "length_m" in record else name


def distinguish_borders(
    first: Mapping[str, Any] | str | None, second: Mapping[str, Any] | str | None
) -> tuple[str, str]:
    """
    Return names of two different borders that a reader can tell apart.

    Parameters
    ----------
    first, second
        As in `describe_border`.

    Returns
    -------
    words
        As from `describe_border`; where that is the same for both, with where they start and
        their checksums.
    """
    words = describe_border(first), describe_border(second)
    if words[0] != words[1]:
        return words
    return f"{words[0]}{_describe_details(first)}", f"{words[1]}{_describe_details(second)}"


def _describe_details(identity: Mapping[str, Any] | str | None) -> str:
    if not isinstance(identity, Mapping) or not {"start", "checksum"} <= set(identity):
        return ""
    longitude, latitude = identity["start"]
    return f" from {longitude:.7f}, {latitude:.7f} [{identity['checksum']}]"
