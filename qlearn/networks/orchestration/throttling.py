"""Throttling: what a flood of requests leaves of a server, with a bucket for each sender, and with a turn for each."""

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice, as_count, as_real, as_reals, as_rng
from qlearn._types import Array
from qlearn.communication.key_management.throttling import TokenBucket


def bucket_passes(n: int, period: float, rate: float, burst: int) -> int:
    r"""Return how many of n requests at equal distances pass a bucket of tokens that is full at the first one.

    .. math:: N = \min\bigl(n,\; \lfloor b + r\,(n-1)\,\Delta \rfloor\bigr) \quad (r\Delta \le 1,\; b \ge 2)

    The burst b passes at once; after that one gets the rate r, however hard one knocks. If requests come no quicker
    than tokens (:math:`r\Delta \ge 1`) all pass. A bucket of one token overflows between two requests, and passes only each
    :math:`\lceil 1/(r\Delta) \rceil`-th.

    Parameters
    ----------
    n : int
        Requests.
    period : float
        Seconds from one to the next, :math:`\Delta`.
    rate : float
        Tokens a second.
    burst : int
        Tokens of a full bucket.

    Returns
    -------
    int

    Examples
    --------
    >>> bucket_passes(1000, period=0.01, rate=5, burst=10)  # ten seconds: 10 + 5 x 9.99
    59
    >>> bucket_passes(1000, period=0.25, rate=5, burst=10)  # slower than the tokens come
    1000

    References
    ----------
    J. Turner, "New directions in communications (or which way to the information age?)", IEEE Communications
    Magazine 24 (10), 8 (1986).
    """
    n, burst = as_count(n, "n", least=0), as_count(burst, "burst")
    period, rate = as_real(period, "period", least=0), as_real(rate, "rate", above=0)
    gained = rate * period
    if gained >= 1 or n == 0:
        return n
    if burst == 1 and gained > 0:
        return 1 + (n - 1) // int(np.ceil(1 / gained - 1e-9))
    return min(n, int(np.floor(burst + gained * (n - 1) + 1e-9)))


def fair_shares(demands: ArrayLike, capacity: float) -> Array:
    r"""Return the max-min fair shares of a capacity, shape (senders,): no one can get more but from one who has less.

    .. math:: x_i = \min(d_i, \lambda), \qquad \sum_i x_i = \min\Bigl(C, \sum_i d_i\Bigr)

    Parameters
    ----------
    demands : array_like, shape (senders,)
        What each asks for, in requests a second.
    capacity : float
        C, requests a second.

    Returns
    -------
    ndarray of float64, shape (senders,)

    Examples
    --------
    >>> fair_shares([1.0, 2.0, 100.0], capacity=10)  # the small are served whole, the flood gets the rest
    array([1., 2., 7.])

    References
    ----------
    Bertsekas, Gallager, "Data networks", 2nd ed. 1992, section 6.5.2 (max-min flow control).
    """
    wanted, left = as_reals(demands, "demands", least=0), as_real(capacity, "capacity", least=0)
    if wanted.ndim != 1:
        raise ValueError(f"demands must have shape (senders,), not {wanted.shape}")
    shares = np.zeros_like(wanted)
    for place, sender in enumerate(np.argsort(wanted, kind="stable")):
        shares[sender] = min(wanted[sender], left / (wanted.size - place))
        left -= shares[sender]
    return shares


def flood_goodput(
    rates: ArrayLike, capacity: float, *, throttle: float | None = None, fair: bool = False
) -> Array:
    r"""Return the share of its requests that a server answers in the long run, for each sender, shape (senders,).

    .. math:: a_i = \min(\lambda_i, r), \qquad
              g_i = \frac{a_i}{\lambda_i} \min\Bigl(1, \frac{C}{\sum_j a_j}\Bigr), \qquad
              g_i^{\text{fair}} = \frac{x_i(a)}{\lambda_i}

    This is the fluid limit, long queues and long times: in one queue each is served in proportion to what it
    sends, so a flood takes what it wants. A bucket of r tokens a second for each *name* bounds what one name takes. A
    turn for each name (`fair`) gives max-min fair shares. Neither knows whether two names are one sender.

    Parameters
    ----------
    rates : array_like, shape (senders,)
        Requests a second of each sender, above 0.
    capacity : float
        C, requests that the server answers a second.
    throttle : float, optional
        r, tokens a second of each sender's bucket. None: no bucket.
    fair : bool
        Whether the server takes the senders in turn instead of first come, first served.

    Returns
    -------
    ndarray of float64, shape (senders,)

    Examples
    --------
    >>> rates = [2.0, 2.0, 200.0]  # two honest senders and a flood
    >>> flood_goodput(rates, capacity=10).round(3)
    array([0.049, 0.049, 0.049])
    >>> flood_goodput(rates, capacity=10, throttle=4).round(3)
    array([1.  , 1.  , 0.02])
    """
    sent = as_reals(rates, "rates", least=0)
    if sent.ndim != 1 or not (sent > 0).all():
        raise ValueError(f"rates must be numbers above 0, one for each sender, not {rates!r}")
    capacity = as_real(capacity, "capacity", above=0)
    passed = sent if throttle is None else np.minimum(sent, as_real(throttle, "throttle", above=0))
    answered = fair_shares(passed, capacity) if fair else passed * min(1.0, capacity / passed.sum())
    return answered / sent


