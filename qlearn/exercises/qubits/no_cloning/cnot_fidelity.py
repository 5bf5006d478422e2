"""The fidelity of copies that a CNOT makes."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="(3/4)^2 + (1/4)^2 = 5/8, for both copies: the CNOT has measured the state.",
    because=r"""
        The CNOT makes $\tfrac{\sqrt3}{2}|00\rangle + \tfrac12|11\rangle$. Each wire alone is 0 with chance 3/4 and
        1 with chance 1/4, a mixture without cross terms. The state 0 resembles the original with 3/4, the state 1
        with 1/4: $\tfrac34\cdot\tfrac34 + \tfrac14\cdot\tfrac14 = \tfrac58$.
    """,
)
def cnot_fidelity():
    r"""The state $\tfrac{\sqrt3}{2}|0\rangle + \tfrac12|1\rangle$ is copied by a CNOT onto a qubit in
    $|0\rangle$. How large is the fidelity of each of the two copies? By hand, a number between 0 and 1.
    """
    return (3 / 4) ** 2 + (1 / 4) ** 2


@cnot_fidelity.mistake("only 0 and 1 themselves are copied without loss; this state is neither.")
def perfect():
    return 1.0


@cnot_fidelity.mistake("1/2 is the price for the plus state, farthest from both. This one lies nearer to 0.")
def as_for_plus():
    return 1 / 2


@cnot_fidelity.mistake(
    "3/4 is the chance to find 0. The copy is 0 with that chance, and then only *resembles* the state with 3/4."
)
def the_chance_of_0():
    return 3 / 4


@cnot_fidelity.mistake("that is the amplitude of 0. Fidelities are made of squared amplitudes.")
def the_amplitude():
    return 0.75**0.5


@cnot_fidelity.mistake(
    "(3/4)^2 is the 0 alone. With chance 1/4 the copy is 1, and resembles the state with 1/4: add it."
)
def the_0_alone():
    return (3 / 4) ** 2
