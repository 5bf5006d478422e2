"""Norm clipping: the formula, Flower's own, and how far a round can go."""

import numpy as np
import pytest
from hypothesis import example, given, strategies as st

from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.federated import Client, FedAdam, FedAvg, FedMedian, FedProx, NormClipping, run
from tests.networks.federated.flower_oracle import SET_A, START, flower

numbers = st.one_of(st.floats(-10, 10), st.floats(-1.7e308, 1.7e308))
models = st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=5)


def updates_of(rows, n=10):
    return [([np.array(row[:2]), np.array([row[2]])], n) for row in rows]


def distance(model, current):
    """Euclidean, in Python floats that have no largest number in between."""
    gaps = [
        abs(float(a) / 4 - float(b) / 4)
        for p, q in zip(model, current, strict=True)
        for a, b in zip(p, q, strict=True)
    ]
    largest = max(gaps) or 1.0
    return 4 * largest * float(np.sqrt(sum((g / largest) ** 2 for g in gaps)))


@given(models, st.floats(1e-3, 1e3), st.tuples(numbers, numbers, numbers))
@example([(-1.7e308, 0.0, 0.0), (1.0, 1.7e308, 1e-308)], 1.0, (1.7e308, 0.0, 0.0))
def test_nobody_goes_further_than_allowed_and_the_rest_stays(rows, most, now):
    current = [np.array(now[:2]), np.array([now[2]])]
    for (clipped, n), (sent, _) in zip(
        NormClipping(most).clipped(updates_of(rows), current), updates_of(rows), strict=True
    ):
        assert n == 10
        rounding = 1e-12 * max(abs(x) for x in now) + 1e-9 * most
        assert distance(clipped, current) <= most + rounding
        if distance(sent, current) < most * (1 - 1e-9):
            assert all((a == b).all() for a, b in zip(clipped, sent, strict=True))


@pytest.mark.parametrize("most", [0.5, 3.0, 1e3])
def test_is_flowers(most):
    privacy = flower("flwr.supercore.differential_privacy")
    for (clipped, _), (sent, _) in zip(NormClipping(most).clipped(SET_A, START), SET_A, strict=True):
        theirs = [p.copy() for p in sent]
        privacy.compute_clip_model_update(theirs, START, most)
        for a, b in zip(clipped, theirs, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12)
    with pytest.raises(ZeroDivisionError):  # of a client that changed nothing
        privacy.compute_clip_model_update([p.copy() for p in START], START, most)
    (still, _) = NormClipping(most).clipped([(START, 10)], START)[0]
    assert str(still) == str(START)


def test_a_claim_moves_the_mean_by_the_norm_and_no_further():
    honest = updates_of([(0.1, 0.0, 0.0)] * 9)
    lie = ([np.array([1e6, 0.0]), np.array([0.0])], 10**9)
    zero = [np.zeros(2), np.zeros(1)]
    (moved, _), _ = NormClipping(0.5).aggregate([*honest, lie], zero)
    assert moved[0] == pytest.approx(0.5, rel=1e-6)
    (held, _), _ = NormClipping(0.5, FedMedian(4)).aggregate([*honest, lie], zero)
    assert held[0] == pytest.approx(0.1)
    (carried, _), _ = FedAvg().aggregate([*honest, lie], zero)
    assert carried[0] > 9e5


def test_a_strategy_in_it_keeps_its_own():
    inside = FedAdam(eta=0.3, local_epochs=2, fraction=0.5)
    strategy = NormClipping(1e9, inside)
    assert strategy.choose(10, 3) == inside.choose(10, 3)
    assert strategy.config(4) == inside.config(4)
    assert NormClipping(1.0, FedProx(0.5)).config(1)["proximal_mu"] == 0.5
    clients = [Client(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    ours, theirs = (run(clients, s, rounds=3, rng=0) for s in (strategy, inside))
    for a, b in zip(ours.parameters, theirs.parameters, strict=True):
        assert (a == b).all()
    assert repr(ours.state) == repr(theirs.state)


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: NormClipping(0), ValueError, "most must be above 0, not 0"),
        (lambda: NormClipping(np.nan), ValueError, "most must be a finite number"),
        (lambda: NormClipping(1.0, FedAvg), TypeError, "strategy must be a strategy, such as FedAvg"),
        (lambda: NormClipping(1.0, "mean"), TypeError, "strategy must be a strategy"),
        (lambda: NormClipping(1.0).aggregate([], START), ValueError, "no client answered"),
        (
            lambda: NormClipping(1.0).aggregate(SET_A, [np.zeros(1), np.zeros(1)]),
            ValueError,
            "the shapes of the current model",
        ),
        (
            lambda: NormClipping(1.0).aggregate([([np.array([np.nan])], 1)], [np.zeros(1)]),
            ValueError,
            "update 0 holds NaN",
        ),
    ],
)
def test_refuses(make, error, says):
    with pytest.raises(error, match=says):
        make()
