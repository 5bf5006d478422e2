r"""Graph fusion: a graph network says how much each unit counts, and is trained by the error of their mean."""

from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import softmax

from qlearn._checks import as_count, as_real, as_rng
from qlearn.learning._threads import one_thread
from qlearn.networks.graph_networks._network import GraphNetwork
from qlearn.networks.graph_networks.fusion_task import FusionRows


class Fusion(Protocol):
    """Anything that is fitted to rows and answers rows."""

    def fit(self, rows: FusionRows) -> Self:
        """Learn from rows."""
        ...

    def predict(self, rows: FusionRows) -> NDArray[np.float64]:
        """Return one number a row, shape (rows,)."""
        ...


def mean_squared_error(fusion: Fusion, rows: FusionRows) -> float:
    r"""Return the mean squared error of a fitted fusion model on rows, in the square of their unit.

    Parameters
    ----------
    fusion : Fusion
        Fitted, or one that needs no fit.
    rows : FusionRows
        Outputs with their targets, n of them.

    Returns
    -------
    float
        :math:`\tfrac1n\sum_j(\hat s_j-s_j)^2`.

    Examples
    --------
    >>> from qlearn.networks.graph_networks import FusionTask, MeanFusion
    >>> rows = FusionTask(noise=1e-6, own_noise=1e-6).draw(10, rng=0)
    >>> mean_squared_error(MeanFusion(), rows) < 1e-9
    True
    """
    return float(np.mean((fusion.predict(rows) - rows.target) ** 2))


@dataclass
class GraphFusion:
    r"""Weights of the outputs by a graph network, one set for each row.

    .. math:: \hat s = \sum_i \alpha_i x_i, \qquad \alpha = \operatorname{softmax}(h(d, W)), \qquad
              d_i = \arctan\bigl(x_i - \operatorname{median}(x)\bigr)

    The network h sees how far each output lies from the median, bounded because an angle has a period, and the graph.
    Whatever it answers, the weights are positive and add to one, the units may be numbered in any way, and shifting all
    outputs shifts the answer; a network whose scores are all equal is the mean. Quantum and classical networks are
    trained by the same code, BFGS on the mean squared error with exact gradients, so that there is no learning rate to
    be chosen.

    Parameters
    ----------
    network : QuantumGraphNetwork or MessagePassingNetwork
        The scores.
    iterations : int
        Steps of BFGS at most.
    restarts : int
        Starts that are tried; the one with the smallest error on the rows that train stays.
    penalty : float
        Times the mean square of the parameters, added to the error; at least 0.
    random_state : optional
        Anything that :func:`numpy.random.default_rng` takes: draws the starts.

    Attributes
    ----------
    parameters_ : ndarray of float64, shape (n_parameters,)
        What was trained.
    loss_ : float
        Mean squared error on the rows that trained, with the penalty.
    evaluations_ : int
        How often error and gradient were computed, all starts together.

    Examples
    --------
    >>> from qlearn.networks.graph_networks import FusionTask, MeanFusion, QuantumGraphNetwork
    >>> task = FusionTask(fault_rate=0.2)
    >>> old, new = task.draw(100, rng=0), task.draw(1000, rng=1)
    >>> fusion = GraphFusion(QuantumGraphNetwork(2), iterations=20, random_state=0).fit(old)
    >>> mean_squared_error(fusion, new) < mean_squared_error(MeanFusion(), new)
    True
    """

    network: GraphNetwork
    iterations: int = 40
    restarts: int = 3
    penalty: float = 0.0
    random_state: Any = None

    def fit(self, rows: FusionRows) -> Self:
        """Train on rows."""
        steps, starts = as_count(self.iterations, "iterations"), as_count(self.restarts, "restarts")
        penalty, rng = as_real(self.penalty, "penalty", least=0), as_rng(self.random_state)
        if not callable(getattr(self.network, "scores", None)):
            raise TypeError(
                f"network must have scores, start and n_parameters, as QuantumGraphNetwork has, not {self.network!r}"
            )
        outputs, values = rows.outputs, _deviations(rows.outputs)

        def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            scores, pull_back = self.network.scores(parameters, values, rows.weights)
            shares = softmax(scores, axis=1)
            answer = np.sum(shares * outputs, axis=1)
            missed = answer - rows.target
            # d answer / d score_i = share_i (x_i - answer)
            slope = (2 / len(missed) * missed)[:, None] * shares * (outputs - answer[:, None])
            value = np.mean(missed**2) + penalty * np.mean(parameters**2)
            return float(value), pull_back(slope) + 2 * penalty * parameters / parameters.size

        with one_thread():
            found = [
                minimize(loss, self.network.start(rng), jac=True, method="BFGS", options={"maxiter": steps})
                for _ in range(starts)
            ]
        best = min(found, key=lambda each: each.fun)
        self.parameters_, self.loss_ = best.x, float(best.fun)
        self.evaluations_ = sum(int(each.nfev) for each in found)
        return self

    def shares(self, rows: FusionRows) -> NDArray[np.float64]:
        """Return the weight of each unit in each row, shape (rows, n)."""
        if not hasattr(self, "parameters_"):
            raise ValueError("fit must come before predict and shares: the network has no parameters yet")
        scores, _ = self.network.scores(self.parameters_, _deviations(rows.outputs), rows.weights)
        return np.asarray(softmax(scores, axis=1))

    def predict(self, rows: FusionRows) -> NDArray[np.float64]:
        """Return one number a row, shape (rows,)."""
        return np.sum(self.shares(rows) * rows.outputs, axis=1)


def _deviations(outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.arctan(outputs - np.median(outputs, axis=1, keepdims=True))
