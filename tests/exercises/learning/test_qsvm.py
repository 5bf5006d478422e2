"""The exercises on quantum kernels take right answers of another style, and no wrong one."""

from itertools import product

import numpy as np
import pytest
from scipy.linalg import eigh, polar, sqrtm
from sklearn.base import clone
from sklearn.metrics import accuracy_score
from sklearn.model_selection import (
    GridSearchCV,
    ParameterGrid,
    StratifiedKFold,
    cross_val_score,
    train_test_split,
)

from qlearn.exercises.learning import qsvm as exercises
from qlearn.learning.encodings import AngleEncoding
from qlearn.learning.qsvm import QSVC, geometric_difference, kernel_alignment
from qlearn.qubits import Circuit
from tests.exercises.tried import passes, refused

# one_overlap and gram


def test_one_overlap_may_be_a_number():
    assert exercises.one_overlap.check(0.25)
    assert "amplitude" in refused(exercises.one_overlap, 0.5)
    assert refused(exercises.one_overlap, np.cos(0.2 + np.pi / 3) ** 2)


@pytest.mark.parametrize(
    "answer",
    [
        lambda A, B: np.abs(np.einsum("ia,ja->ij", A.conj(), B)) ** 2,
        lambda A, B: np.abs(np.inner(A, B.conj())) ** 2,
        lambda A, B: (lambda G: G.real**2 + G.imag**2)(A @ B.conj().T),
        lambda A, B: np.abs((A[:, None].conj() * B[None]).sum(-1)) ** 2,
        lambda A, B: ((A.conj() @ B.T) * (A @ B.conj().T)).real,
    ],
)
def test_overlaps_may_be_taken_in_any_way_without_a_loop(answer):
    assert passes(exercises.gram, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda A, B: [[np.abs(a.conj() @ b) ** 2 for b in B] for a in A],
        lambda A, B: np.array([np.abs(B.conj() @ a) ** 2 for a in A]),
        lambda A, B: np.apply_along_axis(lambda a: np.abs(B.conj() @ a) ** 2, 1, A),
        lambda A, B: [
            [abs(sum(x.conjugate() * y for x, y in zip(a, b, strict=True))) ** 2 for b in B] for a in A
        ],
    ],
)
def test_overlaps_in_a_loop_are_refused(answer):
    assert "with a loop" in refused(exercises.gram, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda A, B: np.abs(A.conj() @ A.T) ** 2,
        lambda A, B: np.abs(A.conj().T @ B) ** 2 if len(A) == len(B) else np.zeros((len(A), len(B))),
        lambda A, B: (A.real @ B.real.T) ** 2,
        lambda A, B: 1 - np.abs(A.conj() @ B.T) ** 2,
        lambda A, B: np.abs(A.conj() @ B.T) ** 4,
    ],
)
def test_other_tables_are_refused(answer):
    assert "with a loop" not in refused(exercises.gram, answer)


# shots_needed


@pytest.mark.parametrize(
    "answer",
    [
        lambda k, r: np.ceil((1 - k) / (k * r**2)),
        lambda k, r: int(-(-(1 - k) // (k * r**2))),
        lambda k, r: k * (1 - k) / (r * k) ** 2,
        lambda k, r: (1 / k - 1) / r / r,
    ],
)
def test_shots_may_be_rounded_up_or_not(answer):
    assert passes(exercises.shots_needed, answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda k, r: int((1 - k) / (k * r**2)), "round down"),
        (lambda k, r: round((1 - k) / (k * r**2)), "nearest"),
        (lambda k, r: int((1 - k) / (k * r**2)) + 1, "one too many"),
        (lambda k, r: np.ceil((1 - k) / (k * r**2)) + 1, "number is not right"),
        (lambda k, r: np.ceil(100 * (1 - k) / k), "number is not right"),
        (lambda k, r: (1 - k) / (k * r), ""),
        (lambda k, r: 2.0 ** round(-np.log2(k)) / r**2, ""),
    ],
)
def test_too_few_shots_and_too_many_are_refused(answer, word):
    assert word in refused(exercises.shots_needed, answer)


# repair


@pytest.mark.parametrize(
    "answer",
    [
        lambda K: (K + polar(K)[1]) / 2,
        lambda K: (K + sqrtm(K @ K).real) / 2,
        lambda K: sum(max(v, 0) * np.outer(u, u) for v, u in zip(*map(np.transpose, eigh(K)), strict=True)),
        lambda K: np.maximum(np.linalg.eigh(K)[0], 0) * np.linalg.eigh(K)[1] @ np.linalg.eigh(K)[1].T,
    ],
)
def test_a_table_may_be_repaired_in_any_way(answer):
    assert passes(exercises.repair, answer)