@dataclass(frozen=True, eq=False)
class FloodRun:
    """What became of the requests of each sender; every array has the shape (senders,).

    Parameters
    ----------
    arrived, throttled, dropped, answered : ndarray of int
        Requests sent; refused for want of a token; lost at a full queue; answered.
    wait_s : ndarray of float64
        Mean seconds from arrival to answer of those answered; NaN where none was.
    """

    arrived: NDArray[np.intp]
    throttled: NDArray[np.intp]
    dropped: NDArray[np.intp]
    answered: NDArray[np.intp]
    wait_s: Array

    @property
    def goodput(self) -> Array:
        """Share of the requests that were answered, shape (senders,); NaN for one who sent none."""
        return np.where(self.arrived > 0, self.answered / np.maximum(self.arrived, 1), np.nan)

    def __repr__(self) -> str:
        return (
            f"FloodRun({self.arrived.sum()} arrived, {self.throttled.sum()} throttled, "
            f"{self.dropped.sum()} dropped, {self.answered.sum()} answered)"
        )


def serve_flood(
    rates: ArrayLike,
    capacity: float,
    seconds: float,
    *,
    throttle: float | None = None,
    burst: int = 10,
    queue: int = 20,
    discipline: str = "fifo",
    rng: Any = None,
) -> FloodRun:
    """Simulate a server whose senders ask at random times, request by request.

    Every sender asks as a Poisson process. A request that finds its bucket without a token is turned away at
    the door; one that finds the queue full is lost; the others are answered one after the other, each in
    1/capacity seconds.

    Parameters
    ----------
    rates : array_like, shape (senders,)
        Requests a second of each sender.
    capacity : float
        Answers a second.
    seconds : float
        How long requests come; what waits then is still answered.
    throttle : float, optional
        Tokens a second of each sender's bucket (that of the key manager). None: no bucket.
    burst : int
        Tokens of a full bucket.
    queue : int
        Places of the queue; with ``"fair"`` of each sender's queue.
    discipline : {"fifo", "fair"}
        One queue, first come first served; or a queue for each sender, served in turn.
    rng : optional
        Anything :func:`numpy.random.default_rng` takes.

    Returns
    -------
    FloodRun

    Examples
    --------
    >>> run = serve_flood([2.0, 2.0, 200.0], capacity=10, seconds=60, throttle=4, rng=1)
    >>> run
    FloodRun(12166 arrived, 11690 throttled, 0 dropped, 476 answered)
    >>> run.goodput[:2].round(3)
    array([1., 1.])
    """
    sent = as_reals(rates, "rates", least=0)
    if sent.ndim != 1 or not sent.size:
        raise ValueError(f"rates must have shape (senders,), not {sent.shape}")
    service = 1 / as_real(capacity, "capacity", above=0)
    seconds, places = as_real(seconds, "seconds", above=0), as_count(queue, "queue")
    fair = as_choice(discipline, ("fifo", "fair"), "discipline") == "fair"
    now, rng = [0.0], as_rng(rng)
    bucket = None if throttle is None else TokenBucket(throttle, burst, clock=lambda: now[0])

    arrived = rng.poisson(sent * seconds)
    senders = np.repeat(np.arange(sent.size), arrived)
    times = rng.uniform(0, seconds, senders.size)
    order = np.argsort(times, kind="stable")
    throttled, dropped, answered = (np.zeros(sent.size, np.intp) for _ in range(3))
    waited = np.zeros(sent.size)
    waiting: dict[int, deque[tuple[float, int]]] = {}  # in the order in which the queues are served
    free_at = 0.0

    def work_until(end: float) -> None:
        nonlocal free_at
        while waiting and free_at <= end:
            key = next(iter(waiting))
            line = waiting.pop(key)
            came, sender = line.popleft()
            if line:
                waiting[key] = line  # behind the others: its next turn
            free_at += service
            answered[sender] += 1
            waited[sender] += free_at - came

    for time, sender in zip(times[order].tolist(), senders[order].tolist(), strict=True):
        work_until(time)
        now[0] = time
        if bucket is not None and not bucket.allows(str(sender)):
            throttled[sender] += 1
            continue
        line = waiting.setdefault(sender if fair else -1, deque())
        if len(line) >= places:
            dropped[sender] += 1
            continue
        if not line and len(waiting) == 1:  # the server was idle
            free_at = max(free_at, time)
        line.append((time, sender))
    work_until(np.inf)
    wait = np.full(sent.size, np.nan)
    np.divide(waited, answered, out=wait, where=answered > 0)
    return FloodRun(arrived, throttled, dropped, answered, wait)
