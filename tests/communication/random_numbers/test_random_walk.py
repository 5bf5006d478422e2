"""Random walks: NIST's examples, all walks counted, cycles told one by one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.special import ndtr

from qlearn.communication.random_numbers import (
    cumulative_sums,
    random_excursions,
    random_excursions_variant,
)
from qlearn.communication.random_numbers.random_walk import _beyond, _visit_chances, count_cycles

BITS10 = [0, 1, 1, 0, 1, 1, 0, 1, 0, 1]


def cycles_of(sequence):
    """Return the places of each cycle from zero to zero, the last one as far as it gets."""
    cycles, place = [[]], 0
    for bit in sequence:
        place += 2 * bit - 1
        cycles[-1].append(place)
        if place == 0:
            cycles.append([])
    return cycles if cycles[-1] else cycles[:-1]


def test_the_examples_of_the_document(e, pi100, reports):
    small = cumulative_sums([1, 0, 1, 1, 0, 1, 0, 1, 1, 1])
    assert small.statistics[0] == 4
    assert small.p_values[0] == pytest.approx(0.4116588, abs=1e-6)
    np.testing.assert_allclose(cumulative_sums(pi100).p_values, [0.219194, 0.114866], atol=1e-6)
    at_one = random_excursions(BITS10)
    assert at_one.statistics[4] == pytest.approx(4.333333, abs=1e-6)
    assert at_one.p_values[4] == pytest.approx(0.502488, abs=1e-6)
    assert random_excursions_variant(BITS10).p_values[9] == pytest.approx(0.683091, abs=1e-6)
    assert count_cycles(BITS10) == 3
    assert count_cycles(e) == 1490
    below = [0.573306, 0.197996, 0.164011, 0.007779]
    above = [0.786868, 0.440912, 0.797854, 0.778186]  # NIST's program; the document's are others
    tests = reports["e"].tests
    np.testing.assert_allclose(tests["random_excursions"].p_values, below + above, atol=1e-6)
    far = tests["random_excursions_variant"].p_values
    np.testing.assert_allclose(far[[0, 8, -1]], [0.858946, 0.826009, 0.593930], atol=1e-6)


@pytest.mark.parametrize(("first", "p"), [(0, 0.4116588), (-1, 0.411585), (-50, 0.411511)])
def test_what_is_published_differs_by_the_terms_of_the_sum(first, p):
    z, root = 4, np.sqrt(10)
    k = np.arange(first, max(-first, 1) if first < -1 else 1)
    inside = ndtr((4 * k + 1) * z / root) - ndtr((4 * k - 1) * z / root)
    k = np.arange(min(first, -1), max(-first, 1) if first < -1 else 1)
    outside = ndtr((4 * k + 3) * z / root) - ndtr((4 * k + 1) * z / root)
    assert 1 - inside.sum() + outside.sum() == pytest.approx(p, abs=1e-6)


def test_a_million_bits_as_in_nists_program(reports):
    e, sqrt2 = (reports[name].tests for name in ("e", "sqrt2"))
    np.testing.assert_allclose(e["cumulative_sums"].p_values, [0.669886, 0.724265], atol=2e-6)
    np.testing.assert_allclose(sqrt2["cumulative_sums"].p_values, [0.879009, 0.957206], atol=2e-6)
    assert sqrt2["random_excursions"].p_values[4] == pytest.approx(0.216235, abs=2e-6)
    assert sqrt2["random_excursions_variant"].p_values[8] == pytest.approx(0.566118, abs=2e-6)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 1), min_size=2, max_size=120))
def test_visits_are_those_of_the_cycles(sequence):
    cycles = cycles_of(sequence)
    assert count_cycles(sequence) == len(cycles)
    found, far = random_excursions(sequence), random_excursions_variant(sequence)
    for i, x in enumerate([-4, -3, -2, -1, 1, 2, 3, 4]):
        counts = np.bincount([min(cycle.count(x), 5) for cycle in cycles], minlength=6)
        expected = len(cycles) * _visit_chances(np.array([x]))[0]
        assert found.statistics[i] == pytest.approx(((counts - expected) ** 2 / expected).sum(), abs=1e-9)
    visits = [sum(cycle.count(x) for cycle in cycles) for x in (*range(-9, 0), *range(1, 10))]
    assert far.statistics.tolist() == visits


def test_visit_chances_are_those_of_a_gambler():
    # from a step beside zero, x comes before zero with chance 1/|x|, and that step goes its way with 1/2; from x, too
    for x in range(1, 5):
        reach = 0.5 / x
        stay = 1 - reach
        visits = [1 - reach, *(reach * stay ** (k - 1) * reach for k in range(1, 5)), reach * stay**4]
        for place in (x, -x):
            np.testing.assert_allclose(_visit_chances(np.array([place]))[0], visits, atol=1e-15)
    np.testing.assert_allclose(_visit_chances(np.arange(1, 5)).sum(axis=1), 1, atol=1e-15)


def test_the_law_of_the_largest_distance_is_that_of_all_walks():
    # walks of 16 steps, all of them; the law is that of long ones and lattice points: half a step of z apart
    steps = 2 * np.array(list(product((0, 1), repeat=16)), dtype=np.int8) - 1
    far = np.abs(np.cumsum(steps, axis=1)).max(axis=1)
    for z in range(2, 12):
        reached, beyond = (far >= z).mean(), (far > z).mean()
        assert beyond - 0.01 <= _beyond(z, 16) <= reached + 0.01


@settings(max_examples=30)
@given(st.lists(st.integers(0, 1), min_size=1, max_size=60))
def test_p_values_lie_between_0_and_1_and_backward_is_forward_reversed(sequence):
    found = cumulative_sums(sequence)
    assert ((found.p_values >= 0) & (found.p_values <= 1)).all()
    assert found.p_values[::-1].tolist() == cumulative_sums(sequence[::-1]).p_values.tolist()


def test_a_drift_fails():
    assert cumulative_sums(np.arange(10_000) % 3 > 0).p_value < 1e-10


def test_refuses():
    with pytest.raises(ValueError, match="bits must be a non-empty array"):
        cumulative_sums([])
    with pytest.raises(ValueError, match="NIST recommends a million, and 500 cycles or more"):
        random_excursions([1])
    with pytest.raises(ValueError, match="NIST recommends a million, and 500 cycles or more"):
        random_excursions_variant([1])
