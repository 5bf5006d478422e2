"""Throttling: a bucket of tokens for each caller, so that one who floods does not starve the others."""

import time
from collections import OrderedDict
from collections.abc import Callable

from qlearn._checks import as_count, as_real

# Twenty times 0.05 of a token is less than one of it in float64; the tokens that this gives away never add up to one.
_ROUNDING = 1e-9


class TokenBucket:
    r"""A bucket for each caller that holds at most `burst` tokens and gains `rate` of them a second; a request takes its cost.

    .. math:: N(t_0, t_1) \le \text{burst} + \text{rate}\,(t_1 - t_0)

    is what one caller gets through between two times, however it spaces its requests.

    Parameters
    ----------
    rate : float
        Tokens a second, above 0.
    burst : int
        Tokens of a full bucket.
    clock : callable, optional
        Seconds that only grow.

    Examples
    --------
    >>> now = [0.0]
    >>> bucket = TokenBucket(rate=2, burst=3, clock=lambda: now[0])
    >>> [bucket.allows("Alice") for _ in range(5)], bucket.allows("Bob")
    ([True, True, True, False, False], True)
    >>> now[0] = 0.5
    >>> [bucket.allows("Alice") for _ in range(2)]
    [True, False]

    References
    ----------
    J. Turner, "New directions in communications (or which way to the information age?)", IEEE Communications Magazine 24
    (10), 8 (1986).
    """

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = as_real(rate, "rate", above=0)
        self.burst = as_count(burst, "burst")
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, caller: str, wanted: int = 1) -> bool:
        """Take tokens of this caller's bucket, all or none, and return whether they were there."""
        now = self._clock()
        tokens, then = self._buckets.get(caller, (float(self.burst), now))
        tokens = min(float(self.burst), tokens + self.rate * (now - then))
        allowed = tokens >= wanted - _ROUNDING
        self._buckets[caller] = (max(tokens - wanted * allowed, 0.0), now)
        self._buckets.move_to_end(caller)
        # A bucket that has been full again for long is as good as none: memory stays that of the callers of late.
        oldest = next(iter(self._buckets))
        if now - self._buckets[oldest][1] > self.burst / self.rate:
            del self._buckets[oldest]
        return allowed

    def give_back(self, caller: str, tokens: int) -> None:
        """Put tokens back that were taken for nothing; more than a full bucket overflows when it is next asked."""
        if caller in self._buckets:
            held, then = self._buckets[caller]
            self._buckets[caller] = (held + tokens, then)
