"""Superdense coding: every message comes back on three engines, and a pair's errors are those of its density matrix."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.superdense import circuit, error_probabilities, send
from qlearn.qubits import BELL_NAMES, Circuit, bell_state, density, ket, partial_trace, random_state
from qlearn.qubits.entanglement import werner
from qlearn.qubits.noise import amplitude_damping, phase_flip

seeds = st.integers(0, 2**32 - 1)
MESSAGES = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.uint8)
PAULI_X, PAULI_Z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])
TURNS = [np.linalg.matrix_power(PAULI_Z, z) @ np.linalg.matrix_power(PAULI_X, x) for z, x in MESSAGES]
CODE = np.array([2, 1])  # z and x as one number


def random_pair(rng):
    """Draw a mixed pair: half of a random pure state of four qubits."""
    return partial_trace(random_state(4, rng=rng), [0, 1])


def reading(pair):
    """Chance that Bob reads column m' where row m was sent, by the gates: encode, CNOT, H, look."""
    cnot = np.eye(4)[[0, 1, 3, 2]]
    hadamard = np.kron(np.array([[1, 1], [1, -1]]) / np.sqrt(2), np.eye(2))
    rows = []
    for turn in TURNS:
        gates = hadamard @ cnot @ np.kron(turn, np.eye(2))
        rows.append(np.diag(gates @ pair @ gates.conj().T).real)
    return np.array(rows)


def random_message(n, seed):
    return np.random.default_rng(seed).integers(0, 2, (n, 2), dtype=np.uint8)


@given(seeds)
def test_what_is_sent_over_a_perfect_pair_is_what_is_read(seed):
    message = np.random.default_rng(seed).integers(0, 2, (3, 7, 2))
    received = send(message, rng=seed)
    assert received.bits.shape == received.errors.shape == (3, 7, 2)
    assert received.bits.dtype == received.errors.dtype == np.uint8
    np.testing.assert_array_equal(received.bits, message)
    assert not received.errors.any()
    assert send([1, 0]).bits.tolist() == [1, 0]


def test_all_four_messages_come_back_from_the_circuit():
    starts = np.array([ket(f"{z}{x}00") for z, x in MESSAGES])
    for seed in range(5):
        bits = circuit().run(starts, rng=seed).bits
        np.testing.assert_array_equal(bits, np.hstack([MESSAGES, MESSAGES]))


def test_the_turns_of_one_half_make_the_four_bell_states_in_their_order():
    for turn, name in zip(TURNS, BELL_NAMES, strict=True):
        turned = np.kron(turn, np.eye(2)) @ bell_state("phi+")
        assert abs(np.vdot(bell_state(name), turned)) == pytest.approx(1, abs=1e-15)


def random_messages():
    """Both message bits by a coin: bits 2 and 3 must always repeat bits 0 and 1."""
    return Circuit(4).h(0).h(1).then(circuit())


def deferred():
    """The same with the message still quantum: gates in the place of Alice's reading."""
    steps = Circuit(4, bits=4).h(0).h(1).h(2).cx(2, 3).cx(1, 2).cz(0, 2).cx(2, 3).h(2)
    return steps.measure(0, 0).measure(1, 1).measure(2, 2).measure(3, 3)


def fair_and_repeated(samples):
    # n = 4000: a message's count has sigma 27.4; 6 sigma, four of them: false alarms 8e-9
    np.testing.assert_array_equal(samples[:, :2], samples[:, 2:])
    assert np.abs(np.bincount(samples[:, :2] @ CODE, minlength=4) - 1000).max() < 6 * 27.4


def test_the_engine_and_pennylane_bring_random_messages_back():
    import pennylane as qml

    ours = random_messages().run(np.tile(ket("0000"), (4000, 1)), rng=1).bits
    fair_and_repeated(ours)
    device = qml.device("default.qubit", seed=1)
    fair_and_repeated(random_messages().to_pennylane(device, shots=4000)())


def test_qiskit_brings_random_messages_back_on_aer_and_on_its_exact_sampler():
    from qiskit.primitives import StatevectorSampler
    from qiskit_aer import AerSimulator

    def as_samples(counts):
        words = [word.replace(" ", "") for word in counts]  # Qiskit writes bit 0 last
        rows = np.array([[int(bit) for bit in reversed(word)] for word in words])
        return np.repeat(rows, list(counts.values()), axis=0)

    aer = AerSimulator(seed_simulator=1).run(random_messages().to_qiskit(), shots=4000).result()
    fair_and_repeated(as_samples(aer.get_counts()))
    job = StatevectorSampler(seed=1).run([deferred().to_qiskit()], shots=4000)
    fair_and_repeated(as_samples(job.result()[0].data.bits.get_counts()))


