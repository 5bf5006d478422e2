"""Key per pass: everything a flight over the station yields, added up."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_failure
from qlearn.communication.photons import Counts, FiniteKey, expected_counts, finite_key
from qlearn.communication.satellite.downlink import Downlink
from qlearn.communication.satellite.orbit import Pass


@dataclass(frozen=True, eq=False)
class PassKey:
    """What one honest pass is expected to yield.

    Parameters
    ----------
    counts : Counts
        Of the whole pass, by intensity and basis.
    sifted_hz : ndarray of float, shape (n,)
        Sifted signal bits a second, both bases, at each step.
    qber : ndarray of float, shape (n,)
        Error rate of these bits at each step.
    endless : float
        Secret bits if the counts were frequencies: no allowance for chance.
    keys : tuple of FiniteKey
        The key of Z, tested in X, and the key of X, tested in Z.

    Taught in :doc:`/communication/satellite`.
    """

    counts: Counts
    sifted_hz: NDArray[np.float64]
    qber: NDArray[np.float64]
    endless: float
    keys: tuple[FiniteKey, FiniteKey]

    @property
    def sifted(self) -> float:
        """Sifted bits of the signal, both bases."""
        return float(self.counts.sifted[0].sum())

    @property
    def length(self) -> int:
        """Secret bits that such counts prove."""
        return sum(key.length for key in self.keys)


def pass_key(downlink: Downlink, sky: Pass, *, security: float = 1e-9) -> PassKey:
    r"""Add up the counts that an honest pass makes, and the key that they prove.

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
    sky : Pass
        From :func:`~qlearn.communication.satellite.overpass`.
    security : float
        Failure probability of both keys together.

    Returns
    -------
    PassKey

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> from qlearn.communication.satellite import DOWNLINKS, overpass
    >>> flight = pass_key(DOWNLINKS["micius"], overpass(height_km=500, max_elevation_deg=49, min_elevation_deg=20))
    >>> round(flight.sifted, -5), 0 < flight.length < flight.endless
    (1600000.0, True)

    References
    ----------
    Liao et al., 2017, arXiv:1707.00542; finite key as Lim et al., 2014, arXiv:1311.7129.

    Taught in :doc:`/communication/satellite`.
    """
    if not isinstance(downlink, Downlink):
        raise TypeError(f'downlink must be a Downlink, such as DOWNLINKS["micius"], not {downlink!r}')
    as_failure(security, "security")
    laser, receiver = downlink.laser, downlink.receiver
    shares = downlink.transmittance(sky)
    pulses = downlink.pulse_rate_hz * sky.step_s
    steps = [expected_counts(pulses, link=receiver, transmittance=float(t), source=laser) for t in shares]
    total = sum(steps, Counts())
    signal = np.array([step.sifted[0].sum() for step in steps])
    wrong = np.array([step.errors[0].sum() for step in steps])
    prove = partial(finite_key, total, source=laser, efficiency=receiver.error_correction)
    keys = prove(key_basis="Z", security=security / 2), prove(key_basis="X", security=security / 2)
    limits = [prove(key_basis="Z", security=None).bits, prove(key_basis="X", security=None).bits]
    endless = float(np.maximum(limits, 0.0).sum())
    return PassKey(total, signal / sky.step_s, wrong / signal, endless, keys)
