"""Exercises of the chapter *Decision trees: which question first?*."""

from collections.abc import Callable, Iterator
from math import isclose, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.exercises import Exercise, Verdict
from qlearn.learning.decision_trees import mixture_entropy
from qlearn.qubits import random_state


def _h(p: float) -> float:
    return -p * log2(p) - (1 - p) * log2(1 - p)


def _grade_one_question(answer: Any) -> Verdict:
    right = 1 - 2 / 3 * _h(1 / 4)
    mistakes = {
        2 / 3 * _h(1 / 4): "that is what is left after the answer. The gain is what the answer took away.",
        1 - _h(1 / 4) / 2: "you gave both answers the same weight. Four of the six rows say yes, two say no.",
        1
        - _h(
            1 / 4
        ): "you forgot that the two rows that say no hold no uncertainty at all: weigh the answers.",
        right * np.log(2): "those are nats: take the logarithm to base 2.",
        _h(1 / 3): "that is the entropy of the answer itself, yes or no: the most that any question of this "
        "shape could be worth.",
    }
    value = float(np.squeeze(answer))
    if isclose(value, right, abs_tol=2e-4):
        return Verdict.right(
            "1 - 4/6 h(1/4): the pure answer leaves nothing to ask, the mixed one nearly a bit."
        )
    for wrong, why in mistakes.items():
        if isclose(value, wrong, abs_tol=2e-4):
            return Verdict.wrong(why)
    if isclose(value, right, abs_tol=6e-3):
        return Verdict.wrong(f"{value:g} is near; give four digits.")
    return Verdict.wrong(
        f"{value:g} is not it. Entropy before, minus the mean entropy after, weighted by rows."
    )


one_question = Exercise(
    name="one_question",
    level="warm-up",
    prompt=(
        "A node holds three rows of class a and three of b (orthogonal states). A question is answered *yes* by all "
        "three a and one b, *no* by the other two b. How many bits is it worth? By hand; four digits will do."
    ),
    stub="one_question = ...\n",
    solution=(
        "mixed = -(1 / 4) * np.log2(1 / 4) - (3 / 4) * np.log2(3 / 4)\none_question = 1 - 4 / 6 * mixed\n"
    ),
    explanation=(
        "Before: $h(\\tfrac12)=1$ bit. After a *yes* (4 of 6): $h(\\tfrac14)=0.811$; after a *no* (2 of 6): 0. "
        "The gain is $1-\\tfrac46\\cdot0.811=0.459$ bits."
    ),
    wrong={
        "entropy after": "one_question = 0.5409\n",
        "same weights": "one_question = 0.5944\n",
        "yes alone": "one_question = 0.1887\n",
        "nats": "one_question = 0.4591 * np.log(2)\n",
        "entropy of the answer": "one_question = 0.9183\n",
    },
    grade=_grade_one_question,
    given={"np": np},
)


def _grade_entropy(answer: Any) -> Verdict:
    states = random_state(2, 3, rng=4)
    gram = states.conj() @ states.T
    cases = [([3, 3, 2], gram), ([1, 1], np.eye(2)), ([5, 0, 2], gram)]
    for weights, overlaps in cases:
        p = np.array(weights) / sum(weights)
        got = float(answer(np.array(weights, dtype=float), np.array(overlaps)))
        shannon = float(mixture_entropy(weights))
        right = shannon if len(weights) == 2 else float(mixture_entropy(weights, states))
        where = f"for weights {weights}"
        if isclose(got, right, abs_tol=1e-6):
            continue
        if np.isnan(got):
            return Verdict.wrong(
                f"{where} you return NaN: 0 log 0 counts as 0, so drop the zeros before the logarithm."
            )
        if isclose(got, right * np.log(2), abs_tol=1e-6):
            return Verdict.wrong(
                f"{where} you return {got:.4f}: those are nats. Bits need the logarithm to base 2."
            )
        if isclose(got, shannon, abs_tol=1e-6):
            return Verdict.wrong(
                f"{where} you return Shannon's entropy: the overlaps of the states do not appear."
            )
        values = np.linalg.eigvalsh(np.sqrt(np.outer(p, p)) * np.abs(overlaps) ** 2).clip(1e-300)
        if isclose(got, -(values * np.log2(values)).sum(), abs_tol=1e-6):
            return Verdict.wrong(
                "use the inner products themselves. Their squares are fidelities: another matrix."
            )
        values = np.linalg.eigvalsh(overlaps / len(p)).clip(1e-300)
        if isclose(got, -(values * np.log2(values)).sum(), abs_tol=1e-6):
            return Verdict.wrong(f"{where} you mix the states in equal parts: the weights do not appear.")
        return Verdict.wrong(f"{where} the entropy is {right:.4f}, not {got:.4f}. Look at the eigenvalues.")
    return Verdict.right(
        "k classes, a k x k matrix: no state is ever written down, however many qubits it has."
    )


