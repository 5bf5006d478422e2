"""Which path."""

from qlearn.exercises import exercise
from qlearn.qubits import Circuit


@exercise(
    level="stretch",
    right="Flat: 1/2 at every phase. Nobody looked at wire 1; that the path *could* be read was enough.",
    because=r"""
        Before the second H the state is $(|00\rangle + e^{i\phi}|11\rangle)/\sqrt2$. The two paths now end in
        different states of wire 1, so their amplitudes are not added any more; only their probabilities are.
    """,
)
def which_path(phi):
    """The interferometer `Circuit(1).h(0).p(phi, 0).h(0)` shows a fringe. Write `which_path(phi)`: the
    same on wire 0 of a `Circuit(2)`, with a CNOT that copies the path to wire 1 while the photon is on
    its way. What is left of the fringe?
    """
    return Circuit(2).h(0).cx(0, 1).p(phi, 0).h(0)


@which_path.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_which_path of the old module
    yield ()


@which_path.mistake(
    "the fringe is still there: wire 1 is always 0, it notes nothing. Wire 0 must control it: cx(0, 1)."
)
def no_copy(phi):
    return Circuit(2).h(0).p(phi, 0).h(0)


@which_path.mistake(
    "the fringe is still there although wire 1 changes: you copy after the second H, when the paths have already "
    "met. Copy between the two H gates."
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
    "the fringe is still there: wire 1 holds 1 in 0.50 of all runs, whatever the path. It has to copy wire 0, and"
    " nothing else may touch it: cx(0, 1)."
)
def a_coin(phi):
    return Circuit(2).h(0).h(1).p(phi, 0).h(0)


@which_path.mistake(
    "the two paths meet with another phase than phi: p(phi, 0) stands once, between the H gates."
)
def no_phase(phi):
    return Circuit(2).h(0).cx(0, 1).h(0)


@which_path.mistake(
    "the fringe comes back for those photons whose wire 1 is 0, so a look at wire 1 in Z does not tell the path: "
    "you noted it in another basis. The copy that is asked for is one CNOT, cx(0, 1), with nothing else on wire "
    "1."
)
def noted_in_x(phi):
    return Circuit(2).h(0).h(1).cz(0, 1).p(phi, 0).h(0)


@which_path.mistake(
    "the fringe is still there: wire 1 is always 1, it notes nothing. Wire 0 must control it: cx(0, 1)."
)
def wrong_control(phi):
    return Circuit(2).h(0).x(1).cx(1, 0).p(phi, 0).h(0)
