"""Settings: the angles along which the two sides may measure, and which pairs of them enter the CHSH value."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_angles

_Quarter = tuple[tuple[int, int], tuple[int, int]]

_SAME = 1e-9


@dataclass(frozen=True)
class Settings:
    r"""The angles along which each side may measure, and which of them enter the CHSH value.

    Angle :math:`\theta` stands for the observable :math:`\cos\theta\,Z + \sin\theta\,X`: 0 is Z,
    :math:`\pi/2` is X. It is an angle on the Bloch sphere; a polariser turns by half of it.

    Parameters
    ----------
    alice, bob : tuple of float
        Angles in radians, one for each setting; a setting is named by its number, from 0.
    test : ((a, a'), (b, b')), optional
        Settings that enter the CHSH value, two a side, or None where it is not measured.
    signs : ((+, +), (+, -)) in any arrangement, optional
        Sign of each correlation in S; exactly one or three of the four are -1.

    Examples
    --------
    >>> EKERT.matching, EKERT.test
    (((1, 0), (2, 1)), ((0, 2), (0, 2)))
    >>> BBM92.matching, BBM92.test
    (((0, 0), (1, 1)), None)
    """

    alice: tuple[float, ...]
    bob: tuple[float, ...]
    test: _Quarter | None = None
    signs: _Quarter = ((1, 1), (1, -1))

    def __post_init__(self) -> None:
        for name in ("alice", "bob"):
            object.__setattr__(self, name, tuple(as_setting_angles(getattr(self, name), name).tolist()))
        if self.test is None:
            return
        if np.shape(self.test) != (2, 2) or np.shape(self.signs) != (2, 2):
            raise ValueError(
                "test and signs must be two pairs each: ((a, a'), (b, b')) and their 2 x 2 signs"
            )
        for tested, angles, name in zip(self.test, (self.alice, self.bob), ("alice", "bob"), strict=True):
            if len(set(tested)) != 2 or not all(0 <= setting < len(angles) for setting in tested):
                raise ValueError(f"test must name two of {name}'s {len(angles)} settings, not {tested}")
        if not np.isin(self.signs, (-1, 1)).all() or np.prod(self.signs) != -1:
            raise ValueError(
                f"signs must be +1 and -1 with an odd number of -1, not {self.signs}: "
                "otherwise shared answers reach the largest value and S tests nothing"
            )

    @property
    def matching(self) -> tuple[tuple[int, int], ...]:
        """Pairs of settings along which both sides measure the same, so that a key can grow."""
        gap = np.subtract.outer(self.alice, self.bob)
        equal = np.abs(np.angle(np.exp(1j * gap))) < _SAME
        return tuple((int(x), int(y)) for x, y in np.argwhere(equal))


def as_setting_angles(x: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return finite angles in radians as a float array of one axis, one for each setting."""
    array = as_angles(x, name)
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{name} must be angles in one axis, at least one, not {x!r}")
    return array


_Q = np.pi / 4

BBM92 = Settings((0, 2 * _Q), (0, 2 * _Q))
"""Z and X on both sides; where they agree, a key and its test in one."""

EKERT = Settings((0, _Q, 2 * _Q), (_Q, 2 * _Q, 3 * _Q), ((0, 2), (0, 2)), ((1, -1), (1, 1)))
"""The three and three angles of 1991: 2/9 of the rounds match, 4/9 are the CHSH test."""

ACIN = Settings((0, _Q, -_Q), (0, 2 * _Q), ((1, 2), (0, 1)), ((1, 1), (1, -1)))
"""Three and two angles, of 2007: one match, and four combinations for the test."""
