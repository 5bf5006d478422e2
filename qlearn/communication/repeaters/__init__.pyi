from .bell_diagonal_states import (
    BELL_ORDER as BELL_ORDER,
    bell_diagonal as bell_diagonal,
    bell_vector as bell_vector,
    error_rates as error_rates,
    werner_vector as werner_vector,
)
from .chains import (
    Chain as Chain,
    Plan as Plan,
    best_links as best_links,
    chain as chain,
    chain_of as chain_of,
    repeater_bound as repeater_bound,
)
from .memories import Memory as Memory, store as store, store_bell as store_bell
from .nested_waiting_times import nested_waiting_time as nested_waiting_time
from .noisy_purification import WorkingRange as WorkingRange, working_range as working_range
from .pumping import Pumping as Pumping, pump as pump, pumping_limit as pumping_limit
from .purification import (
    Purified as Purified,
    PurifiedPair as PurifiedPair,
    Recurrence as Recurrence,
    bilateral_cnot as bilateral_cnot,
    purification_circuit as purification_circuit,
    purify as purify,
    purify_bell as purify_bell,
    recurrence as recurrence,
)
from .simulation import Simulation as Simulation, simulate as simulate
from .swapping import (
    chain_fidelity as chain_fidelity,
    swap as swap,
    swap_bell as swap_bell,
    swapping_circuit as swapping_circuit,
)
from .waiting_times import (
    age_decay as age_decay,
    age_mean as age_mean,
    cutoff_waiting_time as cutoff_waiting_time,
    three_halves_rule as three_halves_rule,
    waiting_time_cdf as waiting_time_cdf,
    waiting_time_mean as waiting_time_mean,
    waiting_time_pmf as waiting_time_pmf,
    waiting_time_quantile as waiting_time_quantile,
    waiting_time_samples as waiting_time_samples,
    waiting_time_variance as waiting_time_variance,
)
