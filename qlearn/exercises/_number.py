"""Numbers in answers: what counts as one, and what does not."""

from typing import Any

import numpy as np


def number(value: Any) -> float | None:
    """Return the one real number that an answer is, or None: text and complex numbers are none."""
    array = np.asarray(value)
    return float(array.item()) if array.size == 1 and array.dtype.kind in "iuf" else None
