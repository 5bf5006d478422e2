"""PLOB: what no protocol over a lossy line can exceed without a repeater."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities


def plob(transmittance: ArrayLike) -> NDArray[np.float64]:
    r"""Return the secret-key capacity of a pure-loss channel.

    .. math:: K = -\log_2(1 - \eta) \;\approx\; 1.44\,\eta \quad (\eta \ll 1)

    Secret bits per *mode*, the most that any protocol reaches without a node in between, whatever its source and
    detectors: a theorem for lossy bosonic channels. A pulse of one polarisation is one mode; a pulse whose two
    polarisations carry the bit has two modes, and the bound per pulse is twice this. Key rates fall at least as fast
    as the transmittance: exponentially in fibre.

    Parameters
    ----------
    transmittance : array_like of float, shape (...)
        :math:`\eta`, the share of photons that the channel passes. 1 gives infinity.

    Returns
    -------
    ndarray of float, shape (...)
        Bit per mode.

    Raises
    ------
    ValueError, TypeError
        If a value is not between 0 and 1, or no number.

    Examples
    --------
    >>> plob([0.5, 0.01]).round(7)  # 3 dB and 20 dB
    array([1.       , 0.0144996])

    References
    ----------
    Pirandola, Laurenza, Ottaviani and Banchi, "Fundamental limits of repeaterless quantum communications",
    Nature Communications 8, 15043 (2017), arXiv:1510.08863, equation 1.

    Taught in :doc:`/communication/photons`.
    """
    eta = as_probabilities(transmittance, "transmittance", "transmittances")
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log1p(-eta) / np.log(2))
