"""Teleportation: every branch arrives, nothing travels before the bits do, and four engines agree.

The pair as a resource: closed forms, Qiskit's channel measures, and a search over local turns.
"""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import minimize

from qlearn.communication.teleportation import (
    average_fidelity,
    circuit,
    fully_entangled_fraction,
    process_fidelity,
    teleport,
    werner,
)
from qlearn.qubits import (
    BELL_NAMES,
    Circuit,
    bell_state,
    density,
    fidelity,
    ket,
    measure,
    partial_trace,
    random_state,
)

seeds = st.integers(0, 2**32 - 1)
BITS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.uint8)
PAULI_X, PAULI_Z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])
ANSWERS = [np.linalg.matrix_power(PAULI_Z, z) @ np.linalg.matrix_power(PAULI_X, x) for z, x in BITS]


def random_pair(rng):
    """Draw a mixed pair: half of a random pure state of four qubits."""
    return partial_trace(random_state(4, rng=rng), [0, 1])


def by_density_algebra(state, pair):
    """Follow the definition with 8x8 matrices: chance of each outcome, Bob's part after his answer."""
    whole = np.kron(density(state), density(pair))
    chances, bob = [], []
    for name, answer in zip(BELL_NAMES, ANSWERS, strict=True):
        bra = np.kron(bell_state(name).conj(), np.eye(2)).reshape(2, 8)
        part = bra @ whole @ bra.conj().T
        chances.append(np.trace(part).real)
        bob.append(answer @ part @ answer.conj().T)
    return np.array(chances), np.array(bob)


def one_of_each(bits):
    """Return where each of the four outcomes is first seen; all four must have been."""
    codes = 2 * bits[:, 0] + bits[:, 1]
    return [int(np.flatnonzero(codes == k)[0]) for k in range(4)]


@given(seeds)
def test_what_arrives_is_what_was_sent_phase_included(seed):
    sent = random_state(1, size=(3, 7), rng=seed)
    received = teleport(sent, rng=seed)
    assert received.states.shape == (3, 7, 2)
    assert received.bits.shape == (3, 7, 2)
    assert received.bits.dtype == np.uint8
    np.testing.assert_allclose(received.states, sent, atol=1e-12)


@given(seeds)
def test_the_circuit_leaves_the_bits_on_alices_wires_and_the_state_on_bobs(seed):
    sent = random_state(1, size=5, rng=seed)
    run = circuit().run(np.kron(sent, ket("00")), rng=seed)
    alice = np.eye(4)[2 * run.bits[:, 0] + run.bits[:, 1]]
    np.testing.assert_allclose(run.state, np.einsum("na,nb->nab", alice, sent).reshape(5, 8), atol=1e-12)


@given(seeds)
def test_given_the_bits_the_fast_path_and_the_circuit_leave_bob_the_same_vector(seed):
    # 400 runs of each; an outcome that one of them never saw is not compared
    sent, pair = random_state(1, rng=seed), random_state(2, rng=seed + 1)
    fast = teleport(np.tile(sent, (400, 1)), resource=pair, rng=seed)
    steps = Circuit(3, bits=2).cx(0, 1).h(0).measure(0, 0).measure(1, 1).x(2, where=1).z(2, where=0)
    slow = steps.run(np.tile(np.kron(sent, pair), (400, 1)), rng=seed)
    index = 2 * slow.bits[:, 0] + slow.bits[:, 1]
    bob = slow.state.reshape(400, 4, 2)[np.arange(400), index]
    compared = 0
    for k in range(4):
        mine, its = fast.states[(fast.bits == BITS[k]).all(-1)], bob[index == k]
        if len(mine) and len(its):
            np.testing.assert_allclose(mine, np.broadcast_to(its[0], mine.shape), atol=1e-10)
            compared += 1
    assert compared >= 2


