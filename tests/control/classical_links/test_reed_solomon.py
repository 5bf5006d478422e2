"""Reed and Solomon's codes: the tables, an independent binomial sum, a kept decoder, refusals."""

import sys

import pytest
from hypothesis import given, strategies as st
from scipy.stats import binom

from qlearn.control.classical_links import reed_solomon_block_error, try_reed_solomon


@pytest.mark.parametrize(
    ("n", "k", "m", "p", "block"),
    [
        (255, 223, 8, 0.002, 9.7464e-7),
        (255, 223, 8, 0.005, 0.02497210),
        (255, 223, 8, 0.01, 0.76917931),
        (15, 11, 4, 0.01, 0.01950315),
        (15, 11, 4, 0.02, 0.10546774),
        (7, 3, 3, 0.01, 8.3818e-4),
    ],
)
def test_the_tables(n, k, m, p, block):
    assert reed_solomon_block_error(n, k, m, p) == pytest.approx(block, rel=1e-4)


@given(st.integers(2, 8), st.data(), st.floats(0, 1))
def test_the_binomial_tail(m, data, p):
    n = data.draw(st.integers(2, 2**m - 1))
    k = data.draw(st.integers(1, n - 1))
    tail = binom.sf((n - k) // 2, n, 1 - (1 - p) ** m)
    assert reed_solomon_block_error(n, k, m, p) == pytest.approx(tail, rel=1e-6, abs=1e-12)


def test_a_kept_decoder_fails_as_often_and_not_all_failures_are_flagged():
    # 1,500 words: sd of .10546774 is .0079, six of them 2e-9
    counts = try_reed_solomon(15, 11, 4, 0.02, blocks=1500, rng=4)
    assert abs((counts.flagged + counts.wrong) / 1500 - 0.10546774) < 6 * 0.0079
    # of all words .037 +- .005 come out wrong without a flag; none at all would be 1e-24
    assert counts.wrong > 0 < counts.flagged
    clean = try_reed_solomon(15, 11, 4, 0.0, blocks=20, rng=1)
    assert (clean.right, clean.flagged, clean.wrong) == (20, 0, 0)


def test_without_galois_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "galois", None)
    with pytest.raises(ImportError, match="the extra codes"):
        try_reed_solomon(15, 11, 4, 0.02, blocks=1)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((16, 11, 4, 0.1), "n must be at most"),
        ((15, 15, 4, 0.1), "k must be below n"),
        ((15, 0, 4, 0.1), "k must be at least 1"),
        ((15, 11, 1, 0.1), "bits_per_symbol must be at least 2"),
        ((15, 11, 17, 0.1), "bits_per_symbol must be at most 16"),
        ((15, 11, 4, -0.1), "p must be a probability"),
    ],
)
def test_refuses(arguments, says):
    for call in (reed_solomon_block_error, lambda *code: try_reed_solomon(*code, 5)):
        with pytest.raises(ValueError, match=says):
            call(*arguments)
