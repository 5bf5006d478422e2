"""A code: its circuits on three engines, any error of any one qubit, and codes of the reader's own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit_aer import AerSimulator

from qlearn.qubits import Circuit, fidelity, random_state
from qlearn.qubits.noise import Code, bit_flip_code, five_qubit_code, phase_flip_code, trajectory
from qlearn.qubits.noise.channel import Channel
from qlearn.qubits.noise.code import anticommute

seeds = st.integers(0, 2**32 - 1)
CODES = [bit_flip_code(), phase_flip_code(), five_qubit_code()]


def word_circuit(word):
    circuit = Circuit(len(word))
    for wire, letter in enumerate(word):
        if letter != "I":
            circuit = getattr(circuit, letter.lower())(wire)
    return circuit


def random_unitary(seed):
    rng = np.random.default_rng(seed)
    q, _ = np.linalg.qr(rng.normal(size=(2, 2)) + 1j * rng.normal(size=(2, 2)))
    return q


@pytest.mark.parametrize("code", CODES)
def test_what_is_encoded_comes_back(code):
    data = random_state(1, size=(2, 5), rng=1)
    encoded = code.encode(data)
    assert encoded.shape == (2, 5, 2**code.n_qubits)
    np.testing.assert_allclose(code.decode(encoded), data, atol=1e-12)
    state, syndrome = code.recover(encoded, rng=1)
    assert not syndrome.any()
    np.testing.assert_allclose(state, encoded, atol=1e-12)


@pytest.mark.parametrize("code", CODES)
def test_every_syndrome_names_an_error_that_is_undone(code):
    data = random_state(1, rng=2)
    for number, word in enumerate(code.corrections):
        hit = word_circuit(word).run(code.encode(data))
        state, syndrome = code.recover(hit, rng=3)
        assert int("".join(map(str, syndrome)), 2) == number
        np.testing.assert_allclose(fidelity(data, code.decode(state)), 1, atol=1e-10)


@given(seeds, st.integers(0, 4))
def test_five_qubits_correct_any_unitary_on_any_one(seed, wire):
    code = five_qubit_code()
    data = random_state(1, size=6, rng=seed)
    hit = Circuit(5).unitary(random_unitary(seed), wire).run(code.encode(data))
    state, _ = code.recover(hit, rng=seed)
    np.testing.assert_allclose(fidelity(data, code.decode(state)), 1, atol=1e-9)


@given(seeds, st.integers(0, 4))
def test_five_qubits_correct_any_channel_on_any_one(seed, wire):
    code = five_qubit_code()
    rng = np.random.default_rng(seed)
    q, _ = np.linalg.qr(rng.normal(size=(6, 2)) + 1j * rng.normal(size=(6, 2)))
    data = random_state(1, size=6, rng=seed)
    hit = trajectory(Channel(q.reshape(3, 2, 2)), code.encode(data), wire, rng)
    np.testing.assert_allclose(fidelity(data, code.decode(code.recover(hit, rng).state)), 1, atol=1e-9)


@given(st.floats(0, 2 * np.pi), st.integers(0, 2), seeds)
def test_three_qubits_correct_any_turn_about_their_axis(angle, wire, seed):
    data = random_state(1, size=4, rng=seed)
    for code, turn in ((bit_flip_code(), "rx"), (phase_flip_code(), "rz")):
        hit = getattr(Circuit(3), turn)(angle, wire).run(code.encode(data))
        state, syndrome = code.recover(hit, rng=seed)
        np.testing.assert_allclose(fidelity(data, code.decode(state)), 1, atol=1e-9)
        for row in syndrome:  # the measurement has made the turn a flip, or nothing
            assert code.corrections[int("".join(map(str, row)), 2)].count("I") >= 2


@given(seeds)
def test_the_syndrome_says_nothing_of_the_data(seed):
    # the same error on different data gives the same answers
    code = five_qubit_code()
    data = random_state(1, size=8, rng=seed)
    word = "".join(np.random.default_rng(seed).choice(list("IXYZ"), 5))
    _, syndrome = code.recover(word_circuit(word).run(code.encode(data)), rng=seed)
    assert (syndrome == syndrome[0]).all()
    assert [anticommute(word, s) for s in code.stabilisers] == syndrome[0].astype(bool).tolist()


@pytest.mark.parametrize("code", CODES)
def test_the_syndrome_circuit_runs_in_qiskit_and_pennylane(code):
    n = code.n_qubits
    word = code.corrections[-1]
    wide = Circuit(n + 1)
    for step in (*code.encoder.operations, *word_circuit(word).operations):
        wide = Circuit(n + 1, operations=(*wide.operations, step))
    whole = wide.then(code.syndrome())
    assert whole.bits == len(code.stabilisers)
    expected = "1" * whole.bits
    counts = AerSimulator(seed_simulator=1).run(whole.to_qiskit(), shots=20).result().get_counts()
    assert counts == {expected: 20}
    assert (whole.to_pennylane(shots=20)() == 1).all()
    run = whole.run(rng=1)
    assert run.bits.tolist() == [1] * whole.bits
    # the extra wire is back in 0
    np.testing.assert_allclose(run.state.reshape(-1, 2)[:, 1], 0, atol=1e-12)


def test_a_code_of_the_readers_own_with_weight_two_corrections():
    # Steane's seven qubits: Hamming's checks, once in X and once in Z
    checks = ("IIIGGGG", "IGGIIGG", "GIGIGIG")
    words = [check.replace("G", letter) for letter in "XZ" for check in checks]
    # Wires 3, 1 and 0 head one X check each. Data on wire 6 would be usual; a swap puts it on wire 0 first.
    encoder = Circuit(7).swap(0, 2).cx(2, 4).cx(2, 5)
    for head, check in ((3, checks[0]), (1, checks[1]), (0, checks[2])):
        encoder = encoder.h(head)
        for wire, letter in enumerate(check):
            if letter == "G" and wire != head:
                encoder = encoder.cx(head, wire)
    steane = Code(words, encoder)
    data = random_state(1, rng=5)
    for word in [w for w in steane.corrections if w.count("I") >= 6]:
        state, _ = steane.recover(word_circuit(word).run(steane.encode(data)), rng=1)
        np.testing.assert_allclose(fidelity(data, steane.decode(state)), 1, atol=1e-9)
    hit = Circuit(7).unitary(random_unitary(3), 4).run(steane.encode(data))
    np.testing.assert_allclose(fidelity(data, steane.decode(steane.recover(hit, rng=1).state)), 1, atol=1e-9)
    assert sum(word.count("I") == 5 for word in steane.corrections) == 64 - 22


def test_anticommute_is_what_the_matrices_do():
    words = ["IXYZ", "XXII", "ZZZZ", "YIXI", "IIIZ"]
    for a in words:
        for b in words:
            left, right = word_circuit(a).matrix(), word_circuit(b).matrix()
            assert anticommute(a, b) == np.allclose(left @ right, -right @ left)


REPEAT = Circuit(3).cx(0, 1).cx(0, 2)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Code(["ZZI", "IZZ"], Circuit(3)), r"encoder must make states with ZZI = \+1"),
        (lambda: Code(["ZZI", "IXX"], REPEAT), "ZZI and IXX do not"),
        (lambda: Code(["ZZI"], REPEAT), "stabilisers must be 2 to leave one qubit of 3, not 1"),
        (lambda: Code(["ZZI", "ZZI"], REPEAT), "must be independent"),
        (lambda: Code(["ZZ", "IZZ"], REPEAT), "words of 3 letters"),
        (lambda: Code(["ZZA", "IZZ"], REPEAT), "words of 3 letters"),
        (lambda: Code([1, 2], REPEAT), "words of 3 letters"),
        (lambda: Code([], Circuit(1)), "2 or more wires"),
        (lambda: Code(["ZZI", "IZZ"], Circuit(3, bits=1)), "without classical bits"),
        (lambda: Code(["ZZI", "IZZ"], Circuit(3).rx([0, 1], 0)), "single circuit"),
        (lambda: bit_flip_code().encode([1, 0, 0, 0]), "states must have 2 amplitudes"),
        (lambda: bit_flip_code().decode(np.eye(8)[1]), "part of weight 1 outside. Run .recover first"),
        (lambda: bit_flip_code().decode([1, 0]), "states must have 8 amplitudes"),
        (lambda: bit_flip_code().recover([1, 0]), "states must have 8 amplitudes"),
        (lambda: bit_flip_code().correction([0, 1, 1]), "syndrome must have 2 bits"),
        (lambda: bit_flip_code().correction([0, 2]), "syndrome must be an array of 0 and 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
