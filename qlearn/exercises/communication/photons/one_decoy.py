"""Bounds from a single decoy, without vacuum pulses."""

from dataclasses import replace

import numpy as np

from qlearn.communication import photons
from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import as_numbers


@exercise(
    level="project",
    right=(
        "the vacuum pulses are not needed: errors alone bound the background, because a dark count is wrong half of "
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
    stub=(
        "def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):\n"
        "    ...\n"
        "    # return y_1, e_1\n"
    ),
)  # fmt: skip
def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):
    """Alice's modulator makes only two intensities: signal and weak decoy, no vacuum. From gains and error rates
    of both, return a lower bound of $Y_1$ and an upper bound of $e_1$ that hold whatever the background is, and are
    as good as they can be proven. (Hint: a background click is wrong with probability 1/2. How many background
    clicks can hide among the errors of the signal, and among those of the weak pulses?) Given: `np`.
    """
    ratio = (nu / mu) ** 2
    wrong = e_nu * q_nu * np.exp(nu)  # the signal's is never less
    most = wrong / 0.5  # Y0 at most
    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * most
    y_1 = mu / (mu * nu - nu**2) * inner
    e_1 = e_nu * q_nu * np.exp(nu) / (nu * y_1)  # Y0 at least 0
    return y_1, e_1


def _made(mu, yields, rates):
    """Gain and error rate of light on a line, from yields and error rates by photon number."""
    clicks = photons.photon_probabilities(mu, len(yields) - 1) * yields
    return float(clicks.sum()), float(clicks @ rates / clicks.sum())


def _adverse(rng):
    """Lines on which a bound has no room for a mistake: yields and error rates of 0, 1, 2 photons."""
    faint = 10 ** rng.uniform(-3.2, -2.8)
    yield "where two photons pass best", (0.0, faint, 1.0), (0.5, 0.05, 0.0)
    yield "of dark clicks", (0.01, rng.uniform(0.015, 0.03), 0.0), (0.5, 0.01, 0.5)
    yield "where single photons alone pass", (0.0, 10 ** rng.uniform(-2, -1), 0.0), (0.5, 0.002, 0.5)
    yield "where only the dark errs", (rng.uniform(0.002, 0.01), rng.uniform(0.02, 0.1), 0.5), (0.5, 0.0, 0.0)


@one_decoy.grader
def hold_and_are_sharp(answer, rng):
    """Bounds hold on every line, and on honest ones they are as good as what can be proven."""

    def bounds(mu, nu, line):
        (q_mu, e_mu), (q_nu, e_nu) = line(mu), line(nu)
        return as_numbers(answer(mu, nu, q_mu, e_mu, q_nu, e_nu)), one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu)

    def no_pair(got):
        if not isinstance(got, str) and got.shape == (2,) and got.dtype.kind in "biuf":
            return None
        why = "" if not isinstance(got, str) else f" ({got})"
        return Verdict.wrong(f"return two numbers: the lower bound of Y1 and the upper bound of e1{why}.")

    for name, yields, rates in _adverse(rng):
        mu, share = rng.uniform(0.4, 0.6), rng.uniform(0.15, 0.3)
        yields, rates = np.array(yields), np.array(rates)
        got, _ = bounds(mu, share * mu, lambda m, y=yields, r=rates: _made(m, y, r))
        if (verdict := no_pair(got)) is not None:
            return verdict
        clicks, errors = got
        if not np.isfinite(got).all():
            return Verdict.wrong(
                f"on a line {name} you return {clicks:g} and {errors:g}: both must be numbers."
            )
        if (
            clicks > yields[1] * (1 + 1e-9) or errors < rates[1] * (1 - 1e-9) - 1e-9
        ):  # rounded, zero may be below it
            return Verdict.wrong(
                f"on a line {name}, Y1 = {yields[1]:.4g} and e1 = {rates[1]:g}, you claim Y1 >= {clicks:.4g} and e1 <= "
                f"{errors:.4g}. A bound holds whatever Eve does: undo the weights e^-mu of both intensities, and take "
                "the background as large as it can be for Y1, as zero for e1."
            )
    gys = photons.LINKS["gys"]
    clean = replace(gys, misalignment=0.0)  # all errors are background
    for length, link in (
        (rng.uniform(0, 20), gys),
        (rng.uniform(30, 60), gys),
        (rng.uniform(120, 150), clean),
    ):
        mu, share = rng.uniform(0.4, 0.6), rng.uniform(0.15, 0.3)
        honest = {"transmittance": float(link.transmittance(length)), "link": link}

        def line(m, honest=honest):
            gain = float(photons.gain(m, **honest))
            return gain, float(photons.error_gain(m, **honest)) / gain

        got, best = bounds(mu, share * mu, line)
        if (verdict := no_pair(got)) is not None:
            return verdict
        clicks, errors = got
        where = f"on an honest line of {length:.0f} km"
        truth = photons.infinite_decoy(**honest)
        if not np.isfinite(got).all():
            return Verdict.wrong(f"{where} you return {clicks:g} and {errors:g}: both must be numbers.")
        if clicks > float(truth.clicks):
            return Verdict.wrong(
                f"{where} you claim Y1 >= {clicks:.4g}, and it is less. What you do not know of the background must "
                "count against you: how large can Y0 be at most?"
            )
        if errors < float(truth.errors):
            return Verdict.wrong(
                f"{where} you claim e1 <= {errors:.4g}, and it is more. For e1 the worst background is none at all: "
                "then every error is a single photon's."
            )
        if clicks < 0.999 * best[0]:
            return Verdict.wrong(
                f"safe, but too careful: {where} more than Y1 >= {clicks:.4g} can be proven. Every background click is "
                "wrong half of the time: the errors of either intensity bound it, and those of the weak pulses never "
                "worse."
            )
        if errors > 1.001 * best[1]:
            return Verdict.wrong(
                f"safe, but too careful: {where} less than e1 <= {errors:.4g} can be proven. Look at the errors of the weak "
                "pulses alone, over the single photons among them: few others can hide there."
            )
    return None


