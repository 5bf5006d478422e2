"""A code: its circuits on three engines, any error of any one qubit, and codes of the reader's own.

The three codes: their stabilisers in Qiskit, their code words, and what each of them corrects.

The logical channel: polynomials known in closed form, words counted one by one, Aer and trajectories.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import DensityMatrix, Kraus, Pauli, StabilizerState, Statevector
from qiskit_aer import AerSimulator
from scipy.optimize import brentq

from qlearn.qubits import Circuit, expectation, fidelity, random_state
from qlearn.qubits.noise import (
    Channel,
    Code,
    amplitude_damping,
    bit_flip,
    bit_flip_code,
    choi,
    depolarising,
    entanglement_fidelity,
    five_qubit_code,
    is_cptp,
    logical_channel,
    phase_flip,
    phase_flip_code,
    trajectory,
)
from qlearn.qubits.paulis import anticommute

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
        (
            lambda: Code(["ZZ", "IZZ"], REPEAT),
            r"stabilisers\[0\] must have one letter of I, X, Y, Z for each qubit",
        ),
        (
            lambda: Code(["ZZA", "IZZ"], REPEAT),
            r"stabilisers\[0\] must have one letter of I, X, Y, Z for each qubit",
        ),
        (lambda: Code([1, 2], REPEAT), r"stabilisers\[0\] must have one letter of I, X, Y, Z for each qubit"),
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


def single_errors(n, letters):
    return {"I" * wire + letter + "I" * (n - wire - 1) for wire in range(n) for letter in letters}


def test_repetition_spells_its_words():
    zero, one = bit_flip_code().encode(np.eye(2))
    assert zero.argmax() == 0b000
    assert one.argmax() == 0b111
    plus, minus = phase_flip_code().encode(np.eye(2))
    signs = np.array([(-1) ** word.bit_count() for word in range(8)])
    np.testing.assert_allclose(plus, np.ones(8) / np.sqrt(8), atol=1e-12)
    np.testing.assert_allclose(minus, signs / np.sqrt(8), atol=1e-12)


def test_each_corrects_its_errors_and_no_other():
    assert set(bit_flip_code().corrections) == single_errors(3, "X") | {"III"}
    assert set(phase_flip_code().corrections) == single_errors(3, "Z") | {"III"}
    assert set(five_qubit_code().corrections) == single_errors(5, "XYZ") | {"IIIII"}


def test_three_qubits_undo_any_turn_about_x_and_no_other():
    psi, angle = np.array([0.6, 0.8]), 0.9
    code, five = bit_flip_code(), five_qubit_code()
    lowest = {}
    for axis in "xyz":
        for name, kept_by in (("three", code), ("five", five)):
            turn = getattr(Circuit(kept_by.n_qubits), f"r{axis}")(angle, 1)
            runs = np.tile(turn.run(kept_by.encode(psi)), (200, 1))
            back = kept_by.decode(kept_by.recover(runs, rng=1).state)
            lowest[name, axis] = fidelity(psi, back).min()
    np.testing.assert_allclose([lowest["five", axis] for axis in "xyz"], 1, atol=1e-9)
    np.testing.assert_allclose(lowest["three", "x"], 1, atol=1e-9)
    # about z no question answers: the data turn, <Z> = -0.28 stays. About y a found flip leaves Y X = -iZ on them
    np.testing.assert_allclose(
        lowest["three", "z"], np.cos(angle / 2) ** 2 + np.sin(angle / 2) ** 2 * 0.28**2, atol=1e-9
    )
    np.testing.assert_allclose(lowest["three", "y"], 0.28**2, atol=1e-9)


def test_qiskit_finds_the_same_five_qubit_code():
    code = five_qubit_code()
    theirs = StabilizerState(code.encoder.to_qiskit())
    for word in code.stabilisers:  # Qiskit's words read like ours: wire 0 is its last qubit, its first letter
        assert theirs.expectation_value(Pauli(word)) == 1
    np.testing.assert_allclose(Statevector(code.encoder.to_qiskit()).data, code.encode([1, 0]), atol=1e-12)


def test_five_qubits_have_no_lighter_logical_operator_than_three():
    # words that commute with all stabilisers and change the data: the distance of the code is their least weight
    code = five_qubit_code()
    zero, one = code.encode(np.eye(2))
    both = (zero + one) / np.sqrt(2)
    lightest = 5
    for letters in product("IXYZ", repeat=5):
        word = "".join(letters)
        values = [float(expectation(state, word)) for state in (zero, both)]
        weight = 5 - word.count("I")
        if any(abs(value) > 0.5 for value in values) and not np.allclose(values, 1):
            lightest = min(lightest, weight)
    assert lightest == 3


def test_codes_are_made_once():
    assert five_qubit_code() is five_qubit_code()


chances = st.floats(0, 1)
SINGLE = {("I", "I"): "I", **{(a, a): "I" for a in "XYZ"}}
for a, b, c in ("XYZ", "YZX", "ZXY"):
    SINGLE |= {(a, b): c, (b, a): c, ("I", a): a, (a, "I"): a}


def times(a, b):
    return "".join(SINGLE[pair] for pair in zip(a, b, strict=True))


def corrected_words(code):
    """All Pauli words that the code undoes, by algebra alone: corrections times products of stabilisers."""
    group = {"I" * code.n_qubits}
    for word in code.stabilisers:
        group |= {times(word, other) for other in group}
    return {times(fix, member) for fix in code.corrections for member in group}


@given(chances)
def test_three_qubits_turn_p_into_3p2_minus_2p3(p):
    twice = 3 * p**2 - 2 * p**3
    np.testing.assert_allclose(
        choi(logical_channel(bit_flip_code(), bit_flip(p))), choi(bit_flip(twice)), atol=1e-10
    )
    # two phase flips exchange +++ and ---, the words for 0 and 1: the data are flipped
    np.testing.assert_allclose(
        choi(logical_channel(phase_flip_code(), phase_flip(p))), choi(bit_flip(twice)), atol=1e-10
    )


@given(chances)
def test_three_qubits_make_the_other_error_worse(p):
    # an odd number of phase flips passes unseen
    worse = (1 - (1 - 2 * p) ** 3) / 2
    np.testing.assert_allclose(
        choi(logical_channel(bit_flip_code(), phase_flip(p))), choi(phase_flip(worse)), atol=1e-10
    )


@given(chances)
def test_five_qubits_fail_as_counted_word_by_word(p):
    code = five_qubit_code()
    q = p / 4  # chance of each of X, Y, Z
    survives = sum(q ** (5 - w.count("I")) * (1 - 3 * q) ** w.count("I") for w in corrected_words(code))
    channel = logical_channel(code, depolarising(p))
    np.testing.assert_allclose(entanglement_fidelity(channel), survives, atol=1e-10)
    # what is left is depolarising again: the code treats X, Y and Z alike
    np.testing.assert_allclose(choi(channel), choi(depolarising(max(0.0, 4 / 3 * (1 - survives)))), atol=1e-8)


def test_the_words_counted_are_those_that_commute_rightly():
    words = corrected_words(five_qubit_code())
    assert len(words) == 256
    assert sum(w.count("I") == 4 for w in words) == 15
    for word in words:
        bits = [anticommute(word, s) for s in five_qubit_code().stabilisers]
        number = int("".join("01"[bit] for bit in bits), 2)
        assert times(word, five_qubit_code().corrections[number]).count("I") in (1, 5)  # a stabiliser


def test_five_qubits_pay_up_to_the_rate_that_counting_gives():
    # the root of "words corrected, weighted by their chances" = "no error on a bare qubit"
    lengths = np.bincount([5 - word.count("I") for word in corrected_words(five_qubit_code())])

    def counted(e):  # e: chance of any Pauli error, 3p/4
        return float(sum(n * (e / 3) ** w * (1 - e) ** (5 - w) for w, n in enumerate(lengths)) - (1 - e))

    def gain(p):
        channel = depolarising(p)
        return float(
            entanglement_fidelity(logical_channel(five_qubit_code(), channel))
            - entanglement_fidelity(channel)
        )

    pays_to = brentq(counted, 0.05, 0.4)
    assert abs(pays_to - 0.1376) < 5e-5
    assert abs(3 / 4 * brentq(gain, 0.05, 0.5) - pays_to) < 1e-9


@pytest.mark.parametrize("code", [bit_flip_code(), five_qubit_code()])
def test_is_what_qiskit_computes_step_by_step(code):
    n, noise = code.n_qubits, amplitude_damping(0.2)
    data = random_state(1, rng=4)
    rho = DensityMatrix(code.encode(data))
    for wire in range(n):
        rho = rho.evolve(Kraus(list(noise.kraus)), [n - 1 - wire])
    total = np.zeros((2, 2), dtype=complex)
    for number, word in enumerate(code.corrections):
        bits = [number >> place & 1 for place in range(n - 2, -1, -1)]
        projector = np.eye(2**n)
        for bit, stabiliser in zip(bits, code.stabilisers, strict=True):
            sign = 1 - 2 * bit
            projector = projector @ (np.eye(2**n) + sign * word_matrix(stabiliser)) / 2
        step = code.encoder.inverse().matrix() @ word_matrix(word) @ projector
        total += np.einsum(
            "iaja->ij", (step @ rho.data @ step.conj().T).reshape(2, 2 ** (n - 1), 2, 2 ** (n - 1))
        )
    np.testing.assert_allclose(logical_channel(code, noise).apply(data), total, atol=1e-10)


def word_matrix(word):
    circuit = Circuit(len(word))
    for wire, letter in enumerate(word):
        if letter != "I":
            circuit = getattr(circuit, letter.lower())(wire)
    return circuit.matrix()


def test_is_the_mean_of_the_circuits_runs():
    # n = 20,000 runs, each fidelity in [0, 1]: sd of the mean below 0.0036; 6 sigma, false alarm 2e-9
    code, noise, n = five_qubit_code(), amplitude_damping(0.15), 20_000
    rng = np.random.default_rng(7)
    data = random_state(1, size=n, rng=rng)
    states = code.encode(data)
    for wire in range(5):
        states = trajectory(noise, states, wire, rng)
    kept = fidelity(data, code.decode(code.recover(states, rng).state)).mean()
    expected = (2 * entanglement_fidelity(logical_channel(code, noise)) + 1) / 3
    assert abs(kept - expected) < 6 * 0.0036


def test_no_noise_is_no_noise_and_batches_stay():
    for code in (bit_flip_code(), phase_flip_code(), five_qubit_code()):
        np.testing.assert_allclose(
            choi(logical_channel(code, depolarising(0.0))), choi(Channel([np.eye(2)])), atol=1e-12
        )
    batch = logical_channel(five_qubit_code(), depolarising(np.linspace(0, 1, 6).reshape(2, 3)))
    assert batch.shape == (2, 3)
    assert is_cptp(choi(batch)).all()
    one = logical_channel(five_qubit_code(), depolarising(0.6))
    np.testing.assert_allclose(choi(batch)[1, 0], choi(one), atol=1e-12)


def test_any_noise_on_one_of_five_wires_is_gone_to_first_order():
    # with strength p on each wire the logical error begins with p squared: ten times less noise, a hundred times less error
    rates = np.array([1e-3, 1e-4])
    for noise in (depolarising(rates), amplitude_damping(rates), phase_flip(rates)):
        error = 1 - entanglement_fidelity(logical_channel(five_qubit_code(), noise))
        assert 80 < error[0] / error[1] < 120


def test_refuses_noise_on_two_qubits():
    with pytest.raises(ValueError, match="noise must act on one qubit, and hits each"):
        logical_channel(bit_flip_code(), depolarising(0.1, 2))
