"""Photon numbers: what a station with a beam splitter does when it is sent so many photons from either side."""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, xlog1py, xlogy

from qlearn._checks import as_count, as_probabilities
from qlearn.communication.fibre.station import Station, as_station

Array = NDArray[np.float64]

_WHOLE = 30.0  # logarithm up to which a product of binomials is a whole number to the last digit


def fock_yield(m: int, n: int, arm: ArrayLike, *, station: Station) -> Array:
    r"""Return the chance that one given detector clicks alone when `m` photons come from Alice and `n` from Bob.

    .. math:: Y_{mn} = (1 - p_d) \Bigl[ \sum_k \binom{m}{k}\binom{n}{k} \Bigl(\frac t2\Bigr)^{2k}
              \Bigl(1 - \frac t2\Bigr)^{m+n-2k} - (1 - p_d)(1 - t)^{m+n} \Bigr]

    The sum is the chance that no photon reaches the *other* detector. Two lasers of random phases keep it dark with
    chance :math:`e^{-t(\mu+\nu)/2} I_0(t\sqrt{\mu\nu})`; expanded in powers of :math:`\mu` and :math:`\nu` that is
    the sum over photon numbers with these coefficients.

    Parameters
    ----------
    m, n : int
        Photons as they leave Alice and Bob.
    arm : array_like of float, shape (...)
        :math:`t`, share of either sender's photons that the station detects.
    station : Station
        For `dark`.

    Returns
    -------
    ndarray of float, shape (...)

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> from qlearn.communication.fibre import STATIONS
    >>> [float(fock_yield(m, n, 1.0, station=STATIONS["nanowire"]).round(4)) for m, n in ((1, 0), (1, 1), (2, 0))]
    [0.5, 0.5, 0.25]

    References
    ----------
    Curty, Azuma and Lo, npj Quantum Inf. 5, 64 (2019), arXiv:1807.07667, for the same yields in another form.

    Taught in :doc:`/communication/fibre`.
    """
    t, p = as_probabilities(arm, "arm", "transmittances"), as_station(station).dark
    logs = _overlaps(as_count(m, "m", least=0), as_count(n, "n", least=0))
    k, half = np.arange(logs.size), t[..., None] / 2
    quiet = np.exp(logs + xlogy(2 * k, half) + xlog1py(m + n - 2 * k, -half)).sum(axis=-1)
    return np.asarray((1 - p) * (quiet - (1 - p) * (1 - t) ** (m + n)))


@cache
def _overlaps(m: int, n: int) -> Array:
    """Return the logarithms of C(m, k) C(n, k), k = 0 to the smaller of m and n: the products grow beyond floats."""
    k = np.arange(min(m, n) + 1)
    logs = gammaln(m + 1) + gammaln(n + 1) - 2 * gammaln(k + 1) - gammaln(m - k + 1) - gammaln(n - k + 1)
    whole = np.exp(logs.clip(0, _WHOLE))
    return np.asarray(np.where(logs < _WHOLE, np.log(np.rint(whole)), logs))
