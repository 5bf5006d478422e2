"""The arguments of a line of continuous variables, checked once and in the same words everywhere."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_reals
from qlearn._types import Array

Detection = Literal["homodyne", "heterodyne"]

DETECTIONS = ("homodyne", "heterodyne")


def as_transmittance(x: ArrayLike) -> Array:
    """Return the share of the light that a line lets through, 0 to 1."""
    return as_reals(x, "transmittance", least=0, most=1)


def as_modulation(x: ArrayLike) -> Array:
    """Return a variance of Alice's modulation, in shot-noise units."""
    return as_reals(x, "modulation_variance", least=0)


def as_excess(x: ArrayLike) -> Array:
    """Return an excess noise at the input of the line, in shot-noise units."""
    return as_reals(x, "excess_noise", least=0)


def as_efficiency(x: ArrayLike) -> Array:
    """Return an efficiency of Bob's detector: above 0, for a blind detector measures nothing."""
    efficiency = as_reals(x, "efficiency", least=0, most=1)
    if (efficiency == 0).any():
        raise ValueError("efficiency must be above 0, not 0: a blind detector measures no light")
    return efficiency


def as_electronic(x: ArrayLike) -> Array:
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
