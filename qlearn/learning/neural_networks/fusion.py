r"""Fusion: two or more senses, each with layers and qubits of its own, joined by one circuit."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from numpy.typing import ArrayLike

from qlearn._checks import as_count
from qlearn.learning.neural_networks.entanglement_patterns import couplings
from qlearn.learning.neural_networks.hybrid import DenseLayers, HybridClassifier
from qlearn.learning.neural_networks.qnn import MOST_QUBITS


class FusionClassifier(HybridClassifier):
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
    hidden : sequence of int
        Units of further layers of tanh, in each modality.
    layers : int
        Layers of the circuit, each with two angles a qubit.
    reupload : bool
        Whether the angles turn the qubits before every layer, or only before the first.
    entanglement : {"circular", "linear", "full", "within", "none"} or sequence of pairs
        CNOTs of a layer. "within": those of "circular" whose wires belong to one modality, and no others: with local
        observables the ablation of what joins the modalities.
    observables, optimizer, learning_rate, epochs, batch_size, initial, random_state, progress
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.
    with_circuit : bool
        As in :class:`~qlearn.learning.neural_networks.hybrid.HybridClassifier`; without its circuit the score is a sum
        of functions of one modality each, as with "within" and local observables.

    Attributes
    ----------
    classes_, n_features_in_, ansatz_, parameters_, loss_curve_
        As in :class:`~qlearn.learning.neural_networks.hybrid.HybridClassifier`, with the dense layers of one
        modality after those of the other.

    Raises
    ------
    ValueError
        In :meth:`fit`: as scikit-learn says, if the modalities do not make up the columns, or if an option is
        unknown.

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

    Taught in :doc:`/learning/neural_networks`.
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
        optimizer: str = "adam",
        learning_rate: float = 0.05,
        epochs: int = 50,
        batch_size: int | None = 32,
        initial: Sequence[ArrayLike] | None = None,
        random_state: Any = None,
        progress: bool = False,
        with_circuit: bool = True,
    ) -> None:
        super().__init__(
            hidden=hidden,
            layers=layers,
            reupload=reupload,
            entanglement=entanglement,
            observables=observables,
            optimizer=optimizer,
            learning_rate=learning_rate,
            epochs=epochs,
            batch_size=batch_size,
            initial=initial,
            random_state=random_state,
            progress=progress,
            with_circuit=with_circuit,
        )
        del self.n_qubits  # it follows from the modalities
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

    def _towers(self) -> list[tuple[slice, DenseLayers]]:
        sizes, each = self._sizes(), as_count(self.qubits_each, "qubits_each")
        if len(sizes) * each > MOST_QUBITS:
            raise ValueError(
                f"qubits_each must leave at most {MOST_QUBITS} qubits in all, not {len(sizes)} times {each}"
            )
        return [
            (slice(stop - size, stop), DenseLayers([size, *self._hidden(), each]))
            for size, stop in zip(sizes, accumulate(sizes), strict=True)
        ]

    def _pairs(self) -> str | Sequence[Sequence[int]]:
        if self.entanglement != "within":
            return self.entanglement
        each = self.qubits_each
        circle = couplings("circular", each * len(self._sizes()))
        return [(control, target) for control, target in circle if control // each == target // each]
