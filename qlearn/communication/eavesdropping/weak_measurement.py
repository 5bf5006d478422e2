"""The weak measurement: reading every pulse, halfway and gently, for an Eve who keeps nothing."""

import numpy as np

from qlearn._checks import as_real
from qlearn.communication.eavesdropping.memory import MemoryAttack
from qlearn.qubits import Circuit


def weak_measurement(disturbance: float) -> MemoryAttack:
    r"""Return the Eve who reads each pulse in the basis halfway between Z and X, but not to the end.

    It is :func:`~qlearn.communication.eavesdropping.measuring` with a weaker copy: her qubit is turned by an
    angle :math:`\pm\varphi/2` and not by a quarter, so that its two states still overlap by
    :math:`\cos\varphi = 1 - 4D`. She asks it at once. Her error rate is D in both bases, and

    .. math:: P = \tfrac12 + \sqrt{D(1-2D)},

    which no Eve without a memory exceeds in the mean of Z and X, equally likely
    (:func:`~qlearn.communication.eavesdropping.memoryless_guess`). Whoever wants one basis only needs no memory to
    reach :func:`~qlearn.communication.eavesdropping.individual_guess` in it. At D = 1/4
    the reading is complete, and the Breidbart basis of old.

    Parameters
    ----------
    disturbance : float, 0 to 1/4
        Error rate D that she allows herself, in Z and in X alike.

    Returns
    -------
    MemoryAttack
        With ``patient=False``; waiting would tell her nothing more.

    Raises
    ------
    ValueError, TypeError
        If `disturbance` is not between 0 and 1/4: a complete reading causes no more.

    Examples
    --------
    >>> from qlearn.communication.eavesdropping import predict
    >>> {basis: round(p, 4) for basis, p in predict(weak_measurement(0.05)).guess.items()}
    {'Z': 0.7121, 'X': 0.7121}

    References
    ----------
    Fuchs and Peres, Phys. Rev. A 53, 2038 (1996), arXiv:quant-ph/9512023 (what is learned for how much
    disturbance); Bennett et al., J. Cryptology 5, 3 (1992), doi:10.1007/BF00191318 (the basis).

    Taught in :doc:`/communication/eavesdropping`.
    """
    angle = np.arccos(1 - 4 * as_real(disturbance, "disturbance", least=0, most=0.25))
    copy = Circuit(2).ry(-np.pi / 4, 0).ry(angle, 1).cz(0, 1).ry(np.pi / 4, 0)
    return MemoryAttack(copy, patient=False)
