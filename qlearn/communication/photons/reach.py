"""Reach: how far a link goes before correction eats the key."""

import numpy as np

from qlearn.communication.photons.link import Link, as_link
from qlearn.communication.photons.rate import Method, decoy_rate

_PRECISION_KM = 1e-3


def longest_distance(
    *, link: Link, mu: float | None = None, method: Method = "infinite", nu: float = 0.05
) -> float:
    """Return the length of fibre beyond which there is no key, found by bisection.

    Parameters
    ----------
    link, mu, method, nu
        As for :func:`~qlearn.communication.photons.decoy_rate`.

    Returns
    -------
    float
        Length in km to a metre; 0.0 if there is no key at any length.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range, or the fibre of `link` loses nothing.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> [round(longest_distance(link=LINKS["gys"], method=method), 1) for method in ("infinite", "vacuum+weak", "none")]
    [142.2, 141.0, 40.2]

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, figures 1 and 2.

    Taught in :doc:`/communication/photons`.
    """
    if as_link(link).loss_db_per_km <= 0:
        raise ValueError("link must have a loss_db_per_km above 0: without loss no distance is the longest")

    def yields_key(length: float) -> bool:
        return bool(decoy_rate(length, link=link, mu=mu, method=method, nu=nu) > 0)

    low, high = 0.0, 300 / link.loss_db_per_km  # 300 dB: beyond every background
    if not yields_key(low):
        return low
    if yields_key(high):
        return float(np.inf)  # a receiver without background: errors never drown the light
    while high - low > _PRECISION_KM:
        middle = (low + high) / 2
        low, high = (middle, high) if yields_key(middle) else (low, middle)
    return low
