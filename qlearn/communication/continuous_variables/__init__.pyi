from .experiments import EXPERIMENTS as EXPERIMENTS, Experiment as Experiment
from .gaussian_states import (
    beamsplitter as beamsplitter,
    condition_on_measurement as condition_on_measurement,
    direct_sum as direct_sum,
    entropy as entropy,
    epr as epr,
    mode_entropy as mode_entropy,
    symplectic_eigenvalues as symplectic_eigenvalues,
)
from .holevo import (
    EntanglingCloner as EntanglingCloner,
    entangling_cloner as entangling_cloner,
    holevo_bound as holevo_bound,
)
from .information import (
    mutual_information as mutual_information,
    sampled_information as sampled_information,
)
from .key_rates import (
    OptimalModulation as OptimalModulation,
    key_rate as key_rate,
    optimal_modulation as optimal_modulation,
    rate_at as rate_at,
    transmittance as transmittance,
)
from .parameter_estimation import (
    ChannelEstimate as ChannelEstimate,
    estimate as estimate,
    excess_noise_error as excess_noise_error,
)
from .transmission import Symbols as Symbols, exchange as exchange
