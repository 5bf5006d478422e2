"""The Bloch ball in a channel: turned, shrunk, perhaps mirrored, and moved."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qlearn.qubits.gates import PAULIS
from qlearn.qubits.noise.channel import Channel


class BlochMap(NamedTuple):
    """What a channel does to the Bloch ball: turn, shrink and perhaps mirror it, then move it."""

    matrix: NDArray[np.float64]
    """M of r -> M r + t, shape (..., 3, 3)."""
    shift: NDArray[np.float64]
    """t, shape (..., 3): where the centre goes."""


def bloch_map(channel: Channel) -> BlochMap:
    r"""Return a channel of one qubit as an affine map of the Bloch ball.

    .. math:: \vec r \;\to\; M\vec r + \vec t, \qquad M_{ab} = \tfrac12\operatorname{tr}\bigl[\sigma_a\,
              \mathcal E(\sigma_b)\bigr], \qquad t_a = \tfrac12\operatorname{tr}\bigl[\sigma_a\,\mathcal E(\mathbb 1)\bigr]

    The ball becomes an ellipsoid inside it. A negative determinant of M is a mirror: X, Y and Z with 1/3 each
    make M = -1/3. Not every ellipsoid is allowed: see :func:`is_cptp`.

    Parameters
    ----------
    channel : Channel
        On one qubit.

    Returns
    -------
    BlochMap
        ``matrix``, shape (..., 3, 3), and ``shift``, shape (..., 3).

    Raises
    ------
    ValueError
        If the channel acts on more than one qubit.

    Examples
    --------
    >>> from qlearn.qubits.noise import amplitude_damping
    >>> shrink, shift = bloch_map(amplitude_damping(0.36))
    >>> shrink.diagonal().round(3), shift.round(3)
    (array([0.8 , 0.8 , 0.64]), array([0.  , 0.  , 0.36]))

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 8.3.2.

    Taught in :doc:`/qubits/noise`.
    """
    if channel.n_qubits != 1:
        raise ValueError(f"channel must act on one qubit to have a Bloch ball, not on {channel.n_qubits}")
    sigma = np.stack([PAULIS[letter] for letter in "XYZ"])
    kraus = channel.kraus
    matrix = np.einsum("aij,...mjk,bkl,...mil->...ab", sigma, kraus, sigma, kraus.conj()).real / 2
    shift = np.einsum("aij,...mjk,...mik->...a", sigma, kraus, kraus.conj()).real / 2
    return BlochMap(matrix, shift)
