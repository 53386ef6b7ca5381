"""The origin of data: the `Source` that travels with data into every picture."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

__all__ = ["Source", "cited", "sources_of"]


@dataclass(frozen=True, slots=True)
class Source:
    """
    Origin of a dataset or a claim: enough to cite it and to fetch it again.

    Examples
    --------
    >>> Source(title="The World Factbook", attribution="CIA").credit
    'CIA'
    """

    #: What it is, in a few words.
    title: str
    #: Where it can be read, or empty when it has no web address.
    url: str = ""
    #: Licence as an SPDX expression where there is one; ``unknown`` is written out.
    license: str = "unknown"
    #: The credit that must be shown wherever the data is shown.
    attribution: str = ""
    #: Date (ISO) the data was retrieved or stands for.
    retrieved: str = ""
    #: SHA-256 of the canonical content, hexadecimal.
    sha256: str = ""

    @property
    def credit(self) -> str:
        """The line to print under a picture: the attribution, else the title."""
        return self.attribution or self.title


def cited(attrs: Mapping[Hashable, Any], *sources: Source) -> list[dict[str, str]]:
    """
    Return the sources that a table names already and further ones, each once.

    Parameters
    ----------
    attrs
        Of the table; its ``sources`` are `Source` objects or their dicts.
    sources
        What went into the table now; one without a credit is left out.

    Returns
    -------
    sources
        Plain dicts, which every file format can keep; a new list.
    """
    known = attrs.get("sources") or []
    listed = [known] if isinstance(known, (Source, dict)) else [*known]
    together = [*listed, *(source for source in sources if source.credit)]
    plain = [asdict(source) if isinstance(source, Source) else dict(source) for source in together]
    return [source for row, source in enumerate(plain) if source not in plain[:row]]


def sources_of(attrs: Mapping[Hashable, Any]) -> list[Source]:
    """
    Return the sources that a table names.

    Parameters
    ----------
    attrs
        Of the table.

    Returns
    -------
    sources
        In their order, each once.
    """
    names = [field.name for field in fields(Source)]
    return [
        Source(**{name: str(source[name]) for name in names if name in source})
        for source in cited(attrs)
        if "title" in source
    ]
