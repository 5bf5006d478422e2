"""Fibre against free space: where the sky becomes the shorter way."""

from scipy.optimize import brentq

from qlearn._checks import as_real
from qlearn.communication.photons import Link, longest_distance, plob, rate_at
from qlearn.qubits.noise import transmittance

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

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range, or `bits_per_day` so small that a fibre makes them beyond 3000 dB.

    Examples
    --------
    >>> round(fibre_crossing(300_939, pulse_rate_hz=1e8))  # one Micius pass a day against 0.2 dB/km, one mode a pulse
    381

    References
    ----------
    Pirandola et al., Nature Communications 8, 15043 (2017), arXiv:1510.08863, for the bound. Tamura et al., J.
    Lightwave Technol. 36, 44 (2018), doi:10.1109/JLT.2018.2796647, for the 0.142 dB/km.

    Taught in :doc:`/communication/satellite`.
    """
    wanted = as_real(bits_per_day, "bits_per_day") / _DAY_S
    pulses = as_real(pulse_rate_hz, "pulse_rate_hz")
    if wanted <= 0 or pulses <= 0:
        raise ValueError("bits_per_day and pulse_rate_hz must be above 0")
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
