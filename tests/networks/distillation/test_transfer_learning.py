"""Transfer: what stays and what moves, and users whose zones another node sees turned."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from qlearn.learning import QNNClassifier
from qlearn.learning.neural_networks import HybridClassifier, SoftmaxClassifier
from qlearn.networks.distillation import transfer, turned_zones


@pytest.fixture(scope="module")
def home():
    X, y = turned_zones(150, rng=0)
    return QNNClassifier(layers=3, epochs=60, random_state=0).fit(X, y)


THERE = turned_zones(30, turn=0.3, rng=1)


def test_warm_is_training_on(home):
    found = transfer(home, *THERE, epochs=4, rng=7)
    by_hand = QNNClassifier(layers=3).initialise(2, [0, 1], rng=7).set_parameters(home.get_parameters())
    rng = np.random.default_rng(7)
    QNNClassifier(layers=3).initialise(2, [0, 1], rng=rng)  # the draws that the copy made before its batches
    by_hand.train(by_hand.prepare(*THERE), 4, rng)
    for a, b in zip(found.get_parameters(), by_hand.get_parameters(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_frozen_trains_a_linear_model_of_the_expectation_values(home):
    # an independent way to the same readout: softmax regression on what the frozen circuit measures
    found = transfer(home, *THERE, how="frozen", epochs=6, rng=7)
    X, y = THERE
    probabilities = np.abs(home.circuit(X).run()) ** 2
    z = np.column_stack([probabilities @ [1, 1, -1, -1], probabilities @ [1, -1, 1, -1]])
    rng = np.random.default_rng(7)
    QNNClassifier(layers=3).initialise(2, [0, 1], rng=rng)
    linear = SoftmaxClassifier(initial=home.get_parameters()[1:]).initialise(2, [0, 1])
    linear.train(linear.prepare(z, y), 6, rng)
    np.testing.assert_allclose(found.get_parameters()[1], linear.get_parameters()[0], atol=1e-10)
    np.testing.assert_allclose(found.get_parameters()[2], linear.get_parameters()[1], atol=1e-10)
    np.testing.assert_array_equal(found.get_parameters()[0], home.get_parameters()[0])


def test_scratch_knows_nothing_and_the_model_stays_as_it_was(home):
    before = home.get_parameters()
    found = transfer(home, *THERE, how="scratch", epochs=3, rng=7)
    fresh = QNNClassifier(layers=3, epochs=3, random_state=7).fit(*THERE)
    for a, b in zip(found.get_parameters(), fresh.get_parameters(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert all((a == b).all() for a, b in zip(before, home.get_parameters(), strict=True))


def test_a_hybrid_keeps_its_layers_and_a_net_too():
    X, y = turned_zones(40, rng=0)
    for model in (
        HybridClassifier(2, epochs=2, random_state=0),
        HybridClassifier(3, epochs=2, with_circuit=False, random_state=0),
    ):
        found = transfer(model.fit(X, y), *THERE, how="frozen", epochs=2, rng=0)
        kept = [
            bool((a == b).all()) for a, b in zip(model.get_parameters(), found.get_parameters(), strict=True)
        ]
        assert kept == [True, True, True, False, False]


@pytest.mark.parametrize("turn", [0.0, 0.2, -0.4, np.pi / 2])
def test_the_old_rule_is_right_as_often_as_the_formula_says(turn):
    # 40,000 users: sd at most 0.0025; 6 sd is a false alarm of 2e-9 each
    X, y = turned_zones(40_000, turn, rng=3)
    right = np.mean((X.prod(axis=1) > 0) == y)
    assert abs(right - (1 - 2 * abs(turn) / np.pi)) <= 6 * 0.0025


def test_users_are_spread_over_the_disc_and_labels_go_wrong_as_told():
    X, y = turned_zones(40_000, wrong=0.1, rng=4)
    radius = np.hypot(*X.T)
    assert radius.max() <= 1.5
    assert abs(np.mean(radius < 1.5 / np.sqrt(2)) - 0.5) < 6 * 0.0025  # half of the area
    assert abs(np.mean((X.prod(axis=1) > 0) != y) - 0.1) < 6 * 0.0015
    assert (turned_zones(5, rng=1)[0] == turned_zones(5, rng=1)[0]).all()


@pytest.mark.parametrize(
    ("error", "call", "says"),
    [
        (ValueError, lambda m: transfer(m, *THERE, how="cold"), "how must be one of"),
        (
            TypeError,
            lambda m: transfer(LogisticRegression(), *THERE),
            "model must be a classifier trained by gradients",
        ),
        (ValueError, lambda m: transfer(m, THERE[0], ["a"] * 30), "y must hold the classes"),
        (
            ValueError,
            lambda m: transfer(SoftmaxClassifier(epochs=1).fit(*THERE), *THERE, how="frozen"),
            "a readout alone",
        ),
        (ValueError, lambda m: turned_zones(0), "n must be at least 1"),
        (ValueError, lambda m: turned_zones(3, wrong=1.5), "wrong must be a probability"),
        (TypeError, lambda m: turned_zones(3, "left"), "turn must be a number"),
    ],
)
def test_refuses(home, error, call, says):
    with pytest.raises(error, match=says):
        call(home)
