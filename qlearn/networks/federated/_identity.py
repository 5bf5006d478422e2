"""Identity of a run: how models, strategies and samples are known again, where a checkpoint does not hold them."""

import re
import sys
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator


def described(thing: Any) -> str:
    """Return how a thing shows itself, whole, and without the place in memory where this process has it.

    An estimator that is held by something else, in a list or a dataclass, shows itself as scikit-learn cuts it.

    Examples
    --------
    >>> described(np.arange(2000))[-6:], described(object())
    ('1999])', '<object object>')
    """
    with np.printoptions(threshold=sys.maxsize, floatmode="unique"):
        # scikit-learn cuts what is long in the middle, and lists after thirty.
        shown = repr(thing)
        if isinstance(thing, BaseEstimator):
            shown = f"{type(thing).__name__}({', '.join(f'{name}={value!r}' for name, value in thing.get_params().items())})"
    return re.sub(r" at 0x[0-9a-fA-F]+", "", shown)


def digest(X: ArrayLike, y: ArrayLike) -> str:
    """Return a digest of samples, by which they are known again.

    Examples
    --------
    >>> digest([[1, 2]], [0]) == digest(np.array([[1.0, 2.0]]), [0]), digest([[1, 2]], [0]) == digest([[1, 2]], [1])
    (True, False)
    """
    rows, labels = np.asarray(X), np.asarray(y)
    numbers = np.ascontiguousarray(rows, complex if rows.dtype.kind == "c" else float)
    told = f"{numbers.shape} {numbers.dtype} {labels.tolist()}".encode()
    return sha256(told + numbers.tobytes()).hexdigest()
