from .admission import REFUSED as REFUSED, AdmissionProblem as AdmissionProblem, Proof as Proof
from .admission_heuristics import (
    greedy_admission as greedy_admission,
    local_search as local_search,
    repair as repair,
    rounded as rounded,
)
from .quantum_clock import (
    IONS as IONS,
    SUPERCONDUCTING as SUPERCONDUCTING,
    QubitClock as QubitClock,
    ShotCost as ShotCost,
    shot_cost as shot_cost,
)
from .quantum_speedup import (
    BreakEven as BreakEven,
    break_even as break_even,
    needed_success as needed_success,
    time_to_solution as time_to_solution,
)
from .resource_blocks import (
    RadioCells as RadioCells,
    path_loss_db as path_loss_db,
    radio_cells as radio_cells,
)
from .unsplittable_flow import (
    BackboneTraffic as BackboneTraffic,
    backbone_traffic as backbone_traffic,
    random_demands as random_demands,
)
