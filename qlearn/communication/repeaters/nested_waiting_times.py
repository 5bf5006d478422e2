"""Waiting times of nested chains, whose swaps may fail: where the 3/2 rule is used and the exact law is known."""

import numpy as np

from qlearn._checks import as_count, as_probability
from qlearn.communication.repeaters._laws import MOST_PAIRS, Merge, delivered
from qlearn.communication.repeaters.waiting_times import as_success


def nested_waiting_time(levels: int, p: float, swap: float = 1.0) -> float:
    r"""Return the mean number of slots of a nested chain of :math:`2^\text{levels}` links whose swaps may fail.

    .. math:: T_{k+1} = \sum_{j=1}^{J} \max(T_k, T_k')_j, \qquad P(J = j) = q\,(1-q)^{j-1}

    Where a swap fails, both halves start anew. The law of each level is computed from that of the level below by Fourier
    transforms. Where p is so small that the law has more than about 260,000 slots, slots are taken together, one, two, four
    and eight times as many, and the mean is extrapolated to single slots; it is refused where the last order of that still
    moves it by a percent.

    Parameters
    ----------
    levels : int
        Number of doublings, 0 to 24: the last of many more links comes in the part of the law that floats round to 1.
    p : float
        Chance that a link succeeds in a slot, above 0.
    swap : float
        :math:`q`, the chance that a swap succeeds, above 0.

    Returns
    -------
    float
        In slots.

    Examples
    --------
    >>> [round(nested_waiting_time(levels, 0.1, swap=0.5), 4) for levels in range(4)]
    [10.0, 29.4737, 84.8176, 242.3484]

    References
    ----------
    Shchukin, Schmidt and van Loock, Phys. Rev. A 100, 032322 (2019), arXiv:1710.06214 (the exact law); Brand, Coopmans
    and Elkouss, IEEE J. Sel. Areas Commun. 38, 619 (2020), arXiv:1912.07688 (level by level); Li, Coopmans and Elkouss,
    IEEE Trans. Quantum Eng. 2, 4103015 (2021), arXiv:2005.04946 (with cut-offs; their program uses Fourier transforms).
    """
    levels, chance = as_count(levels, "levels", 0), float(as_success(as_probability(p, "p")))
    if 2**levels > MOST_PAIRS:
        raise ValueError(
            f"levels must be at most {MOST_PAIRS.bit_length() - 1}, not {levels}: so many links are out of reach of float64"
        )
    q = float(as_success(as_probability(swap, "swap"), "swap"))
    doubling = Merge(2, np.array([[0, 0, 0]]), np.array([q]))
    return delivered(chance, np.ones(1), np.zeros(1), None, [doubling] * levels).mean
