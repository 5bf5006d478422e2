"""Belief propagation: exact where it must be, the same on both engines, as good as the decoder of `ldpc`."""

import sys
from itertools import product
from math import sqrt

import numpy as np
import pytest
from scipy import sparse

from qlearn.communication.secret_key.reconciliation.ldpc.belief_propagation import Decoder
from qlearn.communication.secret_key.reconciliation.ldpc.codes import Code, load

ENGINES = ["numpy", "numba"]
NEIGHBOURS = Code(0.2, sparse.csr_array(np.eye(4, 5, dtype=np.int64) + np.eye(4, 5, 1, dtype=np.int64)))
# Eight variables and three checks of which two share one variable at most, in a row: no cycle.
TREE = Code(
    5 / 8, sparse.csr_array([[1, 1, 1, 0, 0, 0, 0, 0], [0, 0, 1, 1, 1, 1, 0, 0], [0, 0, 0, 0, 0, 1, 1, 1]])
)
ONE = np.array([0])


@pytest.fixture(params=ENGINES)
def engine(request):
    if request.param == "numba":
        pytest.importorskip("numba", reason="numba is an optional extra")
    return request.param


def frames(code, rate, how_many, coins=0, seed=1):
    """Errors, how likely they are, and their parities."""
    rng = np.random.default_rng(seed)
    doubt = np.full((how_many, code.variables), rate)
    doubt[:, code.untainted[:coins]] = 0.5
    doubt[:, -code.variables // 10 :] = 0
    wrong = (rng.random(doubt.shape) < doubt).astype(np.uint8)
    return wrong, doubt, code.syndrome(wrong)


@pytest.mark.parametrize("parities", list(product((0, 1), repeat=3)))
def test_on_a_tree_the_odds_are_exact(engine, parities):
    # All 2^8 words, weighed by Bayes: there is no other sum.
    doubt = np.random.default_rng(sum(parities)).uniform(0.02, 0.4, 8)
    words = np.array(list(product((0, 1), repeat=8)), dtype=np.uint8)
    weight = np.where(words, doubt, 1 - doubt).prod(axis=1) * (TREE.syndrome(words) == parities).all(axis=1)
    wrong = weight @ words / weight.sum()
    decoder = Decoder(TREE, doubt[None], np.array([parities], dtype=np.uint8), engine)
    for _ in range(4):  # the longest way through the tree, and one more
        decoder.sweep(ONE)
    np.testing.assert_allclose(decoder.odds(0), (1 - wrong) / wrong, rtol=1e-5)


@pytest.mark.parametrize("error", [e for e in product((0, 1), repeat=5) if sum(e) <= 2])
def test_finds_the_likeliest_error(engine, error):
    # Parities of neighbours leave two possibilities, one the opposite of the other: fewer errors are likelier.
    error = np.array([error], dtype=np.uint8)
    decoder = Decoder(NEIGHBOURS, np.full((1, 5), 0.05), NEIGHBOURS.syndrome(error), engine)
    assert decoder.settle(ONE, 10).size == 0
    np.testing.assert_array_equal(decoder.wrong(ONE), error)


@pytest.mark.parametrize(
    ("length", "rate", "qber", "coins"), [(2280, 0.8, 0.017, 40), (36480, 0.9, 0.009, 300)]
)
def test_both_engines_say_the_same_bit_for_bit(length, rate, qber, coins):
    pytest.importorskip("numba", reason="numba is an optional extra")
    code = load(length, rate)
    wrong, doubt, parities = frames(code, qber, 3, coins)
    parities[2] ^= np.random.default_rng(2).integers(
        0, 2, code.checks, dtype=np.uint8
    )  # this one is hopeless
    ours = {name: Decoder(code, doubt, parities, name) for name in ENGINES}
    left = {name: decoder.settle(np.arange(3), 100) for name, decoder in ours.items()}
    for name in ENGINES:
        assert ours[name].engine == name
        assert left[name].tolist() == [2]
        np.testing.assert_array_equal(ours[name].wrong(np.arange(2)), wrong[:2])
    assert ours["numba"].sweeps == ours["numpy"].sweeps
    np.testing.assert_array_equal(ours["numba"].odds(np.arange(3)), ours["numpy"].odds(np.arange(3)))
    places = np.arange(2 * code.variables, 2 * code.variables + 50, dtype=np.uint32)
    for name in ENGINES:
        ours[name].know(places, np.zeros_like(parities))
        ours[name].settle(np.array([2]), 30)
    np.testing.assert_array_equal(ours["numba"].odds(2), ours["numpy"].odds(2))


def test_as_good_as_the_decoder_of_the_package_ldpc():
    oracle = pytest.importorskip("ldpc", reason="the oracle is of the extra test")
    code, n = load(2280, 0.8), 150
    # Half of the frames or so can be decoded at this rate.
    _, doubt, parities = frames(code, 0.0235, n, coins=20)
    decoder = Decoder(code, doubt, parities)
    left = decoder.settle(np.arange(n), 30 * n, patience=30)
    ours = np.isin(np.arange(n), left, invert=True)
    theirs = np.zeros(n, dtype=bool)
    bp = oracle.BpDecoder(
        sparse.csr_matrix(code.matrix),
        error_rate=0.5,
        max_iter=60,
        bp_method="product_sum",
        schedule="parallel",
        input_vector_type="syndrome",
    )
    for frame in range(n):
        bp.update_channel_probs(np.maximum(doubt[frame], 1e-9))
        found = bp.decode(parities[frame])
        theirs[frame] = bp.converge
        if theirs[frame] and ours[frame]:
            np.testing.assert_array_equal(found, decoder.wrong(np.array([frame]))[0])
    both = (ours & theirs).sum()
    assert 0.2 * n < both < 0.95 * n, "neither hopeless nor easy"
    # The same frames: only those count that one of them decodes. If both were as good, ours would be fewer by 5 standard
    # deviations of a fair coin with probability 3e-7.
    only_ours, only_theirs = (ours & ~theirs).sum(), (theirs & ~ours).sum()
    assert only_ours - only_theirs >= -5 * sqrt(only_ours + only_theirs)


def test_never_a_number_that_is_none(engine):
    # Certain bits against parities that cannot be: odds run to their bounds and stay numbers.
    code = load(2280, 0.8)
    doubt = np.zeros((1, code.variables))
    doubt[0, ::7] = 0.5
    parities = np.random.default_rng(1).integers(0, 2, (1, code.checks), dtype=np.uint8)
    decoder = Decoder(code, doubt, parities, engine)
    with np.errstate(all="raise", under="ignore"):
        for _ in range(20):
            decoder.sweep(ONE)
    assert np.isfinite(decoder.odds(0)).all()
    assert (decoder.odds(0) > 0).all()


def test_hopeless_frames_are_left_alone_and_work_is_counted(engine):
    code = load(2280, 0.8)
    _, doubt, parities = frames(code, 0.018, 4)
    parities[1] = np.random.default_rng(1).integers(0, 2, code.checks)
    decoder = Decoder(code, doubt, parities, engine)
    assert decoder.settle(np.arange(4), 1000, patience=3).tolist() == [1]
    assert 4 < decoder.sweeps < 100
    decoder = Decoder(code, doubt, parities, engine)
    assert decoder.settle(np.arange(4), 3).tolist() == [0, 1, 2, 3], "not enough for one sweep of all"
    assert decoder.sweeps == 0
    assert decoder.settle(np.arange(4), 11).size == 4
    assert decoder.sweeps == 8


def test_takes_numba_where_it_is_and_numpy_elsewhere(monkeypatch):
    args = NEIGHBOURS, np.full((1, 5), 0.1), np.zeros((1, 4), dtype=np.uint8)
    monkeypatch.setitem(sys.modules, "numba", None)  # as if it were not installed
    assert Decoder(*args).engine == "numpy"
    with pytest.raises(ValueError, match=r"pip install .*fast"):
        Decoder(*args, engine="numba")
    monkeypatch.undo()
    pytest.importorskip("numba", reason="numba is an optional extra")
    assert Decoder(*args).engine == "numba"
    with pytest.raises(ValueError, match="engine must be one of auto, numba, numpy, not 'fast'"):
        Decoder(*args, engine="fast")
