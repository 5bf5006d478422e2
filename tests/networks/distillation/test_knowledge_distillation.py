"""Distillation: against a descent written out, between quantum and classical models, and what it refuses."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

from qlearn.learning import QNNClassifier
from qlearn.learning.neural_networks import HybridClassifier, SoftmaxClassifier
from qlearn.networks.distillation import Ensemble, distill, soft_labels, teacher_logits


def rows(seed=0, n=60, d=2, n_classes=3):
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1.5, 1.5, (n, d))
    stripe = np.floor((X[:, 0] + 1.5) / 3 * n_classes).astype(int)
    return X, np.array(["red", "green", "blue"])[stripe]


class Scores:
    """A teacher of which nothing is known but its scores."""

    def __init__(self, weights, classes):
        self.weights, self.classes_ = np.asarray(weights, float), np.asarray(classes)

    def decision_function(self, X):
        return np.asarray(X) @ self.weights

    def predict(self, X):
        return self.classes_[self.decision_function(X).argmax(axis=1)]


def written_out(X, v, T, epochs, rate):
    """Gradient descent on the cross-entropy of soft labels, with T squared: plain NumPy, a row at a time."""
    W, b = np.zeros((X.shape[1], v.shape[1])), np.zeros(v.shape[1])
    for _ in range(epochs):
        gW, gb = np.zeros_like(W), np.zeros_like(b)
        for x, scores in zip(X, v, strict=True):
            p, q = (np.exp(s / T) / np.exp(s / T).sum() for s in (scores, x @ W + b))
            slope = T**2 * (q - p) / T / len(X)
            gW += np.outer(x, slope)
            gb += slope
        W, b = W - rate * gW, b - rate * gb
    return W, b


@pytest.mark.parametrize("T", [1.0, 4.0])
def test_it_is_the_descent_written_out(T):
    X, _ = rows()
    teacher = Scores(np.random.default_rng(1).normal(size=(2, 3)), ["a", "b", "c"])
    plain = SoftmaxClassifier(optimizer="sgd", learning_rate=0.3, batch_size=None, epochs=7)
    student = distill(teacher, plain, X, temperature=T, rng=0)
    W, b = written_out(X, X @ teacher.weights, T, 7, 0.3)
    np.testing.assert_allclose(student.get_parameters()[0], W, atol=1e-12)
    np.testing.assert_allclose(student.get_parameters()[1], b, atol=1e-12)


def test_a_student_of_the_teachers_kind_finds_its_scores():
    X, _ = rows()
    teacher = Scores([[1.0, -0.5, 0.0], [0.2, 0.9, -1.0]], ["a", "b", "c"])
    student = distill(teacher, SoftmaxClassifier(batch_size=None, epochs=3000), X, temperature=3, rng=0)
    np.testing.assert_allclose(student.predict_proba(X), soft_labels(X @ teacher.weights), atol=1e-4)


def test_labels_alone_are_the_students_own_training():
    X, y = rows()
    teacher = Scores(np.ones((2, 3)), np.unique(y))
    own = QNNClassifier(layers=1, epochs=4, random_state=3).fit(X, y)
    told = distill(teacher, QNNClassifier(layers=1, epochs=4), X, y=y, hard_share=1.0, temperature=5, rng=3)
    for a, b in zip(own.get_parameters(), told.get_parameters(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-12)


def test_columns_of_a_teacher_follow_its_own_order_of_classes():
    X, _ = rows()
    W = np.array([[1.0, -0.5, 0.0], [0.2, 0.9, -1.0]])
    plain = SoftmaxClassifier(epochs=5, batch_size=None)
    sorted_ = distill(Scores(W, ["a", "b", "c"]), plain, X, rng=0)
    shuffled = distill(Scores(W[:, [2, 0, 1]], ["c", "a", "b"]), plain, X, rng=0)
    np.testing.assert_allclose(sorted_.predict_proba(X), shuffled.predict_proba(X), atol=1e-12)


def test_two_classes_have_one_score_and_the_same_answer():
    X, _ = rows()
    one = LogisticRegression().fit(X, X[:, 0] > 0)
    two = Scores(np.column_stack([np.zeros(2), one.coef_[0]]), [False, True])
    one.intercept_[:] = 0
    plain = SoftmaxClassifier(epochs=30)
    a, b = (distill(teacher, plain, X, temperature=2, rng=0).predict_proba(X) for teacher in (one, two))
    np.testing.assert_allclose(a, b, atol=1e-12)


TEACHERS = {
    "quantum": lambda: QNNClassifier(layers=2, epochs=10, random_state=0),
    "net": lambda: HybridClassifier(6, with_circuit=False, epochs=10, random_state=0),
    "forest": lambda: RandomForestClassifier(20, random_state=0),
    "distances": lambda: SVC(decision_function_shape="ovr"),
    "pipeline": lambda: make_pipeline(StandardScaler(), LogisticRegression()),
}
STUDENTS = {
    "quantum": QNNClassifier(layers=2, epochs=80),
    "hybrid": HybridClassifier(2, epochs=80),
    "net": HybridClassifier(4, with_circuit=False, epochs=80),
}


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("teacher", TEACHERS)
@pytest.mark.parametrize("student", STUDENTS)
def test_every_kind_teaches_every_kind(teacher, student, n_classes):
    X, y = rows(n=80, n_classes=n_classes)
    master = TEACHERS[teacher]().fit(X, y)
    pupil = distill(master, STUDENTS[student], X, temperature=2, rng=1)
    assert type(pupil) is type(STUDENTS[student])
    assert pupil.classes_.tolist() == np.unique(y).tolist()
    # far above what a student without a lesson reaches: its first parameters agree on about one row of n_classes
    assert np.mean(pupil.predict(X) == master.predict(X)) > 1 / n_classes + 0.15
    assert pupil.loss_curve_[-1] < 0.8 * pupil.loss_curve_[0]


def test_an_ensemble_teaches_and_probabilities_stand_for_scores():
    X, y = rows(n_classes=2)
    members = [LogisticRegression(C=C).fit(X, y) for C in (0.1, 10)]
    v = teacher_logits(Ensemble(members), X)
    mean = np.mean([m.predict_proba(X) for m in members], axis=0)
    np.testing.assert_allclose(soft_labels(v), mean, atol=1e-12)
    assert (
        distill(Ensemble(members), SoftmaxClassifier(epochs=200), X, rng=0).score(
            X, Ensemble(members).predict(X)
        )
        > 0.9
    )


def test_unlabelled_rows_are_learned_from_the_teacher_alone():
    X, y = rows(n_classes=2)
    more = rows(seed=1)[0]
    teacher = LogisticRegression().fit(X, y)
    plain = SoftmaxClassifier(optimizer="sgd", batch_size=None, epochs=3)
    both = distill(teacher, plain, X, y=y, hard_share=0.5, unlabelled=more, rng=0)
    oracle_targets = teacher.predict_proba(np.r_[X, more])[:, 1]
    truth = np.r_[(y == teacher.classes_[1]).astype(float), oracle_targets[len(X) :]]
    target = (
        0.5 * oracle_targets + 0.5 * truth
    )  # the gradient of a mixed loss at T = 1 is that of the mixed label
    w, b = np.zeros(2), 0.0
    Z = np.r_[X, more]
    for _ in range(3):
        q = 1 / (1 + np.exp(-(Z @ w + b)))
        w, b = w - 0.05 * (q - target) @ Z / len(Z), b - 0.05 * np.mean(q - target)
    np.testing.assert_allclose(both.get_parameters()[0][:, 0], w, atol=1e-12)
    assert both.get_parameters()[1][0] == pytest.approx(b, abs=1e-12)


def test_the_given_student_is_not_changed_and_a_seed_repeats():
    X, y = rows(n_classes=2)
    teacher = LogisticRegression().fit(X, y)
    given = QNNClassifier(layers=1, epochs=2)
    first, again, other = (distill(teacher, given, X, rng=seed).get_parameters()[0] for seed in (5, 5, 6))
    assert not hasattr(given, "parameters_")
    assert (first == again).all()
    assert (first != other).any()


def test_epochs_may_be_said_and_a_start_given():
    X, y = rows(n_classes=2)
    teacher = LogisticRegression().fit(X, y)
    start = [np.array([[1.0], [2.0]]), np.array([0.5])]
    pupil = distill(teacher, SoftmaxClassifier(initial=start, learning_rate=1e-12), X, epochs=3)
    assert len(pupil.loss_curve_) == 3
    np.testing.assert_allclose(pupil.get_parameters()[0], start[0], atol=1e-9)


def test_quantum_states_are_rows_too():
    rng = np.random.default_rng(0)
    states = rng.normal(size=(40, 4)) + 1j * rng.normal(size=(40, 4))
    states /= np.linalg.norm(states, axis=1, keepdims=True)
    y = (np.abs(states[:, 0]) > 0.5).astype(int)
    teacher = QNNClassifier(encoding="state", layers=3, epochs=30, random_state=0).fit(states, y)
    pupil = distill(teacher, QNNClassifier(encoding="state", layers=1, epochs=60), states, rng=0)
    assert np.mean(pupil.predict(states) == teacher.predict(states)) > 0.6


def _fitted():
    X, y = rows(n_classes=2)
    return LogisticRegression().fit(X, y), X, y


@pytest.mark.parametrize(
    ("error", "call", "says"),
    [
        (
            TypeError,
            lambda t, X, y: distill(t, LogisticRegression(), X),
            "student must be trained by gradients",
        ),
        (
            TypeError,
            lambda t, X, y: distill(LogisticRegression(), SoftmaxClassifier(), X),
            "teacher must be a fitted",
        ),
        (TypeError, lambda t, X, y: distill(KNN(), SoftmaxClassifier(), X), "gives labels alone"),
        (ValueError, lambda t, X, y: distill(t, SoftmaxClassifier(), X, hard_share=0.5), "y must be given"),
        (
            ValueError,
            lambda t, X, y: distill(t, SoftmaxClassifier(), X, temperature=0),
            "temperature must be above 0",
        ),
        (ValueError, lambda t, X, y: distill(t, SoftmaxClassifier(), X, hard_share=2), "hard_share"),
        (
            ValueError,
            lambda t, X, y: distill(t, SoftmaxClassifier(), X, unlabelled=[[1.0]]),
            "unlabelled must be rows",
        ),
        (
            ValueError,
            lambda t, X, y: distill(t, SoftmaxClassifier(), X, y=["lilac"] * len(X), hard_share=1),
            "y must hold the classes",
        ),
        (
            ValueError,
            lambda t, X, y: distill(t, SoftmaxClassifier(), X, epochs=0),
            "epochs must be at least 1",
        ),
    ],
)
def test_refuses(error, call, says):
    with pytest.raises(error, match=says):
        call(*_fitted())


class Says:
    """A teacher of two classes that answers whatever it is asked with the same probabilities."""

    classes_ = np.array([0, 1])

    def __init__(self, p):
        self.p = np.array(p)

    def predict(self, X):
        return np.zeros(len(X), int)

    def predict_proba(self, X):
        return self.p


@pytest.mark.parametrize(
    ("p", "says"),
    [
        ([[5.0, 5.0]] * 3, "add up to 1 in each row, not to 10"),
        ([[0.5, 0.5], [0.2, 0.3], [1, 0]], "not to 0.5"),
        ([[0.5, 0.5]] * 2, "each of the 3 rows"),
        ([[0.5, 0.5]] * 4, "each of the 3 rows"),
        ([0.5, 0.5, 0.5], "each of the 3 rows"),
        ([[0.2, 0.3, 0.5]] * 3, "each of its 2 classes"),
    ],
)
def test_answers_that_are_no_probabilities_of_these_rows(p, says):
    with pytest.raises(ValueError, match=says):
        distill(Says(p), SoftmaxClassifier(epochs=1), np.zeros((3, 2)), rng=0)
    distill(Says([[0.5, 0.5]] * 3), SoftmaxClassifier(epochs=1), np.zeros((3, 2)), rng=0)


class KNN:
    """A teacher that says labels and nothing else."""

    classes_ = np.array([0, 1])

    def predict(self, X):
        return np.zeros(len(X), int)


def test_machines_of_pairs_are_refused_and_distances_are_taken():
    X, y = rows()
    pairs = SVC(decision_function_shape="ovo").fit(*_four_classes())
    with pytest.raises(ValueError, match='decision_function_shape="ovr"'):
        teacher_logits(pairs, X)
    for machine in (LinearSVC(), RidgeClassifier()):
        assert teacher_logits(machine.fit(X, y), X).shape == (len(X), 3)


def _four_classes():
    X, _ = rows()
    return X, (X[:, 0] > 0).astype(int) + 2 * (X[:, 1] > 0)
