r"""The classical twin of the quantum network: the same readout and training, with the circuit taken out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._types import Arrays
from qlearn.learning.neural_networks.gradient_estimators import GradientClassifier
from qlearn.learning.neural_networks.training import Pullback


class SoftmaxClassifier(GradientClassifier):
    r"""Logistic regression over a list of arrays, trained as the quantum network is.

    .. math:: p(\cdot\,|x) = \operatorname{softmax}(b + W^{\mathsf T} x)

    What :class:`sklearn.linear_model.LogisticRegression` lacks and a federation needs: parameters that can be
    set, and a number of local epochs. It is also the fair rival of
    :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`: whatever that gains over this model, its circuit gave.

    Parameters
    ----------
    optimizer : {"adam", "sgd"}
        How the gradient is followed.
    learning_rate : float
        Its step.
    epochs : int
        Passes over the samples.
    batch_size : int or None
        Samples in a step; None takes all.
    initial : list of ndarray, optional
        Parameters to start from: weights and offset. None starts from zeros.
    random_state : int, RandomState, Generator or None
        Draws the batches.
    progress : bool
        Show a bar of the epochs.

    Attributes
    ----------
    classes_ : ndarray
        The labels, sorted.
    n_features_in_ : int
        Features seen in :meth:`fit`.
    parameters_ : list of ndarray
        Weights (n_features, n_scores) and offset (n_scores,); two classes need one score.
    loss_curve_ : list of float
        Mean loss (nats) of each epoch.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(100, 2))
    >>> y = np.where(X[:, 0] > X[:, 1], "first", "second")
    >>> SoftmaxClassifier(random_state=0).fit(X, y).predict([[1.0, 0.0]])
    array(['first'], dtype='<U6')

    References
    ----------
    Bishop, "Pattern Recognition and Machine Learning", 2006, section 4.3.
    """

    def __init__(
        self,
        optimizer: str = "adam",
        learning_rate: float = 0.05,
        epochs: int = 50,
        batch_size: int | None = 32,
        initial: Sequence[ArrayLike] | None = None,
        random_state: Any = None,
        progress: bool = False,
    ) -> None:
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.batch_size = batch_size
        self.initial = initial
        self.random_state = random_state
        self.progress = progress

    def _start(self, rng: np.random.Generator) -> Arrays:
        return [np.zeros((self.n_features_in_, self.n_scores_)), np.zeros(self.n_scores_)]

    def _scores(self, parameters: Arrays, inputs: NDArray) -> tuple[NDArray[np.float64], Pullback]:
        weights, offset = parameters
        return inputs @ weights + offset, lambda gradient: [inputs.T @ gradient, gradient.sum(axis=0)]
