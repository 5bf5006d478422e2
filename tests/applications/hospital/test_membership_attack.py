"""Membership inference: thresholds against the definition, the area against pairs, and a model that learned by heart."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import ks_2samp
from sklearn.metrics import log_loss, roc_auc_score

from qlearn.applications.hospital import loss_threshold, membership_inference, row_losses

losses = st.lists(st.integers(0, 8).map(lambda k: k / 4), min_size=1, max_size=30)


@given(losses, losses)
def test_threshold_is_the_best_there_is(members, others):
    cut = loss_threshold(members, others)
    found = membership_inference(members, others, cut).advantage
    every = [membership_inference(members, others, t).advantage for t in {*members, *others}]
    assert found == max(every)
    assert cut in {*members, *others}
    assert cut == min(
        t for t in {*members, *others} if membership_inference(members, others, t).advantage == found
    )


@given(losses, losses)
def test_area_is_that_of_all_pairs_and_of_scikit_learn(members, others):
    seen = membership_inference(members, others, 0.5)
    pairs = [(m < o) + (m == o) / 2 for m in members for o in others]
    assert seen.auc == pytest.approx(np.mean(pairs), abs=1e-12)
    labels = [1] * len(members) + [0] * len(others)
    assert seen.auc == pytest.approx(roc_auc_score(labels, [-x for x in members + others]), abs=1e-12)


def test_largest_advantage_is_the_statistic_of_kolmogorov_and_smirnov():
    rng = np.random.default_rng(0)
    members, others = rng.exponential(1.0, 200), rng.exponential(2.0, 300)
    best = membership_inference(members, others, loss_threshold(members, others)).advantage
    assert best == pytest.approx(ks_2samp(members, others, alternative="greater").statistic, abs=1e-12)


def test_row_losses_add_up_to_the_log_loss():
    rng = np.random.default_rng(1)
    p = rng.dirichlet([1, 1, 1], 50)
    y = rng.integers(0, 3, 50)
    assert row_losses(p, y).mean() == pytest.approx(log_loss(y, p, labels=[0, 1, 2]))
    assert row_losses([[0.0, 1.0]], [0])[0] == pytest.approx(700)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: row_losses([0.5, 0.5], [0]), "must have shapes"),
        (lambda: row_losses([[0.5, 0.5]], [2]), "columns of probabilities, 0 to 1"),
        (lambda: row_losses([[0.5, 1.5]], [0]), "probabilities must"),
        (lambda: loss_threshold([], [1.0]), "member_losses must be one loss a patient"),
        (lambda: membership_inference([1.0], [[1.0]], 0.0), "other_losses must be one loss a patient"),
        (lambda: membership_inference([1.0], [1.0], float("nan")), "threshold must"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
