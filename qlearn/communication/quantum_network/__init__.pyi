from .contention import (
    Routes as Routes,
    greedy_routes as greedy_routes,
    jain_index as jain_index,
    optimal_routes as optimal_routes,
)
from .entangled_pairs import Pair as Pair, PairStore as PairStore
from .link_layer import (
    LinkLayer as LinkLayer,
    LinkRequest as LinkRequest,
    LinkRun as LinkRun,
    Plan as Plan,
    mean_latency_s as mean_latency_s,
    poisson_requests as poisson_requests,
    serve as serve,
)
from .network import Link as Link, Network as Network, Node as Node
from .path_quality import (
    PathQuality as PathQuality,
    path_fidelity as path_fidelity,
    path_quality as path_quality,
)
from .routing import (
    disjoint_paths as disjoint_paths,
    multipath_capacity as multipath_capacity,
    route as route,
    routes as routes,
    shortest_paths as shortest_paths,
)
from .single_click import (
    SingleClick as SingleClick,
    brightest as brightest,
    deterministic_fidelity as deterministic_fidelity,
    single_click as single_click,
)
from .topologies import grid as grid, nobel_us as nobel_us, nsfnet as nsfnet
from .trusted_nodes import RelayedKey as RelayedKey, knows_key as knows_key, relay_key as relay_key
