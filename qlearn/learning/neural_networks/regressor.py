r"""A quantum neural network that regresses: features in, a number out."""

from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike

from qlearn.learning.encodings.encoding import Encoding
from qlearn.learning.neural_networks.gradient_regressor import GradientRegressor
from qlearn.learning.neural_networks.network import QuantumNetwork


class QNNRegressor(QuantumNetwork, GradientRegressor):
    r"""Fit numbers by a trained circuit and a linear readout.

    .. math:: f(x) = m + d\,\Bigl(b + \sum_j W_j \langle O_j \rangle_{\gamma\beta}(x)\Bigr)

    with mean m and standard deviation d of the training targets, which set the unit. In each feature f is a
    Fourier series with one frequency for each turn by it: one with "angle", one for each layer with
    "reuploading" (times the qubits that repeat the feature). What wiggles faster cannot be fitted, however
    long the training. Everything else is as in
    :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.

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
    target_mean_, target_scale_ : ndarray, shape (n_outputs,)
        m and d.
    n_features_in_ : int
        Features seen in :meth:`fit`.
    ansatz_ : Ansatz
        The circuit's shape.
    parameters_ : list of ndarray
        Angles (layers, n_qubits, 2) in radians, weights (n_observables, n_scores), offset (n_scores,).
    loss_curve_ : list of float
        Mean squared error of each epoch in units of d squared: one minus the :math:`R^2` of the training.

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
    >>> x = np.linspace(-np.pi, np.pi, 60)[:, None]
    >>> y = 20 + 5 * np.cos(2 * x[:, 0])  # the second frequency: two layers, or none of it
    >>> options = {"encoding": "reuploading", "epochs": 150, "random_state": 0}
    >>> [round(QNNRegressor(1, layers, **options).fit(x, y).score(x, y), 1) for layers in (1, 2)]
    [0.0, 1.0]

    References
    ----------
    Mitarai, Negoro, Kitagawa, Fujii, "Quantum circuit learning", 2018, arXiv:1803.00745.
    Schuld, Sweke, Meyer, 2021, arXiv:2008.08605 (the Fourier series).

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
