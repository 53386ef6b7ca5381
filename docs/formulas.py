"""Convert formulas between lines of ``$$`` to MathML, which browsers render without help."""

from __future__ import annotations

import re
from typing import Any

from latex2mathml import converter

FORMULA = re.compile(r"^\$\$\n(.+?)\n\$\$$", re.DOTALL | re.MULTILINE)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Replace each formula; mkdocs calls this for every page."""
    return FORMULA.sub(lambda match: converter.convert(match[1], display="block"), markdown)
