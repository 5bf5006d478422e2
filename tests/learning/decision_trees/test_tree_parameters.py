"""The parameters of a tree: settings that are refused before any work, and the bill for what is grown."""

import numpy as np
import pytest

from qlearn.learning import FidelityKernel
from qlearn.learning.decision_trees._tree_parameters import TreeParameters
from qlearn.learning.decision_trees.splits import Impurity


def settings(**changed):
    defaults = {
        "criterion": "entropy", "kernel": FidelityKernel(), "landmarks": 5, "trials": 2, "C": 1.0, "max_depth": None,
        "min_samples_split": 2, "min_samples_leaf": 1, "max_features": None,
    }  # fmt: skip
    return TreeParameters(**{**defaults, **changed})


@pytest.mark.parametrize(
    ("asked", "expected"),
    [(None, 10), ("sqrt", 3), ("log2", 3), (4, 4), (99, 10), (0.25, 3), (1.0, 10), (np.int64(2), 2)],
)
def test_how_many_features_a_node_may_ask_for(asked, expected):
    assert settings(max_features=asked).features(10) == expected


def test_the_material_is_features_or_states():
    X = np.random.default_rng(0).normal(size=(4, 3))
    assert settings().inputs(X) is X
    np.testing.assert_array_equal(settings(criterion="kernel").inputs(X), FidelityKernel().states(X))


@pytest.mark.parametrize("criterion", ["entropy", "fidelity", "kernel"])
def test_the_bill_counts_the_overlaps_that_were_computed(criterion, monkeypatch):
    asked = []

    def counting(A, B):
        asked.append(len(A) * len(B))
        return np.abs(A @ B.conj().T) ** 2

    for module in ("splits",):
        monkeypatch.setattr(f"qlearn.learning.decision_trees.{module}.overlap", counting)
    rng = np.random.default_rng(1)
    made = settings(criterion=criterion, max_depth=3)
    X, membership = rng.normal(size=(30, 2)), np.eye(2, dtype=int)[rng.integers(0, 2, 30)]
    tree = made.grow(made.inputs(X), membership, Impurity(None), rng)
    assert made.overlaps(tree) == sum(asked)
    assert (made.overlaps(tree) == 0) == (criterion == "entropy")


def test_constant_features_do_not_end_the_search():
    X = np.zeros((6, 8))
    X[:, 5] = np.arange(6)
    membership = np.eye(2, dtype=int)[np.arange(6) % 2]
    for seed in range(10):
        tree = settings(max_features=1).grow(X, membership, Impurity(None), np.random.default_rng(seed))
        assert tree.fractions()[tree.apply(X)].max(axis=1).min() == 1


@pytest.mark.parametrize(
    ("changed", "error", "says"),
    [
        ({"criterion": "gini"}, ValueError, "criterion must be one of entropy, fidelity, kernel, not 'gini'"),
        ({"landmarks": 1}, ValueError, "landmarks must be at least 2"),
        ({"trials": 0}, ValueError, "trials must be at least 1"),
        ({"C": 0}, ValueError, "C must be above 0"),
        ({"C": "1"}, TypeError, "C must be a number"),
        ({"max_depth": 0}, ValueError, "max_depth must be at least 1"),
        ({"max_depth": 2.5}, TypeError, "max_depth must be a whole number"),
        (
            {"min_samples_split": 1.5},
            ValueError,
            "min_samples_split must be a whole number from 2, or a share",
        ),
        ({"min_samples_leaf": 0.0}, ValueError, "min_samples_leaf must be a whole number from 1, or a share"),
        ({"min_samples_leaf": "few"}, TypeError, "min_samples_leaf must be a whole number"),
        (
            {"min_weight_fraction_leaf": 0.6},
            ValueError,
            "min_weight_fraction_leaf must be .* between 0 and 0.5",
        ),
        ({"ccp_alpha": -1}, ValueError, "ccp_alpha must be"),
        ({"shots": 0}, ValueError, "shots must be at least 1"),
        ({"shots": 1.5}, TypeError, "shots must be a whole number"),
        ({"noise": 2}, ValueError, "noise must be a probability between 0 and 1"),
        ({"min_samples_split": 1}, ValueError, "min_samples_split must be at least 2"),
        ({"min_samples_leaf": 0}, ValueError, "min_samples_leaf must be at least 1"),
        ({"max_features": "log3"}, ValueError, "max_features must be None, 'sqrt', 'log2'"),
        ({"max_features": 1.5}, ValueError, "max_features must be a share"),
        ({"max_features": 0}, ValueError, "max_features must be at least 1"),
    ],
)
def test_refuses(changed, error, says):
    with pytest.raises(error, match=says):
        settings(**changed)


def test_counted_overlaps_are_binomial_about_those_of_a_noisy_device():
    # 400 counts of each of 6 overlaps: means within 6 standard errors, false alarm below 6 * 2e-9
    made = settings(criterion="kernel", shots=50, noise=0.2)
    X = np.random.default_rng(3).normal(size=(5, 2))
    states = made.inputs(X)
    likeness = made.likeness(np.random.default_rng(4), 2)
    seen = 0.8 * made.kernel.overlap(states[:3], states[3:]) + 0.2 / 4
    counts = np.array([likeness(states[:3], states[3:]) for _ in range(400)])
    np.testing.assert_allclose(counts * 50, (counts * 50).round(), atol=1e-9)
    error = np.sqrt(seen * (1 - seen) / (50 * 400))
    assert (np.abs(counts.mean(axis=0) - seen) < 6 * error).all()
    exactly = settings(criterion="kernel", noise=0.2).likeness(np.random.default_rng(0), 2)
    np.testing.assert_allclose(exactly(states[:3], states[3:]), seen, atol=1e-12)
    assert settings(criterion="kernel").likeness(np.random.default_rng(0), 2) is None
    assert settings(shots=50).likeness(np.random.default_rng(0), 2) is None  # thresholds compare nothing


def test_shares_are_of_the_rows_that_grow_the_tree():
    X = np.arange(20.0)[:, None]
    membership = np.eye(2, dtype=int)[np.arange(20) % 2]
    made = settings(min_samples_leaf=0.25)
    rng = np.random.default_rng(0)
    assert made.grow(X, membership, Impurity(None), rng).n_rows.min() >= 5
    few = made.grow(X, membership, Impurity(None), rng, rows=np.arange(8))
    assert few.n_rows[0] == 8
    assert few.n_rows.min() == 2
    assert (few.counts.sum(axis=1) == few.n_rows).all()