_ENTROPY = """def entropy(weights, gram):
    p = weights / weights.sum()
    matrix = {matrix}
    values = np.linalg.eigvalsh(matrix)
    {keep}
    return -(values * {log}(values)).sum()
"""
_KEEP = "values = values[values > 1e-12]"

entropy = Exercise(
    name="entropy",
    level="core",
    prompt=(
        "Write `entropy(weights, gram)`: the von Neumann entropy in bits of $\\sum_c p_c|c\\rangle\\langle c|$, from the "
        "weights ($p$ is their share) and the table of inner products $\\langle c|c'\\rangle$. Some weights may be 0."
    ),
    stub="def entropy(weights, gram):\n    ...\n",
    solution=_ENTROPY.format(matrix="np.sqrt(np.outer(p, p)) * gram", keep=_KEEP, log="np.log2"),
    explanation=(
        "Write $\\rho=AA^\\dagger$ with columns $\\sqrt{p_c}\\,|c\\rangle$. Then $A^\\dagger A$, with the entries "
        "$\\sqrt{p_cp_{c'}}\\langle c|c'\\rangle$, has the same eigenvalues, save for zeros."
    ),
    wrong={
        "Shannon": (
            "def entropy(weights, gram):\n    p = weights[weights > 0] / weights.sum()\n"
            "    return -(p * np.log2(p)).sum()\n"
        ),
        "nats": _ENTROPY.format(matrix="np.sqrt(np.outer(p, p)) * gram", keep=_KEEP, log="np.log"),
        "fidelities": _ENTROPY.format(
            matrix="np.sqrt(np.outer(p, p)) * np.abs(gram) ** 2", keep=_KEEP, log="np.log2"
        ),
        "no weights": _ENTROPY.format(matrix="gram / len(p)", keep=_KEEP, log="np.log2"),
        "zeros": (
            "def entropy(weights, gram):\n    p = weights / weights.sum()\n"
            "    values = np.linalg.eigvalsh(np.sqrt(np.outer(p, p)) * gram)\n"
            "    with np.errstate(all='ignore'):\n        return -(values * np.log2(values)).sum()\n"
        ),
        "root forgotten": _ENTROPY.format(matrix="np.outer(p, p) * gram", keep=_KEEP, log="np.log2"),
    },
    grade=_grade_entropy,
    given={"np": np},
)


def _worth(x: Any, y: Any, t: float) -> float:
    yes = x <= t
    if not 0 < yes.sum() < len(x):
        return -1.0
    after = sum(
        part.mean() * float(mixture_entropy(np.bincount(y[part], minlength=2))) for part in (yes, ~yes)
    )
    return float(mixture_entropy(np.bincount(y, minlength=2))) - after


def _tables() -> Iterator[tuple[NDArray[np.float64], NDArray[np.int64]]]:
    """Yield features and classes for which typical mistakes cut somewhere else."""
    for seed in (6, 25, 26, 36):
        rng = np.random.default_rng(seed)
        x = rng.permutation(np.linspace(0, 1, 13) + 0.02 * rng.normal(size=13))
        y = ((x > 0.7) ^ (rng.random(13) < 0.15)).astype(int)
        yield x, y
        yield x, 1 - y  # class 1 below
    places = np.cumsum([0.0, 1.0, 0.3, 0.4, 0.7, 0.2, 0.9, 0.5])
    alone = np.eye(8, dtype=int)  # the best cut parts one row from seven
    yield places, alone[0]
    yield places, alone[7]
    yield places, np.array([1, 0, 0, 1, 0, 0, 0, 0])  # the best cut for bits is not the best for Gini


