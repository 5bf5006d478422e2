"""The ports of what a question of a tree is worth, against the library and scikit-learn."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.tree import DecisionTreeClassifier

from qlearn.learning.decision_trees import mixture_entropy
from qlearn.learning.decision_trees.splits import Impurity


def test_doubt_and_what_a_question_takes_away(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    yes, no = rng.integers(0, 40, (2, 1200, 3)) * (rng.random((2, 1200, 3)) < 0.8)
    yes[:, 0] += 1
    no[:, 2] += 1
    turned = rng.uniform(-np.pi, np.pi, (1200, 3))
    states = np.stack([np.cos(turned), np.sin(turned)], axis=-1)
    states[:100, 1] = states[:100, 0]  # two classes that are one
    doubts = [mixture_entropy(w, s) for w, s in zip(yes, states, strict=True)]
    agree(
        port("learning/decision_trees", "mixture_entropy", list(zip(yes, states, strict=True))),
        doubts,
        scale=1,
    )
    agree(
        port("learning/decision_trees", "mixture_entropy", [[w] for w in yes]), mixture_entropy(yes), scale=1
    )
    worth = [Impurity.of(s, 3).gain(a, b) for a, b, s in zip(yes, no, states, strict=True)]
    asked = list(zip(yes, no, states, strict=True))
    agree(port("learning/decision_trees", "gain", asked), worth, scale=1)
    plain = list(zip(yes, no, strict=True))
    agree(port("learning/decision_trees", "gain", plain), Impurity(None).gain(yes, no), scale=1)


def test_gini(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    yes, no = rng.integers(1, 30, (2, 1000, 3))
    fall, doubt = [], []
    for a, b in zip(yes, no, strict=True):
        X, y = np.repeat([[0.0], [1.0]], [a.sum(), b.sum()], axis=0), np.repeat([0, 1, 2, 0, 1, 2], [*a, *b])
        tree = DecisionTreeClassifier(max_depth=1, criterion="gini").fit(X, y).tree_
        doubt.append(tree.impurity[0])
        n = tree.n_node_samples
        after = tree.impurity[1:] @ n[1:] / n[0] if tree.node_count == 3 else tree.impurity[0]
        fall.append(tree.impurity[0] - after)
        assert tree.node_count == 3 or np.allclose(a / a.sum(), b / b.sum())
    agree(
        port("learning/decision_trees", "gini", [[a + b] for a, b in zip(yes, no, strict=True)]),
        doubt,
        scale=1,
    )
    agree(port("learning/decision_trees", "gini_gain", list(zip(yes, no, strict=True))), fall, scale=1)
    assert fall[0] == pytest.approx(
        1
        - (((yes[0] + no[0]) / (yes[0] + no[0]).sum()) ** 2).sum()
        - sum(s.sum() / (yes[0] + no[0]).sum() * (1 - ((s / s.sum()) ** 2).sum()) for s in (yes[0], no[0]))
    )
