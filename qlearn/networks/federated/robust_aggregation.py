r"""Robust aggregation: what a server makes of the clients' models if some of them may send anything.

Of :math:`n` clients that answered, up to :math:`f` may lie, together and knowing all that the others send. No rule here
looks at the number of samples that a client claims: a claim is as easy to send as a model. What a rule withstands is a
statement about :math:`n` and :math:`f`; where the numbers do not allow it, the rule refuses to merge, and nothing else.
A robust model is one that liars cannot carry off, not one that they cannot shift: a lie within the spread of the honest
goes through, and honest clients who differ from the others lose their say with the liars.

Six honest clients and one that sends 100:

>>> from qlearn.networks import federated
>>> updates = [([np.array([x])], 10) for x in (0.9, 0.95, 1.0, 1.02, 1.1, 1.2, 100.0)]
>>> rules = [federated.FedAvg(), federated.FedMedian(1), federated.FedTrimmedAvg(0.2, 1), federated.Krum(1)]
>>> rules += [federated.MultiKrum(1, 4), federated.Bulyan(1), federated.OutlierRemoval(), federated.NormClipping(0.5)]
>>> for rule in rules:
...     print(f"{type(rule).__name__:14} {rule.aggregate(updates, current=[np.array([0.8])])[0][0][0]:.3f}")
FedAvg         15.167
FedMedian      1.020
FedTrimmedAvg  1.054
Krum           1.000
MultiKrum      1.018
Bulyan         0.990
OutlierRemoval 1.028
NormClipping   1.067
"""

from dataclasses import dataclass
from fractions import Fraction
from math import floor, sqrt
from numbers import Rational
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_choice, as_count, as_real
from qlearn._types import Array, Arrays
from qlearn.networks.federated._shared import Asking, flattened, inner_mean, stacked
from qlearn.networks.federated.aggregation import Updates

SELECTIONS = ("iterated", "iterated_fixed", "once")

# Parameters of all clients that are subtracted at a time: they stay in the cache.
_BLOCK = 1 << 13

# A share is meant as the simplest fraction beside its float: 0.29 as 29 of 100, and 1 / 3 as a third.
_LARGEST_DENOMINATOR = 10**9


@dataclass(frozen=True)
class FedMedian(Asking):
    r"""The median of the clients' models, parameter by parameter; of an even number, the mean of the middle two.

    .. math:: \theta_i \leftarrow \operatorname{median}_c\, \theta_{c,i}

    With :math:`2f < n` each parameter lies within the range of the honest ones, whatever the liars send: fewer than half
    of the values lie beyond it on either side. Numbers of samples do not count. Flower's class of this name computes
    the same, and returns NaN if one client sends it; here that is refused.

    Parameters
    ----------
    n_malicious : int
        How many liars, f, it has to withstand: with :math:`2f \ge n` it refuses to merge.
    local_epochs, fraction
        As in :class:`~qlearn.networks.federated.FedAvg`; by name only.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.networks.federated import FedAvg, FedMedian
    >>> updates = [([np.array([x])], 10) for x in (0.9, 1.0, 1.1, 1e6)]
    >>> for strategy in (FedAvg(), FedMedian()):
    ...     print(strategy.aggregate(updates, current=[np.array([0.0])])[0][0])
    [250000.75]
    [1.05]

    References
    ----------
    Yin et al., "Byzantine-robust distributed learning: towards optimal statistical rates", ICML 2018, arXiv:1803.01498.
    """

    n_malicious: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        as_count(self.n_malicious, "n_malicious", least=0)

    def aggregate(self, updates: Updates, current: Arrays, state: Any = None) -> tuple[Arrays, Any]:
        """Return the median of the clients' models, and `state` as it is."""
        layers = stacked(updates)
        _refuse_too_many(self, len(updates), 2 * self.n_malicious + 1, "2 f < n")
        return [np.median(layer, axis=0) for layer in layers], state


