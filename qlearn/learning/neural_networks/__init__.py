"""Quantum neural networks: trained circuits that classify, regress, and join classical layers.

>>> from qlearn.learning.neural_networks import parameter_shift
>>> from qlearn.qubits import Circuit
>>> parameter_shift(Circuit(1).ry(0.0, 0), "X")
array([1.])
"""

from qlearn.learning.neural_networks.adjoint_differentiation import adjoint
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.learning.neural_networks.hybrid import FusionClassifier, HybridClassifier
from qlearn.learning.neural_networks.parameter_shift_rule import (
    angle_places,
    finite_difference,
    parameter_shift,
)
from qlearn.learning.neural_networks.qnn import QNNClassifier, QNNRegressor
from qlearn.learning.neural_networks.softmax import SoftmaxClassifier

__all__ = [
    "Ansatz",
    "FusionClassifier",
    "HybridClassifier",
    "QNNClassifier",
    "QNNRegressor",
    "SoftmaxClassifier",
    "adjoint",
    "angle_places",
    "finite_difference",
    "parameter_shift",
]
