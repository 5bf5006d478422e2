"""Average: the mean and its error, with and without shared rows."""

import numpy as np
import pytest

from qlearn.evidence import average


def test_error_is_that_of_the_mean():
    # 4,000 means of 5 values: their spread is known to 1/sqrt(8000) = 1.1 %, six of them 7 %
    rng = np.random.default_rng(1)
    samples = rng.normal(size=(4_000, 5))
    each = [average(row) for row in samples]
    spread = np.std([one.mean for one in each])
    assert np.sqrt(np.mean([one.error**2 for one in each])) == pytest.approx(spread, rel=0.07)


def test_overlap_adds_test_rows_over_training_rows():
    values = [0.1, 0.4, 0.3, 0.2]
    plain, shared = average(values), average(values, overlap=1 / 3)
    assert shared.error == pytest.approx(plain.error * np.sqrt((1 / 4 + 1 / 3) / (1 / 4)))
    assert (plain.mean, plain.n) == (shared.mean, 4)


def test_is_written_as_the_book_writes_it():
    assert f"{average([0.90, 0.92])}" == "0.910 ± 0.010"
    assert f"{average([0.90, 0.92]):.1%}" == "91.0% ± 1.0%"


@pytest.mark.parametrize(
    ("values", "overlap", "says"),
    [
        ([0.1], None, "at least two"),
        ([0.1, 0.2], 0, "overlap must be above 0"),
        ([0.1, np.inf], None, "finite"),
    ],
)
def test_refuses(values, overlap, says):
    with pytest.raises(ValueError, match=says):
        average(values, overlap=overlap)


@pytest.mark.parametrize("value", [0.7, 0.97, 0.3, 1e6])
def test_equal_repetitions_have_no_error(value):
    same = average([value] * 5 + [value * (1 + 1e-16)])
    assert same.error == 0
    assert f"{same}" == f"{value:.3f} ± 0.000"
