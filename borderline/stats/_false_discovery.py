"""Control of the false-discovery rate over many tests."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from .._constants import Floats
from ..options import validate_word

__all__ = ["FDR_METHODS", "q_values"]

#: Procedures: Benjamini and Hochberg; Benjamini and Yekutieli, for any dependence.
FDR_METHODS: Final = ("bh", "by")


def q_values(p_value: Floats, *, method: str = "bh") -> Floats:
    """
    Convert p-values into q-values, the smallest false-discovery rates at which each is a discovery.

    Parameters
    ----------
    p_value
        P-values, shape (n,); NaN where nothing was tested.
    method
        ``"bh"`` [1]_, for tests that are independent or positively dependent, or ``"by"`` [2]_, for any.

    Returns
    -------
    q_value
        Shape (n,); NaN where `p_value` is.

    Raises
    ------
    OptionError
        If the method is neither.

    References
    ----------
    .. [1] Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", Journal of
       the Royal Statistical Society B 57 (1995), 289-300.
    .. [2] Y. Benjamini and D. Yekutieli, "The control of the false discovery rate in multiple
       testing under dependency", Annals of Statistics 29 (2001), 1165-1188.

    Examples
    --------
    >>> import numpy as np
    >>> q_values(np.array([0.01, np.nan, 0.04])).tolist()
    [0.02, nan, 0.04]
    """
    from scipy import stats  # noqa: PLC0415 - slow to load

    validate_word(method, "fdr", FDR_METHODS)
    tested = np.flatnonzero(~np.isnan(p_value))
    q_value = np.full(len(p_value), np.nan)
    if len(tested):
        how: Literal["bh", "by"] = "bh" if method == "bh" else "by"
        q_value[tested] = stats.false_discovery_control(p_value[tested], method=how)
    return q_value
