"""Quantum neural networks (QNN): a trained circuit and a linear readout that classify or regress."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_states
from qlearn._types import Arrays
from qlearn.learning._estimators import level_of_caller
from qlearn.learning.encodings.encoding import Encoding
from qlearn.learning.neural_networks._counted_outputs import CountedOutputs
from qlearn.learning.neural_networks._encoded_circuit import EncodedCircuit
from qlearn.learning.neural_networks._own_ansatz import OwnAnsatz
from qlearn.learning.neural_networks.ansatz import longitude_circuit
from qlearn.learning.neural_networks.gradient_estimators import GradientClassifier, GradientRegressor
from qlearn.learning.neural_networks.l_bfgs import LBFGS
from qlearn.learning.neural_networks.layers import Pullback, circuit_scores
from qlearn.learning.neural_networks.optimizers import Optimizer
from qlearn.learning.neural_networks.training import GradientModel
from qlearn.qubits import Circuit
from qlearn.qubits.observables import Observables


class QuantumNetwork(EncodedCircuit, CountedOutputs, GradientModel):
    r"""Scores by a trained circuit and a linear readout.

    .. math:: s_k(x) = b_k + \sum_j W_{jk} \langle O_j \rangle_{\gamma\beta}(x)

    The expectation values come from :class:`~qlearn.learning.neural_networks.ansatz.Ansatz`. What the scores mean
    is the business of :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier` and
    :class:`~qlearn.learning.neural_networks.qnn.QNNRegressor`.
    """

    def __init__(
        self,
        n_qubits: int | None = None,
        layers: int = 2,
        encoding: str | Encoding | None = None,
        entanglement: str | Sequence[Sequence[int]] = "circular",
        observables: Observables = "local",
        optimizer: str | Optimizer | LBFGS = "adam",
        learning_rate: float = 0.05,
        epochs: int = 50,
        batch_size: int | None = 32,
        initial: Sequence[ArrayLike] | None = None,
        random_state: Any = None,
        progress: bool = False,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        tol: float = 1e-4,
        n_iter_no_change: int = 10,
        warm_start: bool = False,
        callback: Callable[[Any, int, float], object] | None = None,
        shots: int | None = None,
        noise: float = 0.0,
        device: Any = None,
        gradient: str = "auto",
        ansatz: OwnAnsatz | None = None,
        readout: str | Callable[[int], int] = "expectations",
    ) -> None:
        super().__init__(
            optimizer,
            learning_rate,
            epochs,
            batch_size,
            initial,
            random_state,
            progress,
            early_stopping,
            validation_fraction,
            tol,
            n_iter_no_change,
            warm_start,
            callback,
        )
        self.n_qubits = n_qubits
        self.layers = layers
        self.encoding = encoding
        self.entanglement = entanglement
        self.observables = observables
        self.shots = shots
        self.noise = noise
        self.device = device
        self.gradient = gradient
        self.ansatz = ansatz
        self.readout = readout

    def circuit(self, x: ArrayLike | None = None, parameters: Sequence[ArrayLike] | None = None) -> Circuit:
        """Return the model's circuit, up to the measurement of its observables.

        Parameters
        ----------
        x : array_like, shape (..., n_features), optional
            Features; a batch gives a batched circuit. None leaves the encoding out, and features of the ansatz free.
        parameters : list of ndarray, optional
            Only the angles are used; None takes the trained ones.

        Returns
        -------
        Circuit
        """
        angles = (self.get_parameters() if parameters is None else parameters)[0]
        if x is None:
            return self.ansatz_.circuit(angles)
        if self.encoding == "state":
            raise ValueError(
                'x must be None with encoding="state": give the states to the run of this circuit'
            )
        features = np.asarray(x, float)
        if features.shape[-1:] != (self.n_features_in_,):
            raise ValueError(
                f"x must have {self.n_features_in_} features on its last axis, not shape {features.shape}"
            )
        inside = features if self._takes_features() else None
        if (encoding := self._prepared_by()) is not None:
            return encoding.circuit(features).then(self.ansatz_.circuit(angles, inside))
        if self._way == "phase" and self.ansatz is not None:
            return longitude_circuit(self._repeated(features)).then(self.ansatz_.circuit(angles, inside))
        return self.ansatz_.circuit(angles, self._repeated(features) if inside is None else inside)

    def _rows(self, X: ArrayLike, *, reset: bool = False) -> NDArray:
        if self.encoding != "state":
            return super()._rows(X, reset=reset)
        states = as_states(X, "X", None if reset else self.ansatz_.n_qubits)
        if states.ndim != 2 or not len(states):
            raise ValueError(f"X must be states of shape (n_samples, 2**n_qubits), not {states.shape}")
        return states

    def _validated(self, X: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray]:
        if self.encoding != "state":
            return super()._validated(X, y)
        states = self._rows(X, reset=True)
        # scikit-learn refuses complex numbers; their real parts stand in while it checks the targets.
        return states, super()._validated(states.real, y)[1]

    def _start(self, rng: np.random.Generator) -> Arrays:
        self.ansatz_ = self._new_ansatz()
        angles = rng.uniform(-np.pi, np.pi, self.ansatz_.shape)
        weights = rng.normal(size=(len(self.ansatz_.measured), self.n_scores_))
        return [angles, weights, np.zeros(self.n_scores_)]

    def _bytes_an_input(self) -> int:
        if self._way == "state":
            return 0
        states = 1
        if self._takes_features():
            states = 0 if self._twice() or self._is_counted() else self.ansatz_.phases_kept
            # Rows that stay features are light, and their way through the circuit is not: each has states of its own.
            states = states or self.ansatz_.states_kept
        return states * 16 * int(2**self.ansatz_.n_qubits)

    def _numbers_a_row(self) -> int:
        # The states before and after the circuit, and one for each layer that the way back would need.
        return int(2**self.ansatz_.n_qubits) * self.ansatz_.states_kept

    def _warn_of_inputs(self, X: NDArray) -> None:
        if self._way not in ("phase", "reuploading"):
            return
        spans = X.max(axis=0, initial=0.0) - X.min(axis=0, initial=0.0)
        if (widest := float(spans.max())) > 2 * np.pi * (1 + 1e-12):
            warnings.warn(
                f"X holds angles that span {widest:.3g} radians, more than a whole turn: {self._way!r} has the period "
                "2 pi, so one value is taken for another and rows far apart may look alike. Scale the features first, as in "
                f"make_pipeline(MinMaxScaler((-1.5, 1.5), clip=True), {type(self).__name__}())",
                stacklevel=level_of_caller(),
            )

    def _inputs_are_arrays(self) -> bool:
        by_circuits = self._prepared_by() is not None or (self._way == "phase" and self.ansatz is not None)
        return self.device is None or self._takes_features() or not by_circuits

    def _inputs(self, X: NDArray) -> Any:
        if self._takes_features():
            return X if self._twice() or self._is_counted() else self.ansatz_.encode(X)
        to_run = self._is_counted() and (self.device is not None or self._way == "reuploading")
        return self._to_run(X) if to_run else self._states(X)

    def _to_run(self, X: NDArray) -> Any:
        """Return what a device can be given: features, or circuits that prepare the states of the encoding."""
        if self._way == "state":
            raise ValueError(
                'device must be None with encoding="state", not a device: nobody can load amplitudes into it as numbers'
            )
        if (encoding := self._prepared_by()) is not None:
            return encoding.circuit(X)
        return self._repeated(X) if self.ansatz is None else longitude_circuit(self._repeated(X))

    def _scores(self, parameters: Arrays, inputs: NDArray) -> tuple[NDArray[np.float64], Pullback]:
        twice = self._twice()
        if twice and self._is_counted():
            raise ValueError(
                "encoding must be None with shots, noise, a device or the shift rule where the ansatz takes features itself: "
                "put the gates of the encoding into the ansatz"
            )
        return circuit_scores(self._read_by(), parameters, inputs, self._states(inputs) if twice else None)


class QNNClassifier(QuantumNetwork, GradientClassifier):
    r"""Classify by a trained circuit whose qubits are read out together.

    .. math:: p(\cdot\,|x) = \operatorname{softmax}\Bigl(b + \sum_j W_j \langle O_j \rangle_{\gamma\beta}(x)\Bigr)

    The expectation values come from :class:`~qlearn.learning.neural_networks.ansatz.Ansatz`; weights W and offset b are
    classical and trained with the angles (two classes need one score, and softmax becomes the logistic
    function). Without shots and noise all gradients are exact, and all of a batch is computed at once.

    Features are angles in radians and have the period :math:`2\pi`: scale them first, for instance to
    :math:`\pm\pi/2`. "phase" turns about z, from the equator: a longitude. "angle", as in :class:`~qlearn.learning.QSVC`,
    turns about y, from the pole, and refuses what lies beyond :math:`\pm\pi`.

    Parameters
    ----------
    n_qubits : int, optional
        Number of qubits, 1 to 12. None: as many as the encoding takes. With more qubits than features, the
        rotations of "phase" and "reuploading" repeat the features in order; fewer are refused.
    layers : int
        Layers of the circuit, each with two angles a qubit.
    encoding : str or Encoding, optional
        None: "phase", and nothing where the ansatz takes features itself. "phase" turns each qubit by its feature once;
        "reuploading" before every layer; with "state" X holds quantum data: complex amplitudes of shape (n_samples,
        2**n_qubits). An object with `n_qubits`,
        `circuit` and `states`, such as :class:`~qlearn.learning.encodings.feature_maps.ZZFeatureMap`, prepares
        the states itself. The names of :class:`~qlearn.learning.QSVC` ("angle", "z", "zz", "amplitude", "basis" and so on)
        stand for such objects with their defaults.
    entanglement : {"circular", "linear", "full", "pairwise", "none"} or sequence of pairs
        CNOTs of a layer, as in :class:`~qlearn.learning.neural_networks.ansatz.Ansatz`. "none" is the ablation: every
        qubit is then a model of its own feature. "circular", the default, leaves a named `ansatz` its own pattern.
    observables : {"local", "global"}, str, mapping of str to float, or a list of these
        What is measured: Z of every qubit, the one product of all Z, or Pauli strings and real sums of them, such as
        ``["ZZI", {"XXI": 0.5, "IZZ": 1.0}]``.
    optimizer : {"adam", "sgd", "l-bfgs", "spsa"} or Optimizer
        How the loss goes down. "adam" and "sgd" follow gradients in batches; "l-bfgs" is SciPy's quasi-Newton method on all
        samples at once (:class:`~qlearn.learning.neural_networks.l_bfgs.LBFGS`); "spsa" needs two values a step and no
        gradient (:class:`~qlearn.learning.neural_networks.spsa.SPSA`). An object with ``step(parameters, gradients)`` is
        copied for every training.
    learning_rate : float
        Its step; "l-bfgs" and objects have none or their own.
    epochs : int
        Passes over the samples; of "l-bfgs" iterations.
    batch_size : int or None
        Samples in a step; None takes all, as "l-bfgs" always does.
    initial : list of ndarray, optional
        Parameters to start from, as :meth:`get_parameters` gives them: angles, weights, offset; or ``[angles]``
        alone. What is not given is drawn: angles uniformly in :math:`\pm\pi`, weights from the standard normal law.
    random_state : int, RandomState, Generator or None
        Draws the first parameters and the batches. None draws anew each time from a generator of NumPy's new kind, which
        :func:`numpy.random.seed` does not govern.
    progress : bool
        Show a bar of the epochs.
    early_stopping : bool
        Set rows apart in :meth:`fit`, stop when their loss no longer falls, and keep the parameters at its least. A warm start
        sets the same rows apart again where `random_state` is a number.
    validation_fraction : float
        Share of the rows that `early_stopping` sets apart, of each class alike.
    tol, n_iter_no_change : float, int
        `early_stopping` ends after so many epochs in a row of which none brought the held-out loss by more than `tol` below
        the least before (nats). Without it all epochs are trained, and `tol` and
        `validation_fraction` must be left alone.
    warm_start : bool
        Whether :meth:`fit` goes on from the parameters of the last one: with the same features, classes and shape.
    callback : callable, optional
        Called after each epoch with the model, the number of epochs and the epoch's loss; a true answer stops. If it raises
        an exception, that goes on with a note and the model keeps what it has learned.
    shots : int, optional
        Runs for each row and basis, in training and prediction. None is exact, or what the device takes by itself.
    noise : float
        Probability that a run ends in the maximally mixed state; without a device.
    device : optional
        None is NumPy. A sampler or estimator of Qiskit's primitives (version 2) or a device of PennyLane: a batch is one job,
        as in :class:`~qlearn.learning.neural_networks.sampled.SampledExpectations`.
    gradient : {"auto", "adjoint", "parameter-shift"}
        "auto" is the adjoint sweep where the circuit is read exactly, else the parameter-shift rule, which needs two runs of
        the batch for each angle (four for a controlled turn). Counted slopes of the means are right in the mean; those of the
        loss, which is no straight line in the means, only up to terms of 1/`shots`.
    class_weight : dict, "balanced" or None
        Weight of each class in the loss, 1 where none is given; "balanced" makes all classes count alike.
    ansatz : str, Circuit or callable, optional
        None: layers of RZ, RY and CNOTs. Otherwise a name of
        :data:`~qlearn.learning.neural_networks.ansatz_tables.ANSATZE`, a circuit with free angles, or a function of
        (n_qubits, layers) that makes one. Its parameters ``x[0]``, ``x[1]``, ... are the features of a row, wherever they
        stand, also with a trained factor (``w * x[0] + b``), and such a circuit starts with all qubits in 0; all others are
        trained, in the order of ``circuit.parameters``.
    readout : {"expectations", "probabilities"} or callable
        What the linear readout weighs: the means of the observables; or, as with a sampler, the chances of all bit strings,
        or of the classes that a function gives the outcomes (whole numbers, qubit 0 the most significant): from 0, and not
        more of them than outcomes.

    Attributes
    ----------
    classes_ : ndarray
        The labels, sorted.
    n_features_in_ : int
        Features seen in :meth:`fit`.
    ansatz_ : Ansatz or CircuitAnsatz
        The circuit and what is read of it.
    parameters_ : list of ndarray
        Angles (layers, n_qubits, 2) in radians, or (n_angles,) of an ansatz of your own; weights (n_observables,
        n_scores); offset (n_scores,).
    loss_curve_ : list of float
        Mean loss (nats) of each epoch of the last training; with weights the weighted mean.
    validation_curve_ : list of float
        With `early_stopping`: the held-out loss after each epoch of the last training.

    Raises
    ------
    ValueError
        In :meth:`fit`: as scikit-learn says, if an option is unknown or the features do not fit the qubits, and if the
        loss or a parameter leaves the finite numbers (then the model is what it was before).

    Warns
    -----
    UserWarning
        If a feature of "phase" or "reuploading" spans more than a whole turn, 0 included: then one value is taken for
        another.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).uniform(-np.pi / 2, np.pi / 2, (200, 2))
    >>> y = (X[:, 0] * X[:, 1] > 0).astype(int)  # a checkerboard: no straight line separates it
    >>> QNNClassifier(random_state=0).fit(X[:100], y[:100]).score(X[100:], y[100:]) > 0.9
    True

    An ansatz of one's own, with the features inside and one observable that suits the question:

    >>> from qlearn.qubits import Circuit, parameters
    >>> x, theta = parameters("x", 2), parameters("theta", 2)
    >>> own = Circuit(2).ry(x[0], 0).ry(x[1], 1).ry(theta[0], 0).ry(theta[1], 1)
    >>> model = QNNClassifier(ansatz=own, observables={"ZZ": 1.0}, learning_rate=0.2, random_state=0)
    >>> model.fit(X[:100], y[:100]).score(X[100:], y[100:]) > 0.9
    True

    Trained by two counted values a step, as on a device; an object is an optimizer with settings of its own, and early
    stopping keeps the best of what it found:

    >>> from qlearn.learning.neural_networks import LBFGS, SGD, SPSA, Adam
    >>> options = {"shots": 1000, "early_stopping": True, "epochs": 500, "random_state": 0}
    >>> counted = QNNClassifier(optimizer=SPSA(0.3, shift=0.3), **options).fit(X[:100], y[:100])
    >>> len(counted.loss_curve_) == len(counted.validation_curve_) < 500
    True
    >>> for optimizer in (Adam(0.1, decay=(0.8, 0.99)), SGD(0.5), LBFGS(memory=5)):
    ...     print(QNNClassifier(optimizer=optimizer, epochs=40, random_state=0).fit(X, y).loss_curve_[-1] < 0.5)
    True
    True
    True

    References
    ----------
    Schuld, Bocharov, Svore, Wiebe, "Circuit-centric quantum classifiers", 2020,
    arXiv:1804.00633.
    """

    def __init__(
        self,
        n_qubits: int | None = None,
        layers: int = 2,
        encoding: str | Encoding | None = None,
        entanglement: str | Sequence[Sequence[int]] = "circular",
        observables: Observables = "local",
        optimizer: str | Optimizer | LBFGS = "adam",
        learning_rate: float = 0.05,
        epochs: int = 50,
        batch_size: int | None = 32,
        initial: Sequence[ArrayLike] | None = None,
        random_state: Any = None,
        progress: bool = False,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        tol: float = 1e-4,
        n_iter_no_change: int = 10,
        warm_start: bool = False,
        callback: Callable[[Any, int, float], object] | None = None,
        shots: int | None = None,
        noise: float = 0.0,
        device: Any = None,
        gradient: str = "auto",
        class_weight: Mapping[Any, float] | str | None = None,
        ansatz: OwnAnsatz | None = None,
        readout: str | Callable[[int], int] = "expectations",
    ) -> None:
        super().__init__(
            n_qubits,
            layers,
            encoding,
            entanglement,
            observables,
            optimizer,
            learning_rate,
            epochs,
            batch_size,
            initial,
            random_state,
            progress,
            early_stopping,
            validation_fraction,
            tol,
            n_iter_no_change,
            warm_start,
            callback,
            shots,
            noise,
            device,
            gradient,
            ansatz,
            readout,
        )
        self.class_weight = class_weight


class QNNRegressor(QuantumNetwork, GradientRegressor):
    r"""Fit numbers by a trained circuit and a linear readout.

    .. math:: f(x) = m + d\,\Bigl(b + \sum_j W_j \langle O_j \rangle_{\gamma\beta}(x)\Bigr)

    with mean m and standard deviation d of the training targets, which set the unit. In each feature f is a
    Fourier series with one frequency for each turn by it: one with "phase", one for each layer with
    "reuploading" (times the qubits that repeat the feature). What wiggles faster cannot be fitted, however
    long the training. What is refused and warned of is as in
    :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.

    Parameters
    ----------
    n_qubits, layers, encoding, entanglement, observables
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.
    optimizer, learning_rate, epochs, batch_size, initial, random_state, progress
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.
    early_stopping, validation_fraction, tol, n_iter_no_change, warm_start, callback
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`; `tol` in units of the targets' variance.
    shots, noise, device, gradient, ansatz, readout
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.

    Attributes
    ----------
    target_mean_, target_scale_ : ndarray, shape (n_outputs,)
        m and d, of all rows of the first fit: those that `early_stopping` sets apart, too.
    n_features_in_, ansatz_, parameters_
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`, with a score for each output.
    loss_curve_ : list of float
        Mean squared error of each epoch in units of d squared: one minus the :math:`R^2` of the training.

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
    """
