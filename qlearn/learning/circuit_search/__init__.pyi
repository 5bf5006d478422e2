from .arrangement import Arrangement as Arrangement, Gate as Gate
from .evolutionary_search import (
    SearchResult as SearchResult,
    evolve as evolve,
    objectives as objectives,
    random_search as random_search,
)
from .mutation import GateSet as GateSet, mutate as mutate, random_arrangement as random_arrangement
from .pareto import (
    hypervolume as hypervolume,
    pareto_ranks as pareto_ranks,
)
