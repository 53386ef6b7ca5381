"""Text on figures: installed fonts, place names in a language, credits."""

from __future__ import annotations

import contextlib
import textwrap
import unicodedata
import warnings
from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any, Final

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure

from .._place_names import countries_naming_in, is_written_in, language_of_country, name_languages
from ..errors import BorderlineWarning, TableError
from ..options import validate_word
from ..provenance import sources_of

__all__ = [
    "GREY",
    "INK",
    "PlaceNames",
    "can_shape_khmer",
    "credit_line",
    "families",
    "figure_of",
    "renderer_of",
]

#: Fonts for Latin, Thai and Khmer letters on Linux, Windows and macOS, in the order of preference;
#: Matplotlib brings DejaVu Sans.
_FONTS: Final = (
    ("Noto Sans", "DejaVu Sans"),
    ("Noto Sans Thai", "Sarabun", "Loma", "Garuda", "Leelawadee UI", "Tahoma", "Thonburi"),
    ("Noto Sans Khmer", "Battambang", "Khmer OS", "Leelawadee UI", "Khmer UI", "Khmer Sangam MN"),
)

#: Colours of text: main and secondary.
INK: Final = "#1A1A1A"
GREY: Final = "#595959"


@cache
def families() -> tuple[str, ...]:
    """
    Return the installed fonts to write with, the first choice first.

    Returns
    -------
    families
        Only installed fonts, so that Matplotlib searches for none in vain.
    """
    chosen = _choose_fonts()
    if not all(chosen):
        _list_new_fonts()
        chosen = _choose_fonts()
    return tuple(dict.fromkeys(name for name in chosen if name))


def _choose_fonts() -> list[str | None]:
    """Return the first installed font of each script: every text is looked up in all of them."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return [next((name for name in fonts if name in installed), None) for fonts in _FONTS]


def _list_new_fonts() -> None:
    """Show Matplotlib the fonts installed since it last listed them, which it keeps in a file."""
    listed = {font.fname for font in font_manager.fontManager.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in listed:
            # A font of bitmaps cannot be read; what is wrong with it differs from version to version.
            with contextlib.suppress(Exception):
                font_manager.fontManager.addfont(path)


@cache
def _writable_letters() -> frozenset[int]:
    """Return the code points that the fonts can write."""
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


class PlaceNames:
    """
    Choose place names in a language; English where there is none, or no font for it.

    Parameters
    ----------
    language
        One of `name_languages`.

    Raises
    ------
    OptionError
        If it is another.
    """

    def __init__(self, language: str) -> None:
        self.countries = countries_naming_in(validate_word(language, "language", name_languages()))
        self._has_warned = False

    def choose(self, english: str, local: object, country: object) -> str:
        """Return the local name of a place if the language of its country was chosen."""
        has_local = isinstance(local, str) and bool(local.strip())
        return self._writable_or(english, str(local)) if has_local and country in self.countries else english

    def choose_alias(self, english: str, aliases: Sequence[str]) -> str:
        """Return the shortest alias in a chosen script, among those that stand together last."""
        for country in self.countries:
            language = language_of_country(country)
            in_script = [(bool(language) and is_written_in(str(language), alias), alias) for alias in aliases]
            runs = [list(run) for inside, run in groupby(in_script, key=lambda pair: pair[0]) if inside]
            if runs:
                # A pair of places has its own name after the one that its neighbour is given.
                return self._writable_or(english, min((alias.strip() for _, alias in runs[-1]), key=len))
        return english

    def _writable_or(self, english: str, text: str) -> str:
        """Return a text, or the English name with a warning where it cannot be written."""
        letters = [letter for letter in text if unicodedata.category(letter) not in {"Cf", "Zs"}]
        missing = [letter for letter in letters if ord(letter) not in _writable_letters()]
        if missing:
            reason = f"No installed font can write {text!r}"
            remedy = "Install Noto Sans Thai and Noto Sans Khmer, for example."
        elif is_written_in("km", text) and not can_shape_khmer():
            reason = f"Matplotlib {mpl.__version__} cannot shape Khmer such as {text!r}"
            remedy = "Install Matplotlib 3.11 or newer: pip install -U matplotlib."
        else:
            return text
        if not self._has_warned:
            self._has_warned = True
            warnings.warn(
                f"{reason}; English names stand in. {remedy}",
                BorderlineWarning,
                stacklevel=4,
            )
        return english


def figure_of(ax: Axes) -> Figure:
    """
    Return the figure that holds axes.

    Parameters
    ----------
    ax
        The axes.

    Returns
    -------
    figure
        The figure itself where the axes are on a part of it.

    Raises
    ------
    TableError
        If there is none.
    """
    parent = ax.get_figure()
    if parent is None:
        raise TableError("The axes are on no figure; make them with matplotlib.pyplot.subplots.")
    # The figure of a subfigure is the root; `get_figure(root=True)` came with Matplotlib 3.10.
    return parent.figure


def renderer_of(ax: Axes) -> RendererBase:
    """
    Return the renderer that measures texts as they will be drawn.

    Parameters
    ----------
    ax
        Axes on a figure.

    Returns
    -------
    renderer
        Of the figure, whatever its canvas.
    """
    # No public method exists for every canvas.
    renderer: RendererBase = figure_of(ax)._get_renderer()  # type: ignore[attr-defined]  # noqa: SLF001
    return renderer


def credit_line(*attrs: Mapping[Hashable, Any], width: int = 150) -> str:
    """
    Return a line of credits for the sources of tables, without repetition.

    Parameters
    ----------
    attrs
        Of the tables.
    width
        Letters in a line.

    Returns
    -------
    credit
        Lines of text; empty without sources.
    """
    clauses = [
        clause.strip()
        for table in attrs
        for source in sources_of(table)
        for clause in source.credit.split(";")
        if clause.strip()
    ]
    # A clause that begins a longer one is contained in it.
    kept = [
        clause
        for clause in dict.fromkeys(clauses)
        if not any(longer.startswith(clause) and longer != clause for longer in clauses)
    ]
    return textwrap.fill("Data: " + "; ".join(kept), width) if kept else ""
