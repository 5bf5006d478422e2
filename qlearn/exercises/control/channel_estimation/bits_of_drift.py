"""Secret bits that an angle costs which is only known to some variance."""

import numpy as np

from qlearn.exercises import exercise


def _entropy(e):
    return -e * np.log2(e) - (1 - e) * np.log2(1 - e) if 0 < e < 1 else 0.0


@exercise(
    level="core",
    right="first the mean of the errors, then the entropy: the parties see a rate, not an angle.",
    because=r"""
        $\sin^2\theta = (1 - \cos 2\theta)/2$, and the mean of $\cos 2\theta$ over a Gaussian angle is $e^{-2v}$. The key is
        made of the pool of all blocks, whose error rate is the mean; entropy is concave, so the mean of the single rates
        would promise more.
    """,
)
def bits_of_drift(variance):
    r"""Light of BB84 arrives turned by an angle $\theta\sim N(0, v)$ in radians, a fresh one in every block, so that a
    sifted bit is wrong with chance $\sin^2\theta$; `variance` is v. The line has no other errors. Return the secret bits
    per sifted bit, $1 - 2h(\bar e)$, of all blocks together, with the mean error rate $\bar e$; at least 0.
    """
    e = (1 - np.exp(-2 * variance)) / 2
    h = -e * np.log2(e) - (1 - e) * np.log2(1 - e) if e > 0 else 0.0
    return max(0.0, 1 - 2 * h)


@bits_of_drift.cases
def variances(rng):
    """No drift, little, much, nearly too much, so much that nothing is left."""
    yield (0.0,)
    for low, high in ((1e-4, 1e-3), (1e-3, 0.01), (0.01, 0.05), (0.05, 0.11), (0.11, 0.124), (0.2, 1.0)):
        yield (float(rng.uniform(low, high)),)
    yield (0.124,)  # hardly anything is left


@bits_of_drift.mistake(
    "for small angles sin² is the angle squared, and its mean v. These are not that small."
)
def small_angles(variance):
    return max(0.0, 1 - 2 * _entropy(min(variance, 0.5)))


@bits_of_drift.mistake("that is the error at an angle of one standard deviation, not the mean of the errors.")
def typical_angle(variance):
    return max(0.0, 1 - 2 * _entropy(np.sin(np.sqrt(variance)) ** 2))


@bits_of_drift.mistake(
    "the mean of cos 2θ is exp(-2v): the variance of 2θ is 4v, and half of it stands in the exponent."
)
def variance_not_doubled(variance):
    return max(0.0, 1 - 2 * _entropy((1 - np.exp(-variance)) / 2))


@bits_of_drift.mistake("the mean of cos 2θ is exp(-2v), not exp(-4v): half of the variance of 2θ.")
def variance_four_times(variance):
    return max(0.0, 1 - 2 * _entropy((1 - np.exp(-4 * variance)) / 2))


@bits_of_drift.mistake("you charge the errors once: they cost h for correction and h for what Eve may know.")
def charged_once(variance):
    return max(0.0, 1 - _entropy((1 - np.exp(-2 * variance)) / 2))


@bits_of_drift.mistake("a rate below 0 is no key: return 0.")
def below_zero(variance):
    return 1 - 2 * _entropy((1 - np.exp(-2 * variance)) / 2)


@bits_of_drift.mistake(
    "you average the rate over the angles. The parties pool their blocks and pay for the mean error rate, which costs more."
)
def mean_of_the_rates(variance):
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    rates = [1 - 2 * _entropy(np.sin(np.sqrt(variance) * x) ** 2) for x in nodes]
    return max(0.0, float(weights @ rates / weights.sum()))


@bits_of_drift.mistake(
    "there is no fixed error rate above which you may stop: a little is left up to where 1 - 2h is 0, some 11.003 %."
)
def stops_early(variance):
    e = (1 - np.exp(-2 * variance)) / 2
    return max(0.0, 1 - 2 * _entropy(e)) if e < 0.1095 else 0.0


@bits_of_drift.mistake("that is the error rate. Asked are the secret bits, 1 - 2h of it.")
def the_error_rate(variance):
    return (1 - np.exp(-2 * variance)) / 2


@bits_of_drift.mistake("entropy is in bits here: log2, not the natural logarithm.")
def in_nats(variance):
    return max(0.0, 1 - 2 * _entropy((1 - np.exp(-2 * variance)) / 2) * np.log(2))
