"""What a path delivers: its rate, its fidelity and its key, from its links, its swaps and its memories."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np

from qlearn.communication.key_rate import asymptotic_rate
from qlearn.communication.photons import plob
from qlearn.communication.quantum_network.network import Link, Network, Node
from qlearn.communication.repeaters.swapping import swap

# Times of the integrals in units of the slowest link's mean: below e^-40 and above 60 the integrand is beyond rounding.
_STEP, _FIRST, _LAST = 0.02, -40.0, 60.0


@dataclass(frozen=True)
class PathQuality:
    """What a path delivers when each of its links makes a pair, keeps it, and all are swapped as soon as all are there."""

    nodes: tuple[Hashable, ...]
    """The path, both ends included."""
    length_km: float
    """Length of its fibre."""
    rate_hz: float
    """Pairs from end to end a second."""
    fidelity: float
    """Fidelity of such a pair with phi+, waiting in memories and swaps included."""
    fresh_fidelity: float
    """The same if nothing decayed while it waited."""
    bottleneck: float
    """The smallest secret-key capacity of a link, bits a use (PLOB)."""

    @property
    def hops(self) -> int:
        """Links of the path."""
        return len(self.nodes) - 1

    @property
    def qber(self) -> float:
        """Error rate of a key from these Werner pairs, in either basis: 2 (1 - F) / 3."""
        return 2 * (1 - self.fidelity) / 3

    @property
    def key_rate_hz(self) -> float:
        """Secret bits a second of BBM92 with one-way processing and endless keys, all pairs used for the key."""
        return self.rate_hz * float(asymptotic_rate(self.qber))


def path_fidelity(network: Network, path: Iterable[Hashable]) -> float:
    r"""Return the fidelity of the pair that fresh pairs on a path become by swapping.

    .. math:: F = \frac14 + \frac34 \prod_{\text{links}} \frac{4F_i-1}{3} \prod_{\text{swaps}} s_j

    Link pairs are taken as Werner pairs, and a swap at node j as depolarising by its ``swap_werner`` :math:`s_j`; then
    the order of the swaps does not matter.

    Parameters
    ----------
    network : Network
        With all nodes of the path.
    path : iterable of node
        At least two nodes, neighbours linked.

    Returns
    -------
    float
        Above 1/4.

    Examples
    --------
    >>> from qlearn.communication.quantum_network import grid
    >>> line = grid(1, 3, fidelity=0.95)
    >>> round(path_fidelity(line, [(0, 0), (0, 1), (0, 2)]), 6)
    0.903333

    References
    ----------
    Briegel, Duer, Cirac and Zoller, Phys. Rev. Lett. 81, 5932 (1998), arXiv:quant-ph/9803056.
    """
    nodes = list(path)
    links = network.links_of(nodes)
    return float(_through(links, [network[name] for name in nodes[1:-1]]))


def _through(links: list[Link], between: list[Node]) -> float:
    """Swap the links' fresh pairs, left to right, at the nodes between."""

    def join(so_far: float, step: tuple[Link, Node]) -> float:
        link, node = step
        return float(swap(so_far, link.fidelity, gate=node.swap_werner))

    return reduce(join, zip(links[1:], between, strict=True), links[0].fidelity)


def path_quality(network: Network, path: Iterable[Hashable]) -> PathQuality:
    r"""Return what a path delivers: rate, fidelity with decay, key rate, bottleneck.

    .. math:: R = \frac{\prod_j q_j}{\mathbb E\,T}, \quad T = \max_i T_i, \quad
              \frac{4F-1}{3} = \prod_i w_i \prod_j s_j\; \mathbb E\,e^{-\sum_i (T-T_i)/\tau_i}

    Link i makes its pair at a time :math:`T_i`, and keeps it until the last link is ready; then all nodes between swap, and
    all memories are free again. :math:`T_i` is taken as exponential with the link's rate, the limit of small success
    probabilities; links are independent. A stored pair decays at both ends, :math:`1/\tau_i = 1/\tau_u + 1/\tau_v`, by
    depolarising. The time in which the results of the swaps travel is not in the rate.

    Parameters
    ----------
    network : Network
        With all nodes of the path.
    path : iterable of node
        At least two nodes, neighbours linked.

    Returns
    -------
    PathQuality

    Examples
    --------
    >>> from qlearn.communication.quantum_network import grid
    >>> two = path_quality(grid(1, 3, rate_hz=100, fidelity=0.95), [(0, 0), (0, 1), (0, 2)])
    >>> round(two.rate_hz, 6)  # the later of two takes 3/2 of the mean of one
    66.666667
    """
    nodes = tuple(path)
    links = network.links_of(nodes)
    ends = [network[name] for name in nodes]
    rates = np.array([link.rate_hz for link in links])
    decays = np.array([1 / u.coherence_s + 1 / v.coherence_s for u, v in pairwise(ends)])
    mean, kept = _last_of(rates, decays)
    fresh = _through(links, ends[1:-1])
    works = float(np.prod([node.swap_success for node in ends[1:-1]]))
    return PathQuality(
        nodes,
        float(sum(link.length_km for link in links)),
        works / mean,
        0.25 + (fresh - 0.25) * kept,
        fresh,
        float(plob([link.transmittance for link in links]).min()),
    )


def _last_of(rates: np.ndarray, decays: np.ndarray) -> tuple[float, float]:
    """Return the mean of the last of exponential times, and the mean factor by which pairs decay until then."""
    if len(rates) == 1:
        return 1 / float(rates[0]), 1.0
    # Trapezoids in log t: for integrands that fall off at both ends their error is below rounding.
    u = np.arange(_FIRST, np.log(_LAST), _STEP)
    t = np.exp(u) / rates.min()
    done = -np.expm1(-rates[:, None] * t)  # (links, times): has its pair
    mean = float(((1 - done.prod(axis=0)) * t).sum() * _STEP)
    if not decays.any():
        return mean, 1.0
    # r * integral over the pair's birth of exp(-r s) exp(-d (t - s)), by the difference of the two rates
    slow, fast = np.sort([rates, decays], axis=0)[..., None]
    equal = fast == slow
    born = np.where(equal, t, -np.expm1(-(fast - slow) * t) / np.where(equal, 1, fast - slow))
    there = rates[:, None] * np.exp(-slow * t) * born
    kept = 0.0
    for last, rate in enumerate(rates):
        others = np.delete(there, last, axis=0).prod(axis=0)
        kept += float((rate * np.exp(-rate * t) * others * t).sum() * _STEP)
    return mean, kept
