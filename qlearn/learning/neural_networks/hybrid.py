"""Hybrid classifiers: a circuit between dense layers (a dressed circuit), for one modality or several (fusion)."""

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from numpy.typing import ArrayLike

from qlearn._checks import as_count
from qlearn.learning.neural_networks._encoded_circuit import MOST_QUBITS
from qlearn.learning.neural_networks.dressed_circuit import DressedCircuitClassifier
from qlearn.learning.neural_networks.l_bfgs import LBFGS
from qlearn.learning.neural_networks.layers import DenseLayers
from qlearn.learning.neural_networks.optimizers import Optimizer
from qlearn.qubits.entanglement_patterns import entanglement_pairs


class HybridClassifier(DressedCircuitClassifier):
    r"""Classify any number of features by few qubits: a trained layer chooses the angles.

    .. math:: x \;\xrightarrow{\;\tfrac{\pi}{2}\tanh(V^{\mathsf T}x + c)\;}\; \text{angles}
              \;\xrightarrow{\;\text{circuit}\;}\; \langle O_j\rangle
              \;\xrightarrow{\;b + W^{\mathsf T}\langle O\rangle\;}\; \text{scores}

    Gradients pass through the circuit to V and c, so that the front learns what the circuit can use. Its ablation is
    ``with_circuit=False``: the units of tanh go to the readout as they are, and everything else, first parameters,
    optimiser and batches, stays. (A library's MLP of equal size is a rival; being trained in another way, it is no
    ablation.)

    Parameters
    ----------
    n_qubits : int
        Number of qubits, 1 to 12.
    hidden : sequence of int
        Units of further layers of tanh before that one.
    layers : int
        Layers of the circuit, each with two angles a qubit.
    reupload : bool
        Whether the angles rotate the qubits before every layer, or only before the first.
    entanglement, observables, optimizer, learning_rate, epochs, batch_size, initial, random_state, progress
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.
    with_circuit : bool
        False takes the circuit out: each unit's :math:`\tanh` stands where the mean of Z of its qubit stood. Needs
        ``observables="local"``.
    early_stopping, validation_fraction, tol, n_iter_no_change, warm_start, callback, class_weight, shots, noise, device, gradient
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.

    Attributes
    ----------
    classes_, n_features_in_, ansatz_, loss_curve_
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.
    parameters_ : list of ndarray
        Weights and offset of each dense layer; then angles (layers, n_qubits, 2) in radians, weights
        (n_observables, n_scores) and offset (n_scores,) of the readout. Without the circuit the angles stay as they
        were drawn: nothing depends on them.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(300, 20))  # 20 features for 2 qubits
    >>> y = X[:, :10].sum(axis=1) > X[:, 10:].sum(axis=1)
    >>> model = HybridClassifier(n_qubits=2, random_state=0).fit(X[:200], y[:200])
    >>> model.score(X[200:], y[200:]) > 0.9
    True

    References
    ----------
    Mari, Bromley, Izaac, Schuld, Killoran, 2020, arXiv:1912.08278.
    """

    def __init__(
        self,
        n_qubits: int = 4,
        hidden: Sequence[int] = (),
        layers: int = 2,
        reupload: bool = False,
        entanglement: str | Sequence[Sequence[int]] = "circular",
        observables: str | Sequence[str] = "local",
        optimizer: str | Optimizer | LBFGS = "adam",
        learning_rate: float = 0.05,
        epochs: int = 50,
        batch_size: int | None = 32,
        initial: Sequence[ArrayLike] | None = None,
        random_state: Any = None,
        progress: bool = False,
        with_circuit: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        tol: float = 1e-4,
        n_iter_no_change: int = 10,
        warm_start: bool = False,
        callback: Callable[[Any, int, float], object] | None = None,
        class_weight: Mapping[Any, float] | str | None = None,
        shots: int | None = None,
        noise: float = 0.0,
        device: Any = None,
        gradient: str = "auto",
    ) -> None:
        super().__init__(
            hidden,
            layers,
            reupload,
            entanglement,
            observables,
            optimizer,
            learning_rate,
            epochs,
            batch_size,
            initial,
            random_state,
            progress,
            with_circuit,
            early_stopping,
            validation_fraction,
            tol,
            n_iter_no_change,
            warm_start,
            callback,
            class_weight,
            shots,
            noise,
            device,
            gradient,
        )
        self.n_qubits = n_qubits

    def _dense_layers(self) -> list[tuple[slice, DenseLayers]]:
        return [(slice(None), DenseLayers([self.n_features_in_, *self._hidden(), self._wires()]))]

    def _wires(self) -> int:
        n = as_count(self.n_qubits, "n_qubits")
        if n > MOST_QUBITS:
            raise ValueError(
                f"n_qubits must be at most {MOST_QUBITS}, not {n}: a simulated state doubles with each"
            )
        return n


