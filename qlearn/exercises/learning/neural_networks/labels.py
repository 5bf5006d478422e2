"""Labels."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="project",
    right=(
        "0.96 with CNOTs, 0.47 without. That is what the CNOTs are for; whether *your* data are like that, only the "
        "ablation tells. (A classical machine with products of features learns it as well.)"
    ),
    because="""
        Without CNOTs the score is $g(x_0)+h(x_1)$. If labels were 1 at $(+,+)$ and $(-,-)$ and 0 at the two others,
        then $g(+)+h(+)+g(-)+h(-)$ would have to be above twice the threshold, and the same four numbers in another
        order below it. Any pattern with such a quadruple of corners everywhere will do.
    """,
)
def labels(X):
    r"""Make a task for which the CNOTs matter. Write `labels(X)`: labels 0 and 1 of rows of shape $(n,2)$,
    features between $\pm\pi/2$. The checker trains a network with three re-uploading layers on 300
    rows, with its CNOTs and without, and judges both on 600 others. With them it must score at least
    0.8, without at most 0.7. (Takes a second.)
    """
    return (X[:, 0] * X[:, 1] > 0).astype(int)


@labels.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_labels of the old module
    yield ()


@labels.mistake(
    "without a CNOT it is learned too (0.98, with: 0.99). A line, a stripe or a circle is a sum of one function "
    "of each feature, cut at a threshold. Make each feature mean the opposite, depending on the other."
)
def a_line(X):
    return (X[:, 0] + X[:, 1] > 0).astype(int)


@labels.mistake(
    "2% of your labels are 1: saying one class to all would already score well. Aim for 30 to 70 %."
)
def one_class(X):
    return (X[:, 0] > 1.5).astype(int)


@labels.mistake(
    "nobody learns it: 0.49 with CNOTs, 0.51 without. Three layers follow three waves in each feature; make the "
    "pattern coarser."
)
def too_fine(X):
    return (np.sin(12 * X[:, 0]) * np.sin(12 * X[:, 1]) > 0).astype(int)


@labels.mistake("500 rows have 500 labels, each 0 or 1; yours have shape (500, 1).")
def a_column(X):
    return (X[:, :1] * X[:, 1:] > 0).astype(int)
