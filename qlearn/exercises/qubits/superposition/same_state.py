"""When two state vectors are one state."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal
from qlearn.qubits import bell_state, bloch, ket, random_state


@exercise(
    level="core",
    same=equal,
    right="the test is the overlap: its absolute value is 1 exactly when only a global phase differs.",
    because=r"""
        $|\langle a|b\rangle| = 1$ exactly when $|b\rangle = e^{i\gamma}|a\rangle$. `np.vdot` conjugates its first
        argument, as a bra does.
    """,
)
def same_state(a, b):
    """Return True if no experiment can tell the state vectors `a` and `b` apart (any number of qubits, up to
    rounding), else False. Given: `np`.
    """
    return bool(np.isclose(abs(np.vdot(a, b)), 1))


@same_state.cases
def pairs(rng):
    """The same but for a phase, with zeros or not; orthogonal, near each other, of equal chances, of equal halves."""
    yield ket("+"), ket("+")
    yield ket("+"), 1j * ket("+")
    yield ket("+"), ket("-")
    yield ket("i"), ket("j")
    yield ket("1"), 1j * ket("1")
    yield ket("0"), ket("1")
    yield bell_state("phi+"), bell_state("phi-")
    theta, phi, apart = rng.uniform(0.3, 2.8), rng.uniform(0, 6), rng.uniform(0.02, 0.03)
    yield bloch(theta, phi), bloch(theta + apart, phi)  # an overlap of 0.9999, no more
    for n in (1, 1, 2, 3):
        a, b = random_state(n, size=2, rng=rng)
        if n == 1:  # far from the poles, where a phase counts for little
            a = bloch(rng.uniform(0.6, 2.5), rng.choice([-1, 1]) * rng.uniform(0.8, 2.3))
        phases = np.exp(1j * (rng.uniform(0, 6) + np.cumsum(rng.uniform(1, 3, 2**n))))
        yield a, phases[0] * a
        yield a, -a
        yield a, phases * a
        yield a, a.conj()
        b = b - np.vdot(a, b) * a
        b = b / np.linalg.norm(b) + rng.uniform(0, 0.5) * a
        yield a, b / np.linalg.norm(b)


@same_state.mistake(
    "you call |+> and i|+> different. No measurement can: a global phase drops out of every probability."
)
def compares_numbers(a, b):
    return np.allclose(a, b)


@same_state.mistake(
    "you take a state and its negative for one, and no other phase. A global phase is any factor of size 1, i and "
    "exp(0.3i) among them."
)
def but_for_the_sign(a, b):
    return np.allclose(a, b) or np.allclose(a, -b)


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


@same_state.mistake("you call every pair different, a state and itself among them.")
def always_different(a, b):
    return False


@same_state.mistake("you call every pair the same, |0> and |1> among them.")
def always_the_same(a, b):
    return True


@same_state.mistake(
    "you call two states the same whose arrows stand a fiftieth of a radian apart. Their overlap is 0.9999: close to 1, "
    "and not 1."
)
def nearly_the_same(a, b):
    return bool(abs(np.vdot(a, b)) > 0.9995)


@same_state.mistake(
    "a computer rounds: an overlap that is 1 may come out as 0.9999999999999998, or above 1. Ask whether it is close to "
    "1, with `np.isclose`."
)
def exactly_one(a, b):
    return bool(abs(np.vdot(a, b)) == 1)


@same_state.mistake("you call |1> and i|1> different. Do you divide by an amplitude that may be 0?")
def divides_by_the_first_amplitude(a, b):
    return bool(a[0] and b[0] and np.allclose(a / a[0], b / b[0]))


@same_state.mistake(
    "you call |00> + |11> and |00> - |11> the same. Each wire by itself is; the two together are not."
)
def one_wire_at_a_time(a, b):
    wires = range(int(np.log2(len(a))))
    for wire in wires:
        one, other = (np.moveaxis(s.reshape([2 for _ in wires]), wire, 0).reshape(2, -1) for s in (a, b))
        if not np.allclose(one @ one.conj().T, other @ other.conj().T):
            return False
    return True
