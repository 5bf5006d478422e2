"""The secret rate: what clicks are worth when only those of single photons are secret."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.communication.entropy import binary_entropy
from qlearn.communication.photons.link import Link, as_link
from qlearn.communication.photons.single_photons import SinglePhotons
from qlearn.communication.photons.source import as_means


def secret_rate(
    mu: ArrayLike, signal_gain: ArrayLike, signal_error_gain: ArrayLike, single: SinglePhotons, *, link: Link
) -> NDArray[np.float64]:
    r"""Return the secret bits per pulse that the clicks of the signal yield.

    .. math:: R = q\,\Bigl\{ \mu e^{-\mu}\,Y_1 \bigl[1 - h(e_1)\bigr] - Q_\mu\, f\, h(E_\mu) \Bigr\}

    Errors are corrected in *all* clicks, and a key is made of those of single photons alone. Negative where
    correction costs more than they yield.

    Parameters
    ----------
    mu : array_like of float, shape (...)
        Mean photon number of the signal.
    signal_gain, signal_error_gain : array_like of float, shape (...)
        :math:`Q_\mu` and :math:`E_\mu Q_\mu`, seen or computed.
    single : SinglePhotons
        What is known of the single photons.
    link : Link
        For `sifting` and `error_correction`.

    Returns
    -------
    ndarray of float, shape (...)
        Bit per pulse; endless keys.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS, error_gain, gain, infinite_decoy
    >>> line = {"transmittance": 0.1, "link": LINKS["gys"]}
    >>> seen = gain(0.48, **line), error_gain(0.48, **line)
    >>> round(float(secret_rate(0.48, *seen, infinite_decoy(**line), link=LINKS["gys"])), 6)
    0.000250

    References
    ----------
    Gottesman, Lo, Luetkenhaus and Preskill, 2004, arXiv:quant-ph/0212066; in this form Ma, Qi, Zhao and Lo,
    2005, arXiv:quant-ph/0503005, equation 1.

    Taught in :doc:`/communication/photons`.
    """
    mu, clicks, wrong = as_means(mu, "mu"), np.asarray(signal_gain), np.asarray(signal_error_gain)
    share = np.divide(wrong, clicks, out=np.zeros(np.broadcast(wrong, clicks).shape), where=clicks > 0)
    corrected = clicks * as_link(link).error_correction * binary_entropy(np.clip(share, 0.0, 0.5))
    secret = mu * np.exp(-mu) * single.clicks * (1 - binary_entropy(single.errors))
    return np.asarray(link.sifting * (secret - corrected))
