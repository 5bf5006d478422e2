"""Afterpulses: a click leaves carriers in traps, and each that is set free is a click that nobody sent."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probability, as_real, as_reals, together
from qlearn.communication.photons import Link

Array = NDArray[np.float64]


def afterpulse_probability(
    hold_off_s: ArrayLike, *, total: float, decay_s: float, rate_hz: ArrayLike = 0.0
) -> Array:
    r"""Return how many afterpulses a click has that are seen, if both detectors rest after every click.

    .. math:: P(h, r) = P_0\,e^{-h/T}\,\frac{1 - a}{1 - a\,e^{-h/T}}, \qquad a = \frac{rT}{1 + rT}

    for traps that empty with one time constant. Real diodes have several, or a power law; fit :math:`T` near the
    hold-off in use. A trap that is full after the first rest, :math:`e^{-h/T}`, is sooner than the next click with chance
    :math:`1 - a`; otherwise, :math:`a`, there is another rest to outlast, and so on. Where clicks are rare,
    :math:`P = P_0 e^{-h/T}`; where they are not, most afterpulses fall into later rests. To first order: that *another*
    afterpulse comes first is left out, which makes :math:`P` too large, by a tenth where it is a quarter (simulated).

    Parameters
    ----------
    hold_off_s : array_like of float, shape (...)
        :math:`h`, dead time imposed after each click, in seconds.
    total : float
        :math:`P_0`, mean number of afterpulses of a click without hold-off, below 1.
    decay_s : float
        :math:`T`, mean time in a trap, above 0.
    rate_hz : array_like of float, shape (...)
        :math:`r`, clicks of light and background a second while the detectors are awake; broadcasts.

    Returns
    -------
    ndarray of float, shape (...)

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> afterpulse_probability([0, 1e-6, 1e-5], total=0.4, decay_s=2e-6).round(4)
    array([0.4   , 0.2426, 0.0027])
    >>> afterpulse_probability(5e-6, total=0.4, decay_s=2e-6, rate_hz=[0, 1e4, 1e6]).round(4)
    array([0.0328, 0.0322, 0.0116])

    References
    ----------
    Ziarkash, Joshi, Stipcevic and Ursin, Sci. Rep. 8, 5076 (2018), who compare such models with what diodes do; Lunghi
    et al., "Free running single photon detection based on a negative feedback InGaAs APD", 2012, arXiv:1204.4594, for a
    hold-off in use.

    Taught in :doc:`/communication/fibre`.
    """
    hold, rate = together(
        hold_off_s=as_reals(hold_off_s, "hold_off_s", least=0), rate_hz=as_reals(rate_hz, "rate_hz", least=0)
    )
    chance, decay = _below_one(total), as_real(decay_s, "decay_s")
    if decay <= 0:
        raise ValueError(f"decay_s must be above 0, not {decay:g}")
    kept = np.exp(-hold / decay)
    # (1 - a)/(1 - a e^(-h/T)) with a written out.
    return np.asarray(chance * kept / (1 - rate * decay * np.expm1(-hold / decay)))


def with_afterpulses(link: Link, probability: float) -> Link:
    r"""Return a link whose clicks start `probability` more each, and those others, and so on.

    .. math:: p_\text{ap} = P + P^2 + P^3 + \dots = \frac{P}{1 - P}

    :class:`~qlearn.communication.photons.Link` counts the afterpulses *per click of light or background*,
    :math:`Q(1 + p_\text{ap})`, each with a coin for its bit; a detector is specified by how many follow *any* click.
    To first order the two are one number. Exact while clicks are so rare that they do not hide each other.

    Parameters
    ----------
    link : Link
        Its own afterpulses are replaced.
    probability : float
        :math:`P`, at most 1/2: beyond it most clicks are afterpulses.

    Returns
    -------
    Link

    Raises
    ------
    ValueError, TypeError
        If the probability is out of its range.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> round(with_afterpulses(LINKS["gys"], 0.04).afterpulse, 5)
    0.04167

    Taught in :doc:`/communication/fibre`.
    """
    chance = as_probability(probability, "probability")
    if chance > 0.5:
        raise ValueError(f"probability must be at most 1/2, not {chance:g}: most clicks would be afterpulses")
    return replace(link, afterpulse=chance / (1 - chance))


def _below_one(total: float) -> float:
    value = as_real(total, "total", least=0)
    if value >= 1:
        raise ValueError(f"total must be below 1, not {value:g}: each click would start another, for ever")
    return value
