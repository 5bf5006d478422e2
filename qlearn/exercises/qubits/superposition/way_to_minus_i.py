"""A way on the sphere, as a word of gates."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import short
from qlearn.qubits import Circuit, bloch_vector


@exercise(
    level="core",
    right="your word ends at (0, -1, 0): the state |j>.",
    because=r"""
        H moves the north pole to $|+\rangle$ on the equator, Z half a turn on to $|-\rangle$, S a quarter turn on
        to $|j\rangle$. `HSSS` is the same way in three quarters.
    """,
)
def way_to_minus_i():
    r"""Find a word of the gates `X Y Z H S T`, first letter first, that takes $|0\rangle$ to $|j\rangle =
    (|0\rangle - i|1\rangle)/\sqrt2$, such as `way_to_minus_i = 'HT'` (which ends elsewhere).
    """
    return "HZS"


LONGEST = 200


@way_to_minus_i.grader
def grade(answer, rng):
    """Walk the way: every word that ends there is right, in small letters too."""
    if not isinstance(answer, str) or not answer or set(answer.upper()) - set("XYZHST"):
        return Verdict.wrong(f"write a word of the letters X Y Z H S T, such as 'HZ', not {short(answer)}.")
    if len(answer) > LONGEST:
        return Verdict.wrong(f"{len(answer)} gates are a long way: a handful is enough.")
    word, shown = answer.upper(), short(answer, 30).strip("'")
    circuit = Circuit(1)
    for letter in word:
        circuit = getattr(circuit, letter.lower())(0)
    end = bloch_vector(circuit.run())
    if np.allclose(end, [0, -1, 0], atol=1e-6):
        return None
    if np.allclose(end, [0, 1, 0], atol=1e-6):
        return Verdict.wrong(
            f"{shown} ends at (0, 1, 0), which is |i>: half a turn about z too little (or too much)."
        )
    if abs(end[2]) > 1 - 1e-6:
        return Verdict.wrong(
            f"{shown} ends at a pole. S, T and Z only turn about the z axis: a state has to leave the pole first, by H."
        )
    if word[0] in "STZ" and np.allclose(end, [1, 0, 0], atol=1e-6):
        return Verdict.wrong(
            f"{shown} ends at (1, 0, 0). A word is read in time, first letter first: {word[0]} does nothing to |0>, and "
            "H comes after it."
        )
    return Verdict.wrong(
        f"{shown} ends at ({', '.join(f'{x + 0:.2f}' for x in end.round(2))}); |j> is at (0, -1, 0)."
    )


@way_to_minus_i.mistake()
def a_quarter_turn():
    return "HS"


@way_to_minus_i.mistake()
def wrong_order():
    return "SH"


@way_to_minus_i.mistake()
def as_a_product_of_matrices():
    return "SZH"


@way_to_minus_i.mistake()
def never_leaves_the_pole():
    return "ZS"


@way_to_minus_i.mistake()
def an_eighth():
    return "HT"


@way_to_minus_i.mistake()
def as_a_list():
    return ["H", "Z", "S"]


@way_to_minus_i.mistake()
def a_gate_that_is_not_given():
    return "HP"
