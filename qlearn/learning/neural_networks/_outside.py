"""What a circuit offers to another library's automatic differentiation: values of rows, and one gradient."""

from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.learning._threads import one_thread
from qlearn.learning.neural_networks.circuit_ansatz import CircuitAnsatz
from qlearn.qubits import Circuit

_METHODS = ("encode", "forward", "backward", "backward_to_features")

SECOND = (
    "second derivatives of the circuit are not computed: its exact gradient is one sweep back through the states, and that "
    "sweep itself has no gradient here. Take finite differences of the gradient, or the parameter-shift rule twice"
)
"""Why a gradient of a gradient is refused."""


def as_differentiable(ansatz: Any) -> Any:
    """Return `ansatz` if it has what a layer of another library needs of it; a circuit with free angles is made one that has.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import Ansatz
    >>> as_differentiable(Ansatz(2, 1)).n_qubits
    2
    """
    if isinstance(ansatz, Circuit):
        return CircuitAnsatz(ansatz)
    if isinstance(ansatz, type) or not all(hasattr(ansatz, name) for name in _METHODS):
        raise TypeError(
            "ansatz must be an Ansatz such as Ansatz(n_qubits=2, layers=1), a Circuit with free angles, or the ansatz_ of a "
            f"fitted network, not {ansatz!r}"
        )
    return ansatz


def imported(package: str) -> ModuleType:
    """Import an optional package, or say how to get it.

    Examples
    --------
    >>> imported("numpy").__name__
    'numpy'
    """
    try:
        return import_module(package)
    except ModuleNotFoundError as missing:
        if missing.name != package:
            raise
        raise ModuleNotFoundError(
            f"{package} is not installed, and it is an optional extra: pip install 'qlearn[{package}]'",
            name=package,
        ) from missing


def values(
    ansatz: Any, angles: NDArray[np.float64], features: NDArray[np.float64]
) -> tuple[NDArray[np.float64], Any]:
    """Return the expectation values of rows, shape (rows, observables), and the tape for :func:`gradients`.

    Of a circuit that takes no features, rows of none start with all wires in 0.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import Ansatz
    >>> z, _ = values(Ansatz(1, 1), np.array([[[0.0, -np.pi / 2]]]), np.array([[np.pi / 3]]))
    >>> z.round(6)
    array([[0.5]])
    """
    with one_thread():
        if _is_without_data(ansatz, features):
            start = np.eye(1, 1 << ansatz.n_qubits, dtype=np.complex128)
            return ansatz.forward(angles, start.repeat(len(features), axis=0))
        return ansatz.forward(angles, ansatz.encode(features))


def _is_without_data(ansatz: Any, features: NDArray[np.float64]) -> bool:
    return isinstance(ansatz, CircuitAnsatz) and not ansatz.n_features and features.shape[-1] == 0


def check_given(ansatz: Any, features: Any) -> None:
    """Refuse to go without features where the circuit waits for some.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import Ansatz
    >>> check_given(Ansatz(2, 1), None)
    Traceback (most recent call last):
    TypeError: features must be given, ...
    """
    if features is None and not (isinstance(ansatz, CircuitAnsatz) and not ansatz.n_features):
        raise TypeError(
            "features must be given, shape (..., n_features): only a Circuit without the parameters x[0], x[1], ... runs "
            "without any"
        )


def gradients(
    ansatz: Any, tape: Any, dz: NDArray[np.float64], *, features: bool = True
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Return the gradients in the angles and, if asked, in the features, of a loss with gradient `dz` in the values.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import Ansatz
    >>> ansatz, quarter = Ansatz(1, 1), np.array([[[0.0, -np.pi / 2]]])
    >>> _, tape = values(ansatz, quarter, np.array([[np.pi / 2]]))
    >>> gradients(ansatz, tape, np.ones((1, 1)))[1]  # of cos x, at a quarter turn
    array([[-1.]])
    """
    with one_thread():
        if features:
            return ansatz.backward_to_features(tape, dz)
        return ansatz.backward(tape, dz), None
