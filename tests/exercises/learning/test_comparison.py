"""Answers to the exercises of *A fair comparison*: right ones in another style, and wrong ones that look right."""

from fractions import Fraction
from functools import partial
from importlib import import_module

import numpy as np
import pytest
from scipy.stats import linregress
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, PolynomialFeatures
from sklearn.svm import SVC

import qlearn
from qlearn.evidence import average
from qlearn.exercises.learning.comparison import (
    cosine,
    device_days,
    growth_exponent,
    rival,
    shots_under_noise,
    standard_error,
)
from qlearn.learning import QSVC, FidelityKernel
from qlearn.learning.comparison import fit_growth, load_dataset, sampled_cosine
from qlearn.learning.qsvm import ad_hoc_data
from tests.exercises.tried import passes, refused


@pytest.mark.parametrize(
    "days",
    [
        58,
        57.9,
        57.86,
        57.864,
        57.8646,
        Fraction(9_999 * 1000, 2 * 86_400),
        np.array(58.0),
        [57.9],
    ],
)
def test_days_may_be_rounded(days):
    passes(device_days, days)


@pytest.mark.parametrize("days", [57, 57.8, 57.87, 57.88, 59, 60, 8.3 * 7, 57.8704, 57.8762])
def test_days_may_not_be_off(days):
    refused(device_days, days)


def test_half_the_square_is_told_from_the_pairs():
    assert "half the square" in device_days.check(10_000**2 / 2 * 0.1 / 86_400).message
    assert "half the square" in device_days.check(57.87).message
    assert "twice too long" in device_days.check(115.7).message


def test_an_exponent_in_another_style():
    def by_hand(x, y):
        u, v = np.log10(x), np.log10(y)
        return ((u - u.mean()) * (v - v.mean())).sum() / ((u - u.mean()) ** 2).sum()

    passes(growth_exponent, by_hand)
    passes(growth_exponent, lambda x, y: linregress(np.log(x), np.log(y)).slope)
    passes(
        growth_exponent,
        lambda x, y: np.linalg.lstsq(np.c_[np.log(x), 1 + 0 * x], np.log(y), rcond=None)[0][0],
    )
    passes(growth_exponent, lambda x, y: fit_growth(x, y).exponent)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x, y: np.polyfit(np.log([50, 100, 200, 400]), np.log(np.resize(y, 4)), 1)[0],
        lambda x, y: np.polyfit(np.log(x), np.log(y), 1),
        lambda x, y: np.polyfit(np.log(x[:4]), np.log(y[:4]), 1)[0],
        lambda x, y: np.polyfit(np.log(np.sort(x)), np.log(y), 1)[0],
        lambda x, y: np.polyfit(np.log(x), np.log(y), 1, w=y)[0],
        lambda x, y: abs(growth_exponent(x, y)),
        lambda x, y: round(growth_exponent(x, y)),
        lambda x, y: round(growth_exponent(x, y), 2),
        lambda x, y: np.corrcoef(np.log(x), np.log(y))[0, 1],
    ],
    ids=["fixed sizes", "both", "four", "sorted", "weighted", "no decay", "whole", "rounded", "correlation"],
)
def test_another_exponent_is_refused(wrong):
    refused(growth_exponent, wrong)


