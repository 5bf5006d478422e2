"""Products of two parameters in a circuit's angles: inner parameters stand for them, and the chain rule goes around."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.learning.neural_networks._compile import FEATURES, n_features
from qlearn.qubits import Circuit
from qlearn.qubits.parameter import Parameter, ParameterExpression


class _Terms:
    """Terms of one kind: each the product of two columns of a table, of which column 0 holds ones."""

    def __init__(self, pairs: list[tuple[int, int]], width: int) -> None:
        self._left, self._right = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
        self._to_left, self._to_right = np.eye(width)[self._left], np.eye(width)[self._right]

    def of_columns(self, first: int, end: int) -> NDArray[np.bool_]:
        """Return which terms have a factor among these columns."""
        left, right = ((first <= side) & (side < end) for side in (self._left, self._right))
        return left | right

    def values(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        return table[:, self._left] * table[:, self._right]

    def pull_back(self, table: NDArray[np.float64], slopes: NDArray[np.float64]) -> NDArray[np.float64]:
        to_left = (slopes * table[:, self._right]) @ self._to_left
        return to_left + (slopes * table[:, self._left]) @ self._to_right


class Products:
    r"""A circuit in which each product in an angle is an inner parameter, and what the inner ones are of the outer ones.

    .. math:: u_j = \theta_k\,\theta_l, \qquad v_j = x_k\,x_l \ \text{ or }\ \theta_k\,x_l

    The inner circuit has sums for angles. Its inner angles u are one number for all rows. Its inner features v, and their
    slopes, are of each row by itself.

    Parameters
    ----------
    circuit : Circuit
        With free angles; features are the elements of ``x``.

    Examples
    --------
    >>> from qlearn.qubits import parameters
    >>> w, x = Parameter("w"), parameters("x", 1)
    >>> products = Products(Circuit(1).ry(w * x[0] + 2 * w, 0))
    >>> products.circuit
    Circuit(1).ry(x[0] + 2*angle[0], 0)
    >>> table = products.table(np.array([3.0]), np.array([[1.0], [10.0]]))
    >>> products.angles(table), products.features(table)
    (array([3.]), array([[ 3.],
           [30.]]))
    >>> products.pull_back(table, np.array([1.0]), np.array([[1.0], [1.0]]))  # 1 + 1 + 10, and w
    (array([12.]), array([[3.],
           [3.]]))

    References
    ----------
    Pérez-Salinas et al., "Data re-uploading for a universal quantum classifier", 2020, arXiv:1907.02085.
    """

    def __init__(self, circuit: Circuit) -> None:
        trained = [parameter for parameter in circuit.parameters if parameter.vector != FEATURES]
        self._n_angles, count = len(trained), n_features(circuit)
        self._column = {parameter: 1 + place for place, parameter in enumerate(trained)} | {
            Parameter(f"{FEATURES}[{k}]"): 1 + len(trained) + k for k in range(count)
        }
        self._places: dict[str, dict[tuple[int, int], int]] = {"angle": {}, FEATURES: {}}
        steps = [replace(step, angle=self._inner(step.angle)) for step in circuit.operations]
        self.circuit = replace(circuit, operations=tuple(steps))
        self.idle = int(not self._places["angle"])
        """How many gates that turn by nothing stand first in it."""
        if self.idle:  # the engine asks for one that is trained: it turns by nothing
            self._places["angle"][0, 0] = 0
            nothing = Circuit(circuit.n_qubits).rz(ParameterExpression([(Parameter("angle[0]"), 0.0)]), 0)
            self.circuit = nothing.then(self.circuit)
        width = 1 + len(trained) + count
        self._angles, self._features = (
            _Terms(list(self._places[kind]), width) for kind in ("angle", FEATURES)
        )
        self.mixed = self._features.of_columns(1, 1 + len(trained))
        """Which inner features depend on an angle."""

    def _inner(self, angle: Any) -> Any:
        if not isinstance(angle, ParameterExpression):
            return angle
        return ParameterExpression(
            [(self._named(term), weight) for term, weight in angle.terms], angle.offset
        )

    def _named(self, term: Any) -> Parameter:
        """Return the inner parameter that stands for a term."""
        factors = term if isinstance(term, tuple) else (term,)
        columns = sorted(self._column[parameter] for parameter in factors)
        pair = (columns[0], columns[1]) if len(columns) == 2 else (0, columns[0])
        kind = FEATURES if any(parameter.vector == FEATURES for parameter in factors) else "angle"
        place = self._places[kind].setdefault(pair, len(self._places[kind]))
        return Parameter(f"{kind}[{place}]")

    def table(self, angles: NDArray[np.float64], X: NDArray[np.float64] | None) -> NDArray[np.float64]:
        """Return ones, the angles and the features side by side, a row for each of X; one row where there are no features."""
        rows = np.empty((1, 0)) if X is None else X
        return np.hstack([np.ones((len(rows), 1)), np.tile(angles, (len(rows), 1)), rows])

    def angles(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the inner angles, shape (n_inner,)."""
        return self._angles.values(table[:1])[0]

    def features(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the inner features, shape (rows, n_inner)."""
        return self._features.values(table)

    def pull_back(
        self,
        table: NDArray[np.float64],
        of_angles: NDArray[np.float64],
        of_features: NDArray[np.float64] | None,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the slopes in the angles and in the features, shape (rows, n_features), from those in the inner ones."""
        slopes = self._angles.pull_back(table[:1], of_angles[None])[0, 1 : 1 + self._n_angles]
        if of_features is None:
            return slopes, np.zeros((len(table), 0))
        by_row = self._features.pull_back(table, of_features)[:, 1:]
        return slopes + by_row[:, : self._n_angles].sum(axis=0), by_row[:, self._n_angles :]


def products_of(circuit: Circuit) -> Products | None:
    """Return what stands for the products in a circuit's angles; None where there are none.

    Examples
    --------
    >>> products_of(Circuit(1).ry(Parameter("t"), 0)) is None
    True
    """
    angles = [step.angle for step in circuit.operations if isinstance(step.angle, ParameterExpression)]
    return Products(circuit) if any(isinstance(term, tuple) for a in angles for term, _ in a.terms) else None
