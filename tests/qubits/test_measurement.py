"""Measurement: the Born rule by an oracle, collapse that repeats, statistics with stated error.

Observables: Qiskit's and PennyLane's values, for vectors and for density matrices.
"""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import Pauli, Statevector

from qlearn.qubits import (
    Circuit,
    bell_state,
    density,
    expectation,
    fidelity,
    ket,
    measure,
    partial_trace,
    probabilities,
    random_state,
    sample,
)
from qlearn.qubits.measurement import sampled_mean

seeds = st.integers(0, 2**32 - 1)
bases = st.text("XYZ", min_size=3, max_size=3)


def bell_basis():
    return np.stack([bell_state(name) for name in ("phi+", "psi+", "phi-", "psi-")], axis=1)


@given(seeds, st.permutations(range(3)), st.integers(1, 3))
def test_probabilities_are_qiskits(seed, order, k):
    state, wires = random_state(3, rng=seed), order[:k]
    # Qiskit counts wires from the right and lists the first one as the least significant bit.
    expected = Statevector(state).probabilities([2 - wire for wire in reversed(wires)])
    np.testing.assert_allclose(probabilities(state, wires), expected, atol=1e-12)


@given(seeds, bases)
def test_a_basis_is_a_rotation_before_the_measurement(seed, basis):
    state = random_state(3, size=2, rng=seed)
    rotate = Circuit(3)
    for wire, letter in enumerate(basis):
        rotate = rotate.h(wire) if letter == "X" else rotate.sdg(wire).h(wire) if letter == "Y" else rotate
    np.testing.assert_allclose(
        probabilities(state, basis=basis), probabilities(rotate.run(state)), atol=1e-12
    )


@given(seeds, bases)
def test_measuring_again_gives_the_same(seed, basis):
    first = measure(random_state(3, size=4, rng=seed), [2, 0], basis[:2], rng=seed)
    second = measure(first.state, [2, 0], basis[:2], rng=seed + 1)
    np.testing.assert_array_equal(first.outcomes, second.outcomes)
    np.testing.assert_allclose(fidelity(first.state, second.state), 1, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(first.state, axis=-1), 1, atol=1e-12)


@given(seeds, bases)
def test_collapse_is_the_projection_of_the_state(seed, basis):
    state = random_state(1, rng=seed)
    outcome, after = measure(state, basis=basis[0], rng=seed)
    expected = ket({"X": "+-", "Y": "ij", "Z": "01"}[basis[0]][outcome[0]])
    np.testing.assert_allclose(fidelity(after, expected), 1, atol=1e-12)


@given(seeds)
def test_measuring_one_part_tells_the_other_nothing(seed):
    # no-signalling: the other wire's state, averaged over outcomes, does not depend on the basis asked
    state = random_state(2, rng=seed)
    before = partial_trace(state, 1)
    for basis in "XYZ":
        columns = {"Z": ("0", "1"), "X": ("+", "-"), "Y": ("i", "j")}[basis]
        blocks = [ket(letter).conj() @ state.reshape(2, 2) for letter in columns]
        after = sum(np.outer(block, block.conj()) for block in blocks)
        np.testing.assert_allclose(after, before, atol=1e-12)


def test_outcomes_follow_the_born_rule():
    # 60,000 single measurements of one state in each basis; sd at most 0.0021, 6 sd: 2e-9 each
    state = random_state(2, rng=3)
    for basis in ("ZZ", "XY", "YZ"):
        p = probabilities(state, basis=basis)
        once = measure(np.tile(state, (60_000, 1)), basis=basis, rng=4).outcomes
        many = sample(state, 60_000, basis=basis, rng=5)
        for drawn in (once, many):
            assert drawn.dtype == np.uint8
            np.testing.assert_allclose(np.bincount(drawn @ [2, 1], minlength=4) / 60_000, p, atol=6 * 0.0021)


def test_samples_of_a_batch_belong_to_their_state():
    states = np.stack([ket("00"), ket("01"), ket("10"), ket("11"), ket("+1")])
    drawn = sample(states, 20, rng=0)
    assert drawn.shape == (5, 20, 2)
    for row, label in enumerate(("00", "01", "10", "11")):
        assert (drawn[row] == [int(letter) for letter in label]).all()
    assert (drawn[4, :, 1] == 1).all()
    few = sample(states[:1], 50, rng=0)  # the other way to draw: few states with many outcomes
    assert (few == 0).all()


def test_impossible_outcomes_never_come():
    # 0.6^2 + 0.8^2 rounds to something near 1; outcomes 2 and 3 have probability 0
    state = np.array([0.6, 0.8, 0, 0])
    assert sample(state, 100_000, rng=1)[:, 0].max() == 0
    assert measure(np.tile(state, (100_000, 1)), rng=1).outcomes[:, 0].max() == 0


def test_a_joint_basis_measures_two_wires_at_once():
    states = np.stack([bell_state(name) for name in ("phi+", "psi+", "phi-", "psi-")])
    outcomes, after = measure(states, basis=bell_basis(), rng=0)
    assert outcomes.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    np.testing.assert_allclose(fidelity(after, states), 1, atol=1e-12)


def test_any_unitary_is_a_basis_for_each_wire():
    angle = np.pi / 8
    columns = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    p = probabilities(ket("0+"), basis=columns).reshape(2, 2)
    np.testing.assert_allclose(p.sum(1), [np.cos(angle) ** 2, np.sin(angle) ** 2], atol=1e-12)
    np.testing.assert_allclose(p.sum(0), [np.cos(angle) ** 2, np.sin(angle) ** 2], atol=1e-12)


