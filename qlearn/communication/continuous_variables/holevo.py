"""Eve's share: the most that any collective attack can know of what Bob measured."""

import numpy as np
from numpy.typing import ArrayLike

from qlearn.communication.continuous_variables.arguments import (
    Detection,
    Reals,
    as_detection,
    as_efficiency,
    as_electronic,
    as_excess,
    as_flag,
    as_modulation,
    as_transmittance,
    together,
)
from qlearn.communication.continuous_variables.gaussian import mode_entropy
from qlearn.communication.continuous_variables.noise import detector_noise


def holevo_bound(
    transmittance: ArrayLike,
    *,
    modulation_variance: ArrayLike,
    excess_noise: ArrayLike,
    efficiency: ArrayLike = 1.0,
    electronic_noise: ArrayLike = 0.0,
    detection: Detection = "homodyne",
    trusted: bool = True,
) -> Reals:
    r"""Return the most that Eve can know of Bob's record of a symbol, in bits, if she treats all symbols alike.

    .. math:: \chi_{BE} = S(E) - S(E | b) = S(AB) - S(AFG | b)
                        = g(\lambda_1) + g(\lambda_2) - g(\lambda_3) - g(\lambda_4)

    Eve holds all that Alice's and Bob's modes lack to be pure, so her entropy is theirs (:math:`F, G` are the
    modes of a trusted detector). With :math:`a = V = V_A + 1`, :math:`b = T(V_A + \xi) + 1`,
    :math:`c^2 = T(V^2-1)`, :math:`\sqrt{B} = ab - c^2`, :math:`A = a^2 + b^2 - 2c^2` and
    :math:`\chi` of the detector,

    .. math:: \lambda_{1,2}^2 = \tfrac12\bigl(A \pm \sqrt{A^2 - 4B}\bigr), \qquad
              \lambda_{3,4}^2 = \tfrac12\bigl(C \pm \sqrt{C^2 - 4D}\bigr)

    .. math:: C_\text{hom} = \frac{a\sqrt{B} + b + A\chi}{b + \chi}, \quad
              D_\text{hom} = \sqrt{B}\, \frac{a + \sqrt{B}\chi}{b + \chi}

    .. math:: C_\text{het} = \frac{A\chi^2 + B + 1 + 2\chi(a\sqrt{B} + b) + 2c^2}{(b+\chi)^2}, \quad
              D_\text{het} = \left(\frac{a + \sqrt{B}\chi}{b + \chi}\right)^2

    Parameters
    ----------
    transmittance : array_like of float, shape (...)
        :math:`T` of the line, 0 to 1; the arguments broadcast.
    modulation_variance : array_like of float
        :math:`V_A` of each quadrature, in shot-noise units.
    excess_noise : array_like of float
        :math:`\xi` at the input, in shot-noise units. All of it is Eve's.
    efficiency, electronic_noise : array_like of float
        :math:`\eta` and :math:`v_\text{el}` of Bob's detector.
    detection : {"homodyne", "heterodyne"}
        One quadrature, or both.
    trusted : bool
        True: what the detector loses and adds is out of Eve's reach, in Bob's locked laboratory. False: it is
        hers as well, as if the detector were perfect behind a line of transmittance :math:`\eta T`.

    Returns
    -------
    ndarray of float, shape (...)
        Bits a symbol, at least 0.

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range, the shapes do not broadcast, `detection` is neither of the two, or
        `trusted` is no bool.

    Examples
    --------
    >>> lost = holevo_bound(0.5, modulation_variance=4, excess_noise=0)  # no noise, and yet
    >>> round(float(lost), 3)
    0.448
    >>> float(holevo_bound(1.0, modulation_variance=4, excess_noise=0))
    0.0

    References
    ----------
    Lodewyck et al., Phys. Rev. A 76, 042305 (2007), arXiv:0706.4255, for homodyne; Fossier et al., J. Phys. B
    42, 114014 (2009), arXiv:0812.4314, for heterodyne detection; Garcia-Patron and Cerf, Phys. Rev. Lett. 97,
    190503 (2006), arXiv:quant-ph/0608032, that no other collective attack with these covariances does better than a
    Gaussian one.

    Taught in :doc:`/communication/continuous_variables`.
    """
    t, variance, xi, eta, v = together(
        transmittance=as_transmittance(transmittance),
        modulation_variance=as_modulation(modulation_variance),
        excess_noise=as_excess(excess_noise),
        efficiency=as_efficiency(efficiency),
        electronic_noise=as_electronic(electronic_noise),
    )
    detection, inside = as_detection(detection), as_flag(trusted, "trusted")
    outside = np.zeros_like(v)
    if not inside:
        # A perfect detector behind a worse line; each of two detectors has its own electronic noise.
        t, outside = eta * t, v * (1 if detection == "homodyne" else 2)
        eta, v = np.ones_like(eta), np.zeros_like(v)

    a, b, c2 = 1 + variance, 1 + t * (variance + xi) + outside, t * variance * (variance + 2)
    root = 1 + variance * (1 - t) + (1 + variance) * (t * xi + outside)  # ab - c^2, without the cancellation
    before, chi = a * a + b * b - 2 * c2, detector_noise(eta, v, detection)
    if detection == "homodyne":
        after = (a * root + b + before * chi) / (b + chi)
        product = root * (a + root * chi) / (b + chi)
    else:
        after = (before * chi**2 + root**2 + 1 + 2 * chi * (a * root + b) + 2 * c2) / (b + chi) ** 2
        product = ((a + root * chi) / (b + chi)) ** 2
    return np.asarray(np.maximum(_entropy(before, root**2) - _entropy(after, product), 0.0))


def _entropy(total: Reals, product: Reals) -> Reals:
    """Return the entropy of two modes from the sum and the product of their squared eigenvalues."""
    larger = (total + np.sqrt(np.maximum(total**2 - 4 * product, 0))) / 2
    smaller = product / larger  # not the difference of two nearly equal numbers
    return mode_entropy(np.sqrt(larger)) + mode_entropy(np.sqrt(smaller))
