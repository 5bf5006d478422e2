"""Merged outputs: two kinds of mean, against scikit-learn's voting, and what does not fit together."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from qlearn.networks.distillation import Ensemble, merged_probabilities

RNG = np.random.default_rng(0)
X = RNG.normal(size=(80, 2))
Y = np.where(X[:, 0] * X[:, 1] > 0, "same", "other")


def members():
    return [
        LogisticRegression(),
        DecisionTreeClassifier(max_depth=2, random_state=0),
        DecisionTreeClassifier(max_depth=1),
    ]


def test_the_mean_of_probabilities_is_scikit_learns_soft_vote():
    weights = [1.0, 2.0, 0.5]
    named = list(zip("abc", members(), strict=True))
    vote = VotingClassifier(named, voting="soft", weights=weights).fit(X, Y)
    merged = Ensemble([model.fit(X, Y) for model in members()], weights)
    np.testing.assert_allclose(merged.predict_proba(X), vote.predict_proba(X), atol=1e-12)
    assert (merged.predict(X) == vote.predict(X)).all()


def outputs(n_models):
    raw = st.lists(st.lists(st.floats(0.01, 1), min_size=3, max_size=3), min_size=n_models, max_size=n_models)
    return raw.map(lambda p: np.array(p)[:, None] / np.sum(p, axis=1)[:, None, None])


@given(outputs(4))
def test_the_mean_of_scores_is_the_geometric_mean(p):
    merged = merged_probabilities(p, [1, 1, 2, 4], mean="logits")[0]
    product = (p[:, 0] ** (np.array([1, 1, 2, 4]) / 8)[:, None]).prod(axis=0)
    np.testing.assert_allclose(merged, product / product.sum(), atol=1e-12)


@given(outputs(3), st.sampled_from(["probabilities", "logits"]))
def test_models_that_agree_are_repeated_and_order_does_not_matter(p, mean):
    same = merged_probabilities(np.repeat(p[:1], 5, axis=0), mean=mean)
    np.testing.assert_allclose(same, p[0], atol=1e-9)
    np.testing.assert_allclose(
        merged_probabilities(p, mean=mean), merged_probabilities(p[::-1], mean=mean), atol=1e-12
    )


def test_one_sure_model_silences_the_others_only_in_the_mean_of_scores():
    sure, doubting = [[1.0, 0.0]], [[0.2, 0.8]]
    poll = merged_probabilities([sure, doubting, doubting, doubting])
    product = merged_probabilities([sure, doubting, doubting, doubting], mean="logits")
    assert poll[0].argmax() == 1
    assert product[0].argmax() == 0
    assert 0 < product[0, 1] < 0.01


@pytest.mark.parametrize(
    ("error", "call", "says"),
    [
        (ValueError, lambda: merged_probabilities([[0.5, 0.5]]), "outputs must have shape"),
        (ValueError, lambda: merged_probabilities([[[0.5, 0.6]]]), "outputs must have shape"),
        (ValueError, lambda: merged_probabilities([[[1.5, -0.5]]]), "outputs must be probabilities"),
        (ValueError, lambda: merged_probabilities([[[0.5, 0.5]]], [1, 2]), "weights must hold one number"),
        (ValueError, lambda: merged_probabilities([[[0.5, 0.5]]], [0]), "not all 0"),
        (
            ValueError,
            lambda: merged_probabilities([[[0.5, 0.5]]], [-1]),
            "weights must be finite and at least 0",
        ),
        (ValueError, lambda: merged_probabilities([[[0.5, 0.5]]], mean="votes"), "mean must be one of"),
        (ValueError, lambda: Ensemble([]), "models must hold at least one"),
        (TypeError, lambda: Ensemble([LogisticRegression()]), "models must be fitted classifiers"),
        (
            ValueError,
            lambda: Ensemble([LogisticRegression().fit([[0], [1]], c) for c in ([0, 1], [0, 2])]),
            "models must know the same classes",
        ),
    ],
)
def test_refuses(error, call, says):
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize("mean", ["probabilities", "logits"])
def test_what_all_say_alike_is_given_back(mean):
    said = [[0.7, 0.2, 0.1], [0.05, 0.9, 0.05]]
    np.testing.assert_allclose(merged_probabilities([said] * 4, [3, 1, 2, 1], mean=mean), said, atol=1e-12)
