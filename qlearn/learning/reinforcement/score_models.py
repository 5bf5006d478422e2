"""Tables of scores, and models that form one: number by number, by a network, by a circuit, from named features.

Whoever sees one of finitely many observations and takes one of finitely many actions has a table of scores,
whatever it is made of. Models differ in how many numbers they keep and in which tables they can form. Each offers
`shape`, `start(rng)` (first parameters) and `scores(parameters)` (the table, and a function that carries a gradient
in it back to the parameters).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_reals
from qlearn._types import Arrays
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.learning.neural_networks.layers import DenseLayers, Pullback, circuit_scores, linear
from qlearn.qubits import Circuit


class ScoreModel(Protocol):
    """Anything that forms a table of scores from parameters, and knows its gradient."""

    @property
    def shape(self) -> tuple[int, int]:
        """Observations and actions."""
        ...

    def start(self, rng: np.random.Generator) -> Arrays:
        """Draw the first parameters."""
        ...

    def scores(self, parameters: Arrays) -> tuple[NDArray[np.float64], Pullback]:
        """Return the table, of `shape`, and the map from a gradient in it to one in the parameters."""
        ...


def index_bits(rows: int) -> NDArray[np.float64]:
    """Return the numbers 0 to rows - 1 in binary, most significant bit first, shape (rows, bits).

    Parameters
    ----------
    rows : int
        At least 2.

    Returns
    -------
    ndarray of float64, shape (rows, bits)

    Examples
    --------
    >>> index_bits(4)
    array([[0., 0.],
           [0., 1.],
           [1., 0.],
           [1., 1.]])
    """
    width = (as_count(rows, "rows", least=2) - 1).bit_length()
    return (np.arange(rows)[:, None] >> np.arange(width)[::-1] & 1).astype(np.float64)


@dataclass(frozen=True)
class TableScores:
    """A number of its own for each observation and action; all zero at first.

    Parameters
    ----------
    n_observations, n_actions : int

    Examples
    --------
    >>> import numpy as np
    >>> model = TableScores(4, 2)
    >>> model.scores(model.start(np.random.default_rng(0)))[0].shape
    (4, 2)
    """

    n_observations: int
    n_actions: int

    def __post_init__(self) -> None:
        as_count(self.n_observations, "n_observations")
        as_count(self.n_actions, "n_actions")

    @property
    def shape(self) -> tuple[int, int]:
        """Observations and actions."""
        return self.n_observations, self.n_actions

    def start(self, rng: np.random.Generator) -> Arrays:
        """Return zeros; `rng` is not used."""
        return [np.zeros(self.shape)]

    def scores(self, parameters: Arrays) -> tuple[NDArray[np.float64], Pullback]:
        """Return the table itself."""
        return parameters[0], lambda gradient: [gradient]


@dataclass(frozen=True)
class DenseScores:
    r"""A neural network: :math:`\tanh(F V + a)\,W + b`, or with no hidden unit linear, :math:`F W + b`.

    Parameters
    ----------
    features : array_like, shape (n_observations, n_features)
        What is known of each observation.
    n_actions : int
    hidden : int
        Hidden units; 0 for a linear model.

    Examples
    --------
    >>> import numpy as np
    >>> model = DenseScores(index_bits(4), n_actions=2, hidden=3)
    >>> [p.shape for p in model.start(np.random.default_rng(0))]
    [(2, 3), (3,), (3, 2), (2,)]
    """

    features: ArrayLike
    n_actions: int
    hidden: int = 0

    def __post_init__(self) -> None:
        as_features_table(self.features)
        as_count(self.n_actions, "n_actions")
        as_count(self.hidden, "hidden", least=0)

    @property
    def shape(self) -> tuple[int, int]:
        """Observations and actions."""
        return len(self._features), self.n_actions

    def start(self, rng: np.random.Generator) -> Arrays:
        """Draw weights from the normal law, with variance 1/n for n inputs; offsets are zero."""
        widths = [*self._dense.sizes, self.n_actions]
        return [p for n, m in pairwise(widths) for p in (rng.normal(size=(n, m)) / np.sqrt(n), np.zeros(m))]

    def scores(self, parameters: Arrays) -> tuple[NDArray[np.float64], Pullback]:
        """Return the table and its pull-back (backpropagation)."""
        *first, weights, offset = parameters
        units, tape = self._dense.forward(first, self._features)
        table, of_readout = linear(units, weights, offset)

        def pull_back(gradient: NDArray[np.float64]) -> Arrays:
            return [*self._dense.backward(first, tape, gradient @ weights.T), *of_readout(gradient)]

        return table, pull_back

    @cached_property
    def _dense(self) -> DenseLayers:
        return DenseLayers([self._features.shape[1], *([self.hidden] if self.hidden else [])])

    @cached_property
    def _features(self) -> NDArray[np.float64]:
        return as_features_table(self.features)


@dataclass(frozen=True)
class FeatureScores:
    r"""A weighted sum of named features of observation and action: :math:`\sum_k \theta_k\,\varphi_k(o, a)`.

    Parameters
    ----------
    features : array_like, shape (n_observations, n_actions, n_features)
        Numbers whose meaning is known: a price, a chance, a delay.

    Examples
    --------
    >>> import numpy as np
    >>> model = FeatureScores([[[1.0, 0.0], [0.0, 2.0]]])  # one observation, two actions
    >>> model.scores([np.array([3.0, 0.5])])[0]
    array([[3., 1.]])
    """

    features: ArrayLike

    def __post_init__(self) -> None:
        if self._features.ndim != 3 or not self._features.size:
            raise ValueError(
                f"features must have shape (n_observations, n_actions, n_features), not {self._features.shape}"
            )

    @property
    def shape(self) -> tuple[int, int]:
        """Observations and actions."""
        return self._features.shape[0], self._features.shape[1]

    def start(self, rng: np.random.Generator) -> Arrays:
        """Return zeros; `rng` is not used."""
        return [np.zeros(self._features.shape[2])]

    def scores(self, parameters: Arrays) -> tuple[NDArray[np.float64], Pullback]:
        """Return the table and its pull-back."""
        features = self._features
        return features @ parameters[0], lambda g: [np.einsum("oa,oak->k", g, features)]

    @cached_property
    def _features(self) -> NDArray[np.float64]:
        return as_reals(self.features, "features")


def as_features_table(features: ArrayLike) -> NDArray[np.float64]:
    """Return `features` as a finite table with a row for each observation."""
    table = as_reals(features, "features")
    if table.ndim != 2 or not table.size:
        raise ValueError(
            f"features must be a table with a row for each observation, not of shape {table.shape}"
        )
    return table


@dataclass(frozen=True)
class CircuitScores:
    r"""A variational circuit: :math:`b_a + \sum_w W_{wa}\,\langle Z_w\rangle_{\gamma\beta}(x_o)`.

    The features of observation o turn the qubits, one each; the circuit of
    :class:`~qlearn.learning.neural_networks.ansatz.Ansatz` follows; the expectation values are weighted and
    summed to a score for each action. Weights and offsets are classical and learned with the angles: so Jerbi et al.
    (2021) build their policies. Without entanglement each :math:`\langle Z_w\rangle` depends on its own feature, and the
    score is a *sum* of functions of one feature each.

    Parameters
    ----------
    features : array_like, shape (n_observations, n_qubits)
        Angles in radians. Bits times :math:`\pi` give each observation a basis state of its own.
    n_actions : int
    layers : int
        Layers of the circuit, two angles a qubit each.
    entanglement : {"circular", "linear", "full", "pairwise", "none"} or sequence of pairs
        CNOTs of a layer.
    reupload : bool
        Whether the features turn the qubits before every layer.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.learning.reinforcement.score_models import index_bits
    >>> model = CircuitScores(np.pi * index_bits(4), n_actions=2, layers=2)
    >>> parameters = model.start(np.random.default_rng(0))
    >>> [p.shape for p in parameters], model.scores(parameters)[0].shape
    ([(2, 2, 2), (2, 2), (2,)], (4, 2))

    References
    ----------
    Jerbi, Gyurik, Marshall, Briegel, Dunjko, "Parametrized quantum policies for reinforcement learning", 2021,
    arXiv:2103.05577 (the SOFTMAX-PQC policy).
    """

    features: ArrayLike
    n_actions: int
    layers: int = 2
    entanglement: str | Sequence[Sequence[int]] = "circular"
    reupload: bool = False

    def __post_init__(self) -> None:
        as_count(self.n_actions, "n_actions")
        _ = self.ansatz  # refuses what it cannot build

    @cached_property
    def ansatz(self) -> Ansatz:
        """The circuit's shape."""
        return Ansatz(
            as_features_table(self.features).shape[1], self.layers, self.entanglement, self.reupload
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Observations and actions."""
        return len(self._states), self.n_actions

    def start(self, rng: np.random.Generator) -> Arrays:
        r"""Draw the angles uniformly in :math:`\pm\pi` and the weights from the standard normal law."""
        weights = rng.normal(size=(self.ansatz.n_qubits, self.n_actions))
        return [rng.uniform(-np.pi, np.pi, self.ansatz.shape), weights, np.zeros(self.n_actions)]

    def scores(self, parameters: Arrays) -> tuple[NDArray[np.float64], Pullback]:
        """Return the table and its pull-back (the adjoint sweep of the circuit)."""
        return circuit_scores(self.ansatz, parameters, self._states)

    def circuit(self, parameters: Arrays, observation: int) -> Circuit:
        """Return the circuit that a device runs on one observation, up to the measurement of Z on every wire."""
        return self.ansatz.circuit(parameters[0], as_features_table(self.features)[observation])

    @cached_property
    def _states(self) -> NDArray[np.complex128]:
        return self.ansatz.encode(as_features_table(self.features))
