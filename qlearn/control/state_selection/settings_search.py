"""Settings search: intensities, shares and basis bias found from sessions alone, by surrogates or by asking the physics."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import log2
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_probability, as_real, as_reals, as_rng
from qlearn._types import Array
from qlearn.communication.photons import (
    Counts,
    Link,
    Source,
    expected_counts,
    optimal_source,
)
from qlearn.communication.photons.finite_keys import correction, decoy_bounds, smoothing
from qlearn.learning.reinforcement import BanditRule, choose_arm

# p_x, signal intensity, share of the signal, weak decoy as a part of the signal: what a search may choose.
_LOW = np.array([0.02, 0.2, 0.05, 0.1])
_HIGH = np.array([0.6, 0.8, 0.9, 0.7])
_VACUUM, _VACUUM_SHARE = 2e-4, 0.3
_CANDIDATES, _NEAR = 400, 0.08
_SECURITY, _CORRECTNESS = 1e-10, 1e-15


def setting(x: ArrayLike) -> Source:
    """Return the source that four numbers between 0 and 1 stand for.

    In this order: `p_x` from 0.02 to 0.6 (by its logarithm), the signal from 0.2 to 0.8 photons, its share from 0.05 to 0.9,
    and the weak decoy as 0.1 to 0.7 of the signal. Of the other pulses 0.3 are vacuum, of 2e-4 photons.

    Parameters
    ----------
    x : array_like of float, shape (4,)
        From 0 to 1.

    Returns
    -------
    Source

    Examples
    --------
    >>> source = setting([0.5, 0.5, 0.5, 0.5])
    >>> round(source.p_x, 3), [round(mu, 4) for mu in source.intensities]
    (0.11, [0.5, 0.2, 0.0002])
    """
    numbers = as_reals(x, "x", least=0, most=1)
    if numbers.shape != (4,):
        raise ValueError(f"x must be four numbers from 0 to 1, not of shape {numbers.shape}")
    p_x = float(np.exp(np.log(_LOW[0]) + numbers[0] * np.log(_HIGH[0] / _LOW[0])))
    signal, share, part = (float(value) for value in (_LOW + numbers * (_HIGH - _LOW))[1:])
    rest = 1 - share
    return Source(
        (signal, signal * part, _VACUUM), (share, rest * (1 - _VACUUM_SHARE), rest * _VACUUM_SHARE), p_x
    )


@dataclass(frozen=True)
class Sessions:
    """A link on which one session after the other is run: settings in, counts and key out; nobody is told the link.

    Parameters
    ----------
    link : Link
    transmittance : float
    n_pulses : float
        Of each session.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> sessions = Sessions(LINKS["lim2014"], 0.1, 1e9)
    >>> counts = sessions.run(setting([0.7, 0.4, 0.3, 0.6]), rng=1)
    >>> 0 < sessions.key(counts, setting([0.7, 0.4, 0.3, 0.6])) < 1e-3
    True
    """

    link: Link
    transmittance: float
    n_pulses: float

    def __post_init__(self) -> None:
        if not isinstance(self.link, Link):
            raise TypeError(f"link must be a Link, as LINKS holds them, not {self.link!r}")
        as_probability(self.transmittance, "transmittance")
        as_real(self.n_pulses, "n_pulses", least=1)

    def run(self, source: Source, rng: Any = None) -> Counts:
        """Return the counts of one session, drawn: clicks and errors as Poisson and binomial numbers.

        Of a billion pulses one in a thousand clicks, so Poisson's law is the multinomial one to that share.
        """
        rng = as_rng(rng)
        mean = self._expected(source)
        sifted = np.minimum(rng.poisson(mean.sifted), mean.sent[:, None] / 2).astype(float)
        rates = np.divide(mean.errors, mean.sifted, out=np.zeros_like(mean.errors), where=mean.sifted > 0)
        errors = rng.binomial(sifted.astype(np.int64), rates).astype(float)
        other = rng.poisson((mean.clicked - mean.sifted.sum(axis=1)).clip(0.0))
        return Counts(sent=mean.sent, clicked=sifted.sum(axis=1) + other, sifted=sifted, errors=errors)

    def key(self, counts: Counts, source: Source) -> float:
        """Return the bits per pulse that a session's counts prove, below 0 where correction costs more than there is.

        The length of :func:`~qlearn.communication.photons.finite_key`, without its test that some yields explain all counts:
        a linear program that an honest line passes but for a chance of 1e-10, and that costs most of the time of a search.
        Whoever makes a key of a session calls `finite_key`.
        """
        n, wrong = float(counts.sifted[:, 0].sum()), float(counts.errors[:, 0].sum())
        found = decoy_bounds(counts.sifted, counts.errors, source, _SECURITY, 0, 1)
        spent = correction(n, wrong, self.link.error_correction) + smoothing(source, _SECURITY)
        return (found.secret - spent - log2(2 / _CORRECTNESS)) / self.n_pulses

    def expected_key(self, source: Source) -> float:
        """Return the key per pulse of the expected counts, at least 0: by this a choice is judged, and nobody is told it."""
        return max(0.0, self.key(self._expected(source), source))

    def best(self) -> Source:
        """Return the source that the optimiser of the rate finds, who knows the link."""
        return optimal_source(
            link=self.link, transmittance=self.transmittance, n_pulses=self.n_pulses, vacuum=_VACUUM
        )

    def _expected(self, source: Source) -> Counts:
        return expected_counts(self.n_pulses, link=self.link, transmittance=self.transmittance, source=source)


@dataclass(frozen=True)
class Search:
    """What a search did: the keys per pulse of its sessions in order, and the source that it recommends."""

    keys: Array
    recommended: Source

    @property
    def made(self) -> float:
        """Key per pulse over all sessions of the search: sessions without a key make none."""
        return float(self.keys.clip(0.0).mean())


Surrogate = Callable[[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]
"""Settings tried, keys they made, candidates -> scores of the candidates, the larger the better."""


def search_settings(
    sessions: Sessions,
    surrogate: Surrogate | None = None,
    *,
    budget: int = 20,
    first: int = 8,
    rng: Any = None,
) -> Search:
    """Search for the source with most key by running sessions: the `first` at random, then where a surrogate points.

    Each session makes a key of its own, for its settings were fixed before it. A candidate is one of 400 settings, half of
    them anywhere, half of them near the best session so far.

    Parameters
    ----------
    sessions : Sessions
    surrogate : callable, optional
        A model of key by setting, as :func:`regressor_surrogate` and :func:`gaussian_process_surrogate` make them. None:
        all sessions are random.
    budget : int
        Sessions in all.
    first : int
        Sessions at random, spread evenly over each of the four numbers.
    rng : optional
        Anything :func:`numpy.random.default_rng` takes.

    Returns
    -------
    Search
        The recommended source is that of the session with most key.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> sessions = Sessions(LINKS["lim2014"], 0.1, 1e9)
    >>> found = search_settings(sessions, budget=12, rng=1)
    >>> found.keys.shape, sessions.expected_key(found.recommended) < sessions.expected_key(sessions.best())
    ((12,), True)
    """
    rng = as_rng(rng)
    _check(sessions)
    budget = as_count(budget, "budget", least=as_count(first, "first", least=2))
    tried = _spread(first, rng)
    keys: list[float] = []
    for number in range(budget):
        if number >= first:
            tried = np.vstack([tried, _next(tried, np.array(keys), surrogate, rng)])
        source = setting(tried[number])
        keys.append(sessions.key(sessions.run(source, rng), source))
    return Search(np.array(keys), setting(tried[int(np.argmax(keys))]))


def bandit_search(
    sessions: Sessions, rule: BanditRule, *, budget: int = 20, first: int = 8, rng: Any = None
) -> Search:
    """Run the `first` settings of :func:`search_settings` as the arms of a bandit, and no others.

    Each arm is pulled once; then the rule chooses. A reward is a session's key as a share of the largest so far, and 0 where
    no key is left.

    Parameters
    ----------
    sessions : Sessions
        The link.
    rule : BanditRule
        Of :mod:`qlearn.learning.reinforcement`.
    budget, first : int
        As for :func:`search_settings`.
    rng : None, int or numpy.random.Generator
        With the same seed both searches begin with the same settings.

    Returns
    -------
    Search
        The recommended source is the arm with most key on average.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> from qlearn.learning.reinforcement import Greedy
    >>> found = bandit_search(Sessions(LINKS["lim2014"], 0.1, 1e12), Greedy(), rng=1)
    >>> bool(np.ptp(found.keys[8:]) < 0.05 * found.keys.max())  # one and the same arm, and the scatter of its counts
    True

    References
    ----------
    Auer, Cesa-Bianchi and Fischer, "Finite-time analysis of the multiarmed bandit problem", 2002, doi:10.1023/A:1013689704352.
    """
    rng = as_rng(rng)
    _check(sessions)
    budget = as_count(budget, "budget", least=as_count(first, "first", least=2))
    if not callable(getattr(rule, "probabilities", None)):
        raise TypeError(f"rule must be a bandit rule of qlearn.learning.reinforcement, not {rule!r}")
    arms = _spread(first, rng)
    made, pulls = np.zeros(first), np.zeros(first, np.intp)
    keys: list[float] = []
    for number in range(budget):
        top = max(keys, default=0.0)
        # Sums of shares of one number: rescaled as the largest grows, each reward stays between 0 and 1.
        rewards = np.minimum(made / top, pulls) if top > 0 else made
        arm = number if number < first else choose_arm(rule, rewards, pulls, rng)
        source = setting(arms[arm])
        keys.append(sessions.key(sessions.run(source, rng), source))
        made[arm] += max(0.0, keys[-1])
        pulls[arm] += 1
    return Search(np.array(keys), setting(arms[int(np.argmax(made / pulls))]))


def _spread(first: int, rng: np.random.Generator) -> Array:
    """Return settings at random, spread evenly over each of the four numbers (a Latin hypercube)."""
    return (np.array([rng.permutation(first) for _ in range(4)]).T + rng.random((first, 4))) / first


def _check(sessions: Any) -> None:
    if not isinstance(sessions, Sessions):
        raise TypeError(f"sessions must be Sessions, a link on which sessions are run, not {sessions!r}")


def _next(tried: Array, keys: Array, surrogate: Surrogate | None, rng: np.random.Generator) -> Array:
    if surrogate is None:
        return rng.random(4)
    best = tried[int(np.argmax(keys))]
    candidates = rng.random((_CANDIDATES, 4))
    near = best + _NEAR * rng.normal(size=(_CANDIDATES // 2, 4))
    candidates[: _CANDIDATES // 2] = near.clip(0.0, 1.0)
    return np.asarray(candidates[int(np.argmax(surrogate(tried, keys, candidates)))])


def regressor_surrogate(model: Any) -> Surrogate:
    """Return a surrogate that fits a regressor of scikit-learn's kind, classical or quantum, and believes it.

    Settings go from 0 to 1 as they are, the keys in units of the best one, those below 0 as 0.

    Parameters
    ----------
    model : scikit-learn regressor
        With ``fit`` and ``predict``; a copy is fitted.

    Returns
    -------
    callable
        Takes settings tried, their keys and candidates; returns a score for each candidate.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> tried, keys = np.eye(4), np.array([0.0, 1.0, 2.0, 3.0])
    >>> int(np.argmax(regressor_surrogate(LinearRegression())(tried, keys, np.eye(4))))
    3
    """
    from sklearn.base import clone

    def scores(tried: Array, keys: Array, candidates: Array) -> Array:
        fitted = clone(model).fit(tried, _scaled(keys))
        return np.asarray(fitted.predict(candidates)).ravel()

    return scores


def gaussian_process_surrogate() -> Surrogate:
    r"""Return the surrogate of Bayesian optimisation: a Gaussian process, and the gain to expect of each candidate.

    .. math:: \operatorname{EI} = (\mu - y^*)\,\Phi(z) + \sigma\,\varphi(z), \qquad z = (\mu - y^*)/\sigma

    A Matern kernel of smoothness 5/2 with one length for each number, fitted by likelihood, and a little noise.

    Returns
    -------
    callable
        Takes settings tried, their keys and candidates; returns a score for each candidate.

    Examples
    --------
    >>> tried, keys = np.eye(4), np.array([0.0, 1.0, 2.0, 3.0])
    >>> gaussian_process_surrogate()(tried, keys, np.full((2, 4), 0.5)).shape
    (2,)

    References
    ----------
    Jones, Schonlau and Welch, J. Global Optim. 13, 455 (1998), doi:10.1023/A:1008306431147.
    """
    import warnings

    from scipy.stats import norm
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import Matern, WhiteKernel

    def scores(tried: Array, keys: Array, candidates: Array) -> Array:
        y = _scaled(keys)
        kernel = Matern(np.full(4, 0.5), (0.1, 10.0), nu=2.5) + WhiteKernel(1e-3, (1e-5, 1e-1))
        with (
            warnings.catch_warnings()
        ):  # a length at the edge of its range says that the number plays no part
            warnings.simplefilter("ignore", ConvergenceWarning)
            fitted = GaussianProcessRegressor(kernel, normalize_y=True, random_state=0).fit(tried, y)
        mean, deviation = fitted.predict(candidates, return_std=True)
        gain, deviation = mean - y.max(), np.maximum(deviation, 1e-9)
        return np.asarray(gain * norm.cdf(gain / deviation) + deviation * norm.pdf(gain / deviation))

    return scores


def _scaled(keys: Array) -> Array:
    top = float(keys.max())
    return keys.clip(0.0) / top if top > 0 else keys - keys.min()


def ask_the_physics(sessions: Sessions, *, budget: int = 20, rng: Any = None) -> Search:
    r"""Run one session, read the link from its counts, and let the optimiser of the rate choose all others.

    .. math:: \hat Y_0 = \hat Q_\text{vacuum}, \quad
              \hat\eta = -\frac1\mu \ln\frac{1 - \hat Q_\mu}{1 - \hat Y_0}, \quad
              \hat e_\text{det} = \frac{\hat E_\mu \hat Q_\mu - \hat Y_0/2}{1 - e^{-\hat\eta\mu}}

    The first session is near the middle of the search's range, with more pulses in X. It is told more than a search: the
    formula, in which afterpulses are left out, and with it the optimiser, who chooses the share of the vacuum pulses as well.
    (The range of a search holds 0.98 of the optimum and more, or 0.92 where there is hardly a key.)

    What the counts of *earlier* sessions say may choose a setting; the key of a session is proved by its own counts, so a
    wrong estimate costs key and not secrecy.

    Parameters
    ----------
    sessions, budget, rng
        As for :func:`search_settings`.

    Returns
    -------
    Search

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> sessions = Sessions(LINKS["lim2014"], 0.1, 1e9)
    >>> found = ask_the_physics(sessions, budget=2, rng=1)
    >>> round(sessions.expected_key(found.recommended) / sessions.expected_key(sessions.best()), 2)
    1.0

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, equations 10 and 11, solved for the link.
    """
    rng, budget = as_rng(rng), as_count(budget, "budget", least=2)
    _check(sessions)
    source = setting([0.7, 0.5, 0.5, 0.5])
    counts = sessions.run(source, rng)
    keys = [sessions.key(counts, source)]
    read = _read_link(counts, source, sessions.link)
    chosen = optimal_source(link=read[0], transmittance=read[1], n_pulses=sessions.n_pulses, vacuum=_VACUUM)
    keys += [sessions.key(sessions.run(chosen, rng), chosen) for _ in range(budget - 1)]
    return Search(np.array(keys), chosen)


def _read_link(counts: Counts, source: Source, station: Link) -> tuple[Link, float]:
    """Return the link as one session shows it, with a receiver of efficiency 1; of the station only its correction is known."""
    gains, mu = counts.gains, source.intensities[0]
    background = float(gains[2])
    eta = -np.log((1 - gains[0]) / (1 - background)) / mu
    wrong = float(counts.qbers[0]) * float(gains[0])
    misaligned = (wrong - background / 2) / -np.expm1(-eta * mu)
    read = replace(
        station,
        receiver_efficiency=1.0,
        background=background,
        misalignment=float(np.clip(misaligned, 0.0, 0.5)),
        afterpulse=0.0,
    )
    return read, float(np.clip(eta, 1e-9, 1.0))