def _grade_threshold(answer: Any) -> Verdict:
    for x, y in _tables():
        got = float(answer(x.copy(), y.copy()))
        values = np.sort(x)
        middles = (values[1:] + values[:-1]) / 2
        worth = np.array([_worth(x, y, t) for t in middles])
        if not values[0] <= got < values[-1]:
            return Verdict.wrong(f"the threshold {got:.3f} parts nothing: all rows lie on one side of it.")
        if _worth(x, y, got) > worth.max() - 1e-9:
            best = middles[np.isclose(worth, worth.max())]
            if np.abs(best - got).min() > 1e-9:
                return Verdict.wrong(
                    f"{got:.3f} parts the rows well, but it sits on a row, or near one. Halfway between neighbours is "
                    "farthest from both: new rows are not the old ones."
                )
            continue
        if isclose(got, np.median(x), abs_tol=1e-9):
            return Verdict.wrong(
                "the median halves the rows, whatever their classes are. The labels must speak."
            )
        wrong = [(y != (x > t)).sum() for t in middles]
        if isclose(got, middles[int(np.argmin(wrong))], abs_tol=1e-9):
            return Verdict.wrong(
                "you count the errors of *above t means class 1*. A question is worth what it tells, whichever class lies "
                "above, and a side that is still mixed may be asked again."
            )
        inner = middles[1:-1]
        if isclose(got, inner[int(np.argmax(worth[1:-1]))], abs_tol=1e-9):
            return Verdict.wrong(
                "here the best question parts a single row from the others: try the outermost places too."
            )
        gini = [_expected(x, y, t, _gini) for t in middles]
        if isclose(got, middles[int(np.argmin(gini))], abs_tol=1e-9):
            return Verdict.wrong(
                "that is the best question by Gini's impurity, 1 minus the sum of squared shares. Bits are asked for."
            )
        plain = [_plain(x, y, t) for t in middles]
        if isclose(got, middles[int(np.argmin(plain))], abs_tol=1e-9):
            return Verdict.wrong(
                "you take the plain mean of the two entropies, so a single row that happens to be alone looks like a "
                "triumph. Weigh each answer by its share of the rows."
            )
        if isclose(got, middles[int(worth.argmin())], abs_tol=1e-9):
            return Verdict.wrong(
                "that is the *worst* threshold: you took the largest entropy after the answer."
            )
        return Verdict.wrong(
            f"{got:.3f} is worth {_worth(x, y, got):.3f} bits; {worth.max():.3f} are to be had."
        )
    return Verdict.right(
        "One place fewer than rows to cut, one winner: this loop is most of what a decision tree is."
    )


def _gini(counts: NDArray[np.int64]) -> float:
    return 1 - float(np.sum((counts / counts.sum()) ** 2))


def _expected(x: Any, y: Any, t: float, doubt: Callable[[NDArray[np.int64]], float]) -> float:
    yes = x <= t
    return float(sum(part.mean() * doubt(np.bincount(y[part], minlength=2)) for part in (yes, ~yes)))


def _plain(x: Any, y: Any, t: float) -> float:
    yes = x <= t
    return float(sum(mixture_entropy(np.bincount(y[part], minlength=2)) for part in (yes, ~yes)))


_THRESHOLD = """def threshold(x, y):
    values = np.sort(x)
    places = {places}
    def after(t):
        yes = x <= t
        return sum({weight}mixture_entropy(np.bincount(y[part], minlength=2)) for part in (yes, ~yes))
    return {best}(places, key=after)
"""

