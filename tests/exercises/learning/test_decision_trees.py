"""The exercises on decision trees take right answers of another style, and no wrong one."""

from math import ceil, comb, exp, log, log2

import numpy as np
import pytest
from scipy.linalg import eigvalsh as scipy_eigenvalues, logm
from sklearn.tree import DecisionTreeClassifier

from qlearn.exercises.learning import decision_trees as exercises
from tests.exercises.tried import passes, refused


def h(p):
    return 0.0 if p in (0, 1) else -p * log2(p) - (1 - p) * log2(1 - p)


def test_four_digits_of_a_gain_will_do():
    for right in (0.4591, 0.45915, 1 - 2 / 3 * h(1 / 4)):
        assert exercises.one_question.check(right)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (0.46, "2 digits"),
        (0.541, "left after"),
        (0.1887, "weigh the answers"),
        (0.9183, "itself"),
        (0.333, ""),
    ],
)
def test_other_gains_are_refused(wrong, word):
    assert word in refused(exercises.one_question, wrong)


# entropy and impurity


def as_a_list(weights, gram):
    p = weights / weights.sum()
    values = scipy_eigenvalues(np.diag(np.sqrt(p)) @ gram @ np.diag(np.sqrt(p)))
    return np.array([sum(-v * log2(v) for v in values if v > 0)])


def of_the_occupied(weights, gram):
    seen = weights > 0
    root = np.sqrt(weights[seen] / weights.sum())
    values = np.linalg.eigvalsh(root[:, None] * gram[np.ix_(seen, seen)].T * root)
    return -sum(values * np.log2(np.maximum(values, 1e-300)))


def by_singular_values(weights, gram):
    """Write the states down after all: a root of the table."""
    values, vectors = np.linalg.eigh(gram)
    states = (vectors * np.sqrt(values.clip(0))) * 1.0
    lengths = np.linalg.svd(np.sqrt(weights / weights.sum())[:, None] * states, compute_uv=False) ** 2
    return -np.sum(lengths[lengths > 1e-13] * np.log2(lengths[lengths > 1e-13]))


@pytest.mark.parametrize("answer", [as_a_list, of_the_occupied, by_singular_values])
def test_an_entropy_may_be_found_in_any_way(answer):
    assert passes(exercises.entropy, answer)


def with_a_ridge(weights, gram):
    p = weights / weights.sum()
    matrix = np.sqrt(np.outer(p, p)) * gram + 1e-4 * np.eye(len(p))
    return -np.trace(matrix @ logm(matrix)).real / log(2)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (with_a_ridge, ""),
        (lambda weights, gram: 1.4204, ""),
        (lambda weights, gram: as_a_list(weights, gram.real), ""),
        (lambda weights, gram: as_a_list(weights, gram)[0] / log2(max(len(weights), 2)), ""),
        (lambda weights, gram: as_a_list(weights[:3], gram[:3, :3]), ""),
        (lambda weights, gram: as_a_list(np.sort(weights), gram), ""),
        (lambda weights, gram: as_a_list(weights, np.eye(len(weights))), "Shannon"),
        (
            lambda weights, gram: 1 - (weights / weights.sum()) @ abs(gram) ** 2 @ (weights / weights.sum()),
            "linear",
        ),
    ],
)
def test_other_entropies_are_refused(answer, word):
    assert word in refused(exercises.entropy, answer)


def by_a_trace(weights, gram):
    root = np.sqrt(weights / weights.sum())
    matrix = root[:, None] * gram * root
    return 1 - np.trace(matrix @ matrix).real


def pair_by_pair(weights, gram):
    p, k = weights / sum(weights), len(weights)
    return 1 - sum(p[i] * p[j] * (gram[i, j] * gram[j, i]).real for i in range(k) for j in range(k))


@pytest.mark.parametrize(
    "answer",
    [
        by_a_trace,
        pair_by_pair,
        lambda w, g: 1 - np.einsum("i,j,ij->", w, w, abs(g) ** 2) / w.sum() ** 2,
        lambda w, g: 1 - np.linalg.norm(np.sqrt(np.outer(w, w)) * g) ** 2 / w.sum() ** 2,
    ],
)
def test_an_impurity_may_be_summed_in_any_way(answer):
    assert passes(exercises.impurity, answer)


def eigenvalues_of(how):
    def answer(weights, gram):
        p = weights / weights.sum()
        return 1 - sum(np.abs(how(np.sqrt(np.outer(p, p)) * gram)) ** 2)

    return answer


@pytest.mark.parametrize(
    "how",
    [
        np.linalg.eigvalsh,
        np.linalg.eigvals,
        lambda m: np.linalg.eigh(m)[0],
        scipy_eigenvalues,
        lambda m: np.linalg.svd(m, compute_uv=False),
    ],
)
def test_an_impurity_by_eigenvalues_is_right_and_refused(how):
    assert "by eigenvalues" in refused(exercises.impurity, eigenvalues_of(how))


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda w, g: by_a_trace(w, abs(g)) / 2, ""),
        (lambda w, g: 1 - by_a_trace(w, g), "purity"),
        (lambda w, g: by_a_trace(w, np.eye(len(w))), "classical"),
        (lambda w, g: by_a_trace(w, g.real), ""),
        (lambda w, g: by_a_trace(w[:3], g[:3, :3]), ""),
        (lambda w, g: by_a_trace(np.ones(len(w)), g), "equal parts"),
        (lambda w, g: 0.5598, ""),
        (lambda w, g: as_a_list(w, g), "von Neumann"),
    ],
)
def test_other_impurities_are_refused(answer, word):
    assert word in refused(exercises.impurity, answer)


# threshold


