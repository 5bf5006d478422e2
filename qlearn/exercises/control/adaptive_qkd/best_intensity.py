"""The brightness that makes most key, far down the fibre."""

import numpy as np
from scipy.special import lambertw

from qlearn.exercises import exercise
from qlearn.qubits.entropies import binary_entropy


@exercise(
    level="warm-up",
    right="no distance is in it: the closed form that every learner of a brightness is held against.",
    because=r"""
        The rate is proportional to $g(\mu)=\mu e^{-\mu}(1-h)-\mu f h$, and $g'(\mu)=0$ is the equation. With $u=1-\mu$ it reads
        $u\,e^{u}=e\,c$, $c=f\,h/(1-h)$, which Lambert's function solves: $\mu=1-W(e\,c)$. From $c=1$ on the slope is negative
        at $\mu=0$ already, and no brightness pays. A root finder, or a maximum on a fine grid that is refined, does it as well.
    """,
)
def best_intensity(error, efficiency):
    r"""Far down a fibre, where background does not matter yet, decoy states make a key in proportion to

    $\mu e^{-\mu}\,\bigl(1-h(e)\bigr)-\mu\,f\,h(e)$

    with $\mu$ photons per pulse, the `error` rate e of the clicks and the `efficiency` f of error correction (1 is Shannon's
    limit); h is the binary entropy in bits. Return the $\mu$ that makes it largest, where its slope is zero:

    $(1-\mu)\,e^{-\mu}=\frac{f\,h(e)}{1-h(e)},$

    and 0 if no $\mu$ above 0 makes any key. Given: `np`, `binary_entropy`, `lambertw` (W, which solves $W e^W=z$; take
    its real part).
    """
    cost = efficiency * binary_entropy(error) / (1 - binary_entropy(error))
    return max(0.0, 1 - lambertw(np.e * cost).real)


@best_intensity.cases
def lines(rng):
    """Published links, others, one without errors, poor codes, and one too noisy for any key."""
    yield 0.033, 1.22
    yield 0.01, 1.16
    yield 0.0, 1.1
    yield 0.06, 1.4
    for _ in range(4):
        yield float(rng.uniform(0.002, 0.08)), float(rng.uniform(1.0, 1.3))
    yield float(rng.uniform(0.01, 0.03)), float(rng.uniform(1.6, 2.2))
    yield float(rng.uniform(0.12, 0.2)), float(rng.uniform(1.1, 1.4))


def _solved(cost):
    return max(0.0, 1 - lambertw(np.e * cost).real)


@best_intensity.mistake(
    "below zero photons: where c is above 1 no brightness makes a key, and the answer is 0."
)
def below_zero(error, efficiency):
    h = binary_entropy(error)
    return 1 - lambertw(np.e * efficiency * h / (1 - h)).real


@best_intensity.mistake(
    "one photon per pulse is right without errors; the price of correcting them draws it down."
)
def one_photon(error, efficiency):
    return 1.0


@best_intensity.mistake("the efficiency is missing: correction costs f times Shannon's limit.")
def without_the_efficiency(error, efficiency):
    return _solved(binary_entropy(error) / (1 - binary_entropy(error)))


@best_intensity.mistake(
    "privacy amplification is missing: of single photons only 1 - h(e) becomes key. Divide by it."
)
def without_amplification(error, efficiency):
    return _solved(efficiency * binary_entropy(error))


@best_intensity.mistake(
    "you cut the efficiency off: a poor code has a larger one than the links of the articles."
)
def efficiency_cut_off(error, efficiency):
    return best_intensity.solution(error, min(efficiency, 1.4))


@best_intensity.mistake("you have put the error rate itself where its entropy h(e) stands.")
def without_entropy(error, efficiency):
    return _solved(efficiency * error / (1 - error))


@best_intensity.mistake("the entropy is in nats with you: here h is in bits, h(1/2) = 1.")
def in_nats(error, efficiency):
    h = binary_entropy(error) * np.log(2)
    return _solved(efficiency * h / (1 - h))


@best_intensity.mistake("that is 1 - mu: solve for mu.")
def what_is_missing_to_one(error, efficiency):
    return 1 - best_intensity.solution(error, efficiency)


@best_intensity.mistake("that is where the rate falls to zero; asked is where it is largest.")
def where_the_rate_ends(error, efficiency):
    h = binary_entropy(error)
    cost = efficiency * h / (1 - h)
    return max(0.0, -np.log(cost)) if cost else np.inf


@best_intensity.mistake(
    "the factor e is missing: with u = 1 - mu, (1 - mu) exp(-mu) = c becomes u exp(u) = e c."
)
def without_the_factor_e(error, efficiency):
    h = binary_entropy(error)
    return max(0.0, 1 - lambertw(efficiency * h / (1 - h)).real)