threshold = Exercise(
    name="threshold",
    level="core",
    prompt=(
        "Write `threshold(x, y)`: the best question *is x at most t?* for a feature `x` of different numbers and classes "
        "`y` of 0 and 1. Return t, halfway between two neighbouring values. `mixture_entropy(counts)` is at hand."
    ),
    stub="def threshold(x, y):\n    ...\n",
    solution=_THRESHOLD.format(places="(values[1:] + values[:-1]) / 2", weight="part.mean() * ", best="min"),
    explanation=(
        "The entropy before is the same for all questions, so the largest gain is the smallest expected entropy after. "
        "Sorting once and counting as t moves to the right makes it fast; the trees of the library do so."
    ),
    wrong={
        "on a row": _THRESHOLD.format(places="values[:-1]", weight="part.mean() * ", best="min"),
        "plain mean": _THRESHOLD.format(places="(values[1:] + values[:-1]) / 2", weight="", best="min"),
        "worst": _THRESHOLD.format(
            places="(values[1:] + values[:-1]) / 2", weight="part.mean() * ", best="max"
        ),
        "median": "def threshold(x, y):\n    return np.median(x)\n",
        "errors": (
            "def threshold(x, y):\n    values = np.sort(x)\n    places = (values[1:] + values[:-1]) / 2\n"
            "    return min(places, key=lambda t: np.sum((x > t) != y))\n"
        ),
        "not the outermost": _THRESHOLD.format(
            places="((values[1:] + values[:-1]) / 2)[1:-1]", weight="part.mean() * ", best="min"
        ),
        "Gini": (
            "def threshold(x, y):\n    values = np.sort(x)\n    places = (values[1:] + values[:-1]) / 2\n"
            "    def after(t):\n        parts = y[x <= t], y[x > t]\n"
            "        return sum(len(part) * part.mean() * (1 - part.mean()) for part in parts)\n"
            "    return min(places, key=after)\n"
        ),
        "largest": "def threshold(x, y):\n    return x.max()\n",
    },
    grade=_grade_threshold,
    given={"np": np, "mixture_entropy": mixture_entropy},
)


def _grade_left_out(answer: Any) -> Verdict:
    for n in (10, 2, 1000, 1):  # one row last: there several mistakes look alike
        right, got = (1 - 1 / n) ** n, float(answer(n))
        if isclose(got, right, rel_tol=1e-6, abs_tol=1e-12):
            continue
        if isclose(got, 1 - right, rel_tol=1e-6):
            return Verdict.wrong(f"for n = {n} that is the probability that the row *is* drawn.")
        if isclose(got, (1 - 1 / n) ** (n - 1), rel_tol=1e-6):
            return Verdict.wrong("that is n - 1 draws; each tree makes n.")
        if isclose(got, np.exp(-1), rel_tol=1e-3):
            return Verdict.wrong(f"1/e is the limit for many rows. For n = {n} it is {right:g}.")
        if isclose(got, 1 - 1 / n, rel_tol=1e-6, abs_tol=1e-12):
            return Verdict.wrong("that is the chance to miss the row in *one* draw; there are n of them.")
        return Verdict.wrong(f"for n = {n} the answer is {right:g}, not {got:g}.")
    return Verdict.right(
        "More than a third of the rows never meet a given tree, so they can judge it for free."
    )


left_out = Exercise(
    name="left_out",
    level="core",
    prompt=(
        "Each tree of a forest draws n of n rows with replacement. Write `left_out(n)`: the probability that a given row "
        "is not among them."
    ),
    stub="def left_out(n):\n    ...\n",
    solution="def left_out(n):\n    return (1 - 1 / n) ** n\n",
    explanation=(
        "One draw misses the row with probability $1-1/n$, and the n draws are independent. The limit is "
        "$1/e\\approx0.368$. These rows are *out of bag*: what the trees that did not see them say about them is an "
        "honest estimate, and that is how the chapter chooses bandwidths."
    ),
    wrong={
        "drawn": "def left_out(n):\n    return 1 - (1 - 1 / n) ** n\n",
        "limit": "def left_out(n):\n    return np.exp(-1)\n",
        "a draw too few": "def left_out(n):\n    return (1 - 1 / n) ** (n - 1)\n",
        "one draw": "def left_out(n):\n    return 1 - 1 / n\n",
        "half": "def left_out(n):\n    return 0.5\n",
    },
    grade=_grade_left_out,
    given={"np": np},
)