def counting(x, y):
    y, x = y[np.argsort(x)], np.sort(x)
    n, ones = len(y), np.cumsum(y)[:-1]
    k = np.arange(1, n)

    def bits(p):
        return -sum(q * np.log2(np.where(q > 0, q, 1)) for q in (p, 1 - p))

    worth = k * bits(ones / k) + (n - k) * bits((y.sum() - ones) / (n - k))
    best = worth.argmin()
    return (x[best] + x[best + 1]) / 2


def of_scikit_learn(x, y):
    tree = DecisionTreeClassifier(criterion="entropy", max_depth=1).fit(x[:, None], y)
    return tree.tree_.threshold[0]


def by_the_gain(x, y):
    best, at = -1.0, None
    rows = sorted(zip(x.tolist(), y.tolist(), strict=True))
    for k in range(1, len(rows)):
        below, above = ([row[1] for row in part] for part in (rows[:k], rows[k:]))
        gain = h(np.mean(y)) - sum(len(part) * h(sum(part) / len(part)) for part in (below, above)) / len(
            rows
        )
        if gain > best:
            best, at = gain, 0.5 * rows[k - 1][0] + 0.5 * rows[k][0]
    return at


@pytest.mark.parametrize("answer", [counting, of_scikit_learn, by_the_gain])
def test_a_threshold_may_be_found_in_any_way(answer):
    assert passes(exercises.threshold, answer)


def either(x, y):
    values = np.sort(x)
    places = (values[1:] + values[:-1]) / 2
    return min(places, key=lambda t: min(np.sum((x > t) != y), np.sum((x > t) == y)))


def gini_tree(x, y):
    return DecisionTreeClassifier(max_depth=1).fit(x[:, None], y).tree_.threshold[0]


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (either, "count errors"),
        (gini_tree, ""),
        (lambda x, y: counting(x, 1 - y) - 0.01, ""),
        (lambda x, y: np.mean(x), ""),
        (lambda x, y: np.median(x), "median"),
        (lambda x, y: counting(np.sort(x), y), "left y as it was"),
        (lambda x, y: np.sort(x)[np.searchsorted(np.sort(x), counting(x, y)) - 1], "sits on a row"),
        (lambda x, y: min(x) if y[0] else max(x), ""),
        (lambda x, y: x[np.argmin(np.abs(x - x[y == 1].mean()))], ""),
        (lambda x, y: 0.672, ""),
        (lambda x, y: (counting(x, y), 1), "one number"),
    ],
)
def test_other_thresholds_are_refused(answer, word):
    assert word in refused(exercises.threshold, answer)


# left_out and shots_to_answer


def test_the_row_that_is_left_out_may_be_counted():
    assert passes(exercises.left_out, lambda n: ((n - 1) / n) ** n)
    assert passes(exercises.left_out, lambda n: 0 if n == 1 else exp(n * (log(n - 1) - log(n))))
    assert passes(exercises.left_out, lambda n: np.prod(np.full(n, 1 - 1 / n)))


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda n: 0.368, ""),
        (lambda n: exp(-1), "the limit"),
        (lambda n: comb(n, 1) / n * (1 - 1 / n) ** (n - 1), "n - 1 draws"),
        (lambda n: (1 - 1 / n) ** 10, ""),
        (lambda n: 1 - 0.632, ""),
        (lambda n: (1 - 1 / (n + 1)) ** n, ""),
        (lambda n: (n - 1) / n, "*one* draw"),
    ],
)
def test_other_chances_are_refused(answer, word):
    assert word in refused(exercises.left_out, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda F, G, z: np.ceil(z**2 * (2 - F**2 - G**2) / (F - G) ** 2),
        lambda F, G, z: 4 * (z / (F - G)) ** 2 * ((1 - F) * (1 + F) + (1 - G) * (1 + G)) / 4,
        lambda F, G, z: ceil(z * z * ((1 - F * F) + (1 - G * G)) / (G - F) ** 2),
    ],
)
def test_swap_tests_may_be_rounded_up_or_not(answer):
    assert passes(exercises.shots_to_answer, answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda F, G, z: int(z**2 * (2 - F**2 - G**2) / (F - G) ** 2), "round down"),
        (lambda F, G, z: int(z**2 * (2 - F**2 - G**2) / (F - G) ** 2) + 1, "number is not right"),
        (lambda F, G, z: 2 * z**2 / (F - G) ** 2, "small fidelities"),
        (lambda F, G, z: z**2 * (2 - F - G) / (F - G) ** 2, ""),
        (lambda F, G, z: z**2 * (2 - F**2 - G**2) / (F**2 - G**2) ** 2, ""),
        (lambda F, G, z: 9 * (2 - F**2 - G**2) / (F - G) ** 2, ""),
        (lambda F, G, z: 2 * z**2 * (1 - F**2) / (F - G) ** 2, ""),
    ],
)
def test_other_numbers_of_swap_tests_are_refused(answer, word):
    assert word in refused(exercises.shots_to_answer, answer)


def test_eigenvalues_are_seen_in_whichever_case_they_stand():
    def unless_three(weights, gram):
        p = weights / weights.sum()
        if len(p) == 3:
            return 1 - p @ np.abs(gram) ** 2 @ p
        return 1 - (scipy_eigenvalues(np.sqrt(np.outer(p, p)) * gram) ** 2).sum()

    assert "by eigenvalues" in refused(exercises.impurity, unless_three)


def test_a_gain_ratio_is_not_a_gain():
    def ratio(x, y):
        values = np.sort(x)

        def worth(t):
            yes = x <= t
            after = yes.mean() * h(y[yes].mean()) + (1 - yes.mean()) * h(y[~yes].mean())
            return (h(y.mean()) - after) / h(yes.mean())

        return max((values[1:] + values[:-1]) / 2, key=worth)

    assert "gain ratio" in refused(exercises.threshold, ratio)