@given(seeds)
def test_the_gates_read_the_bell_weights_and_every_message_errs_alike(seed):
    pair = random_pair(seed)
    law = error_probabilities(pair)
    assert law.sum() == pytest.approx(1, abs=1e-12)
    chances = reading(pair)
    for sent in range(4):
        np.testing.assert_allclose(chances[sent], law[np.arange(4) ^ sent], atol=1e-12)


@pytest.mark.parametrize(
    "pair",
    [
        werner(0.85),
        density(np.sqrt([0.8, 0, 0, 0.2])),
        amplitude_damping(0.3).apply(bell_state("phi+"), 0),
        phase_flip(0.2).apply(bell_state("phi+"), 1),
        random_pair(1),
    ],
)
def test_what_is_read_follows_the_gates_message_by_message(pair):
    # n = 20,000 for each message: sigma <= 0.0036, 6 sigma, 5 pairs of 16 shares: false alarms 80 * 2e-9
    n = 20_000
    chances = reading(pair)
    for sent, message in enumerate(MESSAGES):
        received = send(np.tile(message, (n, 1)), resource=pair, rng=sent)
        shares = np.bincount(received.bits @ CODE, minlength=4) / n
        sigma = np.sqrt(chances[sent] * (1 - chances[sent]) / n)
        assert (np.abs(shares - chances[sent]) <= 6 * sigma + 1e-12).all()


@settings(max_examples=10)
@given(seeds)
def test_the_fast_path_and_the_circuit_agree_on_pure_pairs(seed):
    # one run each from the same Bell state: where the pair is one of the four, both are certain
    sent = random_message(6, seed)
    for k, name in enumerate(BELL_NAMES):
        starts = np.array([np.kron(ket(f"{z}{x}"), bell_state(name)) for z, x in sent])
        steps = Circuit(4, bits=4).measure(0, 0).measure(1, 1).x(2, where=1).z(2, where=0)
        slow = steps.cx(2, 3).h(2).measure(2, 2).measure(3, 3).run(starts, rng=seed).bits[:, 2:]
        fast = send(sent, resource=bell_state(name), rng=seed)
        np.testing.assert_array_equal(fast.bits, slow)
        np.testing.assert_array_equal(fast.errors, np.tile(MESSAGES[k], (6, 1)))


def test_reference_values_of_a_werner_pair():
    law = error_probabilities(werner(0.9))
    assert law[0] == pytest.approx(0.9, abs=1e-12)
    assert law[2] + law[3] == pytest.approx(0.066667, abs=1e-6)  # z wrong
    assert law[1] + law[3] == pytest.approx(2 * (1 - 0.9) / 3, abs=1e-12)  # x wrong
    # n = 200,000 messages: sigma of the share of wrong bits 0.00056, of whole messages 0.00067; 6 sigma
    n = 200_000
    received = send(random_message(n, 1), resource=werner(0.9), rng=2)
    assert np.abs(received.errors.mean(axis=0) - 1 / 15).max() < 6 * 0.00056
    assert abs(np.mean(~received.errors.any(axis=1)) - 0.9) < 6 * 0.00067


@given(seeds)
def test_a_pair_may_come_as_vector_or_matrix_and_errors_are_the_difference(seed):
    pair, message = random_state(2, rng=seed), random_message(50, seed)
    by_vector = send(message, resource=pair, rng=seed)
    by_matrix = send(message, resource=density(pair), rng=seed)
    np.testing.assert_array_equal(by_vector.bits, by_matrix.bits)
    np.testing.assert_array_equal(by_vector.bits ^ by_vector.errors, message)


@given(seeds)
def test_error_probabilities_take_batches(seed):
    pairs = np.array([random_pair(seed + k) for k in range(6)]).reshape(2, 3, 4, 4)
    batch = error_probabilities(pairs)
    assert batch.shape == (2, 3, 4)
    np.testing.assert_allclose(batch[1, 2], error_probabilities(pairs[1, 2]), atol=1e-15)
    kets = random_state(2, size=5, rng=seed)
    np.testing.assert_allclose(error_probabilities(kets), error_probabilities(density(kets)), atol=1e-14)


