r"""The mixer of QAOA: all wires turned about x at once, by a few real matrix products."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Up to 32 x 32 one dense product costs less than the passes over memory that it saves.
_WIRES_TOGETHER = 5


class _Group(NamedTuple):
    """Neighbouring wires that one dense real matrix turns."""

    shape: tuple[int, int, int]
    """Of the amplitudes as real numbers, with the group on the middle axis."""
    distance: NDArray[np.intp]
    """In how many wires row and column of the matrix differ."""
    sign: NDArray[np.float64]
    """Sign of the entry; 0 where the matrix would mix real and imaginary parts."""
    generator: NDArray[np.float64]
    """Derivative of the matrix at angle 0."""

    @property
    def wires(self) -> int:
        return int(self.distance.max())


class Mixer:
    r"""Turn every wire by the same RX, in phases in which RX is a real rotation.

    .. math:: D\,e^{-i\beta X} D^{-1} = \begin{pmatrix} \cos\beta & -\sin\beta \\ \sin\beta & \cos\beta
              \end{pmatrix}, \qquad D = \operatorname{diag}(1, i)

    D is diagonal, so it commutes with the cost and changes no probability: the whole sweep runs on
    :math:`D^{\otimes n}\psi`. A real matrix on complex amplitudes costs half of a complex one.

    A cost that does not change when all bits flip keeps the state symmetric. With `symmetric` only the half
    whose first bit is 0 is kept, normalised: turning the first wire then flips *all the others*,
    :math:`\cos\beta - i \sin\beta\, X^{\otimes (n-1)}`, and that is the half read backwards.

    Parameters
    ----------
    n_qubits : int
        Number of wires, n; at least 2 with `symmetric`.
    symmetric : bool
        Whether a state is its half of :math:`2^{n-1}` amplitudes.

    Examples
    --------
    >>> import numpy as np
    >>> mixer = Mixer(2)
    >>> turned = mixer.turn(mixer.plus, 0.3)  # |+> on every wire is an eigenstate: it gains a phase
    >>> np.allclose(turned, np.exp(-0.6j) * mixer.plus)
    True

    References
    ----------
    Farhi, Goldstone, Gutmann, "A quantum approximate optimization algorithm", 2014, arXiv:1411.4028, eq. 3.

    Taught in :doc:`/learning/optimisation`.
    """

    def __init__(self, n_qubits: int, symmetric: bool = False) -> None:
        self.n_qubits, self.symmetric = n_qubits, symmetric
        wires = n_qubits - symmetric
        ones = np.bitwise_count(np.arange(1 << wires)).astype(np.intp)
        self.phases: NDArray[np.complex128] = np.array([1, 1j, -1, -1j])[ones % 4]
        """Diagonal of D on all wires: divide by it to have the state itself."""
        self.plus: NDArray[np.complex128] = self.phases / np.sqrt(ones.size)
        """The uniform superposition."""
        self._flip = (-1j) ** (n_qubits % 4) * (1.0 - 2 * (ones % 2))
        self._groups = _groups(wires)

    def turn(self, state: NDArray[np.complex128], beta: float) -> NDArray[np.complex128]:
        r"""Apply :math:`e^{-i\beta \sum_w X_w}` to a state of shape (2**wires,)."""
        cos, sin = np.cos(beta), np.sin(beta)
        for group in self._groups:
            s = group.wires
            powers = np.array([cos ** (s - d) * sin**d for d in range(s + 1)])
            state = _apply(powers[group.distance] * group.sign, group.shape, state)
        if self.symmetric:
            back = self._flip * state[::-1]
            back *= sin
            state = cos * state
            state += back
        return state

    def slope(self, bra: NDArray[np.complex128], ket: NDArray[np.complex128]) -> float:
        r"""Return :math:`\operatorname{Re}\langle\lambda| \tfrac{d}{d\beta} e^{-i\beta B}|\psi\rangle` at 0."""
        reals = bra.view(np.float64)
        total = sum(
            np.vdot(reals, _apply(group.generator, group.shape, ket).view(np.float64))
            for group in self._groups
        )
        if self.symmetric:
            total += np.vdot(bra, self._flip * ket[::-1]).real
        return float(total)


def _apply(
    matrix: NDArray[np.float64], shape: tuple[int, int, int], state: NDArray[np.complex128]
) -> NDArray[np.complex128]:
    reals = state.view(np.float64).reshape(shape)
    if shape[2] == 1:  # the last group: one product instead of many with a vector
        turned = reals[..., 0] @ matrix.T
    elif shape[0] == 1:
        turned = matrix @ reals[0]
    else:
        turned = matrix @ reals
    return turned.reshape(-1).view(np.complex128)


def _groups(wires: int) -> list[_Group]:
    """Share the wires out; the last group also carries the pair of real and imaginary part."""
    last = min(wires, _WIRES_TOGETHER - 1)
    others = -(-(wires - last) // _WIRES_TOGETHER)
    sizes = [(wires - last + i) // others for i in range(others)] + [last]
    groups, before = [], 0
    for size in sizes:
        pair = 2 if size == last and before + size == wires else 1
        index = np.arange(1 << size)
        falls = np.bitwise_count(~index[:, None] & index).astype(np.intp)  # row 0, column 1: -sin
        distance = np.bitwise_count(index[:, None] ^ index).astype(np.intp)
        sign = np.kron(1.0 - 2 * (falls % 2), np.eye(pair))
        distance = np.kron(distance, np.ones((pair, pair), np.intp))
        after = wires - before - size
        shape = (1 << before, pair << size, 1 if pair == 2 else 2 << after)
        groups.append(_Group(shape, distance, sign, sign * (distance == 1)))
        before += size
    return groups
