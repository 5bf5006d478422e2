from .adjoint_differentiation import adjoint as adjoint
from .ansatz import Ansatz as Ansatz
from .gradient_estimators import SoftmaxClassifier as SoftmaxClassifier
from .hybrid import FusionClassifier as FusionClassifier, HybridClassifier as HybridClassifier
from .parameter_shift_rule import (
    finite_difference as finite_difference,
    parameter_shift as parameter_shift,
)
from .qnn import QNNClassifier as QNNClassifier, QNNRegressor as QNNRegressor
from .sampled import SampledExpectations as SampledExpectations
