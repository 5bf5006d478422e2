from .arrangement import Arrangement as Arrangement, Gate as Gate
from .evolutionary_search import (
    Found as Found,
    evolve as evolve,
    goals as goals,
    random_search as random_search,
)
from .mutation import Alphabet as Alphabet, draw as draw, mutate as mutate
from .pareto import (
    covered_area as covered_area,
    crowding as crowding,
    dominated_by as dominated_by,
    pareto_ranks as pareto_ranks,
)
