"""Key rate: what Bob's numbers tell Alice, less what they tell Eve, and the modulation that makes most of it."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_reals, broadcast
from qlearn._types import Array
from qlearn.communication._grid_search import grid_maximum
from qlearn.communication.continuous_variables._arguments import Detection
from qlearn.communication.continuous_variables.holevo import holevo_bound
from qlearn.communication.continuous_variables.information import mutual_information
from qlearn.qubits.noise import transmittance as transmittance

# I_AB and chi_BE are sums of logarithms with some 1e-15 of rounding each: a smaller rate is none.
_ROUNDING = 1e-12


def key_rate(
    length_km: ArrayLike,
    *,
    modulation_variance: ArrayLike,
    excess_noise: ArrayLike,
    efficiency: ArrayLike,
    electronic_noise: ArrayLike,
    beta: ArrayLike,
    loss_db_per_km: ArrayLike = 0.2,
    detection: Detection = "homodyne",
    trusted: bool = True,
) -> Array:
    r"""Return the secret bits of a symbol of Gaussian-modulated coherent states over a fibre.

    .. math:: K = \max\bigl(0,\; \beta\, I_{AB} - \chi_{BE}\bigr)

    Reverse reconciliation, against collective attacks, for an endless key; a symbol is one mode of light. Bob's
    record is the key and Alice corrects hers to it. The rate is never negative: where Eve may know more than Alice
    there is no key, and that is 0. (How far below zero it is, the two pieces say: :func:`mutual_information` and
    :func:`holevo_bound`. Rates under 1e-12 are rounding and are 0 too.)

    Parameters
    ----------
    length_km : array_like of float, shape (...)
        Length of the fibre in km; all the numbers may be arrays and broadcast.
    modulation_variance : array_like of float
        :math:`V_A` of each quadrature, in shot-noise units.
    excess_noise : array_like of float
        :math:`\xi` at the *input* of the fibre, in shot-noise units.
    efficiency : array_like of float
        :math:`\eta` of Bob's detector, above 0, at most 1.
    electronic_noise : array_like of float
        :math:`v_\text{el}` of Bob's detector, in shot-noise units.
    beta : array_like of float
        :math:`\beta`, the share of :math:`I_{AB}` that error correction brings in, 0 to 1.
    loss_db_per_km : array_like of float
        Loss of a kilometre in dB.
    detection : {"homodyne", "heterodyne"}
        Bob measures one quadrature, by lot, or both.
    trusted : bool
        True: what Bob's detector loses and adds is not Eve's. False: it is.

    Returns
    -------
    ndarray of float, shape (...)
        Secret bits a symbol, at least 0. (A homodyne symbol is one pulse, and its one quadrature counts.)

    Examples
    --------
    >>> line = {"modulation_variance": 4, "excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}
    >>> key_rate([0, 25, 50, 1000], beta=0.95, **line).round(6)
    array([0.74876 , 0.091627, 0.022866, 0.      ])

    References
    ----------
    Lodewyck et al., Phys. Rev. A 76, 042305 (2007), arXiv:0706.4255; Grosshans et al., Nature 421, 238 (2003),
    arXiv:quant-ph/0312016, for reverse reconciliation.
    """
    through, fraction = broadcast(
        length_km=transmittance(length_km, loss_db_per_km), beta=as_reals(beta, "beta", least=0, most=1)
    )
    return rate_at(
        through,
        modulation_variance=modulation_variance,
        excess_noise=excess_noise,
        efficiency=efficiency,
        electronic_noise=electronic_noise,
        beta=fraction,
        detection=detection,
        trusted=trusted,
    )


def rate_at(
    transmittance: ArrayLike,
    *,
    modulation_variance: ArrayLike,
    excess_noise: ArrayLike,
    efficiency: ArrayLike,
    electronic_noise: ArrayLike,
    beta: ArrayLike,
    detection: Detection = "homodyne",
    trusted: bool = True,
) -> Array:
    """Return the rate of :func:`key_rate` for a line of known transmittance, fibre or not.

    Parameters
    ----------
    transmittance : array_like of float, shape (...)
        Share of the light that arrives at Bob's detector, 0 to 1.
    modulation_variance, excess_noise, efficiency, electronic_noise, beta, detection, trusted
        As in :func:`key_rate`.

    Returns
    -------
    ndarray of float, shape (...)
        Secret bits a symbol, at least 0.

    Examples
    --------
    >>> perfect = {"excess_noise": 0, "efficiency": 1, "electronic_noise": 0, "beta": 1}
    >>> float(rate_at(1.0, modulation_variance=3, **perfect))
    1.0
    """
    fraction = as_reals(beta, "beta", least=0, most=1)
    line = {
        "modulation_variance": modulation_variance,
        "excess_noise": excess_noise,
        "efficiency": efficiency,
        "electronic_noise": electronic_noise,
    }
    known = mutual_information(transmittance, detection=detection, **line)
    eve = holevo_bound(transmittance, detection=detection, trusted=trusted, **line)
    fraction, known, eve = broadcast(beta=fraction, alice=known, eve=eve)
    raw = fraction * known - eve
    return np.where(raw > _ROUNDING, raw, 0.0)


_LEAST, _MOST = 1e-3, 1e4
_KNOTS = 6 * (60,)  # which end at a relative 1e-8


class OptimalModulation(NamedTuple):
    """The modulation variance that gives the most key, and what it gives.

    Parameters
    ----------
    modulation_variance : ndarray of float
        In shot-noise units; nan where no modulation gives a key.
    rate : ndarray of float
        Secret bits a symbol.
    """

    modulation_variance: Array
    rate: Array


def optimal_modulation(
    length_km: ArrayLike,
    *,
    excess_noise: ArrayLike,
    efficiency: ArrayLike,
    electronic_noise: ArrayLike,
    beta: ArrayLike,
    loss_db_per_km: ArrayLike = 0.2,
    detection: Detection = "homodyne",
    trusted: bool = True,
) -> OptimalModulation:
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
    excess_noise, efficiency, electronic_noise, beta, loss_db_per_km, detection, trusted
        As in :func:`key_rate`.

    Returns
    -------
    OptimalModulation
        Two arrays of the shape that the arguments broadcast to.

    Examples
    --------
    >>> best = optimal_modulation(25, excess_noise=0.01, efficiency=0.6, electronic_noise=0.01, beta=0.95)
    >>> round(float(best.modulation_variance), 1), round(float(best.rate), 4)
    (8.8, 0.0989)

    References
    ----------
    Jouguet, Kunz-Jacques and Leverrier, Phys. Rev. A 84, 062317 (2011), arXiv:1110.0100.
    """
    line: dict[str, Any] = {
        "excess_noise": excess_noise,
        "efficiency": efficiency,
        "electronic_noise": electronic_noise,
        "detection": detection,
    }
    fibre: dict[str, Any] = {"length_km": length_km, "loss_db_per_km": loss_db_per_km}

    def rate(variance: ArrayLike) -> Array:
        return key_rate(modulation_variance=variance, beta=beta, trusted=trusted, **fibre, **line)

    def margin(variance: Array) -> Array:  # below zero, too: a narrow window of key must not be missed
        through = transmittance(**fibre)
        known = mutual_information(through, modulation_variance=variance, **line)
        eve = holevo_bound(through, modulation_variance=variance, trusted=trusted, **line)
        return np.asarray(np.asarray(beta) * known - eve)

    shape = rate(1.0).shape  # which also checks every argument
    best, _ = grid_maximum(margin, shape, _LEAST, _MOST, _KNOTS)
    most = rate(best)
    return OptimalModulation(np.where(most > 0, best, np.nan), most)