def test_with_any_pair_outcomes_and_states_follow_the_density_matrices():
    # frequencies of n = 40,000: sigma <= 0.0025, 6 sigma, 12 comparisons: false alarms 12 * 2e-9
    n = 40_000
    for seed in range(3):
        rng = np.random.default_rng(seed)
        sent, pair = random_state(1, rng=rng), random_pair(rng)
        chances, bob = by_density_algebra(sent, pair)
        received = teleport(np.tile(sent, (n, 1)), resource=pair, rng=rng)
        counts = np.bincount(2 * received.bits[:, 0] + received.bits[:, 1], minlength=4)
        assert (np.abs(counts / n - chances) < 6 * np.sqrt(chances * (1 - chances) / n)).all()
        for k, row in enumerate(one_of_each(received.bits)):
            np.testing.assert_allclose(received.states[row], bob[k] / chances[k], atol=1e-12)


@given(seeds)
def test_a_pure_pair_given_as_a_matrix_gives_the_matrices_of_the_same_states(seed):
    sent, pair = random_state(1, size=4, rng=seed), random_state(2, rng=seed + 1)
    vectors = teleport(sent, resource=pair, rng=seed)
    matrices = teleport(sent, resource=density(pair), rng=seed)
    np.testing.assert_array_equal(vectors.bits, matrices.bits)
    assert matrices.states.shape == (4, 2, 2)
    np.testing.assert_allclose(matrices.states, density(vectors.states), atol=1e-10)


def test_an_impossible_outcome_never_happens():
    # Alice's half is surely 0 and she sends 0: only the two phi outcomes have a chance
    received = teleport(np.tile(ket("0"), (50_000, 1)), resource=ket("00"), rng=1)
    assert not received.bits[:, 1].any()
    np.testing.assert_allclose(received.states, np.tile(ket("0"), (50_000, 1)), atol=1e-12)


@given(seeds)
def test_before_the_bits_bob_has_his_half_of_the_pair_whatever_alice_sends(seed):
    one, other = random_state(1, size=2, rng=seed)
    pair = random_state(2, rng=seed + 1)
    bell_rotation = Circuit(3).cx(0, 1).h(0)
    before = partial_trace(bell_rotation.run(np.stack([np.kron(one, pair), np.kron(other, pair)])), keep=2)
    np.testing.assert_allclose(before[0], before[1], atol=1e-12)
    np.testing.assert_allclose(before[0], partial_trace(pair, keep=1), atol=1e-12)


def test_without_the_bits_a_thousand_runs_average_to_nothing_for_bob():
    # n = 100,000, his answers undone: each Bloch component has sigma <= 1 / sqrt(n); 6 sigma
    n = 100_000
    sent = np.tile(random_state(1, rng=3), (n, 1))
    received = teleport(sent, rng=4)
    undo = np.array(ANSWERS).conj().swapaxes(-1, -2)[2 * received.bits[:, 0] + received.bits[:, 1]]
    before = np.einsum("nij,nj->ni", undo, received.states)
    assert np.abs(density(before).mean(axis=0) - np.eye(2) / 2).max() < 6 / np.sqrt(n)


def test_the_bits_are_fair_coins_whatever_is_sent():
    # n = 100,000 for each of three states; each outcome has sigma = sqrt(3) / 4 / sqrt(n); 6 sigma
    n = 100_000
    for label in "0+i":
        bits = teleport(np.tile(ket(label), (n, 1)), rng=5).bits
        counts = np.bincount(2 * bits[:, 0] + bits[:, 1], minlength=4)
        assert np.abs(counts / n - 1 / 4).max() < 6 * np.sqrt(3 / 16 / n)


@pytest.mark.parametrize(
    ("pair", "even"),
    [
        (werner(0.9), True),
        (0.9 * density(bell_state("phi+")) + 0.1 * density(bell_state("phi-")), True),
        (density(np.sqrt([0.8, 0, 0, 0.2])), False),
    ],
)
def test_the_bits_tell_of_the_state_unless_alices_half_is_even(pair, even):
    # three pairs with F = 0.9; chances by 8x8 matrices, and n = 50,000 counted: sigma <= 0.0023, 6 sigma, 2e-9 each
    n = 50_000
    assert average_fidelity(pair) == pytest.approx(2.8 / 3)
    assert np.allclose(partial_trace(pair, keep=0), np.eye(2) / 2) == even
    for label, leaked in (("0", 0.8), ("1", 0.2)):
        due = 1 / 2 if even else leaked
        chances, _ = by_density_algebra(ket(label), pair)
        assert chances[0] + chances[2] == pytest.approx(due)
        bits = teleport(np.tile(ket(label), (n, 1)), resource=pair, rng=11).bits
        assert abs(np.mean(bits[:, 1] == 0) - due) < 6 * np.sqrt(due * (1 - due) / n)


