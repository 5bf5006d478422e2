"""The variance of what Bob reads."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="1 of vacuum, 0.05 of electronics, and 0.3 (4 + 0.1) of what Alice and the line put in.",
    because=r"""
        However much of the light is lost, vacuum takes its place, so there is always 1 unit of shot noise. Signal
        and excess noise go through line and detector together and come out times $\eta T = 0.3$; the electronics
        add theirs at the end: $1 + 0.05 + 0.3 \cdot 4.1 = 2.28$.
    """,
)
def bob_variance():
    r"""Alice modulates with $V_A = 4$. The line passes $T = 0.5$ and adds $\xi = 0.1$ (at its input); Bob's
    homodyne detector has $\eta = 0.6$ and $v_\text{el} = 0.05$. Which variance do his readings have, in
    shot-noise units? By hand.
    """
    return 1 + 0.05 + 0.6 * 0.5 * (4 + 0.1)


@bob_variance.mistake("without light Bob's detector is not silent: vacuum alone has variance 1.")
def no_vacuum():
    return 0.05 + 0.6 * 0.5 * 4.1


@bob_variance.mistake("the detector sees 60 % of what arrives: put eta beside T.")
def perfect_detector():
    return 1.05 + 0.5 * 4.1


@bob_variance.mistake(
    "the excess noise is counted where the line begins: it is dimmed on the way like the signal."
)
def noise_at_the_output():
    return 1.05 + 0.3 * 4 + 0.1


@bob_variance.mistake(
    "the excess noise is counted where the line begins: the line dims it too, not the detector alone."
)
def noise_behind_the_fibre():
    return 1.05 + 0.3 * 4 + 0.6 * 0.1


@bob_variance.mistake(
    "4 is the variance of Alice's centres. The vacuum of her coherent states is in the 1 already."
)
def vacuum_twice():
    return 1.05 + 0.3 * 5.1


@bob_variance.mistake("the electronics of the detector add their 0.05 too.")
def silent_electronics():
    return 1 + 0.3 * 4.1
