"""Layers: dense layers of tanh, the linear readout, and a circuit with its readout, each with its pull-back of gradients."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Arrays
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.learning.neural_networks.circuit_ansatz import CircuitAnsatz

Pullback = Callable[[NDArray[np.float64]], Arrays]


def linear(
    inputs: NDArray[np.float64], weights: NDArray[np.float64], offset: NDArray[np.float64]
) -> tuple[NDArray[np.float64], Pullback]:
    r"""Return the scores :math:`b + W^{\mathsf T} x` of each row, and the map from their gradient to those in W and b.

    Examples
    --------
    >>> scores, pull_back = linear(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([0.5]))
    >>> scores, pull_back(np.ones((1, 1)))
    (array([[11.5]]), [array([[1.],
           [2.]]), array([1.])])
    """
    # .dot, += and np.add.reduce are @, + and .sum() without their detours: of small batches they are half the time.
    scores = inputs.dot(weights)
    scores += offset
    return scores, lambda gradient: [inputs.T.dot(gradient), np.add.reduce(gradient)]


def circuit_scores(
    ansatz: Ansatz | CircuitAnsatz,
    parameters: Arrays,
    inputs: NDArray,
    states: NDArray[np.complex128] | None = None,
) -> tuple[NDArray[np.float64], Pullback]:
    r"""Return the scores :math:`b + W^{\mathsf T} \langle O \rangle` of states, and the pull-back of their gradient.

    The parameters are the angles, the weights (n_observables, n_scores) and the offset (n_scores,). The inputs are states; of
    a circuit that takes features they are features, and it may be given `states` to start from.

    Examples
    --------
    >>> ansatz = Ansatz(1, 1)
    >>> half_turn = [np.array([[[0.0, np.pi]]]), np.array([[2.0]]), np.array([0.5])]
    >>> circuit_scores(ansatz, half_turn, np.array([[1.0 + 0j, 0.0]]))[0]
    array([[-1.5]])
    """
    angles, weights, offset = parameters
    z, tape = (
        ansatz.forward(angles, inputs)
        if states is None
        else cast("CircuitAnsatz", ansatz).forward(angles, inputs, states)
    )
    backward: Any = ansatz.backward
    scores, pull_back = linear(z, weights, offset)
    return scores, lambda gradient: [backward(tape, gradient @ weights.T), *pull_back(gradient)]


class DenseLayers:
    r"""Layers of tanh: :math:`h_0 = x`, :math:`h_{l+1} = \tanh(V_l^{\mathsf T} h_l + c_l)`, from features to the last units.

    Examples
    --------
    >>> dense = DenseLayers([1, 2])
    >>> units, tape = dense.forward([np.array([[0.0, 1.0]]), np.zeros(2)], np.array([[100.0]]))
    >>> units
    array([[0., 1.]])
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = list(sizes)

    @property
    def n_arrays(self) -> int:
        """Number of parameter arrays: weights and offset of each layer."""
        return 2 * (len(self.sizes) - 1)

    def start(self, rng: np.random.Generator) -> Arrays:
        """Draw first weights uniformly, by the rule of Glorot and Bengio; offsets are zero."""
        parameters: Arrays = []
        for before, after in pairwise(self.sizes):
            most = np.sqrt(6 / (before + after))
            parameters += [rng.uniform(-most, most, (before, after)), np.zeros(after)]
        return parameters

    def forward(
        self, parameters: Arrays, X: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
        """Return the units of the last layer, shape (samples, sizes[-1]), and what :meth:`backward` needs."""
        tape = [X]
        for weights, offset in zip(parameters[::2], parameters[1::2], strict=True):
            units = tape[-1] @ weights
            units += offset
            tape.append(np.tanh(units, out=units))
        return tape[-1], tape

    def backward(
        self, parameters: Arrays, tape: list[NDArray[np.float64]], gradient: NDArray[np.float64]
    ) -> Arrays:
        """Return the gradients in the parameters of a loss whose gradient in the last units is `gradient`."""
        gradients: Arrays = []
        for layer in reversed(range(len(tape) - 1)):
            back = np.square(tape[layer + 1])
            np.subtract(1, back, out=back)
            back *= gradient
            gradients += [np.add.reduce(back), tape[layer].T @ back]
            if layer:  # nobody asks for the slopes in the features
                gradient = back @ parameters[2 * layer].T
        return gradients[::-1]
