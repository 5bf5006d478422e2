"""Decoy bounds from counts: vacuum and single photons of a session, with an allowance for chance."""

from math import exp, log, sqrt
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from qlearn.communication.photons.source import Source

Array = NDArray[np.float64]

EVENTS = MappingProxyType({2: 19, 3: 21})
"""By the number of intensities: equal parts of the failure, for the bounds, the smoothing and the hashing."""


def vacuum_and_single(
    clicks: Array, errors: Array, source: Source, security: float | None
) -> tuple[float, float]:
    r"""Bound from below how many clicks in one basis came from pulses of no photon, and of one.

    With :math:`n_k` clicks of intensity :math:`\mu_k`, sent with probability :math:`p_k`, among :math:`n`,

    .. math::

        n_k^\pm = \frac{e^{\mu_k}}{p_k}\Bigl(n_k \pm \sqrt{\tfrac n2 \ln \tfrac{b}{\varepsilon}}\Bigr),
        \qquad \tau_i = \sum_k p_k e^{-\mu_k}\frac{\mu_k^i}{i!}

    With three intensities, :math:`b = 21`,

    .. math::

        s_0 &\ge \tau_0\,\frac{\mu_2 n_3^- - \mu_3 n_2^+}{\mu_2 - \mu_3} \\
        s_1 &\ge \tau_1 \mu_1\,\frac{n_2^- - n_3^+ - \frac{\mu_2^2 - \mu_3^2}{\mu_1^2}
                 \bigl(n_1^+ - \frac{s_0}{\tau_0}\bigr)}{\mu_1(\mu_2 - \mu_3) - \mu_2^2 + \mu_3^2}

    With two, :math:`b = 19`, nothing shows the vacuum by itself. Its clicks are coins: half of them are errors,
    and there are not more errors than were seen. This bounds the vacuum from above, and that the single photons
    from below:

    .. math::

        s_0 &\ge \tau_0\,\frac{\mu_1 n_2^- - \mu_2 n_1^+}{\mu_1 - \mu_2}, \qquad
        s_0 \le s_0^+ = 2 \Bigl(\min\bigl\{m,\; \tau_0 m_2^+\bigr\}
                 + \sqrt{\tfrac n2 \ln \tfrac{b}{\varepsilon}}\Bigr) \\
        s_1 &\ge \frac{\tau_1 \mu_1}{\mu_2 (\mu_1 - \mu_2)} \Bigl(n_2^- - \frac{\mu_2^2}{\mu_1^2} n_1^+
                 - \frac{\mu_1^2 - \mu_2^2}{\mu_1^2} \frac{s_0^+}{\tau_0}\Bigr)

    The allowance is Hoeffding's: whatever Eve did, a click of a pulse with :math:`i` photons belongs to intensity
    :math:`k` with probability :math:`p_k e^{-\mu_k} \mu_k^i / i! \tau_i`, independently of the others.

    Parameters
    ----------
    clicks, errors : ndarray, shape (k,)
        Sifted clicks in that basis of each intensity, and the errors among them. Three intensities do not need the
        errors, two do: those of the key basis are known once it is corrected.
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
    >>> for source in (Source(), Source((0.5, 0.1), (0.8, 0.2))):
    ...     seen = expected_counts(1e9, link=LINKS["gys"], transmittance=0.1, source=source)
    ...     _, single = vacuum_and_single(seen.sifted[:, 0], seen.errors[:, 0], source, None)
    ...     print(round(float(single / seen.photons[:, 0, 1].sum()), 3))  # of the truth
    0.969
    0.881

    References
    ----------
    Three: Lim et al., 2014, arXiv:1311.7129, equations 2 and 3. Two: Rusca et al., 2018, arXiv:1801.03443,
    equations A14, A16, A17 and A19.

    Taught in :doc:`/communication/photons`.
    """
    mu, total = source.intensities, float(clicks.sum())
    tau0, tau1 = _tau(0, source), _tau(1, source)
    (low2, high2), high1 = _between(clicks, source, security, 1), _between(clicks, source, security, 0)[1]
    if len(mu) == 3:
        (mu1, mu2, mu3), (low3, high3) = mu, _between(clicks, source, security, 2)
        vacuum = tau0 * (mu2 * low3 - mu3 * high2) / (mu2 - mu3)
        vacuum = min(max(0.0, vacuum), total)
        inner = low2 - high3 - (mu2**2 - mu3**2) / mu1**2 * (high1 - vacuum / tau0)
        single = tau1 * mu1 * inner / ((mu2 - mu3) * (mu1 - mu2 - mu3))
    else:
        mu1, mu2 = mu
        vacuum = tau0 * (mu1 * low2 - mu2 * high1) / (mu1 - mu2)
        wrong = min(float(errors.sum()), tau0 * _between(errors, source, security, 1)[1])
        most = min(total, 2 * (wrong + _spread(total, source, security)))
        vacuum = min(max(0.0, vacuum), most)
        inner = low2 - (mu2 / mu1) ** 2 * high1 - (1 - (mu2 / mu1) ** 2) * most / tau0
        single = tau1 * mu1 * inner / (mu2 * (mu1 - mu2))
    return vacuum, min(max(0.0, single), total - vacuum)


def single_errors(errors: Array, source: Source, security: float | None) -> float:
    r"""Bound from above how many errors in one basis were made by single photons.

    .. math:: v_1 \le \tau_1\,\frac{m_2^+ - m_3^-}{\mu_2 - \mu_3} \;\text{(three intensities)}, \qquad
              v_1 \le \tau_1\,\frac{m_1^+ - m_2^-}{\mu_1 - \mu_2} \;\text{(two)}

    The last two intensities are compared. Where no error was seen at all, :math:`v_1 = 0` exactly. A result below 0
    is no bound but a contradiction: more errors at the fainter intensity than any photon number explains. It is
    returned as it is; :func:`finite_key` makes no key of it.

    Parameters
    ----------
    errors : ndarray, shape (k,)
        Errors among the sifted clicks of each intensity.
    source, security
        As for :func:`vacuum_and_single`.

    Returns
    -------
    float
        Negative where the counts contradict each other.

    References
    ----------
    Lim et al., 2014, arXiv:1311.7129, equation 4; Rusca et al., 2018, arXiv:1801.03443, equation A22.

    Taught in :doc:`/communication/photons`.
    """
    brighter, fainter = source.intensities[-2:]
    last = len(source.intensities) - 1
    high, low = _between(errors, source, security, last - 1)[1], _between(errors, source, security, last)[0]
    return _tau(1, source) * (high - low) / (brighter - fainter)


def _between(count: Array, source: Source, security: float | None, k: int) -> tuple[float, float]:
    """Return the least and the greatest expected count of intensity k, scaled to all pulses."""
    spread = _spread(float(count.sum()), source, security)
    scale = exp(source.intensities[k]) / source.probabilities[k]
    return scale * (float(count[k]) - spread), scale * (float(count[k]) + spread)


def _spread(total: float, source: Source, security: float | None) -> float:
    """Return Hoeffding's allowance for a count among `total`."""
    return 0.0 if security is None else sqrt(total / 2 * log(EVENTS[len(source.intensities)] / security))


def _tau(photons: int, source: Source) -> float:
    """Return the chance of a pulse of 0 or 1 photons, over all intensities."""
    pairs = zip(source.probabilities, source.intensities, strict=True)
    return sum(p * exp(-mu) * mu**photons for p, mu in pairs)
