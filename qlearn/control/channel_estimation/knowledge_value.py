"""What it is worth to know the line: secret bits of an angle that is followed, and of blocks that are left out."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_angles, as_probabilities, as_reals, broadcast, same_length
from qlearn.communication.photons import Link, error_gain, gain, infinite_decoy
from qlearn.communication.photons.decoy_states import SinglePhotons
from qlearn.communication.photons.key_rate import secret_rate


def misaligned_qber(angle: ArrayLike, qber: ArrayLike = 0.0) -> NDArray[np.float64]:
    r"""Return the error rate, shape (...), of linear polarisations that arrive turned by an angle.

    .. math:: e(\theta) = e_0 + (1 - 2e_0)\,\sin^2\theta

    By Malus' law a photon that is turned by :math:`\theta` takes the wrong way with chance :math:`\sin^2\theta`, and the
    errors :math:`e_0` of other origin flip whatever comes. Both linear bases suffer alike; a turn that makes light
    elliptic is another one, and needs more than one angle.

    Parameters
    ----------
    angle : array_like of float, shape (...)
        In radians, of the polarisation in space: half of the angle on the sphere.
    qber : array_like of float, shape (...)
        Errors of a line that is not turned, 0 to 1/2.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> misaligned_qber([0.0, 0.1, np.pi / 4], qber=0.02).round(4)
    array([0.02  , 0.0296, 0.5   ])

    References
    ----------
    Gisin, Ribordy, Tittel and Zbinden, Rev. Mod. Phys. 74, 145 (2002), arXiv:quant-ph/0101098, section III.B.
    """
    theta, other = broadcast(angle=as_angles(angle), qber=_as_errors(qber))
    return np.asarray(other + (1 - 2 * other) * np.sin(theta) ** 2)


def average_qber(variance: ArrayLike, qber: ArrayLike = 0.0) -> NDArray[np.float64]:
    r"""Return the error rate, shape (...), if what is left of the angle is Gaussian with this variance.

    .. math:: \bar e(v) = e_0 + (1 - 2e_0)\,\frac{1 - e^{-2v}}2

    the mean of :func:`misaligned_qber` over :math:`\theta \sim N(0, v)`. A receiver that turns its analyser by the
    prediction of a Kalman filter is left with the filter's :math:`v = P^-`; one that does nothing with the drift itself.

    Parameters
    ----------
    variance : array_like of float, shape (...)
        v, in square radians, 0 or more.
    qber : array_like of float, shape (...)
        As for :func:`misaligned_qber`.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> average_qber([0.0, 0.01, 1e6], qber=0.02).round(4)
    array([0.02  , 0.0295, 0.5   ])
    """
    spread, other = broadcast(variance=as_reals(variance, "variance", least=0.0), qber=_as_errors(qber))
    return np.asarray(other - (1 - 2 * other) * np.expm1(-2 * spread) / 2)


def kept_rate(transmittance: ArrayLike, kept: ArrayLike, *, link: Link, mu: float) -> float:
    r"""Return the secret bits per pulse if only the clicks of some blocks become key, with decoys without number.

    .. math:: R = \frac{|K|}{N}\; q \Bigl\{ \mu e^{-\mu}\, \overline{Y_1}\,\bigl[1 - h(\overline{e_1})\bigr]
              - \overline{Q_\mu}\, f\, h(\overline{E_\mu}) \Bigr\}

    The bars are means over the kept blocks, of clicks and of wrong clicks, as the parties see them: they need not know
    which block was how. Counted per pulse of *all* N blocks, since the others were sent as well. The choice of blocks may
    depend on reference light; where it depends on the clicks or the errors of the key's own photons, these formulas do not
    hold.

    Parameters
    ----------
    transmittance : array_like of float, shape (N,)
        Of the channel in each block, without the receiver.
    kept : array_like of bool, shape (N,)
        Blocks whose clicks are used.
    link : Link
        The receiver.
    mu : float
        Mean photon number of the signal.

    Returns
    -------
    float
        Bit per pulse, never negative, for endless keys.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> sky = {"link": LINKS["gys"], "mu": 0.48}
    >>> all_of_it = kept_rate([0.01, 1e-4], [True, True], **sky)
    >>> round(kept_rate([0.01, 1e-4], [True, False], **sky) / all_of_it, 2)  # the bad half costs more than it brings
    1.13

    References
    ----------
    W. Wang, F. Xu and H.-K. Lo, Phys. Rev. A 97, 032337 (2018), arXiv:1712.08949.
    """
    eta = as_probabilities(transmittance, "transmittance", "transmittances")
    chosen = np.asarray(kept)
    if eta.ndim != 1 or not eta.size:
        raise ValueError(f"transmittance must have one axis and at least one block, not shape {eta.shape}")
    if chosen.dtype != bool or chosen.ndim != 1:
        raise TypeError(f"kept must be an array of True and False, one for each block, not of {chosen.dtype}")
    same_length(eta, chosen, "transmittance and kept")
    if not chosen.any():
        return 0.0
    used = eta[chosen]
    single = infinite_decoy(used, link=link)
    clicks = single.clicks.mean()
    wrong = (single.clicks * single.errors).mean()
    pooled = SinglePhotons(np.asarray(clicks), np.asarray(wrong / clicks if clicks else 0.5))
    seen = gain(mu, used, link=link).mean(), error_gain(mu, used, link=link).mean()
    return float(max(0.0, chosen.mean() * secret_rate(mu, *seen, pooled, link=link)))


def _as_errors(qber: ArrayLike) -> NDArray[np.float64]:
    errors = as_probabilities(qber, "qber", "error rates")
    if (errors > 0.5).any():
        raise ValueError(
            f"qber must be at most 1/2, not {errors.max():g}: with more, Bob would turn his bits over"
        )
    return errors
