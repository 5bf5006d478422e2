"""Swapping."""

from qlearn.exercises import exercise
from qlearn.qubits import Circuit


@exercise(
    level="project",
    right="Wires 0 and 3 share a pair and have never met: this is the step a repeater makes.",
    because="""
        The station teleports *half of a pair*. What wire 1 was entangled with (wire 0) does not take part in any of
        it, and stays entangled with whatever wire 1's state has become: wire 3. Chain such stations and you have a
        repeater. Through noisy pairs both fidelities count; for Werner pairs the result is $F_1F_2 +
        (1-F_1)(1-F_2)/3$.
    """,
)
def swapping():
    r"""Entanglement swapping. Write `swapping()`: a `Circuit(4, bits=2)`, started in 0000, that makes a
    pair on wires 0, 1 (Alice and the station) and one on wires 2, 3 (the station and Bob), teleports
    wire 1 to wire 3, and leaves $\Phi^+$ on wires 0 and 3, which never meet. Given: `Circuit`.
    """
    pairs = Circuit(4, bits=2).h(0).cx(0, 1).h(2).cx(2, 3)
    station = pairs.cx(1, 2).h(1).measure(1, 0).measure(2, 1)
    return station.x(3, where=1).z(3, where=0)


@swapping.mistake(
    "each run ends in one of the four Bell states; the two bits say which: let Bob act on them."
)
def bob_ignores_the_bits():
    pairs = Circuit(4, bits=2).h(0).cx(0, 1).h(2).cx(2, 3)
    return pairs.cx(1, 2).h(1).measure(1, 0).measure(2, 1)


@swapping.mistake("Bob acts on the bits, but not always rightly: which bit calls for X, which for Z?")
def bits_exchanged():
    pairs = Circuit(4, bits=2).h(0).cx(0, 1).h(2).cx(2, 3)
    return pairs.cx(1, 2).h(1).measure(1, 0).measure(2, 1).x(3, where=0).z(3, where=1)


@swapping.mistake(
    "after the station has acted on its halves, only bits may go to Alice and Bob: no further gate on wires [2, "
    "3]."
)
def a_chain_of_gates():
    return Circuit(4, bits=2).h(0).cx(0, 1).cx(1, 2).cx(2, 3).cx(1, 2).cx(0, 1)


@swapping.mistake("in no run do wires 0 and 3 share anything: the station has to measure 1 and 2 jointly.")
def only_the_pairs():
    return Circuit(4, bits=2).h(0).cx(0, 1).h(2).cx(2, 3)


@swapping.mistake("a gate joins wires 0 and 3, but Alice and Bob are far apart: only 0-1, 1-2, 2-3 meet.")
def entangles_the_ends_directly():
    return Circuit(4, bits=2).h(0).cx(0, 3)


@swapping.mistake("the mean fidelity of wires 0 and 3 with the pair is 0.250; it must be 1 in each run.")
def measures_each_half_alone():
    pairs = Circuit(4, bits=2).h(0).cx(0, 1).h(2).cx(2, 3)
    return pairs.measure(1, 0).measure(2, 1).x(3, where=1).z(3, where=0)