class FusionClassifier(DressedCircuitClassifier):
    r"""Classify by several modalities at once: a picture and a sound, two cameras, two sensors.

    The columns of X stand in groups, one for each modality. Each group goes through dense layers of its own to
    qubits of its own; only the circuit sees them together. With ``entanglement="within"`` and ``observables="local"``
    not even that: then the score is a sum of functions of one modality each, and nothing that only their *combination*
    tells can be learned. (``observables="global"`` multiplies the modalities in the readout, with no CNOT between
    them.)

    Parameters
    ----------
    modalities : sequence of int, optional
        Numbers of columns of each modality, in order. None: two, half of the columns each.
    qubits_each : int
        Qubits of each modality; 12 in all at most.
    hidden, layers, reupload
        As in :class:`~qlearn.learning.neural_networks.hybrid.HybridClassifier`, the hidden layers in each modality.
    entanglement : {"circular", "linear", "full", "pairwise", "within", "none"} or sequence of pairs
        CNOTs of a layer. "within": those of "circular" whose wires belong to one modality, and no others: with local
        observables the ablation of what joins the modalities.
    observables, optimizer, learning_rate, epochs, batch_size, initial, random_state, progress
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.
    with_circuit : bool
        As in :class:`~qlearn.learning.neural_networks.hybrid.HybridClassifier`; without its circuit the score is a sum
        of functions of one modality each, as with "within" and local observables.
    early_stopping, validation_fraction, tol, n_iter_no_change, warm_start, callback, class_weight, shots, noise, device, gradient
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.

    Attributes
    ----------
    classes_, n_features_in_, ansatz_, parameters_, loss_curve_
        As in :class:`~qlearn.learning.neural_networks.hybrid.HybridClassifier`, with the dense layers of one
        modality after those of the other.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(300, 6))
    >>> y = (X[:, :3].sum(axis=1) > 0) == (X[:, 3:].sum(axis=1) > 0)  # do the two agree?
    >>> model = FusionClassifier([3, 3], qubits_each=1, epochs=60, random_state=0).fit(X[:200], y[:200])
    >>> model.score(X[200:], y[200:]) > 0.85
    True

    References
    ----------
    Phukan, Pal, Ekbal, "Hybrid quantum-classical neural network for multimodal multitask sarcasm, emotion, and
    sentiment analysis", 2024, doi:10.1109/TCSS.2024.3388016.
    """

    def __init__(
        self,
        modalities: Sequence[int] | None = None,
        qubits_each: int = 2,
        hidden: Sequence[int] = (),
        layers: int = 2,
        reupload: bool = False,
        entanglement: str | Sequence[Sequence[int]] = "circular",
        observables: str | Sequence[str] = "local",
        optimizer: str | Optimizer | LBFGS = "adam",
        learning_rate: float = 0.05,
        epochs: int = 50,
        batch_size: int | None = 32,
        initial: Sequence[ArrayLike] | None = None,
        random_state: Any = None,
        progress: bool = False,
        with_circuit: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        tol: float = 1e-4,
        n_iter_no_change: int = 10,
        warm_start: bool = False,
        callback: Callable[[Any, int, float], object] | None = None,
        class_weight: Mapping[Any, float] | str | None = None,
        shots: int | None = None,
        noise: float = 0.0,
        device: Any = None,
        gradient: str = "auto",
    ) -> None:
        super().__init__(
            hidden,
            layers,
            reupload,
            entanglement,
            observables,
            optimizer,
            learning_rate,
            epochs,
            batch_size,
            initial,
            random_state,
            progress,
            with_circuit,
            early_stopping,
            validation_fraction,
            tol,
            n_iter_no_change,
            warm_start,
            callback,
            class_weight,
            shots,
            noise,
            device,
            gradient,
        )
        self.modalities = modalities
        self.qubits_each = qubits_each

    def _sizes(self) -> list[int]:
        """Return the numbers of columns of the modalities."""
        n = self.n_features_in_
        if self.modalities is None:
            if n < 2:
                raise ValueError(f"X must have a column for each of two modalities; n_features={n}")
            return [n // 2, n - n // 2]
        sizes = [as_count(columns, "modalities") for columns in self.modalities]
        if len(sizes) < 2 or sum(sizes) != n:
            raise ValueError(
                f"modalities must be two or more numbers of columns that add up to the {n} of X, not {sizes}"
            )
        return sizes

    def _dense_layers(self) -> list[tuple[slice, DenseLayers]]:
        sizes, each = self._sizes(), as_count(self.qubits_each, "qubits_each")
        if len(sizes) * each > MOST_QUBITS:
            raise ValueError(
                f"qubits_each must leave at most {MOST_QUBITS} qubits in all, not {len(sizes)} times {each}"
            )
        return [
            (slice(stop - size, stop), DenseLayers([size, *self._hidden(), each]))
            for size, stop in zip(sizes, accumulate(sizes), strict=True)
        ]

    def _entanglement(self) -> str | Sequence[Sequence[int]]:
        if self.entanglement != "within":
            return self.entanglement
        each = self.qubits_each
        circle = entanglement_pairs("circular", each * len(self._sizes()), closing="last")
        return [(control, target) for control, target in circle if control // each == target // each]
