from .adjoint_differentiation import adjoint as adjoint
from .ansatz import Ansatz as Ansatz
from .ansatz_tables import (
    ANSATZE as ANSATZE,
    basic_entangler as basic_entangler,
    efficient_su2 as efficient_su2,
    hardware_efficient as hardware_efficient,
    real_amplitudes as real_amplitudes,
    strongly_entangling as strongly_entangling,
)
from .circuit_ansatz import CircuitAnsatz as CircuitAnsatz
from .gradient_estimators import SoftmaxClassifier as SoftmaxClassifier
from .hybrid import FusionClassifier as FusionClassifier, HybridClassifier as HybridClassifier
from .jax_function import as_jax as as_jax
from .l_bfgs import LBFGS as LBFGS
from .optimizers import SGD as SGD, Adam as Adam
from .parameter_shift_rule import (
    finite_difference as finite_difference,
    parameter_shift as parameter_shift,
)
from .qnn import QNNClassifier as QNNClassifier, QNNRegressor as QNNRegressor
from .row_slopes import jacobian as jacobian
from .sampled import SampledExpectations as SampledExpectations
from .spsa import SPSA as SPSA
from .torch_layer import as_torch as as_torch