def _slip(mu, nu, q_mu, q_nu, *, most, wrong, power=2, weight=np.exp):
    """Bounds with another limit of the background, other errors, another power or without a weight."""
    ratio = (nu / mu) ** power
    inner = q_nu * np.exp(nu) - ratio * q_mu * weight(mu) - (1 - ratio) * most
    y_1 = mu / (mu * nu - nu**2) * inner
    return y_1, wrong / (nu * y_1)


@one_decoy.mistake()
def no_background(mu, nu, q_mu, e_mu, q_nu, e_nu):
    y_1 = q_nu * np.exp(nu) / nu
    return y_1, e_nu * q_nu * np.exp(nu) / (nu * y_1)


@one_decoy.mistake()
def subtracts_the_largest_background_from_the_errors(mu, nu, q_mu, e_mu, q_nu, e_nu):
    wrong, most = e_nu * q_nu * np.exp(nu), 2 * e_mu * q_mu * np.exp(mu)
    return _slip(mu, nu, q_mu, q_nu, most=most, wrong=max(0.0, wrong - most / 2))


@one_decoy.mistake()
def forgets_the_background(mu, nu, q_mu, e_mu, q_nu, e_nu):
    return _slip(mu, nu, q_mu, q_nu, most=0, wrong=e_nu * q_nu * np.exp(nu))


@one_decoy.mistake()
def every_background_click_is_wrong(mu, nu, q_mu, e_mu, q_nu, e_nu):
    wrong = e_nu * q_nu * np.exp(nu)
    return _slip(mu, nu, q_mu, q_nu, most=wrong, wrong=wrong)


@one_decoy.mistake()
def the_errors_of_the_signal_alone(mu, nu, q_mu, e_mu, q_nu, e_nu):
    return _slip(mu, nu, q_mu, q_nu, most=2 * e_mu * q_mu * np.exp(mu), wrong=e_nu * q_nu * np.exp(nu))


@one_decoy.mistake()
def keeps_a_weight(mu, nu, q_mu, e_mu, q_nu, e_nu):
    wrong = e_nu * q_nu * np.exp(nu)
    return _slip(mu, nu, q_mu, q_nu, most=2 * wrong, wrong=wrong, weight=lambda m: 1)


@one_decoy.mistake()
def subtracts_too_little(mu, nu, q_mu, e_mu, q_nu, e_nu):
    wrong = e_nu * q_nu * np.exp(nu)
    return _slip(mu, nu, q_mu, q_nu, most=2 * wrong, wrong=wrong, power=3)


@one_decoy.mistake()
def the_error_rate_of_the_signal(mu, nu, q_mu, e_mu, q_nu, e_nu):
    return _slip(mu, nu, q_mu, q_nu, most=2 * e_nu * q_nu * np.exp(nu), wrong=e_mu * q_nu * np.exp(nu))


@one_decoy.mistake()
def not_a_number(mu, nu, q_mu, e_mu, q_nu, e_nu):
    return np.nan, np.nan


@one_decoy.mistake()
def gives_up(mu, nu, q_mu, e_mu, q_nu, e_nu):
    return 0.0, 0.5


@one_decoy.mistake()
def one_number(mu, nu, q_mu, e_mu, q_nu, e_nu):
    return q_nu / nu
