"""The codes: what their files promise, what lifting does, and parities by definition.

Rate adaptation: every key fits, nothing is told twice over, and no key is told whole.
"""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import sparse

from qlearn.communication import binary_entropy
from qlearn.communication.secret_key.reconciliation.ldpc import adapt
from qlearn.communication.secret_key.reconciliation.ldpc.codes import (
    BASE,
    RATES,
    SIZES,
    Code,
    load,
    qber_of_share,
    syndrome_share,
)

EVERY = [(length, rate) for length in (BASE, 16 * BASE) for rate in RATES]


@pytest.mark.parametrize(("length", "rate"), EVERY)
def test_every_shipped_code_is_what_it_should_be(length, rate):
    code = load(length, rate)
    assert (
        code.matrix.shape
        == (code.checks, code.variables)
        == (round((1 - rate) * BASE) * (length // BASE), length)
    )
    assert set(code.matrix.data) == {1}, "no edge twice"
    of_check, of_variable = np.diff(code.matrix.indptr), np.diff(code.matrix.tocsc().indptr)
    assert of_check.max() - of_check.min() <= 4, "edge growth fills all checks nearly alike"
    assert of_variable.min() == 2
    assert (of_variable == 2).sum() <= 0.8 * code.checks


@pytest.mark.parametrize(("rate", "size"), [*((rate, 16) for rate in RATES), (0.8, 48)])
def test_in_the_long_codes_few_cycles_of_four_edges_are_left(rate, size):
    # Two checks that share k variables make k (k - 1) / 2. Shifts drawn at random leave one of `size`, ours hardly any; in
    # the tables of the highest rates there are so many that some are joined twice whatever the shift.
    table, long = (load(copies * BASE, rate).matrix.astype(np.int64) for copies in (1, size))
    cycles = []
    for matrix in (table, long):
        shared = sparse.triu(matrix @ matrix.T, 1).data
        cycles.append(int((shared * (shared - 1) // 2).sum()))
    at_random = cycles[0]  # size copies of each, one of size closes
    assert cycles[1] <= at_random * (0.01 if rate <= 0.9 else 0.25)


def test_copies_are_joined_by_the_shifts():
    # Two checks of three variables each, four copies; the one with shift k joins copy z to copy z + k.
    table = np.array([[1, 0, 3], [2, 4, 0]])
    matrix = Code(1 / 3, sparse.csr_array(table), 4).matrix.toarray()
    by_definition = np.zeros((8, 12), dtype=int)
    for check, variable in np.argwhere(table):
        for z in range(4):
            by_definition[4 * check + z, 4 * variable + (z + table[check, variable] - 1) % 4] = 1
    np.testing.assert_array_equal(matrix, by_definition)


@pytest.mark.parametrize("size", SIZES)
def test_every_size_is_there(size):
    code = load(size * BASE, 0.7)
    assert (code.variables, code.checks) == (size * BASE, size * 684)
    assert (code.places.max(), code.places.min()) == (size * BASE - 1, 0)


@pytest.mark.parametrize(("length", "rate"), EVERY)
def test_variables_of_degree_2_alone_close_no_cycle(length, rate):
    # They are edges between checks; a cycle of k of them is a word of weight k with no parity at all.
    columns = load(length, rate).matrix.tocsc()
    edges = columns[:, np.flatnonzero(np.diff(columns.indptr) == 2)].indices.reshape(-1, 2)
    graph = sparse.coo_array((np.ones(len(edges)), edges.T), (columns.shape[0],) * 2)
    trees, _ = sparse.csgraph.connected_components(graph, directed=False)
    assert trees == columns.shape[0] - len(edges)


@pytest.mark.parametrize(("length", "rate"), EVERY)
def test_each_punctured_variable_hides_a_parity_for_itself(length, rate):
    code = load(length, rate)
    assert code.untainted.size > 0.25 * code.checks, "what adapt counts on"
    assert code.matrix[:, code.untainted].sum(axis=1).max() == 1
    assert code.matrix[:, code.untainted].sum(axis=0).min() >= 2


@given(st.integers(0, 2**32 - 1))
def test_syndromes_are_the_parities_of_the_definition(seed):
    rng = np.random.default_rng(seed)
    code = load(2280, 0.9)
    words = rng.integers(0, 2, (2, 3, 2280), dtype=np.uint8)
    by_definition = words.astype(int) @ code.matrix.toarray().astype(int).T % 2
    np.testing.assert_array_equal(code.syndrome(words), by_definition)
    np.testing.assert_array_equal(code.syndrome(words[0] ^ words[1]), by_definition[0] ^ by_definition[1])


@pytest.mark.parametrize(("length", "rate"), [(2280, 0.92), (1000, 0.9), (3 * 2280, 0.9), (0, 0)])
def test_refuses_codes_that_are_not_there(length, rate):
    with pytest.raises(ValueError, match="there are codes of length"):
        load(length, rate)


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        (np.zeros(7), ValueError, "must have 2280 bits, as the code has, not 7"),
        (np.full(2280, 2), ValueError, "array of 0 and 1"),
        (["a"], TypeError, "array of 0 and 1"),
    ],
)
def test_refuses_words_that_are_not_of_the_code(words, error, says):
    with pytest.raises(error, match=says):
        load(2280, 0.9).syndrome(words)


@given(st.integers(256, 300_000), st.floats(0, 0.2), st.integers(256, 2**15))
def test_every_key_fits(n, qber, frame):
    fit = adapt(n, qber, frame)
    assert fit.bits <= frame
    assert (fit.frames - 1) * fit.bits < n <= fit.frames * fit.bits
    assert min(fit.bits, fit.punctured + 1, fit.shortened + 1, fit.disclosed) > 0
    assert fit.bits + fit.punctured + fit.shortened == fit.code.variables
    assert fit.punctured <= fit.code.untainted.size
    assert fit.qber == max(qber, 1 / n)


@given(st.floats(0.006, 0.2), st.integers(2**14, 300_000))
def test_long_keys_are_told_what_is_needed_and_hardly_more(qber, n):
    fit = adapt(n, qber)
    needed = fit.bits * syndrome_share(qber, fit.bits)
    assert 0.98 * needed <= fit.disclosed <= 1.025 * needed + 1


def test_the_share_to_tell_by_hand():
    # h(1/2) = 1, and 100 bits with 50 errors vary by their root
    assert syndrome_share(0.5, 100) == pytest.approx(1.11 + 0.8 / sqrt(50))
    assert syndrome_share(0.11, 10**9) == pytest.approx(1.11 * float(binary_entropy(0.11)), rel=1e-4)


@given(st.floats(1e-5, 0.49), st.integers(256, 10**6))
def test_the_rate_that_a_share_is_for(qber, bits):
    share = syndrome_share(qber, bits)
    # The errors of short frames vary so much that a little more is told just below 1/2 than at 1/2 itself.
    expected = qber if share < syndrome_share(0.5, bits) else 0.5
    assert qber_of_share(share, bits) == pytest.approx(expected, abs=1e-8)
    assert qber_of_share(2.0, bits) == 0.5


def test_short_frames_are_told_most_just_below_a_half():
    assert syndrome_share(0.484375, 256) > syndrome_share(0.5, 256)
    assert qber_of_share(syndrome_share(0.484375, 256), 256) == 0.5


def test_the_more_errors_the_lower_the_rate_of_the_code():
    rates = [adapt(10**5, qber).code.rate for qber in (0.005, 0.01, 0.02, 0.03, 0.05)]
    assert rates == sorted(rates, reverse=True)
    assert len(set(rates)) == len(rates)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((255, 0.01), ValueError, "n must be at least 256"),
        ((1000, 0.01, 100), ValueError, "frame must be at least 256"),
        ((1000, -0.1), ValueError, "qber must be a probability"),
        ((1000, "few"), TypeError, "qber must be a number"),
        ((1000, 0.4), ValueError, "qber must leave something to keep"),
        ((1000, 1.0), ValueError, "qber must leave something to keep"),
        ((1e4, 0.1), TypeError, "n must be a whole number"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        adapt(*arguments)
