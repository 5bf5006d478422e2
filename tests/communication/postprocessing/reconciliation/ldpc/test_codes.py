"""The codes: what their files promise, parities by definition, and belief propagation where it is exact."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from qlearn.communication.postprocessing.reconciliation.ldpc import LENGTHS, RATES, Code, load

EVERY = [(length, rate) for length in LENGTHS for rate in RATES]
NEIGHBOURS = Code(5, 0.2, sparse.csr_matrix(np.eye(4, 5) + np.eye(4, 5, 1), dtype=np.uint8))


@pytest.mark.parametrize(("length", "rate"), EVERY)
def test_every_shipped_code_is_what_it_should_be(length, rate):
    code = load(length, rate)
    assert code.matrix.shape == (code.checks, code.variables) == (round((1 - rate) * length), length)
    assert set(code.matrix.data) == {1}, "no edge twice"
    of_check, of_variable = np.diff(code.matrix.indptr), np.diff(code.matrix.tocsc().indptr)
    assert of_check.max() - of_check.min() <= 4, "edge growth fills all checks nearly alike"
    assert of_variable.min() == 2
    assert (of_variable == 2).sum() <= 0.8 * code.checks


@pytest.mark.parametrize("rate", [rate for rate in RATES if rate < 0.95])
def test_in_the_long_codes_no_four_edges_close_a_cycle(rate):
    # Two checks that share two variables would be one. At 0.95 the variables join 322,311 pairs of checks and there are
    # only 414,505: choosing greedily, some are joined twice, so that code is left out.
    matrix = load(18220, rate).matrix.astype(np.int32)
    shared = (matrix @ matrix.T).tocoo()
    assert shared.data[shared.row != shared.col].max() == 1


@pytest.mark.parametrize(("length", "rate"), EVERY)
def test_variables_of_degree_2_alone_close_no_cycle(length, rate):
    # They are edges between checks; a cycle of k of them is a word of weight k with no parity at all.
    columns = load(length, rate).matrix.tocsc()
    edges = columns[:, np.diff(columns.indptr) == 2].indices.reshape(-1, 2)
    graph = sparse.coo_array((np.ones(len(edges)), edges.T), (columns.shape[0],) * 2)
    trees, _ = sparse.csgraph.connected_components(graph, directed=False)
    assert trees == columns.shape[0] - len(edges)


@pytest.mark.parametrize(("length", "rate"), EVERY)
def test_each_punctured_variable_hides_a_parity_for_itself(length, rate):
    code = load(length, rate)
    assert code.untainted.size > 0.375 * code.checks, "what adapt counts on"
    assert np.asarray(code.matrix[:, code.untainted].sum(axis=1)).max() == 1
    assert code.matrix[:, code.untainted].getnnz(axis=0).min() >= 2


@given(st.integers(0, 2**32 - 1))
def test_syndromes_are_the_parities_of_the_definition(seed):
    rng = np.random.default_rng(seed)
    code = load(2280, 0.9)
    words = rng.integers(0, 2, (2, 3, 2280), dtype=np.uint8)
    by_definition = words.astype(int) @ code.matrix.toarray().astype(int).T % 2
    np.testing.assert_array_equal(code.syndrome(words), by_definition)
    np.testing.assert_array_equal(code.syndrome(words[0] ^ words[1]), by_definition[0] ^ by_definition[1])


@pytest.mark.parametrize("error", [e for e in product((0, 1), repeat=5) if sum(e) <= 2])
def test_the_decoder_finds_the_likeliest_error(error):
    # Parities of neighbours leave two possibilities, one the opposite of the other: fewer errors are likelier.
    error = np.array(error, dtype=np.uint8)
    decoder = NEIGHBOURS.decoder()
    decoder.update_channel_probs(np.full(5, 0.05))
    assert decoder.decode(NEIGHBOURS.syndrome(error)).tolist() == error.tolist()
    assert decoder.converge


def test_one_odd_parity_says_what_bayes_says():
    code = Code(4, 0.75, sparse.csr_matrix([[1, 1, 1, 1]]))
    doubt = np.array([0.04, 0.11, 0.2, 0.07])
    words = np.array(list(product((0, 1), repeat=4)), dtype=np.uint8)
    weight = np.where(words, doubt, 1 - doubt).prod(axis=1) * (words.sum(axis=1) % 2)
    wrong = weight @ words / weight.sum()
    decoder = code.decoder()
    decoder.update_channel_probs(doubt)
    decoder.decode(np.ones(1, dtype=np.uint8))
    np.testing.assert_allclose(decoder.log_prob_ratios, np.log((1 - wrong) / wrong), rtol=1e-9)


@pytest.mark.parametrize(("length", "rate"), [(2280, 0.92), (1000, 0.9), (0, 0)])
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
