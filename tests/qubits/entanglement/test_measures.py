"""Cuts of pure states: put together again, and against Qiskit and PennyLane.

Concurrence and monogamy: Qiskit, the partial transpose, and Cayley's hyperdeterminant.
"""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import (
    DensityMatrix,
    Statevector,
    concurrence as qiskit_concurrence,
    entropy as qiskit_entropy,
    schmidt_decomposition,
)

from qlearn.qubits import BELL_NAMES, Circuit, bell_state, partial_trace, random_state
from qlearn.qubits.entanglement import (
    concurrence,
    entanglement_entropy,
    entropy,
    ghz,
    residual_tangle,
    schmidt,
    tangle,
    werner,
)

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


W = np.array([0, 1, 1, 0, 1, 0, 0, 0]) / np.sqrt(3)


def random_pair(seed, rank=4):
    """Return a random mixed pair: half of a random pure state of two qubits and `rank` more dimensions."""
    rng = np.random.default_rng(seed)
    amplitudes = rng.normal(size=(4, rank)) + 1j * rng.normal(size=(4, rank))
    rho = amplitudes @ amplitudes.conj().T
    return rho / np.trace(rho).real


def hyperdeterminant(state):
    """Return the three-tangle by Coffman, Kundu and Wootters' eqs. 20 to 23: an independent route."""
    a = state.reshape(2, 2, 2)
    d1 = (
        a[0, 0, 0] ** 2 * a[1, 1, 1] ** 2
        + a[0, 0, 1] ** 2 * a[1, 1, 0] ** 2
        + a[0, 1, 0] ** 2 * a[1, 0, 1] ** 2
        + a[1, 0, 0] ** 2 * a[0, 1, 1] ** 2
    )
    ends = a[0, 0, 0] * a[1, 1, 1]
    pairs = [a[0, 1, 1] * a[1, 0, 0], a[1, 0, 1] * a[0, 1, 0], a[1, 1, 0] * a[0, 0, 1]]
    d2 = ends * sum(pairs) + pairs[0] * pairs[1] + pairs[0] * pairs[2] + pairs[1] * pairs[2]
    d3 = a[0, 0, 0] * a[1, 1, 0] * a[1, 0, 1] * a[0, 1, 1] + a[1, 1, 1] * a[0, 0, 1] * a[0, 1, 0] * a[1, 0, 0]
    return 4 * abs(d1 - 2 * d2 + 4 * d3)


@given(seeds, st.integers(1, 4))
def test_qiskit_finds_the_same_concurrence(seed, rank):
    pair = random_pair(seed, rank)
    # Qiskit takes roots of eigenvalues, so 1e-16 of rounding is 1e-8 there.
    assert concurrence(pair) == pytest.approx(qiskit_concurrence(DensityMatrix(pair)), abs=1e-7)


@given(seeds, st.integers(1, 4))
def test_it_is_more_than_zero_exactly_if_the_partial_transpose_is_negative(seed, rank):
    pair = random_pair(seed, rank)
    lowest = np.linalg.eigvalsh(pair.reshape(2, 2, 2, 2).transpose(0, 3, 2, 1).reshape(4, 4))[0]
    if abs(lowest) > 1e-7:
        assert (concurrence(pair) > 0) == (lowest < 0)


@given(seeds)
def test_pure_and_mixed_are_one_formula(seed):
    states = random_state(2, size=4, rng=seed)
    rho = states[:, :, None] * states[:, None, :].conj()
    np.testing.assert_allclose(concurrence(rho), concurrence(states), atol=1e-12)
    np.testing.assert_allclose(
        concurrence(states), [qiskit_concurrence(state) for state in states], atol=1e-7
    )
    smallest = np.linalg.eigvalsh(partial_trace(states, 0))[:, 0]
    np.testing.assert_allclose(
        concurrence(states), 2 * np.sqrt(smallest * (1 - smallest)), atol=1e-7
    )  # C^2 = 4 det


@given(seeds)
def test_what_each_side_does_alone_changes_nothing(seed):
    angles = np.random.default_rng(seed).uniform(0, 7, 4)
    turn = Circuit(2).ry(angles[0], 0).rz(angles[1], 0).ry(angles[2], 1).rz(angles[3], 1).matrix()
    pair = random_pair(seed)
    assert concurrence(turn @ pair @ turn.conj().T) == pytest.approx(float(concurrence(pair)), abs=1e-12)


def test_closed_forms_sharing():
    fractions = np.linspace(0, 1, 21)
    np.testing.assert_allclose(concurrence(werner(fractions)), np.maximum(0, 2 * fractions - 1), atol=1e-12)
    for name in BELL_NAMES:
        assert concurrence(bell_state(name)) == pytest.approx(1)
    assert concurrence(np.eye(4) / 4) == 0
    np.testing.assert_allclose(concurrence(np.kron(random_state(1, rng=1), [0.6, 0.8])), 0, atol=1e-12)
    assert tangle(partial_trace(W, [0, 1])) == pytest.approx(4 / 9)
    assert tangle(partial_trace(ghz(3), [0, 1])) == pytest.approx(0, abs=1e-12)


@given(seeds)
def test_nobody_is_entangled_with_everybody(seed):
    # The sum itself, by Qiskit's concurrence: residual_tangle must not hide a negative rest.
    state = random_state(3, rng=seed)
    whole = 4 * np.linalg.det(partial_trace(state, 0)).real
    shares = [qiskit_concurrence(DensityMatrix(partial_trace(state, [0, other]))) ** 2 for other in (1, 2)]
    assert whole - sum(shares) > -1e-7
    assert residual_tangle(state) == pytest.approx(whole - sum(shares), abs=1e-7)


@given(seeds)
def test_of_three_qubits_the_rest_is_the_hyperdeterminant_whoever_asks(seed):
    state = random_state(3, rng=seed)
    for wire in range(3):
        assert residual_tangle(state, wire) == pytest.approx(hyperdeterminant(state), abs=1e-9)


def test_ghz_shares_all_among_three_and_w_all_among_pairs():
    assert residual_tangle(ghz(3)) == pytest.approx(1)
    assert residual_tangle(W) == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(residual_tangle(np.stack([ghz(4), np.eye(16)[0]]), 2), [1, 0], atol=1e-12)
    pair_and_stranger = np.kron(bell_state("phi+"), [1, 0])
    assert residual_tangle(pair_and_stranger) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("function", [concurrence, tangle])
def test_refuses_what_is_no_pair(function):
    with pytest.raises(ValueError, match="rho must be of two qubits"):
        function([1, 0])
    with pytest.raises(ValueError, match="rho must be normalised"):
        function(np.eye(4) / 2)


def test_residual_tangle_refuses():
    with pytest.raises(ValueError, match="nobody to share with"):
        residual_tangle([1, 0])
    with pytest.raises(ValueError, match="not a density matrix: of a mixed one"):
        residual_tangle(np.eye(8) / 8)
    with pytest.raises(ValueError, match="wire must lie in 0 to 2"):
        residual_tangle(ghz(3), 3)


def test_four_times_the_determinant_measures_entanglement_of_pure_states_only():
    noise = np.eye(8) / 8
    assert 4 * np.linalg.det(partial_trace(noise, 0)).real == pytest.approx(1)
    assert tangle(partial_trace(noise, [0, 1])) == 0
    psi = random_state(3, rng=7)
    c = np.linalg.svd(psi.reshape(2, 4), compute_uv=False)
    assert (2 * c.prod()) ** 2 == pytest.approx(4 * np.linalg.det(partial_trace(psi, 0)).real, abs=1e-12)
