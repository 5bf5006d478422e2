"""Schumacher compression: equal to the sorted spectrum of the block, and a jump at the entropy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.communication.key_rate import binary_entropy
from qlearn.learning.components import best_trash_fidelity, block_fidelity


def by_sorting(p, n, rate):
    spectrum = np.ones(1)
    for _ in range(n):
        spectrum = np.kron(spectrum, [p, 1 - p])
    kept = np.concatenate([[0], np.cumsum(np.sort(spectrum)[::-1])])
    return np.interp(2.0 ** (rate * n), np.arange(len(kept)), kept)


@given(st.floats(0, 1), st.integers(1, 10), st.floats(0, 1))
def test_equals_the_sorted_spectrum(p, n, rate):
    assert float(block_fidelity(p, n, rate)) == pytest.approx(by_sorting(p, n, rate), abs=1e-10)


def test_is_the_bound_of_an_autoencoder_of_the_block():
    p, amplitudes = 0.8, np.sqrt([0.8, 0.2])
    signs = np.array([[1, 1], [1, -1]]) * amplitudes  # an even mixture of these has eigenvalues 0.8, 0.2
    block = np.array([np.kron(np.kron(a, b), c) for a in signs for b in signs for c in signs])
    for k in (1, 2):
        assert best_trash_fidelity(block, k) == pytest.approx(float(block_fidelity(p, 3, k / 3)), abs=1e-12)


def test_long_blocks_jump_at_the_entropy():
    entropy = float(binary_entropy(0.9))
    below, above = block_fidelity(0.9, 20_000, [entropy - 0.03, entropy + 0.03])
    assert below < 1e-4
    assert above > 1 - 1e-4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((1.2, 5, 0.5), "p must be a probability"),
        ((0.9, 0, 0.5), "block must be at least 1"),
        ((0.9, 5, 1.5), "rate must be finite and between 0 and 1"),
    ],
)
def test_refuses(arguments, says):
    with pytest.raises(ValueError, match=says):
        block_fidelity(*arguments)
