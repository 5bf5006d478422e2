"""Barren plateaus: how flat the landscape of a circuit's cost is, where it starts, and what helps.

>>> from qlearn.learning.barren_plateaus import gradient_variance
>>> 0.05 < gradient_variance(2, 20, samples=200, cost="zz", rng=1) < 0.15
True
"""

from qlearn.learning.barren_plateaus.cost_functions import (
    COSTS,
    cost_diagonal,
    expected_cost,
    first_gradients,
    gradients,
)
from qlearn.learning.barren_plateaus.gradient_variances import (
    Decay,
    deep_variance,
    fit_decay,
    gradient_samples,
    gradient_variance,
    one_layer_variance,
    variance_of,
)
from qlearn.learning.barren_plateaus.random_circuits import LayeredCircuits, draw_circuits
from qlearn.learning.barren_plateaus.training import TrainedCircuits, train_circuits

__all__ = [
    "COSTS",
    "Decay",
    "LayeredCircuits",
    "TrainedCircuits",
    "cost_diagonal",
    "deep_variance",
    "draw_circuits",
    "expected_cost",
    "first_gradients",
    "fit_decay",
    "gradient_samples",
    "gradient_variance",
    "gradients",
    "one_layer_variance",
    "train_circuits",
    "variance_of",
]