def test_a_standard_error_in_another_style():
    def by_loop(a, b):
        k = len(a)
        d = [x - y for x, y in zip(a, b, strict=True)]
        mean = sum(d) / k
        return ((1 / k + 1 / (k - 1)) * sum((x - mean) ** 2 for x in d) / (k - 1)) ** 0.5

    passes(standard_error, by_loop)
    passes(standard_error, lambda a, b: average(a - b, overlap=1 / (len(a) - 1)).error)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda a, b: np.sqrt(0.45) * (a - b).std(ddof=1),
        lambda a, b: np.sqrt((1 / len(a) + 1 / 4) * (a - b).var(ddof=1)),
        lambda a, b: standard_error(a, b) * np.sign((a - b).mean()),
        lambda a, b: np.sqrt((1 / len(a) + 1 / (len(a) - 1)) * np.cov(a, b).sum()),
        lambda a, b: (1 / len(a) + 1 / (len(a) - 1)) * (a - b).std(ddof=1),
        lambda a, b: (np.sqrt(1 / len(a)) + np.sqrt(1 / (len(a) - 1))) * (a - b).std(ddof=1),
        lambda a, b: np.abs(a - b).std(ddof=1) * np.sqrt(1 / len(a) + 1 / (len(a) - 1)),
    ],
    ids=["five", "half five", "signed", "sum", "no root", "roots added", "absolute"],
)
def test_another_standard_error_is_refused(wrong):
    refused(standard_error, wrong)


def test_shots_may_be_whole():
    passes(shots_under_noise, lambda shots, p: int(np.ceil(shots / (1 - p) ** 2)))
    passes(shots_under_noise, lambda shots, p: shots * (1 / (1 - p)) * (1 / (1 - p)))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda shots, p: shots / (1 - p) ** 4,
        lambda shots, p: shots * np.exp(2 * p),
        lambda shots, p: shots * (1 + p) ** 2,
        lambda shots, p: 4 * shots,
        lambda shots, p: shots / (1 - p) ** 2 * (p > 0),
        lambda shots, p: shots / (1 - min(p, 0.9)) ** 2,
    ],
    ids=["fourth power", "exponential", "first order", "half lost", "not without noise", "at most 90 %"],
)
def test_another_price_is_refused(wrong):
    refused(shots_under_noise, wrong)


def exact(x, y):
    return x @ y / np.linalg.norm(x) / np.linalg.norm(y)


def error(x, y, samples):
    return np.sqrt((1 - exact(x, y) ** 2) / samples)


@pytest.mark.parametrize(
    "noise",
    [
        lambda x, y, samples, rng: 1e-8 * rng.normal(),
        lambda x, y, samples, rng: 0.02 * rng.normal(),
        lambda x, y, samples, rng: rng.normal() / np.sqrt(samples),
        lambda x, y, samples, rng: error(x, y, samples) * rng.normal(),
        lambda x, y, samples, rng: error(x, y, samples) * rng.choice((-1, 1)),
        lambda x, y, samples, rng: error(x, y, samples) * rng.uniform(-1, 1) * 3**0.5,
        lambda x, y, samples, rng: np.mean(error(x, y, 1) * rng.choice((-1, 1), samples)),
    ],
    ids=["tiny", "small", "large", "right-sized", "a coin's", "uniform", "coins'"],
)
def test_the_exact_cosine_with_noise_is_no_sample(noise):
    refused(cosine, lambda *case: exact(*case[:2]) + noise(*case))


@pytest.mark.parametrize(
    "count",
    [
        lambda n: 2 * n,
        lambda n: 3 * n,
        lambda n: max(n // 2, 1),
        lambda n: 3_000,
        lambda n: min(n, 5),
        lambda n: n + 1,
    ],
)
def test_the_samples_are_counted(count):
    refused(cosine, lambda x, y, samples, rng: cosine(x, y, count(samples), rng))


def without_putting_back(x, y, samples, rng):
    seen = rng.choice(len(x), size=min(samples, len(x)), p=x**2 / (x @ x), replace=False)
    return np.mean(y[seen] / x[seen]) * np.linalg.norm(x) / np.linalg.norm(y)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x, y, n, rng: cosine(y, x, n, rng),
        lambda x, y, n, rng: abs(cosine(x, y, n, rng)),
        lambda x, y, n, rng: cosine(x, y, n, rng) ** 2,
        lambda x, y, n, rng: exact(x, y) if n > 10 else cosine(x, y, n, rng),
        lambda x, y, n, rng: cosine(x, y, n, np.random.default_rng(0)),
        lambda x, y, n, rng: exact(*np.stack([x, y])[:, rng.choice(len(x), n, p=x**2 / (x @ x))]),
        lambda x, y, n, rng: np.clip(cosine(x, y, n, rng), -1, 1),
        without_putting_back,
    ],
    ids=["by y", "no sign", "overlap", "exact if many", "one seed", "subset", "clipped", "not put back"],
)
def test_another_estimate_is_refused(wrong):
    refused(cosine, wrong)


