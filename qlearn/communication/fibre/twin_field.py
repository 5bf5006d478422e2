"""Twin field: two faint waves interfere in the middle, and a single click makes a bit of two fibres.

The rate falls with the square root of the transmittance, so that it crosses the PLOB bound.
"""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import gammaln, xlog1py, xlogy

from qlearn._checks import as_count, as_probabilities, as_real, broadcast
from qlearn._types import Array
from qlearn.communication.fibre.mdi import Gains, Station, as_station, rate_of_means
from qlearn.communication.photons import plob
from qlearn.communication.photons.link import error_rate
from qlearn.communication.photons.source import as_means
from qlearn.qubits.entropies import binary_entropy
from qlearn.qubits.noise import transmittance

_WHOLE = 30.0  # logarithm up to which a product of binomials is a whole number to the last digit


def fock_yield(m: int, n: int, arm: ArrayLike, *, station: Station) -> Array:
    r"""Return the chance that one given detector clicks alone when `m` photons come from Alice and `n` from Bob.

    .. math:: Y_{mn} = (1 - p_d) \Bigl[ \sum_k \binom{m}{k}\binom{n}{k} \Bigl(\frac t2\Bigr)^{2k}
              \Bigl(1 - \frac t2\Bigr)^{m+n-2k} - (1 - p_d)(1 - t)^{m+n} \Bigr]

    The sum is the chance that no photon reaches the *other* detector. Two lasers of random phases keep it dark with
    chance :math:`e^{-t(\mu+\nu)/2} I_0(t\sqrt{\mu\nu})`; expanded in powers of :math:`\mu` and :math:`\nu` that is
    the sum over photon numbers with these coefficients (Curty, Azuma and Lo, 2019, arXiv:1807.07667, in another form).

    >>> from qlearn.communication.fibre import STATIONS
    >>> [float(fock_yield(m, n, 1.0, station=STATIONS["nanowire"]).round(4)) for m, n in ((1, 0), (1, 1), (2, 0))]
    [0.5, 0.5, 0.25]
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


# Yields of up to so many photons a side are used; all brighter terms are given to Eve.
_MOST = 8
# Amplitudes that are added up; those beyond are bounded by a geometric series, where mu is below its reach.
_AMPLITUDES, _DIM = 80, 20.0
_FAINTEST, _BRIGHTEST = 1e-4, 1.0


def twin_field_gain(mu: ArrayLike, arm: ArrayLike, *, station: Station) -> Gains:
    r"""Return how often exactly one detector clicks for waves :math:`\pm\sqrt\mu` of Alice and Bob.

    .. math:: Q = 2 (1 - p_d) \bigl[ \tfrac12 e^{-2t\mu(1-e_d)} + \tfrac12 e^{-2t\mu e_d} - (1 - p_d) e^{-2t\mu} \bigr]

    Equal signs interfere into one detector, opposite ones into the other, but for a share :math:`e_d`. A click in the
    wrong one alone is an error, :math:`EQ = (1 - p_d)[e^{-2t\mu(1-e_d)} - (1 - p_d) e^{-2t\mu}]`
    (Curty, Azuma and Lo, 2019, arXiv:1807.07667, for a channel of the same kind).

    >>> from qlearn.communication.fibre import STATIONS
    >>> seen = twin_field_gain(0.02, 1e-3, station=STATIONS["nanowire"])
    >>> round(float(seen.clicks) * 1e5, 3), round(float(seen.wrong / seen.clicks), 4)
    (4.002, 0.0202)
    """
    mean, t = broadcast(mu=as_means(mu, "mu"), arm=as_probabilities(arm, "arm", "transmittances"))
    p, light = as_station(station).dark, 2 * t * mean

    def alone(fraction: float) -> Array:
        """Return the chance that the detector with this share of the light clicks alone."""
        lit = -np.expm1(-fraction * light) + p * np.exp(-fraction * light)
        return np.asarray((1 - p) * np.exp(-(1 - fraction) * light) * lit)

    wrong = alone(station.misalignment)
    return Gains(np.asarray(wrong + alone(1 - station.misalignment)), wrong)


def twin_field_phase_error(mu: ArrayLike, arm: ArrayLike, *, station: Station) -> Array:
    r"""Bound the phase errors of the bits of a click, from the yields of photon numbers; at most 1/2.

    .. math:: e_\text{ph} \;\le\; \frac{2}{Q} \sum_{j=0,1} \Bigl( \sum_{m, n \equiv j} c_m c_n \sqrt{Y_{mn}} \Bigr)^2,
              \qquad c_n = e^{-\mu/2} \frac{\mu^{n/2}}{\sqrt{n!}}

    sums over even photon numbers for :math:`j = 0`, odd for :math:`j = 1`. Had Alice kept a qubit that holds her sign,
    its X basis would tell whether she sent the even or the odd part of her wave. A phase error is that both sent the same
    part, and the chance that the station announces :math:`M` then is :math:`\|\sqrt M \sum c_m c_n |mn\rangle\|^2`; the
    triangle inequality bounds it by yields, which decoys of random phase reveal. All terms beyond eight photons a side
    are counted with a yield of 1, and waves so bright that the terms do not fall are given 1/2
    (Curty, Azuma and Lo, 2019, arXiv:1807.07667, the bound on the phase error).

    >>> from qlearn.communication.fibre import STATIONS
    >>> twin_field_phase_error([0.01, 0.02, 0.1], 1e-3, station=STATIONS["nanowire"]).round(3)
    array([0.04 , 0.069, 0.307])
    """
    mean, t = broadcast(mu=as_means(mu, "mu"), arm=as_probabilities(arm, "arm", "transmittances"))
    clicks = twin_field_gain(mean, t, station=station).clicks
    n, dim = np.arange(_AMPLITUDES + 2), mean.clip(0, _DIM)
    amplitudes = np.exp((xlogy(n, dim[..., None]) - dim[..., None] - gammaln(n + 1)) / 2)
    total = np.zeros(mean.shape)
    for parity in (0, 1):
        part = amplitudes[..., parity:_AMPLITUDES:2].sum(axis=-1)
        # From one term to the next but one the factor is at most mu/n, and less from there on.
        part = part + amplitudes[..., _AMPLITUDES + parity] / (1 - dim / _AMPLITUDES)
        few = amplitudes[..., parity : _MOST + 1 : 2].sum(axis=-1)
        known = sum(
            amplitudes[..., a] * amplitudes[..., b] * np.sqrt(fock_yield(a, b, t, station=station).clip(0))
            for a in range(parity, _MOST + 1, 2)
            for b in range(parity, _MOST + 1, 2)
        )
        total = total + (known + part**2 - few**2) ** 2
    return np.where(mean <= _DIM, error_rate(2 * total, clicks, empty=0.5), 0.5)


def twin_field_rate(length_km: ArrayLike, *, station: Station, mu: ArrayLike | None = None) -> Array:
    r"""Return the secret bits per pair of pulses, one from Alice and one from Bob.

    .. math:: R = Q\,\bigl[1 - h(e_\text{ph}) - f\,h(E)\bigr]

    for endless keys, infinitely many decoys, and nearly all pulses in the key's basis. A pulse is *one mode*, so the
    bound for a fibre without a station is :func:`~qlearn.communication.photons.plob`, once, per pulse; a click needs
    a photon through half the fibre only, and the rate falls with the square root of its transmittance.

    Parameters
    ----------
    length_km : array_like of float, shape (...)
        From Alice to Bob; the station is in the middle, and keeps the two phases together.
    station : Station
        For example ``STATIONS["nanowire"]``.
    mu : array_like of float, optional
        Mean photon number of either wave, above 0; broadcasts. None: the best of a search, for each length.

    Returns
    -------
    ndarray of float, shape (...)
        Bit per pair of pulses, never negative.

    Examples
    --------
    >>> from qlearn.communication.fibre import STATIONS
    >>> twin_field_rate([100, 300, 500], station=STATIONS["nanowire"])
    array([1.524e-03, 1.327e-05, 0.000e+00])

    References
    ----------
    Curty, Azuma and Lo, npj Quantum Inf. 5, 64 (2019), arXiv:1807.07667; the idea, Lucamarini, Yuan, Dynes and Shields,
    Nature 557, 400 (2018), arXiv:1811.06826.
    """
    arm = as_station(station).arm(length_km)
    return rate_of_means(lambda means, arm: _rate(means, arm, station), arm, mu, _FAINTEST, _BRIGHTEST)


def _rate(mu: Array, arm: Array, station: Station) -> Array:
    seen = twin_field_gain(mu, arm, station=station)
    errors = error_rate(seen.wrong, seen.clicks, empty=0.5)
    phase = twin_field_phase_error(mu, arm, station=station)
    factor = station.error_correction
    return np.asarray(seen.clicks * (1 - binary_entropy(phase) - factor * binary_entropy(errors)))


def plob_crossing(*, station: Station) -> tuple[float, float]:
    r"""Return between which lengths twin fields make more key than any fibre without a station.

    .. math:: R(L) > -\log_2\bigl(1 - 10^{-\alpha L/10}\bigr)

    per mode on both sides, the bound for perfect detectors, the rate for the station's.

    Parameters
    ----------
    station : Station
        For example ``STATIONS["nanowire"]``.

    Returns
    -------
    tuple of (float, float)
        Lengths in km; nan twice if it never does, infinity if it still does at 200 dB. Looked for on a net of 0.2 dB.

    Raises
    ------
    ValueError, TypeError
        If the station has no loss.

    Examples
    --------
    >>> from qlearn.communication.fibre import STATIONS
    >>> [round(km) for km in plob_crossing(station=STATIONS["nanowire"])]
    [200, 482]

    References
    ----------
    Pirandola et al., Nature Communications 8, 15043 (2017), arXiv:1510.08863, for the bound.
    """
    loss = as_real(as_station(station).loss_db_per_km, "loss_db_per_km")
    if loss == 0:
        raise ValueError(
            "station must have loss_db_per_km above 0: without loss the bound is infinite everywhere"
        )

    def lead(length: float) -> float:
        bound = float(plob(transmittance(length, loss)))
        return float(twin_field_rate(length, station=station)) - bound

    net = np.arange(1, 1001) * 0.2 / loss
    ahead = np.flatnonzero(twin_field_rate(net, station=station) > plob(transmittance(net, loss)))
    if not ahead.size:
        return float("nan"), float("nan")
    first, last = ahead[0], ahead[-1]
    near = brentq(lead, net[first - 1], net[first], xtol=1e-3) if first else 0.0
    far = brentq(lead, net[last], net[last + 1], xtol=1e-3) if last + 1 < net.size else float("inf")
    return float(near), float(far)