def _grade_shots(answer: Any) -> Verdict:
    for first, second, z in ((0.6, 0.4, 3), (0.9, 0.85, 2), (2.0**-9, 2.0**-10, 3), (0.2, 0.7, 2)):
        right = z**2 * (2 - first**2 - second**2) / (first - second) ** 2
        got = float(answer(first, second, z))
        if right * (1 - 1e-9) <= got <= right * (1 + 1e-9) + 1:
            continue
        where = f"for fidelities {first:.4g} and {second:.4g}, z = {z}, you say {got:.4g}; {right:.4g} are needed."
        p, q = (1 + first) / 2, (1 + second) / 2
        mistakes = {
            z**2
            * (p * (1 - p) + q * (1 - q))
            / (first - second) ** 2: "The fidelity is 2p - 1, so its error is "
            "*twice* that of the share of zeros p, and its variance four times.",
            z**2
            * (first * (1 - first) + second * (1 - second))
            / (first - second) ** 2: "That is for compute "
            "and uncompute, whose share of zeros is the fidelity. The swap test's is (1 + F) / 2.",
            np.sqrt(right): "Errors fall with the root of the shots: square.",
            z**2
            * (1 - first**2)
            / (first - second) ** 2: "Both fidelities are estimated: add both variances.",
            z**2 * (np.sqrt(1 - first**2) + np.sqrt(1 - second**2)) ** 2 / (first - second) ** 2: "The two "
            "estimates err independently: add variances, not standard errors.",
            2 * z**2 / (first - second) ** 2: "That is for small fidelities; a fidelity near 1 is surer, its "
            "variance is (1 - F^2) / n.",
            right * abs(first - second): "Square the difference too.",
            right / z**2: "That is one standard error. For z of them it takes z squared times as many.",
        }
        for wrong, why in mistakes.items():
            if isclose(got, wrong, rel_tol=0.001, abs_tol=1):
                return Verdict.wrong(f"{where} {why}")
        if first < second:
            return Verdict.wrong(f"{where} Here G is the larger one: nobody knows beforehand which it is.")
        return Verdict.wrong(where)
    return Verdict.right(
        "For small fidelities it is 2 z^2 / (F - G)^2: what decides is how far they are apart, and with every qubit "
        "typical fidelities come closer together."
    )


shots_to_answer = Exercise(
    name="shots_to_answer",
    level="stretch",
    prompt=(
        "A swap test finds its ancilla in 0 with probability $(1+F)/2$. A node asks which of two fidelities, F or G, is "
        "larger, and estimates each by n swap tests. Write `shots_to_answer(F, G, z)`: the n at which the difference is z "
        "standard errors."
    ),
    stub="def shots_to_answer(F, G, z):\n    ...\n",
    solution=("def shots_to_answer(F, G, z):\n    return np.ceil(z**2 * (2 - F**2 - G**2) / (F - G) ** 2)\n"),
    explanation=(
        "With $p=(1+F)/2$ the estimate $2\\hat p-1$ has the variance $4p(1-p)/n=(1-F^2)/n$. The variances of the two "
        "estimates add: $(2-F^2-G^2)/n$. Set $z$ roots of it equal to $|F-G|$."
    ),
    wrong={
        "errors added": (
            "def shots_to_answer(F, G, z):\n"
            "    return np.ceil((z * (np.sqrt(1 - F**2) + np.sqrt(1 - G**2)) / (F - G)) ** 2)\n"
        ),
        "small fidelities": "def shots_to_answer(F, G, z):\n    return np.ceil(2 * z**2 / (F - G) ** 2)\n",
        "factor forgotten": (
            "def shots_to_answer(F, G, z):\n    p, q = (1 + F) / 2, (1 + G) / 2\n"
            "    return z**2 * (p * (1 - p) + q * (1 - q)) / (F - G) ** 2\n"
        ),
        "compute and uncompute": (
            "def shots_to_answer(F, G, z):\n    return z**2 * (F * (1 - F) + G * (1 - G)) / (F - G) ** 2\n"
        ),
        "not squared": (
            "def shots_to_answer(F, G, z):\n    return z * np.sqrt(2 - F**2 - G**2) / abs(F - G)\n"
        ),
        "one of two": "def shots_to_answer(F, G, z):\n    return z**2 * (1 - F**2) / (F - G) ** 2\n",
        "F above G": (
            "def shots_to_answer(F, G, z):\n"
            "    return np.ceil(z**2 * (2 - F**2 - G**2) / (F - G) ** 2) if F > G else np.inf\n"
        ),
        "no z": "def shots_to_answer(F, G, z):\n    return (2 - F**2 - G**2) / (F - G) ** 2\n",
    },
    grade=_grade_shots,
    given={"np": np},
)


