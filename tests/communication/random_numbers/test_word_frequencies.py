"""Serial and approximate entropy tests: NIST's examples, and words counted in strings."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.random_numbers import approximate_entropy, serial


def counted(sequence, m):
    text = "".join(map(str, sequence))
    ring = text + text[: m - 1] if m else text
    return np.array(list(Counter(ring[i : i + m] for i in range(len(text))).values()))


def psi(sequence, m):
    n = len(sequence)
    return 2**m / n * (counted(sequence, m) ** 2).sum() - n


def phi(sequence, m):
    shares = counted(sequence, m) / len(sequence)
    return (shares * np.log(shares)).sum()


def test_the_examples_of_the_document(e, pi100):
    small = serial([0, 0, 1, 1, 0, 1, 1, 1, 0, 1], 3)
    np.testing.assert_allclose(small.statistics, [1.6, 0.8], atol=1e-12)
    np.testing.assert_allclose(small.p_values, [0.808792, 0.670320], atol=1e-6)
    np.testing.assert_allclose(serial(e, 2).p_values, [0.843764, 0.561915], atol=1e-6)
    small = approximate_entropy([0, 1, 0, 0, 1, 1, 0, 1, 0, 1], 3)
    assert small.p_value == pytest.approx(0.261961, abs=1e-6)
    assert approximate_entropy(pi100, 2).p_value == pytest.approx(0.235301, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "words", "entropy"),
    [("e", [0.766182, 0.462921], 0.700073), ("sqrt2", [0.861925, 0.629225], 0.884740)],
)
def test_a_million_bits_as_in_nists_program(name, words, entropy, reports):
    tests = reports[name].tests
    np.testing.assert_allclose(tests["serial"].p_values, words, atol=2e-6)
    assert tests["approximate_entropy"].p_value == pytest.approx(entropy, abs=2e-6)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 1), min_size=6, max_size=80), st.integers(2, 5))
def test_they_are_the_definitions(sequence, m):
    n = len(sequence)
    p2, p1, p0 = (psi(sequence, k) for k in (m, m - 1, m - 2))
    np.testing.assert_allclose(serial(sequence, m).statistics, [p2 - p1, p2 - 2 * p1 + p0], atol=1e-9)
    chi2 = 2 * n * (np.log(2) - (phi(sequence, m) - phi(sequence, m + 1)))
    assert approximate_entropy(sequence, m).statistics[0] == pytest.approx(chi2, abs=1e-9)


def test_a_sequence_of_every_word_once_is_perfect():
    # de Bruijn's sequence of order 4, by its greedy rule
    ring = [0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1]
    assert serial(ring, 4).p_values.tolist() == [1, 1]
    assert approximate_entropy(ring, 3).p_value == 1


def test_alternating_bits_fail():
    sequence = np.tile([0, 1], 5000)
    assert serial(sequence, 4).p_value < 1e-100
    assert approximate_entropy(sequence, 4).p_value < 1e-100


def test_refuses():
    with pytest.raises(ValueError, match=r"at least 16 here, not 3; NIST recommends m below log2\(n\) - 2"):
        serial([0, 1, 1])
    with pytest.raises(ValueError, match=r"at least 11 here, not 3; NIST recommends m below log2\(n\) - 5"):
        approximate_entropy([0, 1, 1])
    with pytest.raises(ValueError, match="m must be at least 2"):
        serial([0, 1, 1], 1)
    with pytest.raises(ValueError, match="m must be at most 24"):
        serial([0, 1, 1], 25)
