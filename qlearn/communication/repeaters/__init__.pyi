from .bell_diagonal import (
    BELL_ORDER as BELL_ORDER,
    bell_diagonal as bell_diagonal,
    bell_vector as bell_vector,
    error_rates as error_rates,
    werner_vector as werner_vector,
)
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
from .swapping import (
    chain_fidelity as chain_fidelity,
    swap as swap,
    swap_bell as swap_bell,
    swapping_circuit as swapping_circuit,
)
