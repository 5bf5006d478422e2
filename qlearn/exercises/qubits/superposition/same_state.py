"""Same state."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="The test is the overlap: its absolute value is 1 exactly when only a global phase differs.",
    because=r"""
        $|\langle a|b\rangle| = 1$ exactly when $|b\rangle = e^{i\gamma}|a\rangle$. `np.vdot` conjugates its first
        argument, as a bra does.
    """,
)
def same_state(a, b):
    """Write `same_state(a, b)`: True if no experiment can tell the state vectors `a` and `b` apart (any
    number of qubits, up to rounding).
    """
    return bool(np.isclose(abs(np.vdot(a, b)), 1))


@same_state.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_same_state of the old module
    yield ()


@same_state.mistake(
    "you call |+> and i|+> different. No measurement can: a global phase drops out of every probability."
)
def compares_numbers(a, b):
    return np.allclose(a, b)


@same_state.mistake(
    "you call |+> and |-> the same. Their Z probabilities agree, but one H turns them into 0 and 1: the relative "
    "phase counts."
)
def compares_probabilities(a, b):
    return np.allclose(abs(a), abs(b))


@same_state.mistake(
    "you call |i> and |j> the same. Their overlap is 0: mind the complex conjugate of the first state."
)
def forgets_the_conjugate(a, b):
    return bool(np.isclose(abs(np.dot(a, b)), 1))


@same_state.mistake("you call |+> and |+> different states.")
def always_different(a, b):
    return False


@same_state.mistake(
    "you call two states the same whose arrows stand 0.02 rad apart. Their overlap is 0.99995: close to 1, and "
    "not 1."
)
def nearly_the_same(a, b):
    return bool(abs(np.vdot(a, b)) > 0.9995)


@same_state.mistake("you call |1> and i|1> different. Do you divide by an amplitude that may be 0?")
def divides_by_the_first_amplitude(a, b):
    return bool(a[0] and b[0] and np.allclose(a / a[0], b / b[0]))


@same_state.mistake(
    "you call |00> + |11> and |00> - |11> the same. Each wire by itself is; the two together are not."
)
def one_wire_at_a_time(a, b):
    halves = (
        [s.reshape(2, -1) @ s.reshape(2, -1).conj().T for s in (a, b)]
        if len(a) > 2
        else [np.outer(s, s.conj()) for s in (a, b)]
    )
    return np.allclose(*halves)
