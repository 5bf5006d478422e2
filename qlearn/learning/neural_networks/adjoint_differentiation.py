"""Adjoint differentiation: the whole gradient of a circuit from one pass forward and one back."""

import numpy as np
from numpy.typing import NDArray

from qlearn.learning.neural_networks.parameter_shift_rule import observable_terms
from qlearn.qubits import Circuit
from qlearn.qubits.engine import apply, as_tensor
from qlearn.qubits.gates import Operation
from qlearn.qubits.observables import Observable
from qlearn.qubits.paulis import PAULIS

_ON_ONE = np.diag([0.0, 1.0])
# Each gate is exp(-i angle G) where its controls are 1; its G on the targets:
_GENERATORS: dict[str, NDArray] = {
    "rx": PAULIS["X"] / 2,
    "ry": PAULIS["Y"] / 2,
    "rz": PAULIS["Z"] / 2,
    "p": -_ON_ONE,
    "cp": -_ON_ONE,
    "crx": PAULIS["X"] / 2,
    "cry": PAULIS["Y"] / 2,
    "crz": PAULIS["Z"] / 2,
    "rxx": np.kron(PAULIS["X"], PAULIS["X"]) / 2,
    "ryy": np.kron(PAULIS["Y"], PAULIS["Y"]) / 2,
    "rzz": np.kron(PAULIS["Z"], PAULIS["Z"]) / 2,
}


def adjoint(circuit: Circuit, observable: Observable) -> NDArray[np.float64]:
    r"""Return the gradient of an expectation value in all angles, from one pass forward and one back.

    .. math:: \frac{\partial f}{\partial\theta_j} =
              2 \operatorname{Im} \langle\lambda_j|G_j|\psi_j\rangle , \qquad
              |\lambda_j\rangle = U_{j+1}^\dagger \cdots U_m^\dagger\, O\, |\psi_m\rangle

    with :math:`|\psi_j\rangle` the state after gate j. Exact, and the price does not grow with the number of
    angles; but it undoes gates on two states that nobody may copy, so only a simulator can do it. The slopes are those of
    gates; where one parameter turns several, :class:`~qlearn.learning.neural_networks.CircuitAnsatz` has those of parameters.

    Parameters
    ----------
    circuit : Circuit
        Without measurements. A batch gives the gradient of each of its circuits.
    observable : str or mapping of str to float
        A product of Pauli operators such as ``"ZZI"``, or a weighted sum, ``{"ZI": 0.5, "IX": 2.0}``.

    Returns
    -------
    ndarray of float64, shape (n_angles, ...)
        In the order of the gates.

    Examples
    --------
    >>> adjoint(Circuit(1).ry(np.pi / 6, 0), "Z").round(12)
    array([-0.5])

    References
    ----------
    Jones, Gacon, "Efficient calculation of gradients in classical simulations of variational quantum
    algorithms", 2020, arXiv:2009.02823.
    """
    terms, batch = observable_terms(circuit, observable), circuit.shape
    ket = as_tensor(circuit.run(), circuit.n_qubits)
    bra = np.zeros_like(ket)
    for string, weight in terms.items():
        bra += weight * _pauli(ket, string)
    slopes = []
    for step in reversed(circuit.operations):
        mask = None
        if isinstance(step.where, np.ndarray):
            mask = np.broadcast_to(step.where, batch).reshape(-1)
        if step.angle is not None:
            overlaps = (bra.conj() * _generated(ket, step, mask)).reshape(len(ket), -1).sum(axis=1)
            slopes.append(2 * overlaps.imag.reshape(batch))
        undo = step.adjoint()
        matrix = undo.matrix
        if matrix.ndim > 2:
            matrix = np.broadcast_to(matrix, (*batch, *matrix.shape[-2:])).reshape(-1, *matrix.shape[-2:])
        for states in (ket, bra):
            apply(states, matrix, undo.targets, undo.controls, mask)
    return np.array(slopes[::-1])


def _pauli(tensor: NDArray, string: str) -> NDArray[np.complex128]:
    """Return the product of Pauli operators on a batch of states."""
    moved = tensor.copy()
    for wire, letter in enumerate(string):
        if letter != "I":
            apply(moved, PAULIS[letter], (wire,))
    return moved


def _generated(ket: NDArray, step: Operation, mask: NDArray[np.bool_] | None) -> NDArray[np.complex128]:
    """Return G of a gate on a batch of states: nothing where a control or the mask keeps the gate off."""
    turned = ket.copy()
    apply(turned, _GENERATORS[step.name], step.targets, step.controls, mask)
    for control in step.controls:
        turned[(slice(None),) * (1 + control) + (0,)] = 0
    if mask is not None:
        turned[~mask] = 0
    return turned