@pytest.mark.parametrize("fraction", [0.25, 0.5, 0.8, 1.0])
def test_the_simulated_average_is_two_f_plus_one_over_three(fraction):
    # n = 50,000 Haar-random inputs; 6 sigma of the sample itself (1e-12 where every run is alike)
    sent = random_state(1, size=50_000, rng=6)
    got = fidelity(sent, teleport(sent, resource=werner(fraction), rng=7).states)
    assert abs(got.mean() - average_fidelity(werner(fraction))) < 6 * got.std() / np.sqrt(len(got)) + 1e-12


def test_measuring_and_telling_reaches_two_thirds():
    # a fidelity lies in [0, 1], so its standard deviation is at most 1/2; n = 100,000, 6 sigma
    sent = random_state(1, size=100_000, rng=8)
    told = fidelity(sent, measure(sent, rng=9).state)
    assert abs(told.mean() - 2 / 3) < 6 * 0.5 / np.sqrt(len(told))


@given(seeds)
def test_half_of_a_pair_arrives_with_its_entanglement(seed):
    # wires 0, 1: Alice's own pair, of which she sends wire 1 through the pair on wires 2, 3
    steps = Circuit(4, bits=2).cx(1, 2).h(1).measure(1, 0).measure(2, 1).x(3, where=1).z(3, where=0)
    secret = random_state(2, rng=seed)
    run = steps.run(np.kron(secret, bell_state("phi+")), rng=seed)
    assert fidelity(secret, partial_trace(run.state, [0, 3])) == pytest.approx(1, abs=1e-12)


def there_and_back(theta, phi):
    """Teleport a state and undo its preparation at Bob's: bit 2 must always be 0."""
    steps = Circuit(3, bits=3).ry(theta, 0).rz(phi, 0).then(circuit())
    return steps.rz(-phi, 2).ry(-theta, 2).measure(2, 2)


def test_qiskit_agrees_branch_by_branch():
    from qiskit.quantum_info import Statevector

    steps = Circuit(3).ry(1.1, 0).rz(0.4, 0).h(1).cx(1, 2).cx(0, 1).h(0)
    branches = Statevector(steps.to_qiskit()).data.reshape(4, 2)
    sent = Circuit(1).ry(1.1, 0).rz(0.4, 0).run()
    for branch, answer in zip(branches, ANSWERS, strict=True):
        np.testing.assert_allclose(2 * answer @ branch, sent, atol=1e-12)


def test_aer_brings_every_state_back_and_sees_fair_bits():
    # 4000 shots: an outcome's count has sigma 27.4; 6 sigma
    from qiskit_aer import AerSimulator

    counts = AerSimulator(seed_simulator=1).run(there_and_back(1.1, 0.4).to_qiskit(), shots=4000).result()
    seen = {word.replace(" ", ""): n for word, n in counts.get_counts().items()}
    assert set(seen) == {"000", "010", "100", "110"}
    assert max(abs(n - 1000) for n in seen.values()) < 6 * 27.4


def test_pennylane_brings_every_state_back_and_sees_fair_bits():
    import pennylane as qml

    device = qml.device("default.qubit", seed=1)
    samples = there_and_back(1.1, 0.4).to_pennylane(device, shots=4000)()
    assert not samples[:, 2].any()
    counts = np.bincount(2 * samples[:, 0] + samples[:, 1], minlength=4)
    assert np.abs(counts - 1000).max() < 6 * 27.4


def test_one_state_needs_no_batch_and_one_seed_gives_one_result():
    received = teleport(ket("+"), rng=3)
    assert received.states.shape == (2,)
    assert received.bits.shape == (2,)
    generator = np.random.default_rng(3)
    sent = np.tile(ket("+"), (64, 1))
    first, second = teleport(sent, rng=generator), teleport(sent, rng=generator)
    assert (first.bits != second.bits).any(), "a given generator goes on"
    np.testing.assert_array_equal(first.bits, teleport(sent, rng=3).bits)


