"""A game for three that is won always."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import NOTHING, a
from qlearn.qubits import Circuit


def _plays(circuit):
    """Return the chances of the eight answers in each round, or a sentence on why it is no game."""
    if circuit is None:
        return NOTHING
    if not isinstance(circuit, Circuit):
        return f"a `Circuit` is asked for, and you give {a(circuit)}"
    if (circuit.n_qubits, circuit.bits) != (3, 3):
        return "one wire and one bit for each of the three players: begin with Circuit(3, bits=3)"
    if not circuit.operations:
        return "your circuit has no gate in it: a `Circuit` never changes, `circuit.h(0)` returns a new one; keep that"
    gates = [step for step in circuit.operations if step.bit is None]
    if any(isinstance(step.where, int) for step in gates):
        return "a gate of yours waits for the answer of a player: they are far apart, and none hears of another's"
    for wire in range(3):
        on_it = [step for step in circuit.operations if wire in step.wires]
        if not on_it or on_it[-1].bit != wire or sum(step.bit is not None for step in on_it) != 1:
            return "measure every wire once, at its end, and write the answer of player 0, 1, 2 to the bit 0, 1, 2"
    return np.abs(Circuit(3, operations=tuple(gates)).run()) ** 2


def _same_play(answered, due):
    """Compare games by the chances of all answers, in every round."""
    chances = _plays(answered)
    if isinstance(chances, str):
        return chances
    wanted = _plays(due)
    try:
        chances, wanted = np.broadcast_arrays(chances, wanted)
    except ValueError:
        return f"your circuit has the batch {answered.shape}: one element a round is asked for, with `where=` masks"
    off = ~np.isclose(chances, wanted, atol=1e-9).all(-1)
    if not off.any():
        return None
    return (
        f"in {off.sum()} of {off.size} rounds the answers come with other chances than those of a GHZ state of which "
        "each player reads X or Y. GHZ: H on one wire, a CNOT to each of the others"
    )


@exercise(
    level="project",
    same=_same_play,
    right=(
        "every round of the game is won. No list of answers wins more than three in four, and here a single lost round "
        "would do."
    ),
    because="""
        The GHZ state has $XXX = +1$ and $XYY = YXY = YYX = -1$, all certain. A list of answers would need four
        signs whose product is both $-1$ (from the state) and $+1$ (each player's two answers occur twice): it must
        fail one question in four. Here no statistics is needed to see it. To a question with an odd number of 1 the
        three answers are coins, and nobody could know that it was one: each player has seen his own bit only.
    """,
)
def ghz_game(x, y, z):
    """Three players share a GHZ state. They are asked x, y, z, of which an even number is 1 (000, 011,
    101, 110), and win if a ⊕ b ⊕ c is 0 for 000 and 1 otherwise. Who is asked 0 measures
    X, who is asked 1 measures Y (S dagger, then H, then Z). No player knows more than his own question.

    The arguments are three arrays, one question a round. Return the game as a circuit of all rounds, made of
    `Circuit(3, bits=3)` with `where=` masks over the rounds: first the state, then what each player does to his wire,
    his answer measured into his bit. Then play it: draw questions, and count how many rounds of
    `a, b, c = ghz_game(x, y, z).run(rng=1).bits.T` are won. (The check also asks 001 and the like: the three then
    do what they always do.) Given: `Circuit`.
    """
    circuit = Circuit(3, bits=3).h(0).cx(0, 1).cx(0, 2)
    for wire, asked in enumerate((x, y, z)):
        circuit = circuit.sdg(wire, where=asked == 1).h(wire).measure(wire, wire)
    return circuit


@ghz_game.cases
def rounds(rng):
    """All eight questions, each at least once, in any order; and a few more."""
    questions = np.concatenate([np.arange(8), rng.integers(0, 8, rng.integers(1, 9))])
    yield tuple(rng.permutation(questions) >> np.array([[2], [1], [0]]) & 1)


@ghz_game.grader
def apart(answer, rng):
    """Each player does what his own question says, and nobody meets once they are asked."""
    questions = rng.integers(0, 2, (3, 64))
    asked: set[int] = set()
    for step in answer(*questions).operations:
        own = [questions[wire] for wire in step.wires]
        if len(own) > 1 and (step.shape or asked & set(step.wires)):
            return Verdict.wrong(
                "two players meet after they were asked: a gate on two wires belongs to the state, before any mask."
            )
        if not step.shape:
            continue
        asked |= set(step.wires)
        mask = True if step.where is None else np.reshape(step.where, (-1, 1, 1))
        does = np.broadcast_to(np.where(mask, step.matrix, np.eye(2)).reshape(-1, 2, 2), (64, 2, 2))
        if any(np.ptp(does[own[0] == question], axis=0).any() for question in (0, 1)):
            return Verdict.wrong(
                "a player of yours knows the questions of the others: what is done to a wire may depend on its own "
                "question only, x for wire 0, y for 1, z for 2."
            )
    return None


def _slip(x, y, z, *, state=lambda c: c.cx(0, 1).cx(0, 2), turned=1, into_z=lambda c, wire: c.h(wire)):
    """The solution with something wrong: what the mistakes are made of."""
    circuit = state(Circuit(3, bits=3).h(0))
    for wire, asked in enumerate((x, y, z)):
        circuit = into_z(circuit.sdg(wire, where=asked == turned), wire).measure(wire, wire)
    return circuit


@ghz_game.mistake("all three measure X whatever they are asked. For the question 1 it is Y.")
def always_x(x, y, z):
    return _slip(x, y, z, turned=2)


@ghz_game.mistake("X and Y are exchanged: who is asked 0 measures X, who is asked 1 measures Y.")
def exchanged(x, y, z):
    return _slip(x, y, z, turned=0)


@ghz_game.mistake(
    "all three read Z, where a phase does not show. Into X and Y it takes an H before the measurement."
)
def reads_z(x, y, z):
    return _slip(x, y, z, into_z=lambda circuit, wire: circuit)


@ghz_game.mistake("three qubits that have nothing to do with each other. Entangle them first.")
def not_entangled(x, y, z):
    return _slip(x, y, z, state=lambda circuit: circuit.h(1).h(2))


@ghz_game.mistake("only two of them are entangled: a second CNOT takes the third into the state.")
def two_of_them(x, y, z):
    return _slip(x, y, z, state=lambda circuit: circuit.cx(0, 1))


@ghz_game.mistake(
    "a fixed list of answers, as good as lists can be: it loses one question in four. Measure the state, do not agree."
)
def a_list_of_answers(x, y, z):
    circuit = Circuit(3, bits=3).x(0).x(1).x(2)
    return circuit.measure(0, 0).measure(1, 1).measure(2, 2)


@ghz_game.mistake(
    "the third player works out what wins from the questions and answers of all. The three are far apart: what each says "
    "comes from his own question and his own qubit."
)
def the_third_knows_all(x, y, z):
    circuit = Circuit(3, bits=3).h(0).h(1).cx(0, 2).cx(1, 2).x(2, where=(x | y | z) == 1)
    return circuit.measure(0, 0).measure(1, 1).measure(2, 2)


@ghz_game.mistake()
def the_third_knows_all_and_hides_it(x, y, z):
    circuit = Circuit(3, bits=3).h(0).h(1).cx(0, 2).cx(1, 2).x(2, where=(x | y | z) == 1)
    circuit = circuit.z(2, where=x ^ y ^ z).h(2, where=x ^ y ^ z)
    return circuit.measure(0, 0).measure(1, 1).measure(2, 2)


@ghz_game.mistake()
def hears_an_answer(x, y, z):
    circuit = Circuit(3, bits=3).h(0).h(1).measure(0, 0).measure(1, 1).x(2, where=0).x(2, where=1)
    return circuit.x(2, where=(x | y | z) == 1).measure(2, 2)


@ghz_game.mistake()
def does_not_measure(x, y, z):
    circuit = Circuit(3, bits=3).h(0).cx(0, 1).cx(0, 2)
    for wire, asked in enumerate((x, y, z)):
        circuit = circuit.sdg(wire, where=asked == 1).h(wire)
    return circuit


@ghz_game.mistake()
def no_bits(x, y, z):
    return Circuit(3).h(0).cx(0, 1).cx(0, 2)


@ghz_game.mistake()
def a_share(x, y, z):
    return 1.0
