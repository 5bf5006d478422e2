"""Simulator of QAOA: mixers, layers and the gradient of the expected cost."""

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qlearn.learning.optimisation.maxcut import cost_bqm
from qlearn.learning.optimisation.qubo import energies

# Up to 32 x 32 one dense product costs less than the passes over memory that it saves.
_WIRES_TOGETHER = 5


class _Group(NamedTuple):
    """Neighbouring wires that one dense real matrix turns."""

    wires: int
    """How many they are."""
    shape: tuple[int, int, int]
    """Of the amplitudes as real numbers, with the group on the middle axis."""
    distance: NDArray[np.intp]
    """In how many wires row and column of the matrix differ."""
    sign: NDArray[np.float64]
    """Sign of the entry; 0 where the matrix would mix real and imaginary parts."""
    generator: NDArray[np.float64]
    """Derivative of the matrix at angle 0."""


class Mixer:
    r"""The mixer: the same RX on every wire, in phases in which RX is a real rotation.

    .. math:: D\,e^{-i\beta X} D^{-1} = \begin{pmatrix} \cos\beta & -\sin\beta \\ \sin\beta & \cos\beta
              \end{pmatrix}, \qquad D = \operatorname{diag}(1, i)

    D is diagonal, so it commutes with the cost and changes no probability: the whole sweep runs on
    :math:`D^{\otimes n}\psi`. A real matrix on complex amplitudes costs half of a complex one.

    A cost that does not change when all bits flip keeps the state symmetric. With `symmetric` only the half
    whose first bit is 0 is kept, normalised: turning the first wire then flips *all the others*,
    :math:`\cos\beta - i \sin\beta\, X^{\otimes (n-1)}`, and that is the half read backwards.

    Examples
    --------
    >>> import numpy as np
    >>> mixer = Mixer(2)
    >>> turned = mixer.apply(mixer.plus, 0.3)  # |+> on every wire is an eigenstate: it gains a phase
    >>> np.allclose(turned, np.exp(-0.6j) * mixer.plus)
    True

    References
    ----------
    Farhi, Goldstone, Gutmann, "A quantum approximate optimization algorithm", 2014, arXiv:1411.4028, eq. 3.
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

    def apply(self, state: NDArray[np.complex128], beta: float) -> NDArray[np.complex128]:
        r"""Apply :math:`e^{-i\beta \sum_w X_w}` to states of shape (..., 2**wires)."""
        cos, sin = np.cos(beta), np.sin(beta)
        for group in self._groups:
            s = group.wires
            powers = np.array([cos ** (s - d) * sin**d for d in range(s + 1)])
            state = _apply(powers[group.distance] * group.sign, group.shape, state)
        if self.symmetric:
            back = self._flip * state[..., ::-1]
            back *= sin
            state = cos * state
            state += back
        return state

    def derivative(self, bra: NDArray[np.complex128], ket: NDArray[np.complex128]) -> float:
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
    reals = state.view(np.float64).reshape(-1, *shape[1:])
    if shape[2] == 1:  # the last group: one product instead of many with a vector
        turned = reals[..., 0] @ matrix.T
    elif len(reals) == 1:
        turned = matrix @ reals[0]
    else:
        turned = matrix @ reals
    return turned.reshape(-1).view(np.complex128).reshape(state.shape)


def _groups(wires: int) -> list[_Group]:
    """Return the groups of wires; the last group also carries the pair of real and imaginary part."""
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
        groups.append(_Group(size, shape, distance, sign, sign * (distance == 1)))
        before += size
    return groups


# Two halves that differ by less, relative to the largest cost, differ by rounding.
_ROUNDING = 1e-13
# Fewer different costs than this share of the amplitudes: look phases up instead of computing each.
_FEW = 1 / 8
# Amplitudes of a grid that go through the mixer together: as many as the processor keeps at hand.
_TOGETHER = 1 << 15


class QAOASimulator:
    r"""States, expected cost and gradient of QAOA for a diagonal cost.

    .. math:: |\gamma,\beta\rangle = e^{-i\beta_p B} e^{-i\gamma_p C} \cdots e^{-i\beta_1 B} e^{-i\gamma_1 C}
              |+\rangle, \qquad E = \langle\gamma,\beta| C |\gamma,\beta\rangle

    C is diagonal: its layer multiplies amplitudes by phases. The mixer B, the sum of all X, is
    ``mixer.Mixer``. The gradient takes one sweep back with
    :math:`\lambda = C|\gamma,\beta\rangle`, so all 2p derivatives cost about two energies more.

    Parameters
    ----------
    values : ndarray of float64, shape (2**n,)
        The cost of every bit string, wire 0 the most significant.

    Examples
    --------
    >>> import numpy as np
    >>> edge = QAOASimulator(np.array([0.0, 1.0, 1.0, 0.0]))  # the cut of two nodes and one edge
    >>> round(edge.energy(np.array([np.pi / 2]), np.array([np.pi / 8])), 12)
    1.0

    References
    ----------
    Farhi, Goldstone, Gutmann, 2014, arXiv:1411.4028, eqs. 2 to 6.
    Jones, Gacon, 2020, arXiv:2009.02823 (the sweep back).
    """

    def __init__(self, values: NDArray[np.float64]) -> None:
        n_qubits = values.size.bit_length() - 1
        tolerance = _ROUNDING * float(np.abs(values).max())
        symmetric = n_qubits > 1 and np.allclose(values, values[::-1], rtol=0, atol=tolerance)
        self.mixer = Mixer(n_qubits, symmetric)
        self.values = values[: values.size // 2] if symmetric else values
        self._mean = float(self.values.mean())

    @classmethod
    def of(cls, problem: Any) -> "QAOASimulator":
        """Return the simulator of a graph to cut, or of a quadratic problem as :func:`as_bqm` takes it."""
        return cls(energies(cost_bqm(problem)))

    def state(self, gammas: NDArray[np.float64], betas: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Return the state vector, shape (2**n,)."""
        states, _ = self._forward(gammas, betas)
        # The sweep leaves the mean of the cost out; here its phase comes back.
        half = states[-1] * np.exp(-1j * self._mean * np.sum(gammas)) / self.mixer.phases
        return np.concatenate([half, half[::-1]]) / np.sqrt(2) if self.mixer.symmetric else half

    def sample(
        self, gammas: NDArray[np.float64], betas: NDArray[np.float64], shots: int, rng: np.random.Generator
    ) -> NDArray[np.intp]:
        """Measure all wires: return the index of the bit string of each shot, shape (shots,)."""
        weights = np.abs(self.state(gammas, betas)) ** 2
        return rng.choice(weights.size, size=shots, p=weights / weights.sum())

    def energy(self, gammas: NDArray[np.float64], betas: NDArray[np.float64]) -> float:
        """Return the expected cost at p angles each, in radians."""
        states, _ = self._forward(gammas, betas)
        return self._expected(states[-1])

    def grid(self, gammas: NDArray[np.float64], betas: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the expected cost of one layer at every pair of angles, shape (gammas, betas).

        All states of some gammas go through the mixer of a beta together: one by one, small states wait for Python.
        """
        rows = []
        for some in np.array_split(gammas, -(-gammas.size * self.values.size // _TOGETHER)):
            phased = self._phases(some[:, None]) * self.mixer.plus
            turned = (self.mixer.apply(phased, beta).view(np.float64) for beta in betas)
            rows.append(np.stack([(reals * reals) @ self._twice for reals in turned], axis=1))
        return np.concatenate(rows) + self._mean

    def energy_and_gradient(
        self, gammas: NDArray[np.float64], betas: NDArray[np.float64]
    ) -> tuple[float, NDArray[np.float64]]:
        """Return the expected cost and its derivatives, shape (2, p): in the gammas, then in the betas."""
        states, phases = self._forward(gammas, betas)
        final = states.pop()
        gradient = np.empty((2, len(betas)))
        # A constant added to the cost changes no derivative; without the mean less is lost to rounding.
        bra = self._centred * final
        for layer in reversed(range(len(betas))):
            bra = self.mixer.apply(bra, -betas[layer])
            ket = states.pop()  # between the phases of this layer and its mixer
            gradient[1, layer] = 2 * self.mixer.derivative(bra, ket)
            gradient[0, layer] = 2 * np.vdot(bra, self._centred * ket).imag
            if layer:
                bra = bra * phases[layer].conj()
        return self._expected(final), gradient

    def _forward(
        self, gammas: NDArray[np.float64], betas: NDArray[np.float64]
    ) -> tuple[list[NDArray[np.complex128]], list[NDArray[np.complex128]]]:
        """Return the state after the phases of each layer and the final one, and the phases."""
        state, states, phases = self.mixer.plus, [], []
        for gamma, beta in zip(gammas, betas, strict=True):
            phases.append(self._phases(gamma))
            states.append(phases[-1] * state)
            state = self.mixer.apply(states[-1], beta)
        return [*states, state], phases

    def _phases(self, gamma: float | NDArray[np.float64]) -> NDArray[np.complex128]:
        levels, which = self._levels
        phases = np.exp(-1j * gamma * levels)
        return phases if which is None else phases.take(which, axis=-1)

    def _expected(self, state: NDArray[np.complex128]) -> float:
        reals = state.view(np.float64)
        return float(np.vdot(self._twice, reals * reals)) + self._mean

    @cached_property
    def _centred(self) -> NDArray[np.float64]:
        return self.values - self._mean

    @cached_property
    def _twice(self) -> NDArray[np.float64]:
        return np.repeat(self._centred, 2)

    @cached_property
    def _levels(self) -> tuple[NDArray[np.float64], NDArray[np.intp] | None]:
        levels, which = np.unique(self._centred, return_inverse=True)
        few = levels.size <= _FEW * self.values.size
        return (levels, which) if few else (self._centred, None)
