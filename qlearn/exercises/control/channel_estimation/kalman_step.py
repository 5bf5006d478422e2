"""One step of a Kalman filter."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="predict, then move towards the measurement by the share that the variances allow.",
    because=r"""
        The drift first: $m^- = am$, $P^- = a^2P + q$. The measurement then counts with the share
        $K = P^-/(P^- + r)$: much where it is exact, little where the prediction is. Without a measurement what was
        predicted stays.
    """,
)
def kalman_step(mean, variance, measured, a, q, r):
    r"""Before the last step a drift $x$ was believed to have this `mean` and `variance`. It moved, $x \to ax + w$ with
    $w\sim N(0,q)$, and was then measured, $z = x + v$ with $v\sim N(0,r)$; `measured` is z, or NaN if the measurement is
    missing. Return the new mean and variance, as a tuple.
    """
    mean, variance = a * mean, a**2 * variance + q
    if np.isnan(measured):
        return mean, variance
    gain = variance / (variance + r)
    return mean + gain * (measured - mean), (1 - gain) * variance


@kalman_step.cases
def steps(rng):
    """Exact and poor measurements, a random walk, one that never came."""
    for k in range(8):
        a = 1.0 if k == 1 else float(rng.uniform(-0.95, 0.95))
        measured = float("nan") if k in (2, 5) else float(rng.normal(scale=3))
        q, r = (float(x) for x in 10.0 ** rng.uniform(-1.5, 0.5, 2))
        yield float(rng.normal()), float(rng.uniform(0.1, 3)), measured, a, q, r
    yield 1.5, 0.0, 0.5, 0.7, 0.3, 0.2
    yield 1.2, 0.8, 0.0, float(rng.uniform(0.3, 0.9)), 0.3, 0.5  # a measurement of 0 is one
    yield 0.4, 0.2, float(rng.choice([-30, 30])), 0.8, 0.1, 0.1  # and so is one that surprises


def _slip(mean, variance, measured, a, q, r, *, gain=None, spread=None, left=None):
    """The solution with something wrong: what the mistakes are made of."""
    mean, variance = a * mean, a**2 * variance + q if spread is None else spread(variance, a, q)
    if np.isnan(measured):
        return mean, variance
    share = variance / (variance + r) if gain is None else gain(variance, r)
    return mean + share * (measured - mean), (1 - share) * variance if left is None else left(
        share, variance, r
    )


@kalman_step.mistake("NaN is no number: without a measurement return what was predicted.")
def nan_goes_in(mean, variance, measured, a, q, r):
    mean, variance = a * mean, a**2 * variance + q
    gain = variance / (variance + r)
    return mean + gain * (measured - mean), (1 - gain) * variance


@kalman_step.mistake(
    "without a measurement the drift goes on all the same: predict, and only then leave it at that."
)
def stands_still_without(mean, variance, measured, a, q, r):
    if np.isnan(measured):
        return mean, variance
    return _slip(mean, variance, measured, a, q, r)


@kalman_step.mistake("a measurement of 0 is a measurement: only NaN is a missing one.")
def zero_is_missing(mean, variance, measured, a, q, r):
    return _slip(mean, variance, measured or float("nan"), a, q, r)


@kalman_step.mistake(
    "you leave out what surprises. By this model every measurement counts, with the same share K."
)
def leaves_out_surprises(mean, variance, measured, a, q, r):
    far = abs(measured - a * mean) > 5 * np.sqrt(a**2 * variance + q + r)
    return _slip(mean, variance, float("nan") if far else measured, a, q, r)


@kalman_step.mistake("the variance of a x is a² times that of x.")
def a_not_squared(*step):
    return _slip(*step, spread=lambda variance, a, q: a * variance + q)


@kalman_step.mistake("each step adds the noise q of the drift to the variance.")
def no_process_noise(*step):
    return _slip(*step, spread=lambda variance, a, q: a**2 * variance)


@kalman_step.mistake("the gain is P/(P + r): you have its complement, and trust what is poor.")
def gain_turned_round(*step):
    return _slip(*step, gain=lambda variance, r: r / (variance + r))


@kalman_step.mistake("variances add, not deviations: no square roots in the gain.")
def gain_of_deviations(*step):
    return _slip(*step, gain=lambda variance, r: variance**0.5 / (variance**0.5 + r**0.5))


@kalman_step.mistake(
    "a measurement narrows the belief: the variance becomes (1 - K) times the predicted one."
)
def not_narrowed(*step):
    return _slip(*step, left=lambda share, variance, r: variance)


@kalman_step.mistake(
    "the predicted variance shrinks by 1 - K, not by its square: the measurement has noise of its own."
)
def narrowed_twice(*step):
    return _slip(*step, left=lambda share, variance, r: (1 - share) ** 2 * variance)


@kalman_step.mistake(
    "you forget that the state moved before it was measured: the mean becomes a times the mean."
)
def mean_stands_still(mean, variance, measured, a, q, r):
    variance = a**2 * variance + q
    if np.isnan(measured):
        return mean, variance
    gain = variance / (variance + r)
    return mean + gain * (measured - mean), (1 - gain) * variance


@kalman_step.mistake("you take the measurement for the state. It has noise too: move by the share K only.")
def believes_the_measurement(*step):
    return _slip(*step, gain=lambda variance, r: 1.0)


@kalman_step.mistake("the surprise is the measurement minus the *predicted* mean, a times the old one.")
def surprise_at_the_old_mean(mean, variance, measured, a, q, r):
    before = mean
    mean, variance = a * mean, a**2 * variance + q
    if np.isnan(measured):
        return mean, variance
    gain = variance / (variance + r)
    return mean + gain * (measured - before), (1 - gain) * variance