def test_an_error_of_no_weight_never_happens_and_inputs_stay():
    message = random_message(100_000, 3)
    before = message.copy()
    message.flags.writeable = False
    pair = 0.5 * density(bell_state("phi+")) + 0.5 * density(bell_state("phi-"))
    received = send(message, resource=pair, rng=4)
    assert not received.errors[:, 1].any()
    assert received.errors[:, 0].any()
    np.testing.assert_array_equal(message, before)


def test_one_seed_gives_one_result_and_a_generator_goes_on():
    message = random_message(64, 5)
    generator = np.random.default_rng(3)
    first = send(message, resource=werner(0.5), rng=generator)
    second = send(message, resource=werner(0.5), rng=generator)
    assert (first.bits != second.bits).any()
    np.testing.assert_array_equal(first.bits, send(message, resource=werner(0.5), rng=3).bits)


@pytest.mark.parametrize(
    "other", [PAULI_X, PAULI_Z, np.diag([1, 1j]), np.array([[1, 1], [1, -1]]) / np.sqrt(2)]
)
def test_the_travelling_qubit_alone_is_noise_whatever_eve_turns(other):
    for turn in TURNS:
        whole = np.kron(other @ turn, np.eye(2)) @ bell_state("phi+")
        np.testing.assert_allclose(partial_trace(whole, keep=0), np.eye(2) / 2, atol=1e-15)


def test_who_turns_the_travelling_qubit_turns_the_message_unread():
    for flip, wrong in ((PAULI_X, 1), (PAULI_Z, 2), (PAULI_Z @ PAULI_X, 3)):
        for sent, turn in enumerate(TURNS):
            whole = np.kron(flip @ turn, np.eye(2)) @ bell_state("phi+")
            assert error_probabilities(whole)[sent ^ wrong] == pytest.approx(1, abs=1e-12)


def test_who_sits_in_the_middle_from_the_first_crossing_reads_all_and_only_a_test_of_the_pairs_shows_it():
    for sent, turn in enumerate(TURNS):
        # Alice's turn on Eve's pair: Eve reads it and turns the half that Bob sent out by what she read
        by_eve = error_probabilities(np.kron(turn, np.eye(2)) @ bell_state("phi+"))
        assert by_eve[sent] == pytest.approx(1, abs=1e-12)
        again = np.kron(TURNS[by_eve.argmax()], np.eye(2)) @ bell_state("phi+")
        assert error_probabilities(again)[sent] == pytest.approx(1, abs=1e-12)
    # before anything is written: Bob's pair on wires 0 and 1, Eve's on 2 and 3, Alice holds wire 2
    apart = partial_trace(Circuit(4).h(0).cx(0, 1).h(2).cx(2, 3).run(ket("0000")), keep=[1, 2])
    np.testing.assert_allclose(apart, np.eye(4) / 4, atol=1e-15)


@pytest.mark.parametrize(
    ("bits", "resource", "says"),
    [
        ([0, 1, 1], None, "two bits on the last axis"),
        ([[0], [1]], None, r"np.reshape\(bits, \(-1, 2\)\)"),
        (1, None, "two bits on the last axis"),
        ([0, 2], None, "it holds 2"),
        ([0, 0.5], None, "it holds 0.5"),
        (np.zeros((0, 2)), None, "empty"),
        ([0, 1], [1, 0], "resource must be of two qubits"),
        ([0, 1], [1, 0, 0, 1], "resource must be normalised"),
        ([0, 1], np.eye(8) / 8, "resource must be of two qubits"),
        ([0, 1], werner([0.9, 0.8]), "resource must be one pair"),
        ([0, 1], np.eye(4), r"resource must be one pair .* shape \(4, 4\), read as state vectors"),
        ([0, 1], np.diag([1.5, -0.5, 0, 0]), "lowest eigenvalue is -0.5"),
        ([0, 1], np.full((4, 4), np.nan), "finite"),
    ],
)
def test_refuses(bits, resource, says):
    with pytest.raises(ValueError, match=says):
        send(bits, resource=resource)


def test_refuses_words():
    with pytest.raises(TypeError, match="bits must be an array of 0 and 1"):
        send(["01"])
    with pytest.raises(TypeError, match="rho must be an array of amplitudes"):
        error_probabilities(["phi+"])
    with pytest.raises(ValueError, match="rho must be of two qubits"):
        error_probabilities([1, 0])