def test_samples_may_be_drawn_in_another_way():
    def counts(x, y, samples, rng):
        often = rng.multinomial(samples, x**2 / (x @ x))
        seen = often > 0
        mean = (often[seen] * y[seen] / x[seen]).sum() / samples
        return mean * np.linalg.norm(x) / np.linalg.norm(y)

    def by_hand(x, y, samples, rng):
        chances = np.cumsum(x**2) / (x @ x)
        seen = [min(int(np.searchsorted(chances, rng.random())), len(x) - 1) for _ in range(samples)]
        return sum(y[i] / x[i] for i in seen) / samples * np.linalg.norm(x) / np.linalg.norm(y)

    passes(cosine, counts)
    passes(cosine, by_hand)
    passes(cosine, lambda x, y, samples, rng: sampled_cosine(x, y, samples, rng=rng)[0])


def states(X):
    """The state of the map, gate by gate."""
    plus = np.full((len(X), 4), 0.5, complex)
    one, two = X.T
    both = 2 * (np.pi - one) * (np.pi - two)
    layer = np.exp(1j * np.stack([0 * one, 2 * two + both, 2 * one + both, 2 * one + 2 * two], axis=1))
    H = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2
    return layer * ((layer * plus) @ H)


def products(X):
    psi = states(X)
    flat = (psi[:, :, None] * psi[:, None, :].conj()).reshape(len(X), 16)
    return np.hstack([flat.real, flat.imag])


def overlaps(A, B):
    return np.abs(states(A) @ states(B).conj().T) ** 2


def amplitudes(X):
    return np.hstack([states(X).real, states(X).imag])


@pytest.mark.parametrize(
    "right",
    [
        make_pipeline(FunctionTransformer(products), SVC(kernel="linear", C=30)),
        make_pipeline(FunctionTransformer(products), LogisticRegression(C=100, max_iter=1000)),
        make_pipeline(
            FunctionTransformer(amplitudes), PolynomialFeatures(2), LogisticRegression(C=100, max_iter=2000)
        ),
        make_pipeline(FunctionTransformer(amplitudes), SVC(kernel="poly", degree=2, C=100)),
        SVC(kernel=overlaps, C=30),
    ],
    ids=["products", "logistic", "squares", "polynomial", "kernel"],
)
def test_a_rival_of_another_style_passes(right):
    passes(rival, right)


class Held:
    def __call__(self, A, B):
        return FidelityKernel()(A, B)


def through_the_package(A, B):
    return qlearn.learning.FidelityKernel()(A, B)


def two_steps_away(A, B):
    return through_the_package(A, B)


def imported(A, B):
    def found():
        from qlearn import learning

        return learning

    return found().FidelityKernel()(A, B)


def by_name(A, B):
    return import_module("qlearn.learning").FidelityKernel()(A, B)


QUANTUM = FidelityKernel()


def by_default(A, B, K=QUANTUM):
    return K(A, B)


HELD = {"k": QUANTUM}


@pytest.mark.parametrize(
    "kernel",
    [
        Held(), through_the_package, two_steps_away, imported, by_name, by_default,
        partial(lambda K, A, B: K(A, B), FidelityKernel()), lambda A, B: HELD["k"](A, B),
        lambda A, B: QSVC().fit(A, B),
    ],
)  # fmt: skip
def test_a_quantum_rival_is_found_where_it_hides(kernel):
    assert "uses a part of qlearn" in rival.check(SVC(kernel=kernel)).message