def test_input_is_not_changed():
    state = random_state(2, rng=1)
    copy = state.copy()
    measure(state, 0, "X", rng=0)
    probabilities(state, 0, "Y")
    np.testing.assert_array_equal(state, copy)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: measure([1, 1]), "normalised"),
        (lambda: measure([np.nan, 0]), "finite"),
        (lambda: measure([1, 0, 0]), "on its last axis"),
        (lambda: measure([]), "on its last axis"),
        (lambda: measure(1.0), "on its last axis"),
        (lambda: measure([1, 0], wires=1), "must lie in 0 to 0"),
        (lambda: measure([1, 0, 0, 0], wires=[0, 0]), "different wires"),
        (lambda: measure([1, 0], wires=[]), "at least one wire"),
        (lambda: measure([1, 0], basis="W"), "X, Y or Z"),
        (lambda: measure([1, 0, 0, 0], basis="XYZ"), "each of the 2 measured wires"),
        (lambda: measure([1, 0], basis=np.ones((2, 2))), "unitary"),
        (lambda: measure([1, 0], basis=np.full((2, 2), np.nan)), "unitary"),
        (lambda: measure([1, 0], basis=np.eye(3)), "columns are the basis states"),
        (lambda: probabilities([1, 0], basis=""), "X, Y or Z"),
        (lambda: sample([1, 0], 0), "shots must be at least 1"),
        (lambda: sample([1, 0], -5), "shots must be at least 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_refuses_other_types():
    with pytest.raises(TypeError, match="array of amplitudes"):
        measure("01")
    with pytest.raises(TypeError, match="shots must be a whole number"):
        sample([1, 0], 2.5)


@pytest.mark.parametrize("batch", [(0,), (3, 0)])
def test_an_empty_batch_gives_an_empty_answer(batch):
    nothing = np.zeros((*batch, 4))
    assert probabilities(nothing, wires=1).shape == (*batch, 2)
    assert sample(nothing, 5, basis="X").shape == (*batch, 5, 2)
    outcomes, state = measure(nothing, wires=0, basis="Y")
    assert (outcomes.shape, state.shape) == ((*batch, 1), (*batch, 4))


@pytest.mark.parametrize("mean", [0.0, 0.9])
def test_a_root_mean_square_is_known_as_well_as_the_kurtosis_says(mean):
    # 4,000 times the rms of 400 averages of four shots: an sd from 4,000 values is known to 1.1 % (and a little
    # more for these tails); 6 of 1.5 % are 9 %. The rule for Gaussian errors is off by 40 % at 0.9, 13 % at 0.
    n, repeats = 4, 400
    answers = np.random.default_rng(4).binomial(n, (1 + mean) / 2, (4000, repeats))
    rms = np.sqrt(np.mean((2 * answers / n - 1 - mean) ** 2, axis=1))
    q = (1 - mean**2) / 4
    kurtosis = 3 + (1 - 6 * q) / (n * q)
    assert rms.std() / rms.mean() == pytest.approx(np.sqrt((kurtosis - 1) / repeats) / 2, rel=0.09)
    assert rms.std() / rms.mean() != pytest.approx(1 / np.sqrt(2 * repeats), rel=0.09)


@given(st.integers(0, 2**32 - 1), st.text("IXYZ", min_size=1, max_size=4))
def test_values_are_qiskits(seed, observable):
    states = random_state(len(observable), size=2, rng=seed)
    expected = [Statevector(state).expectation_value(Pauli(observable)).real for state in states]
    np.testing.assert_allclose(expectation(states, observable), expected, atol=1e-12)
    np.testing.assert_allclose(expectation(density(states), observable), expected, atol=1e-12)


def test_values_are_pennylanes():
    state = random_state(3, rng=7)
    matrix = qml.matrix(qml.X(0) @ qml.Y(1) @ qml.Z(2), wire_order=[0, 1, 2])
    np.testing.assert_allclose(expectation(state, "XYZ"), (state.conj() @ matrix @ state).real, atol=1e-12)


def test_the_bell_state_agrees_in_every_basis():
    assert [round(float(expectation(bell_state("phi+"), two)), 12) for two in ("XX", "YY", "ZZ", "ZI")] == [
        1,
        -1,
        1,
        0,
    ]
    assert expectation(ket("+"), "X").shape == ()


@pytest.mark.parametrize("observable", ["Z", "ZZZ", "ZA", "zz", "", None])
def test_refuses_what_does_not_fit(observable):
    with pytest.raises(ValueError, match="observable must have one letter of I, X, Y, Z for each qubit"):
        expectation(ket("00"), observable)


def test_refuses_states_that_are_none():
    with pytest.raises(ValueError, match="normalised"):
        expectation([1, 1], "Z")


def test_a_sampled_mean_is_that_of_so_many_answers():
    # 2e4 estimates of 100 shots: their standard error is 0.1 sqrt(1 - 0.3**2) / sqrt(2e4), and 6 of them 2e-9
    found = sampled_mean(np.full(20_000, 0.3), 100, np.random.default_rng(5))
    assert set(np.unique(np.round((1 + found) * 50, 9) % 1)) == {0.0}
    assert abs(found.mean() - 0.3) < 6 * 0.1 * np.sqrt(0.91 / 20_000)
    assert found.std() == pytest.approx(0.1 * np.sqrt(0.91), rel=0.05)
    assert sampled_mean([1 + 1e-15, -1 - 1e-15], 7, np.random.default_rng(0)).tolist() == [1, -1]
