from . import entanglement as entanglement, no_cloning as no_cloning, noise as noise
from .circuit import Circuit as Circuit, Run as Run
from .density_matrices import density as density, partial_trace as partial_trace
from .devices import expectations as expectations, frequencies as frequencies
from .distances import fidelity as fidelity, helstrom as helstrom, trace_distance as trace_distance
from .entanglement import BELL_NAMES as BELL_NAMES, bell_state as bell_state
from .entropies import entropy as entropy
from .gates import Operation as Operation
from .measurement import (
    Measurement as Measurement,
    expectation as expectation,
    measure as measure,
    probabilities as probabilities,
    sample as sample,
)
from .parameter import (
    Parameter as Parameter,
    ParameterExpression as ParameterExpression,
    parameters as parameters,
)
from .superposition import (
    bloch as bloch,
    bloch_vector as bloch_vector,
    ket as ket,
    random_state as random_state,
)
