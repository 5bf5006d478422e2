"""The circuit of a trained network, with the angles that training found.

Taught in :doc:`/learning/neural_networks`.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from qlearn.qubits import Circuit


class CircuitDisplay:
    """A circuit as a drawing, wire 0 on top, a row of gates after the other so that a phone can show it.

    Made by :meth:`from_estimator`, like the displays of scikit-learn.

    Parameters
    ----------
    circuit : Circuit
        A single one.

    Attributes
    ----------
    ax_, figure_ : matplotlib.axes.Axes, matplotlib.figure.Figure
        Where it was drawn.

    Examples
    --------
    >>> from qlearn.learning import QNNClassifier
    >>> network = QNNClassifier(layers=1, epochs=5, random_state=0).fit([[0.1], [1.0]], [0, 1])
    >>> display = CircuitDisplay.from_estimator(network, [0.5])
    >>> [step.name for step in display.circuit.operations]
    ['h', 'rz', 'rz', 'ry']

    References
    ----------
    Javadi-Abhari et al., *Quantum computing with Qiskit* (2024), arXiv:2405.08810, whose drawer this is.
    """

    def __init__(self, circuit: "Circuit") -> None:
        if not hasattr(circuit, "draw") or isinstance(circuit, type):
            raise TypeError(f"circuit must be a Circuit, not {circuit!r}")
        if circuit.shape:
            raise ValueError(
                f"circuit is a batch of shape {circuit.shape}, and a drawing shows one: choose one with circuit.at(i)"
            )
        self.circuit = circuit

    @classmethod
    def from_estimator(
        cls, estimator: Any, x: ArrayLike | None = None, *, ax: "Axes | None" = None, fold: int = 7
    ) -> Self:
        """Draw the circuit of a fitted network with its trained angles.

        Parameters
        ----------
        estimator : QNNClassifier or another with `circuit`
            Fitted.
        x : array_like, shape (n_features,), optional
            One row, whose features turn the first gates. None leaves the encoding out, where the network can.
        ax : matplotlib.axes.Axes, optional
            Where to draw. None: a new figure, as large as the circuit.
        fold : int
            Columns of gates before it breaks into the next row; -1 never breaks.

        Returns
        -------
        CircuitDisplay
        """
        if not hasattr(estimator, "circuit") or isinstance(estimator, type):
            raise TypeError(f"estimator must be a fitted network with a circuit, not {estimator!r}")
        return cls(estimator.circuit(x)).plot(ax=ax, fold=fold)

    def plot(self, *, ax: "Axes | None" = None, fold: int = 7) -> Self:
        """Draw the circuit and return itself; three digits of each angle, those of a sum with a free parameter, too."""
        if ax is None:
            ax = _short(self.circuit).draw(fold=fold).axes[0]
        else:
            _short(self.circuit).draw(fold=fold, ax=ax)
        self.ax_, self.figure_ = ax, ax.get_figure()
        return self


def _short(circuit: "Circuit") -> "Circuit":
    """Return a circuit to draw: numbers in sums of parameters as short as Qiskit writes those that stand alone."""
    from qlearn.qubits import ParameterExpression

    def short(angle: Any) -> Any:
        if not isinstance(angle, ParameterExpression):
            return angle
        return angle.with_numbers(lambda number: float(f"{number:.3g}"))

    return replace(
        circuit, operations=tuple(replace(step, angle=short(step.angle)) for step in circuit.operations)
    )