@dataclass(frozen=True)
class FedTrimmedAvg(Asking):
    r"""The mean of the clients' models without the extremes, parameter by parameter.

    Of the :math:`n` values of a parameter the :math:`k = \lfloor \beta n \rfloor` smallest and the k largest are left out.
    Up to :math:`f \le k` liars cannot take a parameter out of the range of the honest ones: a value beyond all
    of them is left out unless more than k stand on its side. Numbers of samples do not count.

    The product is exact, of the fraction that `beta` is written as: .29 of 100 is 29. Flower's class of this name takes
    28, for the float is a little less. There, :math:`k = 0` merges all the same and withstands nobody; here it is refused.

    Parameters
    ----------
    beta : float or Fraction
        The share left out on each side, above 0 and below 1/2.
    n_malicious : int
        How many liars, f, it has to withstand: with :math:`k < f` it refuses to merge.
    local_epochs, fraction
        As in :class:`~qlearn.networks.federated.FedAvg`; by name only.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.networks.federated import FedTrimmedAvg
    >>> updates = [([np.array([x])], 10) for x in (0.9, 1.0, 1.1, 1e6)]
    >>> FedTrimmedAvg(0.25).aggregate(updates, current=[np.array([0.0])])[0]
    [array([1.05])]

    References
    ----------
    Yin et al., "Byzantine-robust distributed learning: towards optimal statistical rates", ICML 2018, arXiv:1803.01498.
    """

    beta: float | Fraction = 0.2
    n_malicious: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < as_real(self.beta, "beta") < 0.5:
            raise ValueError(
                f"beta must be above 0 and below 1/2, not {self.beta}: it is left out on each side, and something has to stay"
            )
        as_count(self.n_malicious, "n_malicious", least=0)

    def trimmed(self, n_clients: int) -> int:
        """Return how many values are left out on each side, of so many."""
        exact = (
            Fraction(self.beta)
            if isinstance(self.beta, Rational)
            else Fraction(float(self.beta)).limit_denominator(_LARGEST_DENOMINATOR)
        )
        return floor(exact * as_count(n_clients, "n_clients"))

    def aggregate(self, updates: Updates, current: Arrays, state: Any = None) -> tuple[Arrays, Any]:
        """Return the trimmed mean of the clients' models, and `state` as it is."""
        layers = stacked(updates)
        n, k = len(updates), self.trimmed(len(updates))
        if k < max(1, self.n_malicious):
            least = max(1, self.n_malicious)
            remedy = (
                f"beta must be at least {least}/{n}"
                if 2 * least < n
                else f"more than {2 * least} clients must answer"
            )
            raise ValueError(
                f"beta = {self.beta} of {n} clients leaves out {k} on each side, which withstands {k} liars, not {least}: "
                f"{remedy}"
            )
        return [inner_mean(np.sort(layer, axis=0)[k : n - k]) for layer in layers], state


