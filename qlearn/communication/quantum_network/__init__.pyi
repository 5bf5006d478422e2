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
    coincidences as coincidences,
    drift_bound as drift_bound,
    estimate_offset as estimate_offset,
    offset_bound as offset_bound,
    pair_tags as pair_tags,
)
from .contention import (
    Routes as Routes,
    greedy_routes as greedy_routes,
    jain_index as jain_index,
    optimal_routes as optimal_routes,
)
from .end_to_end import (
    PathQuality as PathQuality,
    path_fidelity as path_fidelity,
    path_quality as path_quality,
)
from .entangled_pairs import Pair as Pair, PairStore as PairStore
from .ghz_distribution import (
    GhzCost as GhzCost,
    ghz_circuit as ghz_circuit,
    ghz_cost as ghz_cost,
    ghz_fidelity as ghz_fidelity,
)
from .link_layer import (
    LinkLayer as LinkLayer,
    LinkRequest as LinkRequest,
    Plan as Plan,
    poisson_requests as poisson_requests,
)
from .network import Link as Link, Network as Network, Node as Node
from .queueing import LinkRun as LinkRun, mean_latency_s as mean_latency_s, serve as serve
from .routing import (
    disjoint_paths as disjoint_paths,
    multipath_capacity as multipath_capacity,
    route as route,
    routes as routes,
    shortest_paths as shortest_paths,
)
from .single_click_link import (
    SingleClick as SingleClick,
    brightest as brightest,
    deterministic_fidelity as deterministic_fidelity,
    single_click as single_click,
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
from .topologies import grid as grid, nobel_us as nobel_us, nsfnet as nsfnet
from .trusted_nodes import RelayedKey as RelayedKey, knows_key as knows_key, relay_key as relay_key
from .two_way_time_transfer import TwoWay as TwoWay, two_way as two_way
