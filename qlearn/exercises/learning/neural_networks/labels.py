"""A task for which the CNOTs of a network matter."""

from functools import lru_cache

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import as_numbers


@exercise(
    level="project",
    right=(
        "learned with CNOTs, and not without. That is what the CNOTs are for; whether *your* data are like that, only the "
        "ablation tells. (A classical machine with products of features learns it as well.)"
    ),
    because="""
        Without CNOTs the score is $g(x_0)+h(x_1)$. If labels were 1 at $(+,+)$ and $(-,-)$ and 0 at the two others,
        then $g(+)+h(+)+g(-)+h(-)$ would have to be above twice the threshold, and the same four numbers in another
        order below it. Any pattern with such a quadruple of corners everywhere will do. Here the network scores 0.95
        with its CNOTs and 0.6 without.
    """,
)
def labels(X):
    r"""Make a task for which the CNOTs matter. Return labels 0 and 1 of rows of shape $(n,2)$, each by its own two
    features, which lie between $\pm\pi/2$. The checker trains a network with three re-uploading layers on 300
    rows, with its CNOTs and without, and judges both on 600 others. With them it must score at least
    0.8, without at most 0.7; between 30 and 70 % of the labels are to be 1. (Takes a moment.) Given: `np`.
    """
    return (X[:, 0] * X[:, 1] > 0).astype(int)


@lru_cache(maxsize=64)
def _score(rows, y, joined, start):
    """Train the network, or its ablation, on these labels; return its score on the rows after the first 300."""
    from qlearn.learning import QNNClassifier

    X, y = np.frombuffer(rows).reshape(-1, 2), np.frombuffer(y, dtype=np.int64)
    network = QNNClassifier(
        encoding="reuploading",
        entanglement=[(0, 1), (1, 0)] if joined else [],
        layers=3,
        epochs=60,
        learning_rate=0.2,
        batch_size=None,
        random_state=start,
    )
    return float(network.fit(X[:300], y[:300]).score(X[300:], y[300:]))


@labels.grader
def trained(answer, rng):
    """Labels that can be learned, and by the CNOTs only."""
    X = rng.uniform(-np.pi / 2, np.pi / 2, (900, 2))
    given = X.copy()
    y = as_numbers(answer(given))
    if isinstance(y, str):
        return Verdict.wrong(f"{y}.")
    if y.shape != (900,):
        return Verdict.wrong(
            f"900 rows have 900 labels, in an array of shape (900,); yours has shape {y.shape}."
        )
    if not np.isin(y, (0, 1)).all():
        return Verdict.wrong("each label is to be 0 or 1, and you give others.")
    y = y.real.astype(np.int64)
    if not 0.3 <= y.mean() <= 0.7:
        return Verdict.wrong(
            f"{y.mean():.0%} of your labels are 1: saying one class to all would already score well. Aim for 30 to 70 %."
        )
    if not np.array_equal(y, answer(X.copy())):
        return Verdict.wrong("your labels change from call to call: there is nothing to learn from noise.")
    some = rng.permutation(900)[:200]
    if not np.array_equal(y[some], answer(X[some])):
        return Verdict.wrong(
            "the label of a row depends on where it stands, or on the other rows. It may depend on its two features only."
        )
    task = X.tobytes(), y.tobytes()
    joined = _score(*task, True, 0)
    if joined < 0.8:  # once more, from another start
        joined = max(joined, _score(*task, True, 1))
    apart = max(_score(*task, False, start) for start in range(2))
    if joined < 0.8:
        return Verdict.wrong(
            f"the network does not learn it: {joined:.2f} with CNOTs, {apart:.2f} without. Three layers follow three waves "
            "in each feature; make the pattern coarser."
        )
    if apart > 0.7:
        return Verdict.wrong(
            f"without a CNOT it is learned too ({apart:.2f}, with: {joined:.2f}). A line, a stripe or a circle is a sum of "
            "one function of each feature, cut at a threshold. Make each feature mean the opposite, depending on the other."
        )
    return None


@labels.mistake()
def a_line(X):
    return (X[:, 0] + X[:, 1] > 0).astype(int)


@labels.mistake()
def one_class(X):
    return (X[:, 0] > 1.5).astype(int)


@labels.mistake()
def too_fine(X):
    return (np.sin(12 * X[:, 0]) * np.sin(12 * X[:, 1]) > 0).astype(int)


@labels.mistake()
def a_column(X):
    return (X[:, :1] * X[:, 1:] > 0).astype(int)


@labels.mistake()
def plus_and_minus_one(X):
    return np.where(X[:, 0] * X[:, 1] > 0, 1, -1)


@labels.mistake()
def above_the_mean_of_the_rows(X):
    product = X[:, 0] * X[:, 1]
    return (product > np.median(product)).astype(int)


@labels.mistake()
def a_coin(X):
    return np.random.randint(0, 2, len(X))  # noqa: NPY002 - it is the mistake
