"""From which pair on teleportation beats measuring and telling."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="p = 1/3, where entanglement begins; the CHSH inequality is violated only from 0.71 on.",
    because=r"""
        F = (1 + 3p)/4, since $\mathbb 1/4$ holds each Bell state with 1/4. So (2F + 1)/3 = (1 + p)/2, which is 2/3
        at p = 1/3. Between 1/3 and $1/\sqrt2$ the pair violates no CHSH inequality and still teleports better than
        any classical channel (Popescu 1994).
    """,
)
def weakest_pair():
    r"""A source emits $p\,|\Phi^+\rangle\langle\Phi^+| + (1-p)\,\mathbb 1/4$. Above which p does
    teleportation beat measuring and telling? Exactly.
    """
    return 1 / 3


@weakest_pair.mistake(
    "1/2 is the border for F. The weight p is less: F = (1 + 3p)/4, since noise holds Φ⁺ too."
)
def f_for_p():
    return 1 / 2


@weakest_pair.mistake(
    "2/3 is the fidelity to beat, not the weight that does it: solve (2F + 1)/3 = 2/3 first."
)
def the_target_for_the_answer():
    return 2 / 3


@weakest_pair.mistake("1/√2 is where the pair violates the CHSH inequality; teleportation asks for less.")
def asks_for_bell():
    return 2**-0.5


@weakest_pair.mistake("at p = 0 the mean fidelity is 1/2, that of a coin; measuring and telling reaches 2/3.")
def noise_is_the_start():
    return 0.0


@weakest_pair.mistake("5/9 makes F = 2/3. It is the *mean fidelity*, (2F + 1)/3, that has to reach 2/3.")
def f_for_the_mean_fidelity():
    return 5 / 9


@weakest_pair.mistake("1/4 is the F of noise alone. Which p makes (2F + 1)/3 = 2/3, with F = (1 + 3p)/4?")
def the_share_in_the_noise():
    return 1 / 4
