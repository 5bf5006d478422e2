"""Samples that are encoded when a batch needs them: the states of many rows would not fit beside each other."""

import math
from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray


class EncodedOnDemand:
    """Rows with the map that makes inputs of them; a part of it is another, and :meth:`encoded` makes the arrays.

    Examples
    --------
    >>> import numpy as np
    >>> rows = EncodedOnDemand(np.arange(6.0).reshape(3, 2), lambda X: X + 0.5)
    >>> len(rows), rows[1:].encoded().tolist()
    (3, [[2.5, 3.5], [4.5, 5.5]])
    """

    nbytes = math.inf
    """Never laid out as a whole."""

    def __init__(self, rows: NDArray, encode: Callable[[NDArray], NDArray]) -> None:
        self.rows, self._encode = rows, encode

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, which: Any) -> "EncodedOnDemand":
        return EncodedOnDemand(self.rows[which], self._encode)

    def encoded(self) -> NDArray:
        """Return the inputs of all of its rows."""
        return self._encode(self.rows)


def encoded(inputs: Any) -> NDArray:
    """Return inputs as arrays, encoded now if they were not."""
    return inputs.encoded() if isinstance(inputs, EncodedOnDemand) else inputs
