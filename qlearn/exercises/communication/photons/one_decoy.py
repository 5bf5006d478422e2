"""One decoy."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="project",
    right=(
        "The vacuum pulses are not needed: errors alone bound the background, because a dark count is wrong half of "
        "the time. But the misalignment's errors are charged to the background too, and the bound is looser for it."
    ),
    because=r"""
        $E_\mu Q_\mu e^\mu = e_0 Y_0 + \dots \ge Y_0/2$ bounds the background from above, and so do the weak pulses.
        Theirs is never the larger bound: every term of the sum over photon numbers grows with the intensity, so
        light makes fewer of their errors. (Of *counted* errors chance may make it the other.) The bound on $Y_1$
        falls with it. In $e_1$ the background is subtracted, so there it must be taken as small as it can be: zero.
        This is a one-decoy protocol as Ma, Qi, Zhao and Lo (2005) describe it, with a sharper bound of the
        background.
    """,
)
def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):
    """Alice's modulator makes only two intensities: signal and weak decoy, no vacuum. Write `one_decoy(mu,
    nu, q_mu, e_mu, q_nu, e_nu)` from gains and error rates of both: return a lower bound of $Y_1$ and
    an upper bound of $e_1$ that hold whatever the background is. (Hint: a background click is wrong
    with probability 1/2. How many background clicks can hide among the errors of the signal, and among
    those of the weak pulses?)
    """
    ratio = (nu / mu) ** 2
    wrong = e_nu * q_nu * np.exp(nu)  # the signal's is never less
    most = wrong / 0.5  # Y0 at most
    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * most
    y_1 = mu / (mu * nu - nu**2) * inner
    e_1 = e_nu * q_nu * np.exp(nu) / (nu * y_1)  # Y0 at least 0
    return y_1, e_1


@one_decoy.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_one_decoy of the old module
    yield ()


@one_decoy.mistake(
    "on a line where two photons pass best, Y1 = 0.001 and e1 = 0.05, you claim Y1 >= 0.051 and e1 <= 0.0009804. "
    "A bound holds whatever Eve does: undo the weights e^-mu of both intensities, and take the background as "
    "large as it can be for Y1, as zero for e1."
)
def no_background(mu, nu, q_mu, e_mu, q_nu, e_nu):
    y_1 = (q_nu * np.exp(nu)) / nu
    return y_1, e_nu * q_nu * np.exp(nu) / (nu * y_1)


@one_decoy.mistake(
    "on a line where two photons pass best, Y1 = 0.001 and e1 = 0.05, you claim Y1 >= 0.00042 and e1 <= 0. A "
    "bound holds whatever Eve does: undo the weights e^-mu of both intensities, and take the background as large "
    "as it can be for Y1, as zero for e1."
)
def subtracts_the_largest_background_from_the_errors(mu, nu, q_mu, e_mu, q_nu, e_nu):
    ratio = (nu / mu) ** 2
    most = e_mu * q_mu * np.exp(mu) / 0.5
    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * most
    y_1 = mu / (mu * nu - nu**2) * inner
    return y_1, max(0.0, (e_nu * q_nu * np.exp(nu) - most / 2) / (nu * y_1))


@one_decoy.mistake(
    "on a line of dark clicks, Y1 = 0.02 and e1 = 0.01, you claim Y1 >= 0.1408 and e1 <= 0.3564. A bound holds "
    "whatever Eve does: undo the weights e^-mu of both intensities, and take the background as large as it can be"
    " for Y1, as zero for e1."
)
def forgets_the_background(mu, nu, q_mu, e_mu, q_nu, e_nu):
    inner = q_nu * np.exp(nu) - (nu / mu) ** 2 * q_mu * np.exp(mu)
    y_1 = mu / (mu * nu - nu**2) * inner
    return y_1, e_nu * q_nu * np.exp(nu) / (nu * y_1)


@one_decoy.mistake(
    "on a line of dark clicks, Y1 = 0.02 and e1 = 0.01, you claim Y1 >= 0.07926 and e1 <= 0.6334. A bound holds "
    "whatever Eve does: undo the weights e^-mu of both intensities, and take the background as large as it can be"
    " for Y1, as zero for e1."
)
def every_background_click_is_wrong(mu, nu, q_mu, e_mu, q_nu, e_nu):
    ratio = (nu / mu) ** 2
    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * e_mu * q_mu * np.exp(mu)
    y_1 = mu / (mu * nu - nu**2) * inner
    return y_1, e_nu * q_nu * np.exp(nu) / (nu * y_1)


@one_decoy.mistake(
    "safe, but too careful: at 10 km Y1 >= 0.00989667, where 0.0245163 can be proven. Every background click is "
    "wrong half of the time: the errors of either intensity bound it, and those of the weak pulses never worse."
)
def the_signal_s_errors_alone(mu, nu, q_mu, e_mu, q_nu, e_nu):
    ratio = (nu / mu) ** 2
    most = e_mu * q_mu * np.exp(mu) / 0.5
    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * most
    y_1 = mu / (mu * nu - nu**2) * inner
    return y_1, e_nu * q_nu * np.exp(nu) / (nu * y_1)


@one_decoy.mistake(
    "on a line where two photons pass best, Y1 = 0.001 and e1 = 0.05, you claim Y1 >= 0.02506 and e1 <= 0.001996."
    " A bound holds whatever Eve does: undo the weights e^-mu of both intensities, and take the background as "
    "large as it can be for Y1, as zero for e1."
)
def keeps_a_weight(mu, nu, q_mu, e_mu, q_nu, e_nu):
    ratio = (nu / mu) ** 2
    most = 2 * min(e_mu * q_mu * np.exp(mu), e_nu * q_nu * np.exp(nu))
    inner = q_nu * np.exp(nu) - ratio * q_mu - (1 - ratio) * most
    y_1 = mu / (mu * nu - nu**2) * inner
    return y_1, e_nu * q_nu * np.exp(nu) / (nu * y_1)


@one_decoy.mistake(
    "on a line where two photons pass best, Y1 = 0.001 and e1 = 0.05, you claim Y1 >= 0.05108 and e1 <= "
    "0.0009788. A bound holds whatever Eve does: undo the weights e^-mu of both intensities, and take the "
    "background as large as it can be for Y1, as zero for e1."
)
def subtracts_too_little(mu, nu, q_mu, e_mu, q_nu, e_nu):
    ratio = (nu / mu) ** 3
    most = 2 * min(e_mu * q_mu * np.exp(mu), e_nu * q_nu * np.exp(nu))
    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * most
    y_1 = mu / (mu * nu - nu**2) * inner
    return y_1, e_nu * q_nu * np.exp(nu) / (nu * y_1)


@one_decoy.mistake(
    "on a line where two photons pass best, Y1 = 0.001 and e1 = 0.05, you claim Y1 >= 0.0008792 and e1 <= "
    "0.01204. A bound holds whatever Eve does: undo the weights e^-mu of both intensities, and take the "
    "background as large as it can be for Y1, as zero for e1."
)
def the_signal_s_error_rate(mu, nu, q_mu, e_mu, q_nu, e_nu):
    ratio = (nu / mu) ** 2
    most = 2 * min(e_mu * q_mu * np.exp(mu), e_nu * q_nu * np.exp(nu))
    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * most
    y_1 = mu / (mu * nu - nu**2) * inner
    return y_1, e_mu * q_nu * np.exp(nu) / (nu * y_1)


@one_decoy.mistake("at 10 km you return nan and nan: both must be numbers.")
def not_a_number(mu, nu, q_mu, e_mu, q_nu, e_nu):
    return np.nan, np.nan


@one_decoy.mistake(
    "safe, but too careful: at 10 km Y1 >= 0, where 0.0245163 can be proven. Every background click is wrong half"
    " of the time: the errors of either intensity bound it, and those of the weak pulses never worse."
)
def gives_up(mu, nu, q_mu, e_mu, q_nu, e_nu):
    return 0.0, 0.5


@one_decoy.mistake("return two numbers: the lower bound of Y1 and the upper bound of e1.")
def one_number(mu, nu, q_mu, e_mu, q_nu, e_nu):
    return q_nu / nu
