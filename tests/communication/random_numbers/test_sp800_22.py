"""The suite: which tests it makes, with which parameters, and what it says of the others."""

import numpy as np
import pytest

from qlearn.communication import random_numbers
from qlearn.communication.random_numbers import Suite, suite
from qlearn.communication.random_numbers.sp800_22 import _TESTS

NAMES = [
    "monobit",
    "block_frequency",
    "runs",
    "longest_run",
    "rank",
    "dft",
    "non_overlapping_template",
    "overlapping_template",
    "universal",
    "linear_complexity",
    "serial",
    "approximate_entropy",
    "cumulative_sums",
    "random_excursions",
    "random_excursions_variant",
]


def test_a_million_bits_of_e_pass_all_fifteen(reports):
    report = reports["e"]
    assert isinstance(report, Suite)
    assert list(report.tests) == NAMES
    assert report.left_out == {}
    assert report.failed() == []
    assert report.failed(0.07) == ["random_excursions"]
    assert sum(test.p_values.size for test in report.tests.values()) == 188
    for name in NAMES:
        assert _TESTS[name][0] is getattr(random_numbers, name)


def test_what_is_too_short_is_left_out_with_the_reason():
    report = suite(random_numbers.constant_bits("pi", 500))
    assert sorted([*report.tests, *report.left_out]) == sorted(NAMES)
    assert report.left_out["rank"] == "NIST recommends at least 38912 bits"
    assert "monobit  " in repr(report)
    assert "left out: NIST recommends at least 1000000 bits" in repr(report)


def test_a_walk_that_seldom_returns_is_left_out(e):
    # the e of the examples, with a thousand ones put before it
    report = suite(np.concatenate([np.ones(3000, int), e]))
    cycles = random_numbers.random_walk.count_cycles(np.concatenate([np.ones(3000, int), e]))
    assert cycles < 500
    assert report.left_out["random_excursions"] == f"NIST wants at least 500 returns to zero, not {cycles}"


def test_a_biased_source_fails():
    rng = np.random.default_rng(6)
    failed = suite(rng.random(20_000) < 0.53).failed()
    assert {"monobit", "cumulative_sums", "runs"} <= set(failed)


def test_refuses():
    with pytest.raises(
        ValueError, match="bits must be at least 100, the least that NIST recommends for any test, not 10"
    ):
        suite([0, 1] * 5)
    with pytest.raises(ValueError, match="level must be a finite number between 0 and 1"):
        suite([0, 1] * 50).failed(2)
