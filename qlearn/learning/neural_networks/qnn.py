r"""A quantum neural network that classifies: features in, expectation values read by a softmax."""

from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike

from qlearn.learning.encodings.encoding import Encoding
from qlearn.learning.neural_networks.gradient_classifier import GradientClassifier
from qlearn.learning.neural_networks.network import QuantumNetwork


class QNNClassifier(QuantumNetwork, GradientClassifier):
    r"""Classify by a trained circuit whose qubits are read out together.

    .. math:: p(\cdot\,|x) = \operatorname{softmax}\Bigl(b + \sum_j W_j \langle O_j \rangle_{\gamma\beta}(x)\Bigr)

    The expectation values come from :class:`~qlearn.learning.neural_networks.ansatz.Ansatz`; weights W and offset b are
    classical and trained with the angles (two classes need one score, and softmax becomes the logistic
    function). All gradients are exact and all of a batch is computed at once.

    Features are angles in radians and have the period :math:`2\pi`: scale them first, for instance to
    :math:`\pm\pi/2`. Here "angle" turns about z, from the equator: a longitude. (The "angle" of
    :class:`~qlearn.learning.QSVC` turns about y, from the pole, and refuses what lies beyond :math:`\pm\pi`.)

    Parameters
    ----------
    n_qubits : int, optional
        Number of qubits, 1 to 12. None: as many as the encoding takes. With more qubits than features, the
        turns of "angle" and "reuploading" repeat the features in order; fewer are refused.
    layers : int
        Layers of the circuit, each with two angles a qubit.
    encoding : {"angle", "reuploading", "state"} or Encoding
        "angle" turns each qubit by its feature once; "reuploading" before every layer; with "state" X holds
        quantum data: complex amplitudes of shape (n_samples, 2**n_qubits). An object with `n_qubits`,
        `circuit` and `states`, such as :class:`~qlearn.learning.encodings.phase_map.PhaseMap`, prepares
        the states itself.
    entanglement : {"circular", "linear", "full", "none"} or sequence of pairs
        CNOTs of a layer. "none" is the ablation: every qubit is then a model of its own feature.
    observables : {"local", "global"} or sequence of str
        What is measured: Z of every qubit, the one product of all Z, or strings of I and Z.
    optimizer : {"adam", "sgd"}
        How the gradient is followed.
    learning_rate : float
        Its step.
    epochs : int
        Passes over the samples.
    batch_size : int or None
        Samples in a step; None takes all.
    initial : list of ndarray, optional
        Parameters to start from, as :meth:`get_parameters` gives them: angles, weights, offset. None draws
        the angles uniformly in :math:`\pm\pi` and the weights from the standard normal law.
    random_state : int, RandomState, Generator or None
        Draws the first parameters and the batches. None draws anew each time from a generator of NumPy's new kind, which
        :func:`numpy.random.seed` does not govern.
    progress : bool
        Show a bar of the epochs.

    Attributes
    ----------
    classes_ : ndarray
        The labels, sorted.
    n_features_in_ : int
        Features seen in :meth:`fit`.
    ansatz_ : Ansatz
        The circuit's shape.
    parameters_ : list of ndarray
        Angles (layers, n_qubits, 2) in radians, weights (n_observables, n_scores), offset (n_scores,).
    loss_curve_ : list of float
        Mean loss (nats) of each epoch.

    Raises
    ------
    ValueError
        In :meth:`fit`: as scikit-learn says, if an option is unknown or the features do not fit the qubits, and if the
        loss or a parameter leaves the finite numbers (then the model is what it was before).

    Warns
    -----
    UserWarning
        If a feature of "angle" or "reuploading" spans more than a whole turn, 0 included: then one value is taken for
        another.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).uniform(-np.pi / 2, np.pi / 2, (200, 2))
    >>> y = (X[:, 0] * X[:, 1] > 0).astype(int)  # a checkerboard: no straight line separates it
    >>> QNNClassifier(layers=3, random_state=1).fit(X[:100], y[:100]).score(X[100:], y[100:]) > 0.9
    True

    References
    ----------
    Schuld, Bocharov, Svore, Wiebe, "Circuit-centric quantum classifiers", 2020,
    arXiv:1804.00633.

    Taught in :doc:`/learning/neural_networks`.
    """

    def __init__(
        self,
        n_qubits: int | None = None,
        layers: int = 2,
        encoding: str | Encoding = "angle",
        entanglement: str | Sequence[Sequence[int]] = "circular",
        observables: str | Sequence[str] = "local",
        optimizer: str = "adam",
        learning_rate: float = 0.05,
        epochs: int = 50,
        batch_size: int | None = 32,
        initial: Sequence[ArrayLike] | None = None,
        random_state: Any = None,
        progress: bool = False,
    ) -> None:
        self.n_qubits = n_qubits
        self.layers = layers
        self.encoding = encoding
        self.entanglement = entanglement
        self.observables = observables
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.batch_size = batch_size
        self.initial = initial
        self.random_state = random_state
        self.progress = progress
