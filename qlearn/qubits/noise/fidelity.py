"""Fidelity of a channel: how well it keeps a qubit that may be entangled with anything."""

import numpy as np
from numpy.typing import NDArray

from qlearn.qubits.noise.channel import Channel


def entanglement_fidelity(channel: Channel) -> NDArray[np.float64]:
    r"""Return how well a channel keeps a qubit, whatever the qubit is entangled with.

    .. math:: F = \langle\Phi^+|(\mathbb 1\otimes\mathcal E)(\Phi^+)|\Phi^+\rangle
              = \frac{1}{d^2}\sum_k |\operatorname{tr} K_k|^2

    It is 1 for no noise only. The fidelity of the output with the input, averaged over all pure inputs,
    follows as :math:`(dF+1)/(d+1)`.

    Parameters
    ----------
    channel : Channel
        On k qubits, d = 2**k.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> from qlearn.qubits.noise import depolarising
    >>> float(entanglement_fidelity(depolarising(0.1)).round(12))
    0.925

    References
    ----------
    Schumacher, Phys. Rev. A 54, 2614 (1996), arXiv:quant-ph/9604023; Nielsen, Phys. Lett. A 303, 249 (2002),
    arXiv:quant-ph/0205035.

    Taught in :doc:`/qubits/noise`.
    """
    traces = np.trace(channel.kraus, axis1=-2, axis2=-1)
    return (np.abs(traces) ** 2).sum(-1) / channel.kraus.shape[-1] ** 2
