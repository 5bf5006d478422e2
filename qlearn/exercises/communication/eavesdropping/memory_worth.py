"""What a memory is worth to an Eve who clones."""

from functools import partial

import numpy as np

from qlearn.communication import binary_entropy as h
from qlearn.communication.eavesdropping import cloning_attack, entangling_probe, predict
from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="core",
    same=partial(close, rel=1e-6, abs=1e-6),  # the best question at once is found by iteration
    right=(
        "sqrt(D(1-D)) (1 - 1/sqrt2): for this clone, waiting is worth a tenth of all bits at 14.6 %. A clone is made "
        "to be kept: an Eve who knows that she cannot keep it reads halfway, gently, and loses 0.006 at 5 % instead "
        "of 0.064."
    ),
    because=r"""
        With a memory she asks in the right basis and sees the whole arrow of her copy, of length $2\sqrt{D(1-D)}$.
        Without one the best fixed question *to this one qubit* lies halfway, where she sees the arrow's shadow at
        45 degrees: the gain over a coin shrinks by $1/\sqrt2$. The two coins of the probe, asked at once, tell much
        more: what a memory is worth depends on what was put into it.
    """,
)
def memory_worth(disturbance):
    """Return by how much the guess rate (in Z) of the phase-covariant cloner is higher, at a `disturbance`
    from 0 to 1/2, if Eve keeps her copy until the bases are out than if she must ask it at once. Given:
    `predict`, `cloning_attack`.
    """
    with_memory = predict(cloning_attack(disturbance))
    without = predict(cloning_attack(disturbance, waits_for_bases=False))
    return with_memory.guess["Z"] - without.guess["Z"]


@memory_worth.cases
def disturbances(rng):
    """A small one and a large one, none, and nearly the largest."""
    yield (float(rng.uniform(0.01, 0.15)),)
    yield (float(rng.uniform(0.15, 0.45)),)
    yield (0.0,)
    yield (float(rng.uniform(0.45, 0.5)),)


def _guesses(disturbance):
    """Return her guess rates with a memory and without, by their closed forms, which take no search."""
    return 0.5 + np.sqrt(disturbance * (1 - disturbance)), 0.5 + np.sqrt(disturbance * (1 - disturbance) / 2)


@memory_worth.mistake("the sign. What does she gain by waiting?")
def sign(disturbance):
    patient, hasty = _guesses(disturbance)
    return hasty - patient


@memory_worth.mistake("that is the gain in bits. Compare the guess rates.")
def bits(disturbance):
    patient, hasty = _guesses(disturbance)
    return h(hasty) - h(patient)


@memory_worth.mistake("that is her guess rate with a memory. Subtract the one without.")
def only_with(disturbance):
    return _guesses(disturbance)[0]


@memory_worth.mistake("that is her guess rate without a memory. Subtract it from the one with.")
def only_without(disturbance):
    return _guesses(disturbance)[1]


@memory_worth.mistake(
    "you find nothing: `waits_for_bases=False` is the Eve who must ask at once. Predict both, and compare guess in Z."
)
def nothing(disturbance):
    return 0.0


@memory_worth.mistake("that is a quotient: by what factor. Asked is by how much, a difference.")
def a_quotient(disturbance):
    patient, hasty = _guesses(disturbance)
    return patient / hasty


@memory_worth.mistake("that is the universal cloner. Hers is made for the circle of BB84.")
def universal(disturbance):
    with_memory = predict(cloning_attack(disturbance, "universal"))
    without = predict(cloning_attack(disturbance, "universal", waits_for_bases=False))
    return with_memory.guess["Z"] - without.guess["Z"]


@memory_worth.mistake(
    "that is the probe of two coins, which is the better one without a memory. Here she clones: `cloning_attack`."
)
def the_probe(disturbance):
    with_memory = predict(entangling_probe(disturbance))
    without = predict(entangling_probe(disturbance, waits_for_bases=False))
    return with_memory.guess["Z"] - without.guess["Z"]
