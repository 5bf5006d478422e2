"""A pair with an eavesdropper on it: she reads one half, or ties a qubit of her own to it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities
from qlearn.qubits.circuit import Circuit
from qlearn.qubits.entanglement.behaviour import as_angles, as_directions
from qlearn.qubits.entanglement.correlations import PAULIS, as_pairs


def read_half(pair: ArrayLike, axis: ArrayLike, share: ArrayLike = 1.0) -> NDArray[np.complex128]:
    r"""Return a pair after somebody measured the half on wire 1 along an axis, and sent it on.

    .. math:: \rho \;\to\; (1-q)\,\rho + q \sum_{\pm} \Pi_\pm\, \rho\, \Pi_\pm
              = \Bigl(1-\frac q2\Bigr)\rho + \frac q2\, (\vec n\cdot\vec\sigma)\,\rho\,(\vec n\cdot\vec\sigma)

    with :math:`\Pi_\pm` on wire 1, and q the share of the pairs that are read. Alice and Bob do not know her
    outcome, so this mixture is the pair that they have. Along the axis it agrees as before; of the
    correlations across it a share 1 - q is left.

    Parameters
    ----------
    pair : array_like, shape (..., 4) or (..., 4, 4)
        Pairs of qubits, state vectors or density matrices.
    axis : array_like, shape (3,)
        The direction of her measurement on the Bloch sphere, of length 1.
    share : array_like of float, shape (...)
        q, the share of the pairs that she reads; its batch broadcasts with that of the pairs.

    Returns
    -------
    ndarray of complex128, shape (..., 4, 4)

    Raises
    ------
    TypeError, ValueError
        If a state is not valid or not of two qubits, the axis is not one direction, or a share is not
        between 0 and 1.

    Examples
    --------
    >>> from qlearn.qubits import bell_state
    >>> read_half(bell_state("phi+"), axis=[0, 0, 1]).real.round(3)
    array([[0.5, 0. , 0. , 0. ],
           [0. , 0. , 0. , 0. ],
           [0. , 0. , 0. , 0. ],
           [0. , 0. , 0. , 0.5]])

    References
    ----------
    Ekert, Phys. Rev. Lett. 67, 661 (1991), doi:10.1103/PhysRevLett.67.661.

    Taught in :doc:`/qubits/entanglement`.
    """
    rho = as_pairs(pair, "pair")
    if np.ndim(axis) != 1:
        raise ValueError(f"axis must be one direction, of shape (3,), not of shape {np.shape(axis)}")
    (n,) = as_directions(np.asarray(axis)[None], "axis")
    q = as_probabilities(share, "share", "shares")[..., None, None]
    flip = np.kron(np.eye(2), np.einsum("i,iab->ab", n, PAULIS[1:]))
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

    Raises
    ------
    ValueError
        If an angle is not a finite number.

    Examples
    --------
    >>> from qlearn.qubits.entanglement import ghz
    >>> np.allclose(probe(np.pi).run(), ghz(3))
    True

    References
    ----------
    Acín, Brunner, Gisin, Massar, Pironio and Scarani, Phys. Rev. Lett. 98, 230501 (2007),
    arXiv:quant-ph/0702152; for the guess Pironio et al., Nature 464, 1021 (2010), arXiv:0911.3427.

    Taught in :doc:`/qubits/entanglement`.
    """
    half = as_angles(angle) / 2
    return Circuit(3).h(0).cx(0, 1).ry(half, 2).cx(1, 2).ry(-half, 2).cx(1, 2)