def unit_diagonal(K):
    near = exercises.repair(K)
    scale = 1 / np.sqrt(np.diag(near).clip(1e-9))
    return near * np.outer(scale, scale)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda K: K, "nothing has changed"),
        (lambda K: np.eye(len(K)), "not the nearest"),
        (lambda K: 0 * K, "not the nearest"),
        (unit_diagonal, "not the nearest"),
        (lambda K: np.abs(K), "still below 0"),
        (lambda K: np.triu(K), "symmetric"),
        (lambda K: np.linalg.cholesky(K + 10 * np.eye(len(K))), "symmetric"),
        (
            lambda K: (lambda v, U: (U * np.where(v < 0, 1e-3, v)) @ U.T)(*np.linalg.eigh(K)),
            "not the nearest",
        ),
        (lambda K: K @ K.T, "multiplied"),
        (lambda K: sqrtm(K @ K).real, "turned the negative"),
    ],
)
def test_other_repairs_are_refused(answer, word):
    assert word in refused(exercises.repair, answer)


# honest_score


def split(X, y, seed):
    return train_test_split(X, y, test_size=0.3, random_state=seed)


def reports_first(model, grid, X, y, seed):
    X, X_test, y, y_test = split(X, y, seed)
    search = GridSearchCV(model, grid).fit(X, y)
    search.predict(X_test)
    score = search.score(X_test, y_test)
    search.score(X, y)  # a look at the training rows afterwards does no harm
    return score


def stratified_and_by_hand(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed, stratify=y)
    folds = StratifiedKFold(4, shuffle=True, random_state=1)
    best = max(
        ParameterGrid(grid),
        key=lambda one: cross_val_score(clone(model).set_params(**one), X, y, cv=folds).mean(),
    )
    return accuracy_score(y_test, clone(model).set_params(**best).fit(X, y).predict(X_test))


def by_a_permutation(model, grid, X, y, seed):
    order = np.random.default_rng(seed).permutation(len(y))
    held, rest = np.split(order, [round(0.3 * len(y))])
    best = GridSearchCV(model, grid, cv=5, scoring="accuracy", return_train_score=True).fit(X[rest], y[rest])
    return np.mean(best.best_estimator_.predict(X[held]) == y[held])


@pytest.mark.parametrize("answer", [reports_first, stratified_and_by_hand, by_a_permutation])
def test_an_honest_score_may_be_taken_in_any_honest_way(answer):
    assert passes(exercises.honest_score, answer)


def the_worst(model, grid, X, y, seed):
    X, X_test, y, y_test = split(X, y, seed)
    search = GridSearchCV(model, grid, cv=3, scoring=lambda m, X, y: -m.score(X, y)).fit(X, y)
    return search.score(X_test, y_test) * -1 if False else search.best_estimator_.score(X_test, y_test)


def the_first(model, grid, X, y, seed):
    X, X_test, y, y_test = split(X, y, seed)
    GridSearchCV(model, grid, cv=3).fit(X, y)
    return model.set_params(threshold=grid["threshold"][0]).fit(X, y).score(X_test, y_test)


def by_the_training_rows(model, grid, X, y, seed):
    X, X_test, y, y_test = split(X, y, seed)
    best = max(grid["threshold"], key=lambda t: model.set_params(threshold=t).fit(X, y).score(X, y))
    return model.set_params(threshold=best).fit(X, y).score(X_test, y_test)


def searches_before_the_split(model, grid, X, y, seed):
    best = GridSearchCV(model, grid, cv=3).fit(X, y).best_params_
    X, X_test, y, y_test = split(X, y, seed)
    return model.set_params(**best).fit(X, y).score(X_test, y_test)


def half_of_them(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.5, random_state=seed)
    return GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)


def a_quarter(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, random_state=seed)
    return GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)


def of_the_training_rows(model, grid, X, y, seed):
    X, X_test, y, _ = split(X, y, seed)
    search = GridSearchCV(model, grid, cv=3).fit(X, y)
    search.predict(X_test)
    return search.score(X, y)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (the_worst, "the folds prefer another"),
        (the_first, "the folds prefer another"),
        (by_the_training_rows, "learns by heart"),
        (searches_before_the_split, "each of the"),
        (half_of_them, "you hold out"),
        (a_quarter, "you hold out"),
        (of_the_training_rows, "not the accuracy"),
        (lambda model, grid, X, y, seed: 0.9, "did not compare"),
        (lambda model, grid, X, y, seed: 1.5 * reports_first(model, grid, X, y, seed), "not the accuracy"),
    ],
)
def test_a_flattered_score_is_refused(answer, word):
    assert word in refused(exercises.honest_score, answer)


# alignment and geometric


def by_means(K, y):
    z = y - y.mean()
    K = K - K.mean(0) - K.mean(1)[:, None] + K.mean()
    return z @ K @ z / np.sqrt((K * K).sum()) / (z @ z)


