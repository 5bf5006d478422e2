"""Entropy estimates: the document's examples, NIST's program on generated files, the definitions written out."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.random_numbers import min_entropy, shannon_entropy
from qlearn.qubits.entropies import binary_entropy

METHODS = ("most_common", "collision", "markov", "compression")
BITS40 = [int(digit) for digit in "1000111001010101110011000111001010101110"]
Z = 2.5758293035489008


def test_the_examples_of_the_document():
    symbols = [0, 1, 1, 2, 0, 1, 2, 2, 0, 1, 0, 1, 1, 0, 2, 2, 1, 0, 2, 1]
    assert min_entropy(symbols, "most_common") == pytest.approx(0.536381, abs=1e-6)
    assert 2 ** -min_entropy(symbols, "most_common") == pytest.approx(0.689498, abs=1e-6)
    assert min_entropy(BITS40, "collision") == pytest.approx(0.448385, abs=1e-6)
    assert 2 ** -min_entropy(BITS40, "collision") == pytest.approx(0.732863, abs=1e-6)
    assert min_entropy(BITS40, "markov") == pytest.approx(0.760636, abs=1e-6)
    # the document is remembered to print 0.7610: the second likeliest path
    assert min_entropy(BITS40, "markov") == pytest.approx(0.7610, abs=5e-4)


def files(e, pi):
    return {
        "e": (e, [0.996205181, 0.919085454, 0.999086442, 0.850580526]),
        "e, ten thousand": (e[:10_000], [0.957412596, 0.750959118, 0.989724201, 0.632474785]),
        "e and pi": (e & pi, [0.412933856, 0.411651526, 0.414845693, 0.249670140]),
        "each bit twice": (np.repeat(e[:500_000], 2), [0.995362230, 0.0, 0.418694564, 0.089604097]),
    }


def test_generated_files_as_in_nists_program(e, pi):
    for bits, expected in files(e, pi).values():
        found = [min_entropy(bits, method) for method in METHODS]
        np.testing.assert_allclose(found, expected, atol=2e-9)
        assert not any(np.signbit(found))
    assert min_entropy(e[:10_000]) == min_entropy(e[:10_000], "compression")


def test_three_zeros_to_a_one_in_two_measures(e, pi):
    # the share of ones of 10^6 digits is within 6 standard errors of 1/4, 0.0026: 6 * 0.0026 * log2(3) / 6
    assert shannon_entropy(e & pi) == pytest.approx(binary_entropy(0.25), abs=0.0042)
    assert min_entropy(e & pi, "most_common") < -np.log2(0.75) < shannon_entropy(e & pi)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 1), min_size=2, max_size=60))
def test_markov_is_the_likeliest_of_six_paths(bits):
    counts = np.zeros((2, 2))
    for a, b in pairwise(bits):
        counts[a, b] += 1
    step = [[c / max(sum(row), 1) for c in row] for row in counts.tolist()]
    start = [1 - np.mean(bits), np.mean(bits)]
    (p00, p01), (p10, p11) = step
    patterns = [
        start[0] * p00**127,
        start[0] * p01**64 * p10**63,
        start[0] * p01 * p11**126,
        start[1] * p10 * p00**126,
        start[1] * p10**64 * p01**63,
        start[1] * p11**127,
    ]
    assert 2 ** (-128 * min_entropy(bits, "markov")) == pytest.approx(max(*patterns, 2.0**-128), rel=1e-9)


def test_no_path_at_all_is_much_likelier_than_the_six():
    # one step more or less of the rarer kind: by at most two factors of the path of 128
    rng = np.random.default_rng(8)
    for _ in range(50):
        bits = rng.random(400) < rng.uniform(0.2, 0.8)
        pairs = np.bincount(2 * bits[:-1] + bits[1:], minlength=4).reshape(2, 2)
        step = np.log2(pairs / pairs.sum(axis=1, keepdims=True))
        path = np.log2([1 - bits.mean(), bits.mean()])
        for _ in range(127):  # Viterbi
            path = (path[:, None] + step).max(axis=0)
        found = min_entropy(bits, "markov")
        assert -path.max() / 128 - 1e-12 <= found <= -path.max() / 128 + 4 / 128


@settings(max_examples=30)
@given(st.lists(st.integers(0, 1), min_size=12, max_size=60))
def test_collision_solves_its_equation(bits):
    times, i = [], 0
    while i < len(bits):
        for k in range(i + 1, len(bits)):
            if bits[k] in bits[i:k]:
                times.append(k - i + 1)
                i = k + 1
                break
        else:
            break
    lower = np.mean(times) - Z * np.std(times, ddof=1) / np.sqrt(len(times))
    p = 2 ** -min_entropy(bits, "collision")
    q = 1 - p
    if 0.5 + 1e-9 < p < 1 - 1e-9:
        # 6.3.2, with F(q) = Gamma(3, 1/q) q^3 exp(1/q) = q (2 q^2 + 2 q + 1)
        f = q * (2 * q**2 + 2 * q + 1)
        half = 0.5 * (1 / p - 1 / q)
        assert p / q**2 * (1 + half) * f - p / q * half == pytest.approx(lower, abs=1e-9)
    else:
        assert lower <= 2 + 1e-9 if p > 0.9 else lower >= 2.5 - 1e-9


def test_compression_solves_its_equation():
    rng = np.random.default_rng(7)
    bits = (rng.random(6 * 1100 + 3) < 0.6).astype(int)
    spelled = [tuple(bits[6 * i : 6 * i + 6]) for i in range(1100)]
    seen, logs = {}, []
    for i, word in enumerate(spelled, 1):
        if i > 1000:
            logs.append(np.log2(i - seen.get(word, 0)))
        seen[word] = i
    sigma = 0.5907 * np.sqrt(np.sum(np.square(logs)) / 99 - np.mean(logs) ** 2)
    lower = np.mean(logs) - Z * sigma / 10

    def g(z):
        total = 0.0
        for t in range(1001, 1101):
            u = np.arange(1, t)
            total += (np.log2(u) * z**2 * (1 - z) ** (u - 1)).sum() + np.log2(t) * z * (1 - z) ** (t - 1)
        return total / 100

    p = 2 ** (-6 * min_entropy(bits, "compression"))
    assert 1 / 64 < p < 1
    assert g(p) + 63 * g((1 - p) / 63) == pytest.approx(lower, abs=1e-8)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_certain_has_no_entropy(method):
    for bits in (np.zeros(7000, int), np.ones(7000, int)):
        found = min_entropy(bits, method)
        assert found == pytest.approx(0, abs=2e-3)
        assert not np.signbit(found)


def test_at_the_edges():
    # one odd bit in a thousand: the end of the interval lies above 1
    assert min_entropy([0] * 999 + [1], "most_common") == 0
    # two collisions of 2 make a mean without spread, one of 2 and one of 3 the largest
    assert min_entropy([0, 0, 1, 1], "collision") == 0
    assert min_entropy([0, 0, 1, 0, 1], "collision") == 0


def test_the_default_is_the_smallest():
    for p, seed in product((0.5, 0.8), range(2)):
        bits = np.random.default_rng(seed).random(12_000) < p
        assert min_entropy(bits) == min(min_entropy(bits, method) for method in METHODS)


@settings(max_examples=30)
@given(st.lists(st.integers(-3, 9), min_size=2, max_size=40))
def test_symbols_are_names(symbols):
    renamed = [7 * symbol + 1 for symbol in symbols]
    assert shannon_entropy(renamed) == shannon_entropy(symbols)
    assert min_entropy(renamed, "most_common") == min_entropy(symbols, "most_common")
    assert min_entropy(symbols, "most_common") <= shannon_entropy(symbols) + 1e-12


def test_refuses():
    with pytest.raises(
        ValueError, match="method must be one of least, most_common, collision, markov, compression"
    ):
        min_entropy([0, 1], "shannon")
    with pytest.raises(ValueError, match="bits must be an array of 0 and 1; it holds 2"):
        min_entropy([0, 1, 2], "markov")
    with pytest.raises(TypeError, match="bits must be whole numbers"):
        min_entropy([0.5, 0.5])
    with pytest.raises(ValueError, match="at least 2 symbols"):
        shannon_entropy([1])
    with pytest.raises(ValueError, match="at least 2 symbols, but there are none"):
        min_entropy([])
    with pytest.raises(ValueError, match="at least 6012 for the compression estimate, not 40"):
        min_entropy(BITS40)
    with pytest.raises(ValueError, match="at least 2 collisions, not 1"):
        min_entropy([0, 1, 0], "collision")
