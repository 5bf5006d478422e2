"""Maurer's test: NIST's examples, the definition in a loop, and the moments that the table rounds."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.special import erfc

from qlearn.communication.random_numbers import universal
from qlearn.communication.random_numbers.maurer_universal import _FROM, _MEANS, _VARIANCES

BITS20 = [int(digit) for digit in "01011010011101010111"]


def definition(sequence, size, warm_up):
    seen, total, many = {}, 0.0, len(sequence) // size
    for i in range(1, many + 1):
        word = tuple(sequence[(i - 1) * size : i * size])
        if i > warm_up:
            total += np.log2(i - seen.get(word, 0))
        seen[word] = i
    return total / (many - warm_up)


def test_the_example_of_the_document():
    found = universal(BITS20, 2, 4)
    f = found.statistics[0]
    assert f == pytest.approx(1.1949875, abs=1e-7)
    assert found.p_value == pytest.approx(0.063454, abs=1e-6)
    # the document's own shortcut: sigma is the root of the variance
    assert erfc(abs(f - 1.5374383) / np.sqrt(2 * 1.338)) == pytest.approx(0.767189, abs=1e-6)


@pytest.mark.parametrize(("name", "p"), [("e", 0.282568), ("sqrt2", 0.130805)])
def test_a_million_bits_as_in_nists_program(name, p, reports):
    assert reports[name].tests["universal"].p_value == pytest.approx(p, abs=2e-6)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5), st.integers(1, 20))
def test_it_is_the_definition(seed, size, warm_up):
    sequence = np.random.default_rng(seed).integers(0, 2, 203).tolist()
    found = universal(sequence, size, warm_up).statistics[0]
    assert found == pytest.approx(definition(sequence, size, warm_up), abs=1e-12)


@pytest.mark.parametrize("size", range(1, 13))
def test_the_table_holds_the_moments_of_a_geometric_distance(size):
    i = np.arange(1, 40 * 2**size)
    chance = 2.0**-size * np.exp((i - 1) * np.log1p(-(2.0**-size)))
    mean = chance @ np.log2(i)
    assert _MEANS[size - 1] == pytest.approx(mean, abs=1e-6)
    assert _VARIANCES[size - 1] == pytest.approx(chance @ np.log2(i) ** 2 - mean**2, abs=1e-3)


def test_the_choice_of_the_word_is_nists(e):
    assert universal(e).p_value == universal(e, 7).p_value
    assert universal(e[:904_959]).p_value == universal(e[:904_959], 6).p_value
    # from 1010 * 2^L * L bits on, a thousand words are tested for each that there is
    assert all(n == 1010 * 2**size * size for size, n in enumerate(_FROM, 6))


def test_what_compresses_fails():
    assert universal(np.tile([0, 1, 1, 0, 0, 1], 70_000)).p_value < 1e-100


def test_refuses():
    with pytest.raises(
        ValueError, match="at least 387840 here, not 20; NIST recommends 387840 or more; give word"
    ):
        universal(BITS20)
    with pytest.raises(ValueError, match="more than 40 words of 2, not 10"):
        universal(BITS20, 2)
    for word in (1, 17):
        with pytest.raises(ValueError, match=f"word must be 2 to 16 bits, not {word}"):
            universal(BITS20, word, 1)
