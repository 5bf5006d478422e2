"""The arguments of a line of continuous variables, checked once and in the same words everywhere."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Detection = Literal["homodyne", "heterodyne"]
Reals = NDArray[np.float64]

DETECTIONS = ("homodyne", "heterodyne")


def as_reals(x: ArrayLike, name: str, *, least: float = -np.inf, most: float = np.inf) -> Reals:
    """Return `x` as finite floats, of any shape, between `least` and `most`."""
    array = np.asarray(x)
    if array.dtype.kind not in "uif":
        raise TypeError(f"{name} must be a number or an array of numbers, not {x!r}")
    array = array.astype(np.float64)
    wrong = array[~(np.isfinite(array) & (array >= least) & (array <= most))]
    if wrong.size:
        span = f"between {least:g} and {most:g}" if most < np.inf else f"at least {least:g}"
        raise ValueError(f"{name} must be finite and {span}, not {wrong.flat[0]:g}")
    return array


def as_transmittance(x: ArrayLike) -> Reals:
    """Return the share of the light that a line lets through, 0 to 1."""
    return as_reals(x, "transmittance", least=0, most=1)


def as_modulation(x: ArrayLike) -> Reals:
    """Return a variance of Alice's modulation, in shot-noise units."""
    return as_reals(x, "modulation_variance", least=0)


def as_excess(x: ArrayLike) -> Reals:
    """Return an excess noise at the input of the line, in shot-noise units."""
    return as_reals(x, "excess_noise", least=0)


def as_efficiency(x: ArrayLike) -> Reals:
    """Return an efficiency of Bob's detector: above 0, for a blind detector measures nothing."""
    efficiency = as_reals(x, "efficiency", least=0, most=1)
    if (efficiency == 0).any():
        raise ValueError("efficiency must be above 0, not 0: a blind detector measures no light")
    return efficiency


def as_electronic(x: ArrayLike) -> Reals:
    """Return an electronic noise of Bob's detector, in shot-noise units."""
    return as_reals(x, "electronic_noise", least=0)


def as_detection(x: Any) -> Detection:
    """Return `x` if it names a way to measure."""
    if x not in DETECTIONS:
        raise ValueError(f'detection must be "homodyne" (one quadrature) or "heterodyne" (both), not {x!r}')
    return x


def as_flag(x: Any, name: str) -> bool:
    """Return `x` if it is True or False."""
    if not isinstance(x, bool | np.bool_):
        raise TypeError(f"{name} must be True or False, not {x!r}")
    return bool(x)


def together(**arrays: Reals) -> list[Reals]:
    """Broadcast the arrays against each other, or say which shapes do not fit."""
    try:
        return list(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items() if array.ndim)
        raise ValueError(f"the arguments must broadcast against each other, not: {shapes}") from None
