"""The models of the comparison, each a pipeline with the grid that tunes it."""

from typing import Any, NamedTuple

import numpy as np
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import SVC

from qlearn._checks import as_count
from qlearn.learning.comparison.datasets import Dataset
from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier
from qlearn.learning.neural_networks.qnn import QNNClassifier
from qlearn.learning.qsvm.qsvc import QSVC

Grid = dict[str, list[Any]]


class Candidate(NamedTuple):
    """A model that is not fitted yet, and what may be chosen about it."""

    pipeline: Pipeline
    grid: Grid


def candidates(data: Dataset, *, n_qubits: int = 4, seed: int = 0) -> dict[str, Candidate]:
    """Return the models that a data set is judged by: three quantum, two ablations, three classical rivals.

    The quantum ones see as many principal components as they have qubits (learned, as the scaling is, from
    training rows only), and so does one of the rivals; the other two see all features, as anybody would let
    them. Ablations are the same models without entangling gates. Every grid has three points about what is best in the
    mean of the halves ``load_dataset(..., part="settle")`` of the measured sets, where the passes of the network were
    settled, too. QSVC and its ablation are best at different bandwidths, so each has three of its own about the best of
    that mean: on measured sets the two differ in their grids as well as in the gates. Set by set two folds may choose
    otherwise, and of QSVC's grid they often take the lowest point.

    Parameters
    ----------
    data : Dataset
        Decides about the preparation only: angles are left as they are.
    n_qubits : int
        Components and qubits, at most.
    seed : int
        Where the network starts.

    Returns
    -------
    dict of str to Candidate

    Examples
    --------
    >>> from qlearn.learning.comparison import candidates, load_dataset
    >>> iris = load_dataset("iris")
    >>> pipeline, grid = candidates(iris)["QSVC"]
    >>> pipeline.fit(iris.X, iris.y).score(iris.X, iris.y) > 0.9
    True
    """
    width = min(as_count(n_qubits, "n_qubits"), data.X.shape[1])
    # Three points for everybody, about what is best in the mean of the halves that settle.
    cost: Grid = {"model__C": [1, 3, 10]}
    made: Grid = {"model__bandwidth": [0.5, 1.0, 2.0]}  # the map's own data, whose bandwidth is 1
    kernel: Grid = made if data.angles else {"model__bandwidth": [0.005, 0.01, 0.02]}
    flat: Grid = made if data.angles else {"model__bandwidth": [0.03, 0.05, 0.1]}
    gamma: Grid = {"model__gamma": [0.3, 1, 3] if data.angles else [0.003, 0.01, 0.03]}
    few: Grid = {"model__gamma": gamma["model__gamma"] if data.angles else [0.02, 0.05, 0.1]}
    network: dict[str, Any] = {"epochs": 25, "learning_rate": 0.1, "random_state": seed}

    def whole(model: Any) -> Pipeline:
        return Pipeline([*([] if data.angles else [("scale", StandardScaler())]), ("model", model)])

    def reduced(model: Any, *, turns: bool = False) -> Pipeline:
        steps: list[tuple[str, Any]] = []
        if not data.angles:
            steps = [("scale", StandardScaler()), ("reduce", PCA(width, svd_solver="full"))]
            if turns:  # a quarter turn either way, and no row beyond: the ends stay apart
                steps.append(("turn", MinMaxScaler((-np.pi / 2, np.pi / 2), clip=True)))
        return Pipeline([*steps, ("model", model)])

    depths: Grid = {"model__max_depth": [2, 3, 4]}
    layers: Grid = {"model__layers": [1, 2, 3]}
    return {
        "logistic regression": Candidate(whole(LogisticRegression(max_iter=2000)), cost),
        "RBF machine": Candidate(whole(SVC(C=10)), gamma),
        "RBF machine, components": Candidate(reduced(SVC(C=10)), few),
        "QSVC": Candidate(reduced(QSVC(C=10)), kernel),
        "QSVC, no entanglement": Candidate(reduced(QSVC(C=10, entanglement="none")), flat),
        "QNN": Candidate(reduced(QNNClassifier(**network), turns=True), layers),
        "QNN, no entanglement": Candidate(
            reduced(QNNClassifier(entanglement="none", **network), turns=True), layers
        ),
        "quantum tree": Candidate(reduced(QuantumDecisionTreeClassifier(random_state=seed)), depths),
    }
