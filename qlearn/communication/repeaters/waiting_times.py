"""Waiting times: how many slots until the last of n links has succeeded, which is not the 3/2 rule."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import comb

from qlearn._checks import (
    as_count,
    as_probabilities,
    as_real,
    as_reals,
    as_rng,
    as_trials,
    broadcast,
)
from qlearn._types import Array

# Binomial coefficients of more links than this overflow a float64.
MOST_LINKS = 1000


def as_links(n: Any, name: str = "n") -> int:
    """Return `n` as a number of links that start together."""
    n = as_count(n, name)
    if n > MOST_LINKS:
        raise ValueError(
            f"{name} must be at most {MOST_LINKS} links, not {n}: longer chains are out of reach of this sum"
        )
    return n


def as_success(p: ArrayLike, name: str = "p") -> Array:
    """Return `p` as success probabilities of a slot, above 0."""
    chance = as_probabilities(p, name, "success probabilities")
    if chance.size and chance.min() <= 0:
        raise ValueError(
            f"{name} must be above 0, not 0: a link that never succeeds has no waiting time. Shorten it or give it light"
        )
    return chance


def waiting_time_cdf(t: ArrayLike, n: int, p: ArrayLike) -> NDArray[np.float64]:
    r"""Return the chance that all of n links have succeeded by the end of slot t.

    .. math:: P(T \le t) = \bigl(1 - (1-p)^t\bigr)^n

    Every link tries in every slot, by itself, until it succeeds; then it waits.

    Parameters
    ----------
    t : array_like of int, shape (...)
        Slots, counted from 1; none have passed at 0.
    n : int
        Number of links.
    p : array_like of float, shape (...)
        Chance that a link succeeds in a slot, above 0; broadcasts against `t`.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> waiting_time_cdf([1, 10, 100], 2, 0.1).round(6)
    array([0.01    , 0.42422 , 0.999947])
    >>> waiting_time_pmf(range(1, 11), 2, 0.1).sum().round(6)
    np.float64(0.42422)

    References
    ----------
    Bernardes, Praxmeyer and van Loock, Phys. Rev. A 83, 012323 (2011), arXiv:1010.0106.
    """
    slots, chance = broadcast(t=_as_slots(t), p=as_success(p))
    return np.asarray(_by(slots, chance) ** as_links(n))


def waiting_time_pmf(t: ArrayLike, n: int, p: ArrayLike) -> NDArray[np.float64]:
    r"""Return the chance that the last of n links succeeds in slot t.

    .. math:: P(T = t) = P(T \le t) - P(T \le t-1)

    It is computed without that difference, which would lose all digits where p is small.

    Parameters
    ----------
    t, n, p
        As in :func:`waiting_time_cdf`.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> waiting_time_pmf([1, 2, 3], 2, 0.1).round(6)
    array([0.01    , 0.0261  , 0.037341])

    References
    ----------
    Bernardes, Praxmeyer and van Loock, Phys. Rev. A 83, 012323 (2011), arXiv:1010.0106.
    """
    slots, chance = broadcast(t=_as_slots(t), p=as_success(p))
    n = as_links(n)
    now, before = _by(slots, chance), _by(np.maximum(slots - 1, 0), chance)
    with np.errstate(divide="ignore"):  # log1p(-1) where nothing could have come before
        step = chance * np.exp(np.maximum(slots - 1, 0) * np.log1p(-np.where(chance < 1, chance, 0)))
        step = np.where((chance < 1) | (slots == 1), step, 0)
        ratio = np.where(slots >= 1, step / np.where(now > 0, now, 1), 0)
        law = -(now**n) * np.expm1(n * np.log1p(-np.where(before > 0, ratio, 1)))
    return np.asarray(np.where(slots >= 1, law, 0))


def _as_slots(t: ArrayLike, name: str = "t") -> Array:
    slots = as_reals(t, name, least=0)
    if (slots != np.floor(slots)).any():
        raise ValueError(f"{name} must be whole slots, not {slots[slots != np.floor(slots)].flat[0]:g}")
    return slots


def _by(slots: Array, p: Array) -> Array:
    """Return the chance that one link has succeeded by a slot: 1 - (1-p)^t."""
    with np.errstate(divide="ignore", invalid="ignore"):
        done = -np.expm1(slots * np.log1p(-p))
    return np.where(p < 1, done, slots >= 1)


def successes(n: int, p: Array) -> Array:
    """Return the chances that 0, ..., n of n links succeed in a slot, shape (..., n + 1)."""
    k = np.arange(n + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        fails = np.where(k == n, 1.0, np.exp((n - k) * np.log1p(-p[..., None])))
    return np.asarray(comb(n, k) * p[..., None] ** k * fails)


def some_success(n: ArrayLike, p: Array) -> Array:
    """Return the chance that at least one of n links succeeds in a slot."""
    with np.errstate(divide="ignore"):
        return np.asarray(-np.expm1(n * np.log1p(-p)))


def waiting_time_mean(n: int, p: ArrayLike) -> NDArray[np.float64]:
    r"""Return the mean number of slots until all of n links have succeeded.

    .. math:: E_n = \sum_{k=1}^{n} \binom nk \frac{(-1)^{k+1}}{1-(1-p)^k}
              = \frac{1 + \sum_{k=1}^{n} P(k \text{ succeed})\,E_{n-k}}{1-(1-p)^n}

    The sum alternates and loses its digits when n is large. The second form asks what is left after one slot; all of its
    terms are positive, and it keeps its digits for every n and p.

    Parameters
    ----------
    n : int
        Number of links, at most 1000.
    p : array_like of float, shape (...)
        Chance that a link succeeds in a slot, above 0.

    Returns
    -------
    ndarray of float64, shape (...)
        In slots.

    Examples
    --------
    >>> waiting_time_mean(2, [0.1, 0.01]).round(6)
    array([ 14.736842, 149.748744])
    >>> [round(float(waiting_time_mean(n, 0.1)), 2) for n in (1, 2, 4, 8, 16)]
    [10.0, 14.74, 20.27, 26.3, 32.59]
    >>> float(np.sqrt(waiting_time_variance(2, 0.1)).round(2))  # nearly as much: single runs say little
    10.62

    References
    ----------
    Bernardes, Praxmeyer and van Loock, Phys. Rev. A 83, 012323 (2011), arXiv:1010.0106 (the alternating sum).
    """
    return _moments(as_links(n), as_success(p))[0]


def waiting_time_variance(n: int, p: ArrayLike) -> NDArray[np.float64]:
    r"""Return the variance of the number of slots until all of n links have succeeded.

    Parameters
    ----------
    n, p
        As in :func:`waiting_time_mean`, and by the same recursion.

    Returns
    -------
    ndarray of float64, shape (...)
        In slots squared.

    Examples
    --------
    >>> waiting_time_variance(2, 0.1).round(6)
    np.float64(112.686981)

    References
    ----------
    Bernardes, Praxmeyer and van Loock, Phys. Rev. A 83, 012323 (2011), arXiv:1010.0106.
    """
    return _moments(as_links(n), as_success(p))[1]


def _moments(n: int, p: Array) -> tuple[Array, Array]:
    """Return mean and variance, by what is left after one slot; variances add by the law of total variance."""
    means, variances = [np.zeros(p.shape)], [np.zeros(p.shape)]
    for links in range(1, n + 1):
        # left: 0, ..., links - 1 links, in the order of the lists
        chances = np.moveaxis(successes(links, p), -1, 0)
        left, stay, some = chances[:0:-1], chances[0], some_success(links, p)
        mean = (1 + np.sum(left * np.stack(means), axis=0)) / some
        spread = np.sum(left * (np.stack(variances) + (np.stack(means) - mean + 1) ** 2), axis=0)
        means.append(mean)
        variances.append((spread + stay) / some)
    return means[-1], variances[-1]


def waiting_time_quantile(share: ArrayLike, n: int, p: ArrayLike) -> NDArray[np.float64]:
    r"""Return the slot by which all of n links have succeeded in a given share of all runs.

    .. math:: t = \left\lceil \frac{\ln\bigl(1 - u^{1/n}\bigr)}{\ln(1-p)} \right\rceil

    Parameters
    ----------
    share : array_like of float, shape (...)
        :math:`u`: 0.5 is the median, 0.99 what one run in a hundred exceeds. Below 1.
    n : int
        Number of links.
    p : array_like of float, shape (...)
        Chance that a link succeeds in a slot, above 0; broadcasts against `share`.

    Returns
    -------
    ndarray of float64, shape (...)
        Whole slots, at least 1.

    Examples
    --------
    >>> waiting_time_quantile([0.5, 0.95, 0.99], 2, 0.1)
    array([12., 35., 51.])

    References
    ----------
    Bernardes, Praxmeyer and van Loock, Phys. Rev. A 83, 012323 (2011), arXiv:1010.0106.
    """
    u, chance = broadcast(share=as_probabilities(share, "share", "shares"), p=as_success(p))
    n = as_links(n)
    if u.size and u.max() >= 1:
        raise ValueError("share must be below 1: no number of slots is enough for all runs, unless p is 1")
    with np.errstate(divide="ignore"):
        slots = np.ceil(np.log(-np.expm1(np.log(u) / n)) / np.log1p(-chance))
    slots = np.maximum(slots, 1)
    # rounding moves a whole number by one at most
    slots = np.where(waiting_time_cdf(slots - 1, n, chance) >= u, np.maximum(slots - 1, 1), slots)
    return np.where(waiting_time_cdf(slots, n, chance) < u, slots + 1, slots)


def waiting_time_samples(n: int, p: float, size: int, rng: Any = None) -> NDArray[np.float64]:
    r"""Draw numbers of slots until all of n links have succeeded, one draw a chain by the inverse of the law.

    .. math:: T = \left\lceil \frac{\ln(1 - U^{1/n})}{\ln(1-p)} \right\rceil

    Parameters
    ----------
    n : int
        Number of links.
    p : float
        Chance that a link succeeds in a slot, above 0.
    size : int
        How many chains.
    rng : None, int or numpy.random.Generator
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ndarray of float64, shape (size,)
        Whole slots, at least 1.

    Examples
    --------
    >>> waiting_time_samples(5, 0.1, 5, rng=1)
    array([16., 27.,  4., 26., 36.])
    >>> limit = waiting_time_quantile(0.95, 5, 0.1)
    >>> float(limit), float((waiting_time_samples(5, 0.1, 10**5, rng=2) <= limit).mean().round(3))
    (44.0, 0.953)

    References
    ----------
    Devroye, *Non-Uniform Random Variate Generation* (1986), section V.2 (maxima by inversion).
    """
    n, chance, size = as_links(n), as_real(p, "p", most=1, above=0), as_count(size, "size")
    if chance == 1:
        return np.ones(size)
    # U^(1/n) = exp(-E/n) for an exponential E, which is drawn faster than a logarithm is taken.
    draws = as_rng(rng).standard_exponential(size)
    draws += np.finfo(float).tiny  # a draw of 0 would wait for ever
    draws *= -1 / n
    np.expm1(draws, out=draws)
    np.negative(draws, out=draws)
    np.log(draws, out=draws)
    draws *= 1 / np.log1p(-chance)
    np.floor(draws, out=draws)
    draws += 1
    return draws


def three_halves_rule(n: ArrayLike, p: ArrayLike) -> NDArray[np.float64]:
    r"""Return the rule of thumb for the mean waiting time of n links: half as much again for every doubling.

    .. math:: \left(\tfrac32\right)^{\log_2 n} \frac1p

    For two links it is the limit of small p. It then treats the waiting time of two links as if it were again geometric,
    which it is not: the larger n, the more the rule exceeds :func:`waiting_time_mean`, which grows as
    :math:`\ln n` only.

    Parameters
    ----------
    n : array_like of int, shape (...)
        Number of links.
    p : array_like of float, shape (...)
        Chance that a link succeeds in a slot, above 0.

    Returns
    -------
    ndarray of float64, shape (...)
        In slots.

    Examples
    --------
    >>> (three_halves_rule([2, 4, 16], 0.01) / [waiting_time_mean(n, 0.01) for n in (2, 4, 16)]).round(3)
    array([1.002, 1.083, 1.503])

    References
    ----------
    Sangouard, Simon, de Riedmatten and Gisin, Rev. Mod. Phys. 83, 33 (2011), arXiv:0906.2699, section II.
    """
    links, chance = broadcast(n=as_trials(n).astype(float), p=as_success(p))
    return np.asarray(1.5 ** np.log2(links) / chance)


def cutoff_waiting_time(p: ArrayLike, cutoff: ArrayLike) -> NDArray[np.float64]:
    r"""Return the mean number of slots until two links have pairs of which neither has waited longer than a cut-off.

    .. math:: E = \frac{\frac{1}{1-q^2} + (1-s)\sum_{j<\tau} q^j}{s + (1-s)(1-q^\tau)}, \qquad
              q = 1-p,\quad s = \frac{p^2}{1-q^2}

    After the first success, the other link has :math:`\tau` more slots; then the pair is thrown away and both start anew.

    Parameters
    ----------
    p : array_like of float, shape (...)
        Chance that a link succeeds in a slot, above 0.
    cutoff : array_like of int, shape (...)
        :math:`\tau` in slots, 0 or more; at 0 both must succeed in the same slot.

    Returns
    -------
    ndarray of float64, shape (...)
        In slots.

    Examples
    --------
    >>> cutoff_waiting_time(0.1, [0, 1, 5, 10, 1000]).round(6)
    array([100.      ,  42.142857,  20.751172,  17.073365,  14.736842])

    References
    ----------
    Collins, Jenkins, Kuzmich and Kennedy, Phys. Rev. Lett. 98, 060502 (2007), arXiv:quant-ph/0610036.
    """
    chance, slots = broadcast(p=as_success(p), cutoff=_as_slots(cutoff, "cutoff"))
    some = some_success(2, chance)
    both = chance**2 / some
    second = _by(slots, chance)  # = p * sum of q^j
    return np.asarray((1 / some + (1 - both) * second / chance) / (both + (1 - both) * second))


def age_mean(n: int, p: ArrayLike) -> NDArray[np.float64]:
    r"""Return the mean number of slots that the pairs of n links wait, added up, until the last one is there.

    .. math:: E\Bigl[\sum_i (T - t_i)\Bigr] = n\,E_n - \frac np, \qquad
              E|t_1 - t_2| = \frac{2q}{p(2-p)} \ \text{for two links}

    Parameters
    ----------
    n : int
        Number of links.
    p : array_like of float, shape (...)
        Chance that a link succeeds in a slot, above 0.

    Returns
    -------
    ndarray of float64, shape (...)
        In slots.

    Examples
    --------
    >>> age_mean(2, [0.1, 0.01]).round(6)
    array([ 9.473684, 99.497487])

    References
    ----------
    Kamin, Shchukin, Schmidt and van Loock, Phys. Rev. Research 5, 023086 (2023), arXiv:2203.10318.
    """
    n, chance = as_links(n), as_success(p)
    waits = [np.zeros(chance.shape)]
    for left in range(1, n + 1):  # n - left pairs wait for one more slot
        chances = np.moveaxis(successes(left, chance), -1, 0)[:0:-1]
        waits.append((n - left + np.sum(chances * np.stack(waits), axis=0)) / some_success(left, chance))
    return waits[-1]


def age_decay(n: int, p: ArrayLike, lifetime: ArrayLike) -> NDArray[np.float64]:
    r"""Return what waiting leaves of a chain, where each pair loses a factor e in a lifetime.

    .. math:: E\Bigl[\exp\Bigl(-\tfrac1\tau\sum_i (T - t_i)\Bigr)\Bigr], \qquad
              \frac{p^2}{1-q^2}\left(1 + \frac{2qx}{1-qx}\right),\ x = e^{-1/\tau} \ \text{for two links}

    With memories that dephase at both ends of a pair the lifetime is half their T2: :math:`\langle XX\rangle` of the
    swapped pair is multiplied by this number. It is more than :func:`age_mean` in the exponent would give: the exponential
    is convex.

    Parameters
    ----------
    n : int
        Number of links.
    p : array_like of float, shape (...)
        Chance that a link succeeds in a slot, above 0.
    lifetime : array_like of float, shape (...)
        :math:`\tau` in slots, above 0; infinity is allowed.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> age_decay(2, [0.1, 0.01], 100).round(6)
    array([0.913483, 0.501268])
    >>> np.exp(-age_mean(2, [0.1, 0.01]) / 100).round(6)
    array([0.909612, 0.369733])

    References
    ----------
    Kamin, Shchukin, Schmidt and van Loock, Phys. Rev. Research 5, 023086 (2023), arXiv:2203.10318.
    """
    n, chance, life = as_links(n), as_success(p), np.asarray(lifetime, dtype=np.float64)
    if not (life > 0).all():
        raise ValueError(f"lifetime must be above 0 slots (infinity is allowed), not {life.min():g}")
    chance, life = broadcast(p=chance, lifetime=life)
    return ages_transform(n, chance, 1 / life)


def ages_transform(n: int, p: Array, rate: Array) -> Array:
    """Return E exp(-rate * summed ages), by what is left after one slot: all terms are positive."""
    values = [np.ones(p.shape)]
    for left in range(1, n + 1):
        chances = np.moveaxis(successes(left, p), -1, 0)
        waits = rate * (n - left)
        reached = np.exp(-waits) * np.sum(chances[:0:-1] * np.stack(values), axis=0)
        # 1 - e^-w q^l without the loss of digits that small rates and chances would bring
        values.append(reached / (some_success(left, p) - chances[0] * np.expm1(-waits)))
    return values[-1]