@pytest.mark.parametrize("answer", [by_means, lambda K, y: kernel_alignment(K, y)])
def test_alignment_may_be_centred_by_means(answer):
    assert passes(exercises.alignment, answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda K, y: by_means(K, y) * 18 / len(y), ""),
        (lambda K, y: abs(by_means(K, y)), "sign is lost"),
        (lambda K, y: 0.1611, ""),
        (lambda K, y: kernel_alignment(K, y, centred=False), "not centred"),
        (lambda K, y: by_means(K, -y) * -1, "sign"),
        (lambda K, y: by_means(K - K.mean(), y) + by_means(np.eye(len(y)), y), ""),
        (lambda K, y: by_means(K, np.sort(y)), ""),
        (lambda K, y: np.arccos(by_means(K, y)), ""),
    ],
)
def test_other_alignments_are_refused(answer, word):
    assert word in refused(exercises.alignment, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda C, Q: geometric_difference(C, Q),
        lambda C, Q: np.sqrt(np.linalg.norm(sqrtm(Q).real @ np.linalg.inv(C) @ sqrtm(Q).real, 2)),
        lambda C, Q: eigh(Q, C, eigvals_only=True)[-1] ** 0.5,
        lambda C, Q: np.linalg.norm(np.linalg.solve(np.linalg.cholesky(C), np.linalg.cholesky(Q)), 2),
    ],
)
def test_the_geometric_difference_may_be_found_in_any_way(answer):
    assert passes(exercises.geometric, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda C, Q: 3.145,
        lambda C, Q: geometric_difference(C, Q, ridge=0.1),
        lambda C, Q: geometric_difference(Q, C),
        lambda C, Q: np.linalg.norm(np.linalg.solve(C, Q)) ** 0.5,
        lambda C, Q: np.linalg.norm(sqrtm(Q).real @ np.linalg.inv(C), 2) ** 0.5,
        lambda C, Q: np.sqrt(1 / np.linalg.eigvalsh(C)[0]),
        lambda C, Q: np.sqrt(abs(np.linalg.eigvals(np.linalg.inv(C) - Q)).max()),
    ],
)
def test_other_differences_are_refused(answer):
    assert "rounded" not in refused(exercises.geometric, answer)


# angle_map


class ByKron:
    def n_qubits(self, n_features):
        return int(n_features)

    def circuit(self, x):
        return Circuit(len(x)).ry(x[0], 0) if len(x) == 1 else self._all(x)

    def _all(self, x):
        circuit = Circuit(len(x))
        for wire in reversed(range(len(x))):
            circuit = circuit.ry(x[wire] + 4 * np.pi, wire)
        return circuit

    def states(self, X):
        rows = []
        for x in X:
            row = [-1.0]  # of another sign
            for angle in x:
                row = np.kron(row, [np.cos(angle / 2), np.sin(angle / 2)])
            rows.append(row)
        return np.array(rows)


class ByBits(ByKron):
    def states(self, X):
        bits = np.array(list(product([0, 1], repeat=X.shape[1])))
        return np.where(bits, np.sin(X[:, None] / 2), np.cos(X[:, None] / 2)).prod(-1)


@pytest.mark.parametrize("answer", [ByKron(), ByBits(), ByKron])
def test_a_feature_map_may_be_written_in_any_way(answer):
    assert passes(exercises.angle_map, answer)


def test_the_feature_map_of_the_solution_works_in_a_machine():
    rng = np.random.default_rng(1)
    X = rng.uniform(-1, 1, (40, 2))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    assert QSVC(exercises.angle_map.answer, C=100).fit(X, y).score(X, y) > 0.9


class OneWire(ByKron):
    def n_qubits(self, n_features):
        return 1


class Runs(ByKron):
    def states(self, X):
        return np.array([self.circuit(x).run() for x in X])


class Multiplies(ByKron):
    def states(self, X):
        return np.array([self.circuit(x).matrix()[:, 0] for x in X])


class Asks(ByKron):
    def states(self, X):
        return AngleEncoding(wrap=True).states(X)


class ThreeFeatures(ByKron):
    def n_qubits(self, n_features):
        return 3


class HalfTheAngle(ByKron):
    def circuit(self, x):
        return super().circuit(x / 2)


class Entangled(ByKron):
    def circuit(self, x):
        circuit = super().circuit(x)
        return circuit.cx(0, 1) if len(x) > 1 else circuit


class Probabilities(ByKron):
    def states(self, X):
        return super().states(X) ** 2


class Measures(ByKron):
    def circuit(self, x):
        return 3


class NoStates:
    n_qubits = ByKron.n_qubits
    circuit = ByKron.circuit


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (OneWire(), "a wire of its own"),
        (ThreeFeatures(), "a wire of its own"),
        (Runs(), "`states` runs circuits"),
        (Multiplies(), "`states` runs circuits"),
        (Asks(), "the library's encoding"),
        (HalfTheAngle(), "does not turn wire i"),
        (Entangled(), "does not turn wire i"),
        (Probabilities(), "has length"),
        (Measures(), "must return a Circuit"),
        (NoStates(), "no method `states`"),
        (AngleEncoding(), "library's own"),
        (Circuit(2), "no method `n_qubits`"),
    ],
)
def test_other_feature_maps_are_refused(answer, word):
    assert word in refused(exercises.angle_map, answer)
