"""Softmax regression, the classical twin of the quantum network: the same readout and training, without the circuit."""

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Arrays
from qlearn.learning.neural_networks.gradient_estimators import GradientClassifier
from qlearn.learning.neural_networks.layers import Pullback, linear


class SoftmaxClassifier(GradientClassifier):
    r"""Logistic regression over a list of arrays, trained as the quantum network is.

    .. math:: p(\cdot\,|x) = \operatorname{softmax}(b + W^{\mathsf T} x)

    What :class:`sklearn.linear_model.LogisticRegression` lacks and a federation needs: parameters that can be
    set, and a number of local epochs. It is also the fair rival of
    :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`: whatever that gains over this model, its circuit gave.

    Parameters
    ----------
    optimizer, learning_rate, epochs, batch_size, random_state, progress
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.
    initial : list of ndarray, optional
        Parameters to start from: weights and offset. None starts from zeros.

    Attributes
    ----------
    classes_, n_features_in_, loss_curve_
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.
    parameters_ : list of ndarray
        Weights (n_features, n_scores) and offset (n_scores,); two classes need one score.

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

    def _start(self, rng: np.random.Generator) -> Arrays:
        return [np.zeros((self.n_features_in_, self.n_scores_)), np.zeros(self.n_scores_)]

    def _scores(self, parameters: Arrays, inputs: NDArray) -> tuple[NDArray[np.float64], Pullback]:
        return linear(inputs, *parameters)
