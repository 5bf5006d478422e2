"""Added noise: what the fibre and the detector add, counted at the place where Alice's light enters."""

from typing import NamedTuple

from numpy.typing import ArrayLike

from qlearn.communication.continuous_variables.arguments import (
    Detection,
    Reals,
    as_detection,
    as_efficiency,
    as_electronic,
    as_excess,
    as_transmittance,
    together,
)


class AddedNoise(NamedTuple):
    """Noise variances in shot-noise units, referred to the input of the line.

    Parameters
    ----------
    line : ndarray of float
        What the fibre adds: vacuum for the light that is lost, and the excess noise.
    detector : ndarray of float
        What the detector adds, referred to *its* input.
    total : ndarray of float
        Both, referred to the input of the line.

    Taught in :doc:`/communication/continuous_variables`.
    """

    line: Reals
    detector: Reals
    total: Reals


def added_noise(
    transmittance: ArrayLike,
    *,
    excess_noise: ArrayLike,
    efficiency: ArrayLike = 1.0,
    electronic_noise: ArrayLike = 0.0,
    detection: Detection = "homodyne",
) -> AddedNoise:
    r"""Return the noise that the line and the detector add to Alice's quadratures.

    .. math:: \chi_\text{line} = \frac1T - 1 + \xi, \qquad
              \chi_\text{hom} = \frac{1 + v_\text{el}}{\eta} - 1, \qquad
              \chi_\text{het} = \frac{2 + 2 v_\text{el}}{\eta} - 1, \qquad
              \chi_\text{tot} = \chi_\text{line} + \frac{\chi_\text{det}}{T}

    Lost light is replaced by vacuum, which has noise of its own: that is the :math:`1/T - 1`. A heterodyne
    detector splits the light to measure both quadratures, and the second port of its splitter lets in one
    more unit of vacuum.

    Parameters
    ----------
    transmittance : array_like of float, shape (...)
        :math:`T`, above 0, at most 1.
    excess_noise : array_like of float
        :math:`\xi` at the *input*, in shot-noise units. Bob sees :math:`\eta T \xi` of it.
    efficiency : array_like of float
        :math:`\eta` of Bob's detector, above 0, at most 1.
    electronic_noise : array_like of float
        :math:`v_\text{el}`, variance at the detector's output in shot-noise units; of each of the two
        detectors for "heterodyne".
    detection : {"homodyne", "heterodyne"}
        One quadrature, or both at once.

    Returns
    -------
    AddedNoise
        `line`, `detector`, `total`, of the shape that the arguments broadcast to.

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range, or `detection` is neither of the two.

    Examples
    --------
    >>> noise = added_noise(0.5, excess_noise=0.01, efficiency=0.5)
    >>> [round(float(value), 3) for value in noise]
    [1.01, 1.0, 3.01]

    References
    ----------
    Lodewyck et al., Phys. Rev. A 76, 042305 (2007), arXiv:0706.4255, for homodyne; Fossier et al., J. Phys. B
    42, 114014 (2009), arXiv:0812.4314, for heterodyne detection.

    Taught in :doc:`/communication/continuous_variables`.
    """
    t, xi, eta, v = together(
        transmittance=as_transmittance(transmittance),
        excess_noise=as_excess(excess_noise),
        efficiency=as_efficiency(efficiency),
        electronic_noise=as_electronic(electronic_noise),
    )
    if (t == 0).any():
        raise ValueError("transmittance must be above 0, not 0: referred to the input, the noise is infinite")
    line, detector = 1 / t - 1 + xi, detector_noise(eta, v, as_detection(detection))
    return AddedNoise(line, detector, line + detector / t)


def detector_noise(efficiency: Reals, electronic_noise: Reals, detection: Detection) -> Reals:
    """Return the noise that a detector adds, referred to its own input; arguments as checked above."""
    splits = 1 if detection == "homodyne" else 2
    return splits * (1 + electronic_noise) / efficiency - 1
