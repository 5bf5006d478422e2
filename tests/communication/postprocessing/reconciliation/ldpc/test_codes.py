"""The codes: what their files promise, what lifting does, and parities by definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from qlearn.communication.postprocessing.reconciliation.ldpc import BASE, RATES, SIZES, Code, load

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
