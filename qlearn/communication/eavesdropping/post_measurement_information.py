"""Discrimination with post-measurement information: one question now, for a basis that is announced later."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import is_coarse, norm_tolerance
from qlearn.qubits.density_matrices import refined

# The barrier is weakened by this factor a round, until primal and dual are so close.
_WEAKER, _GAP = 0.25, 1e-8
# Directions of the memory with less weight than this are rounding.
_EMPTY = 1e-13
# More dimensions than pulse and memory ever fill, and few enough for a curvature of 256 x 256 numbers.
_MOST_DIMENSIONS = 16
# Newton's method halves its way into the region where it converges; far more steps than it ever takes.
_MOST_STEPS = 200


@dataclass(frozen=True, eq=False)
class FixedMeasurement:
    """The best fixed measurement when the basis is learnt afterwards, and the proof that it is the best.

    Parameters
    ----------
    effects : ndarray, shape (2, 2, d, d)
        The measurement: ``effects[g, h]`` is the outcome upon which she will guess g if the basis turns out
        to be Z, and h if it is X. Positive, and together the identity wherever the states are.
    guess : float
        Chance that she is right, the mean of both bases.
    witness : ndarray, shape (d, d)
        The dual solution K: above all four operators of the problem, so that no measurement is better than
        its trace.
    """

    effects: NDArray[np.complex128]
    guess: float
    witness: NDArray[np.complex128]

    @property
    def bound(self) -> float:
        """What no fixed measurement exceeds: the trace of the witness."""
        return float(np.trace(self.witness).real)


def best_fixed_measurement(states: ArrayLike) -> FixedMeasurement:
    r"""Return the measurement that guesses best for Z and for X, if the basis is announced only afterwards.

    Her outcome names two guesses, g for Z and h for X. With :math:`\rho^b_a` for what she holds when Alice
    wrote the bit a in the basis b,

    .. math:: P = \max_M \sum_{g,h} \operatorname{tr} M_{gh} A_{gh}, \qquad
              A_{gh} = \tfrac14\bigl(\rho^Z_g + \rho^X_h\bigr), \qquad
              P = \min_K\, \{ \operatorname{tr} K : K \ge A_{gh} \text{ for all } g, h \}.

    The second problem is the proof of the first: :math:`\sum \operatorname{tr} M_{gh}A_{gh} \le
    \sum \operatorname{tr} M_{gh} K = \operatorname{tr} K` for every measurement M. Both are solved at once,
    along the minima of :math:`\operatorname{tr} K - \mu \sum \log\det(K - A_{gh})` as :math:`\mu \to 0`: there
    :math:`M_{gh} = \mu (K - A_{gh})^{-1}` sums to the identity, and the two values differ by
    :math:`4 d \mu`.

    Parameters
    ----------
    states : array_like, shape (2, 2, d, d)
        Density matrices, [basis, bit]: the `memories` of a
        :class:`~qlearn.communication.eavesdropping.MemoryAttack`.

    Returns
    -------
    FixedMeasurement
        Its `guess` and its `bound` differ by 1e-7 at most.

    Raises
    ------
    ArithmeticError
        If value and bound stay apart, so that nothing is proved.

    Examples
    --------
    Four states of the circle, each by itself, with the basis announced afterwards: nothing beats asking
    halfway.

    >>> four = [[[[1, 0], [0, 0]], [[0, 0], [0, 1]]], [[[.5, .5], [.5, .5]], [[.5, -.5], [-.5, .5]]]]
    >>> found = best_fixed_measurement(four)
    >>> round(found.guess, 6), round(found.bound, 6), round(float(np.cos(np.pi / 8) ** 2), 6)
    (0.853553, 0.853553, 0.853553)

    References
    ----------
    Ballester, Wehner and Winter, IEEE Trans. Inf. Theory 54, 4183 (2008), arXiv:quant-ph/0608014;
    Carmeli, Heinosaari and Toigo, Phys. Rev. A 98, 012126 (2018), arXiv:1804.09693 (when a later
    announcement costs nothing).
    """
    memories = _as_memories(states)
    # Only the dimensions that the four states fill: at most four, if pulse and memory have met in one unitary.
    weights, axes = np.linalg.eigh(memories.mean(axis=(0, 1)))
    axes = axes[:, weights > _EMPTY * weights.max()]
    if axes.shape[1] > _MOST_DIMENSIONS:
        raise ValueError(
            f"states must fill at most {_MOST_DIMENSIONS} dimensions together, not {axes.shape[1]}: the memories of a "
            "MemoryAttack fill 4, however many wires they have"
        )
    inside = axes.conj().T @ memories @ axes
    problem = np.stack([(inside[0, g] + inside[1, h]) / 4 for g, h in product((0, 1), repeat=2)])

    effects, witness = _solve(problem)
    guess = float(np.einsum("kij,kji->", effects, problem).real)
    if not 0 <= np.trace(witness).real - guess < 10 * _GAP:
        raise ArithmeticError(
            f"no proof was found: a guess of {guess}, and a bound of {np.trace(witness).real} on it"
        )
    effects, witness = axes @ effects @ axes.conj().T, axes @ witness @ axes.conj().T
    return FixedMeasurement(effects.reshape(2, 2, *witness.shape), guess, witness)


def _solve(problem: NDArray[np.complex128]) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Return the measurement and the witness, on the central path (Newton, damped until it may go free)."""
    cases, d = problem.shape[:2]
    barrier = 1.0
    witness = (np.linalg.eigvalsh(problem).max() + barrier) * np.eye(d, dtype=np.complex128)
    while True:
        for _ in range(_MOST_STEPS):
            inverse = np.linalg.inv(witness - problem)
            slope = barrier * inverse.sum(axis=0) - np.eye(d)
            curvature = barrier * np.einsum("kij,kml->iljm", inverse, inverse).reshape(d * d, d * d)
            step = np.linalg.solve(curvature, slope.ravel()).reshape(d, d)
            step = (step + step.conj().T) / 2
            length = np.sqrt(max(0.0, np.vdot(slope, step).real / barrier))
            witness = witness + step / (1 + length)
            if length < 1e-3:
                break
        if barrier * cases * d < _GAP:
            break
        barrier *= _WEAKER
    # By eigenvectors, so that rounding leaves the effects positive, and together the identity.
    values, axes = np.linalg.eigh(witness - problem)
    halves = axes * np.sqrt(barrier / values)[:, None]
    values, axes = np.linalg.eigh(np.einsum("kij,klj->il", halves, halves.conj()))
    halves = (axes / np.sqrt(values) @ axes.conj().T) @ halves
    return halves @ halves.conj().swapaxes(1, 2), witness


def _as_memories(states: Any) -> NDArray[np.complex128]:
    array = np.asarray(states)
    if array.ndim != 4 or array.shape[:2] != (2, 2) or array.shape[2] != array.shape[3] or not array.size:
        raise ValueError(
            "states must be density matrices of shape (2, 2, d, d), for [basis, bit], not of shape "
            f"{array.shape}: the memories of a MemoryAttack are"
        )
    tolerance, coarse = norm_tolerance(array.dtype), is_coarse(array.dtype)
    array = array.astype(np.complex128)
    off = (
        np.abs(array - array.conj().swapaxes(2, 3)).max(),
        np.abs(np.trace(array, axis1=2, axis2=3) - 1).max(),
    )
    if not max(off) <= tolerance:  # in this form it refuses NaN too
        raise ValueError("states must be density matrices: Hermitian, of trace 1")
    if np.linalg.eigvalsh(array).min() < -tolerance:
        raise ValueError("states must be density matrices: one has a negative eigenvalue")
    return refined(array) if coarse else array
