"""Words on pictures: fonts that have the letters, names in a language, sizes of what is written."""

from __future__ import annotations

import textwrap
import unicodedata
import warnings
from collections.abc import Hashable, Iterable, Mapping
from functools import cache, partial
from itertools import groupby
from typing import Any, Final, cast

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure

from ..errors import BorderlineWarning, MeasureError, UnknownKeyError, near_miss
from ..options import is_one_of
from ..provenance import sources_of

__all__ = [
    "GREY",
    "INK",
    "LANGUAGES",
    "Names",
    "can_shape_khmer",
    "credit_line",
    "families",
    "figure_of",
    "renderer_of",
]

#: Languages of names, with the countries that have local names in it.
LANGUAGES: Final[dict[str, tuple[str, ...]]] = {
    "en": (),
    "th": ("THA",),
    "km": ("KHM",),
    "local": ("THA", "KHM"),
}

#: Scripts by their blocks of Unicode.
_SCRIPTS: Final = {"THA": ("\u0e00", "\u0e7f"), "KHM": ("\u1780", "\u17ff")}

#: Fonts for Latin, Thai and Khmer letters on Linux, Windows and macOS, in the order of preference;
#: Matplotlib brings DejaVu Sans.
_FONTS: Final = (
    ("Noto Sans", "DejaVu Sans"),
    ("Noto Sans Thai", "Sarabun", "Loma", "Garuda", "Leelawadee UI", "Tahoma", "Thonburi"),
    ("Noto Sans Khmer", "Battambang", "Khmer OS", "Leelawadee UI", "Khmer UI", "Khmer Sangam MN"),
)

#: Colours of words: the main ones, and those beside.
INK: Final = "#1A1A1A"
GREY: Final = "#595959"


@cache
def families() -> tuple[str, ...]:
    """
    List the installed fonts to write with, the first choice first.

    Returns
    -------
    families
        Only fonts that are there, so that none is looked for in vain.
    """
    installed = {font.name for font in font_manager.fontManager.ttflist}
    # One font a script: every text is looked up in all of them.
    first = (next((name for name in fonts if name in installed), None) for fonts in _FONTS)
    return tuple(dict.fromkeys(name for name in first if name))


@cache
def _letters() -> frozenset[int]:
    """Gather what the fonts can write."""
    paths = [font_manager.findfont(font_manager.FontProperties(family=name)) for name in families()]
    return frozenset(code for path in paths for code in font_manager.get_font(path).get_charmap())


def can_shape_khmer() -> bool:
    """
    Return whether the installed Matplotlib shapes Khmer.

    Before 3.11 it draws one sign after the other: vowels and subscripts of a Khmer word
    then stand apart and in the wrong order, and the word cannot be read.

    Returns
    -------
    can_shape
        False before Matplotlib 3.11.
    """
    return mpl.__version_info__[:2] >= (3, 11)


def _in_script(country: str, text: str) -> bool:
    """Tell whether a name has letters of a country's script."""
    first, last = _SCRIPTS[country]
    return any(first <= letter <= last for letter in text)


class Names:
    """Choose names in a language, English where there is none or no font for it."""

    def __init__(self, language: str) -> None:
        if not is_one_of(language, LANGUAGES):
            raise UnknownKeyError(
                f"There are no names in language {language!r}.{near_miss(str(language), LANGUAGES)}"
            )
        self.countries = LANGUAGES[language]
        self._warned = False

    def of(self, english: str, local: object, country: object) -> str:
        """Take the local name of a place if its country's language is asked for."""
        known = isinstance(local, str) and local.strip()
        return self._written(str(local), english) if known and country in self.countries else english

    def among(self, english: str, aliases: Iterable[str]) -> str:
        """Take the shortest alias in a script that is asked for, of those that stand together last."""
        for country in self.countries:
            runs = groupby(aliases, partial(_in_script, country))
            fitting = [[each.strip() for each in run] for inside, run in runs if inside]
            if fitting:
                # A pair of places has its own name after the one that its neighbour is given.
                return self._written(min(fitting[-1], key=len), english)
        return english

    def _written(self, text: str, english: str) -> str:
        missing = [
            c for c in text if ord(c) not in _letters() and unicodedata.category(c) not in {"Cf", "Zs"}
        ]
        if missing:
            reason = f"No installed font can write {text!r}"
            remedy = "Install Noto Sans Thai and Noto Sans Khmer, for example."
        elif _in_script("KHM", text) and not can_shape_khmer():
            reason = f"Matplotlib {mpl.__version__} cannot shape Khmer such as {text!r}"
            remedy = "Install Matplotlib 3.11 or newer: pip install -U matplotlib."
        else:
            return text
        if not self._warned:
            self._warned = True
            warnings.warn(
                f"{reason}; English names stand in. {remedy}",
                BorderlineWarning,
                stacklevel=4,
            )
        return english


def figure_of(ax: Axes) -> Figure:
    """
    Find the figure of axes.

    Parameters
    ----------
    ax
        The axes.

    Returns
    -------
    figure
        The whole one.

    Raises
    ------
    MeasureError
        If there is none.
    """
    parent = ax.get_figure()
    if parent is None:
        raise MeasureError("The axes are on no figure; make them with matplotlib.pyplot.subplots.")
    # The figure of a subfigure is the root; `get_figure(root=True)` came with Matplotlib 3.10.
    return cast("Figure", parent.figure)


def renderer_of(ax: Axes) -> RendererBase:
    """
    Find what measures texts as they will be drawn.

    Parameters
    ----------
    ax
        Axes on a figure.

    Returns
    -------
    renderer
        Of the figure, whatever its canvas.
    """
    # There is no public way that every canvas knows.
    renderer: RendererBase = figure_of(ax)._get_renderer()  # type: ignore[attr-defined]  # noqa: SLF001
    return renderer


def credit_line(*attrs: Mapping[Hashable, Any], width: int = 150) -> str:
    """
    Name the sources of tables, what several of them say only once.

    Parameters
    ----------
    attrs
        Of the tables.
    width
        Letters in a line.

    Returns
    -------
    credit
        Lines of text; empty where no source is named.
    """
    said = [
        clause.strip()
        for each in attrs
        for source in sources_of(each)
        for clause in source.credit.split(";")
        if clause.strip()
    ]
    # A clause that another one begins with is said by that one.
    kept = [one for one in dict.fromkeys(said) if not any(two.startswith(one) and two != one for two in said)]
    return textwrap.fill("Data: " + "; ".join(kept), width) if kept else ""
