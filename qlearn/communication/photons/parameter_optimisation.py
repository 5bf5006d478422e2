"""Parameter optimisation: intensities, their shares and the basis bias that make most key in a session of given size."""

from math import inf, log2
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, minimize
from scipy.special import expit, logit

from qlearn._checks import as_failure, as_probability, as_real
from qlearn.communication.photons.finite_keys import correction, decoy_bounds, smoothing
from qlearn.communication.photons.link import Link, as_link, gains
from qlearn.communication.photons.source import Source

# p_x, share of the signal, signal, weak as a part of the signal; with vacuum: the weak decoy among the rest.
_STARTS = {
    2: ((0.1, 0.7, 0.45, 0.35), (0.35, 0.4, 0.4, 0.4), (0.9, 0.1, 0.47, 0.3), (0.6, 0.15, 0.6, 0.35)),
    3: (
        (0.1, 0.7, 0.45, 0.25, 0.7),
        (0.35, 0.35, 0.4, 0.4, 0.6),
        (0.9, 0.05, 0.47, 0.2, 0.55),
        (0.6, 0.1, 0.6, 0.35, 0.6),
    ),
}

# The last start is for small blocks, where the others find no key.
_SMALL = 3


def optimal_source(
    *,
    link: Link,
    transmittance: float,
    n_pulses: float | None = None,
    block: float | None = None,
    security: float = 1e-10,
    correctness: float = 1e-15,
    intensities: Literal[2, 3] = 3,
    vacuum: float = 2e-4,
    start: Source | None = None,
) -> Source:
    """Return the source that makes most secret key per pulse in a session of that size, as far as a search finds.

    Five numbers are searched together (Nelder and Mead, from three starting points, a fourth if these find no key, or
    from yours): both intensities, two shares, and how often X is chosen for the test. With one decoy there are four.
    The key is that of :func:`~qlearn.communication.photons.finite_key` for the counts to expect, with a phase error
    that is a little larger and without steps. Where there is none, what is missing is counted per bit of the key
    basis: per pulse, the darkest source would miss least.

    Parameters
    ----------
    link : Link
        Receiver, background, misalignment and cost of correction.
    transmittance : float
        Of the channel; above 0 if the receiver has no background.
    n_pulses, block : float
        The size of the session, as one of the two: pulses sent, or sifted bits of the key basis.
    security, correctness : float
        As for :func:`~qlearn.communication.photons.finite_key`.
    intensities : {3, 2}
        Signal, weak and vacuum, or signal and one decoy.
    vacuum : float
        Mean photon number of the weakest of three intensities: no modulator is quite dark. Below the weak decoys
        that the search starts from.
    start : Source, optional
        Where to start, for example the best source of a neighbouring distance: less than one photon in the signal,
        both bases in use. Of three intensities the last is replaced by `vacuum`.

    Returns
    -------
    Source
        Even where no source makes a key: then one that misses it by least, at whatever edge of the search that is.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> source = optimal_source(link=LINKS["lim2014"], transmittance=0.1, block=1e7)
    >>> round(source.intensities[0], 1), 0.05 < source.p_x < 0.5
    (0.4, True)

    References
    ----------
    Lim, Curty, Walenta, Xu and Zbinden, 2014, arXiv:1311.7129, section IV: the same five numbers. Rusca, Boaron,
    Gruenenfelder, Martin and Zbinden, 2018, arXiv:1801.03443: the same four.
    """
    as_link(link), as_probability(transmittance, "transmittance")
    if transmittance * link.receiver_efficiency == 0 == link.background:
        raise ValueError(
            f"transmittance must let something click: with {transmittance:g}, a receiver of efficiency "
            f"{link.receiver_efficiency:g} and no background there are no counts"
        )
    as_real(vacuum, "vacuum", least=0)
    as_failure(security, "security"), as_failure(correctness, "correctness")
    if intensities not in (2, 3):
        raise ValueError(
            f"intensities must be 3 (signal, weak, vacuum) or 2 (one decoy), not {intensities!r}"
        )
    if start is not None and not isinstance(start, Source):
        raise TypeError(f"start must be a Source or None, not {start!r}")
    if start is not None and len(start.intensities) != intensities:
        raise ValueError(f"start must have {intensities} intensities, as the source to find, not {start}")
    if (n_pulses is None) == (block is None):
        raise ValueError("give n_pulses or block, one of the two, as the size of the session")
    size = as_real(
        block if n_pulses is None else n_pulses, "block" if n_pulses is None else "n_pulses", least=1
    )

    def loss(x: NDArray[np.float64]) -> float:
        source = _source(x, vacuum)
        if source is None:
            return inf
        # As expected_counts, for one pulse, without the parts that only a simulation has.
        each = np.outer(source.probabilities, ((1 - source.p_x) ** 2, source.p_x**2))
        clicks, mistakes = gains(source.intensities, transmittance, link=link)
        sifted, errors = each * clicks[:, None], each * mistakes[:, None]
        n, wrong = float(sifted[:, 0].sum()), float(errors[:, 0].sum())
        sent = size if block is None else size / n
        found = decoy_bounds(sifted * sent, errors * sent, source, security, 0, 1, smooth=True)
        overhead = smoothing(source, security) + log2(2 / correctness)
        missing = correction(n, wrong, link.error_correction) - (found.secret - overhead) / sent
        return missing if missing <= 0 else missing / n

    guesses = [np.array(guess) for guess in _STARTS[intensities]] if start is None else [_numbers(start)]
    starts = [logit(guess) for guess in guesses if _source(logit(guess), vacuum) is not None]
    if not starts:
        raise ValueError(
            "vacuum must leave room for signal > weak + vacuum and weak > vacuum where the search starts, "
            f"not {vacuum:g}"
        )
    options = {"xatol": 1e-4, "fatol": 1e-12, "maxiter": 1500, "maxfev": 1500}
    found: list[OptimizeResult] = []
    for x in starts:
        if len(found) < _SMALL or min(one.fun for one in found) >= 0:
            found.append(minimize(loss, x, method="Nelder-Mead", options=options))
    best = _source(min(found, key=lambda one: one.fun).x, vacuum)
    assert best is not None  # a start is a source, and the search only improves on it
    return best


def _source(x: NDArray[np.float64], vacuum: float) -> Source | None:
    p_x, p1, mu1, part, *rest = (float(value) for value in np.clip(expit(x), 1e-6, 1 - 1e-6))
    mu2 = mu1 * part
    if not rest:
        return Source((mu1, mu2), (p1, 1 - p1), p_x)
    if not (mu1 - mu2 - vacuum > 0 and mu2 > vacuum):
        return None
    probabilities = p1, (1 - p1) * rest[0], (1 - p1) * (1 - rest[0])
    return Source((mu1, mu2, vacuum), probabilities, p_x)


def _numbers(source: Source) -> NDArray[np.float64]:
    (mu1, mu2), (p1, p2) = source.intensities[:2], source.probabilities[:2]
    if not (0 < source.p_x < 1 and mu1 < 1):
        raise ValueError(f"start must have 0 < p_x < 1 and a signal below 1 photon, not {source}")
    numbers = [source.p_x, p1, mu1, mu2 / mu1, p2 / (1 - p1)]
    return np.clip(numbers[: 2 + len(source.intensities)], 1e-6, 1 - 1e-6)
