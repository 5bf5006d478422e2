r"""The fast path of QAOA: the expected cost and its gradient, by the diagonal of the cost."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.learning.optimisation.maxcut import cost_bqm
from qlearn.learning.optimisation.mixers import Mixer
from qlearn.learning.optimisation.qubo import energies

# Two halves that differ by less, relative to the largest cost, differ by rounding.
_ROUNDING = 1e-13
# Fewer different costs than this share of the amplitudes: look phases up instead of computing each.
_FEW = 1 / 8


class Sweep:
    r"""Forward through the layers for the expected cost, and backward for its gradient.

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
    >>> edge = Sweep(np.array([0.0, 1.0, 1.0, 0.0]))  # the cut of two nodes and one edge
    >>> round(edge.energy(np.array([np.pi / 2]), np.array([np.pi / 8])), 12)
    1.0

    References
    ----------
    Farhi, Goldstone, Gutmann, 2014, arXiv:1411.4028, eqs. 2 to 6.
    Jones, Gacon, 2020, arXiv:2009.02823 (the sweep back).

    Taught in :doc:`/learning/optimisation`.
    """

    def __init__(self, values: NDArray[np.float64]) -> None:
        n_qubits = values.size.bit_length() - 1
        tolerance = _ROUNDING * float(np.abs(values).max())
        symmetric = n_qubits > 1 and np.allclose(values, values[::-1], rtol=0, atol=tolerance)
        self.mixer = Mixer(n_qubits, symmetric)
        self.values = values[: values.size // 2] if symmetric else values
        self._mean = float(self.values.mean())

    @classmethod
    def of(cls, problem: Any) -> "Sweep":
        """Return the sweep of a graph to cut, or of a quadratic problem as :func:`as_bqm` takes it."""
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
            bra = self.mixer.turn(bra, -betas[layer])
            ket = states.pop()  # between the phases of this layer and its mixer
            gradient[1, layer] = 2 * self.mixer.slope(bra, ket)
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
            state = self.mixer.turn(states[-1], beta)
        return [*states, state], phases

    def _phases(self, gamma: float) -> NDArray[np.complex128]:
        levels, which = self._levels
        phases = np.exp(-1j * gamma * levels)
        return phases if which is None else phases[which]

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
