r"""Privacy of the sum: Gaussian noise that the clients add together, and what many rounds of it give away."""

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_choice, as_count, as_failure, as_probability, as_real, as_reals, as_rng
from qlearn._types import Array


def clip_update(update: ArrayLike, most: float) -> Array:
    r"""Return an update of norm `most` at most, shape (d,): shortened, not turned.

    .. math:: x \mapsto x\,\min(1, C/\lVert x\rVert_2)

    Parameters
    ----------
    update : array_like of float, shape (d,)
        One client's.
    most : float
        :math:`C`: no client moves the sum further.

    Returns
    -------
    ndarray of float64, shape (d,)

    Examples
    --------
    >>> clip_update([3.0, 4.0], most=1.0), clip_update([0.0, 0.0], most=1.0)
    (array([0.6, 0.8]), array([0., 0.]))

    References
    ----------
    McMahan, Ramage, Talwar and Zhang, "Learning differentially private recurrent language models", 2018, arXiv:1710.06963.
    """
    values, bound = as_reals(update, "update"), as_real(most, "most", above=0)
    # Of parts of the largest, whose squares do not overflow.
    largest = float(np.abs(values).max(initial=0.0))
    if not largest:
        return values
    parts = values / largest
    norm = float(np.linalg.norm(parts))
    return values if largest * norm <= bound else parts * (bound / norm)


def noise_share(size: int, multiplier: float, most: float, honest: int, rng: Any = None) -> Array:
    r"""Return the noise that one client adds, shape (d,), so that `honest` of them together add what was asked for.

    .. math:: \mathcal N\bigl(0,\; z^2 C^2 / m\bigr), \qquad \text{sum of } m: \mathcal N(0, z^2 C^2)

    The server gets no update, and so nobody but the clients can add noise before it sees the sum. Corrupted clients know
    their own: :math:`m` is how many honest ones are in each sum at least, threshold less corrupted. With more, the sum has
    more noise than asked for. What is hidden is *what* a client sent, beside a sum in which it sends its noise alone; *that*
    it took part is not: a client that is away takes its noise along, and the spread of many words shows it. (The list of
    survivors says it, too.)

    The noise is a float, added before the words are rounded, and its generator is not one for secrets. The epsilon of
    :func:`privacy_loss` is that of real numbers: rounding each update to words is not counted in it, nor that a rounded update
    may be longer than it was clipped to (:class:`FixedPoint`). Clip by that much less, and take steps that are small beside
    the noise. (A discrete noise closes the gap: Kairouz, Liu and Steinke, 2021, arXiv:2102.06387.)

    Parameters
    ----------
    size : int
        :math:`d`.
    multiplier : float
        :math:`z`, the noise of the sum in units of `most`.
    most : float
        :math:`C` of :func:`clip_update`.
    honest : int
        :math:`m`.
    rng : optional
        None: a generator seeded by the system. A seed that somebody knows takes the noise away.

    Returns
    -------
    ndarray of float64, shape (d,)

    Examples
    --------
    >>> round(float(noise_share(10**5, multiplier=2.0, most=0.5, honest=4, rng=1).std()), 2)
    0.5

    References
    ----------
    Dwork, Kenthapadi, McSherry, Mironov and Naor, "Our data, ourselves: privacy via distributed noise generation",
    EUROCRYPT 2006, doi:10.1007/11761679_29.
    """
    scale = as_real(multiplier, "multiplier", least=0) * as_real(most, "most", above=0)
    return as_rng(rng).normal(0.0, scale / np.sqrt(as_count(honest, "honest")), as_count(size, "size"))


class PrivacyLoss(NamedTuple):
    """What `rounds` rounds give away: epsilon at this delta, and the order at which the bound is least (nan for "pld")."""

    epsilon: float
    order: float


def privacy_loss(
    multiplier: float,
    rounds: int,
    delta: float,
    *,
    sampling: float = 1.0,
    method: Literal["rdp", "pld"] = "rdp",
) -> PrivacyLoss:
    r"""Return the epsilon of differential privacy after so many noisy sums.

    A round is :math:`(\varepsilon, \delta)`-private if no event has a chance above :math:`e^\varepsilon` times its chance
    without one client's update, plus :math:`\delta`, nor the other way round. Here a whole update is added or removed, while
    the noise of the sum stays; to *replace* one counts as twice the norm.

    Parameters
    ----------
    multiplier : float
        :math:`z`: standard deviation of the noise of the sum, in units of the clipping norm.
    rounds : int
        Sums that were published.
    delta : float
        :math:`\delta`.
    sampling : float
        Chance with which each client takes part in a round, independently, and unknown to whoever looks (Poisson sampling).
        A server that asks the clients itself knows who took part: then it is 1.
    method : {"rdp", "pld"}
        Rényi divergences, an upper bound by a formula; or the distribution of the privacy loss on a grid, tighter, slower.

    Returns
    -------
    PrivacyLoss

    Examples
    --------
    >>> privacy_loss(2.0, rounds=10, delta=1e-5)
    PrivacyLoss(epsilon=8.07940..., order=3.9)

    References
    ----------
    Mironov, "Rényi differential privacy", 2017, arXiv:1702.07476. Mironov, Talwar and Zhang, 2019, arXiv:1908.10530, for
    sampling. The accountants are those of `dp-accounting <https://github.com/google/differential-privacy>`__.
    """
    noise, count = as_real(multiplier, "multiplier", above=0), as_count(rounds, "rounds")
    as_failure(delta, "delta")
    as_choice(method, ("rdp", "pld"), "method")
    chance = as_probability(sampling, "sampling")
    if not chance:
        raise ValueError("sampling must be above 0: without clients there is no sum")
    try:
        from dp_accounting import dp_event, pld, rdp
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            "privacy_loss takes dp-accounting: python -m pip install 'qlearn[privacy]'"
        ) from missing
    accountant = rdp.RdpAccountant() if method == "rdp" else pld.PLDAccountant()
    round_event = dp_event.PoissonSampledDpEvent(chance, dp_event.GaussianDpEvent(noise))
    accountant.compose(dp_event.SelfComposedDpEvent(round_event, count))
    if method == "pld":
        return PrivacyLoss(float(accountant.get_epsilon(delta)), float("nan"))
    epsilon, order = accountant.get_epsilon_and_optimal_order(delta)
    return PrivacyLoss(float(epsilon), float(order))
