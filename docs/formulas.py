"""Formulas between lines of ``$$`` become MathML, which browsers set without help."""

from __future__ import annotations

import re
from typing import Any

from latex2mathml import converter

FORMULA = re.compile(r"^\$\$\n(.+?)\n\$\$$", re.DOTALL | re.MULTILINE)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Replace each formula; mkdocs calls this for every page."""
    return FORMULA.sub(lambda found: converter.convert(found[1], display="block"), markdown)
