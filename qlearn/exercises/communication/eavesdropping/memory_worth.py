"""Memory worth."""

from qlearn.communication.eavesdropping import cloning_attack, predict
from qlearn.exercises import exercise


@exercise(
    level="core",
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
    """Write `memory_worth(disturbance)`: by how much is the guess rate (in Z) of the phase-covariant
    cloner higher if Eve keeps her copy until the bases are out than if she must ask it at once? Given:
    `predict`, `cloning_attack`.
    """
    with_memory = predict(cloning_attack(disturbance))
    without = predict(cloning_attack(disturbance, waits_for_bases=False))
    return with_memory.guess["Z"] - without.guess["Z"]


@memory_worth.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_memory_worth of the old module
    yield ()


@memory_worth.mistake("for a disturbance of 0.05 you find -0.0638: the sign. What does she gain by waiting?")
def sign(disturbance):
    with_memory = predict(cloning_attack(disturbance))
    without = predict(cloning_attack(disturbance, waits_for_bases=False))
    return without.guess["Z"] - with_memory.guess["Z"]


@memory_worth.mistake(
    "for a disturbance of 0.05 you find 0.0721: that is the gain in bits. Compare the guess rates."
)
def bits(disturbance):
    with_memory = predict(cloning_attack(disturbance))
    without = predict(cloning_attack(disturbance, waits_for_bases=False))
    return with_memory.information["Z"] - without.information["Z"]


@memory_worth.mistake(
    "for a disturbance of 0.05 you find 0.7179: her guess rate with a memory. Subtract the one without."
)
def only_with(disturbance):
    with_memory = predict(cloning_attack(disturbance))
    without = predict(cloning_attack(disturbance, waits_for_bases=False))
    return with_memory.guess["Z"]


@memory_worth.mistake(
    "for a disturbance of 0.05 you find 0.6541: her guess rate without a memory. Subtract it from the one with."
)
def only_without(disturbance):
    with_memory = predict(cloning_attack(disturbance))
    without = predict(cloning_attack(disturbance, waits_for_bases=False))
    return without.guess["Z"]


@memory_worth.mistake(
    "for a disturbance of 0.05 you find 0.0230: the universal cloner. Hers is made for the circle of BB84."
)
def universal(disturbance):
    with_memory = predict(cloning_attack(disturbance, "universal"))
    without = predict(cloning_attack(disturbance, "universal", waits_for_bases=False))
    return with_memory.guess["Z"] - without.guess["Z"]


@memory_worth.mistake(
    "for a disturbance of 0.05 you find 0.0000, and 0.0638 is due: predict both, and compare guess in Z."
)
def nothing(disturbance):
    return 0.0
