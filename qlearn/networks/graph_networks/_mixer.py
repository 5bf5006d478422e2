r"""The same turn about X on every node, for the states of all rows at once.

.. math:: D\,e^{-i\beta X} D^{-1} = \begin{pmatrix} \cos\beta & -\sin\beta \\ \sin\beta & \cos\beta \end{pmatrix},
          \qquad D = \operatorname{diag}(1, i)

In the phases D the turn is real, and they change no diagonal gate and no chance. A state is a column, so that real and
imaginary parts of a row stand side by side: one product of real matrices turns both, at half the cost of a complex one.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Up to 32 x 32 one dense product is cheapest; beyond, two smaller ones on halves of the wires.
_WIRES_TOGETHER = 5


class _Wires(NamedTuple):
    """Neighbouring wires that one matrix turns: bit strings before and of them, bits that differ, signs, and d/d beta."""

    before: int
    size: int
    distance: NDArray[np.intp]
    sign: NDArray[np.float64]
    generator: NDArray[np.float64]

    def turn(self, beta: float) -> NDArray[np.float64]:
        """Return the matrix, shape (size, size)."""
        wires = self.size.bit_length() - 1
        powers = np.array([np.cos(beta) ** (wires - d) * np.sin(beta) ** d for d in range(wires + 1)])
        return np.asarray(powers[self.distance] * self.sign)

    def reals(self, states: NDArray[np.complex128]) -> NDArray[np.float64]:
        """Return states, shape (2**n, rows), with these wires on the axis before the last."""
        return states.view(np.float64).reshape(self.before, self.size, -1)


class Mixer:
    """The turn about X of all n wires, on states of shape (2**n, rows) in the phases D.

    Examples
    --------
    >>> mixer = Mixer(1)
    >>> turned = mixer.apply(mixer.phases * [[1.0], [0.0]], np.pi / 2)  # X, but for a global phase
    >>> (abs(turned) ** 2).round(12).ravel()
    array([0., 1.])
    """

    def __init__(self, n: int) -> None:
        ones = np.bitwise_count(np.arange(1 << n)[:, None])
        self.phases: NDArray[np.complex128] = np.array([1, 1j, -1, -1j])[ones % 4]
        split = 0 if n <= _WIRES_TOGETHER else n // 2
        self._groups = [_wires(0, split), _wires(split, n - split)] if split else [_wires(0, n)]

    def apply(self, states: NDArray[np.complex128], beta: float) -> NDArray[np.complex128]:
        r"""Return :math:`e^{-i\beta\sum_w X_w}` times the states; with -beta it is undone."""
        shape = states.shape
        for group in self._groups:
            states = (group.turn(beta) @ group.reals(states)).reshape(shape[0], -1).view(np.complex128)
        return states

    def slope(self, bras: NDArray[np.complex128], kets: NDArray[np.complex128]) -> float:
        """Return the real overlap of bras with the derivative of :meth:`apply` in beta at 0, of all rows."""
        return sum(
            float(np.vdot(group.generator, (group.reals(bras) @ group.reals(kets).mT).sum(axis=0)))
            for group in self._groups
        )


@lru_cache(maxsize=16)
def mixer(n: int) -> Mixer:
    """Return the mixer of n wires; to make it costs more than to use it."""
    return Mixer(n)


def _wires(first: int, wires: int) -> _Wires:
    index = np.arange(1 << wires)
    distance = np.bitwise_count(index[:, None] ^ index).astype(np.intp)
    falls = np.bitwise_count(~index[:, None] & index)  # row 0, column 1: -sin
    sign = 1.0 - 2 * (falls % 2)
    return _Wires(1 << first, 1 << wires, distance, sign, sign * (distance == 1))
