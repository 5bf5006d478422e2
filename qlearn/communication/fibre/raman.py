"""Raman: the light that a data channel in the same fibre scatters into the colour of the quantum channel."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import exprel

from qlearn._checks import as_probabilities, as_real, as_reals, broadcast
from qlearn._types import Array
from qlearn.qubits.noise import db_to_transmittance

Direction = Literal["forward", "backward"]

_PLANCK, _LIGHT = 6.62607015e-34, 299_792_458.0  # J s, m/s
_DECIBEL = np.log(10) / 10
_MOST_DBM = 3000.0  # floats end a little beyond


def dbm_to_watt(dbm: ArrayLike) -> Array:
    r"""Return a power in watt, given in dBm: decibels above one milliwatt.

    .. math:: P = 10^{-3} \cdot 10^{x/10}

    Parameters
    ----------
    dbm : array_like of float, shape (...)
        :math:`x`, at most 3000; minus infinity is darkness.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> dbm_to_watt([0, -30, -np.inf])
    array([1.e-03, 1.e-06, 0.e+00])
    """
    level = np.asarray(dbm)
    if level.dtype.kind not in "uif":
        raise TypeError(f"dbm must be a power in dBm, a number, not {dbm!r}")
    if np.isnan(level).any() or (level > _MOST_DBM).any():
        raise ValueError(f"dbm must be at most {_MOST_DBM:g}, or minus infinity for darkness, not {dbm!r}")
    return np.asarray(10 ** (level.astype(np.float64) / 10 - 3))


def raman_power(
    launch_w: ArrayLike,
    length_km: ArrayLike,
    *,
    bandwidth_nm: float,
    coefficient: float = 3e-9,
    loss_db_per_km: float = 0.2,
    classical_loss_db_per_km: float | None = None,
    direction: Direction = "forward",
) -> Array:
    r"""Return the power of spontaneous Raman light in the quantum channel's colour, at Bob's end of the fibre.

    .. math::

        P_\text{forward} &= \int_0^L P\,e^{-\alpha_c z}\,\beta\,\Delta\lambda\; e^{-\alpha_q (L - z)}\,dz
            = P \beta\,\Delta\lambda\; L\,e^{-\alpha L} \\
        P_\text{backward} &= \int_0^L P\,e^{-\alpha_c z}\,\beta\,\Delta\lambda\; e^{-\alpha_q z}\,dz
            = P \beta\,\Delta\lambda\; \frac{1 - e^{-2\alpha L}}{2\alpha}

    (right: for equal losses :math:`\alpha`, per km). Forward, the data travel with the photons, from Alice; backward,
    against them, launched at Bob's. The forward light is largest at :math:`L = 1/\alpha`, 22 km at 0.2 dB/km, and then
    falls with the signal; the backward one stays, and the signal falls.

    Parameters
    ----------
    launch_w : array_like of float, shape (...)
        :math:`P` in watt, where the data enter the fibre; several channels of one direction add.
    length_km : array_like of float, shape (...)
        :math:`L`; broadcasts.
    bandwidth_nm : float
        :math:`\Delta\lambda` of the filter before the detectors.
    coefficient : float
        :math:`\beta`, share scattered per km of fibre and nm of filter, into the guided modes of one direction. It
        depends on both colours: the default is a large value inside the C band.
    loss_db_per_km : float
        Of the fibre at the quantum channel.
    classical_loss_db_per_km : float, optional
        At the data channel; None: the same.
    direction : {"forward", "backward"}
        Of the data, seen from the photons.

    Returns
    -------
    ndarray of float, shape (...)
        Watt, both polarisations.

    Examples
    --------
    >>> both = [raman_power(dbm_to_watt(0), [25, 100], bandwidth_nm=0.1, direction=d) for d in ("forward", "backward")]
    >>> np.round(np.array(both) * 1e12, 2)  # picowatt; one row for each direction
    array([[2.37, 0.3 ],
           [2.93, 3.26]])

    References
    ----------
    Eraerds, Walenta, Legre, Gisin and Zbinden, New J. Phys. 12, 063027 (2010), arXiv:0912.1798, equations 2 and 3 (there
    with the power that leaves the fibre); the coefficient: Kumar, Qin and Alleaume, New J. Phys. 17, 043027 (2015),
    arXiv:1412.1403.
    """
    power, length = broadcast(
        launch_w=as_reals(launch_w, "launch_w", least=0), length_km=as_reals(length_km, "length_km", least=0)
    )
    scattered = as_real(coefficient, "coefficient", least=0) * as_real(bandwidth_nm, "bandwidth_nm", least=0)
    quantum = as_real(loss_db_per_km, "loss_db_per_km", least=0) * _DECIBEL
    classical = quantum
    if classical_loss_db_per_km is not None:
        classical = as_real(classical_loss_db_per_km, "classical_loss_db_per_km", least=0) * _DECIBEL
    if direction == "forward":
        # The integral is symmetric in the two losses; written so that no factor grows.
        less, apart = min(quantum, classical), abs(quantum - classical)
        reach = length * np.exp(-less * length) * exprel(-apart * length)
    elif direction == "backward":
        reach = length * exprel(-(quantum + classical) * length)
    else:
        raise ValueError(f'direction must be "forward" or "backward", not {direction!r}')
    return np.asarray(power * scattered * reach)


def crosstalk_power(
    launch_w: ArrayLike, length_km: ArrayLike, *, isolation_db: float, loss_db_per_km: float = 0.2
) -> Array:
    r"""Return the power of a data channel that leaks through the filters of the quantum channel, in watt.

    .. math:: P_\text{leak} = P\,10^{-(\alpha L + I)/10}

    `isolation_db` is how much more the filters take of the data's colour than of the quantum channel's
    (Eraerds et al., 2010, arXiv:0912.1798, on channel crosstalk).

    >>> crosstalk_power(1e-3, [0, 50], isolation_db=100)
    array([1.e-13, 1.e-14])
    """
    power, length = broadcast(
        launch_w=as_reals(launch_w, "launch_w", least=0), length_km=as_reals(length_km, "length_km", least=0)
    )
    loss, isolation = (
        as_real(loss_db_per_km, "loss_db_per_km", least=0),
        as_real(isolation_db, "isolation_db", least=0),
    )
    return np.asarray(power * db_to_transmittance(loss * length + isolation))


def noise_click_probability(
    power_w: ArrayLike, *, gate_s: float, efficiency: ArrayLike, wavelength_nm: float = 1550.0
) -> Array:
    r"""Return the probability that stray light of `power_w` clicks in a gate, in either detector: a part of the background.

    .. math:: 1 - e^{-n}, \qquad n = \frac{P\lambda}{hc}\;\tau\,\eta

    >>> float(noise_click_probability(1e-12, gate_s=1e-10, efficiency=0.1).round(8))  # a picowatt: 7.8 million photons a second
    7.802e-05
    """
    power, eta = broadcast(
        power_w=as_reals(power_w, "power_w", least=0),
        efficiency=as_probabilities(efficiency, "efficiency", "efficiencies"),
    )
    gate, colour = as_real(gate_s, "gate_s", least=0), as_real(wavelength_nm, "wavelength_nm", above=0)
    return np.asarray(-np.expm1(-power * colour * 1e-9 / (_PLANCK * _LIGHT) * gate * eta))


@dataclass(frozen=True)
class Traffic:
    """Data channels in the same fibre, all in one direction, counted as one.

    Parameters
    ----------
    launch_dbm : float
        Their power together where they enter the fibre, in dBm; minus infinity for a dark fibre.
    direction : {"forward", "backward"}
        With the photons or against them.
    coefficient : float
        Raman scattering, per km and nm.
    isolation_db : float
        How much more the filters take of the data's colour than of the photons'.

    Examples
    --------
    >>> Traffic(launch_dbm=0.0).direction
    'forward'
    """

    launch_dbm: float = -np.inf
    direction: Direction = "forward"
    coefficient: float = 3e-9
    isolation_db: float = 100.0

    def __post_init__(self) -> None:
        dbm_to_watt(self.launch_dbm)
        for name in ("coefficient", "isolation_db"):
            as_real(getattr(self, name), name, least=0)
        if self.direction not in ("forward", "backward"):
            raise ValueError(f'direction must be "forward" or "backward", not {self.direction!r}')
