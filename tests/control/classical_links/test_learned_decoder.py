"""A learned decoder: as a table, what two learned numbers do, an encoding on half the qubits."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.neighbors import KNeighborsClassifier

from qlearn.control.classical_links import (
    PairedAngles,
    all_words,
    block_error,
    decision_table,
    estimate_flips,
    flip_bits,
    hamming_block_error,
    hamming_words,
    most_likely,
    word_likelihoods,
)
from qlearn.learning import QNNClassifier
from qlearn.learning.encodings import Encoding

WORDS = hamming_words()


def test_the_nearest_neighbour_is_the_decoder_of_a_symmetric_channel():
    learned = KNeighborsClassifier(1).fit(WORDS, np.arange(16))
    table = word_likelihoods(WORDS, 0.05)
    assert block_error(decision_table(learned, 7), table) == pytest.approx(hamming_block_error(0.05))


def test_two_learned_numbers_reach_the_optimum():
    rng = np.random.default_rng(1)
    sent = WORDS[rng.integers(16, size=2000)]
    up, down = estimate_flips(sent, flip_bits(sent, 0.02, 0.2, rng=rng))
    # 7,000 bits of each kind: sd .0017 and .0048; six of them 2e-9
    assert abs(up - 0.02) < 6 * 0.0017
    assert abs(down - 0.2) < 6 * 0.0048
    true = word_likelihoods(WORDS, 0.02, 0.2)
    found = block_error(most_likely(word_likelihoods(WORDS, up, down)), true)
    assert found < 0.999 * 0.17586232  # the syndrome's


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=40))
def test_flips_by_hand(pairs):
    sent, read = zip(*pairs, strict=True)
    up, down = estimate_flips(sent, read)
    assert up == pytest.approx((pairs.count((0, 1)) + 0.5) / (sent.count(0) + 1))
    assert down == pytest.approx((pairs.count((1, 0)) + 0.5) / (sent.count(1) + 1))
    assert 0 < up < 1 > down > 0


@given(arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=st.floats(-3, 3)))
def test_the_encoding_by_hand(X):
    encoding = PairedAngles()
    assert isinstance(encoding, Encoding)
    found = encoding.states(X)
    for row, state in zip(X, found, strict=True):
        padded = [*row, *[0.0] * (len(row) % 2)]
        product = np.ones(1)
        for latitude, longitude in zip(padded[::2], padded[1::2], strict=True):
            latitude += np.pi / 2
            qubit = [
                np.cos(latitude / 2) * np.exp(-0.5j * longitude),
                np.sin(latitude / 2) * np.exp(0.5j * longitude),
            ]
            product = np.kron(product, qubit)
        assert np.allclose(state, product)
        assert np.allclose(encoding.circuit(row).run(), product)
    assert found.shape[1] == 2 ** encoding.n_qubits(X.shape[1])


def test_a_network_learns_on_it():
    model = QNNClassifier(encoding=PairedAngles(), epochs=3, random_state=0)
    model.fit(np.pi * all_words(7), all_words(7)[:, 0])
    assert model.ansatz_.n_qubits == 4


class Answers:
    def __init__(self, answer):
        self.answer = answer

    def predict(self, X):
        return np.full(len(X), self.answer)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: decision_table(Answers("a"), 2), TypeError, "numbers of messages"),
        (lambda: decision_table(Answers(1), 0), ValueError, "n must be"),
        (lambda: estimate_flips([0, 1], [0]), ValueError, "of one shape"),
        (lambda: estimate_flips([0, 2], [0, 1]), ValueError, "it holds 2"),
        (lambda: PairedAngles().states([[np.nan]]), ValueError, "must be finite"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
