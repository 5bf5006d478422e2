from .arrangement import Arrangement as Arrangement, Gate as Gate
from .evolutionary_search import (
    Found as Found,
    evolve as evolve,
    goals as goals,
    random_search as random_search,
)
from .mutation import GateSet as GateSet, draw as draw, mutate as mutate
from .pareto import (
    crowding_distance as crowding_distance,
    dominated_by as dominated_by,
    hypervolume as hypervolume,
    pareto_ranks as pareto_ranks,
)
