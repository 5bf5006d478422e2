"""Entanglement swapping: two ends share a pair that have never met."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import a
from qlearn.qubits import Circuit, bell_state, fidelity, partial_trace


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
    r"""Entanglement swapping. Build a `Circuit(4, bits=2)`, started in 0000, that makes a pair on wires 0, 1
    (Alice and the station) and one on wires 2, 3 (the station and Bob), teleports wire 1 to wire 3, and
    leaves $\Phi^+$ on wires 0 and 3. Only neighbours meet, 0-1, 1-2 and 2-3; and when wires 1 and 2 have
    met at the station, nothing but its two bits goes to Alice and Bob. Given: `Circuit`.
    """
    pairs = Circuit(4, bits=2).h(0).cx(0, 1).h(2).cx(2, 3)
    station = pairs.cx(1, 2).h(1).measure(1, 0).measure(2, 1)
    return station.x(3, where=1).z(3, where=0)


@swapping.grader
def runs(answer, rng):
    """Who meets whom, and then a hundred runs: each must end in the same pair on wires 0 and 3."""
    if not isinstance(answer, Circuit):
        return Verdict.wrong(f"a `Circuit(4, bits=2)` is asked for, and you give {a(answer)}.")
    if answer.n_qubits != 4 or answer.bits != 2 or answer.shape:
        return Verdict.wrong("build one Circuit(4, bits=2): Alice has wire 0, the station 1 and 2, Bob 3.")
    apart = False  # once wires 1 and 2 have met at the station, 0 and 3 are far away
    for step in answer.operations:
        wires = set(step.wires)
        if len(wires) < 2:
            continue
        named = " and ".join(map(str, sorted(wires)))
        if wires not in ({0, 1}, {1, 2}, {2, 3}):
            return Verdict.wrong(
                f"a gate joins wires {named}, but Alice, the station and Bob are far apart: only 0-1, 1-2, 2-3 meet."
            )
        if apart and wires != {1, 2}:
            return Verdict.wrong(
                "after the station has acted on its halves, only bits may go to Alice and Bob: no further gate on "
                f"wires {named}."
            )
        apart = apart or wires == {1, 2}
    ends = partial_trace(answer.run(np.tile(np.eye(16)[0], (100, 1)), rng=rng).state, [0, 3])
    overlap = fidelity(bell_state("phi+"), ends)
    if overlap.min() > 1 - 1e-9:
        return None
    if np.allclose(overlap, 0.25):
        return Verdict.wrong(
            "in no run do wires 0 and 3 share anything: the station has to measure 1 and 2 jointly."
        )
    bells = np.array([fidelity(bell_state(name), ends) for name in ("phi+", "psi+", "phi-", "psi-")])
    if bells.max(0).min() < 1 - 1e-9:
        return Verdict.wrong(
            "wires 0 and 3 do not end in a pair in every run: the station measures 1 and 2 in the Bell basis, CX and H "
            "first."
        )
    if (bells.argmax(0) == bells.argmax(0)[0]).all():
        return Verdict.wrong("each run ends in the same pair, and it is another one than Φ⁺.")
    if not any(isinstance(step.where, int) for step in answer.operations):
        return Verdict.wrong(
            "each run ends in one of the four Bell states; the two bits say which: let Bob act on them."
        )
    return Verdict.wrong("Bob acts on the bits, but not always rightly: which bit calls for X, which for Z?")


def _swap(station=("cx", "h"), bob=(("x", 1), ("z", 0))):
    circuit = Circuit(4, bits=2).h(0).cx(0, 1).h(2).cx(2, 3)
    if "cx" in station:
        circuit = circuit.cx(1, 2)
    if "h" in station:
        circuit = circuit.h(1)
    circuit = circuit.measure(1, 0).measure(2, 1)
    for gate, bit in bob:
        circuit = getattr(circuit, gate)(3, where=bit)
    return circuit


@swapping.mistake()
def bob_ignores_the_bits():
    return _swap(bob=())


@swapping.mistake()
def bits_exchanged():
    return _swap(bob=(("x", 0), ("z", 1)))


@swapping.mistake()
def a_chain_of_gates():
    return Circuit(4, bits=2).h(0).cx(0, 1).cx(1, 2).cx(2, 3).cx(1, 2).cx(0, 1)


@swapping.mistake()
def only_the_pairs():
    return Circuit(4, bits=2).h(0).cx(0, 1).h(2).cx(2, 3)


@swapping.mistake()
def entangles_the_ends_directly():
    return Circuit(4, bits=2).h(0).cx(0, 3)


@swapping.mistake()
def meets_the_far_half():
    return Circuit(4, bits=2).h(0).cx(0, 2).cx(2, 3).cx(0, 2)


@swapping.mistake()
def measures_each_half_alone():
    return _swap(station=())


@swapping.mistake()
def the_wrong_pair():
    return _swap(bob=(("x", 1), ("z", 0))).x(3)
