"""Constraints: limits that a round must keep, and what is done where they contradict each other."""

from dataclasses import dataclass
from math import inf
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_choice, as_count


@dataclass(frozen=True)
class Constraints:
    """Limits of every round.

    Parameters
    ----------
    latency_s : float
        The longest that a unit may take from its orders to its update (waiting for keys, training and sending, without
        the queue at the aggregator), seconds.
    key_bits : float
        The most key that all units may use together in a round on their links, bits; the lines between aggregators and the
        orchestrator are not in it.
    least_units : int
        The fewest units whose updates make a new model.
    on_contradiction : {"end", "relax"}
        What happens in a round in which enough units could answer, but not within both limits: the run ends with that
        reason, or the limits are dropped for this round in favour of `least_units`. Either is recorded.

    Examples
    --------
    >>> limits = Constraints(key_bits=2000, least_units=3)
    >>> limits.admitted(np.array([0.1, 0.2, 0.3]), np.array([800.0, 800.0, 800.0]))
    (array([ True,  True, False]), 'key_bits=2000 and least_units=3 contradict each other: only 2 of 3 units fit')
    """

    latency_s: float = inf
    key_bits: float = inf
    least_units: int = 1
    on_contradiction: Literal["end", "relax"] = "end"

    def __post_init__(self) -> None:
        for name in ("latency_s", "key_bits"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
                raise ValueError(f"{name} must be a number above 0, infinity for no limit, not {value!r}")
        as_count(self.least_units, "least_units")
        as_choice(self.on_contradiction, ("end", "relax"), "on_contradiction")

    def admitted(
        self, seconds: NDArray[np.float64], bits: NDArray[np.float64]
    ) -> tuple[NDArray[np.bool_], str]:
        """Return who may take part, the quickest first or, if those are too few, the cheapest; and the contradiction.

        Parameters
        ----------
        seconds : ndarray of float, shape (n,)
            What each unit will take.
        bits : ndarray of float, shape (n,)
            Key that each will use.

        Returns
        -------
        admitted : ndarray of bool, shape (n,)
            Who fits within the limits.
        contradiction : str
            Empty unless `least_units` could answer, but no so many of them fit within the limits together.
        """
        order = np.argsort(seconds, kind="stable")
        fits = np.zeros(len(seconds), bool)
        left = self.key_bits
        for i in order.tolist():  # who is too dear is passed over; the next may still fit
            if seconds[i] <= self.latency_s and bits[i] <= left:
                fits[i], left = True, left - bits[i]
        n = int(fits.sum())
        if n >= self.least_units or len(seconds) < self.least_units:
            return fits, ""
        # Nobody else makes as many fit as the cheapest do: only if they are too few do the limits contradict each other.
        cheapest = np.flatnonzero(seconds <= self.latency_s)
        cheapest = cheapest[np.argsort(bits[cheapest], kind="stable")]
        cheapest = cheapest[np.cumsum(bits[cheapest]) <= self.key_bits]
        n = len(cheapest)
        if n >= self.least_units:
            return np.isin(np.arange(len(seconds)), cheapest), ""
        limits = [
            f"{name}={getattr(self, name):g}"
            for name in ("latency_s", "key_bits")
            if getattr(self, name) < inf
        ]
        return fits, (
            f"{' and '.join([*limits, f'least_units={self.least_units}'])} contradict each other: only {n} of "
            f"{len(seconds)} units fit"
        )