@pytest.mark.parametrize(
    ("states", "resource", "says"),
    [
        ([1, 1], None, "states must be normalised"),
        ([np.nan, 1], None, "states must be finite"),
        ([1, 0, 0, 0], None, "states must have 2 amplitudes for 1 qubits, not 4"),
        ([], None, "states must have"),
        ([1, 0], [1, 0], "resource must be one pair of qubits"),
        ([1, 0], [1, 0, 0, 1], "resource must be normalised"),
        ([1, 0], np.eye(4), "resource must be one pair of qubits"),
        ([1, 0], np.eye(4) / 2, "its trace is 2"),
        ([1, 0], np.diag([1.5, -0.5, 0, 0]), "lowest eigenvalue is -0.5"),
        ([1, 0], np.eye(4) / 4 + np.eye(4, k=1) / 10, "Hermitian"),
        ([1, 0], np.full((4, 4), np.nan), "finite"),
        ([1, 0], np.eye(2) / 2, "resource must be one pair of qubits"),
        ([1, 0], np.eye(8) / 8, "resource must be one pair of qubits"),
    ],
)
def test_refuses(states, resource, says):
    with pytest.raises(ValueError, match=says):
        teleport(states, resource=resource)


def test_refuses_words():
    with pytest.raises(TypeError, match="states must be an array of amplitudes"):
        teleport(["0", "1"])


ANSWERS_RESOURCE = [np.eye(2), np.array([[0, 1], [1, 0]]), np.diag([1, -1]), np.array([[0, 1], [-1, 0]])]


def random_pair_resource(seed):
    return partial_trace(random_state(4, rng=seed), [0, 1])


def turn(angles):
    """Return a unitary of one qubit from three angles."""
    a, b, c = angles
    return np.array(
        [
            [np.cos(a) * np.exp(1j * b), np.sin(a) * np.exp(1j * c)],
            [-np.sin(a) * np.exp(-1j * c), np.cos(a) * np.exp(-1j * b)],
        ]
    )


def channel(pair):
    """Return teleportation through the pair as Kraus operators, built from the definition."""
    values, vectors = np.linalg.eigh(pair)
    kraus = []
    for value, vector in zip(values.clip(0), vectors.T, strict=True):
        for name, answer in zip(BELL_NAMES, ANSWERS_RESOURCE, strict=True):
            bra = bell_state(name).conj().reshape(2, 2)  # (sent, Alice's half)
            kraus.append(np.sqrt(value) * answer @ (bra @ vector.reshape(2, 2)).T)
    return kraus


@given(seeds)
def test_qiskit_finds_the_same_process_and_average_fidelity(seed):
    from qiskit.quantum_info import (
        Kraus,
        average_gate_fidelity as qiskit_average,
        process_fidelity as qiskit_process,
    )

    pair = random_pair_resource(seed)
    noisy = Kraus(channel(pair))
    assert noisy.is_tp()
    assert process_fidelity(pair) == pytest.approx(qiskit_process(noisy), abs=1e-12)
    assert average_fidelity(pair) == pytest.approx(qiskit_average(noisy), abs=1e-12)


@pytest.mark.parametrize("p", [-1 / 3, 0, 1 / 3, 0.7, 1])
def test_werner_is_the_perfect_pair_in_white_noise(p):
    fraction = (1 + 3 * p) / 4
    noise = p * density(bell_state("phi+")) + (1 - p) * np.eye(4) / 4
    np.testing.assert_allclose(werner(fraction), noise, atol=1e-15)
    assert process_fidelity(werner(fraction)) == pytest.approx(fraction, abs=1e-15)
    assert average_fidelity(werner(fraction)) == pytest.approx((1 + p) / 2, abs=1e-15)


def test_a_werner_pair_is_entangled_exactly_from_one_half_on():
    def lowest(fraction):
        transposed = werner(fraction).reshape(2, 2, 2, 2).transpose(0, 3, 2, 1).reshape(4, 4)
        return np.linalg.eigvalsh(transposed)[0]

    assert lowest(0.5) == pytest.approx(0, abs=1e-15)
    assert lowest(0.51) < -1e-3
    assert lowest(0.49) > 1e-3


