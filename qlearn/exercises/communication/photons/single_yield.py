"""A lower bound of the yield of single photons."""

import numpy as np

from qlearn.communication.photons import photon_probabilities
from qlearn.exercises import exercise


@exercise(
    level="core",
    right=(
        "two equations, and the unknown pulses of two and more photons are gone: at worst to Alice's disadvantage."
    ),
    because=r"""
        $Q_\mu e^\mu = Y_0 + Y_1\mu + \sum_{n\ge2} Y_n \mu^n/n!$, and the same for $\nu$. For $n \ge 2$ we have
        $\nu^n \le (\nu/\mu)^2 \mu^n$, so subtracting $(\nu/\mu)^2$ times the first from the second leaves at most
        $Y_0$ and $Y_1$.
    """,
)
def single_yield(mu, nu, q_mu, q_nu, y_0):
    """Return the lower bound of the yield of single photons, from the gains of signal (`q_mu`, at `mu` photons
    on average) and weak decoy (`q_nu`, at `nu`) and the clicks of the vacuum (`y_0`). Given: `np`.
    """
    ratio = (nu / mu) ** 2
    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * y_0
    return mu / (mu * nu - nu**2) * inner


@single_yield.cases
def lines(rng):
    """Honest lines and others, with any background or none: the yields of several photons are not known to Alice."""
    for background in (0.0, 1.7e-6, 1e-3, 0.02, *10 ** rng.uniform(-5, -2, 4)):
        mu = rng.uniform(0.3, 0.9)
        nu = mu * rng.uniform(0.1, 0.6)
        transmittance = 10 ** rng.uniform(-3, -0.5)
        yields = 1 - (1 - background) * (1 - transmittance) ** np.arange(13)
        yields[2:] *= rng.uniform(0, 1)  # what a sly Eve may block
        q_mu, q_nu = (float(photon_probabilities(m, 12) @ yields) for m in (mu, nu))
        yield float(mu), float(nu), q_mu, q_nu, float(background)


@single_yield.mistake(
    "the gains are averages over photon numbers with weights e^-mu: undo these weights first."
)
def no_weights(mu, nu, q_mu, q_nu, y_0):
    ratio = (nu / mu) ** 2
    return mu / (mu * nu - nu**2) * (q_nu - ratio * q_mu - (1 - ratio) * y_0)


@single_yield.mistake(
    "the clicks of empty pulses are still among them. Alice measures their chance with her vacuum pulses."
)
def no_vacuum(mu, nu, q_mu, q_nu, y_0):
    ratio = (nu / mu) ** 2
    return mu / (mu * nu - nu**2) * (q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu))


@single_yield.mistake(
    "the vacuum comes in twice, once with each intensity: subtracting the signal's share gives some of it back."
)
def all_of_the_vacuum(mu, nu, q_mu, q_nu, y_0):
    ratio = (nu / mu) ** 2
    return mu / (mu * nu - nu**2) * (q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - y_0)


@single_yield.mistake(
    "here the pulses of two and more photons count as single ones. That is too much, and the wrong way round for a "
    "bound: subtract what the signal shows of them."
)
def trusts_the_weak_pulse(mu, nu, q_mu, q_nu, y_0):
    return (q_nu * np.exp(nu) - y_0) / nu


@single_yield.mistake(
    "this takes all clicks of the signal for single photons'. The weak pulses hold fewer large ones: start from them, "
    "and let the signal tell what to subtract."
)
def trusts_the_signal(mu, nu, q_mu, q_nu, y_0):
    return (q_mu * np.exp(mu) - y_0) / mu


@single_yield.mistake("divide: nu times the yield is not the yield.")
def does_not_divide(mu, nu, q_mu, q_nu, y_0):
    ratio = (nu / mu) ** 2
    return q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * y_0


@single_yield.mistake(
    "you divide by nu alone. What you subtract holds single photons, too: nu - nu^2/mu of them are left."
)
def divides_by_nu(mu, nu, q_mu, q_nu, y_0):
    ratio = (nu / mu) ** 2
    return (q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * y_0) / nu


@single_yield.mistake(
    "with nu/mu you remove the single photons. Remove the pairs: they go with the square, (nu/mu)^2."
)
def not_squared(mu, nu, q_mu, q_nu, y_0):
    ratio = nu / mu
    return mu / (mu * nu - nu**2) * (q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * y_0)


@single_yield.mistake("`y_0` is measured anew on every line; take the one that is handed over.")
def the_vacuum_of_one_link(mu, nu, q_mu, q_nu, y_0):
    return single_yield(mu, nu, q_mu, q_nu, 1.7e-6)
