"""Where a thing comes from: the `Source` that travels with data into every picture."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Source"]


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
