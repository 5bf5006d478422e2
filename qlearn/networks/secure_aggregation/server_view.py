r"""Server's view: all that a server sees in a round, made again from the sum alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_count, as_rng
from qlearn.networks.secure_aggregation.fixed_point import Words, as_words


@dataclass(frozen=True, eq=False, repr=False)
class ServerView:
    """What the server of one round holds: words of each client, by its number.

    Parameters
    ----------
    masked : dict of int to ndarray of uint64, shape (d,)
        The updates under all masks; also one that came too late.
    self_masks : dict of int to ndarray of uint64, shape (d,)
        Of the survivors: what their shares give.
    pads : dict of int to ndarray of uint64, shape (d,)
        From each survivor, its pads with those that fell out, summed.
    """

    masked: dict[int, Words]
    self_masks: dict[int, Words]
    pads: dict[int, Words]

    def __repr__(self) -> str:
        return (
            f"ServerView({len(self.masked)} masked, {len(self.self_masks)} self-masks, {len(self.pads)} pads)"
        )


def simulated_view(
    total: Words,
    n_clients: int,
    *,
    survivors: Sequence[int] | None = None,
    recover: bool = True,
    word_bits: int = 64,
    rng: Any = None,
) -> ServerView:
    r"""Return what the server of a round would see, made from the sum and from coins: no update goes in.

    .. math:: z_u \text{ uniform with } \sum_{u \in S} z_u = \text{sum}, \qquad y_u = z_u + b_u + r_u

    with the self-masks :math:`b_u` and the summed pads with clients that fell out :math:`r_u` uniform. In the real round
    :math:`z_u` is :math:`x_u` and the pads among survivors. Those pads are uniform on all vectors that sum to 0 (one pad
    a pair is enough for that if the pairs connect the survivors), so that real and simulated view have the *same* law, for
    each choice of updates with this sum. Whatever can be computed from the view can then be computed from the sum.

    Shares of self-masks are not listed: any :math:`t` of a uniform polynomial follow from it, and others' are sealed.

    Parameters
    ----------
    total : ndarray of uint64, shape (d,)
        The sum modulo 2**w.
    n_clients : int
        Members of the round.
    survivors : sequence of int, optional
        Those in the sum, two or more. None: all, and then there are no pads to take away.
    recover : bool
        As for :class:`Terms`: False leaves the self-masks out, and all must survive.
    word_bits : int
        :math:`w`.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ServerView

    Examples
    --------
    >>> view = simulated_view(np.array([5], np.uint64), 3, word_bits=8, rng=1)
    >>> sum(view.masked.values()) - sum(view.self_masks.values()) & np.uint64(255)
    array([5], dtype=uint64)

    References
    ----------
    Bonawitz et al., 2017, doi:10.1145/3133956.3133982: masked updates are uniform, given their sum.
    """
    n = as_count(n_clients, "n_clients", least=2)
    listed = (
        list(range(n)) if survivors is None else sorted(as_count(u, "survivors", least=0) for u in survivors)
    )
    if len(set(listed)) != len(listed) or len(listed) < 2 or max(listed) >= n:
        raise ValueError(f"survivors must be two or more different numbers below {n}, not {survivors}")
    if not recover and len(listed) < n:
        raise ValueError(
            f"survivors must be all {n} clients without recover, not {len(listed)}: such a round has no sum"
        )
    sums = as_words(total, "total", word_bits)
    generator, mask = as_rng(rng), np.uint64((1 << word_bits) - 1)

    def uniform() -> Words:
        return generator.integers(0, 2**64, sums.size, dtype=np.uint64) & mask

    hidden = {u: uniform() for u in listed[1:]}
    hidden[listed[0]] = sums - np.sum(list(hidden.values()), axis=0, dtype=np.uint64) & mask
    self_masks = {u: uniform() for u in listed} if recover else {}
    pads = {u: uniform() for u in listed} if len(listed) < n else {}
    masked = {u: uniform() for u in range(n) if u not in hidden}
    nothing = np.uint64(0)
    masked |= {u: hidden[u] + self_masks.get(u, nothing) + pads.get(u, nothing) & mask for u in listed}
    return ServerView(dict(sorted(masked.items())), self_masks, pads)


def uniformity(words: ArrayLike, bins: int) -> tuple[float, float]:
    r"""Return the chi-square of words that should be uniform over `bins` values, and the chance of a larger one.

    .. math:: \chi^2 = \sum_i \frac{(n_i - N/k)^2}{N/k}

    A small value is no proof of a uniform law. One value that is a share :math:`\delta` too frequent among :math:`k` adds
    :math:`N\delta^2/k\,(1 + 1/(k-1))` to the mean of :math:`\chi^2`, its non-centrality: for :math:`N = 2^{16}, k = 256` and
    :math:`\delta = 10\,\%` that is 2.57, a ninth of the spread of :math:`\chi^2`.

    Parameters
    ----------
    words : array_like of int, shape (n,)
        Values 0 to bins - 1.
    bins : int
        :math:`k`, at least 2.

    Returns
    -------
    chi_square, p_value : float

    Examples
    --------
    >>> chi_square, p_value = uniformity(np.arange(512) % 256, 256)
    >>> chi_square, round(p_value, 6)
    (0.0, 1.0)

    References
    ----------
    Pearson, Philosophical Magazine 50, 157 (1900), doi:10.1080/14786440009463897.
    """
    from scipy.stats import chi2

    k, values = as_count(bins, "bins", least=2), np.asarray(words)
    if (
        values.ndim != 1
        or not values.size
        or values.dtype.kind not in "ui"
        or int(values.max()) >= k
        or int(values.min()) < 0
    ):
        raise ValueError(f"words must be whole numbers from 0 to {k - 1} in one axis, at least one")
    counts = np.bincount(values.astype(np.int64), minlength=k)
    statistic = float(((counts - values.size / k) ** 2).sum() / (values.size / k))
    return statistic, float(chi2.sf(statistic, k - 1))
