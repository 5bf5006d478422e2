"""Decoy bounds from counts: vacuum and single photons of a session, with an allowance for chance."""

from math import exp, log, log2, sqrt

import numpy as np
from numpy.typing import NDArray

from qlearn.communication.photons.source import Source

Array = NDArray[np.float64]

EVENTS = 21
"""Bounds and smoothings that must all hold: the proof gives each this part of the failure probability."""


def vacuum_and_single(clicks: Array, source: Source, security: float | None) -> tuple[float, float]:
    r"""Bound from below how many clicks in one basis came from pulses of no photon, and of one.

    With :math:`n_k` clicks of intensity :math:`\mu_k`, sent with probability :math:`p_k`, among :math:`n`,

    .. math::

        n_k^\pm &= \frac{e^{\mu_k}}{p_k}\Bigl(n_k \pm \sqrt{\tfrac n2 \ln \tfrac{21}{\varepsilon}}\Bigr),
        \qquad \tau_i = \sum_k p_k e^{-\mu_k}\frac{\mu_k^i}{i!} \\
        s_0 &\ge \tau_0\,\frac{\mu_2 n_3^- - \mu_3 n_2^+}{\mu_2 - \mu_3} \\
        s_1 &\ge \tau_1 \mu_1\,\frac{n_2^- - n_3^+ - \frac{\mu_2^2 - \mu_3^2}{\mu_1^2}
                 \bigl(n_1^+ - \frac{s_0}{\tau_0}\bigr)}{\mu_1(\mu_2 - \mu_3) - \mu_2^2 + \mu_3^2}

    Parameters
    ----------
    clicks : ndarray, shape (3,)
        Sifted clicks of signal, weak and vacuum.
    source : Source
        Intensities and probabilities.
    security : float or None
        :math:`\varepsilon`; None for no allowance.

    Returns
    -------
    tuple of (float, float)
        :math:`s_0` and :math:`s_1`, at least 0 and at most all clicks.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS, expected_counts
    >>> source = Source()
    >>> seen = expected_counts(1e9, link=LINKS["gys"], transmittance=0.1, source=source)
    >>> _, single = vacuum_and_single(seen.sifted[:, 0], source, None)
    >>> round(float(single / seen.photons[:, 0, 1].sum()), 3)  # of the truth
    0.969

    References
    ----------
    Lim et al., 2014, arXiv:1311.7129, equations 2 and 3.

    Taught in :doc:`/communication/photons`.
    """
    mu1, mu2, mu3 = source.intensities
    (low2, high2), (low3, high3) = (_between(clicks, source, security, k) for k in (1, 2))
    high1 = _between(clicks, source, security, 0)[1]
    total = float(clicks.sum())
    vacuum = _tau(0, source) * (mu2 * low3 - mu3 * high2) / (mu2 - mu3)
    vacuum = min(max(0.0, vacuum), total)
    inner = low2 - high3 - (mu2**2 - mu3**2) / mu1**2 * (high1 - vacuum / _tau(0, source))
    single = _tau(1, source) * mu1 * inner / (mu1 * (mu2 - mu3) - mu2**2 + mu3**2)
    return vacuum, min(max(0.0, single), total - vacuum)


def single_errors(errors: Array, source: Source, security: float | None) -> float:
    r"""Bound from above how many errors in one basis were made by single photons.

    .. math:: v_1 \le \tau_1\,\frac{m_2^+ - m_3^-}{\mu_2 - \mu_3}

    Where there is no error at all we count one of the weak decoy: the allowance for a count of zero would be
    zero, and so would the bound, from however few bits.

    Parameters
    ----------
    errors : ndarray, shape (3,)
        Errors among the sifted clicks of signal, weak and vacuum.
    source, security
        As for :func:`vacuum_and_single`.

    Returns
    -------
    float

    References
    ----------
    Lim et al., 2014, arXiv:1311.7129, equation 4.

    Taught in :doc:`/communication/photons`.
    """
    if security is not None and errors.sum() < 1:
        errors = np.array([0.0, 1.0, 0.0])
    _, mu2, mu3 = source.intensities
    high2, low3 = _between(errors, source, security, 1)[1], _between(errors, source, security, 2)[0]
    return max(0.0, _tau(1, source) * (high2 - low3) / (mu2 - mu3))


def phase_error(errors: float, tested: float, single: float, security: float | None) -> float:
    r"""Carry the error rate of `tested` single photons over to those of the key, which were never tested.

    .. math:: \phi \le b + \sqrt{\frac{(c + d)(1 - b)\,b}{c\,d\,\ln 2}\,
              \log_2\Bigl(\frac{c + d}{c\,d\,(1 - b)\,b}\,\frac{21^2}{\varepsilon^2}\Bigr)}, \qquad b = v_1 / c

    for :math:`c` tested single photons and :math:`d` in the key: sampling without replacement.

    Parameters
    ----------
    errors, tested : float
        :math:`v_1` errors among :math:`c` single photons of the test basis.
    single : float
        :math:`d`, single photons of the key.
    security : float or None
        :math:`\varepsilon`; None for no allowance.

    Returns
    -------
    float
        At most 1/2, where nothing is known.

    References
    ----------
    Lim et al., 2014, arXiv:1311.7129, equation 5.

    Taught in :doc:`/communication/photons`.
    """
    if tested <= 0 or single <= 0 or errors >= tested / 2:
        return 0.5
    seen = errors / tested
    if security is None or seen == 0:
        return seen
    width, size = seen * (1 - seen), (tested + single) / (tested * single)
    return min(
        0.5, seen + sqrt(size * width / log(2) * log2(max(2.0, size / width * (EVENTS / security) ** 2)))
    )


def _between(count: Array, source: Source, security: float | None, k: int) -> tuple[float, float]:
    """Return the least and the greatest expected count of intensity k, scaled to all pulses."""
    spread = 0.0 if security is None else sqrt(float(count.sum()) / 2 * log(EVENTS / security))
    scale = exp(source.intensities[k]) / source.probabilities[k]
    return scale * (float(count[k]) - spread), scale * (float(count[k]) + spread)


def _tau(photons: int, source: Source) -> float:
    """Return the chance of a pulse of 0 or 1 photons, over all intensities."""
    pairs = zip(source.probabilities, source.intensities, strict=True)
    return sum(p * exp(-mu) * mu**photons for p, mu in pairs)
