from .chiral_routing import (
    TRIANGLE_TIME as TRIANGLE_TIME,
    chiral_triangle as chiral_triangle,
    phase_noise_fidelity as phase_noise_fidelity,
    router as router,
    routing_time as routing_time,
)
from .clock_synchronisation import (
    Coincidences as Coincidences,
    OffsetEstimate as OffsetEstimate,
    TimeTags as TimeTags,
    TwoWay as TwoWay,
    coincidences as coincidences,
    drift_bound as drift_bound,
    estimate_offset as estimate_offset,
    offset_bound as offset_bound,
    pair_tags as pair_tags,
    two_way as two_way,
)
from .ghz_distribution import (
    GhzCost as GhzCost,
    ghz_circuit as ghz_circuit,
    ghz_cost as ghz_cost,
    ghz_fidelity as ghz_fidelity,
)
from .state_transfer import (
    Arrival as Arrival,
    best_arrival as best_arrival,
    disordered as disordered,
    first_peak as first_peak,
    hopping_hamiltonian as hopping_hamiltonian,
    perfect_couplings as perfect_couplings,
    transfer_amplitude as transfer_amplitude,
    transfer_fidelity as transfer_fidelity,
    transferred as transferred,
)
