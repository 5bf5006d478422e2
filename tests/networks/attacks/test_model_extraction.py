"""Extraction: exact where the answers are equations, approximate from labels, and free on an open line."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.linear_model import LinearRegression, LogisticRegression

from qlearn.learning import QNNClassifier
from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.attacks import (
    Heard,
    Tap,
    agreement,
    extract,
    solve_boundary,
    solve_fourier,
    solve_softmax,
)
from qlearn.networks.federated import Client, FedAvg, run, split


class Counting:
    """A victim that counts what it is asked."""

    def __init__(self, model):
        self.model, self.classes_, self.asked = model, model.classes_, 0

    def predict(self, X):
        self.asked += len(X)
        return self.model.predict(X)

    def predict_proba(self, X):
        self.asked += len(X)
        return self.model.predict_proba(X)


def logistic(seed, d=4, classes=(0, 1)):
    rng = np.random.default_rng(seed)
    k = 1 if len(classes) == 2 else len(classes)
    secret = [rng.normal(size=(d, k)), rng.normal(size=k)]
    return secret, SoftmaxClassifier(initial=secret).initialise(d, classes)


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(2, 4))
def test_softmax_is_solved_from_as_many_queries_as_unknowns(seed, d, n_classes):
    secret, victim = logistic(seed, d, range(n_classes))
    queries = np.vstack([np.zeros(d), np.eye(d)]) + 0.1 * np.random.default_rng(seed).normal(size=(d + 1, d))
    W, b = solve_softmax(victim, queries)
    gauge = 0 if n_classes == 2 else 1
    true = [p - gauge * p[..., :1] for p in secret]
    np.testing.assert_allclose(W, true[0], atol=1e-7)
    np.testing.assert_allclose(b, true[1], atol=1e-7)


def test_softmax_of_scikit_learn_is_solved():
    # an independent victim: its own coefficients are the oracle
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 3))
    y = np.where(X @ [1.0, -2.0, 0.5] > 0, "yes", "no")
    victim = LogisticRegression().fit(X, y)
    W, b = solve_softmax(victim, rng.normal(size=(4, 3)))
    np.testing.assert_allclose(W[:, 0], victim.coef_[0], atol=1e-9)
    np.testing.assert_allclose(b, victim.intercept_, atol=1e-9)


@pytest.mark.parametrize("d", [1, 2, 6])
def test_a_boundary_is_found_from_labels_alone(d):
    secret, model = logistic(3, d, classes=("a", "b"))
    victim = Counting(model)
    pool = np.random.default_rng(1).normal(size=(40, d)) * 3
    found = solve_boundary(victim, pool, bits=45, rng=2)
    length = np.linalg.norm(secret[0])
    np.testing.assert_allclose(found.weights, secret[0][:, 0] / length, atol=1e-8)
    assert found.offset == pytest.approx(secret[1][0] / length, abs=1e-8)
    assert found.n_queries == victim.asked == 40 + 45 * d


@settings(max_examples=15)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(
        [(1, 1, "phase"), (2, 2, "phase"), (1, 3, "reuploading"), (2, 2, "reuploading"), (3, 1, "phase")]
    ),
    st.sampled_from([(0, 1), ("a", "b", "c")]),
)
def test_a_quantum_network_is_a_fourier_series(seed, shape, classes):
    d, layers, encoding = shape
    model = QNNClassifier(layers=layers, encoding=encoding).initialise(d, classes, rng=seed)
    victim = Counting(model)
    highest = layers if encoding == "reuploading" else 1
    copy = solve_fourier(victim, d, highest)
    assert copy.n_queries == victim.asked == (2 * highest + 1) ** d
    X = np.random.default_rng(seed).uniform(-np.pi, np.pi, (50, d))
    np.testing.assert_allclose(copy.predict_proba(X), model.predict_proba(X), atol=1e-9)
    assert agreement(copy, model, X) == 1.0


def test_too_low_a_frequency_is_no_copy():
    victim = QNNClassifier(layers=3, encoding="reuploading").initialise(1, [0, 1], rng=0)
    X = np.linspace(-3, 3, 50)[:, None]
    assert np.abs(solve_fourier(victim, 1, 1).predict_proba(X) - victim.predict_proba(X)).max() > 0.01


def test_labels_teach_slowly_and_probabilities_at_once():
    # five unknowns: with 8 answers in probabilities every one of 20 victims is copied whole; with 8 labels, none; with
    # 400 labels each is agreed with better than with 8. Twenty fixed seeds
    fresh = np.random.default_rng(99).normal(size=(2000, 4))
    shares = {"few": [], "many": [], "exact": []}
    for seed in range(20):
        _, victim = logistic(seed)
        X = np.random.default_rng(seed + 100).normal(size=(400, 4))
        student = LogisticRegression(C=1e3, max_iter=1000)
        while len(np.unique(victim.predict(X[:8]))) < 2:
            X = np.roll(X, 8, axis=0)
        shares["few"].append(agreement(victim, extract(victim, student, X[:8]), fresh))
        shares["many"].append(agreement(victim, extract(victim, student, X), fresh))
        exact = extract(victim, LinearRegression(), X[:8], answers="probabilities")
        shares["exact"].append(agreement(victim, exact, fresh))
    assert min(shares["exact"]) == 1.0
    assert max(shares["few"]) < 1.0
    assert all(many > few for many, few in zip(shares["many"], shares["few"], strict=True))


def test_a_copy_of_three_classes_has_their_names():
    _, victim = logistic(1, 3, classes=("x", "y", "z"))
    X = np.random.default_rng(2).normal(size=(50, 3))
    for student, answers in ((LinearRegression(), "probabilities"), (LogisticRegression(C=100), "labels")):
        copy = extract(victim, student, X, answers)
        assert set(copy.predict(X)) <= {"x", "y", "z"}
        assert agreement(victim, copy, X) > 0.9
        assert copy.n_queries == 50


def test_agreement_by_hand():
    _, victim = logistic(0)
    X = np.random.default_rng(0).normal(size=(100, 4))
    other = logistic(1)[1]
    assert (
        agreement(victim, other, X)
        == sum(a == b for a, b in zip(victim.predict(X), other.predict(X), strict=True)) / 100
    )


def test_who_listens_has_the_model():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2))
    y = (X[:, 0] > 0).astype(int)
    model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None)
    clients = [Client(model, *part, classes=[0, 1]) for part in split(X, y, 3, rng=0)]
    line = Tap(clients[1])
    history = run([clients[0], line, clients[2]], FedAvg(), 5, rng=0)
    quiet = run(clients, FedAvg(), 5, rng=0)
    np.testing.assert_array_equal(history.parameters[0], quiet.parameters[0])  # nobody notices
    assert all(isinstance(h, Heard) for h in line.heard)
    assert [h.round for h in line.heard] == [1, 2, 3, 4, 5]
    # what comes down in round r + 1 is the model after round r
    for r in range(1, 5):
        after = run(clients, FedAvg(), r, rng=0).parameters
        np.testing.assert_array_equal(line.heard[r].down[0], after[0])
    up, _, _ = clients[1].fit(line.heard[2].down, {"epochs": 1})
    np.testing.assert_array_equal(line.heard[2].up[0], up[0])


class Certain:
    classes_ = np.array([0, 1])

    def predict(self, X):
        return np.zeros(len(X), dtype=int)

    def predict_proba(self, X):
        return np.tile([1.0, 0.0], (len(X), 1))


def test_refuses():
    _, victim = logistic(0, 2)
    with pytest.raises(
        ValueError, match="queries must be 3 in general position for 2 features: 3 rows give 2"
    ):
        solve_softmax(victim, [[0, 0], [1, 1], [2, 2]])
    with pytest.raises(ValueError, match="probabilities above 0"):
        solve_softmax(Certain(), [[0, 0], [1, 0], [0, 1]])
    with pytest.raises(ValueError, match="queries must be rows of features"):
        solve_softmax(victim, [0.0, 1.0])
    with pytest.raises(ValueError, match="queries must be finite"):
        solve_softmax(victim, [[np.nan, 0.0]])
    with pytest.raises(ValueError, match="queries must reach two classes"):
        extract(Certain(), LogisticRegression(), [[0.0], [1.0]])
    with pytest.raises(ValueError, match="answers must be one of labels, probabilities"):
        extract(victim, LogisticRegression(), [[0.0, 1.0]], "all")
    with pytest.raises(ValueError, match="pool must hold rows that the victim puts into two classes, not 1"):
        solve_boundary(Certain(), [[0.0], [1.0]])
    with pytest.raises(ValueError, match="enough different rows for 2 points"):
        solve_boundary(victim, [[30.0, 0.0], [-30.0, 0.0]])
    with pytest.raises(ValueError, match="the count grows as a power"):
        solve_fourier(victim, 20, 2)
    with pytest.raises(ValueError, match="highest must be at least 1"):
        solve_fourier(victim, 2, 0)
    with pytest.raises(TypeError, match="client must be a federated Client"):
        Tap(victim)