def test_the_four_bell_states_are_equally_good_after_a_turn_but_not_before():
    pairs = [bell_state(name) for name in BELL_NAMES]
    assert [process_fidelity(pair) for pair in pairs] == pytest.approx([1, 0, 0, 0], abs=1e-12)
    assert [fully_entangled_fraction(pair) for pair in pairs] == pytest.approx([1] * 4, abs=1e-12)
    assert average_fidelity() == pytest.approx(1, abs=1e-12)
    assert average_fidelity(bell_state("psi-")) == pytest.approx(1 / 3, abs=1e-12)


@given(seeds)
def test_a_pair_without_entanglement_stays_at_two_thirds_or_below(seed):
    rng = np.random.default_rng(seed)
    a, b = random_state(1, size=(2, 6), rng=rng)
    products = density(np.einsum("ni,nj->nij", a, b).reshape(6, 4))
    mixture = np.einsum("n,nij->ij", rng.dirichlet(np.ones(6)), products)
    assert fully_entangled_fraction(mixture) <= 1 / 2 + 1e-12
    assert average_fidelity(mixture) <= 2 / 3 + 1e-12


@given(st.floats(0, np.pi / 2), seeds)
def test_fraction_of_a_pure_pair_is_known_from_its_schmidt_coefficients(angle, seed):
    a, b, c, *rest = np.random.default_rng(seed).uniform(0, 2 * np.pi, 6)
    local = np.kron(turn((a, b, c)), turn(rest))
    pair = local @ np.array([np.cos(angle), 0, 0, np.sin(angle)])
    assert fully_entangled_fraction(pair) == pytest.approx((1 + np.sin(2 * angle)) / 2, abs=1e-12)


@settings(max_examples=15)
@given(seeds)
def test_no_local_turn_does_better_and_the_best_one_does_as_well(seed):
    pair, rng = random_pair_resource(seed), np.random.default_rng(seed)

    # A turn of Alice's half does the same to phi+ as a turn of Bob's: one of them is enough.
    def miss(angles):
        local = np.kron(turn(angles), np.eye(2))
        return -process_fidelity(local @ pair @ local.conj().T)

    best = -min(minimize(miss, rng.uniform(0, np.pi, 3)).fun for _ in range(4))
    assert fully_entangled_fraction(pair) == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("function", [process_fidelity, average_fidelity, fully_entangled_fraction])
@pytest.mark.parametrize(
    ("pair", "says"),
    [
        ([1, 0], "one pair of qubits"),
        ([0.5, 0.5, 0.5, 0.6], "normalised"),
        (np.diag([2, -1, 0, 0]), "lowest eigenvalue is -1"),
        (np.eye(8) / 8, "one pair of qubits"),
        (np.full(4, np.nan), "finite"),
    ],
)
def test_refuses_what_is_no_pair(function, pair, says):
    with pytest.raises(ValueError, match=says):
        function(pair)


@given(seeds)
def test_no_input_arrives_with_less_than_the_process_fidelity(seed):
    pair = random_pair_resource(seed)
    inputs = random_state(2, size=20, rng=seed)  # the second qubit is sent, the first stays
    arrived = sum(
        np.abs(np.einsum("na,ab,nb->n", inputs.conj(), np.kron(np.eye(2), k), inputs)) ** 2
        for k in channel(pair)
    )
    assert arrived.min() >= process_fidelity(pair) - 1e-12
    half = sum(
        abs(bell_state("phi+") @ np.kron(np.eye(2), k) @ bell_state("phi+")) ** 2 for k in channel(pair)
    )
    assert half == pytest.approx(process_fidelity(pair), abs=1e-12)


def test_cross_terms_of_the_pair_cancel_over_the_outcomes():
    # the sign that an unwanted gate takes when it is carried past the twist of an outcome
    x, z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])
    twists = [np.linalg.matrix_power(x, b) @ np.linalg.matrix_power(z, a) for a in (0, 1) for b in (0, 1)]
    signs = np.array([[round(np.trace(p.T @ t.T @ p @ t) / 2) for t in twists] for p in twists])
    assert set(signs.ravel().tolist()) == {-1, 1}
    np.testing.assert_array_equal(signs @ signs.T, 4 * np.eye(4))  # weights stay, cross terms go
