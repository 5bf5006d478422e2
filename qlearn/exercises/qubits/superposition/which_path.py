"""An interferometer in which the path is noted."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import same_circuit, same_state
from qlearn.qubits import Circuit


def _same_end(answered, due):
    """Compare circuits by what they make of the zeros at their start: all that a photon ever sees."""
    alike = isinstance(answered, Circuit) and (answered.n_qubits, answered.bits) == (due.n_qubits, 0)
    if not alike or not answered.operations or answered.shape != due.shape:
        return same_circuit(answered, due)
    if same_state(answered.run(), due.run()) is None:
        return None
    return (
        "your two wires end in another state than those of an interferometer whose path is copied by a CNOT"
    )


@exercise(
    level="stretch",
    same=_same_end,
    right="flat: 1/2 at every phase. Nobody looked at wire 1; that the path *could* be read was enough.",
    because=r"""
        Before the second H the state is $(|00\rangle + e^{i\phi}|11\rangle)/\sqrt2$. The two paths now end in
        different states of wire 1, so their amplitudes are not added any more; only their probabilities are.
    """,
)
def which_path(phi):
    """The interferometer `Circuit(1).h(0).p(phi, 0).h(0)` shows a fringe. Return the same on wire 0 of a
    `Circuit(2)`, with a CNOT that copies the path to wire 1 while the photon is on its way. What is left of the
    fringe? Given: `Circuit`.
    """
    return Circuit(2).h(0).cx(0, 1).p(phi, 0).h(0)


@which_path.cases
def phases(rng):
    """Half a turn, and phases of either sign."""
    for phi in (rng.uniform(0.2, 2.9), np.pi, -rng.uniform(0.2, 2.9)):
        yield (float(phi),)


@which_path.mistake(
    "the fringe is still there: when the paths meet wire 1 is 0 whichever it was, it notes nothing. One CNOT, cx(0, 1), "
    "belongs between the two H gates."
)
def no_copy(phi):
    return Circuit(2).h(0).p(phi, 0).h(0)


@which_path.mistake(
    "the fringe is still there: wire 1 is always 1, it notes nothing. Wire 0 must control it: cx(0, 1)."
)
def wrong_control(phi):
    return Circuit(2).h(0).x(1).cx(1, 0).p(phi, 0).h(0)


@which_path.mistake(
    "the fringe is still there although wire 1 changes: you copy after the second H, when the paths have already met. "
    "Copy between the two H gates."
)
def copies_too_late(phi):
    return Circuit(2).h(0).p(phi, 0).h(0).cx(0, 1)


@which_path.mistake("return a Circuit of 2 qubits: wire 0 takes the two paths, wire 1 notes which one.")
def one_qubit(phi):
    return Circuit(1).h(0).p(phi, 0).h(0)


@which_path.mistake("the two paths never meet again: wire 0 needs its second H after the phase.")
def paths_never_meet(phi):
    return Circuit(2).h(0).cx(0, 1).p(phi, 0)


@which_path.mistake(
    "the fringe is still there: wire 1 is a coin, whatever the path. It has to copy wire 0, and nothing else may touch "
    "it: cx(0, 1)."
)
def a_coin(phi):
    return Circuit(2).h(0).h(1).p(phi, 0).h(0)


@which_path.mistake(
    "the two paths meet without any phase between them: p(phi, 0) stands once, between the H gates."
)
def no_phase(phi):
    return Circuit(2).h(0).cx(0, 1).h(0)


@which_path.mistake("the two paths meet with the phase -phi: the sign of p(phi, 0) counts.")
def minus_the_phase(phi):
    return Circuit(2).h(0).cx(0, 1).p(-phi, 0).h(0)


@which_path.mistake(
    "the two paths meet with twice the phase: p(phi, ...) stands once. Wire 1 needs none, it only notes."
)
def twice_the_phase(phi):
    return Circuit(2).h(0).cx(0, 1).p(phi, 0).p(phi, 1).h(0)


@which_path.mistake(
    "the fringe comes back for those photons whose wire 1 is 0, so a look at wire 1 in Z does not tell the path: you "
    "noted it in another basis. The copy that is asked for is one CNOT, cx(0, 1), with nothing else on wire 1."
)
def noted_in_x(phi):
    return Circuit(2).h(0).h(1).cz(0, 1).p(phi, 0).h(0)


@which_path.mistake(
    "wire 1 says 1 where the photon takes path 0: it tells the path, and does not copy it. Let it start in 0."
)
def noted_upside_down(phi):
    return Circuit(2).x(1).h(0).cx(0, 1).p(phi, 0).h(0)


@which_path.mistake()
def looks_at_it(phi):
    return Circuit(2, bits=1).h(0).cx(0, 1).measure(1, 0).p(phi, 0).h(0)


@which_path.mistake()
def does_not_keep_the_new_circuit(phi):
    return Circuit(2)
