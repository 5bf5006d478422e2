"""Entangled states: Bell's four, the noisy pair of Werner, GHZ's, and a pair that an eavesdropper has touched."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_angles, as_choice, as_probabilities, as_register
from qlearn.qubits.circuit import Circuit
from qlearn.qubits.density_matrices import as_matrices, as_pairs
from qlearn.qubits.entanglement.bell_inequality import as_directions
from qlearn.qubits.paulis import IXYZ

BELL_NAMES = ("phi+", "psi+", "phi-", "psi-")
"""The names of the Bell states, at their number 2z + x."""

_BELL = np.array([[1, 0, 0, 1], [0, 1, 1, 0], [1, 0, 0, -1], [0, 1, -1, 0]], dtype=np.complex128) * np.sqrt(
    0.5
)


def bell_state(name: str) -> NDArray[np.complex128]:
    r"""Return one of the four maximally entangled states of two qubits.

    .. math:: |\Phi^\pm\rangle = \frac{|00\rangle \pm |11\rangle}{\sqrt 2}, \qquad
              |\Psi^\pm\rangle = \frac{|01\rangle \pm |10\rangle}{\sqrt 2}

    Each qubit alone is maximally mixed; only the pair has a state. ``BELL_NAMES`` lists the names so that
    number :math:`2z + x` is :math:`(Z^z X^x \otimes 1)\,|\Phi^+\rangle`, up to a sign.

    Parameters
    ----------
    name : {"phi+", "psi+", "phi-", "psi-"}
        Which of the four.

    Returns
    -------
    ndarray of complex128, shape (4,)

    Examples
    --------
    >>> bell_state("phi+").real.round(3)
    array([0.707, 0.   , 0.   , 0.707])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 1.3.6.
    """
    return _BELL[BELL_NAMES.index(as_choice(name, BELL_NAMES, "name"))].copy()


def werner(f: ArrayLike) -> NDArray[np.complex128]:
    r"""Return a noisy pair: :math:`\Phi^+` with weight F, the other Bell states with equal ones.

    .. math:: \rho_F = F\,|\Phi^+\rangle\langle\Phi^+|
              + \frac{1-F}{3}\bigl(\mathbb 1 - |\Phi^+\rangle\langle\Phi^+|\bigr)
              = V\,|\Phi^+\rangle\langle\Phi^+| + (1-V)\,\frac{\mathbb 1}{4},
              \qquad F = \frac{1 + 3V}{4}

    F = 1 is the perfect pair, F = 1/2 the border of entanglement, F = 1/4 pure noise (below it V is negative).
    The *visibility* V is the contrast that an interference experiment shows. Werner's own state has
    :math:`\Psi^-` in the place of :math:`\Phi^+`; a Pauli gate on one half turns one into the other.

    Parameters
    ----------
    f : array_like of float, shape (...)
        The fidelity F with :math:`\Phi^+`, from 0 to 1. Some texts give V instead.

    Returns
    -------
    ndarray of complex128, shape (..., 4, 4)

    Examples
    --------
    >>> werner(0.25).real
    array([[0.25, 0.  , 0.  , 0.  ],
           [0.  , 0.25, 0.  , 0.  ],
           [0.  , 0.  , 0.25, 0.  ],
           [0.  , 0.  , 0.  , 0.25]])

    References
    ----------
    Reinhard F. Werner, Phys. Rev. A 40, 4277 (1989), doi:10.1103/PhysRevA.40.4277.
    """
    weight = as_probabilities(f, "f", "fidelities")[..., None, None]
    perfect = np.outer(_BELL[0], _BELL[0])
    rest = np.eye(4, dtype=np.complex128) - perfect
    return np.asarray(weight * perfect + (1 - weight) / 3 * rest, dtype=np.complex128)


def ghz(n_qubits: int) -> NDArray[np.complex128]:
    r"""Return the state of Greenberger, Horne and Zeilinger: all qubits 0 and all 1, superposed.

    .. math:: |\mathrm{GHZ}_n\rangle = \frac{|0\rangle^{\otimes n} + |1\rangle^{\otimes n}}{\sqrt 2}

    Two qubits of it are :math:`\Phi^+`. From three on, any two of them alone are not entangled at all: lose
    one, and what is left is a classical coin that all the others have seen.

    Parameters
    ----------
    n_qubits : int
        2 to 30.

    Returns
    -------
    ndarray of complex128, shape (2**n_qubits,)

    Examples
    --------
    >>> ghz(3).real.round(3)
    array([0.707, 0.   , 0.   , 0.   , 0.   , 0.   , 0.   , 0.707])

    References
    ----------
    Greenberger, Horne and Zeilinger, *Going beyond Bell's theorem* (1989), arXiv:0712.0921.
    """
    state = np.zeros(1 << as_register(n_qubits, least=2), dtype=np.complex128)
    state[[0, -1]] = np.sqrt(0.5)
    return state


def measure_half(pair: ArrayLike, axis: ArrayLike, fraction: ArrayLike = 1.0) -> NDArray[np.complex128]:
    r"""Return a pair after somebody measured the half on wire 1 along an axis, and sent it on.

    .. math:: \rho \;\to\; (1-q)\,\rho + q \sum_{\pm} \Pi_\pm\, \rho\, \Pi_\pm
              = \Bigl(1-\frac q2\Bigr)\rho + \frac q2\, (\vec n\cdot\vec\sigma)\,\rho\,(\vec n\cdot\vec\sigma)

    with :math:`\Pi_\pm` on wire 1, and q the fraction of the pairs that are read. Alice and Bob do not know her
    outcome, so this mixture is the pair that they have. Along the axis it agrees as before; of the
    correlations across it a fraction 1 - q is left.

    Parameters
    ----------
    pair : array_like, shape (..., 4) or (..., 4, 4)
        Pairs of qubits, state vectors or density matrices.
    axis : array_like, shape (3,)
        The direction of her measurement on the Bloch sphere, of length 1.
    fraction : array_like of float, shape (...)
        q, the fraction of the pairs that she reads; its batch broadcasts with that of the pairs.

    Returns
    -------
    ndarray of complex128, shape (..., 4, 4)

    Examples
    --------
    >>> from qlearn.qubits import bell_state
    >>> measure_half(bell_state("phi+"), axis=[0, 0, 1]).real.round(3)
    array([[0.5, 0. , 0. , 0. ],
           [0. , 0. , 0. , 0. ],
           [0. , 0. , 0. , 0. ],
           [0. , 0. , 0. , 0.5]])

    References
    ----------
    Ekert, Phys. Rev. Lett. 67, 661 (1991), doi:10.1103/PhysRevLett.67.661.
    """
    rho = as_matrices(*as_pairs(pair, "pair"))
    if np.ndim(axis) != 1:
        raise ValueError(f"axis must be one direction, of shape (3,), not of shape {np.shape(axis)}")
    (n,) = as_directions(np.asarray(axis)[None], "axis")
    q = as_probabilities(fraction, "fraction", "fractions")[..., None, None]
    flip = np.kron(np.eye(2), np.einsum("i,iab->ab", n, IXYZ[1:]))
    return (1 - q / 2) * rho + q / 2 * (flip @ rho @ flip)


def probe(angle: ArrayLike) -> Circuit:
    r"""Return the circuit of an eavesdropper who ties a qubit of her own to Bob's half of a pair.

    .. math:: \frac{|00\rangle|0\rangle + |11\rangle|e_\theta\rangle}{\sqrt 2}, \qquad
              |e_\theta\rangle = \cos\tfrac\theta2\,|0\rangle + \sin\tfrac\theta2\,|1\rangle

    Wires: 0 Alice, 1 Bob, 2 Eve. Her qubit starts in :math:`|0\rangle` and is turned about Y by
    :math:`\theta` if Bob's is 1; 0 leaves it alone, :math:`\pi` is a CNOT and makes a GHZ state. With
    :math:`c = \cos(\theta/2)`, the pair is left with :math:`S = 2\sqrt{1+c^2}`, and she guesses Alice's bit
    in Z with :math:`\frac12(1+\sqrt{1-c^2}) = \frac12(1+\sqrt{2-S^2/4})`. That is the most that anybody can
    at this S, whatever the devices of Alice and Bob do inside, if every round counts, all rounds are alike, and
    the laboratories let nothing out.

    Parameters
    ----------
    angle : array_like of float, shape (...)
        :math:`\theta` in radians; an array is a batch of circuits.

    Returns
    -------
    Circuit
        On three qubits; :meth:`Circuit.run` gives states of shape (..., 8).

    Examples
    --------
    >>> from qlearn.qubits.entanglement import ghz
    >>> np.allclose(probe(np.pi).run(), ghz(3))
    True

    References
    ----------
    Acín, Brunner, Gisin, Massar, Pironio and Scarani, Phys. Rev. Lett. 98, 230501 (2007),
    arXiv:quant-ph/0702152; for the guess Pironio et al., Nature 464, 1021 (2010), arXiv:0911.3427.
    """
    half = as_angles(angle) / 2
    return Circuit(3).h(0).cx(0, 1).ry(half, 2).cx(1, 2).ry(-half, 2).cx(1, 2)
