"""A circuit for four amplitudes."""

import sys

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import NOTHING, a as kind_of, same_state
from qlearn.qubits import Circuit


def loads(answered, due):
    """Compare two circuits by the state they prepare, up to its sign; only turns and CNOTs are allowed, five at most."""
    if answered is None:
        return NOTHING
    if not isinstance(answered, Circuit):
        return f"a `Circuit` is asked for, and you give {kind_of(answered)}"
    if answered.n_qubits != 2 or answered.bits or answered.shape:
        return "a `Circuit` of two qubits is asked for, without bits: `Circuit(2)` and what you add to it"
    other = {step.name for step in answered.operations} - {"ry", "cx"}
    if other:
        return f"only ry and cx, please; your circuit uses {', '.join(sorted(other))}"
    got = answered.run()
    if same_state(got, due.run()):
        if np.allclose(np.abs(got), np.abs(due.run())):
            return "the sizes are right and a sign is not: arctan of a quotient loses it. arctan2 takes both numbers"
        return (
            f"you prepare {got.real.round(2).tolist()}, which is another state. First share out the norm between the "
            "halves, then within each half"
        )
    count = len(answered.operations)
    if count > 5:
        return f"right, and in {count} gates. Three turns and two CNOTs are enough: see the drawing in the chapter"
    return None


@exercise(
    level="project",
    same=loads,
    right="Three turns for three free numbers: no circuit of these gates can do with fewer.",
    because=r"""
        Wire 0 shares the norm between the halves. Wire 1 must turn by $a$ where wire 0 is 0 and by $b$ where it
        is 1. Between two CNOTs a turn counts backwards where wire 0 is 1, so $\frac{a+b}2$ and $\frac{a-b}2$ add up to
        $a$ or to $b$. For eight amplitudes wire 2 has four angles, and sums and differences twice over: a
        Walsh-Hadamard transform, which is what `prepare` does.
    """,
)
def load_four(x):
    """Return a `Circuit` of two qubits that prepares the state with the four real amplitudes x (norm 1, any
    signs, zeros among them), from `ry` and `cx` alone, at most five gates. It must not call `prepare`, nor
    an encoding that does. Then: how would you go on to eight? Given: `np`, `Circuit`.
    """
    top = 2 * np.arctan2(np.hypot(x[2], x[3]), np.hypot(x[0], x[1]))
    a = 2 * np.arctan2(x[1], x[0])
    b = 2 * np.arctan2(x[3], x[2])
    circuit = Circuit(2).ry(top, 0)
    return circuit.ry((a + b) / 2, 1).cx(0, 1).ry((a - b) / 2, 1).cx(0, 1)


@load_four.cases
def rows(rng):
    """Without a sign, with any signs, with zeros, and nothing in a half."""
    signs = np.array([[1, 1, 1, 1], [1, -1, 1, 1], [-1, -1, 1, -1]])
    holes = np.array([[1, 0, 0, 1], [0, 1, 1, 1], [0, 0, 1, 1], [1, 1, 0, 0]])
    drawn = rng.choice([-1, 1], (4, 4)) * rng.uniform(0.1, 1.0, (4, 4))
    for row in (*(signs * np.abs(drawn[:3])), *(holes * drawn), rng.normal(size=4)):
        yield (row / np.linalg.norm(row),)


@load_four.grader
def without_help(answer, rng):
    """See to it that the library's encodings are not called."""
    row, called = rng.normal(size=4), set()

    def watch(frame, event, argument):
        if event == "call":
            called.add(frame.f_globals.get("__name__", ""))

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        answer(row / np.linalg.norm(row))
    finally:
        sys.setprofile(before)
    if any(str(module).startswith("qlearn.learning.encodings") for module in called):
        return Verdict.wrong(
            "right, and it is the library's circuit: find the three angles yourself, without `prepare` and encodings."
        )
    return None


def _slip(x, *, of=lambda x: x, two=2, ab=lambda a, b: ((a + b) / 2, (a - b) / 2), cnots=2, wires=(0, 1)):
    """The solution with something wrong: what the mistakes are made of."""
    x, (first, second) = of(x), wires
    top = two * np.arctan2(np.hypot(x[2], x[3]), np.hypot(x[0], x[1]))
    sum_, difference = ab(two * np.arctan2(x[1], x[0]), two * np.arctan2(x[3], x[2]))
    circuit = Circuit(2).ry(top, first).ry(sum_, second)
    circuit = circuit.cx(first, second) if cnots else circuit
    circuit = circuit.ry(difference, second)
    return circuit.cx(first, second) if cnots == 2 else circuit


@load_four.mistake("the signs are lost. arctan2 of the signed numbers keeps them.")
def signs_lost(x):
    return _slip(x, of=np.abs)


@load_four.mistake("RY(t) has cos(t/2) in it, so t is twice the arctangent.")
def half_the_angle(x):
    return _slip(x, two=1)


@load_four.mistake(
    "the lower half is swapped. A CNOT flips the wire where wire 0 is 1: there must be two of them."
)
def one_cnot(x):
    return _slip(x, cnots=1)


@load_four.mistake("without a CNOT wire 1 turns alike in both halves: your state is never entangled.")
def no_cnot(x):
    return _slip(x, cnots=0)


@load_four.mistake("the wires are exchanged. Wire 0 is the left bit, so x[1] belongs to 01.")
def wires_exchanged(x):
    return _slip(x, wires=(1, 0))


@load_four.mistake(
    "where wire 0 is 1 the turn goes the wrong way. The turn between the CNOTs is the one that counts backwards there: "
    "it must be (a - b)/2, and the other (a + b)/2."
)
def turned_the_wrong_way(x):
    return _slip(x, ab=lambda a, b: ((a - b) / 2, (a + b) / 2))


@load_four.mistake(
    "of two turns that add up to a or to b each holds half of the sum and half of the difference: halve."
)
def not_halved(x):
    return _slip(x, ab=lambda a, b: (a + b, a - b))


@load_four.mistake()
def another_gate(x):
    return Circuit(2).unitary(np.eye(4), 0, 1)


@load_four.mistake()
def too_many_gates(x):
    return load_four(x).ry(0.0, 0)


@load_four.mistake()
def the_library(x):
    from qlearn.learning.encodings import prepare

    return prepare(x)
