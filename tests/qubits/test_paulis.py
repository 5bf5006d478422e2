"""Pauli words: Qiskit's matrices of them, their action without a matrix, and who commutes with whom."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import Pauli

from qlearn.qubits.paulis import IXYZ, PAULIS, anticommute, as_pauli_word, pauli_action, pauli_matrix

words = st.integers(1, 5).flatmap(lambda n: st.text("IXYZ", min_size=n, max_size=n))


@given(words)
def test_the_matrix_is_qiskits(word):
    # Qiskit's rightmost letter is qubit 0, whose bit is its lowest; ours are both turned about: the matrix is the same.
    np.testing.assert_array_equal(pauli_matrix(word), Pauli(word).to_matrix())


@given(words, st.integers(0, 2**32 - 1))
def test_the_action_is_the_matrix(word, seed):
    rng = np.random.default_rng(seed)
    state = rng.normal(size=2 ** len(word)) + 1j * rng.normal(size=2 ** len(word))
    flip, phase = pauli_action(word)
    moved = np.empty_like(state)
    moved[np.arange(state.size) ^ flip] = phase * state
    np.testing.assert_allclose(moved, pauli_matrix(word) @ state, atol=1e-12)


@given(st.integers(1, 4).flatmap(lambda n: st.tuples(*[st.text("IXYZ", min_size=n, max_size=n)] * 2)))
def test_anticommuting_words_change_sign(pair):
    a, b = map(pauli_matrix, pair)
    np.testing.assert_array_equal(a @ b, (-1 if anticommute(*pair) else 1) * (b @ a))


def test_the_shared_matrices_cannot_be_written_to():
    np.testing.assert_array_equal(IXYZ, [PAULIS[letter] for letter in "IXYZ"])
    for matrix in (*PAULIS.values(), IXYZ):
        with pytest.raises(ValueError, match="read-only"):
            matrix[0] = 0


@pytest.mark.parametrize("word", ["X", "XYZ", "XA", "xz", 3, None])
def test_refuses_what_is_no_word_of_two_letters(word):
    with pytest.raises(
        ValueError, match=r"observable must have one letter of I, X, Y, Z for each qubit, such as IX, not"
    ):
        as_pauli_word(word, 2, "observable")
