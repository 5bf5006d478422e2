from .counts import Counts as Counts, expected_counts as expected_counts
from .decoy_states import (
    SinglePhotons as SinglePhotons,
    infinite_decoy as infinite_decoy,
    single_errors as single_errors,
    vacuum_and_single as vacuum_and_single,
    vacuum_weak as vacuum_weak,
    yields_exist as yields_exist,
)
from .distillation import distill as distill
from .finite_keys import (
    FiniteKey as FiniteKey,
    FixedLength as FixedLength,
    finite_key as finite_key,
    fixed_length as fixed_length,
)
from .key_rate import (
    decoy_rate as decoy_rate,
    longest_distance as longest_distance,
    optimal_mu as optimal_mu,
    plob as plob,
    rate_at as rate_at,
)
from .link import (
    LINKS as LINKS,
    Link as Link,
    error_gain as error_gain,
    gain as gain,
    photon_yield as photon_yield,
)
from .parameter_optimisation import optimal_source as optimal_source
from .phase_errors import phase_error as phase_error, phase_error_lim2014 as phase_error_lim2014
from .photon_number_splitting import (
    PhotonAttack as PhotonAttack,
    PhotonNumberSplitting as PhotonNumberSplitting,
)
from .source import (
    Intensity as Intensity,
    Source as Source,
    photon_probabilities as photon_probabilities,
)
from .transmission import (
    LaserTransmission as LaserTransmission,
    exchange as exchange,
    stream as stream,
)
