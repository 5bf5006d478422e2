"""Row slopes: the derivative of every output of a circuit in every angle, for each row by itself."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.learning._threads import one_thread
from qlearn.learning.neural_networks._outside import as_differentiable
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.learning.neural_networks.circuit_ansatz import CircuitAnsatz
from qlearn.qubits import Circuit


def jacobian(
    ansatz: Ansatz | CircuitAnsatz | Circuit, angles: ArrayLike, X: ArrayLike
) -> NDArray[np.float64]:
    r"""Return the derivative of every output in every angle for each row, shape (rows, outputs, \*shape of the angles).

    .. math:: J_{ik} = \nabla_\theta\, z_k(x_i)

    Exact, by one sweep back for each row and output. Training needs none of this: ``backward`` sums over rows and outputs in a
    single sweep. What needs it is whatever looks at rows one by one, such as the Fisher information of the read
    probabilities p,

    .. math:: F_i = \sum_k \frac{\nabla p_k\, \nabla p_k^\top}{p_k}

    Parameters
    ----------
    ansatz : Ansatz, CircuitAnsatz or Circuit
        The circuit and what is read of it.
    angles : array_like, of the circuit's shape
        In radians.
    X : array_like, shape (rows, n_features)
        Features in radians.

    Returns
    -------
    ndarray of float64

    Examples
    --------
    >>> from qlearn.learning.neural_networks import CircuitAnsatz, jacobian
    >>> from qlearn.qubits import Parameter, parameters
    >>> x, t = parameters("x", 1), Parameter("t")
    >>> turned = CircuitAnsatz(Circuit(1).ry(x[0], 0).ry(t, 0), readout="probabilities")
    >>> slopes = jacobian(turned, [0.0], [[np.pi / 2], [np.pi / 6]])
    >>> slopes[:, :, 0].round(2) + 0.0
    array([[-0.5 ,  0.5 ],
           [-0.25,  0.25]])
    >>> p = turned.forward([0.0], turned.encode([[np.pi / 2], [np.pi / 6]]))[0]
    >>> (slopes[:, :, 0] ** 2 / p).sum(axis=1).round(6)  # the information on a turn, of any state in its plane
    array([1., 1.])

    References
    ----------
    Jones, Gacon, 2020, arXiv:2009.02823 (the sweep). Abbas et al., "The power of quantum neural networks", 2021,
    arXiv:2011.00027 (Fisher information and effective dimension).
    """
    circuit = as_differentiable(ansatz)
    inputs = circuit.encode(X)
    found = []
    with one_thread():
        for row in range(len(inputs)):
            z, tape = circuit.forward(angles, inputs[row : row + 1])
            found.append([circuit.backward(tape, one[None]) for one in np.eye(z.shape[1])])
    return np.array(found)
