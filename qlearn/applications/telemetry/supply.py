"""Key supply: secret bits a day of one fibre link with finite sessions, and how many sensors it feeds."""

from math import floor, inf

import numpy as np

from qlearn._checks import as_count, as_real
from qlearn.applications.telemetry.demand import KEY_BITS
from qlearn.communication.fibre.dead_time import live_fraction
from qlearn.communication.photons import Link, expected_counts, finite_key, gain, optimal_source

_DAY = 86_400.0
_PASSES = 2  # the source for all pulses, then the source for those that meet detectors awake


def key_supply(
    length_km: float,
    *,
    link: Link,
    pulse_rate_hz: float,
    session_s: float = 600.0,
    dead_time_s: float = 0.0,
) -> float:
    r"""Return the secret bits a day of a decoy-state link, session by session with finite keys.

    .. math:: S = \frac{86400}{t}\;\ell\!\left(\frac{f\,t}{1 + f\,\bar Q\,\tau}\right)

    with the key length :math:`\ell` of :func:`~qlearn.communication.photons.finite_key` for the counts to expect, and the
    source that a search finds for that length. Detectors that rest together for :math:`\tau` after a click see only
    pulses that meet them awake. Where they would rest most of the time, as much loss is added on the line as lets them
    click half as often as they can, if that makes more. Neither is an optimum: a better source may exist.

    Parameters
    ----------
    length_km : float
        Of the fibre.
    link : Link
        Receiver and loss, such as ``photons.LINKS["lim2014"]``.
    pulse_rate_hz : float
        :math:`f`.
    session_s : float
        :math:`t`, up to a day: a short session pays more for what its counts leave open.
    dead_time_s : float
        :math:`\tau`.

    Returns
    -------
    float
        Bits a day; 0 where a session proves no key. What authentication of the sessions takes is not subtracted.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> detector = {"link": LINKS["lim2014"], "pulse_rate_hz": 1e8, "dead_time_s": 1e-5}
    >>> near, far = key_supply(10, **detector), key_supply(100, **detector)
    >>> near > 1e9 > far > 1e8
    True

    References
    ----------
    Lim, Curty, Walenta, Xu and Zbinden, Phys. Rev. A 89, 022307 (2014), arXiv:1311.7129.
    """
    distance = as_real(length_km, "length_km", least=0)
    rate = as_real(pulse_rate_hz, "pulse_rate_hz", above=0)
    seconds = as_real(session_s, "session_s", above=0, most=_DAY)
    rest = as_real(dead_time_s, "dead_time_s", least=0)
    channel = 10 ** (-distance * link.loss_db_per_km / 10)
    made, saturation = _session_bits(channel, link, rate, seconds, rest)
    if saturation > 1:
        # Detectors rest most of the time: fewer photons, so that they click about half as often as they can.
        made = max(made, _session_bits(channel / saturation, link, rate, seconds, rest)[0])
    return _DAY / seconds * made


def _session_bits(channel: float, link: Link, rate: float, seconds: float, rest: float) -> tuple[int, float]:
    """Return the key of one session, and how many clicks would come in the rest after one."""
    source, awake, saturation = None, 1.0, 0.0
    for _ in range(_PASSES if rest else 1):
        source = optimal_source(
            link=link, transmittance=channel, n_pulses=rate * seconds * awake, start=source
        )
        clicks = float(np.dot(source.probabilities, gain(source.intensities, channel, link=link)))
        saturation = rate * clicks * rest
        awake = float(live_fraction(rate * clicks, dead_time_s=rest))
    assert source is not None
    counts = expected_counts(rate * seconds * awake, link=link, transmittance=channel, source=source)
    return finite_key(counts, source=source, efficiency=link.error_correction).length, saturation


def sensors_fed(supply: float, each: float) -> int:
    r"""Return how many sensors a supply feeds: :math:`\lfloor S / d \rfloor`.

    Parameters
    ----------
    supply : float
        Bits a day of the link.
    each : float
        Bits a day that one sensor uses up, above 0.

    Returns
    -------
    int

    Examples
    --------
    >>> sensors_fed(1e6, 24 * 256)
    162

    References
    ----------
    ITU-T Y.3800 (2019): the layer that shares keys out among users.
    """
    return floor(as_real(supply, "supply", least=0) / as_real(each, "each", above=0))


def shortest_rotation(supply: float, sensors: int) -> float:
    r"""Return the shortest time between two fresh keys of each sensor that a supply pays for.

    .. math:: t = 86400\;\frac{256\,n}{S}

    Parameters
    ----------
    supply : float
        :math:`S`, bits a day.
    sensors : int
        :math:`n`.

    Returns
    -------
    float
        Seconds; infinite without a supply.

    Examples
    --------
    >>> shortest_rotation(256 * 100 * 24, 100)
    3600.0

    References
    ----------
    ITU-T Y.3800 (2019).
    """
    bits, n = as_real(supply, "supply", least=0), as_count(sensors, "sensors")
    return _DAY * KEY_BITS * n / bits if bits else inf
