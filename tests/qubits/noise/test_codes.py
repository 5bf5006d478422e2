"""The three codes: their stabilisers in Qiskit, their code words, and what each of them corrects."""

from itertools import product

import numpy as np
from qiskit.quantum_info import Pauli, StabilizerState, Statevector

from qlearn.qubits import Circuit, expectation, fidelity
from qlearn.qubits.noise import bit_flip_code, five_qubit_code, phase_flip_code


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
