"""Pruning: scikit-learn's path and its pruned trees, and the definition by trying every subtree."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.tree import DecisionTreeClassifier

from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier
from qlearn.learning.decision_trees.pruning import prune, pruning_path
from qlearn.learning.decision_trees.splits import Impurity
from qlearn.qubits import random_state


def task(seed, n=250):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3)).astype(np.float32).astype(float)  # scikit-learn's trees see float32
    return X, (X[:, 0] > rng.normal(size=n)).astype(int) + (X[:, 1] > 1), rng.exponential(size=n)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_the_path_is_that_of_scikit_learn(seed, weighted):
    X, y, weights = task(seed)
    weights = weights if weighted else None
    limits = {"max_depth": 5, "min_samples_leaf": 12}
    ours = QuantumDecisionTreeClassifier(**limits)
    theirs = DecisionTreeClassifier(criterion="entropy", random_state=0, **limits)
    path = ours.cost_complexity_pruning_path(X, y, weights)
    expected = theirs.cost_complexity_pruning_path(X, y, weights)
    assert not hasattr(ours, "tree_")
    np.testing.assert_allclose(path.ccp_alphas, expected.ccp_alphas, atol=1e-9)
    np.testing.assert_allclose(path.impurities, expected.impurities, atol=1e-9)
    new = np.random.default_rng(9).normal(size=(300, 3)).astype(np.float32).astype(float)
    for low, high in zip(path.ccp_alphas[:-1], path.ccp_alphas[1:], strict=True):
        alpha = (low + high) / 2
        one = ours.set_params(ccp_alpha=alpha).fit(X, y, weights)
        other = theirs.set_params(ccp_alpha=alpha).fit(X, y, weights)
        np.testing.assert_allclose(one.predict_proba(new), other.predict_proba(new), atol=1e-9)


def subtrees(tree, node=0):
    """All ways to prune below a node, each as the set of its leaves."""
    yield (node,)
    if tree.questions[node] is not None:
        yes, no = tree.children[node]
        yield from ((*left, *right) for left in subtrees(tree, yes) for right in subtrees(tree, no))


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.floats(0.001, 0.5), st.booleans())
def test_no_other_subtree_is_cheaper(seed, alpha, overlapping):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(30, 2)), np.arange(30) % 3
    states = random_state(1, 3, rng=seed) if overlapping else None
    impurity = Impurity.of(states, 3)
    tree = QuantumDecisionTreeClassifier(class_states=states, max_depth=3).fit(X, y).tree_
    doubt = impurity.entropy(tree.counts) * tree.n_rows / 30

    def cost(leaves):
        return doubt[list(leaves)].sum() + alpha * len(leaves)

    left = prune(tree, impurity.entropy, alpha)
    ends = np.array([question is None for question in left.questions])
    ours = (impurity.entropy(left.counts) * left.n_rows / 30)[ends].sum() + alpha * ends.sum()
    assert ours == pytest.approx(min(map(cost, subtrees(tree))), abs=1e-9)


def test_what_is_left_is_a_tree():
    X, y, _ = task(4)
    whole = QuantumDecisionTreeClassifier("kernel", random_state=0, landmarks=5).fit(X, y)
    impurity = Impurity(None)
    left = prune(whole.tree_, impurity.entropy, 0.01)
    assert 1 < len(left.questions) < len(whole.tree_.questions)
    for node, question in enumerate(left.questions):
        yes, no = left.children[node]
        assert (question is None) == (yes < 0) == (no < 0) == (left.gains[node] == 0)
        if question is not None:
            assert min(yes, no) > node
            np.testing.assert_array_equal(left.counts[yes] + left.counts[no], left.counts[node])
            assert left.depths[yes] == left.depths[no] == left.depths[node] + 1
    assert {left.questions[leaf] for leaf in left.apply(whole.parameters_.inputs(X))} == {None}
    pruned = QuantumDecisionTreeClassifier("kernel", random_state=0, landmarks=5, ccp_alpha=0.01).fit(X, y)
    assert len(pruned.tree_.questions) == len(left.questions)
    assert pruned.n_overlaps_ == whole.n_overlaps_  # what was pruned was paid for


def test_a_leaf_alone_has_nothing_to_prune():
    alone = QuantumDecisionTreeClassifier(min_samples_leaf=2).fit([[0.0], [1.0]], [0, 1]).tree_
    assert prune(alone, Impurity(None).entropy, 1.0) is alone
    path = pruning_path(alone, Impurity(None).entropy)
    assert (path.ccp_alphas.tolist(), path.impurities.tolist()) == ([0.0], [1.0])
    with pytest.raises(ValueError, match="ccp_alpha must be"):
        prune(alone, Impurity(None).entropy, -0.1)


@pytest.mark.parametrize("seed", [358, 1102])
def test_every_alpha_of_the_path_can_be_set(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.integers(0, 5, (60, 2)), rng.integers(0, 3, 60)
    y[:2] = 0, 1
    tree = QuantumDecisionTreeClassifier()
    path = tree.cost_complexity_pruning_path(X, y)
    assert path.ccp_alphas[1] == 0  # a question that is worth nothing: less than nothing, as floats have it
    assert (np.diff(path.ccp_alphas) >= 0).all()
    for alpha in path.ccp_alphas:
        tree.set_params(ccp_alpha=alpha).fit(X, y)
    assert tree.get_n_leaves() == 1
