"""Grid search: where functions of a positive number are largest, many at once, on a logarithmic net drawn tighter."""

from collections.abc import Callable, Sequence

import numpy as np

from qlearn._types import Array


def grid_maximum(
    values: Callable[[Array], Array],
    shape: tuple[int, ...],
    least: float,
    most: float,
    knots: Sequence[int] = (25, 25, 25),
) -> tuple[Array, Array]:
    """Return where `values` are largest between `least` and `most`, and how large, both of this shape.

    `values` are asked for one net after the other, with n = 25 knots or others on its first axis: each reaches from the left
    neighbour of the best knot so far to the right one.
    """
    low, high = np.full(shape, np.log(least)), np.full(shape, np.log(most))
    where, top = np.full(shape, least), np.full(shape, -np.inf)
    for n in knots:
        net = low + (high - low) * np.linspace(0, 1, n).reshape(-1, *(1,) * len(shape))
        found = values(np.exp(net))
        best = found.argmax(axis=0, keepdims=True)
        peak, x = (np.take_along_axis(array, best, 0)[0] for array in (found, np.exp(net)))
        where, top = np.where(peak > top, x, where), np.where(peak > top, peak, top)
        low, high = (np.take_along_axis(net, (best + step).clip(0, n - 1), 0)[0] for step in (-1, 1))
    return np.asarray(where), np.asarray(top)