@dataclass(frozen=True)
class Krum(Asking):
    r"""The one model that lies closest to its neighbours.

    .. math:: s_c = \sum_{c' \in N_c} \lVert \theta_c - \theta_{c'} \rVert^2, \qquad
              \theta \leftarrow \theta_{c^*}, \quad c^* = \arg\min_c s_c

    :math:`N_c` are the :math:`n - f - 2` models nearest to that of client c; of equal scores the first counts. It needs
    :math:`2f + 2 < n`. Then, whatever the liars send, the chosen model is an honest one or lies no further than
    :math:`D \sqrt{(n-f-2)/(n-2f-1)}` from one, where D is the largest distance between two honest ones: a liar has at
    least :math:`n - 2f - 1` honest neighbours among those that count, and the honest score at most
    :math:`(n-f-2) D^2`. With more liars there is no such bound: where seven answer and three of them send the
    same, these win. Numbers of samples do not count.

    Distances are sums of squared differences in float64. Flower's class of this name has them from
    :math:`|x|^2 + |y|^2 - 2xy` in the clients' own format, which in float32 loses them in the rounding where models are
    large and close together, and it takes any f.

    Parameters
    ----------
    n_malicious : int
        How many liars, f, it has to withstand: with :math:`2f + 2 \ge n` it refuses to merge.
    local_epochs, fraction
        As in :class:`~qlearn.networks.federated.FedAvg`; by name only.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.networks.federated import Krum
    >>> updates = [([np.array([x])], 10) for x in (0.9, 1.0, 1.1, 1.3, 1e6)]
    >>> Krum(1).aggregate(updates, current=[np.array([0.0])])[0]
    [array([1.])]
    >>> Krum(1).scores(updates)[:4].round(2)
    array([0.05, 0.02, 0.05, 0.13])

    References
    ----------
    Blanchard, El Mhamdi, Guerraoui, Stainer, "Machine learning with adversaries: Byzantine tolerant gradient descent",
    NIPS 2017 (arXiv:1703.02757).
    """

    n_malicious: int

    def __post_init__(self) -> None:
        super().__post_init__()
        as_count(self.n_malicious, "n_malicious", least=0)

    def scores(self, updates: Updates) -> Array:
        """Return the score of each client's model, shape (n_clients,): the smaller, the closer to its neighbours."""
        return self._scores(stacked(updates))

    def eta(self, n_clients: int) -> float:
        r"""Return what the paper multiplies the spread of honest gradients by, for so many clients.

        .. math:: \eta(n, f) = \sqrt{2 \left(n - f + \frac{f (n-f-2) + f^2 (n-f-1)}{n-2f-2}\right)}

        If honest steps have the mean g and independent errors of the expected squared length :math:`d \sigma^2`, the mean
        of what Krum takes lies within :math:`\eta \sqrt d \sigma` of g, whatever the liars send. Where that is longer than
        g itself, nothing is said of its direction, and :math:`\eta` is at least :math:`\sqrt{2n}`.
        """
        n, f = as_count(n_clients, "n_clients"), self.n_malicious
        _refuse_too_many(self, n, 2 * f + 3, "2 f + 2 < n")
        return sqrt(2 * (n - f + (f * (n - f - 2) + f * f * (n - f - 1)) / (n - 2 * f - 2)))

    def selected(self, updates: Updates) -> list[int]:
        """Return the index of the client whose model is taken, in a list."""
        return self._best(stacked(updates), 1)

    def aggregate(self, updates: Updates, current: Arrays, state: Any = None) -> tuple[Arrays, Any]:
        """Return the model that was sent by the client of the smallest score, and `state` as it is."""
        layers = stacked(updates)
        return [layer[self._best(layers, 1)[0]] for layer in layers], state

    def _scores(self, layers: Arrays) -> Array:
        n = len(layers[0])
        _refuse_too_many(self, n, 2 * self.n_malicious + 3, "2 f + 2 < n")
        return _krum_scores(_squared_distances(flattened(layers)), n - self.n_malicious - 2)

    def _best(self, layers: Arrays, m: int) -> list[int]:
        return [int(i) for i in np.argsort(self._scores(layers), kind="stable")[:m]]


