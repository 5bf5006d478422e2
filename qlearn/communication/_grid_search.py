"""Grid search: the best brightness for many transmittances at once, on a grid that is drawn tighter."""

from collections.abc import Callable

import numpy as np

from qlearn._types import Array

_KNOTS, _ZOOMS = 25, 3


def best_rate(
    rate: Callable[[Array, Array], Array], arm: Array, faintest: float, brightest: float
) -> tuple[Array, Array]:
    """Search the best brightness for each transmittance: a net that is drawn tighter round its best knot.

    Returned are the brightness and its rate, at least 0.
    """
    low, high = np.full(arm.shape, np.log(faintest)), np.full(arm.shape, np.log(brightest))
    best, where = np.zeros(arm.shape), np.full(arm.shape, faintest)
    for _ in range(_ZOOMS):
        knots = low[..., None] + (high - low)[..., None] * np.linspace(0, 1, _KNOTS)
        rates = rate(np.exp(knots), np.broadcast_to(arm[..., None], knots.shape))
        at = rates.argmax(axis=-1)[..., None]
        top, mu = (np.take_along_axis(array, at, -1)[..., 0] for array in (rates, np.exp(knots)))
        best, where = np.where(top > best, top, best), np.where(top > best, mu, where)
        low, high = (
            np.take_along_axis(knots, (at + step).clip(0, _KNOTS - 1), -1)[..., 0] for step in (-1, 1)
        )
    return np.asarray(where), np.asarray(best)
