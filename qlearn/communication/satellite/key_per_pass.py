"""Key per pass: the secret bits of one flight over the station, and the fibre that makes as many a day."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from qlearn._checks import as_failure, as_real
from qlearn.communication._published import as_record
from qlearn.communication.photons import (
    Counts,
    FiniteKey,
    Intensity,
    Link,
    expected_counts,
    finite_key,
    longest_distance,
    plob,
    rate_at,
)
from qlearn.communication.satellite.link_budget import DOWNLINKS, Downlink
from qlearn.communication.satellite.orbit import Pass
from qlearn.qubits.noise import transmittance


@dataclass(frozen=True, eq=False)
class PassKey:
    """Counts, error rates and secret bits that are expected of one honest pass.

    Parameters
    ----------
    counts : Counts
        Of the whole pass, by intensity and basis.
    sifted_hz : ndarray of float, shape (n,)
        Sifted signal bits a second, both bases, at each step.
    qber : ndarray of float, shape (n,)
        Error rate of these bits at each step.
    asymptotic_length : float
        Secret bits if the counts were frequencies: no allowance for chance.
    keys : tuple of FiniteKey
        The key of Z, tested in X, and the key of X, tested in Z.
    """

    counts: Counts
    sifted_hz: NDArray[np.float64]
    qber: NDArray[np.float64]
    asymptotic_length: float
    keys: tuple[FiniteKey, FiniteKey]

    def __repr__(self) -> str:
        qber = self.counts.qbers[Intensity.SIGNAL]
        return f"PassKey({self.length} secret of {self.sifted:.0f} sifted bits, qber={qber:.4f})"

    @property
    def sifted(self) -> float:
        """Sifted bits of the signal, both bases."""
        return float(self.counts.sifted[Intensity.SIGNAL].sum())

    @property
    def length(self) -> int:
        """Secret bits that such counts prove."""
        return sum(key.length for key in self.keys)


def pass_key(downlink: Downlink, flight: Pass, *, security: float = 1e-9) -> PassKey:
    r"""Return the counts that are expected of an honest pass, and the key that they prove.

    .. math:: n_{k,b} = \sum_t f\,\Delta t\; p_k\, p_b^2\; Q_{\mu_k}\bigl(T(t)\bigr)

    One session is one pass: the decoys of good and bad seconds are counted together, which is allowed because
    the line may change as it likes, and better, because large counts are worth more than many small ones.
    Bits of both bases become key. Each basis is tested by the other, with half of `security`; that is allowed
    because either key is secret even from somebody who is told all bits of the other basis. The errors of a basis are
    known when its bits are corrected, and no bit is disclosed for them.

    Parameters
    ----------
    downlink : Downlink
        For example ``DOWNLINKS["micius"]``.
    flight : Pass
        From :func:`~qlearn.communication.satellite.overpass`.
    security : float
        Failure probability of both keys together.

    Returns
    -------
    PassKey

    Examples
    --------
    >>> from qlearn.communication.satellite import DOWNLINKS, overpass
    >>> made = pass_key(DOWNLINKS["micius"], overpass(height_km=500, max_elevation_deg=49, min_elevation_deg=20))
    >>> round(made.sifted, -5), 0 < made.length < made.asymptotic_length
    (1600000.0, True)

    References
    ----------
    Liao et al., 2017, arXiv:1707.00542; finite key as Lim et al., 2014, arXiv:1311.7129.
    """
    as_record(downlink, "downlink", Downlink, DOWNLINKS)
    as_failure(security, "security")
    laser, receiver = downlink.laser, downlink.receiver
    transmittances = downlink.transmittance(flight)
    pulses = downlink.pulse_rate_hz * flight.step_s
    steps = [
        expected_counts(pulses, link=receiver, transmittance=float(t), source=laser) for t in transmittances
    ]
    total = sum(steps, Counts())
    signal = np.array([step.sifted[Intensity.SIGNAL].sum() for step in steps])
    wrong = np.array([step.errors[Intensity.SIGNAL].sum() for step in steps])
    prove = partial(finite_key, total, source=laser, efficiency=receiver.error_correction)
    keys = prove(key_basis="Z", security=security / 2), prove(key_basis="X", security=security / 2)
    limits = [prove(key_basis="Z", security=None).bits, prove(key_basis="X", security=None).bits]
    limit = float(np.maximum(limits, 0.0).sum())
    return PassKey(total, signal / flight.step_s, wrong / signal, limit, keys)


_DAY_S = 86_400.0


def fibre_crossing(
    bits_per_day: float, *, pulse_rate_hz: float, link: Link | None = None, loss_db_per_km: float = 0.2
) -> float:
    r"""Return the length at which a fibre, lit day and night, makes no more key than `bits_per_day`.

    .. math:: 86400\,\mathrm{s} \times f \times R(L) = \text{bits per day}

    Beyond it a satellite that delivers so many bits in its passes is ahead. Between two cities it has to pass
    over each.

    Parameters
    ----------
    bits_per_day : float
        What the satellite delivers, above 0.
    pulse_rate_hz : float
        :math:`f` of the fibre's laser, above 0.
    link : Link, optional
        The fibre and its receiver: :math:`R` is its rate with infinitely many decoys. None: no line of this loss
        with nothing between its ends can do better, :math:`R = -\log_2(1 - 10^{-\alpha L/10})` per mode. A pulse with
        two polarisations is two modes: double `pulse_rate_hz` for those, 3 dB more fibre. (A station in the middle,
        trusted or not, as in twin-field protocols, is something in between; a satellite that links
        two cities is one.)
    loss_db_per_km : float
        :math:`\alpha` where `link` is None: 0.2 is usual, and the lowest reported by 2018 is 0.142.

    Returns
    -------
    float
        Length in km; 0.0 if the fibre never makes as much.

    Examples
    --------
    >>> round(fibre_crossing(300_939, pulse_rate_hz=1e8))  # one Micius pass a day against 0.2 dB/km, one mode a pulse
    381

    References
    ----------
    Pirandola et al., Nature Communications 8, 15043 (2017), arXiv:1510.08863, for the bound. Tamura et al., J.
    Lightwave Technol. 36, 44 (2018), doi:10.1109/JLT.2018.2796647, for the 0.142 dB/km.
    """
    wanted = as_real(bits_per_day, "bits_per_day", above=0) / _DAY_S
    pulses = as_real(pulse_rate_hz, "pulse_rate_hz", above=0)
    loss = as_real(loss_db_per_km if link is None else link.loss_db_per_km, "loss_db_per_km")
    if loss <= 0:
        raise ValueError(f"loss_db_per_km must be above 0, not {loss:g}: without loss no length is too long")

    def surplus(length: float) -> float:
        t = float(transmittance(length, loss))
        rate = float(plob(t) if link is None else rate_at(t, link=link))
        return min(rate, 1e9) * pulses / wanted - 1

    if surplus(0.0) <= 0:
        return 0.0
    dark = 3000 / loss  # 3000 dB: beyond every number here
    farthest = dark if link is None else min(dark, longest_distance(link=link) + 1)
    if surplus(farthest) > 0:
        raise ValueError(
            f"bits_per_day must be more than a fibre of 3000 dB makes, not {bits_per_day:g}: the lines would meet "
            f"beyond {dark:g} km"
        )
    return float(brentq(surplus, 0.0, farthest, xtol=1e-6))
