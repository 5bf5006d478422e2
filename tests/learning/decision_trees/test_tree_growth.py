"""Growing: every row ends where its answers lead, and no data makes it stumble."""

import numpy as np
import pytest

from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier
from qlearn.learning.decision_trees.splits import Impurity, Threshold, best_threshold
from qlearn.learning.decision_trees.tree_growth import Split, grow


def grown(X, y, max_depth=None, min_samples_split=2):
    membership = np.eye(y.max() + 1, dtype=int)[y]

    def split(here):
        return best_threshold(X[here], membership[here], Impurity(None), np.arange(X.shape[1]))

    return grow(
        split,
        Impurity(None).entropy,
        membership,
        max_depth=max_depth,
        min_samples_split=min_samples_split,
    )


@pytest.fixture(scope="module")
def noise():
    rng = np.random.default_rng(0)
    return rng.normal(size=(120, 3)), rng.integers(0, 3, 120)


def test_leaves_hold_the_rows_that_were_counted(noise):
    X, y = noise
    tree = grown(X, y, max_depth=4)
    leaves = tree.apply(X)
    assert {tree.questions[leaf] for leaf in leaves} == {None}
    for leaf in np.unique(leaves):
        np.testing.assert_array_equal(np.bincount(y[leaves == leaf], minlength=3), tree.counts[leaf])
    np.testing.assert_allclose(tree.fractions().sum(axis=1), 1)


def test_a_node_is_the_sum_of_its_children_and_gains_what_it_says(noise):
    X, y = noise
    tree = grown(X, y, max_depth=4)
    for node, question in enumerate(tree.questions):
        yes, no = tree.children[node]
        if question is None:
            assert (yes, no, tree.gains[node]) == (-1, -1, 0)
            continue
        np.testing.assert_array_equal(tree.counts[yes] + tree.counts[no], tree.counts[node])
        assert tree.gains[node] == Impurity(None).gain(tree.counts[yes], tree.counts[no])
        assert (tree.depths[[yes, no]] == tree.depths[node] + 1).all()


def test_the_gains_of_a_whole_tree_add_up_to_the_entropy_of_its_root(noise):
    tree = grown(*noise)
    share = tree.counts.sum(axis=1) / tree.counts[0].sum()
    assert (tree.gains * share).sum() == pytest.approx(Impurity(None).entropy(tree.counts[0]), abs=1e-10)


def test_stops_where_it_is_told(noise):
    assert grown(*noise, max_depth=2).depths.max() == 2
    tree = grown(*noise, min_samples_split=30)
    parted = np.array([question is not None for question in tree.questions])
    assert tree.counts.sum(axis=1)[parted].min() >= 30
    assert tree.counts.sum(axis=1)[~parted].max() < 30


def test_exclusive_or_needs_a_first_question_that_is_worth_nothing():
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    tree = grown(X, np.array([0, 1, 1, 0]))
    assert tree.gains[0] == 0
    assert (tree.fractions()[tree.apply(X)].max(axis=1) == 1).all()


def test_a_tree_may_be_deeper_than_pythons_stack():
    n = 2500
    X, y = np.arange(n, dtype=float)[:, None], np.arange(n) % 2
    membership = np.eye(2, dtype=int)[y]

    def peel(here):
        return Split(Threshold(0, X[here[0], 0]), here == here[0], 0.0)

    tree = grow(peel, Impurity(None).entropy, membership, max_depth=None, min_samples_split=2)
    assert tree.depths.max() == n - 1
    np.testing.assert_array_equal(tree.fractions()[tree.apply(X)].argmax(axis=1), y)


def test_a_tree_says_in_a_line_how_large_it_is():
    tree = QuantumDecisionTreeClassifier().fit([[0.0], [1.0], [2.0]], [0, 1, 0]).tree_
    assert repr(tree) == "Tree(5 nodes, 3 leaves, depth 2)"
