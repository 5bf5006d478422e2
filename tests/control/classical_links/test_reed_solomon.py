"""Reed and Solomon's codes: the tables, an independent binomial sum, a kept decoder, refusals."""

import sys
from itertools import combinations, product

import numpy as np
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


def _single_syndromes():
    """Syndromes of RS (15, 11), bits of four symbols, for each error of one symbol, shape (15, 16): no library."""
    powers = [1]
    for _ in range(14):
        powers.append(powers[-1] << 1 ^ (0b10011 if powers[-1] & 8 else 0))
    logs = {value: i for i, value in enumerate(powers)}
    single = np.zeros((15, 16), int)
    for place, error in product(range(15), range(1, 16)):
        for j in range(1, 5):
            single[place, error] = single[place, error] << 4 | powers[(logs[error] + place * j) % 15]
    return single


def _share_taken_for_another_word(p, words, rng):
    """Share of words that lie within two symbols of a code word that was not sent, by a table of all syndromes."""
    single = _single_syndromes()
    near = np.zeros(1 << 16, bool)
    near[0] = True
    near[single[:, 1:]] = True
    for one, two in combinations(range(15), 2):
        near[single[one, 1:, None] ^ single[two, None, 1:]] = True
    assert near.sum() == 1 + 15 * 15 + 105 * 15**2  # no two of these errors share a syndrome
    errors = (rng.random((words, 15, 4)) < p) @ [1, 2, 4, 8]
    syndromes = np.bitwise_xor.reduce(single[np.arange(15), errors], axis=1)
    return (near[syndromes] & ((errors > 0).sum(axis=1) > 2)).mean()


def test_a_kept_decoder_fails_as_often_and_not_all_failures_are_flagged():
    # 1,500 words: sd of .10546774 is .0079, six of them 2e-9
    counts = try_reed_solomon(15, 11, 4, 0.02, blocks=1500, rng=4)
    assert abs((counts.flagged + counts.wrong) / 1500 - 0.10546774) < 6 * 0.0079
    share = _share_taken_for_another_word(0.02, 400_000, np.random.default_rng(1))
    assert share == pytest.approx(0.0336, abs=0.002)
    assert counts.wrong > 0 < counts.flagged
    assert abs(counts.wrong / 1500 - share) < 6 * np.sqrt(share / 1500)
    clean = try_reed_solomon(15, 11, 4, 0.0, blocks=20, rng=1)
    assert (clean.right, clean.flagged, clean.wrong) == (20, 0, 0)


def test_a_word_outside_the_code_counts_as_flagged():
    # galois 0.4.11 "corrects" some words to ones whose syndrome is not 0, and does not flag them: 10 of these 250
    import galois

    field = galois.GF(16)
    before = field.ufunc_mode
    field.compile("python-calculate")
    try:
        code = galois.ReedSolomon(15, 11, field=field)
        draw = np.random.default_rng(0)
        messages = draw.integers(16, size=(250, 11))
        flips = (draw.random((250, 15, 4)) < 0.06) @ (1 << np.arange(4))
        back, errors = code.decode(
            code.encode(field(messages)) + field(flips), output="codeword", errors=True
        )
        outside = (errors >= 0) & (np.asarray(back @ code.H.T) != 0).any(axis=1)
    finally:
        field.compile(before)
    counts = try_reed_solomon(15, 11, 4, 0.06, blocks=250, rng=0)
    assert counts.flagged == (errors < 0).sum() + outside.sum()


def test_shortened_words_pass_the_second_look():
    counts = try_reed_solomon(10, 6, 4, 0.0, blocks=30, rng=1)
    assert (counts.right, counts.flagged, counts.wrong) == (30, 0, 0)
    counts = try_reed_solomon(10, 6, 4, 0.02, blocks=400, rng=2)
    lost = reed_solomon_block_error(10, 6, 4, 0.02)
    assert abs(1 - counts.right / 400 - lost) < 6 * np.sqrt(lost / 400)


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
