"""Labels of rows: numbers, numbers after a few words as in databases, or any texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from .._constants import Ints
from ._payload import MOST_WHOLE

__all__ = ["RowLabels"]


@dataclass(frozen=True, slots=True)
class RowLabels:
    """The labels of rows, as texts with numbers or as whole texts."""

    #: Texts before the number, each once, in order.
    words: list[str]
    #: Position of the text of each row.
    before: Ints
    #: The number of each row.
    numbers: Ints
    #: Digits to which numbers are padded with zeros; 0 where they are not.
    width: int = 0
    #: The labels themselves where they have another form; then there are no numbers.
    texts: npt.NDArray[np.object_] | None = None

    @classmethod
    def of(cls, index: pd.Index[Any]) -> Self:
        """
        Return the labels of an index.

        Parameters
        ----------
        index
            Any index.

        Returns
        -------
        labels
            What ``str`` makes of each.

        Examples
        --------
        >>> RowLabels.of(pd.Index(["KHM007", "KHM012"])).numbers.tolist()
        [7, 12]
        """
        if pd.api.types.is_integer_dtype(index.dtype) and not index.hasnans:
            numbers = index.to_numpy()
            if not len(numbers) or (int(numbers.max()) < MOST_WHOLE and int(numbers.min()) > -MOST_WHOLE):
                return cls([""], np.zeros(len(numbers), np.int64), numbers.astype(np.int64))
        texts = np.empty(len(index), dtype=object)
        texts[:] = (
            index.to_list()
            if isinstance(index.dtype, pd.StringDtype) and not index.hasnans
            else [*map(str, index)]
        )
        nothing = np.zeros(0, np.int64)
        return cls._split_numbers(texts) or cls([], nothing, nothing, texts=texts)

    @classmethod
    def _split_numbers(cls, texts: npt.NDArray[np.object_]) -> Self | None:
        """Split texts into words and numbers; None where that loses anything or saves little."""
        try:
            series = pd.Series(texts, dtype="str")
        except UnicodeEncodeError:  # half a surrogate pair
            return None
        codes, words = pd.factorize(series.str.rstrip("0123456789"), sort=True)
        if not len(texts) or 100 * len(words) > len(texts) + 99:
            return None
        long = np.array([len(word) for word in words], dtype=np.int64)[codes]
        digits = series.str.len().to_numpy(dtype=np.int64) - long
        if digits.min() < 1 or digits.max() > 15:
            return None
        numbers = np.zeros(len(texts), dtype=np.int64)
        for code, word in enumerate(words):
            there = codes == code
            endings = series[there].str.slice(len(word)).astype("int64[pyarrow]")
            numbers[there] = endings.to_numpy(dtype=np.int64)
        before = codes.astype(np.int64)
        if (digits == digits[0]).all():
            return cls([str(word) for word in words], before, numbers, int(digits[0]))
        least = np.searchsorted(10 ** np.arange(1, 16), numbers, side="right") + 1
        if (digits == least).all():
            return cls([str(word) for word in words], before, numbers)
        return None

    def order(self) -> Ints:
        """Return the order of rows by label: by words and number, or as texts."""
        if self.texts is None:
            return np.lexsort((self.numbers, self.before))
        # Sorting a list of texts is faster than sorting an array of objects.
        texts = self.texts.tolist()
        return np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.int64)

    def take(self, rows: Ints) -> RowLabels:
        """Return the labels of some rows."""
        if self.texts is not None:
            return RowLabels([], self.before, self.numbers, texts=self.texts[rows])
        return RowLabels(self.words, self.before[rows], self.numbers[rows], self.width)