def _grade_impurity(answer: Any) -> Verdict:
    states = random_state(2, 3, rng=6)
    for weights, rows in (([3, 3, 2], states), ([1, 4, 0], states), ([2, 6], np.eye(2))):
        p = np.array(weights) / sum(weights)
        gram = rows.conj() @ rows.T
        right = 1 - float(p @ np.abs(gram) ** 2 @ p)
        got = answer(np.array(weights, dtype=float), np.array(gram))
        if np.iscomplexobj(got) and abs(np.imag(got)) > 1e-9:
            return Verdict.wrong(
                "an impurity is a real number. The inner products need their squared modulus."
            )
        value = float(np.real(got))
        if isclose(value, right, abs_tol=1e-9):
            continue
        where = f"for weights {weights} you return {value:.4f}; it is {right:.4f}."
        mistakes = {
            1 - right: "That is the purity, 1 for a pure node; the impurity is 1 minus it.",
            1 - float((p**2).sum()): "That is the classical Gini impurity: overlapping states count less.",
            1 - float(p @ np.abs(gram) @ p): "The overlaps enter by their squared modulus.",
        }
        for wrong, why in mistakes.items():
            if isclose(value, wrong, abs_tol=1e-9):
                return Verdict.wrong(f"{where} {why}")
        if isclose(float(np.real(answer(p, np.array(gram)))), right, abs_tol=1e-9):
            return Verdict.wrong(
                f"{where} Divide the weights by their sum: a node twice as large is as mixed."
            )
        return Verdict.wrong(where)
    return Verdict.right(
        "Gini, once you allow for overlaps. No eigenvalues, and a swap test of two labels from the node measures it: "
        "the share of zeros is 1 minus half of it."
    )


_IMPURITY = "def impurity(weights, gram):\n    p = weights / weights.sum()\n    return {value}\n"

impurity = Exercise(
    name="impurity",
    level="project",
    prompt=(
        "Build your own criterion. The *linear entropy* of a node is $1-\\operatorname{tr}\\rho^2$, the quantum form of "
        "scikit-learn's `gini`. Write `impurity(weights, gram)` without eigenvalues. Then grow a tree by it: on what "
        "data does it choose another first question than the von Neumann entropy?"
    ),
    stub="def impurity(weights, gram):\n    ...\n",
    solution=_IMPURITY.format(value="1 - p @ np.abs(gram) ** 2 @ p"),
    explanation=(
        "$\\operatorname{tr}\\rho^2=\\sum_{cc'}p_cp_{c'}|\\langle c|c'\\rangle|^2$: the probability that two labels drawn "
        "from the node pass for equal. With orthogonal states it is $\\sum p_c^2$, and the impurity is Gini's. It is also "
        "what a regression tree lowers when its targets are the entries of $|c\\rangle\\langle c|$, which is how the "
        "classical rival of the chapter works. The two criteria seldom differ: both are 0 for pure nodes, and both "
        "are concave."
    ),
    wrong={
        "purity": _IMPURITY.format(value="p @ np.abs(gram) ** 2 @ p"),
        "classical": _IMPURITY.format(value="1 - (p**2).sum()"),
        "modulus": _IMPURITY.format(value="1 - p @ np.abs(gram) @ p"),
        "no modulus": _IMPURITY.format(value="1 - np.sqrt(p) @ gram**2 @ p"),
        "not normalised": (
            "def impurity(weights, gram):\n    return 1 - weights @ np.abs(gram) ** 2 @ weights\n"
        ),
    },
    grade=_grade_impurity,
    given={"np": np},
)
