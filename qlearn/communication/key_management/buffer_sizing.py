"""Buffer sizing: how large a store must be between a link that makes keys and programs that ask for several at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log1p

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_probability, as_real
from qlearn.communication.key_management.key_store import CAPACITY

# Weights are scaled down before they leave the range of floats.
_LARGE = 1e200
# Rates and times so far apart that their products stay in it.
_LEAST, _MOST = 1e-20, 1e20
# What a sum of shares may be off by.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class KeyTraffic:
    r"""What goes into a store of keys and what is asked of it: mean rates, and how unevenly both come.

    Keys are made one by one and requests come at random times (two Poisson processes). Each request is for `burst`
    keys, all or none, as :meth:`KeyStore.hand_out` gives them, and is not repeated if it is refused. A key that finds
    the store full is not stored. The link may be dark at times: spells in which it makes nothing. They and those
    between them are of random length: however long a spell has lasted, the next second is as likely as ever to end it
    (the lengths are exponential). That matters: spells of one length ask for a far smaller store. Between dark spells
    the link makes :math:`1/(1-` `dark_share` :math:`)` times `made`, so that `made` stays its mean. Rates and times
    may be from 1e-20 to 1e20.

    Parameters
    ----------
    made : float
        Keys that the link makes, a second, on average over dark spells too.
    asked : float
        Keys that programs ask for, a second, on average.
    burst : int
        Keys of one request.
    dark_s : float
        Mean length of a dark spell in seconds; 0: none.
    dark_share : float
        Share of the time that is dark, below 1; says nothing where `dark_s` is 0.

    Examples
    --------
    >>> KeyTraffic(made=10, asked=9, burst=4).load
    0.9
    """

    made: float
    asked: float
    burst: int = 1
    dark_s: float = 0.0
    dark_share: float = 0.5

    def __post_init__(self) -> None:
        as_real(self.made, "made", least=_LEAST, most=_MOST)
        as_real(self.asked, "asked", least=_LEAST, most=_MOST)
        as_count(self.burst, "burst")
        if as_real(self.dark_s, "dark_s", least=0):
            as_real(self.dark_s, "dark_s", least=_LEAST, most=_MOST)
        if not 0 < as_probability(self.dark_share, "dark_share") < 1:
            raise ValueError(
                f"dark_share must be above 0 and below 1, not {self.dark_share}: a link without dark spells has dark_s=0"
            )

    @property
    def load(self) -> float:
        """Keys asked for, for each that is made."""
        return self.asked / self.made

    @property
    def rates(self) -> tuple[float, float, float, float]:
        """Events a second: a request, a key while the link is lit, a lit spell ends, a dark one ends."""
        if not self.dark_s:
            return self.asked / self.burst, self.made, 0.0, 1.0
        wakes = 1 / self.dark_s
        lit = 1 - self.dark_share
        return self.asked / self.burst, self.made / lit, wakes * self.dark_share / lit, wakes


def refused_share(capacity: int, traffic: KeyTraffic) -> float:
    r"""Return which share of requests a store refuses in the long run, exactly.

    Let :math:`x_k` be the share of time in which the link is lit and :math:`k` keys are there, :math:`d_k` that in which it is
    dark, :math:`\lambda` the rate of requests for :math:`b` keys, :math:`s` that of keys while lit, :math:`\alpha` and
    :math:`\beta` those at which lit and dark spells end. As often as the stock climbs from :math:`k` to :math:`k+1`, a request
    takes it from above :math:`k` to :math:`k` or below; and as often as it comes to :math:`k` keys and darkness, it leaves them:

    .. math::

        s\,x_k = \lambda \sum_{j=\max(k+1,\,b)}^{\min(k+b,\,C)} (x_j + d_j), \qquad
        (\beta + \lambda [k \ge b])\, d_k = \alpha\, x_k + \lambda\, d_{k+b} .

    So all follow from :math:`x_C`, downwards, by sums of positive numbers. Requests come at random times and see the store
    as it is on average: :math:`\sum_{k<b} (x_k + d_k)` of all are refused.

    For requests for one key and no darkness this is :math:`(1-\rho)\rho^C/(1-\rho^{C+1})` with the load :math:`\rho`; at
    :math:`\rho = 1` it is :math:`1/(C+1)`. No store refuses less than :math:`1 - 1/\rho`: more keys than are made cannot be
    handed out. A larger store refuses no more: let two see the same events, then the larger has handed out as many keys as the
    smaller and holds no fewer, or has handed out :math:`n` requests more and holds at most :math:`n b` keys fewer.

    Parameters
    ----------
    capacity : int
        :math:`C`, keys that the store holds at most.
    traffic : KeyTraffic

    Returns
    -------
    float

    Examples
    --------
    Nine keys of ten that are made are asked for, one at a time or 16 at once:

    >>> round(refused_share(44, KeyTraffic(10, 9)), 4), round(refused_share(44, KeyTraffic(10, 9, burst=16)), 4)
    (0.001, 0.1628)
    >>> round(refused_share(99, KeyTraffic(10, 10)), 12)
    0.01

    An hour of the second, drawn at random, refuses about as many:

    >>> draws = iter(np.random.default_rng(1).random, None)  # endless
    >>> follow_stock(draws, 44, KeyTraffic(10, 9, burst=16), seconds=3600)
    StockRun(2063 requests, 355 refused, 8731 keys not stored)

    References
    ----------
    Kleinrock, Queueing Systems, volume 1 (1975), section 3.6 and chapter 4: the free places of the store are a queue, and each
    request puts b of them in at once. Wolff, Operations Research 30, 223 (1982): what arrives at random sees averages.
    """
    size = as_count(capacity, "capacity")
    request, key, dims, wakes = traffic.rates
    burst = traffic.burst
    if burst > size:
        return 1.0
    # Sums over the last `burst` levels by additions alone: the rest of the block before, and this block so far.
    block, after, dark = [0.0] * burst, [0.0] * burst, [0.0] * burst
    so_far = total = refused = 0.0
    for free in range(size + 1):
        serves, place = free <= size - burst, free % burst
        if free and not place:
            so_far = 0.0
            for i in reversed(range(burst)):
                so_far += block[i]
                after[i] = so_far
            so_far = 0.0
        lit = request / key * (after[place] + so_far) if free else 1.0
        dark[place] = (dims * lit + request * dark[place]) / (wakes + request * serves)
        here = lit + dark[place]
        block[place] = here if serves else 0.0
        so_far += block[place]
        total += here
        refused += 0.0 if serves else here
        if total > _LARGE:
            so_far, total, refused = so_far / _LARGE, total / _LARGE, refused / _LARGE
            block, after, dark = ([one / _LARGE for one in row] for row in (block, after, dark))
    return refused / total


def smallest_store(refused: float, traffic: KeyTraffic, *, most: int = CAPACITY) -> int | None:
    r"""Return how many keys a store must hold so that it refuses no more than a given share of requests.

    The share falls with the capacity (:func:`refused_share`), so that doubling and bisection find it.

    Parameters
    ----------
    refused : float
        Share of requests, above 0 and below 1.
    traffic : KeyTraffic
    most : int
        The largest store to think of.

    Returns
    -------
    int or None
        None: even `most` keys are too few, or no store refuses less (to within 1e-12).

    Examples
    --------
    One request in a thousand is refused, at 90 and at 99 % of what the link makes; for 16 keys at once; with a link that is
    dark half of the time, in spells of random length, ten seconds on average:

    >>> smallest_store(1e-3, KeyTraffic(10, 9)), smallest_store(1e-3, KeyTraffic(10, 9.9))
    (44, 239)
    >>> smallest_store(1e-3, KeyTraffic(10, 9, burst=16)), smallest_store(1e-3, KeyTraffic(10, 9, dark_s=10))
    (388, 2278)
    >>> smallest_store(1e-3, KeyTraffic(10, 10.1)) is None
    True
    """
    share = as_real(refused, "refused", above=0)
    if share >= 1:
        raise ValueError(f"refused must be below 1, not {refused}: a store that refuses all needs no key")
    limit = as_count(most, "most")
    low, high = traffic.burst - 1, traffic.burst  # the first refuses all
    if share <= 1 - 1 / traffic.load + _ROUNDING or high > limit:
        return None
    while refused_share(high, traffic) > share:
        if high == limit:
            return None
        low, high = high, min(2 * high, limit)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if refused_share(middle, traffic) > share else (low, middle)
    return high


@dataclass(frozen=True, eq=False)
class StockRun:
    """Result of :func:`follow_stock`, with an entry for each event."""

    time: NDArray[np.float64]
    """Seconds from the beginning to it."""
    stock: NDArray[np.int64]
    """Keys in the store after it."""
    asked: NDArray[np.bool_]
    """Whether a request came."""
    refused: NDArray[np.bool_]
    """Whether it was refused."""
    full: NDArray[np.bool_]
    """Whether a key came that was not stored."""
    dark: NDArray[np.bool_]
    """Whether the link is dark after it."""

    def __repr__(self) -> str:
        return f"StockRun({self.asked.sum()} requests, {self.refused.sum()} refused, {self.full.sum()} keys not stored)"


def follow_stock(draws: Iterable[float], capacity: int, traffic: KeyTraffic, *, seconds: float) -> StockRun:
    r"""Follow a store that begins full and lit, event by event: what the numbers drawn make of it.

    Two numbers :math:`u, v` make an event. It comes :math:`-\ln(1-u)/\Lambda` seconds after the last one, where :math:`\Lambda`
    sums the rates of what can happen (a request; a key or darkness, or in darkness light), and :math:`v` chooses among these.
    The same numbers with another capacity are the same keys and requests.

    Parameters
    ----------
    draws : iterable of float
        Independent uniform numbers from 0 to below 1, as many as the time asks for: best without end.
    capacity : int
        Keys that the store holds at most.
    traffic : KeyTraffic
    seconds : float
        What comes later is not seen.

    Returns
    -------
    StockRun

    Raises
    ------
    ValueError
        If a number is not from 0 to below 1, or they end before the time does.

    Examples
    --------
    >>> draws = iter(np.random.default_rng(1).random, None)
    >>> follow_stock(draws, 44, KeyTraffic(10, 9, burst=16), seconds=120)
    StockRun(80 requests, 17 refused, 209 keys not stored)

    References
    ----------
    Gillespie, "Exact stochastic simulation of coupled chemical reactions", Journal of Physical Chemistry 81, 2340 (1977).
    """
    size, end = as_count(capacity, "capacity"), as_real(seconds, "seconds", above=0)
    request, key, dims, wakes = traffic.rates
    numbers = iter(draws)
    now, stock, is_dark = 0.0, size, False
    times: list[float] = []
    rows: list[tuple[int, bool, bool, bool, bool]] = []
    for u, v in zip(numbers, numbers, strict=False):
        if not (0 <= u < 1 and 0 <= v < 1):
            raise ValueError(f"draws must be numbers from 0 to below 1, not {u} and {v}")
        pace = request + (wakes if is_dark else key + dims)
        now -= log1p(-u) / pace
        if now > end:
            break
        asked = v * pace < request
        refused = asked and stock < traffic.burst
        comes = not is_dark and not asked and v * pace < request + key
        full = comes and stock == size
        if asked and not refused:
            stock -= traffic.burst
        elif comes and not full:
            stock += 1
        elif not asked and not comes:
            is_dark = not is_dark
        times.append(now)
        rows.append((stock, asked, refused, full, is_dark))
    else:
        raise ValueError(f"draws must last for {end:g} seconds, two numbers for each event, not for {now:g}")
    seen = np.array(rows, dtype=np.int64).reshape(-1, 5)
    return StockRun(np.array(times), seen[:, 0], *(column.astype(bool) for column in seen[:, 1:].T))
