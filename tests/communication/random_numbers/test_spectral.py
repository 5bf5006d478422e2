"""The spectral test: NIST's program, the transform by its definition, a period."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.random_numbers import dft


def test_the_examples_as_nists_program_has_them(pi100):
    assert dft([1, 0, 0, 1, 0, 1, 0, 0, 1, 1]).p_value == pytest.approx(0.468160, abs=1e-6)
    assert dft(pi100).p_value == pytest.approx(0.646355, abs=1e-6)


@pytest.mark.parametrize(("name", "p"), [("e", 0.847187), ("sqrt2", 0.581909)])
def test_a_million_bits_as_in_nists_program(name, p, reports):
    assert reports[name].tests["dft"].p_value == pytest.approx(p, abs=2e-6)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 1), min_size=4, max_size=64))
def test_the_peaks_are_those_of_the_definition(sequence):
    n = len(sequence)
    j = np.arange(n)
    moduli = np.abs(np.exp(-2j * np.pi * np.outer(j[: n // 2], j) / n) @ (2 * np.array(sequence) - 1))
    below = (moduli < np.sqrt(n * np.log(20))).sum()
    d = (below - 0.95 * n / 2) / np.sqrt(n * 0.95 * 0.05 / 4)
    assert dft(sequence).statistics[0] == pytest.approx(d, abs=1e-12)


def test_a_period_shows():
    rng = np.random.default_rng(1)
    sequence = np.tile(rng.integers(0, 2, 100), 100)
    assert dft(sequence).p_value < 1e-10


def test_refuses():
    with pytest.raises(ValueError, match="NIST recommends 1000 or more"):
        dft([1])
