"""The rate: what Bob's numbers tell Alice, less what they tell Eve."""

import numpy as np
from numpy.typing import ArrayLike

from qlearn.communication.continuous_variables.arguments import Detection, Reals, as_reals, together
from qlearn.communication.continuous_variables.holevo import holevo_bound
from qlearn.communication.continuous_variables.information import mutual_information
from qlearn.qubits.noise import transmittance

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
) -> Reals:
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

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range, the shapes do not broadcast, `detection` is neither of the two, or
        `trusted` is no bool.

    Examples
    --------
    >>> line = {"modulation_variance": 4, "excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}
    >>> key_rate([0, 25, 50, 1000], beta=0.95, **line).round(6)
    array([0.74876 , 0.091627, 0.022866, 0.      ])

    References
    ----------
    Lodewyck et al., Phys. Rev. A 76, 042305 (2007), arXiv:0706.4255; Grosshans et al., Nature 421, 238 (2003),
    arXiv:quant-ph/0312016, for reverse reconciliation.

    Taught in :doc:`/communication/continuous_variables`.
    """
    through, share = together(
        length_km=transmittance(length_km, loss_db_per_km), beta=as_reals(beta, "beta", least=0, most=1)
    )
    return rate_at(
        through,
        modulation_variance=modulation_variance,
        excess_noise=excess_noise,
        efficiency=efficiency,
        electronic_noise=electronic_noise,
        beta=share,
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
) -> Reals:
    """Return the rate of :func:`key_rate` for a line of known transmittance, fibre or not.

    Parameters
    ----------
    transmittance : array_like of float, shape (...)
        Share of the light that arrives at Bob's detector, 0 to 1.
    modulation_variance, excess_noise, efficiency, electronic_noise, beta : array_like of float
        As in :func:`key_rate`.
    detection : {"homodyne", "heterodyne"}
        As in :func:`key_rate`.
    trusted : bool
        As in :func:`key_rate`.

    Returns
    -------
    ndarray of float, shape (...)
        Secret bits a symbol, at least 0.

    Raises
    ------
    ValueError, TypeError
        As in :func:`key_rate`.

    Examples
    --------
    >>> perfect = {"excess_noise": 0, "efficiency": 1, "electronic_noise": 0, "beta": 1}
    >>> float(rate_at(1.0, modulation_variance=3, **perfect))
    1.0

    References
    ----------
    Lodewyck et al., Phys. Rev. A 76, 042305 (2007), arXiv:0706.4255.

    Taught in :doc:`/communication/continuous_variables`.
    """
    share = as_reals(beta, "beta", least=0, most=1)
    line = {
        "modulation_variance": modulation_variance,
        "excess_noise": excess_noise,
        "efficiency": efficiency,
        "electronic_noise": electronic_noise,
    }
    known = mutual_information(transmittance, detection=detection, **line)
    hers = holevo_bound(transmittance, detection=detection, trusted=trusted, **line)
    share, known, hers = together(beta=share, alice=known, eve=hers)
    raw = share * known - hers
    return np.where(raw > _ROUNDING, raw, 0.0)