@dataclass(frozen=True)
class MultiKrum(Krum):
    r"""The mean of the models with the smallest scores of Krum.

    With one it is :class:`Krum`; the more, the less of the honest clients' work is thrown away. If the liars stand
    further than :math:`D \sqrt{(n-f-2)/(n-2f-1)}` from all honest models, none of them is among the first
    :math:`n - f`; one that stands nearer may be. More than n - f are refused: of these, one is a liar's.

    The mean is plain. Flower's class of this name weights it by the numbers of samples that the selected clients claim:
    ``FedAvg().aggregate([updates[i] for i in strategy.selected(updates)], current)`` is that model.

    Parameters
    ----------
    n_malicious : int
        How many liars, f, it has to withstand: with :math:`2f + 2 \ge n` it refuses to merge.
    n_selected : int
        How many models are averaged, 1 to n - f.
    local_epochs, fraction
        As in :class:`~qlearn.networks.federated.FedAvg`; by name only.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.networks.federated import MultiKrum
    >>> updates = [([np.array([x])], 10) for x in (0.9, 1.0, 1.2, 1.3, 1e6)]
    >>> strategy = MultiKrum(n_malicious=1, n_selected=4)
    >>> strategy.selected(updates), strategy.aggregate(updates, current=[np.array([0.0])])[0][0].round(3)
    ([1, 2, 0, 3], array([1.1]))

    References
    ----------
    Blanchard, El Mhamdi, Guerraoui, Stainer, NIPS 2017 (arXiv:1703.02757).
    """

    n_selected: int

    def __post_init__(self) -> None:
        super().__post_init__()
        as_count(self.n_selected, "n_selected")

    def selected(self, updates: Updates) -> list[int]:
        """Return the indices of the clients whose models are averaged, the smallest score first."""
        return self._first(stacked(updates))

    def aggregate(self, updates: Updates, current: Arrays, state: Any = None) -> tuple[Arrays, Any]:
        """Return the mean of the selected models, and `state` as it is."""
        layers = stacked(updates)
        chosen = sorted(self._first(layers))
        return [inner_mean(layer[chosen]) for layer in layers], state

    def _first(self, layers: Arrays) -> list[int]:
        honest = len(layers[0]) - self.n_malicious
        best = self._best(layers, self.n_selected)
        if self.n_selected > honest:
            raise ValueError(
                f"n_selected must be at most {honest} of {len(layers[0])} clients with n_malicious = {self.n_malicious}, "
                f"not {self.n_selected}: of more, one is a liar's"
            )
        return best