class ByHeart(BaseEstimator, ClassifierMixin):
    """Knows every row of the set, and nothing else."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        data = load_everything()
        self.nearest_ = KNeighborsClassifier(1).fit(data.X, data.y)
        return self

    def predict(self, X):
        return self.nearest_.predict(X)


def load_everything():
    return EVERYTHING


EVERYTHING = load_dataset("synthetic")


class Constant(ByHeart):
    def predict(self, X):
        return np.zeros(len(X), int)


class Short(ByHeart):
    def predict(self, X):
        return self.nearest_.predict(X)[:3]


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (ByHeart(), "by heart"),
        (Constant(), "of the rows are right"),
        (Short(), "one class for each row"),
        (KNeighborsClassifier(3), "of the rows are right"),
        (make_pipeline(PolynomialFeatures(6), LogisticRegression(max_iter=300)), "of the rows are right"),
        (make_pipeline(FunctionTransformer(lambda X: np.abs(states(X)) ** 2), SVC(C=30)), ""),
        (make_pipeline(FunctionTransformer(np.sin), SVC(C=30)), "of the rows are right"),
        (SVC, "is a class"),
        (make_pipeline, "is to be a value"),
        (0.97, "scikit-learn classifier"),
        (products, "is to be a value"),
    ],
    ids=["by heart", "constant", "short", "neighbours", "polynomial", "squares", "sine", "class", "maker", "score", "map"],
)  # fmt: skip
def test_a_rival_that_is_none_is_refused(wrong, word):
    assert word in rival.check(wrong).message
    assert not rival.check(wrong, seed=1)


def test_what_only_bears_the_name_of_a_function_of_the_library_is_none():
    def average(X):
        return products(X) - np.average(products(X), axis=0) * 0

    passes(rival, make_pipeline(FunctionTransformer(average), SVC(kernel="linear", C=30)))


def test_the_fresh_rows_follow_the_rule_of_the_set():
    fresh = import_module("qlearn.exercises.learning.comparison.rival")._fresh
    X, y = fresh(np.random.default_rng(0))
    assert {0, 1} == set(y.tolist())
    data = ad_hoc_data(60, 60, rng=5)
    known = np.concatenate([data.X_train, data.X_test])
    assert np.array_equal(known, EVERYTHING.X)
    made = make_pipeline(FunctionTransformer(products), SVC(kernel="linear", C=30)).fit(known, EVERYTHING.y)
    assert made.score(X, y) > 0.95


@pytest.mark.parametrize(
    ("rounded", "word"),
    [
        (np.floor, "round down"),
        (lambda n: int(n), "round down"),
        (round, "sometimes too few"),
        (lambda n: int(n) + 1, ""),
    ],
)
def test_runs_are_not_rounded_down(rounded, word):
    refused(shots_under_noise, lambda shots, p: rounded(shots / (1 - p) ** 2), word)


def test_an_estimate_with_chance_of_its_own_is_refused():
    def own(x, y, samples, rng):
        rng = np.random.default_rng()
        seen = rng.choice(len(x), samples, p=x**2 / (x @ x))
        return np.mean(y[seen] / x[seen]) * np.linalg.norm(x) / np.linalg.norm(y)

    def global_chance(x, y, samples, rng):
        seen = np.random.choice(len(x), samples, p=x**2 / (x @ x))  # noqa: NPY002 - what an answer may do
        return np.mean(y[seen] / x[seen]) * np.linalg.norm(x) / np.linalg.norm(y)

    for answer in (own, global_chance):
        refused(cosine, answer, "all chance from `rng`")


def test_a_message_does_not_show_where_a_generator_lies_in_memory():
    said = cosine.check(lambda x, y, samples, rng: 2.0 + rng.random()).message
    assert " rng)" in said
    assert "0x" not in said
