"""The data sets: what they are, and how rows are drawn."""

import numpy as np
import pytest

from qlearn.learning.comparison import DATASETS, load_dataset
from qlearn.learning.qsvm.fidelity_kernel import FidelityKernel


@pytest.mark.parametrize(
    ("name", "shape", "classes"),
    [
        ("breast cancer", (569, 30), 2),
        ("digits 3 or 5", (365, 64), 2),
        ("digits 4 or 9", (361, 64), 2),
        ("digits 1 or 7", (361, 64), 2),
        ("digits 2 or 8", (351, 64), 2),
        ("digits 0 or 6", (359, 64), 2),
        ("diabetes", (442, 10), 2),
        ("wine", (178, 13), 3),
        ("iris", (150, 4), 3),
        ("intrusion", (400, 23), 2),
        ("synthetic", (240, 2), 2),
    ],
)
def test_each_is_what_it_says(name, shape, classes):
    data = load_dataset(name)
    assert data.X.shape == shape
    assert len(np.unique(data.y)) == classes
    assert np.isfinite(data.X).all()
    assert (data.X.std(axis=0) > 0).sum() >= min(shape[1], 50)  # a corner of a digit is always white
    assert data.angles == (name == "synthetic")
    assert ", 1" in data.source or ", 2" in data.source or "KDD Cup 1999" in data.source


def test_ten_are_measured_and_the_scans_are_distinct_connections():
    assert len(DATASETS) == 11
    assert DATASETS[-1] == "synthetic"
    scans = load_dataset("intrusion")
    assert len(np.unique(np.column_stack([scans.X, scans.y == "satan"]), axis=0)) == 400


def test_rows_are_drawn_without_replacement_in_proportion():
    whole, part = load_dataset("breast cancer"), load_dataset("breast cancer", 100, rng=3)
    assert len(np.unique(part.X, axis=0)) == 100
    assert abs((part.y == 1).mean() - (whole.y == 1).mean()) < 0.01
    np.testing.assert_array_equal(part.X, load_dataset("breast cancer", 100, rng=3).X)
    assert not np.array_equal(part.X, load_dataset("breast cancer", 100, rng=4).X)


def test_two_halves_share_no_row_and_are_the_same_for_everybody():
    whole = load_dataset("wine")
    settle, judge = (load_dataset("wine", part=part) for part in ("settle", "judge"))
    both = np.concatenate([settle.X, judge.X])
    assert len(both) == 178
    np.testing.assert_array_equal(np.unique(both, axis=0), np.unique(whole.X, axis=0))
    np.testing.assert_array_equal(judge.X, load_dataset("wine", part="judge").X)
    few = load_dataset("wine", 60, part="judge", rng=1)
    rows = {tuple(row) for row in judge.X}
    assert {tuple(row) for row in few.X} <= rows
    assert np.abs(np.bincount(settle.y) - np.bincount(judge.y)).max() <= 1


def test_no_digit_is_in_two_pairs():
    pairs = [name.split()[1::2] for name in DATASETS if name.startswith("digits")]
    digits = [digit for pair in pairs for digit in pair]
    assert len(pairs) == 5
    assert len(set(digits)) == 10


def test_the_synthetic_set_is_a_straight_cut_in_the_space_of_its_map():
    data = load_dataset("synthetic")
    K, s = FidelityKernel().gram(data.X), 2.0 * data.y - 1
    weights = np.linalg.lstsq(K, s, rcond=None)[0]
    assert (np.sign(K @ weights) == s).mean() > 0.97


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (("mnist",), ValueError, "name must be one of breast cancer"),
        (("iris", 5), ValueError, "30 to 150 rows"),
        (("iris", 151), ValueError, "30 to 150 rows"),
        (("iris", 60.0), TypeError, "n must be a whole number"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        load_dataset(*arguments)


def test_refuses_a_part_that_it_does_not_know():
    with pytest.raises(ValueError, match="part must be one of settle, judge, not 'test'"):
        load_dataset("iris", part="test")


def test_whoever_changes_his_rows_changes_nobody_elses():
    mine = load_dataset("iris")
    mine.X[:], mine.y[:] = 0, 0
    assert load_dataset("iris").X.any()
    assert load_dataset("iris").y.any()


def test_it_says_in_a_line_how_much_it_holds():
    assert repr(load_dataset("iris")) == "Dataset('iris', 150 rows, 4 features, 3 classes)"
