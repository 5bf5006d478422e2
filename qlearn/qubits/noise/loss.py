"""Loss: most photons never reach the end of a fibre, and it does nothing to those that do."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities, as_reals, together
from qlearn.qubits.noise.channel import Channel
from qlearn.qubits.noise.relaxation import amplitude_damping


def transmittance(length_km: ArrayLike, loss_db_per_km: ArrayLike = 0.2) -> NDArray[np.float64]:
    r"""Return the chance that a photon comes out of a fibre.

    .. math:: \eta = 10^{-\alpha L / 10}

    Parameters
    ----------
    length_km : array_like of float
        Length of the fibre in km, 0 or more.
    loss_db_per_km : array_like of float
        Attenuation alpha in dB/km; 0.2 is standard fibre at 1550 nm.

    Returns
    -------
    ndarray of float64, shape (...)

    Raises
    ------
    ValueError
        If a length or an attenuation is negative or not finite, or the two do not broadcast.

    Examples
    --------
    >>> transmittance([0, 50, 100, 1000]).tolist()
    [1.0, 0.1, 0.01, 1e-20]

    References
    ----------
    Gisin, Ribordy, Tittel and Zbinden, Rev. Mod. Phys. 74, 145 (2002), arXiv:quant-ph/0101098, section III.B.

    Taught in :doc:`/qubits/noise`.
    """
    length, loss = together(
        length_km=as_reals(length_km, "length_km", least=0),
        loss_db_per_km=as_reals(loss_db_per_km, "loss_db_per_km", least=0),
    )
    return np.asarray(10 ** (-length * loss / 10))


def erasure(p: ArrayLike) -> Channel:
    r"""Return the channel that takes the qubit away with chance p and says so.

    .. math:: \rho\otimes|0\rangle\langle 0| \;\to\; (1-p)\,\rho\otimes|0\rangle\langle 0|
              + p\,|0\rangle\langle 0|\otimes|1\rangle\langle 1|

    The second wire is the flag: send it in as 0. A flag that is up stays up, so fibres can be joined. A
    photon that carries its bit in its polarisation suffers this: whoever sees no click knows that it is
    lost, and one that clicks is undisturbed.

    Parameters
    ----------
    p : array_like of float
        Chance of the loss; an array makes a batch of channels.

    Returns
    -------
    Channel
        On two wires, the qubit and its flag, with three operators.

    Raises
    ------
    ValueError
        If p is not between 0 and 1.

    Examples
    --------
    >>> erasure(0.9).apply([0.6, 0, 0.8, 0]).real.round(3)
    array([[0.036, 0.   , 0.048, 0.   ],
           [0.   , 0.9  , 0.   , 0.   ],
           [0.048, 0.   , 0.064, 0.   ],
           [0.   , 0.   , 0.   , 0.   ]])

    References
    ----------
    Grassl, Beth and Pellizzari, Phys. Rev. A 56, 33 (1997), arXiv:quant-ph/9610042.

    Taught in :doc:`/qubits/noise`.
    """
    p = as_probabilities(p, "p", "the chance of a loss")
    here, raised = np.diag([1, 0]), np.array([[0, 0], [1, 0]])
    arrives = np.sqrt(1 - p)[..., None, None] * np.kron(np.eye(2), here)
    arrives = arrives + np.kron(np.eye(2), np.diag([0, 1]))
    lost = [
        np.sqrt(p)[..., None, None] * np.kron(reset, raised) for reset in ([[1, 0], [0, 0]], [[0, 1], [0, 0]])
    ]
    return Channel(np.stack([arrives, *lost], axis=-3))


def fibre_loss(
    length_km: ArrayLike, loss_db_per_km: ArrayLike = 0.2, *, encoding: str = "polarisation"
) -> Channel:
    r"""Return what a fibre does to a qubit that a photon carries.

    .. math:: \eta = 10^{-\alpha L/10}: \qquad \text{polarisation: erasure with } p = 1-\eta, \qquad
              \text{presence: amplitude damping with } \gamma = 1-\eta

    In both a mode loses its photon with chance :math:`1-\eta`. Two modes that share one photon (polarisation,
    arrival time) show the loss, since no photon is left; where the bit *is* the photon, 0 for none and 1 for
    one, a loss looks like a 0.

    Parameters
    ----------
    length_km : array_like of float
        Length in km.
    loss_db_per_km : array_like of float
        Attenuation in dB/km.
    encoding : {"polarisation", "presence"}
        How the photon carries the qubit.

    Returns
    -------
    Channel
        For polarisation on two wires (qubit, flag), see :func:`erasure`; for presence on one.

    Raises
    ------
    ValueError
        If a length or an attenuation is negative, or the encoding is none of the two.

    Examples
    --------
    >>> fibre_loss(50).apply([1, 0, 0, 0]).real.diagonal().round(3)
    array([0.1, 0.9, 0. , 0. ])
    >>> fibre_loss(50, encoding="presence").apply([0, 1]).real.diagonal().round(3)
    array([0.9, 0.1])

    References
    ----------
    Chuang, Leung and Yamamoto, Phys. Rev. A 56, 1114 (1997), arXiv:quant-ph/9610043.

    Taught in :doc:`/qubits/noise`.
    """
    if encoding not in ("polarisation", "presence"):
        raise ValueError(f'encoding must be "polarisation" or "presence", not {encoding!r}')
    lost = 1 - transmittance(length_km, loss_db_per_km)
    return erasure(lost) if encoding == "polarisation" else amplitude_damping(lost)
