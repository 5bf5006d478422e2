"""The crossing: where a station in the middle makes more key than any fibre without one."""

import numpy as np
from scipy.optimize import brentq

from qlearn._checks import as_real
from qlearn.communication.fibre.station import Station, as_station
from qlearn.communication.fibre.twin_field import twin_field_rate
from qlearn.communication.photons import plob
from qlearn.qubits.noise import transmittance


def plob_crossing(*, station: Station) -> tuple[float, float]:
    r"""Return between which lengths twin fields make more key than any fibre without a station.

    .. math:: R(L) > -\log_2\bigl(1 - 10^{-\alpha L/10}\bigr)

    per mode on both sides, the bound for perfect detectors, the rate for the station's.

    Parameters
    ----------
    station : Station
        For example ``STATIONS["nanowire"]``.

    Returns
    -------
    tuple of (float, float)
        Lengths in km; nan twice if it never does, infinity if it still does at 200 dB. Looked for on a net of 0.2 dB.

    Raises
    ------
    ValueError, TypeError
        If the station has no loss.

    Examples
    --------
    >>> from qlearn.communication.fibre import STATIONS
    >>> [round(km) for km in plob_crossing(station=STATIONS["nanowire"])]
    [200, 482]

    References
    ----------
    Pirandola et al., Nature Communications 8, 15043 (2017), arXiv:1510.08863, for the bound.

    Taught in :doc:`/communication/fibre`.
    """
    loss = as_real(as_station(station).loss_db_per_km, "loss_db_per_km")
    if loss == 0:
        raise ValueError(
            "station must have loss_db_per_km above 0: without loss the bound is infinite everywhere"
        )

    def lead(length: float) -> float:
        bound = float(plob(transmittance(length, loss)))
        return float(twin_field_rate(length, station=station)) - bound

    net = np.arange(1, 1001) * 0.2 / loss
    ahead = np.flatnonzero(twin_field_rate(net, station=station) > plob(transmittance(net, loss)))
    if not ahead.size:
        return float("nan"), float("nan")
    first, last = ahead[0], ahead[-1]
    near = brentq(lead, net[first - 1], net[first], xtol=1e-3) if first else 0.0
    far = brentq(lead, net[last], net[last + 1], xtol=1e-3) if last + 1 < net.size else float("inf")
    return float(near), float(far)
