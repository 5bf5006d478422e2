"""Single yield."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right=(
        "Two equations, and the unknown pulses of two and more photons are gone: at worst to Alice's disadvantage."
    ),
    because=r"""
        $Q_\mu e^\mu = Y_0 + Y_1\mu + \sum_{n\ge2} Y_n \mu^n/n!$, and the same for $\nu$. For $n \ge 2$ we have
        $\nu^n \le (\nu/\mu)^2 \mu^n$, so subtracting $(\nu/\mu)^2$ times the first from the second leaves at most
        $Y_0$ and $Y_1$.
    """,
)
def single_yield(mu, nu, q_mu, q_nu, y_0):
    """Write `single_yield(mu, nu, q_mu, q_nu, y_0)`: the lower bound of the yield of single photons, from
    the gains of signal and weak decoy and the clicks of the vacuum.
    """
    ratio = (nu / mu) ** 2
    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * y_0
    return mu / (mu * nu - nu**2) * inner


@single_yield.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_single_yield of the old module
    yield ()


@single_yield.mistake(
    "for mu = 0.48, nu = 0.05, y_0 = 1.7e-06 you return 0.00449999; the gains are averages over photon numbers "
    "with weights e^-mu: undo these weights first."
)
def no_weights(mu, nu, q_mu, q_nu, y_0):
    ratio = (nu / mu) ** 2
    return mu / (mu * nu - nu**2) * (q_nu - ratio * q_mu - (1 - ratio) * y_0)


@single_yield.mistake(
    "for mu = 0.48, nu = 0.05, y_0 = 1.7e-06 you return 0.00447473; the clicks of empty pulses are still among "
    "them. Alice measures their chance with her vacuum pulses."
)
def no_vacuum(mu, nu, q_mu, q_nu, y_0):
    ratio = (nu / mu) ** 2
    return mu / (mu * nu - nu**2) * (q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu))


@single_yield.mistake(
    "for mu = 0.48, nu = 0.05, y_0 = 1.7e-06 you return 0.00473192; here the pulses of two and more photons count"
    " as single ones. That is too much, and the wrong way round for a bound: subtract what the signal shows of "
    "them."
)
def trusts_the_weak_pulse(mu, nu, q_mu, q_nu, y_0):
    return (q_nu * np.exp(nu) - y_0) / nu


@single_yield.mistake(
    "for mu = 0.48, nu = 0.05, y_0 = 1.7e-06 you return 0.00726666; this takes all clicks of the signal for "
    "single photons'. The weak pulses hold fewer large ones: start from them, and let the signal tell what to "
    "subtract."
)
def trusts_the_signal(mu, nu, q_mu, q_nu, y_0):
    return (q_mu * np.exp(mu) - y_0) / mu


@single_yield.mistake(
    "for mu = 0.48, nu = 0.05, y_0 = 1.7e-06 you return 0.000198749; divide: nu times the yield is not the yield."
)
def does_not_divide(mu, nu, q_mu, q_nu, y_0):
    ratio = (nu / mu) ** 2
    return q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * y_0
