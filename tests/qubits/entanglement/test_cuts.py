"""Cuts of pure states: put together again, and against Qiskit and PennyLane."""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import Statevector, schmidt_decomposition
from qiskit.quantum_info import entropy as qiskit_entropy

from qlearn.qubits import BELL_NAMES, bell_state, partial_trace, random_state
from qlearn.qubits.entanglement import entanglement_entropy, entropy, ghz, schmidt

seeds = st.integers(0, 2**32 - 1)
cuts = st.integers(2, 4).flatmap(
    lambda n: st.tuples(
        st.just(n), st.lists(st.integers(0, n - 1), min_size=1, max_size=n - 1, unique=True), seeds
    )
)


@given(cuts)
def test_the_parts_put_the_state_together(cut):
    n, wires, seed = cut
    state = random_state(n, size=3, rng=seed)
    parts = schmidt(state, wires)
    together = np.einsum("si,sia,sib->sab", *parts).reshape(3, *[2] * n)
    order = [*wires, *(wire for wire in range(n) if wire not in wires)]
    expected = state.reshape(3, *[2] * n).transpose(0, *(1 + wire for wire in order))
    np.testing.assert_allclose(together, expected, atol=1e-12)
    for side in (parts.first, parts.second):
        one = np.eye(parts.coefficients.shape[-1])
        np.testing.assert_allclose(side @ side.swapaxes(1, 2).conj(), [one] * 3, atol=1e-12)
    assert (np.diff(parts.coefficients) <= 0).all()


@given(cuts)
def test_qiskit_and_pennylane_find_the_same(cut):
    n, wires, seed = cut
    state = random_state(n, rng=seed)
    theirs = schmidt_decomposition(
        Statevector(state).reverse_qargs(), [w for w in range(n) if w not in wires]
    )
    found = sorted((term[0] for term in theirs), reverse=True)
    np.testing.assert_allclose(schmidt(state, wires).coefficients[: len(found)], found, atol=1e-12)
    bits = entanglement_entropy(state, wires)
    part = partial_trace(state, wires)
    assert bits == pytest.approx(qiskit_entropy(part, base=2), abs=1e-9)
    assert bits == pytest.approx(qml.math.vn_entropy(part, indices=range(len(wires)), base=2), abs=1e-9)
    assert bits == pytest.approx(entropy(part), abs=1e-9)
    rest = [wire for wire in range(n) if wire not in wires]
    assert bits == pytest.approx(entanglement_entropy(state, rest), abs=1e-9)


def test_closed_forms():
    for name in BELL_NAMES:
        np.testing.assert_allclose(schmidt(bell_state(name), 1).coefficients, np.sqrt(0.5))
        assert entanglement_entropy(bell_state(name), 0) == pytest.approx(1)
    assert entanglement_entropy(ghz(5), [0, 3]) == pytest.approx(1)
    product = np.kron(random_state(1, rng=1), random_state(2, rng=2))
    np.testing.assert_allclose(schmidt(product, 0).coefficients, [1, 0], atol=1e-12)
    assert entanglement_entropy(product, 0) == pytest.approx(0, abs=1e-12)
    two_pairs = np.kron(bell_state("phi+"), bell_state("psi-"))
    assert entanglement_entropy(two_pairs, [0, 2]) == pytest.approx(2)
    assert entanglement_entropy(two_pairs, [0, 1]) == pytest.approx(0, abs=1e-12)


def test_entropy_of_noise_and_of_pure_states():
    assert entropy(np.eye(8) / 8) == pytest.approx(3)
    np.testing.assert_array_equal(entropy(random_state(2, size=3, rng=1)), np.zeros(3))
    weights = np.array([0.5, 0.25, 0.125, 0.125])
    assert entropy(np.diag(weights)) == pytest.approx(1.75)


def test_the_mean_entropy_of_random_states_is_that_of_page():
    # Page 1993: a qubit of a random state of 2 x 4 dimensions has (sum_{k=5}^{8} 1/k - 1/8) / ln 2 bits.
    # 4,000 states, sd of one 0.175: standard error 0.0028; 6 of them, false alarm 2e-9.
    theory = (sum(1 / k for k in range(5, 9)) - 1 / 8) / np.log(2)
    seen = entanglement_entropy(random_state(3, size=4000, rng=1), 0)
    assert seen.std() < 0.18
    assert abs(seen.mean() - theory) < 6 * 0.0028


@pytest.mark.parametrize(
    ("state", "wires", "says"),
    [
        (np.eye(4) / 4, 0, "not a density matrix: of a mixed state"),
        ([1, 0, 0, 0], [0, 1], "wires must leave a second part"),
        ([1, 0], 0, "wires must leave a second part"),
        ([1, 0, 0, 0], 2, "wires must lie in 0 to 1"),
        ([1, 0, 0, 1], 0, "normalised"),
    ],
)
@pytest.mark.parametrize("function", [schmidt, entanglement_entropy])
def test_refuses(function, state, wires, says):
    with pytest.raises(ValueError, match=says):
        function(state, wires)
