"""The best source: intensities and shares that make most key in a session of given size."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

from qlearn._checks import as_probability, as_real
from qlearn.communication.photons.counts import expected_counts
from qlearn.communication.photons.finite import finite_key
from qlearn.communication.photons.link import Link, as_link
from qlearn.communication.photons.source import Source

# p_x, share of the signal, of the weak decoy among the rest, signal, weak as a part of the signal.
_STARTS = ((0.1, 0.7, 0.7, 0.45, 0.25), (0.35, 0.35, 0.6, 0.4, 0.4), (0.9, 0.05, 0.55, 0.47, 0.2))


def best_source(
    *,
    link: Link,
    transmittance: float,
    n_pulses: float | None = None,
    block: float | None = None,
    security: float = 1e-10,
    vacuum: float = 2e-4,
    start: Source | None = None,
) -> Source:
    """Return the source that makes most secret key per pulse in a session of that size.

    Five numbers are searched together (Nelder and Mead, from two starting points or from yours): both
    intensities, two shares, and how often X is chosen for the test.

    Parameters
    ----------
    link : Link
        Receiver, background, misalignment and cost of correction.
    transmittance : float
        Of the channel.
    n_pulses, block : float
        The size of the session, as one of the two: pulses sent, or sifted bits of the key basis.
    security : float
        As for :func:`~qlearn.communication.photons.finite_key`.
    vacuum : float
        Mean photon number of the weakest intensity: no modulator is quite dark.
    start : Source, optional
        Where to start, for example the best source of a neighbouring distance.

    Returns
    -------
    Source
        Even where no source makes a key: then the one that misses it least.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range, or not exactly one size is given.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> source = best_source(link=LINKS["lim2014"], transmittance=0.1, block=1e7)
    >>> round(source.intensities[0], 1), 0.05 < source.p_x < 0.5
    (0.4, True)

    References
    ----------
    Lim, Curty, Walenta, Xu and Zbinden, 2014, arXiv:1311.7129, section IV: the same five numbers.

    Taught in :doc:`/communication/photons`.
    """
    as_link(link), as_probability(transmittance, "transmittance")
    if (n_pulses is None) == (block is None):
        raise ValueError("give n_pulses or block, one of the two, as the size of the session")
    size = as_real(
        block if n_pulses is None else n_pulses, "block" if n_pulses is None else "n_pulses", least=1
    )

    def loss(x: NDArray[np.float64]) -> float:
        source = _source(x, vacuum)
        if source is None:
            return 1.0
        one = expected_counts(1.0, link=link, transmittance=transmittance, source=source)
        sent = size if block is None else size / float(one.sifted[:, 0].sum())
        counts = replace(one, sifted=one.sifted * sent, errors=one.errors * sent)
        key = finite_key(counts, source=source, security=security, efficiency=link.error_correction)
        return -key.bits / sent

    starts = [logit(np.array(guess)) for guess in _STARTS] if start is None else [_numbers(start)]
    options = {"xatol": 1e-4, "fatol": 1e-12, "maxiter": 1500, "maxfev": 1500}
    found = [minimize(loss, x, method="Nelder-Mead", options=options) for x in starts]
    best = _source(min(found, key=lambda one: one.fun).x, vacuum)
    assert best is not None  # a start is a source, and the search only improves on it
    return best


def _source(x: NDArray[np.float64], vacuum: float) -> Source | None:
    p_x, p1, p2, mu1, part = (float(value) for value in np.clip(expit(x), 1e-6, 1 - 1e-6))
    mu2 = mu1 * part
    if not (mu1 > mu2 + vacuum and mu2 > vacuum):
        return None
    shares = p1, (1 - p1) * p2, (1 - p1) * (1 - p2)
    return Source((mu1, mu2, vacuum), shares, p_x)


def _numbers(source: Source) -> NDArray[np.float64]:
    (mu1, mu2, _), (p1, p2, _) = source.intensities, source.probabilities
    return np.asarray(logit(np.clip([source.p_x, p1, p2 / (1 - p1), mu1, mu2 / mu1], 1e-6, 1 - 1e-6)))