@dataclass(frozen=True)
class Bulyan(Asking):
    r"""Krum selects, and a mean around the median, parameter by parameter, keeps single parameters from hiding in a norm.

    First :math:`\vartheta = n - 2f` models are selected. Then each parameter is the mean of those
    :math:`\vartheta - 2f` of its selected values that lie closest to their median. It needs :math:`n \ge 4f + 3`. Then each
    value that is averaged lies no further from the median than the honest values of this parameter lie apart, and
    the median lies within their range; the mean may lie beyond it by as much, where :class:`FedMedian` may not. Numbers
    of samples do not count.

    The paper selects by :class:`Krum` again and again, each time among those that are left; near the end these are fewer
    than Krum needs, and a convention is. Of r that are left, "iterated" sums over the r - f - 2 nearest, but at least one;
    "iterated_fixed" over n - f - 2 throughout, or all where fewer are left; of equal scores, which two nearest neighbours
    often have, the one nearer to its next neighbours counts, then the first. "once" scores once and takes the first, as
    Flower's class of this name does. The models differ, the guarantee does not: it asks of a selection only its number.

    Parameters
    ----------
    n_malicious : int
        How many liars, f, it has to withstand: with :math:`n < 4f + 3` it refuses to merge.
    selection : str
        "iterated", "iterated_fixed" or "once".
    local_epochs, fraction
        As in :class:`~qlearn.networks.federated.FedAvg`; by name only.

    Examples
    --------
    One wrong parameter in many hides from a distance, and not from a median.

    >>> import numpy as np
    >>> from qlearn.networks.federated import Bulyan, Krum
    >>> honest = np.random.default_rng(0).normal(size=(6, 1000))
    >>> liar = honest.mean(axis=0) + 15 * np.eye(1000)[0]
    >>> updates = [([row], 10) for row in (*honest, liar)]
    >>> for strategy in (Krum(1), Bulyan(1)):
    ...     print(strategy.aggregate(updates, current=[np.zeros(1000)])[0][0][0].round(1))
    15.3
    0.8

    References
    ----------
    El Mhamdi, Guerraoui, Rouault, "The hidden vulnerability of distributed learning in Byzantium", ICML 2018,
    arXiv:1802.07927.
    """

    n_malicious: int
    selection: str = "iterated"

    def __post_init__(self) -> None:
        super().__post_init__()
        as_count(self.n_malicious, "n_malicious", least=0)
        as_choice(self.selection, SELECTIONS, "selection")

    def selected(self, updates: Updates) -> list[int]:
        """Return the indices of the n - 2 f clients that the first step selects, in the order of their selection."""
        return self._selected(stacked(updates))

    def aggregate(self, updates: Updates, current: Arrays, state: Any = None) -> tuple[Arrays, Any]:
        """Return the mean around the median of the selected models, and `state` as it is."""
        layers = stacked(updates)
        chosen = self._selected(layers)
        averaged = len(chosen) - 2 * self.n_malicious
        return [_mean_around_median(layer[chosen], averaged) for layer in layers], state

    def _selected(self, layers: Arrays) -> list[int]:
        n, f = len(layers[0]), self.n_malicious
        _refuse_too_many(self, n, 4 * f + 3, "4 f + 3 <= n")
        distances = _squared_distances(flattened(layers))
        if self.selection == "once":
            scores = _krum_scores(distances, n - f - 2)
            return [int(i) for i in np.argsort(scores, kind="stable")[: n - 2 * f]]
        left = list(range(n))
        chosen: list[int] = []
        while len(chosen) < n - 2 * f:
            r = len(left)
            neighbours = max(1, r - f - 2) if self.selection == "iterated" else min(n - f - 2, r - 1)
            # Where one neighbour counts, the nearest two have the same score: their next neighbours decide.
            ascending = np.sort(distances[np.ix_(left, left)], axis=1)[:, :-1]
            with np.errstate(over="ignore"):
                scores = np.cumsum(ascending, axis=1)[:, neighbours - 1 :].tolist()
            best = min(range(r), key=scores.__getitem__)
            chosen.append(left.pop(best))
        return chosen


def _refuse_too_many(rule: Any, n: int, least: int, bound: str) -> None:
    """Refuse to merge the models of n clients where the rule needs at least so many."""
    if n < least:
        raise ValueError(
            f"{type(rule).__name__} withstands f liars of n clients only if {bound}: with n_malicious = {rule.n_malicious} "
            f"at least {least} must answer, not {n}"
        )


def _squared_distances(rows: Array) -> Array:
    """Return the squared distance of each two rows, from their differences, with infinity on the diagonal."""
    n, d = rows.shape
    squared = np.zeros((n, n))
    with np.errstate(
        over="ignore"
    ):  # a liar may be as far off as a float can say, and then is infinitely far
        for start in range(0, d, _BLOCK):
            block = rows[:, start : start + _BLOCK]
            for i in range(n - 1):
                difference = block[i + 1 :] - block[i]
                squared[i, i + 1 :] += np.einsum("ij,ij->i", difference, difference)
    squared += squared.T
    np.fill_diagonal(squared, np.inf)
    return squared


def _krum_scores(squared: Array, neighbours: int) -> Array:
    """Return the sum of the squared distances of each to its nearest; nobody is a neighbour of itself."""
    nearest: NDArray[np.float64] = np.sort(squared, axis=1)[:, :neighbours]
    with np.errstate(over="ignore"):
        return nearest.sum(axis=1)


def _mean_around_median(values: Array, averaged: int) -> Array:
    """Return the mean of so many values that lie closest to the median, over the first axis; of two as close, the smaller."""
    ascending = np.sort(values, axis=0)
    from_median = np.abs(ascending - np.median(ascending, axis=0))
    closest = np.argsort(from_median, axis=0, kind="stable")[:averaged]
    return inner_mean(np.take_along_axis(ascending, closest, axis=0))
