"""Mutual information: the noise that line and detector add, and how many bits Bob's numbers tell about Alice's."""

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_count, as_reals, broadcast, same_length
from qlearn._types import Array
from qlearn.communication.continuous_variables._arguments import (
    Detection,
    as_detection,
    as_efficiency,
    as_electronic,
    as_excess,
    as_modulation,
    as_transmittance,
)


def detector_noise(efficiency: Array, electronic_noise: Array, detection: Detection) -> Array:
    """Return the noise that a detector adds, referred to its own input; arguments as checked above."""
    splits = 1 if detection == "homodyne" else 2
    return splits * (1 + electronic_noise) / efficiency - 1


def mutual_information(
    transmittance: ArrayLike,
    *,
    modulation_variance: ArrayLike,
    excess_noise: ArrayLike,
    efficiency: ArrayLike = 1.0,
    electronic_noise: ArrayLike = 0.0,
    detection: Detection = "homodyne",
) -> Array:
    r"""Return what Bob's record of a symbol tells about what Alice sent, in bits.

    .. math:: I_{AB} = \frac{s}{2} \log_2 (1 + \mathrm{SNR}), \qquad
              \mathrm{SNR} = \frac{(\eta T / s)\, V_A}{1 + v_\text{el} + (\eta T / s)\, \xi}

    with :math:`s = 1` quadrature for homodyne and :math:`s = 2` for heterodyne detection, which gets both,
    each from half of the light. It is Shannon's capacity of a line with Gaussian noise, and the same as
    :math:`\frac{s}{2} \log_2 \frac{V + \chi_\text{tot}}{1 + \chi_\text{tot}}`.

    Parameters
    ----------
    transmittance : array_like of float, shape (...)
        :math:`T` of the line, 0 to 1; the arguments broadcast.
    modulation_variance : array_like of float
        :math:`V_A` of each quadrature, in shot-noise units.
    excess_noise : array_like of float
        :math:`\xi` at the input, in shot-noise units.
    efficiency, electronic_noise : array_like of float
        :math:`\eta` and :math:`v_\text{el}` of Bob's detector.
    detection : {"homodyne", "heterodyne"}
        One quadrature, or both.

    Returns
    -------
    ndarray of float, shape (...)
        Bits a symbol.

    Examples
    --------
    >>> float(mutual_information(1.0, modulation_variance=3, excess_noise=0))
    1.0
    >>> float(mutual_information(1.0, modulation_variance=6, excess_noise=0, detection="heterodyne"))
    2.0

    References
    ----------
    Lodewyck et al., Phys. Rev. A 76, 042305 (2007), arXiv:0706.4255.
    """
    t, variance, xi, eta, v = broadcast(
        transmittance=as_transmittance(transmittance),
        modulation_variance=as_modulation(modulation_variance),
        excess_noise=as_excess(excess_noise),
        efficiency=as_efficiency(efficiency),
        electronic_noise=as_electronic(electronic_noise),
    )
    quadratures = 1 if as_detection(detection) == "homodyne" else 2
    gain = eta * t / quadratures
    return np.asarray(quadratures / 2 * np.log1p(gain * variance / (1 + v + gain * xi)) / np.log(2))


def sampled_information(x: ArrayLike, y: ArrayLike, *, bins: int = 40) -> float:
    r"""Return the mutual information of two records, counted in a table and assuming no distribution.

    .. math:: I = \sum_{ij} \frac{n_{ij}}{n} \log_2 \frac{n\, n_{ij}}{n_i\, n_j}
                  - \frac{K_{xy} - K_x - K_y + 1}{2\, n \ln 2}

    The plain sum is too high, for empty cells are luck; the second term (Miller and Madow; :math:`K` counts
    the cells that are not empty) takes out the mean of it. Cells of a finite width lose a little.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Values of one quadrature, pair by pair.
    bins : int
        Columns and rows of the table, between the smallest and the largest value; at least 2.

    Returns
    -------
    float
        Bits a pair; a little below the truth, and for few pairs uncertain.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(0, 2, 400_000)
    >>> round(sampled_information(x, x + rng.normal(size=x.size)), 1)  # 0.5 log2(1 + 4) = 1.16
    1.2

    References
    ----------
    Miller, "Note on the bias of information estimates", in Information Theory in Psychology (1955).
    """
    records, width = [as_reals(x, "x"), as_reals(y, "y")], as_count(bins, "bins", least=2)
    for name, record in zip("xy", records, strict=True):
        if record.ndim != 1 or record.size < 2 or record.min() == record.max():
            raise ValueError(
                f"{name} must be 1-D and hold different numbers, not of shape {record.shape} or all the same"
            )
    same_length(records[0], records[1], "x and y")
    counts = np.histogram2d(records[0], records[1], bins=width)[0]
    n = counts.sum()
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    filled = counts > 0
    plain = np.sum(counts[filled] / n * np.log2(n * counts[filled] / np.outer(rows, columns)[filled]))
    luck = filled.sum() - (rows > 0).sum() - (columns > 0).sum() + 1
    return float(plain - luck / (2 * n * np.log(2)))
