"""The best modulation: bright enough for Alice and Bob, dim enough for Eve."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from qlearn.communication.continuous_variables.arguments import Detection, Reals
from qlearn.communication.continuous_variables.holevo import holevo_bound
from qlearn.communication.continuous_variables.information import mutual_information
from qlearn.communication.continuous_variables.rate import key_rate
from qlearn.qubits.noise import transmittance

_LEAST, _MOST = 1e-3, 1e4
# Each round keeps the two cells of the grid around the largest value: 60 points and 6 rounds end at a relative 1e-8.
_POINTS, _ROUNDS = 60, 6


class BestModulation(NamedTuple):
    """The modulation variance that gives the most key, and what it gives.

    Parameters
    ----------
    modulation_variance : ndarray of float
        In shot-noise units; nan where no modulation gives a key.
    rate : ndarray of float
        Secret bits a symbol.

    Taught in :doc:`/communication/continuous_variables`.
    """

    modulation_variance: Reals
    rate: Reals


def best_modulation(
    length_km: ArrayLike,
    *,
    excess_noise: ArrayLike,
    efficiency: ArrayLike,
    electronic_noise: ArrayLike,
    beta: ArrayLike,
    loss_db_per_km: ArrayLike = 0.2,
    detection: Detection = "homodyne",
    trusted: bool = True,
) -> BestModulation:
    r"""Return the modulation variance with the largest key rate, for each length.

    .. math:: V_A^\star = \arg\max_{V_A}\; \bigl(\beta\, I_{AB} - \chi_{BE}\bigr)

    Both :math:`I_{AB}` and :math:`\chi_{BE}` grow with :math:`V_A`. If error correction is perfect
    (:math:`\beta = 1`) more is better without end; else the part of :math:`I_{AB}` that it wastes,
    :math:`(1-\beta) I_{AB}`, grows too, and some finite brightness is best. Found on a logarithmic grid from
    0.001 to 10,000 that closes in on its largest value.

    Parameters
    ----------
    length_km : array_like of float, shape (...)
        Lengths of the fibre; the arguments broadcast.
    excess_noise, efficiency, electronic_noise, beta, loss_db_per_km : array_like of float
        As in :func:`key_rate`.
    detection : {"homodyne", "heterodyne"}
        As in :func:`key_rate`.
    trusted : bool
        As in :func:`key_rate`.

    Returns
    -------
    BestModulation
        Two arrays of the shape that the arguments broadcast to.

    Raises
    ------
    ValueError, TypeError
        As in :func:`key_rate`.

    Examples
    --------
    >>> best = best_modulation(25, excess_noise=0.01, efficiency=0.6, electronic_noise=0.01, beta=0.95)
    >>> round(float(best.modulation_variance), 1), round(float(best.rate), 4)
    (8.8, 0.0989)

    References
    ----------
    Jouguet, Kunz-Jacques and Leverrier, Phys. Rev. A 84, 062317 (2011), arXiv:1110.0100.

    Taught in :doc:`/communication/continuous_variables`.
    """
    line: dict[str, Any] = {
        "excess_noise": excess_noise,
        "efficiency": efficiency,
        "electronic_noise": electronic_noise,
        "detection": detection,
    }
    fibre: dict[str, Any] = {"length_km": length_km, "loss_db_per_km": loss_db_per_km}

    def rate(log_variance: Reals) -> Reals:
        return key_rate(modulation_variance=np.exp(log_variance), beta=beta, trusted=trusted, **fibre, **line)

    def margin(log_variance: Reals) -> Reals:  # below zero, too: a narrow window of key must not be missed
        through, variance = transmittance(**fibre), np.exp(log_variance)
        known = mutual_information(through, modulation_variance=variance, **line)
        hers = holevo_bound(through, modulation_variance=variance, trusted=trusted, **line)
        return np.asarray(np.asarray(beta) * known - hers)

    shape = rate(np.zeros(())).shape  # which also checks every argument
    low, high = np.full(shape, np.log(_LEAST)), np.full(shape, np.log(_MOST))
    for _ in range(_ROUNDS):
        grid = low + (high - low) * np.linspace(0, 1, _POINTS).reshape(-1, *(1,) * len(shape))
        at = margin(grid).argmax(axis=0, keepdims=True)
        low, high = (
            np.take_along_axis(grid, np.clip(at + step, 0, _POINTS - 1), axis=0)[0] for step in (-1, 1)
        )
    best = np.take_along_axis(grid, at, axis=0)[0]
    most = rate(best)
    return BestModulation(np.where(most > 0, np.exp(best), np.nan), most)
