from .gaussian_states import (
    beamsplitter as beamsplitter,
    combine as combine,
    condition as condition,
    entropy as entropy,
    epr as epr,
    symplectic_eigenvalues as symplectic_eigenvalues,
)
from .holevo import (
    EntanglingCloner as EntanglingCloner,
    entangling_cloner as entangling_cloner,
    holevo_bound as holevo_bound,
)
from .information import (
    AddedNoise as AddedNoise,
    added_noise as added_noise,
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
from .links import LINKS as LINKS, Link as Link
from .parameter_estimation import Estimate as Estimate, estimate as estimate
from .transmission import Symbols as Symbols, exchange as exchange
