from .cost_functions import (
    cost_diagonal as cost_diagonal,
    expected_cost as expected_cost,
    first_gradients as first_gradients,
    gradients as gradients,
)
from .gradient_variances import (
    Decay as Decay,
    deep_variance as deep_variance,
    fit_decay as fit_decay,
    gradient_samples as gradient_samples,
    one_layer_variance as one_layer_variance,
    variance_of as variance_of,
)
from .random_circuits import LayeredCircuits as LayeredCircuits, draw_circuits as draw_circuits
from .training import TrainedCircuits as TrainedCircuits, train_circuits as train_circuits
