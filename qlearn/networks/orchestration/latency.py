r"""Latency: from the orders to the new model, part by part."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_real, as_reals

LIGHT_KM_PER_S = 2e5
"""Speed of light in fibre."""


@dataclass(frozen=True)
class Latency:
    """Where the time of a round goes, on the way of the update that is merged last; seconds.

    Parameters
    ----------
    orders_s : float
        Until the orders are at the aggregator.
    keys_s : float
        Waiting for keys.
    compute_s : float
        Training.
    transmission_s : float
        On lines: the model down, the update up, the aggregator's result up.
    queue_s : float
        At the aggregator: waiting, and being read.

    Examples
    --------
    A unit trains for 0.2 s and sends 1000 bits over 20 km, to an aggregator that has other work for 0.5 s:

    >>> sent = float(transmission_time(1000, 1e6, 20.0))
    >>> [left] = departures([0.2 + sent], 0.005, busy_until=0.5)
    >>> latency = Latency(compute_s=0.2, transmission_s=sent, queue_s=float(left) - 0.2 - sent)
    >>> round(latency.total_s, 6)
    0.505
    """

    orders_s: float = 0.0
    keys_s: float = 0.0
    compute_s: float = 0.0
    transmission_s: float = 0.0
    queue_s: float = 0.0

    @property
    def total_s(self) -> float:
        """The sum."""
        return self.orders_s + self.keys_s + self.compute_s + self.transmission_s + self.queue_s


def transmission_time(
    bits: ArrayLike, bits_per_second: ArrayLike, length_km: ArrayLike
) -> NDArray[np.float64]:
    r"""Return the seconds until the last bit of a message is there: :math:`b/B + L/c`.

    Parameters
    ----------
    bits : array_like of float, shape (...)
        Bits of the message.
    bits_per_second : array_like of float, shape (...)
        Rate of the line; broadcasts.
    length_km : array_like of float, shape (...)
        Its length; light covers 2e5 km a second in fibre. Broadcasts.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> transmission_time(1000, 1e6, [0.0, 200.0])
    array([0.001, 0.002])
    """
    return (
        as_reals(bits, "bits", least=0) / as_reals(bits_per_second, "bits_per_second", least=0)
        + as_reals(length_km, "length_km", least=0) / LIGHT_KM_PER_S
    )


def departures(arrivals: ArrayLike, service_s: float, *, busy_until: float = 0.0) -> NDArray[np.float64]:
    r"""Return when each of the messages leaves a queue that serves one at a time, in order of arrival.

    .. math:: d_k = \max(a_k, d_{k-1}) + s, \qquad d_0 = t_\text{busy}

    Lindley's recursion; all at once it is a running maximum: :math:`d_k = k s + \max_{j \le k}(a_j - (j-1)s)`.

    Parameters
    ----------
    arrivals : array_like of float, shape (n,)
        Times of arrival, in any order; who arrives at the same time is served in the order given.
    service_s : float
        Seconds that each takes.
    busy_until : float
        Until when the server has other work.

    Returns
    -------
    ndarray of float, shape (n,)
        In the order of `arrivals`.

    Examples
    --------
    >>> departures([0.0, 5.0, 0.5], 1.0)
    array([1., 6., 2.])

    References
    ----------
    Lindley, "The theory of queues with a single server", 1952, doi:10.1017/S0305004100027638.
    """
    times = as_reals(arrivals, "arrivals")
    service_s = as_real(service_s, "service_s", least=0)
    order = np.argsort(times, kind="stable")
    turn = np.arange(len(times))
    begun = np.maximum.accumulate(
        np.maximum(times[order], as_real(busy_until, "busy_until")) - turn * service_s
    )
    left = np.empty(len(times))
    left[order] = begun + (turn + 1) * service_s
    return left
