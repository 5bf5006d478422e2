"""Visibility: bits written into phases and times, and the errors of an interferometer that is not perfect."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from qlearn._checks import as_probabilities, as_reals, together

Array = NDArray[np.float64]


def interferometer_error(
    visibility: ArrayLike, *, offset_rad: ArrayLike = 0.0, drift_rad: ArrayLike = 0.0
) -> Array:
    r"""Return the share of photons that leave an interferometer by the wrong port.

    .. math:: e = \frac{1 - V \cos\varphi\; e^{-\sigma^2/2}}{2}

    A photon in two pulses, one after the other, is a qubit: early is :math:`|0\rangle`, late is :math:`|1\rangle`, and
    an interferometer that delays the early one by their distance reads its phase. :math:`V = (I_\text{max} -
    I_\text{min})/(I_\text{max} + I_\text{min})` of the fringes; a phase that is off by :math:`\varphi` and wanders about
    it (Gaussian, :math:`\sigma`) makes fewer fringes of them.

    Parameters
    ----------
    visibility : array_like of float, shape (...)
        :math:`V`, 0 to 1.
    offset_rad, drift_rad : array_like of float, shape (...)
        :math:`\varphi` and :math:`\sigma` in radian; broadcast.

    Returns
    -------
    ndarray of float, shape (...)
        :math:`e_\text{det}` of a :class:`~qlearn.communication.photons.Link`.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> interferometer_error([1, 0.98, 0.98], drift_rad=[0, 0, 0.2]).round(4)
    array([0.    , 0.01  , 0.0197])

    References
    ----------
    Gisin, Ribordy, Tittel and Zbinden, Rev. Mod. Phys. 74, 145 (2002), arXiv:quant-ph/0101098, section IV.A:
    QBER from visibility, :math:`(1 - V)/2`.

    Taught in :doc:`/communication/fibre`.
    """
    v, offset, drift = together(
        visibility=as_probabilities(visibility, "visibility", "visibilities"),
        offset_rad=as_reals(offset_rad, "offset_rad"),
        drift_rad=as_reals(drift_rad, "drift_rad", least=0),
    )
    return np.asarray((1 - v * np.cos(offset) * np.exp(-(drift**2) / 2)) / 2)


def arm_visibility(imbalance_db: ArrayLike) -> Array:
    r"""Return the visibility of two pulses of unequal brightness.

    .. math:: V = \frac{2\sqrt{I_1 I_2}}{I_1 + I_2} = \frac{2\sqrt{q}}{1 + q}, \qquad q = 10^{-d/10}

    Parameters
    ----------
    imbalance_db : array_like of float, shape (...)
        :math:`d`: how many dB one arm loses more than the other.

    Returns
    -------
    ndarray of float, shape (...)

    Raises
    ------
    ValueError, TypeError
        If a value is negative or not finite.

    Examples
    --------
    >>> arm_visibility([0, 1, 3]).round(4)
    array([1.    , 0.9934, 0.9432])

    Taught in :doc:`/communication/fibre`.
    """
    share = 10 ** (-as_reals(imbalance_db, "imbalance_db", least=0) / 10)
    return np.asarray(2 * np.sqrt(share) / (1 + share))


def time_bin_error(extinction_db: ArrayLike) -> Array:
    r"""Return the share of photons in the time bin that should be empty.

    .. math:: e = \frac{1}{1 + 10^{x/10}}

    Parameters
    ----------
    extinction_db : array_like of float, shape (...)
        :math:`x`, extinction ratio of the modulator: how much darker "off" is than "on".

    Returns
    -------
    ndarray of float, shape (...)

    Raises
    ------
    ValueError, TypeError
        If a value is negative or not finite.

    Examples
    --------
    >>> time_bin_error([0, 20, 30]).round(4)
    array([0.5   , 0.0099, 0.001 ])

    Taught in :doc:`/communication/fibre`.
    """
    return np.asarray(expit(-as_reals(extinction_db, "extinction_db", least=0) * np.log(10) / 10))
