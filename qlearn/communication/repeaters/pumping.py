"""Entanglement pumping: one pair is bettered again and again by fresh poor ones, with two memories in place of many."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count
from qlearn.communication.repeaters.purification import Method, agreeing, as_one_pair, purify_bell, turned

_SETTLED = 1e-15
_SWINGS = 1e-6
_MOST_STEPS = 20_000


@dataclass(frozen=True, eq=False)
class Pumping:
    """Result of :func:`pump`: the pair at the top level after each of its steps, and what it has cost."""

    pairs: NDArray[np.float64]
    """Weights of the Bell states after 0, 1, ... steps of the top level, shape (steps + 1, 4)."""
    probability: NDArray[np.float64]
    """Chance that each step succeeds, shape (steps,)."""
    raw_pairs: NDArray[np.float64]
    """Expected raw pairs for one pair after 0, 1, ... steps, shape (steps + 1,)."""
    memories: int
    """Pairs that are stored at once, at most: one for each level, and the one that arrives."""

    @property
    def fidelity(self) -> NDArray[np.float64]:
        """Fidelity after 0, 1, ... steps, shape (steps + 1,)."""
        return self.pairs[:, 0]

    def __repr__(self) -> str:
        return (
            f"Pumping(steps={len(self.probability)}, memories={self.memories}, fidelity={self.fidelity[-1]:.6f}, "
            f"raw_pairs={self.raw_pairs[-1]:.6g})"
        )


def pump(
    p: ArrayLike,
    steps: int | Sequence[int],
    method: Method = "dejmps",
    *,
    gate: float = 1.0,
    readout: float = 1.0,
) -> Pumping:
    r"""Pump a pair with fresh pairs, one after the other; with several levels, those are pumped before.

    .. math:: C_k = \frac{C_{k-1} + c}{p_k}, \qquad C_0 = c

    A step keeps the good pair and measures a fresh one that costs c raw pairs. If it fails both are lost, and the
    level begins again. On the lowest level c = 1; on the next, a fresh pair is what the level below delivers
    (*nested* pumping). With one step on each of k levels this is the recurrence of k rounds, made one pair after the
    other: it then stores k + 1 pairs at once, not the :math:`2^k` that are made side by side.

    Parameters
    ----------
    p : array_like of float, shape (4,)
        The raw pair, in the order phi+, psi-, psi+, phi-.
    steps : int or sequence of int
        Steps of each level, the lowest first; a number is one level. At least 1 each.
    method : {"bbpssw", "dejmps"}
        As in :func:`~qlearn.communication.repeaters.purify_bell`.
    gate, readout : float
        As in :func:`~qlearn.communication.repeaters.purify_bell`.

    Returns
    -------
    Pumping
        Of the top level.

    Examples
    --------
    >>> from qlearn.communication.repeaters import werner_vector
    >>> pump(werner_vector(0.8), 4).raw_pairs.round(3)
    array([ 1.   ,  2.601,  4.761,  7.257, 10.371])
    >>> pump(werner_vector(0.8), [2, 2]).memories
    3

    References
    ----------
    Duer, Briegel, Cirac and Zoller, Phys. Rev. A 59, 169 (1999), arXiv:quant-ph/9808065.
    """
    fresh, cost = as_one_pair(p), 1.0
    levels = [steps] if np.ndim(steps) == 0 else list(steps)  # type: ignore[arg-type]
    if not levels:
        raise ValueError("steps must be a number of steps, or one for each level; it is empty")
    counts = [as_count(level, "steps") for level in levels]
    for count in counts:
        pairs, chances, costs = [fresh], [], [cost]
        for _ in range(count):
            pair, chance = purify_bell(pairs[-1], fresh, method, gate=gate, readout=readout)
            pairs.append(pair)
            chances.append(float(chance))
            costs.append((costs[-1] + cost) / chances[-1])
        fresh, cost = pairs[-1], costs[-1]
    return Pumping(np.array(pairs), np.array(chances), np.array(costs), len(counts) + 1)


def pumping_limit(
    p: ArrayLike, method: Method = "dejmps", *, gate: float = 1.0, readout: float = 1.0
) -> NDArray[np.float64]:
    r"""Return the pair to which pumping with fresh pairs tends, shape (4,): no number of steps leads past it.

    .. math:: P^\ast = \lim_{k\to\infty} P_k, \qquad P_k = \text{purify}(P_{k-1}, P_0)

    Each step brings in the errors of a fresh pair, and the limit is where they balance what it takes out. Unlike that of
    the recurrence it is below F = 1 even with devices without faults, for Werner pairs as for most; not for pairs whose
    only error is one that each step finds, such as :math:`\Psi^+` in DEJMPS, and F above 1/2. The limit is followed
    numerically, step by step, until nothing moves.

    Parameters
    ----------
    p : array_like of float, shape (4,)
        The raw pair, in the order phi+, psi-, psi+, phi-.
    method : {"bbpssw", "dejmps"}
        BBPSSW twirls before each step; the limit is given before that.
    gate, readout : float
        As in :func:`~qlearn.communication.repeaters.purify_bell`.

    Returns
    -------
    ndarray of float64, shape (4,)

    Examples
    --------
    >>> from qlearn.communication.repeaters import werner_vector
    >>> float(pumping_limit(werner_vector(0.7))[0].round(6))
    0.815002

    References
    ----------
    Duer and Briegel, Rep. Prog. Phys. 70, 1381 (2007), arXiv:0705.4165.
    """
    fresh = as_one_pair(p)
    purify_bell(fresh, None, method, gate=gate, readout=readout)  # refuses devices and pairs that can be none
    turn = turned(method)
    past = [fresh] * 3
    for _ in range(_MOST_STEPS):
        weights = agreeing(turn(past[-1]), turn(fresh), gate, readout)
        if not weights.any():  # refused in the words of a step
            purify_bell(past[-1], fresh, method, gate=gate, readout=readout)
        pair = weights / weights.sum()
        moved, *back = (np.abs(pair - old).max() for old in reversed(past))
        if moved < _SETTLED:
            return pair
        if moved > _SWINGS and min(back) < _SETTLED:
            break  # in a circle of two states or three, for ever
        past = [*past[1:], pair]
    raise ValueError(
        f"p leads to no limit within {_MOST_STEPS:,} steps of {method}: it swings, or moves too slowly to tell. Turn its "
        "largest weight to phi+ first, and take a pair where that is above 1/2"
    )
