"""Sources of pairs: a quantum state for every round, and Eve's note of which one it was."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities, as_probability, as_real, norm_tolerance
from qlearn.qubits import bell_state
from qlearn.qubits.density import as_pure_or_mixed
from qlearn.qubits.entanglement import behaviour, direction


@dataclass(frozen=True, eq=False)
class PairSource:
    r"""A source that sends one of several two-qubit states, chosen by lot in every round.

    Alice measures along angle :math:`\alpha`, Bob along :math:`\beta`; with
    :math:`A_\alpha = \cos\alpha\,Z + \sin\alpha\,X`,

    .. math:: P(a, b \mid \alpha, \beta)
              = \operatorname{tr}\Bigl(\rho\;\tfrac{1 + (-1)^a A_\alpha}{2}
                \otimes \tfrac{1 + (-1)^b A_\beta}{2}\Bigr)

    Who owns the source knows which state flew. Nothing in the protocols trusts it, so its owner may be Eve.

    Parameters
    ----------
    states : array_like, shape (4,), (4, 4), (k, 4) or (k, 4, 4)
        One state of two qubits, or k of them; state vectors or density matrices, Alice's qubit first.
    weights : array_like of float, shape (k,), optional
        How often each is sent; they sum to 1. None: equally often.

    Raises
    ------
    ValueError, TypeError
        If a state is not valid or not of two qubits, or the weights are no probabilities of them.

    Examples
    --------
    >>> perfect = PairSource(bell_state("phi+"))
    >>> perfect.probabilities([0.0], [0.0])[0, 0, 0]
    array([[0.5, 0. ],
           [0. , 0.5]])

    Taught in :doc:`/communication/entangled_keys`.
    """

    states: ArrayLike
    weights: ArrayLike | None = field(default=None)

    def __post_init__(self) -> None:
        array, mixed = as_pure_or_mixed(self.states, "states")
        if array.shape[-1] != 4 or array.ndim - mixed not in (1, 2) or not array.size:
            raise ValueError(
                "states must be pairs of qubits, of shape (4,), (4, 4), (k, 4) or (k, 4, 4), "
                f"not of shape {array.shape}"
            )
        matrices = array if mixed else array[..., :, None] * array[..., None, :].conj()
        matrices = matrices.reshape(-1, 4, 4)
        object.__setattr__(self, "states", matrices)
        object.__setattr__(self, "weights", as_chances(self.weights, len(matrices), "weights", "a state"))

    @property
    def average(self) -> NDArray[np.complex128]:
        """The density matrix of a pair for whoever has not read Eve's notes, shape (4, 4)."""
        return np.tensordot(np.asarray(self.weights), np.asarray(self.states), 1)

    def probabilities(self, alice: ArrayLike, bob: ArrayLike) -> NDArray[np.float64]:
        """Return the chances of all outcomes.

        Parameters
        ----------
        alice, bob : array_like of float, shapes (m,) and (n,)
            Angles in radians.

        Returns
        -------
        ndarray of float, shape (k, m, n, 2, 2)
            For each state, setting of Alice, setting of Bob, bit of Alice, bit of Bob.
        """
        return behaviour(self.states, direction(alice), direction(bob))


def as_chances(p: ArrayLike | None, count: int, name: str, each: str) -> NDArray[np.float64]:
    """Return `count` probabilities that sum to 1; None stands for all the same."""
    if p is None:
        return np.full(count, 1 / count)
    chances = as_probabilities(p, name)
    if chances.shape != (count,) or abs(chances.sum() - 1) > norm_tolerance(np.asarray(p).dtype):
        raise ValueError(f"{name} must be {count} probabilities that sum to 1, one {each}, not {p}")
    return chances / chances.sum()


def intercepted(angle: float, fraction: float = 1.0) -> PairSource:
    r"""Return perfect pairs of which Eve measures Bob's half on the way, and sends on what she found.

    .. math:: |\Phi^+\rangle \;\to\; |\theta\,\theta\rangle \ \text{or}\
              |\theta^\perp\theta^\perp\rangle, \text{ each with } \tfrac12

    Her measurement ends the entanglement: what is left are two qubits in one and the same state, and her note of
    which. Whatever :math:`\theta` is, the pairs she touched have S = :math:`\sqrt2` at the angles of
    :data:`~qlearn.communication.entangled_keys.EKERT`, half of what the others have.

    Parameters
    ----------
    angle : float
        :math:`\theta` in radians: 0 for Z, :math:`\pi/2` for X, :math:`\pi/4` for the Breidbart basis.
    fraction : float
        Share of the pairs that she touches.

    Returns
    -------
    PairSource
        Of three states. Her note is 0 where she did not touch the pair, else 1 plus the bit she read.

    Raises
    ------
    ValueError, TypeError
        If the angle is not finite or the fraction no probability.

    Examples
    --------
    >>> from qlearn.qubits.entanglement import chsh
    >>> float(chsh(intercepted(0.3).average).round(6))
    2.0

    References
    ----------
    Ekert, Phys. Rev. Lett. 67, 661 (1991), doi:10.1103/PhysRevLett.67.661.

    Taught in :doc:`/communication/entangled_keys`.
    """
    half, fraction = as_real(angle, "angle") / 2, as_probability(fraction, "fraction")
    up, down = np.array([np.cos(half), np.sin(half)]), np.array([-np.sin(half), np.cos(half)])
    states = [bell_state("phi+"), np.kron(up, up), np.kron(down, down)]
    return PairSource(states, [1 - fraction, fraction / 2, fraction / 2])
